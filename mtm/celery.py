"""The Celery app. Every task names its queue; beat only asks what is due."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mtm.settings")

app = Celery("mtm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "advance loads": {"task": "claims.advance_loads", "schedule": settings.LOAD_TICK_SECONDS},
    "advance eligibility": {"task": "eligibility.advance", "schedule": settings.ELIGIBILITY_TICK_SECONDS},
    "alarm of missed quarters": {"task": "eligibility.sound_alarm", "schedule": 86_400},
    "release departed members": {"task": "reviews.release_departed", "schedule": settings.LETTER_TICK_SECONDS},
    "advance sweeps": {"task": "reviews.advance_sweeps", "schedule": settings.SWEEP_TICK_SECONDS},
    "queue due letters": {"task": "letters.queue_due_letters", "schedule": settings.LETTER_TICK_SECONDS},
}
