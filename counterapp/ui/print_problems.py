"""Papers that did not come out, or of which nobody knows: asked about, and settled on a key."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.core.print_queue import JobState, PrintJob, came_out, let_go, not_printed, reason_of, try_again
from counterapp.errors import CounterError
from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import KeyButton, LineTable, Role, Row, RowVerdict, Text
from counterapp.words import _, _n
from counterapp.work import StoreClient

#: A paper of yesterday is nobody's at the counter any more; it stays in the queue's records.
_SHOWN_FOR: Final = dt.timedelta(hours=16)
_TITLES: Final = 42
_ROW: Final = 64
_SHOWN: Final = 5

_log = logging.getLogger(__name__)


class PrintProblems(QObject):
    """Knows the papers of this station that somebody has to see to. `counted(int)` whenever it has looked."""

    counted = Signal(int)

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        super().__init__()
        self._context = context
        self._client = client
        self._dialog: PrintProblemsDialog | None = None

    def look(self) -> None:
        """Count what has to be seen to, and bring an open dialog up to date."""
        self._read(self._show)

    def ask(self) -> None:
        """Open the dialog of those papers."""
        self._read(self._open)

    def ask_if_unsure(self) -> None:
        """Open the dialog where there is a paper of which nobody knows whether it came out."""
        self._read(lambda jobs: self._open(jobs) if any(_unsure(job) for job in jobs) else self._show(jobs))

    def _read(self, done: Callable[[list[PrintJob]], None]) -> None:
        since = self._client.clock() - _SHOWN_FOR
        station = self._client.station
        self._client.read(
            self,
            lambda session: not_printed(session, station, since),
            done,
            # What stands in the way is said where somebody waits for an answer.
            lambda error: _log.info("papers were not counted: %s", error),
        )

    def _open(self, jobs: list[PrintJob]) -> None:
        if self._dialog is None:
            self._dialog = dialog = PrintProblemsDialog(self._client.zone)
            dialog.closed.connect(self._on_closed)
            dialog.passed.connect(self._context.router.route)
            dialog.again.connect(lambda job: self._settle("paper.print_again", try_again, job))
            dialog.came_out.connect(lambda job: self._settle("paper.came_out", came_out, job))
            dialog.let_go.connect(lambda job: self._settle("paper.let_go", let_go, job))
            self._context.dialogs.open(dialog)
        self._show(jobs)

    def _show(self, jobs: list[PrintJob]) -> None:
        self.counted.emit(len(jobs))
        if self._dialog is not None:
            self._dialog.show_jobs(jobs)

    def _settle(self, act: str, service: Callable[[Session, Actor, int], int | None], job: int) -> None:
        try:
            self._client.command(
                self,
                act,
                lambda session, actor: service(session, actor, job),
                lambda _nothing: self.look(),
                self._on_not_settled,
            )
        except CounterError as error:  # nobody is signed in
            self._context.messages.tell(error)

    def _on_not_settled(self, error: BaseException) -> None:
        self._context.messages.tell(error)
        self.look()

    def _on_closed(self) -> None:
        self._dialog = None


class PrintProblemsDialog(Dialog):
    """Papers to see to. `again(int)`, `came_out(int)`, `let_go(int)` with the id of the print job.

    Enter does nothing here: the dialog may come up under the fingers of somebody who means another thing.
    """

    again = Signal(int)
    came_out = Signal(int)
    let_go = Signal(int)
    passed = Signal(object)

    def __init__(self, zone: dt.tzinfo) -> None:
        super().__init__(lambda: _("Papers to see to"), "", 900)
        self._zone = zone
        self.body.addWidget(
            Text(lambda: _("Look at the printer, then say what became of the paper."), Role.QUIET, wrap=True)
        )
        self.table = LineTable(lambda: _("Paper"), [lambda: _("Time")], lambda: _("What is known"))
        self.table.chosen.connect(lambda _key: self._offer())
        self.body.addWidget(self.table)
        self._nothing = Text(lambda: _("Every paper came out. There is nothing to do."), Role.VERDICT)
        self.body.addWidget(self._nothing)
        self._reason = Text("", Role.BODY, wrap=True)
        self.body.addWidget(self._reason)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(12))
        self._again = KeyButton(lambda: _("Print it again"), "F11", icon="printer")
        self._again.clicked.connect(lambda: self._emit(self.again))
        self._came_out = KeyButton(lambda: _("It did come out"), "F8")
        self._came_out.clicked.connect(lambda: self._emit(self.came_out))
        self._let_go = KeyButton(lambda: _("Let it go"), "F9")
        self._let_go.clicked.connect(lambda: self._emit(self.let_go))
        close = KeyButton(lambda: _("Later"), "Esc")
        close.clicked.connect(self.close_dialog)
        for button in (self._again, self._came_out, self._let_go, close):
            buttons.addWidget(button, 1)
        self.body.addLayout(buttons)
        self._jobs: Sequence[PrintJob] = ()

    def opened(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_scan(self, scan: Scan) -> bool:
        """Close, and hand the scan on to where it belongs; the question stays at the foot of the window."""
        self.close_dialog()
        self.passed.emit(scan)
        return True

    def show_jobs(self, jobs: Sequence[PrintJob]) -> None:
        """Show these papers; with the last one settled there is nothing to keep the dialog open for."""
        if self._jobs and not jobs:
            self.close_dialog()
            return
        chosen = self.table.current_key
        self._jobs = jobs
        self.table.show_rows([_row_of(job, self._zone) for job in jobs])
        kept = next((job.id for job in jobs if job.id == chosen), jobs[0].id if jobs else None)
        self.table.choose(kept)
        self.table.setFixedHeight(theme.px(_TITLES + _ROW * max(1, min(len(jobs), _SHOWN))))
        self.table.setVisible(bool(jobs))
        self._nothing.setVisible(not jobs)
        self._offer()

    def _offer(self) -> None:
        job = self._chosen()
        reason = reason_of(job) if job is not None else None
        self._reason.say((lambda: str(reason)) if reason is not None else "")
        for button in (self._again, self._let_go):
            button.setVisible(job is not None)
        self._came_out.setVisible(job is not None and _unsure(job))

    def _chosen(self) -> PrintJob | None:
        return next((job for job in self._jobs if job.id == self.table.current_key), None)

    def _emit(self, signal: SignalInstance) -> None:
        job = self._chosen()
        if job is not None:
            signal.emit(job.id)


def papers_words(count: int) -> str:
    """Return what stands at the foot of the window while `count` papers have to be seen to."""
    return _n("{count} paper to see to: Ctrl+P", "{count} papers to see to: Ctrl+P", count).format(count=count)


def _unsure(job: PrintJob) -> bool:
    return job.state == JobState.UNKNOWN


def _row_of(job: PrintJob, zone: dt.tzinfo) -> Row:
    known = _("look whether it came out") if _unsure(job) else _("did not come out")
    copy = _("reprint {count}").format(count=job.copy) if job.copy else ""
    return Row(
        key=job.id,
        name=job.title,
        quiet=copy,
        numbers=(f"{job.queued_at.astimezone(zone):%H:%M}",),
        verdict=RowVerdict(Meaning.MISSING, known),
    )
