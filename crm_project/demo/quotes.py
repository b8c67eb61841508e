"""Sample products, price books, lines of deals, and quotes in every state.

The story: each team sells from its own range; software and service contracts recur. What a late deal is
about stands on it product by product, and its quote is with the customer; one customer asked for changes
and got a second version, won deals have the quote that was accepted.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

from accounts.clock import organisation_zone
from core.changes import ChangeLog
from crm_project.demo import material
from deals.constants import Period, QuoteStatus, StageKind
from deals.models import Deal, DealLine, Price, PriceBook, Product, Quote, QuoteLine
from deals.pricing import line_amounts, totals
from deals.selectors.lines import deal_sums, quote_sums
from deals.services.lines import CONTENT
from deals.services.quotes import sender_text
from deals.services.sealing import seal

CENT = Decimal("0.01")
#: What one euro costs, about; the price books are kept apart and not converted each day.
PER_EURO = {"EUR": Decimal(1), "USD": Decimal("1.08"), "CNY": Decimal("7.80")}
BOOKS = {"EUR": "List prices EUR", "USD": "List prices USD", "CNY": "人民币价目表"}
TAX = {"Wholesale": Decimal(19), "Software": Decimal(6), "Health care": Decimal(20)}
#: (from quantity, part of the list price)
STEPS = ((0, Decimal(1)), (10, Decimal("0.95")), (50, Decimal("0.90")))
TERMS = {
    "en": "Payment within 30 days of invoice. Delivery within four weeks of acceptance. Prices exclude tax.",
    "zh-hans": "付款条件：收到发票后 30 天内付款。接受报价后四周内交付。价格不含税。",
}
THANKS = {
    "en": "Thank you for the good talks. We are pleased to offer:",
    "zh-hans": "感谢贵方的信任，现报价如下：",
}
#: What became of the quotes of open deals, in turn.
TURNS = ("sent", "draft", "revised", "sent", "expired", "declined")
ANSWERS = {
    "en": ("Please start as soon as you can.", "We have decided to wait until next year."),
    "zh-hans": ("请尽快开始。", "我们决定推迟到明年。"),
}


@dataclass
class _Made:
    """Rows written at the end in few statements."""

    lines: list[DealLine] = field(default_factory=list)
    quotes: int = 0


def make_quotes(log: ChangeLog, deals: list[Deal], now: datetime, dice: random.Random) -> None:
    """Products of each team, what deals are made of, and about 30 quotes."""
    products = make_products(log, dice)
    today = now.astimezone(organisation_zone()).date()
    made = _Made()
    turn = 0
    for deal in deals:
        if deal.status == StageKind.LOST or deal.amount is None or deal.team is None:
            continue
        lines = _lines(deal, products[deal.team.name], dice)
        made.lines += lines
        if deal.status == StageKind.WON and deal.closed_on and dice.random() < 0.5:
            _quote(log, made, deal, lines, deal.closed_on - timedelta(days=12), today, "accepted")
        elif deal.status == StageKind.OPEN and deal.stage.probability >= 30:
            _quote(log, made, deal, lines, today - timedelta(days=dice.randint(2, 20)), today,
                   TURNS[turn % len(TURNS)])  # fmt: skip
            turn += 1
    log.bulk_create(made.lines)
    for deal in {line.deal for line in made.lines}:
        # Part of its making: the amount is what the products add up to.
        Deal._base_manager.filter(pk=deal.pk).update(
            amount=deal.amount,
            recurring_amount=deal.recurring_amount,
            recurring_period=deal.recurring_period,
        )


def make_products(log: ChangeLog, dice: random.Random) -> dict[str, list[tuple[Product, str, Decimal]]]:
    """(product, currency of its team, list price) by team, with prices in three currencies."""
    books = {code: PriceBook(name=name, currency=code, is_default=True) for code, name in BOOKS.items()}
    log.bulk_create(list(books.values()))
    found: dict[str, list[tuple[Product, str, Decimal]]] = {}
    prices: list[Price] = []
    for team, field_of in material.FIELDS.items():
        currency = field_of["currency"]
        made = []
        for sku, name, price in field_of["products"]:
            product = Product(
                sku=sku,
                name=name,
                category=team,
                unit="套" if currency == "CNY" else "pcs",
                tax_percent=TAX[team],
                recurring_period=_recurs(sku, name),
                cost=(Decimal(price) * Decimal(dice.randint(45, 70)) / 100).quantize(CENT),
                cost_currency=currency,
            )
            made.append((product, currency, Decimal(price)))
        log.bulk_create([product for product, _currency, _price in made])
        for product, own, price in made:
            for code, book in books.items():
                base = price * PER_EURO[code] / PER_EURO[own]
                prices += [
                    Price(price_book=book, product=product, min_quantity=least,
                          unit_price=(base * part).quantize(CENT, rounding=ROUND_HALF_UP))
                    for least, part in STEPS
                ]  # fmt: skip
        found[team] = made
    log.bulk_create(prices)
    return found


def _recurs(sku: str, name: str) -> str:
    words = f"{sku} {name}".casefold()
    yearly = any(word in words for word in ("seat", "席位", "support", "支持", "calibration", "contract"))
    return Period.YEAR if yearly else ""


def _lines(deal: Deal, products: list[tuple[Product, str, Decimal]], dice: random.Random) -> list[DealLine]:
    """One to three products that come to about the amount of the deal."""
    assert deal.amount is not None
    lines = []
    chosen = dice.sample(products, dice.randint(1, 3))
    for position, (product, currency, price) in enumerate(chosen, start=1):
        unit = (price * PER_EURO[deal.currency] / PER_EURO[currency]).quantize(CENT, rounding=ROUND_HALF_UP)
        quantity = max(Decimal(1), (deal.amount / len(chosen) / unit).quantize(Decimal(1)))
        discount = Decimal(dice.choice([0, 0, 5, 10]))
        amounts = line_amounts(quantity, unit, discount, product.tax_percent, deal.currency)
        assert product.cost is not None
        cost = product.cost * PER_EURO[deal.currency] / PER_EURO[currency]
        lines.append(
            DealLine(
                deal=deal,
                position=position,
                product=product,
                description=product.name,
                quantity=quantity,
                unit=product.unit,
                unit_price=unit,
                discount_percent=discount,
                tax_percent=product.tax_percent,
                recurring_period=product.recurring_period,
                unit_cost=cost.quantize(Decimal("0.0001")),
                net=amounts.net,
                tax=amounts.tax,
            )
        )
    for name, value in deal_sums(lines).items():
        setattr(deal, name, value)
    return lines


def _quote(
    log: ChangeLog, made: _Made, deal: Deal, lines: list[DealLine], day: date, today: date, state: str
) -> None:
    """One quote, or two versions of it."""
    made.quotes += 1
    number = f"DEMO-Q{made.quotes:03}"
    if state == "revised":
        _version(log, deal, lines, number, 1, day - timedelta(days=9), QuoteStatus.SUPERSEDED)
        _version(log, deal, lines, number, 2, day, QuoteStatus.SENT)
    elif state == "expired":
        _version(log, deal, lines, number, 1, today - timedelta(days=45), QuoteStatus.EXPIRED)
    else:
        _version(log, deal, lines, number, 1, day, QuoteStatus(state))


def _version(
    log: ChangeLog, deal: Deal, lines: list[DealLine], number: str, revision: int, day: date, status: str
) -> None:
    customer = deal.customer
    assert customer is not None
    language = "zh-hans" if deal.currency == "CNY" else "en"
    contact = customer.contacts.order_by("pk").first()
    recipient = (customer.name, contact.name if contact else "", customer.city)
    quote = Quote(
        number=number,
        revision=revision,
        deal=deal,
        contact=contact,
        title=deal.name,
        recipient="\n".join(part for part in recipient if part),
        language=language,
        currency=deal.currency,
        quoted_on=day,
        valid_until=day + timedelta(days=30),
        introduction=THANKS[language],
        terms=TERMS[language],
        status=status,
        **quote_sums(totals(lines)),
    )  # fmt: skip
    if status != QuoteStatus.DRAFT:
        quote.sender = sender_text()
        quote.sent_at = _at(day, 10)
    if status in (QuoteStatus.ACCEPTED, QuoteStatus.DECLINED):
        quote.answered_at = _at(day + timedelta(days=1), 15)
        quote.answered_name = contact.name if contact else customer.name
        quote.answer_note = ANSWERS[language][status == QuoteStatus.DECLINED]
    log.create(quote, validate=False)
    rows = [QuoteLine(quote=quote, **_copied(line)) for line in lines]
    log.bulk_create(rows)
    if status != QuoteStatus.DRAFT:
        stored = Quote._base_manager.get(pk=quote.pk)
        kept = QuoteLine._base_manager.filter(quote=quote).order_by("position", "pk")
        Quote._base_manager.filter(pk=quote.pk).update(seal=seal(stored, kept))


def _copied(line: DealLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in (*CONTENT, "position", "net", "tax")}


def _at(day: date, hour: int) -> datetime:
    return min(timezone.make_aware(datetime.combine(day, time(hour)), organisation_zone()), timezone.now())
