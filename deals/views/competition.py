"""Competitors: list, record, forms; and the panel of those in one deal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.exceptions import RuleViolation
from core.models import ChangeSet
from core.notices import done
from core.search_registry import remember
from core.views.access import visible_or_404
from core.views.generic import RecordCreateView, RecordDeleteView, RecordDetailView, RecordUpdateView
from core.views.lists import ListPage
from deals.constants import CompetitorOutcome
from deals.forms.people import CompetitorForm, DealCompetitorForm, NewDealCompetitorForm
from deals.models import Competitor, Deal, DealCompetitor, WinLossReview
from deals.selectors.competition import standing_of
from deals.services import competition as services
from deals.services.library import trash
from deals.tables.people import rate_text
from deals.views.part_panels import after, show
from deals.views.parts import PartCreate, PartDelete, PartUpdate

IN_RECORD = 10
OFFERED = 20


class CompetitorList(ListPage):
    spec_key = "competitors"
    title = gettext_lazy("Competitors")
    create_url = "deals:competitor_create"
    create_label = gettext_lazy("New competitor")
    permission = "deals.add_competitor"
    export_url = "deals:competitor_export"
    empty_title = gettext_lazy("No competitors yet")
    empty_text = gettext_lazy("Who sells against you, what they are good at, and how to win against them.")
    empty_icon = "shield-exclamation"


class CompetitorDetail(RecordDetailView):
    model = Competitor
    object: Competitor
    template_name = "deals/competitor_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        competitor, user = self.object, self.request.user
        remember(user, competitor)
        rows = DealCompetitor.objects.visible_to(user).filter(competitor=competitor)
        standing = standing_of(competitor.pk, user)
        return super().get_context_data(
            competitor=competitor,
            standing=standing,
            rate=rate_text(standing.rate),
            rows=rows.select_related("deal").order_by("-pk")[:IN_RECORD],
            reviews=WinLossReview.objects.visible_to(user)
            .filter(competitor=competitor)
            .exclude(quote="", lesson="")
            .select_related("deal")
            .order_by("-reviewed_on", "-pk")[:5],
            texts=[
                (_("Strengths"), competitor.strengths),
                (_("Weaknesses"), competitor.weaknesses),
                (_("Products and prices"), competitor.products),
                (_("How to win against them"), competitor.how_to_win),
            ],
            deals_url=f"{reverse('deals:deal_list')}?competitor={competitor.pk}",
            may_change=user.has_perm("deals.change_competitor", competitor),
            **kwargs,
        )


class CompetitorCreate(RecordCreateView):
    model = Competitor
    form_class = CompetitorForm

    def perform(self, form: CompetitorForm, version: int | None) -> Competitor:
        return services.create_competitor(values=form.values(), actor=self.request.user)

    def get_cancel_url(self) -> str:
        return reverse("deals:competitor_list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_heading=_("New competitor"), **kwargs)


class CompetitorUpdate(RecordUpdateView):
    model = Competitor
    object: Competitor
    form_class = CompetitorForm

    def perform(self, form: CompetitorForm, version: int | None) -> ChangeSet | None:
        return services.update_competitor(
            self.object, values=form.values(), actor=self.request.user, expected_version=version
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_heading=self.object.name, **kwargs)


class CompetitorDelete(RecordDeleteView):
    model = Competitor
    object: Competitor

    def perform(self) -> ChangeSet:
        return trash(self.object, actor=self.request.user)

    def get_success_url(self) -> str:
        return reverse("deals:competitor_list")


@login_required
@require_safe
def competitor_options(request: HttpRequest) -> HttpResponse:
    """Competitors for the searched choice: <option> lines."""
    rows = Competitor.objects.visible_to(request.user).search(
        request.GET.get("q", "").replace("\x00", "")[:120]
    )
    lines = [{"pk": row.pk, "name": row.name, "meta": ""} for row in rows.order_by("name", "pk")[:OFFERED]]
    return render(request, "customers/_options.html", {"lines": lines})


# In one deal


@login_required
@require_safe
def deal_competition(request: HttpRequest, pk: int) -> HttpResponse:
    return _panel(request, visible_or_404(request, Deal, pk))


def _panel(request: HttpRequest, deal: Deal, *, notices: bool = False) -> HttpResponse:
    rows = (
        DealCompetitor.objects.visible_to(request.user)
        .filter(deal=deal)
        .select_related("competitor")
        .order_by("pk")
    )
    found = list(rows)
    named = any(row.outcome == CompetitorOutcome.LOST_TO for row in found)
    return show(
        request,
        deal,
        title=_("Competitors"),
        template="deals/_deal_competition.html",
        rows=found,
        asks=deal.status == "lost" and found and not named,
        notices=notices,
    )


class DealCompetitorCreate(PartCreate):
    model, whole, form_class = DealCompetitor, "deal", NewDealCompetitorForm
    heading = gettext_lazy("Add a competitor")

    def perform(self, form: NewDealCompetitorForm, version: int | None) -> DealCompetitor:
        return services.add_competitor(self.owner, values=form.values(), actor=self.request.user)


class DealCompetitorUpdate(PartUpdate):
    model, whole, form_class = DealCompetitor, "deal", DealCompetitorForm
    object: DealCompetitor

    @property
    def heading(self) -> str:
        return str(self.object)

    def get_queryset(self) -> Any:
        return DealCompetitor.objects.visible_to(self.request.user).select_related("competitor", "deal")

    def perform(self, form: DealCompetitorForm, version: int | None) -> ChangeSet | None:
        return services.update_deal_competitor(
            self.object, values=form.values(), actor=self.request.user, expected_version=version
        )


class DealCompetitorDelete(PartDelete):
    model, whole = DealCompetitor, "deal"


@login_required
@require_POST
def lost_to(request: HttpRequest, pk: int) -> HttpResponse:
    """The lost deal went to this competitor."""
    rows = DealCompetitor.objects.visible_to(request.user).select_related("competitor", "deal")
    row = visible_or_404(request, DealCompetitor, pk, action="change", queryset=rows)
    try:
        change = services.update_deal_competitor(
            row, values={"outcome": CompetitorOutcome.LOST_TO}, actor=request.user
        )
    except RuleViolation as error:
        messages.error(request, error.message)
    else:
        done(request, _("Lost to %(name)s.") % {"name": row}, change)
    return after(request, row.deal, _panel)
