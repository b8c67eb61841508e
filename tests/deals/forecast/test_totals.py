"""Every total on the pages equals a sum worked out independently, over random deals in several
currencies with missing rates; and every number leads to exactly its deals."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse

from core.lists import ListState, find
from core.periods import parse_period, period_of
from deals.models import Deal, DealStageChange
from deals.selectors.accuracy import review, snapshots
from deals.selectors.forecast import forecast
from deals.selectors.funnel import SPLITS
from deals.selectors.slips import slips
from deals.services.forecast import measure_stages, take_snapshot
from tests.deals.forecast.world import CENT, World, due_in
from tests.factories.accounts import AdministratorFactory, ManagerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CATEGORIES = ("closed", "commit", "best_case", "pipeline", "omitted")


READERS = {
    "administrator": lambda world: AdministratorFactory(),
    "manager": lambda world: ManagerFactory(team=world.teams[0]),
    "owner": lambda world: world.owners[1],
}


@pytest.fixture(params=enumerate(READERS, start=1), ids=READERS)
def case(request):
    """A world of its own for each reader."""
    seed, reader = request.param
    world = World(seed)
    return world, READERS[reader](world)


@pytest.fixture
def world(case):
    return case[0]


@pytest.fixture
def reader(case):
    return case[1]


def behind(url: str, user: Any) -> list[Deal]:
    """The deals of the list a number leads to."""
    assert urlsplit(url).path == reverse("deals:deal_list")
    state = ListState(find("deals"), user, QueryDict(urlsplit(url).query))
    found = list(state.queryset.order_by())
    assert not state.notices
    assert len({deal.pk for deal in found}) == len(found)
    return found


def euros(amount: Decimal) -> str:
    """As the pages write whole euros."""
    whole = amount.quantize(Decimal(1), ROUND_HALF_UP)
    return f"{'-' if whole < 0 else ''}€{abs(whole):,}"


def measured(world: World, deals: list[Deal]) -> Decimal:
    """Weighted by won ÷ closed of the deals that ever were in the stage, where 20 were closed."""
    value = Decimal(0)
    for deal in deals:
        chance = Decimal(1)
        if deal.status == "open":
            ever = set(DealStageChange.objects.filter(to_stage=deal.stage).values_list("deal", flat=True))
            closed = [one for one in world.all if one.pk in ever and one.status != "open"]
            won = sum(one.status == "won" for one in closed)
            chance = (
                Decimal(won) / len(closed) if len(closed) >= 20 else Decimal(deal.stage.probability) / 100
            )
        value += (world.worth(deal) or 0) * chance
    return value


def expected(world: World, deals: list[Deal], key: str) -> Decimal:
    counted = [deal for deal in deals if deal.forecast_category != "omitted"]
    if key == "weighted":
        return world.weighted(counted)
    if key == "measured":
        return measured(world, counted)
    return world.total(deal for deal in deals if deal.forecast_category == key)


def test_the_forecast(client, world, reader):
    client.force_login(reader)
    world.all = [deal for deal in Deal._base_manager.all() if not deal.deleted_at]
    mine = world.seen_by(reader)
    for show, kind in (("weighted", "month"), ("commit", "quarter")):
        page = client.get(reverse("deals:forecast"), {"by": kind, "show": show}).context
        periods = page["forecast"].periods
        spans = [(period.start, period.end) for period in periods]
        columns = [[deal for deal in mine if due_in(*span)(deal)] for span in spans]
        everything = [deal for column in columns for deal in column]
        for line in page["categories"]:
            for (text, url), deals in zip(line["cells"], [*columns, everything], strict=True):
                value = expected(world, deals, line["key"])
                assert text == (euros(value) if value else "–")
                if url and line["key"] not in ("weighted", "measured"):
                    assert world.total(behind(url, reader)) == value
                if url and line["key"] == "weighted":
                    assert world.weighted(behind(url, reader)) == value
        for (n, url), deals in zip(page["counts"], [*columns, everything], strict=True):
            assert n == (str(len(deals)) if deals else "–")
            assert not url or {deal.pk for deal in behind(url, reader)} == {deal.pk for deal in deals}
        assert page["forecast"].total.unpriced == world.unpriced(everything)
        if page["unpriced"]:
            assert len(behind(page["unpriced"], reader)) == world.unpriced(everything)
        check_tree(page, world, reader, [*columns, everything], show)
        outside = [deal for deal in mine if deal.status == "open" and deal not in everything]
        assert sum(part["n"] for part in page["outside"]) == len(outside)
        for part in page["outside"]:
            deals = behind(part["url"], reader)
            assert (part["n"], part["amount"]) == (len(deals), euros(world.total(deals)))
            assert {deal.pk for deal in deals} <= {deal.pk for deal in outside}
        for line in page["stages"]:
            deals = [deal for deal in everything if deal.stage_id == line["stage"].pk]
            assert (line["deals"], line["amount"]) == (len(deals), euros(world.total(deals)))


def check_tree(page: Any, world: World, reader: Any, columns: list[list[Deal]], show: str) -> None:
    teams = {team.pk: team for team in world.teams if team}
    people = 0
    for row, shown in zip(page["forecast"].rows, page["rows"], strict=True):
        for (text, url), deals in zip(shown["cells"], columns, strict=True):
            if row.kind == "team":
                inside = [
                    deal for deal in deals
                    if (deal.team_id == row.pk or (deal.team_id and teams[deal.team_id].parent_id == row.pk))
                    and (row.pk or not deal.team_id)
                ]  # fmt: skip
            else:
                people += 1
                inside = [deal for deal in deals if (deal.team_id, deal.owner_id) == (row.team, row.pk)]
            value = expected(world, inside, show)
            assert text == (euros(value) if value else "–")
            if url and show == "commit":
                assert world.total(behind(url, reader)) == value
    assert people


def test_the_forecast_of_one_pipeline(world, reader):
    periods = [period_of(world.day, "quarter").next(n) for n in range(4)]
    found = forecast(reader, periods, pipeline=world.other)
    inside = due_in(periods[0].start, periods[-1].end)
    deals = [deal for deal in world.seen_by(reader) if deal.pipeline_id == world.other.pk and inside(deal)]
    assert found.total.deals == len(deals)
    assert found.total.weighted == expected(world, deals, "weighted")


def test_the_funnel(client, world, reader):
    client.force_login(reader)
    for split in SPLITS:
        check_funnel(client, world, reader, split, period_of(world.day, "year"))


def check_funnel(client: Any, world: World, reader: Any, split: str, year: Any) -> None:
    page = client.get(reverse("deals:funnel"), {"period": year.key, "split": split}).context
    seen = world.seen_by(reader)
    mine = [deal for deal in seen if deal.pipeline_id == world.default.pk]
    opened = [deal for deal in mine if deal.opened_on in year]
    closed = [deal for deal in mine if deal.closed_on and deal.closed_on in year]
    won = [deal for deal in closed if deal.status == "won"]
    lost = [deal for deal in closed if deal.status == "lost"]
    data = page["data"]
    assert (data["opened"], data["won"], data["lost"]) == (len(opened), len(won), len(lost))
    assert Decimal(data["won_amount"]) == world.total(won)
    assert data["unpriced"] == world.unpriced(won)
    assert data["open"] == sum(deal.status == "open" for deal in mine)
    assert data["rate"] == (len(won) / len(closed) if closed else None)
    for fact in page["facts"]:
        if fact["url"] and fact["label"] == "Won":
            assert {deal.pk for deal in behind(fact["url"], reader)} == {deal.pk for deal in won}
    check_steps(page, world, reader, opened)
    check_months(page, reader, opened)
    check_reasons(page, world, reader, lost)
    check_groups(page, world, reader, seen if split == "pipeline" else mine, split, year)


def furthest(world: World) -> dict[int, int]:
    """How far each deal ever came on its way to a win."""
    found: dict[int, int] = {}
    for move in DealStageChange.objects.select_related("to_stage"):
        if move.to_stage.kind != "lost":
            found[move.deal_id] = max(found.get(move.deal_id, -1), move.to_stage.position)
    return found


def check_steps(page: Any, world: World, reader: Any, opened: list[Deal]) -> None:
    far = furthest(world)
    before = None
    for step in page["steps"]:
        reached = [deal for deal in opened if far.get(deal.pk, -1) >= step["stage"].position]
        assert step["reached"] == len(reached)
        assert {deal.pk for deal in behind(step["url"], reader)} == {deal.pk for deal in reached}
        if before:
            assert step["conversion"] == f"{100 * len(reached) / before:.1f} %"
        assert step["running"] == len(behind(step["now_url"], reader))
        before = len(reached)


def check_months(page: Any, reader: Any, opened: list[Deal]) -> None:
    months = Counter(deal.opened_on.replace(day=1) for deal in opened)
    assert {line["period"].start: line["opened"][0] for line in page["months"]} == months
    for line in page["months"]:
        assert len(behind(line["opened"][1], reader)) == line["opened"][0]
        assert all(len(behind(url, reader)) == n for n, url in line["states"] if url)
        assert sum(n for n, _url in line["states"]) == line["opened"][0]
        assert all(len(behind(url, reader)) == n for n, _share, url in line["reached"])


def check_reasons(page: Any, world: World, reader: Any, lost: list[Deal]) -> None:
    assert sum(line["n"] for line in page["reasons"] if not line["level"]) == len(lost)
    for line in page["reasons"]:
        deals = behind(line["url"], reader)
        assert (line["n"], line["amount"]) == (len(deals), euros(world.total(deals)))
        assert line["unpriced"] == world.unpriced(deals)


def check_groups(page: Any, world: World, reader: Any, deals: list[Deal], split: str, year: Any) -> None:
    sums = [sum(group["cells"][n][0] for group in page["groups"]) for n in range(4)]
    closed = [deal for deal in deals if deal.closed_on and deal.closed_on in year]
    assert sums == [
        sum(deal.opened_on in year for deal in deals), sum(deal.status == "open" for deal in deals),
        sum(deal.status == "won" for deal in closed), sum(deal.status == "lost" for deal in closed),
    ]  # fmt: skip
    for group in page["groups"]:
        for n, url in group["cells"]:
            assert not url or len(behind(url, reader)) == n
        _won, url = group["cells"][2]
        if url and split != "product":
            deals = behind(url, reader)
            priced = world.unpriced(deals) < len(deals)
            assert group["amount"] == (euros(world.total(deals)) if priced else "–")
            assert group["unpriced"] == world.unpriced(behind(url, reader))


def test_the_footer_of_the_list(client, world, reader):
    client.force_login(reader)
    url = reverse("deals:deal_list")
    text = client.get(url, {"totals": "1", "columns": "name,amount_base"}).content.decode()
    mine = world.seen_by(reader)
    foot = re.sub(r"<[^>]*>", " ", text.split("<tfoot>")[1].split("</tfoot>")[0])
    cents = world.total(mine)
    assert f"€{cents:,.2f}".removesuffix(".00") in foot
    missing = sum(deal.amount is not None and world.worth(deal) is None for deal in mine)
    assert missing
    assert re.search(rf"\b{missing}\b", foot)


def test_the_columns_of_the_board(client, world, reader):
    client.force_login(reader)
    for pipeline in (world.default, world.other):
        page = client.get(reverse("deals:deal_kanban"), {"pipeline": pipeline.pk, "done": "all"})
        mine = [deal for deal in world.seen_by(reader) if deal.pipeline_id == pipeline.pk]
        columns = [column for column, *_links in page.context["columns"]]
        assert {column.stage.pk for column in columns} == {stage.pk for stage in world.stages[pipeline]}
        for column in columns:
            deals = [deal for deal in mine if deal.stage_id == column.stage.pk]
            assert column.total.deals == len(deals)
            assert column.total.unpriced == world.unpriced(deals)
            assert column.total.amount == world.total(deals)
            assert column.total.weighted == world.weighted(deals)


def test_slips(client, world, reader):
    client.force_login(reader)
    mine = {deal.pk: deal for deal in world.seen_by(reader)}
    year = period_of(world.day, "year")
    found = slips(reader, year.start, year.end)
    moves = [
        move
        for deal in mine.values()
        for move in deal.close_date_changes.all()
        if move.to_date > move.from_date
    ]
    assert (found.deals, found.pushes) == (len({move.deal_id for move in moves}), len(moves))
    assert found.days == sum((move.to_date - move.from_date).days for move in moves)
    page = client.get(reverse("deals:slip_list"), {"period": year.key}).context
    for row, url in page["owners"]:
        own = [move for move in moves if mine[move.deal_id].owner_id == row.pk]
        assert (row.pushes, row.days) == (len(own), sum((m.to_date - m.from_date).days for m in own))
        assert {deal.pk for deal in behind(url, reader)} == {move.deal_id for move in own}


def test_the_snapshot_says_what_the_forecast_says():
    world, reader = World(4), AdministratorFactory()
    measure_stages()
    take_snapshot(world.day)
    period = period_of(world.day, "quarter")
    world.all = [deal for deal in Deal._base_manager.all() if not deal.deleted_at]
    deals = [deal for deal in world.all if due_in(period.start, period.end)(deal)]
    rows = snapshots(reader).filter(month__in=period.months())
    assert sum(row.deals for row in rows) == len(deals)
    assert sum(row.unpriced for row in rows) == world.unpriced(deals)
    assert sum(row.amount for row in rows) == world.total(deals)
    counted = [row for row in rows if row.category != "omitted"]
    # Rounded to a hundredth, row by row.
    rounding = CENT * len(counted)
    assert abs(sum(row.weighted for row in counted) - expected(world, deals, "weighted")) < rounding
    said = sum(row.weighted_measured for row in counted)
    assert abs(said - expected(world, deals, "measured")) < rounding
    past = parse_period((date(world.day.year - 1, 1, 1)).isoformat()[:4])
    found = review(reader, [past], "weighted")
    won = [deal for deal in world.all if deal.status == "won" and deal.closed_on in past]
    assert found.lines[0][2] == world.total(won)
