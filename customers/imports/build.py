"""From parsed cells to drafts: the rules of the forms, for many rows at once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.importing.values.reach import domain_of
from core.imports.parsed import Parsed, Reason
from core.imports.plan import Plan
from core.names import person_name
from core.text import fold
from customers.constants import CustomerKind, MethodKind
from customers.imports.drafts import Draft, Method, make_method
from customers.imports.fields import size_band
from customers.imports.lookups import Lookups, no_stage, no_team, no_user
from customers.imports.match import Keys
from customers.services.derived import sort_name

_METHODS = (
    ("email", MethodKind.EMAIL),
    ("phone", MethodKind.PHONE),
    ("website", MethodKind.WEBSITE),
    ("chat", MethodKind.CHAT),
    ("social", MethodKind.SOCIAL),
)
OURS = frozenset({"owner_id", "team_id"})
_TOO_MUCH = Decimal(10) ** 16
_CENT = Decimal("0.01")
#: Cells that go into the column of the same name as they are.
_PLAIN = (
    "external_id", "street", "postcode", "city", "region", "country", "industry", "founded", "campaign",
    "language", "preferred_channel", "birthday", "description", "prefix", "job_title", "buying_role",
)  # fmt: skip


class Builder:
    """What is common to customers and contacts: methods, owner, tags, custom fields.

    Runs while another chunk is written, so it does not use the database.
    """

    def __init__(self, plan: Plan, lookups: Lookups, actor: Any, rows: Parsed) -> None:
        self.plan = plan
        self.lookups = lookups
        self.actor = actor
        self.rows = rows
        self.plain = [(key, rows.single[key]) for key in _PLAIN if key in rows.single]
        self.custom = [
            (key.removeprefix("custom."), column)
            for key, column in rows.single.items()
            if key.startswith("custom.")
        ]
        self.owners = rows.column("owner")
        self.teams = rows.column("team")
        self.tags = rows.column("tags", ())
        self.reach = [
            (kind, _label(header, key), column)
            for key, kind in _METHODS
            for header, column in rows.many.get(key, ())
        ]
        self.given = rows.column("given_name")
        self.family = rows.column("family_name")
        self.names = rows.column("name")
        self.languages = rows.column("language")

    def values(self, place: int) -> dict[str, Any]:
        """Columns that are taken as they stand; blank cells are left out."""
        return {key: column[place] for key, column in self.plain if column[place]}

    def methods(self, place: int) -> list[Method]:
        """The row's ways to reach somebody, each once."""
        found: list[Method] = []
        keys: set[tuple[str, str]] = set()
        for kind, label, column in self.reach:
            value = column[place]
            if value:
                method = make_method(kind, value, label)
                if (kind, method.key) not in keys:
                    keys.add((kind, method.key))
                    found.append(method)
        return found

    def set_owner(self, values: dict[str, Any], place: int) -> frozenset[str]:
        """Owner and team: those named, else the person who imports and the owner's team. Returns
        which of them the row does not name."""
        owner, name, team = self.actor, self.owners[place], self.teams[place]
        if name:
            owner = self.lookups.user(name)
            if owner is None:
                self.rows.problem(place, no_user(self.plan.header_of("owner"), name))
                return OURS
        values["owner_id"], values["team_id"] = owner.pk, owner.team_id
        if not name and not team:
            return OURS
        if team:
            values["team_id"] = self.lookups.team(team)
            if values["team_id"] is None:
                self.rows.problem(place, no_team(self.plan.header_of("team"), team))
        # A column of teams speaks for itself: there an empty cell does not mean the owner's team.
        follows = name and not self.plan.has("team")
        return OURS - ({"owner_id"} if name else set()) - ({"team_id"} if team or follows else set())

    def set_custom(self, values: dict[str, Any], place: int) -> None:
        found = {key: _json(column[place]) for key, column in self.custom if column[place] is not None}
        if found:
            values["custom"] = found

    def emails(self, methods: list[Method]) -> tuple[str, ...]:
        return tuple(method.key for method in methods if method.kind == MethodKind.EMAIL)


