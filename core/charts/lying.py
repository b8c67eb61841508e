"""Charts whose bars lie side by side under each other: ranks and funnels."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from core.charts.base import (
    LABEL_LIMIT,
    NARROW_LABEL_LIMIT,
    ROW,
    WIDTH,
    Chart,
    Format,
    Number,
    Series,
    Shape,
    build,
    check,
    css_of,
    plain,
    rounded,
    shorten,
)


def horizontal_bars(
    title: str,
    labels: Sequence[str],
    values: Sequence[Number],
    *,
    head: str = "",
    value_label: str = "",
    form: Format = plain,
    notes: Sequence[str] = (),
    note_label: str = "",
) -> Chart:
    """Ranked bars with their words on the left and their numbers at the end.

    ``notes`` says something about each bar, such as the conversion from the stage above: a funnel
    is these bars in the order of its stages.
    """
    series = [Series(value_label or title, values)]
    check(labels, series)
    if not labels:
        return build(title, head, labels, series, form, None)
    if min(values) < 0:
        raise ValueError("horizontal bars start at nought; use bar_chart for negative values")

    def draw(space: int) -> list[Shape]:
        return _rows(labels, values, [form(value) for value in values], notes, space)

    chart = build(title, head, labels, series, form, draw, height=len(labels) * ROW + 4)
    if not notes:
        return chart
    chart.table_head.append(note_label)
    for row, note in zip(chart.table_rows, notes, strict=True):
        row.append(note)
    return chart


def _rows(
    labels: Sequence[str], values: Sequence[Number], ends: Sequence[str], notes: Sequence[str], space: int
) -> list[Shape]:
    """Word, bar, number and note of each value, in a drawing of this width."""
    words = [shorten(label, LABEL_LIMIT if space == WIDTH else NARROW_LABEL_LIMIT) for label in labels]
    gap = 7.4 * max(_columns(end) for end in ends) + 22
    tail = 7.2 * max(map(_columns, notes), default=0)
    left = 16 + 8 * max(map(_columns, words))
    room = max(space - left - gap - tail, 24)
    most = max(values) or 1
    shapes: list[Shape] = []
    for i, value in enumerate(values):
        y = i * ROW + 6
        bar: dict[str, Any] = {"x": left, "y": y, "height": ROW - 10, "radius": 4}
        width = rounded(max(room * value / most, 1))
        end = rounded(left + room + gap - 12)
        shapes += [
            Shape("text", "label", x=left - 10, y=y + 16, anchor="end", text=words[i]),
            Shape("rect", "track", width=rounded(room), **bar),
            Shape("rect", f"mark {css_of(0)}", width=width, title=f"{labels[i]}: {ends[i]}", **bar),
            Shape("text", "value", x=end, y=y + 16, anchor="end", text=ends[i]),
        ]
        if notes and notes[i]:
            shapes.append(Shape("text", "note", x=space, y=y + 16, anchor="end", text=notes[i]))
    return shapes


def _columns(text: str) -> float:
    """How wide a text is in letters: a Chinese character takes about two."""
    return sum(1.65 if ord(character) > 0x2E80 else 0.85 for character in text)


def funnel_chart(title: str, labels: Sequence[str], values: Sequence[Number], *, head: str = "") -> Chart:
    """Stages from the widest on, each with its share of the stage before it."""
    notes = [""] + [
        _("%(percent)s %%") % {"percent": plain(round(100 * now / before))} if before else "–"
        for before, now in pairwise(values)
    ]
    return horizontal_bars(
        title,
        labels,
        values,
        head=head or _("Stage"),
        value_label=_("Count"),
        notes=notes[: len(labels)],
        note_label=_("Of the stage before"),
    )
