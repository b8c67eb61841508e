"""Creating and editing through the pages: values, errors, two editors at once, stages, parts."""

import pytest
from django.test import Client
from django.urls import reverse

from core.models import CustomField
from customers.models import Contact, ContactMethod, Customer
from customers.services.customers import update_customer
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.customers import ContactFactory, ContactMethodFactory, CustomerFactory, TagFactory, stage

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def user():
    return UserFactory(team=TeamFactory())


@pytest.fixture
def client(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def customer(user):
    return CustomerFactory(name="Acme", owner=user, team=user.team, industry="Steel")


def group(customer, key):
    return reverse("customers:customer_group", args=[customer.pk, key])


def test_a_company_is_created_with_its_first_ways_to_reach_it(client, user):
    response = client.post(
        reverse("customers:customer_create"),
        {"kind": "company", "name": "Neu AG", "domain": "https://www.neu.test/x", "email": "Info@Neu.Test",
         "phone": "+41 31 999", "tag_list": "VIP, fair", "owner": user.pk, "stage": stage("qualified").pk},
    )  # fmt: skip
    made = Customer.objects.get()
    assert response["Location"] == made.get_absolute_url()
    assert (made.domain, made.owner, made.team, made.stage.kind) == ("neu.test", user, user.team, "qualified")
    assert list(made.methods.values_list("key", flat=True).order_by("kind")) == ["info@neu.test", "4131999"]
    assert sorted(tag.name for tag in made.tags.all()) == ["VIP", "fair"]
    assert made.stage_changes.get().from_stage is None
    assert made.search_text == "neu ag neu.test info@neu.test 4131999"


def test_a_person_s_name_is_composed_in_the_order_of_its_language(client):
    client.post(
        reverse("customers:customer_create"), {"kind": "person", "given_name": "小明", "family_name": "王"}
    )
    assert Customer.objects.get().name == "王小明"


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(client):
    response = client.post(
        reverse("customers:customer_create"),
        {"kind": "company", "name": "", "email": "nonsense", "annual_revenue": "5"},
    )
    assert response.status_code == 422
    html = response.content.decode()
    assert "is not an e-mail address" in html
    assert "Nothing was saved yet" in html
    assert Customer.objects.count() == 0


def test_a_contact_is_created_as_member_of_a_visible_customer_only(client, customer):
    url = reverse("customers:contact_create")
    hidden = CustomerFactory(owner=UserFactory())
    refused = client.post(url, {"family_name": "Hopper", "customer": hidden.pk})
    assert (refused.status_code, Contact.objects.count()) == (422, 0)
    client.post(url, {"family_name": "Hopper", "customer": customer.pk, "role": "CTO"})
    assert Contact.objects.get().memberships.get().role == "CTO"
    assert hidden.name not in client.get(f"{url}?customer={hidden.pk}").content.decode()


def test_without_script_a_name_can_be_typed_for_a_searched_choice(client, customer):
    client.post(reverse("customers:contact_create"), {"family_name": "Hopper", "customer-typed": "acme"})
    assert Contact.objects.get().memberships.get().customer == customer


def test_the_quick_dialog_answers_htmx(client):
    url = reverse("customers:customer_create") + "?dialog=1"
    assert "<html" not in client.get(url, **HTMX).content.decode()
    response = client.post(url, {"kind": "company", "name": "Quick"}, **HTMX)
    assert response["HX-Redirect"] == Customer.objects.get().get_absolute_url()


def test_a_group_is_edited_in_place(client, customer):
    url = group(customer, "address")
    assert 'value="1"' in client.get(url, **HTMX).content.decode()
    response = client.post(url, {"city": "Bern", "version": "1"}, **HTMX)
    html = response.content.decode()
    assert 'id="card-facts-address"' in html
    assert "Bern" in html
    assert 'id="toasts"' not in html
    assert "#toasts" in html
    customer.refresh_from_db()
    assert (customer.city, customer.industry, customer.version) == ("Bern", "Steel", 2)
    assert client.post(url, {"city": "Basel", "version": "2"})["Location"] == customer.get_absolute_url()


def test_a_new_person_is_asked_for_the_whole_name_first(client):
    text = client.get(reverse("customers:contact_create")).content.decode()
    fields = ["prefix", "given_name", "family_name", "customer", "role", "email", "phone", "job_title"]
    places = [text.index(f'name="{name}"') for name in fields]
    assert places == sorted(places)


def test_only_the_fields_of_the_form_are_taken(client, customer):
    """No field beyond the group's can be set by naming it."""
    other = UserFactory()
    client.post(
        group(customer, "address"),
        {"city": "Bern", "version": "1", "owner": other.pk, "name": "Hacked", "deleted_at": "2026-01-01",
         "lifetime_value": "9", "stage": stage("loyal").pk, "merged_into": "1", "external_id": "9"},
    )  # fmt: skip
    found = Customer.objects.get(pk=customer.pk)
    assert (found.name, found.owner, found.deleted_at, found.lifetime_value) == (
        "Acme",
        customer.owner,
        None,
        None,
    )
    assert (found.stage, found.external_id, found.city) == (customer.stage, "", "Bern")


def test_a_save_without_version_is_refused(client, customer):
    assert client.post(group(customer, "address"), {"city": "Bern"}).status_code == 422


def test_two_editors_of_one_field_see_theirs_yours_and_the_original(client, customer):
    colleague = UserFactory(name="Colleague Cho")
    update_customer(customer, values={"industry": "Glass"}, actor=colleague)
    response = client.post(group(customer, "main"), {"name": "Acme", "industry": "Wood", "version": "1"})
    html = response.content.decode()
    assert response.status_code == 409
    for words in ["Colleague Cho", "Glass", "Wood", "Steel", "both changed it"]:
        assert words in html
    assert Customer.objects.get(pk=customer.pk).industry == "Glass"

    again = {"resolve": "1", "version": "2", "name": "Acme", "industry": "Wood", "choice-industry": "yours"}
    assert client.post(group(customer, "main"), again).status_code == 302
    assert Customer.objects.get(pk=customer.pk).industry == "Wood"


def test_theirs_can_be_kept_and_what_only_i_changed_is_saved(client, customer):
    update_customer(customer, values={"industry": "Glass", "founded": 1999}, actor=UserFactory())
    sent = {"name": "Acme Ltd", "industry": "Wood", "version": "1"}
    html = client.post(group(customer, "main"), sent).content.decode()
    assert 'name="choice-name" value="yours" required checked' in html
    assert 'name="choice-founded" value="theirs" required checked' in html
    assert 'name="choice-industry" value="theirs" required checked' not in html
    choices = {"choice-name": "yours", "choice-industry": "theirs", "choice-founded": "theirs"}
    client.post(group(customer, "main"), {**sent, **choices, "resolve": "1", "version": "2"})
    found = Customer.objects.get(pk=customer.pk)
    assert (found.name, found.industry, found.founded) == ("Acme Ltd", "Glass", 1999)


def test_a_third_editor_makes_the_resolved_save_stale_again(client, customer):
    update_customer(customer, values={"industry": "Glass"}, actor=UserFactory())
    update_customer(customer, values={"industry": "Paper"}, actor=UserFactory())
    again = {"resolve": "1", "version": "2", "name": "Acme", "industry": "Wood", "choice-industry": "yours"}
    response = client.post(group(customer, "main"), again)
    assert response.status_code == 409
    assert "Paper" in response.content.decode()


def test_custom_values_conflict_key_by_key(client, customer):
    for key in ("tier", "note"):
        CustomField.objects.create(model="customers.customer", key=key, label=key.title(), kind="text")
    update_customer(customer, values={"custom": {"tier": "A"}}, actor=UserFactory())
    response = client.post(group(customer, "custom"), {"custom__note": "mine", "version": "1"})
    assert response.status_code == 409
    choices = {"choice-custom__note": "yours", "choice-custom__tier": "theirs"}
    client.post(
        group(customer, "custom"), {"custom__note": "mine", "resolve": "1", "version": "2", **choices}
    )
    assert Customer.objects.get(pk=customer.pk).custom == {"tier": "A", "note": "mine"}


def test_giving_a_customer_away_leads_to_the_list(client, customer):
    other = UserFactory(team=TeamFactory())
    sent = {"owner": other.pk, "team": other.team.pk, "version": "1"}
    response = client.post(group(customer, "relationship"), sent)
    assert response["Location"] == reverse("customers:customer_list")


def test_a_company_is_not_its_own_ancestor(client, customer, user):
    child = CustomerFactory(parent=customer, owner=user, team=user.team)
    response = client.post(
        group(customer, "main"), {"name": "Acme", "industry": "Steel", "parent": child.pk, "version": "1"}
    )
    assert "part of one of its own subsidiaries" in response.content.decode()


def test_a_lost_stage_asks_why_without_script_too(client, customer):
    url = reverse("customers:customer_stage", args=[customer.pk]) + f"?was={customer.stage_id}"
    asked = client.post(url, {"stage": stage("lost").pk})
    assert "Why?" in asked.content.decode()
    assert Customer.objects.get(pk=customer.pk).stage.kind == "lead"
    assert client.post(url, {"stage": stage("lost").pk, "reason": ""}).status_code == 422
    client.post(url, {"stage": stage("lost").pk, "reason": "Price"})
    found = Customer.objects.get(pk=customer.pk)
    change = found.stage_changes.get(to_stage=stage("lost"))
    assert (found.stage.kind, change.reason, change.by, change.from_stage.kind) == (
        "lost",
        "Price",
        customer.owner,
        "lead",
    )


def test_a_move_on_an_old_page_is_not_made(client, customer):
    url = reverse("customers:customer_stage", args=[customer.pk]) + f"?was={stage('loyal').pk}"
    assert client.post(url, {"stage": stage("qualified").pk}).status_code == 409
    assert Customer.objects.get(pk=customer.pk).stage.kind == "lead"


def test_undo_of_a_move_takes_its_row_back(client, customer):
    url = reverse("customers:customer_stage", args=[customer.pk])
    client.post(url, {"stage": stage("qualified").pk})
    assert customer.stage_changes.count() == 1
    from core.models import ChangeSet

    done = ChangeSet.objects.get(kind="stage")
    client.post(reverse("core:change_set_undo", args=[done.pk]))
    found = Customer.objects.get(pk=customer.pk)
    assert (found.stage.kind, found.stage_changes.count(), found.stage_since) == (
        "lead",
        0,
        customer.stage_since,
    )


def test_ways_to_reach_are_added_changed_and_removed(client, customer):
    add = reverse("customers:method_create", args=["customer", customer.pk])
    client.post(add, {"kind": "email", "value": "a@x.test"})
    client.post(add, {"kind": "email", "value": "b@x.test", "primary": "on"})
    assert client.post(add, {"kind": "email", "value": "A@x.test"}).status_code == 422
    assert client.post(add, {"kind": "phone", "value": "no phone"}).status_code == 422
    first, second = customer.methods.order_by("pk")
    assert (first.primary, second.primary) == (False, True)
    html = client.post(
        reverse("customers:method_opt_out", args=[first.pk]), {"opted_out": "1"}, **HTMX
    ).content.decode()
    assert "opted out" in html
    assert "mailto:a@x.test" not in html
    edit = reverse("customers:method_update", args=[first.pk])
    first.refresh_from_db()
    client.post(edit, {"kind": "email", "value": "c@x.test", "version": first.version})
    first.refresh_from_db()
    assert (first.key, first.opted_out_at) == ("c@x.test", None)
    assert client.post(edit, {"kind": "email", "value": "d@x.test", "version": 1}).status_code == 422
    client.post(reverse("customers:method_delete", args=[second.pk]))
    first.refresh_from_db()
    assert (first.primary, ContactMethod.objects.alive().count()) == (True, 1)


def test_consents_are_given_once_and_withdrawn(client, customer):
    add = reverse("customers:consent_create", args=["customer", customer.pk])
    sent = {"purpose": "email_marketing", "basis": "consent", "given_at": "2026-01-02T10:00"}
    client.post(add, sent)
    assert client.post(add, sent).status_code == 422
    consent = customer.consents.get()
    client.post(reverse("customers:consent_withdraw", args=[consent.pk]))
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None


def test_memberships_relations_and_dates(client, user, customer):
    contact = ContactFactory(owner=user, team=user.team)
    other = ContactFactory(owner=user, team=user.team)
    hidden = ContactFactory(owner=UserFactory())
    client.post(
        reverse("customers:membership_create", args=[contact.pk]), {"customer": customer.pk, "role": "CTO"}
    )
    assert contact.memberships.get().primary
    url = reverse("customers:relation_create", args=[contact.pk])
    assert client.post(url, {"kind": "friend", "other": hidden.pk}).status_code == 422
    client.post(url, {"kind": "friend", "other": other.pk})
    client.post(
        reverse("customers:importantdate_create", args=[contact.pk]),
        {"label": "Name day", "on": "2026-06-24"},
    )
    assert contact.relations.get().other == other
    assert contact.important_dates.get().label == "Name day"
    assert (
        other.name
        in client.get(reverse("customers:contact_card", args=[contact.pk, "relations"])).content.decode()
    )


def test_tags_are_words_with_commas(client, customer):
    TagFactory(name="VIP")
    url = reverse("customers:record_tags", args=["customer", customer.pk])
    client.post(url, {"tags": "vip, New， 重要", "version": "1"})
    assert sorted(t.name for t in customer.tags.all()) == ["New", "VIP", "重要"]
    assert client.post(url, {"tags": "x", "version": "1"}).status_code == 422
    assert customer.tags.count() == 3


def test_the_history_tells_every_field_and_part_in_words(client, customer, user):
    client.post(group(customer, "address"), {"city": "Bern", "version": "1"})
    client.post(
        reverse("customers:method_create", args=["customer", customer.pk]),
        {"kind": "email", "value": "a@x.test"},
    )
    client.post(reverse("customers:customer_stage", args=[customer.pk]), {"stage": stage("qualified").pk})
    html = client.get(reverse("customers:record_history", args=["customer", customer.pk])).content.decode()
    for words in [
        "<ins>Bern</ins>",
        "a@x.test",
        "<del>Lead</del> → <ins>Qualified</ins>",
        user.name,
        "Stage moved",
    ]:
        assert words in html


def test_the_options_of_a_choice_are_the_visible_ones(client, customer):
    CustomerFactory(name="Acme hidden", owner=UserFactory())
    html = client.get(reverse("customers:customer_options") + "?q=acme").content.decode()
    assert html.count("<option") == 1
    assert f'value="{customer.pk}"' in html


def test_hints_while_typing_are_the_visible_ones(client, customer):
    ContactMethodFactory(customer=customer, value="info@acme.test")
    ContactMethodFactory(customer=CustomerFactory(name="Hidden", owner=UserFactory()), value="info@acme.test")
    url = reverse("customers:duplicate_hints", args=["customer"])
    by_mail = client.get(url, {"email": "INFO@acme.test"}, **HTMX).content.decode()
    assert "Acme" in by_mail
    assert "Hidden" not in by_mail
    assert "same name" in client.get(url, {"name": "ACME GmbH"}, **HTMX).content.decode()
    assert client.get(url, {"name": "Quite other"}, **HTMX).content.decode().strip() == ""


def test_delete_trash_restore(client, customer):
    response = client.post(reverse("customers:customer_delete", args=[customer.pk]), follow=True)
    assert "/undo/" in response.content.decode()
    assert client.get(customer.get_absolute_url()).status_code == 404
    assert "Acme" in client.get(reverse("core:trash_list")).content.decode()
    client.post(reverse("core:trash_restore", args=["customers", customer.pk]))
    assert client.get(customer.get_absolute_url()).status_code == 200


def test_a_merged_record_s_old_address_leads_to_the_new_one(client, customer, user):
    other = CustomerFactory(name="Acme 2", owner=user, team=user.team)
    url = reverse("customers:record_merge", args=["customer"]) + f"?ids={customer.pk},{other.pk}"
    html = client.get(url).content.decode()
    assert "Acme 2" in html
    response = client.post(url, {"winner": other.pk, "take-name": customer.pk, "take-version": "1"})
    assert response["Location"] == other.get_absolute_url()
    assert client.get(customer.get_absolute_url())["Location"] == other.get_absolute_url()
    other.refresh_from_db()
    assert other.name == "Acme"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("ada@example.com", "email"),
        ("+49 30 1234567", "phone"),
        ("(030) 123-4567", "phone"),
        ("https://example.com/ada", "website"),
        ("ada.lovelace", ""),
        ("12", ""),
    ],
)
def test_the_kind_of_an_address_is_told_by_its_looks(client, customer, value, kind):
    add = reverse("customers:method_create", args=["customer", customer.pk])
    answer = client.post(add, {"kind": "", "value": value})
    assert answer.status_code == (302 if kind else 422)
    assert [method.kind for method in customer.methods.all()] == ([kind] if kind else [])
