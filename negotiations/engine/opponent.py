"""What their offers say about what matters to them.

Importance is Low, Medium, High or Critical (1 … 4). A belief is a probability for each vector of importances,
updated by their offers without random numbers. Even a good belief finds the other side's top issue only about
half of the time: show bands and words (`words`), never "their most important issue is …".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import exp, fsum, lcm, log
from operator import mul

from negotiations.engine.exact import largest_remainder
from negotiations.engine.scoring import BEST, AnyPackage, Package, Preferences

LEVELS = (1, 2, 3, 4)
COARSE_LEVELS = (1, 2, 4)  # with more issues than MOST_FINE
MOST_FINE = 6
MOST_VARYING = 8  # with more issues, the others keep the importance guessed
UNKNOWN = 2  # the importance of those without a guess
DOUBT = 0.7  # prior: exp(−DOUBT) for each level away from the guess
SPREAD = 0.07  # standard deviation of their score around their aim, best = 1
CONCESSIONS = (0, 0.02, 0.04, 0.06, 0.09, 0.13, 0.18)  # how much they may lower the aim with each offer
TEMPER = 0.5  # successive offers are alike: each counts as half a one, or the belief is over-confident
TAIL = 0.1  # what a rough band leaves out on either side


@dataclass(frozen=True)
class Belief:
    """A probability for each hypothesis, a vector of importances in the order of `keys`; they sum to 1."""

    keys: tuple[str, ...]
    hypotheses: tuple[tuple[int, ...], ...]
    probabilities: tuple[float, ...]

    def weights(self) -> dict[str, int]:
        """The expected weight of each issue in basis points, for the `Preferences` of the other side."""
        if not self.keys:
            return {}
        rows = [(v, p / sum(v)) for v, p in zip(self.hypotheses, self.probabilities, strict=True)]
        shares = [fsum(vector[index] * unit for vector, unit in rows) for index in range(len(self.keys))]
        return dict(zip(self.keys, largest_remainder([Fraction(share) for share in shares]), strict=True))

    def band(self, key: str) -> tuple[int, int]:
        """A rough 80 % band of the importance of an issue, lowest and highest level."""
        chances = self.chances((key,))
        ordered = sorted(importance for (importance,) in chances)
        low = next(i for i in ordered if fsum(chances[j,] for j in ordered if j <= i) > TAIL)
        high = next(i for i in reversed(ordered) if fsum(chances[j,] for j in ordered if j >= i) > TAIL)
        return low, high

    def chances(self, keys: Sequence[str]) -> dict[tuple[int, ...], float]:
        """The probability of each combination of importances of some issues."""
        indexes = [self.keys.index(key) for key in keys]
        found: dict[tuple[int, ...], float] = {}
        columns = zip(*([vector[index] for vector in self.hypotheses] for index in indexes), strict=True)
        for importances, probability in zip(columns, self.probabilities, strict=True):
            found[importances] = found.get(importances, 0.0) + probability
        return found


def update_importance(
    theirs: Preferences,
    guess: Mapping[str, int | None],
    offers: Sequence[AnyPackage] = (),
    *,
    temper: float = TEMPER,
) -> Belief:
    """What to believe about the importance of each issue to them, after their `offers` in time.

    `theirs` holds what is known of their values (directions or orders per issue; its weights are not read),
    `guess` the importance 1 … 4 that the seller believes; 0, None or absent where there is no guess.
    Hypotheses are all vectors of the levels 1 … 4 (1, 2, 4 with more than six issues; with more than eight
    only the heaviest eight vary). The prior falls by exp(−0.7) per level away from the guess. Under a
    hypothesis their t-th offer aims at a score of 1 − c·t, give or take 0.07, for an unknown concession c
    (grid Bayes, after Hindriks & Tykhonov 2008). Each offer counts as only `temper` of one: successive offers
    are not independent, and the words must keep their bands. Without offers: the prior. ValueError for a
    guess beyond 1 … 4 or an offer that is silent on an issue.
    """
    keys = tuple(theirs.weights_bp)
    guesses = [guess.get(key) or None for key in keys]
    if any(each is not None and not LEVELS[0] <= each <= LEVELS[-1] for each in guesses):
        raise ValueError("An importance is a level from 1 to 4.")
    misses = [_misses(theirs.scored_settings(offer), theirs) for offer in offers]
    hypotheses = tuple(product(*_levels(guesses)))
    logs = []
    for vector in hypotheses:
        away = sum(abs(level - each) for level, each in zip(vector, guesses, strict=True) if each is not None)
        whole = sum(vector) or 1
        shortfalls = [sum(map(mul, vector, miss)) / whole for miss in misses]
        logs.append(temper * _fit(shortfalls) - DOUBT * away)
    highest = max(logs)
    likelihoods = [exp(each - highest) for each in logs]
    total = fsum(likelihoods)
    return Belief(keys, hypotheses, tuple(each / total for each in likelihoods))


def probability_better(
    candidate: AnyPackage, current: AnyPackage, theirs: Preferences, belief: Belief
) -> float:
    """How probable it is that they prefer `candidate` to `current`, 0 … 1.

    The sum of the probabilities of the hypotheses under which it scores more. Real weights lie between the
    levels, so a hypothesis under which both packages tie counts half. 0 if the packages do not differ for
    them. How well it is calibrated: tests/negotiations/engine/test_calibration.py. ValueError as for `score`.
    """
    new, old = theirs.scored_settings(candidate), theirs.scored_settings(current)
    gains = {key: theirs.value(key, new[key]) - theirs.value(key, old[key]) for key in belief.keys}
    changed = [key for key, gain in gains.items() if gain]
    if not changed:
        return 0.0
    # In whole numbers a tie is a tie.
    scale = lcm(*(gains[key].denominator for key in changed))
    whole = [int(gains[key] * scale) for key in changed]
    chances = belief.chances(changed)
    return fsum(chance * _better(sum(map(mul, vector, whole))) for vector, chance in chances.items())


def _better(gain: int) -> float:
    return 1.0 if gain > 0 else 0.5 if gain == 0 else 0.0


def _levels(guesses: Sequence[int | None]) -> list[tuple[int, ...]]:
    """The levels each issue may have."""
    levels = LEVELS if len(guesses) <= MOST_FINE else COARSE_LEVELS
    heaviest = sorted(range(len(guesses)), key=lambda index: -(guesses[index] or UNKNOWN))[:MOST_VARYING]
    return [levels if index in heaviest else (each or UNKNOWN,) for index, each in enumerate(guesses)]


def _misses(settings: Package, theirs: Preferences) -> list[float]:
    """How far an offer is from their best on each issue, 0 … 1."""
    return [float(1 - Fraction(theirs.value(key, value)) / BEST) for key, value in settings.items()]


def _fit(shortfalls: Sequence[float]) -> float:
    """The log-likelihood of their scores, summed over how quickly they may concede; a constant left out."""
    squares = sum(each * each for each in shortfalls)
    slope = sum(time * each for time, each in enumerate(shortfalls))
    times = sum(time * time for time in range(len(shortfalls)))
    fits = [(2 * c * slope - c * c * times - squares) / (2 * SPREAD * SPREAD) for c in CONCESSIONS]
    best = max(fits)
    return best + log(sum(exp(fit - best) for fit in fits))
