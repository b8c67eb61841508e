"""The import of products with their list price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.constants import MANAGE_SALES
from accounts.organisation import get_organisation
from core.changes import ChangeLog
from core.imports import outcome as o
from core.imports.fields import Field
from core.imports.outcome import Outcome
from core.imports.parsed import Parsed, Reason
from core.imports.registry import Context, Importer, Preset, Session, register
from core.imports.seen import Seen
from core.money import is_currency
from core.text import fold
from deals.constants import Period
from deals.models import Price, PriceBook, Product

MOST = Decimal(10) ** 14
COLUMNS = ("sku", "name", "category", "unit", "description", "tax_percent", "recurring_period", "cost")


@register
class ProductImporter(Importer):
    key = "deals.product"
    permission = MANAGE_SALES
    label = gettext_lazy("Products")
    hint = gettext_lazy("One row for each product; a price goes into the default price book of its currency.")
    icon = "cube"
    match_keys = (("sku", gettext_lazy("Product code, else name")),)
    policies = ("skip", "update")
    creates = (Product, PriceBook, Price)
    presets = (
        Preset(
            "sales-pipeline-products",
            gettext_lazy("Products of a sales pipeline"),
            {"product": "name", "series": "category", "sales_price": "price"},
            settings={"duplicates": "update", "fill": "empty"},
        ),
    )

    def fields(self) -> list[Field]:
        return [
            Field("name", gettext_lazy("Name"), ("product", "product name", "item", "产品", "产品名称"),
                  max_length=200, required=True),
            Field("sku", gettext_lazy("Product code"), ("sku", "code", "article", "item number", "编码",
                  "产品编码"), max_length=60, help=gettext_lazy("Empty: the name.")),
            Field("category", gettext_lazy("Category"), ("series", "group", "product group", "类别", "系列"),
                  max_length=80),
            Field("unit", gettext_lazy("Unit"), ("单位",), max_length=30),
            Field("description", gettext_lazy("Description"), ("描述", "说明"), "long_text", max_length=5000),
            Field("price", gettext_lazy("List price"), ("price", "sales_price", "unit price", "单价", "价格"),
                  "money"),
            Field("currency", gettext_lazy("Currency"), ("币种", "货币"), "currency", max_length=3,
                  constant=True, help=gettext_lazy("Empty: the organisation's.")),
            Field("tax_percent", gettext_lazy("Tax (%)"), ("tax", "vat", "税率"), "number", low=0, high=100,
                  constant=True),
            Field("recurring_period", gettext_lazy("Recurring"), ("billing period", "周期"), "choice",
                  choices=dict(Period.choices), constant=True),
            Field("cost", gettext_lazy("Cost per unit"), ("cost", "成本"), "money"),
        ]  # fmt: skip

    def session(self, context: Context) -> ProductSession:
        return ProductSession(context)


class ProductSession(Session):
    """Products row by row, found again by their code, else by their name."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.base = get_organisation().base_currency
        self.seen = Seen() if self.trial else None
        self.new: list[Product] = []
        self.changed: dict[int, tuple[Product, dict[str, Any]]] = {}
        self.prices: list[tuple[Product, str, Decimal]] = []

    def take(self, rows: Parsed, outcome: Outcome, log: ChangeLog | None) -> None:
        self.new, self.changed, self.prices = [], {}, []
        drafts = [self._draft(rows, place) for place in range(rows.count)]
        by_sku, by_name = self._known([draft for draft in drafts if draft])
        for place, row in enumerate(rows.rows):
            draft = drafts[place]
            if draft is None:
                outcome.tell(o.ERROR, row, rows.problems[place])
                continue
            found = by_sku.get(fold(draft["sku"])) or (
                None if draft["coded"] else by_name.get(fold(draft["name"]))
            )
            if found is None and not self._seen_before(draft):
                product = Product(**_columns(draft))
                by_sku[fold(product.sku)] = by_name[fold(product.name)] = product
                self.new.append(product)
                self._price(product, draft)
                outcome.count(o.CREATED)
            elif self.plan.duplicates == "skip" or found is None or found.pk is None:
                outcome.tell(o.SKIPPED, row, [Reason("exists", _("This product is there already."))])
            else:
                outcome.count(o.UPDATED if self._update(found, draft) else o.UNCHANGED)
        outcome.make("deals.product", len(self.new) + len(self.changed))
        if log is not None:
            self._write(log)

    def _draft(self, rows: Parsed, place: int) -> dict[str, Any] | None:
        values: dict[str, Any] = {name: rows.column(name)[place] for name in COLUMNS}
        price, currency = rows.column("price")[place], rows.column("currency")[place]
        cost = values.pop("cost")
        values["coded"] = bool(values["sku"])
        values["sku"] = values["sku"] or (values["name"] or "")[:60]
        values["currency"] = (price.currency if price else "") or currency or self.base
        values["price"] = None if price is None else price.amount
        values["cost"] = None if cost is None else cost.amount
        values["cost_currency"] = "" if cost is None else cost.currency or values["currency"]
        for name in ("price", "cost"):
            if values[name] is not None and not 0 <= values[name] < MOST:
                rows.problem(place, Reason("price_range", _("A price is zero or more.")))
        if not all(is_currency(code) for code in (values["currency"], values["cost_currency"]) if code):
            rows.problem(place, Reason("not_a_currency", _("This is not a currency in use.")))
        return None if place in rows.problems else values

    def _known(self, drafts: list[dict[str, Any]]) -> tuple[dict[str, Product], dict[str, Product]]:
        """Products there are by folded code and name."""
        skus, names = {draft["sku"] for draft in drafts}, {fold(draft["name"])[:200] for draft in drafts}
        rows = list(Product.objects.alive().filter(sku__in=skus))
        rows += list(Product.objects.alive().filter(sort_name__in=names).order_by("-pk"))
        return {fold(row.sku): row for row in rows}, {fold(row.name): row for row in rows}

    def _seen_before(self, draft: dict[str, Any]) -> bool:
        """In a trial nothing is written: an earlier chunk is remembered by its keys."""
        if self.seen is None:
            return False
        key = (fold(draft["sku"]),)
        before = self.seen.get(key)
        self.seen.add(key, 1)
        return bool(before)

    def _update(self, product: Product, draft: dict[str, Any]) -> bool:
        values = {
            name: value
            for name, value in _columns(draft).items()
            if name not in ("sku", "name")
            and value not in (None, "")
            and value != getattr(product, name)
            and (self.plan.overwrite or getattr(product, name) in (None, ""))
        }
        if values:
            self.changed[product.pk] = (product, values)
        return self._price(product, draft) or bool(values)

    def _price(self, product: Product, draft: dict[str, Any]) -> bool:
        if draft["price"] is None:
            return False
        if product.pk is not None:
            there = Price.objects.alive().filter(
                product=product,
                min_quantity=0,
                price_book__is_default=True,
                price_book__currency=draft["currency"],
                price_book__deleted_at=None,
            )
            old = there.values_list("unit_price", flat=True).first()
            if old is not None and (old == draft["price"] or not self.plan.overwrite):
                return False
        self.prices.append((product, draft["currency"], draft["price"]))
        return True

    def _write(self, log: ChangeLog) -> None:
        log.bulk_create(self.new)
        log.bulk_update(self.changed.values())
        books = {currency: self._book(currency, log) for currency in {row[1] for row in self.prices}}
        wanted = {(product.pk, books[currency].pk): price for product, currency, price in self.prices}
        there = Price.objects.alive().filter(
            price_book__in=books.values(), product__in={pk for pk, _book in wanted}, min_quantity=0
        )
        known = {(row.product_id, row.price_book_id): row for row in there}
        log.bulk_update((known[key], {"unit_price": price}) for key, price in wanted.items() if key in known)
        log.bulk_create(
            [
                Price(product_id=product, price_book_id=book, unit_price=price)
                for (product, book), price in wanted.items()
                if (product, book) not in known
            ]
        )

    def _book(self, currency: str, log: ChangeLog) -> PriceBook:
        """The default price book of a currency, made where there is none."""
        found = PriceBook.objects.alive().filter(currency=currency, is_default=True).first()
        name = _("List prices %s") % currency
        return found or log.create(PriceBook(name=name, currency=currency, is_default=True))


def _columns(draft: dict[str, Any]) -> dict[str, Any]:
    """The columns of a product that a row fills."""
    values = {name: draft[name] for name in (*COLUMNS, "cost_currency") if draft[name] not in (None, "")}
    return {**values, "sku": draft["sku"], "name": draft["name"]}
