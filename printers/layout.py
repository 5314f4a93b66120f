"""How words fit into a box: smaller first, then on more lines, cut last. Pure; the protocol brings the measure."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from printers.document import Run

LEADING: Final = 1.25
"""From baseline to baseline, in type sizes: room for hanzi, accents and descenders."""

_COMFORT: Final = 0.85  # how far type shrinks before a second line is the better choice
_STEP: Final = 0.5  # points between the sizes that are tried
_NEVER_FIRST: Final = frozenset("，。、；：？！）】》〉”’％,.;:?!)]%…·")
_NEVER_LAST: Final = frozenset("（【《〈“‘([¥￥")

Measure = Callable[[Run], Sequence[float]]
"""The width of each character of a run, in type sizes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run's part on one line; `width` in type sizes."""

    run: Run
    text: str
    width: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines of pieces at one size in points; `cut` tells that words were left out."""

    size: float
    lines: tuple[tuple[Piece, ...], ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Glyph:
    char: str
    run: Run
    width: float


def fit(
    runs: Sequence[Run], *, width: float, height: float, size: float, floor: float, lines: int, measure: Measure
) -> Fitted:
    """Return `runs` at the largest size, from `size` down to `floor`, at which they fit into width × height points."""
    measured = [(run, measure(run)) for run in map(_printable, runs)]
    whole = tuple(Piece(run, run.text, sum(widths)) for run, widths in measured)
    natural = sum(piece.width for piece in whole)
    if natural * size <= width:
        return Fitted(size, (whole,))
    alone = width / natural
    if alone >= max(floor, _COMFORT * size):
        return Fitted(alone, (whole,))
    glyphs = [_Glyph(char, run, each) for run, widths in measured for char, each in zip(run.text, widths, strict=True)]
    trial = size
    while True:
        if alone >= trial:
            return Fitted(alone, (whole,))
        room = _room(lines, height, trial)
        if natural * trial <= room * width or trial == floor:
            broken = _broken(glyphs, width / trial)
            if len(broken) <= room:
                return Fitted(trial, tuple(map(_pieces, broken)))
        if trial == floor:
            break
        trial = max(floor, trial - _STEP)
    kept = broken[:room]
    kept[-1] = _ellipsized(kept[-1], width / floor, measure)
    return Fitted(floor, tuple(map(_pieces, kept)), cut=True)


def _room(lines: int, height: float, size: float) -> int:
    return max(1, min(lines, int(height / (size * LEADING) + 1e-6)))


def _printable(run: Run) -> Run:
    if run.text.isprintable():
        return run
    text = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in run.text)
    return dataclasses.replace(run, text=text)


def _pieces(glyphs: Sequence[_Glyph]) -> tuple[Piece, ...]:
    together = ((run, list(each)) for run, each in groupby(glyphs, key=lambda glyph: glyph.run))
    return tuple(Piece(run, "".join(g.char for g in each), sum(g.width for g in each)) for run, each in together)


def _broken(glyphs: Sequence[_Glyph], limit: float) -> list[Sequence[_Glyph]]:
    """Return `glyphs` in lines no wider than `limit`: between hanzi, after spaces, inside words only if it must."""
    lines: list[Sequence[_Glyph]] = []
    start = 0
    while start < len(glyphs):
        end, filled, last = start, 0.0, start
        while end < len(glyphs) and filled + glyphs[end].width <= limit:
            filled += glyphs[end].width
            end += 1
            if end < len(glyphs) and _may_break(glyphs[end - 1].char, glyphs[end].char):
                last = end
        if end < len(glyphs):
            end = last if last > start else max(end, start + 1)
        lines.append(glyphs[start:end])
        start = end
        while start < len(glyphs) and glyphs[start].char == " ":
            start += 1
    return lines


def _may_break(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return " " in (before, after) or _is_wide(before) or _is_wide(after)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def _ellipsized(line: Sequence[_Glyph], limit: float, measure: Measure) -> Sequence[_Glyph]:
    run = line[-1].run
    dots = _Glyph("…", run, *measure(dataclasses.replace(run, text="…")))
    kept = list(line)
    while kept and sum(glyph.width for glyph in kept) + dots.width > limit:
        kept.pop()
    return [*kept, dots]
