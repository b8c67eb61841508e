"""Competitors: outcomes that follow the deal, win rates, reviews that name them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.exceptions import RuleViolation
from core.models import ChangeSet
from core.undo_service import undo
from deals.constants import CompetitorOutcome as Outcome
from deals.constants import StageKind
from deals.models import Competitor, DealCompetitor
from deals.selectors.competition import standing_of
from deals.services.competition import add_competitor, outcome_of, update_deal_competitor
from deals.services.reviews import update_review, write_review
from deals.services.stages import lose_deal, reopen_deal, win_deal
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.deals import (
    CompetitorFactory,
    DealCompetitorFactory,
    DealFactory,
    LostReasonFactory,
    WinLossReviewFactory,
)
from tests.factories.deals.pipelines import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> Any:
    return UserFactory(team=TeamFactory())


@pytest.fixture
def deal(user: Any) -> Any:
    stage(kind="won")
    stage(kind="lost")
    return DealFactory(owner=user, team=user.team)


def outcomes(deal: Any) -> list[str]:
    return list(
        DealCompetitor.objects.alive().filter(deal=deal).order_by("pk").values_list("outcome", flat=True)
    )


@pytest.mark.parametrize(
    ("before", "status", "named", "after"),
    [
        (Outcome.COMPETING, StageKind.WON, None, Outcome.BEATEN),
        (Outcome.WITHDREW, StageKind.WON, None, Outcome.WITHDREW),
        (Outcome.BEATEN, StageKind.OPEN, None, Outcome.COMPETING),
        (Outcome.BEATEN, StageKind.LOST, None, Outcome.COMPETING),
        (Outcome.LOST_TO, StageKind.LOST, None, Outcome.LOST_TO),
        (Outcome.LOST_TO, StageKind.LOST, False, Outcome.COMPETING),
        (Outcome.COMPETING, StageKind.LOST, True, Outcome.LOST_TO),
        (Outcome.WITHDREW, StageKind.LOST, True, Outcome.LOST_TO),
    ],
)
def test_the_outcome_follows_the_deal(before: str, status: str, named: bool | None, after: str) -> None:
    assert outcome_of(before, status, named=named) == after


def test_a_won_deal_beat_those_who_compete_until_it_is_reopened(user: Any, deal: Any) -> None:
    add_competitor(deal, values={"competitor": CompetitorFactory()}, actor=user)
    gone = add_competitor(deal, values={"competitor": CompetitorFactory()}, actor=user)
    update_deal_competitor(gone, values={"outcome": Outcome.WITHDREW}, actor=user)
    win_deal(deal, actor=user)
    assert outcomes(deal) == [Outcome.BEATEN, Outcome.WITHDREW]
    reopen_deal(deal, actor=user)
    assert outcomes(deal) == [Outcome.COMPETING, Outcome.WITHDREW]


def test_a_lost_deal_is_lost_to_one_who_is_named_by_hand(user: Any, deal: Any) -> None:
    first, second = (
        add_competitor(deal, values={"competitor": CompetitorFactory()}, actor=user) for _ in range(2)
    )
    with pytest.raises(RuleViolation, match="does not fit"):
        update_deal_competitor(first, values={"outcome": Outcome.LOST_TO}, actor=user)
    lose_deal(deal, actor=user, lost_reason=LostReasonFactory())
    assert outcomes(deal) == [Outcome.COMPETING, Outcome.COMPETING]
    client = Client()
    client.force_login(user)
    client.post(reverse("deals:dealcompetitor_lost_to", args=[first.pk]))
    assert outcomes(deal) == [Outcome.LOST_TO, Outcome.COMPETING]
    client.post(reverse("deals:dealcompetitor_lost_to", args=[second.pk]))
    assert outcomes(deal) == [Outcome.COMPETING, Outcome.LOST_TO]


def test_the_review_names_who_a_deal_was_lost_to_and_undo_takes_it_back(user: Any, deal: Any) -> None:
    rival = CompetitorFactory()
    known = add_competitor(deal, values={"competitor": CompetitorFactory()}, actor=user)
    with pytest.raises(RuleViolation, match="once it is closed"):
        write_review(deal, values={"decided": "price"}, actor=user)
    lose_deal(deal, actor=user, lost_reason=LostReasonFactory())
    review = write_review(deal, values={"decided": "price", "competitor": rival}, actor=user)
    assert outcomes(deal) == [Outcome.COMPETING, Outcome.LOST_TO]
    with pytest.raises(RuleViolation, match="Change it there"):
        update_deal_competitor(known, values={"outcome": Outcome.LOST_TO}, actor=user)
    act = update_review(review, values={"competitor": known.competitor}, actor=user)
    assert outcomes(deal) == [Outcome.LOST_TO, Outcome.COMPETING]
    undo(act, actor=user)
    assert outcomes(deal) == [Outcome.COMPETING, Outcome.LOST_TO]


def test_the_win_rate_counts_deals_one_of_us_two_won_that_the_reader_sees(user: Any) -> None:
    rival = CompetitorFactory()
    for outcome, kind in ((Outcome.BEATEN, "won"), (Outcome.BEATEN, "won"), (Outcome.LOST_TO, "lost"),
                          (Outcome.WITHDREW, "won"), (Outcome.COMPETING, "lost")):  # fmt: skip
        row = DealFactory(owner=user, team=user.team, stage=stage(kind=kind))
        DealCompetitorFactory(deal=row, competitor=rival, outcome=outcome)
    DealCompetitorFactory(competitor=rival, outcome=Outcome.LOST_TO)  # of nobody this person knows
    found = standing_of(rival.pk, user)
    assert (found.met, found.competing, found.withdrew) == (5, 1, 1)
    assert (found.rate.part, found.rate.n) == (2, 3)
    client = Client()
    client.force_login(user)
    assert "67 % (2 of 3)" in client.get(rival.get_absolute_url()).content.decode()
    assert "67 % (2 of 3)" in client.get(reverse("deals:competitor_list")).content.decode()
    listed = client.get(reverse("deals:deal_list"), {"competitor": rival.pk, "competitor_outcome": "beaten"})
    assert listed.content.decode().count('scope="row"') == 2


def test_a_competitor_is_made_once_trashed_and_restored(user: Any) -> None:
    client = Client()
    client.force_login(user)
    url = reverse("deals:competitor_create")
    client.post(url, {"name": "Rival", "website": "rival.example"})
    rival = Competitor.objects.get()
    assert rival.website == "https://rival.example"
    assert client.post(url, {"name": "rival"}).status_code == 422
    client.post(reverse("deals:competitor_delete", args=[rival.pk]))
    assert client.get(rival.get_absolute_url()).status_code == 404
    undo(ChangeSet.objects.latest("pk"), actor=user)
    assert client.get(rival.get_absolute_url()).status_code == 200


def test_the_report_counts_what_decided_and_what_was_not_reviewed(user: Any) -> None:
    won, lost, silent = (
        DealFactory(owner=user, team=user.team, stage=stage(kind=kind)) for kind in ("won", "lost", "lost")
    )
    WinLossReviewFactory(deal=won, decided="service", quote="They answer at once")
    WinLossReviewFactory(deal=lost, decided="price", lesson="Show the saving first")
    WinLossReviewFactory(decided="timing", quote="Of another team")
    client = Client()
    client.force_login(user)
    response = client.get(reverse("deals:review_report"))
    page = response.content.decode()
    assert response.context["coverage"] | {"url": ""} == {
        "share": "66.7 %", "closed": 3, "reviewed": 2, "missing": 1, "url": "",
    }  # fmt: skip
    assert response.context["chart"].table_rows == [["Price", "0", "1"], ["Service and support", "1", "0"]]
    assert "They answer at once" in page
    assert "Show the saving first" in page
    assert "Of another team" not in page
    behind = client.get(response.context["coverage"]["url"]).content.decode()
    assert silent.name in behind
    assert f">{lost.name}<" not in behind
    [cells] = [line["cells"] for line in response.context["lines"] if line["closed"][0]]
    assert f">{lost.name}<" in client.get(cells[0][1][1]).content.decode()


def test_the_report_is_narrowed_by_owner_pipeline_and_period(user: Any) -> None:
    mine = WinLossReviewFactory(deal=DealFactory(owner=user, team=user.team, stage=stage(kind="won")))
    colleague = UserFactory(team=user.team)
    WinLossReviewFactory(deal=DealFactory(owner=colleague, team=user.team, stage=stage(kind="won")))
    client = Client()
    client.force_login(user)
    url = reverse("deals:review_report")

    def reviewed(**asked: Any) -> int:
        return client.get(url, asked).context["coverage"]["reviewed"]

    assert reviewed() == 2
    assert reviewed(owner=user.pk) == 1
    assert reviewed(pipeline=mine.deal.pipeline_id) == 2
    assert reviewed(pipeline=999) == 0
    assert reviewed(period="2001") == 0
    assert reviewed(period="nonsense", owner="x") == 2
