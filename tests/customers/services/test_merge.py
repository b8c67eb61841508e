"""Merging records and taking it back."""

import pytest
from django.apps import apps
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.exceptions import RuleViolation
from core.models import ChangeSet, Record
from core.undo import UndoResult, undo
from customers.models import Contact, ContactMethod, Customer, Membership
from customers.services.merge import merge_records, what_moves
from customers.services.stages import change_stage
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.customers import (
    ConsentFactory,
    ContactFactory,
    ContactMethodFactory,
    CustomerFactory,
    FavouriteFactory,
    ImportantDateFactory,
    MembershipFactory,
    RelationFactory,
    TagFactory,
    stage,
)

pytestmark = pytest.mark.django_db
FREE = {"version", "updated_at"}


def snapshot() -> dict:
    """Every alive row of every business record, all columns but version and updated_at, with its links."""
    found = {}
    for model in apps.get_models():
        if not issubclass(model, Record):
            continue
        for row in model._base_manager.all():
            values = {
                f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if f.name not in FREE
            }
            for many in model._meta.many_to_many:
                if many.remote_field.through._meta.auto_created:
                    values[many.name] = sorted(getattr(row, many.name).values_list("pk", flat=True))
            found[model._meta.label, row.pk] = values
    return found


@pytest.fixture
def actor():
    return UserFactory()


def test_everything_moves_and_the_loser_points_to_the_winner(actor):
    winner, loser = CustomerFactory(name="Acme", city=""), CustomerFactory(name="ACME Ltd", city="Bern")
    contact = ContactFactory(customer=loser)
    child = CustomerFactory(parent=loser)
    method = ContactMethodFactory(customer=loser)
    consent = ConsentFactory(customer=loser)
    tags = [TagFactory(), TagFactory()]
    winner.tags.add(tags[0])
    loser.tags.add(tags[1])
    star = FavouriteFactory(customer=loser)

    done = merge_records(winner, [loser], take={"city": loser.pk}, actor=actor)

    loser.refresh_from_db()
    assert (done.kind, done.reason) == (ChangeSet.Kind.MERGE, "ACME Ltd → Acme")
    assert (loser.in_trash, loser.merged_into) == (True, winner)
    assert (winner.name, winner.city) == ("Acme", "Bern")
    assert Membership.objects.get(contact=contact).customer == winner
    for row in (child, method, consent):
        row.refresh_from_db()
    assert (child.parent, method.customer, consent.customer) == (winner, winner, winner)
    assert set(winner.tags.all()) == set(tags)
    assert star.user.favourites.filter(customer=winner).exists()
    assert method.key in winner.search_text


def test_what_both_have_is_kept_once_and_comes_back(actor):
    winner, loser = CustomerFactory(), CustomerFactory()
    both = ContactFactory(customer=winner)
    MembershipFactory(contact=both, customer=loser)
    for row in (winner, loser):
        ContactMethodFactory(customer=row, value="same@example.org", primary=True)
    before = snapshot()

    done = merge_records(winner, [loser], take={}, actor=actor)

    assert Membership.objects.alive().filter(contact=both).count() == 1
    assert winner.methods.alive().count() == 1
    undo(done, actor=actor)
    assert snapshot() == before


def test_there_is_one_main_way_to_reach_and_one_main_contact(actor):
    winner, loser = CustomerFactory(), CustomerFactory()
    for row, name in ((winner, "a@x.test"), (loser, "b@x.test")):
        ContactMethodFactory(customer=row, value=name, primary=True)
        MembershipFactory(customer=row, primary=True)
    merge_records(winner, [loser], take={}, actor=actor)
    assert [m.value for m in winner.methods.filter(primary=True)] == ["a@x.test"]
    assert winner.memberships.filter(primary=True).count() == 1
    assert winner.memberships.count() == 2


