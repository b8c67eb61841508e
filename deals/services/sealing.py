"""What was sent stays as it was sent: a checksum over all a customer was shown.

Whoever writes a quote, an undo included, ends in `keep_sealed`, which refuses the whole act where a
sent quote would say something else than on the day it was sent.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from core.changes import plain, refresh_with
from core.exceptions import RuleViolation
from deals.models import Quote, QuoteLine

SHOWN = (
    "number", "revision", "title", "recipient", "sender", "language", "currency", "quoted_on",
    "valid_until", "introduction", "terms",
)  # fmt: skip
LINE = (
    "position", "product_id", "description", "quantity", "unit", "unit_price", "discount_percent",
    "tax_percent", "recurring_period", "net", "tax",
)  # fmt: skip


def register() -> None:
    """Called once when the app is ready, after the sums of quotes were registered."""
    refresh_with(QuoteLine, keep_sealed_of_lines)
    refresh_with(Quote, keep_sealed)


def seal(quote: Quote, lines: Iterable[QuoteLine]) -> str:
    """The checksum of a quote as it stands in the database."""
    content = {
        **{name: plain(getattr(quote, name)) for name in SHOWN},
        "lines": [[plain(getattr(line, name)) for name in LINE] for line in lines],
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def keep_sealed(ids: set[int]) -> None:
    """Refuse the act where one of these quotes was sent and is changed by it."""
    quotes = list(Quote._base_manager.filter(pk__in=ids).exclude(seal="").order_by("pk"))
    lines: dict[int, list[Any]] = defaultdict(list)
    if quotes:
        rows = QuoteLine.objects.alive().filter(quote__in=quotes)
        for line in rows.order_by("quote", "position", "pk"):
            lines[line.quote_id].append(line)
    for quote in quotes:
        if quote.seal != seal(quote, lines[quote.pk]):
            raise RuleViolation(_("A quote that was sent does not change. Make a new version."), code="sent")


def keep_sealed_of_lines(ids: set[int]) -> None:
    rows = QuoteLine._base_manager.filter(pk__in=ids).values_list("quote", flat=True)
    keep_sealed(set(rows))
