"""The window: sign-in, rail of desks, the bars, one view at a time, one dialog and one banner over it."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from counterapp import words
from counterapp.core.actor import Clock, system_clock
from counterapp.core.codes import is_code
from counterapp.ui import theme
from counterapp.ui.bars import BottomBar, Device, TopBar
from counterapp.ui.dialog import DialogStack
from counterapp.ui.live_text import LiveText
from counterapp.ui.messages import Banner, BugDialog, Messages
from counterapp.ui.rail import Rail
from counterapp.ui.router import Router
from counterapp.ui.shortcuts import key_name
from counterapp.ui.shortcuts_dialog import ShortcutsDialog
from counterapp.ui.signin import SignIn
from counterapp.ui.theme import Meaning
from counterapp.ui.view import DeskTab, Outcome, View, ViewContext
from counterapp.ui.widgets.panels import EmptyState
from counterapp.words import _

_TICK_MS: Final = 5000


class Window(QWidget):
    """The program's one window. It knows neither database nor desks: the composition root gives and answers.

    `sign_in_asked(who, pin)`: prove it, then `admit` or `refuse`. `identified(who)`: the name may be shown early with
    `greet`. `approvals_asked()`: the badge of waiting approvals was pressed; `papers_asked()`: the papers to see to.
    `locked()`.
    """

    sign_in_asked = Signal(str, str)
    identified = Signal(str)
    approvals_asked = Signal()
    papers_asked = Signal()
    locked = Signal()

    def __init__(self, clock: Clock = system_clock, zone: ZoneInfo = ZoneInfo("Asia/Shanghai")) -> None:  # noqa: B008
        super().__init__()
        self._clock, self._zone = clock, zone
        self._desks: Sequence[DeskTab] = ()
        self._views: dict[str, View] = {}
        self._current: DeskTab | None = None
        #: The desk that led to the one that is shown, and comes back when that one has finished.
        self._led_from: DeskTab | None = None
        #: The desk that was shown when the screen was locked, until somebody comes who has it.
        self._left: DeskTab | None = None
        self._workspace: _WorkspaceWidget | None = None
        self._devices: Sequence[Device] = ()
        self._station: LiveText = ""
        self._work: LiveText = ""
        self._waiting = 0
        self.setMinimumSize(1024, 640)
        self.resize(1366, 768)
        self._pages = QStackedWidget()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self._sign_in = SignIn()
        self._sign_in.submitted.connect(self._on_submitted)
        self._sign_in.identified.connect(self.identified)
        self._sign_in.language_asked.connect(self.switch_language)
        self._pages.addWidget(self._sign_in)
        self.messages = Messages(self)
        self.dialogs = DialogStack(self)
        self.router = Router(self.messages, self.dialogs, self, clock)
        self.banner = Banner(self)
        self.messages.said.connect(self.banner.show_message)
        self.messages.cleared.connect(self.banner.hide)
        self.messages.bug_met.connect(self._on_bug_met)
        self.router.badge_met.connect(self._on_badge_met)
        self._ticking = QTimer(self)
        self._ticking.setInterval(_TICK_MS)
        self._ticking.timeout.connect(self._show_time)
        self._speak()
        self._sign_in.setFocus()

    @property
    def context(self) -> ViewContext:
        """What every view is given."""
        return ViewContext(self.messages, self.dialogs, self.router)

    @property
    def sign_in(self) -> SignIn | None:
        """The sign-in screen while nobody is signed in."""
        return self._sign_in if self._pages.currentWidget() is self._sign_in else None

    @property
    def desks(self) -> Sequence[DeskTab]:
        """The desks of the person who is signed in."""
        return self._desks

    @property
    def current_desk(self) -> DeskTab | None:
        """The desk that is shown."""
        return self._current

    @property
    def current_view(self) -> View | None:
        """The view that is shown."""
        return self._views.get(self._current.name) if self._current else None

    def set_store(self, store: LiveText, station: LiveText) -> None:
        """Say which store and station this is."""
        self._station = station
        self._sign_in.set_store(store, station)
        if self._workspace:
            self._workspace.bottom.show_station(station)

    def set_devices(self, devices: Sequence[Device]) -> None:
        """Say how devices and database are."""
        self._devices = devices
        if self._workspace:
            self._workspace.bottom.show_devices(devices)

    def set_work(self, words: LiveText) -> None:
        """Say what goes on in the background, and how far it is; "" for nothing."""
        self._work = words
        if self._workspace:
            self._workspace.bottom.show_work(words)

    def set_waiting(self, count: int) -> None:
        """Say how many approvals wait for a signature."""
        self._waiting = count
        if self._workspace:
            self._workspace.top.show_waiting(count)

    def set_late(self, late: Mapping[str, int]) -> None:
        """Say how much is late at each desk, by the desk's name."""
        if self._workspace:
            self._workspace.rail.show_late(late)

    def set_scanning(self, meaning: Meaning, sentence: LiveText) -> None:
        """Say at the scan line whether a scan is welcome."""
        self._build_workspace().top.scan_line.show_state(meaning, sentence)

    def greet(self, name: str) -> None:
        """Show on the sign-in screen whose badge or number it is."""
        self._sign_in.greet(name)

    def refuse(self, sentence: LiveText) -> None:
        """Say why nobody was let in."""
        self._sign_in.refuse(sentence)

    def admit(self, person: LiveText, desks: Sequence[DeskTab]) -> None:
        """Let somebody in: `person` in words ("王丽  客服员 6012"), and the desks they may use.

        Whoever comes back, or takes over, finds the view that was open, as it was left, and the dialogs over it.
        Whoever does not have that desk sees neither: they wait for the next one who has.
        """
        workspace = self._build_workspace()
        self._desks = desks
        workspace.top.show_person(person)
        workspace.rail.show_desks(desks)
        self._pages.setCurrentWidget(workspace)
        self._show_time()
        self._ticking.start()
        left, led_from = self._left or self._current, self._led_from
        kept = next((desk for desk in desks if left and desk.name == left.name), None)
        if kept or desks:
            self.show_desk(kept or desks[0])
            self._led_from = led_from if kept and led_from in desks else None
        else:
            self._current = None
            workspace.show_nothing()
        self.messages.clear()
        if kept or left is None:
            self._left = None
            self.dialogs.bring_back()

    def lock(self, why: LiveText | None = None) -> None:
        """Ask for a sign-in; whatever is half done stays as it is behind it."""
        if self.sign_in is not None:
            return
        self.dialogs.put_away()
        self._left = self._left or self._current
        self.messages.clear()
        self._sign_in.say_why(why or (lambda: _("The screen is locked. Everything is as it was left.")))
        self._sign_in.reset()
        self._pages.setCurrentWidget(self._sign_in)
        self._sign_in.setFocus()
        self._ticking.stop()
        self.locked.emit()

    def show_desk(self, desk: DeskTab) -> View:
        """Show a desk; its view is built if this is the first time."""
        workspace = self._build_workspace()
        view = self._views.get(desk.name)
        if view is None:
            view = desk.make_view(self.context)
            view.hinted.connect(lambda hint: self._on_hinted(desk, hint))
            view.finished.connect(lambda outcome: self._on_finished(desk, outcome))
            self._views[desk.name] = view
            workspace.views.addWidget(view)
        self._current, self._led_from = desk, None
        workspace.rail.light(desk)
        workspace.views.setCurrentWidget(view)
        workspace.top.show_desk(lambda: _(view.title), view.words_of_hint)
        view.activated()
        return view

    def desk_name_for(self, code: str) -> str | None:
        """Return the name of the desk that `code` opens for whoever is signed in, None where it opens none."""
        desk = self._desk_for(code)
        return desk.name if desk is not None else None

    def show_desk_for(self, code: str, *, leads_back: bool = False) -> View | None:
        """Show the desk that `code` opens, and return its view; None where it opens none. Where it `leads_back`, the
        desk that is shown now comes back when that one has finished.
        """
        desk, current = self._desk_for(code), self._current
        if desk is None:
            return None
        view = self.show_desk(desk)
        self._led_from = current if leads_back and current is not desk else None
        return view

    def switch_language(self) -> None:
        """Change between Chinese and English, while everything stays where it is."""
        code: words.Language = "en" if words.current() == "zh" else "zh"
        words.use(code)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.speak(app, code)
        QApplication.sendEvent(self, QEvent(QEvent.Type.LanguageChange))

    def press(self, key: str) -> bool:
        """Take a key that the focus left over: for the banner, sign-in, sheet, the window itself, or the view."""
        if key == "Esc" and self.banner.isVisible():
            self.banner.hide()
            return True
        if key == "F12":
            self.switch_language()
            return True
        if key == "Ctrl+L":
            self.lock()
            return True
        if key == "F1" and self.sign_in is None:
            self._show_keys()
            return True
        over_all = self.dialogs.current or self.sign_in
        if over_all is not None:
            return over_all.press(key)
        own = self._own_keys().get(key)
        if own is not None:
            own[1]()
            return True
        return self.current_view is not None and self.current_view.press(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = key_name(event)
        if not key or not self.press(key):
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()

    def _build_workspace(self) -> _WorkspaceWidget:
        """Build what is behind the sign-in: after the first paint, for that is of the sign-in alone."""
        if self._workspace is None:
            workspace = self._workspace = _WorkspaceWidget()
            workspace.rail.chosen.connect(self.show_desk)
            workspace.top.approvals_asked.connect(self.approvals_asked)
            workspace.top.lock_asked.connect(self.lock)
            workspace.top.scan_line.typed.connect(self.router.route_text)
            workspace.top.scan_line.left.connect(self._on_scan_line_left)
            workspace.bottom.show_station(self._station)
            workspace.bottom.show_devices(self._devices)
            workspace.bottom.show_work(self._work)
            workspace.top.show_waiting(self._waiting)
            self._pages.addWidget(workspace)
        return self._workspace

    def _desk_for(self, code: str) -> DeskTab | None:
        ours = is_code(code)
        return next((desk for desk in self._desks if desk.is_for(code, ours)), None)

    def _own_keys(self) -> dict[str, tuple[str, Callable[[], object]]]:
        keys: dict[str, tuple[str, Callable[[], object]]] = {
            "F2": (_("Type a number instead of scanning it"), self._build_workspace().top.scan_line.open),
            "Ctrl+P": (_("Papers that did not come out"), self.papers_asked.emit),
            "Ctrl+L": (_("Lock, or let somebody else sign in"), self.lock),
        }
        for digit, desk in zip("1234567890", self._desks, strict=False):
            keys[f"Ctrl+{digit}"] = (_(desk.name), functools.partial(self.show_desk, desk))
        return keys

    def _show_keys(self) -> None:
        if isinstance(self.dialogs.current, ShortcutsDialog):
            self.dialogs.current.close_dialog()
            return
        here = self.dialogs.current or self.current_view
        everywhere = [("F1", _("These keys")), *((key, named[0]) for key, named in self._own_keys().items())]
        everywhere.append(("F12", _("Chinese or English")))
        self.dialogs.open(ShortcutsDialog(here.keys() if here else [], everywhere), urgent=True)

    def _speak(self) -> None:
        self.setWindowTitle(_("Service counter"))

    def _show_time(self) -> None:
        if self._workspace:
            now: dt.datetime = self._clock().astimezone(self._zone)
            self._workspace.top.show_time(f"{now:%H:%M}")

    def _on_hinted(self, desk: DeskTab, hint: LiveText) -> None:
        if self._current is desk and self._workspace:
            self._workspace.top.show_hint(hint)

    def _on_finished(self, desk: DeskTab, outcome: Outcome | None) -> None:
        led_from = self._led_from
        if led_from is not None and self._current is not None and self._current.name == desk.name:
            self.show_desk(led_from).came_back(outcome)

    def _on_submitted(self, who: str, pin: str) -> None:
        self.sign_in_asked.emit(who, pin)

    def _on_badge_met(self, badge: str) -> None:
        self.lock(lambda: _("Sign in to take over. What is open stays as it is."))
        self._sign_in.signature.row.take_badge(badge)

    def _on_bug_met(self, details: str) -> None:
        self.dialogs.open(BugDialog(details), urgent=True)

    def _on_scan_line_left(self) -> None:
        if self.current_view is not None and self.dialogs.current is None:
            self.current_view.activated()


class _WorkspaceWidget(QWidget):
    """All that is behind the sign-in: rail, bars, views."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("backdrop")
        self.rail = Rail()
        self.top = TopBar()
        self.bottom = BottomBar()
        self.views = QStackedWidget()
        self.views.setContentsMargins(theme.px(20), theme.px(16), theme.px(20), theme.px(16))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.rail)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.views, 1)
        column.addWidget(self.bottom)
        line.addLayout(column, 1)

    def show_nothing(self) -> None:
        """Say that this person has no desk, and what to do."""
        empty = EmptyState(
            "store", lambda: _("No desk is open to you"), lambda: _("Ask IT which desks belong to your role.")
        )
        self.views.addWidget(empty)
        self.views.setCurrentWidget(empty)
        self.top.show_desk("", "")
