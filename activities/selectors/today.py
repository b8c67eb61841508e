"""The Today page: what waits, why, and in which order to take it. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.clock import organisation_zone, today
from activities.constants import ANSWER_WITHIN, NEW_LEAD_FOR, STALLED_AFTER, Priority
from activities.models import Activity, CadencePlan, Task
from activities.selectors.names import hide_unseen_customers
from activities.selectors.people import MINE, TEAM, owned_by
from customers.constants import StageKind
from customers.models import Customer
from deals.constants import StageKind as DealKind
from deals.models import Deal

SHOWN = 8
COUNTED = 50
OPEN_STAGES = (StageKind.LEAD, StageKind.QUALIFIED, StageKind.OPPORTUNITY)
# What a line is made of. The tables are wide, and a section reads up to COUNTED rows.
OF_CUSTOMER = ("customer__name", "customer__owner__name", "customer__owner__email")
OF_TASK = ("title", "due_on", "due_time", "priority", "customer__name", "assignee__name", "assignee__email")
OF_MESSAGE = ("kind", "subject", "body", "at", "created_at", *OF_CUSTOMER)
OF_PLAN = ("interval", "channel", "last_on", "next_on", *OF_CUSTOMER)
OF_LEAD = (
    "name",
    "created_at",
    "stage_since",
    "last_contacted_at",
    "stage__name",
    "owner__name",
    "owner__email",
)

OF_DEAL = (
    "name",
    "amount",
    "currency",
    "rots_on",
    "stage_since",
    "last_activity_at",
    "stage__name",
    "owner__name",
    "owner__email",
)


@dataclass(frozen=True)
class Line:
    """One thing to do: the record, why it is here, and whose it is."""

    record: Any
    why: str
    customer: Any = None
    who: Any = None
    urgent: bool = False
    fresh: bool = False  # came since the last visit


@dataclass
class Section:
    key: str
    title: str
    icon: str
    shown: list[Line] = field(default_factory=list)
    total: int = 0

    @property
    def more(self) -> int:
        return max(min(self.total, COUNTED) - SHOWN, 0)

    @property
    def count(self) -> str:
        return f"{COUNTED}+" if self.total > COUNTED else str(self.total)


@dataclass
class Today:
    day: date
    scope: str
    sections: list[Section]

    @property
    def empty(self) -> bool:
        return not any(section.total for section in self.sections)


def today_page(user: Any, *, scope: str, last_visit: datetime | None = None) -> Today:
    """Everything that waits for one person, or for a team."""
    now = timezone.now()
    day = today(now)
    customers = Customer.objects.visible_to(user)
    return Today(
        day,
        scope,
        [
            *_tasks(user, scope, day, customers),
            _replies(user, scope, now, customers, last_visit),
            _cadence(user, scope, day, customers),
            _new_leads(user, scope, now, customers),
            _deals(user, scope, day, customers),
            _without_next_step(user, scope, now, customers),
        ],
    )


def _tasks(user: Any, scope: str, day: date, customers: QuerySet) -> list[Section]:
    rows = (
        Task.objects.visible_to(user, customers=customers)
        .open()
        .select_related("customer", "assignee")
        .only(*OF_TASK)
    )
    rows = rows.of_team(user) if scope == TEAM else rows.filter(assignee=user)
    late = list(rows.overdue(day).in_order()[: COUNTED + 1])
    due = list(rows.due(day).in_order()[: COUNTED + 1])
    hide_unseen_customers([*late, *due], user, customers=customers)
    return [
        _section("overdue", _("Overdue"), "exclamation-triangle", late, lambda t: _late(t, day, scope)),
        _section("due", _("Due today"), "calendar-days", due, lambda t: _due(t, scope)),
    ]


def _late(task: Task, day: date, scope: str) -> Line:
    days = (day - task.due_on).days
    why = ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
    return _task_line(task, why, scope, urgent=True)


def _due(task: Task, scope: str) -> Line:
    if task.due_time:
        why = _("Due today at %(time)s") % {"time": task.due_time.strftime("%H:%M")}
    else:
        why = _("Due today")
    return _task_line(task, why, scope, urgent=task.priority == Priority.HIGH)


def _task_line(task: Any, why: str, scope: str, *, urgent: bool) -> Line:
    customer = task.customer if task.shows_customer else None
    return Line(task, why, customer, task.assignee if scope == TEAM else None, urgent)


def _replies(
    user: Any, scope: str, now: datetime, customers: QuerySet, last_visit: datetime | None
) -> Section:
    messages = Activity.objects.visible_to(user, customers=customers).unanswered(now - ANSWER_WITHIN, now)
    rows = owned_by(messages, user, scope, prefix="customer__")
    rows = rows.select_related("customer__owner").only(*OF_MESSAGE)
    found = list(rows.order_by("at", "pk")[: COUNTED + 1])

    def line(activity: Activity) -> Line:
        days = (timezone.localdate(now) - timezone.localtime(activity.at).date()).days
        if days:
            why = ngettext(
                "Waits for an answer since yesterday", "Waits for an answer for %(days)d days", days
            ) % {"days": days}
        else:
            why = _("Came in today, not answered yet")
        fresh = last_visit is not None and activity.created_at > last_visit
        return Line(activity, why, activity.customer, _owner(activity.customer, scope), days > 1, fresh)

    return _section("replies", _("To answer"), "inbox-arrow-down", found, line)


def _cadence(user: Any, scope: str, day: date, customers: QuerySet) -> Section:
    owed = CadencePlan.objects.visible_to(user, customers=customers).owed(day)
    rows: Any = owned_by(owed, user, scope, prefix="customer__")
    rows = rows.select_related("customer__owner").only(*OF_PLAN)
    found = list(rows.in_order()[: COUNTED + 1])

    def line(plan: CadencePlan) -> Line:
        late = plan.next_on is not None and plan.next_on < day
        return Line(plan, cadence_reason(plan, day), plan.customer, _owner(plan.customer, scope), late)

    return _section("cadence", _("Be in touch"), "arrow-path", found, line)


def cadence_reason(plan: CadencePlan, day: date) -> str:
    """Why this customer is due: the rhythm, and how long ago the last contact was."""
    rhythm = plan.get_interval_display()
    if plan.last_on is None:
        return _("%(rhythm)s; no contact yet") % {"rhythm": rhythm}
    days = (day - plan.last_on).days
    if days <= 0:
        return _("%(rhythm)s; last contact today") % {"rhythm": rhythm}
    return ngettext(
        "%(rhythm)s; last contact %(days)d day ago", "%(rhythm)s; last contact %(days)d days ago", days
    ) % {"rhythm": rhythm, "days": days}


def _new_leads(user: Any, scope: str, now: datetime, customers: QuerySet) -> Section:
    rows = owned_by(customers.filter(_new_lead(now)), user, scope)
    rows = rows.select_related("stage", "owner").only(*OF_LEAD)
    found = list(rows.order_by("-created_at", "-pk")[: COUNTED + 1])

    def line(customer: Customer) -> Line:
        days = (timezone.localdate(now) - timezone.localtime(customer.created_at).date()).days
        if days:
            why = ngettext(
                "New since yesterday, nobody has been in touch",
                "New for %(days)d days, nobody has been in touch",
                days,
            ) % {"days": days}
        else:
            why = _("New today, nobody has been in touch")
        return Line(customer, why, customer, _owner(customer, scope), days > 2)

    return _section("leads", _("New leads"), "sparkles", found, line)


def _new_lead(now: datetime) -> Q:
    return Q(
        stage__kind=StageKind.LEAD,
        last_contacted_at__isnull=True,
        next_step_on__isnull=True,
        created_at__gte=now - NEW_LEAD_FOR,
    )


def _deals(user: Any, scope: str, day: date, customers: QuerySet) -> Section:
    """Open deals that rot or for which nothing is planned, the largest first."""
    waiting = Q(rots_on__lte=day) | Q(next_step_on__isnull=True)
    rows = owned_by(Deal.objects.visible_to(user).open().filter(waiting), user, scope)
    rows = rows.select_related("stage", "owner").only(*OF_DEAL)
    # In two steps, each in the order of an index: empty amounts come last.
    found = list(rows.filter(amount_base__isnull=False).order_by("-amount_base", "-pk")[: COUNTED + 1])
    if len(found) <= COUNTED:
        rest = rows.filter(amount_base__isnull=True).order_by("amount_base", "pk")
        found += rest[: COUNTED + 1 - len(found)]
    day_of = organisation_zone()

    def line(deal: Deal) -> Line:
        rotting = deal.rots_on is not None and deal.rots_on <= day
        touched = max(at for at in (deal.stage_since, deal.last_activity_at) if at is not None)
        days = (day - touched.astimezone(day_of).date()).days
        if rotting:
            why = ngettext(
                "%(stage)s: nothing has happened for %(days)d day",
                "%(stage)s: nothing has happened for %(days)d days",
                days,
            )
        else:
            why = _("%(stage)s: no next step is planned")
        return Line(deal, why % {"stage": deal.stage, "days": days}, None, _owner(deal, scope), rotting)

    return _section("deals", _("Deals to move on"), "currency-dollar", found, line)


def _without_next_step(user: Any, scope: str, now: datetime, customers: QuerySet) -> Section:
    day, before = today(now), now - STALLED_AFTER
    quiet = Q(stage_since__lt=before) & (Q(last_contacted_at__isnull=True) | Q(last_contacted_at__lt=before))
    # What to do about a customer with an open deal is told with the deal.
    dealt = Deal._base_manager.filter(customer=OuterRef("pk"), status=DealKind.OPEN, deleted_at=None)
    rows = customers.filter(~Exists(dealt), stage__kind__in=OPEN_STAGES).exclude(_new_lead(now))
    rows = rows.filter(Q(next_step_on__isnull=True) | Q(quiet, next_step_on__lt=day))
    rows = owned_by(rows, user, scope).select_related("stage", "owner").only(*OF_LEAD)
    found = list(rows.order_by("-stage__position", "stage_since", "pk")[: COUNTED + 1])

    def line(customer: Customer) -> Line:
        touched = max(filter(None, (customer.stage_since, customer.last_contacted_at)))
        days = (now - touched).days
        if days >= STALLED_AFTER.days:
            text = ngettext(
                "%(stage)s: nothing has happened for %(days)d day",
                "%(stage)s: nothing has happened for %(days)d days",
                days,
            )
        else:
            text = _("%(stage)s: no next step is planned")
        why = text % {"stage": customer.stage, "days": days}
        return Line(customer, why, customer, _owner(customer, scope), days >= STALLED_AFTER.days)

    return _section("stalled", _("Without a next step"), "pause-circle", found, line)


def _owner(customer: Customer | Deal, scope: str) -> Any:
    return None if scope == MINE else customer.owner


def _section(key: str, title: str, icon: str, rows: list[Any], line: Callable[[Any], Line]) -> Section:
    return Section(key, title, icon, [line(row) for row in rows[:SHOWN]], len(rows))
