"""The line editor of deals and quotes, and the panel that shows the lines of a deal."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.clock import today
from core.exceptions import RuleViolation, StaleRecord
from core.notices import done
from core.views.access import go, is_fragment, visible_or_404
from core.views.generic import RecordPage
from deals.forms.lines import LineRows
from deals.models import Deal, PriceBook, Quote
from deals.pricing import totals
from deals.selectors.lines import lines_of
from deals.selectors.prices import books_on
from deals.selectors.quotes import quote_rows
from deals.services.lines import MOST_LINES, save_lines

IN_PANEL = 5


class LinesPage(RecordPage):
    """One screen for all lines. Each button sends all rows; the server works out the sums."""

    action = "change"
    template_name = "deals/lines_edit.html"
    fragment_name = "deals/_lines_editor.html"
    object: Any
    heading: Any = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = LineRows(self.object, user=request.user)
        if not rows.raw:
            rows.act("add")
        return self.page(rows)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sent = request.POST
        rows = LineRows(self.object, user=request.user, data=sent, price_book=self.price_book())
        # Fields that change ask for the sums; a form sent by its keys is to be saved.
        act = sent.get("act") or ("recalculate" if is_fragment(request) else "save")
        rows.act(act)
        rows.fill()
        if act == "save":
            return self.save(rows)
        if act == "recalculate" and is_fragment(request):
            return render(request, "deals/_lines_changes.html", self.context(rows))
        return self.page(rows)

    def save(self, rows: LineRows) -> HttpResponse:
        rows.drop_blank()
        if not rows.is_valid():
            return self.page(rows, status=422, tried=True)
        try:
            version = self.request.POST.get("version", "")
            change_set = save_lines(
                self.object,
                rows=[form.row() for form in rows.forms()],
                actor=self.request.user,
                expected_version=int(version) if version.isdigit() and len(version) < 10 else 0,
            )
        except StaleRecord as stale:
            self.object = stale.current
            return self.page(rows, status=409, tried=True, theirs=lines_of(self.object))
        except RuleViolation as error:
            return self.page(rows, status=422, tried=True, error=error.message)
        done(self.request, _("Saved.") if change_set else _("Nothing was changed."), change_set)
        return go(self.request, self.object.get_absolute_url())

    def page(self, rows: LineRows, *, status: int = 200, **more: Any) -> HttpResponse:
        context = self.context(rows, **more)
        return self.render_to_response(context, status=status)

    def price_book(self) -> PriceBook | None:
        """The book prices are taken from, where one was chosen."""
        chosen = self.request.POST.get("price_book", "")
        if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 19):
            return None
        return PriceBook.objects.visible_to(self.request.user).filter(pk=chosen).first()

    def context(self, rows: LineRows, **more: Any) -> dict[str, Any]:
        sums = rows.totals()
        books = list(books_on(today(), self.object.currency))
        return self.get_context_data(
            whole=self.object,
            heading=self.heading,
            rows=rows.shown(tried=more.get("tried", False)),
            sums=sums,
            unread=rows.unread(),
            currency=self.object.currency,
            books=books,
            price_book=self.price_book(),
            full=len(rows.raw) >= MOST_LINES,
            **more,
        )


class DealLines(LinesPage):
    model = Deal
    heading = gettext_lazy("Products of the deal")


class QuoteLines(LinesPage):
    model = Quote
    heading = gettext_lazy("Lines of the quote")

    def get_queryset(self) -> Any:
        return quote_rows()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not self.object.is_draft:
            context = {"quote": self.object}
            return render(request, "deals/quote_sealed.html", context, status=409)
        return super().dispatch(request, *args, **kwargs)


@login_required
@require_safe
def deal_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines of a deal with their sums: a panel of its page, or all of them on a page."""
    deal = visible_or_404(request, Deal, pk)
    lines = lines_of(deal)
    panel = is_fragment(request)
    context = {
        "deal": deal,
        "lines": lines[:IN_PANEL] if panel else lines,
        "count": len(lines),
        "more": max(0, len(lines) - IN_PANEL) if panel else 0,
        "sums": totals(lines),
        "may_edit": request.user.has_perm("deals.change_deal", deal),
    }
    return render(request, "deals/_deal_lines.html" if panel else "deals/deal_lines.html", context)
