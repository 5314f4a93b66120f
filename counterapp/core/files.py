"""Files for people outside of the program: whole, or as they were before."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from pathlib import Path

from counterapp.errors import BadInput, Trouble
from counterapp.words import N_


def read_text(path: Path) -> str:
    """Return the text of a file that a person wrote. Raises BadInput where it cannot be read, or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(
            N_("{file} cannot be read ({reason}). Check its name."), file=path, reason=error.strerror or error
        ) from error
    except UnicodeDecodeError as error:
        raise BadInput(N_("{file} is not in UTF-8. Save it as UTF-8, then try again."), file=path) from error


def put_in_place(target: Path, content: bytes) -> None:
    """Write the file `target`. It is written beside it first and then renamed, so that a former one is never half gone.

    Raises Trouble where it cannot be written; then the former one stays as it was.
    """
    if not target.name:
        raise Trouble(N_("{file} is no name of a file. Choose another one."), file=target)
    half = target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Trouble(
                N_("The disk of {place} is full. Nothing was saved; free some room, then try again."), place=target
            ) from error
        raise Trouble(
            N_("{file} cannot be written ({reason}). Close it where it is open, or choose another place."),
            file=target,
            reason=error.strerror or error,
        ) from error
