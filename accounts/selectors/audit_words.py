"""The details of the security log in words of the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.constants import Kind, Level, Role
from accounts.models import AuditEntry, Organisation, Team, User
from accounts.vocabulary import kind_label

_LABELS = {
    "created": pgettext_lazy("act", "Created"),
    "deleted": pgettext_lazy("act", "Deleted"),
    "first": gettext_lazy("First administrator"),
    "method": gettext_lazy("Kind"),
    "methods": gettext_lazy("Removed methods"),
    "second_step": gettext_lazy("Second step"),
    "sessions": gettext_lazy("Sessions"),
    "single_sign_on": gettext_lazy("Single sign-on"),
    "team": gettext_lazy("Team"),
    "to": gettext_lazy("Handed to"),
}
_METHODS = {
    "totp": gettext_lazy("Authenticator app"),
    "webauthn": gettext_lazy("Security key"),
    "recovery_codes": gettext_lazy("Recovery codes"),
}


def in_words(entry: AuditEntry) -> list[str]:
    """One line for each detail: ``Role: Sales → Manager``."""
    details = dict(entry.details)
    changed = details.pop("changed", {})
    return [_line(name, value) for name, value in (*details.items(), *changed.items())]


def _line(name: str, value: Any) -> str:
    label = _label(name)
    if value is True:
        return label
    if isinstance(value, list) and len(value) == 2:
        before, after = (_value(name, one) for one in value)
        return _("%(label)s: %(before)s → %(after)s") % {"label": label, "before": before, "after": after}
    return _("%(label)s: %(value)s") % {"label": label, "value": _value(name, value)}


def _label(name: str) -> str:
    role, _space, kind = name.partition(" ")
    if kind in Kind.values and role in Role.values:
        return f"{Role(role).label} · {kind_label(kind)}"
    if name in _LABELS:
        return str(_LABELS[name])
    field = next(_fields(name), None)
    return capfirst(str(field.verbose_name)) if field else name


def _value(name: str, value: Any) -> str:
    if isinstance(value, list):
        return " / ".join(_value(name, one) for one in value)
    if name == "to":
        return str(User.objects.filter(pk=value).first() or value)
    if name in ("parent", "team_id"):
        return str(Team.objects.filter(pk=value).first() or "–")
    if name == "method":
        return str(_METHODS.get(value, value))
    if " " in name and value in Level.values:
        return str(Level(value).label)
    for field in _fields(name):
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
    return "–" if value in (None, "") else str(value)


def _fields(name: str) -> Iterator[Any]:
    """What a detail of this name may be: a field of a person, the organisation or a team."""
    for model in (User, Organisation, Team):
        try:
            yield model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
