"""The base of every list page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views import View

from core.filters import panel_groups
from core.lists import COUNT_LIMIT, SIZES, ListSpec, ListState, find, normal_query
from core.models import SavedView
from core.paging import Cut
from core.prepared import Prepared
from core.tables import Column

Params = QueryDict


class ListPage(LoginRequiredMixin, View):
    """One list. Subclasses name the spec and what stands round the table."""

    spec_key = ""
    http_method_names = ["get", "head"]
    template_name = "core/list.html"
    title: Any = ""
    create_url = ""
    create_label: Any = ""
    import_target = ""
    permission = ""  # to add: "customers.add_customer"
    export_url = ""
    bulk_url = ""
    cell_url = ""  # inline edit: takes the row's id and the column's key
    bulk_actions: tuple[tuple[str, Any, str], ...] = ()  # (action, label, icon)
    filter_groups: list[tuple[Any, list[str]]] = []
    empty_title: Any = ""
    empty_text: Any = ""
    empty_icon = "inbox"
    switches: tuple[tuple[str, Any, str], ...] = ()  # (url name, label, icon): other ways to look
    same_rows: frozenset[str] = frozenset()  # those of them that read this list's filters too
    ready_views: tuple[tuple[Any, str], ...] = ()  # (name, query): views everybody has from the start

    def get(self, request: HttpRequest) -> HttpResponse:
        spec = find(self.spec_key)
        assert spec is not None
        views = SavedViews(spec, request.user, request.GET)
        state = ListState(spec, request.user, views.params)
        part = request.GET.get("part", "") if getattr(request, "htmx", False) else ""
        if part == "filters":
            response = render(request, "core/_list_filters.html", self.panel(state))
        elif part == "columns":
            response = render(request, "core/_list_columns.html", self.chooser(state))
        elif part == "totals":
            response = render(request, "core/_list_totals.html", self.totals(state))
        else:
            response = render(request, self.template_name, self.context(request, state, views))
        patch_vary_headers(response, ["HX-Request"])
        return response

    # The whole page

    def context(self, request: HttpRequest, state: ListState, views: SavedViews) -> dict[str, Any]:
        spec, user = state.spec, request.user
        page = cut_page(state)
        rows = spec.table.fetch(state.cells, page["cut"].pks, state.shown, user)
        may_bulk = bool(self.bulk_url) and user.has_perm(self._change_permission(spec))
        context = {
            "page": self,
            "state": state,
            "views": views,
            "title": self.title,
            "rows": rows,
            "body": spec.table.body(rows, state.shown, form_id="bulk" if may_bulk else ""),
            "heads": heads(state),
            "may_bulk": may_bulk,
            "chips": state.chips(),
            "create_url": address(self.create_url) if user.has_perm(self.permission) else "",
            "import_url": self._import_url(user),
            "export_url": reverse(self.export_url) if user.has_perm("core.export_data") else "",
            "bulk_action_url": reverse(self.bulk_url) if may_bulk else "",
            "cell_url": reverse(self.cell_url, args=[0, "COLUMN"]) if self.cell_url and may_bulk else "",
            "cell_columns": " ".join(column.key if column.edit else "-" for column in state.shown),
            "query": state.url(),
            "hidden": hidden_fields(state.params, {"q"}),
            "has_totals": page["many"] or any(column.total for column in state.shown),
            "totals_colspan": len(state.shown) + (1 if may_bulk else 0),
            "switches": self.ways(request, state.url()),
            **self.ready(request.GET, views),
            **page,
        }
        if "totals" in request.GET:
            context |= self.totals(state)
        if request.GET.get("part") == "filters":
            context |= self.panel(state)
        elif request.GET.get("part") == "columns":
            context |= self.chooser(state)
        context["notices"] = list(dict.fromkeys(state.notices))
        return context

    def _change_permission(self, spec: ListSpec) -> str:
        return f"{spec.model._meta.app_label}.change_{spec.model._meta.model_name}"

    def _import_url(self, user: Any) -> str:
        if not self.import_target or not user.has_perm("core.import_data"):
            return ""
        found = address("import_upload") or address("core:import_upload")
        return f"{found}?target={self.import_target}" if found else ""

    @classmethod
    def ways(cls, request: HttpRequest, query: str = "") -> list[dict[str, Any]]:
        """The ways to look at these records; the filters go along where they are understood."""
        return [
            {
                "url": address(name) + (query if name in cls.same_rows else ""),
                "label": label,
                "icon": icon,
                "here": request.path == address(name),
            }
            for name, label, icon in cls.switches
        ]

    def ready(self, params: Params, views: SavedViews) -> dict[str, Any]:
        """The views that come with the product, and what the one that is open is called."""
        asked = normal_query(params)
        ready = [
            {"name": name, "query": query, "open": bool(asked) and normal_query(QueryDict(query)) == asked}
            for name, query in self.ready_views
        ]
        opened = next((view["name"] for view in ready if view["open"]), _("All"))
        return {"ready_views": ready, "view_name": views.current.name if views.current else opened}

    # Parts

    def panel(self, state: ListState) -> dict[str, Any]:
        """The filters, each with what is in the address already."""
        spec = state.spec
        filterset = spec.filters(
            state.params, spec.rows(state.user), user=state.user, today=spec.today(), for_panel=True
        )
        form = filterset.form
        fields = {name: form[name] for name in form.fields}
        return {
            "panel": panel_groups(fields, self.filter_groups),
            "panel_hidden": hidden_fields(state.params, set(form.fields)),
        }

    def chooser(self, state: ListState) -> dict[str, Any]:
        """Every column, those shown ticked."""
        return {
            "chooser": chooser(state),
            "chooser_hidden": hidden_fields(state.params, {"columns"}),
            "usual_columns": state.url({"columns": None}),
        }

    def totals(self, state: ListState) -> dict[str, Any]:
        """The exact count and the sums of the shown columns that add up."""
        sums = {
            c.key: c.sum(state.queryset) if c.sum else sum_by_currency(state, c)
            for c in state.shown
            if c.total
        }
        return {
            "exact": state.queryset.count() if state.count > COUNT_LIMIT else state.count,
            "sums": [sums.get(column.key, "") for column in state.shown],
            "state": state,
            "may_bulk": bool(self.bulk_url) and state.user.has_perm(self._change_permission(state.spec)),
        }


_VIEW = ("pk", "page", "name", "query", "owner_id", "shared", "is_default")
_saved_views = Prepared(
    lambda page, user: (
        SavedView.objects.filter(page=page)
        .filter(Q(owner=user) | Q(shared=True))
        .values_list(*_VIEW, "owner__name", "owner__email")
    ),
    str,
    int,
)


def _saved_view(row: Sequence[Any]) -> SavedView:
    view = SavedView(**dict(zip(_VIEW, row, strict=False)))
    view.owner = get_user_model()(pk=view.owner_id, name=row[-2], email=row[-1])
    return view


class SavedViews:
    """The saved views of a list this person may open, and the one that is open."""

    def __init__(self, spec: ListSpec, user: Any, params: Params) -> None:
        self.all = [_saved_view(row) for row in _saved_views(spec.key, user.pk)]
        self.own = [view for view in self.all if view.owner_id == user.pk]
        self.shared = [view for view in self.all if view.owner_id != user.pk]
        self.current: SavedView | None = None
        asked = params.get("view", "")
        if asked.isascii() and asked.isdigit():
            self.current = next((v for v in self.all if v.pk == int(asked[:18])), None)
        elif not params:
            self.current = next((view for view in self.own if view.is_default), None)
        self.params = self._state(params)
        saved = normal_query(QueryDict(self.current.query)) if self.current else ""
        self.changed = normal_query(self.params) != saved
        self.mine = self.current is not None and self.current.owner_id == user.pk

    def _state(self, params: Params) -> QueryDict:
        """The address alone if it says anything; a bare `?view=` stands for what was saved."""
        if self.current is None or normal_query(params):
            return params
        found = QueryDict(self.current.query, mutable=True)
        for name, values in params.lists():
            found.setlist(name, values)
        found["view"] = str(self.current.pk)
        return found


def cut_page(state: ListState) -> dict[str, Any]:
    """The ids of the page asked for, and where it stands."""
    params, size = state.params, state.size
    number, cut = state.number, None
    if "last" in params:
        number = 0 if state.count > COUNT_LIMIT else -(-state.count // size) or 1
        cut = state.ordered.at((number - 1) * size, size) if number else state.ordered.last(size)
    elif after := params.get("after", ""):
        cut = state.ordered.after(after, size)
    elif before := params.get("before", ""):
        cut = state.ordered.before(before, size)
    if cut is None and number > state.furthest:
        state.notices.append(_("Pages that far are reached with Next and Last, or by filtering."))
        number = 1
    cut = cut or state.ordered.at((number - 1) * size, size)
    if not cut.pks and number > 1 and state.count:
        number = min(-(-state.count // size), state.furthest)
        state.notices.append(_("There is no such page; this is the last one."))
        cut = state.ordered.at((number - 1) * size, size)
    return {"cut": cut, "number": number, **place(state, cut, number)}


def place(state: ListState, cut: Cut, number: int) -> dict[str, Any]:
    """Numbers and links of the pager."""
    size = state.size
    short = number == 1 and not cut.has_next and not cut.has_previous
    count = len(cut.pks) if short else state.count
    many = count > COUNT_LIMIT
    pages = 0 if many else max(1, -(-count // size))
    links: dict[str, Any] = {
        "first_row": (number - 1) * size + 1 if number else 0,
        "last_row": (number - 1) * size + len(cut.pks),
    }
    if cut.has_previous:
        links["previous_url"] = state.url({"page": max(number - 1, 1), "before": cut.first})
    if cut.has_next:
        links["next_url"] = state.url({"page": number + 1, "after": cut.last})
    numbers = []
    if number and (cut.has_next or cut.has_previous):
        wanted = {1, pages or 1, *range(number - 2, number + 3)}
        top = (
            min(pages, state.furthest)
            if pages
            else min(number + 2 if cut.has_next else number, state.furthest)
        )
        previous = 0
        for n in sorted(n for n in wanted if 1 <= n <= top):
            if n > previous + 1:
                numbers.append(("", 0))
            numbers.append((state.url({"page": n}), n))
            previous = n
    return {
        **links,
        "count": min(count, COUNT_LIMIT),
        "many": many,
        "total_label": f"{number_format(COUNT_LIMIT, use_l10n=True, force_grouping=True)}+" if many else "",
        "numbers": numbers,
        "last_url": state.url({"last": "1"}) if many and cut.has_next else "",
        "sizes": [(n, state.url({"per_page": n})) for n in SIZES],
        "nothing_yet": not cut.pks and not state.filtered,
    }


def heads(state: ListState) -> list[dict[str, Any]]:
    """The table's heads with the address that sorts by each."""
    key, _sort, descending = state.order
    found = []
    for column in state.shown:
        head: dict[str, Any] = {
            "label": column.label,
            "numeric": column.numeric,
            "sorted": "",
            "sort_url": "",
        }
        if column.sort:
            here = column.key == key
            down = not descending if here else column.sort.newest_first
            head["sort_url"] = state.url({"sort": f"-{column.key}" if down else column.key})
            head["sorted"] = ("descending" if descending else "ascending") if here else ""
        found.append(head)
    return found


