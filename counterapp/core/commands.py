"""Command keys: what a screen asked for once is done once, however often the asking is repeated."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core.actor import Actor
from counterapp.core.base import Base, UtcDateTime


class Revealed:
    """What a command shows to whoever asked and nothing keeps: a personal value, whole. Its stored answer stays empty,
    and its journal entry says who asked; asked once more under the same key, it answers None."""

    __slots__ = ()


class DoneCommand(Base):
    """A command that was carried out: its key, and its answer as JSON, null for what was `Revealed`."""

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
    """Keep `answer` (a JSON value, or what is `Revealed` and stays out) as the answer of the command with `key`."""
    kept = None if isinstance(answer, Revealed) else answer
    session.add(DoneCommand(key=key, act=act, answer=kept, done_by=actor.person.person_id, done_at=actor.now()))
