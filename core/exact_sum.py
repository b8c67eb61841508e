"""A column for sums of money that database triggers add up: exact on both databases."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models


class ExactSumField(models.Field):
    """A decimal sum with fixed places. SQLite's decimals are floats, and a float that is added to for
    years drifts: there the column holds whole smallest units. PostgreSQL's numeric is exact."""

    def __init__(self, *args: Any, places: int = 2, **kwargs: Any) -> None:
        self.places = places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "places": self.places}

    def db_type(self, connection: Any) -> str:
        return "numeric" if connection.vendor == "postgresql" else "bigint"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        if value is None:
            return None
        if connection.vendor == "postgresql":
            return Decimal(value).quantize(Decimal(1).scaleb(-self.places))
        return Decimal(int(value)).scaleb(-self.places)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None or connection.vendor == "postgresql":
            return value
        return int(Decimal(value).scaleb(self.places))


class ExactAmount(models.Func):
    """An amount of money in the form an `ExactSumField` keeps: `Sum(ExactAmount("amount_base"))` is
    exact where SQLite's own sum of decimals is a float."""

    template = "%(expressions)s"
    arity = 1
    output_field = ExactSumField(places=2)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="CAST(round(%(expressions)s * 100) AS INTEGER)", **context
        )


class ExactPart(models.Func):
    """An amount times a percentage: `Sum(ExactPart(ExactAmount("amount_base"), "probability"))`."""

    template = "(%(expressions)s / 100)"
    arg_joiner = " * "
    arity = 2
    output_field = ExactSumField(places=4)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)", **context)
