"""Sample deals: what each team sells to the sample customers, with the way every deal has come.

The story: wholesale closes quickly and small, software slowly and large, health care in between. Most
lost deals are lost on price or to nobody answering; close dates slip, the late ones more than once.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.clock import organisation_zone
from activities.models import Task
from core.changes import ChangeLog
from crm_project.demo.customers import working_hours
from crm_project.demo.pipelines import make_pipelines
from customers.models import Customer
from deals.constants import DealKind, StageKind
from deals.models import CloseDateChange, Deal, DealStageChange, LostReason, Stage

# Team: (names, smallest and largest amount, usual days from the first talk to the end)
OFFERS: dict[str, tuple[list[str], int, int, int]] = {
    "Wholesale": (
        ["Autumn range", "Christmas assortment", "Shop-in-shop", "Spring range", "Own label"],
        1_500, 28_000, 45,
    ),
    "Software": (
        ["专业版席位", "集团推广", "数据平台试点", "仓库系统接口", "金牌支持续约", "实施服务包"],
        30_000, 900_000, 120,
    ),
    "Health care": (
        ["Patient monitors", "Care beds, wing B", "Calibration contract", "Emergency kit"],
        6_000, 160_000, 80,
    ),
}  # fmt: skip
# (reason, finer reason or "", note in English, note in Chinese); those that stand twice happen oftener
LOST = [
    ("Price", "Cheaper offer", "8 % under ours from a local dealer.", "本地经销商比我们低 8%。"),
    ("Price", "Value not seen", "Saw a cost, not a saving.", "只看到成本，没看到节省。"),
    ("No response", "", "Four mails, three calls, silence.", "四封邮件、三次电话，没有回音。"),
    ("No response", "", "Went quiet after the offer.", "收到报价后没有回复。"),
    ("Competitor", "Stayed with their supplier", "Switching seemed a risk.", "认为更换供应商有风险。"),
    ("Budget", "Not approved", "The board stopped all spending.", "董事会停止了所有开支。"),
    ("No decision", "Sponsor left", "Our contact changed jobs.", "我们的联系人换了工作。"),
    ("Missing feature", "Integration missing", "No interface to their system.", "没有与其系统的接口。"),
    ("Timing", "Too early", "Perhaps next year.", "也许明年。"),
    ("Other", "", "The company was sold.", "公司被出售。"),
]
NEXT_STEPS = [
    ("Send the revised offer", "发送修改后的报价"),
    ("Meet the finance director", "与财务总监会面"),
    ("Agree the start date", "商定开始日期"),
    ("Show a reference customer", "介绍一位参考客户"),
    ("Clear the open points of the contract", "澄清合同未决问题"),
]


@dataclass
class _Made:
    """The rows of all deals, written at the end in few statements."""

    deals: list[Deal] = field(default_factory=list)
    moves: list[DealStageChange] = field(default_factory=list)
    slips: list[CloseDateChange] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)


def make_deals(log: ChangeLog, customers: list[Customer], now: datetime, dice: random.Random) -> list[Deal]:
    """About 120 deals: open ones of opportunities and of good customers, won and lost ones."""
    pipelines = make_pipelines(log)
    stages = {
        team: list(Stage.objects.alive().filter(pipeline=pipeline).order_by("position"))
        for team, pipeline in pipelines.items()
    }
    reasons = {(row.parent.name if row.parent else "", row.name): row for row in _reasons()}
    made = _Made()
    for customer in customers:
        for kind in _outcomes(customer, dice):
            assert customer.team is not None
            _deal(made, customer, kind, stages[customer.team.name], reasons, now, dice)
    log.bulk_create(made.deals)
    for rows in (made.moves, made.slips, made.tasks):
        log.bulk_create(rows)
    return made.deals


def _reasons() -> list[LostReason]:
    return list(LostReason.objects.alive().select_related("parent"))


def _outcomes(customer: Customer, dice: random.Random) -> list[StageKind]:
    """What became of the deals with a customer, given how far the customer has come."""
    step, luck = customer.stage.kind, dice.random()
    if step == "opportunity" or (step == "qualified" and luck < 0.3):
        return [StageKind.OPEN]
    if step == "customer":
        return [StageKind.WON, StageKind.LOST] if luck < 0.6 else [StageKind.WON]
    if step == "loyal":
        before = [StageKind.WON, StageKind.WON, StageKind.LOST]
        return [*before, StageKind.OPEN] if luck < 0.7 else before
    return [StageKind.LOST] if step == "lost" else []


def _deal(
    made: _Made,
    customer: Customer,
    outcome: str,
    stages: list[Stage],
    reasons: dict[tuple[str, str], LostReason],
    now: datetime,
    dice: random.Random,
) -> None:
    assert customer.team is not None
    names, low, high, usual = OFFERS[customer.team.name]
    steps = [stage for stage in stages if stage.is_open]
    reached = dice.randint(1, len(steps)) if outcome != StageKind.WON else len(steps)
    path = steps[:reached] + [stage for stage in stages if stage.kind == outcome != StageKind.OPEN][:1]
    days = max(len(path) * 3, int(usual * dice.uniform(0.5, 1.6)))
    ended = 0 if outcome == StageKind.OPEN else dice.randint(2, 420)
    opened = working_hours(now - timedelta(days=ended + days), dice)
    grows = customer.stage.kind == "loyal" and outcome == StageKind.OPEN
    deal = Deal(
        name=dice.choice(names), external_id=f"DD-{len(made.deals) + 1:04}", customer=customer,
        pipeline=path[-1].pipeline, stage=path[-1], status=path[-1].kind,
        owner=customer.owner, team=customer.team, kind=DealKind.EXPANSION if grows else DealKind.NEW,
        amount=Decimal(dice.randint(low // 50, high // 50) * 50), currency=customer.currency,
        source=customer.source, opened_on=_day(opened), created_at=opened, updated_at=opened,
    )  # fmt: skip
    if reached == 1 and dice.random() < 0.3:
        deal.amount = None  # not talked about yet
    _way(made, deal, path, opened, days, dice)
    _dates(made, deal, opened, now, days, dice)
    if outcome == StageKind.LOST:
        _say_why(deal, reasons, dice)
    if outcome == StageKind.OPEN:
        _plan(made, deal, _day(now), dice)
    made.deals.append(deal)


def _way(
    made: _Made, deal: Deal, path: list[Stage], opened: datetime, days: int, dice: random.Random
) -> None:
    """The stages a deal came through; the last move is the end, or some time ago for an open deal."""
    cuts = sorted(dice.uniform(0.05, 0.95) for _step in path[1:])
    if deal.status != StageKind.OPEN:
        cuts[-1:] = [1.0]
    before, at = None, opened
    for stage, share in zip(path, [0.0, *cuts], strict=True):
        since, at = at, opened + timedelta(days=days * share)
        seconds = None if before is None else int((at - since).total_seconds())
        made.moves.append(
            DealStageChange(
                deal=deal, from_stage=before, to_stage=stage, at=at, by=deal.owner, seconds=seconds
            )
        )
        before = stage
    deal.stage_since = at
    if deal.status != StageKind.OPEN:
        deal.closed_on = _day(at)


def _dates(made: _Made, deal: Deal, opened: datetime, now: datetime, days: int, dice: random.Random) -> None:
    """When the deal was to close, and how often that was put off."""
    planned = _day(opened) + timedelta(days=int(days * dice.uniform(0.5, 1.0)))
    end = deal.closed_on or _day(now) + timedelta(days=dice.randint(-12, 75))
    times = dice.choice([0, 0, 1, 2, 3]) if end > planned else 0
    deal.expected_close_on = planned if times or deal.closed_on else end
    for number in range(1, times + 1):
        moved = planned + number * (end - planned) / times
        at = min(opened + timedelta(days=days * number / 4), now)
        made.slips.append(
            CloseDateChange(deal=deal, from_date=deal.expected_close_on, to_date=moved, at=at, by=deal.owner)
        )
        deal.expected_close_on = moved


def _say_why(deal: Deal, reasons: dict[tuple[str, str], LostReason], dice: random.Random) -> None:
    assert deal.customer is not None
    reason, finer, note, note_zh = dice.choice(LOST)
    deal.lost_reason = reasons.get((reason, finer)) or reasons.get(("", reason))
    deal.lost_note = note_zh if deal.customer.language == "zh-hans" else note


def _plan(made: _Made, deal: Deal, today: date, dice: random.Random) -> None:
    """Two in three open deals have a next step; some of those are late."""
    assert deal.customer is not None
    if dice.random() < 0.35:
        return
    title = dice.choice(NEXT_STEPS)[1 if deal.customer.language == "zh-hans" else 0]
    made.tasks.append(
        Task(
            title=title, customer=deal.customer, deal=deal, assignee=deal.owner, author=deal.owner,
            due_on=today + timedelta(days=dice.choice([-6, -2, 0, 1, 3, 5, 9, 14])),
        )
    )  # fmt: skip


def _day(moment: datetime) -> date:
    return moment.astimezone(organisation_zone()).date()
