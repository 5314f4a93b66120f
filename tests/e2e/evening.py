"""The evening of a day after the form: what is left is done, the day is closed; and its books are held together."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from counterapp import app
from counterapp.core import staff
from counterapp.core.actor import Actor
from counterapp.core.cases import Case
from counterapp.core.claims import LineClaim
from counterapp.core.database import Database
from counterapp.core.journal_verify import verify
from counterapp.desks.day_close.models import StockLine
from counterapp.desks.day_close.services import closing, open_items, register, seals, stock
from counterapp.desks.returned_goods.services import notices, sheets
from counterapp.desks.returns.services import approval, details
from counterapp.desks.till.services import parts
from counterapp.return_forms.models import (
    NEW_FORM,
    REDEEMED,
    RENEWED,
    SETTLED,
    VOID,
    FormClosure,
    PartTwo,
    Redemption,
    ReturnCase,
    ReturnForm,
    ReturnFormLine,
    ReturnLine,
)

ZONE: Final = dt.timezone(dt.timedelta(hours=8))


def close(database: Database, day: dt.date) -> None:
    """Do what the evening asks for: part 2s, floor, stock file, explanations; and close the day with two signatures."""
    people = {person.number: person.signer() for person in database.read(staff.list_staff)}
    late = Actor(people["6012"], "1", lambda: at(day, 22))
    supervisor = people["5003"]
    at_the_till = Actor(supervisor, "1", late.clock)

    def do(act: str, verb: Callable[..., Any], *args: Any, by: Actor = late) -> Any:
        return database.command(by, act, lambda s: verb(s, by, *args))

    for case_id, state in database.read(_unfinished):
        # A case that a killed station left waiting is approved or sent back by somebody before the day is over.
        if state == "waiting":
            revision = database.read(partial(details.get_return, case_id=case_id, today=late.today())).case.revision
            do("return.refuse", approval.refuse, people["4001"], case_id, revision, "顾客已离开")
    for count, code in enumerate(database.read(_used_without_part_two)):
        if count % 25 != 24:  # one in twenty-five lies somewhere at the till
            do("part2.collect", parts.collect_part_two, code, by=at_the_till)
    for stack in database.read(lambda s: parts.stacks(s, day)):
        if stack.count:
            cashier = next(one for one in people.values() if one.person_id == stack.cashier_id)
            do("part2.over", parts.hand_over, cashier, day, stack.till, "行政部王芳", by=at_the_till)
    for notice in database.read(lambda s: notices.open_notices(s, late.now())):
        if notice.to_collect:
            do("floor.collect", notices.collect, notice.return_line_id, "生鲜部李强")
    for sheet in do("floor.sheets", sheets.make_sheets, day):
        do("floor.sign", sheets.sign_sheet, sheet, "部门主管陈立")
    if database.read(lambda s: stock.missing_lines(s, day)):
        number = do("stock.make", stock.make_file, day)
        do("stock.fetch", stock.fetch, [number], lambda table, copy: None)
    left = database.read(lambda s: closing.day_details(s, day, late.now(), app.open_items())).open_items
    assert not [item for item in left if item.must], left
    if left:
        do("day.explain", open_items.explain, day, [item.key for item in left], "已查明，收银台找回中")
    do("day.close", closing.close_day, supervisor, day, app.open_items())


def books(database: Database) -> dict[str, int]:
    """Hold everything of the week against everything, and return the figures. Raises AssertionError."""

    def read(session: Session) -> dict[str, int]:
        forms = session.scalars(select(ReturnForm).order_by(ReturnForm.number)).all()
        assert [form.number for form in forms] == list(range(1, len(forms) + 1)), "a number is missing or twice"
        days = sorted({form.booked_on for form in forms})
        listed = [entry.number for day in days for entry in register.register(session, day).forms]
        assert sorted(listed) == [form.number for form in forms], "the registers do not have every number once"
        ends = {end.form_id: end for end in session.scalars(select(FormClosure))}
        redeemed = {one.form_id: one for one in session.scalars(select(Redemption))}
        for day in days:
            found = register.register(session, day)
            made = sum(form.amount for form in forms if form.booked_on == day)
            ended = sum(end.amount for end in ends.values() if end.booked_on == day)
            assert (found.made.fen, found.ended.fen) == (made, ended)
            assert found.after.fen == sum(form.amount for form in forms if form.booked_on <= day) - sum(
                end.amount for end in ends.values() if end.booked_on <= day
            )
        of = {origin: sum(form.amount for form in forms if form.origin == origin) for origin in ("goods", "rest")}
        rests = sum(one.rest for one in redeemed.values() if one.rest_how == NEW_FORM)
        assert of["rest"] == rests, "what was left over and the forms that it stands on differ"
        by_how = {
            how: sum(end.amount for end in ends.values() if end.how == how)
            for how in (REDEEMED, SETTLED, VOID, RENEWED)
        }
        still_good = sum(form.amount for form in forms if form.id not in ends)
        used = sum(one.used for one in redeemed.values())
        other_rests = sum(one.rest for one in redeemed.values() if one.rest_how != NEW_FORM)
        money_in = of["goods"] - by_how[VOID]
        assert money_in == used + other_rests + by_how[SETTLED] + still_good, "money in is not money out"
        claimed = session.scalar(select(func.sum(LineClaim.delta_fen))) or 0
        assert claimed == money_in, "what hangs on the receipts is not what the forms gave"
        stands = session.execute(
            select(ReturnFormLine.return_line_id, ReturnFormLine.form_id).join(
                ReturnLine, ReturnLine.id == ReturnFormLine.return_line_id
            )
        )
        corrected: Counter[int] = Counter()
        for line_id, sign in session.execute(select(StockLine.return_line_id, StockLine.sign)):
            corrected[line_id] += sign
        for line_id, form_id in stands:
            is_void = form_id in ends and ends[form_id].how == VOID
            assert corrected.pop(line_id, 0) == (0 if is_void else 1), (
                f"line {line_id} stands wrongly in the stock files"
            )
        assert not +corrected, "a stock file has a line of no form"
        count, bad = seals.verify_seals(session)
        assert not bad, bad
        return {
            "forms": len(forms), "redeemed": len(redeemed), "days": len(days), "seals": count, "fen": of["goods"],
            "void": sum(1 for end in ends.values() if end.how == VOID), "still good": len(forms) - len(ends),
            "settled": sum(1 for end in ends.values() if end.how == SETTLED),
            "stock lines": session.scalar(select(func.count()).select_from(StockLine)) or 0,
        }  # fmt: skip

    figures = database.read(read)
    assert [chain.bad for chain in verify(database) if chain.bad] == []
    return figures


def at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), ZONE)


def _unfinished(session: Session) -> list[tuple[int, str]]:
    cases = select(Case.id, Case.state).join(ReturnCase, ReturnCase.case_id == Case.id)
    return [(case_id, state) for case_id, state in session.execute(cases.where(Case.state.in_(["waiting", "draft"])))]


def _used_without_part_two(session: Session) -> list[str]:
    used = (
        select(ReturnForm.code)
        .join(FormClosure, FormClosure.form_id == ReturnForm.id)
        .outerjoin(PartTwo, PartTwo.form_id == ReturnForm.id)
        .where(FormClosure.how.in_([REDEEMED, SETTLED]), PartTwo.form_id.is_(None))
    )
    return list(session.scalars(used.order_by(ReturnForm.number)))
