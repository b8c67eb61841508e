"""Contracts: the list, search, the trash, history, panels, and what the night does with them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.clock import today
from core import history
from core.lists import ListSpec
from core.lists import register as register_list
from core.panels import Panel
from core.panels import register as register_panel
from core.search_registry import Action, Searchable, register_action
from core.search_registry import register as register_search
from core.trash import TrashKind, register_trash
from deals.filters.contracts import ContractFilters
from deals.models import Contract, ContractVersion, Obligation, Payment
from deals.services import contract_data, contract_nightly, contracts  # noqa: F401  the night too
from deals.tables.contracts import CONTRACTS


def _obligations(contract: Any) -> Any:
    return Obligation._base_manager.filter(contract=contract.pk)


def _versions(contract: Any) -> Any:
    return ContractVersion._base_manager.filter(contract=contract.pk)


def _payments(order: Any) -> Any:
    return Payment._base_manager.filter(order=order.pk)


def register() -> None:
    """Called once."""
    contracts.register()
    contract_data.register()
    history.register_part("deals.contract", _obligations)
    history.register_part("deals.contract", _versions)
    history.register_part("deals.order", _payments)
    register_list(
        ListSpec(
            "contracts", Contract, CONTRACTS, ContractFilters, "deals:contract_list", today, _("Contracts")
        )
    )
    register_search(
        Searchable(
            "contracts", _("Contracts"), Contract, "document-text", "deals:contract_detail",
            lambda rows, text: rows.search(text), fields=("number", "title"),
            note=lambda row: row["title"], order=("number", "pk"), list_url="deals:contract_list",
            position=42,
        )
    )  # fmt: skip
    register_action(
        Action(_("Go to contracts"), "deals:contract_list", "document-text", "deals.view_contract", 37)
    )
    register_trash(TrashKind("contracts", _("Contracts"), Contract, contracts.restore_contract))
    for page, name, title, order in (
        ("deal", "deal_contracts", _("Contract and order"), 80),
        ("customer", "customer_contracts", _("Contracts"), 55),
    ):
        register_panel(
            page,
            Panel(
                key="contracts",
                title=title,
                url=lambda record, name=name: reverse(f"deals:{name}", args=[record.pk]),  # type: ignore[misc]
                permission="deals.view_contract",
                order=order,
                place="aside",
            ),
        )
