"""Deals: seen and changed by owner and team, like customers."""

from __future__ import annotations

from typing import Any

from tests.factories import customers as buyers
from tests.factories import deals as made
from tests.permissions.rules import EDIT, EVERYBODY, SEE, WRITE, WRITERS, act, form, page

ROWS = {
    "deals:deal_list": page(EVERYBODY, collection=True),
    "deals:deal_export": page(EVERYBODY),
    "deals:deal_bulk": act(WRITERS, data={"action": "trash"}),
    "deals:deal_create": form(WRITERS, data={"name": "Boiler", "stage": ""}),
    "deals:deal_options": page(EVERYBODY, query="q=de"),
    "deals:deal_detail": page(SEE, "deal", collection=True),
    "deals:deal_update": form(EDIT, "deal"),
    "deals:deal_group": form(EDIT, "deal", kwargs={"group": "notes"}),
    "deals:deal_delete": form(EDIT, "deal"),
    "deals:deal_stage": form(EDIT, "deal"),
    "deals:deal_reopen": act(EDIT, "deal"),
    "deals:deal_cell": form(EDIT, "deal", kwargs={"column": "campaign"}),
    "deals:deal_card": page(SEE, "deal", kwargs={"card": "insights"}),
    "deals:deal_star": act(SEE, "deal", data={"starred": "1"}),
    "deals:deal_tags": form(EDIT, "deal"),
    "deals:deal_history": page(SEE, "deal"),
    "activities:deal_timeline": page(SEE, "deal", collection=True),
    "activities:deal_log": act(WRITE, "deal", data={"kind": "note", "subject": "Met"}),
    "activities:deal_planned": page(SEE, "deal"),
    "activities:deal_next_step": act(WRITE, "deal"),
    "deals:customer_deals": page(SEE, "customer", collection=True),
}


def deal(world: Any, owner: Any) -> Any:
    buyer = buyers.CustomerFactory(owner=owner, team=owner.team)
    return made.DealFactory(owner=owner, team=owner.team, customer=buyer)


MAKERS = {"deal": deal}
