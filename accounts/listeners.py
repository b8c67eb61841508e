"""Writes what the log-in package reports into the security log."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import signals as auth_signals
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.models.audit import AuditAct
from accounts.services import audit
from accounts.services.sessions import end_all_sessions


def _ip(request: HttpRequest | None) -> str | None:
    from allauth.account.adapter import get_adapter

    try:
        return get_adapter().get_client_ip(request) if request is not None else None
    except PermissionDenied:  # a request without an address (a command, a test) is still a log-in
        return None


@receiver(auth_signals.user_logged_in)
def on_signed_in(sender: Any, request: HttpRequest, user: User, **rest: Any) -> None:
    audit.record(AuditAct.SIGNED_IN, actor=user, subject=user, ip=_ip(request))


@receiver(auth_signals.user_login_failed)
def on_sign_in_failed(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **rest: Any
) -> None:
    # Only people who exist are named: what a stranger typed may be a password in the wrong field.
    email = str(credentials.get("email") or credentials.get("username") or "").lower()
    person = User.objects.filter(email=email).first()
    audit.record(AuditAct.SIGN_IN_FAILED, subject=person, ip=_ip(request))


@receiver(mfa_signals.authentication_failed)
def on_second_step_failed(sender: Any, request: HttpRequest, user: User, **rest: Any) -> None:
    audit.record(AuditAct.SIGN_IN_FAILED, subject=user, ip=_ip(request), second_step=True)


@receiver(account_signals.password_changed)
@receiver(account_signals.password_set)
@receiver(account_signals.password_reset)
def on_password(sender: Any, request: HttpRequest, user: User, **rest: Any) -> None:
    """Whoever held a session by the old password loses it."""
    audit.record(AuditAct.PASSWORD, actor=user, subject=user, ip=_ip(request))
    end_all_sessions(person=user, actor=user, keep=request.session.session_key)


@receiver(mfa_signals.authenticator_added)
def on_second_step_added(
    sender: Any, request: HttpRequest, user: User, authenticator: Any, **rest: Any
) -> None:
    audit.record(AuditAct.TWO_STEP_ON, actor=user, subject=user, ip=_ip(request), method=authenticator.type)


@receiver(mfa_signals.authenticator_removed)
def on_second_step_removed(
    sender: Any, request: HttpRequest, user: User, authenticator: Any, **rest: Any
) -> None:
    audit.record(AuditAct.TWO_STEP_OFF, actor=user, subject=user, ip=_ip(request), method=authenticator.type)
