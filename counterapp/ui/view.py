"""What every desk's screen is: a widget with a title, which takes scans and keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QWidget

from counterapp.core.actor import AT_THE_COUNTER, Role
from counterapp.errors import CounterError
from counterapp.hardware.scanner import Scan
from counterapp.ui import shortcuts
from counterapp.ui.dialog import DialogStack
from counterapp.ui.live_text import LiveText
from counterapp.ui.messages import Messages
from counterapp.ui.router import Router
from counterapp.words import _

if TYPE_CHECKING:
    # The database loads after the first paint.
    from sqlalchemy.orm import Session

    from counterapp.core.deadlines import Late


@dataclass(frozen=True, slots=True)
class ViewContext:
    """What stands around a view: where it speaks, asks, and opens another desk's case (`router.route_text`)."""

    messages: Messages
    dialogs: DialogStack
    router: Router


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case, for the view that led to it."""

    sentence: LiveText
    small: LiveText = ""


class View(QWidget):
    """A desk's screen. `title` and `hint` are message ids; `prefixes` the letters of our own codes that open here.

    `finished(Outcome | None)`: nothing lies here any more; whoever was led here goes back to where they came from.
    """

    title: str = ""
    hint: str = ""
    icon: str = "store"
    prefixes: tuple[str, ...] = ()

    hinted = Signal(object)
    finished = Signal(object)

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self.context = context
        self._hint: LiveText = lambda: _(self.hint)

    def take_scan(self, scan: Scan) -> bool:
        """Take a scan, or return False to let the router find whose it is."""
        return False

    def activated(self) -> None:
        """Be shown: put the focus where work begins."""

    def came_back(self, outcome: Outcome | None) -> None:
        """Be shown again after a case that this view led to; None where nothing is to be told of it."""

    def retranslate(self) -> None:
        """Set words made of data again; words given as callables have followed the language by themselves."""

    def keys(self) -> list[tuple[str, str]]:
        """Return (key, words) for the dialog of keys; by default every visible button that bears one."""
        return shortcuts.keys_in(self)

    def press(self, key: str) -> bool:
        """Take a key that the focus left over ("F5", "1", "Down"); by default the button that bears it."""
        return shortcuts.press_in(self, key)

    def set_hint(self, hint: LiveText) -> None:
        """Say beside the desk's title what to do next."""
        self._hint = hint
        self.hinted.emit(hint)

    @property
    def words_of_hint(self) -> LiveText:
        """What is said beside the desk's title now."""
        return self._hint

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


@dataclass(frozen=True, slots=True)
class DeskTab:
    """A tab of the window: message id, icon, how its view is made on first show, and which codes open it.

    `prefixes` are the letters of our own codes; `claims` knows other codes by their pattern (the store's receipts).
    It is for those who have one of `roles`. `approves`: the badge of waiting approvals opens it. `troubles` tells what
    stands in its way (a rule book that cannot be read); whoever signs in hears of it. `late` returns what should have
    been seen to there by a moment in the store's time; the rail bears its number.
    """

    name: str
    icon: str
    make_view: Callable[[ViewContext], View]
    prefixes: tuple[str, ...] = ()
    claims: Callable[[str], bool] | None = None
    approves: bool = False
    roles: Set[Role] = AT_THE_COUNTER
    troubles: Callable[[Session], Sequence[CounterError]] | None = None
    late: Callable[[Session, dt.datetime], Sequence[Late]] | None = None

    def is_for(self, text: str, ours: bool) -> bool:
        """Tell whether the code `text` opens this desk; `ours` where it is a sound code of our own."""
        if ours and text[:2] in self.prefixes:
            return True
        return self.claims is not None and self.claims(text)
