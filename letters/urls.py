from django.urls import path

from letters import views

urlpatterns = [
    path("", views.letters, name="letters"),
    path("of-review/<uuid:cmr_id>/", views.packet, name="packet"),
    path("of-review/<uuid:cmr_id>/complete/", views.complete, name="complete-cmr"),
    path("<uuid:letter_id>/", views.preview, name="letter"),
    path("<uuid:letter_id>/pdf/", views.pdf, name="letter-pdf"),
    path("<uuid:letter_id>/mail/", views.mail, name="mail-letter"),
    path("<uuid:letter_id>/void/", views.void, name="void-letter"),
]
