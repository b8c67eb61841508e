"""A chunk of rows, parsed column by column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from core.defuse import fuse
from core.importing.errors import ValueProblem
from core.importing.readers import Row
from core.imports.plan import Column, Plan


class Reason(NamedTuple):
    """Why a row was not taken as it stands. Rows with equal code and column are counted together."""

    code: str
    text: str
    column: str = ""


class Parsed:
    """Values by field: `single["name"][i]`, and for fields of several columns
    `many["phone"]`, a list of (header, values)."""

    def __init__(self, plan: Plan, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.count = len(rows)
        #: What `Session.prepare` made of them.
        self.prepared: Any = None
        self.single: dict[str, list[Any]] = {}
        self.many: dict[str, list[tuple[str, list[Any]]]] = {}
        #: Problems that keep a row out, by its place in the chunk.
        self.problems: dict[int, list[Reason]] = {}
        for place, row in enumerate(rows):
            if row.notice is not None and row.notice.fatal:
                self.problem(place, Reason(row.notice.code, str(row.notice)))
        for column in plan.columns:
            values = self._parse(column)
            if column.field.many:
                self.many.setdefault(column.field.key, []).append((column.header, values))
            else:
                self.single[column.field.key] = values
        for key, value in plan.constants.items():
            if plan.fields[key].many:
                self.many.setdefault(key, []).append(("", [value] * self.count))
            else:
                self.single[key] = [value] * self.count

    def problem(self, place: int, reason: Reason) -> None:
        """Mark a row as one that cannot be imported."""
        self.problems.setdefault(place, []).append(reason)

    def column(self, key: str, blank: Any = None) -> list[Any]:
        """The values of a field; blanks where no column fills it."""
        found = self.single.get(key)
        return [blank] * self.count if found is None else found

    def _parse(self, column: Column) -> list[Any]:
        index, parse, fixes = column.index, column.parse, column.fixes
        required = column.field.required
        # Our own exports put a mark before text that a spreadsheet would run as a formula.
        cells = [cell if cell[:1] != "'" else fuse(cell) for cell in [row.values[index] for row in self.rows]]
        if fixes:
            cells = [fixes.get(cell.strip(), cell) for cell in cells]
        values: list[Any] = []
        add = values.append
        for place, cell in enumerate(cells):
            if not cell:
                add(None)
                continue
            try:
                add(parse(cell))
            except ValueProblem as problem:
                add(None)
                self.problem(place, Reason(problem.code, str(problem), column.header))
        if required:
            for place, value in enumerate(values):
                if (value is None or value == "") and place not in self.problems:
                    self.problem(place, Reason("missing", _("This cell may not be empty."), column.header))
        return values
