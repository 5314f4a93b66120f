"""The dialogs of long work: the import of receipts, and the check of the journal. Both may be closed meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout

from counterapp.core.journal_verify import Chain
from counterapp.core.sales_import import ImportReport, Rejected
from counterapp.desks.store.services import IN_CHARGE
from counterapp.desks.store.view.jobs import ImportJob, Job, JournalCheckJob, dropped
from counterapp.desks.store.view.role_dialog import RoleDialog
from counterapp.errors import CounterError, Refused
from counterapp.ui import theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.messages import Messages
from counterapp.ui.save_file import open_file
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import (
    KeyButton,
    Kind,
    LineTable,
    ProgressBar,
    Role,
    Row,
    RowVerdict,
    Text,
    TextField,
    VerdictPanel,
    dotted,
)
from counterapp.words import _, _n
from counterapp.work import StoreClient

_TABLE: Final = 260


class JobDialog(RoleDialog):
    """How far it has got and what came of it; Esc closes it, and the work goes on."""

    def __init__(
        self, client: StoreClient, title: LiveText, turn: LiveText, task: Job[Any], messages: Messages, table: LineTable
    ) -> None:
        super().__init__(title, turn, 900, client, IN_CHARGE)
        self._shown, self._messages, self._table = task, messages, table
        self._bar = ProgressBar()
        self._far = Text("", Role.BODY)
        self._result = VerdictPanel()
        table.setFixedHeight(theme.px(_TABLE))
        self._away = KeyButton(self._words_of_away, "Esc", Kind.QUIET)
        self._away.clicked.connect(self.close_dialog)
        self._stop = KeyButton(lambda: _("Break off"), "F8")
        self._stop.clicked.connect(task.cancel)
        self._enter = KeyButton(self._words_of_enter, "Enter", Kind.PRIMARY)
        self._enter.clicked.connect(self._on_enter)

    def press(self, key: str) -> bool:
        """Move over what was found with the arrows."""
        if key in {"Up", "Down"} and self._table.isVisible():
            self._table.step(1 if key == "Down" else -1)
            return True
        return super().press(key)

    def _finish(self) -> None:
        """Put what stands below the question there, and follow the work."""
        for part in (self._bar, self._far, self._result, self._table):
            self.body.addWidget(part)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(12))
        for button, share in ((self._away, 1), (self._stop, 1), (self._enter, 2)):
            buttons.addWidget(button, share)
        self.body.addLayout(buttons)
        self._shown.changed.connect(self._on_changed)
        self._on_changed()

    def _on_changed(self) -> None:
        job, error = self._shown.job, self._shown.error
        for part in (self._bar, self._far, self._stop):
            part.setVisible(job is not None)
        self._stop.setEnabled(job is not None and not job.is_cancelled)
        self._enter.setVisible(job is None)
        self._away.say(self._words_of_away)
        self._enter.say(self._words_of_enter)
        if job is not None:
            self._bar.show_share(job.share)
            self._far.say(self._words_of_progress)
        over = error is not None or self._shown.answer is not None
        self._result.setVisible(over)
        self._table.setVisible(False)
        if isinstance(error, CounterError):
            meaning = Meaning.NEUTRAL if isinstance(error, Refused) else Meaning.MISSING
            self._result.show_verdict(meaning, lambda: str(error))
        elif error is not None:
            self._messages.tell(error)
            self.close_dialog()
        elif over:
            self._show_answer()

    def _words_of_away(self) -> str:
        return _("Go on in the background") if self._shown.job is not None else _("Close")

    def _words_of_progress(self) -> str:
        job = self._shown.job
        return f"{round(job.share * 100)} %" if job is not None else ""

    def _words_of_enter(self) -> str:
        raise NotImplementedError

    def _show_answer(self) -> None:
        raise NotImplementedError

    def _on_enter(self) -> None:
        raise NotImplementedError


class ImportDialog(JobDialog):
    """Asks for the till's export, tells how far it has been read, and what was set aside and why."""

    def __init__(self, client: StoreClient, bringing: ImportJob, messages: Messages, path: Path | None = None) -> None:
        self._task = bringing
        self._is_named = path is not None
        super().__init__(
            client,
            lambda: _("Bring in receipts"),
            lambda: _("The till's export, a CSV file"),
            bringing,
            messages,
            LineTable(lambda: _("Set aside"), [], lambda: _("In the file")),
        )
        self._path = TextField(lambda: _("Where the file lies; it may be dropped here as well"), 1000)
        if path is not None:
            self._path.setText(str(path))
        self._path.textChanged.connect(self._on_named)
        self._browse = KeyButton(lambda: _("Look for it"), "F3")
        self._browse.clicked.connect(self._on_browse)
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        line.addWidget(self._path, 1)
        line.addWidget(self._browse)
        self.body.addLayout(line)
        self.setAcceptDrops(True)
        self._finish()

    def begin(self) -> None:
        """Begin with the file's place."""
        self._path.setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._task.job is None and dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped(event.mimeData())
        if path is not None:
            self._path.setText(str(path))
            self._path.setFocus()

    def _on_named(self, text: str) -> None:
        self._is_named = bool(text.strip())
        self._enter.say(self._words_of_enter)

    def _on_changed(self) -> None:
        super()._on_changed()
        for part in (self._path, self._browse):
            part.setVisible(self._task.job is None)
        if self._task.job is None and self.isVisible():
            self._path.setFocus()

    def _words_of_enter(self) -> str:
        return _("Done") if self._task.answer is not None and not self._is_named else _("Bring them in")

    def _words_of_progress(self) -> str:
        said = _n("{count} line read", "{count} lines read", self._task.rows).format(count=f"{self._task.rows:,}")
        if self._task.job is not None and self._task.job.is_cancelled:
            return dotted(said, _("it ends with the receipt that is being read …"))
        return dotted(super()._words_of_progress(), said)

    def _show_answer(self) -> None:
        report = self._task.answer
        if report is None:
            return
        self._result.show_verdict(
            Meaning.MISSING if report.rejected or report.cancelled else Meaning.ALLOWED,
            lambda: sentence_of(report),
            lambda: small_of(report),
        )
        self._table.setVisible(bool(report.rejected))
        self._table.show_rows([_row_of(place, one) for place, one in enumerate(report.rejected)])

    def _on_enter(self) -> None:
        text = self._path.text().strip().strip('"')
        if self._is_named:
            self._is_named = False
            self._task.start(Path(text).expanduser())
        elif self._task.answer is not None:
            self.close_dialog()
        else:
            self._path.setFocus()
            self._result.show_verdict(Meaning.MISSING, lambda: _("Say first where the file lies."))
            self._result.show()

    def _on_browse(self) -> None:
        kinds = (_("Exports (*.csv *.txt)"), _("All files (*)"))
        folder = Path(self._path.text()).parent
        open_file(self, _("The till's export"), kinds, lambda path: self._path.setText(str(path)), folder=folder)


