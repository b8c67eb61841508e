from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Record
from deals.models.deal import Deal
from deals.querysets import DealPartQuerySet, LibraryQuerySet


class Objection(Record):
    """Something customers say against buying, kept in a library with the answers to it."""

    text = models.CharField(_("objection"), max_length=200)
    category = models.CharField(_("about"), max_length=60, blank=True)

    SEARCHED = ("text", "category")

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ("text", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["text"],
                condition=Q(deleted_at__isnull=True),
                name="objection_text_once",
                violation_error_message=_("The library has this objection already."),
            )
        ]
        indexes = [models.Index(fields=["category", "text", "id"], name="objection_by_category")]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("deals:objection_detail", args=[self.pk])


class ObjectionAnswer(Record):
    """One way to answer an objection."""

    objection = models.ForeignKey(
        Objection, on_delete=models.CASCADE, related_name="answers", verbose_name=_("objection")
    )
    text = models.TextField(_("answer"), max_length=3_000)

    SEARCHED = ("text",)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.objection", self.objection_id


class DealObjection(Record):
    """An objection heard in a deal, and the answer that was given."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, db_index=False, related_name="objections", verbose_name=_("deal")
    )
    objection = models.ForeignKey(
        Objection, on_delete=models.PROTECT, related_name="heard", verbose_name=_("objection")
    )
    answer = models.ForeignKey(
        ObjectionAnswer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="used",
        verbose_name=_("answer given"),
    )
    at = models.DateTimeField(_("heard"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("noted by"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_resolved = models.BooleanField(_("settled"), default=False)

    objects = DealPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection in the deal")
        verbose_name_plural = _("objections in the deal")
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=["deal", "-at", "-id"], name="dealobjection_by_deal")]

    def __str__(self) -> str:
        return str(self.objection)

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.deal", self.deal_id
