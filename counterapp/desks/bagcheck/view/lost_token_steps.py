"""The five steps of a lost token: drawn as a list, and what each of them asks."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from counterapp.core.store_settings import BagCheckSettings
from counterapp.desks.bagcheck.rules import Piece
from counterapp.desks.bagcheck.services.collecting import DepositDetails
from counterapp.desks.bagcheck.services.privacy import LossDetails
from counterapp.desks.bagcheck.view.texts import fee_words, nights_words
from counterapp.ui import icons, theme
from counterapp.ui.live_text import LiveText
from counterapp.words import N_, _

_STEPS: Final = (
    N_("Keep the piece that is left"),
    N_("Customer says what it was"),
    N_("ID is shown"),
    N_("Fee and form"),
    N_("Receipt of the cash office"),
)


class Steps(QWidget):
    """The five steps and which of them is due, counted from 0; at 5 all are done."""

    def __init__(self) -> None:
        super().__init__()
        self._due, self._free = 0, False
        self.setFixedSize(theme.px(272), theme.px(5 * 52))

    def show_step(self, due: int, free: bool) -> None:
        """Show how far it is; `free`: nothing is charged, the last three steps fall away."""
        self._due, self._free = due, free
        self.update()

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for place, step in enumerate(_STEPS):
                left_out = self._free and place > 1
                due = place == self._due and not left_out
                line = QRectF(0, place * theme.px(52), self.width(), theme.px(46))
                if due:
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(QColor(colours.chosen.ground))
                    painter.drawRoundedRect(line, theme.px(7), theme.px(7))
                mark = QRectF(theme.px(12), line.center().y() - theme.px(12), theme.px(24), theme.px(24))
                if place < self._due and not left_out:
                    icons.paint(painter, "circle-check", "allowed", mark)
                else:
                    painter.setPen(QPen(QColor(colours.accent if due else colours.quiet), theme.px(2)))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawEllipse(mark.adjusted(1, 1, -1, -1))
                    painter.setFont(theme.font(13, bold=True))
                    painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, "–" if left_out else str(place + 1))
                painter.setFont(theme.font(16, bold=due))
                painter.setPen(QColor(colours.text if due else colours.quiet))
                words = line.adjusted(theme.px(46), 0, -theme.px(4), 0)
                said = painter.fontMetrics().elidedText(_(step), Qt.TextElideMode.ElideRight, int(words.width()))
                painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, said)


def step_words_of(
    deposit: DepositDetails, loss: LossDetails | None, due: int, settings: BagCheckSettings
) -> tuple[LiveText, LiveText, LiveText, LiveText]:
    """Return of the step that is due: what is asked, why, what Enter does, what F8 does."""
    number = deposit.locker
    match due:
        case 0:
            return (
                lambda: _("Whose piece is lost?"),
                lambda: _(
                    "Its number goes out of use. Keep the piece that is left; nobody reads the record until "
                    "the customer has said what it was."
                ),
                lambda: _("Report it lost"),
                "",
            )
        case 1:
            return (
                lambda: _("Ask: what did you deposit?"),
                lambda: _("Write it down as the customer says it. Only then the record is shown beside it."),
                lambda: _("Written down"),
                lambda: _("Not lost after all"),
            )
        case 2:
            return (
                lambda: _("Do both agree? Then look at the ID."),
                "",
                lambda: _("ID seen, go on"),
                "",
            )
        case 3:
            fee = fee_words(settings.penalty_name)
            return (
                lambda: _("Take the fee: {fee}").format(fee=fee),
                lambda: _("The form prints. Money and form go to the cash office."),
                lambda: _("Money taken, print the form"),
                lambda: _("Back to the ID"),
            )
        case 4:
            form = f"{loss.penalty_no:06}" if loss is not None and loss.penalty_no is not None else ""
            return (
                lambda: _("Form No. {number} waits for the cash office").format(number=form),
                lambda: _("When the official receipt is here, type its number. Or scan the form later to go on."),
                lambda: _("Enter the receipt"),
                "",
            )
    if deposit.overnight and not deposit.released:
        return (
            lambda: _("A supervisor signs first: it has stayed {nights}").format(nights=nights_words(deposit.nights)),
            "",
            lambda: _("Open the signature"),
            "",
        )
    return (
        lambda: _("Open locker {number} and give the things out").format(number=number),
        (lambda: _("Nothing is charged: the counter lost its own piece."))
        if loss is not None and loss.piece == Piece.COUNTER
        else (lambda: _("Official receipt and ID go back to the customer.")),
        lambda: _("Given out"),
        "",
    )
