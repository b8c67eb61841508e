"""Maximum likelihood over positive parameters, searched by their logarithms."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy.optimize import minimize

from analytics.engine.clv.history import Floats

# The log-likelihood of positive parameters and its derivatives by them.
LogLikelihood: TypeAlias = Callable[[Floats], tuple[float, Floats]]

# A parameter may leave its starting values by a factor of e^6 either way; one that wants to go further
# says that the data do not determine it.
REACH = 6.0
STEP = 1e-4
# The slope, per unit of log-likelihood, at which the top is reached.
FLAT = 1e-8
# Information below which a direction is not determined: a standard error of a factor e^10.
FLATTEST = 1e-2


@dataclass(frozen=True)
class Fit:
    """The most likely parameters, and how sure they are."""

    parameters: list[float]
    log_likelihood: float
    standard_errors: list[float] | None

    def named(self, *names: str) -> dict[str, Any]:
        """As the fields of a model whose parameters have these names."""
        errors = self.standard_errors
        return dict(zip(names, self.parameters, strict=True)) | {
            "log_likelihood": self.log_likelihood,
            "standard_errors": None if errors is None else dict(zip(names, errors, strict=True)),
        }


def fit(likelihood: LogLikelihood, rough: LogLikelihood, starts: Iterable[Floats]) -> Fit:
    """Maximise a log-likelihood.

    All `starts` are tried on `rough`, a likelihood of part of the data; the best goes on with the whole.
    ValueError where no start leads to finite parameters.
    """
    candidates = [_climb(rough, np.log(start), np.eye(len(start))) for start in starts]
    best, reached = max(candidates, key=lambda candidate: candidate[1])
    # Seen along the axes of the rough answer's uncertainty, the whole is nearly round: few steps are left.
    values, vectors = np.linalg.eigh(_information(rough, best))
    lengths = np.sqrt(max(abs(reached), 1) / np.maximum(values, FLATTEST))
    logs, value = _climb(likelihood, best, vectors * lengths)
    if not np.isfinite(value):
        raise ValueError("The model does not fit these purchases.")
    return Fit(np.exp(logs).tolist(), value, _standard_errors(likelihood, logs))


def _climb(likelihood: LogLikelihood, start: Floats, axes: Floats) -> tuple[Floats, float]:
    """Where BFGS ends from a start, going along some axes, and the log-likelihood there.

    A step bends back towards the farthest it may reach, which keeps every parameter a number. L-BFGS-B, which
    has bounds, spends milliseconds a step on waking the threads of its linear algebra for four numbers.
    """
    size = abs(likelihood(np.exp(start))[0]) or 1.0
    reach = REACH / np.abs(axes).max(axis=0)

    def cost(steps: Floats) -> tuple[float, Floats]:
        bent = np.tanh(steps / reach)
        parameters = np.exp(start + axes @ (reach * bent))
        value, gradient = likelihood(parameters)
        return -value / size, -(gradient * parameters) @ axes * (1 - bent**2) / size

    found = minimize(cost, np.zeros(len(start)), jac=True, method="BFGS", options={"gtol": FLAT})
    return start + axes @ (reach * np.tanh(found.x / reach)), -float(found.fun) * size


def _standard_errors(likelihood: LogLikelihood, logs: Floats) -> list[float] | None:
    """By the inverse of the observed information; None where the data do not determine every parameter."""
    values, vectors = np.linalg.eigh(_information(likelihood, logs))
    if not values.min() > FLATTEST:
        return None
    return (np.exp(logs) * np.sqrt((vectors**2 / values).sum(axis=1))).tolist()


def _information(likelihood: LogLikelihood, logs: Floats) -> Floats:
    """The observed information on the logarithms: minus the second derivatives."""
    slopes = [
        (_slope(likelihood, logs - step) - _slope(likelihood, logs + step)) / (2 * STEP)
        for step in np.eye(len(logs)) * STEP
    ]
    return (np.array(slopes) + np.array(slopes).T) / 2


def _slope(likelihood: LogLikelihood, logs: Floats) -> Floats:
    """The derivatives by the logarithms of the parameters."""
    parameters = np.exp(logs)
    return likelihood(parameters)[1] * parameters
