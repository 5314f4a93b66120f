"""The words of the returns desk: from what was read to what stands on the screen. No widget is made here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from counterapp import words
from counterapp.core.actor import Role, role_name
from counterapp.core.masking import Mask, masked
from counterapp.core.money import format_fen, format_quantity
from counterapp.core.receipts import Receipt
from counterapp.desks.returns.rules import Verdict
from counterapp.desks.returns.services.details import LineDetails, PastReturn, ReturnDetails
from counterapp.desks.returns.view.form_texts import hanging_to_do, hanging_words
from counterapp.return_forms.terms import Effect, Flag, Kind, Reason, name_of
from counterapp.return_forms.texts import form_numbers, receipt_number
from counterapp.ui.texts import ago, day_words
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import DOT, Fact, Row, RowVerdict
from counterapp.ui.widgets.panels import VerdictText
from counterapp.words import N_, _, _n

OF_EFFECT: Final = {
    Effect.OK: Meaning.ALLOWED,
    Effect.EVIDENCE: Meaning.MISSING,
    Effect.OVERRIDE: Meaning.OVERRIDABLE,
    Effect.REFUSE: Meaning.REFUSED,
}
_FLAGS: Final = {
    Flag.CLEARANCE.value: N_("Clearance"),
    Flag.CONCESSION.value: N_("Concession goods"),
    Flag.SERIAL.value: N_("Has a serial number"),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """What keeps a case from being sent: of which line (None: of none), in short and in a sentence."""

    line_id: int | None
    short: str
    sentence: str


def facts_of(desk: ReturnDetails) -> list[Fact]:
    """Return the facts of the receipt; what it has not is left out."""
    receipt, today = desk.receipt, desk.receipt.sold_on + dt.timedelta(days=desk.day)
    if not desk.has_receipt:
        return [
            Fact(_("Sales receipt"), receipt_number(receipt.number)),
            Fact(_("Purchase"), _("not known")),
            Fact(_("Signs"), role_name(Role.SERVICE_MANAGER)),
            Fact(_("Settled"), _("in goods, never in cash")),
        ]
    bought = f"{day_words(receipt.sold_on, today)} {receipt.sold_at:%H:%M}{DOT}{ago(desk.day)}"
    facts = [
        Fact(_("Sales receipt"), receipt_number(receipt.number)),
        Fact(_("Purchase"), bought),
        Fact(_("Till"), _("{till} • {cashier}").format(till=receipt.till, cashier=receipt.cashier)),
    ]
    if receipt.member_card:
        facts.append(Fact(_("Member"), masked(receipt.member_card, Mask.CARD)))
    facts.append(Fact(_("Payment"), paid_words(receipt)))
    if receipt.invoice_no:
        facts.append(Fact(_("Invoice"), receipt.invoice_no))
    return facts


def paid_words(receipt: Receipt) -> str:
    """Return how much was paid, and how."""
    return f"{receipt.tender} {format_fen(receipt.total)}".strip()


def row_of(line: LineDetails, today: dt.date) -> Row:
    """Return a receipt line as a row of the table."""
    receipt_line = line.line
    quiet = [*hanging_words(line), receipt_line.item_no, receipt_line.department]
    quiet += [_(_FLAGS[flag]) for flag in sorted(receipt_line.flag_set) if flag in _FLAGS]
    if line.weighed:
        quiet.append(_("Weighed"))
    if line.past and line.returnable > 0:
        quiet.append(past_words(line.past, today))
    refused = line.outlook.effect is Effect.REFUSE
    return Row(
        key=receipt_line.id,
        name=receipt_line.name,
        quiet=DOT.join(filter(None, quiet)),
        numbers=(
            format_quantity(receipt_line.sold),
            format_quantity(line.returnable),
            format_fen(receipt_line.paid),
        ),
        verdict=_beside(line, today),
        faded=line.chosen is None and (line.returnable <= 0 or refused),
        marked=line.chosen is not None and not line.void,
    )


def past_words(past: Sequence[PastReturn], today: dt.date) -> str:
    """Return what came back of a line before: once in full, more often as a count and the last one."""
    last = past[-1]
    if last.number is None:
        where = _("waits for approval")
    else:
        where = _("form {number}").format(number=form_numbers([last.number]))
    if len(past) > 1:
        said = _("Came back {count} times, last on {day} ({where})")
        return said.format(count=len(past), day=day_words(last.on, today), where=where)
    done = {
        Kind.REFUND: N_("{quantity} refunded on {day} ({where})"),
        Kind.EXCHANGE: N_("{quantity} exchanged on {day} ({where})"),
    }
    return _(done[last.kind]).format(
        quantity=format_quantity(last.quantity), day=day_words(last.on, today), where=where
    )


def kind_of(line: LineDetails) -> str:
    """Return what is asked of a chosen line: "Refund"."""
    return name_of(Kind(line.chosen.kind)) if line.chosen is not None else ""


def times_of(line: LineDetails) -> str:
    """Return how much of a chosen line is asked: "× 1"."""
    return f"× {format_quantity(line.chosen.quantity)}" if line.chosen is not None else ""


def rule_words(verdict: Verdict) -> str:
    """Return the sentence that decides the verdict; empty where nothing speaks against it."""
    decisive = (f for f in verdict.findings if f.effect is verdict.effect and not f.struck)
    return next((finding.text(words.current()) for finding in decisive), "")


def verdict_of(line: LineDetails) -> VerdictText:
    """Return what the rules say of a line, for the panel beside its answers, and what has to be done besides."""
    said = _verdict_of(line)
    return replace(said, small=_lines(said.small, *hanging_to_do(line))) if line.chosen is not None else said


def _verdict_of(line: LineDetails) -> VerdictText:
    verdict = line.verdict
    if line.chosen is None:
        meaning = Meaning.NEUTRAL if line.returnable <= 0 else OF_EFFECT[line.outlook.effect]
        return VerdictText(meaning, line.outlook.text(words.current()))
    if verdict is None:
        return VerdictText(
            Meaning.NEUTRAL,
            _("Say why it comes back"),
            _("Keys 1 to 6, as the customer tells it."),
            "circle-question-mark",
        )
    if verdict.questions:
        return _said_while_open(verdict)
    if verdict.effect is Effect.OK:
        may = {Kind.REFUND: _("May be refunded"), Kind.EXCHANGE: _("May be exchanged")}
        small = _context(verdict) or _("Send it for approval.")
        return VerdictText(Meaning.ALLOWED, may[Kind(line.chosen.kind)], small)
    what_next = {
        Effect.EVIDENCE: _("Bring what is missing, or take the line off."),
        Effect.OVERRIDE: _("A manager may allow it, with a written reason."),
        Effect.REFUSE: _("Nobody may allow it. Other goods go on as they are."),
    }[verdict.effect]
    # What the law grants helps nobody while something has to be brought first.
    context = _context(verdict) if verdict.effect is not Effect.EVIDENCE else ""
    if verdict.effect is Effect.OVERRIDE and verdict.lacks_evidence:
        missing = next(f for f in verdict.findings if f.effect is Effect.EVIDENCE and not f.struck)
        return VerdictText(Meaning.MISSING, missing.text(words.current()), _lines(rule_words(verdict), what_next))
    return VerdictText(OF_EFFECT[verdict.effect], rule_words(verdict), _lines(what_next, context))


def first_line(desk: ReturnDetails, known: int | None) -> int | None:
    """Return the line to begin with: the `known` one where it is chosen, what is chosen, or what may come back."""
    if known in {line.line.id for line in desk.chosen}:
        return known
    first = next((line for line in (*desk.chosen, *desk.lines) if line.returnable > 0), None)
    return (first or desk.lines[0]).line.id if desk.lines else None


def missing_in(desk: ReturnDetails) -> Missing | None:
    """Return the first thing that keeps the case from being sent for approval, None where it may go."""
    if not desk.chosen:
        return Missing(
            None, _("Scan the goods first"), _("Scan the goods, or choose lines with Space. Then send the case.")
        )
    for line in desk.chosen:
        missing = _missing_of(line)
        if missing is not None:
            return missing
    if all(line.verdict is not None and line.verdict.effect is Effect.REFUSE for line in desk.chosen):
        return Missing(
            desk.chosen[0].line.id,
            _("Nothing here may come back"),
            _("Nothing on this case may come back, so there is nothing to approve. Scan the goods first."),
        )
    return None


def amount_label(desk: ReturnDetails) -> str:
    """Return what the big amount is: of one line or of several, refunded or exchanged."""
    coming = [
        line
        for line in desk.chosen
        if not line.void and (line.verdict is None or line.verdict.effect is not Effect.REFUSE)
    ]
    kinds = {line.chosen.kind for line in coming if line.chosen is not None}
    label = _("To exchange") if kinds == {Kind.EXCHANGE.value} else _("To refund")
    if len(kinds) > 1:
        label = _("Together")
    count = len(coming)
    return (
        label
        if count < 2
        else _n("{label} • {count} item", "{label} • {count} items", count).format(label=label, count=count)
    )


def reason_of(line: LineDetails) -> str:
    """Return the counter's word for why a line comes back; empty until it is said."""
    return name_of(Reason(line.chosen.reason)) if line.chosen is not None and line.chosen.reason else ""


