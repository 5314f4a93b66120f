"""The form on the screen: its value, how it stands, and what is known of it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from counterapp.core.money import format_fen
from counterapp.desks.till.services.form_acceptance import FormAtTill
from counterapp.desks.till.view.texts import copies_words, facts_of, kind_words, state_words, verdict_words
from counterapp.return_forms.texts import form_numbers
from counterapp.ui import theme
from counterapp.ui.live_text import LiveText
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import Card, Chip, EmptyState, FactsRow, Role, Text, VerdictPanel
from counterapp.ui.widgets.bigtext import BigText
from counterapp.words import _


class FormCard(Card):
    """Shows no form, one that was scanned, or what came of the last one."""

    def __init__(self) -> None:
        super().__init__()
        self._title = Text("", Role.TITLE)
        self._state, self._kind, self._copies = Chip(), Chip(icon=None), Chip(icon="copy")
        for widgets in ((self._title, self._state), (self._kind, self._copies)):
            row = QHBoxLayout()
            row.setSpacing(theme.px(10))
            for widget in widgets:
                row.addWidget(widget)
            row.addStretch(1)
            self.body.addLayout(row)
        self.value = BigText()
        self.body.addWidget(self.value, 1)
        self._empty = EmptyState(
            "scan-barcode",
            lambda: _("Scan the customer's form"),
            lambda: _("Then the receipt of the new goods. If a code cannot be scanned, press F2 and type it."),
        )
        self.body.addWidget(self._empty, 1)
        self.verdict = VerdictPanel()
        self.body.addWidget(self.verdict)
        self._facts = FactsRow()
        self.body.addWidget(self._facts)
        self._form: FormAtTill | None = None
        self.show_empty()

    def show_empty(self) -> None:
        """Show that there is no form."""
        self._form = None
        for widget in (self._title, self._state, self._kind, self._copies, self.value, self.verdict, self._facts):
            widget.hide()
        self._empty.show()

    def show_form(self, form: FormAtTill) -> None:
        """Show a form as it stands."""
        self._form = form
        self._begin(form)
        meaning, _word = state_words(form)
        self._state.show_chip(meaning, lambda: state_words(form)[1])
        taken = form.why is None or form.may_be_renewed
        self.value.show_text(format_fen(form.amount), meaning.value, struck=not taken)
        self.verdict.show_verdict(meaning, lambda: verdict_words(form))

    def show_done(self, form: FormAtTill, label: LiveText, value: int, said: LiveText, small: LiveText) -> None:
        """Show what came of a form: `value` (fen) is what `label` says."""
        self._form = form
        self._begin(form)
        self._state.show_chip(Meaning.ALLOWED, lambda: _("Done"))
        self._kind.show_chip(Meaning.NEUTRAL, label, None)
        self.value.show_text(format_fen(value), "quiet")
        self.verdict.show_verdict(Meaning.ALLOWED, said, small)

    def retranslate(self) -> None:
        """Say the facts in the language of the screen."""
        if self._form is not None:
            self._facts.show_facts(facts_of(self._form))

    def _begin(self, form: FormAtTill) -> None:
        self._title.say(lambda: _("Return form No. {number}").format(number=form_numbers([form.number])))
        self._kind.show_chip(Meaning.NEUTRAL, lambda: kind_words(form), None)
        self._copies.show_chip(Meaning.MISSING, lambda: copies_words(form), "copy")
        self._facts.show_facts(facts_of(form))
        self._empty.hide()
        for widget in (self._title, self._state, self._kind, self.value, self.verdict, self._facts):
            widget.show()
        self._copies.setVisible(form.copies > 0)
