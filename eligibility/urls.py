from django.urls import path

from eligibility import (
    criteria_views,
    enrollment_views,
    explain_views,
    program_views,
    roster_views,
    simulation_views,
)

urlpatterns = [
    path("roster/", roster_views.members, name="roster"),
    path("roster/export/", roster_views.export, name="export-roster"),
    path("members/<uuid:member_id>/eligibility/", explain_views.why, name="why"),
    path("enrollments/<uuid:enrollment_id>/opt-out/", enrollment_views.opt_out, name="opt-out"),
    path("enrollments/<uuid:enrollment_id>/opt-in/", enrollment_views.opt_in, name="opt-in"),
    path("criteria/", criteria_views.criteria_list, name="criteria"),
    path("criteria/new/", criteria_views.new, name="new-criteria"),
    path("criteria/<uuid:criteria_id>/", criteria_views.one, name="criteria-one"),
    path("criteria/<uuid:criteria_id>/save/", criteria_views.save, name="save-criteria"),
    path("criteria/<uuid:criteria_id>/words/", criteria_views.words, name="criteria-words"),
    path("criteria/<uuid:criteria_id>/try/", criteria_views.try_out, name="try-criteria"),
    path("criteria/<uuid:criteria_id>/simulate/", simulation_views.make, name="simulate-criteria"),
    path("criteria/<uuid:criteria_id>/send/", criteria_views.send, name="send-criteria"),
    path("criteria/<uuid:criteria_id>/give-back/", criteria_views.give_back, name="give-back-criteria"),
    path("criteria/<uuid:criteria_id>/program/", program_views.one, name="program-facts"),
    path("criteria/<uuid:criteria_id>/program/save/", program_views.save, name="save-program"),
    path("criteria/simulations/<uuid:simulation_id>/", simulation_views.one, name="simulation"),
    path("criteria/<uuid:criteria_id>/publish/", criteria_views.publish, name="publish-criteria"),
]
