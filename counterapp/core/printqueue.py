"""The print queue: a job is stored with the record it prints, in one transaction, and sent after the commit."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core.actor import Actor
from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.core.commands import new_key
from counterapp.errors import Overtaken
from counterapp.words import N_
from printers.document import Document, to_json


class Paper(enum.StrEnum):
    """The roles of paper that a job names; which printer serves one is a setting of the station."""

    FORM = "form"
    SLIP = "slip"


class JobState(enum.StrEnum):
    """queued → sending → printed, failed (certainly no paper), or unknown (then the clerk is asked)."""

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


class PrintJob(Base):
    """One paper to be printed: `document` is the Slip or the Pages themselves as JSON, `paper` the role of paper.

    `key` is minted before the first attempt and names the job at the printer, so that nothing is sent twice.
    """

    __tablename__ = "print_jobs"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sending', 'printed', 'failed', 'unknown')", name="state"),
        Index("ix_print_jobs_station_state", "station", "state"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    paper: Mapped[str] = mapped_column(String(10))
    station: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    document: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    said: Mapped[str] = mapped_column(String(400), default="")
    queued_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


def enqueue(
    session: Session, actor: Actor, paper: Paper, title: str, document: Document, case_id: int | None
) -> PrintJob:
    """Add a job for the actor's station to the running transaction; it has its id after the next flush."""
    now = actor.now()
    job = PrintJob(
        key=new_key(), case_id=case_id, paper=paper.value, station=actor.station, title=title,
        document=to_json(document), state=JobState.QUEUED.value, attempts=0, said="", queued_at=now, changed_at=now,
    )  # fmt: skip
    session.add(job)
    return job


def waiting(session: Session, station: str) -> list[PrintJob]:
    """Return the station's jobs that wait to be sent, the oldest first."""
    return list(
        session.scalars(
            select(PrintJob)
            .where(PrintJob.station == station, PrintJob.state == JobState.QUEUED.value)
            .order_by(PrintJob.id)
        )
    )


def advance(session: Session, job_id: int, to: JobState, now: dt.datetime, said: str = "") -> PrintJob:
    """Move a job on; `said` is what the printer or its transport answered.

    Raises Overtaken where the job is in no state that `to` may follow: another worker has it.
    """
    job = session.get_one(PrintJob, job_id, with_for_update=True)
    if to not in _FOLLOWS[JobState(job.state)]:
        raise Overtaken(N_("The print job has moved on meanwhile."))
    if to is JobState.SENDING:
        job.attempts += 1
    job.state, job.said, job.changed_at = to.value, said[:400], now
    session.flush()
    return job


def recover(session: Session, station: str, now: dt.datetime) -> list[PrintJob]:
    """Mark what the station was sending when it stopped as unknown, and return those jobs: the clerk is asked."""
    interrupted = session.scalars(
        select(PrintJob).where(PrintJob.station == station, PrintJob.state == JobState.SENDING.value)
    ).all()
    for job in interrupted:
        advance(session, job.id, JobState.UNKNOWN, now)
    return list(interrupted)
