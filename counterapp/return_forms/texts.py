"""How the numbers of receipts and forms are written on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from counterapp.core.codes import is_code
from counterapp.documents import texts
from counterapp.words import _


def receipt_number(number: str) -> str:
    """Return a receipt's number in the groups it is made of (store, till, day, count), where it is of that shape.

    What stands in place of a number where goods came without a receipt is told as that.
    """
    if is_code(number):
        return _("No receipt")
    return texts.receipt_number(number)


def form_numbers(numbers: Sequence[int]) -> str:
    """Return the numbers of forms as they stand on the paper."""
    return _(", ").join(f"{number:06}" for number in numbers)
