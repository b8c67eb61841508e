"""The mathematics of a negotiation between two sides.

Pure functions of their arguments: no third-party import, no Django, no clock, no random numbers, no state.
Scores are whole basis points (0 … 10 000) and every comparison is exact; only beliefs about the other
side (`opponent`) are floating-point probabilities, and those are shown as words.

| module | holds |
|---|---|
| `exact` | exact numbers, largest-remainder rounding |
| `scoring` | issues, preferences, the score of a package |
| `grid` | the levels of a numeric issue |
| `frontier` | the Pareto frontier of finitely many options |
| `supported` | the frontier of continuous issues, and the solutions on it |
| `solutions` | Nash, Kalai–Smorodinsky, egalitarian, utilitarian |
| `zopa` | zone of possible agreement, gap, shares |
| `trades` | better packages, equal packages, value left on the table, trade ratios |
| `dance` | moves, give and get, concessions, forecast |
| `opponent` | what their offers say about what matters to them |
| `words` | words for probabilities |
| `question` | what to ask them next |
"""
