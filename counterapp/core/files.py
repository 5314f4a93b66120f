"""Files for people outside of the program: whole, or as they were before."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from pathlib import Path

from counterapp.errors import Trouble
from counterapp.words import N_


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
