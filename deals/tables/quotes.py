"""The columns of the quote list."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tables import NULL, Column, Row, Sort, Table
from deals.constants import QuoteStatus
from deals.models import Deal, Quote

HUES = {
    QuoteStatus.DRAFT: 6, QuoteStatus.SENT: 0, QuoteStatus.ACCEPTED: 2, QuoteStatus.DECLINED: 7,
    QuoteStatus.EXPIRED: 4, QuoteStatus.SUPERSEDED: 5,
}  # fmt: skip


def deals_of(pks: Any, user: Any) -> dict[int, dict[str, Any]]:
    """The deal of each quote; a quote is seen with its deal."""
    links = dict(Quote._base_manager.filter(pk__in=pks).values_list("pk", "deal_id"))
    seen = dict(Deal.objects.visible_to(user).filter(pk__in=set(links.values())).values_list("pk", "name"))
    return {
        pk: {"label": seen[deal], "url": reverse("deals:deal_detail", args=[deal])}
        for pk, deal in links.items()
        if deal in seen
    }


def _number(row: Row) -> str:
    return f"{row['number']} v{row['revision']}" if row["revision"] > 1 else row["number"]


def _status(row: Row) -> dict[str, Any]:
    return {"label": QuoteStatus(row["status"]).label, "hue": HUES[row["status"]]}


class StatusColumn(Column):
    """Shown as a badge, exported as its word."""

    def plain(self, row: Row) -> Any:
        return str(QuoteStatus(row["status"]).label)


QUOTES = Table(
    key="quotes",
    default_sort="-quoted_on",
    name_field="number",
    columns=(
        Column("number", _("Number"), ("number", "revision"), "link", Sort(("number",)), default=True,
               value=_number, url="deals:quote_detail"),
        Column("deal", _("Deal"), kind="link_to", load=deals_of, default=True),
        Column("title", _("Title"), ("title",)),
        StatusColumn("status", _("Status"), ("status",), "badge", Sort(("status", "valid_until")),
                     value=_status, default=True),
        Column("quoted_on", _("Date"), ("quoted_on",), "date", Sort(("quoted_on",), newest_first=True),
               default=True),
        Column("valid_until", _("Valid until"), ("valid_until",), "date", Sort(("valid_until",), NULL),
               default=True),
        Column("net", _("Net"), ("net",), "money", total=True, currency="currency"),
        Column("total", _("Total"), ("total",), "money", Sort(("total",), newest_first=True), default=True,
               total=True, currency="currency"),
        Column("currency", _("Currency"), ("currency",)),
        Column("language", _("Language"), ("language",)),
        Column("sent_at", _("Sent"), ("sent_at",), "date"),
        Column("answered_at", _("Answered"), ("answered_at",), "date"),
    ),
)  # fmt: skip
