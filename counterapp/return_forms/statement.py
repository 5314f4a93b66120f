"""What a receipt states of itself on a form."""

from __future__ import annotations

import datetime as dt

from counterapp import words
from counterapp.core.receipts import TYPED, Receipt
from counterapp.words import N_


def stated(receipt: Receipt) -> tuple[str, dt.date | None]:
    """Return number and day of purchase as a form states them: without a receipt 无小票, and no day."""
    if receipt.source != TYPED:
        return receipt.number, receipt.sold_on
    return words.language("zh").gettext(N_("No receipt")), None
