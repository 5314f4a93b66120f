"""The bag check desk: a deposit is one key, a collection is one scan."""

from __future__ import annotations

from collections import Counter as Tally
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from counterapp.core.actor import Actor, Signer
from counterapp.core.codes import looks_like_code
from counterapp.core.store_settings import BagCheckSettings
from counterapp.desks.bagcheck.models import CUSTOMER_LETTERS, LOCKER_LETTERS
from counterapp.desks.bagcheck.rules import COLLECTED, VOID, WAITING, Size
from counterapp.desks.bagcheck.services import collecting, locker_setup
from counterapp.desks.bagcheck.services.collecting import Alarm, DepositDetails, FreeTag, LockersPiece, Scanned
from counterapp.desks.bagcheck.services.figures import LockerOnMap, LockerStatus, in_force, locker_map
from counterapp.desks.bagcheck.view.asking import closing_dialog
from counterapp.desks.bagcheck.view.day import Day
from counterapp.desks.bagcheck.view.deposit_flow import DepositFlow, InLocker, dropped_picture
from counterapp.desks.bagcheck.view.lost_token_flow import LostTokenFlow
from counterapp.desks.bagcheck.view.map_card import MapCard
from counterapp.desks.bagcheck.view.panel import Panel
from counterapp.desks.bagcheck.view.photos import Photos, picture_of
from counterapp.desks.bagcheck.view.release_flow import ReleaseFlow
from counterapp.desks.bagcheck.view.texts import OPEN_LOSS
from counterapp.errors import Overtaken
from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
from counterapp.ui.command_queue import CommandQueue
from counterapp.ui.live_text import LiveText
from counterapp.ui.polling import Poller
from counterapp.ui.requests import Requests
from counterapp.ui.signature_flow import SignatureFlow
from counterapp.ui.theme import Meaning
from counterapp.ui.view import View, ViewContext
from counterapp.words import N_, _
from counterapp.work import StoreClient

#: How often the map is read, in milliseconds.
_EVERY: Final = 3_000
#: How long after a command: its slips go to the printer first, and the number fills the panel without the map.
_AFTER: Final = 80
_ARROWS: Final = frozenset({"Up", "Down", "Left", "Right"})


