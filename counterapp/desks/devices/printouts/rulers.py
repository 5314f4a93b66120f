"""Rulers in millimetres from the paper's upper left corner, along the edges of what a printer reaches."""

from __future__ import annotations

import math
from typing import Final

from printers.document import Box, Item, Rule, Run, Text
from printers.profile import Profile

#: Lengths of the marks at each millimetre, each fifth and each tenth.
_MARKS: Final = {1: 1.2, 5: 1.8, 10: 2.6}
_THIN: Final = 0.15
_NUMBER: Final = 3.4
#: How deep a ruler reaches into the page.
DEPTH: Final = 6.2
_HEAD: Final = 1.6


def reach(profile: Profile) -> Box:
    """Return the frame of what the printer reaches."""
    return Box(
        profile.sides,
        profile.margin,
        profile.width - 2 * profile.sides,
        profile.height - 2 * profile.margin,
        0.3,
    )


def module_of(profile: Profile) -> float:
    """Return the width of the thinnest bar in millimetres: needles strike three dots, which go through the plies."""
    return 3 * 25.4 / profile.dpi if profile.dpi < 200 else 0.25


def smallest(profile: Profile) -> float:
    """Return the smallest type that is legible, in points: needles make none below nine."""
    return 9.0 if profile.dpi < 200 else 7.0


def rulers(frame: Box, size: float = 7.0) -> list[Item]:
    """Return a ruler along each side of `frame`, marks inwards; numbers in type of `size` points, at each tenth."""
    right, bottom = frame.x + frame.width, frame.y + frame.height
    items: list[Item] = [frame]
    for x in _whole(frame.x, right):
        mark = _mark(x)
        items += [Rule(x, frame.y, x, frame.y + mark, _THIN), Rule(x, bottom - mark, x, bottom, _THIN)]
        if x % 10 == 0 and frame.x + DEPTH < x < right - DEPTH:
            for y in (frame.y + _MARKS[10], bottom - _MARKS[10] - _NUMBER):
                items.append(Text(x - 5, y, 10, _NUMBER, (Run(str(x)),), size, size, align="center"))
    for y in _whole(frame.y, bottom):
        mark = _mark(y)
        items += [Rule(frame.x, y, frame.x + mark, y, _THIN), Rule(right - mark, y, right, y, _THIN)]
        if y % 10 == 0 and frame.y + DEPTH < y < bottom - DEPTH:
            middle, number = y - _NUMBER / 2, (Run(str(y)),)
            items.append(Text(frame.x + _MARKS[10] + 0.4, middle, 8, _NUMBER, number, size, size))
            items.append(Text(right - _MARKS[10] - 8.4, middle, 8, _NUMBER, number, size, size, align="right"))
    return items


def arrow(x1: float, y1: float, x2: float, y2: float) -> list[Item]:
    """Return a line with a head at its second end; it stands level or upright."""
    items: list[Item] = [Rule(x1, y1, x2, y2, 0.3)]
    along = math.copysign(_HEAD, (x2 - x1) or (y2 - y1))
    for aside in (-_HEAD / 2, _HEAD / 2):
        level = y1 == y2
        items.append(Rule(x2, y2, x2 - along if level else x2 + aside, y2 + aside if level else y2 - along, 0.3))
    return items


def _whole(start: float, end: float) -> range:
    return range(math.ceil(start), math.floor(end) + 1)


def _mark(place: int) -> float:
    return _MARKS[10 if place % 10 == 0 else 5 if place % 5 == 0 else 1]
