"""The tokens of a deposit on paper."""

from __future__ import annotations

import datetime as dt

from counterapp.core.print_queue import PaperRole, PrintJob
from counterapp.desks.bagcheck.models import Deposit, Locker
from counterapp.desks.bagcheck.printouts import CONDITIONS, SIZES, TokenFacts, token_labels, token_slips
from counterapp.documents.issue import PrintContext


def print_tokens(context: PrintContext, deposit: Deposit, locker: Locker, customer_code: str) -> PrintJob:
    """Queue the pair of tokens of a deposit, as slips or labels; return its job."""
    settings = context.settings.bagcheck
    facts = TokenFacts(
        number=locker.number,
        customer_code=customer_code,
        locker_code=deposit.locker_code or "",
        locker=locker.number,
        place=locker.place,
        size=SIZES[locker.size],
        pieces=deposit.pieces,
        issued=context.issued_by(),
        description=deposit.description,
        closes=dt.time.fromisoformat(settings.closes),
        conditions=(settings.conditions,) if settings.conditions else CONDITIONS,
    )
    make = token_labels if settings.tokens == "labels" else token_slips
    return context.print(PaperRole.TOKEN, make(facts, context.language), deposit.case_id)
