"""Settings of sales: pipelines, their stages and the reasons deals are lost for."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.constants import MANAGE_SALES
from accounts.permissions import requires
from core.exceptions import RuleViolation
from core.models import ChangeSet, Job
from core.notices import done
from core.views.generic import RecordCreateView, RecordDeleteView, RecordPage, RecordUpdateView, add_errors
from deals.forms.pipelines import LostReasonForm, PipelineForm, StageForm, StageRemoveForm
from deals.models import Deal, LostReason, Pipeline, Stage
from deals.pipelines_catalogue import READY
from deals.selectors.totals import totals
from deals.services import pipelines as services
from deals.services.stage_removal import remove_stage

manager_required = requires(MANAGE_SALES)


@manager_required
@require_safe
def pipeline_list(request: HttpRequest) -> HttpResponse:
    """Every pipeline with its stages; archived ones at the end."""
    stages = Prefetch("stages", Stage.objects.visible_to(request.user).order_by("position", "pk"))
    rows = (
        Pipeline.objects.visible_to(request.user)
        .order_by("-is_active", "position", "pk")
        .prefetch_related(stages)
    )
    counts = totals(request.user, by=("pipeline",))
    taken = {pipeline.name for pipeline in rows}
    context = {
        "pipelines": [(row, counts[(row.pk,)].deals if (row.pk,) in counts else 0) for row in rows],
        "ready": [(item.key, _(item.name), _(item.description)) for item in READY if item.name not in taken],
    }
    return render(request, "deals/pipeline_list.html", context)


@manager_required
@require_safe
def pipeline_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The stages of a pipeline in their order, with how many deals are in each."""
    pipeline = get_object_or_404(Pipeline.objects.visible_to(request.user), pk=pk)
    counts = totals(request.user, by=("stage",))
    stages = pipeline.stages.alive().order_by("position", "pk")
    context = {
        "pipeline": pipeline,
        "stages": [(row, counts[(row.pk,)].deals if (row.pk,) in counts else 0) for row in stages],
    }
    return render(request, "deals/pipeline_detail.html", context)


class _Settings(RecordPage):
    """A page of those who run sales, whatever they may do to the records of it."""

    object: Any
    list_url = "deals:pipeline_list"
    heading: Any = ""

    def prepare(self) -> None:
        if not self.request.user.has_perm(MANAGE_SALES):
            raise PermissionDenied
        super().prepare()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        heading = self.heading or str(self.object)
        return super().get_context_data(page_heading=heading, **kwargs)

    def get_success_url(self, *result: Any) -> str:
        return reverse(self.list_url)

    def get_cancel_url(self) -> str:
        return self.get_success_url()


class PipelineCreate(_Settings, RecordCreateView):
    model = Pipeline
    form_class = PipelineForm
    heading = gettext_lazy("New pipeline")

    def perform(self, form: PipelineForm, version: int | None) -> Pipeline:
        return services.create_pipeline(values=form.values(), actor=self.request.user)

    def get_success_url(self, *result: Any) -> str:
        return result[0].get_absolute_url() if result else reverse(self.list_url)


class PipelineUpdate(_Settings, RecordUpdateView):
    model = Pipeline
    form_class = PipelineForm

    def perform(self, form: PipelineForm, version: int | None) -> ChangeSet | None:
        return services.update_pipeline(
            self.object,
            values=form.values(),
            actor=self.request.user,
            expected_version=version,
        )

    def get_success_url(self, *result: Any) -> str:
        return reverse("deals:pipeline_detail", args=[self.object.pk])


class PipelineDelete(_Settings, RecordDeleteView):
    model = Pipeline

    def perform(self) -> ChangeSet:
        return services.trash_pipeline(self.object, actor=self.request.user)


@manager_required
@require_POST
def pipeline_ready(request: HttpRequest) -> HttpResponse:
    """Add a pipeline of the catalogue."""
    try:
        pipeline = services.add_ready_made(request.POST.get("key", ""), actor=request.user)
    except RuleViolation as error:
        return _refused(request, error.message, "deals:pipeline_list")
    done(request, _("%(name)s was created.") % {"name": pipeline}, pipeline.origin)
    return redirect(pipeline.get_absolute_url())


