"""People on a deal: main contact, warnings, the map, who sees whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from core.charts import Mark, grid_chart
from core.exceptions import StaleRecord
from core.models import Change
from core.undo_service import undo
from customers.services.merge import merge_records
from customers.services.personal_data import erase_person
from deals.constants import Influence, Stance
from deals.models import Deal, DealContact
from deals.selectors.people import people_of, single_threaded, stakeholder_map, warnings_of
from deals.services.stakeholders import add_person, update_person
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import ContactFactory, CustomerFactory
from tests.factories.deals import DealContactFactory, DealFactory
from tests.factories.deals.pipelines import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> Any:
    return UserFactory(team=TeamFactory())


@pytest.fixture
def deal(user: Any) -> Any:
    customer = CustomerFactory(owner=user, team=user.team)
    return DealFactory(owner=user, team=user.team, customer=customer)


def contact(user: Any, **more: Any) -> Any:
    return ContactFactory(owner=user, team=user.team, **more)


def test_the_first_person_is_the_main_contact_and_a_later_one_takes_over(user: Any, deal: Any) -> None:
    first = add_person(deal, values={"contact": contact(user)}, actor=user)
    second = add_person(deal, values={"contact": contact(user)}, actor=user)
    assert (first.is_primary, second.is_primary) == (True, False)
    act = update_person(second, values={"is_primary": True}, actor=user)
    main = DealContact.objects.alive().filter(deal=deal, is_primary=True)
    assert list(main) == [second]
    undo(act, actor=user)
    assert list(main.all()) == [first]


def test_nobody_is_on_a_deal_twice(user: Any, deal: Any) -> None:
    person = contact(user)
    add_person(deal, values={"contact": person}, actor=user)
    with pytest.raises(ValidationError, match="on the deal already"):
        add_person(deal, values={"contact": person}, actor=user)


def test_a_stale_change_of_a_person_is_refused(user: Any, deal: Any) -> None:
    row = add_person(deal, values={"contact": contact(user)}, actor=user)
    update_person(row, values={"stance": Stance.FRIENDLY}, actor=user, expected_version=1)
    with pytest.raises(StaleRecord):
        update_person(row, values={"stance": Stance.AGAINST}, actor=user, expected_version=1)


def test_what_is_missing_among_the_people_is_said(user: Any, deal: Any) -> None:
    def titles() -> list[str]:
        return [title for title, _text in warnings_of(deal, people_of(deal, user))]

    assert titles() == ["Nobody is named on this deal"]
    add_person(deal, values={"contact": contact(user)}, actor=user)
    assert titles() == ["Only one person knows us here", "Nobody here decides"]
    add_person(deal, values={"contact": contact(user, buying_role="economic_buyer")}, actor=user)
    assert titles() == []
    won = DealFactory(owner=user, team=user.team, stage=stage(kind="won"))
    assert warnings_of(won, []) == []


def test_single_threaded_deals_are_open_and_know_one_person_or_nobody(user: Any) -> None:
    nobody, one, two = (DealFactory(owner=user, team=user.team) for _ in range(3))
    DealContactFactory(deal=one)
    DealContactFactory.create_batch(2, deal=two)
    gone = DealContactFactory(deal=one)
    gone.contact.__class__._base_manager.filter(pk=gone.contact_id).update(deleted_at=gone.created_at)
    DealFactory(owner=user, team=user.team, stage=stage(kind="lost"))
    assert set(single_threaded(Deal.objects.alive())) == {nobody, one}
    client = Client()
    client.force_login(user)
    page = client.get(reverse("deals:deal_list"), {"single_thread": "on"}).content.decode()
    assert nobody.name in page
    assert one.name in page
    assert f">{two.name}<" not in page


def test_a_contact_one_may_not_see_has_no_name_on_the_deal(user: Any, deal: Any) -> None:
    other = UserFactory(team=TeamFactory())
    hidden = DealContactFactory(deal=deal, contact=contact(other, name="Secret Person"), note="Cousin")
    [person] = people_of(deal, user)
    assert (person.seen, person.name) == (False, "Somebody you may not see")
    client = Client()
    client.force_login(user)
    page = client.get(reverse("deals:deal_people", args=[deal.pk])).content.decode()
    assert "Secret Person" not in page
    assert "Cousin" not in page
    assert client.get(reverse("deals:dealcontact_update", args=[hidden.pk])).status_code == 404
    assert client.get(reverse("deals:dealcontact_delete", args=[hidden.pk])).status_code == 404


def test_the_map_puts_each_person_in_their_cell(user: Any, deal: Any) -> None:
    ada = contact(user, name="Ada Lovelace")
    DealContactFactory(deal=deal, contact=ada, influence=Influence.HIGH, stance=Stance.SUPPORTER)
    DealContactFactory(
        deal=deal, contact=contact(user, name="王小明"), influence=Influence.LOW, stance=Stance.AGAINST
    )
    chart = stakeholder_map(people_of(deal, user))
    assert chart.table_rows == [["Ada Lovelace", "High", "Supporter"], ["王小明", "Low", "Against us"]]
    texts = [shape.text for shape in chart.shapes if shape.css in ("initials", "label")]
    assert texts == ["AL", "Ada Lovelace", "小明", "王小明"]
    dots = {shape.title: shape for shape in chart.shapes if shape.tag == "circle"}
    assert dots["Ada Lovelace"].x > dots["王小明"].x
    assert dots["Ada Lovelace"].y < dots["王小明"].y


def test_marks_of_one_cell_stand_under_one_another() -> None:
    marks = [Mark(0, 0, "Ann", "A"), Mark(0, 0, "Bo", "B"), Mark(1, 1, "Cy", "C")]
    chart = grid_chart("Who", ["left", "right"], ["up", "down"], marks)
    ys = [shape.y for shape in chart.shapes if shape.tag == "circle"]
    assert ys == [21, 51, 93]
    assert chart.height == 72 + 42 + 28
    assert grid_chart("Who", ["left"], ["up"], []).is_empty


def test_a_person_is_added_and_edited_on_pages(user: Any, deal: Any) -> None:
    client = Client()
    client.force_login(user)
    person = contact(user, name="Ada Lovelace")
    url = reverse("deals:dealcontact_create", args=[deal.pk])
    new = f"{reverse('customers:contact_create')}?customer={deal.customer_id}&amp;next={url}"
    assert new in client.get(url).content.decode()
    answer = client.post(new.replace("&amp;", "&"), {"family_name": "Hopper"})
    assert answer["Location"] == url  # back to where the new contact is put on the deal
    sent = {"contact": person.pk, "role": "champion", "influence": 3, "stance": 2, "note": ""}
    assert client.post(url, sent)["Location"] == deal.get_absolute_url()
    assert "on the deal already" in client.post(url, sent).content.decode()
    [row] = DealContact.objects.alive().filter(deal=deal)
    assert (row.role, row.influence, row.stance, row.is_primary) == ("champion", 3, 2, True)
    page = client.get(reverse("deals:deal_people", args=[deal.pk])).content.decode()
    assert "Ada Lovelace" in page
    assert "Champion" in page


def test_merged_contacts_are_one_person_on_the_deal(deal: Any) -> None:
    boss = AdministratorFactory()
    kept, double = DealContactFactory(deal=deal), DealContactFactory(deal=deal)
    merge_records(kept.contact, [double.contact], take={}, actor=boss)
    assert [row.contact_id for row in DealContact.objects.alive().filter(deal=deal)] == [kept.contact_id]


def test_an_erased_contact_leaves_no_words_on_deals(user: Any, deal: Any) -> None:
    row = add_person(deal, values={"contact": contact(user), "note": "Plays golf"}, actor=user)
    update_person(row, values={"note": "Plays golf with the boss"}, actor=user)
    erase_person(row.contact, actor=AdministratorFactory(), typed_name=row.contact.name)
    row.refresh_from_db()
    assert row.note == ""
    assert not Change.objects.filter(model="deals.dealcontact", object_id=row.pk).exists()
