"""The composition root: settings, URLs, Celery and the launcher."""

from crm_project.celery import app as celery_app

__all__ = ["celery_app"]
