"""From a receipt line and what was said at the counter to the facts that the rules look at, and their verdict."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from counterapp.core.actor import Actor, Clock, Role
from counterapp.core.claims import INVOICES, Balance, balances, hanging
from counterapp.core.money import refund_of
from counterapp.core.numbering import start_series
from counterapp.core.receipts import TYPED, Receipt, ReceiptLine, find_receipt
from counterapp.core.store_settings import StoredRuleBook, rule_books, rule_books_for, store_rule_book
from counterapp.desks.returns.models import RED_LETTER_SERIES
from counterapp.desks.returns.rules import Returnability, RuleBook, Verdict, judge, load_rule_book, returnability
from counterapp.errors import BadInput, NotAllowed, NotFound, Trouble
from counterapp.return_forms.models import DESK, SERIES, ReturnLine
from counterapp.return_forms.terms import Answer, Category, Facts, Flag, Kind, Reason
from counterapp.words import N_
from resources import resource

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the customer asks for one line: `quantity` in thousandths."""

    kind: Kind
    reason: Reason
    quantity: int
    answers: Mapping[Answer, bool]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the rules would say: the verdict, and the fen that would come back."""

    verdict: Verdict
    refund: int


def install(session: Session, clock: Clock) -> None:
    """Give a new store this desk's number series and the rule book that the program carries."""
    for series in (SERIES, RED_LETTER_SERIES):
        start_series(session, series)
    text = resource("rulebooks/default.toml").read_text(encoding="utf-8")
    store_rule_book(session, DESK, load_rule_book(text).starts, text, None, clock())


def load_book(session: Session, actor: Actor, text: str, starts_on: dt.date | None = None) -> StoredRuleBook:
    """Put a rule book into force for what is bought from `starts_on` on, the day in the book where none is given.

    Raises BadInput, which names all mistakes of `text`; then, and where the program ends half-way, what was in force
    stays. Raises NotAllowed for whoever has no say in the rules.
    """
    if actor.person.role not in _LAWGIVERS:
        raise NotAllowed(N_("The rules of the house are changed by the customer service manager or the store manager."))
    book = load_rule_book(text)
    return store_rule_book(session, DESK, starts_on or book.starts, text, actor, actor.now())


def book_for(session: Session, bought_on: dt.date) -> tuple[int, RuleBook]:
    """Return the id of the rule book in force on the day of purchase, and the book as read.

    Where this program cannot read that one (a newer one has stored it), the one that it replaced holds on; see
    `unread_books`. Raises Trouble where none can be read.
    """
    for book_id, digest in rule_books_for(session, DESK, bought_on):
        read = _read(session, book_id, digest)
        if isinstance(read, RuleBook):
            return book_id, read
    raise Trouble(N_("No rule book of the store can be read by this program. Install the version that stored them."))


def unread_books(session: Session) -> list[Trouble]:
    """Return what to say of each rule book that this program cannot read, and that no other one has replaced."""
    newest = {book.starts_on: book for book in reversed(rule_books(session, DESK))}
    read = [(day, _read(session, book.id, book.digest)) for day, book in newest.items()]
    return [
        Trouble(_UNREAD, day=day, mistakes=mistakes.values["mistakes"])
        for day, mistakes in read
        if isinstance(mistakes, BadInput)
    ]


def _read(session: Session, book_id: int, digest: str) -> RuleBook | BadInput:
    if digest not in _BOOKS:  # a stored book never changes
        try:
            _BOOKS[digest] = load_rule_book(session.get_one(StoredRuleBook, book_id).text)
        except BadInput as mistakes:
            _log.error("rule book %s cannot be read: %s", book_id, mistakes.in_language("en"))
            _BOOKS[digest] = mistakes
    return _BOOKS[digest]


_BOOKS: Final[dict[str, RuleBook | BadInput]] = {}
_LAWGIVERS: Final = frozenset({Role.SERVICE_MANAGER, Role.STORE_MANAGER, Role.IT})
_UNREAD: Final = N_(
    "The rule book that holds from {day} on cannot be read by this program; the one before it stays in force. Install"
    " the newest version, or load the book again. Not understood: {mistakes}."
)


