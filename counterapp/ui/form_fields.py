"""Record forms on the screen: the fields in the rows of the paper, each with its own mistake below it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from counterapp.core.record_form import BadFields, Field, FieldKind, Form, Value, read, shown
from counterapp.errors import BadInput
from counterapp.ui import theme
from counterapp.ui.dialogs import AskingDialog
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import ChoiceField, CodeField, NotesField, Role, ScrollColumn, Text, TextField
from counterapp.words import _, current

_COLUMNS: Final = 12
_WIDTH: Final = 980
#: Digits and signs alone: a Chinese input method stays out.
_CODES: Final = {FieldKind.PHONE, FieldKind.DAY, FieldKind.NUMBER, FieldKind.MONEY, FieldKind.QUANTITY}


class FormFields(QWidget):
    """The fields of a form that a person types. `grown()` when mistakes came or went.

    `values` are those that the record has already. A personal one of them is shown masked: its field stays empty, and
    is left out of `typed` until somebody types into it.
    """

    grown = Signal()

    def __init__(self, form: Form, values: Mapping[str, Value] | None = None) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(8))
        self._cells: dict[str, _Cell] = {}
        for line, row in enumerate(form.part(*(one.key for one in form.fields() if one.is_asked)).rows):
            whole, so_far = sum(one.width for one in row), 0
            for one in row:
                cell = self._cells[one.key] = _Cell(one, (values or {}).get(one.key))
                cell.grown.connect(self.grown)
                first, so_far = so_far * _COLUMNS // whole, so_far + one.width
                grid.addWidget(cell, line, first, 1, so_far * _COLUMNS // whole - first)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)

    def typed(self) -> dict[str, str]:
        """Return what stands in the fields, by key, for `record_form.read`."""
        return {key: cell.field.text() for key, cell in self._cells.items() if not cell.is_kept}

    def show_mistakes(self, wrong: Mapping[str, BadInput]) -> None:
        """Say at each field what is wrong with it, and go to the first; fields that are not named are right."""
        for key, cell in self._cells.items():
            cell.say(wrong.get(key))
        first = next((self._cells[key] for key in self._cells if key in wrong), None)
        if first is not None:
            first.field.setFocus()

    def focus_first(self) -> None:
        """Go to the first field."""
        next(iter(self._cells.values())).field.setFocus()


class FormDialog(AskingDialog):
    """Asks for the fields of a form; `answered(dict)` has them as typed once all can be read."""

    answered = Signal(dict)

    def __init__(
        self, form: Form, title: LiveText, go_on: LiveText, values: Mapping[str, Value] | None = None,
        width: int = _WIDTH,
    ) -> None:  # fmt: skip
        super().__init__(title, "", width)
        self._form = form
        self.fields = FormFields(form, values)
        self.fields.grown.connect(self._fit_column)
        self._column = ScrollColumn()
        self._column.body.addWidget(self.fields)
        self._column.body.addStretch(1)
        self.body.addWidget(self._column)
        self.end(go_on, self._on_entered)
        self._room: QSize | None = None
        self._fit_column()

    def fit(self, room: QSize) -> None:
        super().fit(room)
        self._room = room
        self._fit_column()

    def opened(self) -> None:
        self.fields.focus_first()

    def press(self, key: str) -> bool:
        if key in {"Ctrl+Return", "Ctrl+Enter"}:
            self._on_entered()
            return True
        return super().press(key)

    def keys(self) -> list[tuple[str, str]]:
        return [*super().keys(), ("Ctrl+Enter", _("Done, also from within a note"))]

    def _on_entered(self) -> None:
        typed = self.fields.typed()
        try:
            read(self._form.part(*typed), typed)
        except BadFields as bad:
            mistakes = bad
            self.fields.show_mistakes(bad.wrong)
            self.sentence.say(lambda: str(mistakes), Meaning.MISSING)
        else:
            self.fields.show_mistakes({})
            self.sentence.say("")
            self.answered.emit(typed)

    def _fit_column(self) -> None:
        """Show all fields where the window is high enough, and scroll where it is not."""
        wanted = self.fields.sizeHint().height()
        if self._room is not None:
            context = self.sizeHint().height() - self._column.height()
            wanted = min(wanted, max(theme.px(160), self._room.height() - theme.px(32) - context))
        self._column.setFixedHeight(wanted)


class _Cell(QWidget):
    """A label, its field, and what is wrong with it."""

    grown = Signal()

    def __init__(self, one: Field, value: Value) -> None:
        super().__init__()
        self._one = one
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        column.addWidget(Text(lambda: f"{_(one.label)} *" if one.required else _(one.label), Role.SMALL, elide=True))
        hidden = shown(one, value, current()) if one.mask is not None else ""
        self.field = self._field(hidden)
        self.is_kept = bool(hidden)
        column.addWidget(self.field)
        self._mistake = Text("", Role.SMALL, wrap=True)
        self._mistake.setProperty("meaning", Meaning.REFUSED.value)
        self._mistake.hide()
        column.addWidget(self._mistake)
        column.addStretch(1)
        if not hidden:
            is_choice = one.kind is FieldKind.CHOICE
            self.field.setText(str(value or "") if is_choice else shown(one, value, current(), unmasked=True))
        self.field.textChanged.connect(self._on_changed)

    def say(self, mistake: BadInput | None) -> None:
        """Say what is wrong, or nothing."""
        self._mistake.say(partial(str, mistake) if mistake is not None else "")
        if self._mistake.isHidden() == (mistake is not None):
            self._mistake.setVisible(mistake is not None)
            self.grown.emit()

    def _field(self, placeholder: str) -> TextField | NotesField | ChoiceField:
        one = self._one
        match one.kind:
            case FieldKind.CHOICE:
                return ChoiceField([(code, partial(_, words)) for code, words in one.choices.items()])
            case FieldKind.NOTE:
                return NotesField(placeholder, 3 if one.most > 200 else 2)
        return (CodeField if one.kind in _CODES else TextField)(placeholder, one.most)

    def _on_changed(self) -> None:
        self.is_kept = False
        self.say(None)
