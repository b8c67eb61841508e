from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Record
from deals.constants import Side
from deals.models.deal import Deal
from deals.querysets import DealPartQuerySet


class ClosePlanStep(Record):
    """One dated step on the way to a signature, agreed with the customer, with an owner on either side."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, db_index=False, related_name="close_plan", verbose_name=_("deal")
    )
    title = models.CharField(_("step"), max_length=200)
    due_on = models.DateField(_("due"))
    side = models.CharField(_("who does it"), max_length=8, choices=Side.choices, default=Side.US)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("our person"),
    )
    contact = models.ForeignKey(
        "customers.Contact",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("their person"),
    )
    done_on = models.DateField(_("done"), null=True, blank=True)
    note = models.CharField(_("note (not shown to the customer)"), max_length=300, blank=True)

    objects = DealPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of the close plan")
        verbose_name_plural = _("close plan")
        ordering = ("due_on", "pk")
        indexes = [models.Index(fields=["deal", "due_on", "id"], name="closeplanstep_by_deal")]

    def __str__(self) -> str:
        return self.title

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.deal", self.deal_id
