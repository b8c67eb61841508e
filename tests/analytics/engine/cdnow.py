"""Purchases of CDNOW, which are not part of this repository: tests that need them say so and are skipped."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "cdnow"


def summary() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Frequency, recency and age in weeks of the 1/10 sample, 39 weeks, rounded to whole days."""
    with _file("cdnow_customers_summary.csv").open() as file:
        rows = [(row["frequency"], row["recency"], row["T"]) for row in csv.DictReader(file)]
    x, t_x, age = np.array(rows, dtype=float).T
    return x, np.rint(t_x * 7) / 7, np.rint(age * 7) / 7


def purchases() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Customer, day since 1997-01-01 and amount of every purchase day of the whole file."""
    amounts: dict[tuple[int, int], float] = {}
    start = date(1997, 1, 1)
    with _file("cdnow_master.csv").open() as file:
        for row in csv.DictReader(file):
            key = int(row["customer_id"]), (date.fromisoformat(row["date"]) - start).days
            amounts[key] = amounts.get(key, 0) + float(row["amount"])
    customers, days = np.array(list(amounts)).T
    return customers, days, np.array(list(amounts.values()))


def _file(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the shared data file {name} is not on this machine")
    return path