class BagCheckView(View):
    """The screen of bag check. What lies on it is a deposit begun, one to give back, or a locker of the map."""

    title = N_("Bag check")
    hint = N_("Scan the token to collect, one key to deposit")
    icon = "luggage"
    prefixes = (CUSTOMER_LETTERS, LOCKER_LETTERS)

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        super().__init__(context)
        self._client = client
        self._shown: InLocker | DepositDetails | LockerOnMap | None = None
        self._tags = client.store is not None and client.store.bagcheck.tokens == "tags"
        self.setAcceptDrops(True)
        self._requests = Requests(context, client, self)
        self._queue = CommandQueue(client, self)
        self._queue.refused.connect(context.messages.tell)
        self._signing = SignatureFlow(context, client, self)
        self._signing.moved_on.connect(self._read_again)
        self._photos = Photos(self)
        self._releasing = ReleaseFlow(context, client, self._queue, self._signing, self)
        self._releasing.read.connect(self._put)
        self._releasing.decided.connect(self._read_again)
        self._releasing.voided.connect(self._on_voided)
        self._depositing = DepositFlow(context, self._queue, self._photos, self)
        self._depositing.taken.connect(self._on_taken)
        self._depositing.pictured.connect(self._on_pictured)
        self._lost_token = LostTokenFlow(context, client, self._signing, self._photos, self)
        self._lost_token.changed.connect(self._read_again)
        self._lost_token.collected.connect(self._on_collected)
        self._day = Day(context, client, self._signing, self)
        self._day.loss_asked.connect(self._lost_token.open)
        self._day.release_asked.connect(self._releasing.sign)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(16))
        self._map = MapCard(client)
        self._panel = Panel()
        line.addWidget(self._map, 1)
        line.addWidget(self._panel)
        # Of the store's settings too, so that a change of them shows without a new sign-in.
        self._poller = Poller(client, self, _read_map, _EVERY, after=_AFTER)
        self._poller.arrived.connect(lambda read: self._on_map(*read))
        self._poller.follow(self)
        self._connect()
        self._show_stock()

    def take_scan(self, scan: Scan) -> bool:
        text = scan.text
        if not looks_like_code(text) or text[:2] not in self.prefixes:
            return False
        self._panel.describe.flush()
        self._queue.read(
            lambda session, actor: collecting.find_by_code(session, actor, text),
            lambda found: self._on_found(text, found),
            lambda error: self._on_not_found(text, error),
        )
        return True

    def activated(self) -> None:
        self._focus_map()
        self._show_stock()
        self._poller.read()

    def retranslate(self) -> None:
        self._panel.speak()
        self._map.speak()

    def keys(self) -> list[tuple[str, str]]:
        return [("← ↑ ↓ →", _("Another locker")), *super().keys()]

    def press(self, key: str) -> bool:
        if key in _ARROWS:
            # While something is to be given back, Enter is for that and for nothing else.
            if not isinstance(self._shown, DepositDetails):
                self._focus_map()
                self._map.map.step(key)
        elif key == "Enter":
            self._queue.then(self._go_on)
        else:
            return super().press(key)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let a key that is held down do its work once: nobody fills ten lockers with one finger."""
        arrows = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right}
        if not event.isAutoRepeat() or event.key() in arrows:
            event.ignore()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if isinstance(self._shown, InLocker) and dropped_picture(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_picture(event)
        if path is not None and isinstance(self._shown, InLocker):
            self._depositing.keep_photo(path)

    def _connect(self) -> None:
        self._map.picked.connect(lambda number: self._queue.then(lambda: self._open_locker(number)))
        self._map.day_asked.connect(self._day.ask)
        panel = self._panel
        panel.size_chosen.connect(self._deposit)
        panel.went_on.connect(lambda: self._queue.then(self._go_on))
        panel.left.connect(lambda: self._queue.then(self._clear))
        panel.lost_asked.connect(lambda: self._queue.then(self._lose))
        panel.void_asked.connect(lambda: self._queue.then(self._void))
        panel.use_asked.connect(lambda: self._queue.then(self._change_use))
        panel.photo_asked.connect(self._depositing.ask_photo)
        panel.valuables_refused.connect(self._depositing.refuse_valuables)
        panel.describe.described.connect(self._depositing.describe)
        panel.describe.left.connect(self._focus_map)

    @property
    def _person(self) -> Signer | None:
        actor = self._requests.actor
        return actor.person if actor is not None else None

    def _deposit(self, size: Size) -> None:
        self._panel.describe.flush()
        self._depositing.deposit(size)

    def _on_taken(self, begun: InLocker) -> None:
        self._panel.describe.show_matter(1, "")
        self._put(begun)

    def _on_pictured(self, picture: QImage | None) -> None:
        if isinstance(self._shown, InLocker) and self._depositing.last is not None:
            self._put(self._depositing.last)
            self._panel.show_photo(picture)

    def _on_found(self, code: str, found: Scanned) -> None:
        match found:
            case DepositDetails():
                self._put(found)
            case LockersPiece():
                self._on_lockers_piece(code, found)
            case FreeTag() if self._tags:
                self._depositing.deposit_with_tag(found.code)
            case FreeTag():
                sentence = N_("Tag {number} has no deposit. Hang it back where it belongs.")
                self.context.messages.say(lambda: _(sentence).format(number=found.number), Meaning.REFUSED)
            case Alarm():
                self._clear()
                self._lost_token.sound(found)

    def _on_not_found(self, code: str, error: BaseException) -> None:
        # A token that is refused leaves no number on the screen that somebody could take for its own.
        if code.startswith(CUSTOMER_LETTERS) and self._shown is not None:
            self._clear()
        self.context.messages.tell(error)

    def _on_lockers_piece(self, code: str, piece: LockersPiece) -> None:
        if isinstance(self._shown, DepositDetails):
            self._collect(self._shown, code)
            return
        self._open_locker(piece.locker)
        said = N_("This is the locker's piece of locker {number}. Scan the customer's; if it is lost, press F9.")
        self.context.messages.say(lambda: _(said).format(number=piece.locker), Meaning.MISSING)

    def _go_on(self) -> None:
        """Take the one next step of what lies on the desk."""
        match self._shown:
            case DepositDetails(state=state, id=deposit_id) if state in OPEN_LOSS:
                self._lost_token.open(deposit_id)
            case DepositDetails(overnight=True, released=False) as deposit:
                self._releasing.ask(deposit)
            case DepositDetails() as deposit:
                self._collect(deposit)
            case LockerOnMap(state=state, deposit_id=int(deposit_id)) if state in OPEN_LOSS:
                self._lost_token.open(deposit_id)
            case LockerOnMap(state=state, deposit_id=int(deposit_id)) if state == WAITING:
                self._releasing.sign(deposit_id)
            case _:
                self._open_locker(self._map.map.cursor_number)

    def _collect(self, deposit: DepositDetails, locker_code: str | None = None) -> None:
        def failed(error: BaseException) -> None:
            self.context.messages.tell(error)
            if isinstance(error, Overtaken):
                self._read_again()

        self._queue.command(
            "bagcheck.collect",
            lambda session, actor: collecting.collect(session, actor, deposit.id, deposit.revision, locker_code),
            lambda _nothing: self._on_collected(deposit.locker),
            failed,
        )

    def _on_collected(self, locker: str) -> None:
        self._clear(
            lambda: _("Locker {number} is given out").format(number=locker),
            lambda: _("Ask the customer to check their things."),
        )

    def _open_locker(self, number: str) -> None:
        locker = self._map.map.locker(number)
        if locker is not None:
            self._put(locker)

    def _lose(self) -> None:
        match self._shown:
            case DepositDetails(id=deposit_id) | LockerOnMap(deposit_id=int(deposit_id)):
                self._lost_token.open(deposit_id)

    def _void(self) -> None:
        match self._shown:
            case InLocker(id=deposit_id) | LockerOnMap(deposit_id=int(deposit_id)):
                self._releasing.void(deposit_id)

    def _on_voided(self, deposit: DepositDetails) -> None:
        self._clear(
            lambda: _("The deposit in locker {number} is void").format(number=deposit.locker),
            lambda: _("Its slips open nothing any more. Throw them away."),
        )

    def _change_use(self) -> None:
        locker = self._shown
        if not isinstance(locker, LockerOnMap):
            return
        number = locker.number
        if locker.status is LockerStatus.OUT_OF_USE:
            self._queue.command(
                "bagcheck.put_back_in_use",
                lambda session, actor: locker_setup.put_back_in_use(session, actor, number),
                lambda _nothing: self._clear(lambda: _("Locker {number} is in use again").format(number=number)),
            )
            return
        dialog = closing_dialog(number)
        dialog.given.connect(
            lambda reason: self._requests.command(
                "bagcheck.take_out_of_use",
                lambda session, actor: locker_setup.take_out_of_use(session, actor, number, reason),
                lambda _nothing: self._clear(
                    lambda: _("Locker {number} is out of use").format(number=number), reason, Meaning.MISSING
                ),
                dialog,
            )
        )
        self.context.dialogs.open(dialog)

    def _put(self, shown: InLocker | DepositDetails | LockerOnMap) -> None:
        self._shown = shown
        panel, here = self._panel, self._map.map
        match shown:
            case InLocker():
                locker = here.locker(shown.locker)
                place = locker.place if locker is not None else ""
                panel.show_taken(shown.locker, place, shown.prints, shown.has_photo)
                here.show_number(shown.locker)
            case DepositDetails():
                panel.show_deposit(shown, self._client.zone)
                here.show_number(shown.locker)
                if shown.has_photo and shown.pieces is not None:
                    self._show_photo_of(shown.id)
            case LockerOnMap():
                panel.show_locker(shown, self._client.clock(), self._client.zone, self._person)
                here.show_number("")
        if not isinstance(shown, LockerOnMap):
            here.point_at("")
            if not self._panel.describe.isAncestorOf(self.focusWidget() or self):
                self._focus_map()
        self._show_hint()

    def _clear(self, said: LiveText = "", small: LiveText = "", meaning: Meaning = Meaning.ALLOWED) -> None:
        self._panel.describe.flush()
        self._shown = None
        self._panel.show_empty(said, small, meaning)
        self._map.map.show_number("")
        self._map.map.point_at("")
        self._focus_map()
        self._show_hint()

    def _focus_map(self) -> None:
        """Let the keys go to the map, unless a dialog has them."""
        if self.context.dialogs.current is None:
            self._map.map.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_hint(self) -> None:
        if isinstance(self._shown, DepositDetails):
            self.set_hint(lambda: _("Scan the locker's piece, or press Enter"))
        else:
            self.set_hint(lambda: _(self.hint))

    def _show_photo_of(self, deposit_id: int) -> None:
        def shown(picture: QImage | None) -> None:
            if isinstance(self._shown, DepositDetails) and self._shown.id == deposit_id:
                self._panel.show_photo(picture)

        self._requests.read(lambda session, actor: picture_of(collecting.photo_of(session, actor, deposit_id)), shown)

    def _read_again(self) -> None:
        deposit = self._shown
        if isinstance(deposit, DepositDetails):
            self._queue.read(lambda session, actor: collecting.get_deposit(session, actor, deposit.id), self._on_read)
        else:
            self._poller.read()

    def _on_read(self, deposit: DepositDetails) -> None:
        if not isinstance(self._shown, DepositDetails) or self._shown.id != deposit.id:
            return
        if deposit.state in {COLLECTED, VOID}:
            self._clear(lambda: _("Locker {number} is settled at another station").format(number=deposit.locker))
        elif deposit != self._shown:
            self._put(deposit)

    def _on_map(self, lockers: tuple[LockerOnMap, ...], settings: BagCheckSettings) -> None:
        tags = settings.tokens == "tags"
        if lockers != self._map.map.lockers or tags is not self._tags:
            self._tags = tags
            self._map.show_lockers(lockers)
            self._show_stock()
        else:
            self._map.map.update()  # how long each is taken
        if self._queue.is_idle:
            self._follow()

    def _follow(self) -> None:
        """Show what other stations did to what lies on the desk."""
        match self._shown:
            case LockerOnMap(number=number) as shown:
                now = self._map.map.locker(number)
                if now is not None and now != shown:
                    self._put(now)
            case DepositDetails(id=deposit_id, revision=revision, locker=number):
                now = self._map.map.locker(number)
                if now is not None and (now.deposit_id, now.revision) != (deposit_id, revision):
                    self._read_again()

    def _show_stock(self) -> None:
        free = Tally(one.size for one in self._map.map.lockers if one.status is LockerStatus.FREE)
        self._panel.show_stock(free, self._tags)


def _read_map(session: Any, actor: Actor) -> tuple[tuple[LockerOnMap, ...], BagCheckSettings]:
    return locker_map(session, actor), in_force(session)
