"""What a scanner sent: which kind of code it is, and how its keys came."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from counterapp.core.codes import BADGE_LETTERS, is_code, looks_like_code
from counterapp.core.goods_codes import is_sound, looks_like_goods, read_label
from counterapp.core.store_settings import StoreSettings
from counterapp.desks.devices.printouts import OWN_CODE
from counterapp.words import N_

#: Keys and milliseconds: so many keys at such a pace are no person's, whatever the settings say.
_SHORTEST: Final = 5
_PERSON: Final = 80
#: A pause this long, in milliseconds, ends what was sent in one go.
PAUSE: Final = 150


class Kind(enum.Enum):
    """What a code is, in words for IT."""

    TEST = N_("The barcode of a test paper: bars and scanner are well.")
    BADGE = N_("The badge of a member of staff.")
    OURS = N_("A code of our own papers; its check digits are right.")
    RECEIPT = N_("A sales receipt's number, by the store's pattern.")
    SCALES = N_("A label of the store's scales.")
    GOODS = N_("Goods (EAN or UPC); the check digit is right.")
    DAMAGED = N_("It looks like a code, but its check digits are wrong: read wrongly, or damaged.")
    UNKNOWN = N_("No code that the counter knows. Look for a prefix or suffix that the scanner adds.")


def recognised(text: str, store: StoreSettings | None) -> Kind:
    """Return what `text` is to the counter."""
    if text == OWN_CODE:
        return Kind.TEST
    if is_code(text):
        return Kind.BADGE if text.startswith(BADGE_LETTERS) else Kind.OURS
    if store is not None and re.fullmatch(store.receipts_look_like, text):
        return Kind.RECEIPT
    if store is not None and (label := read_label(text, store.weighed_codes)) is not None and label.sound:
        return Kind.SCALES
    if is_sound(text):
        return Kind.GOODS
    return Kind.DAMAGED if looks_like_code(text) or looks_like_goods(text) else Kind.UNKNOWN


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys that came in one go: their characters ("" for a key without one) and times in milliseconds."""

    characters: tuple[str, ...]
    stamps: tuple[int, ...]

    @property
    def gaps(self) -> tuple[int, ...]:
        """Milliseconds between each two keys."""
        return tuple(after - before for before, after in zip(self.stamps, self.stamps[1:], strict=False))

    @property
    def ends_with(self) -> str:
        """What the scanner sends behind the code: "Enter", "Tab", or "" for neither."""
        return {"\r": "Enter", "\n": "Enter", "\t": "Tab"}.get(self.characters[-1] if self.characters else "", "")

    @property
    def text(self) -> str:
        """The characters that can be seen."""
        return "".join(char for char in self.characters if char.isprintable())


def too_slow(keys: Keys, gap_ms: int) -> int | None:
    """Return the `gap_ms` with which these keys would have been a scan; None where a person may have typed them.

    `gap_ms` is the setting's present value.
    """
    if len(keys.text) < _SHORTEST or not keys.gaps:
        return None
    longest = max(keys.gaps)
    if longest <= gap_ms or _median(keys.gaps) >= _PERSON:
        return None
    return min(-(-longest * 6 // 50) * 10, _PERSON * 2)


def _median(gaps: Sequence[int]) -> int:
    return sorted(gaps)[len(gaps) // 2]
