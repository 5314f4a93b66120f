"""Making a form void on the screen: which form, why, which parts lie there, and the second signature."""

from __future__ import annotations

import datetime as dt
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counterapp.core.actor import Signer
from counterapp.core.money import format_fen
from counterapp.desks.returns.services.details import ReturnDetails
from counterapp.desks.returns.services.voiding import PARTS, VoidMatter, void_form, void_matter
from counterapp.desks.returns.view.form_texts import good_ones, part_words
from counterapp.desks.returns.view.reprint import FormsDialog
from counterapp.return_forms.models import FROM_REST
from counterapp.return_forms.status import FormStatus
from counterapp.return_forms.texts import form_numbers
from counterapp.ui import theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.requests import Requests
from counterapp.ui.signature_fields import SignatureFields
from counterapp.ui.signature_flow import SignatureFlow, Signed, SigningDialog
from counterapp.ui.texts import day_words
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import Chip, Role, Row, Text, TextField, Tick
from counterapp.words import N_, _
from counterapp.work import StoreClient


class VoidDialog(SigningDialog):
    """A form before the two people who make it void; `person` is signed in. What is said: `reason`, `parts`, `note`."""

    not_signed = N_("It was not signed. Look at the form again before you sign.")

    def __init__(self, matter: VoidMatter, person: Signer, today: dt.date) -> None:
        number = form_numbers((matter.number,))
        super().__init__(
            lambda: _("Void: form No. {number}").format(number=number),
            lambda: _("{name}'s turn").format(name=matter.approver.name),
        )
        self.matter = matter
        self.body.addLayout(self._make_matter(matter, today))
        for meaning, words in _hints(matter, person):
            self.body.addWidget(Chip(meaning, words, "triangle-alert" if meaning is Meaning.MISSING else "info"))
        self._reason = TextField(lambda: _("Why the form becomes void"), 400)
        self.body.addWidget(Text(lambda: _("Which parts lie here, marked void?"), Role.LABEL))
        self._ticks = {part: Tick(partial(part_words, (part,)), str(part)) for part in PARTS}
        ticks = QHBoxLayout()
        ticks.setSpacing(theme.px(24))
        for tick in self._ticks.values():
            tick.clicked.connect(self._on_ticked)
            ticks.addWidget(tick, 1)
        self.body.addLayout(ticks)
        self._missing = Chip(Meaning.REFUSED, self._missing_words, "triangle-alert")
        self.body.addWidget(self._missing)
        self._note = TextField(lambda: _("Where the missing part is"), 200)
        self.body.addWidget(self._note)
        self.body.addWidget(self._reason)
        for field in (self._note, self._reason):
            field.textChanged.connect(self.show_ready)
        self.sign_with(
            SignatureFields(
                lambda: _("Scan the badge, type the PIN. The approver signs, or one of the same or a higher role."),
                lambda: _("Make it void"),
            )
        )
        self._show_missing(begun=False)

    @property
    def reason(self) -> str:
        """Why the form becomes void."""
        return self._reason.text().strip()

    @property
    def parts(self) -> tuple[int, ...]:
        """The parts that lie there."""
        return tuple(part for part, tick in self._ticks.items() if tick.isChecked())

    @property
    def note(self) -> str:
        """Where a missing part is; empty where none is missing."""
        return self._note.text().strip() if len(self.parts) < len(PARTS) else ""

    def opened(self) -> None:
        self.setFocus()  # the digits are keys of the parts

    def press(self, key: str) -> bool:
        if key != "Enter" or self.is_deciding or self.lacking() is None:
            return super().press(key)
        self.go_to_lacking()
        return True

    def go_to_lacking(self) -> None:
        if self.lacking() is not None:
            self._show_missing(begun=True)
        super().go_to_lacking()

    def _make_matter(self, matter: VoidMatter, today: dt.date) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.px(4))
        row = QHBoxLayout()
        row.addWidget(Text(lambda: _(", ").join(matter.goods), Role.HEADING, elide=True))
        row.addStretch(1)
        row.addWidget(Text(format_fen(matter.amount), Role.AMOUNT2))
        column.addLayout(row)
        said = N_("Made on {day} by {clerk} • approved by {approver}")
        clerk, approver = (one.name_and_number for one in (matter.clerk, matter.approver))
        column.addWidget(
            Text(
                lambda: _(said).format(day=day_words(matter.made_on, today), clerk=clerk, approver=approver), Role.QUIET
            )
        )
        return column

    def _missing_words(self) -> str:
        missing = [part for part in PARTS if part not in self.parts]
        said = _("{parts} is not here: money in somebody's hand. Say where it is.")
        return said.format(parts=part_words(missing))

    def lacking(self) -> tuple[LiveText, QWidget] | None:
        if len(self.parts) < len(PARTS) and not self.note:
            return (
                lambda: _("Tick the parts that lie here, keys 1 to 3, or say where the missing one is.")
            ), self._note
        if not self.reason:
            return (lambda: _("Write first why the form becomes void.")), self._reason
        return None

    def _show_missing(self, *, begun: bool) -> None:
        shown = begun and len(self.parts) < len(PARTS)
        self._missing.setVisible(shown)
        self._note.setVisible(shown)
        self._missing.show_chip(Meaning.REFUSED, self._missing_words, "triangle-alert")
        self.show_ready()

    def _on_ticked(self) -> None:
        self._show_missing(begun=self._note.isVisible())
        if len(self.parts) == len(PARTS):
            (self.signature if self.reason else self._reason).setFocus()


