"""What takes minutes at this desk: it goes on with its dialog closed, and its answer waits to be looked at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QMimeData, QObject, Signal

from counterapp.core.journal_verify import Chain, verify
from counterapp.core.sales_import import ImportReport
from counterapp.desks.store.services import bring_in
from counterapp.words import _
from counterapp.work import LongJob, StoreClient

T = TypeVar("T")


class Job(QObject, Generic[T]):
    """One kind of long work: its `job` while it is under way, its `answer` or its `error` afterwards. `changed()`."""

    changed = Signal()

    def __init__(self, client: StoreClient) -> None:
        super().__init__()
        self._client = client
        self.job: LongJob | None = None
        self.answer: T | None = None
        self.error: BaseException | None = None

    def cancel(self) -> None:
        """Break off what is under way; what is whole by then stays."""
        if self.job is not None:
            self.job.cancel()

    def _take(self, title: Callable[[], str], work: Callable[[LongJob], T]) -> None:
        self.answer = self.error = None
        self.job = self._client.start_job(self, title, work, self._on_done, self._on_failed)
        self.job.changed.connect(self.changed)
        self.changed.emit()

    def _on_done(self, answer: T) -> None:
        self.job, self.answer = None, answer
        self.changed.emit()

    def _on_failed(self, error: BaseException) -> None:
        self.job, self.error = None, error
        self.changed.emit()


class ImportJob(Job[ImportReport]):
    """An import of the till's export; `rows` of it have been read."""

    rows = 0

    def start(self, path: Path) -> None:
        """Bring in the export at `path`, in the name of whoever is signed in now."""
        actor, database = self._client.actor, self._client.database
        self.rows = 0

        def work(job: LongJob) -> ImportReport:
            def told(share: float, rows: int) -> None:
                self.rows = rows
                job.tell(share)

            return bring_in(database, actor, path, told, lambda: job.is_cancelled)

        self._take(lambda: _("Receipts are brought in"), work)


class JournalCheckJob(Job[list[Chain]]):
    """The whole journal is read and checked."""

    def start(self) -> None:
        """Read it from its first entry to its last."""
        database = self._client.database
        self._take(
            lambda: _("The journal is checked"),
            lambda job: verify(database, progress=job.tell, cancelled=lambda: job.is_cancelled),
        )


def dropped(data: QMimeData) -> Path | None:
    """Return the one file that is dropped, None for anything else."""
    files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return Path(files[0]) if len(files) == 1 else None
