"""The columns of the lists of competitors and objections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.tables import BLANK, Column, Loader, Sort, Table
from deals.engine.chances import Share
from deals.models import Deal, ObjectionAnswer
from deals.selectors.competition import Standing, standings
from deals.selectors.objections import Heard, heard


def rate_text(found: Share) -> str:
    """“60 % (3 of 5)”; nothing where nothing was counted."""
    if found.rate is None:
        return ""
    return gettext("%(percent)s %% (%(part)s of %(n)s)") % {
        "percent": round(100 * found.rate), "part": found.part, "n": found.n,
    }  # fmt: skip


def _of_standings(value: Callable[[Standing], Any]) -> Loader:
    def load(pks: Any, user: Any) -> dict[int, Any]:
        return {pk: value(one) for pk, one in standings(pks, Deal.objects.visible_to(user)).items()}

    return load


def _of_heard(value: Callable[[Heard], Any]) -> Loader:
    def load(pks: Any, user: Any) -> dict[int, Any]:
        return {pk: value(one) for pk, one in heard("objection", pks, user).items()}

    return load


def _answers(pks: Any, user: Any) -> dict[int, int]:
    rows = ObjectionAnswer.objects.visible_to(user).filter(objection__in=list(pks))
    return Counter(rows.order_by().values_list("objection_id", flat=True))


COMPETITORS = Table(
    key="competitors",
    default_sort="name",
    columns=(
        Column("name", _("Name"), ("name",), "link", Sort(("name",)), default=True,
               url="deals:competitor_detail"),
        Column("competing", _("Open deals"), kind="number", load=_of_standings(lambda one: one.competing),
               default=True),
        Column("met", _("Deals against them"), kind="number", load=_of_standings(lambda one: one.met),
               default=True),
        Column("rate", _("Win rate against them"), load=_of_standings(lambda one: rate_text(one.rate)),
               default=True),
        Column("website", _("Website"), ("website",), default=True),
    ),
)  # fmt: skip

OBJECTIONS = Table(
    key="objections",
    default_sort="category",
    name_field="text",
    columns=(
        Column("text", _("Objection"), ("text",), "link", default=True, url="deals:objection_detail"),
        Column("category", _("About"), ("category",), sort=Sort(("category", "text"), BLANK), default=True),
        Column("deals", _("Heard in deals"), kind="number", load=_of_heard(lambda one: one.deals),
               default=True),
        Column("rate", _("Of those closed, won"), load=_of_heard(lambda one: rate_text(one.rate)),
               default=True),
        Column("answers", _("Answers"), kind="number", load=_answers, default=True),
    ),
)  # fmt: skip
