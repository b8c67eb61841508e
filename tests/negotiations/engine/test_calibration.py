"""Simulated counterparts: what is called likely happens as often as the word says."""

import random
from collections import defaultdict
from math import exp

import pytest

from negotiations.engine.opponent import probability_better, update_importance
from negotiations.engine.scoring import Issue, Preferences, falling, rising, score
from negotiations.engine.trades import improvements
from negotiations.engine.words import Likelihood, in_words

BANDS = {Likelihood.PERHAPS: (0.5, 0.7), Likelihood.LIKELY: (0.7, 0.9), Likelihood.VERY_LIKELY: (0.9, 1.0)}
COUNTERPARTS = 200
SLACK = 0.03


class Counterpart:
    """Somebody with importances between the levels who gives way in a style of their own."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        count, self.options = self.random.randint(3, 5), self.random.choice([3, 5, 7])
        issues = tuple(Issue(f"i{k}", tuple(range(self.options)), numeric=True) for k in range(count))
        importance = [2 * exp(self.random.gauss(0, 0.7)) for _issue in issues]
        self.keys = [issue.key for issue in issues]
        self.true = Preferences(
            issues, {i.key: rising(i) for i in issues}, dict(zip(self.keys, importance, strict=True))
        )
        self.ours = Preferences(
            issues, {i.key: falling(i) for i in issues}, {i.key: self.random.randint(10, 100) for i in issues}
        )
        # What the seller guesses is off by as much again.
        self.guess = {
            key: min(4, max(1, round(each * exp(self.random.gauss(0, 0.7)))))
            for key, each in zip(self.keys, importance, strict=True)
        }

    def offers(self, count: int) -> list[dict[str, int]]:
        """Their offers: each changes one or two issues to come near an aim that falls in their style."""
        total, style = self.random.choice([0.1, 0.3, 0.5]), self.random.choice([0.5, 1, 2])
        made = [dict.fromkeys(self.keys, self.options - 1)]
        for step in range(1, count):
            aim = 10_000 * (1 - total * (step / (count - 1)) ** style)
            near = sorted(
                (self.change(made[-1]) for _ in range(20)), key=lambda p: abs(score(p, self.true) - aim)
            )
            made.append(self.random.choice(near[:2]))
        return made[:count]

    def change(self, package: dict[str, int]) -> dict[str, int]:
        """The package with one or two issues set anew."""
        keys = self.random.sample(self.keys, self.random.randint(1, 2))
        return {**package, **{key: self.random.randrange(self.options) for key in keys}}


@pytest.mark.slow
@pytest.mark.parametrize("count", [0, 1, 3, 6, 10])
def test_suggestions_are_as_often_better_for_them_as_their_word_says(count: int) -> None:
    came_true: dict[Likelihood, list[bool]] = defaultdict(list)
    for seed in range(COUNTERPARTS):
        them = Counterpart(1000 * count + seed)
        belief = update_importance(them.true, them.guess, them.offers(count))
        believed = Preferences(them.true.issues, them.true.scores, belief.weights())
        now = {key: them.random.randrange(them.options) for key in them.keys}
        for trade in improvements(now, them.ours, believed)[:8]:
            probability = probability_better(trade.package, now, believed, belief)
            word = in_words(probability)
            if word and probability < 0.999999:  # where no importance matters there is nothing to estimate
                came_true[word].append(score(trade.package, them.true) > score(now, them.true))
    for word, (low, high) in BANDS.items():
        frequency = sum(came_true[word]) / len(came_true[word])
        assert len(came_true[word]) >= 90
        assert low - SLACK <= frequency <= high + SLACK, (word, frequency, len(came_true[word]))
