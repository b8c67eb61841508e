"""What runs by itself and when. Times are in ``CELERY_TIMEZONE``.

Every entry only wakes a task; the task looks at the database and decides whether there is
work, so an extra or a missed beat does no harm.
"""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep-jobs": {
        "task": "core.sweep_jobs",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 55},
    },
    "nightly": {
        # Hourly on purpose: the run itself knows the organisation's night and what it missed.
        "task": "crm_project.run_nightly",
        "schedule": crontab(minute=10),
        "options": {"expires": 3000},
    },
    "digests": {
        # Often, because mornings come at half and quarter hours too.
        "task": "accounts.send_digests",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 800},
    },
    "remind": {
        "task": "activities.remind",
        "schedule": crontab(minute=5),
        "options": {"expires": 3000},
    },
    "tidy-deal-totals": {
        "task": "deals.tidy_totals",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 280},
    },
}