def answers_of(line: LineDetails) -> str:
    """Return what was asked of a line and answered."""
    said = line.chosen.answers if line.chosen is not None else {}
    return "   ".join(
        f"{question.text(words.current())} {_('Yes') if said[question.answer] else _('No')}"
        for question in line.questions
        if question.answer in said
    )


def receipt_words(desk: ReturnDetails) -> str:
    """Return the receipt in one line, for whoever has to have seen it."""
    return DOT.join(fact.value if isinstance(fact.value, str) else fact.value() for fact in facts_of(desk))


def approval_words(line: LineDetails, desk: ReturnDetails) -> str:
    """Return what the approver reads of a line: the day, the reason, and what the rules say."""
    verdict = line.verdict
    rule = rule_words(verdict) if verdict is not None else ""
    if verdict is not None and not rule:
        rule = next((grant.text(words.current()) for grant in verdict.grants), name_of(verdict.effect))
    day = _("Day {day} after the purchase").format(day=desk.day) if desk.has_receipt else _("Day of purchase not known")
    return DOT.join((day, reason_of(line), rule))


def hints_of(desk: ReturnDetails) -> list[str]:
    """Return what an approver should know besides: what hangs on the lines, what came back on this receipt before."""
    today = desk.receipt.sold_on + dt.timedelta(days=desk.day)
    hanging = [
        _("{title}: {what}").format(title=line.line.name, what=to_do)
        for line in desk.chosen
        for to_do in hanging_to_do(line)
    ]
    return (
        hanging
        + [
            _("Earlier on this receipt: {item}, {what}").format(item=line.line.name, what=past_words(line.past, today))
            for line in desk.lines
            if line.past
        ][:2]
    )


