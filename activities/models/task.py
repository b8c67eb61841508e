from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from activities.constants import Priority, Repeat
from activities.models.base import OfCustomer
from activities.querysets import TaskQuerySet
from core.addresses import row_url
from core.models import Record


class Task(OfCustomer):
    """Something to do by a day. A repeating task is one row for each occurrence, made when the
    one before it is done; `repeat_from` keeps the day of the month for them all."""

    title = models.CharField(_("what to do"), max_length=200)
    notes = models.TextField(_("notes"), blank=True, max_length=10_000)
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("customer"),
    )
    deal = models.ForeignKey(
        "deals.Deal",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="tasks",
        verbose_name=_("deal"),
    )
    contact = models.ForeignKey(
        "customers.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("contact"),
    )
    activity = models.ForeignKey(
        "activities.Activity",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="next_steps",
        verbose_name=_("came from"),
    )
    # The duty under a contract this task follows up; kept in step by activities.services.follow_ups.
    obligation = models.ForeignKey(
        "deals.Obligation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="tasks",
        verbose_name=_("follows up"),
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="tasks",
        verbose_name=_("who does it"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )
    due_on = models.DateField(_("due"))
    due_time = models.TimeField(_("time"), null=True, blank=True)
    # Tasks without a time come last on their day, on every database.
    due_sort = models.GeneratedField(
        expression=Coalesce(F("due_time"), Value(time(23, 59, 59), output_field=models.TimeField())),
        output_field=models.TimeField(),
        db_persist=True,
        verbose_name=_("sorted as"),
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("done by"),
    )
    repeat = models.CharField(_("repeats"), max_length=8, choices=Repeat.choices, default=Repeat.NONE)
    repeat_until = models.DateField(_("until"), null=True, blank=True)
    # All occurrences of one repeating task carry the same series.
    series = models.UUIDField(null=True, blank=True, editable=False, verbose_name=_("series"))
    repeat_from = models.DateField(null=True, blank=True, editable=False, verbose_name=_("repeats from"))
    scheduled_on = models.DateField(null=True, blank=True, editable=False, verbose_name=_("planned for"))
    form_key = models.UUIDField(null=True, blank=True, editable=False, verbose_name=_("form key"))

    UNTRACKED = Record.UNTRACKED | {"form_key", "due_sort"}

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ("due_on", "due_sort", "pk")
        indexes = [
            models.Index(
                fields=["assignee", "due_on", "due_sort", "id"],
                name="task_open_mine",
                condition=Q(done_at__isnull=True, deleted_at__isnull=True),
            ),
            models.Index(
                fields=["due_on", "due_sort", "id"],
                name="task_open",
                condition=Q(done_at__isnull=True, deleted_at__isnull=True),
            ),
            models.Index(
                fields=["customer", "due_on", "due_sort", "id"],
                name="task_open_customer",
                condition=Q(done_at__isnull=True, deleted_at__isnull=True),
            ),
            models.Index(
                fields=["deal", "due_on", "due_sort", "id"],
                name="task_by_deal",
                condition=Q(deal__isnull=False),
            ),
            models.Index(
                fields=["deal", "-done_at", "-id"], name="task_done_deal", condition=Q(deal__isnull=False)
            ),
            models.Index(
                fields=["customer", "-done_at", "-id"],
                name="task_done_customer",
                condition=Q(done_at__isnull=False, deleted_at__isnull=True),
            ),
            models.Index(
                fields=["assignee", "-done_at", "-id"],
                name="task_done_mine",
                condition=Q(done_at__isnull=False, deleted_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation"],
                condition=Q(obligation__isnull=False, done_at__isnull=True, deleted_at__isnull=True),
                name="task_of_obligation_once",
            ),
            models.UniqueConstraint(
                fields=["series", "scheduled_on"],
                condition=Q(series__isnull=False, deleted_at__isnull=True),
                name="task_occurrence_once",
            ),
            models.UniqueConstraint(
                fields=["form_key"],
                condition=Q(form_key__isnull=False, deleted_at__isnull=True),
                name="task_form_once",
            ),
            models.CheckConstraint(
                condition=Q(repeat=Repeat.NONE)
                | Q(series__isnull=False, repeat_from__isnull=False, scheduled_on__isnull=False),
                name="task_repeat_has_series",
            ),
            models.CheckConstraint(
                condition=Q(repeat_until__isnull=True) | Q(repeat_until__gte=F("repeat_from")),
                name="task_repeat_until",
                violation_error_message=_("The last day comes before the first."),
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=False) | Q(done_by__isnull=True), name="task_done_by"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return row_url("activities:task_update", self.pk)

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def repeats(self) -> bool:
        return self.repeat != Repeat.NONE
