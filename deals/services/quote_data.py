"""What quotes know about a customer or contact, and how they forget who it was.

Quotes stay with their lines and figures. Names, addresses and free texts go; what was sealed is sealed
anew without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Notification
from core.changes import ChangeLog, label_of
from core.models import Change, Job
from core.personal_data import register_eraser, register_source
from core.shared_links import revoke_links
from customers.models import Contact
from deals.models import Quote
from deals.selectors.lines import lines_of
from deals.services.quote_mail import JOB, LINK
from deals.services.sealing import seal

STEP = 500
#: Columns that could name somebody, and what stands there afterwards.
FORGOTTEN: dict[str, Any] = {
    "recipient": "", "title": "", "introduction": "", "answered_name": "", "answered_email": "",
    "answered_ip": None, "answer_note": "",
}  # fmt: skip


def register() -> None:
    """Called once when the app is ready."""
    for model in ("customers.customer", "customers.contact"):
        register_source(model, "quotes", gettext_lazy("Quotes"), rows=_rows)
        register_eraser(model, forget)


def _quotes(record: Any) -> Any:
    ours = Q(contact=record.pk) if isinstance(record, Contact) else Q(deal__customer=record.pk)
    return Quote._base_manager.filter(ours).order_by("pk")


def _rows(record: Any) -> Iterator[dict[str, Any]]:
    for row in _quotes(record).iterator(STEP):
        yield {
            "number": str(row),
            "title": row.title,
            "recipient": row.recipient,
            "date": row.quoted_on,
            "valid_until": row.valid_until,
            "status": row.status,
            "total": row.total,
            "currency": row.currency,
            "introduction": row.introduction,
            "answered_at": row.answered_at,
            "answered_name": row.answered_name,
            "answered_email": row.answered_email,
            "answered_ip": row.answered_ip,
            "answer_note": row.answer_note,
            "in_trash_since": row.deleted_at,
        }


def forget(record: Any, log: ChangeLog) -> None:
    """Written past the log on purpose: it must not keep the values that are being erased."""
    for quote in _quotes(record):
        for name, value in FORGOTTEN.items():
            setattr(quote, name, value)
        sealed = seal(quote, lines_of(quote)) if quote.seal else ""
        values = {**FORGOTTEN, "seal": sealed, "version": F("version") + 1, "updated_at": timezone.now()}
        Quote._base_manager.filter(pk=quote.pk).update(**values)
        revoke_links(purpose=LINK, object_id=quote.pk)
        Change.objects.filter(model=label_of(Quote), object_id=quote.pk).delete()
        Notification.objects.filter(url=quote.get_absolute_url()).delete()
        Job.objects.filter(kind=JOB, arguments__quote=quote.pk).update(arguments={"quote": quote.pk})
