"""The fields of a record as label and value, for its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from core import custom_values
from core.changes import field_value
from core.display import Names, field_named, in_words, label_of_field
from core.models import CustomField
from core.money import format_money, is_currency
from customers.models import Contact, Customer

LINKED = (Customer, Contact)
HIDDEN = {"currency"}  # told with the amount


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    url: str = ""
    prose: bool = False


class Facts:
    """Tells the facts of one record to one person, with the names of linked rows fetched once."""

    def __init__(self, record: Customer | Contact, user: Any) -> None:
        self.record = record
        self.names = Names(user)
        self.definitions: list[CustomField] = custom_values.definitions(record._meta.label_lower)

    def of(self, fields: Iterable[str]) -> list[Fact]:
        """The filled ones among these fields, in this order."""
        found = []
        for name in fields:
            if name == "custom":
                found += self._custom()
            elif name not in HIDDEN:
                fact = self._fact(name)
                if fact is not None and fact.value:
                    found.append(fact)
        return found

    def _fact(self, name: str) -> Fact | None:
        record, model = self.record, type(self.record)
        field = field_named(model, name)
        if field.many_to_many:
            words = ", ".join(str(row) for row in getattr(record, name).all())
            return Fact(label_of_field(model, name), words)
        if getattr(record, field.attname) in (None, ""):
            return None
        label = label_of_field(model, name)
        if field.is_relation and field.related_model in LINKED:
            return self._link(label, field)
        if field.is_relation:
            return Fact(label, str(getattr(record, name)))
        if name == "annual_revenue" and is_currency(record.currency):  # type: ignore[union-attr]
            return Fact(label, format_money(record.annual_revenue, record.currency))  # type: ignore
        if name == "language":
            return Fact(label, str(dict(settings.LANGUAGES).get(record.language, record.language)))
        if name == "domain":
            return Fact(label, record.domain, f"https://{record.domain}")  # type: ignore[union-attr]
        if name == "founded":
            return Fact(label, str(record.founded))  # type: ignore[union-attr]
        words = in_words(model, name, field_value(record, field), self.names)
        return Fact(label, words, prose=name == "description")

    def _link(self, label: str, field: Any) -> Fact:
        pk = getattr(self.record, field.attname)
        name = self.names.of(field.related_model, pk)
        seen = self.names.seen(field.related_model, pk)
        return Fact(label, name, field.related_model(pk=pk).get_absolute_url() if seen else "")

    def _custom(self) -> list[Fact]:
        values = self.record.custom or {}
        people = custom_values.people_in([values], self.definitions)
        found = []
        for definition in self.definitions:
            value = values.get(definition.key)
            words = custom_values.show(definition, value, people=people)
            url = str(value) if definition.kind == CustomField.Kind.LINK and _web(value) else ""
            if words:
                found.append(Fact(definition.label, words, url))
        return found


def _web(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://"))