def flags_of(line: ReceiptLine) -> frozenset[Flag]:
    """Return what the line is marked with."""
    return frozenset(Flag(flag) for flag in line.flags.split(";") if flag)


def is_weighed(line: ReceiptLine) -> bool:
    """Whether the item is sold by weight: an in-store code (GS1 prefix 2), or a quantity that is no whole number."""
    return line.quantity % 1000 != 0 or (len(line.barcode) == 13 and line.barcode.startswith("2"))


def verdict_on(
    book: RuleBook,
    receipt: Receipt,
    line: ReceiptLine,
    balance: Balance,
    asked: Asked,
    today: dt.date,
    also: Collection[str] = (),
) -> Verdict:
    """Judge one line of a receipt on the day `today`; `also` are the other pools that have claimed of it.

    What was typed by hand is no receipt: the day of purchase is unknown.
    """
    return judge(
        book,
        Facts(
            kind=asked.kind,
            reason=asked.reason,
            category=Category(line.category),
            flags=flags_of(line),
            day=(today - receipt.sold_on).days,
            quantity_milli=asked.quantity,
            returnable_milli=line.sold - balance.taken,
            invoiced=bool(receipt.invoice_no) or INVOICES in also,
            receipt_found=receipt.source != TYPED,
            answers=asked.answers,
            bought_on=receipt.sold_on,
        ),
    )


def outlook_on(book: RuleBook, receipt: Receipt, line: ReceiptLine, today: dt.date, returnable: int) -> Returnability:
    """Return the words beside a line of which `returnable` thousandths may still come back on the day `today`."""
    bought_on = receipt.sold_on if receipt.source != TYPED else None
    return returnability(book, Category(line.category), flags_of(line), bought_on, today, returnable)


def refund_for(line: ReceiptLine, balance: Balance, quantity: int) -> int:
    """Return the fen that `quantity` more of the line would give back; never more than is left of what was paid."""
    after = min(balance.taken + quantity, line.sold)
    if line.sold == 0:
        return 0
    return refund_of(paid_fen=line.paid, sold_milli=line.sold, outstanding_fen=balance.fen, after_milli=after)


def explain(
    session: Session,
    receipt_number: str,
    line_no: int,
    kind: Kind,
    reason: Reason,
    quantity: int | None,
    answers: Mapping[Answer, bool],
    on: dt.date,
) -> Explanation:
    """Say what the rules would say on the day `on`, and change nothing.

    `quantity` in thousandths; None: one piece, or what is left where that is less. Raises NotFound.
    """
    receipt = find_receipt(session, receipt_number)
    line = next((line for line in receipt.lines if line.line_no == line_no), None)
    if line is None:
        raise NotFound(N_("Receipt {number} has no line {line}."), number=receipt_number, line=line_no)
    balance = balances(session, [line.id]).get(line.id, Balance())
    if quantity is None:
        quantity = min(1000, line.sold - balance.taken) or 1000
    _id, book = book_for(session, receipt.sold_on)
    also = hanging(session, [line.id]).get(line.id, {})
    verdict = verdict_on(book, receipt, line, balance, Asked(kind, reason, quantity, answers), on, also)
    return Explanation(verdict, refund_for(line, balance, quantity))


def keep_verdict(chosen: ReturnLine, verdict: Verdict, rule_book_id: int) -> None:
    """Keep on a chosen line the verdict it was judged by, with its whole reasoning."""
    chosen.effect = verdict.effect.value
    chosen.findings = [
        {
            "rule": finding.rule,
            "effect": finding.effect.value,
            "struck": list(finding.struck),
            "zh": finding.text("zh"),
            "en": finding.text("en"),
        }
        for finding in verdict.findings
    ]
    chosen.grants = [grant.grant for grant in verdict.grants]
    chosen.rule_book_id = rule_book_id
