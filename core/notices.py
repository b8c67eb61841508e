"""Messages after an act, with the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from core.models import ChangeSet


def done(request: HttpRequest, text: Any, change_set: ChangeSet | None = None) -> None:
    """Say that something was done; with a change set the notice offers Undo."""
    tags = ""
    if change_set is not None and change_set.pk:
        tags = f"undo:{reverse('core:change_set_undo', args=[change_set.pk])}"
    messages.success(request, str(text), extra_tags=tags)
