"""How a personal value is shown until somebody asks to see it, which is journalled: one way for each kind of value."""

from __future__ import annotations

import enum
import re
from typing import Final


class Mask(enum.StrEnum):
    """What kind of personal value it is; a column says so with `info={"personal": Mask.NAME}`."""

    NAME = "name"
    PHONE = "phone"
    CARD = "card"
    ADDRESS = "address"
    ID = "id"
    TEXT = "text"


_HIDDEN: Final = "****"
_NUMBER: Final = re.compile(r"(.{3}|.{4} )\*{4}.{4}|\*{4}(.{2})?")
#: What is masked already stays as it is.
_MASKED: Final = {
    Mask.NAME: re.compile(r".\*+"),
    Mask.PHONE: _NUMBER,
    Mask.CARD: _NUMBER,
    Mask.ADDRESS: re.compile(r".{0,6}\*{4}"),
}


def masked(value: str, kind: Mask) -> str:
    """Return `value` with what tells of the person hidden; of an empty one nothing is shown.

    A phone number keeps three and four digits ("138****5678"), a card longer than that four and four
    ("8800 ****5678"), a shorter one of both the last two; a name its first character ("王**"); an address its first
    third, six characters at most; of an ID and of other words nothing stays.
    """
    if not value or (kind in _MASKED and _MASKED[kind].fullmatch(value)):
        return value
    match kind:
        case Mask.NAME:
            return f"{value[0]}{'*' * max(1, len(value) - 1)}"
        case Mask.ADDRESS:
            return f"{value[: min(6, len(value) // 3)]}{_HIDDEN}"
        case Mask.PHONE | Mask.CARD:
            number = re.sub(r"[\s-]", "", value)
            if len(number) < 11:
                return f"{_HIDDEN}{number[-2:] if len(number) > 4 else ''}"
            is_card = kind is Mask.CARD and len(number) > 11
            return f"{number[:4]} {_HIDDEN}{number[-4:]}" if is_card else f"{number[:3]}{_HIDDEN}{number[-4:]}"
    return _HIDDEN
