"""The rows of the line editor: as they are kept, or as they were sent, with what the server works out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import today
from core.forms import SearchSelect, TypedName
from deals.constants import Period
from deals.models import Deal, DealLine, PriceBook, Product, Quote
from deals.pricing import LineAmounts, Totals, line_amounts, totals
from deals.selectors.lines import lines_of
from deals.selectors.prices import PriceList, unit_cost
from deals.selectors.rates import Rates
from deals.services.lines import CONTENT, MOST_LINES, MOST_NET

ZERO = Decimal(0)
OFFERED = 20
#: What a chosen product fills.
FILLED = ("description", "unit", "unit_price", "tax_percent", "recurring_period", "unit_cost")


def _number(
    label: Any, digits: int, places: int, least: Decimal, most: Decimal | None = None, **more: Any
) -> Any:
    validators: list[Any] = [MinValueValidator(least)]
    if most is not None:
        validators.append(MaxValueValidator(most))
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"})
    return forms.DecimalField(
        label=label, max_digits=digits, decimal_places=places, validators=validators, widget=widget, **more
    )


class LineForm(forms.Form):
    """One row. The product only fills it: what is sold stands in the row itself."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)
    #: The product and list price this row was last filled with: a price typed over is left alone.
    filled_for = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    list_price = forms.CharField(required=False, widget=forms.HiddenInput, max_length=30)
    product = forms.CharField(label=gettext_lazy("Product"), required=False, max_length=200)
    description = forms.CharField(label=gettext_lazy("Description"), max_length=300)
    quantity = _number(gettext_lazy("Quantity"), 14, 3, Decimal("0.001"))
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=30, required=False)
    unit_price = _number(gettext_lazy("Unit price"), 18, 4, ZERO)
    discount_percent = _number(gettext_lazy("Discount (%)"), 5, 2, ZERO, Decimal(100), required=False)
    tax_percent = _number(gettext_lazy("Tax (%)"), 5, 2, ZERO, Decimal(100), required=False)
    recurring_period = forms.ChoiceField(
        label=gettext_lazy("Recurring"), required=False,
        choices=[("", gettext_lazy("once")), *Period.choices],
    )  # fmt: skip
    unit_cost = _number(gettext_lazy("Unit cost"), 18, 4, ZERO, required=False)

    def __init__(self, *args: Any, known: Mapping[str, Product], offered: list[Product], currency: str,
                 **kwargs: Any) -> None:  # fmt: skip
        self.known, self.currency = known, currency
        super().__init__(*args, **kwargs | {"use_required_attribute": False})
        chosen = known.get(str(self["product"].value() or ""))
        rows = [chosen, *(row for row in offered if row != chosen)] if chosen else offered
        select = SearchSelect(source="deals:product_options")
        select.choices = [("", "–"), *((row.pk, row.name) for row in rows)]
        self.fields["product"].widget = select

    @property
    def filled_fields(self) -> list[Any]:
        """The cells a product filled."""
        return [self[name] for name in (*FILLED, "quantity")]

    def clean_product(self) -> Product | None:
        value = self.cleaned_data["product"]
        if not value:
            return None
        if value not in self.known:
            raise ValidationError(_("Choose one of the products."))
        return self.known[value]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("discount_percent", "tax_percent"):
            data[name] = data.get(name) or ZERO
        amounts = self._amounts(data)
        if amounts is not None and amounts.net >= MOST_NET:
            self.add_error("unit_price", _("This line comes to more than fits here."))
        return data

    @property
    def amounts(self) -> LineAmounts | None:
        """What the row comes to; None while its numbers cannot be read."""
        return self._amounts(self.cleaned_data) if self.is_bound and self.is_valid() else None

    def row(self) -> dict[str, Any]:
        """The row as `save_lines` takes it."""
        return {"id": self.cleaned_data["id"], **{name: self.cleaned_data[name] for name in CONTENT}}

    def line(self) -> DealLine:
        """The row as a line with its amounts, for the totals."""
        amounts = self.amounts or LineAmounts(ZERO, ZERO)
        return DealLine(
            **{name: self.cleaned_data[name] for name in CONTENT}, net=amounts.net, tax=amounts.tax
        )

    def _amounts(self, data: Mapping[str, Any]) -> LineAmounts | None:
        quantity, price = data.get("quantity"), data.get("unit_price")
        discount, tax = data.get("discount_percent"), data.get("tax_percent")
        if quantity is None or price is None or discount is None or tax is None:
            return None
        return line_amounts(quantity, price, discount, tax, self.currency)


