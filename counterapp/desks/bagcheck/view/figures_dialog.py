"""Today's occupancy as a curve, and the busiest hours by weekday, painted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from counterapp.desks.bagcheck.rules import Point
from counterapp.desks.bagcheck.services.figures import BusyHour
from counterapp.ui import theme
from counterapp.ui.charts import HeatMap, LineChart
from counterapp.ui.dialog import Dialog
from counterapp.ui.dialogs import buttons
from counterapp.ui.live_text import LiveText
from counterapp.ui.widgets import Role, Text
from counterapp.words import N_, _

_WIDTH: Final = 1080
_DAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
#: The curve begins at this hour, or earlier where somebody was earlier.
_FIRST: Final = 7


@dataclass(frozen=True, slots=True)
class Figures:
    """What is drawn: today's steps, the busiest hours, how many lockers there are."""

    curve: tuple[Point, ...]
    busy: tuple[BusyHour, ...]
    lockers: int


class FiguresDialog(Dialog):
    """The figures, to be looked at; Esc closes."""

    def __init__(self, figures: Figures, zone: dt.tzinfo) -> None:
        super().__init__(lambda: _("Occupancy and busy hours"), "", _WIDTH)
        most = max((point.taken for point in figures.curve), default=0)
        now = figures.curve[-1].taken if figures.curve else 0
        self.body.addWidget(
            Text(
                lambda: _("Lockers in use today: {now} now, {most} at the most, of {all}").format(
                    now=now, most=most, all=figures.lockers
                ),
                Role.STRONG,
            )
        )
        self.body.setSpacing(theme.px(8))
        self.body.addWidget(_curve(figures.curve, zone), 1)
        self.body.addWidget(Text(lambda: _("Deposits an hour, on the average of the last 12 weeks"), Role.STRONG))
        busy = {(one.weekday, one.hour): one.deposits for one in figures.busy}
        hours = [hour for _day, hour in busy]
        days: list[LiveText] = [partial(_, day) for day in _DAYS]
        self.body.addWidget(HeatMap(days, range(min([9, *hours]), max([21, *hours]) + 1), busy))
        self.body.addLayout(buttons(self))

    def opened(self) -> None:
        self.setFocus()


def _curve(curve: Sequence[Point], zone: dt.tzinfo) -> LineChart:
    """Return how many lockers were taken in the course of the day."""
    points = [(_hour(point.at.astimezone(zone)), point.taken) for point in curve]
    first = min([_FIRST, *(int(at) for at, _taken in points if at > 0)])
    marks = [(hour, f"{hour}:00") for hour in range(first + first % 2, 25, 2)]
    return LineChart(points, (first, 24), marks, steps=True)


def _hour(at: dt.datetime) -> float:
    return at.hour + at.minute / 60 + at.second / 3600
