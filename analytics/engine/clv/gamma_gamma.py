"""Gamma-Gamma: what a purchase is worth, given the mean of a customer's purchases so far.

The value of a purchase is Gamma(p, ν), and ν differs between customers as Gamma(q, v); v is also written γ
(Fader & Hardie 2013). A customer with few purchases is drawn towards the mean of all. Assumes that the value
of a purchase does not go with how often a customer buys.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy.special import betaln, psi

from analytics.engine.clv.fitting import LogLikelihood, fit
from analytics.engine.clv.history import Floats, frequencies, group, numbers, weights_of

# Starting values of p, q, v ÷ mean value.
STARTS = [(2.0, 3.0, 1.0), (8.0, 4.0, 0.4), (0.8, 2.0, 2.0)]
ROUGH_ROWS = 5_000


class PurchaseModel(Protocol):
    """A model of how often customers buy: BG/NBD, MBG/NBD or Pareto/NBD, fitted."""

    def expected_purchases(self, t: Any, x: Any, t_x: Any, T: Any) -> Any:
        """How many purchases to expect in the time t after T."""


@dataclass(frozen=True)
class GammaGamma:
    """Gamma-Gamma, fitted. `standard_errors` is None where the data do not determine every parameter."""

    p: float
    q: float
    v: float
    log_likelihood: float
    standard_errors: Mapping[str, float] | None

    def expected_value(self, x: Any, mean_value: Any) -> Any:
        """What a purchase will be worth on average: p (v + x m) ÷ (p x + q − 1).

        For a customer with x = 0 that is the mean of all, whatever `mean_value` says; NaN where the model
        has no mean.
        """
        frequency = frequencies("x", x)
        rest = self.p * frequency + self.q - 1
        spent = np.where(frequency > 0, frequency * numbers("mean_value", mean_value), 0)
        return np.where(rest > 0, self.p * (self.v + spent) / np.where(rest > 0, rest, 1), np.nan)[()]

    def lifetime_value(
        self, purchases: PurchaseModel, x: Any, t_x: Any, T: Any, mean_value: Any,
        periods: int = 12, rate: float = 0.01, period: float = 1.0, margin: float = 1.0,
    ) -> Any:  # fmt: skip
        """What the customer is worth over the coming periods, discounted to today at `rate` per period.

        `period` is the length of one in the model's unit of time, `margin` the share of a purchase's value
        that remains. ValueError for less than one period, no length, or a rate of −1 and below.
        """
        if periods < 1 or not period > 0 or not rate > -1:
            raise ValueError("Needs a period or more, of some length, and a rate above −1.")
        total: Any = 0.0
        before: Any = 0.0
        for number in range(1, periods + 1):
            until = purchases.expected_purchases(number * period, x, t_x, T)
            total, before = total + (until - before) / (1 + rate) ** number, until
        return total * self.expected_value(x, mean_value) * margin


def fit_gamma_gamma(frequency: Any, monetary_value: Any, weights: Any = None) -> GammaGamma:
    """Gamma-Gamma by maximum likelihood.

    `frequency` counts a customer's repeat purchases and `monetary_value` is their mean value. Customers
    without repeat purchases are left out. ValueError for values that are not above 0, and with fewer than two
    customers or all of them alike: there is nothing to learn from.
    """
    x, value = frequencies("frequency", frequency), numbers("monetary_value", monetary_value)
    if x.ndim != 1 or x.shape != value.shape:
        raise ValueError("There must be as many values as customers.")
    counts = np.where(x > 0, weights_of(weights, len(x)), 0)
    if (value[counts > 0] == 0).any():
        raise ValueError("The mean value must be above 0: leave out customers who returned everything.")
    if counts.sum() < 2 or np.ptp(value[counts > 0]) == 0:
        raise ValueError("Nothing to learn from: needs repeat customers whose purchases differ in value.")
    (x, value), counts = group([x, value], counts)
    mean = np.average(value, weights=counts)
    starts = [np.array([p, q, v * mean]) for p, q, v in STARTS]
    part = slice(None, None, max(1, len(x) // ROUGH_ROWS))
    found = fit(likelihood(x, value, counts), likelihood(x[part], value[part], counts[part]), starts)
    return GammaGamma(**found.named("p", "q", "v"))


def likelihood(x: Floats, value: Floats, weights: Floats) -> LogLikelihood:
    """The log-likelihood of mean values as a function of (p, q, v), with its gradient."""
    customers = weights.sum()
    spent, log_spent, log_value = x * value, np.log(x * value), weights @ np.log(value)

    def value_and_gradient(parameters: Floats) -> tuple[float, Floats]:
        p, q, v = parameters
        log_both, both = np.log(v + spent), psi(p * x + q)
        own = log_spent - log_both
        population = np.log(v) - log_both
        total = weights @ (p * x * own + q * population - betaln(p * x, q)) - log_value
        gradient = [
            weights @ (x * (own + both - psi(p * x))),
            weights @ (population + both) - customers * psi(q),
            customers * q / v - weights @ ((p * x + q) / (v + spent)),
        ]
        return float(total), np.array(gradient)

    return value_and_gradient
