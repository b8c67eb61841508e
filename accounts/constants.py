"""Roles, levels and what each role may do. The rows in VisibilityRule say on which records."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    SALES = "sales", _("Sales")
    MANAGER = "manager", _("Manager")
    ANALYST = "analyst", _("Analyst (read-only)")
    ADMINISTRATOR = "administrator", _("Administrator")


class Level(models.TextChoices):
    """How far a role sees or edits one kind of record."""

    NONE = "none", _("None")
    OWN = "own", _("Own")
    TEAM = "team", _("Team")
    ALL = "all", _("All")


class Kind(models.TextChoices):
    """Kinds of records with visibility rules of their own; other records follow one of these."""

    CUSTOMER = "customer", _("Customers")
    CONTACT = "contact", _("Contacts")
    DEAL = "deal", _("Deals, quotes and contracts")
    ORDER = "order", _("Orders")
    ACTIVITY = "activity", _("Activities and tasks")


class Theme(models.TextChoices):
    SYSTEM = "system", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(models.TextChoices):
    COMFORTABLE = "comfortable", _("Comfortable")
    COMPACT = "compact", _("Compact")


# (view, edit) per role and kind, until an administrator changes them.
DEFAULT_LEVELS: dict[str, tuple[str, str]] = {
    Role.SALES: (Level.TEAM, Level.OWN),
    Role.MANAGER: (Level.TEAM, Level.TEAM),
    Role.ANALYST: (Level.ALL, Level.NONE),
    Role.ADMINISTRATOR: (Level.ALL, Level.ALL),
}

# Acts that are not about one record.
IMPORT = "core.import_data"
EXPORT = "core.export_data"
SHARE_VIEWS = "core.share_views"
SEE_TEAM = "accounts.see_team"
ADMINISTER = "accounts.administer"
# Pipelines, products, prices, rates and targets.
MANAGE_SALES = "deals.manage_sales"

ROLE_ACTS: dict[str, frozenset[str]] = {
    Role.SALES: frozenset({IMPORT, EXPORT}),
    Role.MANAGER: frozenset({IMPORT, EXPORT, SHARE_VIEWS, SEE_TEAM, MANAGE_SALES}),
    Role.ANALYST: frozenset({EXPORT, SEE_TEAM}),
    Role.ADMINISTRATOR: frozenset({IMPORT, EXPORT, SHARE_VIEWS, SEE_TEAM, MANAGE_SALES, ADMINISTER}),
}
