"""Bag check in the real program, in a window offscreen: a key → both slips at the printer; a scan → the number painted.

python -m tests.bench.bench_bagdesk [--past 1000000] [--rounds 200] [--databases sqlite postgresql] [--printers …]

400 lockers, half of them taken, and a million past deposits. The printer stands on loopback TCP in a process of its own
and answers as its like does; what it got last is timed there. A key is timed from where it comes to the desk; before that it
is held back for the scanner's gap (`scanner.gap_ms`, 30), unless the scanner is set to a prefix.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import multiprocessing
import os
import random
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any, Final, Literal

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from counterapp import app as composition
from counterapp import words
from counterapp.core.actor import Actor
from counterapp.core.cases import Case
from counterapp.core.database import Database
from counterapp.core.print_queue import JobState, PrintJob
from counterapp.core.store_settings import change_store_settings, store_settings
from counterapp.desks.bagcheck.models import Deposit, Locker
from counterapp.desks.bagcheck.rules import Size
from counterapp.desks.bagcheck.services import depositing
from counterapp.desks.bagcheck.services.figures import LockerStatus
from counterapp.desks.bagcheck.view import BagCheckView
from counterapp.desks.bagcheck.view.locker_map import LockerMap
from counterapp.desks.bagcheck.view.panel import Panel
from counterapp.program import Program
from counterapp.settings import Papers, PaperSettings, PrinterSettings, Settings, StationSettings
from counterapp.ui import theme
from counterapp.ui.garbage import Garbage
from counterapp.ui.view import DeskTab
from counterapp.ui.widgets.bigtext import BigText
from counterapp.work import StoreClient
from tests.bench.bench_bagcheck import fill
from tests.bench.stock import clock, people, show, store
from tests.printers.fake import FakePrinter, over_tcp
from tests.ui.conftest import key_events


@dataclass(frozen=True)
class _Kind:
    """A printer: its profile, what its store hands out, how a piece ends; what a label printer is asked, and answers."""

    profile: str
    tokens: Literal["slips", "labels"]
    end: bytes
    asks: bytes = b""
    answer: bytes = b""


_HOST_STATUS: Final = (
    b"\x02030,0,0,0320,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
)
_PRINTERS: Final = {
    "escpos": _Kind("xprinter-xp-80", "slips", b"\x1dV\x01"),
    "zpl": _Kind("zebra-zd", "labels", b"^XZ\n", b"~HS", _HOST_STATUS),
    "tspl": _Kind("tsc-ttp-244", "labels", b"PRINT 1,1\r\n", b"\x1b!?", b"\x00"),
}
_STROKE: Final = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
_TOKENS: Final = (
    select(Case.code, Locker.number)
    .join(Deposit, Deposit.case_id == Case.id)
    .join(Locker, Locker.id == Deposit.locker_id)
    .where(Deposit.ended_at.is_(None))
)
_LOCKERS: Final = 400
_TAKEN: Final = 150
_WARM: Final = 10
_PATIENCE: Final = 30.0


class _Ends:
    """Tells when both pieces of a token have come."""

    def __init__(self, end: bytes, said: Queue[Any]) -> None:
        self._end, self._said, self._came = end, said, b""

    def take(self, piece: bytes) -> None:
        self._came += piece
        if self._came.count(self._end) == 2:
            self._said.put(time.monotonic())
            self._came = b""


def _serve(kind: str, said: Queue[Any]) -> None:
    played = _PRINTERS[kind]
    ends = _Ends(played.end, said)
    if not played.asks:
        with over_tcp(FakePrinter()) as printer:
            printer.heard = ends.take
            said.put(printer.address)
            threading.Event().wait()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        said.put(f"tcp:127.0.0.1:{listening.getsockname()[1]}")
        while True:
            connection, _peer = listening.accept()
            with connection, contextlib.suppress(OSError):
                while came := connection.recv(65536):
                    if played.asks in came:
                        connection.sendall(played.answer)
                    ends.take(came.replace(played.asks, b""))


@contextlib.contextmanager
def printer_elsewhere(kind: str) -> Iterator[Queue[Any]]:
    """A printer in a process of its own: it tells its address, then when each pair of tokens had come."""
    spawn = multiprocessing.get_context("spawn")
    said: Queue[Any] = spawn.Queue()
    process = spawn.Process(target=_serve, args=(kind, said), daemon=True)
    process.start()
    try:
        yield said
    finally:
        process.terminate()
        process.join()


class _Paints(QObject):
    """Notes which number the widget it watches painted last."""

    def __init__(self, watched: BigText) -> None:
        super().__init__()
        self.number, self._watched = "", watched
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self.number = self._watched.text
        return False


class Hands:
    """A clerk's, at the running program."""

    def __init__(self, qt: QApplication, program: Program) -> None:
        self._qt, self._window = qt, program.window
        view = self._window.current_view
        assert isinstance(view, BagCheckView)
        self.view = view
        number, lockers = self.view.findChild(BigText), self.view.findChild(LockerMap)
        assert number is not None
        assert lockers is not None
        self.paints, self.map = _Paints(number), lockers
        self.asked = 0.0
        panel = self.view.findChild(Panel)
        assert panel is not None
        panel.size_chosen.connect(self._on_asked)
        self.longest: list[float] = []
        self._stamps = itertools.count(100_000, 5_000)
        # Whoever polls takes the interpreter from the workers all the time; the program itself waits for events.
        self._glances = QTimer()
        self._glances.start(5)

    def is_free(self, number: str) -> bool:
        """Whether the map shows a locker as free."""
        locker = self.map.locker(number)
        return locker is not None and locker.status is LockerStatus.FREE

    def strike(self, text: str) -> float:
        """Strike keys as a scanner does; return when the last one came."""
        keys = list(key_events(text, next(self._stamps), 8))
        return self._send(keys[:-2], keys[-2:])

    def press(self, key: Qt.Key) -> float:
        """Press one key; return when."""
        keys = [QKeyEvent(kind, int(key), Qt.KeyboardModifier.NoModifier) for kind in _STROKE]
        for stamp, event in enumerate(keys, start=next(self._stamps)):
            event.setTimestamp(stamp)
        return self._send([], keys)

    def until(self, holds: Callable[[], bool]) -> None:
        """Let the program run until `holds`, and note the longest turn of its window's thread meanwhile."""
        late, longest = time.monotonic() + _PATIENCE, 0.0
        while not holds():
            if time.monotonic() > late:
                raise TimeoutError
            turn = time.thread_time()
            self._qt.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            longest = max(longest, time.thread_time() - turn)
        self.longest.append(longest)

    def rest(self, seconds: float = 0.15) -> None:
        """Let what is under way come to its end: nobody presses the next key at once."""
        until = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > until)

    def _on_asked(self, _size: Size) -> None:
        self.asked = time.monotonic()

    def _send(self, before: list[QKeyEvent], last: list[QKeyEvent]) -> float:
        handle = self._window.windowHandle()
        for key in before:
            self._qt.sendEvent(handle, key)
        at = time.monotonic()
        for key in last:
            self._qt.sendEvent(handle, key)
        return at


