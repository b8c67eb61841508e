"""The import of activities: what was talked about with whom, and when."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.clock import organisation_zone
from activities.constants import MAX_MINUTES, ActivityKind, Direction
from activities.models import Activity
from core.bulk import reserve_ids
from core.changes import ChangeLog
from core.imports import outcome as o
from core.imports.fields import Field
from core.imports.outcome import Outcome
from core.imports.parsed import Parsed, Reason
from core.imports.registry import Context, Importer, Session, register
from core.imports.seen import Seen
from customers.imports.lookups import Lookups, no_user
from customers.imports.match import CustomerIndex, Hit, Keys
from customers.models import Customer
from customers.services.derived import sort_name

_WHAT = gettext_lazy("Activity")
_BUYER = gettext_lazy("Customer")


@register
class ActivityImporter(Importer):
    key = "activities.activity"
    permission = "activities.add_activity"
    label = gettext_lazy("Activities")
    hint = gettext_lazy("Calls, mails, meetings and notes with customers that are there already.")
    icon = "chat-bubble-left-right"
    policies = ("skip", "create")
    match_keys = ()
    creates = (Activity,)

    def fields(self) -> list[Field]:
        return [
            Field("at", gettext_lazy("When"), ("date", "datetime", "time", "activity date", "日期", "时间"),
                  "datetime", required=True, group=_WHAT),
            Field("kind", gettext_lazy("Kind"), ("type", "activity type", "channel", "类型"), "choice",
                  choices=dict(ActivityKind.choices), review=True, constant=True, group=_WHAT,
                  help=gettext_lazy("Call, mail, meeting, note, chat or social; without it, a note.")),
            Field("direction", gettext_lazy("Direction"), ("in or out", "方向"), "choice",
                  choices=dict(Direction.choices), group=_WHAT),
            Field("subject", gettext_lazy("Subject"), ("title", "topic", "summary", "主题"), max_length=200,
                  group=_WHAT),
            Field("body", gettext_lazy("Notes"), ("body", "text", "note", "description", "content", "备注"),
                  "long_text", max_length=20_000, group=_WHAT),
            Field("outcome", gettext_lazy("Outcome"), ("result", "结果"), max_length=200, group=_WHAT),
            Field("duration_minutes", gettext_lazy("Minutes"), ("duration", "length", "时长"), "integer",
                  low=0, high=MAX_MINUTES, group=_WHAT),
            Field("author", pgettext_lazy("activity", "By"), ("author", "owner", "user", "sales agent",
                  "负责人", "记录人", "跟进人"),
                  review=True, constant=True, group=_WHAT),
            Field("customer_number", gettext_lazy("Customer number"), ("customer id", "account id",
                  "客户编号"),
                  max_length=80, group=_BUYER),
            Field("customer_email", gettext_lazy("E-mail of the customer"), ("email", "customer email"),
                  "email", max_length=254, group=_BUYER),
            Field("customer_name", gettext_lazy("Customer"), ("customer name", "company", "account",
                  "客户", "客户名称"),
                  max_length=200, group=_BUYER),
        ]  # fmt: skip

    def session(self, context: Context) -> ActivitySession:
        return ActivitySession(context)


class ActivitySession(Session):
    """An activity is the same as another one with equal customer, time, kind and subject."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.lookups = Lookups(trial=self.trial)
        self.index = CustomerIndex(["external_id", "email", "name"], origin=None, seen=None)
        self.seen = Seen() if self.trial else None
        self.zone = organisation_zone()

    def take(self, rows: Parsed, outcome: Outcome, log: ChangeLog | None) -> None:
        column = rows.column
        numbers, emails, names = column("customer_number"), column("customer_email"), column("customer_name")
        keys = [
            Keys(number or "", (email.lower(),) if email else (), "", sort_name(name) if name else "")
            for number, email, name in zip(numbers, emails, names, strict=True)
        ]
        self.index.load(keys)
        visible = self._visible()
        built: list[tuple[int, dict[str, Any]]] = []
        for place in range(rows.count):
            values = self._build(place, rows, keys[place], visible)
            if values is not None:
                built.append((place, values))
        known = self._known([values for _place, values in built])
        new = self._judge(rows, built, known, outcome)
        outcome.make("activities.activity", len(new))
        if log is not None:
            _write(new, log)

    def _visible(self) -> set[int]:
        rows = Customer.objects.visible_to(self.actor).filter(pk__in=self.index.hits)
        return set(rows.values_list("pk", flat=True)) if self.index.hits else set()

    def _build(self, place: int, rows: Parsed, keys: Keys, visible: set[int]) -> dict[str, Any] | None:
        if place in rows.problems:
            return None
        hit: Hit | None = self.index.find(keys)
        if hit is None or hit.pk not in visible:
            # Said alike of those that are not there and those that may not be seen.
            text = _("There is no such customer. Import the customer first, or correct its number or name.")
            rows.problem(place, Reason("no_customer", text, self._customer_header()))
            return None
        at = rows.column("at")[place]
        kind = rows.column("kind")[place] or ActivityKind.NOTE
        body = rows.column("body")[place] or ""
        subject = rows.column("subject")[place] or body.split("\n")[0][:200] or str(ActivityKind(kind).label)
        author = self._author(place, rows)
        if author is None:
            return None
        default = Direction.NONE if kind == ActivityKind.NOTE else Direction.OUT
        return {
            "customer_id": hit.pk,
            "at": at if at.tzinfo else at.replace(tzinfo=self.zone),
            "kind": kind,
            "direction": rows.column("direction")[place] or default,
            "subject": subject,
            "body": body,
            "outcome": rows.column("outcome")[place] or "",
            "duration_minutes": rows.column("duration_minutes")[place],
            "author_id": author.pk,
        }

    def _author(self, place: int, rows: Parsed) -> Any:
        name = rows.column("author")[place]
        if not name:
            return self.actor
        user = self.lookups.user(name)
        if user is None:
            rows.problem(place, no_user(self.plan.header_of("author"), name))
        return user

    def _customer_header(self) -> str:
        names = ("customer_number", "customer_email", "customer_name")
        return next((self.plan.header_of(name) for name in names if self.plan.header_of(name)), "")

    def _known(self, found: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
        """Marks of the activities these customers have at these times."""
        rows = Activity._base_manager.filter(
            customer_id__in={values["customer_id"] for values in found},
            at__in={values["at"] for values in found},
            deleted_at=None,
        )
        return set(rows.values_list("customer_id", "at", "kind", "subject")) if found else set()

    def _judge(
        self,
        rows: Parsed,
        built: list[tuple[int, dict[str, Any]]],
        known: set[tuple[Any, ...]],
        outcome: Outcome,
    ) -> list[dict[str, Any]]:
        by_place = dict(built)
        new = []
        for place, row in enumerate(rows.rows):
            values = by_place.get(place)
            if values is None:
                outcome.tell(o.ERROR, row, rows.problems[place])
                continue
            mark = (values["customer_id"], values["at"], values["kind"], values["subject"])
            if self.plan.duplicates == "skip" and (mark in known or self._seen(mark)):
                outcome.tell(o.SKIPPED, row, [Reason("exists", _("This is there already."))])
                continue
            known.add(mark)
            if self.seen is not None:
                self.seen.add(tuple(map(str, mark)), row.number)
            outcome.count(o.CREATED)
            new.append(values)
        return new

    def _seen(self, mark: tuple[Any, ...]) -> bool:
        return self.seen is not None and bool(self.seen.get(tuple(map(str, mark))))


def _write(new: list[dict[str, Any]], log: ChangeLog) -> None:
    if not new:
        return
    ids = reserve_ids(Activity, len(new))
    columns: dict[str, list[Any]] = {name: [values[name] for values in new] for name in new[0]}
    log.insert_rows(Activity, len(new), {"id": ids, **columns})
    # Last contact and next step of the customers follow from their activities.
    log.refresh_later(Activity, ids)
