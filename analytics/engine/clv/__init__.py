"""Customer lifetime value: how often customers will buy, whether they still do, and what it is worth.

    purchases = fit_bgnbd(frequency, recency, T)
    values = fit_gamma_gamma(frequency, monetary_value)
    purchases.p_purchase_within(90, x=2, t_x=30, T=39)
    values.lifetime_value(purchases, x=2, t_x=30, T=39, mean_value=40, period=4.3)

The unit of time is the caller's. Customers are given as arrays or as single numbers.
"""

from analytics.engine.clv.beta_geometric import BgNbd, MbgNbd, fit_bgnbd, fit_mbgnbd
from analytics.engine.clv.gamma_gamma import GammaGamma, fit_gamma_gamma
from analytics.engine.clv.pareto import ParetoNbd, fit_pareto_nbd

__all__ = [
    "BgNbd", "GammaGamma", "MbgNbd", "ParetoNbd",
    "fit_bgnbd", "fit_gamma_gamma", "fit_mbgnbd", "fit_pareto_nbd",
]  # fmt: skip
