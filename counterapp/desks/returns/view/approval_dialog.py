"""The dialog for the second person: what is asked, what the rules say, the three ticks, and the signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from counterapp.core.actor import Role as StaffRole
from counterapp.core.actor import Signer
from counterapp.core.money import format_fen
from counterapp.desks.returns.rules.risk_comparison import Pattern
from counterapp.desks.returns.services.approval import TICKS
from counterapp.desks.returns.services.details import LineDetails, ReturnDetails
from counterapp.desks.returns.services.risk import CaseRisk
from counterapp.desks.returns.view.earlier_returns import EarlierReturnsRow
from counterapp.desks.returns.view.open_case import Reading
from counterapp.desks.returns.view.risk.strip import RiskDialog, RiskStrip, read_risk
from counterapp.desks.returns.view.texts import (
    OF_EFFECT,
    amount_label,
    answers_of,
    approval_words,
    hints_of,
    kind_of,
    receipt_words,
    times_of,
    turn_words,
)
from counterapp.return_forms.terms import Effect
from counterapp.ui import theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.signature_fields import SignatureFields
from counterapp.ui.signature_flow import SIGNING_WIDTH, SigningDialog, type_pin
from counterapp.ui.theme import Meaning
from counterapp.ui.view import ViewContext
from counterapp.ui.widgets import Chip, Role, Scrolling, Text, TextField, Tick
from counterapp.ui.widgets.text import chip_size
from counterapp.words import N_, _
from counterapp.work import StoreClient

_INSIDE: Final = SIGNING_WIDTH - 2 * 32
_LEAST: Final = 96
_STEP: Final = 60
_WORDS_OF_TICK: Final[Mapping[str, str]] = {
    "reason_understood": N_("Reason understood"),
    "amount_right": N_("Amount right"),
    "receipt_seen": N_("Original receipt seen"),
}


class ApprovalDialog(SigningDialog):
    """A waiting case before the second person.

    `signer` is signed in here and needs only the PIN. What is decided: `gives_back`, `ticks` and `reason`.
    `past_asked()` for the cases behind what came back before, `risk_asked()` for those behind what stands out.
    """

    not_signed = N_("It was not signed. Look at the case again before you sign.")
    past_asked = Signal()
    risk_asked = Signal()

    def __init__(self, reading: Reading, signer: Signer | None = None) -> None:
        super().__init__(lambda: _("Approval of a return"), lambda: turn_words(reading.signer))
        self.reading = reading
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
        self._past = EarlierReturnsRow()
        self._past.asked.connect(self.past_asked)
        self.body.addWidget(self._past)
        self._past.show_past(reading.past)
        self.risk = RiskStrip(_INSIDE)
        self.risk.asked.connect(self.risk_asked)
        self.body.addWidget(self.risk)
        self._matter = self._make_matter(desk)
        self.body.addWidget(self._matter)
        self._add_ticks()
        self._add_reason()
        self.sign_with(
            SignatureFields(
                type_pin
                if signer is not None
                else (lambda: _("Scan the badge, type the PIN. Nobody approves what they prepared.")),
                self._sign_words,
                lambda: _("Send back (say why)"),
            ),
            signer,
        )

    @property
    def ticks(self) -> tuple[str, ...]:
        """What has been ticked."""
        return tuple(tick for tick, box in self._ticks.items() if box.isChecked())

    @property
    def reason(self) -> str:
        """The reason of an override, or for sending the case back."""
        return self._reason.text().strip()

    def show_risk(self, risk: CaseRisk) -> None:
        """Show what concerns the case; what its past already counts is marked there and not said twice."""
        patterns = {one.signal.pattern for one in risk.told}
        self._past.mark(
            receipt=Pattern.RECEIPT in patterns, member=Pattern.CARD in patterns, phone=Pattern.PHONE in patterns
        )
        self.risk.show_risk(risk, told_elsewhere=frozenset({Pattern.RECEIPT, Pattern.CARD, Pattern.PHONE}))

    def opened(self) -> None:
        if self.sizeHint().height() > self.window().height() - theme.px(2 * 16):
            self._tick_box.setDirection(QBoxLayout.Direction.LeftToRight)
        # The ticks come first: their digits are keys until all three are set, then they belong to number and PIN.
        self.setFocus()

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            self._matter.step(_STEP if key == "Down" else -_STEP)
            return True
        return super().press(key)

    def _make_matter(self, desk: ReturnDetails) -> Scrolling:
        """What is asked and what speaks for and against it; on a low screen it gives way to ticks and signature."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        if len(desk.chosen) == 1:
            column.addLayout(_line_row(desk.chosen[0], Role.HEADING, Role.AMOUNT2))
            _add_findings(column, desk.chosen[0], desk)
        else:
            column.addLayout(_row([Text(lambda: amount_label(desk), Role.HEADING)], desk.refund, Role.AMOUNT2))
            for line in desk.chosen:
                column.addLayout(_line_row(line, Role.STRONG, Role.STRONG))
                _add_findings(column, line, desk)
        for hint in hints_of(desk):
            column.addWidget(_WideChip(Meaning.MISSING, hint, "triangle-alert"))
        column.addStretch(1)
        matter = Scrolling(inside, _LEAST)
        matter.setMaximumHeight(inside.sizeHint().height() + theme.px(2))
        return matter

    def _add_ticks(self) -> None:
        self._tick_box = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._tick_box.setSpacing(0)
        self._ticks: dict[str, Tick] = {}
        for place, tick in enumerate(TICKS, start=1):
            box = Tick(partial(_tick_words, tick, self.reading.desk.has_receipt), str(place))
            box.clicked.connect(self._on_ticked)
            self._ticks[tick] = box
            self._tick_box.addWidget(box)
        self.body.addLayout(self._tick_box)

    def _add_reason(self) -> None:
        self._reason = TextField(self._asked_words)
        self._reason.textChanged.connect(self.show_ready)
        self.body.addWidget(self._reason)
        self._reason.setVisible(self._overrides)

    def lacking(self) -> tuple[LiveText, QWidget] | None:
        if self.gives_back:
            return None if self.reason else ((lambda: _("Write first why it goes back.")), self._reason)
        unticked = next((box for box in self._ticks.values() if not box.isChecked()), None)
        if unticked is not None:
            return (lambda: _("Tick the three first, keys 1 to 3. Then press Enter again.")), unticked
        if self._overrides and not self.reason:
            return (lambda: _("Write first why the rule is overridden.")), self._reason
        return None

    def show_gives_back(self) -> None:
        self._reason.setVisible(self.gives_back or self._overrides)
        self._reason.setPlaceholderText(self._asked_words())
        for box in self._ticks.values():
            box.setEnabled(not self.gives_back)
        self.signature.button.say(self._sign_words)
        self.show_ready()
        (self._reason if self.gives_back else self).setFocus()

    def _asked_words(self) -> str:
        return _("Why it goes back to the clerk") if self.gives_back else _("Why the rule is overridden")

    def _sign_words(self) -> str:
        return _("Send back to the clerk") if self.gives_back else _("Approve and print the form")

    def _on_ticked(self) -> None:
        self.show_ready()
        if len(self.ticks) == len(TICKS):
            lacking = self.lacking()
            (lacking[1] if lacking else self.signature).setFocus()


