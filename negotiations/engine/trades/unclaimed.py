"""Value left on the table: how much better a deal could have been."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from negotiations.engine.exact import Number, exact
from negotiations.engine.frontier import Point, pareto_frontier
from negotiations.engine.scoring import AnyPackage, Preferences, score


@dataclass(frozen=True)
class LeftOnTable:
    """The packages that would take up what a deal leaves, and how much that is in basis points.

    L = max{U(x) : U′(x) ≥ U′(deal)} − U(deal) for one side, and maxₓ min(U(x)−U(deal), U′(x)−U′(deal)) for
    both (the maximum minimum gain of Smartsettle's post-settlement step; Raiffa 1985). Never negative: where
    nothing is better, the package is the deal itself.
    """

    deal: Point
    best_for_us: Point
    best_for_them: Point
    best_for_both: Point

    @property
    def ours(self) -> Number:
        """What we could have had at no cost to them."""
        return self.best_for_us.ours - self.deal.ours

    @property
    def theirs(self) -> Number:
        """What they could have had at no cost to us."""
        return self.best_for_them.theirs - self.deal.theirs

    @property
    def both(self) -> Number:
        """What each side could have had at the same time."""
        return _smaller_gain(self.best_for_both, self.deal)


def left_on_table(
    package: AnyPackage, ours: Preferences, theirs: Preferences, *, frontier: Sequence[Point] | None = None
) -> LeftOnTable:
    """What the deal `package` leaves on the table, in basis points; the formulas stand at `LeftOnTable`.

    `frontier` saves computing it again. ValueError as for `score`, or if the issues differ.
    """
    deal = Point(score(package, ours), score(package, theirs), package)
    points = [deal, *(pareto_frontier(ours, theirs) if frontier is None else frontier)]
    return LeftOnTable(
        deal,
        max((point for point in points if point.theirs >= deal.theirs), key=lambda point: point.ours),
        max((point for point in points if point.ours >= deal.ours), key=lambda point: point.theirs),
        max(points, key=lambda point: _smaller_gain(point, deal)),
    )


def in_money(points: Number, price_range: Number, price_weight: Number) -> Fraction:
    """Basis points as money, L·range/w: what the same score is worth on a price of linear value.

    `price_range` is the width of the price issue in money, `price_weight` its weight in basis points (not 0).
    """
    return Fraction(exact(points) * exact(price_range)) / exact(price_weight)


def _smaller_gain(point: Point, deal: Point) -> Number:
    return min(point.ours - deal.ours, point.theirs - deal.theirs)
