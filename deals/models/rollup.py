from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.exact_sum import ExactSumField
from deals.constants import ForecastCategory
from deals.querysets import DealTotalQuerySet


class DealTotal(models.Model):
    """How many deals there are and what they add up to, for each place they can be counted under.

    Kept by triggers of the database (`deals.rollup`), so that no way of writing deals can pass it by,
    and never written from here. Several rows may stand for one place: what counts is their sum.
    Read through `deals.selectors.totals`.
    """

    pipeline = models.ForeignKey(
        "deals.Pipeline", models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+",
        verbose_name=_("pipeline"),
    )  # fmt: skip
    stage = models.ForeignKey(
        "deals.Stage", models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+",
        verbose_name=_("stage"),
    )  # fmt: skip
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, db_index=False,
        related_name="+", verbose_name=_("owner"),
    )  # fmt: skip
    team = models.ForeignKey(
        "accounts.Team", models.DO_NOTHING, null=True, db_constraint=False, db_index=False,
        related_name="+", verbose_name=_("team"),
    )  # fmt: skip
    category = models.CharField(_("forecast category"), max_length=9, choices=ForecastCategory.choices)
    # First day of the month the deal is expected to close in or, closed, was closed in.
    month = models.DateField(_("month"), null=True)
    deals = models.BigIntegerField(_("deals"))
    # Of these, how many have no amount in the base currency.
    unpriced = models.BigIntegerField(_("without an amount"))
    amount = ExactSumField(_("amount in base currency"), places=2)
    # Amount × probability.
    weighted = ExactSumField(_("weighted amount"), places=4)

    objects = DealTotalQuerySet.as_manager()

    class Meta:
        verbose_name = _("deal total")
        verbose_name_plural = _("deal totals")
        ordering = ("pk",)
        indexes = [
            models.Index(fields=[*fields, "id"], name=f"dealtotal_by_{name}")
            for name, fields in {
                "stage": ["stage", "month"],
                "month": ["month", "stage"],
                "owner": ["owner", "stage", "month"],
                "team": ["team", "stage", "month"],
            }.items()
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.month or '–'}: {self.deals}"
