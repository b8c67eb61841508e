"""Single sign-on by OpenID Connect; used only when the environment configures a provider."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import single_sign_on


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Lets in people who exist, were invited, or belong to a listed domain; nobody else."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                self._refuse(request)
            return
        email, verified = _address(sociallogin)
        person = single_sign_on.known_person(email=email, verified=verified)
        if person is not None:
            sociallogin.connect(request, person)
            single_sign_on.joined_by_invitation(person=person)
        elif not single_sign_on.may_join(email=email, verified=verified):
            self._refuse(request)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        email, verified = _address(sociallogin)
        return single_sign_on.may_join(email=email, verified=verified)

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        return self.is_open_for_signup(request, sociallogin)

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or claims
        sociallogin.user.email = _address(sociallogin)[0]
        single_sign_on.prepare_newcomer(person=sociallogin.user, name=str(claims.get("name") or ""))
        sociallogin.save(request)
        return sociallogin.user

    def _refuse(self, request: HttpRequest) -> None:
        messages.error(request, _("You have no account here. Ask an administrator to invite you."))
        raise ImmediateHttpResponse(redirect("account_login"))


def _address(sociallogin: Any) -> tuple[str, bool]:
    """The first verified address of the provider, else the first one."""
    found = sorted(sociallogin.email_addresses, key=lambda address: not address.verified)
    return (found[0].email.lower(), found[0].verified) if found else ("", False)
