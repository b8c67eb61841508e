"""What the views of this app share."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest

from accounts.models import User
from core.exceptions import RuleViolation


def signed_in(request: HttpRequest) -> User:
    """The person who asks, in a view behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user


def refuse(form: forms.BaseForm, error: RuleViolation) -> None:
    """Show a broken rule at its field, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
