"""Charts drawn on the server as SVG shapes, always with their numbers as a table.

Pure functions: numbers and words in, a ``Chart`` out, which ``components/chart.html`` draws. The
shapes carry geometry and CSS classes only, so themes, print and a strict CSP all work. Text stays
text: the template escapes it.
"""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.formats import number_format
from django.utils.translation import gettext as _

WIDTH = 640
NARROW = 340  # drawn a second time for phones: a drawing that shrinks has letters nobody can read
HEIGHT = 260
ROW = 34
SERIES = 8
LABEL_LIMIT = 28
NARROW_LABEL_LIMIT = 13

Number = int | float
Format = Callable[[Number], str]


@dataclass(frozen=True)
class Shape:
    """One SVG element. ``tag`` says which of the numbers are used."""

    tag: str
    css: str
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    x2: float = 0
    y2: float = 0
    radius: float = 0
    d: str = ""
    anchor: str = "start"
    text: str = ""
    title: str = ""


Draw = Callable[[int], list[Shape]]  # the shapes of a drawing of this width


@dataclass(frozen=True)
class LegendItem:
    label: str
    css: str


@dataclass(frozen=True)
class Series:
    """One line or one set of bars; ``values`` match the chart's labels, None is a gap."""

    label: str
    values: Sequence[Number | None]


@dataclass(frozen=True)
class Chart:
    """A finished drawing with its numbers."""

    title: str
    description: str
    width: int
    height: int
    shapes: list[Shape]
    table_head: list[str]
    table_rows: list[list[str]]
    narrow: list[Shape] = field(default_factory=list)
    narrow_width: int = NARROW
    legend: list[LegendItem] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.shapes

    @property
    def key(self) -> str:
        """An id that is the same for the same drawing, and unlike another's on the page."""
        seed = repr((self.title, self.description, self.table_rows))
        return "chart-" + hashlib.sha256(seed.encode()).hexdigest()[:10]


def nice_ticks(low: Number, high: Number, count: int = 5) -> list[float]:
    """Round numbers that span ``low`` to ``high``: steps of 1, 2 or 5 times a power of ten."""
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("ticks need finite numbers")
    low, high = min(low, high), max(low, high)
    if low == high:
        low, high = (min(low, 0), max(high, 0)) if low else (0, 1)
    rough = (high - low) / max(count - 1, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def plain(number: Number) -> str:
    """A number as people of the current language write it, with no more decimals than it has."""
    if float(number).is_integer():
        return number_format(int(number), force_grouping=True)
    return number_format(round(number, 2), force_grouping=True)


def shorten(text: str, limit: int = LABEL_LIMIT) -> str:
    """The text, or its start and an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def css_of(index: int) -> str:
    return f"series-{index % SERIES + 1}"


def rounded(number: float) -> float:
    return round(number, 2)


@dataclass(frozen=True)
class Frame:
    """The plotting area and its value axis."""

    left: float
    right: float
    top: float
    bottom: float
    ticks: list[float]

    def y(self, value: Number) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return rounded(self.bottom - (value - low) / (high - low) * (self.bottom - self.top))


def frame_of(values: Sequence[Number], form: Format, width: int) -> Frame:
    ticks = nice_ticks(min(0, *values), max(0, *values))
    widest = max(len(form(tick)) for tick in ticks)
    return Frame(left=14 + 7 * widest, right=width - 8, top=14, bottom=HEIGHT - 28, ticks=ticks)


def axes(frame: Frame, form: Format) -> list[Shape]:
    shapes = []
    for tick in frame.ticks:
        y = frame.y(tick)
        css = "axis" if tick == 0 else "grid"
        shapes.append(Shape("line", css, x=frame.left, y=y, x2=frame.right, y2=y))
        shapes.append(Shape("text", "tick", x=frame.left - 8, y=y + 4, anchor="end", text=form(tick)))
    return shapes


def _label_step(count: int, width: float, longest: int) -> int:
    """Show every n-th label so that they do not run into each other."""
    room = max(1, int(width / (8 * max(longest, 2) + 10)))
    return max(1, math.ceil(count / room))


def x_labels(frame: Frame, labels: Sequence[str], centre: Callable[[int], float]) -> list[Shape]:
    short = [shorten(label, 14) for label in labels]
    step = _label_step(len(labels), frame.right - frame.left, max(map(len, short)))
    return [
        Shape("text", "tick", x=rounded(centre(i)), y=HEIGHT - 8, anchor="middle", text=short[i])
        for i in range(0, len(labels), step)
    ]


def known(series: Sequence[Series]) -> list[Number]:
    return [value for one in series for value in one.values if value is not None]


def check(labels: Sequence[str], series: Sequence[Series]) -> None:
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"{one.label}: {len(one.values)} values for {len(labels)} labels")


def _table(
    head: str, labels: Sequence[str], series: Sequence[Series], form: Format
) -> tuple[list[str], list[list[str]]]:
    rows = [
        [label, *("–" if one.values[i] is None else form(one.values[i]) for one in series)]  # type: ignore[arg-type]
        for i, label in enumerate(labels)
    ]
    return [head, *(one.label for one in series)], rows


def build(
    title: str,
    head: str,
    labels: Sequence[str],
    series: Sequence[Series],
    form: Format,
    draw: Draw | None,
    height: int = HEIGHT,
    description: str = "",
) -> Chart:
    table_head, table_rows = _table(head, labels, series, form)
    legend = [LegendItem(one.label, css_of(i)) for i, one in enumerate(series)]
    return Chart(
        title=title,
        description=description or _describe(labels, series, form),
        width=WIDTH,
        height=height,
        shapes=draw(WIDTH) if draw else [],
        narrow=draw(NARROW) if draw else [],
        table_head=table_head,
        table_rows=table_rows,
        legend=legend if len(series) > 1 else [],
    )


def _describe(labels: Sequence[str], series: Sequence[Series], form: Format) -> str:
    """One sentence for those who cannot see the drawing: its extremes."""
    points = [(value, labels[i]) for one in series for i, value in enumerate(one.values) if value is not None]
    if not points:
        return _("There is nothing to draw yet.")
    low, high = min(points, key=lambda p: p[0]), max(points, key=lambda p: p[0])
    return _("%(count)s values, from %(low)s (%(low_at)s) to %(high)s (%(high_at)s).") % {
        "count": form(len(points)) if form is plain else plain(len(points)),
        "low": form(low[0]),
        "low_at": low[1],
        "high": form(high[0]),
        "high_at": high[1],
    }
