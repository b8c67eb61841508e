"""Fills the browser tests' database: ``python -m tests.browser.seed FACTS``.

A team of people in two languages and customers that each belong to one test, so that tests can
run in any order on the same data.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

#: customer → the test it belongs to
NAMES = [
    "Inline Works", "Conflict Partners", "Board Logistics", "Trash Traders", "Undo Textiles",
    "Stage Optics", "Plain Foods", "Bulk Alpha", "Bulk Beta", "Bulk Gamma", "Palette Systems",
    "Deal Dynamics",
]  # fmt: skip
PASSWORD = "correct horse battery"


def main(path: Path) -> None:
    """Make people and records, and write down where they are."""
    import django

    django.setup()
    from accounts.models import Team
    from tests.factories.accounts import NotificationFactory, OrganisationFactory

    OrganisationFactory(name="Guanxi Test", retention_months=24)
    team = Team.objects.create(name="North")
    people = {
        "sales": person("sales@example.com", "Sam Seller", "sales", team, "en"),
        "second": person("second@example.com", "Sue Second", "sales", team, "en"),
        "administrator": person("admin@example.com", "Ada Admin", "administrator", team, "en"),
        "administrator_zh": person("admin-zh@example.com", "管理员", "administrator", team, "zh-hans"),
        "keys": person("keys@example.com", "Kay Keys", "sales", team, "en"),
        "codes": person("codes@example.com", "Cora Codes", "sales", team, "en"),
    }
    NotificationFactory.create_batch(120, user=people["second"])
    facts = {"password": PASSWORD, "people": {key: row.email for key, row in people.items()}}
    facts["records"] = records(people["sales"], people["administrator"])
    path.write_text(json.dumps(facts))


def person(email: str, name: str, role: str, team: Any, language: str) -> Any:
    from allauth.account.models import EmailAddress

    from tests.factories.accounts import UserFactory

    row = UserFactory(email=email, name=name, role=role, team=team, language=language, password=PASSWORD)
    EmailAddress.objects.create(user=row, email=email, primary=True, verified=True)
    return row


def records(owner: Any, administrator: Any) -> dict[str, int]:
    """A customer for each test and one with everything a record page can show."""
    from django.utils import timezone

    from core.models import ChangeSet
    from deals.models import Order
    from tests.factories import customers as made
    from tests.factories import deals as sold
    from tests.permissions.world import logged

    found = {}
    for name in NAMES:
        row = made.CustomerFactory(name=name, owner=owner, team=owner.team, city="Leeds", country="France")
        found[name] = row.pk
    tag = made.TagFactory(name="Key account")
    whole = made.CustomerFactory(
        name="Whole Trading 华东贸易", owner=owner, team=owner.team, city="Berlin", country="Germany",
        industry="Retail", domain="whole.example", tags=[tag], stage=made.stage("customer"),
    )  # fmt: skip
    contact = made.ContactFactory(customer=whole, owner=owner, team=owner.team)
    made.ContactMethodFactory(customer=whole)
    made.ContactMethodFactory(contact=contact)
    made.ConsentFactory(contact=contact)
    made.ImportantDateFactory(contact=contact)
    made.StageChangeFactory(customer=whole)
    history(whole, contact, owner)
    order = logged(Order(number="B1", customer=whole, ordered_at=timezone.now(), currency="EUR", total=120))
    deal = sold.DealFactory(name="Whole deal", customer=whole, owner=owner, team=owner.team)
    sold.DealStageChangeFactory(deal=deal)
    other = made.CustomerFactory(name="Whole Trading", owner=owner, team=owner.team)
    made.DuplicatePairFactory(first=whole, second=other)
    made.DuplicateContactPairFactory(first=contact, second=made.ContactFactory(owner=owner, team=owner.team))
    del administrator, ChangeSet
    return {
        **found,
        "whole": whole.pk,
        "contact": contact.pk,
        "deal": deal.pk,
        "stage": deal.stage_id,
        "pipeline": deal.pipeline_id,
        **board(owner),
        **quotes(deal, owner),
        "order": order.pk,
        "other": other.pk,
    }


def quotes(deal: Any, owner: Any) -> dict[str, Any]:
    """A product with prices, what the deal is made of, a draft, and a quote that was sent in each
    language with the token of its page."""
    from core.models import SharedLink
    from core.shared_links import token
    from deals.services.quotes import create_quote, send_quote
    from tests.factories import deals as sold

    product = sold.ProductFactory(name="Patient monitor", sku="MON-P4")
    book = sold.PriceBookFactory(name="List prices", is_default=True)
    sold.PriceFactory(product=product, price_book=book, unit_price=2750)
    sold.PriceFactory(product=product, price_book=book, min_quantity=10, unit_price=2500)
    sold.DealLineFactory(deal=deal, product=product, description=product.name, unit_price=2750)
    found: dict[str, Any] = {"product": product.pk, "price_book": book.pk}
    for language in ("en", "zh-hans"):
        quote = create_quote(deal, actor=owner, data={"language": language, "terms": "30 days"})
        send_quote(quote, actor=owner)
        found |= {"quote": quote.pk, f"public {language}": token(SharedLink.objects.get(object_id=quote.pk))}
    edited = sold.DealFactory(name="Quoted deal", customer=None, owner=owner, team=owner.team)
    found["quoted"] = edited.pk
    return {**found, "draft": create_quote(deal, actor=owner).pk}


def board(owner: Any) -> dict[str, int]:
    """Deals that each belong to one test of the board."""
    from tests.factories import deals as sold

    made = {}
    for name in ("Keyboard deal", "Pointer deal", "Menu deal", "Asked deal", "Contested deal"):
        amount = None if name == "Asked deal" else 1000
        made[name] = sold.DealFactory(
            name=name, owner=owner, team=owner.team, amount=amount, customer=None
        ).pk
    return made


def history(customer: Any, contact: Any, owner: Any) -> None:
    from django.utils import timezone

    from activities.models import Activity, CadencePlan, Task
    from tests.permissions.world import logged

    now = timezone.now()
    for number, kind in enumerate(["call", "mail", "meeting", "note", "chat"]):
        at = now - timedelta(days=number)
        row = Activity(customer=customer, author=owner, kind=kind, subject=f"About order {number}", at=at)
        logged(row).contacts.add(contact)
    for days in (-2, 0, 3):
        day = now.date() + timedelta(days=days)
        logged(Task(title=f"Call back {days}", customer=customer, assignee=owner, author=owner, due_on=day))
    plan = CadencePlan(customer=customer, interval="monthly", starts_on=now.date(), next_on=now.date())
    logged(plan)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.browser.settings")
    main(Path(sys.argv[1]))
