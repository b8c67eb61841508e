"""Bodies larger than anything that is taken in are refused before they are kept."""

import tempfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import uploads
from tests.factories.accounts import AdministratorFactory

pytestmark = pytest.mark.django_db


def too_long():
    return SimpleUploadedFile("a.bin", b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))


def test_a_stranger_cannot_fill_the_disk(tmp_path, monkeypatch):
    AdministratorFactory()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("account_login"))  # with the cookie, the check looks for the token in the form
    response = client.post(reverse("account_login"), {"file": too_long()})
    assert response.status_code == 400
    assert list(tmp_path.iterdir()) == []


def test_who_is_signed_in_may_send_files_up_to_the_largest_import():
    client = Client()
    client.force_login(AdministratorFactory())
    url = reverse("core:import_upload")
    assert client.post(url, {"target": "", "file": too_long()}).status_code == 422  # read, no table


def test_nobody_sends_more_than_the_largest_import(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 0)
    monkeypatch.setattr(settings, "ATTACHMENT_MAX_BYTES", 0)
    client = Client()
    client.force_login(AdministratorFactory())
    assert client.post(reverse("core:import_upload"), {"file": too_long()}).status_code == 400
