"""The right part of the desk: the number that fills it, what it is about, and the keys of what can be done now."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout

from counterapp import words
from counterapp.core.actor import APPROVERS, Signer
from counterapp.desks.bagcheck.rules import STORED, WAITING, Size
from counterapp.desks.bagcheck.services.collecting import DepositDetails
from counterapp.desks.bagcheck.services.figures import LockerOnMap, LockerStatus
from counterapp.desks.bagcheck.view.describing import DescribeRow
from counterapp.desks.bagcheck.view.photos import show_picture
from counterapp.desks.bagcheck.view.size_key import SizeKey
from counterapp.desks.bagcheck.view.texts import (
    OPEN_LOSS,
    matter_words,
    nights_words,
    size_words,
    stay_words,
    step_words,
)
from counterapp.ui import theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Card, Chip, EmptyState, KeyButton, Kind, Role, Text, VerdictPanel, dotted
from counterapp.ui.widgets.bigtext import BigText
from counterapp.words import _

_WIDTH: Final = {"zh": 464, "en": 484}
_PHOTO: Final = 112
KEYS: Final[Mapping[Size, str]] = {Size.SMALL: "F5", Size.MEDIUM: "F6", Size.LARGE: "F7"}


class Panel(Card):
    """Shows one thing: nothing, a deposit just begun, one to be given back, or a locker of the map.

    `size_chosen(Size)`; `went_on()` by Enter; `left()` by Esc; `lost_asked()`; `void_asked()`;
    `use_asked()` to take a locker out of use or back; `photo_asked()`; `valuables_refused()`.
    """

    size_chosen = Signal(object)
    went_on = Signal()
    left = Signal()
    lost_asked = Signal()
    void_asked = Signal()
    use_asked = Signal()
    photo_asked = Signal()
    valuables_refused = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = Text("", Role.HEADING)
        self.body.addWidget(self._title)
        self.result = VerdictPanel()
        self.body.addWidget(self.result)
        self._middle = QStackedLayout()
        self._empty = EmptyState("luggage", "", "")
        self.number = BigText(300)
        # A place first: what a stack shows before it has one becomes a window of its own.
        self.body.addLayout(self._middle, 1)
        self._middle.addWidget(self._empty)
        self._middle.addWidget(self.number)
        self._photo = QLabel()
        self._photo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self._photo)
        self._matter = Text("", Role.HEADING, wrap=True)
        self._hint = Text("", Role.LABEL, wrap=True)
        for text in (self._matter, self._hint):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.body.addWidget(text)
        self.describe = DescribeRow()
        self.body.addWidget(self.describe)
        self.primary = KeyButton("", "Enter", Kind.PRIMARY)
        self.primary.clicked.connect(self.went_on)
        self.body.addWidget(self.primary)
        self.body.addLayout(self._make_row())
        self.body.addLayout(self._make_foot())
        self.speak()
        self.show_empty()

    def speak(self) -> None:
        """Be as wide as the words need."""
        self.setFixedWidth(theme.px(_WIDTH[words.current()]))

    def show_stock(self, free: Mapping[Size, int], tags: bool) -> None:
        """Show how many lockers of each size are free; where the store has plastic tags no key takes one."""
        for size, key in self._sizes.items():
            key.show_free(free.get(size, 0))
            key.setVisible(not tags)
        self._how.say(
            (lambda: _("Deposit: scan the tag of a free locker")) if tags else (lambda: _("Deposit: one key"))
        )
        self._empty.say(
            lambda: _("Scan the token to collect"),
            (lambda: _("To deposit, scan the tag of a free locker."))
            if tags
            else (lambda: _("To deposit, press the key of the size.")),
        )

    def show_empty(self, said: LiveText = "", small: LiveText = "", meaning: Meaning = Meaning.ALLOWED) -> None:
        """Show that nothing lies on the desk; `said` is what came of the last thing."""
        with self._at_once():
            self._title.say(lambda: _("Collect or deposit"))
            self._middle.setCurrentWidget(self._empty)
            self.number.show_text("")
            self._say("", "")
            self.result.setVisible(bool(said))
            if said:
                self.result.show_verdict(meaning, said, small)
            self._offer()

    def show_taken(self, locker: str, place: str, prints: bool, has_photo: bool = False) -> None:
        """Show the locker that was just taken, in which the things go."""
        with self._at_once():
            self._begin(lambda: _("Deposit • token {number}").format(number=locker), locker, "allowed")
            self._say(
                lambda: _("Put it into locker {number}").format(number=locker),
                lambda: dotted(
                    place,
                    _("both slips are printing") if prints else _("tag to the customer"),
                    _("photo kept") if has_photo else "",
                ),
            )
            self._offer(
                left=lambda: _("Done"),
                void=lambda: _("Mistake: void"),
                photo=lambda: _("Another photo") if has_photo else _("Photo"),
                describes=True,
            )

    def show_deposit(self, deposit: DepositDetails, zone: dt.tzinfo) -> None:
        """Show a deposit that is to be given back: the number first."""
        with self._at_once():
            self._begin(lambda: _("Collect • token {number}").format(number=deposit.locker), deposit.locker)
            matter, hint, go_on = _next_step(deposit)
            self._say(
                lambda: matter_words(deposit, zone) if deposit.pieces is not None else matter(),
                lambda: dotted(deposit.place, hint()),
            )
            lost = deposit.state == STORED
            self._offer(
                primary=go_on,
                left=lambda: _("Not this one"),
                lost=(lambda: _("Token lost")) if lost else "",
            )

    def show_locker(self, locker: LockerOnMap, now: dt.datetime, zone: dt.tzinfo, person: Signer | None) -> None:
        """Show a locker of the map: how it stands and how long, never what is in it."""
        with self._at_once():
            free = locker.deposit_id is None
            self._begin(
                lambda: _("Locker {number}").format(number=locker.number),
                locker.number,
                "quiet" if locker.status is LockerStatus.FREE else "text",
            )
            self._say(
                lambda: stay_words(locker, now, zone),
                lambda: dotted(
                    locker.place, size_words(locker.size), "" if free else _("only with the customer's token")
                ),
            )
            approver = person is not None and person.role in APPROVERS
            use: LiveText = ""
            if free and approver:
                closed = locker.status is LockerStatus.OUT_OF_USE
                use = (lambda: _("Back in use")) if closed else (lambda: _("Take out of use"))
            self._offer(
                primary=_go_on_from_map(locker),
                left=lambda: _("Close"),
                lost=(lambda: _("Token lost")) if locker.state == STORED else "",
                void=(lambda: _("Mistake: void")) if locker.state == STORED else "",
                use=use,
            )

    def show_photo(self, picture: QImage | None) -> None:
        """Show the picture of the things, small; None for none."""
        show_picture(self._photo, picture, _PHOTO)

    @contextlib.contextmanager
    def _at_once(self) -> Iterator[None]:
        """Set the panel out once after all of its parts have changed: each that appears would do it by itself."""
        self.body.setEnabled(False)
        try:
            yield
        finally:
            self.body.setEnabled(True)
            self.body.activate()

    def _begin(self, title: LiveText, number: str, token: str = "accent") -> None:
        self._title.say(title)
        self.result.hide()
        self._middle.setCurrentWidget(self.number)
        self.number.show_text(number, token)

    def _say(self, matter: LiveText, hint: LiveText) -> None:
        self._matter.say(matter)
        self._hint.say(hint)
        for text in (self._matter, self._hint):
            text.setVisible(bool(text.text()))

    def _offer(
        self,
        primary: LiveText = "",
        left: LiveText = "",
        lost: LiveText = "",
        void: LiveText = "",
        use: LiveText = "",
        photo: LiveText = "",
        describes: bool = False,
    ) -> None:
        offered = (
            (self.primary, primary),
            (self._left, left),
            (self._lost, lost),
            (self._void, void),
            (self._use, use),
            (self._photo_key, photo),
        )
        for button, said in offered:
            button.setVisible(bool(said))
            if said:
                button.say(said)
        self.describe.setVisible(describes)
        self._photo.hide()

    def _make_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        self._left = KeyButton("", "Esc")
        self._left.clicked.connect(self.left)
        self._photo_key = KeyButton("", "F3")
        self._photo_key.clicked.connect(self.photo_asked)
        self._void = KeyButton("", "F8")
        self._void.clicked.connect(self.void_asked)
        self._use = KeyButton("", "F8")
        self._use.clicked.connect(self.use_asked)
        self._lost = KeyButton("", "F9")
        self._lost.clicked.connect(self.lost_asked)
        for button in (self._left, self._photo_key, self._void, self._use, self._lost):
            row.addWidget(button, 1)
        return row

    def _make_foot(self) -> QHBoxLayout:
        """The deposit is at hand whatever is shown: one key a size, and what is not taken in."""
        head = QHBoxLayout()
        self._how = Text("", Role.QUIET)
        head.addWidget(self._how)
        head.addStretch(1)
        head.addWidget(Chip(Meaning.MISSING, lambda: _("No valuables, please"), "ban"))
        refuse = KeyButton(lambda: _("Slip"), "F11", Kind.QUIET)
        refuse.setAccessibleDescription(_("Print that valuables are not taken in"))
        refuse.clicked.connect(self.valuables_refused)
        head.addWidget(refuse)
        self.body.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        self._sizes: dict[Size, SizeKey] = {}
        for size, key in KEYS.items():
            button = self._sizes[size] = SizeKey(size, key)
            button.clicked.connect(lambda _on=False, size=size: self.size_chosen.emit(size))
            row.addWidget(button, 1)
        return row


def _next_step(deposit: DepositDetails) -> tuple[Callable[[], str], Callable[[], str], LiveText]:
    """Return what a deposit is, what to do, and what Enter does."""
    if deposit.state in OPEN_LOSS:
        return (
            lambda: step_words(deposit.state),
            lambda: step_words(deposit.state) if deposit.pieces is not None else "",
            lambda: _("Go on with the lost token"),
        )
    if deposit.overnight and not deposit.released:
        if deposit.state == WAITING:
            return (
                lambda: "",
                lambda: _("Overnight, {nights}: waits for a supervisor").format(nights=nights_words(deposit.nights)),
                lambda: _("Open the signature"),
            )
        return (
            lambda: "",
            lambda: _("Overnight, {nights}: a supervisor signs first").format(nights=nights_words(deposit.nights)),
            lambda: _("Ask a supervisor to sign"),
        )
    return (
        lambda: "",
        lambda: _("Scan the locker's piece, or press Enter"),
        lambda: _("Collected"),
    )


def _go_on_from_map(locker: LockerOnMap) -> LiveText:
    if locker.state in OPEN_LOSS:
        return lambda: _("Go on with the lost token")
    if locker.state == WAITING:
        return lambda: _("Open the signature")
    return ""
