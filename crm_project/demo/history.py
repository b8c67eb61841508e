"""Sample calls, mails, meetings, notes, tasks and cadence plans, in the customer's language."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from activities.constants import ActivityKind, Direction, Interval, Priority
from activities.models import Activity, CadencePlan, Task
from core.changes import ChangeLog
from crm_project.demo.customers import working_hours
from customers.models import Contact, Customer, Membership

# (kind, direction, minutes, subject, notes, outcome) in English and Chinese
HAPPENED = [
    ("call", "out", 15, "First call", "Told them what we do; they know two of our customers.", "Interested",
     "首次通话", "介绍了我们的业务，对方认识我们的两位客户。", "有兴趣"),
    ("mail", "in", None, "Question about delivery times", "Can you deliver within ten days?", "",
     "询问交货时间", "十天之内可以交货吗?", ""),
    ("mail", "out", None, "Price list sent", "Sent the current price list and terms.", "",
     "已发送价目表", "发送了最新价目表和条款。", ""),
    ("meeting", "out", 60, "Visit on site", "Walked through the process with the team.", "Wants an offer",
     "上门拜访", "与团队一起走了一遍流程。", "希望得到报价"),
    ("call", "in", 8, "Asked about a late parcel", "Tracked it: arrives tomorrow.", "Solved",
     "询问迟到的包裹", "已查询：明天到达。", "已解决"),
    ("note", "out", None, "Budget is decided in spring", "The owner signs everything above 5,000.", "",
     "预算在春季决定", "五千以上的金额由负责人签字。", ""),
    ("chat", "in", None, "Short question about sizes", "Answered at once.", "Solved",
     "关于规格的小问题", "当场回答。", "已解决"),
    ("meeting", "out", 45, "Yearly review", "Satisfied; would like a named contact for support.", "Renews",
     "年度回顾", "满意，希望有固定的支持联系人。", "续约"),
]  # fmt: skip
TO_DO = [
    ("Call back about the offer", "就报价回电"),
    ("Send samples", "寄送样品"),
    ("Ask for a reference", "请求推荐"),
    ("Check payment terms", "核对付款条件"),
    ("Invite to the open day", "邀请参加开放日"),
    ("Prepare the yearly review", "准备年度回顾"),
]


def make_history(
    log: ChangeLog, customers: list[Customer], now: datetime, today: date, dice: random.Random
) -> None:
    """Three to ten activities a customer, a next step for most, and a cadence for those who buy."""
    people = _people(customers)
    activities = [activity for customer in customers for activity in _activities(customer, now, dice)]
    log.bulk_create(activities)
    Activity.contacts.through.objects.bulk_create(
        Activity.contacts.through(activity=row, contact_id=dice.choice(people[row.customer_id]))
        for row in activities
        if row.kind != ActivityKind.NOTE
    )
    log.bulk_create([task for c in customers if (task := _task(c, today, dice))])
    plans = [_plan(c, today, dice) for c in customers if c.stage.kind in ("customer", "loyal")]
    log.bulk_create(plans)


def _people(customers: list[Customer]) -> dict[int, list[int]]:
    people: dict[int, list[int]] = {}
    rows = Membership.objects.filter(customer__in=customers, contact__in=Contact.objects.alive())
    for customer_id, contact_id in rows.values_list("customer_id", "contact_id"):
        people.setdefault(customer_id, []).append(contact_id)
    return people


def _activities(customer: Customer, now: datetime, dice: random.Random) -> list[Activity]:
    chinese = customer.language == "zh-hans"
    span = max((now - customer.created_at).days, 2)
    rows = []
    for _ in range(dice.randint(3, 10)):
        kind, direction, minutes, *texts = dice.choice(HAPPENED)
        subject, body, outcome = texts[3:] if chinese else texts[:3]
        at = working_hours(now - timedelta(days=dice.randint(0, span)), dice)
        if at > now:
            at -= timedelta(days=1)
        rows.append(
            Activity(
                kind=kind,
                direction=Direction.IN if direction == "in" else Direction.OUT,
                at=max(at, customer.created_at),
                duration_minutes=minutes,
                subject=subject,
                body=body,
                outcome=outcome,
                customer=customer,
                author=customer.owner,
            )
        )
    return rows


def _task(customer: Customer, today: date, dice: random.Random) -> Task | None:
    if customer.stage.kind == "lost" or dice.random() < 0.3:
        return None
    title = dice.choice(TO_DO)[1 if customer.language == "zh-hans" else 0]
    days = dice.choice([-9, -4, -1, 0, 0, 0, 1, 2, 3, 7, 14, 30])
    return Task(
        title=title,
        customer=customer,
        assignee=customer.owner,
        author=customer.owner,
        due_on=today + timedelta(days=days),
        priority=dice.choice([Priority.NORMAL, Priority.NORMAL, Priority.HIGH]),
    )


def _plan(customer: Customer, today: date, dice: random.Random) -> CadencePlan:
    return CadencePlan(
        customer=customer,
        interval=dice.choice([Interval.MONTHLY, Interval.QUARTERLY]),
        starts_on=today - timedelta(days=dice.randint(0, 60)),
    )
