"""One command, one transaction: the only place that opens one.

SQLite runs every writing transaction as `BEGIN IMMEDIATE` under a file lock (another process may import at the same
time, and SQLite before 3.51.3 can corrupt its log when several connections write at one moment); PostgreSQL runs
READ COMMITTED and repeats once what it broke off itself (40001, 40P01).
"""

from __future__ import annotations

import contextlib
import errno
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self, TypeVar

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from counterapp.core import journal
from counterapp.core.actor import Actor
from counterapp.core.commands import find_answer, store_answer
from counterapp.core.constraints import translate
from counterapp.core.journal_heads import FILE as HEADS
from counterapp.core.journal_heads import HeadFile
from counterapp.core.secrets_file import Keys
from counterapp.errors import Overtaken, Refused, Trouble
from counterapp.words import N_

T = TypeVar("T")
Work = Callable[[Session], T]

_log = logging.getLogger(__name__)

_BUSY_SECONDS = 10.0
_BRIEF_MS = 200
_RETRIED = {"40001", "40P01"}
_DISK_FULL = "53100"
_FROM_OUTSIDE = (OperationalError, InterfaceError)
_FULL = N_("The disk of {place} is full. Nothing was saved; free some room, then try again.")
_NO_RIGHTS = N_("{place} cannot be written. Ask IT for the rights to that folder.")


class Database:
    """The store's database, on SQLite or PostgreSQL.

    `keys` are the secrets that stand outside of it. `folder` is this PC's data folder, where the journal's last values
    are kept; the folder of SQLite's file where none is given. Threads may share a Database; each run has its own
    session. Raises Trouble where the folder of SQLite's file cannot be made.
    """

    def __init__(self, url: str, keys: Keys, folder: Path | None = None) -> None:
        self.url = make_url(url)
        self.keys = keys
        if folder is None and self.is_sqlite and self.url.database:
            folder = Path(self.url.database).parent
        self.heads = HeadFile(folder / HEADS, keys.journal) if folder is not None else None
        self.engine = self._engine()
        self._lock = self._file_lock()
        self._local = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def is_sqlite(self) -> bool:
        """Whether the store lives in one file on this PC."""
        return self.url.get_backend_name() == "sqlite"

    def read(self, work: Work[T]) -> T:
        """Run `work` in a transaction that only reads and return what it returns. Raises Trouble."""
        with self._plain_words(), self._session(writes=False) as session:
            return work(session)

    def run(self, work: Work[T]) -> T:
        """Run `work` in one writing transaction without an actor: imports, migrations, the print queue's states.

        Raises CounterError as `work` does, Overtaken where a constraint forbade it, Trouble where the database fails.
        """
        return self._twice(lambda: self._write(work))

    def command(self, actor: Actor, act: str, work: Work[T], *, key: str | None = None, second: int | None = None) -> T:
        """Run what `actor` does (`act`, as "return.submit") in one journalled transaction.

        `key` is minted by the screen once for a command: a command whose reply was lost is not done again but gives
        its first answer (which then has to be a JSON value, or is `commands.Revealed` and not kept). `second` is the
        person who signed as well. A refused attempt is journalled in a transaction of its own, after the roll-back.
        """

        def journalled(session: Session) -> T:
            if key is not None:
                done = find_answer(session, key)
                if done is not None:
                    return done.answer  # type: ignore[no-any-return]  # the JSON value that this command returned
            journal.begin(session, actor, act, second=second)
            result = work(session)
            if key is not None:
                store_answer(session, key, act, result, actor)
            journal.write(session, self.keys.journal)
            return result

        try:
            return self.run(journalled)
        except Refused as refusal:
            # The first try of a program that was killed may have been finished by the server only now.
            done = self.read(lambda session: find_answer(session, key)) if key is not None else None
            if done is not None:
                return done.answer  # type: ignore[no-any-return]  # the JSON value that this command returned
            self._journal_refusal(actor, act, refusal, second)
            raise

    def migrate(self, change: Callable[[Connection], None], before: Callable[[], None] | None = None) -> None:
        """Run `before`, then `change` in one transaction, with nobody else writing. Raises Trouble."""

        def attempt() -> None:
            with self._plain_words(), self._exclusive():
                if before is not None:
                    before()
                with self.engine.begin() as connection:
                    if not self.is_sqlite:
                        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4711)")
                    change(connection)

        self._twice(attempt)

    def empty_log(self) -> None:
        """Bring all that was written into SQLite's one file and empty its log, where what was erased would still stand.

        While somebody reads it is left for another time. Raises Trouble.
        """
        if not self.is_sqlite:
            return
        connection = self.engine.raw_connection()
        try:
            with self._plain_words(), self._exclusive():
                cursor = connection.cursor()
                cursor.execute(f"PRAGMA busy_timeout={_BRIEF_MS}")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.execute(f"PRAGMA busy_timeout={int(1000 * _BUSY_SECONDS)}")
        finally:
            connection.close()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def _journal_refusal(self, actor: Actor, act: str, refusal: Refused, second: int | None) -> None:
        def note(session: Session) -> None:
            journal.begin(session, actor, act, second=second)
            journal.refuse(session, refusal.in_language("en"))
            journal.write(session, self.keys.journal)

        self.run(note)

    def _write(self, work: Work[T]) -> T:
        with self._plain_words(), self._exclusive():
            with self._session(writes=True) as session:
                answer = work(session)
                head = journal.written(session)
                if head is not None and head.seq == 1 and self.heads is not None:
                    # A crash right after the commit must not leave a chain that the file has never heard of.
                    self.heads.keep(journal.start_of_chain(head.chain))
            if head is not None and self.heads is not None:
                self.heads.keep(head)
        return answer

    def _twice(self, attempt: Callable[[], T]) -> T:
        try:
            return attempt()
        except _Broken:
            _log.info("the database broke the transaction off; trying once more")
        try:
            return attempt()
        except _Broken as broken:
            raise Trouble(N_("The database is overloaded. Nothing was changed; try again.")) from broken

    @contextlib.contextmanager
    def _plain_words(self) -> Iterator[None]:
        """Turn what the driver raises into what a person can act upon."""
        try:
            yield
        except IntegrityError as error:
            meaning = translate(error)
            if meaning is None:
                raise
            raise meaning from error
        except StaleDataError as error:
            raise Overtaken(N_("The case has moved on meanwhile. Look at it again before you go on.")) from error
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) in _RETRIED:
                raise _Broken from error
            trouble = _trouble(error.orig, self.url.database, outside=isinstance(error, _FROM_OUTSIDE))
            if trouble is None:
                raise
            raise trouble from error
        except sqlite3.Error as error:
            trouble = _trouble(error, self.url.database, outside=isinstance(error, sqlite3.OperationalError))
            if trouble is None:
                raise
            raise trouble from error

    @contextlib.contextmanager
    def _session(self, *, writes: bool) -> Iterator[Session]:
        with (
            self.engine.connect().execution_options(reads_only=not writes) as connection,
            Session(connection, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextlib.contextmanager
    def _exclusive(self) -> Iterator[None]:
        if self._lock is None:
            yield
            return
        with self._local:
            try:
                self._lock.acquire(timeout=_BUSY_SECONDS, poll_interval=0.002)
            except Timeout as timeout:
                raise Trouble(
                    N_("Another program is writing to the store's data and does not finish. Wait, then try again.")
                ) from timeout
            except OSError as error:
                raise _unwritable(error, self.url.database) from error
            try:
                yield
            finally:
                self._lock.release()

    def _file_lock(self) -> FileLock | None:
        if not self.is_sqlite or not self.url.database:
            return None
        return FileLock(f"{self.url.database}.lock", thread_local=False)

    def _engine(self) -> Engine:
        if not self.is_sqlite:
            return create_engine(
                self.url,
                isolation_level="READ COMMITTED",
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args={"connect_timeout": 5},
            )
        if self.url.database:
            try:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise _unwritable(error, self.url.database) from error
        # Values are people's: they stay out of what the log says of a statement that failed.
        engine = create_engine(
            self.url, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False}
        )
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begun)
        return engine


