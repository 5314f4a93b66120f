"""The codes on goods: EAN and UPC with their check digits, and the labels that a store's scales print.

Check digit, lengths and UPC-E: GS1 General Specifications, sections "Check digit calculations" and "UPC-E". What
stands inside a code that begins with 2 is for each store to say.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

from counterapp.errors import BadInput
from counterapp.words import N_

#: Two digits more or less are another kind of code; 14 is the number on a case of goods.
_LENGTHS: Final = frozenset({8, 12, 13, 14})
#: The length of an item's code at the till, where its labels may be longer.
_PLAIN: Final = 13
_DIGITS: Final = re.compile(r"[0-9]+")
_PATTERN_LENGTHS: Final = range(8, 33)
_PATTERN: Final = re.compile(r"2[0-9]*[IWPX0-9]+C?")


def looks_like_goods(text: str) -> bool:
    """Whether `text` has the shape of EAN-13, EAN-8, UPC-A, UPC-E or of the number on a case."""
    return len(text) in _LENGTHS and _DIGITS.fullmatch(text) is not None


def is_sound(text: str) -> bool:
    """Whether `text` has that shape and the right check digit; eight digits may be EAN-8 or UPC-E."""
    return looks_like_goods(text) and (_checks(text) or bool(_expanded(text)))


def spellings(code: str) -> frozenset[str]:
    """Return what `code` may be written as in full: scanners and tills leave out leading zeros, or write UPC-E."""
    if not looks_like_goods(code):
        return frozenset({code})
    return frozenset({one.zfill(14) for one in (code, _expanded(code)) if one})


@dataclass(frozen=True, slots=True)
class ScaleLabel:
    """What a label of the scales says: the item, and its weight in `grams`, its price in `fen`, or both.

    `sound` is whether its check digit is right, or it has none.
    """

    pattern: str
    item: str
    grams: int | None
    fen: int | None
    sound: bool

    def names(self, item_no: str, barcode: str) -> bool:
        """Whether the item with this number, and this plain barcode at the till, is the label's."""
        head = _compiled(self.pattern[: self.pattern.rindex("I") + 1]).match(barcode)
        if head is not None and head["I"] == self.item and len(barcode) in {head.end(), _PLAIN, len(self.pattern)}:
            return True
        return self.item.lstrip("0") in {item_no.lstrip("0"), barcode.lstrip("0")} - {""}


def read_label(code: str, patterns: str) -> ScaleLabel | None:
    """Read `code` by the first of `patterns` that it fits with its check digit, or else by the first that it fits."""
    fitting = [label for pattern in patterns.split() if (label := _read(pattern, code)) is not None]
    return next((label for label in fitting if label.sound), fitting[0] if fitting else None)


def require_patterns(text: str) -> None:
    """Check the store's patterns of scales' labels, one or several with spaces between.

    Digits stand for themselves, the first is 2; I the item's number, W grams, P fen, X anything, C the check digit at
    the end. Raises BadInput.
    """
    for pattern in text.split():
        runs = [letter for letter, _rest in re.findall(r"([IWP])(\1*)", pattern)]
        whole = _PATTERN.fullmatch(pattern) and len(pattern) in _PATTERN_LENGTHS
        if not whole or runs.count("I") != 1 or len(runs) == 1 or len(set(runs)) < len(runs):
            raise BadInput(
                N_(
                    "“{pattern}” is no pattern of a scales' label. It begins with 2 and has I for the item's number, "
                    "W for grams or P for fen, X for what does not matter, C for the check digit: 2IIIIIIWWWWWC."
                ),
                pattern=pattern,
            )


@functools.lru_cache(maxsize=32)
def _compiled(pattern: str) -> re.Pattern[str]:
    def group(run: re.Match[str]) -> str:
        digits = f"[0-9]{{{len(run[0])}}}"
        return digits if run[0][0] == "X" else f"(?P<{run[0][0]}>{digits})"

    return re.compile(re.sub(r"I+|W+|P+|X+|C", group, pattern))


def _read(pattern: str, code: str) -> ScaleLabel | None:
    match = _compiled(pattern).fullmatch(code)
    if match is None:
        return None
    found = match.groupdict()
    grams, fen = (int(found[letter]) if letter in found else None for letter in "WP")
    return ScaleLabel(pattern, found["I"], grams, fen, "C" not in found or _checks(code))


def _checks(digits: str) -> bool:
    """Whether the last digit is the check digit of those before: weights 3 and 1 from the right, to a full ten."""
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return weighted % 10 == 0


def _expanded(text: str) -> str:
    """Return the twelve digits of UPC-A that UPC-E leaves zeros out of; "" where `text` is no UPC-E."""
    if len(text) != 8 or text[0] not in "01":
        return ""
    first, body, last, check = text[0], text[1:6], text[6], text[7]
    if last in "012":
        middle = f"{body[:2]}{last}0000{body[2:]}"
    elif last == "3":
        middle = f"{body[:3]}00000{body[3:]}"
    elif last == "4":
        middle = f"{body[:4]}00000{body[4:]}"
    else:
        middle = f"{body}0000{last}"
    full = f"{first}{middle}{check}"
    return full if _checks(full) else ""
