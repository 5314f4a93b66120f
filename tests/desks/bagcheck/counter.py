"""The bag check counter for the tests: a clerk calls the services as the screen would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from counterapp.core.actor import CONSOLE, Actor, Signer
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.store_settings import change_store_settings, store_settings
from counterapp.desks.bagcheck.models import Deposit
from counterapp.desks.bagcheck.rules import Piece, Size
from counterapp.desks.bagcheck.services import collecting, days, depositing, locker_setup, lost_tokens
from counterapp.desks.bagcheck.services.depositing import DepositResult
from counterapp.desks.bagcheck.services.lost_tokens import LosingCustomer
from tests.conftest import KEYS

ZHANG = LosingCustomer("张三", "人民路88号3单元501室", "13812345678", "3021")


class Counter:
    """One clerk at one station."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self.database, self.actor = database, actor

    def do(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run one command."""
        return self.database.command(
            self.actor, f"bagcheck.{verb.__name__}", lambda s: verb(s, self.actor, *args, **kwargs)
        )

    def ask(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Read something."""
        return self.database.read(lambda s: verb(s, self.actor, *args, **kwargs))

    def deposit(self, size: Size = Size.SMALL, pieces: int = 1, description: str = "黑色双肩包") -> DepositResult:
        taken: DepositResult = self.do(depositing.deposit, size, pieces, description)
        return taken

    def scan(self, code: str) -> Any:
        return self.ask(collecting.find_by_code, code)

    def look(self, deposit_id: int) -> collecting.DepositDetails:
        seen: collecting.DepositDetails = self.ask(collecting.get_deposit, deposit_id)
        return seen

    def codes(self, deposit_id: int) -> tuple[str, str | None]:
        """Return the codes that the customer's and the locker's piece of a printed token bear."""
        found = self.database.read(
            lambda s: s.execute(
                select(Case.code, Deposit.locker_code).join(Deposit).where(Deposit.id == deposit_id)
            ).one()
        )
        return found[0], found[1]

    def collect(self, deposit_id: int, locker_code: str | None = None) -> None:
        self.do(collecting.collect, deposit_id, self.look(deposit_id).revision, locker_code)

    def report(self, deposit_id: int, piece: Piece = Piece.CUSTOMER, spare: str = "") -> int:
        lost: int = self.do(lost_tokens.report_lost, deposit_id, self.look(deposit_id).revision, piece, spare)
        return lost

    def tell(self, deposit_id: int, words: str = "一个黑色双肩包") -> None:
        self.do(lost_tokens.tell, deposit_id, self.look(deposit_id).revision, words)

    def charge(self, deposit_id: int, customer: LosingCustomer = ZHANG) -> int:
        number: int = self.do(
            lambda s, actor: lost_tokens.charge(s, actor, KEYS, deposit_id, self.look(deposit_id).revision, customer)
        )
        return number

    def receive(self, deposit_id: int, receipt: str = "0088123", fen: int = 500) -> None:
        self.do(lost_tokens.receive_penalty, deposit_id, self.look(deposit_id).revision, receipt, fen)

    def lose_and_pay(self, deposit_id: int, receipt: str = "0088123") -> int:
        """Take a lost token through its steps, up to the open locker."""
        lost = self.report(deposit_id)
        self.tell(deposit_id)
        self.charge(deposit_id)
        self.receive(deposit_id, receipt)
        return lost

    def release(self, deposit_id: int, signer: Signer) -> None:
        self.do(collecting.sign_release, signer, deposit_id, self.look(deposit_id).revision)

    def void(self, deposit_id: int, signer: Signer, reason: str = "按错了键") -> None:
        self.do(depositing.void, signer, deposit_id, self.look(deposit_id).revision, reason)

    def explain_all(self) -> None:
        for left in self.ask(days.still_there):
            if not left.explanation:
                self.do(days.explain, left.deposit_id, left.revision, "顾客未回")

    def close(self) -> int:
        """Explain what is left and sign the closing record."""
        self.explain_all()
        sheet: int = self.do(days.sign_closing)
        return sheet

    def use(self, **changes: Any) -> None:
        """Change settings of bag check."""

        def change(session: Any, actor: Actor) -> None:
            now = store_settings(session)
            wanted = replace(now, bagcheck=replace(now.bagcheck, **changes))
            change_store_settings(session, wanted, actor, actor.now())

        self.do(change)

    def as_(self, person: Signer, station: str = "2") -> Counter:
        """Return the counter with somebody else signed in."""
        return Counter(self.database, replace(self.actor, person=person, station=station))


def lay(counter: Counter, small: int = 2, medium: int = 1, large: int = 1) -> None:
    """Lay out that many lockers, numbered from 1."""
    sizes = ["small"] * small + ["medium"] * medium + ["large"] * large
    rows = "\n".join(f"{number},{size},A区" for number, size in enumerate(sizes, start=1))
    boss = Counter(counter.database, Actor(CONSOLE, "console", counter.actor.clock))
    boss.do(locker_setup.lay_out, f"number,size,place\n{rows}\n")
