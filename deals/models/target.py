from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Record
from core.money import validate_currency
from deals.constants import ActionState, TargetMetric, TargetPeriod
from deals.querysets import TargetPartQuerySet, TargetQuerySet


class Target(Record):
    """What somebody is to reach in a period: a person, a team, a channel, a segment or everybody."""

    metric = models.CharField(_("measure"), max_length=13, choices=TargetMetric.choices)
    period = models.CharField(_("period"), max_length=7, choices=TargetPeriod.choices)
    starts_on = models.DateField(_("starts"))
    # The first day after the period: periods are half-open.
    ends_before = models.DateField(_("ends before"), editable=False)
    value = models.DecimalField(
        _("target"), max_digits=18, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    # Empty for numbers.
    currency = models.CharField(_("currency"), max_length=3, blank=True, validators=[validate_currency])
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name=_("person"),
    )
    team = models.ForeignKey(
        "accounts.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name=_("team"),
    )
    channel = models.CharField(_("channel"), max_length=40, blank=True)
    segment = models.CharField(_("segment"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ("-starts_on", "metric", "pk")
        constraints = [
            # Expressions, because SQLite holds two targets without a person for different.
            models.UniqueConstraint(
                "metric",
                "period",
                "starts_on",
                Coalesce("owner", 0),
                Coalesce("team", 0),
                "channel",
                "segment",
                condition=Q(deleted_at__isnull=True),
                name="target_once",
                violation_error_message=_("There is already a target for this measure, period and person."),
            ),
            models.CheckConstraint(
                condition=Q(value__gt=0),
                name="target_positive",
                violation_error_message=_("A target is more than zero."),
            ),
            models.CheckConstraint(condition=Q(ends_before__gt=models.F("starts_on")), name="target_period"),
        ]
        indexes = [models.Index(fields=["-starts_on", "metric", "id"], name="target_by_start")]

    def __str__(self) -> str:
        return f"{self.get_metric_display()} {self.starts_on}"

    def get_absolute_url(self) -> str:
        return reverse("deals:target_detail", args=[self.pk])


class PlanLine(Record):
    """What is done to reach a target: an activity with dates, a budget and somebody responsible."""

    target = models.ForeignKey(
        Target, on_delete=models.CASCADE, related_name="plan", verbose_name=_("target")
    )
    activity = models.CharField(_("activity"), max_length=200)
    channel = models.CharField(_("channel"), max_length=40, blank=True)
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    budget = models.DecimalField(
        _("budget"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
    )
    done_on = models.DateField(_("done"), null=True, blank=True)

    objects = TargetPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan line")
        verbose_name_plural = _("plan")
        ordering = ("starts_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=models.F("starts_on")),
                name="planline_dates",
                violation_error_message=_("The last day cannot be before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.activity

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.target", self.target_id


class ImprovementAction(Record):
    """What is changed after a period that missed its target, followed until it is done."""

    target = models.ForeignKey(
        Target, on_delete=models.CASCADE, related_name="improvements", verbose_name=_("target")
    )
    cause = models.CharField(_("cause of the gap"), max_length=300)
    action = models.CharField(_("action"), max_length=300)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="improvements",
        verbose_name=_("responsible"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=7, choices=ActionState.choices, default=ActionState.PLANNED
    )
    result = models.CharField(_("what came of it"), max_length=300, blank=True)

    objects = TargetPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("improvement action")
        verbose_name_plural = _("improvement actions")
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return self.action

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.target", self.target_id
