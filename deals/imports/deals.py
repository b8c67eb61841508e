"""The import of deals: open ones, and the history of those that were won and lost."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.changes import ChangeLog
from core.imports import outcome as o
from core.imports.fields import Field
from core.imports.outcome import Outcome
from core.imports.parsed import Parsed, Reason
from core.imports.registry import Context, Importer, Preset, Session, register
from core.imports.seen import Seen
from core.text import fold
from customers.constants import StageKind as LifecycleKind
from customers.imports.fields import custom_fields
from customers.models import Customer, StageChange
from deals.constants import DealKind
from deals.imports.buyers import Buyers
from deals.imports.deal_rows import DealBuilder, Draft, Names
from deals.imports.deal_writer import DealWriter
from deals.models import Deal, DealLine, DealStageChange

_DEAL = gettext_lazy("Deal")
_WHEN = gettext_lazy("When")
_WORTH = gettext_lazy("How much")
_WHO = gettext_lazy("Who")


@register
class DealImporter(Importer):
    key = "deals.deal"
    permission = "deals.add_deal"
    label = gettext_lazy("Deals")
    hint = gettext_lazy("One row for each deal, open or closed; their days make the stage history.")
    icon = "currency-dollar"
    match_keys = (
        ("external_id", gettext_lazy("Deal number")),
        ("name", gettext_lazy("Name and customer")),
    )
    policies = ("skip", "update")
    creates = (Customer, StageChange, Deal, DealStageChange, DealLine)
    presets = (
        Preset(
            "sales-pipeline-deals",
            gettext_lazy("Opportunities of a sales pipeline"),
            {
                "opportunity_id": "external_id",
                "sales_agent": "owner",
                "product": "product",
                "account": "customer_name",
                "deal_stage": "stage",
                "engage_date": "opened_on",
                "close_date": "closed_on",
                "close_value": "amount",
            },
            constants={"currency": "USD"},
            formats={"engage_date": {"date": "mdy"}, "close_date": {"date": "mdy"}},
            values={
                "product": {"GTXPro": "GTX Pro"},
                "stage": {"Engaging": "Qualified", "Prospecting": "Lead-in"},
            },
            # Their clock starts when a prospect is engaged.
            settings={"duplicates": "skip", "options": {"entry_stage": "Qualified"}},
        ),
    )

    def fields(self) -> list[Field]:
        return [
            Field("name", gettext_lazy("Name"), ("deal name", "opportunity name", "opportunity", "deal",
                  "title", "商机", "商机名称", "名称"), max_length=200, group=_DEAL,
                  help=gettext_lazy("Without it, the product and the customer make the name.")),
            Field("external_id", gettext_lazy("Deal number"), ("opportunity id", "deal id", "id", "number",
                  "商机编号", "编号"), max_length=80, group=_DEAL),
            Field("pipeline", gettext_lazy("Pipeline"), ("sales process", "管道"), max_length=80, review=True,
                  constant=True, group=_DEAL,
                  help=gettext_lazy("Without it, the one used when none is chosen.")),
            Field("stage", gettext_lazy("Stage"), ("deal stage", "sales stage", "status", "阶段", "商机阶段"),
                  max_length=60, review=True, constant=True, group=_DEAL,
                  help=gettext_lazy("Without it, the first open stage.")),
            Field("kind", gettext_lazy("Kind"), ("type", "类型"), "choice", choices=dict(DealKind.choices),
                  review=True, constant=True, group=_DEAL),
            Field("customer_name", gettext_lazy("Customer"), ("account", "account name", "company",
                  "customer name", "客户", "客户名称"), max_length=200, group=_WHO,
                  help=gettext_lazy("Found by its name, or made.")),
            Field("customer_number", gettext_lazy("Customer number"), ("customer id", "account id",
                  "客户编号"), max_length=80, group=_WHO),
            Field("customer_email", gettext_lazy("E-mail of the customer"), ("email", "customer email"),
                  "email", max_length=254, group=_WHO),
            Field("country", gettext_lazy("Country"), ("国家",), "country", max_length=80, group=_WHO),
            Field("owner", gettext_lazy("Owner"), ("sales agent", "sales rep", "account owner", "deal owner",
                  "assigned to", "负责人"), review=True, constant=True, group=_WHO,
                  help=gettext_lazy("The e-mail address or the name of a user. A deal of somebody unknown is "
                                    "nobody's, and the result says how many are.")),
            Field("team", gettext_lazy("Team"), ("sales team", "团队", "部门"), max_length=80, review=True,
                  constant=True, group=_WHO, help=gettext_lazy("Without one, the team of the owner.")),
            Field("amount", gettext_lazy("Amount"), ("value", "close value", "deal value", "expected revenue",
                  "金额", "预计金额"), "money", group=_WORTH),
            Field("currency", gettext_lazy("Currency"), ("币种",), "currency", max_length=3, constant=True,
                  group=_WORTH),
            Field("product", gettext_lazy("Product"), ("product name", "item", "产品"), max_length=200,
                  review=True, group=_WORTH,
                  help=gettext_lazy("Makes a line of the deal where it has an amount.")),
            Field("opened_on", gettext_lazy("Opened on"), ("engage date", "created", "create date", "opened",
                  "start date", "创建日期", "开始日期"), "date", group=_WHEN),
            Field("expected_close_on", gettext_lazy("Expected close"), ("expected close date", "due date",
                  "预计成交日期"), "date", group=_WHEN),
            Field("closed_on", gettext_lazy("Closed on"), ("close date", "closed", "won date", "lost date",
                  "成交日期", "关闭日期"), "date", group=_WHEN,
                  help=gettext_lazy("Of an open deal: when it is expected to close.")),
            Field("lost_reason", gettext_lazy("Lost reason"), ("loss reason", "reason lost", "输单原因"),
                  max_length=80, review=True, group=_DEAL),
            Field("lost_note", gettext_lazy("What happened"), ("loss notes",), max_length=500, group=_DEAL),
            Field("source", gettext_lazy("Source"), ("lead source", "来源"), max_length=60, review=True,
                  constant=True, group=_DEAL),
            Field("campaign", gettext_lazy("Campaign"), ("活动",), max_length=120, constant=True,
                  group=_DEAL),
            Field("description", gettext_lazy("Description"), ("notes", "comments", "备注", "描述"),
                  "long_text", max_length=10_000, group=_DEAL),
            *custom_fields(Deal),
        ]  # fmt: skip

    def session(self, context: Context) -> DealSession:
        return DealSession(context)


class DealSession(Session):
    """Judges deals row by row and writes those of a chunk together."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.origin = context.run.change_set_id
        self.names = Names(self.plan)
        self.buyers = Buyers(self.actor, origin=self.origin, trial=self.trial, kind=LifecycleKind.OPPORTUNITY)
        self.seen = Seen() if self.trial else None

    def take(self, rows: Parsed, outcome: Outcome, log: ChangeLog | None) -> None:
        builder = DealBuilder(self.plan, rows, self.names)
        drafts = builder.build()
        good = [draft for draft in drafts if draft is not None]
        self.buyers.load(good)
        writer = DealWriter(self.names, builder, overwrite=self.plan.overwrite)
        known = self._known(good)
        new: list[Draft] = []
        for place, draft in enumerate(drafts):
            if draft is None:
                outcome.tell(o.ERROR, rows.rows[place], rows.problems[place])
                continue
            refusal = self.buyers.refusal(draft)
            if refusal is not None:
                outcome.tell(o.SKIPPED, rows.rows[place], [refusal])
            elif self._is_new(draft, known, rows, outcome, writer):
                new.append(draft)
        made = self.buyers.settle(new, log)
        writer.tell(new, outcome, made)
        if log is not None:
            writer.write(new, log)

    def _known(self, drafts: list[Draft]) -> dict[Any, Deal]:
        """Deals that are there, by number and by name with customer."""
        found: dict[Any, Deal] = {}
        deals = Deal.objects.alive().select_related("stage")
        numbers = [draft.number for draft in drafts if draft.number]
        if numbers and "external_id" in self.plan.match:
            found |= {("number", deal.external_id): deal for deal in deals.filter(external_id__among=numbers)}
        names = [fold(draft.values["name"])[:200] for draft in drafts if not draft.number]
        if names and "name" in self.plan.match:
            for deal in deals.filter(sort_name__among=names).select_related("customer").order_by("-pk"):
                customer = fold(deal.customer.name) if deal.customer else ""
                found["name", deal.sort_name, customer] = deal
        others = [deal.pk for deal in found.values() if deal.origin_id != self.origin]
        self.editable = set(
            Deal.objects.editable_by(self.actor).filter(pk__in=others).values_list("pk", flat=True)
        )
        return found

    def _is_new(
        self, draft: Draft, known: dict[Any, Deal], rows: Parsed, outcome: Outcome, writer: DealWriter
    ) -> bool:
        """Whether the row makes a deal; otherwise what becomes of it is counted."""
        key = _key(draft)
        row = rows.rows[draft.place]
        deal = known.get(key)
        twice = key in writer.keys or (self.seen is not None and self.seen.get(key))
        if twice or (deal is not None and deal.origin_id == self.origin):
            text = _("An earlier row of the file is about the same one.")
            outcome.tell(o.SKIPPED, row, [Reason("twice", text)])
            return False
        if deal is None:
            writer.keys.add(key)
            if self.seen is not None:
                self.seen.add(key, row.number)
            outcome.count(o.CREATED)
            return True
        if deal.pk not in self.editable:
            outcome.tell(
                o.SKIPPED, row, [Reason("not_yours", _("This deal is there and is not yours to change."))]
            )
        elif self.plan.duplicates == "skip":
            outcome.tell(o.SKIPPED, row, [Reason("exists", _("This is there already."))])
        else:
            outcome.count(o.UPDATED if writer.fill(deal, draft) else o.UNCHANGED)
        return False


def _key(draft: Draft) -> tuple[str, ...]:
    """What tells deals apart: the number, else the name with the customer."""
    if draft.number:
        return ("number", draft.number)
    return ("name", fold(draft.values["name"])[:200], fold(draft.customer[2]))
