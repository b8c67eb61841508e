"""Charts drawn on the server as SVG shapes, always with their numbers as a table."""

from core.charts.base import Chart, LegendItem, Series, Shape, nice_ticks, plain, shorten
from core.charts.grid import Mark, grid_chart
from core.charts.lying import funnel_chart, horizontal_bars
from core.charts.upright import bar_chart, line_chart

__all__ = [
    "Chart",
    "LegendItem",
    "Mark",
    "Series",
    "Shape",
    "bar_chart",
    "funnel_chart",
    "grid_chart",
    "horizontal_bars",
    "line_chart",
    "nice_ticks",
    "plain",
    "shorten",
]
