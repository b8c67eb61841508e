"""Better packages: what to give for what, what was left on the table, which packages are equal for us.

Scores of the other side are estimates; how likely a package is better for them says
`opponent.probability_better`.
"""

from negotiations.engine.trades.local import Trade, improvements
from negotiations.engine.trades.meso import equal_packages
from negotiations.engine.trades.ratios import TradeRatio, only_to_split, trade_ratios
from negotiations.engine.trades.unclaimed import LeftOnTable, in_money, left_on_table

__all__ = [
    "LeftOnTable",
    "Trade",
    "TradeRatio",
    "equal_packages",
    "improvements",
    "in_money",
    "left_on_table",
    "only_to_split",
    "trade_ratios",
]
