"""The dialogs for staff accounts: a new one, and a new PIN for one that is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit

from counterapp.core.actor import Role, role_name
from counterapp.core.staff import NewPerson
from counterapp.desks.store.view.role_dialog import RoleDialog
from counterapp.ui import theme
from counterapp.ui.dialogs import buttons
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Choices, CodeField, KeyButton, Kind, Option, SentenceLine, Text, TextField
from counterapp.ui.widgets import Role as TextRole
from counterapp.words import _
from counterapp.work import StoreClient

_Field = TypeVar("_Field", bound=QLineEdit)


class AccountDialog(RoleDialog):
    """Fields, a sentence, and the two buttons. `refuse` says what is still wrong; what was typed stays."""

    def __init__(
        self, client: StoreClient, title: LiveText, turn: LiveText, usual: LiveText, act: LiveText, width: int
    ) -> None:
        super().__init__(title, turn, width, client, {Role.IT})
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(20))
        self._grid.setVerticalSpacing(theme.px(12))
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self._sentence = SentenceLine(usual)
        self._act = KeyButton(act, "Enter", Kind.PRIMARY)

    def refuse(self, sentence: LiveText) -> None:
        """Say what is still wrong."""
        self._act.setEnabled(True)
        self._sentence.say(sentence, Meaning.REFUSED)

    def _finish(self) -> None:
        """Put what stands below the fields there."""
        self.body.addWidget(self._sentence)
        self.body.addLayout(buttons(self, self._act, self._on_act, close=lambda: _("Back")))

    def _row(self, label: LiveText, field: _Field, line: QHBoxLayout | None = None) -> _Field:
        row = self._grid.rowCount()
        self._grid.addWidget(Text(label, TextRole.BODY), row, 0)
        field.setFixedHeight(theme.px(44))
        line = line or QHBoxLayout()
        line.addWidget(field, 1)
        self._grid.addLayout(line, row, 1)
        return field

    def _pins(self) -> tuple[CodeField, CodeField]:
        fields = (
            self._row(lambda: _("PIN, 6 to 8 digits"), CodeField("", 8)),
            self._row(lambda: _("The same PIN again"), CodeField("", 8)),
        )
        for field in fields:
            field.setEchoMode(QLineEdit.EchoMode.Password)
        return fields

    def _pin(self, fields: tuple[CodeField, CodeField]) -> str | None:
        """Return the PIN that was typed twice, None where something is missing, which is said."""
        first, again = fields
        if not first.text():
            first.setFocus()
            self.refuse(lambda: _("Choose a PIN of 6 to 8 digits."))
            return None
        if first.text() != again.text():
            again.clear()
            again.setFocus()
            self.refuse(lambda: _("The two PINs differ. Type the second one again."))
            return None
        self._act.setEnabled(False)
        return first.text()

    def _on_act(self) -> None:
        raise NotImplementedError


class NewPersonDialog(AccountDialog):
    """Asks for a new member of staff. `answered(NewPerson)` on Enter."""

    answered = Signal(object)

    def __init__(self, client: StoreClient) -> None:
        super().__init__(
            client,
            lambda: _("A new member of staff"),
            lambda: _("Let them type the PIN themselves"),
            lambda: _("The badge is made with the account; it can be printed afterwards."),
            lambda: _("Add"),
            1060,
        )
        self._number = self._row(lambda: _("Staff number"), CodeField(lambda: _("As 6012"), 12))
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        self._name = self._row(lambda: _("Name"), TextField(lambda: _("As it stands on the forms"), 40), line)
        self._roles = Choices([Option(role, _name_of(role)) for role in Role], 3)
        row = self._grid.rowCount()
        self._grid.addWidget(Text(lambda: _("Role"), TextRole.BODY), row, 0)
        self._grid.addWidget(self._roles, row, 1)
        # Beside the name, as there is no room for another row; behind the roles for whoever goes on by Tab.
        self._department = TextField(lambda: _("Department, as the till writes it"), 40)
        self._department.setFixedHeight(theme.px(44))
        line.addWidget(self._department, 1)
        self._roles.chosen.connect(self._on_role)
        self._fields = self._pins()
        self._roles.choose(Role.CLERK)
        self._on_role(Role.CLERK)
        self._finish()

    def begin(self) -> None:
        """Begin with the number."""
        self._number.setFocus()

    def _on_role(self, role: object) -> None:
        """Ask for the department where the account speaks for one."""
        self._department.setVisible(role is Role.DEPARTMENT)

    def _on_act(self) -> None:
        for field, sentence in (
            (self._number, lambda: _("Type the staff number.")),
            (self._name, lambda: _("Type the name.")),
            (self._department, lambda: _("Type the department.")),
        ):
            if field.isVisible() and not field.text().strip():
                field.setFocus()
                self.refuse(sentence)
                return
        pin, role = self._pin(self._fields), self._roles.value
        if pin is not None and isinstance(role, Role):
            department = self._department.text().strip() if role is Role.DEPARTMENT else ""
            name = self._name.text().strip()
            self.answered.emit(NewPerson(self._number.text().strip(), name, role, pin, department))


class NewPinDialog(AccountDialog):
    """Asks for the new PIN of `who`. `answered(str)` on Enter."""

    answered = Signal(str)

    def __init__(self, client: StoreClient, who: str) -> None:
        super().__init__(
            client,
            lambda: _("A new PIN"),
            who,
            lambda: _("Let them type it themselves. The former PIN lets nobody in any more."),
            lambda: _("Set the PIN"),
            620,
        )
        self._fields = self._pins()
        self._finish()

    def begin(self) -> None:
        """Begin with the PIN."""
        self._fields[0].setFocus()

    def _on_act(self) -> None:
        pin = self._pin(self._fields)
        if pin is not None:
            self.answered.emit(pin)


def _name_of(role: Role) -> Callable[[], str]:
    return lambda: role_name(role)
