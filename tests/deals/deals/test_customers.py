"""Deals and their customer: merging, handing out and erasing what is known, emptying the trash."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.clock import today
from core.changes import change_set
from core.models import Change, ChangeSet
from core.personal_data import erase, everything
from core.undo import undo
from customers.services.merge import merge_records, what_moves
from deals.models import Deal, DealStageChange
from deals.services.deals import create_deal, update_deal
from deals.services.stages import lose_deal
from deals.services.trash import empty_trash
from tests.factories.accounts import AdministratorFactory
from tests.factories.customers import CustomerFactory
from tests.factories.deals import DealFactory, LostReasonFactory

pytestmark = pytest.mark.django_db


def test_a_merge_moves_the_deals_and_unmerge_brings_them_back() -> None:
    winner, loser = CustomerFactory(name="Right"), CustomerFactory(name="Double")
    deal = DealFactory(name="Boiler", customer=loser)
    assert ("deals", 1) in [
        (str(row.label), row.count) for row in what_moves([loser], AdministratorFactory())
    ]
    row = merge_records(winner, [loser], take={}, actor=AdministratorFactory())
    deal.refresh_from_db()
    assert deal.customer == winner
    assert deal in Deal.objects.search("right boiler")
    undo(row, actor=AdministratorFactory())
    deal.refresh_from_db()
    assert deal.customer == loser
    assert deal in Deal.objects.search("double boiler")


def test_a_customer_s_deals_are_handed_out_and_forgotten() -> None:
    customer = CustomerFactory()
    deal = create_deal(
        data={"name": "Ada's boiler", "customer": customer, "amount": Decimal(5), "custom": {"a": "Ada"}},
        actor=AdministratorFactory(),
    )
    update_deal(deal=deal, data={"description": "Ada likes it warm"}, actor=None)
    lose_deal(deal, actor=None, lost_reason=LostReasonFactory(), lost_note="Ada said no")
    told = everything(customer)
    assert [(row["name"], row["amount"], row["lost_note"]) for row in told["deals"]] == [
        ("Ada's boiler", Decimal("5.00"), "Ada said no")
    ]
    assert len(told["deal_moves"]) == 2
    with change_set(kind=ChangeSet.Kind.ERASE, actor=None) as log:
        erase(customer, log)
    deal.refresh_from_db()
    assert (deal.amount, deal.status) == (Decimal("5.00"), "lost")
    assert (deal.name, deal.description, deal.lost_note, deal.custom) == ("Deal (erased)", "", "", {})
    assert "ada" not in deal.search_text
    assert set(DealStageChange.objects.values_list("reason", flat=True)) == {""}
    assert not Change.objects.filter(model="deals.deal").exists()


def test_the_trash_is_emptied_after_ninety_days_with_the_parts() -> None:
    deal, fresh = DealFactory(), DealFactory()
    with change_set(kind=ChangeSet.Kind.TRASH, actor=None) as log:
        log.trash(deal)
        log.trash(fresh)
    Deal._base_manager.filter(pk=deal.pk).update(deleted_at=timezone.now() - timedelta(days=92))
    assert empty_trash(today()) == 1
    assert list(Deal._base_manager.all()) == [fresh]
    assert empty_trash(today()) == 0
