"""Equal packages: several offers at once that are all as good for us (MESO)."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import combinations

from negotiations.engine.frontier import Point, pareto_frontier
from negotiations.engine.scoring import AnyPackage, Preferences, score
from negotiations.engine.trades.local import Step, steps

EQUAL_WITHIN = 150


def equal_packages(
    package: AnyPackage,
    ours: Preferences,
    theirs: Preferences,
    *,
    within: int = EQUAL_WITHIN,
    count: int = 3,
    differ: int = 2,
    frontier: Sequence[Point] | None = None,
) -> list[Point]:
    """Up to `count` packages about as good for us as `package`, to be offered together.

    Their scores for us are at most `within` basis points from that of `package`, and they differ from it and
    from each other in at least `differ` issues. They come from the frontier and from changes of two issues,
    best for them first, then closest to our score. `frontier` saves computing it again. ValueError as for
    `score`. After Medvec & Galinsky 2005, multiple equivalent simultaneous offers.
    """
    target = score(package, ours)
    candidates = [*(pareto_frontier(ours, theirs) if frontier is None else frontier)]
    candidates += _swaps(package, ours, theirs, within)
    equal = [point for point in candidates if -within <= point.ours - target <= within]
    chosen: list[Point] = []
    for point in sorted(equal, key=lambda point: (-point.theirs, abs(point.ours - target))):
        taken = [package, *(other.package for other in chosen)]
        if len(chosen) < count and all(len(ours.changes(one, point.package)) >= differ for one in taken):
            chosen.append(point)
    return chosen


def _swaps(package: AnyPackage, ours: Preferences, theirs: Preferences, within: int) -> Iterator[Point]:
    """Of each pair of issues the change that leaves our score within bounds and is the best for them."""
    our_score, their_score, settings = score(package, ours), score(package, theirs), ours.settings(package)
    for first, second in combinations(steps(package, ours, theirs), 2):
        pairs = list(_affordable(first, second, within))
        if pairs:
            step, other = max(pairs, key=lambda pair: pair[0].theirs + pair[1].theirs)
            yield Point(
                our_score + step.ours + other.ours,
                their_score + step.theirs + other.theirs,
                {**settings, step.key: step.value, other.key: other.value},
            )


def _affordable(first: list[Step], second: list[Step], within: int) -> Iterator[tuple[Step, Step]]:
    """To each step on one issue the step on the other that is best for them and keeps our score in bounds."""
    for step in first:
        # Steps go from best for us to best for them: the last one whose cost we can bear.
        end = bisect_right(second, step.ours + within, key=lambda other: -other.ours)
        if end and step.ours + second[end - 1].ours <= within:
            yield step, second[end - 1]