@manager_required
@require_POST
def pipeline_act(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down, archive, use again, or the one used when none is chosen."""
    pipeline = get_object_or_404(Pipeline.objects.visible_to(request.user), pk=pk)
    act, user = request.POST.get("act", ""), request.user
    try:
        if act in ("up", "down"):
            rows = (
                Pipeline.objects.visible_to(request.user)
                .filter(is_active=pipeline.is_active)
                .order_by("position", "pk")
            )
            log = services.shift(pipeline, rows, up=act == "up", actor=user)
        elif act == "default":
            log = services.make_default(pipeline, actor=user)
        else:
            values = {"is_active": not pipeline.is_active}
            log = services.update_pipeline(pipeline, values=values, actor=user)
    except RuleViolation as error:
        return _refused(request, error.message, "deals:pipeline_list")
    done(request, _("Saved."), log)
    return redirect("deals:pipeline_list")


class _StagePage(_Settings):
    model: Any = Stage

    def get_success_url(self, *result: Any) -> str:
        return reverse("deals:pipeline_detail", args=[self.object.pipeline_id])


class StageCreate(_StagePage, RecordCreateView):
    form_class = StageForm
    heading = gettext_lazy("New stage")

    def prepare(self) -> None:
        super().prepare()
        self.pipeline = get_object_or_404(
            Pipeline.objects.visible_to(self.request.user), pk=self.kwargs["pk"]
        )

    def perform(self, form: StageForm, version: int | None) -> Stage:
        return services.create_stage(self.pipeline, values=form.values(), actor=self.request.user)

    def get_success_url(self, *result: Any) -> str:
        return self.pipeline.get_absolute_url()


class StageUpdate(_StagePage, RecordUpdateView):
    form_class = StageForm

    def perform(self, form: StageForm, version: int | None) -> ChangeSet | None:
        return services.update_stage(
            self.object,
            values=form.values(),
            actor=self.request.user,
            expected_version=version,
        )


@manager_required
@require_POST
def stage_shift(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down in its pipeline."""
    stage = get_object_or_404(Stage.objects.visible_to(request.user).select_related("pipeline"), pk=pk)
    rows = (
        Stage.objects.visible_to(request.user).filter(pipeline=stage.pipeline_id).order_by("position", "pk")
    )
    services.shift(stage, rows, up=request.POST.get("act") == "up", actor=request.user)
    return redirect(stage.pipeline.get_absolute_url())


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def stage_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask where the deals of a stage go and why, then take it away."""
    stage = get_object_or_404(Stage.objects.visible_to(request.user).select_related("pipeline"), pk=pk)
    form = StageRemoveForm(request.POST or None, stage=stage, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            result = remove_stage(stage, actor=request.user, **form.cleaned_data)
        except RuleViolation as error:
            add_errors(form, error)
        else:
            if isinstance(result, Job):
                return redirect("core:job_detail", result.pk)
            done(request, _("%(name)s was moved to the trash.") % {"name": stage}, result)
            return redirect(stage.pipeline.get_absolute_url())
    deals = Deal._base_manager.filter(stage=stage, deleted_at=None).count()
    context = {"stage": stage, "form": form, "deals": deals}
    return render(request, "deals/stage_remove.html", context, status=422 if form.errors else 200)


@manager_required
@require_safe
def lostreason_list(request: HttpRequest) -> HttpResponse:
    """The reasons, with the finer ones under each."""
    rows = list(LostReason.objects.visible_to(request.user).order_by("position", "pk"))
    groups = [
        (row, [child for child in rows if child.parent_id == row.pk]) for row in rows if not row.parent_id
    ]
    return render(request, "deals/lostreason_list.html", {"groups": groups})


class _ReasonPage(_Settings):
    model: Any = LostReason
    form_class: Any = LostReasonForm
    list_url = "deals:lostreason_list"


class LostReasonCreate(_ReasonPage, RecordCreateView):
    heading = gettext_lazy("New lost reason")

    def perform(self, form: LostReasonForm, version: int | None) -> LostReason:
        return services.create_lost_reason(values=form.values(), actor=self.request.user)


class LostReasonUpdate(_ReasonPage, RecordUpdateView):
    def perform(self, form: LostReasonForm, version: int | None) -> ChangeSet | None:
        return services.update_lost_reason(
            self.object,
            values=form.values(),
            actor=self.request.user,
            expected_version=version,
        )


class LostReasonDelete(_ReasonPage, RecordDeleteView):
    def perform(self) -> ChangeSet:
        return services.trash_lost_reason(self.object, actor=self.request.user)


@manager_required
@require_POST
def lostreason_shift(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down among the reasons of its level."""
    reason = get_object_or_404(LostReason.objects.visible_to(request.user), pk=pk)
    rows = (
        LostReason.objects.visible_to(request.user).filter(parent=reason.parent_id).order_by("position", "pk")
    )
    services.shift(reason, rows, up=request.POST.get("act") == "up", actor=request.user)
    return redirect("deals:lostreason_list")


def _refused(request: HttpRequest, text: str, back: str) -> HttpResponse:
    context = {"text": text, "back": reverse(back)}
    return render(request, "deals/refused.html", context, status=422)
