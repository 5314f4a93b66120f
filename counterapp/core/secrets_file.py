"""The secrets that stand outside the database: the PINs' pepper and the journal's key."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from counterapp.errors import Trouble
from counterapp.words import N_

FILE: Final = "keys.json"
_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """`pepper` goes into every PIN's hash, `journal` into every entry's chain; 32 random bytes each."""

    pepper: bytes
    journal: bytes

    @classmethod
    def new(cls) -> Keys:
        """Return fresh keys."""
        return cls(secrets.token_bytes(_BYTES), secrets.token_bytes(_BYTES))


def exist(data: Path) -> bool:
    """Return whether the data folder has its keys."""
    return (data / FILE).exists()


def load(data: Path) -> Keys:
    """Read the keys of a store from its data folder.

    Raises Trouble where they are missing: a second PC needs a copy of the first one's.
    """
    path = data / FILE
    try:
        stored = json.loads(path.read_text(encoding="ascii"))
        return Keys(bytes.fromhex(stored["pepper"]), bytes.fromhex(stored["journal"]))
    except (OSError, ValueError, KeyError) as error:
        raise Trouble(
            N_("The store's keys cannot be read from {file}. Copy it from the store's first PC or a backup."),
            file=path,
        ) from error


def create(data: Path) -> Keys:
    """Make new keys and keep them, readable by this account only.

    Raises Trouble where they cannot be written whole, FileExistsError rather than overwrite.
    """
    keys = Keys.new()
    path = data / FILE
    try:
        data.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                json.dump({"pepper": keys.pepper.hex(), "journal": keys.journal.hex()}, file)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink()
            raise
    except OSError as error:
        if isinstance(error, FileExistsError) and exist(data):
            raise
        raise Trouble(
            N_("{file} cannot be written ({reason}). Free some room, or ask IT for the rights to that folder."),
            file=path,
            reason=error.strerror,
        ) from error
    return keys
