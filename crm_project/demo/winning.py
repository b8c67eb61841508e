"""Sample people on deals, competitors, objections, close plans and win/loss reviews.

The story: in late deals a decision maker and a supporter are known, in early ones often one person only.
Each team meets the same few competitors; some objections are answered well, and those deals are won.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.clock import day_bounds, organisation_zone
from core.changes import ChangeLog
from customers.constants import BuyingRole
from customers.models import Contact, Membership
from deals.close_plan_catalogue import PLANS
from deals.constants import CompetitorOutcome, Decided, Influence, Side, StageKind, Stance
from deals.models import (
    ClosePlanStep,
    Competitor,
    Deal,
    DealCompetitor,
    DealContact,
    DealObjection,
    Objection,
    ObjectionAnswer,
    WinLossReview,
)

# Team: (name, strengths, weaknesses, products and prices, how to win against them)
COMPETITORS = {
    "Wholesale": (
        ("Northwind Supply", "Delivers the next day, everywhere.", "No own designs, thin service.",
         "Full range, about 8 % under our list.", "Show the margin of exclusive ranges."),
        ("Maison Lorne", "Famous brand, fine displays.", "High minimum orders, slow repeats.",
         "Shop-in-shop from 12,000.", "Offer small first orders with free returns."),
    ),
    "Software": (
        ("云帆软件", "价格低，上线快。", "没有国际版本，接口少。", "每席位每年约 600 元。",
         "演示与仓库系统的对接。"),
        ("Orbis Suite", "全球品牌，功能全面。", "实施周期长，费用高。", "每席位每年 2,400 元起。",
         "先做四周试点，用数字说话。"),
    ),
    "Health care": (
        ("MediCore", "Installed in most hospitals already.", "Calibration only twice a year.",
         "Monitors about 5 % over ours.", "Put the cost of standstill beside the price."),
        ("CarePlus Devices", "Cheapest offer in every tender.", "Spare parts take weeks.",
         "Beds 15 % under ours.", "Bring a reference for spare parts within a day."),
    ),
}  # fmt: skip
# (about, objection, answers, the one that works first); in English and Chinese
OBJECTIONS = {
    False: (
        (
            "Price",
            "Too expensive",
            ("Put the yearly saving beside the price.", "Offer a smaller first step."),
        ),
        ("Timing", "Not this year", ("Agree the date of the decision and the start now.",)),
        (
            "Trust",
            "We do not know you",
            ("Introduce a customer of the same trade.", "Send the certificates."),
        ),
        ("Product", "A feature is missing", ("Show the way round it that others use.",)),
    ),
    True: (
        ("价格", "价格太高", ("把每年节省的费用放在价格旁边。", "建议先从小规模开始。")),
        ("时机", "今年没有计划", ("现在就商定决定日期和启动日期。",)),
        ("信任", "还不了解你们", ("介绍一位同行业的客户。",)),
    ),
}
WON = (
    (Decided.SERVICE, "They answered every question within the hour.", "对方的问题都在一小时内得到答复。",
     "Name one contact for support in every offer.", "每份报价都写明一位支持联系人。"),
    (Decided.PRODUCT, "It simply fitted how we work.", "完全符合我们的工作方式。",
     "Show it with their own data.", "用客户自己的数据演示。"),
    (Decided.RELATIONSHIP, "We knew whom we would be dealing with.", "我们知道将与谁合作。",
     "Bring the people who will do the work.", "让实际执行的同事一起参加。"),
    (Decided.RISK, "The reference convinced our board.", "参考客户说服了董事会。",
     "Have the reference call before the offer.", "报价之前先安排参考客户通话。"),
)  # fmt: skip
LOST = (
    (Decided.PRICE, "The other offer was cheaper, that is all.", "对方报价更低，仅此而已。",
     "Talk about the saving before the price.", "先谈节省，再谈价格。"),
    (Decided.TIMING, "Nothing was decided in the end.", "最后没有做出任何决定。",
     "Agree a close plan before the offer.", "报价之前先商定成交计划。"),
    (Decided.PRODUCT, "It could not talk to our system.", "无法与我们的系统对接。",
     "Ask about interfaces in the first talk.", "首次洽谈就询问接口。"),
)  # fmt: skip
ROLES = (BuyingRole.CHAMPION, BuyingRole.DECISION_MAKER, BuyingRole.USER)


def make_winning(log: ChangeLog, deals: list[Deal], now: datetime, dice: random.Random) -> None:
    """What is known round the sample deals."""
    today = now.astimezone(organisation_zone()).date()
    people = _people(log, deals, dice)
    rivals = _rivals(log)
    met = _competition(log, deals, rivals, dice)
    _objections(log, deals, now, dice)
    _plans(log, deals, people, today)
    _reviews(log, deals, people, met, dice)


def _chinese(deal: Deal) -> bool:
    return deal.customer is not None and deal.customer.language == "zh-hans"


def _people(log: ChangeLog, deals: list[Deal], dice: random.Random) -> dict[int, list[Contact]]:
    """The contacts of each deal's customer: early deals know one of them, late ones all."""
    contacts: dict[int, list[Contact]] = defaultdict(list)
    rows = Membership.objects.alive().filter(customer__in={deal.customer_id for deal in deals})
    for row in rows.select_related("contact").order_by("pk"):
        contacts[row.customer_id].append(row.contact)
    found: dict[int, list[Contact]] = {}
    made = []
    for deal in deals:
        known = contacts[deal.customer_id or 0]
        early = deal.is_open and deal.stage.probability < 30
        found[deal.pk] = known[: 1 if early else 3]
        kind = 1 if deal.status == StageKind.WON else 0
        for number, contact in enumerate(found[deal.pk]):
            made.append(
                DealContact(
                    deal=deal,
                    contact=contact,
                    role=ROLES[number],
                    influence=(Influence.MEDIUM, Influence.HIGH, Influence.LOW)[number],
                    stance=min(
                        Stance.SUPPORTER, max(Stance.AGAINST, dice.randint(-1, 1) + kind + (number == 0))
                    ),
                    is_primary=number == 0,
                )
            )
    log.bulk_create(made)
    return found


