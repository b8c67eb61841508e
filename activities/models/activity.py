from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.constants import MAX_MINUTES, ActivityKind, Direction
from activities.models.base import OfCustomer
from activities.querysets import ActivityQuerySet
from core.addresses import row_url
from core.models import Record


class Activity(OfCustomer):
    """Something that happened, or a meeting that will: a call, a mail, a meeting, a note, a chat."""

    kind = models.CharField(_("kind"), max_length=8, choices=ActivityKind.choices)
    direction = models.CharField(
        _("direction"), max_length=4, choices=Direction.choices, default=Direction.OUT
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    duration_minutes = models.PositiveIntegerField(
        _("minutes"), null=True, blank=True, validators=[MaxValueValidator(MAX_MINUTES)]
    )
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("notes"), blank=True, max_length=20_000)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        related_name="activities",
        verbose_name=_("customer"),
    )
    deal = models.ForeignKey(
        "deals.Deal",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="activities",
        verbose_name=_("deal"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=pgettext_lazy("activity", "by"),
    )
    contacts = models.ManyToManyField(
        "customers.Contact", blank=True, related_name="activities", verbose_name=_("contacts")
    )
    users = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="attended_activities",
        verbose_name=_("colleagues"),
    )
    # Set where a message of the customer needs no answer.
    handled_at = models.DateTimeField(_("needs no answer"), null=True, blank=True, editable=False)
    # Names the form it came from, so that one form sent twice is one activity.
    form_key = models.UUIDField(null=True, blank=True, editable=False, verbose_name=_("form key"))

    UNTRACKED = Record.UNTRACKED | {"form_key"}

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(
                fields=["customer", "-at", "-id"],
                name="activity_timeline",
                condition=Q(deleted_at__isnull=True),
            ),
            models.Index(
                fields=["customer", "kind", "-at", "-id"],
                name="activity_timeline_kind",
                condition=Q(deleted_at__isnull=True),
            ),
            models.Index(
                fields=["deal", "-at", "-id"], name="activity_by_deal", condition=Q(deal__isnull=False)
            ),
            models.Index(
                fields=["-at", "-id"], name="activity_by_date", condition=Q(deleted_at__isnull=True)
            ),
            models.Index(
                fields=["author", "-at", "-id"],
                name="activity_by_author",
                condition=Q(deleted_at__isnull=True),
            ),
            models.Index(
                fields=["-at", "-id"],
                name="activity_incoming",
                condition=Q(direction="in", deleted_at__isnull=True, handled_at__isnull=True),
            ),
            models.Index(
                fields=["at", "id"],
                name="activity_meetings",
                condition=Q(kind="meeting", deleted_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["form_key"],
                condition=Q(form_key__isnull=False, deleted_at__isnull=True),
                name="activity_form_once",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The subject, else how the notes begin, else the kind."""
        first = next(iter(self.body.strip().splitlines()), "")
        return self.subject or (first if len(first) <= 80 else f"{first[:79]}…") or self.get_kind_display()

    def get_absolute_url(self) -> str:
        return row_url("activities:activity_update", self.pk)

    @property
    def is_planned(self) -> bool:
        """A meeting that lies ahead."""
        return self.at > timezone.now()
