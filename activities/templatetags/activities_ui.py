"""How activities look: their icons, and days in words."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from heroicons.templatetags.heroicons import heroicon_outline

register = template.Library()

ICONS = {
    "call": "phone",
    "mail": "envelope",
    "meeting": "users",
    "note": "document-text",
    "chat": "chat-bubble-left-right",
    "social": "megaphone",
}


@register.filter
def kind_icon(kind: object) -> str:
    """The icon of a kind of activity; any contact has one too."""
    return ICONS.get(str(kind), "arrow-path")


@register.simple_tag
@lru_cache(maxsize=1)
def kind_sprite() -> SafeString:
    """The icons of all kinds, once for a page of entries that each only point at theirs."""
    symbols = ((kind, _inside(name)) for kind, name in ICONS.items())
    joined = format_html_join("", '<symbol id="kind-{}" viewBox="0 0 24 24">{}</symbol>', symbols)
    return format_html('<svg width="0" height="0" aria-hidden="true" hidden>{}</svg>', joined)


def _inside(name: str) -> SafeString:
    # The package's own markup of one icon, without its <svg> frame.
    found = re.search(r"<svg[^>]*>(.*)</svg>", str(heroicon_outline(name)), re.DOTALL)
    assert found is not None
    return SafeString(  # nosec B703  # the package's own file
        found[1].strip()
    )


@register.filter
def day_name(day: date, today: date | None = None) -> str:
    """Today, Yesterday, Tomorrow, else the date with its weekday. `today` is the organisation's
    day for due dates; without it, the reader's."""
    now = today or timezone.localdate()
    near = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
    found = near.get((day - now).days)
    if found:
        return found
    return _("%(weekday)s %(date)s") % {
        "weekday": date_format(day, "D"),
        "date": date_format(day, "DATE_FORMAT"),
    }
