"""Purchase histories as the models take them: x repeat purchases, the last at age t_x, of age T now."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class History:
    """Distinct histories and how many customers have each; in the order of x, t_x, T."""

    x: Floats
    t_x: Floats
    T: Floats
    weights: Floats

    def thinned(self, rows: int) -> "History":
        """About so many of the rows, evenly from the first to the last."""
        step = slice(None, None, max(1, len(self.x) // rows))
        return History(self.x[step], self.t_x[step], self.T[step], self.weights[step])


def collapsed(frequency: Any, recency: Any, age: Any, weights: Any = None) -> History:
    """The histories to fit a model to, equal ones together.

    ValueError for histories that cannot be, for customers without any age (nothing could be observed yet)
    and where there is nothing to learn from: fewer than two customers, or no repeat purchase.
    """
    x, t_x, T = columns(frequency, recency, age)
    if x.ndim != 1:
        raise ValueError("Frequency, recency and T must be lists, one entry per customer.")
    counts = weights_of(weights, len(x))
    if (T == 0).any():
        raise ValueError("T must be above 0: leave out customers who bought for the first time today.")
    if counts.sum() < 2 or not (x[counts > 0] > 0).any():
        raise ValueError("Nothing to learn from: needs two customers or more, and a repeat purchase.")
    (x, t_x, T), counts = group([x, t_x, T], counts)
    return History(x, t_x, T, counts)


def columns(x: Any, t_x: Any, age: Any) -> tuple[Floats, Floats, Floats]:
    """The three as arrays of one shape; ValueError for histories that cannot be."""
    frequency, recency, T = np.broadcast_arrays(frequencies("x", x), numbers("t_x", t_x), numbers("T", age))
    if (recency > T).any():
        raise ValueError("t_x must not be above T: the last purchase cannot lie after the end.")
    if (recency[frequency == 0] > 0).any():
        raise ValueError("t_x must be 0 where x is 0: without a repeat purchase there is no last one.")
    return frequency, recency, T


def frequencies(name: str, values: Any) -> Floats:
    """Counts of repeat purchases; ValueError for what is not one."""
    counts = numbers(name, values)
    if (counts != np.floor(counts)).any():
        raise ValueError(f"{name} must be whole: it counts repeat purchases.")
    return counts


def numbers(name: str, values: Any) -> Floats:
    """As floating-point numbers; ValueError for what is negative or not a finite number."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers.") from error
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite numbers.")
    if (array < 0).any():
        raise ValueError(f"{name} must not be negative.")
    return array


def group(rows: list[Floats], weights: Floats) -> tuple[list[Floats], Floats]:
    """Distinct rows of some columns, sorted, and the weight of each; rows without weight are left out."""
    if not weights.all():
        kept = weights > 0
        rows, weights = [column[kept] for column in rows], weights[kept]
    order = np.lexsort(rows[::-1])
    rows = [column[order] for column in rows]
    differs = np.logical_or.reduce([column[1:] != column[:-1] for column in rows])
    starts = np.flatnonzero(np.concatenate([[True], differs]))
    return [column[starts] for column in rows], np.add.reduceat(weights[order], starts)


def weights_of(weights: Any, rows: int) -> Floats:
    """How many customers each row stands for: one, unless said otherwise."""
    counts = np.ones(rows) if weights is None else numbers("weights", weights)
    if counts.shape != (rows,):
        raise ValueError("There must be as many weights as customers.")
    return counts
