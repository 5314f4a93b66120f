"""The departments 部门 of the sales floor: a list of the store, which its receipts begin and IT keeps."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core.base import Base
from counterapp.core.typed import typed_text
from counterapp.errors import BadInput, NotFound
from counterapp.words import N_


class Department(Base):
    """A department by the name that the till writes. One that is not `in_use` is offered no more, but stays known."""

    __tablename__ = "departments"
    __table_args__ = (CheckConstraint("name <> ''", name="has_a_name"),)
    __journal__ = True
    __never_deleted__ = True

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    in_use: Mapped[bool] = mapped_column(default=True)


_TABLE: Final = Base.metadata.tables[Department.__tablename__]


def departments(session: Session) -> tuple[str, ...]:
    """Return the names of the departments in use, in order."""
    return tuple(session.scalars(select(Department.name).where(Department.in_use).order_by(Department.name)))


def require_department(session: Session, name: str) -> str:
    """Return `name` where it is a department in use. Raises NotFound."""
    found = session.get(Department, name.strip())
    if found is None or not found.in_use:
        known = ", ".join(departments(session)) or "…"
        raise NotFound(N_("The store has no department “{name}”. There are: {known}."), name=name.strip(), known=known)
    return found.name


def add_department(session: Session, name: str) -> None:
    """Add a department, or take one into use again. Raises BadInput for no name, or one that is too long."""
    name = typed_text(name, 40)
    if not name:
        raise BadInput(N_("A department needs a name."))
    found = session.get(Department, name, with_for_update=True)
    if found is None:
        session.add(Department(name=name, in_use=True))
    else:
        found.in_use = True
    session.flush()


def retire_department(session: Session, name: str) -> None:
    """Take a department out of use. Raises NotFound."""
    require_department(session, name)
    session.get_one(Department, name.strip()).in_use = False
    session.flush()


def note_departments(session: Session, names: Collection[str]) -> None:
    """Add the departments of receipts that are not known yet; one that is out of use stays so."""
    known = set(session.scalars(select(Department.name)))
    new = [{"name": name, "in_use": True} for name in sorted(set(names) - known) if name]
    if not new:
        return
    # Another import may add the same ones at this moment.
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(_TABLE).on_conflict_do_nothing(index_elements=["name"]), new)
