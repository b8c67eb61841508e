"""Moving a deal: along its stage path, to won, to lost, and back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.exceptions import RuleViolation, StaleRecord
from core.models import ChangeSet
from core.notices import done
from core.views.access import go, safe_next
from deals.constants import StageKind
from deals.forms.deals import DealForm
from deals.forms.moves import MoveForm
from deals.models import Deal, Stage
from deals.services.required import missing_fields
from deals.services.stages import move_deal, reopen_deal
from deals.views.deals import deal_of


@login_required
@require_http_methods(["GET", "POST"])
def deal_stage(request: HttpRequest, pk: int) -> HttpResponse:
    """Move to the stage named. What it asks for (a lost reason, empty fields) is asked on this page;
    `asked` in the form says that it was."""
    deal = deal_of(request, pk, action="change")
    data = request.POST or request.GET
    stage = _stage(deal, data.get("stage") or str(deal.stage_id))
    missing = missing_fields(deal, {}, stage.required_fields)
    asks = bool(missing) or stage.kind == StageKind.LOST
    if request.method == "GET" or (asks and "asked" not in request.POST):
        version = data.get("version", "")
        initial = (
            {"version": int(version)} if version.isascii() and version.isdigit() and len(version) < 10 else {}
        )
        move = MoveForm(deal=deal, stage=stage, initial=initial)
        return _page(request, deal, stage, move, _fields(request, deal, missing))
    return _move(request, deal, stage, missing, asked="asked" in request.POST)


def _move(request: HttpRequest, deal: Deal, stage: Stage, missing: list[str], *, asked: bool) -> HttpResponse:
    sent = (
        request.POST if asked else {**_closing_today(deal, stage), **request.POST.dict(), "stage": stage.pk}
    )
    form = MoveForm(sent, deal=deal, stage=stage)
    fields = _fields(request, deal, missing, request.POST) if asked else None
    if not form.is_valid() or (fields is not None and not fields.is_valid()):
        return _page(request, deal, stage, form, fields, status=422)
    answers = form.cleaned_data
    try:
        change_set = move_deal(
            deal,
            stage=stage,
            actor=request.user,
            expected_version=answers["version"],
            values=fields.values() if fields is not None else None,
            lost_reason=answers.get("lost_reason"),
            lost_note=answers.get("lost_note", ""),
            closed_on=answers.get("closed_on"),
        )
    except StaleRecord as stale:
        current: Any = stale.current
        return _moved_meanwhile(request, current, stage, stale.expected_version)
    except (RuleViolation, ValidationError) as error:
        _tell(form, fields, error)
        return _page(request, deal, stage, form, fields, status=422)
    done(request, _told(deal), change_set)
    return go(request, safe_next(request, deal.get_absolute_url()))


def _closing_today(deal: Deal, stage: Stage) -> dict[str, Any]:
    initial = MoveForm(deal=deal, stage=stage).initial
    return {"closed_on": initial["closed_on"].isoformat()}


def _told(deal: Deal) -> str:
    words = {
        StageKind.WON: _("%(name)s is won."),
        StageKind.LOST: _("%(name)s is lost."),
        StageKind.OPEN: _("%(name)s is now in “%(stage)s”."),
    }
    return words[StageKind(deal.status)] % {"name": deal, "stage": deal.stage}


def _stage(deal: Deal, text: str) -> Stage:
    """A stage of the deal's own pipeline."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    rows = Stage._base_manager.filter(pipeline=deal.pipeline_id, deleted_at=None, pk=int(text))
    stage = rows.select_related("pipeline").first()
    if stage is None:
        raise Http404
    return stage


def _fields(request: HttpRequest, deal: Deal, missing: list[str], data: Any = None) -> DealForm | None:
    """The record's own form, cut down to the fields the stage asks for; all of them required."""
    if not missing:
        return None
    names = [name.replace("custom.", "custom__", 1) for name in missing]
    form = DealForm(data, instance=deal, user=request.user)
    for name in form.fields.keys() - set(names):
        del form.fields[name]
        form.custom_fields.pop(name, None)
    for field in form.fields.values():
        field.required = True
    return form


def _tell(form: MoveForm, fields: DealForm | None, error: RuleViolation | ValidationError) -> None:
    if isinstance(error, RuleViolation):
        form.add_error(error.field if error.field in form.fields else None, error.message)
    elif fields is not None:
        fields.add_errors_of(error)
    else:
        form.add_error(None, error)


def _moved_meanwhile(request: HttpRequest, deal: Deal, stage: Stage, was: int) -> HttpResponse:
    """Somebody was faster: say who, what and where the deal stands now, and offer the move again."""
    last = (
        ChangeSet.objects.filter(changes__model="deals.deal", changes__object_id=deal.pk)
        .order_by("-pk")
        .first()
    )
    context = {
        "record": deal,
        "stage": stage,
        "who": last.actor if last is not None else None,
        "since": was,
    }
    return render(request, "deals/deal_moved.html", context, status=409)


def _page(
    request: HttpRequest,
    deal: Deal,
    stage: Stage,
    form: MoveForm,
    fields: DealForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"record": deal, "stage": stage, "form": form, "fields": fields}
    return render(request, "deals/deal_stage.html", context, status=status)


@login_required
@require_POST
def deal_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed deal again, where it was before."""
    deal = deal_of(request, pk, action="change")
    try:
        reopen_deal(deal, actor=request.user)
    except RuleViolation as error:
        messages.warning(request, error.message)
    else:
        move = deal.stage_changes.order_by("-pk").first()
        done(request, _told(deal), move.origin if move is not None else None)
    return go(request, deal.get_absolute_url())
