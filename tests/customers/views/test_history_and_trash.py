"""History, undo, trash and background work as pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.clock import today
from core.changes import change_set
from core.models import ChangeSet, Job
from customers.models import Customer
from customers.services.customers import update_customer
from customers.services.trash import empty_trash, trash_record
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import ContactFactory, ContactMethodFactory, CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory(team=TeamFactory())


def login(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def customer(user):
    return CustomerFactory(name="Acme", owner=user, team=user.team)


def edited(customer, actor, **values):
    return update_customer(customer, values=values, actor=actor)


def test_i_see_what_i_did_and_administrators_see_everything(user, customer):
    edited(customer, user, city="Bern")
    other = UserFactory()
    assert "Edited" in login(user).get(reverse("core:change_set_list")).content.decode()
    assert "undo/" not in login(other).get(reverse("core:change_set_list")).content.decode()
    assert login(other).get(reverse("core:change_set_list") + "?who=all").status_code == 403
    assert (
        "undo/"
        in login(AdministratorFactory()).get(reverse("core:change_set_list") + "?who=all").content.decode()
    )


def test_another_one_s_act_can_be_neither_seen_nor_undone(user, customer):
    row = edited(customer, user, city="Bern")
    client = login(UserFactory(team=user.team))
    assert client.get(reverse("core:change_set_detail", args=[row.pk])).status_code == 404
    assert client.post(reverse("core:change_set_undo", args=[row.pk])).status_code == 404
    assert Customer.objects.get(pk=customer.pk).city == "Bern"


def test_undo_button(user, customer):
    row = edited(customer, user, city="Bern")
    url = reverse("core:change_set_undo", args=[row.pk])
    assert login(user).get(url).status_code == 405
    login(user).post(url)
    assert Customer.objects.get(pk=customer.pk).city == ""
    again = login(user).post(url)
    assert again["Location"] == reverse("core:change_set_detail", args=[row.undone_by.pk])


def test_what_was_kept_is_told_in_buckets(user, customer):
    row = edited(customer, user, city="Bern")
    edited(customer, user, city="Basel")
    html = login(user).post(reverse("core:change_set_undo", args=[row.pk]), follow=True).content.decode()
    assert "Kept because edited or used since: 1" in html
    assert Customer.objects.get(pk=customer.pk).city == "Basel"


def test_the_referer_may_not_lead_elsewhere(user, customer):
    row = edited(customer, user, city="Bern")
    url = reverse("core:change_set_undo", args=[row.pk])
    response = login(user).post(url, HTTP_REFERER="https://evil.test/")
    assert response["Location"] == reverse("core:change_set_list")


def test_a_large_undo_runs_as_a_job(user, django_capture_on_commit_callbacks):
    with change_set(kind=ChangeSet.Kind.BULK, actor=user) as log:
        log.bulk_create([Customer(name=f"C{i}", owner=user, stage_id=1) for i in range(501)])
    with django_capture_on_commit_callbacks(execute=True):
        response = login(user).post(reverse("core:change_set_undo", args=[log.row.pk]))
    job = Job.objects.get()
    assert response["Location"] == reverse("core:job_detail", args=[job.pk])
    assert (job.state, job.result["reversed"]) == ("done", 501)
    assert Customer.objects.alive().count() == 0
    html = login(user).get(reverse("core:job_detail", args=[job.pk])).content.decode()
    assert reverse("core:change_set_detail", args=[job.result["change_set"]]) in html


def test_jobs_of_others_are_not_seen(user):
    job = Job.objects.create(kind="core.undo", requested_by=user)
    other = login(UserFactory())
    assert other.get(reverse("core:job_detail", args=[job.pk])).status_code == 404
    assert other.post(reverse("core:job_cancel", args=[job.pk])).status_code == 404
    assert "Undo" in login(user).get(reverse("core:job_list")).content.decode()
    login(user).post(reverse("core:job_cancel", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_an_analyst_now_may_not_undo_what_they_did_before(user, customer):
    row = edited(customer, user, city="Bern")
    user.role = "analyst"
    user.save()
    assert login(user).post(reverse("core:change_set_undo", args=[row.pk])).status_code == 403


def test_the_trash_is_one_s_own(user, customer):
    trash_record(customer, actor=user)
    contact = ContactFactory(owner=user, team=user.team)
    trash_record(contact, actor=user)
    url = reverse("core:trash_list")
    assert "Acme" in login(user).get(url).content.decode()
    assert contact.name in login(user).get(url + "?kind=contacts").content.decode()
    stranger = login(UserFactory(team=TeamFactory()))
    assert "Acme" not in stranger.get(url).content.decode()
    assert stranger.post(reverse("core:trash_restore", args=["customers", customer.pk])).status_code == 404
    assert "Acme" in login(AdministratorFactory()).get(url + "?who=all").content.decode()


def test_a_restore_whose_place_is_taken_says_so(user):
    first = CustomerFactory(external_id="7", owner=user, team=user.team)
    trash_record(first, actor=user)
    CustomerFactory(external_id="7")
    response = login(user).post(reverse("core:trash_restore", args=["customers", first.pk]), follow=True)
    assert "already a customer with this number" in response.content.decode()


def test_after_90_days_the_trash_is_emptied_and_twice_does_no_harm(user, customer):
    young = CustomerFactory(owner=user)
    ContactMethodFactory(customer=customer)
    edited(customer, user, city="Bern")
    for row in (customer, young):
        trash_record(row, actor=user)
    Customer._base_manager.filter(pk=customer.pk).update(deleted_at=timezone.now() - timedelta(days=92))
    assert empty_trash(today()) == {"customers.contact": 0, "customers.customer": 1}
    assert empty_trash(today()) == {"customers.contact": 0, "customers.customer": 0}
    assert list(Customer._base_manager.all()) == [young]
    from core.models import Change

    assert not Change.objects.filter(object_id=customer.pk, model="customers.customer").exists()
