"""Filling an empty copy with sample data, and taking it out again."""

from __future__ import annotations

import random
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone

from accounts.clock import organisation_zone
from accounts.models import Organisation, User
from accounts.organisation import forget_organisation
from core.changes import change_set
from core.models import ChangeSet
from core.undo import UndoResult, undo
from crm_project.demo.customers import make_customers
from crm_project.demo.deals import make_deals
from crm_project.demo.forecast import make_rates, make_snapshots
from crm_project.demo.history import make_history
from crm_project.demo.people import logins, make_people
from crm_project.demo.plan import make_plan
from crm_project.demo.quotes import make_quotes
from crm_project.demo.winning import make_winning
from customers.models import Customer
from deals.models import ForecastSnapshot

SEED = 20_26
LATE = ("activities.activity", "activities.task", "deals.order", "deals.payment")


def is_empty() -> bool:
    """A copy nobody has used yet: no people and no customers."""
    return not User.objects.exists() and not Customer.objects.exists()


@transaction.atomic
def seed(now: datetime | None = None) -> ChangeSet:
    """Make the sample organisation, people, customers and history. Same seed, same data."""
    now = now or timezone.now()
    dice = random.Random(SEED)  # noqa: S311  not a secret
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Guanxi Trading", "base_currency": "EUR"})
    forget_organisation()
    users = make_people()
    with change_set(kind=ChangeSet.Kind.DEMO, actor=None) as log:
        customers = make_customers(log, users, now, dice)
        make_history(log, customers, now, now.astimezone(organisation_zone()).date(), dice)
        make_rates(log, now)
        deals = make_deals(log, customers, now, dice)
        make_quotes(log, deals, now, random.Random(SEED))  # noqa: S311
        make_plan(log, deals, now, random.Random(SEED))  # noqa: S311
        # Begun before there were deals, but some of them belong to deals: removing goes backwards.
        made = log.row.created_models
        log.row.created_models = [*(x for x in made if x not in LATE), *(x for x in LATE if x in made)]
        make_winning(log, deals, now, random.Random(SEED))  # noqa: S311
    make_snapshots(now)
    return log.row


def sample_data() -> ChangeSet | None:
    """The change set of the sample data that has not been removed yet."""
    rows = ChangeSet.objects.filter(kind=ChangeSet.Kind.DEMO)
    return rows.filter(undone_by__isnull=True).order_by("-pk").first()


def remove(*, actor: User) -> UndoResult:
    """Take the sample data out; what was edited or used since is kept.

    Sample users go too, except the one who asks; those who did something are only locked out.
    """
    row = sample_data()
    if row is None:
        return UndoResult()
    _done, result = undo(row, actor=actor)
    # The sample's own snapshots end on the day it was made.
    ForecastSnapshot.objects.filter(taken_on__lte=row.at.date()).delete()
    for user in User.objects.filter(email__in=[login["email"] for login in logins()]).exclude(pk=actor.pk):
        try:
            with transaction.atomic():
                user.delete()
        except (ProtectedError, RestrictedError):
            user.is_active = False
            user.save(update_fields=["is_active"])
    return result
