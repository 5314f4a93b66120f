"""How words fit into a box: smaller first, then on more lines, cut last. Pure; the protocol brings the measure."""

from __future__ import annotations

import dataclasses
import functools
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from typing import Final

from printers.document import Run

LEADING: Final = 1.25
"""From baseline to baseline, in type sizes: room for hanzi, accents and descenders."""

_COMFORT: Final = 0.85  # how far type shrinks before a second line is the better choice
_STEP: Final = 0.5  # points between the sizes that are tried
_NEVER_FIRST: Final = frozenset("，。、；：？！）】》〉”’％,.;:?!)]%…·")
_NEVER_LAST: Final = frozenset("（【《〈“‘([¥￥")

Rooms = tuple[tuple[int, int], ...]
"""First column and width of each cell of a row."""

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
    text, widths = "".join(glyph.char for glyph in glyphs), [glyph.width for glyph in glyphs]
    trial = size
    while True:
        if alone >= trial:
            return Fitted(alone, (whole,))
        room = _room(lines, height, trial)
        if natural * trial <= room * width or trial == floor:
            set_lines = [glyphs[start:end] for start, end in broken(text, widths, width / trial)]
            if len(set_lines) <= room:
                return Fitted(trial, tuple(map(_pieces, set_lines)))
        if trial == floor:
            break
        trial = max(floor, trial - _STEP)
    kept: list[Sequence[_Glyph]] = list(set_lines[:room])
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


def broken(text: str, widths: Sequence[float], limit: float) -> list[tuple[int, int]]:
    """Return where the lines of `text` start and end: between hanzi, after spaces, inside words only if it must.

    No line is wider than `limit`, but for a single character that is so itself.
    """
    lines = []
    start = 0
    while start < len(text):
        end, filled, last = start, 0.0, start
        while end < len(text) and (end == start or filled + widths[end] <= limit):
            filled += widths[end]
            end += 1
            if end < len(text) and _may_break(text[end - 1], text[end]):
                last = end
        if end < len(text) and last > start:
            end = last
        lines.append((start, end))
        start = end
        while start < len(text) and text[start] == " ":
            start += 1
    return lines


def widest_word(text: str, widths: Sequence[float]) -> float:
    """Return the width of the widest part of `text` within which no line is broken."""
    widest = word = 0.0
    for place, char in enumerate(text):
        if place and _may_break(text[place - 1], char):
            word = 0.0
        word += 0.0 if char == " " else widths[place]
        widest = max(widest, word)
    return widest


@functools.lru_cache(maxsize=256)
def rooms(weights: tuple[int, ...], needs: tuple[int, ...], columns: int) -> Rooms | None:
    """Return first column and width of each cell of a row, one column of air between two; None where it has no room.

    A cell is as wide as its weight's share of the `columns`, but never narrower than it needs; what it takes more, the
    others give.
    """
    free = columns - len(weights) + 1
    if sum(needs) > free:
        return None
    fixed: dict[int, int] = {}
    while True:
        shared = [place for place in range(len(weights)) if place not in fixed]
        room = free - sum(fixed.values())
        whole = sum(max(1, weights[place]) for place in shared)
        edges = accumulate((max(1, weights[place]) for place in shared), initial=0)
        widths = (
            [end - start for start, end in pairwise(round(room * edge / whole) for edge in edges)] if shared else []
        )
        short = {place: needs[place] for place, width in zip(shared, widths, strict=True) if width < needs[place]}
        if not short:
            break
        fixed |= short
    found = {**fixed, **dict(zip(shared, widths, strict=True))}
    starts = accumulate((found[place] + 1 for place in range(len(weights))), initial=0)
    return tuple((start, found[place]) for place, start in zip(range(len(weights)), starts, strict=False))


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
