"""What the night does with contracts: ends and renews them, and reminds before notice and end."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models.notification import NotificationKind
from accounts.services.notifications import notify
from core.changes import change_set
from core.models import ChangeSet
from core.nightly import nightly_step
from deals.constants import ContractStatus
from deals.models import Contract, SalesSettings
from deals.services.contracts import extend_contract, locked, note_reminded

NOTICE = gettext_noop("%(contract)s: notice can be given until %(day)s.")
ENDS = gettext_noop("%(contract)s ends on %(day)s.")


@nightly_step("deals.contracts_1_end")
def end_contracts(day: date) -> int:
    """Contracts whose last day is past end, or run on where they renew themselves; each on its own."""
    due = Contract.objects.alive().filter(status=ContractStatus.SIGNED, ends_on__lt=day)
    done = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)):
        with change_set(kind=ChangeSet.Kind.SYSTEM, actor=None, reason=_("The term ended")) as log:
            contract = locked(Contract(pk=pk))
            if (
                contract.status != ContractStatus.SIGNED
                or contract.ends_on is None
                or contract.ends_on >= day
            ):
                continue
            if not extend_contract(contract, day=day, log=log):
                ended = ContractStatus.TERMINATED if contract.termination_reason else ContractStatus.ENDED
                log.update(contract, {"status": ended})
            done += 1
    return done


@nightly_step("deals.contracts_2_remind")
def remind_of_contracts(day: date) -> int:
    """Tell owners before the last day for notice, and before the end where there is no notice."""
    until = day + timedelta(days=SalesSettings.load().renewal_reminder_days)
    rows = Contract.objects.alive().filter(
        status=ContractStatus.SIGNED, reminded_at=None, owner__isnull=False, termination_reason=""
    )
    due = rows.filter(
        Q(notice_on__gte=day, notice_on__lte=until) | Q(notice_on=None, ends_on__gte=day, ends_on__lte=until)
    )
    told = 0
    for contract in due.select_related("owner").order_by("pk"):
        assert contract.owner is not None  # asked for by the query
        on = contract.notice_on or contract.ends_on
        notify(
            user=contract.owner,
            kind=NotificationKind.CONTRACT,
            text=NOTICE if contract.notice_on else ENDS,
            params={"contract": str(contract), "day": on},
            url=contract.get_absolute_url(),
            dedupe=f"contract:{contract.pk}:{on}",
        )
        note_reminded(contract)
        told += 1
    return told
