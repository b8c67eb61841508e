"""BG/NBD and MBG/NBD: after a purchase a customer may drop out for good.

While active, a customer buys at a rate λ ~ Gamma(r, α); after each repeat purchase the customer drops out
with probability p ~ Beta(a, b) (Fader, Hardie & Lee 2005). In the modified model that can also happen right
after the first purchase (Batislam, Denizel & Filiztekin 2007), so that a one-time buyer may be gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import numpy as np
from scipy.special import betaln, expit, gammaln, hyp2f1, psi

from analytics.engine.clv.fitting import LogLikelihood, fit
from analytics.engine.clv.history import Floats, History, collapsed, columns, numbers

ROUGH_ROWS = 5_000
# Starting values of r, α ÷ mean age, a, b.
STARTS = [(1.0, 0.3, 1.0, 3.0), (0.2, 0.1, 0.3, 1.0), (3.0, 1.0, 0.1, 3.0)]
# Nearer to a = 1 than this, expected purchases are interpolated: there the formula is 0 ÷ 0.
NEAR_ONE = 1e-4


@dataclass(frozen=True)
class BetaGeometric:
    """A fitted model. `standard_errors` is None where the data do not determine every parameter."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    standard_errors: Mapping[str, float] | None

    # Chances to drop out besides those after each repeat purchase.
    EXTRA: ClassVar[int]

    def p_alive(self, x: Any, t_x: Any, T: Any) -> Any:
        """The probability that the customer has not dropped out by age T.

        Of no use to rank by: BG/NBD gives every one-time buyer 1.
        """
        frequency, recency, age = columns(x, t_x, T)
        return expit(-self._odds_of_gone(frequency, recency, age))[()]

    def p_purchase_within(self, t: Any, x: Any, t_x: Any, T: Any) -> Any:
        """The probability of at least one purchase in the time t after T: what to rank by."""
        frequency, recency, age = columns(x, t_x, T)
        buys = -np.expm1(-(self.r + frequency) * np.log1p(numbers("t", t) / (self.alpha + age)))
        return (self.p_alive(frequency, recency, age) * buys)[()]

    def expected_purchases(self, t: Any, x: Any, t_x: Any, T: Any) -> Any:
        """How many purchases to expect in the time t after T."""
        frequency, recency, age = columns(x, t_x, T)
        length = numbers("t", t) / (self.alpha + age)
        return (self.p_alive(frequency, recency, age) * self._while_alive(length, frequency))[()]

    def _odds_of_gone(self, x: Floats, t_x: Floats, T: Floats) -> Floats:
        """The log odds of having dropped out after the last purchase; −∞ where there was no chance to."""
        rest = np.log(self.alpha + T) - np.log(self.alpha + t_x)
        return _log_ratio(self.a, self.b, x + self.EXTRA) + (self.r + x) * rest

    def _while_alive(self, length: Floats, x: Floats) -> Floats:
        """Purchases to expect of a customer known to be active; `length` is t ÷ (α + T)."""
        low, high = 1 - NEAR_ONE, 1 + NEAR_ONE
        if not low < self.a < high:
            return self._expected(self.a, length, x)
        share = (self.a - low) / (high - low)
        return (1 - share) * self._expected(low, length, x) + share * self._expected(high, length, x)

    def _expected(self, a: float, length: Floats, x: Floats) -> Floats:
        """By Pfaff's transformation, in which nothing overflows for a customer of many purchases."""
        top = a + self.b + x + self.EXTRA - 1
        series = hyp2f1(self.r + x, a - 1, top, -length)
        # scipy gives up where a and b are so large that p is the same for everybody.
        p = a / (top + 1)
        same = -np.expm1(-(self.r + x) * np.log1p(p * length)) / p
        return np.where(np.isfinite(series), top / (a - 1) * (1 - series), same)


@dataclass(frozen=True)
class BgNbd(BetaGeometric):
    """BG/NBD, fitted."""

    EXTRA: ClassVar[int] = 0


@dataclass(frozen=True)
class MbgNbd(BetaGeometric):
    """MBG/NBD, fitted: one-time buyers may have dropped out, so P(alive) is meaningful for them too."""

    EXTRA: ClassVar[int] = 1


Model = TypeVar("Model", bound=BetaGeometric)


def fit_bgnbd(frequency: Any, recency: Any, T: Any, weights: Any = None) -> BgNbd:
    """BG/NBD by maximum likelihood.

    `frequency` counts repeat purchases, `recency` is the age at the last one (0 without), `T` the age, all in
    one unit of time; `weights` says how many customers a row stands for. ValueError for what cannot be and
    where there is nothing to learn from.
    """
    return _fitted(BgNbd, collapsed(frequency, recency, T, weights))


def fit_mbgnbd(frequency: Any, recency: Any, T: Any, weights: Any = None) -> MbgNbd:
    """MBG/NBD by maximum likelihood; arguments as for `fit_bgnbd`."""
    return _fitted(MbgNbd, collapsed(frequency, recency, T, weights))


def _fitted(model: type[Model], history: History) -> Model:
    age = np.average(history.T, weights=history.weights)
    starts = [np.array([r, alpha * age, a, b]) for r, alpha, a, b in STARTS]
    whole, rough = (likelihood(part, model.EXTRA) for part in (history, history.thinned(ROUGH_ROWS)))
    found = fit(whole, rough, starts)
    return model(**found.named("r", "alpha", "a", "b"))


def likelihood(history: History, extra: int) -> LogLikelihood:
    """The log-likelihood of some histories as a function of (r, α, a, b), with its gradient."""
    t_x, T, weights = history.t_x, history.T, history.weights
    # What depends on x alone is reckoned once for each x.
    x, row = np.unique(history.x, return_inverse=True)
    counts = np.bincount(row, weights)
    customers = counts.sum()
    chances = x + extra

    def value_and_gradient(parameters: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = parameters
        power = (r + x)[row]
        log_T, log_t = np.log(alpha + T), np.log(alpha + t_x)
        odds = _log_ratio(a, b, chances)[row] + power * (log_T - log_t)
        gone = expit(odds) * weights
        here = weights - gone
        of_x = gammaln(r + x) + betaln(a, b + chances)
        constant = r * np.log(alpha) - gammaln(r) - betaln(a, b)
        value = counts @ of_x + customers * constant + weights @ (np.logaddexp(0, odds) - power * log_T)
        gone_of_x = np.bincount(row, gone)
        all_chances = psi(a + b) - psi(a + b + chances)
        gradient = [
            counts @ psi(r + x) + customers * (np.log(alpha) - psi(r)) - here @ log_T - gone @ log_t,
            customers * r / alpha - here @ (power / (alpha + T)) - gone @ (power / (alpha + t_x)),
            counts @ all_chances + gone.sum() / a,
            counts @ (all_chances + psi(b + chances) - psi(b)) - gone_of_x @ _inverse(b, chances),
        ]
        return float(value), np.array(gradient)

    return value_and_gradient


def _log_ratio(a: float, b: float, chances: Floats) -> Floats:
    """ln(a ÷ (b + chances − 1)), the odds of dropping out at the last chance; −∞ without any."""
    some = np.where(chances > 0, chances, 1.0)
    return np.where(chances > 0, np.log(a) - np.log(b + some - 1), -np.inf)


def _inverse(b: float, chances: Floats) -> Floats:
    """1 ÷ (b + chances − 1); 0 without any chance."""
    some = np.where(chances > 0, chances, 1.0)
    return np.where(chances > 0, 1 / (b + some - 1), 0.0)
