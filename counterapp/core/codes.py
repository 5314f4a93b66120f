"""The codes of our own papers: two letters that name the kind, ten random digits, two check digits.

"RF731904825577": nobody can guess one from another, and as Code128 its digits go in pairs, so that it stays short. The
check digits are ISO 7064 MOD 97-10 over letters (A = 10 … Z = 35) and digits, which refuse every single wrong character
and every transposition of neighbours.
"""

from __future__ import annotations

import re
import secrets
from typing import Final

#: The letters of staff badges (core.staff gives them out).
BADGE_LETTERS: Final = "ST"
_CODE: Final = re.compile(r"[A-Z]{2}[0-9]{12}")
_KIND: Final = re.compile(r"[A-Z]{2}")


def new_code(kind: str) -> str:
    """Return a new random code of `kind`, two capital letters. Raises ValueError for any other kind."""
    if not _KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is not two capital letters")
    body = f"{kind}{secrets.randbelow(10**10):010}"
    return f"{body}{98 - _number(f'{body}00') % 97:02}"


def looks_like_code(text: str) -> bool:
    """Whether `text` has the shape of a code of ours; where `is_code` denies it, it was read wrong or mistyped."""
    return bool(_CODE.fullmatch(text))


def is_code(text: str) -> bool:
    """Whether `text` is a code of ours, whole and with the right check digits."""
    # The digits 00, 01 and 99 would also leave the remainder 1, but are never given out.
    return looks_like_code(text) and 2 <= int(text[-2:]) <= 98 and _number(text) % 97 == 1


def grouped(code: str) -> str:
    """Return `code` as people read it: "RF 7319 0482 55 77"."""
    return " ".join((code[:2], code[2:6], code[6:10], code[10:12], code[12:])).rstrip()


def _number(text: str) -> int:
    return int("".join(str(int(char, 36)) for char in text))
