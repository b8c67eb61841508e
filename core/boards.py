"""What boards have in common: cards with their next step and the time they have been where they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

CARDS = 50  # of a column; the list has the rest
FIRST = 6  # cards in the page itself; the others follow when somebody scrolls to them
NONE, LATE, PLANNED = "none", "late", "planned"


@dataclass(frozen=True)
class BoardCard:
    """One record on a board."""

    pk: int
    name: str
    version: int
    owner: str
    days: int
    next_step: str  # none, late or planned
    next_step_on: date | None

    @property
    def step_words(self) -> str:
        if self.next_step_on is None:
            return _("No next step")
        day = date_format(self.next_step_on, "SHORT_DATE_FORMAT")
        return (_("Next step late: %s") if self.next_step == LATE else _("Next step: %s")) % day

    @property
    def days_words(self) -> str:
        return ngettext("%d day here", "%d days here", self.days) % self.days


def step_state(day: date | None, today: date) -> str:
    """How the planned step stands: there is none, it is late, or it is planned."""
    return NONE if day is None else LATE if day < today else PLANNED


def wants_json(request: HttpRequest) -> bool:
    """Whether the board's script asks; without it the same address answers a page."""
    return "application/json" in request.headers.get("Accept", "")


def number(text: Any) -> int:
    """An id of an address or a form; nonsense is 0, which no row has."""
    text = str(text or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