def chooser(state: ListState) -> list[dict[str, Any]]:
    shown = {column.key for column in state.shown}
    return [
        {"key": c.key, "label": c.label, "shown": c.key in shown, "fixed": c.kind == "link"}
        for c in state.columns.values()
    ]


def hidden_fields(params: QueryDict, without: set[str]) -> list[tuple[str, str]]:
    """What a GET form carries along so that it changes only its own part of the address."""
    from core.lists import PLACE

    left_out = PLACE | without
    return [
        (name, value) for name, values in params.lists() if name not in left_out for value in values if value
    ]


def sum_by_currency(state: ListState, column: Column) -> str:
    """The sum of a column; amounts in different currencies are never added together."""
    name = column.fields[0]
    rows = state.queryset.order_by().exclude(**{f"{name}__isnull": True})
    if not column.currency:
        total = rows.aggregate(total=Sum(name))["total"]
        return "" if total is None else str(column.html({name: total, "pk": 0}))
    sums = rows.values_list(column.currency).annotate(total=Sum(name)).order_by("-total")[:5]
    return " · ".join(
        str(column.html({name: total, column.currency: currency, "pk": 0})) for currency, total in sums
    )


def address(name: str) -> str:
    """The URL of this name, empty where the page is not there."""
    if not name:
        return ""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
