"""What a printer's own characters can say, in its bytes, and how many columns it takes: a hanzi takes two."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final, Literal

MISSING: Final = "〓"
"""What printers have always set for a sort they lack: it says so, where an empty box would look like a fault."""

Name = Literal["none", "gb2312", "gbk", "gb18030", "utf8"]

_SPELLED: Final = {"¥": "￥"}
"""The yen sign is in no Chinese set, its full-width sister in all of them."""

_LATIN: Final = re.compile("[À-ÖØ-öø-ɏ]")
"""Letters with accents: Chinese sets have some of them, as broad as hanzi; as dots they are letters among letters."""

_EXTENSION_A: Final = range(0x3400, 0x4DB6)
"""The hanzi of four bytes that every printer of GB18030-2000 has; further ones hardly any has."""


@functools.cache
def charset(name: Name) -> Charset:
    """Return the character set `name`."""
    return Charset(name)


class Charset:
    """One printer's characters: printable ASCII always, and what its set has.

    Python's own gb2312 takes "·" and "—" for other characters; all sets therefore are read as the part of GBK that
    they share with it, and GBK's own bytes are what is sent for all but UTF-8.
    """

    def __init__(self, name: Name) -> None:
        self.name = name
        self._columns: dict[str, int] = {}
        # Most words of a slip stand on every slip.
        self.told = functools.lru_cache(maxsize=2048)(self._told)

    def _told(self, text: str) -> tuple[bytes, int] | None:
        """Return `text` as the printer's bytes and the columns it takes; None where it has not all of it.

        Control characters are in no set, so that text can never be taken for a command.
        """
        if not text.isprintable():
            return None
        if text.isascii():
            return text.encode("ascii"), len(text)
        if self.name == "none" or _LATIN.search(text):
            return None
        for spelled, meant in _SPELLED.items():
            if spelled in text:
                text = text.replace(spelled, meant)
        try:
            shared = text.encode("gbk")
            if self.name == "gb2312":
                shared.decode("gb2312")
        except UnicodeError:
            return self._rare(text)
        # Every character of GBK's two bytes is two columns wide.
        return (text.encode() if self.name == "utf8" else shared), len(shared)

    def _rare(self, text: str) -> tuple[bytes, int] | None:
        if self.name not in ("gb18030", "utf8"):
            return None
        if not all(ord(char) in _EXTENSION_A or _in_gbk(char) for char in text):
            return None
        told = text.encode("utf-8" if self.name == "utf8" else "gb18030")
        return told, sum(1 if char.isascii() else 2 for char in text)

    def columns(self, char: str) -> int:
        """Return how many columns `char` takes, drawn or told: 0 for what stands on the character before it."""
        known = self._columns.get(char)
        if known is None:
            known = self._columns[char] = self._measured(char)
        return known

    def _measured(self, char: str) -> int:
        if unicodedata.category(char) in ("Mn", "Me"):
            return 0
        told = self.told(char)
        if told is not None:
            return told[1]
        if _LATIN.match(char):
            return 1
        return 2 if char in _SPELLED or unicodedata.east_asian_width(char) in "WFA" else 1


@functools.lru_cache(maxsize=4096)
def _in_gbk(char: str) -> bool:
    try:
        char.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def plain(text: str) -> str:
    """Return `text` as it can be set: accents joined, what is not to be seen left out, and a space for what breaks."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_seen, unicodedata.normalize("NFC", text)))


def _seen(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return "  " if char == "\u3000" else " "
    if category in ("Cs", "Co", "Cn"):
        return MISSING
    return "" if category == "Cf" or _selects_a_variant(char) else char


def _selects_a_variant(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
