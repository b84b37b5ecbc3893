"""The Celery app. Every task names its queue; beat only asks what is due."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mtm.settings")

app = Celery("mtm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
