"""What the customer and contact lists can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from core import custom_values
from core.filters import (
    FUTURE,
    PAST,
    PAST_OR_NEVER,
    BoundFilter,
    DayFilter,
    ListFilterSet,
    PickFilter,
    SmallNumberFilter,
    WordsFilter,
    day_filters,
)
from core.importing.errors import ValueProblem
from core.models import CustomField
from customers.constants import BuyingRole, Channel, CustomerKind, SizeBand, StageKind
from customers.models import Contact, Customer, LifecycleStage, Membership, Source, StageChange, Tag
from customers.tables import CONTACT, CUSTOMER


class MineFilter(django_filters.BooleanFilter):
    """Only what is mine."""

    def filter(self, qs: QuerySet, value: bool | None) -> QuerySet:
        return qs.filter(owner=self.parent.user) if value else qs


class CustomFilter(django_filters.CharFilter):
    """One custom field; how it compares follows from its kind."""

    def __init__(self, item: CustomField, **kwargs: Any) -> None:
        self.item = item
        kinds = CustomField.Kind
        if item.kind in (kinds.CHOICE, kinds.MULTI):
            kwargs["widget"] = forms.Select(choices=[("", "—"), *((str(c), str(c)) for c in item.choices)])
        elif item.kind == kinds.BOOLEAN:
            kwargs["widget"] = forms.Select(choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))])
        elif item.kind == kinds.DATE:
            kwargs["widget"] = forms.DateInput(attrs={"type": "date"})
        elif item.kind == kinds.PERSON:
            people = User.objects.filter(is_active=True).values_list("email", "name")
            choices = CallableChoiceIterator(lambda: [("", "—"), *people])
            kwargs["widget"] = forms.Select(choices=choices)
        super().__init__(label=item.label, max_length=200, **kwargs)

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if not value:
            return qs
        kinds = CustomField.Kind
        if self.item.kind in (kinds.TEXT, kinds.LINK, kinds.MULTI):
            return custom_values.filtered(qs, self.item, "contains", value)
        people = {}
        if self.item.kind == kinds.PERSON:
            people = dict(User.objects.filter(email=value.lower()).values_list("email", "pk"))
        try:
            found = custom_values.parse(self.item, value, people=people)
        except ValueProblem:
            self.parent.ignored.append(str(self.label))
            return qs
        if isinstance(found, dict):
            found = found["amount"]
        return custom_values.filtered(qs, self.item, "is", found)


class OwnedFilters(ListFilterSet):
    """What customers and contacts share."""

    custom_model = ""

    def extra_filters(self) -> dict[str, django_filters.Filter]:
        asked = any(name.startswith("custom.") for name in self.data)
        if not (asked or self.for_panel):
            return {}
        return {
            f"custom.{item.key}": CustomFilter(item) for item in custom_values.definitions(self.custom_model)
        }

    mine = MineFilter(label=_("Mine"), widget=forms.CheckboxInput())
    owner = PickFilter(
        field_name="owner", label=_("Owner"), queryset=User.objects.all(), none_label=_("Nobody")
    )
    team = PickFilter(
        field_name="team", label=_("Team"), queryset=Team.objects.all(), none_label=_("No team")
    )
    last_contacted = DayFilter(field_name="last_contacted_at", label=_("Last contact"), names=PAST_OR_NEVER)
    created, created_from, created_to = day_filters("created", "created_at", _("Created")).values()
    updated = DayFilter(field_name="updated_at", label=_("Updated"))


class _OfEntry:
    """Compares the moment a customer entered the funnel: its first stage change."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        changes = StageChange.objects.filter(customer=OuterRef("pk")).order_by("at", "pk")
        rows = qs.alias(entered=Subquery(changes.values("at")[:1])) if value else qs
        return super().filter(rows, value)  # type: ignore[misc]  # a mixin of filters


class EnteredFilter(_OfEntry, DayFilter):
    """Entered the funnel in a period."""


class EnteredBound(_OfEntry, BoundFilter):
    """Entered the funnel from or until a day."""


