"""Acts on many rows: count first, only what one may edit, one Undo."""

import pytest

from core.models import ChangeSet, Job
from core.undo import undo
from customers.models import Contact, Customer, StageChange
from customers.services import bulk
from tests.factories.accounts import AdministratorFactory, AnalystFactory, TeamFactory, UserFactory
from tests.factories.customers import ContactFactory, CustomerFactory, TagFactory, stage

pytestmark = pytest.mark.django_db
URL = "/customers/bulk/"


@pytest.fixture
def admin(client):
    user = AdministratorFactory()
    client.force_login(user)
    return user


def post(client, act, rows, confirm=True, url=URL, **values):
    data = {"action": act, "selected": [row.pk for row in rows], "query": "?sort=name", **values}
    return client.post(url, data | ({"confirm": "1"} if confirm else {}))


def test_the_first_step_counts_and_changes_nothing(client):
    team = TeamFactory()
    me = UserFactory(team=team)
    mine, other = CustomerFactory(name="Mine", owner=me), CustomerFactory(name="Team's", team=team)
    hidden = CustomerFactory(name="Hidden", team=TeamFactory())
    client.force_login(me)
    response = post(client, "trash", [mine, other, hidden], confirm=False)
    assert response.status_code == 200
    assert (response.context["count"], response.context["refused"]) == (1, 1)
    assert "Hidden" not in response.content.decode()
    assert Customer.objects.alive().count() == 3


def test_delete_touches_only_what_one_may_edit_and_is_undone_as_one(client):
    team = TeamFactory()
    me = UserFactory(team=team)
    mine = [CustomerFactory(owner=me) for _ in range(3)]
    other, hidden = CustomerFactory(team=team), CustomerFactory()
    client.force_login(me)
    response = post(client, "trash", [*mine, other, hidden])
    assert response.url == "/customers/?sort=name"
    assert set(Customer.objects.alive()) == {other, hidden}
    act = ChangeSet.objects.filter(kind="trash").get()
    assert act.total == 3
    undo(act, actor=me)
    assert Customer.objects.alive().count() == 5


def test_edit_sets_and_empties_fields(client, admin):
    rows = [CustomerFactory(city="Rome", region="Lazio") for _ in range(2)]
    assert post(client, "edit", rows, industry="Food", empty=["region"]).status_code == 302
    for row in rows:
        row.refresh_from_db()
        assert (row.industry, row.region, row.city, row.version) == ("Food", "", "Rome", 2)
    assert post(client, "edit", rows).status_code == 422


def test_edit_cannot_write_other_fields(client, admin):
    row = CustomerFactory()
    post(
        client,
        "edit",
        [row],
        industry="Food",
        owner=admin.pk,
        deleted_at="2020-01-01",
        lifetime_value="5",
        empty=["name"],
    )
    row.refresh_from_db()
    assert (row.owner, row.deleted_at, row.lifetime_value) == (None, None, None)
    assert row.name


def test_assign_brings_the_team_of_the_owner(client, admin):
    seller = UserFactory(team=TeamFactory())
    rows = [CustomerFactory(), CustomerFactory()]
    post(client, "assign", rows, owner=seller.pk)
    assert set(Customer.objects.values_list("owner", "team")) == {(seller.pk, seller.team_id)}


def test_tags_are_added_and_taken_off(client, admin):
    old, new = TagFactory(), TagFactory()
    first, second = CustomerFactory(tags=[old]), CustomerFactory()
    post(client, "tag", [first, second], add=[new.pk], remove=[old.pk])
    assert list(first.tags.all()) == [new]
    assert list(second.tags.all()) == [new]
    undo(ChangeSet.objects.filter(kind="bulk").get(), actor=admin)
    assert list(first.tags.all()) == [old]
    assert list(second.tags.all()) == []


