"""Lines and quotes: panels of the deal page, the list, search, history, the trash and nightly upkeep."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.clock import today
from core import history, panels
from core.job_titles import register_job_page
from core.lists import ListSpec
from core.lists import register as register_list
from core.money import format_money
from core.panels import Panel
from core.search_registry import Action, Searchable, register_action
from core.search_registry import register as register_search
from core.trash import TrashKind, register_trash
from deals.documents import fonts
from deals.filters.quotes import QuoteFilters
from deals.models import DealLine, Quote, QuoteLine
from deals.services import (  # noqa: F401  quote_nightly registers its steps
    lines,
    quote_data,
    quote_mail,
    quote_nightly,
    quotes,
    sealing,
)
from deals.tables.quotes import QUOTES


def _note(row: dict[str, Any]) -> str:
    return " · ".join(part for part in (row["title"], format_money(row["total"], row["currency"])) if part)


def _rows(model: Any, link: str) -> Any:
    return lambda record: model._base_manager.filter(**{link: record.pk})


def register() -> None:
    """Called once."""
    lines.register()
    sealing.register()  # after the sums: a sent quote is compared as it ends up
    quote_mail.register()
    quote_data.register()
    register_job_page(fonts.JOB, _("Fonts of documents"))
    history.register_part("deals.deal", _rows(DealLine, "deal"))
    history.register_part("deals.deal", _rows(Quote, "deal"))
    history.register_part("deals.quote", _rows(QuoteLine, "quote"))
    register_list(ListSpec("quotes", Quote, QUOTES, QuoteFilters, "deals:quote_list", today, _("Quotes")))
    register_search(
        Searchable(
            "quotes", _("Quotes"), Quote, "document-text", "deals:quote_detail",
            lambda rows, text: rows.search(text), fields=("number", "title", "total", "currency"), note=_note,
            order=("-quoted_on", "-pk"), list_url="deals:quote_list", position=42,
        )
    )  # fmt: skip
    register_action(Action(_("Go to quotes"), "deals:quote_list", "document-text", "deals.view_quote", 36))
    register_trash(TrashKind("quotes", _("Quotes"), Quote, quotes.restore_quote))
    for key, title, url, order in (
        ("lines", _("Products"), "deals:deal_lines", 30),
        ("quotes", _("Quotes"), "deals:deal_quotes", 40),
    ):
        panels.register("deal", Panel(key, title, _address(url), "deals.view_deal", order))


def _address(url: str) -> Any:
    return lambda deal: reverse(url, args=[deal.pk])
