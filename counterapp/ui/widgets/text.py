"""Text in its few sizes, icons beside it, and the small coloured chip of icon and sentence."""

from __future__ import annotations

import enum
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from counterapp.ui import icons, theme
from counterapp.ui.live_text import LiveText, current_text
from counterapp.ui.theme import Meaning

#: Stands between what is said beside one another in a line.
DOT: Final = " • "


class Role(enum.StrEnum):
    """What a text is; the style sheet gives it size and colour."""

    BODY = "body"
    STRONG = "strong"
    NAME = "name"
    HEADING = "heading"
    TITLE = "title"
    SHEET = "sheet"
    LABEL = "label"
    QUIET = "quiet"
    SMALL = "small"
    AMOUNT = "amount"
    AMOUNT2 = "amount2"
    VERDICT = "verdict"
    BECAUSE = "because"


class Text(QLabel):
    """A plain text. `elide` lets it shrink and end in an ellipsis (the whole is then in its tool tip)."""

    def __init__(
        self, words: LiveText = "", role: Role = Role.BODY, *, wrap: bool = False, elide: bool = False
    ) -> None:
        super().__init__()
        self._words = words
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role.value)
        self.setWordWrap(wrap)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            self.setMinimumWidth(theme.px(40))
        self._speak()

    @property
    def elides(self) -> bool:
        """Whether it may end in an ellipsis."""
        return self._elide

    def say(self, words: LiveText) -> None:
        """Show other words."""
        self._words = words
        self._speak()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._elide:
            whole = self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width()
            self.setToolTip("" if whole else self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._elide:
            super().paintEvent(event)
            return
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            box = self.contentsRect()
            shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, int(self.alignment()), shown)

    def _speak(self) -> None:
        self.setText(current_text(self._words))


class Icon(QWidget):
    """One icon of the family; always beside a word, which is what a screen reader says."""

    def __init__(self, name: str, colour: str = "quiet", size: int = 20) -> None:
        super().__init__()
        self._name = name
        self._colour = colour
        self.setFixedSize(theme.px(size), theme.px(size))

    def show_icon(self, name: str, colour: str) -> None:
        """Show another icon, or another colour: a token of the theme or a Meaning."""
        self._name, self._colour = name, colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            icons.paint(painter, self._name, self._colour, QRectF(self.rect()))


class Chip(QWidget):
    """A sentence with its icon on the ground of its meaning. `icon` "" is the meaning's own, None is without."""

    def __init__(self, meaning: Meaning = Meaning.NEUTRAL, words: LiveText = "", icon: str | None = "") -> None:
        super().__init__()
        self._meaning, self._words, self._icon = meaning, words, icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._speak()

    def show_chip(self, meaning: Meaning, words: LiveText, icon: str | None = "") -> None:
        """Show another meaning and sentence."""
        self._meaning, self._words, self._icon = meaning, words, icon
        self._speak()

    @property
    def text(self) -> str:
        """The sentence as it reads now."""
        return current_text(self._words)

    @property
    def meaning(self) -> Meaning:
        """The meaning it has now."""
        return self._meaning

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()

    def sizeHint(self) -> QSize:
        return chip_size(self.text, self._icon is not None)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_chip(painter, QRectF(self.rect()), self._meaning, self.text, self._icon)

    def _speak(self) -> None:
        self.setAccessibleName(self.text)
        self.updateGeometry()
        self.update()


class SentenceLine(QWidget):
    """A quiet sentence that says what to do, or in its meaning's colour what went wrong."""

    def __init__(self, sentence: LiveText) -> None:
        super().__init__()
        line = QVBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        self._usual = sentence
        self._text = Text(sentence, Role.QUIET, wrap=True)
        self._text.setMinimumHeight(theme.px(22))
        line.addWidget(self._text)

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._text.text()

    def say(self, sentence: LiveText, meaning: Meaning | None = None) -> None:
        """Show a sentence; without a meaning it is quiet."""
        set_look(self._text, "meaning", meaning.value if meaning else "")
        self._text.say(sentence)

    def say_usual(self) -> None:
        """Show the sentence that stands there when all is well."""
        self.say(self._usual)


def set_look(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet asks for ("meaning", "role"), and let the widget look like it at once."""
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def dotted(*parts: str) -> str:
    """Return what is said beside one another in a line, "a • b"; empty parts are left out."""
    return DOT.join(part for part in parts if part)


def chip_size(text: str, with_icon: bool = True) -> QSize:
    """Return the size of a chip in one line, in pixels of the screen."""
    words = QFontMetrics(theme.font(14, bold=True)).horizontalAdvance(text)
    return QSize(words + theme.px(40 if with_icon else 18), theme.px(28))


def paint_chip(painter: QPainter, box: QRectF, meaning: Meaning, text: str, icon: str | None = "") -> None:
    """Draw a chip into `box`: icon, bold sentence (two lines where `box` is high enough), rounded ground."""
    pair = theme.current().meanings[meaning]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(pair.ground))
    painter.drawRoundedRect(box, theme.px(5), theme.px(5))
    left = theme.px(9)
    if icon is not None:
        square = QRectF(box.left() + theme.px(8), box.center().y() - theme.px(8), theme.px(16), theme.px(16))
        icons.paint(painter, icon or icons.OF_MEANING[meaning], pair.text, square)
        left = theme.px(30)
    painter.setPen(QColor(pair.text))
    painter.setFont(theme.font(14, bold=True))
    words = box.adjusted(left, 0, -theme.px(6), 0)
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    metrics = painter.fontMetrics()
    if metrics.horizontalAdvance(text) <= words.width():
        painter.drawText(words, flags, text)
    elif box.height() >= 2 * metrics.lineSpacing():
        painter.drawText(words, flags | Qt.TextFlag.TextWordWrap, text)
    else:
        painter.drawText(words, flags, metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(words.width())))
