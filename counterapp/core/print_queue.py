"""The print queue: a job is stored with the record it prints, in one transaction, and sent after the commit."""

from __future__ import annotations

import datetime as dt
import enum
import json
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp import words
from counterapp.core import journal
from counterapp.core.actor import Actor
from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.core.commands import new_key
from counterapp.errors import CounterError, NotFound, Overtaken, Trouble
from counterapp.words import N_
from printers.document import Document, to_json


class PaperRole(enum.StrEnum):
    """The roles of paper that a job names; which printer serves one is a setting of the station."""

    FORM = "form"
    SLIP = "slip"
    TOKEN = "token"


class JobState(enum.StrEnum):
    """queued → sending → printed, failed (certainly no paper), or unknown (then the clerk is asked).

    A job that a printer did not take, and of which there certainly is no paper, is put back and waits.
    """

    QUEUED = "queued"
    SENDING = "sending"
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"


_FOLLOWS: Final = {
    JobState.QUEUED: frozenset({JobState.SENDING, JobState.FAILED}),
    JobState.SENDING: frozenset({JobState.PRINTED, JobState.FAILED, JobState.UNKNOWN}),
    JobState.FAILED: frozenset({JobState.QUEUED}),
    JobState.UNKNOWN: frozenset({JobState.QUEUED, JobState.PRINTED}),
    JobState.PRINTED: frozenset(),
}
_SAID: Final = 400
_ERASED: Final = text("erased_at IS NOT NULL")


class PrintJob(Base):
    """One paper to be printed: `document` is the Slip or the Pages themselves as JSON, `paper` the role of paper.

    `key` is minted before the first attempt and names the job at the printer, so that nothing is sent twice. `copy` is
    0 for the first print and counts the repeats of the job `first_id`, whose document they share; the word 补打 comes
    onto the paper when it is sent. `said` is why it did not print, or waits, as `reason_of` reads it. `let_go_at`:
    somebody said that a paper which did not print is no longer wanted. `erased_at`: its customer was erased
    from it, and what PCs have kept of it is deleted.
    """

    __tablename__ = "print_jobs"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sending', 'printed', 'failed', 'unknown')", name="state"),
        Index("ix_print_jobs_station_state", "station", "state"),
        Index("ix_print_jobs_first_id_copy", "first_id", "copy", unique=True),
        Index("ix_print_jobs_erased_at", "erased_at", sqlite_where=_ERASED, postgresql_where=_ERASED),
    )
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    paper: Mapped[str] = mapped_column(String(10))
    station: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    document: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    said: Mapped[str] = mapped_column(String(_SAID), default="")
    queued_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    first_id: Mapped[int | None] = mapped_column(ForeignKey("print_jobs.id"))
    copy: Mapped[int] = mapped_column(default=0)
    let_go_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


def enqueue(
    session: Session, actor: Actor, paper: PaperRole, title: str, document: Document, case_id: int | None
) -> PrintJob:
    """Add a job for the actor's station to the running transaction; it has its id after the next flush."""
    return _added(session, actor, paper.value, title, to_json(document), case_id)


def repeat(session: Session, actor: Actor, job: PrintJob) -> PrintJob:
    """Add a repeat of `job` for the actor's station, which counts on from the last copy; the former prints stay."""
    first_id = job.first_id or job.id
    copy = _next_copy(session, first_id)
    again = _added(session, actor, job.paper, job.title, job.document, job.case_id, first_id, copy)
    session.flush()
    journal.note(session, print_job=again.id, title=again.title, copy=copy)
    return again


def reprint(
    session: Session, actor: Actor, first_id: int, under_way: CounterError, anew: Document | None = None
) -> int:
    """Print what the job `first_id` printed once more, from the actor's station; return which copy it is.

    Only what certainly never came out is sent again as the first print, and counts 0. With `anew` that is printed
    instead, as a copy in any case. Raises `under_way` while the last one is still being printed.
    """
    last = prints_of(session, first_id)[-1]
    if last.state in {JobState.QUEUED, JobState.SENDING}:
        raise under_way
    if anew is None and last.state != JobState.PRINTED:
        return try_again(session, actor, last.id)
    again = repeat(session, actor, last)
    if anew is not None:
        again.title, again.document = anew.title, to_json(anew)
    return again.copy


