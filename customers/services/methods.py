"""Ways to reach a customer or contact: added, changed, made the main one, removed."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.organisation import get_organisation
from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.importing.errors import ValueProblem
from core.importing.values.reach import parse_email, parse_phone, parse_url
from core.importing.values.words import clean_text
from core.models import ChangeSet
from core.text import digits, fold
from customers.constants import MethodKind
from customers.models import Contact, ContactMethod, Customer

Kind = ChangeSet.Kind


def method_key(kind: str, value: str, *, region: str = "") -> str:
    """The normal form that search and duplicates compare: e-mail in lower case, phone as digits."""
    if kind == MethodKind.EMAIL:
        return value.strip().lower()[:254]
    if kind == MethodKind.PHONE:
        try:
            phone = parse_phone(value, region)
        except ValueProblem:
            return digits(value)
        return digits(phone.normal.partition("x")[0]) if phone else ""
    return fold(value)[:254]


def kind_of(value: str) -> str:
    """What kind of address this looks like; "" where nothing says so."""
    text = value.strip()
    if text.lower().startswith(("http://", "https://", "www.")):
        return MethodKind.WEBSITE
    if "@" in text.strip("@"):
        return MethodKind.EMAIL
    marks = sum(character.isdigit() or character in "+-()/. " for character in text)
    return MethodKind.PHONE if len(digits(text)) >= 5 and marks >= 0.8 * len(text) else ""


def clean_method(kind: str, value: str) -> tuple[str, str]:
    """The value as it is kept, and its key. Raises RuleViolation with what is wrong."""
    region = get_organisation().country
    try:
        if kind == MethodKind.EMAIL:
            value = parse_email(value) or ""
        elif kind == MethodKind.PHONE:
            phone = parse_phone(value, region)
            value = phone.display if phone else ""
        elif kind == MethodKind.WEBSITE:
            value = parse_url(value) or ""
        else:
            value = clean_text(value)
    except ValueProblem as error:
        raise RuleViolation(str(error), field="value") from error
    if not value:
        raise RuleViolation(_("This field is required."), field="value")
    return value, method_key(kind, value, region=region)


def add_method(
    owner: Customer | Contact,
    *,
    kind: str,
    value: str,
    actor: Any,
    label: str = "",
    primary: bool = False,
    log: ChangeLog | None = None,
) -> ContactMethod:
    """Add one; the first of its kind becomes the main one. The same one twice is refused."""
    if log is None:
        with change_set(kind=Kind.EDIT, actor=actor) as own:
            return add_method(
                owner, kind=kind, value=value, actor=actor, label=label, primary=primary, log=own
            )
    value, key = clean_method(kind, value)
    others = _siblings(owner, kind)
    if others.filter(key=key).exists():
        raise RuleViolation(_("This is already there."), field="value", code="twice")
    if primary:
        _demote(others, log)
    method = ContactMethod(kind=kind, value=value, key=key, label=label)
    method.primary = primary or not others.exists()
    setattr(method, owner._meta.model_name or "", owner)
    return log.create(method)


def update_method(
    method: ContactMethod, *, values: dict[str, Any], actor: Any, expected_version: int | None = None
) -> ContactMethod:
    """Change one. A new address is neither verified nor opted out."""
    values = dict(values)
    kind = values.get("kind", method.kind)
    if "value" in values or "kind" in values:
        values["value"], values["key"] = clean_method(kind, values.get("value", method.value))
        if values["key"] != method.key:
            values |= {"verified_at": None, "opted_out_at": None}
    owner = method.customer or method.contact
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        if owner and "key" in values:
            same = _siblings(owner, kind).filter(key=values["key"]).exclude(pk=method.pk)
            if same.exists():
                raise RuleViolation(_("This is already there."), field="value", code="twice")
        if owner and values.get("primary"):
            _demote(_siblings(owner, kind).exclude(pk=method.pk), log)
        return log.update(method, values, expected_version=expected_version)


def set_opted_out(method: ContactMethod, *, opted_out: bool, actor: Any) -> ContactMethod:
    """Note that this address may not be used any more, or that it may again."""
    at = (method.opted_out_at or timezone.now()) if opted_out else None
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        return log.update(method, {"opted_out_at": at})


def remove_method(method: ContactMethod, *, actor: Any) -> ChangeSet:
    """Move one to the trash; the next of its kind becomes the main one."""
    with change_set(kind=Kind.TRASH, actor=actor) as log:
        log.trash(method)
        owner = method.customer or method.contact
        if method.primary and owner:
            following = _siblings(owner, method.kind).order_by("pk").first()
            if following:
                log.update(following, {"primary": True})
    return log.row


def _siblings(owner: Customer | Contact, kind: str) -> Any:
    return owner.methods.alive().filter(kind=kind)


def _demote(methods: Any, log: ChangeLog) -> None:
    for method in methods.filter(primary=True):
        log.update(method, {"primary": False})
