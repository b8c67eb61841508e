"""The close plan of a deal: its steps, the usual ones, and the link that shows it to the customer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.clock import day_bounds, today
from accounts.organisation import get_organisation
from core.changes import change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet, SharedLink
from core.shared_links import live_link, make_link, revoke_links, token
from deals.close_plan_catalogue import UsualPlan
from deals.constants import Side
from deals.models import ClosePlanStep, Deal
from deals.services.stages import lock

LINK = "close_plan"  # the purpose of signed links to plans
SPAN = 30  # days a plan takes where the deal has no expected close to come
LONGEST = 366  # days a link may live


def add_usual_steps(deal: Deal, plan: UsualPlan, *, actor: Any) -> ChangeSet:
    """The steps of a usual plan that this one lacks, spread from today to the expected close, in the
    customer's language."""
    with change_set(kind=ChangeSet.Kind.CREATE, actor=actor) as log:
        lock(deal)
        there = set(ClosePlanStep.objects.alive().filter(deal=deal).values_list("title", flat=True))
        day, end = today(), _end(deal)
        with translation.override(language_of(deal)):
            titles = {step: _(step.title) for step in plan.steps}
        steps = [
            ClosePlanStep(
                deal=deal,
                title=title,
                due_on=day + timedelta(days=round((end - day).days * step.share)),
                side=step.side,
                user=deal.owner if step.side == Side.US else None,
            )
            for step, title in titles.items()
            if title not in there
        ]
        if not steps:
            raise RuleViolation(_("The plan has all of these steps."))
        log.bulk_create(steps)
    return log.row


def _end(deal: Deal) -> date:
    day = today()
    close = deal.expected_close_on
    return close if close is not None and close > day else day + timedelta(days=SPAN)


def toggle_step(step: ClosePlanStep, *, actor: Any) -> ChangeSet:
    """Done today, or not done after all."""
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        current = ClosePlanStep._base_manager.select_for_update().get(pk=step.pk)
        log.update(step, {"done_on": None if current.done_on else today()})
    return log.row


def share_plan(deal: Deal, *, until: date, actor: Any) -> SharedLink:
    """A new link that ends after this day; the one before stops working."""
    if until < today():
        raise RuleViolation(_("Choose a day to come."), field="until")
    if until > today() + timedelta(days=LONGEST):
        raise RuleViolation(_("A link lives for a year at most."), field="until")
    return make_link(purpose=LINK, object_id=deal.pk, actor=actor, expires_at=day_bounds(until)[1])


def withdraw_plan(deal: Deal) -> int:
    """End the link; returns how many there were."""
    return revoke_links(purpose=LINK, object_id=deal.pk)


def shared(deal: Deal) -> SharedLink | None:
    return live_link(purpose=LINK, object_id=deal.pk)


def last_day(link: SharedLink) -> date:
    """The last day on which the link works."""
    return today(link.expires_at - timedelta(microseconds=1))


def public_url(link: SharedLink) -> str:
    return settings.SITE_URL + reverse("deals:public_close_plan", args=[token(link)])


def language_of(deal: Deal) -> str:
    """The customer's language where there is a translation, else the organisation's."""
    wanted = (deal.customer.language if deal.customer else "", get_organisation().language)
    offered = [code for code, _name in settings.LANGUAGES]
    for one in filter(None, wanted):
        match = one if one in offered else next((code for code in offered if code[:2] == one[:2]), "")
        if match:
            return match
    return settings.LANGUAGE_CODE
