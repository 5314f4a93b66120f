"""Jobs kept as files: one folder a job, with the PDF and a picture of each page."""

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
from printers.transports import Job

_SAFE_NAME: Final = re.compile(r"[\w.+-]{1,100}")


class FileTransport:
    """Puts each job into its own folder under `folder`, which appears whole or not at all.

    The folder `<key>` holds `<key>.pdf` and `<key>-1.png`, `<key>-2.png` … at `dpi` dots an inch.
    """

    def __init__(self, folder: Path, dpi: int = 110) -> None:
        self.folder = folder
        self.dpi = dpi

    def send(self, data: bytes, job: Job) -> None:
        """Keep the PDF `data` under the job's key. A job that is there already with the same bytes is left as it is.

        Raises PrinterTrouble where the disk does not take it or the name is another paper's, and ValueError for a
        job whose name cannot be a folder's.
        """
        key = job.key
        if not _SAFE_NAME.fullmatch(key) or key.startswith("."):
            raise ValueError(f"{key!r} cannot be a folder's name")
        pages = picture.pictures(data, self.dpi)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if self._holds(key, data):
                return
            with self._draft() as draft:
                for number, page in enumerate(pages, start=1):
                    _write(draft / f"{key}-{number}.png", page)
                _write(draft / f"{key}.pdf", data)
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
        """Return the pictures of the job `key`, in page order; none where it was not sent."""
        found = (self.folder / key).glob(f"{key}-*.png")
        return tuple(sorted(found, key=lambda path: int(path.stem.rpartition("-")[2])))

    def _holds(self, key: str, data: bytes) -> bool:
        """Whether the job `key` is there with these bytes. Raises PrinterTrouble where it is there with others."""
        if not (self.folder / key).exists():
            return False
        kept = self.folder / key / f"{key}.pdf"
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
