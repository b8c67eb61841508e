"""The wizard through its pages."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.models import ImportRun, Job
from customers.models import Contact, Customer
from tests.factories.accounts import AdministratorFactory, AnalystFactory, UserFactory

pytestmark = pytest.mark.django_db

CSV = (
    "Company,Country,First Name,Last Name,Email,Industry\n"
    "Acme,Norway,Ada,Lovelace,ada@acme.example,technolgy\n"
    "Globex,Chad,,,info@globex.example,retail\n"
    ",,,,,retail\n"
)


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(browser: Client, content: str | bytes, name: str = "new.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    return browser.post(reverse("core:import_upload"), {"file": SimpleUploadedFile(name, data), "target": ""})


def test_from_file_to_undo(browser, user, django_capture_on_commit_callbacks):
    answer = send(browser, CSV)
    run = ImportRun.objects.get()
    assert answer.url == reverse("core:import_map", args=[run.pk])
    page = browser.get(answer.url)
    assert page.status_code == 200
    assert run.mapping["columns"] == {
        "Company": "name",
        "Country": "country",
        "First Name": "given_name",
        "Last Name": "family_name",
        "Email": "email",
        "Industry": "industry",
    }

    data = {f"column-{i}": run.mapping["columns"][name] for i, name in enumerate(run.reading["headers"])}
    answer = browser.post(
        page.request["PATH_INFO"], {**data, "duplicates": "skip", "match": ["email", "name"]}
    )
    assert answer.url == reverse("core:import_values", args=[run.pk])
    page = browser.get(answer.url)
    assert b"technolgy" in page.content

    fixes = {"fix-5-0": "retail", "fix-5-1": "technology", "fix-1-0": "Chad", "fix-1-1": "Norway"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(answer.url, fixes)
    assert answer.url == reverse("core:import_detail", args=[run.pk])
    run.refresh_from_db()
    assert run.state == ImportRun.State.CHECKED
    assert run.counts["trial"]["rows"] == {"created": 2, "error": 1}
    assert not Customer.objects.exists()
    page = browser.get(answer.url)
    assert b"There is no name" in page.content

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("core:import_run", args=[run.pk]))
        browser.post(reverse("core:import_run", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == ImportRun.State.DONE
    assert Job.objects.filter(kind="core.import_run").count() == 1
    assert list(Customer.objects.values_list("name", "industry", "owner")) == [
        ("Acme", "technology", user.pk),
        ("Globex", "retail", user.pk),
    ]
    assert Contact.objects.get().memberships.get().customer.name == "Acme"
    page = browser.get(reverse("core:import_detail", args=[run.pk]))
    assert b"The import is complete" in page.content

    lines = (
        b"".join(browser.get(reverse("core:import_failed", args=[run.pk])).streaming_content)
        .decode()
        .splitlines()
    )
    assert lines[0] == "\ufeffCompany,Country,First Name,Last Name,Email,Industry,Row,Not imported because"
    assert lines[1].startswith(",,,,,retail,4,Company: There is no name.")

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("core:import_undo", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == ImportRun.State.UNDONE
    assert not Customer.objects.exists()
    assert not Contact.objects.exists()
    assert b"was undone" in browser.get(reverse("core:import_detail", args=[run.pk])).content
    assert browser.get(reverse("core:import_list")).status_code == 200


def test_only_the_person_and_administrators_see_an_import(browser, user):
    send(browser, CSV)
    run = ImportRun.objects.get()
    other = Client()
    other.force_login(UserFactory())
    for name in ("import_detail", "import_map", "import_values", "import_failed"):
        assert other.get(reverse(f"core:{name}", args=[run.pk])).status_code == 404
    for name in (
        "import_run",
        "import_check",
        "import_undo",
        "import_cancel",
        "import_discard",
        "import_read",
    ):
        assert other.post(reverse(f"core:{name}", args=[run.pk])).status_code == 404
    admin = Client()
    admin.force_login(AdministratorFactory())
    assert admin.get(reverse("core:import_detail", args=[run.pk])).status_code == 200
    assert admin.post(reverse("core:import_run", args=[run.pk])).status_code == 403


def test_analysts_and_strangers_do_not_import(client):
    url = reverse("core:import_upload")
    assert client.get(url).status_code == 302
    client.force_login(AnalystFactory())
    assert client.get(url).status_code == 403
    assert client.get(reverse("core:import_list")).status_code == 403
