"""The sheet for the second person: what is asked, what the rules say, the three ticks, and the signature."""

# ruff: noqa: D102 - methods of Sheet say there what they do

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from counterapp.core.actor import Role as StaffRole
from counterapp.core.actor import Signer, role_name
from counterapp.core.money import format_fen
from counterapp.desks.returns.rules import Effect
from counterapp.desks.returns.services.deciding import TICKS
from counterapp.desks.returns.services.looking import LineOnDesk, ReturnOnDesk
from counterapp.desks.returns.view.sentences import (
    OF_EFFECT,
    amount_label,
    approval_words,
    answers_of,
    hints_of,
    receipt_words,
    signer_words,
    title_of,
)
from counterapp.desks.returns.view.talk import Reading
from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
from counterapp.ui.sheet import Sheet
from counterapp.ui.signature import Signature
from counterapp.ui.spoken import Words
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Chip, Role, Text, Tick, WordsField
from counterapp.ui.widgets.text import chip_size
from counterapp.words import N_, _

_WIDTH: Final = 740
_INSIDE: Final = _WIDTH - 2 * 32
_LINES_HIGH: Final = 196
_WORDS_OF_TICK: Final[Mapping[str, str]] = {
    "reason_understood": N_("Reason understood"),
    "amount_right": N_("Amount right"),
    "receipt_seen": N_("Original receipt seen"),
}