def test_stage_moves_leave_rows_and_a_lost_one_needs_a_reason(client, admin):
    rows = [CustomerFactory(), CustomerFactory(stage=stage("loyal"))]
    lost = stage("lost")
    assert post(client, "stage", rows, stage=lost.pk).status_code == 422
    assert StageChange.objects.count() == 0
    post(client, "stage", rows, stage=lost.pk, reason="Closed down")
    assert {row.stage.kind for row in Customer.objects.all()} == {"lost"}
    moves = StageChange.objects.order_by("pk")
    assert [(move.from_stage.kind, move.reason, move.by) for move in moves] == [
        ("lead", "Closed down", admin), ("loyal", "Closed down", admin),
    ]  # fmt: skip
    undo(ChangeSet.objects.filter(kind="stage").get(), actor=admin)
    assert {row.stage.kind for row in Customer.objects.all()} == {"lead", "loyal"}
    assert StageChange.objects.count() == 0


def test_all_results_follow_the_filters_of_the_list(client, admin):
    for n in range(4):
        CustomerFactory(name=f"C{n}", country="Italy" if n % 2 else "Norway")
    data = {
        "action": "edit",
        "all_results": "1",
        "query": "?country=Italy",
        "industry": "Food",
        "confirm": "1",
    }
    client.post(URL, data)
    assert set(Customer.objects.filter(industry="Food").values_list("name", flat=True)) == {"C1", "C3"}


def test_a_long_query_is_followed_to_its_end(client, admin):
    """Cut short, it would lose its last filters and mean more rows."""
    for n in range(3):
        CustomerFactory(name=f"C{n}", country="Italy", city=f"City{n}")
    query = "?" + "&".join(f"country=Land{n:04}" for n in range(500)) + "&country=Italy&q=city1"
    assert len(query) > 4000
    data = {"action": "edit", "all_results": "1", "query": query, "industry": "Food", "confirm": "1"}
    client.post(URL, data)
    assert list(Customer.objects.filter(industry="Food").values_list("name", flat=True)) == ["C1"]


def test_many_rows_are_done_by_a_job(client, admin, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    monkeypatch.setattr(bulk, "STEP", 2)
    for _ in range(5):
        CustomerFactory(country="Italy")
    data = {
        "action": "edit",
        "all_results": "1",
        "query": "?country=Italy",
        "country": "Norway",
        "confirm": "1",
    }
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(URL, data)
    job = Job.objects.get()
    assert response.url == f"/jobs/{job.pk}/"
    assert (job.state, job.result["changed"], job.done) == ("done", 5, 5)
    assert Customer.objects.filter(country="Norway").count() == 5
    act = ChangeSet.objects.get(pk=job.result["change_set"])
    assert act.total == 5
    undo(act, actor=admin)
    assert Customer.objects.filter(country="Italy").count() == 5


def test_nothing_selected_and_nonsense(client, admin):
    row = CustomerFactory()
    assert post(client, "trash", []).status_code == 302
    assert post(client, "explode", [row]).status_code == 404
    assert client.post(URL, {"action": "trash", "selected": ["abc", "-1", "9" * 30]}).status_code == 302
    assert client.get(URL).status_code == 405
    assert post(client, "merge", [row]).status_code == 302


def test_two_to_five_go_on_to_the_merge_page(client, admin):
    rows = [CustomerFactory(), CustomerFactory()]
    response = post(client, "merge", rows, confirm=False)
    assert response.status_code == 302
    assert response.url.startswith("/merge/customer/")
    assert response.url.endswith(f"?ids={rows[0].pk}%2C{rows[1].pk}")


def test_an_analyst_may_not(client):
    client.force_login(AnalystFactory())
    assert post(client, "trash", [CustomerFactory()]).status_code == 403
    assert Customer.objects.alive().count() == 1


def test_contacts_have_no_stage(client, admin):
    contact = ContactFactory()
    assert post(client, "stage", [contact], url="/contacts/bulk/").status_code == 404
    post(client, "edit", [contact], url="/contacts/bulk/", job_title="CEO")
    assert Contact.objects.get().job_title == "CEO"
