from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class NotificationKind(models.TextChoices):
    ASSIGNED = "assigned", _("A record was given to me")
    TASK_DUE = "task_due", _("A task of mine is due")
    CADENCE = "cadence", _("A customer of mine is due for contact")
    QUOTE = "quote", _("A customer answered a quote, or one is about to end")
    CONTRACT = "contract", _("A contract of mine can be given notice or is about to end")
    TARGET = "target", _("A period with targets is over")
    MENTION = "mention", _("Somebody mentioned me")
    JOB_DONE = "job_done", _("Work I started in the background has ended")
    RETENTION = "retention", _("Records are proposed for erasure (administrators)")
    SYSTEM = "system", _("Something is wrong with the system")


class Notification(models.Model):
    """A line under the bell. `dedupe` makes a task that runs twice notify once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notifications",
        verbose_name=_("user"),
    )
    kind = models.CharField(max_length=20, choices=NotificationKind.choices, verbose_name=_("kind"))
    # A message id of our catalogue and its parameters, so that it is read in the reader's language.
    text = models.CharField(max_length=200, verbose_name=_("text"))
    params = models.JSONField(default=dict, verbose_name=_("values in the text"))
    url = models.CharField(max_length=300, blank=True, verbose_name=_("link"))
    # False: the person wants this kind in the daily e-mail only.
    in_app = models.BooleanField(default=True, verbose_name=_("under the bell"))
    dedupe = models.CharField(max_length=120, blank=True, verbose_name=_("key"))
    created_at = models.DateTimeField(default=timezone.now, verbose_name=_("at"))
    read_at = models.DateTimeField(null=True, blank=True, verbose_name=_("read at"))
    mailed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("mailed at"))

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ("-created_at", "-pk")
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_user"),
            models.Index(fields=["user"], name="notification_unread", condition=models.Q(read_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "dedupe"],
                condition=~models.Q(dedupe=""),
                name="notification_once",
            )
        ]

    def __str__(self) -> str:
        return self.message

    @property
    def message(self) -> str:
        """The text in the language that is active now."""
        text = gettext(self.text)
        try:
            return text % self.params
        except (KeyError, TypeError, ValueError):  # a translation that lost its parameters
            return text


class NotificationPreference(models.Model):
    """Where one person wants one kind of notification. Missing row: in the app and the digest."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notification_preferences",
        verbose_name=_("user"),
    )
    kind = models.CharField(max_length=20, choices=NotificationKind.choices, verbose_name=_("kind"))
    in_app = models.BooleanField(_("under the bell"), default=True)
    digest = models.BooleanField(_("in the daily e-mail"), default=True)

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        ordering = ("user", "kind")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notification_preference_once")]

    def __str__(self) -> str:
        return self.get_kind_display()
