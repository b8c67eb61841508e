"""The table is whole: no URL without a row, no row without a URL."""

from __future__ import annotations

from tests.permissions.table import OF_EVERYBODY, OF_THE_WORLD, TABLE
from tests.permissions.walk import url_names


def ours() -> set[str]:
    """The admin has a test of its own for all its pages."""
    return {name for name in url_names() if not name.startswith(("admin:", "admin/"))}


def test_every_url_has_a_row() -> None:
    assert sorted(ours() - {*TABLE, *OF_EVERYBODY, *OF_THE_WORLD}) == []


def test_every_row_has_a_url() -> None:
    optional = {"mfa_trust"}  # only with trusted browsers switched on
    assert sorted({*TABLE, *OF_EVERYBODY, *OF_THE_WORLD} - ours() - optional) == []


def test_no_url_is_in_two_places() -> None:
    lists = [*TABLE, *OF_EVERYBODY, *OF_THE_WORLD]
    assert len(lists) == len(set(lists))
