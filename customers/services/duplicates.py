"""Records that may be one: what makes names alike, hints while typing, and what people decide."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.organisation import get_organisation
from core.importing.values.reach import domain_of
from core.text import fold, is_cjk
from customers.constants import MethodKind
from customers.models import Contact, ContactMethod, Customer, DuplicateContactPair, DuplicatePair
from customers.models.duplicates import Pair
from customers.services.methods import method_key

REASONS: dict[str, Any] = {
    "email": _("same e-mail"),
    "phone": _("same phone number"),
    "domain": _("same domain"),
    "name": _("same name"),
    "similar": _("similar name"),
    "place": _("same place"),
    "company": _("same company"),
}
State = Pair.State
PAIRS: dict[type[Any], type[Any]] = {Customer: DuplicatePair, Contact: DuplicateContactPair}

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


# What people decide ------------------------------------------------------------------------------


def open_pairs(model: type[Customer | Contact], user: Any) -> Any:
    """Pairs to look at of which this person sees both; best first."""
    visible: Any = model.objects.visible_to(user).order_by().values("pk")
    rows = PAIRS[model].objects.filter(Q(first__in=visible), Q(second__in=visible), state=State.OPEN)
    return rows.select_related("first", "second").order_by("-score", "pk")


def not_duplicates(first: Customer | Contact, second: Customer | Contact, *, actor: Any) -> Pair:
    """Remember that these are two: no scan proposes them again."""
    low, high = sorted([first.pk, second.pk])
    decided = {"state": State.DIFFERENT, "decided_by": actor}
    pair, _made = PAIRS[type(first)].objects.update_or_create(
        first_id=low,
        second_id=high,
        defaults=decided,
        create_defaults={**decided, "score": 0, "reasons": []},
    )
    return pair
