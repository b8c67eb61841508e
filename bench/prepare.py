"""Runs inside Django: migrates and fills one database, signs people in, notes the addresses.

``python -m bench.prepare SIZE FACTS`` with the environment of the place.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any


def main(size: int, path: Path) -> None:
    """Fill the database if it is empty and (re)write the facts."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from customers.models import Customer

    started = time.monotonic()
    call_command("migrate", verbosity=0, interactive=False)
    if not Customer._base_manager.exists():
        from bench.generate import generate

        generate(size, timezone.now())
    work_out_funnels()
    facts = {"people": sign_in(), "urls": addresses(), "seconds": round(time.monotonic() - started, 1)}
    path.write_text(json.dumps(facts, indent=1))


def sign_in() -> dict[str, dict[str, str]]:
    """A session for each person measured."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from accounts.models import User

    store = import_module(settings.SESSION_ENGINE).SessionStore
    found = {}
    for key, email in {"sales": "sales1@bench.example", "administrator": "admin@bench.example"}.items():
        user = User.objects.get(email=email)
        session = store()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        found[key] = {"name": settings.SESSION_COOKIE_NAME, "key": session.session_key}
    return found


def work_out_funnels() -> None:
    """What the worker would have done once the page was opened; there is no worker here."""
    from accounts.clock import today
    from accounts.models import User
    from core.periods import period_of
    from deals.models import Pipeline
    from deals.selectors.funnel import Question, path_of
    from deals.services.funnel import is_long, keep

    pipeline, year = Pipeline.objects.get(is_default=True), period_of(today(), "year")
    question = Question(pipeline, path_of(pipeline), year.start, year.end, "owner")
    for user in User.objects.filter(email__in=["sales1@bench.example", "admin@bench.example"]):
        if is_long():
            started = time.monotonic()
            keep(user, question)
            print(f"Deal funnel of {user.email}: {time.monotonic() - started:.2f} s")


def addresses() -> dict[str, str]:
    """The address of every page measured; pages that do not exist are left out."""
    from django.urls import NoReverseMatch, reverse

    from bench.pages import URL_NAMES

    found: dict[str, str] = {}
    for key, (name, arguments) in URL_NAMES.items():
        try:
            found[key] = reverse(name, args=_arguments(arguments))
        except NoReverseMatch:
            continue
    return found


def _arguments(kinds: tuple[str, ...]) -> list[Any]:
    from accounts.models import User
    from bench.quotes import load_quote
    from customers.models import Contact, Customer

    sales = _visible_record()
    values = {
        "customer": sales.pk,
        "quote": load_quote(User.objects.get(email="sales1@bench.example")),
        "contact": Contact._base_manager.order_by("pk").values_list("pk", flat=True)[0],
    }
    assert isinstance(sales, Customer)
    return [values[kind] for kind in kinds]


def _visible_record() -> Any:
    """The record measured: one with a long history, given to the salesperson measured."""
    from accounts.models import User
    from bench.generate import RECORD
    from customers.models import Customer

    user = User.objects.get(email="sales1@bench.example")
    row = Customer._base_manager.get(pk=RECORD)
    if row.owner_id != user.pk:
        Customer._base_manager.filter(pk=RECORD).update(owner=user, team=user.team_id)
    return row


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