class CustomerBuilder(Builder):
    """Drafts of customers, each perhaps with a contact person."""

    def __init__(
        self, plan: Plan, lookups: Lookups, actor: Any, rows: Parsed, *, zone: dt.tzinfo, base_currency: str
    ) -> None:
        super().__init__(plan, lookups, actor, rows)
        self.now = timezone.now()
        self.zone = zone
        self.base_currency = base_currency
        self.kinds = rows.column("kind")
        self.domains = rows.column("domain")
        self.sizes = rows.column("size_band")
        self.revenues = rows.column("annual_revenue")
        self.currencies = rows.column("currency")
        self.stages = rows.column("stage")
        self.since = rows.column("stage_since")
        self.sources = rows.column("source")
        self.titles = rows.column("job_title")
        self.numbers = rows.column("contact_number")
        self._days: dict[dt.date, dt.datetime] = {}

    def build(self, place: int) -> Draft | None:
        """The draft of one row; None, with a problem noted, when it cannot be one."""
        values = self.values(place)
        values.pop("job_title", None)
        given, family = self.given[place] or "", self.family[place] or ""
        name = self.names[place] or ""
        kind = self.kinds[place]
        if not kind:
            composed = person_name(given, family, self.languages[place] or "") if given or family else ""
            alone = bool(composed) and (not name or fold(name) == fold(composed))
            kind = CustomerKind.PERSON if alone else CustomerKind.COMPANY
        person = kind == CustomerKind.PERSON
        if person:
            if given or family:
                name = person_name(given, family, self.languages[place] or "")
            values |= {"kind": kind, "given_name": given, "family_name": family}
        if not name:
            self.rows.problem(place, _nameless(self.plan.header_of("name")))
            return None
        values["name"] = name
        if not person:
            values.pop("birthday", None)
        self._set_details(values, place)
        implied = self.set_owner(values, place)
        self.set_custom(values, place)
        methods = self.methods(place)
        domain = self._domain(place, methods)
        if domain and not person:
            values["domain"] = domain
        draft = Draft(values, row=self.rows.rows[place].number, implied=implied)
        draft.source, draft.tag_names = self.sources[place] or "", self.tags[place] or ()
        if person or not (given or family):
            draft.methods = methods
        else:
            draft.methods = [method for method in methods if method.kind == MethodKind.WEBSITE]
            draft.contact = self._contact(place, values, given, family, methods)
            draft.contact.implied = implied
        draft.keys = Keys(
            values.get("external_id", ""),
            self.emails(draft.methods),
            values.get("domain", ""),
            sort_name(name),
            fold(values.get("country", "")),
            person,
        )
        return draft

    def _domain(self, place: int, methods: list[Method]) -> str:
        if self.domains[place]:
            return (domain_of(self.domains[place]) or self.domains[place].lower())[:120]
        site = next((m.value for m in methods if m.kind == MethodKind.WEBSITE), "")
        return domain_of(site)[:120] if site else ""

    def _contact(
        self, place: int, company: dict[str, Any], given: str, family: str, methods: list[Method]
    ) -> Draft:
        name = person_name(given, family, self.languages[place] or "")
        values: dict[str, Any] = {"name": name, "given_name": given, "family_name": family}
        values |= {key: company[key] for key in ("owner_id", "team_id") if key in company}
        if self.titles[place]:
            values["job_title"] = self.titles[place]
        if self.numbers[place]:
            values["external_id"] = self.numbers[place]
        birthday = self.rows.column("birthday")[place]
        if birthday:
            values["birthday"] = birthday
        own = [method for method in methods if method.kind != MethodKind.WEBSITE]
        keys = Keys(
            values.get("external_id", ""),
            self.emails(own),
            "",
            sort_name(name),
            sort_name(company["name"]),
            True,
        )
        return Draft(values, own, keys=keys, row=self.rows.rows[place].number)

    def _set_details(self, values: dict[str, Any], place: int) -> None:
        self._set_stage(values, place)
        if self.sizes[place]:
            band = size_band(self.sizes[place])
            if band is None:
                self.rows.problem(place, _no_size(self.plan.header_of("size_band"), self.sizes[place]))
            else:
                values["size_band"] = band
        if self.currencies[place]:
            values["currency"] = self.currencies[place]
        if self.revenues[place] is not None:
            money = self.revenues[place]
            if not 0 <= money.amount < _TOO_MUCH:
                self.rows.problem(place, _bad_revenue(self.plan.header_of("annual_revenue")))
                return
            values["annual_revenue"] = money.amount.quantize(_CENT)
            values["currency"] = money.currency or values.get("currency") or self.base_currency

    def _set_stage(self, values: dict[str, Any], place: int) -> None:
        name = self.stages[place]
        stage = self.lookups.stage(name)
        if stage is None:
            self.rows.problem(place, no_stage(self.plan.header_of("stage"), name))
            return
        values["stage_id"] = stage.pk
        day = self.since[place]
        if day and day not in self._days:
            self._days[day] = min(dt.datetime.combine(day, dt.time.min, self.zone), self.now)
        values["stage_since"] = self._days[day] if day else self.now


