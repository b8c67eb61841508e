"""The search for duplicates among all customers and all contacts.

It blocks by e-mail, phone, domain and folded name, so that only likely pairs are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db import transaction

from core.jobs import Running, enqueue, job_handler
from core.models import Job
from core.text import fold
from customers.constants import MethodKind
from customers.models import Contact, ContactMethod, Customer, Membership
from customers.services.duplicates import FREE_MAIL, PAIRS, State, core_name, skeleton

JOB = "customers.find_duplicates"
THRESHOLD = 50
LARGE_GROUP = 30  # beyond, each row is compared with the first one only
WEIGHTS = {"email": 60, "phone": 45, "domain": 40, "name": 55, "similar": 40}


@dataclass
class Row:
    """What is compared. `places` say that two are the same: towns of companies, companies of people;
    `apart` are those of them that say as well that two are not."""

    pk: int
    core: str
    kind: str = ""
    external_id: str = ""
    domain: str = ""
    places: set[str] = field(default_factory=set)
    apart: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)


def start_scan(*, actor: Any) -> Job:
    """Look through all records in the background; one search at a time."""
    return enqueue(JOB, arguments={}, actor=actor, key=JOB)


@job_handler(JOB)
def run_scan(job: Running) -> dict[str, int]:
    """Safe to run twice: it replaces what an earlier search found, never what a person decided."""
    total = Customer.objects.alive().count() + Contact.objects.alive().count()
    job.step(done=0, total=total)
    done = found = 0
    for model, load, same in ((Customer, load_customers, "place"), (Contact, load_contacts, "company")):
        rows = load()
        pairs = score_pairs(rows, same=same)
        done += len(rows)
        with transaction.atomic():
            found += _store(PAIRS[model], pairs)
            job.step(done=done, total=max(done, total))
    return {"found": found}


def load_customers() -> dict[int, Row]:
    rows = {}
    found = Customer.objects.alive().order_by("pk")
    names = ("pk", "name", "kind", "city", "postcode", "external_id", "domain")
    for pk, name, kind, city, postcode, number, domain in found.values_list(*names).iterator(chunk_size=5000):
        towns = {f"city:{fold(city)}"} if city else set()
        places = towns | ({f"postcode:{fold(postcode)}"} if postcode else set())
        rows[pk] = Row(pk, core_name(name), kind, number, domain, places, towns)
    _add_methods(rows, "customer")
    return rows


def load_contacts() -> dict[int, Row]:
    rows = {}
    found = Contact.objects.alive().order_by("pk").values_list("pk", "name", "external_id")
    for pk, name, number in found.iterator(chunk_size=5000):
        rows[pk] = Row(pk, core_name(name), external_id=number)
    links = Membership.objects.filter(deleted_at=None).order_by().values_list("contact_id", "customer_id")
    for pk, customer in links.iterator(chunk_size=5000):
        if pk in rows:
            rows[pk].places.add(str(customer))
            rows[pk].apart = rows[pk].places
    _add_methods(rows, "contact")
    return rows


def _add_methods(rows: dict[int, Row], link: str) -> None:
    methods = ContactMethod.objects.alive().filter(
        **{f"{link}__isnull": False}, kind__in=[MethodKind.EMAIL, MethodKind.PHONE]
    )
    found = methods.order_by().values_list(f"{link}_id", "kind", "key")
    for pk, kind, key in found.iterator(chunk_size=5000):
        if pk in rows and key:
            rows[pk].keys.add(f"{kind}:{key}")


def _blocks(rows: Iterable[Row]) -> Iterator[tuple[str, list[int]]]:
    """Groups of rows that share a key, with the reason the key stands for."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        for key in row.keys:
            groups[(key.partition(":")[0], key)].append(row.pk)
        if row.domain and row.domain not in FREE_MAIL:
            groups[("domain", row.domain)].append(row.pk)
        if len(row.core) >= 2:
            groups[("name", row.core)].append(row.pk)
        bones = skeleton(row.core)
        if bones:
            groups[("similar", bones)].append(row.pk)
    for (reason, _key), members in groups.items():
        if len(members) > 1:
            yield reason, members


def score_pairs(rows: dict[int, Row], *, same: str) -> dict[tuple[int, int], tuple[int, list[str]]]:
    """Likely pairs (smaller id first) with their score and reasons; `same` names a shared place."""
    reasons: dict[tuple[int, int], set[str]] = defaultdict(set)
    for reason, members in _blocks(rows.values()):
        for pair in _pairs(members):
            if reason == "similar" and not _close(rows[pair[0]], rows[pair[1]]):
                continue
            reasons[pair].add(reason)
    found = {}
    for pair, why in reasons.items():
        score, told = _score(rows[pair[0]], rows[pair[1]], why, same)
        if score >= THRESHOLD:
            found[pair] = (score, told)
    return found


def _pairs(members: list[int]) -> Iterator[tuple[int, int]]:
    members = sorted(members)
    if len(members) > LARGE_GROUP:
        yield from ((members[0], other) for other in members[1:])
        return
    for index, first in enumerate(members):
        yield from ((first, second) for second in members[index + 1 :])


def _close(one: Row, other: Row) -> bool:
    return one.core != other.core and SequenceMatcher(None, one.core, other.core).ratio() >= 0.85


def _score(one: Row, other: Row, why: set[str], same: str) -> tuple[int, list[str]]:
    told = [reason for reason in WEIGHTS if reason in why]
    score = sum(WEIGHTS[reason] for reason in told)
    if one.places & other.places:
        told.append(same)
        score += 15
    elif one.apart and other.apart and not why & {"email", "phone"}:
        score -= 15
    if one.kind != other.kind:
        score -= 20
    if one.external_id and other.external_id and one.external_id != other.external_id:
        score -= 10
    return min(100, max(0, score)), told


def _store(model: type[Any], pairs: dict[tuple[int, int], tuple[int, list[str]]]) -> int:
    decided = set(model.objects.exclude(state=State.OPEN).values_list("first_id", "second_id"))
    model.objects.filter(state=State.OPEN).delete()
    fresh = [
        model(first_id=first, second_id=second, score=score, reasons=told)
        for (first, second), (score, told) in sorted(pairs.items())
        if (first, second) not in decided
    ]
    model.objects.bulk_create(fresh, batch_size=1000, ignore_conflicts=True)
    return len(fresh)
