"""Chips in as few rows as they need, and a key that tells why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counterapp.ui import theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets.buttons import KeyButton, Kind
from counterapp.ui.widgets.text import Chip, chip_size
from counterapp.words import _

#: The key that tells why.
KEY: Final = "F9"


@dataclass(frozen=True, slots=True)
class ChipText:
    """What a chip says."""

    meaning: Meaning
    words: LiveText
    icon: str = ""


class ChipStrip(QWidget):
    """Chips in as few rows as fit into `width` design pixels; hidden where there are none. `asked()` for why."""

    asked = Signal()

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(6))
        self._button = KeyButton(lambda: _("Why"), KEY, Kind.QUIET)
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(self.asked)
        self._rows: list[QWidget] = []
        self.hide()

    def show_chips(self, texts: Sequence[ChipText], *, has_reasons: bool) -> None:
        """Show the chips, and the key where there are reasons to tell."""
        self._button.setParent(None)
        for row in self._rows:
            row.deleteLater()
        self._rows = []
        left = 0
        for text in texts:
            chip = Chip(text.meaning, text.words, text.icon)
            needed = chip_size(chip.text).width() + theme.px(8)
            if left < needed:
                left = self._add_row()
            layout = self._rows[-1].layout()
            assert layout is not None
            layout.addWidget(chip)
            left -= needed
        if has_reasons:
            self._finish(left)
        for row in self._rows:
            line = row.layout()
            assert isinstance(line, QHBoxLayout)
            line.addStretch(1)
        self.setVisible(bool(texts) or has_reasons)

    def _add_row(self) -> int:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        self._column.addWidget(row)
        self._rows.append(row)
        return theme.px(self._width)

    def _finish(self, left: int) -> None:
        if not self._rows or left < self._button.sizeHint().width():
            self._add_row()
        layout = self._rows[-1].layout()
        assert layout is not None
        layout.addWidget(self._button)
        self._button.show()
