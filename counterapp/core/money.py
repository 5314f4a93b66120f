"""Money in whole fen, quantities in thousandths, unit prices in ten-thousandths of a yuan; never binary floats."""

from __future__ import annotations

import re
from typing import Final

#: What people type: 229, 229.5, 229,50, ¥5, and what a Chinese input method makes of the point: 229。5.
_YUAN: Final = re.compile(r"[¥￥]?\s*(\d{1,12})(?:[.,。．，](\d{0,2}))?\s*元?")
_QUANTITY: Final = re.compile(r"(\d{1,9})(?:[.,。．，](\d{0,3}))?")
_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("仟", "佰", "拾", "")
_GROUPS: Final = ("亿", "万", "")
_TOO_MUCH: Final = 10 ** (4 * len(_GROUPS) + 2)


def format_fen(fen: int, *, sign: bool = True) -> str:
    """Return an amount for people: "¥229.00"; "229.00" without `sign`, as in columns."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{'¥' if sign else ''}{yuan}.{rest:02}"


def format_quantity(thousandths: int) -> str:
    """Return a quantity for people: "1" for pieces, "1.486" for what was weighed."""
    whole, rest = divmod(abs(thousandths), 1000)
    return f"{'-' if thousandths < 0 else ''}{whole}{f'.{rest:03}' if rest else ''}"


def format_unit_price(ten_thousandths: int) -> str:
    """Return a unit price for people, with two to four decimals: "229.00", "22.8733"."""
    yuan, rest = divmod(abs(ten_thousandths), 10_000)
    decimals = f"{rest:04}".rstrip("0").ljust(2, "0")
    return f"{'-' if ten_thousandths < 0 else ''}{yuan}.{decimals}"


def fen_of(text: str, *, most: int = 999_999_999_99) -> int | None:
    """Return an amount as a person types it in yuan ("229", "229.5", "¥5,50") in fen.

    None for anything else, and for more than `most` fen.
    """
    fen = _scaled(_YUAN, text, 2)
    return fen if fen is not None and fen <= most else None


def thousandths_of(text: str) -> int | None:
    """Return a quantity as a person types it ("2", "1.486") in thousandths, None for anything else."""
    return _scaled(_QUANTITY, text, 3)


def _scaled(shape: re.Pattern[str], text: str, places: int) -> int | None:
    found = shape.fullmatch(text.strip())
    return int(found[1]) * 10**places + int((found[2] or "").ljust(places, "0")) if found is not None else None


def capitals(fen: int) -> str:
    """Return an amount in Chinese capital numerals: 人民币贰佰贰拾玖元整.

    The rules are those of 中国人民银行《支付结算办法》附件一《正确填写票据和结算凭证的基本规定》: 整 after 元, none
    after 角 or 分; several zeros are one 零; where it leaves the choice, this writes what its own examples write first.
    Raises ValueError for a negative amount and from a trillion yuan (10^12) on.
    """
    if not 0 <= fen < _TOO_MUCH:
        raise ValueError(f"no capitals for {fen} fen")
    yuan, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    words = f"{_whole(yuan)}元" if yuan else ""
    if not (jiao or rest):
        return f"人民币{words or '零元'}整"
    if yuan and (yuan % 10 == 0 or jiao == 0):
        words += "零"
    words += f"{_DIGITS[jiao]}角" if jiao else ""
    words += f"{_DIGITS[rest]}分" if rest else ""
    return f"人民币{words}"


def _whole(number: int) -> str:
    """Return a positive whole number in capitals, without its unit."""
    words, skipped = "", False
    for power, unit in zip(reversed(range(len(_GROUPS))), _GROUPS, strict=True):
        group = number // 10_000**power % 10_000
        if not group:
            skipped = True
            continue
        if words and (skipped or group < 1000):
            words += "零"
        words += _group(group) + unit
        skipped = False
    return words


def _group(number: int) -> str:
    """Return 1 to 9999 in capitals, zeros at either end left out."""
    words, gap = "", False
    for digit, place in zip(map(int, f"{number:04}"), _PLACES, strict=True):
        if not digit:
            gap = True
            continue
        if gap and words:
            words += "零"
        words += _DIGITS[digit] + place
        gap = False
    return words


def refund_of(*, paid_fen: int, sold_milli: int, outstanding_fen: int, after_milli: int) -> int:
    """Return the fen that come back with a piece of a receipt line.

    `paid_fen` was paid for the whole line of `sold_milli`; `outstanding_fen` of it has come back so far, and
    `after_milli` will be back once this piece is. The share is rounded half up, never takes more than what is left,
    never less than nothing, and the last piece takes the rest: all pieces together give exactly what was paid.
    Raises ValueError for quantities or money that a line cannot have.
    """
    if not (0 < after_milli <= sold_milli and 0 <= outstanding_fen <= paid_fen):
        raise ValueError(f"{after_milli} of {sold_milli}, {outstanding_fen} of {paid_fen} fen cannot be")
    left = paid_fen - outstanding_fen
    if after_milli == sold_milli:
        return left
    share = (2 * paid_fen * after_milli + sold_milli) // (2 * sold_milli)
    return min(max(share - outstanding_fen, 0), left)