class ReachedFilter(PickFilter):
    """Was ever in the stage or further down the funnel; of several stages the first counts."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if not value:
            return qs
        changes = StageChange.objects.exclude(to_stage__kind=StageKind.LOST).filter(
            customer=OuterRef("pk"), to_stage__position__gte=min(stage.position for stage in value)
        )
        return qs.filter(Exists(changes))


class CustomerFilters(OwnedFilters):
    custom_model = CUSTOMER

    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=CustomerKind.choices, empty_label=_("Companies and people")
    )
    stage = PickFilter(field_name="stage", label=_("Stage"), queryset=LifecycleStage.objects.all())
    source = PickFilter(
        field_name="source", label=_("Source"), queryset=Source.objects.all(), none_label=_("No source")
    )
    tags = PickFilter(
        field_name="tags", label=_("Tags"), queryset=Tag.objects.all(), none_label=_("No tags"),
        through=(Customer.tags.through, "customer_id", "tag"),
    )  # fmt: skip
    country = WordsFilter(field_name="country", label=_("Country"))
    industry = WordsFilter(field_name="industry", label=_("Industry"))
    city = django_filters.CharFilter(
        field_name="city", lookup_expr="istartswith", label=_("City"), max_length=80
    )
    size_band = django_filters.MultipleChoiceFilter(
        label=_("Employees"), choices=SizeBand.choices, distinct=False
    )
    preferred_channel = django_filters.ChoiceFilter(label=_("Preferred channel"), choices=Channel.choices)
    revenue_min = SmallNumberFilter(
        field_name="annual_revenue", lookup_expr="gte", label=_("Annual revenue from")
    )
    revenue_max = SmallNumberFilter(
        field_name="annual_revenue", lookup_expr="lte", label=_("Annual revenue to")
    )
    value_min = SmallNumberFilter(
        field_name="lifetime_value", lookup_expr="gte", label=_("Lifetime value from")
    )
    next_step = DayFilter(field_name="next_step_on", label=_("Next step"), names=FUTURE, moments=False)
    stage_since = DayFilter(field_name="stage_since", label=_("Entered the stage"))
    entered = EnteredFilter(
        field_name="entered", label=_("Entered the funnel"), names=(*PAST, "last_365", "ever")
    )
    entered_from = EnteredBound(field_name="entered", label=_("From"))
    entered_to = EnteredBound(field_name="entered", label=_("Until"), until=True)
    reached = ReachedFilter(
        label=_("Reached the stage"), queryset=LifecycleStage.objects.exclude(kind=StageKind.LOST)
    )


class MembershipFilter(SmallNumberFilter):
    """Contacts of one customer, if the reader may see it."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if value is None:
            return qs
        seen = Customer.objects.visible_to(self.parent.user).filter(pk=int(value)).values("pk")
        links = Membership._base_manager.filter(customer__in=seen, deleted_at__isnull=True)
        return qs.filter(pk__in=links.values("contact_id"))


class ContactFilters(OwnedFilters):
    custom_model = CONTACT

    customer = MembershipFilter(label=_("Customer number in this system"), widget=forms.HiddenInput())
    buying_role = django_filters.MultipleChoiceFilter(
        label=_("Buying role"), choices=BuyingRole.choices, distinct=False
    )
    job_title = django_filters.CharFilter(
        field_name="job_title", lookup_expr="icontains", label=_("Job title"), max_length=80
    )
    tags = PickFilter(
        field_name="tags", label=_("Tags"), queryset=Tag.objects.all(), none_label=_("No tags"),
        through=(Contact.tags.through, "contact_id", "tag"),
    )  # fmt: skip


CUSTOMER_GROUPS: list[tuple[Any, list[str]]] = [
    (_("Who looks after them"), ["mine", "owner", "team", "stage", "tags"]),
    (_("What they are"), ["kind", "industry", "size_band", "country", "city", "source", "preferred_channel"]),
    (
        _("When"),
        ["last_contacted", "next_step", "created", "created_from", "created_to", "updated"],
    ),
    (_("Way through the funnel"), ["entered", "entered_from", "entered_to", "reached", "stage_since"]),
    (_("How much"), ["revenue_min", "revenue_max", "value_min"]),
]
CONTACT_GROUPS: list[tuple[Any, list[str]]] = [
    (_("Who looks after them"), ["mine", "owner", "team", "tags"]),
    (_("What they do"), ["job_title", "buying_role", "customer"]),
    (_("When"), ["last_contacted", "created", "created_from", "created_to", "updated"]),
]