def signer_words(signer: Role | None) -> str:
    """Return whose signature is needed."""
    if signer is None:
        return _("No role's limit reaches this case. Take it back and make it smaller.")
    return _("Waits for the signature: {role}").format(role=role_name(signer))


def turn_words(signer: Role | None) -> str:
    """Return whose turn it is."""
    return _("{role}'s turn").format(role=role_name(signer)) if signer is not None else signer_words(signer)


def _beside(line: LineDetails, today: dt.date) -> RowVerdict:
    language = words.current()
    if line.void:
        return RowVerdict(Meaning.NEUTRAL, _("Void"), "ban")
    if line.chosen is None or line.verdict is None:
        if line.past and line.returnable <= 0:
            return RowVerdict(Meaning.NEUTRAL, past_words(line.past, today), "history")
        return RowVerdict(OF_EFFECT[line.outlook.effect], line.outlook.text(language))
    verdict, title = line.verdict, f"{kind_of(line)} {times_of(line)}"
    if verdict.questions:
        count = len(verdict.questions)
        still = _n("{title}: {count} question open", "{title}: {count} questions open", count)
        return RowVerdict(Meaning.MISSING, still.format(title=title, count=count))
    if verdict.effect is Effect.OK:
        return RowVerdict(Meaning.ALLOWED, f"{title}{DOT}{format_fen(line.refund)}")
    meaning = Meaning.MISSING if verdict.effect is Effect.EVIDENCE else OF_EFFECT[verdict.effect]
    return RowVerdict(meaning, _("{title}: {what}").format(title=title, what=rule_words(verdict)))


def _said_while_open(verdict: Verdict) -> VerdictText:
    count = len(verdict.questions)
    next_one = verdict.questions[0].text(words.current())
    said = _n("One more to answer. {question}", "{count} more to answer. {question}", count)
    so_far = rule_words(verdict) if verdict.effect is not Effect.EVIDENCE else ""
    small = _lines(so_far, _context(verdict)) or _("Answer, then send it for approval.")
    return VerdictText(Meaning.MISSING, said.format(count=count, question=next_one), small)


def _context(verdict: Verdict) -> str:
    """Return what stands around the decisive sentence: the law's grants, what they strike, the better way."""
    language = words.current()
    granted = [grant.text(language) for grant in verdict.grants]
    struck = [finding.text(language) for finding in verdict.findings if finding.struck]
    if struck:
        granted.append(_("By law not counted: {what}").format(what=_("; ").join(struck)))
    if verdict.better is not None:
        granted.append(verdict.better.text(language))
    return _lines(*granted)


def _lines(*sentences: str) -> str:
    return "\n".join(filter(None, sentences))


def _missing_of(line: LineDetails) -> Missing | None:
    item, verdict = line.line.name, line.verdict
    if verdict is None:
        return Missing(
            line.line.id, _("Choose the reason first"), _("Say first why {item} comes back.").format(item=item)
        )
    if verdict.questions:
        count = len(verdict.questions)
        return Missing(
            line.line.id,
            _n("{count} question still open", "{count} questions still open", count).format(count=count),
            _("{item}: one question is still open: {question}").format(
                item=item, question=verdict.questions[0].text(words.current())
            ),
        )
    if verdict.effect is not Effect.REFUSE and verdict.lacks_evidence:
        what = next(f for f in verdict.findings if f.effect is Effect.EVIDENCE and not f.struck)
        return Missing(
            line.line.id,
            _("Something is still lacking"),
            _("{item} still lacks something: {what}. Bring it, or take the line off.").format(
                item=item, what=what.text(words.current())
            ),
        )
    return None
