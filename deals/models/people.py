from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Record
from customers.constants import BuyingRole
from deals.constants import CompetitorOutcome, Influence, Stance
from deals.models.deal import Deal
from deals.querysets import DealPartQuerySet, LibraryQuerySet


class DealContact(Record):
    """A person who has a say in a deal: the stakeholder map."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, db_index=False, related_name="people", verbose_name=_("deal")
    )
    contact = models.ForeignKey(
        "customers.Contact", on_delete=models.PROTECT, related_name="deal_roles", verbose_name=_("contact")
    )
    role = models.CharField(_("role"), max_length=14, choices=BuyingRole.choices, blank=True)
    influence = models.PositiveSmallIntegerField(
        _("influence"), choices=Influence.choices, default=Influence.MEDIUM
    )
    stance = models.SmallIntegerField(_("stance"), choices=Stance.choices, default=Stance.NEUTRAL)
    is_primary = models.BooleanField(_("main contact"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = DealPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("person on the deal")
        verbose_name_plural = _("people on the deal")
        ordering = ("-is_primary", "-influence", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "contact"],
                condition=Q(deleted_at__isnull=True),
                name="dealcontact_once",
                violation_error_message=_("This person is on the deal already."),
            ),
            models.UniqueConstraint(
                fields=["deal"],
                condition=Q(is_primary=True, deleted_at__isnull=True),
                name="dealcontact_one_primary",
                violation_error_message=_("The deal has a main contact already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.contact)

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.deal", self.deal_id


class Competitor(Record):
    """A company that sells against us."""

    name = models.CharField(_("name"), max_length=120)
    website = models.URLField(_("website"), max_length=200, blank=True)
    products = models.TextField(_("products and prices"), blank=True, max_length=5_000)
    strengths = models.TextField(_("strengths"), blank=True, max_length=5_000)
    weaknesses = models.TextField(_("weaknesses"), blank=True, max_length=5_000)
    how_to_win = models.TextField(_("how to win against them"), blank=True, max_length=5_000)

    SEARCHED = ("name",)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = _("competitor")
        verbose_name_plural = _("competitors")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                condition=Q(deleted_at__isnull=True),
                name="competitor_name_once",
                violation_error_message=_("There is already a competitor with this name."),
            )
        ]
        indexes = [models.Index(fields=["name", "id"], name="competitor_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deals:competitor_detail", args=[self.pk])


class DealCompetitor(Record):
    """A competitor in one deal: what is strong and weak here, and how it ended."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, db_index=False, related_name="competition", verbose_name=_("deal")
    )
    competitor = models.ForeignKey(
        Competitor, on_delete=models.PROTECT, related_name="deals", verbose_name=_("competitor")
    )
    strengths = models.CharField(_("strengths here"), max_length=300, blank=True)
    weaknesses = models.CharField(_("weaknesses here"), max_length=300, blank=True)
    price = models.DecimalField(_("their price"), max_digits=18, decimal_places=2, null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=9, choices=CompetitorOutcome.choices, default=CompetitorOutcome.COMPETING
    )

    objects = DealPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("competitor in the deal")
        verbose_name_plural = _("competitors in the deal")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "competitor"],
                condition=Q(deleted_at__isnull=True),
                name="dealcompetitor_once",
                violation_error_message=_("This competitor is on the deal already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.competitor)

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.deal", self.deal_id
