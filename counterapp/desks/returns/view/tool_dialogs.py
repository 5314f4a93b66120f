"""The dialogs that the returns desk opens besides a case: a receipt to be found, goods without one, invoices, rules."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QObject, Signal

from counterapp.desks.returns.services.invoices import OpenTask, open_tasks
from counterapp.desks.returns.view.receipt_search import ReceiptSearchDialog
from counterapp.desks.returns.view.red_letters import RedLetterDialog
from counterapp.desks.returns.view.rule_books import open_rule_books
from counterapp.desks.returns.view.unverified import UnverifiedDialog
from counterapp.ui.requests import Requests
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
        self._requests = Requests(context, client, self)

    def find(self) -> None:
        """Open the search for a receipt."""
        actor = self._requests.require_actor()
        if actor is not None:
            dialog = ReceiptSearchDialog(self._context, self._client, actor.today())
            dialog.found.connect(self.found)
            self._context.dialogs.open(dialog)

    def type_goods(self) -> None:
        """Open the dialog for goods without a receipt."""
        if self._requests.require_actor() is not None:
            dialog = UnverifiedDialog(self._context, self._client)
            dialog.made.connect(self.typed)
            self._context.dialogs.open(dialog)

    def see_invoices(self) -> None:
        """Open the list of red-letter invoices."""

        def opened(read: tuple[tuple[OpenTask, ...], dt.date]) -> None:
            dialog = RedLetterDialog(self._context, self._client, *read)
            dialog.passed.connect(self._context.router.route)
            dialog.changed.connect(self.count)
            self._context.dialogs.open(dialog)

        self._requests.read(
            lambda session, actor: (open_tasks(session, actor.today()), actor.today()),
            opened,
        )

    def read_rules(self) -> None:
        """Open the rules of the house, in words."""
        open_rule_books(self._context, self._requests)

    def count(self) -> None:
        """Count the red-letter invoices that are still to be issued."""
        if self._requests.actor is not None:  # `activated` counts again when somebody is back
            self._requests.read(lambda session, actor: open_tasks(session, actor.today()), self._on_counted)

    def _on_counted(self, tasks: tuple[OpenTask, ...]) -> None:
        self.counted.emit(len(tasks), sum(task.overdue for task in tasks))