def _desk(client: StoreClient) -> tuple[DeskTab, ...]:
    """Return bag check alone: the other tabs are built when somebody opens them."""
    return tuple(desk for desk in composition.desks(client) if desk.prefixes == BagCheckView.prefixes)


def serve(database: Database, clerk: Actor, kind: str, rounds: int) -> None:
    """Open the program over `database` with that printer, and take in and give out `rounds` deposits."""
    played = _PRINTERS[kind]
    now = database.read(store_settings)
    chosen = replace(now, bagcheck=replace(now.bagcheck, tokens=played.tokens))
    database.run(lambda session: change_store_settings(session, chosen, None, clock()))
    qt = QApplication.instance() or QApplication([])
    assert isinstance(qt, QApplication)
    words.use("zh")
    theme.apply(qt)
    with tempfile.TemporaryDirectory() as folder, printer_elsewhere(kind) as said:
        settings = Settings(
            Path(folder),
            station=StationSettings(clerk.station),
            printers={"token": PrinterSettings(played.profile, said.get(timeout=_PATIENCE))},
            papers=Papers(token=PaperSettings(("token",), 1.0)),
        )
        garbage = Garbage(qt)
        program = Program(qt, settings, _desk, composition.install, composition.erasures, clock)
        program.window.resize(1366, 768)
        program.window.show()
        program._serve(database, chosen)
        program._admit(clerk.person)
        measure(database, Hands(qt, program), said, kind, rounds)
        program.stop()
        garbage.stop()


