"""Command keys: what a screen asked for once is done once, however often the asking is repeated."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core.actor import Actor
from counterapp.core.base import Base, UtcDateTime


class DoneCommand(Base):
    """A command that was carried out: its key, and its answer as JSON."""

    __tablename__ = "commands"

    key: Mapped[str] = mapped_column(String(36), primary_key=True)
    act: Mapped[str] = mapped_column(String(40))
    answer: Mapped[Any] = mapped_column(JSON)
    done_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    done_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


def new_key() -> str:
    """Mint the key of one command, before its first attempt."""
    return str(uuid.uuid4())


def find_answer(session: Session, key: str) -> DoneCommand | None:
    """Return the command that was done under `key`, if it was."""
    return session.get(DoneCommand, key)


def store_answer(session: Session, key: str, act: str, answer: Any, actor: Actor) -> None:
    """Keep `answer` (a JSON value) as the answer of the command with `key`."""
    session.add(DoneCommand(key=key, act=act, answer=answer, done_by=actor.person.person_id, done_at=actor.now()))
