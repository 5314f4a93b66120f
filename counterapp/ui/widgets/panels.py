"""What a view is made of: cards, the row of facts, the verdict, the amount, and the words of an empty place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from counterapp.ui import icons, theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets.text import Icon, Role, Text, set_look


class Card(QFrame):
    """A white panel; its content goes into `body`."""

    def __init__(self, margin: int = 20) -> None:
        super().__init__()
        self.setObjectName("card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.px(margin), theme.px(14), theme.px(margin), theme.px(16))
        self.body.setSpacing(theme.px(8))


@dataclass(frozen=True, slots=True)
class Fact:
    """A quiet label above its value."""

    label: LiveText
    value: LiveText


class _Pair(QWidget):
    """A label above its value."""

    def __init__(self) -> None:
        super().__init__()
        self._label, self._value = Text("", Role.SMALL), Text("", Role.STRONG)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        column.addWidget(self._label)
        column.addWidget(self._value)

    def say(self, fact: Fact) -> None:
        self._label.say(fact.label)
        self._value.say(fact.value)


class FactsRow(QWidget):
    """Facts side by side, spread over the width; in two rows where one is too narrow."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(20))
        self._grid.setVerticalSpacing(theme.px(8))
        # Kept from one case to the next: to make them anew costs more than all the rest of a first show.
        self._pairs: list[_Pair] = []
        self._shown: list[_Pair] = []
        self._rows = 0

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these facts instead of the former ones."""
        while len(self._pairs) < len(facts):
            pair = _Pair()
            pair.setParent(self)
            self._pairs.append(pair)
        for pair, fact in zip(self._pairs, facts, strict=False):
            pair.say(fact)
        if len(self._shown) != len(facts):
            self._shown = self._pairs[: len(facts)]
            for place, pair in enumerate(self._pairs):
                pair.setVisible(place < len(facts))
            self._rows = 0
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Arrange again when the words inside have become longer or shorter."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        gap = self._grid.horizontalSpacing()
        for pair in self._shown:
            pair.ensurePolished()
        needed = sum(pair.sizeHint().width() + gap for pair in self._shown) - gap
        rows = 1 if needed <= self.width() else 2
        if rows == self._rows:
            return
        self._rows = rows
        while self._grid.takeAt(0) is not None:
            pass
        columns = -(-len(self._shown) // rows)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        for place, pair in enumerate(self._shown):
            # every other column of the grid is what spreads the facts
            self._grid.addWidget(pair, place // columns, 2 * (place % columns))
            if place % columns:
                self._grid.setColumnStretch(2 * (place % columns) - 1, 1)


class ScrollColumn(QScrollArea):
    """A column that scrolls where the screen is too low for it; its content goes into `body`."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QWidget()
        column.setObjectName("column")
        self.body = QVBoxLayout(column)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(theme.px(8))
        self.setWidget(column)
        self.viewport().setAutoFillBackground(False)
        self._sought: QWidget | None = None
        # the range changes before what is inside has found its place
        self.verticalScrollBar().rangeChanged.connect(lambda: QTimer.singleShot(0, self, self._seek))

    def show_all_of(self, widget: QWidget) -> None:
        """Bring `widget` into sight, and keep it there while what was just asked for is laid out."""
        self._sought = widget
        self._seek()

    def _seek(self) -> None:
        if self._sought is not None and isValid(self._sought):
            self.ensureWidgetVisible(self._sought, 0, theme.px(8))


class VerdictPanel(QWidget):
    """What the rules say of the case: icon, bold sentence, and the small one that says why or what to do."""

    def __init__(self) -> None:
        super().__init__()
        self._meaning = Meaning.NEUTRAL
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setMinimumHeight(theme.px(76))
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(14), theme.px(8), theme.px(16), theme.px(8))
        line.setSpacing(theme.px(7))
        self._icon = Icon("info", size=28)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout()
        column.setSpacing(theme.px(1))
        self._sentence = Text("", Role.VERDICT, wrap=True)
        self._small = Text("", Role.BECAUSE, wrap=True)
        column.addStretch(1)
        column.addWidget(self._sentence)
        column.addWidget(self._small)
        column.addStretch(1)
        line.addLayout(column, 1)
        self._dress()

    @property
    def meaning(self) -> Meaning:
        """The meaning it has now."""
        return self._meaning

    @property
    def text(self) -> str:
        """Both sentences as they read now."""
        return f"{self._sentence.text()}\n{self._small.text()}".strip()

    def show_verdict(self, meaning: Meaning, sentence: LiveText, small: LiveText = "", icon: str = "") -> None:
        """Show a verdict; `icon` "" is the meaning's own."""
        self._meaning = meaning
        self._icon.show_icon(icon or icons.OF_MEANING[meaning], meaning)
        self._sentence.say(sentence)
        self._small.say(small)
        self._small.setVisible(bool(small))
        self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.current().meanings[self._meaning].ground))
            painter.drawRoundedRect(QRectF(self.rect()), theme.px(7), theme.px(7))

    def _dress(self) -> None:
        for text in (self._sentence, self._small):
            set_look(text, "meaning", self._meaning.value)
        self.update()


class BigAmount(QWidget):
    """The amount that the case is about: quiet label at the left, the figure as the largest thing at the right."""

    def __init__(self, label: LiveText = "") -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        self._label = Text(label, Role.LABEL)
        self._amount = Text("", Role.AMOUNT)
        line.addWidget(self._label, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addStretch(1)
        line.addWidget(self._amount, 0, Qt.AlignmentFlag.AlignVCenter)

    @property
    def text(self) -> str:
        """The amount shown."""
        return self._amount.text()

    def say(self, label: LiveText) -> None:
        """Show another label."""
        self._label.say(label)

    def show_amount(self, amount: LiveText) -> None:
        """Show an amount, formatted as it should read."""
        self._amount.say(amount)


class EmptyState(QWidget):
    """What stands where nothing is yet, and says what to do."""

    def __init__(self, icon: str, title: LiveText, sentence: LiveText = "") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(8))
        column.addStretch(2)
        column.addWidget(Icon(icon, "quiet", 48), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(theme.px(8))
        self._title = Text(title, Role.HEADING, wrap=True)
        self._sentence = Text(sentence, Role.LABEL, wrap=True)
        for text in (self._title, self._sentence):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(text)
        column.addStretch(3)

    def say(self, title: LiveText, sentence: LiveText) -> None:
        """Show other words."""
        self._title.say(title)
        self._sentence.say(sentence)


@dataclass(frozen=True, slots=True)
class VerdictText:
    """What a verdict panel says."""

    meaning: Meaning
    sentence: str
    small: str = ""
    icon: str = ""
