"""Words for probabilities: the figures are only good enough for bands."""

from enum import StrEnum


class Likelihood(StrEnum):
    """How likely it is that a suggestion is better for them."""

    VERY_LIKELY = "very likely"
    LIKELY = "likely"
    PERHAPS = "perhaps"


# From this probability on; below the last nothing is said.
BOUNDS = {Likelihood.VERY_LIKELY: 0.9, Likelihood.LIKELY: 0.7, Likelihood.PERHAPS: 0.5}


def in_words(probability: float) -> Likelihood | None:
    """Very likely from 0.9 on, likely from 0.7, perhaps from 0.5; None below."""
    return next((word for word, bound in BOUNDS.items() if probability >= bound), None)
