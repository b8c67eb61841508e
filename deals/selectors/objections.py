"""How often objections were heard and what came after each answer, over the deals somebody may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from deals.constants import StageKind
from deals.engine.chances import Share, share
from deals.models import Deal, DealObjection, Objection, ObjectionAnswer


@dataclass(frozen=True)
class Heard:
    """In how many deals, and how those ended."""

    deals: int = 0
    won: int = 0
    lost: int = 0

    @property
    def rate(self) -> Share:
        return share(self.won, self.won + self.lost)


def heard(name: str, pks: Iterable[int], user: Any) -> dict[int, Heard]:
    """By `name`, objection or answer. A deal in which it came up twice counts once."""
    rows = DealObjection.objects.alive().filter(
        **{f"{name}__in": list(pks)}, deal__in=Deal.objects.visible_to(user).order_by().values("pk")
    )
    counts: dict[int, Counter[str]] = {}
    grouped = rows.order_by().values_list(name, "deal__status").annotate(n=Count("deal", distinct=True))
    for pk, status, n in grouped:
        counts.setdefault(pk, Counter())[status] = n
    return {pk: Heard(sum(by.values()), by[StageKind.WON], by[StageKind.LOST]) for pk, by in counts.items()}


def answers_of(objection: Objection, user: Any) -> list[tuple[ObjectionAnswer, Heard]]:
    """The answers, those after which most deals were won first."""
    answers = list(ObjectionAnswer.objects.alive().filter(objection=objection).order_by("pk"))
    found = heard("answer", [answer.pk for answer in answers], user)
    lines = [(answer, found.get(answer.pk, Heard())) for answer in answers]
    return sorted(lines, key=lambda line: (-(line[1].rate.rate or 0), -line[1].deals, line[0].pk))


def library(user: Any) -> list[tuple[str, list[tuple[Objection, list[ObjectionAnswer]]]]]:
    """Objections with their answers by what they are about."""
    answers: dict[int, list[ObjectionAnswer]] = {}
    for answer in ObjectionAnswer.objects.visible_to(user).order_by("pk"):
        answers.setdefault(answer.objection_id, []).append(answer)
    groups: dict[str, list[tuple[Objection, list[ObjectionAnswer]]]] = {}
    for objection in Objection.objects.visible_to(user).order_by("category", "text", "pk"):
        groups.setdefault(objection.category, []).append((objection, answers.get(objection.pk, [])))
    return sorted(groups.items(), key=lambda group: (not group[0], group[0]))
