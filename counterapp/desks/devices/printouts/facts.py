"""What a test paper says of its printer, and what it is full of: whatever printers are known to get wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from counterapp import words
from counterapp.words import N_, Language
from printers.profile import Profile

#: A sound code of our own that is no paper's: wherever it is scanned but here, nobody knows it.
OWN_CODE: Final = "TP731904825511"
#: Digits with 99 before: some encoders of Code128 lose them.
DIGITS: Final = "9912345678901234"
QR_TEXT: Final = f"{OWN_CODE} 测试 ￥"
#: Characters of names that GBK, GB18030's two bytes or a printer's own type may lack.
RARE: Final = "䶮 龘 㙍 𠮷 喆 堃"
PUNCTUATION: Final = "，。、；：？！“”（）《》—…·"
AMOUNT: Final = "￥1,234.56"
SAMPLE: Final = "国Aa8"

TITLE: Final = N_("Test paper")
LACKING: Final = N_("{sign} stands for a character that is in no type here")


@dataclass(frozen=True, slots=True)
class PrinterFacts:
    """A printer by IT's name for it, its profile, its address ("" for the screen), and the store's time of printing."""

    name: str
    profile: Profile
    address: str
    moment: dt.datetime

    @property
    def time(self) -> str:
        """The moment as it stands on paper."""
        return f"{self.moment:%Y-%m-%d %H:%M}"

    def place(self, language: Language) -> str:
        """Return how it is reached, in words where papers appear on the screen."""
        return self.address or words.language(language).gettext(N_("on the screen"))


def millimetres(length: float) -> str:
    """Return a length with the decimals that it has, one at the most."""
    return f"{length:.1f}".removesuffix(".0")
