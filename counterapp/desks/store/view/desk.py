"""The store desk: who may sign in and who tried to, the receipts that came in, whether the journal is whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from counterapp.core import staff
from counterapp.core.actor import Actor, Role, role_name
from counterapp.core.codes import grouped
from counterapp.core.staff import NewPerson, Person
from counterapp.desks.store import services
from counterapp.desks.store.services import Overview
from counterapp.desks.store.view.accounts import AccountDialog, NewPersonDialog, NewPinDialog
from counterapp.desks.store.view.guide import Guide
from counterapp.desks.store.view.job_dialogs import ImportDialog, JobDialog, JournalDialog, sentence_of, verdict_of
from counterapp.desks.store.view.jobs import ImportJob, Job, JournalCheckJob, dropped
from counterapp.desks.store.view.texts import DOT, row_of, row_of_unknown, tries_words, unknown_words
from counterapp.errors import CounterError, NotAllowed
from counterapp.ui import theme
from counterapp.ui.theme import Meaning
from counterapp.ui.view import View, ViewContext
from counterapp.ui.widgets import Card, KeyButton, Kind, LineTable, ScrollColumn, Text
from counterapp.ui.widgets import Role as TextRole
from counterapp.words import N_, _
from counterapp.work import StoreClient

#: How often the desk is read again while it is looked at, in milliseconds: tries at other stations show.
EVERY: Final = 10_000
_WIDTH: Final = 412


class StoreView(View):
    """Accounts at the left; at the right the one that is chosen, the receipts, and the journal."""

    title = N_("Store")
    hint = N_("Staff, receipts, journal")
    icon = "store"

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        super().__init__(context)
        self._client = client
        self._seen: Overview | None = None
        self._added: int | None = None
        self._reading = self._trouble = self._again = False
        self._bringing, self._checking = ImportJob(client), JournalCheckJob(client)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        self._guide = Guide()
        self._guide.hide()
        column.addWidget(self._guide)
        line = QHBoxLayout()
        line.setSpacing(theme.px(16))
        left = QVBoxLayout()
        left.setSpacing(theme.px(12))
        left.addWidget(self._make_staff(), 1)
        below = QHBoxLayout()
        below.setSpacing(theme.px(12))
        below.addWidget(self._make_receipts(), 1)
        below.addWidget(self._make_journal(), 1)
        left.addLayout(below)
        line.addLayout(left, 1)
        line.addWidget(self._make_person())
        column.addLayout(line, 1)
        self.setAcceptDrops(True)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._read)
        client.committed.connect(self._on_committed)
        self._bringing.changed.connect(self._on_bringing_changed)
        self._checking.changed.connect(self._on_checking_changed)

    def activated(self) -> None:
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show()
        self._read()

    def retranslate(self) -> None:
        self._show()

    def keys(self) -> list[tuple[str, str]]:
        return [("↑ ↓", _("Another account")), *super().keys()]

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            self._table.step(1 if key == "Down" else -1)
            return True
        return super().press(key)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._open_import(dropped(event.mimeData()))

    @property
    def _current(self) -> Person | None:
        people = self._seen.people if self._seen is not None else ()
        return next((person for person in people if person.id == self._table.current_key), None)

    @property
    def _actor(self) -> Actor | None:
        """Who is signed in; None behind the door."""
        try:
            return self._client.actor
        except NotAllowed:
            return None

    def _make_staff(self) -> Card:
        card = Card(1)
        card.body.setContentsMargins(1, 1, 1, theme.px(8))
        self._table = LineTable(lambda: _("Staff"), [], lambda: _("State"))
        self._table.chosen.connect(self._show_person)
        card.body.addWidget(self._table)
        return card

    def _make_person(self) -> Card:
        card = Card()
        card.setFixedWidth(theme.px(_WIDTH))
        self._name = Text("", TextRole.HEADING, elide=True)
        self._about = Text("", TextRole.LABEL, wrap=True)
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pin = KeyButton(lambda: _("New PIN"), "F6")
        self._pin.clicked.connect(self._on_new_pin)
        self._badge = KeyButton(lambda: _("Print badge"), "F7")
        self._badge.clicked.connect(self._on_badge)
        self._block = KeyButton("", "F8")
        self._block.clicked.connect(self._on_block)
        self._add = KeyButton(lambda: _("Add a member of staff"), "F3")
        self._add.clicked.connect(self._on_add)
        upper = ScrollColumn()
        upper.body.addWidget(self._name)
        upper.body.addWidget(self._about, 1)
        card.body.addWidget(upper, 1)
        pair = QHBoxLayout()
        pair.setSpacing(theme.px(8))
        pair.addWidget(self._pin, 1)
        pair.addWidget(self._badge, 1)
        card.body.addLayout(pair)
        card.body.addWidget(self._block)
        card.body.addSpacing(theme.px(8))
        card.body.addWidget(self._add)
        return card

    def _make_receipts(self) -> Card:
        card = Card()
        self._receipts = Text("", TextRole.LABEL, wrap=True)
        self._receipts.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._bring = KeyButton("", "F4")
        self._bring.clicked.connect(lambda: self._open_import(None))
        card.body.addWidget(self._receipts, 1)
        card.body.addWidget(self._bring)
        return card

    def _make_journal(self) -> Card:
        card = Card()
        self._journal = Text("", TextRole.LABEL, wrap=True)
        self._journal.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._check = KeyButton("", "F9")
        self._check.clicked.connect(self._on_check)
        card.body.addWidget(self._journal, 1)
        card.body.addWidget(self._check)
        return card

    def _read(self) -> None:
        if self._actor is None:
            return
        if self._reading:
            self._again = True
            return
        self._reading = True
        now = self._client.clock()
        self._client.read(self, lambda session: services.overview(session, now), self._on_read, self._on_not_read)

    def _on_read(self, seen: Overview) -> None:
        self._reading = self._trouble = False
        self._seen = seen
        self._show()
        if self._again:
            self._again = False
            self._read()

    def _on_not_read(self, error: BaseException) -> None:
        self._reading = False
        self._again = False
        if not self._trouble:  # said once, not every few seconds
            self.context.messages.tell(error)
        self._trouble = True

    def _on_committed(self) -> None:
        if self.isVisible():
            self._read()

    def _show(self) -> None:
        actor, seen = self._actor, self._seen
        if actor is None or seen is None:
            return
        done = (seen.has_counter_staff, seen.newest_receipt is not None)
        self._guide.setVisible(not seen.is_used)
        self._guide.show_done(done)
        rows = [row_of(person, seen.tries.get(person.id), actor) for person in seen.people]
        if seen.unknown:
            rows.insert(0, row_of_unknown(seen.unknown, actor))
        self._table.show_rows(rows)
        if self._added is not None or self._table.current_key is None:
            self._table.choose(self._added or seen.people[0].id)
            self._added = None
        self._add.setVisible(actor.person.role is Role.IT)
        for button, is_next in ((self._add, not done[0]), (self._bring, done == (True, False))):
            button.kind = Kind.PRIMARY if is_next else Kind.SECONDARY
            button.updateGeometry()
        self._show_person()
        self._show_receipts()
        self._show_journal()

    def _show_person(self) -> None:
        person, actor, seen = self._current, self._actor, self._seen
        if actor is None or seen is None:
            return
        for button in (self._pin, self._badge, self._block):
            button.setVisible(person is not None and actor.person.role is Role.IT)
        if person is None:
            self._name.say(lambda: _("Numbers that nobody has"))
            self._about.say("\n".join(unknown_words(one, actor) for one in seen.unknown))
            return
        self._name.say(person.name)
        about = [f"{role_name(Role(person.role))}{DOT}{person.number}"]
        if actor.person.role is Role.IT:
            about.append(_("Badge {badge}").format(badge=grouped(person.badge)))
        tried = seen.tries.get(person.id)
        if tried is not None:
            about.append(tries_words(tried, actor))
        self._about.say("\n".join(about))
        self._block.say(lambda: _("Block the account") if person.active else _("Let sign in again"))
        self._block.setEnabled(person.id != actor.person.person_id)

    def _show_receipts(self) -> None:
        job, report, error = self._bringing.job, self._bringing.answer, self._bringing.error
        newest = self._seen.newest_receipt if self._seen is not None else None
        if job is not None:
            self._receipts.say(lambda: _("{percent} % is read").format(percent=round(job.share * 100)))
        elif isinstance(error, CounterError):
            self._receipts.say(lambda: str(error))
        elif report is not None:
            self._receipts.say(lambda: sentence_of(report))
        elif newest is not None:
            self._receipts.say(lambda: _("The newest one is of {moment}").format(moment=f"{newest:%Y-%m-%d %H:%M}"))
        else:
            self._receipts.say(lambda: _("No receipts yet: nothing can be taken back."))
        self._bring.say(lambda: _("Show how far it is") if self._bringing.job is not None else _("Bring in receipts"))

    def _show_journal(self) -> None:
        job, chains, error = self._checking.job, self._checking.answer, self._checking.error
        if job is not None:
            self._journal.say(lambda: _("{percent} % is read").format(percent=round(job.share * 100)))
        elif isinstance(error, CounterError):
            self._journal.say(lambda: str(error))
        elif chains is not None:
            self._journal.say(lambda: verdict_of(chains))
        else:
            self._journal.say(lambda: _("Shows whether anybody changed the journal."))
        self._check.say(lambda: _("Show how far it is") if self._checking.job is not None else _("Check the journal"))

    def _on_bringing_changed(self) -> None:
        self._show_receipts()
        report = self._bringing.answer
        if report is not None:
            self._read()
        self._tell(self._bringing, lambda: sentence_of(report) if report is not None else "")

    def _on_checking_changed(self) -> None:
        self._show_journal()
        chains = self._checking.answer
        self._tell(self._checking, lambda: verdict_of(chains) if chains is not None else "")

    def _tell(self, task: Job[Any], sentence: Callable[[], str]) -> None:
        """Say what came of long work whose sheet was closed meanwhile."""
        if isinstance(self.context.dialogs.current, JobDialog):
            return
        if task.error is not None:
            self.context.messages.tell(task.error)
        elif task.answer is not None:
            self.context.messages.say(sentence, Meaning.ALLOWED)

    def _open_import(self, path: Path | None) -> None:
        self.context.dialogs.open(ImportDialog(self._client, self._bringing, self.context.messages, path))

    def _on_check(self) -> None:
        self.context.dialogs.open(JournalDialog(self._client, self._checking, self.context.messages))

    def _on_add(self) -> None:
        sheet = NewPersonDialog(self._client)
        sheet.answered.connect(lambda new: self._add_person(sheet, new))
        self.context.dialogs.open(sheet)

    def _add_person(self, sheet: AccountDialog, new: NewPerson) -> None:
        def add(pin_hash: str) -> None:
            self._command(
                sheet,
                "staff.add",
                lambda session, actor: services.add(session, actor, new, pin_hash),
                lambda: _("{name} may sign in with number {number}.").format(name=new.name, number=new.number),
            )

        self._with_hash(sheet, new.pin, add)

    def _on_new_pin(self) -> None:
        person = self._current
        if person is None:
            return
        sheet = NewPinDialog(self._client, f"{person.name} {person.number}")

        def give(pin_hash: str) -> None:
            self._command(
                sheet,
                "staff.pin",
                lambda session, actor: services.give_pin(session, actor, person.id, pin_hash),
                lambda: _("The new PIN of {name} holds from now on.").format(name=person.name),
            )

        sheet.answered.connect(lambda pin: self._with_hash(sheet, pin, give))
        self.context.dialogs.open(sheet)

    def _with_hash(self, sheet: AccountDialog, pin: str, then: Callable[[str], None]) -> None:
        pepper = self._client.database.keys.pepper
        self._client.run_own_transaction(
            sheet, lambda: staff.hash_pin(pin, pepper), then, lambda error: self._refused(sheet, error)
        )

    def _command(
        self,
        sheet: AccountDialog,
        act: str,
        work: Callable[..., object],
        sentence: Callable[[], str],
    ) -> None:
        def done(answer: object) -> None:
            if isinstance(answer, int):
                self._added = answer
            sheet.close_dialog()
            self.context.messages.say(sentence, Meaning.ALLOWED)

        self._client.command(sheet, act, work, done, lambda error: self._refused(sheet, error))

    def _refused(self, sheet: AccountDialog, error: BaseException) -> None:
        if isinstance(error, CounterError):
            sheet.refuse(lambda: str(error))
        else:
            self.context.messages.tell(error)

    def _on_badge(self) -> None:
        person = self._current
        if person is not None:
            self._client.command(
                self,
                "staff.badge",
                lambda session, actor: services.print_badge(session, actor, person.id),
                None,
                self.context.messages.tell,
            )

    def _on_block(self) -> None:
        person = self._current
        if person is None:
            return
        act, work = ("staff.block", services.block) if person.active else ("staff.unblock", services.unblock)
        self._client.command(
            self, act, lambda session, actor: work(session, actor, person.id), None, self.context.messages.tell
        )
