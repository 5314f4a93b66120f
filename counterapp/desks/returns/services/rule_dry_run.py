"""A rule book tried on past cases before it starts: which verdicts would have been different. Nothing is changed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from counterapp.core.cases import Case
from counterapp.core.claims import RETURNS, Balance, LineClaim, hanging
from counterapp.core.store_settings import store_settings
from counterapp.desks.returns.rules import RuleBook, Verdict
from counterapp.desks.returns.services.rule_evaluation import Asked, verdict_on
from counterapp.return_forms.models import ReturnCase, ReturnForm, ReturnFormLine, ReturnLine
from counterapp.return_forms.terms import Answer, Effect, Kind, Reason

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of a past case that the book would have judged otherwise: `number` of its form, `amount` in fen.

    `open_questions` counts what the book asks and nobody was asked then: they could still change its verdict.
    """

    receipt: str
    line_no: int
    item: str
    number: int | None
    day: dt.date
    amount: int
    old: Effect
    new: Verdict

    @property
    def open_questions(self) -> int:
        """How many answers the book would have asked for that nobody gave."""
        return len(self.new.questions)


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a trial gave: `tried` lines since the day `since`, and those that differ, in the order they were judged."""

    since: dt.date
    tried: int
    differences: tuple[Difference, ...]

    def totals(self) -> list[tuple[Effect, Effect, int, int]]:
        """Return (old, new, lines, fen) for every way in which verdicts differ, the most frequent first."""
        lines: Counter[tuple[Effect, Effect]] = Counter()
        fen: Counter[tuple[Effect, Effect]] = Counter()
        for one in self.differences:
            lines[one.old, one.new.effect] += 1
            fen[one.old, one.new.effect] += one.amount
        return [(*way, count, fen[way]) for way, count in lines.most_common()]


def dry_run(session: Session, book: RuleBook, today: dt.date, days: int) -> DryRun:
    """Judge by `book` every line that was judged in the last `days`, with the facts and answers of that day.

    It is tried as if it had held then, whatever its first day.
    """
    zone = store_settings(session).zone_info
    since = today - dt.timedelta(days=days)
    start = dt.datetime.combine(since, dt.time(), zone)
    lines = session.scalars(
        select(ReturnLine)
        .join(ReturnLine.return_case)
        .join(ReturnCase.case)
        .join(ReturnCase.receipt)
        .join(ReturnLine.line)
        .where(ReturnLine.effect.is_not(None), Case.opened_at >= start)
        .order_by(ReturnLine.id)
        .options(
            contains_eager(ReturnLine.return_case).contains_eager(ReturnCase.case),
            contains_eager(ReturnLine.return_case).contains_eager(ReturnCase.receipt),
            contains_eager(ReturnLine.line),
        )
    ).all()
    differences = []
    for chunk in _chunks(lines):
        steps = _steps(session, {line.line_id for line in chunk})
        hangs = hanging(session, [line.line_id for line in chunk])
        numbers = _numbers(session, [line.id for line in chunk])
        for line in chunk:
            record, receipt = line.return_case, line.return_case.receipt
            balance, at = _found_then(line, record.case, steps.get(line.line_id, ()))
            day = at.astimezone(zone).date()
            answers = {Answer(answer): said for answer, said in line.answers.items()}
            asked = Asked(Kind(line.kind), Reason(str(line.reason)), line.quantity, answers)
            verdict = verdict_on(book, receipt, line.line, balance, asked, day, hangs.get(line.line_id, ()))
            old = Effect(str(line.effect))
            if verdict.effect is not old:
                amount = line.refund or line.line.paid * line.quantity // max(line.line.sold, 1)
                differences.append(
                    Difference(
                        receipt.number, line.line.line_no, line.line.name, numbers.get(line.id), day,
                        amount, old, verdict,
                    )
                )  # fmt: skip
    return DryRun(since, len(lines), tuple(differences))


def _chunks(lines: Sequence[ReturnLine]) -> Iterable[Sequence[ReturnLine]]:
    return (lines[start : start + _CHUNK] for start in range(0, len(lines), _CHUNK))


def _steps(session: Session, line_ids: Iterable[int]) -> dict[int, list[LineClaim]]:
    found = select(LineClaim).where(LineClaim.line_id.in_(line_ids), LineClaim.pool == RETURNS)
    steps: dict[int, list[LineClaim]] = {}
    for step in session.scalars(found.order_by(LineClaim.line_id, LineClaim.seq)):
        steps.setdefault(step.line_id, []).append(step)
    return steps


def _numbers(session: Session, return_line_ids: Sequence[int]) -> dict[int, int]:
    found = (
        select(ReturnFormLine.return_line_id, ReturnForm.number)
        .join(ReturnForm, ReturnForm.id == ReturnFormLine.form_id)
        .where(ReturnFormLine.return_line_id.in_(return_line_ids))
    )
    return {line_id: int(number) for line_id, number in session.execute(found)}


def _found_then(line: ReturnLine, case: Case, steps: Sequence[LineClaim]) -> tuple[Balance, dt.datetime]:
    """Return what had been taken of a line when it was judged, and when that was.

    Who claims is judged in the same transaction; what was refused claimed nothing, and was judged when its case last
    moved.
    """
    own = [step for step in steps if step.case_id == line.case_id and step.delta > 0]
    if own:
        return Balance(own[-1].before, own[-1].before_fen), own[-1].at
    earlier = [step for step in steps if step.at <= case.changed_at and step.case_id != line.case_id]
    return Balance(earlier[-1].after, earlier[-1].after_fen) if earlier else Balance(), case.changed_at
