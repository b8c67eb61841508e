"""The mathematics of customer value, on plain numbers and arrays.

Pure functions of their arguments: no Django, no clock, no random numbers, no state. Only `formulas` goes
without numpy and scipy, which take a second to import: import the other modules inside the functions that
use them.

| module | holds |
|---|---|
| `formulas` | acquisition cost, lifetime value, NPS, churn, retention, growth, velocity |
| `rfm` | recency, frequency and monetary scores, and their named cells |
| `clv` | BG/NBD, MBG/NBD, Pareto/NBD and Gamma-Gamma: purchases and value to expect of each customer |
"""
