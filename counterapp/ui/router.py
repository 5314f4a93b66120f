"""Whatever is scanned goes to what it is: the open sheet, the view, the desk of its letters, or a named unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import Clock
from counterapp.core.codes import grouped, is_code
from counterapp.core.goods_codes import is_sound, looks_like_goods
from counterapp.errors import BadInput
from counterapp.hardware.scanner import Scan, checked
from counterapp.ui.messages import Messages
from counterapp.ui.sheet import Sheets
from counterapp.ui.theme import Meaning
from counterapp.words import _

if TYPE_CHECKING:
    from counterapp.ui.signin import SignIn
    from counterapp.ui.view import Desk, View

#: The letters of staff badges (core.staff gives them out).
BADGE: Final = "ST"
TYPED: Final = "typed"
_OUR_SHAPE: Final = re.compile(r"[A-Z]{2}[0-9]{12}")
_SHOWN: Final = 24


class Floor(Protocol):
    """What the router walks on: the window."""

    @property
    def door(self) -> SignIn | None:
        """The sign-in screen while nobody is signed in."""

    @property
    def desks(self) -> Sequence[Desk]:
        """The desks of the person who is signed in."""

    @property
    def current_view(self) -> View | None:
        """The view that is shown."""

    def show_desk(self, desk: Desk) -> View:
        """Show a desk; its view is built if this is the first time."""


class Router(QObject):
    """Routes scans. `badge_met(str)`: a badge that nothing was waiting for."""

    badge_met = Signal(str)

    def __init__(self, messages: Messages, sheets: Sheets, floor: Floor, clock: Clock) -> None:
        super().__init__()
        self._messages = messages
        self._sheets = sheets
        self._floor = floor
        self._clock = clock

    def route_text(self, text: str) -> None:
        """Route what was typed into the scan line, or the code of another desk's case, as if it had been scanned."""
        try:
            self.route(Scan(checked(text.strip()), self._clock(), TYPED))
        except BadInput as error:
            self._messages.tell(error)

    def route(self, scan: Scan) -> None:
        """Give `scan` to whoever it is for; say so where it is for nobody."""
        scan = _tidied(scan)
        self._messages.clear()
        door = self._floor.door
        sheet = self._sheets.current
        if sheet is not None:
            if not sheet.take_scan(scan):
                self._say(
                    _("{code} does not belong here. Finish this first, or close it with Esc, then scan again."), scan
                )
        elif door is not None:
            if not door.take_scan(scan):
                self._say(_("Nobody is signed in. Scan your badge first, then scan {code} again."), scan)
        elif not self._at_desks(scan):
            if _is_damaged(scan.text):
                self._say(_("{code} was read wrong or is damaged. Scan it again, or press F2 and type it."), scan)
            else:
                self._say(
                    _("{code} is not known here. Look at what was scanned, or press F2 and type the number."), scan
                )

    def desk_for(self, text: str) -> Desk | None:
        """Return the desk of whoever is signed in that the code `text` opens, None where there is none."""
        ours = is_code(text)
        return next((desk for desk in self._floor.desks if desk.is_for(text, ours)), None)

    def _at_desks(self, scan: Scan) -> bool:
        view = self._floor.current_view
        if view is not None and view.take_scan(scan):
            return True
        ours = is_code(scan.text)
        if ours and scan.text.startswith(BADGE):
            self.badge_met.emit(scan.text)
            return True
        desk = self.desk_for(scan.text)
        if desk is None:
            return False
        opened = self._floor.show_desk(desk)
        return opened is not view and opened.take_scan(scan)

    def _say(self, sentence: str, scan: Scan) -> None:
        code = grouped(scan.text) if _OUR_SHAPE.fullmatch(scan.text) else scan.text
        shown = code if len(code) <= _SHOWN else f"{code[:_SHOWN]}…"
        self._messages.say(sentence.format(code=shown), Meaning.REFUSED)


def _is_damaged(text: str) -> bool:
    """Whether the check digits of a code tell that it was read wrong."""
    if _OUR_SHAPE.fullmatch(text):
        return not is_code(text)
    return looks_like_goods(text) and not is_sound(text)


def _tidied(scan: Scan) -> Scan:
    """Our own codes may come in small letters (Caps Lock) or, typed from paper, in groups."""
    joined = "".join(scan.text.split()).upper()
    return replace(scan, text=joined if _OUR_SHAPE.fullmatch(joined) else scan.text.strip())