class LineRows:
    """All rows of one deal or quote. `data` is what was sent; without it the lines as they are."""

    def __init__(
        self, whole: Deal | Quote, *, user: Any, data: Any = None, price_book: PriceBook | None = None
    ) -> None:
        self.whole, self.user, self.price_book = whole, user, price_book
        self.raw = [_of_line(line) for line in lines_of(whole)] if data is None else _sent(data)
        self.filled: set[int] = set()  # rows that were filled in this request, by place

    def act(self, act: str) -> None:
        """Add a row, or move or remove one: "add", "remove-3", "up-3", "down-3"."""
        name, _dash, place = act.partition("-")
        at = int(place) if place.isascii() and place.isdigit() and len(place) < 5 else -1
        if name == "add" and len(self.raw) < MOST_LINES:
            self.raw.append({"quantity": "1"})
        elif name in ("remove", "up", "down") and 0 <= at < len(self.raw):
            row = self.raw.pop(at)
            if name != "remove":
                self.raw.insert(max(at - 1, 0) if name == "up" else at + 1, row)

    def fill(self) -> None:
        """Take description, price, tax and cost from newly chosen products, and the price of the step
        the quantity has reached where nobody typed another one."""
        products = self._known()
        chosen = {place: products[row["product"]] for place, row in enumerate(self.raw)
                  if row.get("product") in products}  # fmt: skip
        day, currency = today(), self.whole.currency
        prices = PriceList([product.pk for product in chosen.values()], currency, day, self.price_book)
        rates = Rates()
        for place, product in chosen.items():
            row = self.raw[place]
            price = prices.unit_price(product.pk, _decimal(row.get("quantity")) or Decimal(1))
            if row.get("filled_for") != str(product.pk):
                cost = unit_cost(product, currency, rates, day)
                row |= {
                    "description": product.name,
                    "unit": product.unit,
                    "tax_percent": plain(product.tax_percent),
                    "recurring_period": product.recurring_period,
                    "unit_cost": "" if cost is None else plain(cost),
                    "unit_price": "" if price is None else plain(price),
                    "quantity": row.get("quantity") or "1",
                    "filled_for": str(product.pk),
                }
                self.filled.add(place)
            elif price is not None and self._follows_list(row, price):
                row["unit_price"] = plain(price)
                self.filled.add(place)
            row["list_price"] = "" if price is None else plain(price)

    @staticmethod
    def _follows_list(row: Mapping[str, str], price: Decimal) -> bool:
        """Whether the row stands at the list price of before, and that is another one now."""
        stands = _decimal(row.get("unit_price"))
        return stands == _decimal(row.get("list_price")) and stands != price

    def forms(self) -> list[LineForm]:
        """The rows as forms, numbered anew."""
        if not hasattr(self, "_forms"):
            options = self._options()
            self._forms = [
                LineForm(
                    {f"line-{place}-{name}": value for name, value in row.items()},
                    prefix=f"line-{place}",
                    **options,
                )
                for place, row in enumerate(self.raw)
            ]
        return self._forms

    def shown(self, *, tried: bool) -> list[dict[str, Any]]:
        """What the page draws of each row: with complaints only once somebody tried to save."""
        options = self._options()
        return [
            {
                "form": form if tried else LineForm(initial=row, prefix=form.prefix, **options),
                "prefix": form.prefix,
                "place": place,
                "number": place + 1,
                "net": form.amounts.net if form.amounts else None,
                "filled": place in self.filled,
            }
            for place, (row, form) in enumerate(zip(self.raw, self.forms(), strict=True))
        ]

    def drop_blank(self) -> None:
        """Rows nobody wrote anything into say nothing."""
        self.raw = [row for row in self.raw if any(row.get(name) for name in ("product", "description",
                    "unit_price"))]  # fmt: skip

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self.forms()]  # each one says what is wrong with it
        return all(valid)

    def totals(self) -> Totals:
        """The sums of the rows that can be read."""
        return totals([form.line() for form in self.forms() if form.amounts is not None])

    def unread(self) -> int:
        """How many rows are left out of the totals."""
        return sum(1 for form in self.forms() if form.amounts is None)

    def _options(self) -> dict[str, Any]:
        if not hasattr(self, "_offered"):
            rows = Product.objects.visible_to(self.user).filter(is_active=True)
            self._offered = list(rows.order_by("sort_name", "pk")[:OFFERED])
        return {"known": self._known(), "offered": self._offered, "currency": self.whole.currency}

    def _known(self) -> dict[str, Product]:
        """The products the rows name, by their id; names that were typed are looked up."""
        if not hasattr(self, "_products"):
            self._products: dict[str, Product] = {}
        rows = Product.objects.visible_to(self.user)
        for row in self.raw:
            typed = row.pop("product-typed", "")
            if typed and not row.get("product"):
                row["product"] = str(getattr(_named(rows, TypedName(typed)), "pk", typed))
        wanted = {row["product"] for row in self.raw if _is_id(row.get("product"))} - self._products.keys()
        if wanted:
            self._products |= {str(row.pk): row for row in rows.filter(pk__in=wanted)}
        return self._products


def plain(number: Decimal) -> str:
    """A number as one types it."""
    return f"{number.normalize():f}"


def _named(rows: Any, name: str) -> Product | None:
    """The one product a typed name means."""
    found = list(rows.search(name)[:5])
    same = [row for row in found if row.name.casefold() == name.strip().casefold()]
    return (same or found)[0] if len(same) == 1 or len(found) == 1 else None


def _is_id(text: Any) -> bool:
    return isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 19


def _decimal(text: Any) -> Decimal | None:
    try:
        return forms.DecimalField(required=False, max_digits=18).clean(text or "")
    except ValidationError:
        return None


def _of_line(line: Any) -> dict[str, str]:
    """A line as the editor would send it."""
    row = {name: getattr(line, name) for name in CONTENT if name != "product"}
    shown = {name: plain(value) if isinstance(value, Decimal) else value or "" for name, value in row.items()}
    product = str(line.product_id or "")
    # Filled already: a list price that changed since does not change a line somebody agreed on.
    return {**shown, "id": str(line.pk), "product": product, "filled_for": product, "list_price": ""}


def _sent(data: Any) -> list[dict[str, str]]:
    count = data.get("rows", "0")
    number = int(count) if count.isascii() and count.isdigit() and len(count) < 5 else 0
    names = [*LineForm.base_fields, "product-typed"]
    return [
        {name: data[f"line-{place}-{name}"] for name in names if f"line-{place}-{name}" in data}
        for place in range(min(number, MOST_LINES))
    ]
