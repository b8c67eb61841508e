"""Files kept with a customer: taken in, named harmlessly, and swept up when nothing points at them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.constants import ATTACHMENT_TYPES, MAX_NAME
from activities.models import Activity, Attachment
from activities.services.acts import Act, act
from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet
from core.nightly import nightly_step
from customers.models import Customer

FOLDER = "attachments"
# A file whose row is not there yet may belong to an upload under way.
ORPHAN_AFTER = timedelta(days=1)
_UNSAFE = re.compile(r'[<>:"|?*\\/%;\'`$&]')


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
        sha256=_sha256(file),
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


def safe_name(name: str) -> str:
    """The name to show: no path, nothing invisible, nothing that turns the writing direction."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    name = " ".join(_UNSAFE.sub("_", name).split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    if len(ending) > 10:
        return (name or "file")[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(ending) - 1] or 'file'}{dot}{ending}"


def forget_files(names: Iterable[str]) -> None:
    """Remove stored files whose rows were rolled back."""
    for name in names:
        default_storage.delete(name)


def _sha256(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


@nightly_step("activities.sweep_files")
def sweep_files(day: date) -> int:
    """Delete stored files that no row names any more; returns how many."""
    if not default_storage.exists(FOLDER):
        return 0
    before = timezone.now() - ORPHAN_AFTER
    removed = 0
    for folder in default_storage.listdir(FOLDER)[0]:
        names = [f"{FOLDER}/{folder}/{name}" for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]]
        known = set(Attachment._base_manager.filter(file__in=names).values_list("file", flat=True))
        for name in set(names) - known:
            if default_storage.get_modified_time(name) < before:
                default_storage.delete(name)
                removed += 1
    return removed
