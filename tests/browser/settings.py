"""The product's settings for the browser tests: real static files, quick hashing, tasks at once."""

import os

import environ

from crm_project.settings import *  # noqa: F403

if url := os.environ.get("BROWSER_DATABASE_URL"):
    DATABASES = {"default": {**environ.Env.db_url_config(url), "CONN_MAX_AGE": 600}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
# All tests come from one address; the throttle has tests of its own.
ACCOUNT_RATE_LIMITS = False
