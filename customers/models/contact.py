from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.addresses import row_url
from core.models import Record
from core.names import person_name
from customers.constants import BuyingRole, RelationKind
from customers.querysets import ContactPartQuerySet, ContactQuerySet


class Contact(Record):
    """A person we talk to, at one customer or several."""

    given_name = models.CharField(_("given name"), max_length=80, blank=True)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    name = models.CharField(_("name"), max_length=200)
    prefix = models.CharField(_("title"), max_length=40, blank=True)
    external_id = models.CharField(_("contact number"), max_length=80, blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    reports_to = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="reports",
        verbose_name=_("reports to"),
    )
    buying_role = models.CharField(_("buying role"), max_length=20, choices=BuyingRole.choices, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="contacts",
        verbose_name=_("owner"),
    )
    team = models.ForeignKey(
        "accounts.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="contacts",
        verbose_name=_("team"),
    )
    customers = models.ManyToManyField(
        "customers.Customer",
        through="customers.Membership",
        related_name="contacts",
        verbose_name=_("customers"),
    )
    description = models.TextField(_("description"), blank=True, max_length=10_000)
    tags = models.ManyToManyField(
        "customers.Tag", blank=True, related_name="contacts", verbose_name=_("tags")
    )
    custom = models.JSONField(_("custom fields"), default=dict, blank=True)
    last_contacted_at = models.DateTimeField(_("last contact"), null=True, blank=True, editable=False)
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

    UNTRACKED = Record.UNTRACKED | {"last_contacted_at", "sort_name"}
    NAMED_BY = ("name",)  # what `str` reads

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("sort_name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~Q(external_id="") & Q(deleted_at__isnull=True),
                name="contact_external_id_once",
                violation_error_message=_("There is already a contact with this number."),
            ),
            models.CheckConstraint(
                condition=Q(reports_to__isnull=True) | ~Q(reports_to=F("id")),
                name="contact_not_its_own_boss",
                violation_error_message=_("Nobody reports to themselves."),
            ),
        ]
        indexes = [
            models.Index(
                fields=[*fields, "id"],
                name=f"contact_by_{name}",
                condition=Q(deleted_at__isnull=True),
            )
            for name, fields in {
                "name": ["sort_name"],
                "created": ["created_at"],
                "updated": ["updated_at"],
                "contacted": ["last_contacted_at"],
                "owner": ["owner", "sort_name"],
                "team": ["team", "sort_name"],
                "title": ["job_title"],
            }.items()
        ] + [
            models.Index(fields=[name], name=f"contact_{name}", condition=Q(**{f"{name}__isnull": False}))
            for name in ("reports_to", "merged_into")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return row_url("customers:contact_detail", self.pk)

    def composed_name(self) -> str:
        """The full name from its parts, in the order of its language."""
        return person_name(self.given_name, self.family_name, self.language)


class Membership(Record):
    """A person's place in a company: role, since, until."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("contact")
    )
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("customer"),
    )
    role = models.CharField(_("role"), max_length=120, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    primary = models.BooleanField(_("main contact"), default=False)

    objects = ContactPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("-primary", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "customer"],
                condition=Q(deleted_at__isnull=True),
                name="membership_once",
                violation_error_message=_("This person already belongs to this customer."),
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="membership_dates",
                violation_error_message=_("A membership cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} · {self.customer}"

    @property
    def history_root(self) -> tuple[str, int]:
        return "customers.contact", self.contact_id


class ImportantDate(Record):
    """A day to remember: an anniversary, a contract date, a name day."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="important_dates", verbose_name=_("contact")
    )
    label = models.CharField(_("what"), max_length=80)
    on = models.DateField(_("date"))
    yearly = models.BooleanField(_("every year"), default=True)

    objects = ContactPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("important date")
        verbose_name_plural = _("important dates")
        ordering = ("on", "pk")

    def __str__(self) -> str:
        return f"{self.label} {self.on}"

    @property
    def history_root(self) -> tuple[str, int]:
        return "customers.contact", self.contact_id


class Relation(Record):
    """How one person is related to another: introduced by, colleague of."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="relations", verbose_name=_("contact")
    )
    kind = models.CharField(_("relation"), max_length=20, choices=RelationKind.choices)
    other = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="related_from", verbose_name=_("person")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = ContactPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ("kind", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "kind", "other"],
                condition=Q(deleted_at__isnull=True),
                name="relation_once",
                violation_error_message=_("This relation is already there."),
            ),
            models.CheckConstraint(
                condition=~Q(contact=F("other")),
                name="relation_not_to_oneself",
                violation_error_message=_("Nobody is related to themselves."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} – {self.get_kind_display()} – {self.other}"

    @property
    def history_root(self) -> tuple[str, int]:
        return "customers.contact", self.contact_id
