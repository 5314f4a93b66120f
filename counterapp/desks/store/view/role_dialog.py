"""A dialog of this desk: whoever takes the screen over and has no right to it never sees it come back."""

from __future__ import annotations

from collections.abc import Set

from counterapp.core.actor import Role
from counterapp.ui.dialog import Dialog
from counterapp.ui.live_text import LiveText
from counterapp.work import StoreClient


class RoleDialog(Dialog):
    """A dialog for whoever has one of `roles`."""

    def __init__(self, title: LiveText, turn: LiveText, width: int, client: StoreClient, roles: Set[Role]) -> None:
        super().__init__(title, turn, width)
        self._client, self._allowed = client, roles

    def opened(self) -> None:
        """Close at once before anybody else, who may have signed in since."""
        if self._client.actor.person.role not in self._allowed:
            self.close_dialog()
            return
        self.begin()

    def begin(self) -> None:
        """Put the focus where the answer begins."""
