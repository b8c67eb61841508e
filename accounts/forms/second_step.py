"""The second step of signing in, in words people know."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class AddSecurityKeyForm(AddWebAuthnForm):
    """A key becomes a passkey unless somebody wants it as the second step only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        passwordless = self.fields["passwordless"]
        passwordless.label = _("Passkey")
        passwordless.help_text = _(
            "Sign in with this key alone. Without the tick it is asked for after the password."
        )
        passwordless.initial = True
