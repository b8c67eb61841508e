"""The plan of a target and the improvement actions after it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.notices import done
from core.views.access import go, visible_or_404
from deals.forms.targets import ImprovementForm, PlanLineForm
from deals.models import ImprovementAction, PlanLine
from deals.services.targets import finish_plan_line
from deals.views.parts import PartCreate, PartDelete, PartUpdate


class PlanLineCreate(PartCreate):
    model, whole, form_class = PlanLine, "target", PlanLineForm
    heading = gettext_lazy("Add to the plan")


class PlanLineUpdate(PartUpdate):
    model, whole, form_class = PlanLine, "target", PlanLineForm
    heading = gettext_lazy("Change the plan")


class PlanLineDelete(PartDelete):
    model, whole = PlanLine, "target"


class ImprovementCreate(PartCreate):
    model, whole, form_class = ImprovementAction, "target", ImprovementForm
    heading = gettext_lazy("Add an improvement")


class ImprovementUpdate(PartUpdate):
    model, whole, form_class = ImprovementAction, "target", ImprovementForm
    heading = gettext_lazy("Change the improvement")


class ImprovementDelete(PartDelete):
    model, whole = ImprovementAction, "target"


@login_required
@require_POST
def planline_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a line of the plan as done today."""
    line = visible_or_404(request, PlanLine, pk, action="change")
    change = finish_plan_line(line, actor=request.user)
    if change is not None:
        done(request, _("Done: %(title)s") % {"title": line.activity}, change)
    return go(request, line.target.get_absolute_url())
