"""The zone of possible agreement: whether there is one, how wide, and what closes it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from negotiations.engine.exact import Number, exact
from negotiations.engine.frontier import Point, pareto_frontier
from negotiations.engine.scoring import Preferences, Value, same_issues


@dataclass(frozen=True)
class PriceZone:
    """The prices both accept, in the unit of the price: from the seller's limit to the buyer's.

    `width` is negative where the limits do not meet, and `gap` is then what is missing (Raiffa 1982).
    """

    seller_limit: Number
    buyer_limit: Number

    @property
    def width(self) -> Number:
        """The buyer's limit less the seller's."""
        return exact(self.buyer_limit) - exact(self.seller_limit)

    @property
    def gap(self) -> Number:
        """How far the limits are apart; 0 where they meet."""
        return max(-self.width, 0)

    def seller_share(self, price: Number) -> Fraction | None:
        """The seller's share of the surplus at a price, (P−RVₛ)/(RV_b−RVₛ); None without a surplus."""
        return Fraction(exact(price) - exact(self.seller_limit)) / self.width if self.width > 0 else None


def agreement_zone(points: Iterable[Point], d_ours: Number, d_theirs: Number) -> list[Point]:
    """The points no worse than the disagreement for either side, in their order."""
    return [point for point in points if point.ours >= d_ours and point.theirs >= d_theirs]


def gap(points: Iterable[Point], d_ours: Number, d_theirs: Number) -> Number | None:
    """How much both reservation values would have to fall for a zone to open; 0 where there is one.

    The smallest, over all points, of the larger shortfall of the two sides, in the unit of the scores. None
    without points.
    """
    shortfalls = (max(d_ours - point.ours, d_theirs - point.theirs) for point in points)
    smallest = min(shortfalls, default=None)
    return None if smallest is None else max(smallest, 0)


def our_share(point: Point, d_ours: Number, d_theirs: Number) -> Fraction | None:
    """Our share of both sides' gains, (U−r)/((U−r)+(U′−r′)).

    None where there is nothing to share or a side is worse off than without agreement.
    """
    ours, theirs = exact(point.ours) - exact(d_ours), exact(point.theirs) - exact(d_theirs)
    return Fraction(ours) / (ours + theirs) if min(ours, theirs) >= 0 and ours + theirs else None


def binding_limits(
    ours: Preferences,
    theirs: Preferences,
    d_ours: Number,
    d_theirs: Number,
    allowed: Mapping[str, Collection[Value]],
) -> list[str]:
    """Which hard limits close the zone: the issues whose limit, given up alone, would open it.

    `allowed` holds per limited issue the options within its limit, none where limits exclude each other.
    Empty where the zone is open, and where no single limit is to blame.
    """
    issues = same_issues(ours, theirs)

    def is_open(limits: Mapping[str, Collection[Value]]) -> bool:
        if not all(set(limits.get(issue.key, issue.options)).intersection(issue.options) for issue in issues):
            return False
        frontier = pareto_frontier(ours.only(limits), theirs.only(limits))
        return bool(agreement_zone(frontier, d_ours, d_theirs))

    if is_open(allowed):
        return []
    return [key for key in allowed if is_open({k: kept for k, kept in allowed.items() if k != key})]
