"""Customers who behave as BG/NBD says."""

import numpy as np


def simulated(customers: int, r=0.25, alpha=30.0, a=0.8, b=2.4, longest=730):
    """Frequency, recency and age in days; the days are not rounded."""
    rng = np.random.default_rng(5)
    age = rng.integers(30, longest, customers).astype(float)
    rate, dropout = rng.gamma(r, 1 / alpha, customers) + 1e-12, rng.beta(a, b, customers)
    x, t_x, clock = np.zeros((3, customers))
    active = np.arange(customers)
    while active.size:
        clock[active] += rng.exponential(1 / rate[active])
        active = active[clock[active] <= age[active]]
        x[active], t_x[active] = x[active] + 1, clock[active]
        active = active[rng.random(active.size) > dropout[active]]
    return x, t_x, age
