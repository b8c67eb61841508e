"""Finding records that may be one: hints while typing, and a scan of all customers.

The scan blocks by e-mail, phone, domain and folded name, so that only likely pairs are compared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.organisation import get_organisation
from core.importing.values.reach import domain_of
from core.jobs import Running, enqueue, job_handler
from core.models import Job
from core.text import fold, is_cjk
from customers.constants import MethodKind
from customers.models import Contact, ContactMethod, Customer, DuplicatePair
from customers.services.methods import method_key

JOB = "customers.find_duplicates"
THRESHOLD = 50
LARGE_GROUP = 30  # beyond, each row is compared with the first one only

REASONS: dict[str, Any] = {
    "email": _("same e-mail"),
    "phone": _("same phone number"),
    "domain": _("same domain"),
    "name": _("same name"),
    "similar": _("similar name"),
    "place": _("same place"),
}
WEIGHTS = {"email": 60, "phone": 45, "domain": 40, "name": 55, "similar": 40}

# Domains that many people share say nothing.
FREE_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "icloud.com",
        "me.com",
        "aol.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "t-online.de",
        "qq.com",
        "163.com",
        "126.com",
        "sina.com",
        "foxmail.com",
        "mail.ru",
        "yandex.ru",
        "proton.me",
        "protonmail.com",
        "orange.fr",
        "free.fr",
        "libero.it",
        "example.com",
    ]
)
_LEGAL = re.compile(
    r"\b(gmbh|mbh|ug|ag|kg|kgaa|ohg|gbr|ev|ltd|limited|inc|incorporated|llc|llp|lp|plc|corp|corporation|"
    r"co|company|holdings?|group|sa|sas|sarl|srl|spa|sl|bv|nv|oy|oyj|ab|as|asa|aps|kft|zrt|sro|doo|pty|"
    r"pvt|private|kk|pte|sdn|bhd|jsc|ooo)\b"
)
_LEGAL_CJK = re.compile(
    "股份有限公司|有限责任公司|有限责任公司|有限公司|股份公司|集团公司|集团|公司|株式会社|合同会社|有限会社"
)
_SIGNS = re.compile(r"[^\w\s]+")
_VOWELS = re.compile(r"[aeiouy\s]+")


def core_name(name: str) -> str:
    """A name without case, accents, punctuation and legal form: what two spellings share."""
    text = _SIGNS.sub(" ", fold(name).replace("&", " ").replace(".", ""))
    bare = _LEGAL_CJK.sub("", _LEGAL.sub(" ", text))
    return "".join(sorted(bare.split())) if _spaced(bare) else "".join(bare.split()) or "".join(text.split())


def _spaced(text: str) -> bool:
    """Words of a name may stand in another order (Chinese names have none)."""
    return not any(is_cjk(char) for char in text) and len(text.split()) > 1


def skeleton(core: str) -> str:
    """Consonants without doubles: typing errors in vowels and doubled letters fall together."""
    if len(core) < 6 or any(is_cjk(char) for char in core):
        return ""
    bare = core[0] + _VOWELS.sub("", core[1:])
    single = re.sub(r"(.)\1+", r"\1", bare)
    return single if len(single) >= 4 else ""


# Hints while typing -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Hint:
    record: Customer | Contact
    reasons: list[Any]


def hints(
    model: type[Customer | Contact],
    user: Any,
    *,
    name: str = "",
    email: str = "",
    phone: str = "",
    domain: str = "",
    exclude: int | None = None,
    limit: int = 5,
) -> list[Hint]:
    """Records that look like the one being typed, among those this person may see."""
    visible: Any = model.objects.visible_to(user)
    if exclude is not None:
        visible = visible.exclude(pk=exclude)
    found: dict[int, list[str]] = defaultdict(list)
    link = model._meta.model_name or ""
    region = get_organisation().country
    for kind, text in ((MethodKind.EMAIL, email), (MethodKind.PHONE, phone)):
        key = method_key(kind, text, region=region) if len(text) >= 6 else ""
        if key:
            same = ContactMethod.objects.alive().filter(
                kind=kind, key=key, **{f"{link}__in": visible.order_by().values("pk")}
            )
            for pk in same.values_list(f"{link}_id", flat=True)[:limit]:
                found[pk].append(str(kind))
    if model is Customer:
        host = domain_of(domain) or (domain_of(email) if email else "")
        if host and host not in FREE_MAIL:
            for pk in visible.filter(domain=host).values_list("pk", flat=True)[:limit]:
                found[pk].append("domain")
    for pk in _named_alike(visible, name, limit):
        found[pk].append("name")
    rows = {row.pk: row for row in visible.filter(pk__in=list(found)[: limit * 3])}
    told = [
        Hint(rows[pk], [REASONS[r] for r in dict.fromkeys(why)]) for pk, why in found.items() if pk in rows
    ]
    return sorted(told, key=lambda hint: -len(hint.reasons))[:limit]


def _named_alike(visible: Any, name: str, limit: int) -> list[int]:
    """Same core name; candidates come from the search index."""
    core = core_name(name[:200])
    if len(core) < 2:
        return []
    words = _LEGAL_CJK.sub(" ", _LEGAL.sub(" ", _SIGNS.sub(" ", fold(name[:200])))).split() or [name]
    longest = max(words, key=len)
    rows = visible.search(longest).order_by("pk").values_list("pk", "name")[:200]
    return [pk for pk, other in rows if _alike(core, core_name(other))][:limit]


def _alike(one: str, other: str) -> bool:
    return one == other or (
        min(len(one), len(other)) >= 6 and SequenceMatcher(None, one, other).ratio() >= 0.9
    )


# The scan --------------------------------------------------------------------------------------


@dataclass
class _Row:
    pk: int
    core: str
    kind: str
    city: str
    postcode: str
    external_id: str
    domain: str
    keys: set[str] = field(default_factory=set)


def start_scan(*, actor: Any) -> Job:
    """Look through all customers in the background; one scan at a time."""
    return enqueue(JOB, arguments={}, actor=actor, key=JOB)


@job_handler(JOB)
def run_scan(job: Running) -> dict[str, int]:
    """Safe to run twice: it replaces what an earlier scan found, never what a person decided."""
    rows = _load()
    job.step(done=0, total=len(rows))
    pairs = score_pairs(rows)
    with transaction.atomic():
        counts = _store(pairs)
        job.step(done=len(rows), total=len(rows))
    return counts


def _load() -> dict[int, _Row]:
    rows = {}
    found = (
        Customer.objects.alive()
        .order_by("pk")
        .values_list("pk", "name", "kind", "city", "postcode", "external_id", "domain")
    )
    for pk, name, kind, city, postcode, number, domain in found.iterator(chunk_size=5000):
        rows[pk] = _Row(pk, core_name(name), kind, fold(city), fold(postcode), number, domain)
    methods = ContactMethod.objects.alive().filter(
        customer__isnull=False, kind__in=[MethodKind.EMAIL, MethodKind.PHONE]
    )
    for pk, kind, key in (
        methods.order_by().values_list("customer_id", "kind", "key").iterator(chunk_size=5000)
    ):
        if pk in rows and key:
            rows[pk].keys.add(f"{kind}:{key}")
    return rows


def _blocks(rows: Iterable[_Row]) -> Iterator[tuple[str, list[int]]]:
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


def score_pairs(rows: dict[int, _Row]) -> dict[tuple[int, int], tuple[int, list[str]]]:
    """Likely pairs (smaller id first) with their score and reasons."""
    reasons: dict[tuple[int, int], set[str]] = defaultdict(set)
    for reason, members in _blocks(rows.values()):
        for pair in _pairs(members):
            if reason == "similar" and not _close(rows[pair[0]], rows[pair[1]]):
                continue
            reasons[pair].add(reason)
    found = {}
    for pair, why in reasons.items():
        score, told = _score(rows[pair[0]], rows[pair[1]], why)
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


def _close(one: _Row, other: _Row) -> bool:
    return one.core != other.core and SequenceMatcher(None, one.core, other.core).ratio() >= 0.85


def _score(one: _Row, other: _Row, why: set[str]) -> tuple[int, list[str]]:
    told = [reason for reason in WEIGHTS if reason in why]
    score = sum(WEIGHTS[reason] for reason in told)
    if (one.postcode and one.postcode == other.postcode) or (one.city and one.city == other.city):
        told.append("place")
        score += 15
    elif one.city and other.city and not why & {"email", "phone"}:
        score -= 15
    if one.kind != other.kind:
        score -= 20
    if one.external_id and other.external_id and one.external_id != other.external_id:
        score -= 10
    return min(100, max(0, score)), told


def _store(pairs: dict[tuple[int, int], tuple[int, list[str]]]) -> dict[str, int]:
    decided = set(
        DuplicatePair.objects.exclude(state=DuplicatePair.State.OPEN).values_list("first_id", "second_id")
    )
    DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN).delete()
    fresh = [
        DuplicatePair(first_id=first, second_id=second, score=score, reasons=told)
        for (first, second), (score, told) in sorted(pairs.items())
        if (first, second) not in decided
    ]
    DuplicatePair.objects.bulk_create(fresh, batch_size=1000, ignore_conflicts=True)
    return {"found": len(fresh)}


# What people decide ------------------------------------------------------------------------------


def open_pairs(user: Any) -> Any:
    """Pairs to look at of which this person sees both; best first."""
    visible = Customer.objects.visible_to(user).order_by().values("pk")
    rows = DuplicatePair.objects.filter(
        Q(first__in=visible), Q(second__in=visible), state=DuplicatePair.State.OPEN
    )
    return rows.select_related("first", "second", "first__owner", "second__owner").order_by("-score", "pk")


def not_duplicates(first: Customer, second: Customer, *, actor: Any) -> DuplicatePair:
    """Remember that these are two: no scan proposes them again."""
    low, high = sorted([first.pk, second.pk])
    pair, _made = DuplicatePair.objects.update_or_create(
        first_id=low,
        second_id=high,
        defaults={"state": DuplicatePair.State.DIFFERENT, "decided_by": actor},
        create_defaults={
            "state": DuplicatePair.State.DIFFERENT,
            "decided_by": actor,
            "score": 0,
            "reasons": [],
        },
    )
    return pair
