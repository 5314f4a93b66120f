"""The system's spooler: CUPS through its own programs and its own protocol; on Windows see `windows`.

A job is handed over, watched until it is paper, and taken back once it is no longer wanted: a spooler alone would keep
it for a printer that is switched on tomorrow.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from printers.errors import N_, JobRefused, PaperUnsure, PrinterTrouble
from printers.profile import Profile
from printers.transports import Job, ipp

_ANSWERS_WITHIN: Final = 2.0  # seconds; a spooler on this PC answers in milliseconds
_TAKES_WITHIN: Final = 10.0
_GIVES_BACK_WITHIN: Final = 5.0
_LOOKS_EVERY: Final = 0.25

_STOPPED: Final = 5  # printer-state
_CANCELLED, _DONE = 7, 9  # job-state; 8 is given up

_TAKEN_AS: Final = re.compile(r"\S+-([0-9]+)\s")
_KNOWN: Final = {(210, 297): "A4", (148, 210): "A5"}

MUTE: Final = N_("The print system of this PC does not answer. Call IT; meanwhile print on another PC.")

LATE: Final = N_("{printer} was not ready in time; the job was taken back and does not come out late.")
TAKEN_OUT: Final = N_("{printer}: somebody took the job out of the print system.")
GIVEN_UP: Final = N_("{printer}: the print system gave the job up. Look at the printer.")

#: Beginnings of printer-state-reasons (RFC 8011, PWG 5100.9) that a person can do something about, the worst first.
_REASONS: Final = (
    ("paused", N_("{printer} is stopped in the print system. Let it go on there, or call IT.")),
    ("media-empty", N_("{printer}: the paper is out. Put paper in; it then goes on by itself.")),
    ("media-needed", N_("{printer}: the paper is out. Put paper in; it then goes on by itself.")),
    ("media-jam", N_("{printer}: the paper is jammed. Take it out and close the printer.")),
    ("cover-open", N_("{printer}: the cover is open. Close it.")),
    ("door-open", N_("{printer}: the cover is open. Close it.")),
    ("interlock-open", N_("{printer}: the cover is open. Close it.")),
    ("marker-supply-empty", N_("{printer}: ribbon or toner is used up. Change it.")),
    ("toner-empty", N_("{printer}: ribbon or toner is used up. Change it.")),
    ("offline", N_("{printer} does not answer. Look whether it is on, and at its cable.")),
    ("connecting-to-device", N_("{printer} does not answer. Look whether it is on, and at its cable.")),
    ("timed-out", N_("{printer} does not answer. Look whether it is on, and at its cable.")),
    ("shutdown", N_("{printer} does not answer. Look whether it is on, and at its cable.")),
)  # fmt: skip


#: Pieces of printer-state-message with which CUPS's backends say that nobody answers, and set no reason.
_UNANSWERED: Final = ("may not exist or is unavailable", "not responding", "Unable to locate", "to become available")


def media_for(profile: Profile) -> str:
    """Return how CUPS calls the paper of `profile`: a known name, or its size; "" for a roll."""
    if not profile.height:
        return ""
    size = (round(profile.width), round(profile.height))
    return _KNOWN.get(size, f"Custom.{profile.width:g}x{profile.height:g}mm")


@dataclass(frozen=True, slots=True)
class _Standing:
    """How it stands with a job: `state` None while the spooler says nothing; `began` where there may be paper."""

    state: int | None
    began: bool

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state is not None and self.state >= _CANCELLED


@dataclass(frozen=True, slots=True)
class CupsTransport:
    """The queue `queue` of CUPS, on paper that it calls `media` ("" leaves that to the queue).

    `options` are more of what `lp -o` takes, as "printer-resolution=180dpi". A PDF goes through the queue's driver, a
    printer's own commands past it.
    """

    queue: str
    media: str = ""
    options: tuple[str, ...] = ()

    @property
    def answers(self) -> bool:
        """The spooler tells of a printer what it met at the last job, and asks nothing between jobs."""
        return False

    def look(self) -> None:
        """See Asked: whether the queue takes jobs and goes on, as far as the spooler knows."""
        self._require_ready(self._run("lpstat", "-H", seconds=_ANSWERS_WITHIN).strip())

    def send(self, data: bytes, job: Job) -> None:
        """Print the file `data` in its own size and wait until the spooler says that it is paper.

        What stands in the way meanwhile is told to the job, within half a second of the spooler knowing it. Raises
        PrinterTrouble where no paper came out (JobRefused once the spooler had it), PaperUnsure where it had begun.
        """
        server = self._run("lpstat", "-H", seconds=_ANSWERS_WITHIN).strip()
        self._require_ready(server)
        number = self._handed_over(data, job)
        try:
            self._watch(server, number, job)
        finally:
            job.tell(None)

    def _require_ready(self, server: str) -> None:
        try:
            state = self._state(server)
        except ipp.NotThere as reason:
            raise PrinterTrouble(
                N_("The print system of this PC has no printer {printer}. Correct its name in the settings."),
                printer=self.queue,
            ) from reason
        except (OSError, ValueError) as reason:
            raise PrinterTrouble(MUTE) from reason
        if state.get("printer-state") == [_STOPPED]:
            raise PrinterTrouble(dict(_REASONS)["paused"], printer=self.queue)
        if state.get("printer-is-accepting-jobs") == [False]:
            raise PrinterTrouble(
                N_("{printer} takes no jobs in the print system. Let it take them there, or call IT."),
                printer=self.queue,
            )

    def _handed_over(self, data: bytes, job: Job) -> int:
        """Give the job to the spooler and return its number there."""
        options = ["raw"]
        if is_pdf(data):
            # A barcode is never scaled with its page, and named copies never share a sheet.
            options = ["print-scaling=none", "fit-to-page=false", "sides=one-sided", *self.options]
            options += [f"media={self.media}"] if self.media else []
        title = job.title or job.key
        arguments = ["-d", self.queue, "-t", title, *(part for option in options for part in ("-o", option))]
        said = self._run("lp", *arguments, data=data, seconds=_TAKES_WITHIN)
        taken = _TAKEN_AS.search(said)
        if taken is None:
            raise PaperUnsure(MUTE)
        return int(taken[1])

    def _watch(self, server: str, number: int, job: Job) -> None:
        told = ""
        until = time.monotonic() + job.seconds
        while not (standing := self._standing(server, number)).over:
            trouble = self._trouble(server)
            if (said := trouble.message if trouble else "") != told:
                told = said
                job.tell(trouble)
            if time.monotonic() >= until or job.ended.wait(_LOOKS_EVERY):
                self._take_back(server, number)
                return
        if standing.state != _DONE:
            raise self._not_done(TAKEN_OUT if standing.state == _CANCELLED else GIVEN_UP, standing)

    def _take_back(self, server: str, number: int) -> None:
        self._run("cancel", f"{self.queue}-{number}", seconds=_GIVES_BACK_WITHIN, lenient=True)
        until = time.monotonic() + _GIVES_BACK_WITHIN
        while not (standing := self._standing(server, number)).over:
            if time.monotonic() >= until:
                raise PaperUnsure(
                    N_("{printer} was not ready in time and still holds the job. Call IT."), printer=self.queue
                )
            time.sleep(_LOOKS_EVERY)
        if standing.state != _DONE:
            raise self._not_done(LATE, standing)

    def _not_done(self, sentence: str, standing: _Standing) -> PrinterTrouble:
        return (PaperUnsure if standing.began else JobRefused)(sentence, printer=self.queue)

    def _standing(self, server: str, number: int) -> _Standing:
        wanted = ("job-state", "time-at-processing")
        try:
            found = ipp.ask(server, ipp.GET_JOB, f"ipp://localhost/jobs/{number}", wanted, _ANSWERS_WITHIN)
        except ipp.NotThere as reason:
            raise PaperUnsure(
                N_("{printer}: the print system no longer knows the job."), printer=self.queue
            ) from reason
        except (OSError, ValueError):
            return _Standing(None, True)
        state = next((int(state) for state in found.get("job-state", [])), None)
        return _Standing(state, bool(found.get("time-at-processing")))

    def _trouble(self, server: str) -> PrinterTrouble | None:
        """Return what stands in the printer's way, as far as it says so."""
        try:
            state = self._state(server)
        except (ipp.NotThere, OSError, ValueError):
            return PrinterTrouble(MUTE)
        reasons = [str(each) for each in state.get("printer-state-reasons", [])]
        message = str(state.get("printer-state-message", [""])[0])
        return trouble_of(reasons + ["offline"] * any(piece in message for piece in _UNANSWERED), self.queue)

    def _state(self, server: str) -> ipp.Attributes:
        wanted = ("printer-state", "printer-state-reasons", "printer-state-message", "printer-is-accepting-jobs")
        return ipp.ask(server, ipp.GET_PRINTER, f"ipp://localhost/printers/{self.queue}", wanted, _ANSWERS_WITHIN)

    def _run(self, program: str, *arguments: str, data: bytes = b"", seconds: float, lenient: bool = False) -> str:
        """Run a program of CUPS and return what it says."""
        try:
            done = subprocess.run(
                [program, *arguments], input=data, capture_output=True, timeout=seconds, env=_plain(os.environ),
                check=not lenient,
            )  # fmt: skip
        except FileNotFoundError as reason:
            raise PrinterTrouble(
                N_("This PC has no print system. Install CUPS (on Debian: cups and cups-client), then print again.")
            ) from reason
        except subprocess.TimeoutExpired as reason:
            # Whether the spooler has a job that it did not acknowledge, nobody knows.
            raise (PaperUnsure if data else PrinterTrouble)(MUTE) from reason
        except subprocess.CalledProcessError as reason:
            raise (JobRefused if data else PrinterTrouble)(
                N_("{printer} does not take the paper ({reason}). Correct that, then print again."),
                printer=self.queue,
                reason=_last_line(reason.stderr),
            ) from reason
        return done.stdout.decode(errors="replace")


def is_pdf(data: bytes) -> bool:
    """Tell pages for a driver from a printer's own commands."""
    return data.startswith(b"%PDF")


def trouble_of(reasons: Sequence[str], printer: str) -> PrinterTrouble | None:
    """Return in words what printer-state-reasons say, None where nothing hinders."""
    for beginning, sentence in _REASONS:
        if any(reason.startswith(beginning) for reason in reasons):
            return PrinterTrouble(sentence, printer=printer)
    hindering = [reason.removesuffix("-error") for reason in reasons if reason.endswith("-error")]
    if hindering:
        return PrinterTrouble(
            N_("{printer} says: {reason}. Look at the printer."), printer=printer, reason=", ".join(hindering)
        )
    return None


def _plain(environment: Mapping[str, str]) -> dict[str, str]:
    """Let the spooler's programs speak one language, and take titles in any."""
    return {**environment, "LC_ALL": "C.UTF-8"}


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "?"
