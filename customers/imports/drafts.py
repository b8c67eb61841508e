"""New customers and contacts of one chunk, and how they are written: as columns, at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.bulk import insert_rows, reserve_ids
from core.changes import ChangeLog
from core.text import digits, fold
from customers.constants import MethodKind
from customers.imports.match import NO_KEYS, Keys
from customers.models import Contact, ContactMethod, Customer, Membership, StageChange
from customers.services import derived


class Method(NamedTuple):
    """A way to reach somebody, in the form it is stored."""

    kind: str
    value: str
    key: str
    label: str = ""


@dataclass(slots=True)
class Draft:
    """A record to be made, by column name; or, with `pk` of a record that is there, filled up."""

    values: dict[str, Any]
    methods: list[Method] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    keys: Keys = NO_KEYS
    row: int = 0
    pk: int = 0
    contact: Draft | None = None
    #: Names that `Lookups.settle` turns into ids.
    source: str = ""
    tag_names: Sequence[str] = ()
    #: Columns with a value that the file does not name: for a new record only.
    implied: frozenset[str] = frozenset()

    def said(self) -> dict[str, Any]:
        """What the file itself says, for a record that is there already."""
        return {name: value for name, value in self.values.items() if name not in self.implied}

    def add_methods(self, methods: Iterable[Method]) -> int:
        """Add those that are not there yet."""
        known = {(method.kind, method.key) for method in self.methods}
        new = [method for method in methods if (method.kind, method.key) not in known]
        self.methods += new
        return len(new)

    def add_tags(self, tags: Iterable[int]) -> bool:
        """Add those that are not there yet; whether there were any."""
        new = [tag for tag in tags if tag not in self.tags]
        self.tags += new
        return bool(new)

    def fill(self, values: dict[str, Any], *, overwrite: bool) -> bool:
        """Take over values; only into empty columns unless `overwrite`."""
        changed = False
        for name, value in values.items():
            old = self.values.get(name)
            if value != old and (overwrite or old in (None, "", {})):
                self.values[name] = value
                changed = True
        return changed


def make_method(kind: str, value: Any, label: str = "") -> Method:
    """A method from a parsed cell, with the key that `services.methods.method_key` gives."""
    if kind == MethodKind.EMAIL:
        return Method(kind, value, value.lower(), label)
    if kind == MethodKind.PHONE:
        return Method(kind, value.display, digits(value.normal.partition("x")[0]), label)
    return Method(kind, value, fold(value)[:254], label)


class _Shape:
    """Stands for a model instance where the search text is made."""


_CUSTOMER_TEXT = dict.fromkeys(("name", "given_name", "family_name", "domain", "external_id", "city"), "")
_CONTACT_TEXT = dict.fromkeys(("name", "given_name", "family_name", "job_title", "external_id"), "")


def _columns(model: Any, drafts: Sequence[Draft], text: Any, blank: dict[str, str]) -> dict[str, list[Any]]:
    """The columns that any draft fills, and the derived ones."""
    names: dict[str, None] = {}
    for draft in drafts:
        names |= dict.fromkeys(draft.values)
    defaults = {f.attname: f for f in model._meta.concrete_fields}
    columns: dict[str, list[Any]] = {"id": [draft.pk for draft in drafts]}
    for name in names:
        default = defaults[name].get_default()
        columns[name] = [draft.values.get(name, default) for draft in drafts]
    shape = _Shape()
    found = columns["search_text"] = []
    for draft in drafts:
        shape.__dict__ = blank | draft.values
        found.append(text(shape, [method.key for method in draft.methods]))
    columns["sort_name"] = [draft.keys.name or derived.sort_name(draft.values["name"]) for draft in drafts]
    return columns


def write_customers(drafts: Sequence[Draft], log: ChangeLog) -> None:
    """Insert customers with the first row of their funnel, their methods and tags."""
    if not drafts:
        return
    for draft, pk in zip(drafts, reserve_ids(Customer, len(drafts)), strict=True):
        draft.pk = pk
    log.insert_rows(Customer, len(drafts), _columns(Customer, drafts, derived.customer_text, _CUSTOMER_TEXT))
    log.insert_rows(
        StageChange,
        len(drafts),
        {
            "customer_id": [draft.pk for draft in drafts],
            "to_stage_id": [draft.values["stage_id"] for draft in drafts],
            "at": [draft.values["stage_since"] for draft in drafts],
        },
        {"by_id": log.actor.pk if log.actor else None},
    )
    write_methods([("customer_id", draft.pk, draft.methods) for draft in drafts], log)
    _write_tags(Customer, "customer_id", drafts)


def write_contacts(drafts: Sequence[Draft], log: ChangeLog) -> None:
    """Insert contacts with their methods and tags."""
    if not drafts:
        return
    for draft, pk in zip(drafts, reserve_ids(Contact, len(drafts)), strict=True):
        draft.pk = pk
    log.insert_rows(Contact, len(drafts), _columns(Contact, drafts, derived.contact_text, _CONTACT_TEXT))
    write_methods([("contact_id", draft.pk, draft.methods) for draft in drafts], log)
    _write_tags(Contact, "contact_id", drafts)


def write_methods(
    owners: Iterable[tuple[str, int, Sequence[Method]]], log: ChangeLog, *, firsts: bool = True
) -> int:
    """Insert methods of many owners; with `firsts` the first of each kind is the main one."""
    columns: dict[str, list[Any]] = {
        name: [] for name in ("customer_id", "contact_id", "kind", "value", "key", "label", "primary")
    }
    for link, pk, methods in owners:
        kinds: set[str] = set()
        for method in methods:
            columns["customer_id"].append(pk if link == "customer_id" else None)
            columns["contact_id"].append(pk if link == "contact_id" else None)
            columns["kind"].append(method.kind)
            columns["value"].append(method.value)
            columns["key"].append(method.key)
            columns["label"].append(method.label)
            columns["primary"].append(firsts and method.kind not in kinds)
            kinds.add(method.kind)
    count = len(columns["kind"])
    log.insert_rows(ContactMethod, count, columns)
    return count


def write_memberships(links: Sequence[tuple[int, int, bool]], log: ChangeLog) -> None:
    """Place contacts in customers: (contact, customer, main contact)."""
    log.insert_rows(
        Membership,
        len(links),
        {
            "contact_id": [contact for contact, _customer, _main in links],
            "customer_id": [customer for _contact, customer, _main in links],
            "primary": [main for _contact, _customer, main in links],
        },
    )


def _write_tags(model: Any, link: str, drafts: Sequence[Draft]) -> None:
    pairs = [(draft.pk, tag) for draft in drafts for tag in dict.fromkeys(draft.tags)]
    insert_rows(
        model.tags.through,
        len(pairs),
        {link: [owner for owner, _tag in pairs], "tag_id": [tag for _owner, tag in pairs]},
    )
