"""The till's tab: forms are taken on its first page, part 2s come back on its second one."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedLayout

from counterapp.core.codes import is_code
from counterapp.desks.till.view.parts import PartsPage
from counterapp.desks.till.view.redemption import RedemptionPage
from counterapp.hardware.scanner import Scan
from counterapp.return_forms.models import FORM_LETTERS
from counterapp.ui.signature_flow import SignatureFlow
from counterapp.ui.theme import Meaning
from counterapp.ui.view import View, ViewContext
from counterapp.words import N_, _
from counterapp.work import StoreClient


class TillView(View):
    """The screen of whoever takes forms."""

    title = N_("Till")
    hint = N_("Scan the form, then the receipt of the new goods")
    icon = "banknote"
    prefixes = (FORM_LETTERS,)

    def __init__(self, context: ViewContext, client: StoreClient) -> None:
        super().__init__(context)
        self._client = client
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        signing = SignatureFlow(context, client, self)
        self.taking = RedemptionPage(context, client, signing)
        self.taking.parts_asked.connect(self._show_parts)
        self._pages.addWidget(self.taking)
        self.parts = PartsPage(context, client, signing)
        self.parts.left.connect(self._show_taking)
        self._pages.addWidget(self.parts)

    def take_scan(self, scan: Scan) -> bool:
        text = scan.text
        form = is_code(text) and text.startswith(self.prefixes)
        if not form and not self._client.is_receipt(text):
            return False
        if self._pages.currentWidget() is self.taking:
            self.taking.take(text)
        elif form:
            self.parts.take(text)
        else:
            sentence = N_("{code} is a receipt. Scan the part 2s, or go back to the forms with Esc.")
            self.context.messages.say(lambda: _(sentence).format(code=text), Meaning.MISSING)
        return True

    def activated(self) -> None:
        if self._pages.currentWidget() is self.parts:
            self.parts.look_again()
            self.parts.work_on()
        else:
            self.taking.work_on()

    def retranslate(self) -> None:
        self.taking.retranslate()
        self.parts.retranslate()

    def _show_parts(self) -> None:
        self._pages.setCurrentWidget(self.parts)
        self.set_hint(lambda: _("Scan the part 2s, one after the other"))
        self.activated()

    def _show_taking(self) -> None:
        self._pages.setCurrentWidget(self.taking)
        self.set_hint(lambda: _(self.hint))
        self.activated()
