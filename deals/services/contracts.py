"""Contracts: drafted, signed, amended, renewed and ended. What was signed changes by amendment only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.clock import today
from core.changes import ChangeLog, change_set, refresh_with
from core.exceptions import RuleViolation
from core.files import forget_files, register_folder, safe_name, sha256_of
from core.models import ChangeSet
from core.periods import add_months
from deals.constants import ContractStatus, Renewal, StageKind
from deals.models import Contract, ContractVersion, Deal
from deals.models.contract import FOLDER
from deals.services.numbers import next_number

Kind = ChangeSet.Kind
PREFIX = "C"
# What both sides signed: after the signature these change by amendment.
AGREED = frozenset(
    {"customer", "kind", "value", "currency", "recurring_amount", "recurring_period", "starts_on", "ends_on",
     "renewal", "renewal_months", "notice_days"}
)  # fmt: skip
MOST_BYTES = 25 * 1024 * 1024


def register() -> None:
    """Called once when the app is ready."""
    refresh_with(Contract, refresh_notice)
    register_folder(FOLDER, known_files)


def known_files(names: list[str]) -> set[str]:
    """Which of these stored files a version names."""
    rows = ContractVersion._base_manager.all()
    found = set(rows.filter(document__in=names).values_list("document", flat=True))
    return found | set(rows.filter(signed_document__in=names).values_list("signed_document", flat=True))


def refresh_notice(pks: set[int]) -> None:
    """The last day on which notice can be given follows from the end and the notice period."""
    for contract in Contract._base_manager.filter(pk__in=pks):
        day = notice_day(contract)
        if day != contract.notice_on:
            Contract._base_manager.filter(pk=contract.pk).update(notice_on=day)


def notice_day(contract: Contract) -> date | None:
    if contract.ends_on is None or contract.notice_days is None:
        return None
    return contract.ends_on - timedelta(days=contract.notice_days)


def create_contract(*, data: Mapping[str, Any], actor: Any) -> Contract:
    """Draft a contract; without a number it gets the next one."""
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        contract = _create(dict(data), actor, log)
    contract.refresh_from_db()
    return contract


def contract_from_deal(deal: Deal, *, actor: Any) -> Contract:
    """Draft the contract of a won deal; a deal has one at a time."""
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        current = won_deal(deal)
        there = (
            Contract.objects.alive().filter(deal=current).exclude(status=ContractStatus.TERMINATED).first()
        )
        if there is not None:
            raise RuleViolation(_("This deal has a contract already: %s.") % there, code="exists")
        data = {
            "title": current.name,
            "customer": current.customer,
            "deal": current,
            "value": current.amount,
            "currency": current.currency,
            "recurring_amount": current.recurring_amount,
            "recurring_period": current.recurring_period,
            "owner": current.owner,
            "team": current.team,
        }
        contract = _create(data, actor, log)
    contract.refresh_from_db()
    return contract


def won_deal(deal: Deal) -> Deal:
    """The deal, locked until the act is over, so that a double click makes one document."""
    locked_rows = Deal._base_manager.select_for_update(of=("self",))
    current = locked_rows.select_related("customer").get(pk=deal.pk)
    if current.status != StageKind.WON:
        raise RuleViolation(_("Only a won deal leads to a contract or an order."), code="not_won")
    if current.customer is None:
        raise RuleViolation(_("Say first which customer the deal is with."), code="no_customer")
    return current


def _create(data: dict[str, Any], actor: Any, log: ChangeLog) -> Contract:
    data.setdefault("owner", actor)
    if data.get("team") is None and data["owner"]:
        data["team"] = data["owner"].team
    data["number"] = data.get("number") or next_number(PREFIX, today().year)
    return log.create(Contract(**data))


def update_contract(
    *, contract: Contract, data: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    """Change a contract; once signed, only what was not agreed with the customer."""
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        current = locked(contract)
        agreed = {name for name in AGREED & data.keys() if getattr(current, name) != data[name]}
        if current.status != ContractStatus.DRAFT and agreed:
            raise RuleViolation(
                _("What was signed changes by an amendment: add a new version."),
                field=min(agreed),
                code="signed",
            )
        log.update(current, data, expected_version=expected_version)
    return log.row if log.touched else None


def locked(contract: Contract) -> Contract:
    return Contract._base_manager.select_for_update().get(pk=contract.pk)


def delete_contract(*, contract: Contract, actor: Any) -> ChangeSet:
    """Move a contract to the trash, with its duties and versions."""
    with change_set(kind=Kind.TRASH, actor=actor) as log:
        for part in (*contract.obligations.alive(), *contract.versions.alive()):
            log.trash(part)
        log.trash(contract)
    return log.row


def restore_contract(contract: Contract, *, actor: Any) -> ChangeSet:
    """Bring a contract back with what went to the trash together with it."""
    with change_set(kind=Kind.RESTORE, actor=actor) as log:
        together = {"deleted_at": contract.deleted_at}
        parts = (
            *contract.obligations.filter(**together),
            *contract.versions.filter(**together),
        )
        log.update(contract, {"deleted_at": None})
        for part in parts:
            log.update(part, {"deleted_at": None})
    return log.row


def add_version(
    contract: Contract,
    *,
    file: UploadedFile,
    actor: Any,
    summary: str = "",
    changes: Mapping[str, Any] | None = None,
    expected_version: int | None = None,
) -> ContractVersion:
    """The next text of a contract. After the signature it is an amendment: it says what changed, and
    `changes` are the new terms."""
    stored: list[str] = []
    try:
        with change_set(kind=Kind.EDIT, actor=actor, reason=summary) as log:
            current = locked(contract)
            if current.status in (ContractStatus.ENDED, ContractStatus.TERMINATED):
                raise RuleViolation(_("This contract is over."), code="over")
            if current.status == ContractStatus.SIGNED and not summary.strip():
                raise RuleViolation(_("Say what the amendment changes."), field="summary")
            if changes:
                log.update(current, changes, expected_version=expected_version)
            last = ContractVersion._base_manager.filter(contract=current).order_by("-number").first()
            version = ContractVersion(
                contract=current,
                number=last.number + 1 if last else 1,
                summary=summary.strip(),
                file_name=check_pdf(file),
                sha256=sha256_of(file),
                added_by=actor,
            )
            version.document.save(version.file_name, file, save=False)
            stored.append(str(version.document.name))
            log.create(version)
    except BaseException:
        forget_files(stored)
        raise
    return version


def check_pdf(file: UploadedFile) -> str:
    """The name to show of a PDF; refuses what is empty, too large or none."""
    size = file.size or 0
    if size == 0:
        raise RuleViolation(_("The file is empty."), field="file", code="empty_file")
    if size > MOST_BYTES:
        raise RuleViolation(_("The file is larger than 25 MB."), field="file", code="file_too_large")
    head = file.read(1024)
    file.seek(0)
    if b"%PDF-" not in head:
        raise RuleViolation(_("This is not a PDF."), field="file", code="not_pdf")
    return safe_name(file.name or "contract.pdf")


def sign_contract(
    contract: Contract, *, signed_on: date, actor: Any, file: UploadedFile | None = None
) -> ChangeSet:
    """Both sides have signed: with the copy, where there is one."""
    stored: list[str] = []
    try:
        with change_set(kind=Kind.EDIT, actor=actor, reason=_("Signed")) as log:
            current = locked(contract)
            version = ContractVersion.objects.alive().filter(contract=current).order_by("-number").first()
            if current.status == ContractStatus.SIGNED and (version is None or version.signed_on):
                raise RuleViolation(_("This contract is signed already."), code="signed")
            if current.status not in (ContractStatus.DRAFT, ContractStatus.SIGNED):
                raise RuleViolation(_("This contract is over."), code="over")
            if signed_on > today():
                raise RuleViolation(_("That day has not come yet."), field="signed_on")
            if file is not None and version is None:
                raise RuleViolation(_("Add the text of the contract first."), field="file", code="no_version")
            if version is not None:
                values: dict[str, Any] = {"signed_on": signed_on}
                if file is not None:
                    values["signed_file_name"] = check_pdf(file)
                    values["signed_sha256"] = sha256_of(file)
                    name = version.signed_document.field.generate_filename(
                        version, values["signed_file_name"]
                    )
                    values["signed_document"] = version.signed_document.storage.save(name, file)
                    stored.append(values["signed_document"])
                log.update(version, values)
            if current.status == ContractStatus.DRAFT:
                begins = {} if current.starts_on else {"starts_on": signed_on}
                log.update(current, {"status": ContractStatus.SIGNED, **begins})
    except BaseException:
        forget_files(stored)
        raise
    return log.row


def terminate_contract(contract: Contract, *, ends_on: date, reason: str, actor: Any) -> ChangeSet:
    """Notice was given: the contract ends on a day, for a reason."""
    if not reason.strip():
        raise RuleViolation(_("Say why, please: this is what can be learned from."), field="reason")
    with change_set(kind=Kind.EDIT, actor=actor, reason=reason) as log:
        current = locked(contract)
        if current.status != ContractStatus.SIGNED:
            raise RuleViolation(_("Only a signed contract can be ended."), code="not_signed")
        if current.starts_on and ends_on < current.starts_on:
            raise RuleViolation(_("A contract cannot end before it starts."), field="ends_on")
        over = ends_on < today()
        values = {"ends_on": ends_on, "renewal": Renewal.NONE, "termination_reason": reason.strip()[:300]}
        log.update(current, values | ({"status": ContractStatus.TERMINATED} if over else {}))
    return log.row


def renewal_of(contract: Contract) -> dict[str, Any]:
    """What a contract that follows this one says, unless somebody says otherwise."""
    names = ("title", "kind", "customer", "value", "currency", "recurring_amount", "recurring_period",
             "renewal", "renewal_months", "notice_days", "owner", "team")  # fmt: skip
    starts = contract.ends_on + timedelta(days=1) if contract.ends_on else None
    months = contract.renewal_months or (_months(contract) if contract.ends_on else None)
    ends = later(starts, months) - timedelta(days=1) if starts and months else None
    return {name: getattr(contract, name) for name in names} | {
        "renews": contract,
        "starts_on": starts,
        "ends_on": ends,
    }


def _months(contract: Contract) -> int | None:
    """The length of the term in whole months; None where it is not one."""
    if contract.starts_on is None or contract.ends_on is None:
        return None
    after = contract.ends_on + timedelta(days=1)
    months = (after.year - contract.starts_on.year) * 12 + after.month - contract.starts_on.month
    return months if months > 0 and later(contract.starts_on, months) == after else None


def later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    first = add_months(day.replace(day=1), months)
    last = (add_months(first, 1) - timedelta(days=1)).day
    return first.replace(day=min(day.day, last))


def extend_contract(contract: Contract, *, day: date, log: ChangeLog) -> bool:
    """Let a contract that renews itself run on until it ends after `day`; whether it did."""
    if contract.renewal != Renewal.AUTOMATIC or not contract.renewal_months or contract.ends_on is None:
        return False
    # Counted from the first end, so that the 31st stays the end of the month.
    after, terms = contract.ends_on + timedelta(days=1), 0
    while later(after, terms * contract.renewal_months) <= day:
        terms += 1
    if terms:
        ends = later(after, terms * contract.renewal_months) - timedelta(days=1)
        log.update(contract, {"ends_on": ends})
        Contract._base_manager.filter(pk=contract.pk).update(reminded_at=None)
    return bool(terms)


def note_reminded(contract: Contract) -> None:
    Contract._base_manager.filter(pk=contract.pk).update(reminded_at=timezone.now())
