"""The pages measured, as whom, and what is asked of each."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from bench import words

SALES, ADMINISTRATOR = "sales", "administrator"
PAGE_SIZE = 25
DEEP_PAGE = 500

#: key → (URL name, the records its address needs)
URL_NAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "list": ("customers:customer_list", ()),
    "contacts": ("customers:contact_list", ()),
    "record": ("customers:customer_detail", ("customer",)),
    "today": ("activities:today", ()),
    "create": ("customers:customer_create", ()),
    "search": ("search", ()),
    "export": ("customers:customer_export", ()),
    "kanban": ("customers:customer_kanban", ()),
    "funnel": ("customers:funnel", ()),
    "tasks": ("activities:task_list", ()),
    "orders": ("deals:order_list", ()),
    "quote_pdf": ("deals:quote_document", ("quote",)),
    "deal_kanban": ("deals:deal_kanban", ()),
    "forecast": ("deals:forecast", ()),
    "deal_funnel": ("deals:funnel", ()),
}


@dataclass(frozen=True)
class Page:
    """One address; `goal` is False for pages outside the list of goals."""

    key: str
    label: str
    url: str
    query: str = ""
    goal: bool = True
    post: bool = False
    htmx: bool = False
    deep: bool = False


def _list(key: str, label: str, deep: bool = False, **query: str | int) -> Page:
    return Page(key, label, "list", urlencode(query), deep=deep)


PAGES = [
    _list("list", "List, first page"),
    _list("filtered", "List, filtered and sorted", country="Germany", sort="-created_at"),
    _list("deep", "List, page 500", deep=True, page=DEEP_PAGE),
    _list("search_common", f"Search, common word ({words.COMMON})", q=words.COMMON),
    _list("search_rare", f"Search, rare word ({words.RARE})", q=words.RARE),
    _list("search_two", f"Search, two letters ({words.TWO_LETTERS})", q=words.TWO_LETTERS),
    _list("search_zh_1", f"Search, one Chinese character ({words.ZH_ONE})", q=words.ZH_ONE),
    _list("search_zh_2", f"Search, two Chinese characters ({words.ZH_TWO})", q=words.ZH_TWO),
    _list("search_phone", f"Search, digits of a phone ({words.PHONE_DIGITS})", q=words.PHONE_DIGITS),
    Page("palette", f"Ctrl+K ({words.COMMON})", "search", urlencode({"q": words.COMMON}), htmx=True),
    Page("record", "Record page", "record"),
    Page("today", "Today", "today"),
    Page("create_form", "Create, the form", "create"),
    Page("create", "Create, saving", "create", post=True),
    Page("contacts", "Contacts, first page", "contacts", goal=False),
    Page("tasks", "Tasks", "tasks", goal=False),
    Page("orders", "Orders", "orders", goal=False),
    Page("kanban", "Board", "kanban", goal=False),
    Page("quote_pdf", "Quote as PDF, 30 lines in Chinese (goal: 300 ms)", "quote_pdf", goal=False),
    Page("deal_kanban", "Deal board", "deal_kanban"),
    Page("deal_kanban_month", "Deal board, closing this month", "deal_kanban", "close=this_month"),
    Page("funnel", "Funnel", "funnel", goal=False),
    Page("forecast", "Forecast", "forecast"),
    Page("forecast_quarters", "Forecast by quarter", "forecast", "by=quarter"),
    Page("deal_funnel", "Deal funnel", "deal_funnel", goal=False),
]
