"""The roll-up while several people write at the same moment: nobody waits, nothing is lost."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.constants import Role
from core.changes import change_set
from core.models import ChangeSet
from deals.models import Deal, DealTotal
from deals.rollup_upkeep import merge_totals
from deals.selectors.totals import Total, totals
from tests.factories.accounts import UserFactory
from tests.factories.deals import DealFactory, StageFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
PATIENCE = 30


def in_thread(act: Callable[[], Any]) -> tuple[threading.Thread, list[BaseException]]:
    problems: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001  told by the test
            problems.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, problems


def rolled_up() -> Total:
    return totals(UserFactory.build(role=Role.ADMINISTRATOR), by=()).get((), Total())


def test_two_open_transactions_in_one_place_do_not_wait_for_each_other() -> None:
    stage = StageFactory()
    first = DealFactory(stage=stage, customer=None, amount=Decimal(1))
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            Deal._base_manager.filter(pk=first.pk).update(amount_base=Decimal(10))
            written.set()
            assert go_on.wait(PATIENCE)

    thread, problems = in_thread(slow)
    assert written.wait(PATIENCE)
    DealFactory(stage=stage, customer=None, amount=Decimal(100))
    assert rolled_up() == Total(2, 0, Decimal(101), Decimal("50.5")), "what is not committed is not told"
    merge_totals()
    assert DealTotal.objects.count() == 1
    go_on.set()
    thread.join(PATIENCE)
    assert problems == []
    assert rolled_up() == Total(2, 0, Decimal(110), Decimal(55))


def test_writers_and_merges_at_once_end_exact() -> None:
    stages = StageFactory.create_batch(3)
    deals = [DealFactory(stage=stages[0], customer=None) for _n in range(6)]

    def writer(seed: int) -> Callable[[], None]:
        def write() -> None:
            dice = random.Random(seed)
            for _turn in range(15):
                deal, stage = dice.choice(deals), dice.choice(stages)
                values = {
                    "stage": stage,
                    "pipeline": stage.pipeline,
                    "amount": Decimal(dice.randrange(1, 10**6)) / 100,
                }
                with change_set(kind=ChangeSet.Kind.EDIT, actor=None) as log:
                    log.update(Deal._base_manager.get(pk=deal.pk), values, validate=False)

        return write

    def merger() -> None:
        for _turn in range(15):
            merge_totals()

    running = [in_thread(act) for act in (writer(1), writer(2), merger, merger)]
    for thread, _problems in running:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert [problems for _thread, problems in running if problems] == []
    rows = Deal._base_manager.filter(deleted_at=None)
    amount = sum((deal.amount_base or Decimal(0) for deal in rows), Decimal(0))
    found = rolled_up()
    assert (found.deals, found.amount) == (6, amount)
    merge_totals()
    assert rolled_up() == found
