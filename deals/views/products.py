"""Products: list, record, forms, and the options of a searched choice."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.constants import MANAGE_SALES
from core.models import ChangeSet
from core.search_registry import remember
from core.views.generic import RecordCreateView, RecordDeleteView, RecordDetailView, RecordUpdateView
from core.views.lists import ListPage
from deals.filters.products import GROUPS
from deals.forms.products import ProductForm
from deals.models import Price, Product
from deals.services.products import create_product, trash, update_product

OFFERED = 20


class ProductList(ListPage):
    spec_key = "products"
    title = gettext_lazy("Products")
    create_url = "deals:product_create"
    create_label = gettext_lazy("New product")
    import_target = "deals.product"
    permission = MANAGE_SALES
    export_url = "deals:product_export"
    filter_groups = GROUPS
    empty_title = gettext_lazy("No products yet")
    empty_text = gettext_lazy(
        "Products are what deals and quotes are made of, with a price in each currency."
    )
    empty_icon = "cube"
    switches = (
        ("deals:product_list", gettext_lazy("Products"), "cube"),
        ("deals:pricebook_list", gettext_lazy("Price books"), "tag"),
    )

    def _import_url(self, user: Any) -> str:
        return super()._import_url(user) if user.has_perm(self.permission) else ""


class ProductDetail(RecordDetailView):
    model = Product
    object: Product
    template_name = "deals/product_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        product, user = self.object, self.request.user
        remember(user, product)
        prices = Price.objects.visible_to(user).filter(product=product, price_book__deleted_at=None)
        return super().get_context_data(
            product=product,
            prices=prices.select_related("price_book").order_by(
                "price_book__currency", "price_book__name", "min_quantity", "pk"
            )[:200],
            may_manage=user.has_perm(MANAGE_SALES),
            **kwargs,
        )


class ProductCreate(RecordCreateView):
    model = Product
    form_class = ProductForm

    def prepare(self) -> None:
        if not self.request.user.has_perm(MANAGE_SALES):
            raise PermissionDenied

    def perform(self, form: ProductForm, version: int | None) -> Product:
        return create_product(values=form.values(), actor=self.request.user)

    def get_cancel_url(self) -> str:
        return reverse("deals:product_list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_heading=_("New product"), **kwargs)


class ProductUpdate(RecordUpdateView):
    model = Product
    object: Product
    form_class = ProductForm

    def perform(self, form: ProductForm, version: int | None) -> ChangeSet | None:
        return update_product(
            self.object, values=form.values(), actor=self.request.user, expected_version=version
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_heading=self.object.name, **kwargs)


class ProductDelete(RecordDeleteView):
    model = Product
    object: Product

    def perform(self) -> ChangeSet:
        return trash(self.object, actor=self.request.user)

    def get_success_url(self) -> str:
        return reverse("deals:product_list")


@login_required
@require_safe
def product_options(request: HttpRequest) -> HttpResponse:
    """Products on sale, for the searched choice: <option> lines."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    rows = Product.objects.visible_to(request.user).filter(is_active=True)
    rows = rows.search(text) if text else rows
    rows = rows.order_by("sort_name", "pk")[:OFFERED]
    return render(request, "deals/_product_options.html", {"rows": rows})
