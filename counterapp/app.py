"""The composition root: settings → core → hardware → window."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from counterapp.settings import Settings
from counterapp.words import N_

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from counterapp.core.figures import Figure
    from counterapp.core.open_items import OpenItems
    from counterapp.core.personal import EraseDue
    from counterapp.core.store import Install
    from counterapp.ui.view import DeskTab
    from counterapp.work import StoreClient

#: Where tables stand.
MODELS = (
    "core.approvals", "core.blind_counts", "core.business_day", "core.cases", "core.claims", "core.commands",
    "core.customers", "core.deadlines", "core.departments", "core.figures", "core.journal", "core.numbering",
    "core.print_queue", "core.receipts", "core.roster", "core.sign_in_attempts", "core.staff", "core.store_settings",
    "core.tasks", "core.workflow", "return_forms.models", "desks.bagcheck.models", "desks.day_close.models",
    "desks.exit_check.models", "desks.returned_goods.models", "desks.returns.models",
)  # fmt: skip
_LOG_BYTES = 2_000_000
# The parameters of mallopt(3), as <malloc.h> numbers them.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8

_log = logging.getLogger(__name__)


def desks(client: StoreClient) -> tuple[DeskTab, ...]:
    """Return the desks of the window, one line a desk."""
    from counterapp.core.actor import APPROVERS, Role
    from counterapp.desks.approvals.view import ApprovalsView
    from counterapp.desks.bagcheck.view import BagCheckView, PenaltiesView
    from counterapp.desks.day_close.view import DayCloseView
    from counterapp.desks.devices.services.device_status import IN_CHARGE as LOOKERS
    from counterapp.desks.devices.view import DevicesView
    from counterapp.desks.exit_check.services import EXIT_CHECK_ROLES
    from counterapp.desks.exit_check.view import ExitCheckView
    from counterapp.desks.returned_goods.services.notices import late as notices_late
    from counterapp.desks.returned_goods.view import ReturnedGoodsView
    from counterapp.desks.returns.services.invoices import late as red_letters_late
    from counterapp.desks.returns.services.rule_evaluation import unread_books
    from counterapp.desks.returns.view import ReturnsView, WaitingReturns
    from counterapp.desks.returns.view.risk import RiskView
    from counterapp.desks.store.services import IN_CHARGE
    from counterapp.desks.store.view import StoreView
    from counterapp.desks.till.services.form_acceptance import TILL_ROLES
    from counterapp.desks.till.view import TillView
    from counterapp.ui.view import DeskTab

    return (
        DeskTab(
            N_("Returns"),
            ReturnsView.icon,
            lambda context: ReturnsView(context, client),
            ReturnsView.prefixes,
            client.is_receipt,
            troubles=unread_books,
            late=red_letters_late,
        ),
        DeskTab(
            N_("Bag check"), BagCheckView.icon, lambda context: BagCheckView(context, client), BagCheckView.prefixes
        ),
        DeskTab(
            N_("Penalties"),
            PenaltiesView.icon,
            lambda context: PenaltiesView(context, client),
            PenaltiesView.prefixes,
            roles=frozenset({Role.CASH_OFFICE}),
        ),
        DeskTab(
            N_("Approvals"),
            ApprovalsView.icon,
            lambda context: ApprovalsView(context, client, (WaitingReturns(context, client),)),
            approves=True,
            roles=frozenset(APPROVERS),
        ),
        DeskTab(
            N_("Till"), TillView.icon, lambda context: TillView(context, client), TillView.prefixes, roles=TILL_ROLES
        ),
        DeskTab(
            N_("Goods back"),
            ReturnedGoodsView.icon,
            lambda context: ReturnedGoodsView(context, client),
            ReturnedGoodsView.prefixes,
            late=notices_late,
        ),
        DeskTab(N_("Day close"), DayCloseView.icon, lambda context: DayCloseView(context, client, open_items())),
        DeskTab(
            N_("Exit check"),
            ExitCheckView.icon,
            lambda context: ExitCheckView(context, client),
            ExitCheckView.prefixes,
            roles=EXIT_CHECK_ROLES,
        ),
        DeskTab(N_("Risk"), RiskView.icon, lambda context: RiskView(context, client), roles=frozenset(APPROVERS)),
        DeskTab(N_("Store"), StoreView.icon, lambda context: StoreView(context, client), roles=IN_CHARGE),
        DeskTab(N_("Devices"), DevicesView.icon, lambda context: DevicesView(context, client), roles=LOOKERS),
    )


def install() -> tuple[Install, ...]:
    """Return what each desk puts into a new store."""
    from counterapp.desks.bagcheck.services.locker_setup import install as bagcheck
    from counterapp.desks.day_close.services.closing import install as day_close
    from counterapp.desks.returns.services.rule_evaluation import install as returns

    return returns, day_close, bagcheck


def open_items() -> tuple[OpenItems, ...]:
    """Return what answers, desk by desk, for what is open when the day is closed, beside the desk that closes it."""
    from counterapp.desks.bagcheck.services.days import open_items as bagcheck
    from counterapp.desks.returned_goods.services.open_items import open_items as returned_goods
    from counterapp.desks.returns.services.open_items import open_items as returns
    from counterapp.desks.till.services.open_items import open_items as till

    return returns, till, returned_goods, bagcheck


def figures() -> tuple[Figure, ...]:
    """Return the figures of all desks."""
    from counterapp.desks.bagcheck.services.figures import FIGURES as BAGCHECK

    return (*BAGCHECK,)


def erasures() -> tuple[tuple[str, EraseDue], ...]:
    """Return what erases personal data whose time is over, with the name of its desk in the journal."""
    from counterapp.core.customers import erase_due as customers
    from counterapp.desks.bagcheck.services.privacy import erase_due as bagcheck
    from counterapp.desks.returns.services.privacy import erase_due as returns

    return ("bagcheck", bagcheck), ("return", returns), ("customer", customers)


def metadata() -> MetaData:
    """Return the tables of core and of every desk."""
    from counterapp.core.base import Base

    for module in MODELS:
        import_module(f"counterapp.{module}")
    return Base.metadata


def run(settings: Settings) -> int:
    """Open the window and stay until it is closed; return the exit code."""
    from PySide6.QtWidgets import QApplication

    from counterapp.program import Program
    from counterapp.ui import theme
    from counterapp.ui.garbage import Garbage

    keep_log(settings)
    spare_memory()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("counterapp")
    garbage = Garbage(app)
    theme.apply(app, settings.screen.dark, settings.screen.large, settings.screen.language)
    program = Program(app, settings, desks, install, erasures)
    program.window.messages.catch_bugs()
    program.start()
    code = app.exec()
    program.stop()
    garbage.stop()
    return code


def spare_memory() -> None:
    """Let what a large paper needed for a moment go back to the system: glibc would keep it, in each thread's arena.

    See mallopt(3): the thresholds (bytes) stand still once they are set, instead of growing with every large block.
    """
    if sys.platform != "linux":
        return
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # another C library has none, and need not
    if mallopt is not None:
        for parameter, value in ((_M_MMAP_THRESHOLD, 131_072), (_M_TRIM_THRESHOLD, 131_072), (_M_ARENA_MAX, 2)):
            mallopt(parameter, value)


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
