"""The columns of the customer and contact lists and of their exports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.organisation import get_organisation
from core import custom_values
from core.models import CustomField
from core.money import format_money
from core.tables import BLANK, NULL, Column, Row, Sort, Table
from customers.constants import BuyingRole, Channel, CustomerKind, MethodKind, SizeBand
from customers.models import Contact, ContactMethod, Customer, LifecycleStage, Membership, Source

CUSTOMER, CONTACT = "customers.customer", "customers.contact"


# Orders by a related row: its readers know names, not ids.


def _used(model: type, field: str, order: tuple[str, ...], rows: QuerySet) -> list[int]:
    inside = rows.order_by().filter(**{field: OuterRef("pk")})
    return list(model.objects.filter(Exists(inside)).order_by(*order).values_list("pk", flat=True))  # type: ignore[attr-defined]


def owners(rows: QuerySet) -> list[int]:
    return _used(User, "owner", ("name", "pk"), rows)


def teams(rows: QuerySet) -> list[int]:
    return _used(Team, "team", ("name", "pk"), rows)


def stages(rows: QuerySet) -> list[int]:
    return list(LifecycleStage.objects.order_by("position", "pk").values_list("pk", flat=True))


def sources(rows: QuerySet) -> list[int]:
    return _used(Source, "source", ("name", "pk"), rows)


# Values that are not in the row itself.


def _methods(link: str, kind: str, pks: list[int]) -> dict[int, str]:
    rows = ContactMethod._base_manager.filter(
        **{f"{link}__in": pks}, kind=kind, deleted_at__isnull=True
    ).order_by("primary", "-pk")
    return dict(rows.values_list(link, "value"))  # the last one, the main one, stays


def customer_email(pks: list[int], user: Any) -> dict[int, str]:
    return _methods("customer", MethodKind.EMAIL, pks)


def customer_phone(pks: list[int], user: Any) -> dict[int, str]:
    return _methods("customer", MethodKind.PHONE, pks)


def contact_email(pks: list[int], user: Any) -> dict[int, str]:
    return _methods("contact", MethodKind.EMAIL, pks)


def contact_phone(pks: list[int], user: Any) -> dict[int, str]:
    return _methods("contact", MethodKind.PHONE, pks)


def _tags(model: type[Customer] | type[Contact], link: str, pks: list[int]) -> dict[int, list[dict]]:
    found: dict[int, list[dict]] = defaultdict(list)
    rows = model.tags.through._base_manager.filter(**{f"{link}__in": pks}).order_by("tag__name")
    for pk, name, colour in rows.values_list(link, "tag__name", "tag__colour"):
        found[pk].append({"label": name, "hue": colour})
    return found


def customer_tags(pks: list[int], user: Any) -> dict[int, list[dict]]:
    return _tags(Customer, "customer_id", pks)


def contact_tags(pks: list[int], user: Any) -> dict[int, list[dict]]:
    return _tags(Contact, "contact_id", pks)


def _related(field: str, pks: list[int], user: Any) -> dict[int, dict]:
    """Another customer this one points at, if the reader may see it."""
    links = dict(
        Customer._base_manager.filter(pk__in=pks, **{f"{field}__isnull": False}).values_list("pk", field)
    )
    if not links:
        return {}
    seen = dict(Customer.objects.visible_to(user).filter(pk__in=links.values()).values_list("pk", "name"))
    return {
        pk: {"label": seen[other], "url": reverse("customers:customer_detail", args=[other])}
        for pk, other in links.items()
        if other in seen
    }


def parents(pks: list[int], user: Any) -> dict[int, dict]:
    return _related("parent", pks, user)


def referrers(pks: list[int], user: Any) -> dict[int, dict]:
    return _related("referred_by", pks, user)


def employers(pks: list[int], user: Any) -> dict[int, list[dict]]:
    """The customers a contact belongs to, those the reader may see."""
    rows = Membership._base_manager.filter(contact__in=pks, deleted_at__isnull=True)
    links = list(rows.order_by("-primary", "pk").values_list("contact_id", "customer_id"))
    ids = {customer for _contact, customer in links}
    seen = dict(Customer.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "name"))
    found: dict[int, list[dict]] = defaultdict(list)
    for contact, customer in links:
        if customer in seen:
            url = reverse("customers:customer_detail", args=[customer])
            found[contact].append({"label": seen[customer], "url": url})
    return found


def _stage(row: Row) -> dict[str, Any] | None:
    if not row.get("stage__name"):
        return None
    return {"label": gettext(row["stage__name"]), "hue": row.get("stage__colour", 0)}


class BaseMoneyColumn(Column):
    """An amount in the organisation's own currency."""

    def html(self, row: Row) -> str:
        value = self.raw(row)
        return "" if value is None else format_money(value, get_organisation().base_currency)