def _sqlite_connected(connection: sqlite3.Connection, _record: object) -> None:
    # Python's own transaction handling loses updates; ours begins explicitly (see _sqlite_begun).
    connection.isolation_level = None
    # What is erased is overwritten: not every build of SQLite does so by itself.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-4096", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begun(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN DEFERRED" if reads_only else "BEGIN IMMEDIATE")


class _Broken(Exception):  # noqa: N818 - never leaves this module
    """PostgreSQL broke the transaction off for its own reasons; the same work may succeed at once."""


def _trouble(error: BaseException | None, database: str | None, *, outside: bool) -> Trouble | None:
    """Return what a person can do about what the driver raised, None for what only a bug can have caused.

    `outside`: the driver says that it comes from outside of the program.
    """
    said = str(error)
    if "not a database" in said or "malformed" in said:
        return Trouble(
            N_("{place} is damaged, or is no store's data. It was left as it is; put a backup in its place."),
            place=database,
        )
    if not outside:
        return None
    if getattr(error, "sqlstate", None) == _DISK_FULL:
        return Trouble(N_("The disk of the database server is full. Nothing was saved; tell IT, then try again."))
    if "full" in said:
        return Trouble(_FULL, place=database)
    if "readonly" in said or "read-only" in said or "unable to open" in said:
        return Trouble(_NO_RIGHTS, place=database)
    if "disk I/O" in said:
        return Trouble(
            N_("The disk does not take or give what belongs to {place}. Nothing was saved; look after the disk first."),
            place=database,
        )
    return Trouble(
        N_("The database does not answer ({reason}). Check the network and the server, then try again."),
        reason=_first_line(said),
    )


def _unwritable(error: OSError, database: str | None) -> Trouble:
    return Trouble(_FULL if error.errno in {errno.ENOSPC, errno.EDQUOT} else _NO_RIGHTS, place=database)


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else text
