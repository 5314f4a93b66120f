"""A sheet of this desk: whoever takes the screen over and has no right to it never sees it come back."""

from __future__ import annotations

from collections.abc import Set

from counterapp.core.actor import Role
from counterapp.ui.sheet import Sheet
from counterapp.ui.spoken import Words
from counterapp.work import Counter


class OwnSheet(Sheet):
    """A sheet for whoever has one of `roles`."""

    def __init__(self, title: Words, turn: Words, width: int, counter: Counter, roles: Set[Role]) -> None:
        super().__init__(title, turn, width)
        self._counter, self._allowed = counter, roles

    def opened(self) -> None:
        """Close at once before anybody else, who may have signed in since."""
        if self._counter.actor.person.role not in self._allowed:
            self.close_sheet()
            return
        self.begin()

    def begin(self) -> None:
        """Put the focus where the answer begins."""