class StageColumn(Column):
    """A badge in the list, the stage's own name in a file."""

    def plain(self, row: Row) -> Any:
        return row.get("stage__name")


# Custom fields


class CustomColumn(Column):
    """A field an administrator defined: shown in words, exported as the importer reads it."""

    def plain(self, row: Row) -> Any:
        item, value = self.choices["definition"], (row.get("custom") or {}).get(self.choices["key"])
        return custom_values.export(item, value, people=_people("email")) or None

    def html(self, row: Row) -> Any:
        item, value = self.choices["definition"], (row.get("custom") or {}).get(self.choices["key"])
        return custom_values.show(item, value, people=_people("name") if item.kind == "person" else None)


def _custom_column(item: CustomField) -> Column:
    kind = "number" if item.kind in (CustomField.Kind.NUMBER, CustomField.Kind.MONEY) else "text"
    order = custom_values.sort_key(item)
    sort = None if order is None else Sort(("sort_value",), NULL, expression=order)
    choices = {"definition": item, "key": item.key}
    return CustomColumn(f"custom.{item.key}", item.label, ("custom",), kind, sort, choices=choices)


def _people(field: str) -> dict[int, str]:
    """Names or addresses of everybody, kept a minute: lists ask for many at once."""
    key = f"people.{field}"
    names: dict[int, str] | None = cache.get(key)
    if names is None:
        names = dict(User.objects.values_list("pk", field))
        cache.set(key, names, 60)
    return names


def custom_columns(model: str) -> Sequence[Column]:
    """The columns an administrator defined for a kind of record."""
    return [_custom_column(item) for item in custom_values.definitions(model)]


def customer_custom() -> Sequence[Column]:
    return custom_columns(CUSTOMER)


def contact_custom() -> Sequence[Column]:
    return custom_columns(CONTACT)


BY_NAME = Sort(("sort_name",))
# Whose record it is: the same two columns on every list of owned records.
RESPONSIBLE = (
    Column(
        "owner",
        _("Owner"),
        ("owner__name",),
        "person",
        Sort(("owner", "sort_name"), NULL, groups=owners),
        default=True,
        edit="owner",
    ),
    Column(
        "team",
        _("Team"),
        ("team__name",),
        "person",
        Sort(("team", "sort_name"), NULL, groups=teams),
        edit="team",
    ),
)

