"""Writing the deals of a chunk with their stage history and lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.changes import ChangeLog
from core.imports.outcome import Outcome
from core.text import fold
from customers.constants import StageKind as LifecycleKind
from customers.models import Customer
from deals.constants import StageKind
from deals.imports.deal_rows import DealBuilder, Draft, Names
from deals.models import Deal, DealLine, DealStageChange
from deals.pricing import line_amounts
from deals.services.derived import Derivation
from deals.services.stages import move, take_customer_along

#: Not taken from a file into a deal that is there unless its values are to be replaced.
_FIXED = frozenset({"external_id", "closed_on", "opened_on", "currency"})


class DealWriter:
    """Collects what a chunk makes and changes, and writes it in few statements."""

    def __init__(self, names: Names, builder: DealBuilder, *, overwrite: bool) -> None:
        self.names, self.builder, self.overwrite = names, builder, overwrite
        self.keys: set[tuple[str, ...]] = set()
        self.changes: dict[int, tuple[Deal, dict[str, Any]]] = {}
        self.moves: list[tuple[Deal, Draft]] = []

    def fill(self, deal: Deal, draft: Draft) -> bool:
        """Note what the row adds to a deal that is there; whether that is anything."""
        values = {
            name: value
            for name, value in draft.values.items()
            if name not in _FIXED
            and value not in (None, "", getattr(deal, name))
            and (self.overwrite or getattr(deal, name) in (None, "", {}))
        }
        if "amount" in values and draft.values["currency"] != deal.currency:
            if self.overwrite:
                values["currency"] = draft.values["currency"]
            else:
                del values["amount"]  # it is not in the deal's currency
        moved = self.overwrite and draft.stage is not None and draft.stage.pk != deal.stage_id
        if moved:
            self.moves.append((deal, draft))
        if values:
            self.changes[deal.pk] = (deal, values)
        return bool(values) or moved

    def tell(self, new: list[Draft], outcome: Outcome, customers: int) -> None:
        """What the result says beside the counts."""
        outcome.make(
            "deals.deal", len(new) + len(self.changes.keys() | {deal.pk for deal, _row in self.moves})
        )
        outcome.make("customers.customer", customers)
        notes = (
            (
                "new_customer",
                _("customers were not there yet and were made from their number or name"),
                customers,
            ),
            (
                "unknown_owner",
                _("deals belong to somebody who is not here: they are nobody's until somebody takes them"),
                self.builder.unknown_owners,
            ),
            ("no_customer", _("deals name no customer"), sum(not any(draft.customer) for draft in new)),
            (
                "no_line",
                _("deals name a product but no amount: it stands in the name, a line would have no price"),
                sum(bool(draft.product) and draft.values.get("amount") is None for draft in new),
            ),
        )
        for code, text, number in notes:
            if number:
                outcome.note(code, text, number)

    def write(self, new: list[Draft], log: ChangeLog) -> None:
        """Everything of the chunk, inside its transaction."""
        if new:
            deals = self._deals(new)
            log.bulk_create(deals, refreshed=True)
            log.bulk_create(self._history(new, deals, log), refreshed=True)
            log.bulk_create(self._lines(new, deals), refreshed=True)
            self._customers(deals, log)
        log.bulk_update(self.changes.values())
        for deal, draft in self.moves:
            reason = draft.values.get("lost_reason_id")
            assert draft.stage is not None
            move(
                deal, stage=draft.stage, log=log, required=False, closed_on=draft.values["closed_on"],
                lost_reason=next((r for r in self.names.reasons.values() if r.pk == reason), None),
                lost_note=draft.values.get("lost_note", ""),
            )  # fmt: skip

    def _deals(self, drafts: list[Draft]) -> list[Deal]:
        derivation = Derivation()
        rows = Customer._base_manager.filter(pk__in={draft.customer_id for draft in drafts})
        names = dict(rows.values_list("pk", "name"))
        deals = []
        for draft in drafts:
            stage = draft.stage
            assert stage is not None
            ended = draft.values["closed_on"] or (draft.values["opened_on"])
            deal = Deal(
                customer_id=draft.customer_id, pipeline=stage.pipeline, stage=stage, status=stage.kind,
                stage_since=self.builder.noon(ended), **draft.values,
            )  # fmt: skip
            for name, value in derivation.of(
                deal, customer_name=names.get(draft.customer_id or 0, "")
            ).items():
                setattr(deal, name, value)
            deals.append(deal)
        return deals

    def _history(self, drafts: list[Draft], deals: list[Deal], log: ChangeLog) -> list[DealStageChange]:
        """Entered on the day it was opened, closed on the day it was closed: what the file knows."""
        made = []
        for draft, deal in zip(drafts, deals, strict=True):
            first = deal.stage if deal.is_open else self.names.first_stage(deal.stage)
            begin = draft.ordered_at
            made.append(DealStageChange(deal=deal, to_stage=first, at=begin, by_id=deal.owner_id))
            if first.pk != deal.stage_id:
                seconds = int((deal.stage_since - begin).total_seconds())
                made.append(
                    DealStageChange(
                        deal=deal, from_stage=first, to_stage=deal.stage, at=deal.stage_since,
                        by_id=deal.owner_id, seconds=seconds,
                    )
                )  # fmt: skip
        return made

    def _lines(self, drafts: list[Draft], deals: list[Deal]) -> list[DealLine]:
        products = self.names.products({draft.product for draft in drafts if draft.product})
        made = []
        for draft, deal in zip(drafts, deals, strict=True):
            if not draft.product or deal.amount is None:
                continue
            product = products.get(fold(draft.product))
            sums = line_amounts(Decimal(1), deal.amount, Decimal(0), Decimal(0), deal.currency)
            made.append(
                DealLine(
                    deal=deal, position=1, product=product,
                    description=product.name if product else draft.product,
                    unit=product.unit if product else "", unit_price=deal.amount, net=sums.net, tax=sums.tax,
                )
            )  # fmt: skip
        return made

    def _customers(self, deals: list[Deal], log: ChangeLog) -> None:
        """Their customers come along the funnel, as when somebody makes and wins a deal."""
        best: dict[int, Deal] = {}
        for deal in deals:
            if deal.customer_id and deal.status != StageKind.LOST:
                other = best.get(deal.customer_id)
                if other is None or deal.status == StageKind.WON:
                    best[deal.customer_id] = deal
        behind = Customer._base_manager.filter(pk__in=best).exclude(
            stage__kind__in=[LifecycleKind.CUSTOMER, LifecycleKind.LOYAL]
        )
        for pk in behind.order_by("pk").values_list("pk", flat=True):
            take_customer_along(best[pk], log=log)
