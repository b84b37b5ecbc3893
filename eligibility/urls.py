from django.urls import path

from eligibility import views

urlpatterns = [
    path("enrollments/<uuid:enrollment_id>/opt-out/", views.opt_out, name="opt-out"),
    path("enrollments/<uuid:enrollment_id>/opt-in/", views.opt_in, name="opt-in"),
    path("criteria/", views.criteria_list, name="criteria"),
    path("criteria/new/", views.new, name="new-criteria"),
    path("criteria/<uuid:criteria_id>/", views.one, name="criteria-one"),
    path("criteria/<uuid:criteria_id>/save/", views.save, name="save-criteria"),
    path("criteria/<uuid:criteria_id>/words/", views.words, name="criteria-words"),
    path("criteria/<uuid:criteria_id>/try/", views.try_out, name="try-criteria"),
    path("criteria/<uuid:criteria_id>/publish/", views.publish, name="publish-criteria"),
]
