"""How much one request may send: said before the first byte of it is kept anywhere.

Django limits the fields of a form but not its files, and the CSRF check reads a form before any
page asks who sent it: without this a stranger could fill the disk with temporary files.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from core.imports.services import MAX_BYTES

FILES = 5  # attachments at once


class LimitedUpload(FileUploadHandler):
    """Stands before Django's own handlers and refuses a body that is too long."""

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        user = getattr(self.request, "user", None)
        if content_length > largest(known=user is not None and user.is_authenticated):
            raise RequestDataTooBig("The upload is larger than anything that is taken in.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data  # the next handler keeps it

    def file_complete(self, file_size: int) -> None:
        return None


def largest(*, known: bool) -> int:
    """Bytes of the largest body: strangers have no files to send."""
    fields: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    return fields + (max(MAX_BYTES, FILES * settings.ATTACHMENT_MAX_BYTES) if known else 0)
