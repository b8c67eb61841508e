"""Nightly: administrators learn once a month that customers are due for erasure."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.constants import Role
from accounts.models import User
from accounts.models.notification import NotificationKind
from accounts.organisation import get_organisation
from accounts.services.notifications import notify
from core.nightly import nightly_step
from customers.selectors.retention import overdue_customers

TEXT = gettext_noop("Customers without contact for %(months)s months are proposed for erasure: %(count)s")


@nightly_step("customers.propose_erasure")
def propose_erasure(day: date) -> int:
    """Returns how many administrators were told; nobody is told twice in a month."""
    months = get_organisation().retention_months
    if not months:
        return 0
    count = overdue_customers(day, months).count()
    if not count:
        return 0
    told = 0
    for administrator in User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk"):
        told += (
            notify(
                user=administrator,
                kind=NotificationKind.RETENTION,
                text=TEXT,
                params={"count": count, "months": months},
                url=reverse("customers:retention_list"),
                dedupe=f"retention:{day:%Y-%m}",
            )
            is not None
        )
    return told
