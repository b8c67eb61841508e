from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Record
from core.money import validate_currency
from deals.constants import DealKind, ForecastCategory, Period, StageKind
from deals.querysets import DealPartQuerySet, DealQuerySet


class Deal(Record):
    """One opportunity, from first talk to won or lost.

    Open, won and lost are kinds of its stage, copied to `status` so that lists and sums need no
    join. `probability` is the stage's until somebody overrides it. `amount_base` is the amount in the
    organisation's currency at today's rate, frozen at the rate of the day the deal closed; it is
    empty where there is no amount or no rate, and every sum says how many rows that leaves out.
    """

    name = models.CharField(_("name"), max_length=200)
    # The deal's number in the system it was imported from.
    external_id = models.CharField(_("deal number"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=9, choices=DealKind.choices, default=DealKind.NEW)
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="deals",
        verbose_name=_("customer"),
    )
    pipeline = models.ForeignKey(
        "deals.Pipeline",
        on_delete=models.PROTECT,
        db_index=False,
        related_name="deals",
        verbose_name=_("pipeline"),
    )
    stage = models.ForeignKey(
        "deals.Stage", on_delete=models.PROTECT, db_index=False, related_name="deals", verbose_name=_("stage")
    )
    status = models.CharField(
        _("status"), max_length=4, choices=StageKind.choices, default=StageKind.OPEN, editable=False
    )
    stage_since = models.DateTimeField(_("in stage since"), default=timezone.now, editable=False)

    amount = models.DecimalField(
        _("amount"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    currency = models.CharField(_("currency"), max_length=3, validators=[validate_currency])
    # Where the deal has lines, the amount is their net sum and is not typed in.
    recurring_amount = models.DecimalField(
        _("recurring amount"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    recurring_period = models.CharField(_("recurring"), max_length=7, choices=Period.choices, blank=True)
    fx_rate = models.DecimalField(
        _("exchange rate"), max_digits=20, decimal_places=10, null=True, blank=True, editable=False
    )
    fx_on = models.DateField(_("rate of"), null=True, blank=True, editable=False)
    # What the rate converts, as "USDEUR": a frozen rate holds for these two currencies only.
    fx_pair = models.CharField(_("currencies of the rate"), max_length=6, blank=True, editable=False)
    amount_base = models.DecimalField(
        _("amount in base currency"), max_digits=18, decimal_places=2, null=True, blank=True, editable=False
    )

    probability = models.PositiveSmallIntegerField(
        _("probability (%)"), default=0, validators=[MaxValueValidator(100)]
    )
    probability_overridden = models.BooleanField(_("own probability"), default=False, editable=False)
    forecast_category = models.CharField(
        _("forecast category"),
        max_length=9,
        choices=ForecastCategory.choices,
        default=ForecastCategory.PIPELINE,
    )
    forecast_overridden = models.BooleanField(_("own forecast category"), default=False, editable=False)

    opened_on = models.DateField(_("opened on"))
    expected_close_on = models.DateField(_("expected close"), null=True, blank=True)
    # A day of the organisation; the exact time of the move is in the stage history.
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    lost_reason = models.ForeignKey(
        "deals.LostReason",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="deals",
        verbose_name=_("lost reason"),
    )
    lost_note = models.CharField(_("what happened"), max_length=500, blank=True)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="deals",
        verbose_name=_("owner"),
    )
    team = models.ForeignKey(
        "accounts.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="deals",
        verbose_name=_("team"),
    )
    collaborators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="shared_deals", verbose_name=_("collaborators")
    )
    source = models.ForeignKey(
        "customers.Source",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="deals",
        verbose_name=_("source"),
    )
    campaign = models.CharField(_("campaign"), max_length=120, blank=True)
    tags = models.ManyToManyField("customers.Tag", blank=True, related_name="deals", verbose_name=_("tags"))
    description = models.TextField(_("description"), blank=True, max_length=10_000)
    custom = models.JSONField(_("custom fields"), default=dict, blank=True)

    # Written from above (activities) through deals.services.owned.
    next_step = models.CharField(_("next step"), max_length=200, blank=True, editable=False)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True, editable=False)
    last_activity_at = models.DateTimeField(_("last activity"), null=True, blank=True, editable=False)

    # Derived: when the deal counts as rotting if nothing happens (empty: never, or closed), the sort
    # key and what search looks in.
    rots_on = models.DateField(_("rots on"), null=True, blank=True, editable=False)
    sort_name = models.CharField(max_length=200, editable=False, default="", verbose_name=_("sorted as"))
    search_text = models.TextField(editable=False, default="", verbose_name=_("searched text"))

    OWNED = frozenset({"next_step", "next_step_on", "last_activity_at", "rots_on"})
    UNTRACKED = Record.UNTRACKED | OWNED | {"sort_name"}

    objects = DealQuerySet.as_manager()

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        ordering = ("sort_name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~Q(external_id="") & Q(deleted_at__isnull=True),
                name="deal_external_id_once",
                violation_error_message=_("There is already a deal with this number."),
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="deal_amount_positive",
                violation_error_message=_("The amount cannot be negative."),
            ),
            models.CheckConstraint(condition=Q(probability__lte=100), name="deal_probability_range"),
            models.CheckConstraint(
                condition=Q(status=StageKind.OPEN, closed_on__isnull=True)
                | (~Q(status=StageKind.OPEN) & Q(closed_on__isnull=False)),
                name="deal_closed_has_a_day",
                violation_error_message=_("A closed deal needs the day it was closed, an open one has none."),
            ),
            models.CheckConstraint(
                condition=Q(lost_reason__isnull=True) | Q(status=StageKind.LOST),
                name="deal_reason_of_lost",
            ),
            models.CheckConstraint(
                condition=Q(recurring_amount__isnull=True) | ~Q(recurring_period=""),
                name="deal_recurring_period",
                violation_error_message=_("Say how often the recurring amount is paid."),
            ),
        ]
        # One index for every order the list offers; each ends in id, so pages are stable.
        indexes = [
            models.Index(fields=[*fields, "id"], name=f"deal_by_{name}", condition=Q(deleted_at__isnull=True))
            for name, fields in {
                "name": ["sort_name"],
                "created": ["created_at"],
                "updated": ["updated_at"],
                "amount": ["amount_base"],
                "close": ["expected_close_on"],
                "closed": ["closed_on"],
                "opened": ["opened_on"],
                "next": ["next_step_on"],
                "owner": ["owner", "sort_name"],
                "team": ["team", "sort_name"],
                "stage": ["stage", "expected_close_on"],
                "stage_name": ["stage", "sort_name"],
                "owner_stage": ["owner", "stage", "expected_close_on"],
                "team_stage": ["team", "stage", "expected_close_on"],
                "customer": ["customer", "status"],
                "source": ["source", "sort_name"],
                "rots": ["rots_on"],
            }.items()
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deals:deal_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status == StageKind.OPEN

    @property
    def weighted(self) -> Decimal | None:
        """Amount × probability, in the deal's own currency."""
        return None if self.amount is None else self.amount * self.probability / 100


class DealStageChangeManager(models.Manager.from_queryset(DealPartQuerySet)):  # type: ignore[misc]
    """Moves that were taken back (Undo puts them in the trash) are not told by any report."""

    def get_queryset(self) -> DealPartQuerySet:
        return super().get_queryset().alive()


class DealStageChange(Record):
    """One move of a deal. The first row of a deal has no `from_stage`."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, db_index=False, related_name="stage_changes", verbose_name=_("deal")
    )
    from_stage = models.ForeignKey(
        "deals.Stage",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("from stage"),
    )
    to_stage = models.ForeignKey(
        "deals.Stage", on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("to stage")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("by"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Seconds spent in `from_stage`; None for the first row.
    seconds = models.PositiveBigIntegerField(_("seconds"), null=True, blank=True)

    objects = DealStageChangeManager()

    class Meta:
        verbose_name = _("deal stage change")
        verbose_name_plural = _("deal stage changes")
        ordering = ("at", "pk")
        indexes = [
            models.Index(fields=["deal", "at", "id"], name="dealstagechange_deal_at"),
            models.Index(fields=["from_stage", "at"], name="dealstagechange_from_at"),
            models.Index(fields=["to_stage", "at"], name="dealstagechange_to_at"),
        ]

    def __str__(self) -> str:
        return f"{self.from_stage or '–'} → {self.to_stage}"

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.deal", self.deal_id


class CloseDateChange(Record):
    """One move of the expected close date: the slip history of a deal."""

    deal = models.ForeignKey(
        Deal,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="close_date_changes",
        verbose_name=_("deal"),
    )
    from_date = models.DateField(_("from"), null=True, blank=True)
    to_date = models.DateField(_("to"), null=True, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("by"),
    )

    objects = DealStageChangeManager()

    class Meta:
        verbose_name = _("change of the close date")
        verbose_name_plural = _("changes of the close date")
        ordering = ("at", "pk")
        indexes = [
            models.Index(fields=["deal", "at", "id"], name="closedatechange_deal_at"),
            models.Index(fields=["at", "id"], name="closedatechange_at"),
        ]

    def __str__(self) -> str:
        return f"{self.from_date or '–'} → {self.to_date or '–'}"

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.deal", self.deal_id
