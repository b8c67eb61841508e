"""Sample targets, contracts and orders: what the won deals led to, and what was meant to be reached."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.clock import day_bounds, organisation_zone
from accounts.models import Organisation, Team, User
from core.changes import ChangeLog
from core.periods import Period, period_of
from crm_project.demo.customers import working_hours
from deals.constants import (
    ActionState,
    ContractKind,
    ContractStatus,
    PaymentStatus,
    Renewal,
    Side,
    StageKind,
    TargetMetric,
    TargetPeriod,
)
from deals.models import (
    Contract,
    Deal,
    ImprovementAction,
    Obligation,
    Order,
    OrderLine,
    Payment,
    PlanLine,
    Target,
)
from deals.selectors.rates import Rates
from deals.services.contracts import later
from deals.services.numbers import next_number

QUARTERS_BACK = 4
CONTRACTED = ("Software", "Health care")
DUTIES = {
    "Software": (
        ("Yearly review of use", "年度使用回顾", Side.US),
        ("Name a project lead", "指定项目负责人", Side.CUSTOMER),
    ),
    "Health care": (
        ("Calibrate every device", "校准所有设备", Side.US),
        ("Report faults within a day", "一日内报告故障", Side.CUSTOMER),
    ),
}
PLANS = (
    ("Fair in autumn", "秋季展会", "Fair", 9_000),
    ("Calls to lapsed customers", "回访沉睡客户", "Phone", 1_500),
)
CAUSE = ("Too few first talks in the holidays", "假期期间首次洽谈太少")
ACTION = ("Two mornings a week for calls", "每周两个上午打电话")


def make_plan(log: ChangeLog, deals: list[Deal], now: datetime, dice: random.Random) -> None:
    """Orders and contracts of won deals, then targets that some teams meet and others miss."""
    won = [deal for deal in deals if deal.status == StageKind.WON and deal.amount and deal.closed_on]
    _orders(log, won, now, dice)
    _contracts(log, won, now, dice)
    _targets(log, won, now)


def _chinese(deal: Deal) -> bool:
    return deal.team is not None and deal.team.name == "Software"


def _orders(log: ChangeLog, won: list[Deal], now: datetime, dice: random.Random) -> None:
    """Two of three won deals were booked; most are paid, a few are late."""
    orders, lines, payments = [], [], []
    today = now.astimezone(organisation_zone()).date()
    for deal in sorted(won, key=lambda one: (one.closed_on, one.pk)):
        if dice.random() > 0.7 or deal.closed_on is None or deal.amount is None:
            continue
        order = Order(
            number=next_number("O", deal.closed_on.year),
            customer=deal.customer,
            deal=deal,
            ordered_at=min(working_hours(day_bounds(deal.closed_on)[0], dice), now),
            currency=deal.currency,
            total=deal.amount,
            cost=(deal.amount * dice.randint(45, 70) / 100).quantize(Decimal("0.01")),
            channel=dice.choice(("Direct", "Direct", "Partner", "Online")),
        )
        orders.append(order)
        lines.append(
            OrderLine(
                order=order,
                position=1,
                description=deal.name,
                quantity=1,
                unit_price=deal.amount,
                total=deal.amount,
            )
        )
        due = deal.closed_on + timedelta(days=30)
        paid = due - timedelta(days=dice.randint(0, 20)) if due < today and dice.random() < 0.85 else None
        payments.append(
            Payment(
                order=order,
                amount=deal.amount,
                due_on=due,
                status=PaymentStatus.PAID if paid else PaymentStatus.DUE,
                paid_on=paid,
            )
        )
    log.bulk_create(orders)
    OrderLine.objects.bulk_create(lines)
    log.bulk_create(payments)


def _contracts(log: ChangeLog, won: list[Deal], now: datetime, dice: random.Random) -> None:
    """Software and health care are sold with a contract of a year that follows the calendar of the deal."""
    today = now.astimezone(organisation_zone()).date()
    contracts, duties = [], []
    for deal in won:
        if deal.team is None or deal.team.name not in CONTRACTED or deal.closed_on is None:
            continue
        starts = deal.closed_on
        ends = later(starts, 12) - timedelta(days=1)
        automatic = dice.random() < 0.4
        while automatic and ends < today:
            ends = later(ends + timedelta(days=1), 12) - timedelta(days=1)
        contract = Contract(
            number=next_number("C", starts.year),
            title=deal.name,
            kind=ContractKind.STRATEGIC if (deal.amount or 0) > 300_000 else ContractKind.PROJECT,
            customer=deal.customer,
            deal=deal,
            status=ContractStatus.ENDED if ends < today else ContractStatus.SIGNED,
            value=deal.amount,
            currency=deal.currency,
            starts_on=starts,
            ends_on=ends,
            renewal=Renewal.AUTOMATIC if automatic else Renewal.MANUAL,
            renewal_months=12 if automatic else None,
            notice_days=90,
            owner=deal.owner,
            team=deal.team,
        )
        contracts.append(contract)
        for english, chinese, side in DUTIES[deal.team.name]:
            due = min(later(starts, 6), ends)
            duties.append(
                Obligation(
                    contract=contract,
                    side=side,
                    text=chinese if _chinese(deal) else english,
                    due_on=due,
                    done_on=due if due < today and dice.random() < 0.8 else None,
                )
            )
    log.bulk_create(contracts)
    log.bulk_create(duties)


def _targets(log: ChangeLog, won: list[Deal], now: datetime) -> None:
    """For each team and quarter: a fifth more than the quarter before, or the first guess."""
    organisation = Organisation.objects.get(pk=1)
    today = now.astimezone(organisation_zone()).date()
    this = period_of(today, "quarter", fiscal_start=organisation.fiscal_year_start)
    reached = _won_by_team(won, this)
    targets: list[Target] = []
    parts: list[PlanLine | ImprovementAction] = []
    for team in Team.objects.filter(pk__in={deal.team_id for deal in won if deal.team_id}).order_by("pk"):
        lead = User.objects.filter(team=team, is_active=True).order_by("pk").first()
        for back in range(QUARTERS_BACK, -1, -1):
            quarter = this.previous(back)
            before = reached[team.pk, quarter.previous().key] or Decimal(40_000)
            target = Target(
                metric=TargetMetric.WON_AMOUNT,
                period=TargetPeriod.QUARTER,
                starts_on=quarter.start,
                ends_before=quarter.end,
                value=max(round(before * Decimal("1.2"), -3), Decimal(1000)),
                currency=organisation.base_currency,
                team=team,
            )
            targets.append(target)
            if back == 0:
                parts += _plan_of(target, team, lead, quarter)
            elif back == 1 and reached[team.pk, quarter.key] < target.value:
                parts.append(_improvement(target, team, lead, this))
    log.bulk_create(targets)
    for kind in (PlanLine, ImprovementAction):
        log.bulk_create([part for part in parts if isinstance(part, kind)])


def _won_by_team(won: list[Deal], this: Period) -> dict[tuple[int, str], Decimal]:
    rates, found = Rates(), defaultdict(Decimal)  # type: ignore[var-annotated]
    for deal in won:
        assert deal.closed_on is not None
        period = period_of(deal.closed_on, "quarter", fiscal_start=this.fiscal_start)
        worth = rates.to_base(deal.amount, deal.currency, deal.closed_on)
        if deal.team_id and worth is not None:
            found[deal.team_id, period.key] += worth
    return found


def _plan_of(target: Target, team: Team, lead: User | None, quarter: Period) -> list[PlanLine]:
    chinese = team.name == "Software"
    return [
        PlanLine(
            target=target,
            activity=name_zh if chinese else name,
            channel=channel,
            starts_on=quarter.start + timedelta(days=14 * number),
            ends_on=quarter.start + timedelta(days=14 * number + 10),
            budget=Decimal(budget),
            responsible=lead,
            done_on=quarter.start + timedelta(days=11) if number == 0 else None,
        )
        for number, (name, name_zh, channel, budget) in enumerate(PLANS)
    ]


def _improvement(target: Target, team: Team, lead: User | None, this: Period) -> ImprovementAction:
    chinese = team.name == "Software"
    return ImprovementAction(
        target=target,
        cause=CAUSE[chinese],
        action=ACTION[chinese],
        responsible=lead,
        due_on=this.start + timedelta(days=30),
        state=ActionState.DOING,
    )
