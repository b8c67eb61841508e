"""Charts whose bars lie side by side under each other: ranks and funnels."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from core.charts.base import (
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
        return build(title, head, labels, series, form, [])
    if min(values) < 0:
        raise ValueError("horizontal bars start at nought; use bar_chart for negative values")
    ends = [form(value) for value in values]
    gap = 7.4 * max(_columns(end) for end in ends) + 22
    tail = 7.2 * max(map(_columns, notes), default=0)
    left = 16 + 8 * max(_columns(shorten(label)) for label in labels)
    room = WIDTH - left - gap - tail
    most = max(values) or 1
    shapes: list[Shape] = []
    for i, value in enumerate(values):
        y = i * ROW + 6
        css = f"mark {css_of(0)}"
        width = rounded(max(room * value / most, 1))
        shapes += [
            Shape("text", "label", x=left - 10, y=y + 16, anchor="end", text=shorten(labels[i])),
            Shape("rect", "track", x=left, y=y, width=rounded(room), height=ROW - 10, radius=4),
            Shape(
                "rect",
                css,
                x=left,
                y=y,
                width=width,
                height=ROW - 10,
                radius=4,
                title=f"{labels[i]}: {ends[i]}",
            ),
            Shape("text", "value", x=rounded(left + room + gap - 12), y=y + 16, anchor="end", text=ends[i]),
        ]
        if notes and notes[i]:
            shapes.append(Shape("text", "note", x=WIDTH, y=y + 16, anchor="end", text=notes[i]))
    chart = build(title, head, labels, series, form, shapes, height=len(labels) * ROW + 4)
    if not notes:
        return chart
    chart.table_head.append(note_label)
    for row, note in zip(chart.table_rows, notes, strict=True):
        row.append(note)
    return chart


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
