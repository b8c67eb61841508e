"""The kinds of rules the table is written with.

A rule answers for a role and an owner: `yes` (the page), `no` (403) or `none` (404).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from accounts.constants import Role
from tests.permissions.roles import ROLES, WHOSE

Answers = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Rule:
    """What each role gets of its own, its team's and another team's record."""

    name: str
    answers: Answers


def _rule(name: str, **roles: str) -> Rule:
    return Rule(
        name,
        {
            (role, whose): answer
            for role in ROLES
            for whose, answer in zip(WHOSE, roles[role].split(), strict=True)
        },
    )


def _roles(name: str, *allowed: str) -> Rule:
    """The same for every record: some roles may, the others may not."""
    return Rule(
        name, {(role, whose): "yes" if role in allowed else "no" for role in ROLES for whose in WHOSE}
    )


SEE = _rule(
    "whoever sees the record",
    sales="yes yes none",
    manager="yes yes none",
    analyst="yes yes yes",
    administrator="yes yes yes",
)
EDIT = _rule(
    "whoever may change the record",
    sales="yes no none",
    manager="yes yes none",
    analyst="no no no",
    administrator="yes yes yes",
)
WRITE = _rule(
    "whoever sees the customer and may write activities at all",
    sales="yes yes none",
    manager="yes yes none",
    analyst="no no no",
    administrator="yes yes yes",
)
LEAD = _rule(
    "whoever leads the team whose record it is",
    sales="no no none",
    manager="yes yes none",
    analyst="no no no",
    administrator="yes yes yes",
)
RESTORE = _rule(
    "whoever could change the record before; a record in the trash is invisible to the others",
    sales="yes none none",
    manager="yes yes none",
    analyst="none none none",
    administrator="yes yes yes",
)
MINE = _rule(
    "only the person it belongs to",
    sales="yes none none",
    manager="none none none",
    analyst="none none none",
    administrator="none none none",
)
MINE_OR_ADMINISTRATOR = _rule(
    "the person it belongs to, and administrators",
    sales="yes none none",
    manager="none none none",
    analyst="none none none",
    administrator="yes yes yes",
)
IMPORT_SEE = _rule(
    "the importer, and administrators",
    sales="yes none none",
    manager="none none none",
    analyst="no no no",
    administrator="yes yes yes",
)
IMPORT_OWN = _rule(
    "the importer: it writes in their name; administrators see it but may not work on it",
    sales="yes none none",
    manager="none none none",
    analyst="no no no",
    administrator="no no no",
)
ADMINISTRATE = _rule(
    "administrators; the others are told no about records they see, and nothing about the rest",
    sales="no no none",
    manager="no no none",
    analyst="no no no",
    administrator="yes yes yes",
)
EVERYBODY = _roles("everybody who is signed in", *ROLES)
ADMINISTRATORS = _roles("administrators", Role.ADMINISTRATOR)
WRITERS = _roles("everybody but the read-only role", Role.SALES, Role.MANAGER, Role.ADMINISTRATOR)
IMPORTERS = WRITERS
LEADERS = _roles("whoever leads sales", Role.MANAGER, Role.ADMINISTRATOR)
OPEN = _roles("the whole world", *ROLES)


@dataclass(frozen=True)
class Row:
    """One address: who may open it, with which methods, and what a request carries."""

    rule: Rule
    record: str = ""
    methods: tuple[str, ...] = ("GET",)
    data: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    kwargs: dict[str, Any] = field(default_factory=dict)
    pk: str = "pk"
    collection: bool = False  # a page of rows: it has a test in tests/query_counts
    redirects: bool = False  # an address of a page that moved
    signs_out: bool = False  # the answer is the log-in page
    reads: Rule | None = None  # who may open the form without saving it, where that differs
    why: str = ""

    def expected(self, method: str, role: str, whose: str) -> str:
        rule = self.reads if self.reads and method == "GET" else self.rule
        return "yes" if rule is OPEN else rule.answers[role, whose]

    def whose(self) -> tuple[str, ...]:
        return WHOSE if self.record else WHOSE[:1]


def page(rule: Rule, record: str = "", **more: Any) -> Row:
    return Row(rule, record, ("GET",), **more)


def act(rule: Rule, record: str = "", **more: Any) -> Row:
    return Row(rule, record, ("POST",), **more)


def form(rule: Rule, record: str = "", **more: Any) -> Row:
    return Row(rule, record, ("GET", "POST"), **more)
