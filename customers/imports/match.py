"""Which customer or contact a row is about: one query a kind of key for a whole chunk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.imports.seen import Seen
from core.text import fold
from customers.constants import CustomerKind, MethodKind
from customers.models import Contact, ContactMethod, Customer, Membership


class Keys(NamedTuple):
    """What a record can be recognised by. `name` is folded; `place` is a country or a company."""

    external_id: str = ""
    emails: tuple[str, ...] = ()
    domain: str = ""
    name: str = ""
    place: str = ""
    person: bool = False


NO_KEYS = Keys()


@dataclass(slots=True)
class Hit:
    """A record that is there: in the database (`pk`) or in this chunk (`new`)."""

    pk: int = 0
    new: Any = None
    row: int = 0  # of the file, on a trial
    external_id: str = ""
    place: str = ""
    has_email: bool = False
    own: bool = False  # made by this import


class Index:
    """Records by their keys, filled from the database for each chunk and by new rows."""

    def __init__(self, order: Sequence[str], *, origin: int | None, seen: Seen | None) -> None:
        self.order = order
        self.origin = origin
        self.seen = seen
        self.clear()

    def clear(self) -> None:
        """Forget the chunk before."""
        self.external: dict[str, Hit] = {}
        self.email: dict[str, Hit] = {}
        self.domain: dict[str, Hit] = {}
        self.name: dict[str, list[Hit]] = {}
        self.hits: dict[int, Hit] = {}

    def find(self, keys: Keys) -> Hit | None:
        """The record these keys speak of, by the surest key first."""
        for kind in self.order:
            hit = self._by(kind, keys)
            if hit is not None:
                return hit
        return self._seen(keys) if self.seen is not None else None

    def add(self, keys: Keys, hit: Hit) -> None:
        """Make a new row of the file known to those after it."""
        hit.external_id, hit.place, hit.has_email = keys.external_id, keys.place, bool(keys.emails)
        if keys.external_id:
            self.external.setdefault(keys.external_id, hit)
        for email in keys.emails:
            self.email.setdefault(email, hit)
        if keys.domain:
            self.domain.setdefault(keys.domain, hit)
        if keys.name:
            self.name.setdefault(keys.name, []).append(hit)
        if self.seen is not None:
            for key in self._seen_keys(keys):
                self.seen.add(key, hit.row)

    def _by(self, kind: str, keys: Keys) -> Hit | None:
        if kind == "external_id":
            return self.external.get(keys.external_id) if keys.external_id else None
        if kind == "email":
            return next((self.email[email] for email in keys.emails if email in self.email), None)
        if kind == "domain":
            return self.domain.get(keys.domain) if keys.domain and not keys.person else None
        if kind == "name" and keys.name:
            return self._by_name(keys)
        return None

    def _by_name(self, keys: Keys) -> Hit | None:
        """The same name in the same place; numbers or addresses that differ say it is another one."""
        loose = None
        for hit in self.name.get(keys.name, ()):
            if keys.external_id and hit.external_id:
                continue
            if keys.person and keys.emails and hit.has_email:
                continue
            if hit.place == keys.place:
                return hit
            if loose is None and not (hit.place and keys.place):
                loose = hit
        return loose

    # Earlier chunks of a trial

    def _seen_keys(self, keys: Keys) -> list[tuple[str, ...]]:
        made: list[tuple[str, ...]] = []
        if keys.external_id and "external_id" in self.order:
            made.append(("x", keys.external_id))
        if "email" in self.order:
            made += [("e", email) for email in keys.emails]
        if keys.domain and "domain" in self.order:
            made.append(("d", keys.domain))
        if keys.name and "name" in self.order and not (keys.person and keys.emails):
            mark = "n1" if keys.external_id else "n0"
            made += [(mark, keys.name, keys.place), (mark, keys.name, "*")]
        return made

    def _seen(self, keys: Keys) -> Hit | None:
        assert self.seen is not None
        asked = [key for key in self._seen_keys(keys) if key[0][0] != "n"]
        if keys.name and "name" in self.order and not (keys.person and keys.emails):
            for mark in ("n0",) if keys.external_id else ("n0", "n1"):
                asked.append((mark, keys.name, keys.place))
                asked.append((mark, keys.name, "" if keys.place else "*"))
        for key in asked:
            row = self.seen.get(key)
            if row:
                return Hit(row=row, own=True)
        return None

    def _hit(self, pk: int, origin: int | None) -> Hit:
        hit = self.hits.get(pk)
        if hit is None:
            own = origin is not None and origin == self.origin
            hit = self.hits[pk] = Hit(pk=pk, own=own)
        return hit


class CustomerIndex(Index):
    """Customers by number, e-mail, domain and name with country."""

    def load(self, wanted: Iterable[Keys]) -> None:
        """Read from the database what the rows of a chunk may be about."""
        self.clear()
        externals, emails, domains, names = _collect(wanted)
        rows = Customer._base_manager.filter(deleted_at=None)
        fields = ("pk", "origin_id", "external_id", "domain", "sort_name", "country", "kind")
        if externals and "external_id" in self.order:
            found = rows.exclude(external_id="").filter(external_id__among=externals)
            for pk, origin, external, *_rest in found.values_list(*fields):
                self.external[external] = self._hit(pk, origin)
        if emails and "email" in self.order:
            methods = ContactMethod._base_manager.filter(
                kind=MethodKind.EMAIL, key__among=emails, deleted_at=None, customer__deleted_at=None
            ).exclude(customer=None)
            for pk, origin, key in methods.order_by("-pk").values_list(
                "customer_id", "customer__origin_id", "key"
            ):
                self.email[key] = self._hit(pk, origin)
        if domains and "domain" in self.order:
            found = rows.filter(domain__among=domains, kind=CustomerKind.COMPANY).order_by("-pk")
            for pk, origin, _external, domain, *_rest in found.values_list(*fields):
                self.domain[domain] = self._hit(pk, origin)
        if names and "name" in self.order:
            self._load_names(rows.filter(sort_name__among=names).order_by("pk"), fields)

    def _load_names(self, rows: Any, fields: Sequence[str]) -> None:
        people: dict[int, Hit] = {}
        for pk, origin, external, _domain, name, country, kind in rows.values_list(*fields):
            hit = self._hit(pk, origin)
            hit.external_id, hit.place = external, fold(country)
            self.name.setdefault(name, []).append(hit)
            if kind == CustomerKind.PERSON:
                people[pk] = hit
        if people:
            methods = ContactMethod._base_manager.filter(kind=MethodKind.EMAIL, deleted_at=None)
            for pk in methods.filter(customer_id__in=people).values_list("customer_id", flat=True):
                people[pk].has_email = True


class ContactIndex(Index):
    """Contacts by number, e-mail, and name within the same company (`place` is its name)."""

    def load(self, wanted: Iterable[Keys]) -> None:
        """Read from the database what the rows of a chunk may be about."""
        self.clear()
        externals, emails, _domains, names = _collect(wanted)
        rows = Contact._base_manager.filter(deleted_at=None)
        if externals and "external_id" in self.order:
            found = rows.exclude(external_id="").filter(external_id__among=externals)
            for pk, origin, external in found.values_list("pk", "origin_id", "external_id"):
                self.external[external] = self._hit(pk, origin)
        if emails and "email" in self.order:
            methods = ContactMethod._base_manager.filter(
                kind=MethodKind.EMAIL, key__among=emails, deleted_at=None, contact__deleted_at=None
            ).exclude(contact=None)
            for pk, origin, key in methods.order_by("-pk").values_list(
                "contact_id", "contact__origin_id", "key"
            ):
                self.email[key] = self._hit(pk, origin)
        if names and "name" in self.order:
            self._load_names(rows.filter(sort_name__among=names).order_by("pk"))

    def _load_names(self, rows: Any) -> None:
        hits: dict[int, Hit] = {}
        for pk, origin, external, name in rows.values_list("pk", "origin_id", "external_id", "sort_name"):
            hits[pk] = hit = self._hit(pk, origin)
            hit.external_id = external
            self.name.setdefault(name, []).append(hit)
        links = Membership._base_manager.filter(contact_id__in=hits, deleted_at=None)
        for pk, company in links.order_by("-pk").values_list("contact_id", "customer__sort_name"):
            hits[pk].place = company
        methods = ContactMethod._base_manager.filter(kind=MethodKind.EMAIL, deleted_at=None)
        for pk in methods.filter(contact_id__in=hits).values_list("contact_id", flat=True):
            hits[pk].has_email = True


def _collect(wanted: Iterable[Keys]) -> tuple[set[str], set[str], set[str], set[str]]:
    externals: set[str] = set()
    emails: set[str] = set()
    domains: set[str] = set()
    names: set[str] = set()
    for keys in wanted:
        externals.add(keys.external_id)
        emails.update(keys.emails)
        if not keys.person:
            domains.add(keys.domain)
        names.add(keys.name)
    for found in (externals, domains, names):
        found.discard("")
    return externals, emails, domains, names