def tell_risk(context: ViewContext, client: StoreClient, dialog: ApprovalDialog) -> None:
    """Bring into the dialog what stands out of its case, as soon as it is read; nothing waits for it."""
    case_id = dialog.reading.desk.case.id
    dialog.risk_asked.connect(
        lambda: context.dialogs.open(
            RiskDialog(context, client, dialog.risk.risk, client.actor.today(), may_open=False), urgent=True
        )
    )
    read_risk(client, dialog, lambda risks: dialog.show_risk(risks.get(case_id, CaseRisk())), context.messages.tell)


class _WideChip(Chip):
    """A chip that is at most as wide as the dialog, and goes on to a second line."""

    def __init__(self, meaning: Meaning, words: LiveText, icon: str = "") -> None:
        super().__init__(meaning, words, icon)
        self._fit()

    def _speak(self) -> None:
        super()._speak()
        self._fit()

    def _fit(self) -> None:
        needed, room = chip_size(self.text), theme.px(_INSIDE - 12)
        self.setFixedSize(min(needed.width(), room), needed.height() if needed.width() <= room else theme.px(50))


def _tick_words(tick: str, has_receipt: bool) -> str:
    if tick == "receipt_seen" and not has_receipt:
        return _("Goods seen, there is no receipt")
    return _(_WORDS_OF_TICK[tick])


def _line_row(line: LineDetails, name: Role, amount: Role) -> QHBoxLayout:
    words = [
        Text(lambda: kind_of(line), name),
        Text(line.line.name, name, elide=True),
        Text(times_of(line), name),
    ]
    return _row(words, line.refund, amount)


def _row(words: Sequence[Text], fen: int, amount: Role) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.px(8))
    for text in words:
        row.addWidget(text)
    row.addStretch(1)
    row.addWidget(Text(format_fen(fen), amount))
    return row


def _add_findings(place: QVBoxLayout, line: LineDetails, desk: ReturnDetails) -> None:
    effect = Effect(line.chosen.effect) if line.chosen is not None and line.chosen.effect else Effect.OK
    place.addWidget(_WideChip(OF_EFFECT[effect], lambda: approval_words(line, desk)))
    if answers_of(line):
        place.addWidget(Text(lambda: answers_of(line), Role.QUIET, wrap=True))