def test_a_number_is_taken_over_though_it_may_exist_once(actor):
    winner, loser = CustomerFactory(external_id="A"), CustomerFactory(external_id="B")
    before = snapshot()
    done = merge_records(winner, [loser], take={"external_id": loser.pk}, actor=actor)
    assert winner.external_id == "B"
    assert undo(done, actor=actor)[1].failed == 0
    assert snapshot() == before


def test_a_parent_merged_into_its_child_is_no_circle(actor):
    parent = CustomerFactory()
    child = CustomerFactory(parent=parent)
    before = snapshot()
    done = merge_records(child, [parent], take={}, actor=actor)
    child.refresh_from_db()
    assert child.parent is None
    undo(done, actor=actor)
    assert snapshot() == before


def test_a_stage_taken_from_the_loser_is_a_move(actor):
    winner, loser = CustomerFactory(), CustomerFactory(stage=stage("customer"))
    merge_records(winner, [loser], take={"stage": loser.pk}, actor=actor)
    assert winner.stage == stage("customer")
    assert winner.stage_changes.get().to_stage == stage("customer")


def test_values_come_from_the_records_only(actor):
    winner, loser, third = CustomerFactory(name="A"), CustomerFactory(name="B"), CustomerFactory(name="C")
    with pytest.raises(RuleViolation):
        merge_records(winner, [loser], take={"name": third.pk}, actor=actor)
    merge_records(winner, [loser], take={"lifetime_value": loser.pk, "deleted_at": loser.pk}, actor=actor)
    assert (winner.name, winner.deleted_at) == ("A", None)


def test_a_record_is_not_merged_with_itself_or_with_trash(actor):
    winner, loser = CustomerFactory(), CustomerFactory()
    with pytest.raises(RuleViolation):
        merge_records(winner, [winner], take={}, actor=actor)
    merge_records(winner, [loser], take={}, actor=actor)
    with pytest.raises(RuleViolation):
        merge_records(CustomerFactory(), [loser], take={}, actor=actor)


def test_custom_values_are_chosen_one_by_one(actor):
    winner = CustomerFactory(custom={"size": "L", "tier": "A"})
    loser = CustomerFactory(custom={"size": "S"})
    merge_records(winner, [loser], take={"custom__size": loser.pk, "custom__tier": loser.pk}, actor=actor)
    assert winner.custom == {"size": "S"}


def test_an_amount_takes_its_currency_along(actor):
    winner = CustomerFactory(annual_revenue=5, currency="EUR")
    loser = CustomerFactory(annual_revenue=7, currency="USD")
    merge_records(winner, [loser], take={"annual_revenue": loser.pk}, actor=actor)
    assert (winner.annual_revenue, winner.currency) == (7, "USD")


def test_contacts_merge_too(actor):
    winner, loser = ContactFactory(), ContactFactory()
    boss, report = ContactFactory(), ContactFactory(reports_to=loser)
    RelationFactory(contact=winner, other=boss)
    RelationFactory(contact=loser, other=boss)
    RelationFactory(contact=loser, other=winner)
    ImportantDateFactory(contact=loser)
    customer = CustomerFactory()
    for row in (winner, loser):
        MembershipFactory(contact=row, customer=customer)
    before = snapshot()
    done = merge_records(winner, [loser], take={}, actor=actor)
    report.refresh_from_db()
    assert report.reports_to == winner
    assert winner.relations.alive().count() == 1
    assert winner.memberships.alive().count() == 1
    assert undo(done, actor=actor)[1].failed == 0
    assert snapshot() == before


def test_what_moves_is_counted_before(actor):
    loser = CustomerFactory(owner=actor)
    ContactFactory(customer=loser)
    ContactMethodFactory(customer=loser)
    ContactMethodFactory(customer=loser)
    moving = {str(m.label): (m.count, m.more) for m in what_moves([loser], actor)}
    assert moving == {"memberships": (1, False), "contact methods": (2, False)}


def test_what_moves_says_nothing_of_how_much_one_cannot_see():
    me = UserFactory(team=TeamFactory())
    loser = ContactFactory(owner=me)
    for owner in (me, None, None):
        MembershipFactory(contact=loser, customer=CustomerFactory(owner=owner))
    RelationFactory(contact=loser, other=ContactFactory())
    found = {str(m.label): (m.count, m.more) for m in what_moves([loser], me)}
    assert found == {"memberships": (1, True), "relations": (0, True)}