class JournalDialog(JobDialog):
    """Reads the whole journal, and says whether anything was changed, taken out or cut off."""

    def __init__(self, client: StoreClient, checking: JournalCheckJob, messages: Messages) -> None:
        self._task = checking
        super().__init__(
            client,
            lambda: _("Check the journal"),
            lambda: _("Every entry, from the first to the last"),
            checking,
            messages,
            LineTable(lambda: _("Station"), [], lambda: _("State")),
        )
        self._finish()
        if checking.job is None:
            checking.start()

    def _on_changed(self) -> None:
        super()._on_changed()
        self._away.setVisible(self._task.job is not None)

    def _words_of_enter(self) -> str:
        return _("Done")

    def _show_answer(self) -> None:
        chains = self._task.answer
        if chains is None:
            return
        bad = [chain for chain in chains if chain.bad is not None]
        self._result.show_verdict(
            Meaning.REFUSED if bad else Meaning.ALLOWED,
            lambda: verdict_of(chains),
            lambda: "\n".join(map(str, bad)),
        )
        self._table.show()
        self._table.show_rows([_row_of_chain(chain) for chain in (*bad, *(c for c in chains if c not in bad))])

    def _on_enter(self) -> None:
        self.close_dialog()


def sentence_of(report: ImportReport) -> str:
    """Say what an import has brought."""
    said = _n("{count} receipt is new", "{count} receipts are new", report.receipts)
    said = said.format(count=f"{report.receipts:,}")
    if not report.rejected:
        return said
    aside = _n("{count} is set aside", "{count} are set aside", len(report.rejected))
    return dotted(said, aside.format(count=f"{len(report.rejected):,}"))


def small_of(report: ImportReport) -> str:
    """Say what else there is to know of an import."""
    said = [_n("{count} line", "{count} lines", report.lines).format(count=f"{report.lines:,}")]
    if report.unchanged:
        there = _n("{count} was there already", "{count} were there already", report.unchanged)
        said.append(there.format(count=f"{report.unchanged:,}"))
    if report.cancelled:
        said.append(_("broken off: bring the same file in again to go on from there"))
    return dotted(*said)


def verdict_of(chains: list[Chain]) -> str:
    """Say in one sentence whether the journal is whole."""
    bad = sum(chain.bad is not None for chain in chains)
    if bad:
        said = _n("{count} station's journal is not whole", "{count} stations' journals are not whole", bad)
        return said.format(count=bad)
    entries = sum(chain.entries for chain in chains)
    said = _n("The journal is whole: {count} entry", "The journal is whole: {count} entries", entries)
    return said.format(count=f"{entries:,}")


def _row_of(place: int, one: Rejected) -> Row:
    where = RowVerdict(Meaning.MISSING, _("Line {line}").format(line=one.line))
    return Row(place, one.receipt or _("no number can be read"), str(one.reason), verdict=where)


def _row_of_chain(chain: Chain) -> Row:
    if chain.bad is not None:
        name = _("Station {station}").format(station=chain.station)
        return Row(chain.station, name, verdict=RowVerdict(Meaning.REFUSED, _("Not whole")))
    elsewhere = "" if chain.kept else _("That nothing is cut off at its end shows at the PC of that station.")
    return Row(chain.station, str(chain), elsewhere, verdict=RowVerdict(Meaning.ALLOWED, _("Whole")))