def try_again(session: Session, actor: Actor, job_id: int) -> int:
    """Send a job that did not print once more, from the actor's station; return which copy it is now.

    What may have come out is a repeat from here on, and says so. Raises Overtaken where the job is under way or
    printed, NotFound.
    """
    job = _job(session, job_id)
    if job.state == JobState.UNKNOWN:
        job.copy = _next_copy(session, job.first_id or job.id)
    now = actor.now()
    advance(session, job_id, JobState.QUEUED, now)
    job.station, job.queued_at, job.let_go_at = actor.station, now, None
    journal.note(session, print_job=job.id, title=job.title, copy=job.copy)
    session.flush()
    return job.copy


def came_out(session: Session, actor: Actor, job_id: int) -> None:
    """Note what the actor saw: the paper of an unknown job did come out. Raises Overtaken, NotFound."""
    job = _job(session, job_id)
    if job.state != JobState.UNKNOWN:
        raise Overtaken(_MOVED_ON)
    advance(session, job_id, JobState.PRINTED, actor.now())
    journal.note(session, print_job=job.id, title=job.title, came_out=True)


def let_go(session: Session, actor: Actor, job_id: int) -> None:
    """Note that a paper which did not print, or may not have, is no longer wanted. Raises Overtaken, NotFound."""
    job = _job(session, job_id)
    if job.state not in {JobState.FAILED, JobState.UNKNOWN}:
        raise Overtaken(_MOVED_ON)
    job.let_go_at = actor.now()
    journal.note(session, print_job=job.id, title=job.title, let_go=True)


def prints_of(session: Session, first_id: int) -> list[PrintJob]:
    """Return the job `first_id` and its repeats, by their count."""
    family = or_(PrintJob.id == first_id, PrintJob.first_id == first_id)
    return list(session.scalars(select(PrintJob).where(family).order_by(PrintJob.copy)))


def not_printed(session: Session, station: str, since: dt.datetime) -> list[PrintJob]:
    """Return the station's jobs that failed or may have failed since then and are still wanted, the oldest first."""
    states = (JobState.FAILED.value, JobState.UNKNOWN.value)
    wanted = select(PrintJob).where(
        PrintJob.station == station,
        PrintJob.state.in_(states),
        PrintJob.changed_at >= since,
        PrintJob.let_go_at.is_(None),
    )
    return list(session.scalars(wanted.order_by(PrintJob.id)))


def waiting(session: Session, station: str, *papers: PaperRole) -> list[PrintJob]:
    """Return the station's jobs that wait to be sent, on any paper or on one of `papers`, the oldest first."""
    wanted = select(PrintJob).where(PrintJob.station == station, PrintJob.state == JobState.QUEUED.value)
    if papers:
        wanted = wanted.where(PrintJob.paper.in_([paper.value for paper in papers]))
    return list(session.scalars(wanted.order_by(PrintJob.id)))


def advance(
    session: Session, job_id: int, to: JobState, now: dt.datetime, said: CounterError | None = None
) -> PrintJob:
    """Move a job on; `said` is why it did not print, or not yet.

    Raises Overtaken where the job is in no state that `to` may follow: another worker has it.
    """
    job = session.get_one(PrintJob, job_id, with_for_update=True, populate_existing=True)
    if to not in _FOLLOWS[JobState(job.state)]:
        raise Overtaken(_MOVED_ON)
    if to is JobState.SENDING:
        job.attempts += 1
    job.state, job.said, job.changed_at = to.value, _stored(said), now
    session.flush()
    return job


