"""Win/loss reviews: the panel of a closed deal, its forms, and the report over time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from accounts.clock import today
from accounts.models import User
from accounts.organisation import get_organisation
from core.charts import Chart, Series, bar_chart
from core.models import ChangeSet
from core.periods import Period, parse_period, period_of
from core.views.access import page_number, visible_or_404
from customers.models import Contact
from deals.constants import CompetitorOutcome, StageKind
from deals.forms.people import ReviewForm
from deals.models import Competitor, Deal, Pipeline, WinLossReview
from deals.selectors.reviews import STATUSES, Tally, closed_in, kinds_of, report
from deals.services.reviews import update_review, write_review
from deals.tables.people import rate_text
from deals.views.forecast import percent
from deals.views.part_panels import show
from deals.views.parts import PartCreate, PartDelete, PartUpdate

KINDS = {"quarter": gettext_lazy("Quarter"), "year": gettext_lazy("Year")}
A_PAGE = 20


@login_required
@require_safe
def deal_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The review of a deal, or the way to write one."""
    deal = visible_or_404(request, Deal, pk)
    rows = WinLossReview.objects.visible_to(request.user).filter(deal=deal)
    review = rows.select_related("competitor", "source", "reviewer").first()
    seen = Contact.objects.visible_to(request.user).filter(pk=(review.source_id if review else None) or 0)
    return show(
        request,
        deal,
        title=_("Win/loss review"),
        template="deals/_deal_review.html",
        review=review,
        source=seen.first() if review else None,
    )


class ReviewCreate(PartCreate):
    model, whole, form_class = WinLossReview, "deal", ReviewForm
    heading = gettext_lazy("Review the deal")

    def get_initial(self) -> dict[str, Any]:
        """By me, today, and against the competitor it was lost to."""
        found = {"reviewed_on": today(), "reviewer": self.request.user.pk}
        lost_to = self.owner.competition.alive().filter(outcome=CompetitorOutcome.LOST_TO).first()
        if lost_to is not None:
            found["competitor"] = lost_to.competitor_id
        return found | super().get_initial()

    def perform(self, form: ReviewForm, version: int | None) -> WinLossReview:
        return write_review(self.owner, values=form.values(), actor=self.request.user)


class ReviewUpdate(PartUpdate):
    model, whole, form_class = WinLossReview, "deal", ReviewForm
    object: WinLossReview
    heading = gettext_lazy("Change the review")

    def perform(self, form: ReviewForm, version: int | None) -> ChangeSet | None:
        return update_review(
            self.object, values=form.values(), actor=self.request.user, expected_version=version
        )


class ReviewDelete(PartDelete):
    model, whole = WinLossReview, "deal"


# The report


class Asked:
    """The question in the address; what makes no sense is the usual: this year, everybody, everything."""

    def __init__(self, request: HttpRequest) -> None:
        params = request.GET
        fiscal = get_organisation().fiscal_year_start
        period = parse_period(params.get("period", ""), fiscal_start=fiscal)
        if period is None or period.kind not in KINDS:
            period = period_of(today(), "year", fiscal_start=fiscal)
        self.period = period
        self.owner = _number(params.get("owner", ""))
        self.pipeline = _number(params.get("pipeline", ""))

    @property
    def quarters(self) -> list[Period]:
        if self.period.kind == "quarter":
            return [self.period]
        first = period_of(self.period.start, "quarter", fiscal_start=self.period.fiscal_start)
        return [first.next(n) for n in range(4)]

    def url(self, period: Period) -> str:
        return "?" + urlencode({"period": period.key, **self.narrowed()})

    def narrowed(self) -> dict[str, int]:
        """Owner and pipeline, as this page's and the deal list's addresses write them."""
        both = {"owner": self.owner, "pipeline": self.pipeline}
        return {name: pk for name, pk in both.items() if pk is not None}

    def switch(self) -> dict[str, Any]:
        """The neighbours of the period and the other lengths, as links."""
        day = min(max(today(), self.period.start), self.period.last_day)
        before, after = self.period.previous(), self.period.next()
        fiscal = self.period.fiscal_start
        return {
            "kinds": [
                (self.url(period_of(day, kind, fiscal_start=fiscal)), label, kind == self.period.kind)
                for kind, label in KINDS.items()
            ],
            "before": (self.url(before), str(before)),
            "after": (self.url(after), str(after)),
        }

    def deals_url(self, period: Period, **more: Any) -> str:
        """The deals behind a number."""
        query = {
            "status": [str(status) for status in STATUSES],
            "closed_from": period.start,
            "closed_to": period.end - timedelta(days=1),
            **self.narrowed(),
            **more,
        }
        return f"{reverse('deals:deal_list')}?{urlencode(query, doseq=True)}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@login_required
