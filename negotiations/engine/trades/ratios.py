"""Trade ratios: the one table that explains logrolling."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from negotiations.engine.scoring import Preferences, same_issues


@dataclass(frozen=True)
class TradeRatio:
    """What an issue costs us and what it gives them, in basis points, from our best option to theirs.

    For opposed interests these are the two weights. Both are 0 for an issue where one option is best for both
    (`compatible`), and None where their values are unknown.
    """

    key: str
    cost: int | None
    gain: int | None

    @property
    def compatible(self) -> bool:
        """Whether one option is best for both: no trade but a free gift."""
        return self.gain == 0

    @property
    def ratio(self) -> Fraction | None:
        """Our cost per gain of theirs: give where it is low, ask where it is high. None without a trade."""
        return Fraction(self.cost, self.gain) if self.cost is not None and self.gain else None


def trade_ratios(ours: Preferences, theirs: Preferences) -> list[TradeRatio]:
    """ρ = (wₖ·range cost to us)/(w′ₖ·range gain to them) of each issue that we score (Raiffa 1982).

    Lowest ratio (to give) first, highest (to ask for) last, then compatible issues, then those of which their
    values are unknown; equal ones in the order of the issues. ValueError if the issues differ.
    """
    ratios = []
    for issue, table, other in zip(same_issues(ours, theirs), ours.tables, theirs.tables, strict=True):
        if issue.key not in ours.scores:
            continue
        if issue.key not in theirs.scores:
            ratios.append(TradeRatio(issue.key, None, None))
            continue
        # Of options that are equally good for one side, the one better for the other.
        best = max(zip(table, other, strict=True))
        best_for_them = max(zip(other, table, strict=True))
        ratios.append(TradeRatio(issue.key, best[0] - best_for_them[1], best_for_them[0] - best[1]))
    return sorted(ratios, key=lambda each: (each.gain is None, each.compatible, each.ratio or 0))


def only_to_split(ratios: Iterable[TradeRatio]) -> bool:
    """Whether there is nothing to trade, only to split: no two issues differ in their ratio."""
    return len({each.ratio for each in ratios if each.ratio is not None}) < 2
