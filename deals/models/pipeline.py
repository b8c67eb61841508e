from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import Record
from deals.constants import ForecastCategory, StageKind
from deals.querysets import PipelineQuerySet, ReferenceQuerySet


class Pipeline(Record):
    """A way of selling: an ordered row of stages."""

    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_default = models.BooleanField(_("used when none is chosen"), default=False)
    # Archived pipelines keep their deals but take no new ones.
    is_active = models.BooleanField(_("takes new deals"), default=True)

    objects = PipelineQuerySet.as_manager()

    class Meta:
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(deleted_at__isnull=True),
                name="pipeline_name_once",
                violation_error_message=_("There is already a pipeline with this name."),
            ),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True, deleted_at__isnull=True),
                name="pipeline_one_default",
            ),
        ]

    def __str__(self) -> str:
        """Ready-made pipelines are in the catalogue; one somebody named reads as named."""
        return gettext(self.name)

    def get_absolute_url(self) -> str:
        return reverse("deals:pipeline_detail", args=[self.pk])

    @property
    def description_text(self) -> str:
        return gettext(self.description) if self.description else ""


class Stage(Record):
    """A step of a pipeline. Its kind says what it means; its probability is a guess to be measured."""

    pipeline = models.ForeignKey(
        Pipeline, on_delete=models.CASCADE, db_index=False, related_name="stages", verbose_name=_("pipeline")
    )
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=4, choices=StageKind.choices, default=StageKind.OPEN)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    probability = models.PositiveSmallIntegerField(
        _("probability (%)"), default=0, validators=[MaxValueValidator(100)]
    )
    forecast_category = models.CharField(
        _("forecast category"),
        max_length=9,
        choices=ForecastCategory.choices,
        default=ForecastCategory.PIPELINE,
    )
    # Days without a move or an activity after which a deal here counts as rotting; empty: never.
    rotting_days = models.PositiveSmallIntegerField(
        _("rotting after (days)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    guidance = models.CharField(_("guidance"), max_length=500, blank=True)
    # Names of deal fields that must be filled in before a deal may enter.
    required_fields = models.JSONField(_("required fields"), default=list, blank=True)
    colour = models.PositiveSmallIntegerField(_("colour"), default=0)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ("pipeline", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["pipeline", "name"],
                condition=Q(deleted_at__isnull=True),
                name="stage_name_once",
                violation_error_message=_("This pipeline already has a stage with this name."),
            ),
            models.CheckConstraint(
                condition=Q(kind=StageKind.OPEN)
                | Q(kind=StageKind.WON, probability=100)
                | Q(kind=StageKind.LOST, probability=0),
                name="stage_probability_of_kind",
                violation_error_message=_("Won is 100 %%, lost is 0 %%."),
            ),
            models.CheckConstraint(condition=Q(probability__lte=100), name="stage_probability_range"),
        ]
        indexes = [models.Index(fields=["pipeline", "position", "id"], name="stage_by_pipeline")]

    def __str__(self) -> str:
        return gettext(self.name)

    def get_absolute_url(self) -> str:
        return reverse("deals:pipeline_detail", args=[self.pipeline_id])

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.pipeline", self.pipeline_id

    @property
    def is_open(self) -> bool:
        return self.kind == StageKind.OPEN

    @property
    def guidance_text(self) -> str:
        """In the reader's language, as long as it is a ready-made one."""
        return gettext(self.guidance) if self.guidance else ""


class LostReason(Record):
    """Why deals are lost, in two levels; the second one has a parent."""

    name = models.CharField(_("name"), max_length=80)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    requires_note = models.BooleanField(_("a note is required"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("lost reason")
        verbose_name_plural = _("lost reasons")
        ordering = ("position", "pk")
        constraints = [
            # An expression, because SQLite holds two reasons without a parent for different.
            models.UniqueConstraint(
                "name",
                Coalesce("parent", 0),
                condition=Q(deleted_at__isnull=True),
                name="lostreason_name_once",
                violation_error_message=_("There is already a reason with this name."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="lostreason_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return gettext(self.name)

    def get_absolute_url(self) -> str:
        return reverse("deals:lostreason_update", args=[self.pk])
