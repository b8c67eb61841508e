"""A page's columns, declared once: the list, the column chooser and the export use them.

A table fetches only what its shown columns ask for, and renders rows with one escaped format per
cell: at 25 rows and 8 columns a template tag for each cell would cost more than the database.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.addresses import row_url
from core.money import format_money

Row = dict[str, Any]
# (ids for an `__in` lookup, reader) -> value by id
Loader = Callable[[Any, Any], Mapping[int, Any]]

#: Ways of being empty; empty rows come last in both directions, on every database.
NULL, BLANK = "null", "blank"


@dataclass(frozen=True)
class Sort:
    """An order the database answers from an index on `(*fields, id)`.

    `empty` says how the first field stores nothing. `groups` lists, for a foreign key, the keys in
    the order of what people read (names, not ids); each group is then one range of the index.
    """

    fields: tuple[str, ...]
    empty: str = ""
    groups: Callable[[QuerySet], list[Any]] | None = None
    newest_first: bool = False  # the first click on the head sorts descending
    expression: Any = None  # what computes the first field where it is no column


@dataclass(frozen=True)
class Column:
    """One column. `fields` are fetched from the row (the first is the value unless `value` is
    given); `load` fetches values of many rows at once, for what is not in the row."""

    key: str
    label: str | Promise
    fields: tuple[str, ...] = ()
    kind: str = "text"
    sort: Sort | None = None
    default: bool = False
    total: bool = False
    permission: str = ""
    edit: str = ""  # the form field that inline edit opens
    load: Loader | None = None
    value: Callable[[Row], Any] | None = None
    choices: Mapping[Any, Any] = field(default_factory=dict)
    currency: str = ""  # the field that holds the currency of a money column
    url: str = ""  # name of the URL of a link column, called with the row's pk
    exported: bool = True
    sum: Callable[[QuerySet], str] | None = None  # what the foot says where a plain sum would not do

    @property
    def numeric(self) -> bool:
        return self.kind in ("number", "money")

    def raw(self, row: Row) -> Any:
        """The value as stored."""
        if self.value is not None:
            return self.value(row)
        return row.get(self.fields[0] if self.fields else self.key)

    def html(self, row: Row) -> str | SafeString:
        """The value as the list shows it; plain text is escaped where it is put in."""
        value = self.raw(row)
        if value is None or value == "" or value == []:
            return ""
        return _RENDERERS[self.kind](self, value, row)

    def writer(self) -> Callable[[Row], Any]:
        """`plain` for a file of many rows: without its questions where the answer is known."""
        simple = type(self).plain is Column.plain and self.value is None
        key = self.fields[0] if self.fields else self.key
        if simple and self.kind in ("text", "choice", "link", "person", "external", "number", "money"):
            return itemgetter(key)
        if simple and self.kind == "date":
            return _date_writer(key, timezone.get_current_timezone())
        return self.plain

    def plain(self, row: Row) -> Any:
        """The value as a file holds it: text, number, date, or None."""
        value = self.raw(row)
        if isinstance(value, datetime):
            return timezone.localtime(value).replace(tzinfo=None)
        if self.kind == "link_to":
            return value["label"] if value else None
        if self.kind in ("list", "badges"):
            return "; ".join(str(item["label"]) for item in value or [])
        if isinstance(value, bool):
            return int(value)
        return None if value == "" else value


def _date_writer(key: str, zone: tzinfo) -> Callable[[Row], Any]:
    def write(row: Row) -> Any:
        value = row[key]
        return value.astimezone(zone).replace(tzinfo=None) if isinstance(value, datetime) else value

    return write


def escape(value: Any) -> str:
    """Django's, without the detour through lazy text that a few hundred cells pay for."""
    return html.escape(str(value))


def _text(column: Column, value: Any, row: Row) -> Any:
    return value


def _choice(column: Column, value: Any, row: Row) -> Any:
    return column.choices.get(value, value)


def _link(column: Column, value: Any, row: Row) -> SafeString:
    url = escape(row_url(column.url, row["pk"]))
    return SafeString(  # nosec B703  # escaped here
        f'<a href="{url}">{escape(value)}</a>'
    )


def _link_to(column: Column, value: Any, row: Row) -> SafeString:
    return format_html('<a href="{}">{}</a>', value["url"], value["label"])


def _number(column: Column, value: Any, row: Row) -> str:
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def _money(column: Column, value: Any, row: Row) -> str:
    return format_money(value, row.get(column.currency) or "" if column.currency else "")


def _date(column: Column, value: date | datetime, row: Row) -> SafeString:
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    shown = _short_date(value.year, value.month, value.day, get_language())
    at = value.isoformat()[:16]
    return SafeString(  # nosec B703  # escaped here
        f'<time datetime="{at}">{shown}</time>'
    )


@lru_cache(maxsize=4096)
def _short_date(year: int, month: int, day: int, language: str | None) -> str:
    """A day in words, escaped; a page of a list shows few days many times."""
    return escape(formats.date_format(date(year, month, day), "SHORT_DATE_FORMAT"))


