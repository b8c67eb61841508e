"""Orders made from won deals, and the money for them."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.clock import today
from core.changes import change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet
from deals.constants import ContractStatus, PaymentStatus
from deals.models import Contract, Deal, Order, OrderLine, Payment
from deals.selectors.lines import lines_of
from deals.services.contracts import won_deal
from deals.services.numbers import next_number

Kind = ChangeSet.Kind
PREFIX = "O"
# Orders keep two decimals in every currency.
CENT = Decimal("0.01")


def order_from_deal(deal: Deal, *, actor: Any) -> Order:
    """Book the order of a won deal with its lines; a deal has one order made this way."""
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        current = won_deal(deal)
        there = Order.objects.alive().filter(deal=current).first()
        if there is not None:
            raise RuleViolation(_("This deal has an order already: %s.") % there, code="exists")
        lines = _lines(current)
        if not lines:
            raise RuleViolation(_("The deal has neither products nor an amount."), code="empty")
        contract = Contract.objects.alive().filter(deal=current, status=ContractStatus.SIGNED).first()
        order = log.create(
            Order(
                number=next_number(PREFIX, today().year),
                customer=current.customer,
                deal=current,
                contract=contract,
                ordered_at=timezone.now(),
                currency=current.currency,
                total=sum((line.total for line in lines), Decimal(0)),
                cost=_cost(current),
                channel=str(current.source or "")[:40],
            )
        )
        for line in lines:
            line.order = order
        OrderLine.objects.bulk_create(lines)
    order.refresh_from_db()
    return order


def _lines(deal: Deal) -> list[OrderLine]:
    """The deal's lines, or one of its amount."""
    found = [
        OrderLine(
            position=position,
            sku=line.product.sku if line.product else "",
            description=line.description[:200],
            quantity=line.quantity,
            unit_price=line.net / line.quantity if line.quantity else line.net,
            total=line.net.quantize(CENT, rounding=ROUND_HALF_UP),
        )
        for position, line in enumerate(lines_of(deal), start=1)
    ]
    if not found and deal.amount:
        found = [
            OrderLine(
                position=1, description=deal.name[:200], quantity=1, unit_price=deal.amount, total=deal.amount
            )
        ]
    return found


def _cost(deal: Deal) -> Decimal | None:
    """What the lines cost; None where a cost is unknown."""
    lines = lines_of(deal)
    if not lines or any(line.unit_cost is None for line in lines):
        return None
    return sum((line.unit_cost * line.quantity for line in lines), Decimal(0)).quantize(CENT)


def mark_paid(payment: Payment, *, actor: Any, paid_on: date | None = None) -> ChangeSet | None:
    """The money came in; said twice it changes nothing."""
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        current = Payment._base_manager.select_for_update().get(pk=payment.pk)
        if current.status == PaymentStatus.PAID:
            return None
        if current.status != PaymentStatus.DUE:
            raise RuleViolation(_("Only a payment that is due can be paid."), code="not_due")
        log.update(current, {"status": PaymentStatus.PAID, "paid_on": paid_on or today()})
    return log.row


def rest_of(order: Order) -> Decimal:
    """What is neither paid nor asked for yet."""
    covered = Payment.objects.alive().filter(order=order, status__in=(PaymentStatus.DUE, PaymentStatus.PAID))
    return order.total - sum(covered.values_list("amount", flat=True), Decimal(0))
