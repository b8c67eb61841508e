"""Charts whose values stand on a common ground: bars and lines."""

from collections.abc import Callable, Sequence

from core.charts.base import (
    Chart,
    Format,
    Frame,
    Number,
    Series,
    Shape,
    axes,
    build,
    check,
    css_of,
    frame_of,
    known,
    plain,
    rounded,
    x_labels,
)


def bar_chart(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    head: str = "",
    form: Format = plain,
) -> Chart:
    """Upright bars, side by side where there are several series; negative values hang down."""
    check(labels, series)
    values = known(series)
    if not values:
        return build(title, head, labels, series, form, None)

    def draw(space: int) -> list[Shape]:
        frame = frame_of(values, form, space)
        slot = (frame.right - frame.left) / len(labels)
        width = min(slot * 0.7, 56 * len(series)) / len(series)
        shapes = axes(frame, form)
        for s, one in enumerate(series):
            for i, value in enumerate(one.values):
                if value is None:
                    continue
                middle = frame.left + slot * (i + 0.5)
                x = middle + (s - len(series) / 2) * width
                shapes.append(_bar(frame, s, x, width, value, f"{labels[i]}, {one.label}: {form(value)}"))
        return shapes + x_labels(frame, labels, lambda i: frame.left + slot * (i + 0.5))

    return build(title, head, labels, series, form, draw)


def _bar(frame: Frame, index: int, x: float, width: float, value: Number, title: str) -> Shape:
    top, base = sorted((frame.y(value), frame.y(0)))
    return Shape(
        "rect",
        f"mark {css_of(index)}",
        x=rounded(x + 1),
        y=top,
        width=rounded(max(width - 2, 1)),
        height=rounded(base - top),
        radius=2,
        title=title,
    )


def line_chart(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    head: str = "",
    form: Format = plain,
) -> Chart:
    """Lines over equal steps; a gap in the values is a gap in the line."""
    check(labels, series)
    values = known(series)
    if not values:
        return build(title, head, labels, series, form, None)

    def draw(space: int) -> list[Shape]:
        frame = frame_of(values, form, space)
        step = (frame.right - frame.left - 24) / max(len(labels) - 1, 1)

        def at(i: int) -> float:
            return rounded(frame.left + 12 + step * i)

        shapes = axes(frame, form)
        for s, one in enumerate(series):
            shapes.append(Shape("path", f"line {css_of(s)}", d=_path(one.values, at, frame)))
            if len(labels) <= 60:
                shapes += [
                    Shape(
                        "circle",
                        f"point {css_of(s)}",
                        x=at(i),
                        y=frame.y(value),
                        radius=4,
                        title=f"{labels[i]}, {one.label}: {form(value)}",
                    )
                    for i, value in enumerate(one.values)
                    if value is not None
                ]
        return shapes + x_labels(frame, labels, at)

    return build(title, head, labels, series, form, draw)


def _path(values: Sequence[Number | None], at: Callable[[int], float], frame: Frame) -> str:
    parts, pen_down = [], False
    for i, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        parts.append(f"{'L' if pen_down else 'M'}{at(i)} {frame.y(value)}")
        pen_down = True
    return " ".join(parts)
