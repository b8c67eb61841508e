"""The product's settings with what tests change: quick hashing, eager tasks, their own files.

``TEST_DATABASE`` says where: ``sqlite`` (default) or ``postgres``, whose cache is Redis where
``REDIS_URL`` names one.
"""

import os
import tempfile

DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
POSTGRES_URL = os.environ.get("DATABASE_URL") or "postgres://postgres@localhost:5432/postgres"
REDIS_URL_OF_THIS_RUN = os.environ.get("REDIS_URL", "") if DATABASE == "postgres" else ""

# The product's own settings are read in local mode, whatever the developer's shell has set.
for name in ("DATABASE_URL", "REDIS_URL", "DEBUG", "ALLOWED_HOSTS", "SECRET_KEY", "TLS"):
    os.environ.pop(name, None)
os.environ["GUANXI_VAR"] = tempfile.mkdtemp(prefix="guanxi-test-")
os.environ["SECRET_KEY"] = "tests-only-" + "0123456789abcdef" * 3

from crm_project.settings import *  # noqa: E402, F403
from crm_project.settings import LOGGING  # noqa: E402

if DATABASE == "postgres":
    import environ

    DATABASES = {"default": {**environ.Env.db_url_config(POSTGRES_URL), "CONN_MAX_AGE": 0}}
DATABASES["default"]["TEST"] = {
    # A name of its own for each run: two runs on one machine must not meet.
    "NAME": f"guanxi_test_{os.getpid()}" if DATABASE == "postgres" else None,
}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL_OF_THIS_RUN:
    # Clearing the cache empties the whole numbered database, so each test process has its own.
    number = 9 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"{REDIS_URL_OF_THIS_RUN.rsplit('/', 1)[0]}/{number}",
        }
    }
SESSION_ENGINE = "django.contrib.sessions.backends.db"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
LOGGING = {**LOGGING, "root": {**LOGGING["root"], "level": "WARNING"}}
