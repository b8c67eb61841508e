"""What this app tells the base at start: parts, trash, jobs, personal data."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import history
from core.job_titles import register_job_page
from core.trash import TrashKind, register_trash
from customers.models import (
    Consent,
    Contact,
    ContactMethod,
    Customer,
    ImportantDate,
    Membership,
    Relation,
    StageChange,
)
from customers.services import (  # noqa: F401  retention registers its nightly step
    duplicate_scan,
    personal_data,
    retention,
    trash,
)


def register() -> None:
    """Called once when the app is ready."""
    for model in (ContactMethod, Consent):
        history.register_part("customers.customer", _rows(model, "customer"))
        history.register_part("customers.contact", _rows(model, "contact"))
    for part in (Membership, ImportantDate, Relation):
        history.register_part("customers.contact", _rows(part, "contact"))
    history.register_silent(StageChange)
    register_trash(TrashKind("customers", _("Customers"), Customer, trash.restore_record))
    register_trash(TrashKind("contacts", _("Contacts"), Contact, trash.restore_record))
    register_job_page(
        duplicate_scan.JOB, _("Search for duplicates"), lambda job: reverse("customers:duplicate_list")
    )
    personal_data.register()


def _rows(model: Any, link: str) -> Any:
    return lambda record: model._base_manager.filter(Q(**{link: record.pk}))
