"""Floor sheets: the returned goods of a business day by department, for its duty supervisor to check and sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.core.codes import grouped, new_code
from counterapp.core.print_queue import PaperRole, reprint
from counterapp.core.receipts import ReceiptLine
from counterapp.core.staff import Person
from counterapp.desks.returned_goods.models import SHEET_LETTERS, FloorSheet, FloorSheetLine
from counterapp.desks.returned_goods.printouts import FloorLine, FloorSheetFacts, floor_sheet
from counterapp.desks.returned_goods.services.notices import require_counter, require_name
from counterapp.documents.issue import PrintContext, print_context
from counterapp.errors import BadInput, NotFound, Overtaken, Refused
from counterapp.return_forms.models import ReturnForm, ReturnFormLine, ReturnLine, Void
from counterapp.return_forms.notices import supplier_of
from counterapp.return_forms.terms import Answer, Kind, Reason, name_of
from counterapp.words import N_

LONGEST_REMARK: Final = 200

#: What was said of the goods at the counter that the floor has to know, by question and answer.
_CONDITIONS: Final = (
    (Answer.PACKAGE_WHOLE, False, N_("package not whole")),
    (Answer.ACCESSORIES_COMPLETE, False, N_("accessories missing")),
    (Answer.SIGNS_OF_USE, True, N_("signs of use")),
    (Answer.FAULT_CONFIRMED, True, N_("fault confirmed")),
)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A returned line on a sheet; `quantity` in thousandths, `void`: its form is void since."""

    item_no: str
    item: str
    quantity: int
    form: int
    supplier: str
    void: bool


@dataclass(frozen=True, slots=True)
class SheetDetails:
    """A floor sheet with its lines; `checked_by` is who signed the paper, empty until then."""

    id: int
    code: str
    booked_on: dt.date
    department: str
    seq: int
    made_at: dt.datetime
    made_by: str
    lines: tuple[SheetLine, ...]
    checked_by: str
    signed_at: dt.datetime | None
    remark: str

    @property
    def voided(self) -> tuple[int, ...]:
        """The forms that became void after it was printed."""
        return tuple(dict.fromkeys(line.form for line in self.lines if line.void))


def make_sheets(session: Session, actor: Actor, day: dt.date) -> list[int]:
    """Put what came back on a business day and stands on no sheet yet on new ones, a sheet a department, and print.

    Lines of void forms are left out. Return the sheets' ids, none where there is nothing to put on one. Of two stations
    that make them at once the database lets one win (Overtaken).
    """
    require_counter(actor)
    context = print_context(session, actor)
    rows = session.execute(_unlisted(day)).all()
    made = []
    for department, of_department in groupby(rows, key=lambda row: row[1].department):
        lines = [(line, sold, number) for line, sold, number in of_department]
        made.append(_make_sheet(context, day, department, lines))
    return made


def unlisted(session: Session, day: dt.date) -> dict[str, int]:
    """Return how many lines of a business day stand on no sheet yet, by department."""
    counts: dict[str, int] = {}
    for _line, sold, _number in session.execute(_unlisted(day)):
        counts[sold.department] = counts.get(sold.department, 0) + 1
    return counts


def sheets_to_see(session: Session, day: dt.date) -> tuple[SheetDetails, ...]:
    """Return the sheets of a business day, and before them those of earlier days that nobody has signed."""
    earlier = and_(FloorSheet.booked_on < day, FloorSheet.signed_at.is_(None))
    return _sheets(session, or_(FloorSheet.booked_on == day, earlier))


def find_sheet(session: Session, code: str) -> SheetDetails:
    """Return the sheet that bears `code`. Raises NotFound."""
    found = _sheets(session, FloorSheet.code == code)
    if not found:
        raise NotFound(N_("There is no floor sheet with the code {code}. Look at the paper."), code=grouped(code))
    return found[0]


def sign_sheet(session: Session, actor: Actor, sheet_id: int, checked_by: str, remark: str = "") -> None:
    """Note that a department's duty supervisor, `checked_by`, has checked the goods and signed the paper.

    `remark` is what stands there besides. Raises BadInput without a name, NotFound, Overtaken where it is signed.
    """
    require_counter(actor)
    name = require_name(checked_by)
    if len(remark.strip()) > LONGEST_REMARK:
        raise BadInput(N_("The remark is too long. Say it in fewer words."))
    sheet = _held(session, sheet_id)
    if sheet.signed_at is not None:
        raise Overtaken(N_("{name} has signed this sheet already."), name=sheet.checked_by)
    sheet.checked_by, sheet.remark = name, remark.strip()
    sheet.signed_at, sheet.signed_by = actor.now(), actor.person.person_id
    session.flush()


def print_sheet(session: Session, actor: Actor, sheet_id: int) -> int:
    """Print a sheet once more, as it was, at the actor's station; return which copy it is.

    Only one that certainly never came out is sent again as the first print, and counts 0.
    Raises NotFound, Refused while it is still being printed.
    """
    require_counter(actor)
    sheet = _held(session, sheet_id)
    under_way = Refused(N_("The sheet is still being printed. Wait for it, or look at the printer."))
    return reprint(session, actor, sheet.job_id, under_way)


