"""Scores by rank with ties, and a name for every pair of scores."""

import numpy as np
import pytest

from analytics.engine.rfm import CELLS, GRID, Cell, quintiles, rfm


def test_each_fifth_has_its_score() -> None:
    assert quintiles(range(10)).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert quintiles([30, 10, 50, 20, 40]).tolist() == [3, 1, 5, 2, 4]


def test_ties_share_the_better_score() -> None:
    assert quintiles([7] * 6).tolist() == [5] * 6
    assert quintiles([1, 1, 1, 1, 2]).tolist() == [4, 4, 4, 4, 5]
    assert quintiles([1, 2, 2, 2, 2]).tolist() == [1, 5, 5, 5, 5]


@pytest.mark.parametrize("count", range(1, 40))
def test_scores_are_those_of_the_definition(count: int) -> None:
    values = np.random.default_rng(count).integers(0, 1 + count // 2, count)
    by_hand = [5 - 5 * int((values > value).sum()) // count for value in values]
    assert quintiles(values).tolist() == by_hand


def test_nobody_and_one() -> None:
    assert quintiles([]).tolist() == []
    assert quintiles([3]).tolist() == [5]
    assert rfm([], [], []).cells.tolist() == []


def test_named_cells() -> None:
    found = rfm(
        days_since_last=[1, 10, 20, 30, 400], orders=[9, 1, 5, 2, 30], revenue=[900, 10, 500, 20, 3_000]
    )
    assert found.recency.tolist() == [5, 4, 3, 2, 1]
    assert found.frequency.tolist() == [4, 1, 3, 2, 5]
    assert found.monetary.tolist() == [4, 1, 3, 2, 5]
    assert [CELLS[code] for code in found.cells] == [
        Cell.CHAMPIONS, Cell.PROMISING, Cell.NEED_ATTENTION, Cell.HIBERNATING, Cell.CANNOT_LOSE,
    ]  # fmt: skip


def test_half_a_point_of_frequency_and_value_rounds_up() -> None:
    found = rfm([1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [4, 5, 3, 2, 1])
    assert (found.frequency + found.monetary)[:2].tolist() == [9, 9]
    assert CELLS[found.cells[1]] is Cell.LOYAL
    assert CELLS[rfm([5, 4, 3, 2, 1], [5, 4, 3, 2, 1], [4, 5, 3, 2, 1]).cells[0]] is Cell.CANNOT_LOSE


def test_every_name_has_a_cell() -> None:
    assert {cell for line in GRID for cell in line} == set(Cell)
    assert [len(line) for line in GRID] == [5] * 5


def test_what_cannot_be_scored_is_refused() -> None:
    with pytest.raises(ValueError, match="as many"):
        rfm([1, 2], [1], [1, 2])
    with pytest.raises(ValueError, match="list of numbers"):
        quintiles([1, float("nan")])
