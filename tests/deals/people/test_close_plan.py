"""The close plan: usual steps, done, and the page the customer reads."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core.exceptions import RuleViolation
from core.models import SharedLink
from core.shared_links import make_link, token
from core.undo_service import undo
from deals.close_plan_catalogue import PLANS
from deals.models import ClosePlanStep
from deals.services import close_plan as services
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.customers import ContactFactory, CustomerFactory
from tests.factories.deals import ClosePlanStepFactory, DealFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def november() -> Any:
    cache.clear()
    with time_machine.travel(datetime(2026, 11, 16, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def user() -> Any:
    return UserFactory(team=TeamFactory(), name="Sam Seller")


@pytest.fixture
def deal(user: Any) -> Any:
    customer = CustomerFactory(name="Acme", owner=user, team=user.team, language="en")
    return DealFactory(name="Whale", owner=user, team=user.team, customer=customer,
                       expected_close_on=DAY + timedelta(days=40))  # fmt: skip


@pytest.fixture
def client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_usual_steps_spread_to_the_close_in_one_act_with_undo(user: Any, deal: Any) -> None:
    act = services.add_usual_steps(deal, PLANS["short"], actor=user)
    rows = ClosePlanStep.objects.alive().filter(deal=deal)
    assert list(rows.values_list("title", "due_on", "side", "user")) == [
        ("Final offer", DAY + timedelta(days=10), "us", user.pk),
        ("Decision", DAY + timedelta(days=28), "customer", None),
        ("Signature", DAY + timedelta(days=40), "customer", None),
    ]
    with pytest.raises(RuleViolation, match="all of these"):
        services.add_usual_steps(deal, PLANS["short"], actor=user)
    undo(act, actor=user)
    assert not rows.exists()


def test_usual_steps_speak_the_customers_language(user: Any) -> None:
    customer = CustomerFactory(owner=user, team=user.team, language="zh-hans")
    deal = DealFactory(owner=user, team=user.team, customer=customer)
    assert services.language_of(deal) == "zh-hans"
    services.add_usual_steps(deal, PLANS["short"], actor=user)
    last = ClosePlanStep.objects.alive().filter(deal=deal).order_by("due_on").last()
    assert last is not None
    assert last.due_on == DAY + timedelta(days=30)


def test_a_step_is_done_and_open_again(client: Client, deal: Any) -> None:
    step = ClosePlanStepFactory(deal=deal)
    url = reverse("deals:closeplanstep_done", args=[step.pk])
    assert client.post(url)["Location"] == deal.get_absolute_url()
    step.refresh_from_db()
    assert step.done_on == DAY
    assert 'aria-pressed="false"' in client.post(url, HTTP_HX_REQUEST="true").content.decode()


def test_late_steps_are_marked(client: Client, deal: Any) -> None:
    ClosePlanStepFactory(deal=deal, title="Legal review", due_on=DAY - timedelta(days=1))
    ClosePlanStepFactory(deal=deal, title="Signature", due_on=DAY)
    page = client.get(reverse("deals:deal_close_plan", args=[deal.pk])).content.decode()
    assert page.count(">Late<") == 1


def test_the_customer_reads_the_plan_and_nothing_else(user: Any, deal: Any) -> None:
    person = ContactFactory(name="Ada Lovelace")
    ClosePlanStepFactory(deal=deal, title="Legal review", side="customer", contact=person, note="Be careful")
    ClosePlanStepFactory(deal=deal, title="Signature", user=user, done_on=DAY)
    link = services.share_plan(deal, until=DAY + timedelta(days=30), actor=user)
    visitor = Client()
    response = visitor.get(reverse("deals:public_close_plan", args=[token(link)]))
    page = response.content.decode()
    assert response.status_code == 200
    for shown in ("Legal review", "Ada Lovelace", "Acme", "Signature", "Sam Seller", "noindex"):
        assert shown in page
    for hidden in ("Be careful", "Whale", "1,000", "1000"):
        assert hidden not in page
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Content-Language"] == "en"
    assert visitor.post(reverse("deals:public_close_plan", args=[token(link)])).status_code == 405
    link.refresh_from_db()
    assert link.last_opened_at is not None


def test_a_link_ends_when_withdrawn_replaced_over_or_its_deal_is_trashed(user: Any, deal: Any) -> None:
    def status(link: SharedLink) -> int:
        return Client().get(reverse("deals:public_close_plan", args=[token(link)])).status_code

    first = services.share_plan(deal, until=DAY, actor=user)
    second = services.share_plan(deal, until=DAY + timedelta(days=3), actor=user)
    assert (status(first), status(second)) == (404, 200)
    with time_machine.travel(datetime(2026, 11, 21, tzinfo=UTC), tick=False):
        assert status(second) == 404
    services.withdraw_plan(deal)
    assert status(second) == 404
    third = services.share_plan(deal, until=DAY, actor=user)
    type(deal)._base_manager.filter(pk=deal.pk).update(deleted_at=datetime(2026, 11, 16, tzinfo=UTC))
    assert status(third) == 404


def test_the_link_of_something_else_opens_no_plan_and_guessing_is_stopped(user: Any, deal: Any) -> None:
    other = make_link(
        purpose="quote", object_id=deal.pk, actor=user, expires_at=datetime(2027, 1, 1, tzinfo=UTC)
    )
    visitor = Client()
    assert visitor.get(reverse("deals:public_close_plan", args=[token(other)])).status_code == 404
    codes = {visitor.get(f"/p/guess-{n}/").status_code for n in range(31)}
    assert codes == {404, 429}
    live = services.share_plan(deal, until=DAY, actor=user)
    assert visitor.get(reverse("deals:public_close_plan", args=[token(live)])).status_code == 429


def test_a_link_is_made_until_a_day_to_come(client: Client, deal: Any) -> None:
    url = reverse("deals:close_plan_share", args=[deal.pk])
    for wrong in ("2026-11-15", "2028-01-01", "soon"):
        assert client.post(url, {"until": wrong}).status_code == 422
    assert services.shared(deal) is None
    client.post(url, {"until": "2026-12-24"})
    link = services.shared(deal)
    assert link is not None
    assert (
        services.public_url(link)
        in client.get(reverse("deals:deal_close_plan", args=[deal.pk])).content.decode()
    )
    client.post(reverse("deals:close_plan_withdraw", args=[deal.pk]))
    assert services.shared(deal) is None