CUSTOMERS = Table(
    key="customers",
    default_sort="name",
    extra=customer_custom,
    columns=(
        Column("name", _("Name"), ("name",), "link", BY_NAME, default=True, url="customers:customer_detail"),
        Column("kind", _("Kind"), ("kind",), "choice", choices=dict(CustomerKind.choices)),
        Column("given_name", _("Given name"), ("given_name",)),
        Column("family_name", _("Family name"), ("family_name",)),
        Column("external_id", _("Customer number"), ("external_id",)),
        StageColumn(
            "stage",
            _("Stage"),
            ("stage__name", "stage__colour"),
            "badge",
            Sort(("stage", "sort_name"), groups=stages),
            default=True,
            value=_stage,
        ),
        *RESPONSIBLE,
        Column("email", _("E-mail"), load=customer_email),
        Column("phone", _("Phone"), load=customer_phone, default=True),
        Column("domain", _("Domain"), ("domain",), edit="domain"),
        Column(
            "industry",
            _("Industry"),
            ("industry",),
            sort=Sort(("industry", "sort_name"), BLANK),
            default=True,
            edit="industry",
        ),
        Column(
            "size_band",
            _("Employees"),
            ("size_band",),
            "choice",
            choices=dict(SizeBand.choices),
            edit="size_band",
        ),
        Column("street", _("Street"), ("street",), edit="street"),
        Column("postcode", _("Postcode"), ("postcode",), edit="postcode"),
        Column("city", _("City"), ("city",), sort=Sort(("city",), BLANK), edit="city"),
        Column("region", _("Region"), ("region",), edit="region"),
        Column(
            "country",
            _("Country"),
            ("country",),
            sort=Sort(("country", "sort_name"), BLANK),
            default=True,
            edit="country",
        ),
        Column(
            "annual_revenue",
            _("Annual revenue"),
            ("annual_revenue",),
            "money",
            Sort(("annual_revenue",), NULL, newest_first=True),
            total=True,
            currency="currency",
            edit="annual_revenue",
        ),
        Column("currency", _("Currency"), ("currency",), edit="currency"),
        Column("founded", _("Founded"), ("founded",), edit="founded"),
        Column("parent", _("Parent company"), kind="link_to", load=parents),
        Column(
            "source",
            _("Source"),
            ("source__name",),
            sort=Sort(("source", "sort_name"), NULL, groups=sources),
            edit="source",
        ),
        Column("campaign", _("Campaign"), ("campaign",), edit="campaign"),
        Column("referred_by", _("Referred by"), kind="link_to", load=referrers),
        Column("language", _("Preferred language"), ("language",), edit="language"),
        Column(
            "preferred_channel",
            _("Preferred channel"),
            ("preferred_channel",),
            "choice",
            choices=dict(Channel.choices),
            edit="preferred_channel",
        ),
        Column("birthday", _("Birthday"), ("birthday",), "date"),
        Column("tags", _("Tags"), kind="badges", load=customer_tags),
        Column("description", _("Description"), ("description",)),
        Column(
            "last_contacted_at",
            _("Last contact"),
            ("last_contacted_at",),
            "date",
            Sort(("last_contacted_at",), NULL, newest_first=True),
            default=True,
        ),
        Column("next_step_on", _("Next step on"), ("next_step_on",), "date", Sort(("next_step_on",), NULL)),
        Column("next_step", _("Next step"), ("next_step",)),
        BaseMoneyColumn(
            "lifetime_value",
            _("Lifetime value"),
            ("lifetime_value",),
            "money",
            Sort(("lifetime_value",), NULL, newest_first=True),
            total=True,
        ),
        Column("stage_since", _("In stage since"), ("stage_since",), "date"),
        Column("created_at", _("Created"), ("created_at",), "date", Sort(("created_at",), newest_first=True)),
        Column("updated_at", _("Updated"), ("updated_at",), "date", Sort(("updated_at",), newest_first=True)),
    ),
)

CONTACTS = Table(
    key="contacts",
    default_sort="name",
    extra=contact_custom,
    columns=(
        Column(
            "name",
            pgettext_lazy("person", "Name"),
            ("name",),
            "link",
            BY_NAME,
            default=True,
            url="customers:contact_detail",
        ),
        Column("prefix", _("Title"), ("prefix",)),
        Column("given_name", _("Given name"), ("given_name",)),
        Column("family_name", _("Family name"), ("family_name",)),
        Column("external_id", _("Contact number"), ("external_id",)),
        Column(
            "job_title",
            _("Job title"),
            ("job_title",),
            sort=Sort(("job_title",), BLANK),
            default=True,
            edit="job_title",
        ),
        Column("customers", _("Customers"), kind="list", load=employers, default=True),
        Column("email", _("E-mail"), load=contact_email, default=True),
        Column("phone", _("Phone"), load=contact_phone, default=True),
        Column(
            "buying_role",
            _("Buying role"),
            ("buying_role",),
            "choice",
            choices=dict(BuyingRole.choices),
            edit="buying_role",
        ),
        *RESPONSIBLE,
        Column("language", _("Language"), ("language",), edit="language"),
        Column("birthday", _("Birthday"), ("birthday",), "date"),
        Column("tags", _("Tags"), kind="badges", load=contact_tags),
        Column("description", _("Description"), ("description",)),
        Column(
            "last_contacted_at",
            _("Last contact"),
            ("last_contacted_at",),
            "date",
            Sort(("last_contacted_at",), NULL, newest_first=True),
            default=True,
        ),
        Column("created_at", _("Created"), ("created_at",), "date", Sort(("created_at",), newest_first=True)),
        Column("updated_at", _("Updated"), ("updated_at",), "date", Sort(("updated_at",), newest_first=True)),
    ),
)
