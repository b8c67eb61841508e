"""The library of objections: logged in deals, answered, and what came after each answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.exceptions import RuleViolation
from core.undo_service import undo
from deals.models import DealObjection, Objection
from deals.selectors.objections import answers_of
from deals.services.objections import log_objection
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.deals import (
    DealFactory,
    DealObjectionFactory,
    ObjectionAnswerFactory,
    ObjectionFactory,
)
from tests.factories.deals.pipelines import stage

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def user() -> Any:
    return UserFactory(team=TeamFactory())


@pytest.fixture
def client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def deal(user: Any) -> Any:
    return DealFactory(owner=user, team=user.team)


def test_new_words_join_the_library_once_and_undo_takes_both_back(user: Any, deal: Any) -> None:
    first = log_objection(deal, actor=user, text="  Too   expensive ")
    assert log_objection(deal, actor=user, text="Too expensive") == first  # sent twice
    second = log_objection(deal, actor=user, text="too expensive", note="Said again")
    assert first.objection == second.objection
    assert [row.text for row in Objection.objects.alive()] == ["Too expensive"]
    with pytest.raises(RuleViolation, match="in a few words"):
        log_objection(deal, actor=user, text=" ")
    undo(second.origin, actor=user)
    assert DealObjection.objects.alive().filter(deal=deal).count() == 1


def test_an_answer_of_another_objection_is_refused(user: Any, deal: Any) -> None:
    with pytest.raises(RuleViolation, match="another objection"):
        log_objection(deal, actor=user, objection=ObjectionFactory(), answer=ObjectionAnswerFactory())
    assert not DealObjection.objects.exists()


def test_one_choice_logs_objection_and_answer_from_the_timeline(client: Client, deal: Any) -> None:
    answer = ObjectionAnswerFactory()
    url = reverse("deals:dealobjection_create", args=[deal.pk])
    assert url in client.get(reverse("activities:deal_timeline", args=[deal.pk])).content.decode()
    form = client.get(url, **HTMX).content.decode()
    assert f'value="a{answer.pk}"' in form
    assert "<html" not in form
    response = client.post(url, {"said": f"a{answer.pk}"}, **HTMX)
    assert response["HX-Trigger"] == "objections-changed"
    [row] = DealObjection.objects.filter(deal=deal)
    assert (row.objection, row.answer) == (answer.objection, answer)


def test_without_script_the_form_is_a_page(client: Client, deal: Any) -> None:
    url = reverse("deals:dealobjection_create", args=[deal.pk])
    assert "<html" in client.get(url).content.decode()
    assert client.post(url, {"said": "", "text": ""}).status_code == 422
    assert client.post(url, {"said": "o999999", "text": ""}).status_code == 422
    both = {"said": f"o{ObjectionFactory().pk}", "text": "Another one"}
    assert client.post(url, both).status_code == 422
    assert client.post(url, {"text": "No time"})["Location"] == deal.get_absolute_url()
    assert DealObjection.objects.get().objection.text == "No time"


def test_an_objection_is_settled_and_opened_again(client: Client, user: Any, deal: Any) -> None:
    row = DealObjectionFactory(deal=deal)
    url = reverse("deals:dealobjection_settle", args=[row.pk])
    panel = client.post(url, {"settled": "1"}, **HTMX).content.decode()
    assert "Settled" in panel
    assert client.post(url, {"settled": "1"})["Location"] == deal.get_absolute_url()
    row.refresh_from_db()
    assert (row.is_resolved, row.version) == (True, 2)
    client.post(url, {"settled": "0"})
    row.refresh_from_db()
    assert row.is_resolved is False


def test_an_answer_offered_for_a_deal_belongs_to_its_objection(client: Client, deal: Any) -> None:
    answer, other = ObjectionAnswerFactory(), ObjectionAnswerFactory()
    row = DealObjectionFactory(deal=deal, objection=answer.objection)
    url = reverse("deals:dealobjection_update", args=[row.pk])
    assert client.post(url, {"answer": other.pk, "version": 1}).status_code == 422
    assert client.post(url, {"answer": answer.pk, "version": 1}).status_code == 302
    row.refresh_from_db()
    assert row.answer == answer


def test_answers_tell_how_often_a_won_deal_followed(client: Client, user: Any) -> None:
    good = ObjectionAnswerFactory()
    poor = ObjectionAnswerFactory(objection=good.objection)
    for answer, kind in ((good, "won"), (good, "won"), (good, "lost"), (good, "open"), (poor, "lost")):
        row = DealFactory(owner=user, team=user.team, stage=stage(kind=kind))
        DealObjectionFactory.create_batch(2, deal=row, objection=good.objection, answer=answer)
    DealObjectionFactory(objection=good.objection, answer=good)  # of nobody this person knows
    lines = [
        (one, found.deals, found.rate.part, found.rate.n) for one, found in answers_of(good.objection, user)
    ]
    assert lines == [(good, 4, 2, 3), (poor, 1, 0, 1)]
    page = client.get(good.objection.get_absolute_url()).content.decode()
    assert "67 % (2 of 3)" in page
    assert "50 % (2 of 4)" in page
    listed = client.get(reverse("deals:objection_list")).content.decode()
    assert "50 % (2 of 4)" in listed
