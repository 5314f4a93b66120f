"""The sheets that the returns desk opens besides a case: a receipt to be found, goods without one, invoices, rules."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import Actor
from counterapp.desks.returns.services.invoices import OpenTask, open_tasks
from counterapp.desks.returns.view.receipt_search import ReceiptSearchDialog
from counterapp.desks.returns.view.red_letters import RedLetterDialog
from counterapp.desks.returns.view.rule_books import open_rule_books
from counterapp.desks.returns.view.unverified import UnverifiedDialog
from counterapp.errors import CounterError
from counterapp.ui.view import ViewContext
from counterapp.work import StoreClient


class ToolDialogs(QObject):
    """Opens them for whoever is signed in. `found(str)`: the number of a receipt that was found; `typed(int)`: the id
    of the case that was opened of goods without one; `counted(open, overdue)`: the red-letter invoices to be issued.
    """

    found = Signal(str)
    typed = Signal(int)
    counted = Signal(int, int)

    def __init__(self, context: ViewContext, client: StoreClient, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._client = client

    def find(self) -> None:
        """Open the search for a receipt."""
        self._signed_in(self._find)

    def type_goods(self) -> None:
        """Open the sheet for goods without a receipt."""
        self._signed_in(self._type_goods)

    def see_invoices(self) -> None:
        """Open the list of red-letter invoices."""
        self._signed_in(self._read_invoices)

    def read_rules(self) -> None:
        """Open the rules of the house, in words."""
        open_rule_books(self._context, self._client)

    def count(self) -> None:
        """Count the red-letter invoices that are still to be issued."""
        try:
            today = self._client.actor.today()
        except CounterError:
            return  # `activated` counts again when somebody is back
        self._client.read(
            self, lambda session: open_tasks(session, today), self._on_counted, self._context.messages.tell
        )

    def _signed_in(self, opens: Callable[[Actor], None]) -> None:
        try:
            actor = self._client.actor
        except CounterError as error:
            self._context.messages.tell(error)
        else:
            opens(actor)

    def _find(self, actor: Actor) -> None:
        sheet = ReceiptSearchDialog(self._context, self._client, actor.today())
        sheet.found.connect(self.found)
        self._context.dialogs.open(sheet)

    def _type_goods(self, _actor: Actor) -> None:
        sheet = UnverifiedDialog(self._context, self._client)
        sheet.made.connect(self.typed)
        self._context.dialogs.open(sheet)

    def _read_invoices(self, actor: Actor) -> None:
        today = actor.today()

        def opened(tasks: tuple[OpenTask, ...]) -> None:
            sheet = RedLetterDialog(self._context, self._client, tasks, today)
            sheet.passed.connect(self._context.router.route)
            sheet.changed.connect(self.count)
            self._context.dialogs.open(sheet)

        self._client.read(self, lambda session: open_tasks(session, today), opened, self._context.messages.tell)

    def _on_counted(self, tasks: tuple[OpenTask, ...]) -> None:
        self.counted.emit(len(tasks), sum(task.overdue for task in tasks))
