"""Marks in the cells of a grid: who stands where between two scales."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.charts.base import NARROW, WIDTH, Chart, Shape, plain, rounded, shorten

LINE = 30  # of one mark in a cell
PADDING = 12
FOOT = 28
RADIUS = 12


@dataclass(frozen=True)
class Mark:
    """One thing in a cell. `initials` stand in its circle; `tone` is good, bad or empty."""

    column: int
    row: int
    label: str
    initials: str
    tone: str = ""


def grid_chart(
    title: str,
    columns: Sequence[str],
    rows: Sequence[str],
    marks: Sequence[Mark],
    *,
    head: str = "",
    row_label: str = "",
    column_label: str = "",
) -> Chart:
    """A grid of `rows` (top to bottom) and `columns`; marks of one cell stand under one another.
    On phones a mark is its initials only: the names are in the table."""
    heights = _heights(marks, len(rows))

    def draw(space: int) -> list[Shape]:
        return _drawn(columns, rows, marks, heights, space)

    return Chart(
        title=title,
        description=_("%(count)s in %(rows)s × %(columns)s cells.")
        % {"count": plain(len(marks)), "rows": plain(len(rows)), "columns": plain(len(columns))},
        width=WIDTH,
        height=sum(heights) + FOOT,
        shapes=draw(WIDTH) if marks else [],
        narrow=draw(NARROW) if marks else [],
        table_head=[head, row_label, column_label],
        table_rows=[[mark.label, rows[mark.row], columns[mark.column]] for mark in marks],
    )


def _heights(marks: Sequence[Mark], rows: int) -> list[int]:
    cells = Counter((mark.row, mark.column) for mark in marks)
    most = [1] * rows
    for (row, _column), n in cells.items():
        most[row] = max(most[row], n)
    return [n * LINE + PADDING for n in most]


def _drawn(
    columns: Sequence[str], rows: Sequence[str], marks: Sequence[Mark], heights: Sequence[int], space: int
) -> list[Shape]:
    left = 16 + 15 * max(map(_width, rows))
    width = (space - left) / len(columns)
    tops = [sum(heights[:number]) for number in range(len(rows) + 1)]
    shapes = [Shape("line", "grid", x=left, y=top, x2=space, y2=top) for top in tops]
    shapes += [
        Shape("line", "grid", x=rounded(left + n * width), y=0, x2=rounded(left + n * width), y2=tops[-1])
        for n in range(len(columns) + 1)
    ]
    shapes += [
        Shape("text", "tick", x=left - 8, y=tops[n] + heights[n] / 2 + 4, anchor="end", text=label)
        for n, label in enumerate(rows)
    ]
    shapes += [
        Shape("text", "tick", x=rounded(left + (n + 0.5) * width), y=tops[-1] + 18, anchor="middle",
              text=shorten(label, max(3, int(width / 6.4))))
        for n, label in enumerate(columns)
    ]  # fmt: skip
    stacked: Counter[tuple[int, int]] = Counter()
    for mark in marks:
        cell = (mark.row, mark.column)
        y = tops[mark.row] + PADDING / 2 + LINE * (stacked[cell] + 0.5)
        stacked[cell] += 1
        shapes += _mark(mark, left + mark.column * width, y, width, named=space == WIDTH)
    return shapes


def _mark(mark: Mark, left: float, y: float, width: float, *, named: bool) -> list[Shape]:
    x = rounded(left + (RADIUS + 6 if named else width / 2))
    shapes = [
        Shape("circle", f"dot {mark.tone}".strip(), x=x, y=y, radius=RADIUS, title=mark.label),
        Shape("text", "initials", x=x, y=y + 4, anchor="middle", text=mark.initials),
    ]
    if named:
        room = int((width - 2 * RADIUS - 14) / 6.2 / max(1, _width(mark.label) * 2 / len(mark.label)))
        shapes.append(
            Shape("text", "label", x=x + RADIUS + 4, y=y + 4, text=shorten(mark.label, max(3, room)))
        )
    return shapes


def _width(text: str) -> float:
    """In halves of a Chinese character, which is about as wide as two letters."""
    return sum(1.0 if ord(character) > 0x2E80 else 0.5 for character in text)
