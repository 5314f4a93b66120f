"""The stock correction 库存更正: what came back, for the stock system, each line exactly once.

A line stands in a file once as it came back, and once more with the sign turned round if its form became void after
that; what became void before stands in none (spec/returns.md, Void).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from counterapp import words
from counterapp.core.actor import AT_THE_COUNTER, Actor
from counterapp.core.numbering import next_number
from counterapp.core.receipts import TYPED, Receipt, ReceiptLine
from counterapp.core.sales.columns import CATEGORIES, LINE_COLUMNS
from counterapp.core.spreadsheets import Cell, Table, amount_of, unit_price, yuan
from counterapp.core.staff import Person
from counterapp.core.store_settings import store_settings
from counterapp.desks.day_close.models import STOCK_SERIES, StockFile, StockLine
from counterapp.errors import NotAllowed, NotFound, Refused
from counterapp.return_forms.models import FormClosure, ReturnCase, ReturnForm, ReturnFormLine, ReturnLine, Void
from counterapp.return_forms.terms import Flag, Kind, Reason, name_of
from counterapp.words import N_


@dataclass(frozen=True, slots=True)
class FileDetails:
    """A stock file: how many lines it holds and what they come to (fen), who made it, and who fetched it first."""

    number: int
    day: dt.date
    lines: int
    amount: int
    made_at: dt.datetime
    made_by: str
    fetched_at: dt.datetime | None
    fetched_by: str


def make_file(session: Session, actor: Actor, day: dt.date) -> int:
    """Make the stock file of a business day and return its number.

    It takes all lines and voids until that day that are in no file yet. Raises Refused where there is none: they are
    all in a file, or another station was faster; NotAllowed.
    """
    _require(actor)
    # Whoever makes a file at the same moment waits here, and then sees the other's lines.
    number = next_number(session, STOCK_SERIES)
    found = session.execute(_not_in_a_file(day)).all()
    if not found:
        raise Refused(N_("Every returned line until {day} is in a stock file already."), day=day)
    file = StockFile(
        number=number, booked_on=day, made_at=actor.now(), made_by=actor.person.person_id, fetched_at=None,
        fetched_by=None,
    )  # fmt: skip
    session.add(file)
    session.flush()
    session.add_all(
        StockLine(
            return_line_id=line_id, sign=sign, reverses=1 if sign < 0 else None, file_id=file.id, position=position
        )
        for position, (line_id, sign, _number, _position) in enumerate(found, start=1)
    )
    session.flush()
    return number


def missing_lines(session: Session, day: dt.date) -> int:
    """Return how many lines and voids until a business day are in no stock file yet."""
    return session.scalar(select(func.count()).select_from(_not_in_a_file(day).subquery())) or 0


def files_of(session: Session, day: dt.date) -> tuple[FileDetails, ...]:
    """Return the stock files of a business day."""
    return _files(session, StockFile.booked_on == day)


def not_fetched(session: Session, day: dt.date) -> tuple[FileDetails, ...]:
    """Return the stock files until a business day that nobody has fetched yet."""
    return _files(session, and_(StockFile.booked_on <= day, StockFile.fetched_at.is_(None)))


def fetch(session: Session, actor: Actor, numbers: Sequence[int], put: Callable[[Table, bool], None]) -> bool:
    """Hand the lines of the files `numbers` to `put`, which writes them out; return whether this was the first time.

    `put` gets the table and whether it is a copy: one of the files was fetched before, and its lines say so. Writing
    happens inside the transaction: what could not be written is not marked as fetched. Raises NotFound, NotAllowed.
    """
    _require(actor)
    files = session.scalars(
        select(StockFile).where(StockFile.number.in_(numbers)).order_by(StockFile.number).with_for_update()
    ).all()
    if not files or {file.number for file in files} != set(numbers):
        raise NotFound(N_("There is no such stock file. Look at the list again."))
    copies = {file.number for file in files if file.fetched_at is not None}
    for file in files:
        if file.fetched_at is None:
            file.fetched_at, file.fetched_by = actor.now(), actor.person.person_id
    session.flush()
    put(_table(session, [file.id for file in files], copies), bool(copies))
    return not copies


def _require(actor: Actor) -> None:
    if actor.person.role not in AT_THE_COUNTER:
        raise NotAllowed(N_("The stock correction is the service counter's. Ask a clerk or a supervisor."))


def _not_in_a_file(day: dt.date) -> Select[*tuple[Any, ...]]:
    """Return line, sign, form number and place of what belongs into the next file."""
    placed = aliased(StockLine)

    def of_sign(sign: int) -> Select[*tuple[Any, ...]]:
        in_a_file = exists().where(placed.return_line_id == ReturnFormLine.return_line_id, placed.sign == sign)
        return (
            select(
                ReturnFormLine.return_line_id, literal(sign).label("sign"), ReturnForm.number, ReturnFormLine.position
            )
            .join(ReturnForm, ReturnForm.id == ReturnFormLine.form_id)
            .outerjoin(Void, Void.root_id == ReturnForm.id)
            .outerjoin(FormClosure, FormClosure.form_id == Void.form_id)
            .where(~in_a_file)
        )

    came_back = of_sign(1).where(ReturnForm.booked_on <= day, FormClosure.form_id.is_(None))
    went_again = of_sign(-1).where(
        FormClosure.booked_on <= day,
        exists().where(placed.return_line_id == ReturnFormLine.return_line_id, placed.sign == 1),
    )
    every = union_all(came_back, went_again).subquery()
    line_id, sign, number, position = every.c
    return select(line_id, sign, number, position).order_by(number, position, sign)


def _files(session: Session, which: ColumnElement[bool]) -> tuple[FileDetails, ...]:
    maker, fetcher = aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            StockFile, maker.name, fetcher.name, func.count(StockLine.return_line_id),
            func.coalesce(func.sum(StockLine.sign * ReturnLine.refund), 0),
        )
        .join(maker, maker.id == StockFile.made_by)
        .outerjoin(fetcher, fetcher.id == StockFile.fetched_by)
        .join(StockLine, StockLine.file_id == StockFile.id)
        .join(ReturnLine, ReturnLine.id == StockLine.return_line_id)
        .where(which)
        .group_by(StockFile.id, maker.name, fetcher.name)
        .order_by(StockFile.number)
    )  # fmt: skip
    return tuple(
        FileDetails(
            file.number, file.booked_on, count, int(amount), file.made_at, made_by, file.fetched_at, fetched_by or ""
        )
        for file, made_by, fetched_by, count, amount in rows
    )


_CATEGORY_WORDS: Final = {code: heading for heading, code in CATEGORIES.items() if heading != code}


def _table(session: Session, file_ids: Sequence[int], copies: set[int]) -> Table:
    language = store_settings(session).language
    said = words.language(language).gettext
    rows = session.execute(
        select(
            StockFile.number, StockFile.booked_on, StockLine.sign, ReturnForm.number, ReturnForm.booked_on,
            Receipt, ReturnLine, ReceiptLine,
        )
        .join(StockLine, StockLine.file_id == StockFile.id)
        .join(ReturnLine, ReturnLine.id == StockLine.return_line_id)
        .join(ReceiptLine, ReceiptLine.id == ReturnLine.line_id)
        .join(ReturnFormLine, ReturnFormLine.return_line_id == ReturnLine.id)
        .join(ReturnForm, ReturnForm.id == ReturnFormLine.form_id)
        .join(ReturnCase, ReturnCase.case_id == ReturnForm.case_id)
        .join(Receipt, Receipt.id == ReturnCase.receipt_id)
        .where(StockFile.id.in_(file_ids))
        .order_by(StockFile.number, StockLine.position)
    )  # fmt: skip
    lines: list[tuple[Cell, ...]] = []
    for number, file_day, sign, form, form_day, receipt, line, sold in rows:
        category = _CATEGORY_WORDS.get(sold.category, sold.category) if language == "zh" else sold.category
        condition = ", ".join(f"{name}={'yes' if yes else 'no'}" for name, yes in sorted(line.answers.items()))
        lines.append(
            (
                number, form_day if sign > 0 else file_day, form, "" if receipt.source == TYPED else receipt.number,
                sold.item_no, sold.barcode, sold.name,
                sold.department, category, amount_of(sign * line.quantity), unit_price(sold.unit_price),
                yuan(sign * line.refund), name_of(Kind(line.kind), language),
                name_of(Reason(str(line.reason)), language) if sign > 0 else said(N_("Form is void")), condition,
                sold.supplier, said(N_("yes")) if Flag.CONCESSION in sold.flag_set else "",
                said(N_("copy")) if number in copies else "",
            )
        )  # fmt: skip
    return Table(said(N_("Stock correction")), _heads(language), lines)


def _heads(language: str) -> tuple[str, ...]:
    """Return the heads; what the till's export has bears the same name here (spec/data.md)."""
    said = words.language(language).gettext
    till = LINE_COLUMNS if language == "zh" else {name: name for name in LINE_COLUMNS}
    return (
        said(N_("Stock file")), said(N_("Business day")), said(N_("Form number")), said(N_("Sales receipt number")),
        *(till[name] for name in ("item_no", "barcode", "name", "department", "category", "quantity", "unit_price")),
        till["amount"], said(N_("Kind")), said(N_("Reason")), said(N_("Condition")), till["supplier"],
        said(N_("Concession")), said(N_("Copy")),
    )  # fmt: skip
