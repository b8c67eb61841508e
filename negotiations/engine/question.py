"""The question to ask next: the one whose answer would improve what we suggest."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import mul

from negotiations.engine.exact import BASIS_POINTS
from negotiations.engine.opponent import Belief
from negotiations.engine.scoring import BEST, AnyPackage, Preferences

# Basis points of a value 0 … 100.
POINTS = BASIS_POINTS // BEST
# An answer worth less, in basis points, would change nothing that matters.
WORTH_ASKING = 1.0


@dataclass(frozen=True)
class Question:
    """Which of two issues matters more to them, and what the answer is worth in their basis points."""

    first: str
    second: str
    worth: float


def next_question(
    candidates: Sequence[AnyPackage], current: AnyPackage, theirs: Preferences, belief: Belief
) -> Question | None:
    """The two issues whose order of importance would improve the best suggestion most.

    `candidates` are packages equally good for us. The worth of an answer (the first matters more, the second,
    both the same) is by how many basis points the candidate we choose after it is better for them, on
    average, than the one we would choose now: the expected value of information (Raiffa & Schlaifer 1961).
    None where no answer is worth a basis point. The first pair among equals. ValueError as for
    `score`.
    """
    pairs = list(combinations(range(len(belief.keys)), 2))
    if not pairs:
        return None
    gains = _expected_gains(candidates, current, theirs, belief)
    now = _best([gains])
    questions = [
        Question(
            belief.keys[first], belief.keys[second], _best(_by_answer(first, second, gains, belief)) - now
        )
        for first, second in pairs
    ]
    best = max(questions, key=lambda question: round(question.worth, 6))
    return best if best.worth >= WORTH_ASKING else None


def _expected_gains(
    candidates: Sequence[AnyPackage], current: AnyPackage, theirs: Preferences, belief: Belief
) -> list[list[float]]:
    """Per hypothesis what each candidate gains them over the current package, times the probability."""
    old = theirs.scored_settings(current)
    changes = []
    for candidate in candidates:
        new = theirs.scored_settings(candidate)
        changes.append(
            [POINTS * float(theirs.value(key, new[key]) - theirs.value(key, old[key])) for key in belief.keys]
        )
    return [
        [sum(map(mul, vector, change)) * probability / sum(vector) for change in changes]
        for vector, probability in zip(belief.hypotheses, belief.probabilities, strict=True)
    ]


def _by_answer(first: int, second: int, gains: list[list[float]], belief: Belief) -> list[list[list[float]]]:
    """The gains under the hypotheses that agree with each answer."""
    answers: list[list[list[float]]] = [[], [], []]
    for vector, row in zip(belief.hypotheses, gains, strict=True):
        answers[(vector[first] > vector[second]) - (vector[first] < vector[second])].append(row)
    return answers


def _best(answers: list[list[list[float]]]) -> float:
    """What they gain if after each answer the best candidate is taken, or none where none is better."""
    return sum(max([0.0, *map(sum, zip(*rows, strict=True))]) for rows in answers)
