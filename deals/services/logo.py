"""The logo printed on quotes: checked and drawn anew, so that what is kept is a picture and no more."""

from __future__ import annotations

import io
import warnings
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from core.changes import change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet
from deals.models import SalesSettings

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 25_000_000
KEPT = (1200, 600)  # pixels; print needs no more


def set_logo(content: bytes, *, actor: Any) -> ChangeSet | None:
    """Make this picture the logo."""
    picture = ContentFile(_picture(content), name="logo.png")
    return _write(picture, actor)


def remove_logo(*, actor: Any) -> ChangeSet | None:
    return _write("", actor)


def logo_bytes() -> bytes:
    """The picture, or nothing where there is none (any more)."""
    logo = SalesSettings.load().quote_logo
    if not logo:
        return b""
    try:
        with logo.open("rb") as file:
            content: bytes = file.read()
            return content
    except OSError:
        return b""


def _write(picture: Any, actor: Any) -> ChangeSet | None:
    rules = SalesSettings.load()
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        if rules._state.adding:
            log.create(rules)
        if picture:
            rules.quote_logo.save(picture.name, picture, save=False)
            picture = rules.quote_logo.name
        log.update(rules, {"quote_logo": picture})
    return log.row if log.row.pk else None


def _picture(content: bytes) -> bytes:
    from PIL import Image, UnidentifiedImageError

    if len(content) > MOST_BYTES:
        raise RuleViolation(_("The picture is larger than 2 MB."), field="logo")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise RuleViolation(_("The picture has too many pixels."), field="logo")
                drawn = image.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, Warning) as error:
        raise RuleViolation(_("This is not a PNG or JPEG picture."), field="logo") from error
    drawn.thumbnail(KEPT)
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()
