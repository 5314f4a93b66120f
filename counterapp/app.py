"""The composition root: settings → core → hardware → window."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from typing import TYPE_CHECKING

from counterapp.settings import Settings
from counterapp.words import N_

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from counterapp.core.store import Install
    from counterapp.ui.view import Desk
    from counterapp.work import Counter

_LOG_BYTES = 2_000_000

_log = logging.getLogger(__name__)


def desks(counter: Counter) -> tuple[Desk, ...]:
    """Return the desks of the window, one line a desk."""
    from counterapp.desks.returns.view import ApprovalsView, ReturnsView
    from counterapp.ui.view import Desk

    return (
        Desk(
            N_("Returns"),
            ReturnsView.icon,
            lambda around: ReturnsView(around, counter),
            ReturnsView.prefixes,
            counter.is_receipt,
        ),
        Desk(N_("Approvals"), ApprovalsView.icon, lambda around: ApprovalsView(around, counter), approves=True),
    )


def install() -> tuple[Install, ...]:
    """Return what each desk puts into a new store."""
    from counterapp.desks.returns.services.judging import install as returns

    return (returns,)


def metadata() -> MetaData:
    """Return the tables of core and of every desk."""
    import counterapp.core.approvals
    import counterapp.core.cases
    import counterapp.core.claims
    import counterapp.core.commands
    import counterapp.core.journal
    import counterapp.core.numbering
    import counterapp.core.printqueue
    import counterapp.core.receipts
    import counterapp.core.staff
    import counterapp.core.storewide
    import counterapp.desks.returns.models  # noqa: F401
    from counterapp.core.base import Base

    return Base.metadata


def run(settings: Settings) -> int:
    """Open the window and stay until it is closed; return the exit code."""
    from PySide6.QtWidgets import QApplication

    from counterapp.program import Program
    from counterapp.ui import theme
    from counterapp.ui.garbage import Garbage

    keep_log(settings)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("counterapp")
    garbage = Garbage(app)
    theme.apply(app, settings.screen.dark, settings.screen.large, settings.screen.language)
    program = Program(app, settings, desks, install)
    program.window.messages.catch_bugs()
    program.start()
    code = app.exec()
    program.stop()
    garbage.stop()
    return code


def keep_log(settings: Settings) -> None:
    """Write what happens to `data`/logs/counterapp.log, two megabytes and three older files at the most."""
    folder = settings.data / "logs"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / "counterapp.log", maxBytes=_LOG_BYTES, backupCount=3, encoding="utf-8"
        )
    except OSError as error:
        # The window opens all the same: it is where the person is told that the folder cannot be used.
        _log.warning("no log is kept: %s", error)
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
