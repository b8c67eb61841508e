from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.constants import Kind, Level, Role


class VisibilityRule(models.Model):
    """How far one role sees and edits one kind of record. Missing row: the default level."""

    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    kind = models.CharField(_("records"), max_length=20, choices=Kind.choices)
    view = models.CharField(_("sees"), max_length=5, choices=Level.choices)
    edit = models.CharField(_("edits"), max_length=5, choices=Level.choices)

    class Meta:
        verbose_name = _("visibility rule")
        verbose_name_plural = _("visibility rules")
        ordering = ("role", "kind")
        constraints = [
            models.UniqueConstraint(fields=["role", "kind"], name="visibility_rule_once"),
            models.CheckConstraint(
                condition=~models.Q(role=Role.ADMINISTRATOR) | models.Q(view=Level.ALL, edit=Level.ALL),
                name="visibility_administrator_sees_all",
                violation_error_message=_("Administrators always see and edit everything."),
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.ANALYST) | models.Q(edit=Level.NONE),
                name="visibility_analyst_reads",
                violation_error_message=_("Analysts only read."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.get_kind_display()}"
