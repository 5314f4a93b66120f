"""The till's own corrections: lines of negative quantity, which lessen what was sold on the same receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from counterapp.errors import BadInput
from counterapp.words import N_


@dataclass(slots=True)
class Sold:
    """What is left of a line: `quantity` in thousandths, the money paid for it in `fen`; `goods` are item and price."""

    line_no: int
    goods: tuple[str, int]
    quantity: int
    fen: int


def apply_corrections(lines: Sequence[Sold]) -> None:
    """Lessen the corrected ones of `lines`, which come in the order of their numbers; corrections end at nothing.

    A correction takes from the lines of the same item and unit price: the latest one before it first, and only where
    those do not suffice from later ones. Of a line that it takes whole, it takes all the money; the rest of its money
    comes from the line that it takes a part of. The money of all lines stays what it was. Raises BadInput where more
    is taken back than was sold, or than was paid for it.
    """
    corrections = [line for line in lines if line.quantity < 0]
    rests: dict[tuple[str, int], int] = {}
    for correction in corrections:
        rests[correction.goods] = rests.get(correction.goods, 0) + _take_back(correction, lines)
        correction.quantity = correction.fen = 0
    for correction in corrections:
        rest = _settle(rests.pop(correction.goods, 0), [line for line in lines if line.goods == correction.goods])
        if abs(rest) <= len(corrections):
            # Half of 81.59 is 40.80 to the till, twice: such a fen goes where there is still something to pay back.
            rest = _settle(rest, lines)
        if rest:
            raise BadInput(
                N_("Line {line_no} corrects an item with another amount than was paid for it."),
                line_no=correction.line_no,
            )


def _take_back(correction: Sold, lines: Sequence[Sold]) -> int:
    """Take the goods and money of `correction`; return the fen that it took back beyond what those goods had cost."""
    needed, fen = -correction.quantity, -correction.fen
    same = [line for line in lines if line.goods == correction.goods and line.quantity > 0]
    same.sort(key=lambda line: (line.line_no < correction.line_no, line.line_no), reverse=True)
    for line in same:
        taken = min(line.quantity, needed)
        money = line.fen if taken == line.quantity else min(max(fen, 0), line.fen)
        line.quantity -= taken
        line.fen -= money
        needed -= taken
        fen -= money
        if not needed:
            return fen
    raise BadInput(
        N_("Line {line_no} corrects more of an item than this receipt sold of it at that price."),
        line_no=correction.line_no,
    )


def _settle(rest: int, lines: Sequence[Sold]) -> int:
    """Take `rest` fen from what is left of `lines`, the latest first, or give them to it; return what stays over."""
    for line in reversed(lines):
        if line.quantity > 0:
            money = min(rest, line.fen)
            line.fen -= money
            rest -= money
    return rest
