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

_SAFE_NAME: Final = re.compile(r"[\w.+-]{1,100}")


class FileTransport:
    """Puts each job into its own folder under `folder`, which appears whole or not at all.

    The folder `<job>` holds `<job>.pdf` and `<job>-1.png`, `<job>-2.png` … at `dpi` dots an inch.
    """

    def __init__(self, folder: Path, dpi: int = 110) -> None:
        self.folder = folder
        self.dpi = dpi

    def send(self, data: bytes, *, job: str) -> None:
        """Keep the PDF `data` as `job`. A job that is there already with the same bytes is left as it is.

        Raises PrinterTrouble where the disk does not take it or the name is another paper's, and ValueError for a
        job whose name cannot be a folder's.
        """
        if not _SAFE_NAME.fullmatch(job) or job.startswith("."):
            raise ValueError(f"{job!r} cannot be a folder's name")
        pages = picture.pictures(data, self.dpi)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if self._holds(job, data):
                return
            with self._draft() as draft:
                for number, page in enumerate(pages, start=1):
                    _write(draft / f"{job}-{number}.png", page)
                _write(draft / f"{job}.pdf", data)
                _sync(draft)
                # Renaming onto a folder that holds something is refused by every system, so nothing is overwritten.
                draft.rename(self.folder / job)
            _sync(self.folder)
        except OSError as reason:
            raise PrinterTrouble(
                N_("The paper could not be kept in {folder} ({reason}). Check disk and folder, then print again."),
                folder=self.folder,
                reason=reason.strerror or reason,
            ) from reason

    def pictures(self, job: str) -> tuple[Path, ...]:
        """Return the pictures of `job`, in page order; none where it was not sent."""
        found = (self.folder / job).glob(f"{job}-*.png")
        return tuple(sorted(found, key=lambda path: int(path.stem.rpartition("-")[2])))

    def _holds(self, job: str, data: bytes) -> bool:
        """Whether `job` is there with these bytes. Raises PrinterTrouble where it is there with others."""
        if not (self.folder / job).exists():
            return False
        kept = self.folder / job / f"{job}.pdf"
        if kept.exists() and kept.read_bytes() == data:
            return True
        raise PrinterTrouble(
            N_("{job} in {folder} is another paper and is not overwritten. Print it as a new job."),
            job=job,
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
