"""Making, changing and moving deals: the services every page and import uses."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.clock import today
from core.changes import change_set
from core.exceptions import RuleViolation, StaleRecord
from core.history import acts
from core.models import ChangeSet
from core.undo import undo
from core.undo_service import start_undo
from customers.models import Customer, StageChange
from deals.constants import ForecastCategory
from deals.models import CloseDateChange, Deal, DealStageChange, Stage
from deals.services.deals import create_deal, restore_deal, trash_deal, update_deal
from deals.services.derived import refresh_deals
from deals.services.owned import write_last_activity, write_next_step
from deals.services.stages import MissingFields, lose_deal, move_deal, reopen_deal, win_deal
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory
from tests.factories.customers import stage as lifecycle_stage
from tests.factories.deals.deals import DealFactory
from tests.factories.deals.forecast import ExchangeRateFactory
from tests.factories.deals.pipelines import LostReasonFactory, PipelineFactory, StageFactory, stage

pytestmark = pytest.mark.django_db


def new_deal(**data: Any) -> Deal:
    actor = data.pop("actor", None) or UserFactory()
    customer = data.pop("customer", None) or CustomerFactory()
    return create_deal(
        data={"name": "Boiler", "customer": customer, "amount": Decimal(500), **data}, actor=actor
    )


def other_stage(position: int = 2) -> Stage:
    """An open stage of the default pipeline that asks for nothing a test deal lacks."""
    found = Stage.objects.filter(pipeline__is_default=True, kind="open").order_by("position")[position]
    found.required_fields = []
    found.save()
    return found


# Making


def test_a_new_deal_begins_in_the_first_stage_and_is_its_makers() -> None:
    team = TeamFactory()
    user = UserFactory(team=team)
    deal = new_deal(actor=user, customer=CustomerFactory(currency="USD"))
    first = Stage.objects.filter(pipeline__is_default=True, kind="open").order_by("position")[0]
    assert (deal.stage, deal.pipeline, deal.status) == (first, first.pipeline, "open")
    assert (deal.owner, deal.team, deal.currency, deal.opened_on) == (user, team, "USD", today())
    assert (deal.probability, deal.probability_overridden) == (first.probability, False)
    assert deal.closed_on is None
    row = deal.stage_changes.get()
    assert (row.from_stage, row.to_stage, row.by, row.seconds) == (None, first, user, None)


def test_a_new_deal_makes_an_opportunity_of_a_lead_and_undo_takes_both_back() -> None:
    customer = CustomerFactory(stage=lifecycle_stage("qualified"))
    user = AdministratorFactory()
    deal = new_deal(actor=user, customer=customer)
    customer.refresh_from_db()
    assert customer.stage.kind == "opportunity"
    assert [row.to_stage.kind for row in StageChange.objects.filter(customer=customer)] == ["opportunity"]
    undo(deal.origin, actor=user)
    customer.refresh_from_db()
    assert customer.stage.kind == "qualified"
    assert not Deal.objects.alive().exists()
    assert not StageChange.objects.filter(customer=customer).exists()
    assert not DealStageChange.objects.filter(deal=deal).exists()


@pytest.mark.parametrize("kind", ["customer", "loyal", "lost"])
def test_a_new_deal_leaves_customers_further_on_where_they_are(kind: str) -> None:
    customer = CustomerFactory(stage=lifecycle_stage(kind))
    new_deal(customer=customer)
    customer.refresh_from_db()
    assert customer.stage.kind == kind


def test_a_pipeline_that_takes_no_new_deals_refuses_one() -> None:
    pipeline = PipelineFactory(is_active=False)
    StageFactory(pipeline=pipeline)
    with pytest.raises(RuleViolation) as refused:
        new_deal(pipeline=pipeline)
    assert refused.value.field == "pipeline"
    assert not Deal.objects.exists()


# Moving


def test_a_move_is_a_row_with_the_time_spent_and_copies_the_stages_guesses() -> None:
    deal = new_deal()
    began, target = deal.stage, other_stage()
    Deal.objects.filter(pk=deal.pk).update(stage_since=timezone.now() - timedelta(days=3))
    user = UserFactory()
    log = move_deal(deal, stage=target, actor=user, reason="Met them")
    assert log is not None
    assert (deal.stage, deal.probability, deal.forecast_category) == (
        target, target.probability, target.forecast_category,
    )  # fmt: skip
    row = deal.stage_changes.last()
    assert row is not None
    assert (row.from_stage, row.to_stage, row.by, row.reason) == (began, target, user, "Met them")
    assert row.seconds is not None
    assert abs(row.seconds - 3 * 86_400) < 5


def test_a_move_to_where_the_deal_is_does_nothing() -> None:
    deal = new_deal()
    assert move_deal(deal, stage=deal.stage, actor=None) is None
    assert deal.stage_changes.count() == 1


def test_the_second_of_two_people_who_move_a_deal_is_told_and_history_shows_the_first() -> None:
    deal = new_deal()
    opened = deal.version
    mine, theirs = Deal.objects.get(pk=deal.pk), Deal.objects.get(pk=deal.pk)
    target = other_stage()
    move_deal(theirs, stage=target, actor=UserFactory(name="First"), expected_version=opened)
    with pytest.raises(StaleRecord) as stale:
        move_deal(mine, stage=stage(kind="won"), actor=UserFactory(), expected_version=opened)
    assert stale.value.current.stage_id == target.pk
    deal.refresh_from_db()
    assert deal.stage == target
    move_deal(deal, stage=other_stage(1), actor=UserFactory(name="Second"), expected_version=deal.version)
    told = [
        act.change_set.actor.name for act in acts(deal, AdministratorFactory())[0] if act.change_set.actor
    ]
    assert told[:2] == ["Second", "First"]
    assert [row.to_stage for row in deal.stage_changes.all()][1:] == [target, other_stage(1)]


def test_undo_of_a_move_brings_back_stage_probability_and_leaves_no_row() -> None:
    user = AdministratorFactory()
    deal = new_deal(actor=user)
    before = (deal.stage, deal.probability, deal.stage_since)
    log = move_deal(deal, stage=other_stage(), actor=user)
    assert log is not None
    start_undo(log, actor=user)
    deal.refresh_from_db()
    assert (deal.stage, deal.probability, deal.stage_since) == before
    assert deal.stage_changes.count() == 1


def test_a_stage_asks_for_its_fields_and_takes_them_with_the_move() -> None:
    pipeline = PipelineFactory()
    StageFactory(pipeline=pipeline, position=1)
    asking = StageFactory(
        pipeline=pipeline, position=2, required_fields=["amount", "expected_close_on", "gone"]
    )
    deal = new_deal(pipeline=pipeline, amount=None)
    with pytest.raises(MissingFields) as refused:
        move_deal(deal, stage=asking, actor=None)
    assert refused.value.fields == ["amount", "expected_close_on"]
    assert refused.value.message == f"“{asking.name}” needs first: Amount, Expected close."
    deal.refresh_from_db()
    assert deal.stage != asking
    move_deal(deal, stage=asking, actor=None, values={"amount": Decimal(7), "expected_close_on": today()})
    assert (deal.stage, deal.amount, deal.expected_close_on) == (asking, Decimal(7), today())


def test_a_deal_in_the_trash_does_not_move() -> None:
    deal = new_deal()
    trash_deal(deal, actor=None)
    with pytest.raises(RuleViolation):
        move_deal(deal, stage=other_stage(), actor=None)


# Closing and reopening


def test_winning_makes_a_customer_of_the_opportunity_and_undo_takes_both_back() -> None:
    user = AdministratorFactory()
    deal = new_deal(actor=user)
    deal.stage.pipeline.stages.filter(kind="won").update(required_fields=[])
    log = move_deal(deal, stage=stage(kind="won"), actor=user)
    assert log is not None
    customer = Customer.objects.get(pk=deal.customer_id)
    assert (deal.status, deal.closed_on, deal.probability, deal.forecast_category) == (
        "won", today(), 100, ForecastCategory.CLOSED,
    )  # fmt: skip
    assert customer.stage.kind == "customer"
    start_undo(log, actor=user)
    deal.refresh_from_db()
    customer.refresh_from_db()
    assert (deal.status, deal.closed_on) == ("open", None)
    assert customer.stage.kind == "opportunity"


def test_losing_asks_why_and_some_reasons_ask_for_a_note() -> None:
    deal = new_deal()
    reason = LostReasonFactory(requires_note=True)
    with pytest.raises(RuleViolation) as refused:
        lose_deal(deal, actor=None, lost_reason=None)
    assert refused.value.field == "lost_reason"
    with pytest.raises(RuleViolation) as refused:
        lose_deal(deal, actor=None, lost_reason=reason)
    assert refused.value.field == "lost_note"
    deal.refresh_from_db()
    assert deal.is_open
    lose_deal(deal, actor=None, lost_reason=reason, lost_note="Went silent")
    assert (deal.status, deal.lost_reason, deal.lost_note, deal.probability) == (
        "lost",
        reason,
        "Went silent",
        0,
    )
    assert deal.stage_changes.last().reason == reason.name  # type: ignore[union-attr]


def test_reopening_leads_back_to_the_stage_it_was_closed_from_and_keeps_the_history() -> None:
    deal = new_deal()
    target = other_stage()
    move_deal(deal, stage=target, actor=None)
    lose_deal(deal, actor=None, lost_reason=LostReasonFactory())
    reopen_deal(deal, actor=None, reason="They called")
    assert (deal.stage, deal.status, deal.closed_on, deal.lost_reason) == (target, "open", None, None)
    assert deal.probability == target.probability
    assert [row.to_stage.kind for row in deal.stage_changes.all()] == ["open", "open", "lost", "open"]
    with pytest.raises(RuleViolation):
        reopen_deal(deal, actor=None)


def test_a_deal_cannot_be_closed_tomorrow() -> None:
    deal = new_deal()
    with pytest.raises(RuleViolation) as refused:
        win_deal(deal, actor=None, closed_on=today() + timedelta(days=1))
    assert refused.value.field == "closed_on"


def test_the_day_of_closing_can_be_put_right() -> None:
    deal = new_deal()
    win_deal(deal, actor=None)
    earlier = today() - timedelta(days=20)
    update_deal(deal=deal, data={"closed_on": earlier}, actor=None)
    assert (deal.closed_on, deal.fx_on) == (earlier, earlier)
    with pytest.raises(ValidationError):
        update_deal(deal=deal, data={"closed_on": None}, actor=None)


def test_winning_inside_another_act_is_one_undo() -> None:
    user = AdministratorFactory()
    deal = new_deal(actor=user)
    with change_set(kind=ChangeSet.Kind.EDIT, actor=user) as log:
        log.update(deal, {"name": "Two boilers"})
        win_deal(deal, actor=user, log=log)
    undo(log.row, actor=user)
    deal.refresh_from_db()
    assert (deal.name, deal.status) == ("Boiler", "open")


def test_undo_of_a_win_leaves_a_customer_out_of_reach_as_it_is_with_its_history() -> None:
    seller = UserFactory(team=TeamFactory())
    customer = CustomerFactory(owner=UserFactory(team=seller.team), team=seller.team)
    deal = new_deal(actor=seller, customer=customer)
    log = move_deal(deal, stage=stage(kind="won"), actor=seller)
    assert log is not None
    start_undo(log, actor=seller)
    deal.refresh_from_db()
    customer.refresh_from_db()
    assert deal.status == "open"
    assert customer.stage.kind == "customer"
    assert [row.to_stage.kind for row in StageChange.objects.filter(customer=customer)] == [
        "opportunity", "customer",
    ]  # fmt: skip


# Guesses


def test_an_own_probability_stays_through_moves_until_the_deal_closes_and_undo_brings_it_back() -> None:
    user = AdministratorFactory()
    deal = new_deal(actor=user, probability=77, forecast_category=ForecastCategory.COMMIT)
    assert (deal.probability, deal.probability_overridden) == (77, True)
    move_deal(deal, stage=other_stage(), actor=user)
    assert (deal.probability, deal.forecast_category) == (77, ForecastCategory.COMMIT)
    log = move_deal(deal, stage=stage(kind="won"), actor=user)
    assert log is not None
    assert (deal.probability, deal.probability_overridden) == (100, False)
    undo(log, actor=user)
    deal.refresh_from_db()
    assert (deal.probability, deal.probability_overridden) == (77, True)
    update_deal(deal=deal, data={"probability": None, "forecast_category": ""}, actor=user)
    assert (deal.probability, deal.probability_overridden) == (deal.stage.probability, False)
    assert deal.forecast_category == deal.stage.forecast_category


def test_deals_follow_the_probability_of_their_stage_when_it_is_changed() -> None:
    follows, own = new_deal(), new_deal(probability=5)
    with change_set(kind=ChangeSet.Kind.EDIT, actor=None) as log:
        log.update(follows.stage, {"probability": 33})
    follows.refresh_from_db()
    own.refresh_from_db()
    assert (follows.probability, own.probability) == (33, 5)


# Money


def test_the_base_amount_is_empty_without_a_rate_and_frozen_at_the_day_of_closing() -> None:
    deal = new_deal(currency="USD", amount=Decimal("100.00"))
    assert (deal.amount_base, deal.fx_rate) == (None, None)
    ExchangeRateFactory(currency="USD", on=today() - timedelta(days=10), rate=Decimal("0.9"))
    ExchangeRateFactory(currency="USD", on=today(), rate=Decimal("0.8"))
    refresh_deals([deal.pk])
    deal.refresh_from_db()
    assert (deal.amount_base, deal.fx_on) == (Decimal("80.00"), today())
    win_deal(deal, actor=None, closed_on=today() - timedelta(days=5))
    assert (deal.amount_base, deal.fx_rate) == (Decimal("90.00"), Decimal("0.9"))


def test_the_base_currency_is_worth_itself() -> None:
    deal = new_deal(currency="EUR", amount=Decimal("12.34"))
    assert (deal.amount_base, deal.fx_rate) == (Decimal("12.34"), Decimal(1))


# Changing


def test_a_pushed_close_date_is_told_and_undo_takes_the_row_back() -> None:
    user = AdministratorFactory()
    first, second = today() + timedelta(days=5), today() + timedelta(days=40)
    deal = new_deal(actor=user, expected_close_on=first)
    log = update_deal(deal=deal, data={"expected_close_on": second}, actor=user)
    row = CloseDateChange.objects.get(deal=deal)
    assert (row.from_date, row.to_date, row.by) == (first, second, user)
    assert log is not None
    undo(log, actor=user)
    assert not CloseDateChange.objects.filter(deal=deal).exists()


def test_an_edit_on_an_old_version_is_refused_and_changes_nothing() -> None:
    deal = new_deal()
    old = deal.version
    update_deal(deal=deal, data={"name": "Theirs"}, actor=None)
    with pytest.raises(StaleRecord):
        update_deal(deal=deal, data={"name": "Mine"}, actor=None, expected_version=old)
    deal.refresh_from_db()
    assert deal.name == "Theirs"


def test_an_edit_that_differs_in_nothing_leaves_no_trace() -> None:
    deal = new_deal()
    assert update_deal(deal=deal, data={"name": deal.name}, actor=None) is None
    assert deal.version == 1


def test_an_edit_with_another_pipeline_moves_the_deal_to_its_first_stage() -> None:
    deal = new_deal()
    pipeline = PipelineFactory()
    first = StageFactory(pipeline=pipeline, position=1)
    StageFactory(pipeline=pipeline, position=2)
    update_deal(deal=deal, data={"pipeline": pipeline, "name": "Moved"}, actor=None)
    assert (deal.stage, deal.name, deal.stage_changes.count()) == (first, "Moved", 2)


def test_a_new_owner_brings_the_team_along() -> None:
    deal = new_deal()
    owner = UserFactory(team=TeamFactory())
    update_deal(deal=deal, data={"owner": owner}, actor=None)
    assert (deal.owner, deal.team) == (owner, owner.team)


# What search and sorting read


def test_a_renamed_customer_changes_what_its_deals_are_found_by() -> None:
    deal = new_deal(customer=CustomerFactory(name="Zürich AG"))
    assert deal in Deal.objects.search("zurich")
    with change_set(kind=ChangeSet.Kind.EDIT, actor=None) as log:
        log.update(deal.customer, {"name": "Basel AG"})
    assert deal not in Deal.objects.search("zurich")
    assert deal in Deal.objects.search("boiler basel")


def test_a_deal_goes_to_the_trash_and_comes_back() -> None:
    deal = new_deal()
    trash_deal(deal, actor=None)
    assert not Deal.objects.alive().exists()
    restore_deal(deal, actor=None)
    assert Deal.objects.alive().get() == deal


# Rotting


def rotting_stage(days: int | None) -> Stage:
    return StageFactory(rotting_days=days)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_default_timezone())


def test_a_deal_rots_so_many_days_after_the_last_move_or_activity() -> None:
    moved = today() - timedelta(days=9)
    deal = DealFactory(stage=rotting_stage(10), stage_since=at(moved))
    assert deal.rots_on == moved + timedelta(days=10)
    write_last_activity({deal.pk: at(moved + timedelta(days=4))})
    deal.refresh_from_db()
    assert deal.rots_on == moved + timedelta(days=14)


def test_a_planned_step_holds_rotting_up_until_the_day_after() -> None:
    deal = DealFactory(stage=rotting_stage(10))
    ahead = today() + timedelta(days=30)
    assert write_next_step({deal.pk: ("Call", ahead)}) == 1
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_step_on, deal.rots_on) == ("Call", ahead, ahead + timedelta(days=1))
    assert write_next_step({deal.pk: ("Call", ahead)}) == 0
    assert deal.version == 1


def test_closed_deals_and_stages_without_a_limit_never_rot() -> None:
    assert DealFactory(stage=rotting_stage(None)).rots_on is None
    deal = DealFactory(stage=rotting_stage(10))
    StageFactory(pipeline=deal.pipeline, kind="won")
    win_deal(deal, actor=None)
    assert deal.rots_on is None
