"""Files kept with a customer: taken in, named harmlessly, and swept up when nothing points at them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from activities.constants import ATTACHMENT_TYPES
from activities.models import Activity, Attachment
from activities.services.acts import Act, act
from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.files import forget_files, safe_name, sha256_of
from core.models import ChangeSet
from customers.models import Customer

FOLDER = "attachments"


def add_attachment(
    *, customer: Customer, file: UploadedFile, actor: Any, activity: Activity | None = None
) -> Act:
    """Keep a file with a customer."""
    stored: list[str] = []
    try:
        with change_set(kind=ChangeSet.Kind.CREATE, actor=actor) as log:
            attachment = attach(log, file=file, customer=customer, activity=activity)
            stored.append(str(attachment.file.name))
    except BaseException:
        forget_files(stored)
        raise
    return act(attachment, log)


def attach(
    log: ChangeLog, *, file: UploadedFile, customer: Customer, activity: Activity | None
) -> Attachment:
    """Keep a file within a change set already open."""
    name = safe_name(file.name or "")
    content_type = check_file(name, file.size or 0)
    attachment = Attachment(
        customer=customer,
        activity=activity,
        author=log.actor,
        name=name,
        size=file.size or 0,
        sha256=sha256_of(file),
        content_type=content_type,
    )
    attachment.file.save(name, file, save=False)  # the path is random: `random_path`
    try:
        return log.create(attachment)
    except BaseException:
        forget_files([str(attachment.file.name)])
        raise


def trash_attachment(*, attachment: Attachment, actor: Any) -> Act:
    with change_set(kind=ChangeSet.Kind.TRASH, actor=actor) as log:
        log.trash(attachment)
    return act(attachment, log)


def check_file(name: str, size: int) -> str:
    """Refuse what is empty, too large or of a kind we do not keep; answers the type to send it as."""
    if size == 0:
        raise RuleViolation(_("The file is empty."), field="files", code="empty_file")
    if size > settings.ATTACHMENT_MAX_BYTES:
        raise RuleViolation(
            _("The file is larger than %(limit)s.")
            % {"limit": filesizeformat(settings.ATTACHMENT_MAX_BYTES)},
            field="files",
            code="file_too_large",
        )
    ending = PurePosixPath(name).suffix.lstrip(".").lower()
    if ending not in ATTACHMENT_TYPES:
        raise RuleViolation(
            _("Files of this kind are not kept. Allowed: %(kinds)s")
            % {"kinds": ", ".join(sorted(ATTACHMENT_TYPES))},
            field="files",
            code="file_kind",
        )
    return ATTACHMENT_TYPES[ending]


def known_files(names: list[str]) -> set[str]:
    """Which of these stored files an attachment names."""
    return set(Attachment._base_manager.filter(file__in=names).values_list("file", flat=True))
