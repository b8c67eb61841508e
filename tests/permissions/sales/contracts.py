"""Contracts by their own owner and team; payments with their order."""

from __future__ import annotations

from typing import Any

from deals.constants import ContractStatus
from tests.factories import customers as customers_made
from tests.factories import deals as made
from tests.permissions.rules import EDIT, EVERYBODY, SEE, WRITERS, act, form, page

ROWS = {
    "deals:contract_list": page(EVERYBODY, collection=True),
    "deals:contract_export": page(EVERYBODY),
    "deals:renewal_list": page(EVERYBODY, collection=True),
    "deals:contract_create": form(WRITERS),
    "deals:contract_detail": page(SEE, "contract"),
    "deals:contract_update": form(EDIT, "contract"),
    "deals:contract_delete": form(EDIT, "contract"),
    "deals:contract_sign": form(EDIT, "contract"),
    "deals:contract_terminate": form(EDIT, "contract"),
    "deals:contractversion_create": form(EDIT, "contract"),
    "deals:contractversion_document": page(SEE, "contractversion"),
    "deals:contractversion_signed": page(SEE, "signed_version"),
    "deals:obligation_create": form(EDIT, "contract"),
    "deals:obligation_update": form(EDIT, "obligation"),
    "deals:obligation_delete": form(EDIT, "obligation"),
    "deals:deal_contracts": page(SEE, "deal"),
    "deals:deal_contract": act(EDIT, "deal"),
    "deals:deal_order": act(EDIT, "deal"),
    "deals:customer_contracts": page(SEE, "customer"),
    "deals:payment_create": form(EDIT, "order"),
    "deals:payment_update": form(EDIT, "payment"),
    "deals:payment_delete": form(EDIT, "payment"),
    "deals:payment_paid": act(EDIT, "payment"),
    "deals:revenue": page(EVERYBODY, collection=True),
}


def contract(world: Any, owner: Any) -> Any:
    return made.ContractFactory(owner=owner, team=owner.team, status=ContractStatus.SIGNED)


def version(world: Any, owner: Any, **more: Any) -> Any:
    return made.ContractVersionFactory(contract=contract(world, owner), **more)


def payment(world: Any, owner: Any) -> Any:
    customer = customers_made.CustomerFactory(owner=owner, team=owner.team)
    return made.PaymentFactory(order=made.OrderFactory(customer=customer))


def signed_version(world: Any, owner: Any) -> Any:
    found = version(world, owner)
    type(found)._base_manager.filter(pk=found.pk).update(signed_document=found.document.name)
    return found


MAKERS = {
    "contract": contract,
    "contractversion": version,
    "signed_version": signed_version,
    "obligation": lambda world, owner: made.ObligationFactory(contract=contract(world, owner)),
    "payment": payment,
}
