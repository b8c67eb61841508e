"""The drawings: geometry in numbers, words escaped, and the table beside them complete."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.charts import (
    Series,
    bar_chart,
    funnel_chart,
    horizontal_bars,
    line_chart,
    nice_ticks,
    plain,
    shorten,
)


def shapes(chart, tag, css=""):
    return (
        [shape for shape in chart.shapes if shape.tag == tag and css in shape.css.split()]
        if css
        else [shape for shape in chart.shapes if shape.tag == tag]
    )


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 100, [0, 50, 100]),
        (0, 97, [0, 50, 100]),
        (0, 4, [0, 1, 2, 3, 4]),
        (-30, 70, [-50, 0, 50, 100]),
        (0, 0, [0, 0.5, 1]),
        (0.0, 0.013, [0, 0.005, 0.01, 0.015]),
        (5, 5, [0, 2, 4, 6]),
        (0, 1_000_000, [0, 500_000, 1_000_000]),
    ],
)
def test_ticks_are_round_and_reach_both_ends(low, high, ticks):
    assert nice_ticks(low, high) == ticks


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_ticks_always_span_the_values(low, high):
    if abs(low - high) < 1e-3:
        return
    ticks = nice_ticks(low, high)
    span = ticks[-1] - ticks[0]
    assert 2 <= len(ticks) <= 8
    assert ticks[0] <= min(low, high) + span * 1e-6
    assert ticks[-1] >= max(low, high) - span * 1e-6


def test_ticks_refuse_what_is_no_number():
    with pytest.raises(ValueError, match="finite"):
        nice_ticks(0, float("inf"))


def test_numbers_are_written_plainly():
    assert plain(1240) == "1,240"
    assert plain(2.5) == "2.5"
    assert plain(2.0) == "2"


def test_long_labels_are_shortened():
    assert shorten("short") == "short"
    assert shorten("a" * 40, 10) == "a" * 9 + "…"


def test_bars_stand_on_nought_and_keep_their_proportion():
    chart = bar_chart("Revenue", ["Jan", "Feb"], [Series("Sum", [100, 50])])
    high, low = shapes(chart, "rect", "mark")
    assert high.height == pytest.approx(2 * low.height, abs=0.05)
    assert high.y + high.height == pytest.approx(low.y + low.height)
    assert high.title == "Jan, Sum: 100"


def test_negative_bars_hang_from_nought():
    chart = bar_chart("Change", ["a", "b"], [Series("x", [10, -10])])
    up, down = shapes(chart, "rect", "mark")
    assert down.y == pytest.approx(up.y + up.height)


def test_several_series_have_a_legend_and_colours_of_their_own():
    chart = bar_chart("Two", ["a"], [Series("New", [1]), Series("Old", [2])])
    assert [item.label for item in chart.legend] == ["New", "Old"]
    assert [shape.css for shape in shapes(chart, "rect")] == ["mark series-1", "mark series-2"]
    assert chart.table_head == ["", "New", "Old"]
    assert chart.table_rows == [["a", "1", "2"]]


def test_a_gap_in_the_values_is_a_gap_in_the_line():
    chart = line_chart("Line", ["a", "b", "c", "d"], [Series("x", [1, None, 3, 4])])
    (path,) = shapes(chart, "path")
    assert path.d.count("M") == 2
    assert path.d.count("L") == 1
    assert len(shapes(chart, "circle")) == 3
    assert chart.table_rows[1] == ["b", "–"]


def test_labels_that_would_run_into_each_other_are_left_out():
    names = [f"Category {number}" for number in range(60)]
    chart = bar_chart("Many", names, [Series("x", [1] * 60)])
    shown = [shape for shape in shapes(chart, "text", "tick") if shape.text.startswith("Category")]
    assert 3 <= len(shown) < 15
    assert len(chart.table_rows) == 60


def test_the_longest_lying_bar_fills_its_track():
    chart = horizontal_bars("Owners", ["Ada", "王小明"], [30, 15])
    tracks, bars = shapes(chart, "rect", "track"), shapes(chart, "rect", "mark")
    assert bars[0].width == tracks[0].width
    assert bars[1].width == pytest.approx(bars[0].width / 2, abs=0.05)


@pytest.mark.parametrize(
    "chart",
    [
        horizontal_bars("x", ["A label that is rather long for a phone", "王小明"], [1_234_567, 1]),
        funnel_chart("x", ["Lead", "Qualified for an offer"], [200_000, 50]),
        bar_chart("x", ["January", "February"], [Series("a", [1_000_000, 2]), Series("b", [3, 4])]),
        line_chart("x", ["January", "February", "March"], [Series("a", [1, 2_000_000, 3])]),
    ],
)
def test_the_drawing_for_phones_stays_inside_its_width(chart):
    assert {shape.tag for shape in chart.narrow} == {shape.tag for shape in chart.shapes}
    for shape in chart.narrow:
        right = max(shape.x + shape.width, shape.x2)
        left = shape.x - 7 * len(shape.text) if shape.anchor == "end" else shape.x
        assert left >= 0, shape
        assert right <= chart.narrow_width, shape


def test_lying_bars_cannot_be_negative():
    with pytest.raises(ValueError, match="nought"):
        horizontal_bars("x", ["a"], [-1])


def test_a_funnel_says_what_share_went_on():
    chart = funnel_chart("Funnel", ["Lead", "Qualified", "Customer"], [200, 50, 0])
    assert chart.table_head == ["Stage", "Count", "Of the stage before"]
    assert chart.table_rows == [["Lead", "200", ""], ["Qualified", "50", "25 %"], ["Customer", "0", "0 %"]]
    assert [shape.text for shape in shapes(chart, "text", "note")] == ["25 %", "0 %"]


def test_a_stage_after_an_empty_one_has_no_share():
    assert funnel_chart("x", ["a", "b"], [0, 5]).table_rows[1][2] == "–"


@pytest.mark.parametrize("make", [bar_chart, line_chart])
def test_nothing_to_draw_is_said(make):
    chart = make("Empty", [], [])
    assert chart.is_empty
    assert "nothing to draw" in render_to_string("components/chart.html", {"chart": chart})
    assert make("Gaps", ["a"], [Series("x", [None])]).is_empty


def test_an_empty_funnel_is_empty():
    assert funnel_chart("x", [], []).is_empty


def test_values_must_match_their_labels():
    with pytest.raises(ValueError, match="2 values for 1 labels"):
        bar_chart("x", ["a"], [Series("s", [1, 2])])


def test_the_drawing_is_described_in_words():
    chart = bar_chart("x", ["Jan", "Feb"], [Series("s", [3, 9])])
    assert chart.description == "2 values, from 3 (Jan) to 9 (Feb)."


def test_the_same_drawing_has_the_same_id_and_another_another():
    one = bar_chart("x", ["a"], [Series("s", [1])])
    assert one.key == bar_chart("x", ["a"], [Series("s", [1])]).key
    assert one.key != bar_chart("x", ["a"], [Series("s", [2])]).key


def test_words_from_people_are_escaped_and_nothing_is_styled_inline():
    evil = "<script>alert(1)</script>"
    chart = bar_chart(evil, [evil], [Series(evil, [1]), Series("y", [2])])
    html = render_to_string("components/chart.html", {"chart": chart})
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "style=" not in html
    assert 'role="img"' in html


def test_coordinates_are_written_with_points_in_every_language():
    chart = bar_chart("x", ["a", "b", "c"], [Series("s", [1, 2, 3.5])])
    with translation.override("de"):
        html = render_to_string(
            "components/chart_svg.html", {"chart": chart, "shapes": chart.shapes, "width": 640}
        )
    assert 'x="' in html
    assert "," not in html.split("</desc>")[1].replace(", ", "")
