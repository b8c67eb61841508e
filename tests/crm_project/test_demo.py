"""Sample data: the same each time, complete, and gone without a trace in one act."""

import stat
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from activities.models import Activity, CadencePlan, Task
from core.changes import change_set
from core.models import ChangeSet
from core.undo import UndoResult
from crm_project.demo import people
from crm_project.demo.seed import is_empty, remove, sample_data, seed
from customers.models import Contact, Customer, LifecycleStage
from deals.models import Order

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MODELS = (Customer, Contact, Activity, Task, CadencePlan, Order)


@pytest.fixture(autouse=True)
def own_login_file(tmp_path, settings) -> None:
    settings.VAR_DIR = tmp_path


def counts() -> list[int]:
    return [model.objects.count() for model in MODELS]


def test_every_stage_role_and_kind_is_there() -> None:
    assert is_empty()
    row = seed(NOW)
    assert counts()[0] == 128
    assert all(count > 50 for count in counts()[1:4])
    stages = set(Customer.objects.values_list("stage__kind", flat=True))
    assert stages == set(LifecycleStage.objects.values_list("kind", flat=True))
    assert set(User.objects.values_list("role", flat=True)) == {
        "sales", "manager", "analyst", "administrator",
    }  # fmt: skip
    assert sample_data() == row
    assert not is_empty()


def test_derived_columns_are_set() -> None:
    seed(NOW)
    customer = Customer.objects.filter(tasks__isnull=False).first()
    assert customer.last_contacted_at is not None
    assert customer.next_step == customer.tasks.get().title
    assert Customer.objects.filter(search_text="").count() == 0


def test_the_same_day_gives_the_same_data() -> None:
    def look() -> list[tuple]:
        with transaction.atomic():
            seed(NOW)
            rows = list(Customer.objects.order_by("pk").values_list("name", "city", "stage__kind"))
            transaction.set_rollback(True)
        return rows

    assert look() == look()


def test_removing_takes_everything_but_what_was_used() -> None:
    row = seed(NOW)
    admin = User.objects.get(role="administrator")
    kept = Customer.objects.filter(stage__kind="lead").first()
    with change_set(kind=ChangeSet.Kind.EDIT, actor=admin) as log:
        log.update(kept, {"name": "Really ours"})
    result = remove(actor=admin)
    assert result == UndoResult(reversed=row.total - 1, kept=1)
    assert list(Customer.objects.values_list("name", flat=True)) == ["Really ours"]
    assert counts() == [1, 0, 0, 0, 0, 0]
    assert sample_data() is None
    # Who owns the kept customer stays, locked out; the others are gone.
    assert {user.pk for user in User.objects.all()} == {admin.pk, kept.owner_id}
    assert not User.objects.get(pk=kept.owner_id).is_active


def test_passwords_are_made_for_this_copy_and_kept_private() -> None:
    seed(NOW)
    path = people.login_file()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for login in people.logins():
        user = User.objects.get(email=login["email"])
        assert user.check_password(login["password"])
    assert len({login["password"] for login in people.logins()}) == 1
    assert "guanxi" not in people.logins()[0]["password"]


def test_the_command_refuses_a_copy_in_use(capsys) -> None:
    User.objects.create_user("a@b.c", name="A")
    with pytest.raises(CommandError, match="There is data here already"):
        call_command("seed_demo")
    call_command("seed_demo", if_empty=True)
    assert Customer.objects.count() == 0


def test_an_administrator_removes_it_from_the_page(client) -> None:
    seed(NOW)
    client.force_login(User.objects.get(role="administrator"))
    assert b"sample customers" in client.get("/sample-data/remove/").content
    assert Customer.objects.count() == 128
    client.post("/sample-data/remove/")
    assert Customer.objects.count() == 0


@pytest.mark.parametrize("role", ["sales", "manager", "analyst"])
def test_nobody_else_may(client, role) -> None:
    seed(NOW)
    client.force_login(User.objects.filter(role=role).first())
    assert client.post("/sample-data/remove/").status_code == 403
    assert Customer.objects.count() == 128
