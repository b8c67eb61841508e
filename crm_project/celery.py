"""The Celery application. Its settings are the ``CELERY_*`` names of Django's settings."""

import os
import warnings
from typing import Any

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_project.settings")

if not os.environ.get("DATABASE_URL"):  # `make run` in a container is root, and that is fine there
    warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("guanxi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_djangos_logging(**kwargs: Any) -> None:
    """Having a receiver keeps Celery from replacing our log handlers and their filter."""
