"""How sign-in behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User

UNKNOWN_ADDRESS = "::"


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: administrators invite people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The client's address; a socket without a proxy in front tells none, which is no reason
        to refuse everybody: then all clients share one throttle."""
        try:
            return super().get_client_ip(request)
        except PermissionDenied:
            return UNKNOWN_ADDRESS

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Only to the address the person signs in with; an invited person follows the invitation."""
        if user.is_active and not user.is_invited and user.email == email.lower():
            super().send_password_reset_mail(user, email, context)


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of second steps are stored encrypted, by keys that are not in the database."""

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            # Without the key nobody can check a code; the log says what the operator has to mend.
            raise RuntimeError("ENCRYPTION_KEYS holds no key for a stored secret") from error


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])
