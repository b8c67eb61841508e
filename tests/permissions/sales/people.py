"""People, competitors, objections, plans and reviews go with their deal; the libraries are everybody's who
sells. The plan's page for the customer: whoever has the address."""

from __future__ import annotations

from typing import Any

from tests.factories import customers as customers_made
from tests.factories import deals as made
from tests.factories.deals.pipelines import stage
from tests.permissions.rules import EDIT, EVERYBODY, OPEN, SEE, WRITERS, act, form, page
from tests.permissions.sales.deals import deal

SECRET = "the address is the secret"

ROWS = {
    "deals:deal_people": page(SEE, "deal", collection=True),
    "deals:dealcontact_create": form(EDIT, "deal"),
    "deals:dealcontact_update": form(EDIT, "dealcontact"),
    "deals:dealcontact_delete": form(EDIT, "dealcontact"),
    "deals:competitor_list": page(EVERYBODY, collection=True),
    "deals:competitor_export": page(EVERYBODY),
    "deals:competitor_options": page(EVERYBODY, query="q=riv"),
    "deals:competitor_create": form(WRITERS),
    "deals:competitor_detail": page(EVERYBODY, "competitor", collection=True),
    "deals:competitor_update": form(WRITERS, "competitor"),
    "deals:competitor_delete": form(WRITERS, "competitor"),
    "deals:deal_competition": page(SEE, "deal", collection=True),
    "deals:dealcompetitor_create": form(EDIT, "deal"),
    "deals:dealcompetitor_update": form(EDIT, "dealcompetitor"),
    "deals:dealcompetitor_delete": form(EDIT, "dealcompetitor"),
    "deals:dealcompetitor_lost_to": act(EDIT, "dealcompetitor"),
    "deals:objection_list": page(EVERYBODY, collection=True),
    "deals:objection_export": page(EVERYBODY),
    "deals:objection_create": form(WRITERS),
    "deals:objection_detail": page(EVERYBODY, "objection", collection=True),
    "deals:objection_update": form(WRITERS, "objection"),
    "deals:objection_delete": form(WRITERS, "objection"),
    "deals:objectionanswer_create": form(WRITERS, "objection"),
    "deals:objectionanswer_update": form(WRITERS, "objectionanswer"),
    "deals:objectionanswer_delete": form(WRITERS, "objectionanswer"),
    "deals:deal_objections": page(SEE, "deal", collection=True),
    "deals:dealobjection_create": form(EDIT, "deal", collection=True),
    "deals:dealobjection_update": form(EDIT, "dealobjection"),
    "deals:dealobjection_delete": form(EDIT, "dealobjection"),
    "deals:dealobjection_settle": act(EDIT, "dealobjection"),
    "deals:deal_close_plan": page(SEE, "deal", collection=True),
    "deals:closeplanstep_create": form(EDIT, "deal"),
    "deals:closeplanstep_update": form(EDIT, "closeplanstep"),
    "deals:closeplanstep_delete": form(EDIT, "closeplanstep"),
    "deals:closeplanstep_done": act(EDIT, "closeplanstep"),
    "deals:close_plan_usual": act(EDIT, "deal", data={"plan": "short"}),
    "deals:close_plan_share": form(EDIT, "deal"),
    "deals:close_plan_withdraw": act(EDIT, "deal"),
    "deals:public_close_plan": page(OPEN, kwargs={"secret": "guessed"}, why=SECRET),
    "deals:deal_review": page(SEE, "deal"),
    "deals:winlossreview_create": form(EDIT, "deal"),
    "deals:winlossreview_update": form(EDIT, "winlossreview"),
    "deals:winlossreview_delete": form(EDIT, "winlossreview"),
    "deals:review_report": page(EVERYBODY, collection=True),
}


def person(world: Any, owner: Any) -> Any:
    contact = customers_made.ContactFactory(owner=owner, team=owner.team)
    return made.DealContactFactory(deal=deal(world, owner), contact=contact)


def lost_competitor(world: Any, owner: Any) -> Any:
    lost = made.DealFactory(owner=owner, team=owner.team, stage=stage(kind="lost"))
    return made.DealCompetitorFactory(deal=lost)


def review(world: Any, owner: Any) -> Any:
    won = made.DealFactory(owner=owner, team=owner.team, stage=stage(kind="won"))
    return made.WinLossReviewFactory(deal=won, quote="Thank you")


MAKERS = {
    "dealcontact": person,
    "competitor": lambda world, owner: made.CompetitorFactory(),
    "dealcompetitor": lost_competitor,
    "objection": lambda world, owner: made.ObjectionFactory(),
    "objectionanswer": lambda world, owner: made.ObjectionAnswerFactory(),
    "dealobjection": lambda world, owner: made.DealObjectionFactory(deal=deal(world, owner)),
    "closeplanstep": lambda world, owner: made.ClosePlanStepFactory(deal=deal(world, owner)),
    "winlossreview": review,
}
