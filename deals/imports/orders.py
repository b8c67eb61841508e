"""The import of orders with their lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.bulk import insert_rows, reserve_ids
from core.changes import ChangeLog
from core.importing.readers import Row
from core.imports import outcome as o
from core.imports.fields import Field
from core.imports.outcome import Outcome
from core.imports.parsed import Parsed, Reason
from core.imports.registry import Context, Importer, Preset, Session, register
from core.imports.seen import Seen
from customers.models import Customer, StageChange
from deals.imports import notes
from deals.imports.buyers import Buyers
from deals.imports.lines import Draft, OrderBuilder, rounded
from deals.models import Order, OrderLine
from deals.selectors.rates import Rates
from deals.services.exchange_rates import base_totals

_ORDER = gettext_lazy("Order")
_LINE = gettext_lazy("Line")
_BUYER = gettext_lazy("Customer")


@register
class OrderImporter(Importer):
    key = "deals.order"
    permission = "deals.add_order"
    label = gettext_lazy("Orders")
    hint = gettext_lazy("One row for each line; rows with the same order number become one order.")
    icon = "shopping-bag"
    # Lines have no history of their own, so an order that is there is never changed by a file.
    policies = ("skip",)
    creates = (Customer, StageChange, Order)
    group_by = "number"
    presets = (
        Preset(
            "online-retail",
            gettext_lazy("Invoice lines of a shop (Online Retail)"),
            {
                "InvoiceNo": "number",
                "StockCode": "sku",
                "Description": "description",
                "Quantity": "quantity",
                "InvoiceDate": "ordered_at",
                "UnitPrice": "unit_price",
                "CustomerID": "customer_number",
                "Country": "country",
            },
            constants={"currency": "GBP"},
            settings={"duplicates": "skip", "options": {"return_prefix": "C"}},
        ),
    )

    def fields(self) -> list[Field]:
        return [
            Field("number", gettext_lazy("Number"), ("order number", "order id", "invoice", "invoice no",
                  "invoice number", "order no", "订单号", "订单编号", "发票号"), max_length=40, group=_ORDER,
                  help=gettext_lazy("Without it, every row is an order of its own.")),
            Field("ordered_at", gettext_lazy("Ordered"), ("date", "order date", "invoice date", "ordered on",
                  "created",
                  "日期", "订单日期", "下单时间", "下单日期"), "datetime", required=True, group=_ORDER),
            Field("currency", gettext_lazy("Currency"), ("币种",), "currency", max_length=3, group=_ORDER,
                  constant=True),
            Field("channel", gettext_lazy("Channel"), ("sales channel", "渠道"), max_length=40, group=_ORDER,
                  constant=True),
            Field("customer_number", gettext_lazy("Customer number"), ("customer id", "customerid",
                  "client id", "account id", "客户编号"), max_length=80, group=_BUYER),
            Field("customer_email", gettext_lazy("E-mail of the customer"), ("email", "customer email"),
                  "email", max_length=254, group=_BUYER),
            Field("customer_name", gettext_lazy("Customer"), ("customer name", "account", "company", "buyer",
                  "客户", "客户名称"), max_length=200, group=_BUYER),
            Field("country", gettext_lazy("Country"), ("ship country", "国家"), "country", max_length=80,
                  group=_BUYER),
            Field("sku", gettext_lazy("Product code"), ("sku", "stock code", "item", "article",
                  "编码", "产品编号", "商品编码"),
                  max_length=60, group=_LINE),
            Field("description", gettext_lazy("Product"), ("description", "item name", "product name",
                  "产品", "产品名称", "商品名称"),
                  max_length=200, group=_LINE),
            Field("quantity", gettext_lazy("Quantity"), ("qty", "pieces", "units", "cds", "数量"), "number",
                  group=_LINE),
            Field("unit_price", gettext_lazy("Unit price"), ("price", "单价"), "money", group=_LINE),
            Field("amount", gettext_lazy("Amount of the line"), ("amount", "total", "line total", "sum",
                  "金额", "小计"),
                  "money", group=_LINE),
        ]  # fmt: skip

    def session(self, context: Context) -> OrderSession:
        return OrderSession(context)


class OrderSession(Session):
    """Writes the orders of a chunk; an order that goes on in a later chunk gets its further lines."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.origin = context.run.change_set_id
        self.buyers = Buyers(self.actor, origin=self.origin, trial=self.trial)
        self.seen = Seen() if self.trial else None
        self.rates = Rates()
        self.prefix = str(self.plan.options.get("return_prefix", ""))
        self.leave_tests = self.plan.options.get("test_lines", "skip") == "skip"

    def take(self, rows: Parsed, outcome: Outcome, log: ChangeLog | None) -> None:
        drafts = OrderBuilder(self.plan, rows, self.context.run.pk).build()
        known = self._known(drafts)
        self.buyers.load(drafts.values())
        new: list[Draft] = []
        more: list[Draft] = []
        for draft in drafts.values():
            reason = self._refusal(draft, rows, known)
            if reason is not None:
                self._left_out(draft, rows, outcome, *reason)
                continue
            if self.leave_tests:
                self._drop_tests(draft, rows, outcome)
            if not draft.lines:
                continue
            outcome.count(o.CREATED, len(draft.lines))
            (more if draft.number in known or self._seen_before(draft) else new).append(draft)
        returns = {draft.number for draft in (*new, *more) if self._is_return(draft)}
        notes.tell(new, outcome, returns)
        outcome.make("deals.order", len(new))
        outcome.make("deals.orderline", sum(len(draft.lines) for draft in (*new, *more)))
        made = self.buyers.settle((*new, *more), log)
        outcome.make("customers.customer", made)
        if made:
            outcome.note("new_customer", notes.texts()["new_customer"], made)
        if log is not None:
            self._write(new, returns, log)
            self._append(more, known)

    def _known(self, drafts: dict[str, Draft]) -> dict[str, tuple[int, int | None]]:
        """Orders that are there: id and origin by number."""
        rows = Order._base_manager.filter(number__in=list(drafts), deleted_at=None)
        return {number: (pk, origin) for number, pk, origin in rows.values_list("number", "pk", "origin_id")}

    def _seen_before(self, draft: Draft) -> bool:
        if self.seen is None:
            return False
        before = self.seen.get((draft.number,))
        self.seen.add((draft.number,), 1)
        return bool(before)

    def _refusal(
        self, draft: Draft, rows: Parsed, known: dict[str, tuple[int, int | None]]
    ) -> tuple[str, Reason] | None:
        """Why an order is not taken: all of its lines stay out, for a part would be a wrong total."""
        if any(place in rows.problems for place in draft.places):
            text = _("Another line of this order cannot be imported; an order goes in whole or not at all.")
            return o.ERROR, Reason("other_line", text)
        if draft.number in known and known[draft.number][1] != self.origin:
            return o.SKIPPED, Reason("exists", _("An order with this number is there already."))
        reason = self.buyers.refusal(draft)
        return (o.SKIPPED, reason) if reason else None

    def _left_out(self, draft: Draft, rows: Parsed, outcome: Outcome, name: str, reason: Reason) -> None:
        for place in draft.places:
            outcome.tell(name, rows.rows[place], rows.problems.get(place) or [reason])

    def _drop_tests(self, draft: Draft, rows: Parsed, outcome: Outcome) -> None:
        kept = []
        for place, line in zip(draft.places, draft.lines, strict=True):
            if notes.is_test(line.sku):
                row: Row = rows.rows[place]
                outcome.tell(o.SKIPPED, row, [Reason("test", _("A test of the shop, not a sale."))])
            else:
                kept.append(line)
        draft.lines = kept

    def _is_return(self, draft: Draft) -> bool:
        return draft.amount < 0 or bool(self.prefix and draft.number.startswith(self.prefix))

    def _write(self, drafts: list[Draft], returns: set[str], log: ChangeLog) -> None:
        for draft, pk in zip(drafts, reserve_ids(Order, len(drafts)), strict=True):
            draft.pk = pk
        totals = [rounded(draft.amount) for draft in drafts]
        log.insert_rows(
            Order,
            len(drafts),
            {
                "id": [draft.pk for draft in drafts],
                "number": [draft.number for draft in drafts],
                "customer_id": [draft.customer_id for draft in drafts],
                "ordered_at": [draft.ordered_at for draft in drafts],
                "currency": [draft.currency for draft in drafts],
                "total": totals,
                "total_base": base_totals(
                    zip(totals, (d.currency for d in drafts), (d.ordered_at for d in drafts), strict=True),
                    self.rates,
                ),
                "is_return": [draft.number in returns for draft in drafts],
                "channel": [draft.channel for draft in drafts],
            },
        )
        _write_lines([(draft.pk, 0, draft) for draft in drafts])

    def _append(self, drafts: list[Draft], known: dict[str, tuple[int, int | None]]) -> None:
        """Further lines of orders this import has begun: part of their making, not a change."""
        if not drafts:
            return
        pks = [known[draft.number][0] for draft in drafts]
        lines = OrderLine.objects.filter(order__in=pks)
        last = dict(lines.values("order").annotate(last=Max("position")).values_list("order", "last"))
        _write_lines([(pk, last.get(pk, 0), draft) for pk, draft in zip(pks, drafts, strict=True)])
        for pk, draft in zip(pks, drafts, strict=True):
            rows = lines.filter(order=pk).values_list("quantity", "unit_price")
            amount = sum((quantity * price for quantity, price in rows), Decimal(0))
            order = Order._base_manager.get(pk=pk)
            values: dict[str, Any] = {
                "total": rounded(amount),
                "ordered_at": min(order.ordered_at, draft.ordered_at),
            }
            (values["total_base"],) = base_totals(
                [(values["total"], order.currency, values["ordered_at"])], self.rates
            )
            values["is_return"] = amount < 0 or bool(self.prefix and draft.number.startswith(self.prefix))
            Order._base_manager.filter(pk=pk).update(**values)


def _write_lines(orders: list[tuple[int, int, Draft]]) -> None:
    """Insert the lines of orders, numbered after the position each has reached."""
    columns: dict[str, list[Any]] = {
        name: [] for name in ("order_id", "position", "sku", "description", "quantity", "unit_price", "total")
    }
    order_ids, positions, skus, descriptions, quantities, prices, totals = columns.values()
    for pk, last, draft in orders:
        for position, line in enumerate(draft.lines, start=last + 1):
            order_ids.append(pk)
            positions.append(position)
            skus.append(line.sku)
            descriptions.append(line.description)
            quantities.append(line.quantity)
            prices.append(line.price)
            totals.append(rounded(line.amount))
    insert_rows(OrderLine, len(order_ids), columns)
