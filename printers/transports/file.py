"""Jobs kept as files: one folder a job, with its bytes and a picture of each paper that they make."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from printers import picture
from printers.errors import N_, PrinterTrouble
from printers.profile import Profile
from printers.transports import Job

_SAFE_NAME: Final = re.compile(r"[\w.+-]{1,100}")


class FileTransport:
    """Puts each job into its own folder under `folder`, which appears whole or not at all.

    The folder `<key>` holds the bytes, `<key>.pdf` or, in a printer's own language, `<key>.bin`, and the papers that
    the printer of `profile` would make of them, `<key>-1.png`, `<key>-2.png` …
    """

    def __init__(self, folder: Path, profile: Profile) -> None:
        self.folder = folder
        self.profile = profile

    def send(self, data: bytes, job: Job) -> None:
        """Keep `data` under the job's key. A job that is there already with the same bytes is left as it is.

        Raises PrinterTrouble where the disk does not take it or the name is another paper's, and ValueError for bytes
        that are not in the profile's protocol and for a job whose name cannot be a folder's.
        """
        key = job.key
        if not _SAFE_NAME.fullmatch(key) or key.startswith("."):
            raise ValueError(f"{key!r} cannot be a folder's name")
        papers = picture.papers(data, self.profile)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if self._holds(key, data):
                return
            with self._draft() as draft:
                for number, paper in enumerate(papers, start=1):
                    _write(draft / f"{key}-{number}.png", paper)
                _write(draft / self._name(key), data)
                _sync(draft)
                # Renaming onto a folder that holds something is refused by every system, so nothing is overwritten.
                draft.rename(self.folder / key)
            _sync(self.folder)
        except OSError as reason:
            raise PrinterTrouble(
                N_("The paper could not be kept in {folder} ({reason}). Check disk and folder, then print again."),
                folder=self.folder,
                reason=reason.strerror or reason,
            ) from reason

    def pictures(self, key: str) -> tuple[Path, ...]:
        """Return the pictures of the job `key`, in the order of the papers; none where it was not sent."""
        found = (self.folder / key).glob(f"{key}-*.png")
        return tuple(sorted(found, key=lambda path: int(path.stem.rpartition("-")[2])))

    def _name(self, key: str) -> str:
        return f"{key}.{'pdf' if self.profile.protocol == 'pdf' else 'bin'}"

    def _holds(self, key: str, data: bytes) -> bool:
        """Whether the job `key` is there with these bytes. Raises PrinterTrouble where it is there with others."""
        if not (self.folder / key).exists():
            return False
        kept = self.folder / key / self._name(key)
        if kept.exists() and kept.read_bytes() == data:
            return True
        raise PrinterTrouble(
            N_("{job} in {folder} is another paper and is not overwritten. Print it as a new job."),
            job=key,
            folder=self.folder,
        )

    @contextlib.contextmanager
    def _draft(self) -> Iterator[Path]:
        draft = Path(tempfile.mkdtemp(prefix=".", suffix=".tmp", dir=self.folder))
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Make the folder's names as durable as its files; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
