"""The shared test files (not part of the product) through their ready-made mappings."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management import call_command

from customers.models import Contact, ContactMethod, Customer, Membership
from tests.core.imports.helpers import shared
from tests.factories.accounts import AdministratorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _administrator():
    AdministratorFactory(email="admin@example.com")


def load(path: str, mapping: str, **options) -> None:
    call_command("import_file", str(shared(path)), mapping=mapping, json=True, **options)


def test_the_directory_of_customers():
    load("directory/customers-10000.csv", "directory-customers")
    # 9,215 company names; 780 of them occur in more than one country and are different companies.
    assert Customer.objects.count() == 9_995
    assert Customer.objects.values("sort_name").distinct().count() == 9_215
    assert Contact.objects.count() == Membership.objects.count() == 10_000
    assert ContactMethod.objects.filter(kind="email").count() == 10_000
    assert ContactMethod.objects.filter(kind="phone").count() == 20_000
    assert Customer.objects.filter(stage__kind="customer").count() == 9_995


def test_the_directory_of_organisations_twice():
    for _time in range(2):
        load("directory/organizations-10000.csv", "directory-organizations")
        assert Customer.objects.count() == 10_000
    assert Customer.objects.get(external_id="001d9DeBfFD6DD3").size_band == "1000+"


def test_the_directory_of_people():
    load("directory/people-1000.csv", "directory-people")
    assert Contact.objects.count() == 1_000
    assert str(Contact.objects.get(external_id="8717bbf45cCDbEe").birthday) == "2014-01-27"


def test_the_accounts_of_the_sales_pipeline():
    load("sales_pipeline/accounts.csv", "sales-pipeline-accounts")
    assert Customer.objects.count() == 85
    bluth = Customer.objects.get(name="Bluth Company")
    assert (bluth.industry, bluth.parent.name) == ("technology", "Acme Corporation")
    assert (bluth.annual_revenue, bluth.currency) == (Decimal("1242320000.00"), "USD")
    assert Customer.objects.exclude(parent=None).count() == 15
    assert not Customer.objects.filter(industry="technolgy").exists()


def test_all_vcards():
    names = sorted(shared("vcard").glob("*.vcf"))
    assert len(names) == 18
    for path in names:
        call_command("import_file", str(path), target="customers.contact", json=True)
    assert Contact.objects.filter(name__icontains="John").exists()
    assert Contact.objects.count() > 18
