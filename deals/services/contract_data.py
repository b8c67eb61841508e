"""What contracts know about a customer, and how they forget who it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from core.changes import ChangeLog, label_of
from core.models import Change
from core.personal_data import register_eraser, register_source
from deals.models import Contract, ContractVersion, Obligation

STEP = 500
ERASED = _("Contract (erased)")


def register() -> None:
    """Called once when the app is ready."""
    register_source("customers.customer", "contracts", gettext_lazy("Contracts"), rows=_contracts)
    register_eraser("customers.customer", forget)


def _contracts(record: Any) -> Iterator[dict[str, Any]]:
    rows = Contract._base_manager.filter(customer=record).select_related("owner").order_by("pk")
    for row in rows.iterator(STEP):
        yield {
            "number": row.number,
            "title": row.title,
            "status": row.status,
            "value": row.value,
            "currency": row.currency,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "description": row.description,
            "duties": list(
                Obligation._base_manager.filter(contract=row).order_by("pk").values_list("text", flat=True)
            ),
            "documents": list(
                ContractVersion._base_manager.filter(contract=row)
                .order_by("number")
                .values_list("file_name", flat=True)
            ),
            "owner": str(row.owner or ""),
            "in_trash_since": row.deleted_at,
        }


def forget(record: Any, log: ChangeLog) -> None:
    """Figures and documents stay, because the law asks for them; what names the customer beside them
    goes. Written past the log on purpose: it must not keep the values that are being erased."""
    contracts = Contract._base_manager.filter(customer=record)
    ids = list(contracts.values_list("pk", flat=True))
    contracts.update(
        title=ERASED,
        description="",
        termination_reason="",
        version=F("version") + 1,
        updated_at=timezone.now(),
    )
    duties = Obligation._base_manager.filter(contract__in=ids)
    duty_ids = list(duties.values_list("pk", flat=True))
    duties.update(text=ERASED, version=F("version") + 1, updated_at=timezone.now())
    for model, pks in ((Contract, ids), (Obligation, duty_ids)):
        for start in range(0, len(pks), STEP):
            Change.objects.filter(model=label_of(model), object_id__in=pks[start : start + STEP]).delete()
