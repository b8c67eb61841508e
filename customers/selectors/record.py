"""What the record pages of customers and contacts show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.utils import timezone

from accounts.clock import organisation_zone
from accounts.constants import Kind, Level
from accounts.visibility import access
from customers.constants import StageKind
from customers.models import (
    Contact,
    ContactMethod,
    Customer,
    Favourite,
    LifecycleStage,
    Membership,
    StageChange,
)

ROWS = 5
MEDIAN_SECONDS = 600  # how long a stage's usual duration is kept in the cache
MEDIAN_SAMPLE = 5000


def customer_rows(user: Any) -> QuerySet[Customer]:
    """Customers with what the page's header needs, and whether this person may edit."""
    return Customer.objects.select_related("owner", "team", "stage", "source").annotate(
        starred=Exists(Favourite.objects.filter(user=user, customer=OuterRef("pk"))),
        editable=Exists(Customer.objects.editable_by(user).order_by().filter(pk=OuterRef("pk"))),
    )


def contact_rows(user: Any) -> QuerySet[Contact]:
    return Contact.objects.select_related("owner", "team").annotate(
        starred=Exists(Favourite.objects.filter(user=user, contact=OuterRef("pk"))),
        editable=Exists(Contact.objects.editable_by(user).order_by().filter(pk=OuterRef("pk"))),
    )


@dataclass(frozen=True)
class Few:
    """The first rows of a related list and how many there are in all."""

    rows: list[Any]
    count: int

    @property
    def more(self) -> bool:
        return self.count > len(self.rows)


def few(rows: QuerySet, limit: int = ROWS) -> Few:
    """The first rows and the count in one query."""
    found = list(rows.annotate(in_all=Window(Count("pk")))[:limit])
    return Few(found, found[0].in_all if found else 0)


def memberships_of_customer(customer: Customer, user: Any, limit: int = ROWS) -> Few:
    """The people of a customer one sees. With the customer one sees its contacts, by their rule."""
    if access(user).level(Kind.CONTACT) == Level.NONE:
        return Few([], 0)
    rows = Membership.objects.alive().filter(customer=customer, contact__deleted_at=None)
    current_first = rows.order_by(F("until").asc(nulls_first=True), "-primary", "contact__sort_name", "pk")
    return few(current_first.select_related("contact"), limit)


def memberships_of_contact(contact: Contact, user: Any, limit: int = 50) -> Few:
    """The places of a person in customers that this reader may see."""
    visible = Customer.objects.visible_to(user).order_by().values("pk")
    rows = Membership.objects.alive().filter(contact=contact, customer__in=visible)
    ordered = rows.order_by(F("until").asc(nulls_first=True), "-primary", "customer__sort_name", "pk")
    return few(ordered.select_related("customer"), limit)


def relations_of(contact: Contact, user: Any, limit: int = 50) -> list[dict[str, Any]]:
    """Relations from and to a person, where the other one is visible."""
    visible = Contact.objects.visible_to(user).order_by().values("pk")
    model = contact.relations.model
    rows = model.objects.alive().filter(
        Q(contact=contact, other__in=visible) | Q(other=contact, contact__in=visible)
    )
    found = []
    for row in rows.select_related("contact", "other").order_by("kind", "pk")[:limit]:
        forward = row.contact_id == contact.pk
        found.append({"row": row, "forward": forward, "other": row.other if forward else row.contact})
    return found


def methods_of(record: Customer | Contact) -> list[ContactMethod]:
    return list(record.methods.alive().order_by("kind", "-primary", "pk"))


def consents_of(record: Customer | Contact) -> list[Any]:
    """Those that hold first, then the withdrawn ones."""
    return list(record.consents.alive().order_by(F("withdrawn_at").desc(nulls_first=True), "-given_at", "pk"))


def stage_path(customer: Customer, url: str = "") -> list[dict[str, Any]]:
    """The stages as the component wants them; with a url each is a button that moves there."""
    stages = list(LifecycleStage.objects.all())
    position = next((i for i, s in enumerate(stages) if s.pk == customer.stage_id), 0)
    lost_now = stages[position].kind == StageKind.LOST if stages else False
    path = []
    for index, stage in enumerate(stages):
        lost = stage.kind == StageKind.LOST
        state = "current" if index == position else "done" if index < position and not lost_now else "todo"
        won = stage.kind in (StageKind.CUSTOMER, StageKind.LOYAL)
        path.append(
            {
                "pk": stage.pk,
                "label": str(stage),
                "state": state,
                "kind": "lost" if lost else "won" if won else "open",
                "url": url,
                "note": stage.guidance,
            }
        )
    return path


@dataclass(frozen=True)
class Insight:
    """Days in the present stage against what is usual, and days since the last touch."""

    days: int
    usual: int | None
    sample: int
    last_touch: datetime | None
    quiet_days: int | None

    @property
    def slow(self) -> bool:
        return self.usual is not None and self.days > 2 * max(self.usual, 1)


def insight_of(customer: Customer, now: datetime | None = None) -> Insight:
    now = now or timezone.now()
    usual, sample = usual_days(customer.stage_id)
    touch = customer.last_contacted_at
    return Insight(
        days=days_between(customer.stage_since, now),
        usual=usual,
        sample=sample,
        last_touch=touch,
        quiet_days=days_between(touch, now) if touch else None,
    )


def days_between(start: datetime, end: datetime) -> int:
    """Calendar days in the organisation's time zone."""
    zone = organisation_zone()
    return max(0, (end.astimezone(zone).date() - start.astimezone(zone).date()).days)


def usual_days(stage_id: int) -> tuple[int | None, int]:
    """The median days customers spent in a stage before they left it, and of how many moves.

    Taken over everybody: it is a property of the funnel, and names nobody. Fewer than three
    moves say nothing.
    """
    key = f"stage-median:{stage_id}"
    found = cache.get(key)
    if found is None:
        rows = StageChange.objects.filter(from_stage=stage_id, seconds__isnull=False).order_by("-at", "-pk")
        seconds = sorted(rows.values_list("seconds", flat=True)[:MEDIAN_SAMPLE])
        found = (_median_days(seconds), len(seconds))
        cache.set(key, found, MEDIAN_SECONDS)
    return found


def _median_days(seconds: list[int]) -> int | None:
    if len(seconds) < 3:
        return None
    middle = len(seconds) // 2
    median = seconds[middle] if len(seconds) % 2 else (seconds[middle - 1] + seconds[middle]) / 2
    return round(median / timedelta(days=1).total_seconds())


def moved_to(model: type[Customer | Contact], pk: int, user: Any) -> Customer | Contact | None:
    """Where a merged record lives on, if this person may see that."""
    seen = set()
    current: int | None = pk
    while current is not None and current not in seen:
        seen.add(current)
        row = model._base_manager.filter(pk=current).values("deleted_at", "merged_into_id").first()
        if row is None:
            return None
        if row["deleted_at"] is None:
            manager: Any = model._default_manager
            return manager.visible_to(user).filter(pk=current).first() if current != pk else None
        current = row["merged_into_id"]
    return None


def contact_choices(user: Any, text: str, limit: int = 20) -> list[Contact]:
    """What a searched choice of contacts offers."""
    rows = Contact.objects.visible_to(user).search(text)
    return list(rows.order_by("sort_name" if text else "-updated_at", "pk")[:limit])


def customer_choices(user: Any, text: str, limit: int = 20) -> list[Customer]:
    """What a searched choice of customers offers."""
    rows = Customer.objects.visible_to(user).search(text)
    return list(rows.order_by("sort_name" if text else "-updated_at", "pk")[:limit])
