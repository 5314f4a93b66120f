"""Whatever is scanned goes to what it is: the open dialog, the view, the desk of its letters, or a named unknown."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

from counterapp.core.actor import Clock
from counterapp.core.codes import BADGE_LETTERS, grouped, is_code, looks_like_code
from counterapp.core.goods_codes import is_sound, looks_like_goods
from counterapp.errors import BadInput
from counterapp.hardware.scanner import Scan, checked
from counterapp.ui.dialog import DialogStack
from counterapp.ui.messages import Messages
from counterapp.ui.theme import Meaning
from counterapp.words import _

TYPED: Final = "typed"
_SHOWN: Final = 24


class ScanTarget(Protocol):
    """What takes scans: the sign-in screen, a view."""

    def take_scan(self, scan: Scan) -> bool:
        """Take a scan, or return False where it is not for here."""


class Workspace(Protocol):
    """What the router routes within: the window."""

    @property
    def sign_in(self) -> ScanTarget | None:
        """The sign-in screen while nobody is signed in."""

    @property
    def current_view(self) -> ScanTarget | None:
        """The view that is shown."""

    def desk_name_for(self, code: str) -> str | None:
        """Return the name (a message id) of the desk that `code` opens for whoever is signed in, None for no desk."""

    def show_desk_for(self, code: str, *, leads_back: bool = False) -> ScanTarget | None:
        """Show the desk that `code` opens, and return its view; None where it opens none. Where it `leads_back`, the
        desk that is shown now comes back when that one has finished.
        """


class Router(QObject):
    """Routes scans. `badge_met(str)`: a badge that nothing was waiting for."""

    badge_met = Signal(str)

    def __init__(self, messages: Messages, dialogs: DialogStack, workspace: Workspace, clock: Clock) -> None:
        super().__init__()
        self._messages = messages
        self._dialogs = dialogs
        self._workspace = workspace
        self._clock = clock

    def route_text(self, text: str) -> None:
        """Route what was typed into the scan line, or the code of another desk's case, as if it had been scanned."""
        try:
            self.route(Scan(checked(text.strip()), self._clock(), TYPED))
        except BadInput as error:
            self._messages.tell(error)

    def lead_to(self, code: str) -> None:
        """Open the case of this code at its desk; when that has finished with it, the present view comes back."""
        scan = Scan(code, self._clock(), TYPED)
        opened = self._workspace.show_desk_for(code, leads_back=True)
        if opened is None or not opened.take_scan(scan):
            self._say_unknown(scan)

    def route(self, scan: Scan) -> None:
        """Give `scan` to whoever it is for; say so where it is for nobody."""
        scan = _tidied(scan)
        self._messages.clear()
        sign_in = self._workspace.sign_in
        dialog = self._dialogs.current
        if dialog is not None:
            if not dialog.take_scan(scan):
                self._say(
                    _("{code} does not belong here. Finish this first, or close it with Esc, then scan again."), scan
                )
        elif sign_in is not None:
            if not sign_in.take_scan(scan):
                self._say(_("Nobody is signed in. Scan your badge first, then scan {code} again."), scan)
        elif not self._at_desks(scan):
            if _is_damaged(scan.text):
                self._say(_("{code} was read wrong or is damaged. Scan it again, or press F2 and type it."), scan)
            else:
                self._say_unknown(scan)

    def desk_name_for(self, code: str) -> str | None:
        """Return the name of the desk that `code` opens for whoever is signed in, None where it opens none."""
        return self._workspace.desk_name_for(code)

    def _at_desks(self, scan: Scan) -> bool:
        view = self._workspace.current_view
        if view is not None and view.take_scan(scan):
            return True
        if is_code(scan.text) and scan.text.startswith(BADGE_LETTERS):
            self.badge_met.emit(scan.text)
            return True
        opened = self._workspace.show_desk_for(scan.text)
        return opened is not None and opened is not view and opened.take_scan(scan)

    def _say_unknown(self, scan: Scan) -> None:
        self._say(_("{code} is not known here. Look at what was scanned, or press F2 and type the number."), scan)

    def _say(self, sentence: str, scan: Scan) -> None:
        code = grouped(scan.text) if looks_like_code(scan.text) else scan.text
        shown = code if len(code) <= _SHOWN else f"{code[:_SHOWN]}…"
        self._messages.say(sentence.format(code=shown), Meaning.REFUSED)


def _is_damaged(text: str) -> bool:
    """Whether the check digits of a code tell that it was read wrong."""
    if looks_like_code(text):
        return not is_code(text)
    return looks_like_goods(text) and not is_sound(text)


def _tidied(scan: Scan) -> Scan:
    """Our own codes may come in small letters (Caps Lock) or, typed from paper, in groups."""
    joined = "".join(scan.text.split()).upper()
    return replace(scan, text=joined if looks_like_code(joined) else scan.text.strip())
