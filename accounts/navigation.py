"""The side navigation: which pages there are, in which order, and who is led to them.

Apps above add their own items from ``AppConfig.ready``; an item whose address does not exist
is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.constants import ADMINISTER, IMPORT, Kind, Level
from accounts.models import Organisation, User
from accounts.organisation import get_organisation
from accounts.visibility import access
from accounts.vocabulary import Words, words_of

Label = Callable[[Words], Any]


@dataclass(frozen=True, eq=False)  # each is itself: comparing the labels would translate them
class Item:
    """A page of the navigation. `label` is a text, or takes the organisation's words."""

    url_name: str
    label: Any
    icon: str = ""
    kind: str = ""  # seen by those who see records of this kind
    act: str = ""  # seen by those who may do this
    when: Callable[[Organisation], bool] | None = None  # left out while this says no
    shortcut: str = ""
    order: int = 50
    children: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Shown:
    """An item as the template draws it."""

    label: str
    url: str
    icon: str
    shortcut: str
    active: bool = False
    children: tuple[Shown, ...] = ()


_items: dict[str, Item] = {}


def register(item: Item) -> None:
    """Add an item, or replace the one with the same address. Called before the first request."""
    _items[item.url_name] = item


def _customers(words: Words) -> Any:
    return words.customers


for _item in (
    Item("activities:today", _("Today"), "home", shortcut="h", order=10),
    Item(
        "customers:customer_list",
        _customers,
        "building-office-2",
        kind=Kind.CUSTOMER,
        shortcut="c",
        order=20,
        children=(
            Item("customers:customer_list", lambda words: words.all_customers),
            Item("customers:customer_kanban", _("Board")),
            Item("customers:funnel", _("Funnel")),
            Item("customers:duplicate_list", _("Duplicates")),
        ),
    ),
    Item(
        "customers:contact_list",
        _("Contacts"),
        "user-group",
        kind=Kind.CONTACT,
        shortcut="p",
        order=30,
    ),
    Item(
        "activities:task_list",
        _("Tasks"),
        "check-circle",
        kind=Kind.ACTIVITY,
        shortcut="t",
        order=40,
        children=(
            Item("activities:task_list", _("Tasks")),
            Item("activities:activity_list", _("Activities")),
            Item("activities:cadence_list", _("Keeping in touch")),
            Item("activities:calendar_links", _("Calendar")),
        ),
    ),
    Item("core:import_list", _("Import"), "arrow-up-tray", act=IMPORT, shortcut="i", order=60),
    Item(
        "core:change_set_list",
        _("History"),
        "clock",
        order=70,
        children=(
            Item("core:change_set_list", _("Changes")),
            Item("core:trash_list", _("Trash")),
            Item("core:job_list", _("Background work")),
        ),
    ),
    Item(
        "accounts:organisation",
        _("Settings"),
        "cog-6-tooth",
        act=ADMINISTER,
        shortcut="s",
        order=90,
        children=(
            Item("accounts:organisation", _("Organisation")),
            Item("accounts:user_list", _("People")),
            Item("accounts:team_list", _("Teams")),
            Item("accounts:visibility", _("Visibility")),
            Item("customers:customfield_list", _("Custom fields")),
            Item("core:customfield_list", _("Custom fields")),
            Item(
                "customers:retention_list",
                _("Retention"),
                when=lambda organisation: bool(organisation.retention_months),
            ),
            Item("accounts:audit_list", _("Security log")),
        ),
    ),
):
    register(_item)


def navigation(user: User, path: str) -> tuple[Shown, ...]:
    """What this person may open, with the page they are on marked."""
    organisation = get_organisation()
    may = partial(_may_open, user=user, organisation=organisation)
    parents = [item for item in _items.values() if may(item)]
    opened = (*parents, *(child for item in parents for child in item.children if may(child)))
    shown = _menu(opened, organisation.vocabulary, get_language(), get_script_prefix())
    return _marked(shown, _longest(shown, path))


def _may_open(item: Item, *, user: User, organisation: Organisation) -> bool:
    if item.act and not access(user).may(item.act):
        return False
    if item.when and not item.when(organisation):
        return False
    return not item.kind or access(user).level(item.kind) != Level.NONE


@lru_cache(maxsize=64)
def _menu(opened: tuple[Item, ...], words: str, language: str, prefix: str) -> tuple[Shown, ...]:
    """The menu of everybody who may open these, read in this language (and no other)."""
    rows = sorted((item for item in _items.values() if item in opened), key=lambda item: item.order)
    return tuple(found for item in rows if (found := _shown(item, opened, words_of(words))))


def _shown(item: Item, opened: tuple[Item, ...], words: Words) -> Shown | None:
    try:
        url = reverse(item.url_name)
    except NoReverseMatch:
        return None
    children = [
        found for child in item.children if child in opened and (found := _shown(child, opened, words))
    ]
    return Shown(
        label=str(item.label(words) if callable(item.label) else item.label),
        url=url,
        icon=item.icon,
        shortcut=item.shortcut,
        # One child would only repeat its parent.
        children=tuple(children) if len(children) > 1 else (),
    )


def _longest(shown: tuple[Shown, ...], path: str) -> str:
    """The longest address the path begins with; the start page only when it is the path."""
    urls = [entry.url for item in shown for entry in (item, *item.children)]
    return max((url for url in urls if _covers(url, path)), key=len, default="")


@lru_cache(maxsize=512)
def _marked(shown: tuple[Shown, ...], url: str) -> tuple[Shown, ...]:
    """The menu with what has this address marked, and what it stands under."""
    if not url:
        return shown
    marked = []
    for item in shown:
        children = tuple(replace(child, active=child.url == url) for child in item.children)
        active = item.url == url or any(child.active for child in children)
        marked.append(replace(item, active=active, children=children))
    return tuple(marked)


def _covers(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
