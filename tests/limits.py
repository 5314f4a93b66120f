"""Disks and folders that refuse, for real."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_NOBODY = 65534


@contextlib.contextmanager
def file_size_limit(limit: int) -> Iterator[None]:
    """Let no file of this process grow beyond `limit` bytes meanwhile: the system refuses, as a full disk does."""
    import resource  # not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def read_only_copy(folder: Path) -> Iterator[Path]:
    """Copy `folder` to a place where this process may read everything and make nothing, whoever it runs as."""
    place = Path(tempfile.mkdtemp(prefix="counterapp-"))
    try:
        copied = Path(shutil.copytree(folder, place / folder.name))
        root = os.geteuid() == 0
        for path in (place, copied, *copied.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        if root:
            os.seteuid(_NOBODY)
        try:
            yield copied
        finally:
            if root:
                os.seteuid(0)
            for path in (place, copied):
                path.chmod(0o755)
    finally:
        shutil.rmtree(place)
