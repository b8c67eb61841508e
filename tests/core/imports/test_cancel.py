"""Stopping an import: what was committed stays, and the page says so."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from core import jobs
from core.imports import runner, services
from core.models import ImportRun
from customers.models import Customer
from tests.core.imports.helpers import upload
from tests.factories.accounts import AdministratorFactory

pytestmark = pytest.mark.django_db


def test_stop_keeps_what_is_committed_and_goes_on_later(monkeypatch, django_capture_on_commit_callbacks):
    actor = AdministratorFactory()
    content = "Company\n" + "".join(f"Firm {i}\n" for i in range(5_000))
    run = upload(content, actor=actor, target="customers.customer")
    real = runner.Pass._chunk

    def asks_to_stop(self, rows, counts, mark):
        counts = real(self, rows, counts, mark)
        jobs.cancel(self.job.job)
        return counts

    monkeypatch.setattr(runner.Pass, "_chunk", asks_to_stop)
    with django_capture_on_commit_callbacks(execute=True):
        services.start_run(run)
    run.refresh_from_db()
    assert (run.state, Customer.objects.count()) == (ImportRun.State.CANCELLED, 2_000)
    browser = Client()
    browser.force_login(actor)
    page = browser.get(reverse("core:import_detail", args=[run.pk])).content.decode()
    assert "The import was stopped" in page
    assert "was kept" in page
    assert "Go on with the import" in page

    monkeypatch.setattr(runner.Pass, "_chunk", real)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("core:import_resume", args=[run.pk]))
    run.refresh_from_db()
    assert (run.state, Customer.objects.count()) == (ImportRun.State.DONE, 5_000)
    assert run.counts["run"]["rows"] == {"created": 5_000}


def test_an_import_that_has_not_begun_stops_at_once(monkeypatch):
    run = upload("Company\nAcme\n", actor=AdministratorFactory(), target="customers.customer")
    services.start_run(run)  # its message is never sent: nothing commits here
    run.refresh_from_db()
    services.cancel(run)
    run.refresh_from_db()
    assert run.state == ImportRun.State.CANCELLED
    assert run.job.state == "cancelled"
    assert not Customer.objects.exists()