class ApprovalSheet(Sheet):
    """A waiting case before the second person.

    `identified(who)`: look them up, then `greet`. `signed(who, pin)`: prove it, then decide by `gives_back`, `ticks`
    and `reason`; answer with `refuse` or `close_sheet`.
    """

    identified = Signal(str)
    signed = Signal(str, str)

    def __init__(self, reading: Reading) -> None:
        super().__init__(lambda: _("Approval of a return"), lambda: signer_words(reading.signer), _WIDTH)
        self.reading = reading
        self.gives_back = False
        self._deciding = False
        desk = reading.desk
        self._overrides = any(line.chosen is not None and line.chosen.effect == Effect.OVERRIDE for line in desk.chosen)
        if reading.signer is not StaffRole.SUPERVISOR:
            self.turn.setProperty("meaning", Meaning.OVERRIDABLE.value)
        clerk = desk.prepared_by
        self.head.addWidget(
            Chip(
                Meaning.NEUTRAL,
                lambda: _("Prepared by {name} {number}").format(name=clerk.name, number=clerk.number),
                "user",
            )
        )
        self.body.addWidget(Text(lambda: receipt_words(desk), Role.QUIET, elide=True))
        self._show_lines(desk)
        for hint in hints_of(desk):
            self.body.addWidget(_WideChip(Meaning.MISSING, hint, "triangle-alert"))
        self._add_ticks()
        self._add_reason()
        self._signature = Signature(
            lambda: _("Scan the badge, type the PIN. Nobody approves what they prepared."),
            lambda: _("Send back to the clerk") if self.gives_back else _("Approve and print the form"),
            lambda: _("Send back (say why)"),
        )
        self._signature.identified.connect(self.identified)
        self._signature.signed.connect(self._on_signed)
        self._signature.returned.connect(self._on_returned)
        self._signature.row.entered.connect(self._on_entered)
        self.body.addWidget(self._signature)
        self._show_ready()

    @property
    def ticks(self) -> tuple[str, ...]:
        """What has been ticked."""
        return tuple(tick for tick, box in self._ticks.items() if box.isChecked())

    @property
    def reason(self) -> str:
        """The reason of an override, or for sending the case back."""
        return self._reason.text().strip()

    @property
    def sentence(self) -> str:
        """The sentence over the buttons."""
        return self._signature.sentence

    def greet(self, person: Signer | None) -> None:
        """Show who will sign; nobody is named where nobody was found."""
        if person is not None:
            self._signature.greet(person.name, role_name(person.role))

    def refuse(self, sentence: Words) -> None:
        """Say why the signature was not taken; everything stays as it is."""
        self._deciding = False
        self._signature.refuse(sentence)

    def take_scan(self, scan: Scan) -> bool:
        return self._signature.take_scan(scan)

    def opened(self) -> None:
        # The ticks come first: their digits are keys until all three are set, then they belong to number and PIN.
        self.setFocus()

    def may_close(self) -> bool:
        return not self._deciding

    def press(self, key: str) -> bool:
        if key == "Esc" and self.gives_back and not self._deciding:
            self._on_returned()
            return True
        return super().press(key)

    def _show_lines(self, desk: ReturnOnDesk) -> None:
        lines = [line for line in desk.chosen if line.chosen is not None]
        if len(lines) == 1:
            self.body.addLayout(_line_row(lines[0], Role.HEADING, Role.AMOUNT2))
            self._add_findings(self.body, lines[0], desk)
            return
        total = QHBoxLayout()
        total.addWidget(Text(lambda: amount_label(desk), Role.HEADING))
        total.addStretch(1)
        total.addWidget(Text(format_fen(desk.refund), Role.AMOUNT2))
        self.body.addLayout(total)
        inside = QWidget()
        inside.setObjectName("column")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, theme.px(12), 0)
        column.setSpacing(theme.px(6))
        for line in lines:
            column.addLayout(_line_row(line, Role.STRONG, Role.STRONG))
            self._add_findings(column, line, desk)
            column.addSpacing(theme.px(6))
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setFixedHeight(min(inside.sizeHint().height(), theme.px(_LINES_HIGH)))
        self.body.addWidget(scroll)

    def _add_findings(self, place: QVBoxLayout, line: LineOnDesk, desk: ReturnOnDesk) -> None:
        effect = Effect(line.chosen.effect) if line.chosen is not None and line.chosen.effect else Effect.OK
        place.addWidget(_WideChip(OF_EFFECT[effect], lambda: approval_words(line, desk)))
        if answers_of(line):
            place.addWidget(Text(lambda: answers_of(line), Role.QUIET, wrap=True))

    def _add_ticks(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(0)
        self._ticks: dict[str, Tick] = {}
        for place, tick in enumerate(TICKS, start=1):
            box = Tick(lambda tick=tick: _(_WORDS_OF_TICK[tick]), str(place))
            box.clicked.connect(self._on_ticked)
            self._ticks[tick] = box
            column.addWidget(box)
        self.body.addLayout(column)

    def _add_reason(self) -> None:
        self._reason = WordsField(
            lambda: _("Why it goes back to the clerk") if self.gives_back else _("Why the rule is overridden")
        )
        self._reason.setVisible(self._overrides)
        self._reason.textChanged.connect(self._show_ready)
        self.body.addWidget(self._reason)

    def _lacking(self) -> tuple[Words, QWidget] | None:
        """Return what is still missing before the signature, in words and as the place to go to."""
        if self.gives_back:
            return None if self.reason else ((lambda: _("Write first why it goes back.")), self._reason)
        unticked = next((box for box in self._ticks.values() if not box.isChecked()), None)
        if unticked is not None:
            return (lambda: _("Tick the three first, keys 1 to 3. Then press Enter again.")), unticked
        if self._overrides and not self.reason:
            return (lambda: _("Write first why the rule is overridden.")), self._reason
        return None

    def _show_ready(self) -> None:
        lacking = self._lacking()
        self._signature.set_ready(lacking is None, lacking[0] if lacking else "")

    def _on_ticked(self) -> None:
        self._show_ready()
        if len(self.ticks) == len(TICKS):
            lacking = self._lacking()
            (lacking[1] if lacking else self._signature).setFocus()

    def _on_entered(self) -> None:
        lacking = self._lacking()
        if lacking is not None:
            lacking[1].setFocus()

    def _on_signed(self, who: str, pin: str) -> None:
        self._deciding = True
        self.signed.emit(who, pin)

    def _on_returned(self) -> None:
        self.gives_back = not self.gives_back
        self._reason.setVisible(self.gives_back or self._overrides)
        self._reason.setPlaceholderText(
            _("Why it goes back to the clerk") if self.gives_back else _("Why the rule is overridden")
        )
        for box in self._ticks.values():
            box.setEnabled(not self.gives_back)
        self._signature.button.say(
            lambda: _("Send back to the clerk") if self.gives_back else _("Approve and print the form")
        )
        self._show_ready()
        (self._reason if self.gives_back else self).setFocus()


class _WideChip(Chip):
    """A chip that is at most as wide as the sheet, and goes on to a second line."""

    def __init__(self, meaning: Meaning, words: Words, icon: str = "") -> None:
        super().__init__(meaning, words, icon)
        self._fit()

    def _speak(self) -> None:
        super()._speak()
        self._fit()

    def _fit(self) -> None:
        needed, room = chip_size(self.text), theme.px(_INSIDE - 12)
        self.setFixedSize(min(needed.width(), room), needed.height() if needed.width() <= room else theme.px(50))


def _line_row(line: LineOnDesk, name: Role, amount: Role) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.px(10))
    row.addWidget(Text(lambda: title_of(line), name))
    row.addWidget(Text(line.line.name, name, elide=True))
    row.addStretch(1)
    row.addWidget(Text(format_fen(line.refund), amount))
    return row
