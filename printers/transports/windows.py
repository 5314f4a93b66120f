"""The spooler of Windows, through pywin32: each page of a PDF a bitmap in the device's dots, one to one, on the named
form; a printer's own commands as they are.

Written from the manuals and not tried yet: no Windows PC with a printer was at hand.
"""

from __future__ import annotations

import importlib
import time
from dataclasses import dataclass
from typing import Any, Final

from printers import picture
from printers.errors import N_, JobRefused, PaperUnsure, PrinterTrouble
from printers.transports import Job
from printers.transports.spooler import GIVEN_UP, LATE, MUTE, TAKEN_OUT, is_pdf

_LOOKS_EVERY: Final = 0.25

# wingdi.h: which field of a DEVMODE counts, and what a device says of itself (dots an inch, unreachable edge in dots).
_DM_FORMNAME: Final = 0x10000
_LOGPIXELSX, _LOGPIXELSY, _PHYSICALOFFSETX, _PHYSICALOFFSETY = 88, 90, 112, 113

# winspool.h: what to do with a job, and what becomes of it.
_JOB_CONTROL_DELETE: Final = 5
_ERROR, _DELETING, _PRINTING, _OFFLINE, _PAPER_OUT, _PRINTED, _DELETED, _COMPLETE = (
    0x2, 0x4, 0x10, 0x20, 0x40, 0x80, 0x100, 0x1000,
)  # fmt: skip

# And of a printer.
_QUEUE_PAUSED, _QUEUE_PAPER_OUT, _QUEUE_OFFLINE, _WORKS_OFFLINE = 0x1, 0x10, 0x80, 0x400


@dataclass(frozen=True, slots=True)
class WindowsTransport:
    """The printer `queue` of Windows; `form` is its name for the paper ("" leaves that to the printer)."""

    queue: str
    form: str = ""

    @property
    def answers(self) -> bool:
        """Windows tells of a printer what it met at the last job, and asks nothing between jobs."""
        return False

    def look(self) -> None:
        """See Asked: as far as Windows knows, which takes a printer that is off for a good one."""
        spool = _module("win32print")
        handle = self._opened(spool)
        try:
            found = spool.GetPrinter(handle, 2)
        except _module("pywintypes").error as reason:
            raise PrinterTrouble(MUTE) from reason
        finally:
            spool.ClosePrinter(handle)
        if found["Status"] & _QUEUE_PAUSED:
            raise PrinterTrouble(
                N_("{printer} is stopped in the print system. Let it go on there, or call IT."), printer=self.queue
            )
        offline = found["Status"] & _QUEUE_OFFLINE or found["Attributes"] & _WORKS_OFFLINE
        hinders = (_OFFLINE if offline else 0) | (_PAPER_OUT if found["Status"] & _QUEUE_PAPER_OUT else 0)
        if (trouble := self._trouble(hinders)) is not None:
            raise trouble

    def send(self, data: bytes, job: Job) -> None:
        """Print the PDF or the commands `data` and wait until the spooler is done.

        Raises PrinterTrouble, or PaperUnsure.
        """
        spool, ui = _module("win32print"), _module("win32ui")
        pywin_error = _module("pywintypes").error
        handle = self._opened(spool)
        try:
            hand_over = self._draw if is_pdf(data) else _pass_on
            number = hand_over(spool, ui, handle, data, job)
            self._watch(spool, handle, number, job)
        except (pywin_error, ui.error) as reason:
            raise PaperUnsure(
                N_("{printer} did not take the paper ({reason}). Look at the printer."),
                printer=self.queue,
                reason=reason,
            ) from reason
        finally:
            job.tell(None)
            spool.ClosePrinter(handle)

    def _opened(self, spool: Any) -> Any:
        try:
            return spool.OpenPrinter(self.queue)
        except _module("pywintypes").error as reason:
            raise PrinterTrouble(
                N_("The print system of this PC has no printer {printer}. Correct its name in the settings."),
                printer=self.queue,
            ) from reason

    def _draw(self, spool: Any, ui: Any, handle: Any, data: bytes, job: Job) -> int:
        """Draw the pages into a document of the spooler; return its number there."""
        image_win = importlib.import_module("PIL.ImageWin")
        mode = spool.GetPrinter(handle, 2)["pDevMode"]
        if self.form:
            mode.FormName = self.form
            mode.Fields |= _DM_FORMNAME
        device = ui.CreateDCFromHandle(_module("win32gui").CreateDC("WINSPOOL", self.queue, mode))
        try:
            across, down = device.GetDeviceCaps(_LOGPIXELSX), device.GetDeviceCaps(_LOGPIXELSY)
            left, top = device.GetDeviceCaps(_PHYSICALOFFSETX), device.GetDeviceCaps(_PHYSICALOFFSETY)
            number = int(device.StartDoc(job.title or job.key))
            for page in picture.images(data, max(across, down)):
                size = (round(page.width * across / max(across, down)), round(page.height * down / max(across, down)))
                drawn = page if page.size == size else page.resize(size)
                device.StartPage()
                # The device counts from where it can print; the page from the paper's corner.
                place = (-left, -top, size[0] - left, size[1] - top)
                image_win.Dib(drawn.convert("RGB")).draw(device.GetHandleOutput(), place)
                device.EndPage()
            device.EndDoc()
        finally:
            device.DeleteDC()
        return number

    def _watch(self, spool: Any, handle: Any, number: int, job: Job) -> None:
        began, told = False, 0
        until = time.monotonic() + job.seconds
        while True:
            listed = {each["JobId"]: each["Status"] for each in spool.EnumJobs(handle, 0, 999, 1)}
            status = listed.get(number, _PRINTED)
            if status & (_PRINTED | _COMPLETE):
                return
            if status & (_DELETING | _DELETED):
                raise (PaperUnsure if began else JobRefused)(TAKEN_OUT, printer=self.queue)
            began = began or bool(status & _PRINTING)
            if (hinders := status & (_PAPER_OUT | _OFFLINE | _ERROR)) != told:
                told = hinders
                job.tell(self._trouble(hinders))
            if time.monotonic() >= until or job.ended.wait(_LOOKS_EVERY):
                spool.SetJob(handle, number, 0, None, _JOB_CONTROL_DELETE)
                raise (PaperUnsure if began else JobRefused)(LATE, printer=self.queue)

    def _trouble(self, hinders: int) -> PrinterTrouble | None:
        if hinders & _PAPER_OUT:
            sentence = N_("{printer}: the paper is out. Put paper in; it then goes on by itself.")
        elif hinders & _OFFLINE:
            sentence = N_("{printer} does not answer. Look whether it is on, and at its cable.")
        elif hinders:
            sentence = GIVEN_UP
        else:
            return None
        return PrinterTrouble(sentence, printer=self.queue)


def _pass_on(spool: Any, _ui: Any, handle: Any, data: bytes, job: Job) -> int:
    """Hand the printer's own commands over as they are; return the job's number there."""
    number = int(spool.StartDocPrinter(handle, 1, (job.title or job.key, None, "RAW")))
    spool.StartPagePrinter(handle)
    spool.WritePrinter(handle, data)
    spool.EndPagePrinter(handle)
    spool.EndDocPrinter(handle)
    return number


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as reason:
        raise PrinterTrouble(
            N_("Printing through Windows needs pywin32, which is not installed here. Install it, then print again.")
        ) from reason
