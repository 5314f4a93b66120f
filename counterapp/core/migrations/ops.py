"""What migrations have in common, for SQLite and PostgreSQL alike: tables with their names, guards, number series."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from counterapp.core.base import NAMING, BigInt


def key() -> sa.types.TypeEngine[int]:
    """Return the type of keys, of fen and of thousandths."""
    return BigInt


def texts(**lengths: int) -> tuple[sa.Column[Any], ...]:
    """Return a column of text for each name, of that many characters at most; "" stands for none."""
    return tuple(sa.Column(name, sa.String(length), nullable=False) for name, length in lengths.items())


def create_table(name: str, *parts: SchemaItem, **options: Any) -> None:
    """Make a table with its indexes; its constraints are named as those of the models are (`base.NAMING`).

    `options` are the dialect's, as `sqlite_with_rowid`.
    """
    named = sa.MetaData(naming_convention=NAMING)
    table = sa.Table(name, named, *parts, **options)
    for reference in table.foreign_keys:
        other, _dot, column = reference.target_fullname.partition(".")
        if other != name:
            sa.Table(other, named, sa.Column(column), extend_existing=True)
    table.create(op.get_bind())


def index(name: str, table: str, *columns: str, where: str = "", unique: bool = False) -> None:
    """Make an index, only over the rows `where` (SQL) holds if that is given."""
    only = sa.text(where) if where else None
    op.create_index(name, table, list(columns), unique=unique, sqlite_where=only, postgresql_where=only)


def append_only(*tables: str) -> None:
    """Let rows of the tables neither change nor go, whatever program opens the database (`Base.__append_only__`)."""
    for table in tables:
        guard(f"keep_{table}_update", f"BEFORE UPDATE ON {table}")
        guard(f"keep_{table}_delete", f"BEFORE DELETE ON {table}")


def never_deleted(*tables: str) -> None:
    """Let no row of the tables go (`Base.__never_deleted__`)."""
    for table in tables:
        guard(f"keep_{table}_delete", f"BEFORE DELETE ON {table}")


def guard(name: str, when: str, only_if: str = "") -> None:
    """Refuse what `when` names, as "BEFORE DELETE ON cases", where `only_if` (SQL over OLD and NEW) holds, or always."""
    if op.get_bind().dialect.name == "sqlite":
        condition = f"WHEN {only_if} " if only_if else ""
        op.execute(f"CREATE TRIGGER {name} {when} {condition}BEGIN SELECT RAISE(ABORT, '{name}'); END")
        return
    act = f"RAISE EXCEPTION '{name}';"
    body = f"IF {only_if} THEN {act} END IF; RETURN NEW;" if only_if else act
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    op.execute(f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()")


def number_series(*names: str) -> None:
    """Begin the series in a store that is there; a new store's desks begin their own (`store.Install`)."""
    for name in names:
        op.execute(
            f"INSERT INTO number_series (name, last) SELECT '{name}', 0 WHERE EXISTS (SELECT 1 FROM store_settings)"
        )
