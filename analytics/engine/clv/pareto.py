"""Pareto/NBD: a customer may drop out at any time, whether buying or not.

While active, a customer buys at a rate λ ~ Gamma(r, α), and drops out at a rate μ ~ Gamma(s, β)
(Schmittlein, Morrison & Colombo 1987).

The likelihood has an integral over the time u of dropping out, usually written with hypergeometric functions
of arguments near 1. Here it is taken over y = e^(−d v), where v = ln((c + u) ÷ (c + t_x)), c is the smaller
of α and β, and d a quarter of the rate at which the integrand falls at t_x. On that scale it is smooth
whatever the parameters, and a cubic for α = β, so that a few nodes are exact to many digits and give the
derivatives too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, gammaln, psi

from analytics.engine.clv.fitting import LogLikelihood, fit
from analytics.engine.clv.history import Floats, History, collapsed, columns, numbers

ROUGH_ROWS = 2_000
# Starting values of r, α ÷ mean age, s, β ÷ mean age.
STARTS = [(1.0, 0.3, 1.0, 0.5), (0.3, 0.2, 0.3, 0.2), (3.0, 1.0, 0.5, 2.0)]
# Gauss–Legendre nodes and weights on 0 … 1; 8 give the integral to six digits.
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(8)
NODES, NODE_WEIGHTS = (_POINTS + 1) / 2, _WEIGHTS / 2
# d, where the integrand rises at t_x.
SLOWEST = 1e-3


@dataclass(frozen=True)
class ParetoNbd:
    """Pareto/NBD, fitted. `standard_errors` is None where the data do not determine every parameter."""

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float
    standard_errors: Mapping[str, float] | None

    def p_alive(self, x: Any, t_x: Any, T: Any) -> Any:
        """The probability that the customer has not dropped out by age T."""
        frequency, recency, age = columns(x, t_x, T)
        terms = Terms(self.r, self.alpha, self.s, self.beta, frequency, recency, age)
        return expit(terms.here - terms.gone)[()]

    def p_purchase_within(self, t: Any, x: Any, t_x: Any, T: Any) -> Any:
        """The probability of at least one purchase in the time t after T: what to rank by."""
        frequency, recency, age = columns(x, t_x, T)
        alpha, beta, power = self.alpha + age, self.beta + age, self.r + frequency
        # The integral over the time u of the next purchase, taken over y = (1 + u/α)^−power.
        rest = -np.expm1(-power * np.log1p(numbers("t", t) / alpha))
        buys = np.zeros(np.shape(rest))
        for node, weight in zip(NODES, NODE_WEIGHTS, strict=True):
            time = alpha * np.expm1(-np.log1p(-rest * node) / power)
            buys += weight * (beta / (beta + time)) ** self.s
        return (self.p_alive(frequency, recency, age) * rest * buys)[()]

    def expected_purchases(self, t: Any, x: Any, t_x: Any, T: Any) -> Any:
        """How many purchases to expect in the time t after T."""
        frequency, recency, age = columns(x, t_x, T)
        growth = np.log1p(numbers("t", t) / (self.beta + age))
        # (1 − e^−(s−1)g) ÷ (s − 1), which is g at s = 1.
        lasting = growth if self.s == 1 else -np.expm1(-(self.s - 1) * growth) / (self.s - 1)
        rate = (self.r + frequency) * (self.beta + age) / (self.alpha + age)
        return (self.p_alive(frequency, recency, age) * rate * lasting)[()]


def fit_pareto_nbd(frequency: Any, recency: Any, T: Any, weights: Any = None) -> ParetoNbd:
    """Pareto/NBD by maximum likelihood; arguments as for `fit_bgnbd`."""
    history = collapsed(frequency, recency, T, weights)
    age = np.average(history.T, weights=history.weights)
    starts = [np.array([r, alpha * age, s, beta * age]) for r, alpha, s, beta in STARTS]
    found = fit(likelihood(history), likelihood(history.thinned(ROUGH_ROWS)), starts)
    return ParetoNbd(**found.named("r", "alpha", "s", "beta"))


@dataclass(frozen=True)
class Terms:
    """The two ways to a history, in logarithms: still here at T, or gone at some time since t_x."""

    r: float
    alpha: float
    s: float
    beta: float
    x: Floats
    t_x: Floats
    T: Floats

    @property
    def here(self) -> Floats:
        """ln of (α + T)^−(r+x) (β + T)^−s."""
        return -(self.r + self.x) * np.log(self.alpha + self.T) - self.s * np.log(self.beta + self.T)

    @property
    def gone(self) -> Floats:
        """ln of s ∫ (α + u)^−(r+x) (β + u)^−(s+1) du from t_x to T; −∞ where they are the same."""
        with np.errstate(divide="ignore"):
            return self.start + np.log(sum(share for share, _log_alpha, _log_beta in self.nodes()))

    @property
    def start(self) -> Floats:
        """ln of the integrand by v where v = 0, with s."""
        return (
            np.log(self.s * (self.least + self.t_x))
            - (self.r + self.x) * np.log(self.alpha + self.t_x)
            - (self.s + 1) * np.log(self.beta + self.t_x)
        )

    @property
    def least(self) -> float:
        """c, the smaller of α and β."""
        return min(self.alpha, self.beta)

    def nodes(self) -> Iterator[tuple[Floats, Floats, Floats]]:
        """Of each node its share of the integral, ln((α + u) ÷ (α + t_x)) and the same of β."""
        least = self.least + self.t_x
        alpha, beta, power = least / (self.alpha + self.t_x), least / (self.beta + self.t_x), self.r + self.x
        fall = np.maximum((power * alpha + (self.s + 1) * beta - 1) / 4, SLOWEST)
        span = -np.expm1(fall * (np.log(least) - np.log(self.least + self.T)))
        for node, weight in zip(NODES, NODE_WEIGHTS, strict=True):
            falling = -np.log1p(-span * node)
            v = falling / fall
            grown = np.expm1(v)
            log_alpha, log_beta = np.log1p(alpha * grown), np.log1p(beta * grown)
            share = np.exp(falling + v - power * log_alpha - (self.s + 1) * log_beta)
            yield weight * span / fall * share, log_alpha, log_beta


def likelihood(history: History) -> LogLikelihood:
    """The log-likelihood of some histories as a function of (r, α, s, β), with its gradient."""
    x, T, weights = history.x, history.T, history.weights
    customers = weights.sum()
    distinct, row = np.unique(x, return_inverse=True)
    counts = np.bincount(row, weights)

    def value_and_gradient(parameters: Floats) -> tuple[float, Floats]:
        r, alpha, s, beta = parameters
        terms = Terms(r, alpha, s, beta, x, history.t_x, T)
        first_alpha, first_beta = np.log(alpha + history.t_x), np.log(beta + history.t_x)
        total, by_r, by_alpha, by_s, by_beta = np.zeros((5, len(x)))
        for share, log_alpha, log_beta in terms.nodes():
            total += share
            by_r -= share * log_alpha
            by_s -= share * log_beta
            by_alpha -= share * np.exp(-log_alpha)
            by_beta -= share * np.exp(-log_beta)
        with np.errstate(divide="ignore"):
            here, gone = terms.here, terms.start + np.log(total)
        is_gone = expit(gone - here) * weights
        is_here, mean = weights - is_gone, is_gone / np.where(total > 0, total, 1)
        constant = r * np.log(alpha) + s * np.log(beta) - gammaln(r)
        value = counts @ gammaln(r + distinct) + customers * constant + weights @ np.logaddexp(here, gone)
        gradient = [
            counts @ psi(r + distinct) + customers * (np.log(alpha) - psi(r))
            - is_here @ np.log(alpha + T) - is_gone @ first_alpha + mean @ by_r,
            customers * r / alpha - is_here @ ((r + x) / (alpha + T))
            + mean @ ((r + x) * by_alpha / (alpha + history.t_x)),
            customers * np.log(beta) - is_here @ np.log(beta + T) - is_gone @ first_beta
            + is_gone.sum() / s + mean @ by_s,
            customers * s / beta - is_here @ (s / (beta + T))
            + mean @ ((s + 1) * by_beta / (beta + history.t_x)),
        ]  # fmt: skip
        return float(value), np.array(gradient)

    return value_and_gradient
