"""Charts: their scale, and that they paint what they are given, nothing at all included."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from counterapp.ui import theme
from counterapp.ui.charts import BarChart, HeatMap, LineChart, scale_of


@pytest.mark.parametrize(
    ("most", "scale"),
    [(0, (1, 1)), (4, (1, 4)), (5, (2, 6)), (9, (5, 10)), (21, (10, 30)), (96, (50, 100)), (1999, (500, 2000))],
)
def test_lines_stand_at_round_figures(most: int, scale: tuple[int, int]) -> None:
    assert scale_of(most) == scale


@given(st.floats(0, 1e12))
def test_the_highest_value_is_on_the_chart_and_there_are_few_lines(most: float) -> None:
    step, top = scale_of(most)
    assert top >= most
    assert top / step <= 4
    assert top < most + step or top == step


def painted(qtbot: QtBot, widget: QWidget) -> QImage:
    qtbot.addWidget(widget)
    widget.resize(800, 200)
    return widget.grab().toImage()


def pixels(picture: QImage, colour: str) -> int:
    wanted = QColor(colour).rgb()
    return sum(picture.pixel(x, y) == wanted for x in range(picture.width()) for y in range(picture.height()))


@pytest.mark.parametrize(
    "make",
    [
        lambda: LineChart([], (7, 24)),
        lambda: BarChart([]),
        lambda: HeatMap([], range(0), {}),
        lambda: HeatMap(["Mon"], range(9, 12), {}),
    ],
)
def test_where_nothing_was_counted_an_empty_chart_is_painted(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    assert not painted(qtbot, make()).isNull()


def test_steps_hold_their_value_where_a_line_rises(qtbot: QtBot) -> None:
    points, span, marks = [(8.0, 4), (16.0, 4)], (7, 24), [(8, "8:00")]
    steps = pixels(painted(qtbot, LineChart(points, span, marks, steps=True)), theme.current().chosen.ground)
    points = [(8.0, 0), (16.0, 4)]
    rising = pixels(painted(qtbot, LineChart(points, span, marks)), theme.current().chosen.ground)
    assert rising == pytest.approx(steps / 2, rel=0.1)


def test_bars_are_as_high_as_their_values(qtbot: QtBot) -> None:
    low = pixels(painted(qtbot, BarChart([("a", 2), ("b", 4)])), theme.current().accent)
    high = pixels(painted(qtbot, BarChart([("a", 4), ("b", 4)])), theme.current().accent)
    assert low == pytest.approx(high * 0.75, rel=0.05)


def test_the_busiest_hour_is_the_deepest(qtbot: QtBot) -> None:
    chart = HeatMap(["Mon", lambda: "Tue"], range(9, 13), {(0, 9): 12.0, (1, 10): 5.0, (1, 11): 0.5})
    picture = painted(qtbot, chart)
    colours = theme.current()
    for colour in (colours.action.ground, colours.line, colours.chosen.ground, colours.backdrop):
        assert pixels(picture, colour) > 100