def test_work_added_after_the_merge_is_kept_by_unmerge(actor):
    winner, loser = CustomerFactory(), CustomerFactory()
    method = ContactMethodFactory(customer=loser, value="a@x.test")
    done = merge_records(winner, [loser], take={}, actor=actor)
    from customers.services.methods import update_method

    method.refresh_from_db()
    update_method(method, values={"value": "new@x.test"}, actor=actor)
    later = ContactMethodFactory(customer=winner)
    undo(done, actor=actor)
    method.refresh_from_db()
    assert (method.customer, method.value) == (loser, "new@x.test")
    assert later.customer == winner


names = st.sampled_from(["Acme", "ACME", "Beta 有限公司", "Ünlü", ""])


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), count=st.integers(2, 4))
def test_unmerge_restores_every_column_of_every_record(actor, data, count):
    """Whatever the records have in common and whatever was chosen."""
    Customer._base_manager.all()
    shared = [TagFactory() for _ in range(2)]
    people = [ContactFactory() for _ in range(2)]
    rows = []
    for _number in range(count):
        row = CustomerFactory(
            name=data.draw(names) or "X", city=data.draw(names), industry=data.draw(names),
            parent=data.draw(st.sampled_from([None, *rows])),
            stage=stage(data.draw(st.sampled_from(["lead", "loyal"]))),
        )  # fmt: skip
        row.tags.set(data.draw(st.sets(st.sampled_from(range(2)))) and shared)
        for person in data.draw(st.lists(st.sampled_from(people), unique_by=lambda c: c.pk)):
            MembershipFactory(contact=person, customer=row, primary=data.draw(st.booleans()))
        for value in data.draw(st.sets(st.sampled_from(["a@x.test", "b@x.test", "c@x.test"]))):
            ContactMethodFactory(customer=row, value=value, primary=data.draw(st.booleans()))
        rows.append(row)
    rows = [Customer.objects.get(pk=row.pk) for row in rows]
    fields = ["name", "city", "industry", "parent", "stage"]
    take = {f: data.draw(st.sampled_from(rows)).pk for f in fields if data.draw(st.booleans())}
    before = snapshot()

    done = merge_records(rows[0], rows[1:], take=take, actor=actor)
    after = snapshot()
    result = undo(done, actor=actor)[1]

    assert result.kept == result.failed == 0
    back = snapshot()
    made = after.keys() - before.keys()  # the row of a stage move: in the trash now
    assert {key: value for key, value in back.items() if key not in made} == before
    assert all(back[key]["deleted_at"] is not None for key in made)


def test_a_record_is_no_longer_found_by_what_was_moved_back(actor):
    winner, loser = CustomerFactory(), CustomerFactory()
    ContactMethodFactory(customer=loser, value="moved@x.test")
    done = merge_records(winner, [loser], take={}, actor=actor)
    assert list(Customer.objects.alive().search("moved@x.test")) == [winner]
    undo(done, actor=actor)
    assert list(Customer.objects.alive().search("moved@x.test")) == [loser]


def test_a_stage_move_made_before_the_merge_stays_with_the_loser(actor):
    winner, loser = CustomerFactory(), CustomerFactory()
    change_stage(loser, stage=stage("qualified"), actor=actor)
    merge_records(winner, [loser], take={}, actor=actor)
    assert loser.stage_changes.count() == 1
    assert winner.stage_changes.count() == 0


def test_results_are_counted(actor):
    winner, loser = CustomerFactory(), CustomerFactory()
    ContactMethodFactory(customer=loser)
    done = merge_records(winner, [loser], take={}, actor=actor)
    assert undo(done, actor=actor)[1] == UndoResult(reversed=2)
    assert Contact.objects.count() == 0
    assert ContactMethod.objects.get().customer == loser
