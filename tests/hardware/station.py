"""A station's print workers with toys for printers, and what they said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from counterapp.core import print_queue
from counterapp.core.actor import Actor, Clock
from counterapp.core.database import Database
from counterapp.core.print_queue import PaperRole, PrintJob
from counterapp.hardware.printers import DeviceState, Printer, Served, StationPrinter
from counterapp.hardware.printing import NotPrinted, Printed, Printing
from printers.document import Cell, Document, Row, Slip
from printers.errors import PrinterTrouble
from printers.profile import named
from printers.transports import Job

SLIP = Slip("退/换货未受理说明", (Row((Cell("17"),)),))
LONG = Slip("退/换货未受理说明", tuple(Row((Cell(f"{number:020}"),)) for number in range(30)))
LACKING = "{printer}: the paper is out. Put paper in; it then goes on by itself."


def refuse(_job: Job) -> None:
    raise PrinterTrouble("{printer} is stopped in the print system. Let it go on there, or call IT.", printer="LQ")


class Toy:
    """A printer of the tests: keeps what it printed; `answer` is what it does meanwhile."""

    def __init__(self, *, knows_keys: bool = False) -> None:
        self.knows_keys = knows_keys
        self.answer: Callable[[Job], None] = lambda _job: None
        self.printed: list[tuple[Document, Job]] = []

    def print(self, document: Document, job: Job) -> tuple[Path, ...]:
        self.answer(job)
        self.printed.append((document, job))
        return ()


def printer(name: str, device: Printer, *papers: PaperRole, profile: str = "virtual-80mm") -> StationPrinter:
    return StationPrinter(name, device, named(profile), papers)


class Station:
    """The print workers of station 2, and what they said. `spare` takes over for slips."""

    def __init__(
        self, database: Database, actor: Actor, clock: Clock, slip: Printer, form: Printer, spare: Printer | None
    ) -> None:
        self.database, self.actor = database, actor
        slips = [printer("slip", slip, PaperRole.SLIP, PaperRole.TOKEN)]
        if spare is not None:
            slips.append(printer("spare", spare, PaperRole.SLIP))
        served = {
            PaperRole.FORM: Served((printer("form", form, PaperRole.FORM, profile="virtual-continuous"),), 600),
            PaperRole.SLIP: Served(tuple(slips), 60),
            PaperRole.TOKEN: Served((slips[0],), 30),
        }
        self.printing = Printing(database, "2", clock, served)
        self.printed: list[Printed] = []
        self.failed: list[NotPrinted] = []
        self.hindered: list[DeviceState] = []
        self.printing.printed.connect(self.printed.append)
        self.printing.failed.connect(self.failed.append)
        self.printing.hindered.connect(self.hindered.append)

    def add(self, paper: PaperRole = PaperRole.SLIP, slip: Slip = SLIP) -> int:
        job = self.database.command(
            self.actor, "test", lambda s: print_queue.enqueue(s, self.actor, paper, slip.title, slip, None)
        )
        return job.id

    def read(self, job_id: int) -> PrintJob:
        return self.database.read(lambda s: s.get_one(PrintJob, job_id))

    def again(self, job_id: int) -> None:
        self.database.command(self.actor, "print.again", lambda s: print_queue.try_again(s, self.actor, job_id))
