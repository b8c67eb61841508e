"""The board of a pipeline: its sums, its cards, its filters, and who may move one."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.clock import today
from accounts.constants import Role
from core.models import Change
from deals.constants import StageKind
from deals.models import Deal, DealStageChange, LostReason
from deals.quarters import quarter
from deals.selectors import board as selector
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory
from tests.factories.deals import DealFactory, PipelineFactory, StageFactory
from tests.factories.deals.pipelines import default_pipeline, stage

pytestmark = pytest.mark.django_db
URL, MOVE = "/deals/board/", "/deals/board/move/"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def admin(client: Client) -> Any:
    user = AdministratorFactory()
    client.force_login(user)
    return user


def columns(client: Client, **query: Any) -> dict[str, Any]:
    """The columns by the name of their stage."""
    response = client.get(URL, query)
    assert response.status_code == 200
    return {column.stage.name: column for column, _all, _rest in response.context["columns"]}


def test_counts_sums_weighted_sums_shares_and_what_they_leave_out(client: Client, admin: Any) -> None:
    DealFactory(stage=stage("Qualified"), amount=Decimal(3000))
    DealFactory(stage=stage("Qualified"), amount=Decimal(1000))
    DealFactory(stage=stage("Qualified"), amount=Decimal(9), currency="XAU")
    DealFactory(stage=stage("Proposal"), amount=Decimal(12_000))
    DealFactory(stage=StageFactory(), amount=Decimal(500))
    found = columns(client)
    qualified = found["Qualified"]
    assert (qualified.count, qualified.share) == (3, 25)
    assert qualified.notes == ["€4,000 · €1,000 weighted", "1 without an amount in EUR"]
    assert (found["Proposal"].share, found["Proposal"].notes) == (75, ["€12,000 · €7,200 weighted"])
    assert (found["Negotiation"].count, found["Negotiation"].notes) == (0, [])


def test_cards_say_what_comes_next_and_what_rots(client: Client, admin: Any) -> None:
    now, day = timezone.now(), today()
    seen = CustomerFactory(name="Nordwind")
    DealFactory(
        name="Late", owner=admin, customer=seen, stage_since=now - timedelta(days=9), expected_close_on=day
    )
    DealFactory(
        name="Rotten", amount=None, stage_since=now - timedelta(days=40), expected_close_on=day + timedelta(3)
    )
    DealFactory(name="Someday", expected_close_on=None)
    Deal.objects.filter(name="Late").update(next_step_on=day - timedelta(days=1))
    Deal.objects.filter(name="Someday").update(next_step_on=day + timedelta(days=1))
    cards = columns(client)["Lead-in"].cards
    assert [(c.name, c.next_step, c.days, c.rotting, c.amount) for c in cards] == [
        ("Late", "late", 9, False, "€1,000"),
        ("Rotten", "none", 40, True, ""),
        ("Someday", "planned", 0, False, "€1,000"),
    ]
    assert (cards[0].owner, cards[0].customer) == (admin.name, "Nordwind")


def test_closed_columns_show_this_quarter_unless_asked_for_more(client: Client, admin: Any) -> None:
    start, _end = quarter(today())
    DealFactory(stage=stage("Won"), closed_on=start)
    DealFactory(stage=stage("Won"), closed_on=start - timedelta(days=1))
    DealFactory(stage=stage("Won"), closed_on=start - timedelta(days=800))
    assert columns(client)["Won"].count == 1
    assert len(columns(client)["Won"].cards) == 1
    assert columns(client, done="all")["Won"].count == 3
    assert columns(client, done="nonsense")["Won"].count == 1


def test_further_cards_follow_and_the_list_has_the_rest(
    client: Client, admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selector, "CARDS", 8)
    monkeypatch.setattr("deals.views.board.CARDS", 8)
    first = stage()
    DealFactory.create_batch(9, stage=first, owner=admin)
    column = columns(client)[first.name]
    assert (column.count, len(column.cards), column.follow) == (9, 6, True)
    rest = client.get(URL, {"rest": first.pk})
    assert len(rest.context["cards"]) == 2
    assert f"/deals/?stage={first.pk}" in rest.content.decode()
    assert client.get(f"/deals/?stage={first.pk}").context["count"] == 9


def test_the_pipeline_is_chosen_in_the_address(client: Client, admin: Any) -> None:
    other = StageFactory(name="Other stage")
    DealFactory(stage=other)
    assert list(columns(client, pipeline=other.pipeline_id)) == ["Other stage"]
    assert columns(client, pipeline=other.pipeline_id)["Other stage"].count == 1
    assert "Other stage" in columns(client, pipeline=999), "the one somebody works in"


def test_the_board_opens_where_somebody_works(client: Client) -> None:
    seller = UserFactory(role=Role.SALES)
    client.force_login(seller)
    theirs = DealFactory(stage=StageFactory(name="Their stage"), owner=seller)
    assert list(columns(client)) == ["Their stage"]
    DealFactory(owner=seller)
    assert "Lead-in" in columns(client), "the usual one comes first"
    assert list(columns(client, pipeline=theirs.pipeline_id)) == ["Their stage"]


def test_without_a_pipeline_the_board_says_so(client: Client, admin: Any) -> None:
    pipeline = default_pipeline()
    pipeline.deleted_at = timezone.now()
    pipeline.save()
    assert "No pipeline yet" in client.get(URL).content.decode()


@pytest.mark.parametrize("seed", range(3))
def test_sums_are_those_of_the_deals_whatever_is_filtered(seed: int, client: Client) -> None:
    """The board through every kind of filter against the deals read one by one."""
    dice = random.Random(seed)
    north, south = TeamFactory(), TeamFactory()
    me = UserFactory(role=Role.SALES, team=north)
    colleague, stranger = UserFactory(team=north), UserFactory(team=south)
    client.force_login(me)
    names = ["Lead-in", "Qualified", "Proposal", "Won", "Lost"]
    for _number in range(40):
        owner = dice.choice([me, colleague, stranger, None])
        day = today() + timedelta(days=dice.randrange(-120, 120))
        at = stage(dice.choice(names))
        deal = DealFactory(
            name=dice.choice(["Alpha", "Beta"]), stage=at, owner=owner,
            team=dice.choice([north, south, None]),
            amount=dice.choice([None, Decimal(dice.randrange(10**7)) / 100]),
            expected_close_on=dice.choice([None, day]),
            closed_on=None if at.is_open else min(day, today()),
        )  # fmt: skip
        if dice.random() < 0.2:
            deal.collaborators.add(me)
    for query in (
        {}, {"done": "year"}, {"done": "all"}, {"mine": "on"}, {"owner": colleague.pk}, {"owner": "none"},
        {"owner": [me.pk, "none"]}, {"team": north.pk, "done": "all"}, {"close": "this_quarter"},
        {"close": "this_month", "owner": me.pk}, {"close": "next_7"}, {"q": "alpha"}, {"amount_min": 500},
        {"category": "commit"},
    ):  # fmt: skip
        found = columns(client, **query)
        shown = client.get("/deals/?" + urlencode({"per_page": 100, **query}, doseq=True))
        visible = {row["pk"] for row in shown.context["rows"]} if "done" not in query else None
        for name in names:
            rows = expected(me, name, query, visible)
            total = found[name].total
            assert total.deals == len(rows), (query, name)
            assert total.unpriced == sum(row.amount_base is None for row in rows)
            assert total.amount == sum((row.amount_base or 0 for row in rows), Decimal(0))
            weighted = sum(
                ((row.amount_base or 0) * Decimal(row.probability) / 100 for row in rows), Decimal(0)
            )
            assert total.weighted == weighted
            assert len(found[name].cards) == min(6, len(rows))


def expected(user: Any, name: str, query: dict[str, Any], visible: set[int] | None) -> list[Deal]:
    """The deals of a column, picked in Python from what the list of the same address shows."""
    rows = Deal.objects.visible_to(user).filter(stage__name=name)
    if visible is not None:
        rows = rows.filter(pk__in=visible)
    elif "team" in query:
        rows = rows.filter(team=query["team"])
    spans = {"year": (today().replace(month=1, day=1), None), "all": (None, None)}
    start = spans.get(query.get("done", ""), (quarter(today())[0], None))[0]
    return [row for row in rows if row.status == StageKind.OPEN or start is None or row.closed_on >= start]


def test_a_plain_board_reads_sums_from_the_roll_up(client: Client, admin: Any) -> None:
    DealFactory()
    with CaptureQueriesContext(connection) as captured:
        columns(client, owner=admin.pk)
    sums = [query["sql"] for query in captured if "SUM(" in query["sql"].upper()]
    assert len(sums) == 1
    assert "deals_dealtotal" in sums[0]


# Moving


def send(client: Client, deal: Deal, to: Any, **more: Any) -> Any:
    data = {"card": deal.pk, "stage": to.pk, "version": deal.version, **more}
    return client.post(MOVE, data, **JSON)


def test_a_move_writes_history_and_offers_undo(client: Client, admin: Any) -> None:
    deal = DealFactory()
    answer = send(client, deal, stage("Qualified"))
    deal.refresh_from_db()
    assert answer.json() == {"version": deal.version}
    move = DealStageChange.objects.get(deal=deal)
    assert (move.from_stage.name, move.to_stage.name, move.by) == ("Lead-in", "Qualified", admin)
    heads = client.get(URL, {"part": "heads"}, headers={"HX-Request": "true"}).content.decode()
    assert f'id="board-head-{deal.stage_id}" data-hx-swap-oob="true"' in heads
    assert f"/history/{move.origin_id}/undo/" in heads


def test_a_stage_asks_for_just_the_fields_that_are_missing(client: Client, admin: Any) -> None:
    deal = DealFactory(amount=None, expected_close_on=today())
    answer = send(client, deal, stage("Proposal"), next="/deals/board/?mine=on")
    assert answer.status_code == 422
    assert "Amount" in answer.json()["message"]
    url = answer.json()["ask"]
    page = client.get(url)
    asked = [field.name for field in page.context["fields"].visible_fields()]
    assert asked == ["amount"]
    form = {"asked": 1, "stage": stage("Proposal").pk, "version": deal.version, "amount": "70"}
    answer = client.post(url, form)
    deal.refresh_from_db()
    assert (deal.stage.name, deal.amount, answer.url) == ("Proposal", Decimal(70), "/deals/board/?mine=on")


def test_lost_asks_for_the_reason_and_its_note(client: Client, admin: Any) -> None:
    deal, other = DealFactory(), LostReason.objects.get(name="Other")
    url = send(client, deal, stage("Lost")).json()["ask"]
    form = {"asked": 1, "stage": stage("Lost").pk, "version": deal.version, "closed_on": today()}
    assert client.post(url, form).status_code == 422
    assert client.post(url, {**form, "lost_reason": other.pk}).status_code == 422
    assert client.post(url, {**form, "lost_reason": other.pk, "lost_note": "Moved abroad"}).status_code == 302
    deal.refresh_from_db()
    assert (deal.status, deal.lost_reason, deal.lost_note) == (StageKind.LOST, other, "Moved abroad")


def test_the_second_of_two_people_is_told_and_nothing_is_lost(client: Client, admin: Any) -> None:
    deal = DealFactory()
    colleague = AdministratorFactory()
    other = Client()
    other.force_login(colleague)
    assert send(other, deal, stage("Qualified")).status_code == 200
    answer = send(client, deal, stage("Needs analysed"), next=URL)
    assert answer.status_code == 409
    assert "it is in Qualified" in answer.json()["message"]
    deal.refresh_from_db()
    assert deal.stage.name == "Qualified"
    assert send(client, deal, stage("Needs analysed")).status_code == 422, "a close date is asked for"
    deal.expected_close_on = today()
    deal.save()
    assert send(client, deal, stage("Needs analysed")).status_code == 200
    who = DealStageChange.objects.filter(deal=deal).order_by("pk").values_list("by", flat=True)
    assert list(who) == [colleague.pk, admin.pk]
    assert Change.objects.filter(model="deals.deal", object_id=deal.pk).count() == 2


def test_a_deal_of_another_pipeline_does_not_go_into_this_one(client: Client, admin: Any) -> None:
    deal = DealFactory()
    assert send(client, deal, StageFactory()).status_code == 404
    assert client.post(MOVE, {"card": "x", "stage": "٣"}, **JSON).status_code == 404


def test_who_sees_but_may_not_edit_is_told_so(client: Client) -> None:
    seller = UserFactory(role=Role.ANALYST)
    client.force_login(seller)
    deal = DealFactory()
    answer = send(client, deal, stage("Qualified"))
    assert answer.status_code == 403
    assert answer.json()["message"] == "You may see this deal but not change it."


def test_without_script_the_menu_is_a_page(client: Client, admin: Any) -> None:
    deal = DealFactory(expected_close_on=None)
    page = client.get(f"/deals/{deal.pk}/place/", {"next": "/deals/board/?mine=on"}).content.decode()
    assert 'value="/deals/board/?mine=on"' in page
    form = {"card": deal.pk, "version": deal.version, "next": "/deals/board/?mine=on"}
    assert client.post(MOVE, {**form, "stage": stage("Qualified").pk}).url == "/deals/board/?mine=on"
    assert client.post(MOVE, {**form, "stage": stage("Won").pk}).status_code == 409, "the form was stale"
    deal.refresh_from_db()
    form["version"] = deal.version
    assert client.post(MOVE, {**form, "stage": stage("Lost").pk}).url.startswith(
        f"/deals/{deal.pk}/stage/?stage="
    )


def test_an_archived_pipeline_is_still_looked_at(client: Client, admin: Any) -> None:
    old = PipelineFactory(is_active=False)
    DealFactory(stage=StageFactory(pipeline=old, name="Old stage"))
    assert columns(client, pipeline=old.pk)["Old stage"].count == 1
