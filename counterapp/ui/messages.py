"""The one door for messages: what happened and what to do, in a banner; and the calm words after a bug."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from dataclasses import dataclass
from types import TracebackType
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from counterapp.errors import BadInput, CounterError, Trouble
from counterapp.ui import icons, theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets.buttons import KeyButton, Kind
from counterapp.ui.widgets.text import Icon, Role, Text, set_look
from counterapp.words import _

_log = logging.getLogger(__name__)
_PASSING: Final = {Meaning.ALLOWED, Meaning.NEUTRAL}
_PASSES_AFTER_MS: Final = 6000
#: The right part of every view, where its primary button stands, as broad as the broadest, and the margins around it.
_DECISION: Final = 484 + 20 + 24


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence and its meaning."""

    sentence: LiveText
    meaning: Meaning


class Messages(QObject):
    """Everything that is said to the person goes through here; the window shows it."""

    said = Signal(object)
    cleared = Signal()
    bug_met = Signal(str)

    def say(self, sentence: LiveText, meaning: Meaning = Meaning.NEUTRAL) -> None:
        """Show a sentence over the view. What is allowed or neutral passes by itself, the rest stays to be read."""
        self.said.emit(Message(sentence, meaning))

    def clear(self) -> None:
        """Take the sentence away."""
        self.cleared.emit()

    def tell(self, error: BaseException) -> None:
        """Say what went wrong: a CounterError in its own words, anything else is a bug, logged with its traceback.

        May be called from any thread.
        """
        if isinstance(error, CounterError):
            unreadable = isinstance(error, BadInput | Trouble)
            self.say(lambda: str(error), Meaning.MISSING if unreadable else Meaning.REFUSED)
            return
        _log.critical("a bug", exc_info=error)
        self.bug_met.emit("".join(traceback.format_exception(error)))

    def catch_bugs(self) -> None:
        """From now on tell what nobody caught, in slots and in threads; an interrupt from the keyboard still ends."""
        sys.excepthook = self._on_uncaught
        threading.excepthook = lambda caught: self._on_uncaught(caught.exc_type, caught.exc_value, caught.exc_traceback)

    def _on_uncaught(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None or issubclass(kind, KeyboardInterrupt | SystemExit):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        self.tell(error)


class Banner(QWidget):
    """A message in the lower left of the view: moves nothing, covers no button, Esc or a press takes it away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._meaning = Meaning.NEUTRAL
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(16), theme.px(10), theme.px(8), theme.px(10))
        line.setSpacing(theme.px(10))
        self._icon = Icon("info", size=26)
        line.addWidget(self._icon)
        self._words = Text("", Role.VERDICT, wrap=True)
        line.addWidget(self._words, 1)
        close = KeyButton(lambda: _("Close"), "Esc", Kind.QUIET)
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.hide)
        line.addWidget(close)
        self._passing = QTimer(self)
        self._passing.setSingleShot(True)
        self._passing.setInterval(_PASSES_AFTER_MS)
        self._passing.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown, "" where there is none."""
        return self._words.text() if self.isVisible() else ""

    @property
    def meaning(self) -> Meaning:
        """The meaning of the sentence shown."""
        return self._meaning

    def show_message(self, message: Message) -> None:
        """Show a message instead of the former one."""
        self._meaning = message.meaning
        self._icon.show_icon(icons.OF_MEANING[message.meaning], message.meaning)
        set_look(self._words, "meaning", message.meaning.value)
        self._words.say(message.sentence)
        self._passing.stop()
        if message.meaning in _PASSING:
            self._passing.start()
        self.show()
        self._settle()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the lower left whatever the window's size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._settle()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        pair = theme.current().meanings[self._meaning]
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(pair.text))
            painter.setBrush(QColor(pair.ground))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(8), theme.px(8))

    def _settle(self) -> None:
        context = self._over.rect()
        left = theme.px(88 + 20)
        wide = min(context.width() - left - theme.px(_DECISION), theme.px(810))
        high = max(theme.px(60), self.heightForWidth(wide))
        self.setGeometry(left, context.height() - theme.px(34 + 16) - high, wide, high)


class BugDialog(Dialog):
    """Says that the program failed, that the data is kept, and gives the details to whoever can mend it."""

    def __init__(self, details: str) -> None:
        super().__init__(lambda: _("The program met something unexpected"))
        self.body.addWidget(
            Text(
                lambda: _(
                    "Your data is kept. Close this and look at the case again before you go on. "
                    "If it comes again, copy the details and send them to IT."
                ),
                Role.BODY,
                wrap=True,
            )
        )
        last = details.strip().splitlines()[-1] if details.strip() else ""
        self.body.addWidget(Text(last, Role.SMALL, wrap=True))
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        copy = KeyButton(lambda: _("Copy the details"), "F4", icon="copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
        copy.clicked.connect(lambda: copy.say(lambda: _("Copied")))
        go_on = KeyButton(lambda: _("Go on"), "Enter", Kind.PRIMARY)
        go_on.clicked.connect(self.close_dialog)
        line.addWidget(copy, 1)
        line.addWidget(go_on, 2)
        self.body.addSpacing(theme.px(8))
        self.body.addLayout(line)
