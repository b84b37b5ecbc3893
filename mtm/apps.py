from importlib import import_module

from django.apps import AppConfig


class MtmConfig(AppConfig):
    name = "mtm"

    def ready(self) -> None:
        """Make our Celery app the current one, so that tasks sent from web pages go to our broker."""
        import_module("mtm.celery")