def _person(column: Column, value: Any, row: Row) -> SafeString:
    return SafeString(  # nosec B703  # escaped here
        f'<span class="truncate">{escape(value)}</span>'
    )


def _badge(column: Column, value: Any, row: Row) -> SafeString:
    hue = int(value.get("hue", 0)) % 8 + 1
    return SafeString(  # nosec B703  # escaped here
        f'<span class="badge hue-{hue}"><span class="truncate">{escape(value["label"])}</span></span>'
    )


def _badges(column: Column, value: Any, row: Row) -> SafeString:
    return format_html_join(" ", "{}", ((_badge(column, item, row),) for item in value))


def _list(column: Column, value: Any, row: Row) -> SafeString:
    return format_html_join(
        ", ", "{}", ((_link_to(column, i, row) if i.get("url") else i["label"],) for i in value)
    )


def _bool(column: Column, value: Any, row: Row) -> str:
    return _("Yes") if value else _("No")


def _external(column: Column, value: Any, row: Row) -> Any:
    address = str(value)
    if not address.startswith(("http://", "https://")):
        return address
    return format_html('<a href="{}" rel="noopener noreferrer nofollow">{}</a>', address, address)


_RENDERERS: dict[str, Callable[[Column, Any, Row], Any]] = {
    "text": _text,
    "choice": _choice,
    "link": _link,
    "link_to": _link_to,
    "number": _number,
    "money": _money,
    "date": _date,
    "person": _person,
    "badge": _badge,
    "badges": _badges,
    "list": _list,
    "bool": _bool,
    "external": _external,
}


def among(pks: Sequence[int]) -> Any:
    """Ids for an `__in` lookup. Many of them travel as one parameter, not as thousands."""
    if len(pks) <= 100:
        return list(pks)
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", ["{" + ",".join(map(str, pks)) + "}"])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(pks))])


@dataclass(frozen=True)
class Table:
    """The columns of one kind of record. `extra` adds those an administrator defined."""

    key: str
    columns: tuple[Column, ...]
    default_sort: str
    name_field: str = "name"
    extra: Callable[[], Sequence[Column]] | None = None
    always: tuple[str, ...] = ("version",)  # fetched with every row

    def available(self, user: Any) -> dict[str, Column]:
        """Every column this person may see, by key, in the order of the chooser."""
        found = [*self.columns, *(self.extra() if self.extra else ())]
        return {c.key: c for c in found if not c.permission or user.has_perm(c.permission)}

    def sorts(self, columns: Mapping[str, Column]) -> dict[str, Sort]:
        return {key: column.sort for key, column in columns.items() if column.sort}

    def fetch(
        self, queryset: QuerySet, pks: Sequence[int], columns: Iterable[Column], user: Any
    ) -> list[Row]:
        """The rows of these ids in this order, with what the columns need and nothing else."""
        columns = list(columns)
        names = {"pk", self.name_field, *self.always}
        for column in columns:
            names.update(column.fields)
            if column.currency:
                names.add(column.currency)
        ids = among(pks)
        by_pk = {row["pk"]: row for row in queryset.order_by().filter(pk__in=ids).values(*names)}
        rows = [by_pk[pk] for pk in pks if pk in by_pk]
        for column in columns:
            if column.load and rows:
                loaded = column.load(ids, user)
                for row in rows:
                    row[column.key] = loaded.get(row["pk"])
        return rows

    def body(self, rows: Sequence[Row], columns: Sequence[Column], *, form_id: str = "") -> SafeString:
        """The <tr>s of a list: a checkbox when `form_id` is given, the name, the other cells.

        What is the same in every row is worked out once; the joined parts are all escaped already.
        """
        cells = [(*_frame(column), column.html) for column in columns]
        check = _Check(form_id) if form_id else None
        parts: list[str] = []
        for row in rows:
            parts.append(f'<tr data-row="{int(row["pk"])}" data-version="{int(row.get("version", 0))}">')
            if check:
                parts.append(check(row["pk"], row[self.name_field]))
            for opening, closing, show in cells:
                parts += (opening, _escaped(show(row)), closing)
            parts.append("</tr>\n")
        return SafeString(  # nosec B703  # every part is escaped above
            "".join(parts)
        )


def _escaped(value: Any) -> str:
    """``conditional_escape``, the short way for plain text."""
    return escape(value) if type(value) is str else conditional_escape(value)


class _Check:
    """The checkbox of a row."""

    def __init__(self, form_id: str) -> None:
        self.start = format_html(
            '<td class="cell-check">'
            '<input class="gx-check" type="checkbox" name="selected" form="{}" value="',
            form_id,
        )
        self.label = _("Select %(name)s")

    def __call__(self, pk: int, name: str) -> str:
        return f'{self.start}{int(pk)}" aria-label="{escape(self.label % {"name": name})}"></td>'


def _frame(column: Column) -> tuple[SafeString, str]:
    """What stands round every cell of a column."""
    if column.kind == "link":
        return SafeString('<th scope="row" class="primary-cell">'), "</th>"
    number: Any = SafeString(' class="num"') if column.numeric else ""
    return format_html('<td{} data-label="{}">', number, column.label), "</td>"
