"""What the pages of customers and contacts show of their history."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.panels import Panel
from core.panels import register as register_panel

VIEW = "activities.view_activity"


def register() -> None:
    """Called once when the app is ready."""
    register_panel(
        "customer",
        Panel(
            key="timeline",
            title=_("History"),
            url=lambda customer: reverse("activities:timeline", args=[customer.pk]),
            permission=VIEW,
            order=10,
        ),
    )
    register_panel(
        "customer",
        Panel(
            key="planned",
            title=_("Tasks and cadence"),
            url=lambda customer: reverse("activities:planned", args=[customer.pk]),
            permission=VIEW,
            order=20,
            place="aside",
        ),
    )
    register_panel(
        "deal",
        Panel(
            key="timeline",
            title=_("History"),
            url=lambda deal: reverse("activities:deal_timeline", args=[deal.pk]),
            permission=VIEW,
            order=10,
        ),
    )
    register_panel(
        "deal",
        Panel(
            key="planned",
            title=_("Tasks"),
            url=lambda deal: reverse("activities:deal_planned", args=[deal.pk]),
            permission=VIEW,
            order=10,
            place="aside",
        ),
    )
    register_panel(
        "contact",
        Panel(
            key="timeline",
            title=_("History"),
            url=lambda contact: reverse("activities:contact_timeline", args=[contact.pk]),
            permission=VIEW,
            order=10,
        ),
    )
