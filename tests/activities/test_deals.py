"""Activities and tasks on deals: the timeline, what comes next, rotting, and Today."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.clock import today
from activities.models import Activity, Task
from activities.selectors.today import today_page
from activities.services.activities import NextStep, edit_activity, log_activity
from activities.services.reminders import close_meetings
from activities.services.tasks import complete_task, create_task, edit_task
from core.exceptions import RuleViolation
from core.undo import undo
from deals.models import Deal
from deals.services.stages import move_deal
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory, stage
from tests.factories.deals import DealFactory, StageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return UserFactory(team=TeamFactory())


@pytest.fixture
def deal(seller):
    customer = CustomerFactory(owner=seller, team=seller.team, stage=stage("opportunity"))
    step = StageFactory(rotting_days=10)
    since = timezone.now() - timedelta(days=20)
    return DealFactory(
        name="Boiler", customer=customer, owner=seller, team=seller.team, stage=step, stage_since=since
    )


@pytest.fixture
def browser(seller):
    client = Client()
    client.force_login(seller)
    return client


def call(deal, seller, **more):
    return log_activity(customer=deal.customer, deal=deal, kind="call", actor=seller, **more)


def test_an_activity_with_a_next_step_is_told_on_the_deal_and_holds_rotting_up(deal, seller):
    assert deal.rots_on < today()
    due = today() + timedelta(days=40)
    done = call(deal, seller, next_step=NextStep("Send the offer", due))
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_step_on) == ("Send the offer", due)
    assert deal.last_activity_at == done.record.at
    assert deal.rots_on == due + timedelta(days=1)
    assert Task.objects.get().deal == deal
    undo(done.change_set, actor=seller)
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_step_on, deal.last_activity_at) == ("", None, None)
    assert deal.rots_on < today()


def test_a_done_task_counts_as_something_that_happened(deal, seller):
    task = create_task(title="Call", due_on=today(), deal=deal, customer=deal.customer, actor=seller).record
    deal.refresh_from_db()
    assert deal.next_step == "Call"
    complete_task(task=task, actor=seller)
    deal.refresh_from_db()
    task.refresh_from_db()
    assert (deal.next_step_on, deal.last_activity_at) == (None, task.done_at)


def test_a_task_that_moves_to_another_deal_leaves_the_first_without_a_step(deal, seller):
    other = DealFactory(customer=deal.customer)
    task = create_task(title="Call", due_on=today(), deal=deal, customer=deal.customer, actor=seller).record
    edit_task(task=task, values={"deal": other}, actor=seller)
    deal.refresh_from_db()
    other.refresh_from_db()
    assert (deal.next_step_on, other.next_step_on) == (None, today())


def test_a_meeting_that_has_passed_is_no_next_step_any_more(deal, seller):
    now = timezone.now()
    log_activity(customer=deal.customer, deal=deal, kind="meeting", actor=seller, at=now + timedelta(hours=1))
    deal.refresh_from_db()
    assert deal.next_step == "Meeting"
    Activity.objects.update(at=now - timedelta(minutes=1))
    close_meetings(now)
    deal.refresh_from_db()
    assert deal.next_step_on is None


def test_the_deal_is_one_with_the_customer_it_is_about(deal, seller):
    stranger = DealFactory()
    with pytest.raises(RuleViolation):
        log_activity(customer=deal.customer, deal=stranger, kind="call", actor=seller)
    with pytest.raises(RuleViolation):
        create_task(title="x", due_on=today(), deal=stranger, customer=deal.customer, actor=seller)
    activity = call(deal, seller).record
    with pytest.raises(RuleViolation):
        edit_activity(activity=activity, values={"deal": stranger}, actor=seller)
    assert not Task.objects.exists()


def test_the_timeline_of_a_deal_tells_activities_tasks_and_moves_of_that_deal_alone(deal, seller, browser):
    call(deal, seller, subject="First talk")
    call(DealFactory(customer=deal.customer), seller, subject="Another deal")
    target = StageFactory(pipeline=deal.pipeline, name="Offer sent")
    move_deal(deal, stage=target, actor=seller)
    html = browser.get(reverse("activities:deal_timeline", args=[deal.pk])).content.decode()
    assert "First talk" in html
    assert "Offer sent" in html
    assert "Another deal" not in html


def test_the_composer_of_a_deal_logs_on_it_and_on_its_customer(deal, browser):
    url = reverse("activities:deal_log", args=[deal.pk])
    form = browser.get(reverse("activities:deal_timeline", args=[deal.pk])).content.decode()
    assert f'name="deal" value="{deal.pk}"' in form
    browser.post(url, {"kind": "call", "subject": "Rang", "deal": deal.pk})
    activity = Activity.objects.get()
    assert (activity.deal, activity.customer) == (deal, deal.customer)


def test_the_customer_s_composer_offers_its_open_deals(deal, seller, browser):
    closed = DealFactory(name="Closed one", customer=deal.customer, owner=seller, team=seller.team,
                         stage=StageFactory(kind="won", pipeline=deal.pipeline))  # fmt: skip
    html = browser.get(reverse("activities:timeline", args=[deal.customer_id])).content.decode()
    assert "Boiler" in html
    assert closed.name not in html
    url = reverse("activities:activity_log", args=[deal.customer_id])
    browser.post(url, {"kind": "call", "subject": "Rang", "deal": deal.pk})
    assert Activity.objects.get().deal == deal


def test_nobody_logs_on_a_deal_whose_customer_they_may_not_see(seller, browser):
    hidden = DealFactory(owner=seller, team=seller.team)
    page = browser.get(reverse("activities:deal_timeline", args=[hidden.pk])).content.decode()
    assert 'id="composer"' not in page
    url = reverse("activities:deal_log", args=[hidden.pk])
    assert browser.post(url, {"kind": "call", "subject": "x"}).status_code == 403


def test_a_task_from_the_deal_s_page_brings_its_customer_along(deal, browser):
    page = browser.get(f"{reverse('activities:task_create')}?deal={deal.pk}").content.decode()
    assert f'<option value="{deal.pk}" selected' in page
    data = {"title": "Send it", "due_on": today().isoformat(), "deal": deal.pk, "customer": ""}
    browser.post(reverse("activities:task_create"), data)
    task = Task.objects.get()
    assert (task.deal, task.customer) == (deal, deal.customer)


def lines(user, key):
    page = today_page(user, scope="mine")
    return [line for section in page.sections if section.key == key for line in section.shown]


def test_today_lists_rotting_deals_and_those_without_a_next_step_and_says_why(deal, seller):
    fresh = DealFactory(name="Fresh", owner=seller, team=seller.team, stage=deal.stage, amount=5)
    planned = DealFactory(name="Planned", owner=seller, team=seller.team, stage=deal.stage)
    Deal.objects.filter(pk=planned.pk).update(next_step_on=today(), rots_on=today() + timedelta(days=1))
    found = [(line.record, line.why, line.urgent) for line in lines(seller, "deals")]
    assert found == [
        (deal, f"{deal.stage.name}: nothing has happened for 20 days", True),
        (fresh, f"{deal.stage.name}: no next step is planned", False),
    ]


def test_a_customer_with_an_open_deal_is_told_by_its_deal_only(deal, seller):
    assert lines(seller, "stalled") == []
    Deal.objects.filter(pk=deal.pk).update(deleted_at=timezone.now())
    assert [line.record for line in lines(seller, "stalled")] == [deal.customer]


def test_one_click_plans_the_next_step_of_a_deal(deal, browser):
    browser.post(reverse("activities:deal_next_step", args=[deal.pk]), {"to": "tomorrow"})
    task = Task.objects.get()
    assert (task.deal, task.customer) == (deal, deal.customer)
    assert (task.title, task.due_on) == ("Go on with Boiler", today() + timedelta(days=1))
