"""Sample customers, contacts, stage history and orders."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from core.changes import ChangeLog
from core.text import digits, fold
from crm_project.demo import material
from customers.models import (
    Contact,
    ContactMethod,
    Customer,
    LifecycleStage,
    Membership,
    Source,
    StageChange,
    Tag,
)
from deals.models import Order, OrderLine

# How far customers have come: the funnel of the sample data narrows as real ones do.
REACHED = {"lead": 34, "qualified": 20, "opportunity": 16, "customer": 32, "loyal": 12, "lost": 14}
PATHS = {
    "lead": ["lead"],
    "qualified": ["lead", "qualified"],
    "opportunity": ["lead", "qualified", "opportunity"],
    "customer": ["lead", "qualified", "opportunity", "customer"],
    "loyal": ["lead", "qualified", "opportunity", "customer", "loyal"],
    "lost": ["lead", "qualified", "lost"],
}


def make_customers(
    log: ChangeLog, users: dict[str, User], now: datetime, dice: random.Random
) -> list[Customer]:
    """About 130 customers with contacts, their way through the funnel, and two years of orders."""
    stages = {stage.kind: stage for stage in LifecycleStage.objects.order_by("-position")}
    sources = [Source.objects.get_or_create(name=name)[0] for name in material.SOURCES]
    tags = [Tag.objects.get_or_create(name=name)[0] for name in material.TAGS]
    owners = {user.team.name: user for user in users.values() if user.role == "sales" and user.team}
    kinds = [kind for kind, count in REACHED.items() for _ in range(count)]
    dice.shuffle(kinds)
    names = {team: _names(field, dice) for team, field in material.FIELDS.items()}
    customers, changes = [], []
    for number, kind in enumerate(kinds):
        team = dice.choice([team for team in names if names[team]])
        customer, moves = _customer(number, names[team].pop(), kind, team, owners[team], now, stages, dice)
        customer.source = dice.choice(sources)
        customers.append(customer)
        changes.append(moves)
    log.bulk_create(customers)
    log.bulk_create(
        [
            StageChange(customer=customer, **move)
            for customer, moves in zip(customers, changes, strict=True)
            for move in moves
        ]
    )
    Customer.tags.through.objects.bulk_create(
        Customer.tags.through(customer=customer, tag=tag)
        for customer in customers
        for tag in dice.sample(tags, dice.choice([0, 0, 1, 1, 2]))
    )
    _contacts(log, customers, dice)
    _orders(log, [c for c in customers if c.stage.kind in ("customer", "loyal")], now, dice)
    return customers


def working_hours(day: datetime, dice: random.Random) -> datetime:
    """Some time of that day at which people work."""
    return day.replace(hour=dice.randint(8, 16), minute=dice.choice(range(0, 60, 5)), second=0, microsecond=0)


def _names(field: dict[str, Any], dice: random.Random) -> list[str]:
    space = "" if field["currency"] == "CNY" else " "
    names = [f"{head}{space}{tail}" for head in field["heads"] for tail in field["tails"]]
    dice.shuffle(names)
    return names


def _customer(
    number: int,
    name: str,
    kind: str,
    team: str,
    owner: User,
    now: datetime,
    stages: dict[str, LifecycleStage],
    dice: random.Random,
) -> tuple[Customer, list[dict[str, Any]]]:
    field = material.FIELDS[team]
    country, city = dice.choice(field["places"])
    age = timedelta(days=dice.randint(3, 40) if kind == "lead" else dice.randint(60, 700))
    entered = working_hours(now - age, dice)
    moves = _moves([stages[step] for step in PATHS[kind]], entered, now, owner, dice)
    customer = Customer(
        kind="company",
        name=name,
        external_id=f"D{1000 + number}",
        domain=_domain(name, number),
        industry=dice.choice(field["industries"]),
        size_band=dice.choice(material.SIZES),
        city=city,
        country=country,
        annual_revenue=Decimal(dice.randint(5, 900) * 10_000),
        currency=field["currency"],
        owner=owner,
        team=owner.team,
        language="zh-hans" if field["currency"] == "CNY" else "en",
        preferred_channel=dice.choice(["email", "phone", "chat"]),
        stage=moves[-1]["to_stage"],
        stage_since=moves[-1]["at"],
        created_at=entered,
        updated_at=entered,
    )
    return customer, moves


def _moves(
    path: list[LifecycleStage], entered: datetime, now: datetime, by: User, dice: random.Random
) -> list[dict[str, Any]]:
    at, before = entered, None
    moves: list[dict[str, Any]] = []
    room = max((now - entered).days - 1, len(path))
    for stage in path:
        if before is not None:
            at = working_hours(at + timedelta(days=dice.randint(1, max(1, room // len(path)))), dice)
        seconds = int((at - moves[-1]["at"]).total_seconds()) if moves else None
        moves.append({"from_stage": before, "to_stage": stage, "at": at, "by": by, "seconds": seconds})
        before = stage
    return moves


def _domain(name: str, number: int) -> str:
    plain = "".join(char for char in fold(name) if char.isascii() and char.isalnum())
    return f"{plain or f'gs{number}'}.example"


def _contacts(log: ChangeLog, customers: list[Customer], dice: random.Random) -> None:
    contacts, homes = [], []
    for customer in customers:
        for _ in range(dice.choice([1, 1, 2, 3])):
            contacts.append(_contact(customer, dice))
            homes.append(customer)
    log.bulk_create(contacts)
    firsts: set[int] = set()
    memberships = []
    for contact, customer in zip(contacts, homes, strict=True):
        primary = customer.pk not in firsts
        firsts.add(customer.pk)
        memberships.append(
            Membership(contact=contact, customer=customer, role=contact.job_title, primary=primary)
        )
    log.bulk_create(memberships)
    methods = []
    for number, customer in enumerate(customers):
        phone, email = f"+49 30 5551{number:04}", f"info@{customer.domain}"
        methods.append(
            ContactMethod(customer=customer, kind="phone", value=phone, key=digits(phone), primary=True)
        )
        methods.append(ContactMethod(customer=customer, kind="email", value=email, key=email, primary=True))
    for number, (contact, customer) in enumerate(zip(contacts, homes, strict=True)):
        local = fold(contact.given_name)
        email = f"{local if local.isascii() else f'contact{number}'}.{number}@{customer.domain}"
        phone = f"+49 30 5550{number:04}"
        methods.append(ContactMethod(contact=contact, kind="email", value=email, key=email, primary=True))
        methods.append(ContactMethod(contact=contact, kind="phone", value=phone, key=digits(phone)))
    log.bulk_create(methods)


def _contact(customer: Customer, dice: random.Random) -> Contact:
    chinese = customer.language == "zh-hans"
    contact = Contact(
        given_name=dice.choice(material.GIVEN_ZH if chinese else material.GIVEN),
        family_name=dice.choice(material.FAMILY_ZH if chinese else material.FAMILY),
        job_title=dice.choice(material.TITLES_ZH if chinese else material.TITLES),
        language=customer.language,
        owner=customer.owner,
        team=customer.team,
        created_at=customer.created_at,
    )
    contact.name = contact.composed_name()
    return contact


def _orders(log: ChangeLog, buyers: list[Customer], now: datetime, dice: random.Random) -> None:
    orders: list[Order] = []
    lines: list[OrderLine] = []
    for customer in buyers:
        at = customer.stage_since
        rhythm = dice.randint(15, 90)
        while at < now:
            order = Order(
                number=f"DEMO-{len(orders) + 1:05}",
                customer=customer,
                ordered_at=at,
                currency=customer.currency,
                channel=dice.choice(["Online", "Direct", "Partner"]),
            )
            made = _lines(order, customer, dice)
            order.total = sum((line.total for line in made), Decimal(0))
            orders.append(order)
            lines += made
            at = working_hours(at + timedelta(days=dice.randint(rhythm // 2, rhythm * 2)), dice)
    log.bulk_create(orders)
    for line in lines:
        line.order_id = line.order.pk
    OrderLine.objects.bulk_create(lines)


def _lines(order: Order, customer: Customer, dice: random.Random) -> list[OrderLine]:
    products = material.FIELDS[customer.team.name]["products"] if customer.team else []
    lines = []
    for position, (sku, description, price) in enumerate(dice.sample(products, dice.randint(1, 3)), start=1):
        quantity = Decimal(dice.randint(1, 24))
        lines.append(
            OrderLine(
                order=order,
                position=position,
                sku=sku,
                description=description,
                quantity=quantity,
                unit_price=Decimal(price),
                total=quantity * Decimal(price),
            )
        )
    return lines