def put_back(session: Session, job_id: int, now: dt.datetime, said: CounterError) -> None:
    """Let a job wait that was being sent and certainly is no paper, as `said` tells; its time goes on.

    Raises Overtaken where it was not being sent.
    """
    job = session.get_one(PrintJob, job_id, with_for_update=True, populate_existing=True)
    if job.state != JobState.SENDING:
        raise Overtaken(_MOVED_ON)
    job.state, job.said, job.changed_at = JobState.QUEUED.value, _stored(said), now
    session.flush()


def give_up(session: Session, job_id: int, now: dt.datetime, said: CounterError) -> PrintJob:
    """Move a job that still waits to failed, as `said` tells. Raises Overtaken where a worker has it."""
    job = session.get_one(PrintJob, job_id, with_for_update=True, populate_existing=True)
    if job.state != JobState.QUEUED:
        raise Overtaken(_MOVED_ON)
    return advance(session, job_id, JobState.FAILED, now, said)


def recover(session: Session, station: str, now: dt.datetime) -> list[PrintJob]:
    """Mark what the station was sending when it stopped as unknown; return its unknown jobs that
    are still wanted, the oldest first."""
    of_station = select(PrintJob).where(PrintJob.station == station).order_by(PrintJob.id)
    for job in session.scalars(of_station.where(PrintJob.state == JobState.SENDING.value)).all():
        advance(session, job.id, JobState.UNKNOWN, now, Trouble(N_("The program stopped while it was printing.")))
    unknown = of_station.where(PrintJob.state == JobState.UNKNOWN.value, PrintJob.let_go_at.is_(None))
    return list(session.scalars(unknown))


def reason_of(job: PrintJob) -> CounterError | None:
    """Return why a job did not print, in the words of whoever asks."""
    if not job.said:
        return None
    return _read(json.loads(job.said))


def copy_words(copy: int, language: str) -> str:
    """Return what a repeat bears on paper: always the Chinese word, in a store that wants both the English after it."""
    wanted = N_("Reprint {count}")
    chinese = words.language("zh").gettext(wanted).format(count=copy)
    return chinese if language == "zh" else f"{chinese} {wanted.format(count=copy)}"


_MOVED_ON: Final = N_("The print job has moved on meanwhile.")


def _added(
    session: Session,
    actor: Actor,
    paper: str,
    title: str,
    document: str,
    case_id: int | None,
    first_id: int | None = None,
    copy: int = 0,
) -> PrintJob:
    now = actor.now()
    job = PrintJob(
        key=new_key(), case_id=case_id, paper=paper, station=actor.station, title=title, document=document,
        state=JobState.QUEUED.value, attempts=0, said="", queued_at=now, changed_at=now, first_id=first_id, copy=copy,
    )  # fmt: skip
    session.add(job)
    return job


def _job(session: Session, job_id: int) -> PrintJob:
    job = session.get(PrintJob, job_id, with_for_update=True)
    if job is None:
        raise NotFound(N_("There is no print job {job}."), job=job_id)
    return job


def _next_copy(session: Session, first_id: int) -> int:
    # Two who repeat one paper wait for each other here.
    session.get_one(PrintJob, first_id, with_for_update=True)
    family = or_(PrintJob.id == first_id, PrintJob.first_id == first_id)
    return 1 + (session.scalar(select(func.max(PrintJob.copy)).where(family)) or 0)


def _stored(said: CounterError | None) -> str:
    if said is None:
        return ""
    for longest in (200, 60, 20):
        text = json.dumps(_plain(said, longest), ensure_ascii=False)
        if len(text) <= _SAID:
            return text
    raise ValueError(f"this sentence is too long to be kept: {said.message}")


def _plain(said: CounterError, longest: int) -> list[object]:
    """Return a sentence as JSON, sentences inside it likewise, so that each can be read in either language."""
    values = {
        name: _plain(value, longest) if isinstance(value, CounterError) else str(value)[:longest]
        for name, value in said.values.items()
    }
    return [said.message, values]


def _read(stored: list[Any]) -> CounterError:
    message, values = stored
    return Trouble(message, **{name: _read(one) if isinstance(one, list) else one for name, one in values.items()})
