"""The papers of a day: its register and its stock files, on the screen, to the printer and into files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from counterapp.core.actor import Actor
from counterapp.core.open_items import OpenItems
from counterapp.desks.day_close.services import closing, stock
from counterapp.desks.day_close.services.closing import DayDetails
from counterapp.desks.day_close.services.register import tables
from counterapp.desks.day_close.view.dialogs import RegisterDialog, StockDialog
from counterapp.desks.day_close.view.texts import day_title, file_row, register_rows
from counterapp.ui.requests import Requests
from counterapp.ui.save_file import SaveFileDialog, save_pdf, save_table
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import Row
from counterapp.words import _
from counterapp.work import LongJob, StoreClient


class DayDocuments(QObject):
    """Opens the dialogs of a day's papers and carries out what is asked for there."""

    def __init__(self, context: ViewContext, client: StoreClient, desks: Sequence[OpenItems], parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._client, self._desks = context, client, desks
        self._requests = Requests(context, client, self)
        self._places = SaveFileDialog(parent)

    def open_register(self, day: DayDetails) -> None:
        """Show the register of a day; the words of many forms are made beside the window's thread."""
        self._requests.read(
            lambda _session, actor: (register_rows(day.register), actor.today()),
            lambda read: self._show_register(day, *read),
        )

    def _show_register(self, day: DayDetails, rows: Sequence[Row], today: dt.date) -> None:
        found = day.register
        dialog = RegisterDialog(found, rows, lambda: _("Register of {day}").format(day=day_title(found.day, today)))
        dialog.print_asked.connect(lambda: self._print(dialog, found.day))
        dialog.save_asked.connect(lambda kind: self._save_register(day, kind))
        self._context.dialogs.open(dialog)

    def _print(self, dialog: RegisterDialog, day: dt.date) -> None:
        dialog.close_dialog()
        self._requests.command(
            "return.print_register",
            lambda session, actor: closing.print_register(session, actor, day, self._desks),
            lambda _job: self._say(lambda: _("The register is on its way to the printer.")),
        )

    def _save_register(self, day: DayDetails, kind: str) -> None:
        name = f"{_('Return register')} {day.day}"
        self._places.ask(_("Where the register goes"), name, (kind,), lambda path: self._write_register(day, path))

    def _write_register(self, day: DayDetails, path: Path) -> None:
        actor = self._client.actor

        def write(_job: LongJob) -> None:
            if path.suffix.lower() == ".pdf":
                document = self._client.database.read(
                    lambda session: closing.register_document(session, actor, day.day, self._desks)
                )
                save_pdf(path, document)
            else:
                save_table(path, *tables(day.register, actor.language))

        self._client.start_job(
            self, lambda: _("Writing the register"), write,
            lambda _nothing: self._say_saved(path), self._context.messages.tell,
        )  # fmt: skip

    def open_files(self, day: DayDetails) -> None:
        """Read the stock files of a day and show them."""
        self._requests.read(
            lambda session, actor: (actor, stock.files_of(session, day.day), stock.missing_lines(session, day.day)),
            lambda read: self._show_files(day.day, *read),
        )

    def _show_files(self, day: dt.date, actor: Actor, files: tuple[stock.FileDetails, ...], missing: int) -> None:
        today = actor.today()
        rows = [file_row(file, actor.zone) for file in files]
        dialog = StockDialog(
            files, missing, rows, lambda: _("Stock correction {day}").format(day=day_title(day, today))
        )
        dialog.save_asked.connect(lambda number: self._save_files(dialog, day, number))
        self._context.dialogs.open(dialog)

    def _save_files(self, dialog: StockDialog, day: dt.date, number: int) -> None:
        dialog.close_dialog()
        if number:
            self._ask_file_place(number)
            return
        self._requests.command(
            "return.make_stock",
            lambda session, actor: stock.make_file(session, actor, day),
            lambda made: self._ask_file_place(int(made)),
        )

    def _ask_file_place(self, number: int) -> None:
        name = f"{_('Stock correction')} {number:06}"
        self._places.ask(
            _("Where the stock file goes"), name, ("csv", "xlsx"), lambda path: self._fetch_file(number, path)
        )

    def _fetch_file(self, number: int, path: Path) -> None:
        self._requests.command(
            "return.fetch_stock",
            lambda session, actor: stock.fetch(session, actor, [number], lambda table, _copy: save_table(path, table)),
            lambda first: self._on_fetched(path, bool(first)),
        )

    def _on_fetched(self, path: Path, first: bool) -> None:
        if first:
            self._say_saved(path)
        else:
            self._say(lambda: _("Saved as a copy, which its lines say: {file}").format(file=path))

    def _say(self, words: Callable[[], str]) -> None:
        self._context.messages.say(words, Meaning.ALLOWED)

    def _say_saved(self, path: Path) -> None:
        self._say(lambda: _("Saved: {file}").format(file=path))
