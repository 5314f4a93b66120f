"""The declarative base, column types and naming rules of every table."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import BigInteger, DateTime, Dialect, Index, Integer, MetaData, TypeDecorator, text
from sqlalchemy.orm import DeclarativeBase

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

#: Keys, fen and thousandths. SQLite counts only INTEGER keys up by itself.
BigInt: Final = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment: timezone-aware in, UTC in the database, timezone-aware UTC out. Refuses naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Turn any aware moment into UTC; SQLite keeps it without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(dt.UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Give the moment back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    """All tables of the program.

    Classes with `__journal__ = True` are written to the journal by the session's flush. A column with
    `info={"personal": Mask.PHONE}`, or another kind, enters the journal masked as that, with a keyed digest.

    Rows of a class with `__append_only__ = True` neither change nor go, those with `__never_deleted__ = True` never go:
    the migration that makes the table forbids it in the database itself (see `migrations.ops`), and a test compares.
    """

    metadata = MetaData(naming_convention=NAMING)
    __journal__: bool = False
    __append_only__: bool = False
    __never_deleted__: bool = False


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index over the rows that `where` (SQL) holds for, on both databases."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


def column_values(entity: Any) -> dict[str, Any]:
    """Return the column values of a mapped `entity` as they are in memory, by attribute name."""
    return {attribute.key: getattr(entity, attribute.key) for attribute in entity.__mapper__.column_attrs}