class Voiding(QObject):
    """One such dialog at a time. `done(int)` with the id of the case whose form has become void; `moved_on()` when
    somebody else was faster.
    """

    done = Signal(int)
    moved_on = Signal()

    def __init__(self, context: ViewContext, client: StoreClient, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._requests = Requests(context, client, self)
        self._signing = SignatureFlow(context, client, self)
        self._signing.moved_on.connect(self.moved_on)

    def open(self, desk: ReturnDetails, code: str = "") -> None:
        """Begin with the case's form that bears `code`, or its only one that is good, or ask which."""
        forms = [form for form in good_ones(desk.forms) if form.origin != FROM_REST] or list(desk.forms[-1:])
        chosen = next((form for form in forms if form.code == code), None)
        if chosen is not None or len(forms) == 1:
            self._look(chosen or forms[0])
            return
        dialog = FormsDialog(
            [_row_of(form) for form in forms],
            lambda: _("Which form becomes void?"),
            lambda: _("The other one stays as it is."),
            lambda: _("This one"),
        )
        dialog.wanted.connect(lambda number: self._look(next(form for form in forms if form.number == number)))
        dialog.passed.connect(self._context.router.route)
        self._context.dialogs.open(dialog)

    def _look(self, form: FormStatus) -> None:
        self._requests.read(lambda session, _actor: void_matter(session, form.code), self._show)

    def _show(self, matter: VoidMatter) -> None:
        actor = self._requests.require_actor()
        if actor is not None:
            dialog = VoidDialog(matter, actor.person, actor.today())
            self._signing.sign(dialog, lambda: self._what(dialog))

    def _what(self, dialog: VoidDialog) -> Signed:
        matter, reason, parts, note = dialog.matter, dialog.reason, dialog.parts, dialog.note
        return Signed(
            "return.void",
            lambda session, actor, signer: void_form(session, actor, signer, matter.code, reason, parts, note),
            lambda number, _signer: self._on_done(matter.case_id, number),
        )

    def _on_done(self, case_id: int, number: int) -> None:
        form = form_numbers((number,))
        said = N_("Form No. {number} is void. It prints once more, marked, for the file. The goods may come back.")
        self._context.messages.say(lambda: _(said).format(number=form), Meaning.ALLOWED)
        self.done.emit(case_id)


def _hints(matter: VoidMatter, person: Signer) -> list[tuple[Meaning, LiveText]]:
    hints: list[tuple[Meaning, LiveText]] = []
    if person.person_id != matter.clerk.person_id:
        stands_in = N_("{name} made it and is not here: you stand in for them, and that is noted.")
        hints.append((Meaning.NEUTRAL, lambda: _(stands_in).format(name=matter.clerk.name)))
    if matter.red_letter_no:
        issued = N_("Red-letter invoice {number} was issued for it. Tell whoever sees to the invoices.")
        hints.append((Meaning.MISSING, lambda: _(issued).format(number=matter.red_letter_no)))
    return hints


def _row_of(form: FormStatus) -> Row:
    return Row(key=form.number, name=form_numbers((form.number,)), numbers=(format_fen(form.amount),))