def _unlisted(day: dt.date) -> Select[ReturnLine, ReceiptLine, int]:
    void = exists().where(Void.root_id == ReturnForm.id)
    listed = exists().where(FloorSheetLine.return_line_id == ReturnLine.id)
    return (
        select(ReturnLine, ReceiptLine, ReturnForm.number)
        .join(ReturnFormLine, ReturnFormLine.return_line_id == ReturnLine.id)
        .join(ReturnForm, ReturnForm.id == ReturnFormLine.form_id)
        .join(ReceiptLine, ReceiptLine.id == ReturnLine.line_id)
        .where(ReturnForm.booked_on == day, ~void, ~listed)
        .order_by(ReceiptLine.department, ReturnForm.number, ReturnFormLine.position)
    )


def _make_sheet(
    context: PrintContext, day: dt.date, department: str, lines: list[tuple[ReturnLine, ReceiptLine, int]]
) -> int:
    session, actor = context.session, context.actor
    same = (FloorSheet.booked_on == day, FloorSheet.department == department)
    last = session.scalar(select(func.max(FloorSheet.seq)).where(*same)) or 0
    facts = FloorSheetFacts(
        issued=context.issued_by(),
        department=department,
        day=day,
        seq=last + 1,
        code=new_code(SHEET_LETTERS),
        lines=tuple(_floor_line(line, sold, number) for line, sold, number in lines),
    )
    job = context.print(PaperRole.FORM, floor_sheet(facts, context.language, context.form_paper), None)
    sheet = FloorSheet(
        code=facts.code, booked_on=day, department=department, seq=facts.seq, made_at=actor.now(),
        made_by=actor.person.person_id, job_id=job.id,
    )  # fmt: skip
    session.add(sheet)
    session.flush()
    session.add_all(FloorSheetLine(return_line_id=line.id, sheet_id=sheet.id) for line, _sold, _number in lines)
    session.flush()
    return sheet.id


def _floor_line(line: ReturnLine, sold: ReceiptLine, number: int) -> FloorLine:
    conditions = (words for answer, said, words in _CONDITIONS if line.answers.get(answer) is said)
    return FloorLine(
        item_no=sold.item_no,
        item=sold.name,
        quantity_milli=line.quantity,
        why=(name_of(Kind(line.kind), "en"), name_of(Reason(str(line.reason)), "en"), *conditions),
        form_number=number,
        supplier=supplier_of(sold),
    )


def _held(session: Session, sheet_id: int) -> FloorSheet:
    sheet = session.get(FloorSheet, sheet_id, with_for_update=True)
    if sheet is None:
        raise NotFound(N_("There is no such sheet."))
    return sheet


def _sheets(session: Session, wanted: ColumnElement[bool]) -> tuple[SheetDetails, ...]:
    found = session.execute(
        select(FloorSheet, Person.name)
        .join(Person, Person.id == FloorSheet.made_by)
        .where(wanted)
        .order_by(FloorSheet.booked_on, FloorSheet.department, FloorSheet.seq)
    ).all()
    lines = _lines_of(session, [sheet.id for sheet, _name in found])
    return tuple(
        SheetDetails(
            id=sheet.id,
            code=sheet.code,
            booked_on=sheet.booked_on,
            department=sheet.department,
            seq=sheet.seq,
            made_at=sheet.made_at,
            made_by=name,
            lines=tuple(lines.get(sheet.id, ())),
            checked_by=sheet.checked_by,
            signed_at=sheet.signed_at,
            remark=sheet.remark,
        )
        for sheet, name in found
    )


def _lines_of(session: Session, sheet_ids: Iterable[int]) -> dict[int, list[SheetLine]]:
    rows = session.execute(
        select(FloorSheetLine.sheet_id, ReturnLine, ReceiptLine, ReturnForm.number, Void.form_id)
        .join(ReturnLine, ReturnLine.id == FloorSheetLine.return_line_id)
        .join(ReturnFormLine, ReturnFormLine.return_line_id == ReturnLine.id)
        .join(ReturnForm, ReturnForm.id == ReturnFormLine.form_id)
        .join(ReceiptLine, ReceiptLine.id == ReturnLine.line_id)
        .outerjoin(Void, Void.root_id == ReturnForm.id)
        .where(FloorSheetLine.sheet_id.in_(sheet_ids))
        .order_by(ReturnForm.number, ReturnFormLine.position)
    )
    lines: dict[int, list[SheetLine]] = {}
    for sheet_id, line, sold, number, ended in rows:
        of_sheet = lines.setdefault(sheet_id, [])
        of_sheet.append(SheetLine(sold.item_no, sold.name, line.quantity, number, supplier_of(sold), ended is not None))
    return lines
