"""The states of a deposit, what may follow what, and who may do it (spec/bag-check.md, spec/people.md)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final

from counterapp.core.actor import APPROVERS, AT_THE_COUNTER, Role
from counterapp.errors import NotAllowed
from counterapp.words import N_

STORED: Final = "stored"
#: A supervisor was asked at their own station to release an overnight deposit.
WAITING: Final = "waiting"
LOST: Final = "lost"
TOLD: Final = "told"
CHARGED: Final = "charged"
PAID: Final = "paid"
COLLECTED: Final = "collected"
VOID: Final = "void"

#: The state of the day's sheets, which are cases too: so that they are signed like everything else.
SIGNED: Final = "signed"

#: Overnight is no state but a date of the deposit: a deposit whose token is lost may stay overnight as well.
#: lost → told: the customer has said what was deposited; only then may the record be read. told → charged: the penalty
#: form is printed; charged → paid: the official receipt's number is in. The counter's own loss goes told → collected.
MOVES: Final[Mapping[str, frozenset[str]]] = {
    STORED: frozenset({COLLECTED, WAITING, LOST, VOID}),
    WAITING: frozenset({STORED}),
    LOST: frozenset({TOLD, STORED}),
    TOLD: frozenset({CHARGED, COLLECTED}),
    CHARGED: frozenset({PAID}),
    PAID: frozenset({COLLECTED}),
}


class Piece(enum.StrEnum):
    """Whose piece of a token it is: the customer's, or the counter's own at the locker."""

    CUSTOMER = "customer"
    COUNTER = "counter"


class Act(enum.StrEnum):
    """What is done at bag check, as far as not everybody may do it."""

    SERVE = "serve"
    RECEIVE = "receive"
    SIGN = "sign"
    LAY_OUT = "lay_out"
    UNMASK = "unmask"


#: A clerk does all but give out an overnight deposit, void alone and countersign. IT sees no personal data.
MAY: Final[Mapping[Act, frozenset[Role]]] = {
    Act.SERVE: AT_THE_COUNTER,
    Act.RECEIVE: AT_THE_COUNTER | {Role.CASH_OFFICE},
    Act.SIGN: frozenset(APPROVERS),
    Act.LAY_OUT: frozenset({Role.SERVICE_MANAGER, Role.STORE_MANAGER, Role.IT}),
    Act.UNMASK: AT_THE_COUNTER | {Role.CASH_OFFICE},
}

_SENTENCES: Final[Mapping[Act, str]] = {
    Act.SERVE: N_("Your role does not work at bag check. Ask a clerk or a supervisor."),
    Act.RECEIVE: N_("Your role receives no penalties. Ask the cash office or a clerk."),
    Act.SIGN: N_("A supervisor or manager has to sign this. Ask one to come, with badge and PIN."),
    Act.LAY_OUT: N_("Your role does not lay out lockers and tags. Ask a manager or IT."),
    Act.UNMASK: N_("Your role does not see customers' personal data. Ask a clerk or a supervisor."),
}


def require(role: Role, act: Act) -> None:
    """Raise NotAllowed where `role` may not do `act`."""
    if role not in MAY[act]:
        raise NotAllowed(_SENTENCES[act])
