"""The change log: what is written, what is told, and what is taken back."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core.changes import change_set
from core.exceptions import RuleViolation, StaleRecord
from core.models import Change, ChangeSet
from core.undo import UndoResult, undo
from customers.models import ContactMethod, Customer, LifecycleStage, Tag

pytestmark = pytest.mark.django_db
Kind = ChangeSet.Kind


@pytest.fixture
def actor() -> User:
    return User.objects.create_user("wang@example.com", name="Wang Fang")


@pytest.fixture
def customer(actor: User) -> Customer:
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        return log.create(Customer(name="Acme", stage=stage("lead"), industry="Steel", currency="EUR"))


def stage(kind: str) -> LifecycleStage:
    return LifecycleStage.objects.get(kind=kind)


def edit(customer: Customer, actor: User, **values) -> ChangeSet:
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        log.update(customer, values)
    return log.row


def snapshot(model=Customer) -> list[dict]:
    rows = model._base_manager.order_by("pk").values()
    return [{k: v for k, v in row.items() if k not in ("version", "updated_at")} for row in rows]


def test_an_edit_logs_only_what_differs(customer: Customer, actor: User) -> None:
    done = edit(customer, actor, name="Acme Ltd", industry="Steel")

    change = done.changes.get()
    assert (change.model, change.object_id) == ("customers.customer", customer.pk)
    assert (change.before, change.after) == ({"name": "Acme"}, {"name": "Acme Ltd"})
    assert (customer.name, customer.version, change.version) == ("Acme Ltd", 2, 2)
    assert done.total == 1


def test_an_edit_that_changes_nothing_leaves_no_trace(customer: Customer, actor: User) -> None:
    before = ChangeSet.objects.count()
    edit(customer, actor, name="Acme")
    assert ChangeSet.objects.count() == before
    assert Customer.objects.get().version == 1


def test_a_stale_save_changes_nothing_and_names_the_current_record(customer, actor) -> None:
    edit(customer, actor, name="Theirs")
    with pytest.raises(StaleRecord) as caught, change_set(kind=Kind.EDIT, actor=actor) as log:
        log.update(customer, {"name": "Mine"}, expected_version=1)
    assert caught.value.current.name == "Theirs"
    assert Customer.objects.get().name == "Theirs"


def failing_edit(customer: Customer, actor: User) -> None:
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        log.update(customer, {"name": "Half"})
        raise RuleViolation("no")


def test_an_error_rolls_the_whole_act_back(customer: Customer, actor: User) -> None:
    sets = ChangeSet.objects.count()
    with pytest.raises(RuleViolation):
        failing_edit(customer, actor)
    assert Customer.objects.get().name == "Acme"
    assert (ChangeSet.objects.count(), Change.objects.count()) == (sets, 0)


def test_tags_are_part_of_the_history(customer: Customer, actor: User) -> None:
    tag = Tag.objects.create(name="VIP")
    done = edit(customer, actor, tags=[tag])
    assert done.changes.get().after == {"tags": [tag.pk]}
    undo(done, actor=actor)
    assert list(customer.tags.all()) == []


def test_search_text_follows_the_name_and_the_methods(customer: Customer, actor: User) -> None:
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        method = log.create(
            ContactMethod(customer=customer, kind="phone", value="+49 30 12345", key="493012345")
        )
    assert Customer.objects.get().search_text == "acme 493012345"
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        log.trash(method)
        log.update(customer, {"name": "Ünlü"})
    found = Customer.objects.get()
    assert (found.search_text, found.sort_name) == ("unlu", "unlu")


def test_undo_of_an_edit_puts_the_old_values_back(customer: Customer, actor: User) -> None:
    before = snapshot()
    done = edit(customer, actor, name="Other", stage=stage("qualified"), annual_revenue=None)
    row, result = undo(done, actor=actor)
    assert result == UndoResult(reversed=1)
    assert snapshot() == before
    assert row.undo_of == done
    assert row.undo_result == {"reversed": 1, "kept": 0, "failed": 0, "barred": 0}


def test_undo_keeps_what_was_edited_since(customer: Customer, actor: User) -> None:
    done = edit(customer, actor, name="Second")
    edit(customer, actor, name="Third")
    assert undo(done, actor=actor)[1] == UndoResult(kept=1)
    assert Customer.objects.get().name == "Third"


def test_undo_is_not_stopped_by_an_edit_of_another_field(customer: Customer, actor: User) -> None:
    done = edit(customer, actor, name="Second")
    edit(customer, actor, industry="Glass")
    assert undo(done, actor=actor)[1] == UndoResult(reversed=1)
    found = Customer.objects.get()
    assert (found.name, found.industry) == ("Acme", "Glass")


def test_undoing_twice_is_refused(customer: Customer, actor: User) -> None:
    done = edit(customer, actor, name="Second")
    undo(done, actor=actor)
    with pytest.raises(RuleViolation) as caught:
        undo(done, actor=actor)
    assert caught.value.code == "undone"


def test_an_undo_can_be_undone(customer: Customer, actor: User) -> None:
    done = edit(customer, actor, name="Second")
    back, _result = undo(done, actor=actor)
    undo(back, actor=actor)
    assert Customer.objects.get().name == "Second"


def test_a_version_never_comes_back(customer: Customer, actor: User) -> None:
    """A form opened before an undo is still stale after it."""
    done = edit(customer, actor, name="Second")
    undo(done, actor=actor)
    assert Customer.objects.get().version == 3


def test_undo_of_an_import_removes_what_it_made_unless_used_since(actor: User) -> None:
    with change_set(kind=Kind.IMPORT, actor=actor) as log:
        rows = [Customer(name=f"C{i}", stage=stage("lead")) for i in range(4)]
        log.bulk_create(rows)
    edit(rows[1], actor, name="Edited")
    with change_set(kind=Kind.EDIT, actor=actor) as later:
        later.create(ContactMethod(customer=rows[2], kind="email", value="a@b.c", key="a@b.c"))

    assert undo(log.row, actor=actor)[1] == UndoResult(reversed=2, kept=2)
    assert list(Customer.objects.values_list("name", flat=True)) == ["C2", "Edited"]


def test_undo_of_a_bulk_edit_over_several_pages(actor: User) -> None:
    with change_set(kind=Kind.IMPORT, actor=actor) as log:
        log.bulk_create([Customer(name=f"C{i:04}", stage=stage("lead")) for i in range(2500)])
    before = snapshot()
    with change_set(kind=Kind.BULK, actor=actor) as bulk:
        count = bulk.update_queryset(Customer.objects.all(), {"industry": "Glass"})
    assert count == 2500
    assert Customer.objects.filter(industry="Glass", version=2).count() == 2500
    assert undo(bulk.row, actor=actor)[1] == UndoResult(reversed=2500)
    assert snapshot() == before


def test_undo_knows_its_own_values_again_whatever_their_precision(customer, actor) -> None:
    """1.5 is stored as 1.50, and times have microseconds: neither counts as edited since."""
    since = datetime(2026, 3, 29, 1, 30, 0, 123457, tzinfo=UTC)
    edit(customer, actor, stage_since=since)
    done = edit(customer, actor, annual_revenue=Decimal("1.5"), stage_since=timezone.now())
    assert undo(done, actor=actor)[1] == UndoResult(reversed=1)
    assert Customer.objects.get().stage_since == since


def test_trash_and_restore(customer: Customer, actor: User) -> None:
    with change_set(kind=Kind.TRASH, actor=actor) as log:
        log.trash(customer)
    assert not Customer.objects.alive().exists()
    undo(log.row, actor=actor)
    assert Customer.objects.alive().get() == customer


FIELDS = {
    "name": st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30),
    "industry": st.sampled_from(["Steel", "Glass", "木材"]),
    "annual_revenue": st.one_of(st.none(), st.decimals(0, 10**9, places=1)),
    "birthday": st.one_of(st.none(), st.dates()),
    "custom": st.dictionaries(st.sampled_from("abc"), st.one_of(st.integers(), st.text(max_size=5))),
}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(acts=st.lists(st.fixed_dictionaries({}, optional=FIELDS), min_size=1, max_size=4))
def test_undoing_all_acts_in_reverse_restores_every_value(customer, actor, acts) -> None:
    """Whatever was edited, going back step by step ends at the beginning."""
    customer.refresh_from_db()
    before = snapshot()
    done = []
    for values in acts:
        values = {k: v.replace("\0", "") if isinstance(v, str) else v for k, v in values.items()}
        values.pop("custom", None) if "\0" in str(values.get("custom")) else None
        with change_set(kind=Kind.EDIT, actor=actor) as log:
            log.update(customer, values, validate=False)
        if log.touched:
            done.append(log.row)
    for row in reversed(done):
        assert undo(row, actor=actor)[1] == UndoResult(reversed=1)
    assert snapshot() == before


def test_an_undo_that_could_reverse_nothing_is_still_told(customer: Customer, actor: User) -> None:
    done = edit(customer, actor, name="Second")
    edit(customer, actor, name="Third")
    row, result = undo(done, actor=actor)
    assert (row.pk is not None, result) == (True, UndoResult(kept=1))
    with pytest.raises(RuleViolation):
        undo(done, actor=actor)


def test_a_number_that_is_taken_is_refused_in_words(customer: Customer, actor: User) -> None:
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        log.create(Customer(name="Other", stage=stage("lead"), external_id="7"))
    with pytest.raises(ValidationError) as caught:
        edit(customer, actor, external_id="7")
    assert caught.value.messages == ["There is already a customer with this number."]
