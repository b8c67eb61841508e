"""The library of objections, and those heard in one deal."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.exceptions import RuleViolation
from core.models import ChangeSet
from core.notices import done
from core.search_registry import remember
from core.views.access import is_fragment, visible_or_404
from core.views.generic import (
    RecordCreateView,
    RecordDeleteView,
    RecordDetailView,
    RecordUpdateView,
    add_errors,
)
from core.views.lists import ListPage
from deals.filters.people import OBJECTION_GROUPS
from deals.forms.people import AnswerForm, DealObjectionForm, LogObjectionForm, ObjectionForm
from deals.models import Deal, DealObjection, Objection, ObjectionAnswer
from deals.selectors.objections import Heard, answers_of, heard
from deals.services import objections as services
from deals.services.library import trash
from deals.tables.people import rate_text
from deals.views.part_panels import after, show
from deals.views.parts import PartCreate, PartDelete, PartUpdate

CHANGED = "objections-changed"
IN_RECORD = 10


class ObjectionList(ListPage):
    spec_key = "objections"
    title = gettext_lazy("Objections")
    create_url = "deals:objection_create"
    create_label = gettext_lazy("New objection")
    permission = "deals.add_objection"
    export_url = "deals:objection_export"
    filter_groups = OBJECTION_GROUPS
    empty_title = gettext_lazy("No objections yet")
    empty_text = gettext_lazy("What customers say against buying, and which answer led to a won deal.")
    empty_icon = "chat-bubble-left-right"


class ObjectionDetail(RecordDetailView):
    model = Objection
    object: Objection
    template_name = "deals/objection_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        objection, user = self.object, self.request.user
        remember(user, objection)
        found = heard("objection", [objection.pk], user).get(objection.pk, Heard())
        rows = DealObjection.objects.visible_to(user).filter(objection=objection)
        return super().get_context_data(
            objection=objection,
            found=found,
            rate=rate_text(found.rate),
            answers=[(answer, one, rate_text(one.rate)) for answer, one in answers_of(objection, user)],
            rows=rows.select_related("deal", "answer").order_by("-at", "-pk")[:IN_RECORD],
            may_change=user.has_perm("deals.change_objection", objection),
            **kwargs,
        )


class ObjectionCreate(RecordCreateView):
    model = Objection
    form_class = ObjectionForm

    def perform(self, form: ObjectionForm, version: int | None) -> Objection:
        return services.create_objection(values=form.values(), actor=self.request.user)

    def get_cancel_url(self) -> str:
        return reverse("deals:objection_list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_heading=_("New objection"), **kwargs)


class ObjectionUpdate(RecordUpdateView):
    model = Objection
    object: Objection
    form_class = ObjectionForm

    def perform(self, form: ObjectionForm, version: int | None) -> ChangeSet | None:
        return services.update_objection(
            self.object, values=form.values(), actor=self.request.user, expected_version=version
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_heading=self.object.text, **kwargs)


class ObjectionDelete(RecordDeleteView):
    model = Objection
    object: Objection

    def perform(self) -> ChangeSet:
        return trash(self.object, actor=self.request.user)

    def get_success_url(self) -> str:
        return reverse("deals:objection_list")


class AnswerCreate(PartCreate):
    model, whole, form_class = ObjectionAnswer, "objection", AnswerForm
    heading = gettext_lazy("Add an answer")


class AnswerUpdate(PartUpdate):
    model, whole, form_class = ObjectionAnswer, "objection", AnswerForm
    heading = gettext_lazy("Change the answer")


class AnswerDelete(PartDelete):
    model, whole = ObjectionAnswer, "objection"


# In one deal


@login_required
@require_safe
def deal_objections(request: HttpRequest, pk: int) -> HttpResponse:
    return _panel(request, visible_or_404(request, Deal, pk))


def _panel(request: HttpRequest, deal: Deal, *, notices: bool = False) -> HttpResponse:
    rows = DealObjection.objects.visible_to(request.user).filter(deal=deal)
    return show(
        request,
        deal,
        title=_("Objections"),
        template="deals/_deal_objections.html",
        rows=list(rows.select_related("objection", "answer", "by").order_by("is_resolved", "-at", "-pk")),
        notices=notices,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def objection_log(request: HttpRequest, pk: int) -> HttpResponse:
    """Note an objection: a small form beside the composer of the timeline, or a page of its own."""
    deal = visible_or_404(request, Deal, pk, action="change")
    form = LogObjectionForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.log_objection(deal, actor=request.user, **form.values())
        except (RuleViolation, ValidationError) as error:
            add_errors(form, error)
        else:
            done(request, _("Objection noted."), row.origin)
            return _noted(request, deal)
    return show(
        request,
        deal,
        title=_("Note an objection"),
        template="deals/_objection_log.html",
        form=form,
        status=422 if form.errors else 200,
    )


def _noted(request: HttpRequest, deal: Deal) -> HttpResponse:
    """The small form gives way to its button; the panel is told to look again."""
    if not is_fragment(request):
        return redirect(deal)
    response = render(request, "deals/_objection_button.html", {"record": deal, "noted": True})
    response["HX-Trigger"] = CHANGED
    return response


class DealObjectionUpdate(PartUpdate):
    model, whole, form_class = DealObjection, "deal", DealObjectionForm
    object: DealObjection

    @property
    def heading(self) -> str:
        return str(self.object)

    def get_queryset(self) -> Any:
        return DealObjection.objects.visible_to(self.request.user).select_related("objection", "deal")

    def perform(self, form: DealObjectionForm, version: int | None) -> ChangeSet | None:
        return services.update_deal_objection(
            self.object, values=form.values(), actor=self.request.user, expected_version=version
        )


class DealObjectionDelete(PartDelete):
    model, whole = DealObjection, "deal"


@login_required
@require_POST
def objection_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Settled, or open again."""
    rows = DealObjection.objects.visible_to(request.user).select_related("deal", "objection")
    row = visible_or_404(request, DealObjection, pk, action="change", queryset=rows)
    settled = request.POST.get("settled") == "1"
    change = services.update_deal_objection(row, values={"is_resolved": settled}, actor=request.user)
    if change is not None:
        done(request, _("Settled.") if settled else _("Open again."), change)
    return after(request, row.deal, _panel)
