"""Pages of the deals app: what fills each with one more row."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from accounts.clock import today
from core.periods import period_of
from deals.constants import ContractStatus
from tests.factories import accounts as people
from tests.factories import customers
from tests.factories import customers as customers_made
from tests.factories import deals as made
from tests.permissions.sales import MAKERS


def target(world: Any, owner: Any) -> Any:
    """One more target of this quarter, for another team."""
    start = period_of(today(), "quarter").start
    return made.TargetFactory(team=people.TeamFactory(parent=owner.team), starts_on=start)


def deal(world: Any, owner: Any) -> Any:
    """One more deal with everything a list or a card may show of it."""
    colleague = people.UserFactory(team=owner.team)
    customer = customers.CustomerFactory(owner=colleague, team=owner.team)
    return made.DealFactory(owner=colleague, team=owner.team, customer=customer)


def moved_deal(world: Any, owner: Any) -> Any:
    """One more deal that went through a stage and was pushed back, one that was lost, and a snapshot."""
    row = deal(world, owner)
    source, reason = customers.SourceFactory(), made.LostReasonFactory(parent=made.LostReasonFactory())
    stage = made.StageFactory(pipeline=row.pipeline, kind="lost")
    lost = made.DealFactory(owner=row.owner, team=people.TeamFactory(parent=owner.team), stage=stage,
                            customer=row.customer, source=source, lost_reason=reason)  # fmt: skip
    for one in (row, lost):
        made.DealStageChangeFactory(deal=one, to_stage=row.stage)
        made.DealStageChangeFactory(deal=one, from_stage=row.stage, seconds=86_400)
    type(row)._base_manager.filter(pk=row.pk).update(expected_close_on=today())
    made.CloseDateChangeFactory(deal=row, from_date=today())
    made.ForecastSnapshotFactory(owner=row.owner, taken_on=today() - timedelta(days=60), month=a_month_ago())
    return row


def a_month_ago() -> date:
    return period_of(today(), "month").previous().start


def pipeline(world: Any, owner: Any) -> Any:
    return made.StageFactory().pipeline


def product_line(world: Any, owner: Any) -> Any:
    """One more line of a product of its own on the deal whose page is looked at."""
    product = made.PriceFactory(price_book=made.PriceBookFactory()).product
    return made.DealLineFactory(deal=world.record("deal", "own"), product=product, unit_cost=1)


def quote_line(world: Any, owner: Any) -> Any:
    return made.QuoteLineFactory(quote=world.record("quote", "own"), product=made.ProductFactory())


def price(world: Any, owner: Any) -> Any:
    return made.PriceFactory(price_book=world.record("price_book", "own"))


def price_of_product(world: Any, owner: Any) -> Any:
    return made.PriceFactory(product=world.record("product", "own"))


def person_on_deal(world: Any, owner: Any) -> Any:
    contact = customers.ContactFactory(owner=owner, team=owner.team)
    return made.DealContactFactory(deal=world.record("deal", "own"), contact=contact)


def answered(world: Any, owner: Any) -> Any:
    """One more objection with an answer, heard in the deal whose page is looked at."""
    answer = made.ObjectionAnswerFactory()
    deal = world.record("deal", "own")
    return made.DealObjectionFactory(deal=deal, objection=answer.objection, answer=answer, by=owner)


def answer(world: Any, owner: Any) -> Any:
    """One more answer to the objection whose page is looked at, and a deal it was given in."""
    row = made.ObjectionAnswerFactory(objection=world.record("objection", "own"))
    return made.DealObjectionFactory(deal=deal(world, owner), objection=row.objection, answer=row)


def step(world: Any, owner: Any) -> Any:
    contact = customers.ContactFactory(owner=owner, team=owner.team)
    return made.ClosePlanStepFactory(
        deal=world.record("deal", "own"), user=people.UserFactory(), contact=contact
    )


def reviewed(world: Any, owner: Any) -> Any:
    """One more reviewed deal, lost to a competitor of its own."""
    rival = made.DealCompetitorFactory(deal=MAKERS["dealcompetitor"](world, owner).deal, outcome="lost_to")
    return made.WinLossReviewFactory(deal=rival.deal, competitor=rival.competitor, lesson="Ask earlier")


def rival_of_deal(world: Any, owner: Any) -> Any:
    return made.DealCompetitorFactory(deal=world.record("deal", "own"))


def deal_of_rival(world: Any, owner: Any) -> Any:
    """One more deal against the competitor whose page is looked at, with its review."""
    row = made.DealCompetitorFactory(deal=MAKERS["dealcompetitor"](world, owner).deal,
                                     competitor=world.record("competitor", "own"))  # fmt: skip
    return made.WinLossReviewFactory(deal=row.deal, competitor=row.competitor, quote="Cheaper")


#: Pages about one record, and the kind of it.
OF_RECORDS: dict[str, tuple[str, Any]] = {
    "deals:product_detail": ("product", price_of_product),
    "deals:pricebook_detail": ("price_book", price),
    "deals:deal_people": ("deal", person_on_deal),
    "deals:deal_competition": ("deal", rival_of_deal),
    "deals:competitor_detail": ("competitor", deal_of_rival),
    "deals:deal_objections": ("deal", answered),
    "deals:dealobjection_create": ("deal", answered),
    "deals:objection_detail": ("objection", answer),
    "deals:deal_close_plan": ("deal", step),
    "deals:deal_lines": ("deal", product_line),
    "deals:deal_lines_edit": ("deal", product_line),
    "deals:deal_quotes": ("deal", lambda world, owner: made.QuoteFactory(deal=world.record("deal", "own"))),
    "deals:quote_detail": ("quote", quote_line),
    "deals:quote_lines": ("quote", quote_line),
}


def contract(world: Any, owner: Any) -> Any:
    """One more signed contract that ends in a month, with its own customer and owner."""
    return made.ContractFactory(
        owner=people.UserFactory(team=owner.team),
        team=owner.team,
        status=ContractStatus.SIGNED,
        ends_on=today() + timedelta(days=30),
        customer=customers_made.CustomerFactory(owner=owner, team=owner.team),
    )


def order(world: Any, owner: Any) -> Any:
    """One more order of this year, in another channel."""
    buyer = customers_made.CustomerFactory(owner=owner, team=owner.team)
    return made.OrderFactory(customer=buyer, channel=f"Channel {buyer.pk}")


ADDERS: dict[str, Any] = {
    "deals:competitor_list": lambda world, owner: MAKERS["dealcompetitor"](world, owner),
    "deals:objection_list": answered,
    "deals:review_report": reviewed,
    "deals:contract_list": contract,
    "deals:renewal_list": contract,
    "deals:revenue": order,
    "deals:product_list": lambda world, owner: made.PriceFactory(),
    "deals:pricebook_list": lambda world, owner: made.PriceFactory(),
    "deals:quote_list": lambda world, owner: MAKERS["quote"](world, owner),
    "deals:exchangerate_list": lambda world, owner: MAKERS["exchange_rate"](world, owner),
    "deals:forecast": moved_deal,
    "deals:forecast_accuracy": moved_deal,
    "deals:funnel": moved_deal,
    "deals:slip_list": moved_deal,
    "deals:deal_kanban": deal,
    "deals:deal_list": deal,
    "deals:pipeline_list": pipeline,
    "deals:lostreason_list": lambda world, owner: made.LostReasonFactory(parent=made.LostReasonFactory()),
    "deals:target_list": target,
}
