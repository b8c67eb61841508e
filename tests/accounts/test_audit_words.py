"""The security log tells its details in the reader's language, not in names of columns."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models.audit import AuditAct
from accounts.selectors.audit_words import in_words
from accounts.services import audit
from accounts.services.people import update_person
from accounts.services.rules import current_levels, save_levels
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def told(act: str, **details: object) -> list[str]:
    return in_words(audit.record(act, **details))


def test_a_changed_person_is_told_with_both_values(client):
    admin, team = AdministratorFactory(), TeamFactory(name="North")
    person = UserFactory(role="sales", team=None)
    update_person(person=person, values={"role": "manager", "team": team}, actor=admin)
    client.force_login(admin)
    page = client.get(reverse("accounts:audit_list"), {"act": AuditAct.PERSON})
    assert page.context["lines"][0][1] == ["Role: Sales → Manager", "Team: – → North"]
    with translation.override("zh-hans"):
        assert in_words(page.context["lines"][0][0])[0] == "角色：销售 → 经理"


def test_a_changed_level_names_role_and_kind():
    admin = AdministratorFactory()
    levels = {**current_levels(), ("sales", "customer"): ("all", "own")}
    save_levels(levels=levels, actor=admin)
    entry = audit.AuditEntry.objects.get(act=AuditAct.VISIBILITY)
    assert in_words(entry) == ["Sales · Customers: Team / Own → All / Own"]


def test_marks_numbers_and_people():
    heir = UserFactory(name="Ada")
    assert told(AuditAct.TEAM, team="North", created=True) == ["Team: North", "Created"]
    assert told(AuditAct.HANDED_OVER, to=heir.pk) == ["Handed to: Ada"]
    assert told(AuditAct.TWO_STEP_ON, method="totp") == ["Kind: Authenticator app"]
    assert told(AuditAct.SIGNED_OUT_EVERYWHERE, sessions=3) == ["Sessions: 3"]
    assert told(AuditAct.PERSON, something_old=["a", None]) == ["something_old: a → –"]
