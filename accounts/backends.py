"""Permissions asked through Django's own door: `user.has_perm("customers.change_customer", row)`."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.apps import apps
from django.db import models

from accounts.constants import ADMINISTER, Level
from accounts.models import User
from accounts.visibility import access
from core.prepared import Prepared

_FIELDS = [field.attname for field in User._meta.concrete_fields]
_person = Prepared(lambda pk: User.objects.filter(pk=pk).order_by().values_list(*_FIELDS), int)


class RecordBackend(AuthenticationBackend):
    """Role decides the act, the visibility queryset decides the row.

    Models whose queryset has a `kind` follow the visibility rules (and, to write, its
    `write_act` where it names one); acts such as
    `core.import_data` follow the role; everything else is for administrators.
    """

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, read anew by every request."""
        for row in _person(user_id):
            user = User.from_db("default", _FIELDS, row)
            return user if self.user_can_authenticate(user) else None
        return None

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        if not user_obj.is_active:
            return False
        if access(user_obj).may(perm):
            return True
        app_label, codename = perm.split(".", 1)
        action, _, model_name = codename.partition("_")
        try:
            model = apps.get_model(app_label, model_name)
        except (LookupError, ValueError):
            return False
        manager = model._default_manager
        kind = getattr(manager.all(), "kind", "")
        if not kind:
            return access(user_obj).may(ADMINISTER)
        edit = action != "view"
        act = getattr(manager.all(), "write_act", "")
        if edit and act and not access(user_obj).may(act):
            return False
        if access(user_obj).level(kind, edit=edit) == Level.NONE:
            return False
        if obj is None:
            return True
        rows = manager.editable_by(user_obj) if edit else manager.visible_to(user_obj)
        return rows.filter(pk=obj.pk).exists()

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return access(user_obj).may(ADMINISTER)
