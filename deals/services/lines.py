"""Lines of a deal or a quote: saved together, as one act, with the sums that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from core.changes import ChangeLog, change_set, refresh_with
from core.exceptions import RuleViolation, StaleRecord
from core.models import ChangeSet, Record
from deals.models import Deal, DealLine, Quote, QuoteLine
from deals.pricing import line_amounts, totals
from deals.selectors.lines import deal_sums, lines_of, quote_sums
from deals.services.derived import refresh_deals

#: What a line says, beside the sums worked out from it.
CONTENT = (
    "product", "description", "quantity", "unit", "unit_price", "discount_percent", "tax_percent",
    "recurring_period", "unit_cost",
)  # fmt: skip
MOST_LINES = 200
MOST_NET = Decimal(10) ** 12  # of one line: the sums of many such lines still fit their columns


def register() -> None:
    """Called once when the app is ready."""
    refresh_with(DealLine, refresh_deals_of_lines)
    refresh_with(QuoteLine, refresh_quotes_of_lines)


def save_lines(
    whole: Deal | Quote,
    *,
    rows: Sequence[Mapping[str, Any]],
    actor: Any,
    expected_version: int | None = None,
) -> ChangeSet | None:
    """Make `rows` the lines, in this order. A row with the `id` of a line changes that line, one
    without makes a new one, and lines no row names go. None where nothing differs."""
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        current = _locked(whole, expected_version)
        before = current.version
        touched = log.touched
        write_lines(current, rows, log=log)
        if log.touched > touched and current.version == before:
            # The lines are part of what somebody else has open.
            type(current)._base_manager.filter(pk=current.pk).update(version=F("version") + 1)
    whole.refresh_from_db()
    return log.row if log.row.pk else None


def write_lines(whole: Deal | Quote, rows: Sequence[Mapping[str, Any]], *, log: ChangeLog) -> None:
    """The lines of a locked deal or quote, inside somebody else's act."""
    if isinstance(whole, Quote) and not whole.is_draft:
        raise RuleViolation(_("A quote that was sent does not change. Make a new version."), code="sent")
    if len(rows) > MOST_LINES:
        raise RuleViolation(_("At most %d lines fit here.") % MOST_LINES)
    model: Any = DealLine if isinstance(whole, Deal) else QuoteLine
    link = "deal" if isinstance(whole, Deal) else "quote"
    there = {line.pk: line for line in lines_of(whole)}
    changed, made = [], []
    for position, row in enumerate(rows, start=1):
        values = _values(row, position, whole.currency)
        line = there.pop(row.get("id") or 0, None)
        _check(model(**values, **{link: whole}))
        if line is None:
            made.append(model(**values, **{link: whole}))
        else:
            changed.append((line, values))
    log.bulk_update(changed)
    log.bulk_create(made)
    for line in there.values():
        log.trash(line)
    lines = lines_of(whole)
    if lines or isinstance(whole, Quote):
        sums = deal_sums(lines) if isinstance(whole, Deal) else quote_sums(totals(lines))
        log.update(whole, sums)


def copied(lines: Iterable[Any]) -> list[dict[str, Any]]:
    """Lines as rows of a document of their own."""
    return [{name: getattr(line, name) for name in CONTENT} for line in lines]


def refresh_deals_of_lines(ids: set[int]) -> None:
    """The amount of a deal is the sum of its lines, also after an undo that brought back some."""
    deals = Deal._base_manager.filter(lines__in=ids).distinct()
    wrong = []
    for deal in deals.order_by("pk"):
        lines = lines_of(deal)
        sums = deal_sums(lines) if lines else {}
        if any(getattr(deal, name) != value for name, value in sums.items()):
            Deal._base_manager.filter(pk=deal.pk).update(**sums, version=F("version") + 1)
            wrong.append(deal.pk)
    if wrong:
        refresh_deals(wrong)


def refresh_quotes_of_lines(ids: set[int]) -> None:
    """The sums of a quote are those of its lines, also after an undo."""
    for quote in Quote._base_manager.filter(lines__in=ids).distinct().order_by("pk"):
        sums = quote_sums(totals(lines_of(quote)))
        if any(getattr(quote, name) != value for name, value in sums.items()):
            Quote._base_manager.filter(pk=quote.pk).update(**sums, version=F("version") + 1)


def _locked(whole: Deal | Quote, expected_version: int | None) -> Any:
    current = type(whole)._base_manager.select_for_update().get(pk=whole.pk)
    if expected_version is not None and current.version != expected_version:
        raise StaleRecord(current, expected_version)
    return current


def _values(row: Mapping[str, Any], position: int, currency: str) -> dict[str, Any]:
    values = {name: row[name] for name in CONTENT if name in row}
    amounts = line_amounts(
        Decimal(row.get("quantity", 1)),
        Decimal(row["unit_price"]),
        Decimal(row.get("discount_percent", 0)),
        Decimal(row.get("tax_percent", 0)),
        currency,
    )
    if amounts.net >= MOST_NET:
        raise RuleViolation(_("Line %d comes to more than fits here.") % position)
    return {**values, "position": position, "net": amounts.net, "tax": amounts.tax}


def _check(line: Record) -> None:
    """The columns of one line; rows behind its links were read a moment ago."""
    links = [field.name for field in line._meta.fields if field.is_relation]
    line.clean_fields(exclude=links)
