"""What one list page is, and what an address of it asks for.

A `ListSpec` is registered once by the app that owns the records; the list, its export, its bulk
acts and its saved views all start from it, so none of them can show more than another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.filters import Chip, ListFilterSet
from core.paging import OFFSET_LIMIT, Pager
from core.tables import Column, Sort, Table

SIZES = (25, 50, 100)
COUNT_LIMIT = 10_000
LONGEST_QUERY = 200
#: Parameters of a list that are no filters.
STATE = frozenset({"q", "sort", "columns", "per_page", "view"})
PLACE = frozenset({"page", "after", "before", "last", "part", "totals", "rest"})


@dataclass(frozen=True)
class ListSpec:
    """Table, filters and rows of one kind of record."""

    key: str
    model: type[Model]
    table: Table
    filters: type[ListFilterSet]
    url: str
    today: Callable[[], date]
    label: Any = ""

    def rows(self, user: Any) -> QuerySet:
        return self.model._default_manager.visible_to(user)  # type: ignore[attr-defined]

    def parts(self, user: Any) -> list[QuerySet]:
        """The same rows in parts that have none in common."""
        return self.model._default_manager.visible_parts(user)  # type: ignore[attr-defined]


_specs: dict[str, ListSpec] = {}


def register(spec: ListSpec) -> None:
    _specs[spec.key] = spec


def find(key: str) -> ListSpec | None:
    return _specs.get(key)


class ListState:
    """One address of a list, read forgivingly: what makes no sense is ignored and told."""

    own: frozenset[str] = frozenset()  # parameters that a page of another form adds

    def __init__(self, spec: ListSpec, user: Any, params: QueryDict) -> None:
        self.spec, self.user, self.params = spec, user, params
        self.notices: list[str] = []
        self.columns = spec.table.available(user)
        self.filterset = spec.filters(params, spec.rows(user), user=user, today=spec.today())
        self._unknown()

    @cached_property
    def text(self) -> str:
        """What is searched for."""
        text = self.params.get("q", "").replace("\x00", "").strip()
        if len(text) > LONGEST_QUERY:
            self.notices.append(_("Only the first %(n)d characters were searched.") % {"n": LONGEST_QUERY})
        return text[:LONGEST_QUERY]

    @cached_property
    def shown(self) -> list[Column]:
        """The columns to show: those asked for, else the default ones."""
        asked = [key for key in ",".join(self.params.getlist("columns"))[:4000].split(",") if key]
        if any(key not in self.columns for key in asked):
            self.notices.append(_("Columns that do not exist were left out."))
        found = [self.columns[key] for key in dict.fromkeys(asked) if key in self.columns]
        if not found:
            return [column for column in self.columns.values() if column.default]
        links = [c for c in self.columns.values() if c.kind == "link"]
        return found if any(c.kind == "link" for c in found) else [*links[:1], *found]

    @cached_property
    def order(self) -> tuple[str, Sort, bool]:
        """(column key, sort, descending); an order that does not exist becomes the default one."""
        sorts = self.spec.table.sorts(self.columns)
        asked = self.params.get("sort", "")
        if asked and asked.removeprefix("-") not in sorts:
            self.notices.append(_("This order does not exist; the list is in its usual order."))
            asked = ""
        asked = asked or self.spec.table.default_sort
        key = asked.removeprefix("-")
        return key, sorts[key], asked.startswith("-")

    @cached_property
    def size(self) -> int:
        asked = self.params.get("per_page", "")
        return int(asked) if asked in map(str, SIZES) else SIZES[0]

    @cached_property
    def number(self) -> int:
        """The page number asked for, as a number of pages that can be."""
        asked = self.params.get("page", "1")[:12]
        if not (asked.isascii() and asked.isdigit()) or int(asked) < 1:
            self.notices.append(_("There is no such page; this is the first one."))
            return 1
        return int(asked)

    @cached_property
    def furthest(self) -> int:
        """The last page that may be asked for by its number."""
        return OFFSET_LIMIT // self.size + 1

    @cached_property
    def queryset(self) -> QuerySet:
        """Every row of the list, visible to this person, filtered and searched."""
        rows = self.filterset.apply()
        for label in self.filterset.ignored:
            self.notices.append(
                _("The filter “%(name)s” was not understood and is left out.") % {"name": label}
            )
        return rows.search(self.text) if self.text else rows  # type: ignore[attr-defined]

    @property
    def cells(self) -> QuerySet:
        """Where the cells come from of ids that were found among the visible rows a moment ago;
        to ask for each again whether it is visible costs as much as finding them."""
        return self.spec.model._base_manager.all()

    @cached_property
    def narrowed(self) -> bool:
        """Whether anything but the trash keeps rows out."""
        return bool(self.text or self.filterset.filters) or len(self.queryset.query.where.children) > 1

    @cached_property
    def filtered(self) -> bool:
        """Whether the person asked for a part of the list."""
        return bool(self.text or self.filterset.filters)

    @cached_property
    def count(self) -> int:
        """How many rows, up to COUNT_LIMIT + 1; of a narrow list the page has told already."""
        return self.ordered.count(COUNT_LIMIT)

    @cached_property
    def ordered(self) -> Pager:
        """The pager; rows that something keeps out make a result worth gathering first."""
        _key, sort, descending = self.order
        gather = COUNT_LIMIT if self.narrowed and sort.expression is None else 0
        parts = [] if self.filtered else self.spec.parts(self.user)
        return Pager(
            self.queryset,
            sort,
            descending=descending,
            gather=gather,
            clustered=bool(self.text),
            parts=parts,
        )

    def url(self, changes: Mapping[str, Any] | None = None) -> str:
        """This list's query string with some parameters replaced (None takes one off)."""
        params = self.params.copy()
        for name in PLACE:
            params.pop(name, None)
        for name, value in (changes or {}).items():
            if value is None:
                params.pop(name, None)
            else:
                params[name] = value
        text = params.urlencode(safe=",")
        return f"?{text}" if text else "?view=all"

    def chips(self) -> list[Chip]:
        _rows = self.queryset
        return self.filterset.chips(lambda name: self.url({name: None}))

    def _unknown(self) -> None:
        known = STATE | PLACE | self.own | set(self.filterset.filters)
        if any(name not in known for name in self.params):
            self.notices.append(_("Parts of this address were not understood and are left out."))


def normal_query(params: QueryDict) -> str:
    """The query string without the place in the list, in a form that can be compared."""
    kept = {
        name: values
        for name, values in params.lists()
        if name not in PLACE and name != "view" and any(values)
    }
    found = QueryDict(mutable=True)
    for name in sorted(kept):
        found.setlist(name, [value for value in kept[name] if value])
    return found.urlencode(safe=",")
