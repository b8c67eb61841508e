from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.addresses import row_url
from core.models import Record
from core.names import person_name
from customers.constants import Channel, CustomerKind, SizeBand
from customers.querysets import CustomerQuerySet


class Customer(Record):
    """A company or a person, through the whole funnel from first lead to loyal or lost.

    There is no separate lead table, so nothing is lost in a conversion.
    """

    kind = models.CharField(
        _("kind"), max_length=8, choices=CustomerKind.choices, default=CustomerKind.COMPANY
    )
    # Of a person the name is composed from its parts in the order of its language.
    name = models.CharField(_("name"), max_length=200)
    given_name = models.CharField(_("given name"), max_length=80, blank=True)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    # The customer's number in the books or the system it was imported from.
    external_id = models.CharField(_("customer number"), max_length=80, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="subsidiaries",
        verbose_name=_("parent company"),
    )
    domain = models.CharField(_("domain"), max_length=120, blank=True)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    size_band = models.CharField(_("employees"), max_length=8, choices=SizeBand.choices, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=80, blank=True)
    annual_revenue = models.DecimalField(
        _("annual revenue"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    founded = models.PositiveSmallIntegerField(_("founded"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="customers",
        verbose_name=_("owner"),
    )
    team = models.ForeignKey(
        "accounts.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="customers",
        verbose_name=_("team"),
    )
    collaborators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="shared_customers",
        verbose_name=_("collaborators"),
    )
    stage = models.ForeignKey(
        "customers.LifecycleStage",
        on_delete=models.PROTECT,
        db_index=False,
        related_name="customers",
        verbose_name=_("stage"),
    )
    stage_since = models.DateTimeField(_("in stage since"), default=timezone.now, editable=False)
    source = models.ForeignKey(
        "customers.Source",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="customers",
        verbose_name=_("source"),
    )
    campaign = models.CharField(_("campaign"), max_length=120, blank=True)
    referred_by = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="referrals",
        verbose_name=_("referred by"),
    )
    language = models.CharField(_("preferred language"), max_length=10, blank=True)
    preferred_channel = models.CharField(
        _("preferred channel"), max_length=10, choices=Channel.choices, blank=True
    )
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    description = models.TextField(_("description"), blank=True, max_length=10_000)
    tags = models.ManyToManyField(
        "customers.Tag", blank=True, related_name="customers", verbose_name=_("tags")
    )
    custom = models.JSONField(_("custom fields"), default=dict, blank=True)

    # Written from above, through services of this app (customers.services.owned).
    last_contacted_at = models.DateTimeField(_("last contact"), null=True, blank=True, editable=False)
    next_step = models.CharField(_("next step"), max_length=200, blank=True, editable=False)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True, editable=False)
    lifetime_value = models.DecimalField(
        _("lifetime value"), max_digits=18, decimal_places=2, null=True, blank=True, editable=False
    )
    churn_risk = models.FloatField(_("churn risk"), null=True, blank=True, editable=False)
    health = models.PositiveSmallIntegerField(_("health"), null=True, blank=True, editable=False)

    # Derived: the sort key (accents and case folded) and what search looks in.
    sort_name = models.CharField(max_length=200, editable=False, default="", verbose_name=_("sorted as"))
    search_text = models.TextField(editable=False, default="", verbose_name=_("searched text"))

    merged_into = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name=_("merged into"),
    )

    # Owned columns change without anybody editing the record: no version, no history.
    OWNED = frozenset(
        {
            "last_contacted_at",
            "next_step",
            "next_step_on",
            "lifetime_value",
            "churn_risk",
            "health",
        }
    )
    UNTRACKED = Record.UNTRACKED | OWNED | {"sort_name"}
    NAMED_BY = ("name",)  # what `str` reads

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ("sort_name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~Q(external_id="") & Q(deleted_at__isnull=True),
                name="customer_external_id_once",
                violation_error_message=_("There is already a customer with this number."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="customer_not_its_own_parent",
                violation_error_message=_("A company cannot be its own parent."),
            ),
            models.CheckConstraint(
                condition=Q(annual_revenue__isnull=True) | Q(annual_revenue__gte=0),
                name="customer_revenue_positive",
                violation_error_message=_("Annual revenue cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(annual_revenue__isnull=True) | ~Q(currency=""),
                name="customer_revenue_currency",
                violation_error_message=_("Say which currency the revenue is in."),
            ),
            models.CheckConstraint(
                condition=Q(churn_risk__isnull=True) | Q(churn_risk__gte=0, churn_risk__lte=1),
                name="customer_churn_risk_range",
            ),
        ]
        # One index for every order the list offers; each ends in id, so pages are stable.
        indexes = [
            models.Index(
                fields=[*fields, "id"],
                name=f"customer_by_{name}",
                condition=Q(deleted_at__isnull=True),
            )
            for name, fields in {
                "name": ["sort_name"],
                "created": ["created_at"],
                "updated": ["updated_at"],
                "contacted": ["last_contacted_at"],
                "next": ["next_step_on"],
                "revenue": ["annual_revenue"],
                "value": ["lifetime_value"],
                "owner": ["owner", "sort_name"],
                "team": ["team", "sort_name"],
                "stage": ["stage", "sort_name"],
                "since": ["stage", "stage_since"],
                "city": ["city"],
                "country": ["country", "sort_name"],
                "industry": ["industry", "sort_name"],
                "source": ["source", "sort_name"],
            }.items()
        ] + [
            # What duplicates and related rows are looked up by.
            # The other foreign keys are led by a list index above and need none of their own.
            models.Index(fields=["domain"], name="customer_domain"),
            *(
                models.Index(
                    fields=[name], name=f"customer_{name}", condition=Q(**{f"{name}__isnull": False})
                )
                for name in ("parent", "referred_by", "merged_into")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return row_url("customers:customer_detail", self.pk)

    @property
    def is_person(self) -> bool:
        return self.kind == CustomerKind.PERSON

    def composed_name(self) -> str:
        """The full name from its parts, in the order of its language."""
        return person_name(self.given_name, self.family_name, self.language)
