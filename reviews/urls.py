from django.urls import path

from reviews.views import calls, cmr, queue, sweeps

urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("alerts/<uuid:alert_id>/", queue.alert, name="alert"),
    path("alerts/<uuid:alert_id>/claim/", queue.claim, name="claim-alert"),
    path("alerts/<uuid:alert_id>/release/", queue.release, name="release-alert"),
    path("alerts/<uuid:alert_id>/resolve/", queue.resolve, name="resolve-alert"),
    path("members/<uuid:member_id>/cmr/", cmr.start, name="start-cmr"),
    path("cmrs/<uuid:cmr_id>/", cmr.workspace, name="cmr"),
    path("cmrs/<uuid:cmr_id>/notes/", cmr.note, name="note-cmr"),
    path("cmrs/<uuid:cmr_id>/medications/", cmr.add_medication, name="add-medication"),
    path("cmrs/<uuid:cmr_id>/medications/<uuid:medication_id>/", cmr.reconcile, name="reconcile"),
    path("cmrs/<uuid:cmr_id>/actions/", cmr.add_action, name="add-action"),
    path("cmrs/<uuid:cmr_id>/actions/<uuid:action_id>/remove/", cmr.remove_action, name="remove-action"),
    path("calls/", calls.calls, name="calls"),
    path("calls/<uuid:member_id>/book/", calls.book, name="book"),
    path("calendar/", calls.calendar, name="calendar"),
    path("appointments/<uuid:appointment_id>/cancel/", calls.cancel, name="cancel-appointment"),
    path("appointments/<uuid:appointment_id>/no-show/", calls.no_show, name="no-show"),
    path("sweeps/", sweeps.sweeps, name="sweeps"),
    path("sweeps/start/", sweeps.start, name="start-sweep"),
    path("sweeps/<uuid:sweep_id>/", sweeps.one, name="sweep"),
    path("sweeps/<uuid:sweep_id>/retry/", sweeps.retry, name="retry-sweep"),
    path("rules/", sweeps.rules, name="rules"),
]
