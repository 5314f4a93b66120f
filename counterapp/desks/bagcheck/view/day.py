"""The day's lists and figures on one key: read, shown, signed, printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import Actor
from counterapp.desks.bagcheck.services import days, figures, lost_tokens
from counterapp.desks.bagcheck.services.days import CLOSING, MORNING, Left, SheetDetails
from counterapp.desks.bagcheck.services.lost_tokens import WrittenOff
from counterapp.desks.bagcheck.view import day_dialogs
from counterapp.desks.bagcheck.view.asking import MissingTagDialog
from counterapp.desks.bagcheck.view.day_dialogs import BookDialog, BookRow, DayDialog, open_row
from counterapp.desks.bagcheck.view.day_lists import ClosingDialog, LeftDialog, MorningDialog, OvernightDialog, Today
from counterapp.desks.bagcheck.view.figures_dialog import Figures, FiguresDialog
from counterapp.desks.bagcheck.view.texts import OPEN_LOSS, sheet_title, sums_words
from counterapp.ui.dialogs import TableDialog
from counterapp.ui.requests import Requests
from counterapp.ui.signature_flow import SignatureFlow, SignatureRequest
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.words import N_, _, _n
from counterapp.work import StoreClient


class Day(QObject):
    """Opens the dialogs of the day. `loss_asked(int)` and `release_asked(int)` for a deposit to go on with."""

    loss_asked = Signal(int)
    release_asked = Signal(int)

    def __init__(self, context: ViewContext, client: StoreClient, signing: SignatureFlow, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._client, self._signing = context, client, signing
        self._requests = Requests(context, client, self)

    def ask(self) -> None:
        """Read the day and show what can be done."""
        self._requests.read(self._read_today, self._open_menu)

    def _read_today(self, session: Any, actor: Actor) -> Today:
        tags = figures.in_force(session).tokens == "tags"
        return Today(
            days.still_there(session, actor),
            days.sheets_of(session, actor.today()),
            days.tags_expected(session) if tags else None,
            days.shortages(session),
        )

    def _open_menu(self, today: Today) -> None:
        dialog = DayDialog(today)
        dialog.chosen.connect(lambda what: self._open(what, today))
        dialog.countersign.connect(lambda signed: self._countersign(dialog, signed))
        self._context.dialogs.open(dialog)

    def _open(self, what: str, today: Today) -> None:
        match what:
            case days.CLOSING:
                self._open_closing(today)
            case days.MORNING:
                self._open_morning(today)
            case day_dialogs.OVERNIGHT:
                self._open_overnight(today)
            case day_dialogs.BOOK:
                self._requests.read(self._read_book, self._open_book)
            case day_dialogs.FIGURES:
                self._requests.read(
                    lambda session, actor: Figures(
                        figures.todays_curve(session, actor),
                        figures.busy_hours(session, actor),
                        len(figures.locker_map(session, actor)),
                    ),
                    lambda read: self._context.dialogs.open(FiguresDialog(read, self._client.zone)),
                )

    def _signed_already(self, today: Today, kind: str) -> bool:
        signed = today.sheet(kind)
        if signed is None:
            return False
        self._context.messages.say(
            lambda: _("{sheet} is signed already by {name}.").format(sheet=sheet_title(signed), name=signed.signed_by),
            Meaning.MISSING,
        )
        return True

    def _open_closing(self, today: Today) -> None:
        if self._signed_already(today, CLOSING):
            return
        dialog = ClosingDialog(today, self._client.zone)
        dialog.explained.connect(lambda left, words: self._explain(dialog, left, words))
        dialog.signed.connect(lambda missing: self._sign_closing(dialog, missing))
        self._context.dialogs.open(dialog)

    def _explain(self, dialog: ClosingDialog, left: Left, words: str) -> None:
        self._requests.command(
            "bagcheck.explain",
            lambda session, actor: days.explain(session, actor, left.deposit_id, left.revision, words),
            lambda _nothing: self._read_left(dialog),
            dialog,
            lambda _error: self._read_left(dialog),
            keep_open=True,
        )

    def _read_left(self, dialog: LeftDialog) -> None:
        self._requests.read(days.still_there, dialog.show_left, dialog)

    def _sign_closing(self, dialog: ClosingDialog, missing: Sequence[str]) -> None:
        self._sign(dialog, "bagcheck.sign_closing", lambda session, actor: days.sign_closing(session, actor, missing))

    def _open_morning(self, today: Today) -> None:
        if self._signed_already(today, MORNING):
            return
        dialog = MorningDialog(today, self._client.zone)
        dialog.signed.connect(
            lambda count, missing: self._sign(
                dialog,
                "bagcheck.sign_morning",
                lambda session, actor: days.sign_morning(session, actor, count, missing),
            )
        )
        self._context.dialogs.open(dialog)

    def _sign(self, dialog: LeftDialog, act: str, work: Callable[[Any, Actor], int]) -> None:
        self._requests.command(act, work, self._on_signed, dialog, lambda _error: self._read_left(dialog))

    def _on_signed(self, sheet_id: int) -> None:
        """Say that it prints, and put it before the second person at once; they may also sign later."""
        self._context.messages.say(
            lambda: _("Signed, and on its way to the printer. A supervisor signs as well."), Meaning.ALLOWED
        )

        def read(sheets: Sequence[SheetDetails]) -> None:
            signed = next((one for one in sheets if one.id == sheet_id), None)
            if signed is not None:
                self._countersign(None, signed)

        self._requests.read(lambda session, actor: days.sheets_of(session, actor.today()), read)

    def _countersign(self, menu: DayDialog | None, signed: SheetDetails) -> None:
        if menu is not None:
            menu.close_dialog()
        facts: list[Callable[[], str]] = [lambda: sums_words(signed)] if signed.kind == CLOSING else []
        if signed.missing:
            facts.append(
                lambda: _n("{count} tag missing", "{count} tags missing", signed.missing).format(count=signed.missing)
            )
        matter = SignatureRequest(
            title=lambda: _("Countersign: {sheet}").format(sheet=sheet_title(signed)),
            facts=facts or [lambda: _("Signed by {name}").format(name=signed.signed_by)],
            sign=lambda: _("Countersign"),
            act="bagcheck.countersign",
            carry_out=lambda session, actor, signer, _reason: days.countersign(session, actor, signer, signed.id),
        )
        self._signing.open(
            matter,
            lambda _done: self._context.messages.say(
                lambda: _("{sheet} is signed by both.").format(sheet=sheet_title(signed)), Meaning.ALLOWED
            ),
        )

    def _open_overnight(self, today: Today) -> None:
        dialog = OvernightDialog(today, self._client.zone)
        dialog.release_asked.connect(self.release_asked)
        dialog.print_asked.connect(lambda: self._print(dialog, "bagcheck.print_overnight", days.print_overnight))
        self._context.dialogs.open(dialog)

    def _read_book(self, session: Any, actor: Actor) -> tuple[list[BookRow], bool]:
        today = actor.today()
        rows = [
            open_row(one.deposit_id, one.number, one.since.astimezone(actor.zone).date(), one.state)
            for one in figures.locker_map(session, actor)
            if one.state in OPEN_LOSS and one.deposit_id is not None and one.since is not None
        ]
        for entry in reversed(lost_tokens.book(session, today.replace(day=1), today)):
            settled = N_("here again") if entry.found_at else (N_("settled") if entry.settled else N_("open"))
            meaning = Meaning.ALLOWED if entry.settled else Meaning.MISSING
            rows.append(BookRow(None, entry.number or 0, entry.token, entry.reported_on, _(settled), meaning))
        return rows, figures.in_force(session).tokens == "tags"

    def _open_book(self, read: tuple[list[BookRow], bool]) -> None:
        dialog = BookDialog(*read)
        dialog.taken_up.connect(self.loss_asked)
        dialog.missing_asked.connect(lambda: self._ask_missing(dialog))

        def work(session: Any, actor: Actor) -> int:
            return days.print_book(session, actor, actor.today().replace(day=1), actor.today())

        dialog.print_asked.connect(lambda: self._print(dialog, "bagcheck.print_book", work))
        self._context.dialogs.open(dialog)

    def _ask_missing(self, book: BookDialog) -> None:
        """Let a tag be written off that nobody can find and that holds nothing."""
        book.close_dialog()
        dialog = MissingTagDialog()

        def done(tag: str, written: WrittenOff) -> None:
            said = (
                N_("Tag {number} is in the lost-token book, no. {entry}. Hang tag {substitute} at locker {locker}.")
                if written["substitute"]
                else N_("Tag {number} is in the lost-token book, no. {entry}. No spare took its place.")
            )
            self._context.messages.say(
                lambda: _(said).format(
                    number=tag, entry=written["number"], substitute=written["substitute"], locker=written["locker"]
                ),
                Meaning.ALLOWED if written["substitute"] else Meaning.MISSING,
            )

        dialog.given.connect(
            lambda tag, spare: self._requests.command(
                "bagcheck.write_off_tag",
                lambda session, actor: lost_tokens.write_off_tag(session, actor, tag, spare),
                lambda written: done(tag, written),
                dialog,
            )
        )
        self._context.dialogs.open(dialog)

    def _print(self, dialog: TableDialog, act: str, work: Callable[[Any, Actor], int]) -> None:
        said = N_("The list is on its way to the printer.")
        self._requests.command(
            act, work, lambda _job: self._context.messages.say(lambda: _(said), Meaning.ALLOWED), dialog
        )
