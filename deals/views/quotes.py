"""Quotes as the seller works on them: list, record, forms, PDF, and the panel of a deal."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.clock import today
from core.models import ChangeSet
from core.search_registry import remember
from core.shared_links import live_link
from core.views.access import is_fragment, require, visible_or_404
from core.views.generic import RecordCreateView, RecordDeleteView, RecordDetailView, RecordUpdateView
from core.views.lists import ListPage
from deals.documents.quote import quote_pdf
from deals.filters.quotes import GROUPS
from deals.forms.quotes import QuoteForm
from deals.models import Deal, Quote
from deals.pricing import totals
from deals.selectors.lines import has_lines, lines_of
from deals.selectors.quotes import quote_rows, quoted_deals
from deals.services.logo import logo_bytes
from deals.services.quote_mail import LINK, public_url
from deals.services.quotes import (
    REVISABLE,
    create_quote,
    ends_before,
    quote_defaults,
    sender_text,
    trash_quote,
    update_quote,
)

IN_PANEL = 5


def quote_of(request: HttpRequest, pk: int, *, action: str = "view") -> Quote:
    """The quote an address names, with what its pages show of its deal."""
    return visible_or_404(request, Quote, pk, action=action, queryset=quote_rows())


class QuoteList(ListPage):
    spec_key = "quotes"
    title = gettext_lazy("Quotes")
    permission = "deals.add_quote"
    export_url = "deals:quote_export"
    filter_groups = GROUPS
    empty_title = gettext_lazy("No quotes yet")
    empty_text = gettext_lazy("Add products to a deal and make a quote of them; the customer answers online.")
    empty_icon = "document-text"


class QuoteDetail(RecordDetailView):
    model = Quote
    object: Quote
    template_name = "deals/quote_detail.html"

    def get_object(self) -> Quote:
        return quote_of(self.request, self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        quote, user = self.object, self.request.user
        remember(user, quote)
        lines = lines_of(quote)
        may_edit = user.has_perm("deals.change_quote", quote)
        others = Quote.objects.visible_to(user).filter(number=quote.number).exclude(pk=quote.pk)
        return super().get_context_data(
            quote=quote,
            lines=lines,
            sums=totals(lines),
            may_edit=may_edit,
            may_revise=may_edit and quote.status in REVISABLE,
            may_win=may_edit and quote.status == "accepted" and quote.deal.is_open,
            over=quote.status == "sent" and ends_before(quote, today()),
            # Whoever has the address can answer, so it is shown to those who may answer for us.
            address=public_url(quote) if may_edit else "",
            link=live_link(purpose=LINK, object_id=quote.pk),
            versions=list(others.order_by("-revision")),
            **kwargs,
        )


class QuoteCreate(RecordCreateView):
    """A quote of the deal's lines; they are copied when it is saved."""

    model = Quote
    form_class = QuoteForm

    def prepare(self) -> None:
        self.deal = visible_or_404(
            self.request, Deal, self.kwargs["pk"], action="change", queryset=quoted_deals()
        )

    def get_initial(self) -> dict[str, Any]:
        return quote_defaults(self.deal)

    def perform(self, form: QuoteForm, version: int | None) -> Quote:
        return create_quote(self.deal, actor=self.request.user, data=form.values())

    def get_cancel_url(self) -> str:
        return self.deal.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        heading = _("Quote for %(deal)s") % {"deal": self.deal}
        return super().get_context_data(page_heading=heading, **kwargs)


class QuoteUpdate(RecordUpdateView):
    model = Quote
    object: Quote
    form_class = QuoteForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.is_draft:
            return render(request, "deals/quote_sealed.html", {"quote": self.object}, status=409)
        return super().get(request, *args, **kwargs)

    def perform(self, form: QuoteForm, version: int | None) -> ChangeSet | None:
        return update_quote(
            self.object, values=form.values(), actor=self.request.user, expected_version=version
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_heading=str(self.object), **kwargs)


class QuoteDelete(RecordDeleteView):
    model = Quote
    object: Quote

    def perform(self) -> ChangeSet:
        return trash_quote(self.object, actor=self.request.user)

    def get_success_url(self) -> str:
        return self.object.deal.get_absolute_url()


@login_required
@require_safe
def quote_document(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF, as the customer gets it."""
    quote = quote_of(request, pk)
    if quote.is_draft:
        quote.sender = sender_text()
    return pdf_response(quote)


def pdf_response(quote: Quote) -> HttpResponse:
    """The document of a quote as a download."""
    response = HttpResponse(
        quote_pdf(quote, lines_of(quote), logo=logo_bytes()), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="{file_name(quote)}"'
    response["Cache-Control"] = "private, no-store"
    return response


def file_name(quote: Quote) -> str:
    """A name every system takes: the number holds letters, digits and dashes."""
    plain = "".join(
        char if char.isascii() and (char.isalnum() or char in "-_.") else "_" for char in str(quote)
    )
    return f"{plain}.pdf"


@login_required
@require_safe
def deal_quotes(request: HttpRequest, pk: int) -> HttpResponse:
    """The quotes of a deal: the newest as a panel of its page, or all of them on a page."""
    deal = visible_or_404(request, Deal, pk)
    require(request.user, Quote, "view")
    quotes = Quote.objects.visible_to(request.user).filter(deal=deal).order_by("-quoted_on", "-pk")
    panel = is_fragment(request)
    context = {
        "deal": deal,
        "quotes": quotes[:IN_PANEL] if panel else quotes[:200],
        "count": quotes.count(),
        "all_url": f"{reverse('deals:quote_list')}?deal={deal.pk}",
        "may_edit": request.user.has_perm("deals.change_deal", deal),
        "has_lines": has_lines(deal),
    }
    return render(request, "deals/_deal_quotes.html" if panel else "deals/deal_quotes.html", context)
