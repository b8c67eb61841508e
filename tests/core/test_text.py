"""Folding for search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import SEARCH_LIMIT, cjk_spaced, digits, fold, search_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ünïté", "unite"),
        ("STRASSE Straße", "strasse strasse"),
        ("ＡＢＣ　１２", "abc 12"),
        ("İstanbul ısı", "istanbul isi"),
        ("Łódź Ærø", "lodz aero"),
        ("  a \t b\n", "a b"),
        ("上海 Acme", "上海 acme"),
        ("ﬁn", "fin"),
        ("a\0b", "ab"),
        ("", ""),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@given(st.text(max_size=150))
def test_fold_is_idempotent_and_ignores_case(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once == " ".join(once.split())
    assert "\0" not in once


@given(st.text(max_size=50), st.text(max_size=50))
def test_a_part_of_words_is_found_in_the_whole(first: str, second: str) -> None:
    assert fold(f"{first} {second}").replace(" ", "") == fold(f"{fold(first)} {fold(second)}").replace(
        " ", ""
    )


def test_digits() -> None:
    assert digits("+1 (209) 172-7124x３") == "120917271243"
    assert digits("none ²") == "2"


def test_cjk_spaced() -> None:
    assert cjk_spaced("上海Acme公司 x") == "上 海 Acme 公 司 x"
    assert cjk_spaced("plain  text") == "plain text"


def test_search_text() -> None:
    assert search_text("Ünité", None, "", "a@B.com", "unite", phones=["+1 5", ""]) == "unite a@b.com 15"
    assert len(search_text("x" * 5_000, "y")) == SEARCH_LIMIT


@given(st.lists(st.text(max_size=900), max_size=5))
def test_search_text_is_bounded(parts: list[str]) -> None:
    assert len(search_text(*parts)) <= SEARCH_LIMIT
