"""The board of a pipeline, and the move of a card."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.clock import today
from core.boards import CARDS, number, wants_json
from core.exceptions import RuleViolation, StaleRecord
from core.lists import find
from core.notices import done
from core.views.access import came_from, is_fragment, safe_next
from core.views.lists import SavedViews, hidden_fields
from deals.constants import StageKind
from deals.models import Deal, Pipeline, Stage
from deals.selectors.board import DONE, Board, BoardState
from deals.selectors.totals import totals
from deals.services.stages import MissingFields, move_deal
from deals.views.lists import DealList


@login_required
@require_safe
def deal_kanban(request: HttpRequest) -> HttpResponse:
    """The open deals of a pipeline by stage, with the filters of the list, and what closed lately."""
    spec = find("deals")
    assert spec is not None
    views = SavedViews(spec, request.user, request.GET)
    state = BoardState(spec, request.user, views.params)
    pipelines = list(Pipeline.objects.visible_to(request.user).order_by("-is_active", "position", "pk"))
    pipeline = _chosen(pipelines, state)
    if pipeline is None:
        return render(request, "deals/deal_kanban.html", {"page": DealList, "state": state})
    board = Board(state, pipeline, today=today(), now=timezone.now())
    if "rest" in request.GET:
        return _rest(request, board)
    part = request.GET.get("part") if is_fragment(request) else ""
    if part == "filters":
        response = render(request, "core/_list_filters.html", DealList().panel(state))
    elif part == "heads":
        response = render(request, "deals/_board_heads.html", {"columns": board.columns(cards=False)})
    else:
        response = render(request, "deals/deal_kanban.html", _page(request, board, pipelines))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _chosen(pipelines: list[Pipeline], state: BoardState) -> Pipeline | None:
    """The one asked for, else the usual one, else (nothing of theirs is in it) the one they work in."""
    asked = number(state.params.get("pipeline"))
    found = next((row for row in pipelines if row.pk == asked), None)
    if found is not None or len(pipelines) < 2:
        return found or (pipelines[0] if pipelines else None)
    deals = {pk: total.deals for (pk,), total in totals(state.user, by=("pipeline",)).items()}
    return max(
        pipelines, key=lambda row: (row.is_default and row.pk in deals, deals.get(row.pk, 0), row.is_default)
    )


def _page(request: HttpRequest, board: Board, pipelines: list[Pipeline]) -> dict[str, Any]:
    state = board.state
    columns = board.columns()
    context = {
        "page": DealList,
        "state": state,
        "pipeline": board.pipeline,
        "pipelines": [(state.url({"pipeline": row.pk}), row, row == board.pipeline) for row in pipelines],
        "columns": [(c, _all_url(board, c.stage), state.url({"rest": c.stage.pk})) for c in columns],
        "done": [(state.url({"done": key}), label, key == state.done) for key, label in DONE.items()],
        "chips": [
            chip for chip in state.chips() if "pipeline" not in state.params or chip.label != _("Pipeline")
        ],
        "hidden": hidden_fields(state.params, {"q"}),
        "query": state.url(),
        "heads_url": state.url({"part": "heads"}),
        "switches": DealList.ways(request, state.url({"done": None})),
        "nothing_yet": not state.filtered and not any(column.count for column in columns),
        "may_add": request.user.has_perm("deals.add_deal"),
        **_words(request),
    }
    if request.GET.get("part") == "filters":
        context |= DealList().panel(state)
    context["notices"] = list(dict.fromkeys(state.notices))
    return context


def _all_url(board: Board, stage: Stage) -> str:
    """The list of what the column shows."""
    span = None if stage.is_open else board.closed_span()
    days = (
        {}
        if span is None
        else {"closed_from": span[0], "closed_to": span[1].fromordinal(span[1].toordinal() - 1)}
    )
    query = board.state.url({"stage": stage.pk, "pipeline": None, "done": None, "rest": None, **days})
    return f"{reverse('deals:deal_list')}{query}"


def _rest(request: HttpRequest, board: Board) -> HttpResponse:
    """The cards of one column after the first ones."""
    asked = number(request.GET["rest"])
    stage = next((row for row in board.stages if row.pk == asked), None)
    cards = board.rest(stage) if stage else []
    count = next((c.count for c in board.columns(cards=False) if c.stage == stage), 0)
    context = {
        "cards": cards,
        "all_url": _all_url(board, stage) if stage and count > CARDS else "",
        "shown": CARDS,
        **_words(request),
    }
    return render(request, "deals/_board_rest.html", context)


def _words(request: HttpRequest) -> dict[str, Any]:
    """What every card says, worked out once: hundreds of cards must not ask for it one by one."""
    return {
        "lift_words": _("Lift"),
        "move_words": _("Move"),
        "rotting_words": _("Rotting"),
        "may_move": request.user.has_perm("deals.change_deal"),
    }


@login_required
@require_POST
def deal_place(request: HttpRequest) -> HttpResponse:
    """Put a deal into another stage. The board gets JSON, a plain form a page. A stage that asks for
    something first answers with the address where it is asked."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user), pk=number(request.POST.get("card")))
    if not request.user.has_perm("deals.change_deal", deal):
        return _refused(request, _("You may see this deal but not change it."), 403)
    stages = (
        Stage.objects.visible_to(request.user).filter(pipeline=deal.pipeline_id).select_related("pipeline")
    )
    stage = get_object_or_404(stages, pk=number(request.POST.get("stage")))
    version = number(request.POST.get("version")) or None
    try:
        log = move_deal(deal, stage=stage, actor=request.user, expected_version=version)
    except StaleRecord as stale:
        return _refused(request, _stale_text(stale), 409)
    except RuleViolation as error:
        if isinstance(error, MissingFields) or stage.kind == StageKind.LOST:
            return _ask(request, deal, stage, error.message)
        return _refused(request, error.message, 422)
    done(request, _("%(name)s is now in %(stage)s.") % {"name": deal, "stage": stage}, log)
    if wants_json(request):
        return JsonResponse({"version": deal.version})
    return redirect(_back(request))


def _ask(request: HttpRequest, deal: Deal, stage: Stage, text: str) -> HttpResponse:
    """Where the stage asks for what it needs: the reason, the fields that are empty."""
    query = urlencode({"stage": stage.pk, "version": deal.version, "next": _back(request)})
    url = f"{reverse('deals:deal_stage', args=[deal.pk])}?{query}"
    if wants_json(request):
        return JsonResponse({"message": text, "ask": url}, status=422)
    return redirect(url)


def _stale_text(stale: StaleRecord) -> str:
    current: Any = stale.current
    return _("Somebody else changed %(name)s meanwhile; it is in %(stage)s. Reload the page.") % {
        "name": current,
        "stage": current.stage,
    }


def _refused(request: HttpRequest, text: str, status: int) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"message": text}, status=status)
    if status == 403:
        raise PermissionDenied
    return render(request, "deals/refused.html", {"text": text, "back": _back(request)}, status=status)


def _back(request: HttpRequest) -> str:
    return safe_next(request, came_from(request, reverse("deals:deal_kanban")))


@login_required
@require_safe
def deal_place_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The move without drag: choose a stage."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user).select_related("stage"), pk=pk)
    if not request.user.has_perm("deals.change_deal", deal):
        raise PermissionDenied
    stages = (
        Stage.objects.visible_to(request.user).filter(pipeline=deal.pipeline_id).order_by("position", "pk")
    )
    context = {"deal": deal, "stages": stages, "back": _back(request)}
    return render(request, "deals/deal_place.html", context)
