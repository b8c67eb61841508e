"""Cells that a spreadsheet would run are made harmless, and come back unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.defuse import DANGEROUS, defuse, fuse


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 30", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "'=1", "''+1"]
)
def test_dangerous_text_gets_an_apostrophe(text):
    assert defuse(text) == "'" + text
    assert fuse(defuse(text)) == text


@pytest.mark.parametrize("text", ["", "Acme", "'quoted'", "'", "''", "a=b", " =1"])
def test_other_text_stays(text):
    assert defuse(text) == text
    assert fuse(text) == text


@pytest.mark.parametrize("value", [-5, -1.5, None, True])
def test_numbers_are_no_formulas(value):
    assert defuse(value) is value


@given(st.text() | st.text(alphabet="'=+-@\t a"))
def test_the_way_back_is_exact(text):
    written = defuse(text)
    assert fuse(written) == text
    assert written[:1] not in DANGEROUS
