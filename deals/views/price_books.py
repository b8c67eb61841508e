"""Price books and the prices in them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.clock import today
from accounts.constants import MANAGE_SALES
from core.models import ChangeSet
from core.views.access import page_number, visible_or_404
from core.views.generic import RecordCreateView, RecordDeleteView, RecordDetailView, RecordUpdateView
from deals.forms.products import PriceBookForm, PriceForm
from deals.models import Price, PriceBook
from deals.services.products import create_price_book, set_price, trash, update_price_book

PRICES_A_PAGE = 100
MOST_BOOKS = 200


@login_required
@require_safe
def pricebook_list(request: HttpRequest) -> HttpResponse:
    """All price books, those in force first."""
    if not request.user.has_perm("deals.view_pricebook"):
        raise PermissionDenied
    counted = Count("prices", filter=Q(prices__deleted_at=None))
    books = PriceBook.objects.visible_to(request.user).annotate(count=counted)
    context = {
        "books": books.order_by("-is_active", "currency", "-is_default", "name", "pk")[:MOST_BOOKS],
        "may_manage": request.user.has_perm(MANAGE_SALES),
        "today": today(),
    }
    return render(request, "deals/pricebook_list.html", context)


class PriceBookDetail(RecordDetailView):
    model = PriceBook
    object: PriceBook
    template_name = "deals/pricebook_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        book, user = self.object, self.request.user
        prices = Price.objects.visible_to(user).filter(price_book=book, product__deleted_at=None)
        rows = prices.select_related("product").order_by(
            "product__sort_name", "product", "min_quantity", "pk"
        )
        page = Paginator(rows, PRICES_A_PAGE).get_page(page_number(self.request.GET.get("page")))
        return super().get_context_data(
            book=book, page=page, may_manage=user.has_perm(MANAGE_SALES), today=today(), **kwargs
        )


class _Managed:
    """Create pages for those who run sales."""

    request: HttpRequest

    def prepare(self) -> None:
        if not self.request.user.has_perm(MANAGE_SALES):
            raise PermissionDenied


class PriceBookCreate(_Managed, RecordCreateView):
    model = PriceBook
    form_class = PriceBookForm

    def perform(self, form: PriceBookForm, version: int | None) -> PriceBook:
        return create_price_book(values=form.values(), actor=self.request.user)

    def get_cancel_url(self) -> str:
        return reverse("deals:pricebook_list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_heading=_("New price book"), **kwargs)


class PriceBookUpdate(RecordUpdateView):
    model = PriceBook
    object: PriceBook
    form_class = PriceBookForm

    def perform(self, form: PriceBookForm, version: int | None) -> ChangeSet | None:
        return update_price_book(
            self.object, values=form.values(), actor=self.request.user, expected_version=version
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_heading=self.object.name, **kwargs)


class PriceBookDelete(RecordDeleteView):
    model = PriceBook
    object: PriceBook

    def perform(self) -> ChangeSet:
        return trash(self.object, actor=self.request.user)

    def get_success_url(self) -> str:
        return reverse("deals:pricebook_list")


class PriceCreate(RecordCreateView):
    """A price in the book of the address; `?product=` comes from a product's page."""

    model = Price
    form_class = PriceForm

    def prepare(self) -> None:
        self.book = visible_or_404(self.request, PriceBook, self.kwargs["pk"], action="change")

    def perform(self, form: PriceForm, version: int | None) -> ChangeSet | None:
        return set_price(self.book, values=form.values(), actor=self.request.user)

    def get_success_message(self, result: Any) -> str:
        return _("Saved.")

    def get_success_url(self, result: Any) -> str:
        return self.book.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.book.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        heading = _("New price in %(book)s (%(currency)s)") % {
            "book": self.book.name,
            "currency": self.book.currency,
        }
        return super().get_context_data(page_heading=heading, **kwargs)


class PriceUpdate(RecordUpdateView):
    model = Price
    object: Price
    form_class = PriceForm

    def perform(self, form: PriceForm, version: int | None) -> ChangeSet | None:
        book = self.object.price_book
        return set_price(
            book,
            values=form.values(),
            actor=self.request.user,
            price=self.object,
            expected_version=version,
        )

    def get_success_url(self, result: Any) -> str:
        return self.object.price_book.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.object.price_book.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_heading=str(self.object), **kwargs)


class PriceDelete(RecordDeleteView):
    model = Price
    object: Price
    template_name = "deals/price_delete.html"

    def perform(self) -> ChangeSet:
        return trash(self.object, actor=self.request.user)

    def get_success_url(self) -> str:
        return self.object.price_book.get_absolute_url()
