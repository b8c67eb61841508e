"""Trades near a package: give a little on one issue, get a little on another."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from negotiations.engine.scoring import AnyPackage, Package, Preferences, Value, same_issues, score


@dataclass(frozen=True)
class Trade:
    """A change of one or two issues; `package` is the whole package after it. Scores in basis points."""

    changes: Package
    package: Package
    ours: int
    theirs: int
    gain_ours: int
    gain_theirs: int


class Step(NamedTuple):
    """One issue set to another option, and what that changes for both."""

    key: str
    value: Value
    ours: int
    theirs: int


def improvements(package: AnyPackage, ours: Preferences, theirs: Preferences) -> list[Trade]:
    """Changes of one or two issues that are no worse for either side and better for at least one.

    Only changes that no other change of the same issues dominates, and only of issues that both sides score:
    where their values are unknown, nothing can be said to be no worse for them. Sorted by the smaller gain,
    largest first (Smartsettle's maximum minimum gain), then the sum, then fewer changes, then the order of
    issues and options. Basis points. ValueError as for `score`.
    """
    before = score(package, ours), score(package, theirs)
    by_issue = steps(package, ours, theirs)
    found = [group for own in by_issue for group in _efficient((step,) for step in own)]
    for first, second in combinations(by_issue, 2):
        found += _efficient(_pairs(first, second))
    trades = [_trade(group, ours.settings(package), *before) for group in found]
    return sorted(trades, key=_rank)


def steps(package: AnyPackage, ours: Preferences, theirs: Preferences) -> list[list[Step]]:
    """Per issue that both score, the steps away from a package that nothing on the issue dominates.

    Best for us first. A step that is worse for both, or no different, is dominated by staying.
    """
    now, found = ours.settings(package), []
    for issue, table, other in zip(same_issues(ours, theirs), ours.tables, theirs.tables, strict=True):
        key = issue.key
        if key in ours.scores and key in theirs.scores:
            our_now, their_now = ours.points(key, now[key]), theirs.points(key, now[key])
            rows = zip(issue.options, table, other, strict=True)
            stay = Step(key, now[key], 0, 0)
            others = [Step(key, option, u - our_now, t - their_now) for option, u, t in rows]
            found.append([step for step in _undominated([stay, *others]) if step is not stay])
    return found


def _undominated(steps: list[Step]) -> list[Step]:
    """The steps no other dominates, best for us first; of equal ones the first."""
    kept: list[Step] = []
    for step in sorted(steps, key=lambda step: (-step.ours, -step.theirs)):
        if not kept or step.theirs > kept[-1].theirs:
            kept.append(step)
    return kept


def _pairs(first: list[Step], second: list[Step]) -> Iterator[tuple[Step, Step]]:
    """Steps on two issues that together are no worse for either side."""
    for step in first:
        # The other issue's steps go from best for us to best for them: those that fit stand together.
        start = bisect_left(second, -step.theirs, key=lambda other: other.theirs)
        end = bisect_right(second, step.ours, key=lambda other: -other.ours)
        for other in second[start:end]:
            yield step, other


def _efficient(groups: Iterable[tuple[Step, ...]]) -> list[tuple[Step, ...]]:
    """The groups that improve and that no other one dominates."""
    gains = [(*_gains(group), group) for group in groups]
    kept, most = [], -1
    for ours, theirs, group in sorted(gains, key=lambda gain: (-gain[0], -gain[1])):
        if ours >= 0 and theirs > most and (ours or theirs):
            kept.append(group)
            most = theirs
    return kept


def _gains(group: tuple[Step, ...]) -> tuple[int, int]:
    return sum(step.ours for step in group), sum(step.theirs for step in group)


def _trade(group: tuple[Step, ...], package: Package, ours_now: int, theirs_now: int) -> Trade:
    changes = {step.key: step.value for step in group}
    gain_ours, gain_theirs = _gains(group)
    return Trade(
        changes,
        {**package, **changes},
        ours_now + gain_ours,
        theirs_now + gain_theirs,
        gain_ours,
        gain_theirs,
    )


def _rank(trade: Trade) -> tuple[int, int, int]:
    smaller, larger = sorted((trade.gain_ours, trade.gain_theirs))
    return -smaller, -larger, len(trade.changes)
