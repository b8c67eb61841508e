"""The rows of a benchmark database: the same for the same size, whatever the database.

Of each customer: an e-mail address, a phone for one in two, half a contact, one or two funnel
moves, half a tag, one activity, a third of a task, a third of an order with two lines, and a deal
with one or two moves.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import models

from accounts.models import Organisation, Team, User
from activities.models import Activity, CadencePlan, Task
from bench import words
from bench.deals import LOADED as DEALS
from bench.deals import load_deals
from bench.load import finish, load, moment, without_indexes
from core.names import person_name
from core.text import digits
from customers.models import (
    Contact,
    ContactMethod,
    Customer,
    LifecycleStage,
    Membership,
    Source,
    StageChange,
    Tag,
)
from customers.services.derived import contact_text, customer_text, sort_name
from deals.models import Order, OrderLine
from deals.rollup_upkeep import rebuild_totals
from deals.services.forecast import measure_stages

TEAMS, PEOPLE_PER_TEAM = 20, 10
RARE_ROWS = 5
PASSWORD_UNUSABLE = "!"  # noqa: S105  nobody logs in with a password here


class Generator:
    """Everything of one database; `size` is the number of customers."""

    def __init__(self, size: int, now: datetime) -> None:
        self.size = size
        self.now = now
        self.today = now.date()
        self.dice = random.Random(size)
        # Times are drawn from a fixed stock: formatting a million of them takes longer than all else.
        steps = [now - timedelta(minutes=self.dice.randrange(1, 900_000)) for _ in range(20_000)]
        self.moments = [moment(at) for at in sorted(steps)]
        self.days = [(self.today + timedelta(days=n)).isoformat() for n in range(-60, 61)]
        self.rare = {1 + size * n // RARE_ROWS for n in range(RARE_ROWS)}

    def run(self) -> None:
        """Fill an empty, migrated database."""
        self.people()
        with without_indexes([model._meta.db_table for model in LOADED]):
            self.customers()
            self.contacts()
            self.methods()
            self.history()
            self.orders()
            load_deals(self)
        rebuild_totals()
        measure_stages(self.today)
        finish()

    def people(self) -> None:
        """Four regions of five teams of ten salespeople, a manager for each team, an administrator."""
        Organisation.objects.update_or_create(pk=1, defaults={"name": "Benchmark", "base_currency": "EUR"})
        regions = [Team.objects.create(name=f"Region {n}") for n in range(1, 5)]
        teams = [Team.objects.create(name=f"Team {n}", parent=regions[n % 4]) for n in range(1, TEAMS + 1)]
        users = [_user(f"sales{n}", "sales", teams[n % TEAMS]) for n in range(TEAMS * PEOPLE_PER_TEAM)]
        users += [_user(f"manager{n}", "manager", team) for n, team in enumerate(teams)]
        users.append(_user("admin", "administrator", None))
        User.objects.bulk_create(users)
        self.sellers = [
            (pk, team)
            for pk, team in User.objects.filter(role="sales").order_by("pk").values_list("pk", "team_id")
        ]
        self.stages = list(LifecycleStage.objects.order_by("position", "pk").values_list("pk", flat=True))
        Tag.objects.bulk_create(Tag(name=name, colour=n % 8) for n, name in enumerate(words.TAGS))
        Source.objects.bulk_create(Source(name=name) for name in words.SOURCES)
        self.tags = list(Tag.objects.order_by("pk").values_list("pk", flat=True))
        self.sources = list(Source.objects.order_by("pk").values_list("pk", flat=True))

    # Which values a row has follows from its number alone, so that tables agree without memory.

    def seller(self, number: int) -> tuple[int, int]:
        return self.sellers[_mixed(number) % len(self.sellers)]

    def email(self, number: int) -> str:
        return f"office{number}@c{number % 99_991}.example"

    def phone(self, number: int) -> str:
        return f"+49 30 {5_000_000 + (number * 7) % 4_999_999}"

    def is_person(self, number: int) -> bool:
        return number % 10 in (3, 6, 9)

    def is_chinese(self, number: int) -> bool:
        return number % 5 == 0

    def name(self, number: int) -> tuple[str, str, str]:
        """(name, given name, family name); the parts only of persons."""
        hashed = _mixed(number)
        if self.is_person(number):
            return _person(hashed, self.is_chinese(number))
        if self.is_chinese(number):
            parts = (words.ZH_CITIES, words.ZH_HEADS, words.ZH_TAILS)
            return "".join(_pick(hashed, parts)), "", ""
        parts = (words.HEADS, words.MIDDLES, words.TAILS, words.FORMS)
        rare = f"{words.RARE.title()} " if number in self.rare else ""
        return rare + " ".join(_pick(hashed, parts)), "", ""

    def customers(self) -> None:
        columns = (
            "id kind name given_name family_name external_id domain industry size_band city country "
            "annual_revenue currency owner_id team_id stage_id source_id language created_at updated_at "
            "stage_since last_contacted_at next_step next_step_on lifetime_value sort_name search_text"
        )
        load(Customer, columns.split(), map(self._customer, range(1, self.size + 1)))
        links = ((n, self.tags[n % len(self.tags)]) for n in range(1, self.size, 2))
        load(Customer.tags.through, ["customer_id", "tag_id"], links)
        shared = ((n, self.sellers[n % len(self.sellers)][0]) for n in range(50, self.size, 1000))
        load(Customer.collaborators.through, ["customer_id", "user_id"], shared)

    def _customer(self, number: int) -> tuple[Any, ...]:
        name, given, family = self.name(number)
        chinese, person = self.is_chinese(number), self.is_person(number)
        city, country = words.PLACES[(_mixed(number) >> 9) % len(words.PLACES)]
        if chinese:
            city, country = words.ZH_CITIES[number % 7], "China"
        owner, team = self.seller(number)
        at = self.moments[number * 31 % len(self.moments)]
        domain = "" if person else f"c{number % 99_991}.example"
        external = f"K{number:07}"
        keys = [self.email(number)] + ([digits(self.phone(number))] if number % 2 else [])
        row = SimpleNamespace(
            name=name, given_name=given, family_name=family, domain=domain, external_id=external, city=city
        )
        return (
            number, "person" if person else "company", name, given, family, external, domain,
            "" if person else words.INDUSTRIES[number % 10], "" if person else "10-49", city, country,
            None if person else number * 37 % 90_000 * 100, "" if person else ("CNY" if chinese else "EUR"),
            owner, team, self.stages[_funnel(number, len(self.stages))],
            self.sources[number % len(self.sources)],
            "zh-hans" if chinese else "en", at, at, at,
            self.moments[number * 17 % len(self.moments)] if number % 3 else None,
            words.TO_DO[number % 5] if number % 4 == 0 else "",
            self.days[number % len(self.days)] if number % 4 == 0 else None,
            number % 5000 if number % 3 == 0 else None, sort_name(name), customer_text(row, keys),
        )  # fmt: skip

    def contacts(self) -> None:
        columns = (
            "id given_name family_name name job_title language owner_id team_id created_at updated_at "
            "last_contacted_at sort_name search_text"
        )
        load(Contact, columns.split(), map(self._contact, range(1, self.size // 2 + 1)))
        rows = ((n, n, 2 * n, words.TITLES[n % 6], 1) for n in range(1, self.size // 2 + 1))
        load(Membership, ["id", "contact_id", "customer_id", "role", "primary"], rows)

    def _contact(self, number: int) -> tuple[Any, ...]:
        chinese = self.is_chinese(2 * number)
        name, given, family = _person(_mixed(number), chinese)
        title = words.TITLES[number % 6]
        owner, team = self.seller(2 * number)
        at = self.moments[number * 13 % len(self.moments)]
        row = SimpleNamespace(
            name=name, given_name=given, family_name=family, job_title=title, external_id=""
        )
        text = contact_text(row, [f"person{number}@c{number % 99_991}.example"])
        return (
            number, given, family, name, title, "zh-hans" if chinese else "en", owner, team, at, at,
            at if number % 2 else None, sort_name(name), text,
        )  # fmt: skip

    def methods(self) -> None:
        columns = ["customer_id", "contact_id", "kind", "value", "key", "primary"]
        load(ContactMethod, columns, self._methods())

    def _methods(self) -> Iterator[tuple[Any, ...]]:
        for number in range(1, self.size + 1):
            email = self.email(number)
            yield number, None, "email", email, email, 1
            if number % 2:
                phone = self.phone(number)
                yield number, None, "phone", phone, digits(phone), 1
        for number in range(1, self.size // 2 + 1):
            email = f"person{number}@c{number % 99_991}.example"
            yield None, number, "email", email, email, 1

    def history(self) -> None:
        load(
            StageChange,
            ["customer_id", "from_stage_id", "to_stage_id", "at", "by_id", "seconds"],
            self._moves(),
        )
        columns = ["kind", "direction", "at", "subject", "body", "customer_id", "author_id", "handled_at"]
        load(Activity, columns, self._activities())
        columns = ["title", "customer_id", "assignee_id", "author_id", "due_on", "done_at", "done_by_id"]
        load(Task, columns, self._tasks())
        columns = ["customer_id", "interval", "starts_on", "last_on", "next_on"]
        load(CadencePlan, columns, self._plans())

    def _moves(self) -> Iterator[tuple[Any, ...]]:
        for number in range(1, self.size + 1):
            owner, at = self.seller(number)[0], self.moments[number * 31 % len(self.moments)]
            step = _funnel(number, len(self.stages))
            yield number, None, self.stages[0], at, owner, None
            if step:
                yield number, self.stages[0], self.stages[step], at, owner, number % 5_000_000

    def _activities(self) -> Iterator[tuple[Any, ...]]:
        kinds = ("call", "mail", "meeting", "note")
        for number in range(1, self.size + 1):
            for again in range(60 if number == RECORD else 1):
                turn = number + again
                at = self.moments[turn * 17 % len(self.moments)]
                incoming = turn % 5 == 0
                yield (
                    kinds[turn % 4], "in" if incoming else "out", at, words.SUBJECTS[turn % 6],
                    "Spoke about the order and when it can be delivered." if turn % 2 else "", number,
                    self.seller(number)[0], at if incoming and turn % 50 else None,
                )  # fmt: skip

    def _tasks(self) -> Iterator[tuple[Any, ...]]:
        for number in range(3, self.size + 1, 3):
            owner = self.seller(number)[0]
            done = self.moments[number % len(self.moments)] if number % 5 < 3 else None
            day = self.days[number * 11 % len(self.days)]
            yield words.TO_DO[number % 5], number, owner, owner, day, done, owner if done else None

    def _plans(self) -> Iterator[tuple[Any, ...]]:
        for number in range(20, self.size + 1, 20):
            day = self.days[number // 20 % len(self.days)]
            yield number, "monthly", self.days[0], None, day

    def orders(self) -> None:
        columns = ["id", "number", "customer_id", "ordered_at", "currency", "total", "channel"]
        load(Order, columns, self._orders())
        columns = ["order_id", "position", "sku", "description", "quantity", "unit_price", "total"]
        load(OrderLine, columns, self._lines())

    def _orders(self) -> Iterator[tuple[Any, ...]]:
        for number in range(1, self.size // 3 + 1):
            at = self.moments[number * 29 % len(self.moments)]
            yield number, f"B{number:07}", 3 * number, at, "EUR", 3 * (number % 90 + 10), "web"

    def _lines(self) -> Iterator[tuple[Any, ...]]:
        for number in range(1, self.size // 3 + 1):
            price = number % 90 + 10
            yield number, 1, f"S{number % 300}", "Standard box", 1, price, price
            yield number, 2, f"S{number % 301}", "Large box", 2, price, 2 * price


#: The customer whose record page is measured: a company with a long history.
RECORD = 42
LOADED: tuple[type[models.Model], ...] = (
    Customer, Customer.tags.through, Customer.collaborators.through, Contact, Membership, ContactMethod,
    StageChange, Activity, Task, CadencePlan, Order, OrderLine, *DEALS,
)  # fmt: skip


def generate(size: int, now: datetime) -> None:
    """Fill the database of the settings in use."""
    assert settings.configured
    Generator(size, now).run()


def import_rows(count: int) -> Iterator[list[str]]:
    """A file of new customers to import, header first; one in twenty repeats an earlier row."""
    yield ["Customer number", "Name", "E-mail", "Phone", "City", "Country", "Industry", "Website"]
    helper = Generator.__new__(Generator)
    helper.rare = set()
    for line in range(1, count + 1):
        number = 5_000_000 + (line - 1 if line % 20 == 0 else line)
        company = number - number % 10 + 1
        name = f"{helper.name(company)[0]} {number}"
        city, country = words.PLACES[number % len(words.PLACES)]
        yield [
            f"I{number}", name, f"hello{number}@i{number}.example", f"+49 40 {1_000_000 + line}", city,
            country, words.INDUSTRIES[number % 10], f"https://i{number}.example",
        ]  # fmt: skip


def _user(key: str, role: str, team: Team | None) -> User:
    user = User(email=f"{key}@bench.example", name=key.title(), role=role, team=team)
    user.password = PASSWORD_UNUSABLE
    return user


def _mixed(number: int) -> int:
    """A number that looks random but is always the same."""
    number = (number ^ 61) ^ (number >> 16)
    number = (number * 9) & 0xFFFFFFFF
    number = ((number ^ (number >> 4)) * 0x27D4EB2D) & 0xFFFFFFFF
    return number ^ (number >> 15)


def _pick(hashed: int, lists: Sequence[Sequence[str]]) -> list[str]:
    found = []
    for items in lists:
        hashed, at = divmod(hashed, len(items))
        found.append(items[at])
    return found


def _person(hashed: int, chinese: bool) -> tuple[str, str, str]:
    lists = (words.ZH_FAMILY, words.ZH_GIVEN) if chinese else (words.FAMILY, words.GIVEN)
    family, given = _pick(hashed, lists)
    return person_name(given, family), given, family


def _funnel(number: int, stages: int) -> int:
    """How far a customer has come: the early stages hold more."""
    return min(number % 11 // 2, number % 7, stages - 1)
