"""The levels of a numeric issue."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiations.engine.grid import levels
from tests.negotiations.engine.domains import prove


def test_few_steps_are_all_levels() -> None:
    assert levels(10, 20, 5) == (10, 15, 20)
    assert levels(10, 22, 5) == (10, 15, 20, 22)
    assert levels(7, 7, 5) == (7,)
    assert levels(Decimal("0.5"), Decimal("1.5"), Decimal("0.5")) == (
        Decimal("0.5"), Decimal("1.0"), Decimal("1.5"),
    )  # fmt: skip


def test_what_was_offered_is_a_level_if_it_is_in_the_range() -> None:
    assert levels(0, 10, 5, offered=[7, 3, 12, 5]) == (0, 3, 5, 7, 10)


def test_many_steps_are_spread_over_fifty_one_levels() -> None:
    found = levels(0, 100_000, 10)
    assert len(found) == 51
    assert {second - first for first, second in pairwise(found)} == {2000}


def test_levels_lie_as_evenly_as_the_step_allows() -> None:
    assert levels(0, 7, 1, most=4) == (0, 2, 5, 7)


@pytest.mark.parametrize(
    ("low", "high", "step", "most"), [(2, 1, 1, 51), (0, 1, 0, 51), (0, 1, -1, 51), (0, 1, 1, 1)]
)
def test_a_grid_that_is_none_is_refused(low: int, high: int, step: int, most: int) -> None:
    with pytest.raises(ValueError):
        levels(low, high, step, most=most)


@prove
@given(st.integers(-99, 99), st.integers(0, 3000), st.integers(1, 40), st.integers(2, 60))
def test_levels_ascend_on_the_step_and_every_value_is_near_one(low, width, step, most) -> None:
    found = levels(low, low + width, step, most=most)
    assert list(found) == sorted(set(found))
    assert (found[0], found[-1]) == (low, low + width)
    assert len(found) <= most + 1
    assert all((value - low) % step == 0 for value in found[:-1])
    widest = max((b - a for a, b in pairwise(found)), default=0)
    assert widest <= width / (most - 1) + step
