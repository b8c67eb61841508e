"""Forms of products, price books and prices."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.organisation import get_organisation
from core.forms import DateInput, RecordForm, SearchChoiceField
from core.money import currency_choices
from deals.models import Price, PriceBook, Product


def _currencies(form: RecordForm, name: str) -> None:
    form.fields[name].widget = forms.Select(choices=[("", "–"), *currency_choices()])


class ProductForm(RecordForm):
    class Meta:
        model = Product
        fields = (
            "name", "sku", "category", "unit", "tax_percent", "recurring_period", "cost", "cost_currency",
            "is_active", "description",
        )  # fmt: skip
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _currencies(self, "cost_currency")
        self.initial.setdefault("cost_currency", "")
        if not self.instance.pk:
            self.initial["cost_currency"] = get_organisation().base_currency

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("cost") is None:
            data["cost_currency"] = ""
        return data


class PriceBookForm(RecordForm):
    class Meta:
        model = PriceBook
        fields = ("name", "currency", "is_default", "valid_from", "valid_until", "is_active")
        widgets = {"valid_from": DateInput(), "valid_until": DateInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _currencies(self, "currency")


class PriceForm(RecordForm):
    """A price in a book; the book is named by the address."""

    searched = {"product": "deals:product_options"}

    class Meta:
        model = Price
        fields = ("product", "min_quantity", "unit_price")
        field_classes = {"product": SearchChoiceField}