@require_safe
def review_report(request: HttpRequest) -> HttpResponse:
    """Over the deals this person may see."""
    user = request.user
    if not user.has_perm("deals.view_winlossreview"):
        raise PermissionDenied
    asked = Asked(request)
    found = report(closed_in(asked.period, user, owner=asked.owner, pipeline=asked.pipeline), asked.quarters)
    everybody = closed_in(asked.period, user, owner=None, pipeline=None).order_by().values("owner")
    kinds = kinds_of(found.total)
    context = {
        "asked": asked,
        "period": asked.period,
        "switch": asked.switch(),
        "owners": User.objects.filter(pk__in=everybody).order_by("name", "pk"),
        "pipelines": Pipeline.objects.visible_to(user),
        "coverage": _coverage(found.total, asked),
        "chart": _chart(found.total, kinds),
        "kinds": kinds,
        "lines": [_line(quarter, tally, kinds, asked) for quarter, tally in found.quarters],
        "sums": _line(asked.period, found.total, kinds, asked),
        "competitors": [_against(row, standing, asked) for row, standing in found.competitors],
        "words": Paginator(found.words, A_PAGE).get_page(page_number(request.GET.get("page"))),
    }
    return render(request, "deals/review_report.html", context)


def _coverage(tally: Tally, asked: Asked) -> dict[str, Any]:
    missing = tally.closed - tally.reviewed
    return {
        "share": percent(tally.share),
        "closed": tally.closed,
        "reviewed": tally.reviewed,
        "missing": missing,
        "url": asked.deals_url(asked.period, reviewed="false") if missing else "",
    }


def _chart(tally: Tally, kinds: list[Any]) -> Chart:
    return bar_chart(
        _("What decided"),
        [str(kind.label) for kind in kinds],
        [
            Series(_("Won"), [tally.decided[kind, StageKind.WON] for kind in kinds]),
            Series(pgettext("deal", "Lost"), [tally.decided[kind, StageKind.LOST] for kind in kinds]),
        ],
        head=_("What decided"),
    )


def _line(period: Period, tally: Tally, kinds: list[Any], asked: Asked) -> dict[str, Any]:
    """A quarter: how many were closed and reviewed, and what decided, each with its deals."""
    return {
        "period": period,
        "closed": (tally.closed, asked.deals_url(period)),
        "reviewed": (tally.reviewed, asked.deals_url(period, reviewed="true")),
        "share": percent(tally.share),
        "cells": [
            [
                (
                    tally.decided[kind, status],
                    asked.deals_url(period, status=status.value, decided=kind.value),
                )
                for status in STATUSES
            ]
            for kind in kinds
        ],
    }


def _against(row: Competitor, standing: Any, asked: Asked) -> dict[str, Any]:
    def cell(n: int, **more: Any) -> tuple[int, str]:
        return n, asked.deals_url(asked.period, competitor=row.pk, **more)

    return {
        "competitor": row,
        "met": cell(standing.met),
        "beaten": cell(standing.beaten, competitor_outcome="beaten"),
        "lost_to": cell(standing.lost_to, competitor_outcome="lost_to"),
        "rate": rate_text(standing.rate),
    }
