"""RFM: customers scored 1 … 5 by recency, frequency and monetary value, and the named cells of the scores."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

SCORES = 5


class Cell(StrEnum):
    """What a customer is called by how recent, and how frequent and valuable, the purchases are."""

    CHAMPIONS = "champions"
    LOYAL = "loyal"
    POTENTIAL_LOYALISTS = "potential loyalists"
    NEW = "new"
    PROMISING = "promising"
    NEED_ATTENTION = "need attention"
    ABOUT_TO_SLEEP = "about to sleep"
    AT_RISK = "at risk"
    CANNOT_LOSE = "cannot lose"
    HIBERNATING = "hibernating"
    LOST = "lost"


CELLS = tuple(Cell)
# One line for each recency from 1 to 5; along it the rounded mean of frequency and value from 1 to 5.
GRID = [
    [Cell.LOST, Cell.LOST, Cell.AT_RISK, Cell.AT_RISK, Cell.CANNOT_LOSE],
    [Cell.HIBERNATING, Cell.HIBERNATING, Cell.AT_RISK, Cell.AT_RISK, Cell.CANNOT_LOSE],
    [Cell.ABOUT_TO_SLEEP, Cell.ABOUT_TO_SLEEP, Cell.NEED_ATTENTION, Cell.LOYAL, Cell.LOYAL],
    [Cell.PROMISING, Cell.POTENTIAL_LOYALISTS, Cell.POTENTIAL_LOYALISTS, Cell.LOYAL, Cell.LOYAL],
    [Cell.NEW, Cell.POTENTIAL_LOYALISTS, Cell.POTENTIAL_LOYALISTS, Cell.CHAMPIONS, Cell.CHAMPIONS],
]  # fmt: skip
_CODES = np.array([[CELLS.index(cell) for cell in line] for line in GRID], dtype=np.int8)


@dataclass(frozen=True, eq=False)
class Rfm:
    """Scores 1 … 5 of each customer, 5 being the best, and the cell as an index into `CELLS`."""

    recency: NDArray[np.int8]
    frequency: NDArray[np.int8]
    monetary: NDArray[np.int8]
    cells: NDArray[np.int8]


def rfm(days_since_last: Any, orders: Any, revenue: Any) -> Rfm:
    """Score customers against one another. ValueError for lists of different length and for NaN."""
    columns = [np.asarray(column, dtype=np.float64) for column in (days_since_last, orders, revenue)]
    if len({column.shape for column in columns}) > 1:
        raise ValueError("There must be as many days, orders and revenues as customers.")
    days, counts, amounts = columns
    recency, frequency, monetary = quintiles(-days), quintiles(counts), quintiles(amounts)
    # Half a point rounds up.
    worth = (frequency + monetary + 1) // 2
    return Rfm(recency, frequency, monetary, _CODES[recency - 1, worth - 1])


def quintiles(values: Any) -> NDArray[np.int8]:
    """Scores 1 … 5 by rank, the largest fifth having 5; equal values share the better score.

    5 − ⌊5 × (how many are larger) ÷ (how many there are)⌋.
    """
    column = np.asarray(values, dtype=np.float64)
    if column.ndim != 1 or np.isnan(column).any():
        raise ValueError("Needs a list of numbers.")
    scores = np.ones(len(column), dtype=np.int8)
    if not len(column):
        return scores
    # The last place from the top that still has a score decides who has it: no need to sort them all.
    places = [len(column) - -(-len(column) * fifths // SCORES) for fifths in range(1, SCORES)]
    ordered = np.partition(column, sorted(set(places)))
    for place in places:
        scores += column >= ordered[place]
    return scores