def measure(database: Database, hands: Hands, said: Queue[Any], kind: str, rounds: int) -> None:
    """Take in a bag and see its slips arrive; scan the token of another one and give that out."""
    struck, printing, taking, scanning = [], [], [], []
    held, dice = database.read(_held), random.Random(3)
    hands.until(lambda: bool(hands.map.lockers))
    hands.rest(1)  # nobody reaches the counter faster
    for _round in range(rounds + _WARM):
        hands.paints.number = ""
        at = hands.press(Qt.Key.Key_F5)
        hands.until(lambda: hands.paints.number != "")
        taking.append(time.monotonic() - hands.asked)
        hands.until(lambda: not said.empty())
        arrived = said.get()
        struck.append(arrived - at)
        printing.append(arrived - hands.asked)
        hands.press(Qt.Key.Key_Escape)
        hands.rest()
        held.append(database.read(lambda s: s.execute(_TOKENS.order_by(Deposit.id.desc()).limit(1)).one()))
        code, number = held.pop(dice.randrange(len(held)))
        hands.paints.number = ""
        at = hands.strike(f"{code}\r")
        hands.until(lambda number=number: hands.paints.number == number)  # type: ignore[misc]
        scanning.append(time.monotonic() - at)
        hands.rest()
        hands.press(Qt.Key.Key_Return)
        hands.until(lambda number=number: hands.is_free(number))  # type: ignore[misc]
        hands.rest()
    show(f"{kind}: key → last byte of both slips at the printer", printing[_WARM:])
    show(f"{kind}: the same with the gap in which it might be a scan's", struck[_WARM:])
    show(f"{kind}: key → the taken locker's number painted", taking[_WARM:])
    show(f"{kind}: scan → the locker's number painted", scanning[_WARM:])
    show(f"{kind}: longest turn of the window's thread, its processor time", hands.longest)
    first = " ".join(f"{seconds * 1e3:.0f}" for seconds in printing[:3])
    print(f"{kind}: the first slips of this program took {first} ms; load {os.getloadavg()[0]:.2f}")


def _held(session: Session) -> list[tuple[str, str]]:
    return [(code, number) for code, number in session.execute(_TOKENS)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--past", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--printers", nargs="+", choices=list(_PRINTERS), default=list(_PRINTERS))
    asked = parser.parse_args()
    for kind in asked.databases:
        with store(kind, 0) as database:
            clerk, _manager = people(database)
            fill(database, clerk.person.person_id, asked.past)
            for _bag in range(_TAKEN):
                database.command(clerk, "bag.deposit", lambda s: depositing.deposit(s, clerk, Size.SMALL))
            # Nobody waits for their slips any more.
            database.run(lambda s: s.execute(update(PrintJob).values(state=JobState.PRINTED.value)))
            print(f"{kind}, {_LOCKERS} lockers, {_TAKEN} taken, {asked.past} past deposits")
            for printer in asked.printers:
                serve(database, clerk, printer, asked.rounds)


if __name__ == "__main__":
    main()
