from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditAct(models.TextChoices):
    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere", _("Signed out everywhere")
    SESSION_ENDED = "session_ended", _("Session ended")
    PASSWORD = "password", _("Password changed")
    TWO_STEP_ON = "two_step_on", _("Second step added")
    TWO_STEP_OFF = "two_step_off", _("Second step removed")
    INVITED = "invited", _("Invited")
    JOINED = "joined", _("Invitation accepted")
    PERSON = "person", _("Person changed")
    DEACTIVATED = "deactivated", _("Deactivated")
    REACTIVATED = "reactivated", _("Reactivated")
    HANDED_OVER = "handed_over", _("Records handed over")
    TEAM = "team", _("Team changed")
    VISIBILITY = "visibility", _("Visibility changed")
    ORGANISATION = "organisation", _("Organisation settings changed")


class AuditEntry(models.Model):
    """One act that matters for security. Only ever added to; the nightly run drops old rows."""

    at = models.DateTimeField(_("at"), default=timezone.now)
    act = models.CharField(_("act"), max_length=24, choices=AuditAct.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="audit_entries",
        verbose_name=_("person"),
    )
    ip = models.GenericIPAddressField(_("address"), null=True, blank=True)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_at"),
            models.Index(fields=["subject", "-at"], name="audit_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.at:%Y-%m-%d %H:%M}"
