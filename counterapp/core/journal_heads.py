"""The last value of each of the journal's chains, kept outside the database, so that a cut tail shows.

`journal.heads` in the data folder gets a line after every commit: chain, number, hash, and a seal under the journal's
key. Lines are only added, never synced: after a crash the file may lag behind the database by what was last written,
but it is never ahead of it, and a line that was torn is passed over.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from counterapp.errors import Trouble
from counterapp.words import N_

FILE: Final = "journal.heads"
_LONG: Final = 1_000_000

_log = logging.getLogger(__name__)


class Head(NamedTuple):
    """The last entry of the chain of a station: its number `seq` (from 1) and its hash `mac`."""

    chain: str
    seq: int
    mac: str


class HeadFile:
    """The file `path` of last values, sealed with the journal's `key`. Threads and processes may share it."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = key

    def keep(self, head: Head) -> None:
        """Add the last value of a chain, after the commit that made it. A disk that refuses leaves the file behind."""
        try:
            # One write in append mode: whole lines stay whole whoever else writes. The line break goes before it,
            # so that a torn line takes no other with it.
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, b"\n" + self._line(head))
            finally:
                os.close(handle)
        except OSError as error:
            _log.warning("the journal's last value was not kept: %s", error)

    def read(self) -> dict[str, Head]:
        """Return the furthest value of every chain. Raises Trouble where the file is there and cannot be read."""
        furthest: dict[str, Head] = {}
        try:
            with self.path.open("rb") as file:
                for line in file:
                    head = self._head(line)
                    if head is not None and (head.chain not in furthest or furthest[head.chain].seq < head.seq):
                        furthest[head.chain] = head
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise Trouble(N_("{file} cannot be read: {reason}."), file=self.path, reason=error.strerror) from error
        return furthest

    def replace(self, heads: Iterable[Head]) -> None:
        """Let `heads` be all that the file says. Raises Trouble where it cannot be written."""
        half = self.path.with_suffix(".part")
        try:
            with half.open("wb") as file:
                file.write(b"\n".join(map(self._line, heads)))
                file.flush()
                os.fsync(file.fileno())
            half.replace(self.path)
        except OSError as error:
            raise Trouble(
                N_("{file} cannot be written ({reason}). Free some room, or ask IT for the rights to that folder."),
                file=self.path,
                reason=error.strerror,
            ) from error

    def tidy(self) -> None:
        """Shorten a file that has grown long to one line a chain."""
        if self.path.exists() and self.path.stat().st_size > _LONG:
            self.replace(self.read().values())

    def _line(self, head: Head) -> bytes:
        return json.dumps([*head, self._seal(head)]).encode()

    def _head(self, line: bytes) -> Head | None:
        try:
            chain, seq, mac, seal = json.loads(line.strip(b"\0\n"))
            head = Head(chain, seq, mac)
            return head if hmac.compare_digest(seal, self._seal(head)) else None
        except (ValueError, TypeError):
            return None

    def _seal(self, head: Head) -> str:
        return hmac.new(self._key, json.dumps(["head", *head]).encode(), hashlib.sha256).hexdigest()
