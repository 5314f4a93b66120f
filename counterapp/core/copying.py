"""Every row of a store on a server, put into a file that this program opens as a store of its own."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import Connection, DateTime, MetaData, func, insert, select, text

_BATCH: Final = 2000
#: Alembic's own table: whoever made the target's tables has filled it.
_OWN: Final = "alembic_version"


def copy_rows(source: Connection, target: Connection, told: Callable[[float], None]) -> None:
    """Copy all rows of `source` (PostgreSQL) into `target` (SQLite), whose tables are there, empty and of one shape.

    Nobody else writes to the source meanwhile: its tables are locked until its transaction ends. `told` hears of the
    share that is done, 0 to 1, and may raise to break it off.
    """
    there, here = MetaData(), MetaData()
    there.reflect(source)
    here.reflect(target)
    names = ", ".join(source.dialect.identifier_preparer.quote(name) for name in sorted(there.tables))
    source.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
    # A row may refer to one of its table that comes later (a stock line that reverses another): whether each finds its
    # own is asked when the copy is whole (SQLite: PRAGMA defer_foreign_keys, until the transaction ends).
    target.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    pairs = [(there.tables[table.name], table) for table in here.sorted_tables if table.name != _OWN]
    total = sum(source.scalar(select(func.count()).select_from(full)) or 0 for full, _empty in pairs)
    done = 0
    with _without_guards(target):
        for full, empty in pairs:
            ordered = select(full).order_by(*full.primary_key)
            moments = [column.name for column in full.c if isinstance(column.type, DateTime) and column.type.timezone]
            with source.execute(ordered, execution_options={"yield_per": _BATCH}) as rows:
                for batch in rows.mappings().partitions():
                    target.execute(insert(empty), [_without_zone(dict(row), moments) for row in batch])
                    done += len(batch)
                    told(done / total)


@contextlib.contextmanager
def _without_guards(target: Connection) -> Iterator[None]:
    """Take the triggers of `target` (SQLite) away while it is filled, and put them back as they were.

    They forbid what must not be written now (into a day that is closed), not what was written before that.
    """
    guards = target.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")).all()
    for guard in guards:
        target.exec_driver_sql(f"DROP TRIGGER {guard.name}")
    yield
    for guard in guards:
        target.exec_driver_sql(guard.sql)


def _without_zone(row: dict[str, Any], moments: list[str]) -> dict[str, Any]:
    """Return `row` with its `moments` as SQLite's file keeps them, in UTC (see `base.UtcDateTime`)."""
    for name in moments:
        moment: dt.datetime | None = row[name]
        row[name] = moment.astimezone(dt.UTC).replace(tzinfo=None) if moment is not None else None
    return row