def _rivals(log: ChangeLog) -> dict[str, list[Competitor]]:
    rivals = {
        team: [
            Competitor(name=name, strengths=strong, weaknesses=weak, products=products, how_to_win=how)
            for name, strong, weak, products, how in rows
        ]
        for team, rows in COMPETITORS.items()
    }
    for rows in rivals.values():
        log.bulk_create(rows)
    return rivals


def _competition(
    log: ChangeLog, deals: list[Deal], rivals: dict[str, list[Competitor]], dice: random.Random
) -> dict[int, Competitor]:
    """Every other deal has a competitor. Returns the one of each deal."""
    found: dict[int, Competitor] = {}
    rows = []
    for deal in deals:
        if deal.team is None or dice.random() < 0.5:
            continue
        rival = dice.choice(rivals[deal.team.name])
        found[deal.pk] = rival
        outcome = {StageKind.WON: CompetitorOutcome.BEATEN, StageKind.LOST: CompetitorOutcome.LOST_TO}.get(
            StageKind(deal.status), CompetitorOutcome.COMPETING
        )
        price = None
        if deal.amount is not None and dice.random() < 0.6:
            price = (deal.amount * dice.randint(85, 110) / 100).quantize(Decimal(1))
        rows.append(DealCompetitor(deal=deal, competitor=rival, price=price, outcome=outcome))
    log.bulk_create(rows)
    return found


def _objections(log: ChangeLog, deals: list[Deal], now: datetime, dice: random.Random) -> None:
    """The library, and what was heard: won deals got the answer that works."""
    library: dict[bool, list[tuple[Objection, list[ObjectionAnswer]]]] = {}
    for chinese, lines in OBJECTIONS.items():
        objections = [Objection(category=about, text=text) for about, text, _answers in lines]
        log.bulk_create(objections)
        library[chinese] = []
        for objection, (_about, _text, texts) in zip(objections, lines, strict=True):
            answers = [ObjectionAnswer(objection=objection, text=text) for text in texts]
            log.bulk_create(answers)
            library[chinese].append((objection, answers))
    heard = []
    for deal in deals:
        if dice.random() < 0.45:
            continue
        objection, answers = dice.choice(library[_chinese(deal)])
        won = deal.status == StageKind.WON
        answer = answers[0] if won and dice.random() < 0.8 else dice.choice([*answers, None])
        at = min(day_bounds(deal.opened_on + timedelta(days=7))[0] + timedelta(hours=10), now)
        heard.append(
            DealObjection(
                deal=deal, objection=objection, answer=answer, at=at, by=deal.owner, is_resolved=won
            )
        )
    log.bulk_create(heard)


def _plans(log: ChangeLog, deals: list[Deal], people: dict[int, list[Contact]], today: date) -> None:
    """Open deals that are likely have a plan; a step or two of it is done, sometimes one is late."""
    names = {"Final offer": "最终报价", "Decision": "决定", "Signature": "签字"}
    steps = []
    for deal in deals:
        if not deal.is_open or deal.stage.probability < 50:
            continue
        start = today - timedelta(days=14)
        end = max(deal.expected_close_on or today, today + timedelta(days=7))
        for number, step in enumerate(PLANS["short"].steps):
            due = start + timedelta(days=round((end - start).days * step.share))
            theirs = people[deal.pk][:1] if step.side == Side.CUSTOMER else []
            steps.append(
                ClosePlanStep(
                    deal=deal,
                    title=names[step.title] if _chinese(deal) else step.title,
                    due_on=due,
                    side=step.side,
                    user=deal.owner if step.side == Side.US else None,
                    contact=theirs[0] if theirs else None,
                    done_on=due if number == 0 and due < today and deal.pk % 3 else None,
                )
            )
    log.bulk_create(steps)


def _reviews(
    log: ChangeLog,
    deals: list[Deal],
    people: dict[int, list[Contact]],
    met: dict[int, Competitor],
    dice: random.Random,
) -> None:
    """Three of five closed deals were reviewed, a few days after they were closed."""
    rows = []
    for deal in deals:
        if deal.closed_on is None or deal.owner is None or dice.random() > 0.6:
            continue
        decided, quote, quote_zh, lesson, lesson_zh = dice.choice(
            WON if deal.status == StageKind.WON else LOST
        )
        chinese = _chinese(deal)
        told = people[deal.pk][:1]
        rows.append(
            WinLossReview(
                deal=deal,
                decided=decided,
                competitor=met.get(deal.pk),
                quote=quote_zh if chinese else quote,
                source=told[0] if told else None,
                lesson=lesson_zh if chinese else lesson,
                reviewed_on=deal.closed_on + timedelta(days=1),
                reviewer=deal.owner,
            )
        )
    log.bulk_create(rows)
