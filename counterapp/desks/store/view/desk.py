"""The store desk: who may sign in and who tried to, the receipts that came in, whether the journal is whole."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout

from counterapp.core import staff
from counterapp.core.actor import Role
from counterapp.core.codes import grouped
from counterapp.core.staff import NewPerson, Person
from counterapp.desks.store import services
from counterapp.desks.store.services import Overview
from counterapp.desks.store.view.accounts import AccountDialog, NewPersonDialog, NewPinDialog
from counterapp.desks.store.view.guide import Guide
from counterapp.desks.store.view.job_dialogs import ImportDialog, JobDialog, JournalDialog, sentence_of, verdict_of
from counterapp.desks.store.view.jobs import ImportJob, Job, JournalCheckJob, dropped
from counterapp.desks.store.view.texts import (
    UNKNOWN,
    Account,
    role_words,
    row_of,
    row_of_unknown,
    tries_words,
    unknown_words,
)
from counterapp.errors import CounterError
from counterapp.ui import theme
from counterapp.ui.list_detail import Key, ListDetailView, RecordList
from counterapp.ui.polling import Poller
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import Card, KeyButton, Kind, Row, Text, dotted
from counterapp.ui.widgets import Role as TextRole
from counterapp.words import N_, _
from counterapp.work import StoreClient

#: How often the desk is read again while it is looked at, in milliseconds: tries at other stations show.
EVERY: Final = 10_000


class StoreView(ListDetailView[Account]):
    """Accounts at the left; at the right the one that is chosen, the receipts, and the journal."""

    title = N_("Store")
    hint = N_("Staff, receipts, journal")
    icon = "store"
    arrows = N_("Another account")

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        super().__init__(context, client, RecordList(lambda: _("Staff"), [], lambda: _("State")))
        self._client = client
        self._seen: Overview | None = None
        self._added: int | None = None
        self._bringing, self._checking = ImportJob(client), JournalCheckJob(client)
        self._guide = Guide()
        self._guide.hide()
        self.column.insertWidget(0, self._guide)
        self._receipts, self._bring = Text("", TextRole.LABEL, wrap=True), KeyButton("", "F4")
        self._bring.clicked.connect(lambda: self._open_import(None))
        self._journal, self._check = Text("", TextRole.LABEL, wrap=True), KeyButton("", "F9")
        self._check.clicked.connect(self._on_check)
        below = QHBoxLayout()
        below.setSpacing(theme.px(12))
        for text, button in ((self._receipts, self._bring), (self._journal, self._check)):
            text.setAlignment(Qt.AlignmentFlag.AlignTop)
            card = Card()
            card.body.addWidget(text, 1)
            card.body.addWidget(button)
            below.addWidget(card, 1)
        self.left.addLayout(below)
        self.setAcceptDrops(True)
        poller = Poller(
            client,
            self,
            lambda session, actor: services.overview(session, actor.now()),
            EVERY,
            tell=context.messages.tell,
        )
        poller.arrived.connect(self._on_read)
        self.read_by(poller)
        self._bringing.changed.connect(self._on_bringing_changed)
        self._checking.changed.connect(self._on_checking_changed)

    def key_of(self, one: Account) -> Hashable:
        return one.id if isinstance(one, Person) else UNKNOWN

    def row_of(self, one: Account) -> Row:
        actor, seen = self._client.actor, self._seen
        if not isinstance(one, Person):
            return row_of_unknown(one, actor)
        return row_of(one, seen.tries.get(one.id) if seen is not None else None, actor)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._open_import(dropped(event.mimeData()))

    def show_again(self) -> None:
        """Show accounts, receipts and journal once more."""
        super().show_again()
        seen = self._seen
        if self.actor is None or seen is None:
            return
        done = self._done
        self._guide.setVisible(not seen.is_used)
        self._guide.show_done(done)
        self._bring.kind = Kind.PRIMARY if done == (True, False) else Kind.SECONDARY
        self._bring.updateGeometry()
        self._show_receipts()
        self._show_journal()

    def show_details(self, one: Account | None) -> None:
        actor, seen = self.actor, self._seen
        if actor is None or seen is None:
            return
        may_change = actor.person.role is Role.IT
        add = Key("F3", lambda: _("Add a member of staff"), self._on_add, primary=not self._done[0])
        keys = [add] if may_change else []
        if not isinstance(one, Person):
            said = "\n".join(unknown_words(tried, actor) for tried in one or ())
            self.details.show_record(lambda: _("Numbers that nobody has"), (), said, keys)
            return
        about = [dotted(role_words(one), one.number)]
        if may_change:
            about.append(_("Badge {badge}").format(badge=grouped(one.badge)))
            keys = [
                Key("F6", lambda: _("New PIN"), self._on_new_pin),
                Key("F7", lambda: _("Print badge"), self._on_badge),
                Key(
                    "F8", lambda: _("Block the account") if one.active else _("Let sign in again"), self._on_block,
                    enabled=one.id != actor.person.person_id,
                ),
                add,
            ]  # fmt: skip
        tried = seen.tries.get(one.id)
        if tried is not None:
            about.append(tries_words(tried, actor))
        self.details.show_record(one.name, (), "\n".join(about), keys)

    @property
    def _person(self) -> Person | None:
        """The account that is chosen."""
        return self.current if isinstance(self.current, Person) else None

    @property
    def _done(self) -> tuple[bool, bool]:
        """Whether there are clerks, and receipts."""
        seen = self._seen
        return (seen.has_counter_staff, seen.newest_receipt is not None) if seen is not None else (True, True)

    def _on_read(self, seen: Overview) -> None:
        first, self._seen = self._seen is None, seen
        self.show_found([*([seen.unknown] if seen.unknown else []), *seen.people])
        wanted = seen.people[0].id if first else self._added
        chosen = next((person for person in seen.people if person.id == wanted), None)
        if chosen is not None:
            self._added = None
            self.choose(chosen)

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
            self.read_again()
        self._tell(self._bringing, lambda: sentence_of(report) if report is not None else "")

    def _on_checking_changed(self) -> None:
        self._show_journal()
        chains = self._checking.answer
        self._tell(self._checking, lambda: verdict_of(chains) if chains is not None else "")

    def _tell(self, task: Job[Any], sentence: Callable[[], str]) -> None:
        """Say what came of long work whose dialog was closed meanwhile."""
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
        dialog = NewPersonDialog(self._client)
        dialog.answered.connect(lambda new: self._add_person(dialog, new))
        self.context.dialogs.open(dialog)

    def _add_person(self, dialog: AccountDialog, new: NewPerson) -> None:
        def add(pin_hash: str) -> None:
            self.requests.command(
                "staff.add",
                lambda session, actor: services.add(session, actor, new, pin_hash),
                lambda added: self._on_changed(
                    lambda: _("{name} may sign in with number {number}.").format(name=new.name, number=new.number),
                    added,
                ),
                dialog,
            )

        self._with_hash(dialog, new.pin, add)

    def _on_new_pin(self) -> None:
        person = self._person
        if person is None:
            return
        dialog = NewPinDialog(self._client, person.name_and_number)

        def give(pin_hash: str) -> None:
            self.requests.command(
                "staff.pin",
                lambda session, actor: services.give_pin(session, actor, person.id, pin_hash),
                lambda _nothing: self._on_changed(
                    lambda: _("The new PIN of {name} holds from now on.").format(name=person.name)
                ),
                dialog,
            )

        dialog.answered.connect(lambda pin: self._with_hash(dialog, pin, give))
        self.context.dialogs.open(dialog)

    def _with_hash(self, dialog: AccountDialog, pin: str, then: Callable[[str], None]) -> None:
        pepper = self._client.database.keys.pepper
        self.requests.run(lambda: staff.hash_pin(pin, pepper), then, dialog)

    def _on_changed(self, sentence: Callable[[], str], added: int | None = None) -> None:
        self._added = added
        self.context.messages.say(sentence, Meaning.ALLOWED)

    def _on_badge(self) -> None:
        person = self._person
        if person is not None:
            self.requests.command("staff.badge", lambda session, actor: services.print_badge(session, actor, person.id))

    def _on_block(self) -> None:
        person = self._person
        if person is not None:
            act, work = ("staff.block", services.block) if person.active else ("staff.unblock", services.unblock)
            self.requests.command(act, lambda session, actor: work(session, actor, person.id))