class ContactBuilder(Builder):
    """Drafts of contacts."""

    def __init__(self, plan: Plan, lookups: Lookups, actor: Any, rows: Parsed) -> None:
        super().__init__(plan, lookups, actor, rows)
        self.companies = rows.column("company")
        self.company_numbers = rows.column("company_number")

    def build(self, place: int) -> Draft | None:
        values = self.values(place)
        given, family = self.given[place] or "", self.family[place] or ""
        name = self.names[place] or ""
        methods = self.methods(place)
        if given or family:
            name = person_name(given, family, self.languages[place] or "")
        if not name and methods:
            # A card with nothing but an address is still somebody.
            name = methods[0].value
        if not name:
            if not self.companies[place]:
                self.rows.problem(place, _nameless(self.plan.header_of("name")))
            return None
        values |= {"name": name[:200], "given_name": given, "family_name": family}
        implied = self.set_owner(values, place)
        self.set_custom(values, place)
        company = self.companies[place] or ""
        keys = Keys(
            values.get("external_id", ""), self.emails(methods), "", sort_name(name), sort_name(company), True
        )
        draft = Draft(values, methods, keys=keys, row=self.rows.rows[place].number, implied=implied)
        draft.tag_names = self.tags[place] or ()
        return draft

    def company(self, place: int) -> Draft | None:
        """The company of a row: found by number or name, made where it is new."""
        name = self.companies[place]
        number = self.company_numbers[place] or ""
        if not name and not number:
            return None
        stage = self.lookups.first_stage
        values: dict[str, Any] = {"name": name or number, "stage_id": stage.pk, "stage_since": timezone.now()}
        if number:
            values["external_id"] = number
        self.set_owner(values, place)
        keys = Keys(number, (), "", sort_name(name or ""), "", False)
        return Draft(values, keys=keys, row=self.rows.rows[place].number)


def _label(header: str, key: str) -> str:
    """`Phone 2` says nothing, `Mobile` does: the header is the label where it adds something."""
    words = fold(header).strip(" 0123456789#_-").removesuffix(" -").strip()
    dull = {"", key, "e-mail", "email", "phone", "website", "tel", "telephone", "url", "web", "email address",
            "phone number", "chat", "social media", "contact_email"}  # fmt: skip
    return "" if words in dull else header[:40]


def _json(value: Any) -> Any:
    """A value as custom fields keep it: dates as ISO text, numbers as text."""
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _nameless(header: str) -> Reason:
    return Reason("no_name", _("There is no name. Give a company name or a person's name."), header)


def _no_size(header: str, value: str) -> Reason:
    return Reason(
        "no_size",
        _("“%(value)s” is neither a number of people nor a size such as 10–49.") % {"value": value[:60]},
        header,
    )


def _bad_revenue(header: str) -> Reason:
    return Reason("bad_revenue", _("The revenue must be zero or more, with at most 16 digits."), header)
