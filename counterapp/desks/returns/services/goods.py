"""Which line of the receipt a scanned code means, and how much of it: never guessed where two would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from counterapp.core.goods_codes import ScaleLabel, is_sound, looks_like_goods, read_label, spellings
from counterapp.core.receipts import ReceiptLine
from counterapp.desks.returns.services.rule_evaluation import is_weighed
from counterapp.errors import NotFound, Refused
from counterapp.words import N_

_PIECE = 1000


@dataclass(frozen=True, slots=True)
class Meant:
    """What a scan means: `quantity` of `line`, in thousandths."""

    line: ReceiptLine
    quantity: int

    def is_like(self, other: Meant) -> bool:
        """Whether it makes no difference which of the two comes back."""
        mine, theirs = self.line, other.line
        same_rate = mine.paid * theirs.sold == theirs.paid * mine.sold
        return self.quantity == other.quantity and mine.item_no == theirs.item_no and same_rate


def find_goods(lines: Sequence[ReceiptLine], left: Mapping[int, int], code: str, patterns: str) -> Meant:
    """Return what `code` means among the `lines` of a receipt, of which `left` may still come back, by line id.

    A barcode or item number is one piece; of goods sold by weight, all that is left. A label of the scales, by the
    store's `patterns`, is the weight that it bears, or the line of its price, or the grams that its price bought.
    Raises NotFound, and Refused where nothing is left or lines that differ fit alike.
    """
    written = spellings(code)
    same = [line for line in lines if code in {line.barcode, line.item_no} or written & spellings(line.barcode)]
    if same:
        for line in same:
            quantity = left[line.id] if is_weighed(line) else _PIECE
            if 0 < quantity <= left[line.id]:
                return Meant(line, quantity)
        raise _no_more(same[0])
    label = read_label(code, patterns)
    if (label is not None and not label.sound) or (label is None and looks_like_goods(code) and not is_sound(code)):
        raise NotFound(N_("{code} was read wrong or is damaged. Scan it again, or press F2 and type it."), code=code)
    of_item = [line for line in lines if label is not None and label.names(line.item_no, line.barcode)]
    if label is None or not of_item:
        raise NotFound(N_("{code} is not on this receipt. Scan the goods again, or another receipt."), code=code)
    fitting = _fitting(of_item, left, label)
    if not fitting:
        raise _no_more(of_item[0])
    if not all(one.is_like(fitting[0]) for one in fitting):
        raise Refused(
            N_("{item}: the label fits lines {lines} of the receipt alike. Choose the right one on the screen."),
            item=of_item[0].name,
            lines=", ".join(str(one.line.line_no) for one in fitting),
        )
    return fitting[0]


def _fitting(of_item: Sequence[ReceiptLine], left: Mapping[int, int], label: ScaleLabel) -> list[Meant]:
    """Return the lines that the label may mean: those that were sold by it, or else those that it is a part of."""
    there = [line for line in of_item if left[line.id] > 0]
    if not label.grams and not label.fen:
        return [Meant(line, left[line.id]) for line in there][:1]
    sold_by_it = [
        line
        for line in there
        if left[line.id] == line.quantity
        and label.grams in {None, line.quantity}
        and label.fen in {None, line.amount, line.amount + line.discount}
    ]
    if sold_by_it:
        return [Meant(line, line.quantity) for line in sold_by_it]
    parts = [Meant(line, _quantity(line, left[line.id], label)) for line in there]
    return [part for part in parts if 0 < part.quantity <= left[part.line.id]]


def _quantity(line: ReceiptLine, left: int, label: ScaleLabel) -> int:
    """Return how much of `line` the label stands for, 0 where it cannot: by weight, or by price to the gram."""
    if label.grams:
        quantity = label.grams
    elif label.fen and line.unit_price > 0:
        # Fen by ten-thousandths of a yuan a kilogram; the scales rounded the price to a fen, half of which is slack.
        quantity = (label.fen * 200_000 + line.unit_price) // (2 * line.unit_price)
        slack = -(-50_000 // line.unit_price)
        quantity = left if left < quantity <= left + slack else quantity
    else:
        return 0
    return quantity if is_weighed(line) or quantity % _PIECE == 0 else 0


def _no_more(line: ReceiptLine) -> Refused:
    return Refused(
        N_("{item}: no more of it may come back on this receipt. Look at what came back already."), item=line.name
    )
