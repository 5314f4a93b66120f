"""Each way in which a printer fails, over each line: what the queue says, and what the clerk is told within seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from pytestqt.qtbot import QtBot

from counterapp import words
from counterapp.core.actor import Actor
from counterapp.core.database import Database
from counterapp.core.print_queue import PaperRole
from counterapp.hardware import printing
from printers.device import DevicePrinter
from printers.profile import named
from printers.transports import stream
from printers.transports.address import place, transport
from tests.conftest import PlayedClock
from tests.hardware.station import LONG, Station, Toy
from tests.printers.fake import FakePrinter, Mood, over_tcp, over_terminal

PROFILE = named("epson-tm-t88")
Line = Callable[[FakePrinter], AbstractContextManager[FakePrinter]]


@pytest.fixture(params=[over_tcp] if sys.platform == "win32" else [over_tcp, over_terminal])
def line(request: pytest.FixtureRequest) -> Line:
    found: Line = request.param
    return found


@pytest.fixture
def make(
    qtbot: QtBot, database: Database, clerk: Actor, clock: PlayedClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Station]]:
    """Make the station whose slips go to a fake printer, and to `spare` where that one cannot.

    It looks at its printers every quarter of a second.
    """
    monkeypatch.setattr(printing, "_LOOKS_EVERY_MS", 250)
    made: list[Station] = []

    def make(printer: FakePrinter, spare: Toy | None = None) -> Station:
        words.use("en")
        at = place(printer.address)
        assert at is not None
        device = DevicePrinter(PROFILE, transport(at, "counter", PROFILE))
        made.append(Station(database, clerk, clock, device, Toy(), spare))
        return made[-1]

    yield make
    for station in made:
        station.printing.stop()


Make = Callable[..., Station]


@pytest.mark.parametrize("mood", [Mood.OK, Mood.SLOW, Mood.NEAR_END])
def test_a_printer_that_prints_is_believed(qtbot: QtBot, make: Make, line: Line, mood: Mood) -> None:
    with line(FakePrinter(mood)) as printer:
        station = make(printer)
        job = station.add()
        station.printing.wake()
        qtbot.wait_until(lambda: bool(station.printed))
        assert station.read(job).state == "printed"
        assert (station.printed[0].printer, station.printed[0].usual) == ("slip", "slip")
        assert "退/换货".encode("gbk") not in printer.paper  # the title is for people, not for paper
        assert b"17" in printer.paper
    said = [str(state.hint) for state in station.hindered if state.hint is not None]
    assert said == (["counter: the paper is nearly out. Have a new roll ready."] if mood is Mood.NEAR_END else [])


@pytest.mark.parametrize(
    ("mood", "said"),
    [
        (Mood.PAPER_OUT, "counter: the paper is out. Put paper in; it then goes on by itself."),
        (Mood.COVER_OPEN, "counter: the cover is open. Close it."),
        (Mood.MUTE, "counter says nothing. Look at its paper and cover, then switch it off and on."),
        (Mood.GARBLES, "counter answers nonsense. Call IT: its speed in the address, or its profile, is another's."),
    ],
)
def test_a_printer_that_cannot_is_said_and_prints_by_itself_once_it_can(
    qtbot: QtBot, make: Make, line: Line, mood: Mood, said: str
) -> None:
    with line(FakePrinter(mood)) as printer:
        station = make(printer)
        station.printing.start()
        job = station.add()
        station.printing.wake()
        qtbot.wait_until(lambda: bool(station.hindered))
        assert str(station.hindered[0].trouble) == said
        qtbot.wait_until(lambda: station.read(job).state == "queued")
        assert (station.failed, printer.paper) == ([], b"")
        printer.mood = Mood.OK
        qtbot.wait_until(lambda: bool(station.printed))
        assert station.hindered[-1].trouble is None
        assert station.read(job).state == "printed"


@pytest.mark.parametrize("mood", [Mood.PAPER_OUT, Mood.MUTE])
def test_a_paper_that_could_not_come_out_in_its_time_fails_with_its_sentence(
    qtbot: QtBot, make: Make, line: Line, clock: PlayedClock, mood: Mood
) -> None:
    with line(FakePrinter(mood)) as printer:
        station = make(printer)
        station.printing.start()
        job = station.add(PaperRole.TOKEN)
        station.printing.wake()
        qtbot.wait_until(lambda: bool(station.hindered))
        clock.forward(seconds=31)
        qtbot.wait_until(lambda: bool(station.failed))
        assert (station.failed[0].job_id, station.failed[0].unsure) == (job, False)
        assert str(station.hindered[0].trouble) in str(station.failed[0])
        assert station.read(job).state == "failed"
        printer.mood = Mood.OK
        qtbot.wait_until(lambda: station.hindered[-1].trouble is None)
        assert printer.paper == b""


@pytest.mark.parametrize("mood", [Mood.RESETS, Mood.CLOSES])
def test_a_printer_that_goes_away_in_the_middle_leaves_a_question(
    qtbot: QtBot, make: Make, line: Line, mood: Mood
) -> None:
    with line(FakePrinter(mood)) as printer:
        station = make(printer)
        job = station.add(slip=LONG)
        station.printing.wake()
        qtbot.wait_until(lambda: bool(station.failed))
        assert (station.failed[0].unsure, station.read(job).state) == (True, "unknown")
        assert str(station.failed[0]).startswith(
            "退/换货未受理说明: look whether it came out. counter broke off in the middle of a paper."
        )


@pytest.mark.parametrize("mood", [Mood.RUNS_OUT, Mood.STALLS])
def test_a_printer_that_stops_in_the_middle_is_said_and_the_spare_one_prints_what_comes_next(
    qtbot: QtBot, make: Make, line: Line, mood: Mood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_SILENT_FOR", 3.0)
    spare = Toy()
    with line(FakePrinter(mood)) as printer:
        station = make(printer, spare)
        station.printing.start()
        stuck = station.add(slip=LONG)
        station.printing.wake()
        qtbot.wait_until(lambda: bool(station.hindered))
        assert station.read(stuck).state == "sending"
        following = station.add()
        station.printing.wake()
        qtbot.wait_until(lambda: bool(station.printed))
        assert (station.printed[0].job_id, station.printed[0].printer) == (following, "spare")
        if mood is Mood.RUNS_OUT:
            printer.mood = Mood.OK
            qtbot.wait_until(lambda: len(station.printed) == 2)
            assert station.read(stuck).state == "printed"
        else:
            qtbot.wait_until(lambda: bool(station.failed))
            assert (station.failed[0].unsure, station.read(stuck).state) == (True, "unknown")
    assert len(spare.printed) == 1


def test_a_printer_that_is_not_there_is_said_and_the_job_waits_for_it(qtbot: QtBot, make: Make, line: Line) -> None:
    with line(FakePrinter()) as printer:
        pass
    station = make(printer)
    station.printing.start()
    job = station.add()
    station.printing.wake()
    qtbot.wait_until(lambda: bool(station.hindered))
    assert station.hindered[0].trouble is not None
    qtbot.wait_until(lambda: station.read(job).state == "queued")


def test_a_cover_that_is_opened_between_two_papers_is_said_before_the_next(
    qtbot: QtBot, make: Make, line: Line
) -> None:
    with line(FakePrinter()) as printer:
        station = make(printer)
        station.printing.start()
        station.add()
        station.printing.wake()
        qtbot.wait_until(lambda: bool(station.printed))
        printer.mood = Mood.COVER_OPEN
        qtbot.wait_until(lambda: bool(station.hindered))
        assert str(station.hindered[0].trouble) == "counter: the cover is open. Close it."
        printer.mood = Mood.OK
        qtbot.wait_until(lambda: station.hindered[-1].trouble is None)
