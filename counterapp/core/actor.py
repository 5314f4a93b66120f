"""Who acts, where and when: an argument of every service, so that no rule asks a clock or a global."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from counterapp.words import N_, Language, _

CHINA: Final = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], dt.datetime]


def system_clock() -> dt.datetime:
    """Return the present moment in UTC."""
    return dt.datetime.now(dt.UTC)


class Role(enum.StrEnum):
    """The roles of spec/people.md, by their codes on the command line and in files."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    SERVICE_MANAGER = "service_manager"
    STORE_MANAGER = "store_manager"
    CASHIER = "cashier"
    CASH_OFFICE = "cash_office"
    AUDITOR = "auditor"
    DEPARTMENT = "department"
    IT = "it"


_NAMES: Final = {
    Role.CLERK: N_("Clerk"),
    Role.SUPERVISOR: N_("Duty supervisor"),
    Role.SERVICE_MANAGER: N_("Customer service manager"),
    Role.STORE_MANAGER: N_("Store manager"),
    Role.CASHIER: N_("Cashier"),
    Role.CASH_OFFICE: N_("Cash office"),
    Role.AUDITOR: N_("Exit auditor"),
    Role.DEPARTMENT: N_("Department"),
    Role.IT: N_("IT"),
}


def role_name(role: Role) -> str:
    """Return the counter's word for `role` in the language of the screen."""
    return _(_NAMES[role])


def role_source(role: Role) -> str:
    """Return the English source of the counter's word for `role`, for papers in another language than the screen's."""
    return _NAMES[role]


#: Those who prepare returns.
AT_THE_COUNTER: Final = frozenset({Role.CLERK, Role.SUPERVISOR, Role.SERVICE_MANAGER, Role.STORE_MANAGER})

#: Those who may approve, the least powerful first.
APPROVERS: Final = (Role.SUPERVISOR, Role.SERVICE_MANAGER, Role.STORE_MANAGER)


@dataclass(frozen=True, slots=True)
class Signer:
    """A person who has just proved by badge or number and PIN who they are.

    `department` is the one that somebody of the role `department` speaks for, "" for everybody else.
    """

    person_id: int
    number: str
    name: str
    role: Role
    department: str = ""

    @property
    def name_and_number(self) -> str:
        """How papers and lists name them: "王丽 6012"."""
        return f"{self.name} {self.number}"


#: Who acts on the command line: whoever may read the store's keys. In the journal it is nobody.
CONSOLE: Final = Signer(0, "", "", Role.IT)


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person at a station; `language` is the paper's, `zone` the store's time zone."""

    person: Signer
    station: str
    clock: Clock = system_clock
    language: Language = "zh"
    zone: ZoneInfo = CHINA

    def now(self) -> dt.datetime:
        """Return the moment of the act in UTC."""
        return self.clock()

    def today(self) -> dt.date:
        """Return the day of the act in the store's calendar."""
        return self.clock().astimezone(self.zone).date()
