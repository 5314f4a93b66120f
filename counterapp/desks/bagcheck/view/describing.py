"""What was deposited, noted after the locker was taken: two fields on a key, which no queue waits for."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from counterapp.ui import theme
from counterapp.ui.widgets import CodeField, KeyButton, Kind, TextField
from counterapp.words import _


class DescribeRow(QWidget):
    """Pieces and description of the deposit just taken in. `described(pieces, words)` once both were gone through or
    left for something else; `left()` when the focus may go back.
    """

    described = Signal(int, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(6))
        self._button = KeyButton(lambda: _("Pieces"), "F4", Kind.QUIET)
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(self.begin)
        line.addWidget(self._button)
        self._pieces = CodeField()
        self._pieces.setFixedWidth(theme.px(56))
        self._pieces.setValidator(QRegularExpressionValidator(QRegularExpression(r"[1-9][0-9]?"), self))
        self._description = TextField(lambda: _("What it looks like"), 120)
        line.addWidget(self._pieces)
        line.addWidget(self._description, 1)
        self._known = ("1", "")

    @property
    def fields(self) -> tuple[QLineEdit, QLineEdit]:
        """The two fields, in the order of their work."""
        return self._pieces, self._description

    def show_matter(self, pieces: int, description: str) -> None:
        """Show what is known of a deposit."""
        self._known = (str(pieces), description)
        self._pieces.setText(str(pieces))
        self._description.setText(description)

    def begin(self) -> None:
        """Put the focus into the first field."""
        self._pieces.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._pieces.selectAll()

    def flush(self) -> None:
        """Hand over what was typed, where it is another than before."""
        now = (self._pieces.text() or self._known[0], self._description.text().strip())
        if now != self._known:
            self._known = now
            self.described.emit(int(now[0]), now[1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter, which a field leaves over; the view is not to have it as well."""
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
        elif self._pieces.hasFocus():
            self._description.setFocus()
        else:
            self.flush()
            self.left.emit()
