"""Consent: given, withdrawn, and asked before something is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.changes import change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet
from customers.models import Consent, Contact, Customer

Kind = ChangeSet.Kind


def give_consent(owner: Customer | Contact, *, values: Mapping[str, Any], actor: Any) -> Consent:
    """Note a consent. One that still holds for the same purpose is not noted twice."""
    if owner.consents.alive().filter(purpose=values["purpose"], withdrawn_at=None).exists():
        raise RuleViolation(_("There is already a consent for this purpose."), field="purpose")
    consent = Consent(**values)
    setattr(consent, owner._meta.model_name or "", owner)
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        return log.create(consent)


def withdraw_consent(consent: Consent, *, actor: Any, reason: str = "") -> ChangeSet:
    """From now on the data may not be used for this purpose."""
    if consent.withdrawn_at is not None:
        raise RuleViolation(_("This consent has already been withdrawn."), code="withdrawn")
    with change_set(kind=Kind.EDIT, actor=actor, reason=reason) as log:
        log.update(consent, {"withdrawn_at": max(timezone.now(), consent.given_at)})
    return log.row


def may_use(owner: Customer | Contact, purpose: str) -> bool:
    """Whether a consent for the purpose holds today. Everything that sends asks here."""
    return owner.consents.alive().filter(purpose=purpose, withdrawn_at=None).exists()
