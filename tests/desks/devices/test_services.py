"""Looking, trying out, and reading scans, without a screen."""

from __future__ import annotations

import datetime as dt
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
import serial

from counterapp.core.actor import Role
from counterapp.core.database import Database
from counterapp.core.migrate import HEAD
from counterapp.desks.devices.services import device_status, environment_checks, test_prints
from counterapp.desks.devices.services.scans import Keys, Kind, recognised, too_slow
from counterapp.errors import NotAllowed, NotFound, Refused, Trouble
from counterapp.settings import load
from printers.document import Pages
from tests.printers.fake import FakePrinter, Mood, over_tcp, over_terminal

MOMENT = dt.datetime(2026, 11, 21, 14, 32, tzinfo=dt.UTC)


def keys(text: str, gap: int) -> Keys:
    return Keys(tuple(text), tuple(place * gap for place in range(len(text))))


@pytest.mark.parametrize(
    ("pressed", "wanted"),
    [
        (keys("0101072611180387\r", 8), None),  # within the setting: it was a scan, or will be one
        (keys("0101072611180387\r", 45), 60),
        (keys("6966493300451", 70), 90),
        (keys("wangli 6012", 110), None),  # fingers
        (keys("ab", 45), None),
    ],
)
def test_only_what_no_person_types_is_a_scanner_that_is_too_slow(pressed: Keys, wanted: int | None) -> None:
    assert too_slow(pressed, 30) == wanted
    if wanted is not None:
        assert too_slow(pressed, wanted) is None


def test_a_scan_without_a_store_is_still_told(database: Database) -> None:
    assert recognised("RF000000000148", None) is Kind.OURS
    assert recognised("0101072611180387", None) is Kind.UNKNOWN


def test_a_database_says_what_it_is_and_how_quickly(each: Database) -> None:
    facts = environment_checks.database_facts(each)
    assert facts.version.startswith("SQLite 3." if each.is_sqlite else "PostgreSQL ")
    assert 0 < facts.milliseconds < 1000
    assert (facts.revision, facts.is_current, facts.is_newer) == (HEAD, True, False)
    assert "@" not in facts.place
    assert facts.place.endswith(str(each.url.database))


@pytest.fixture(params=["sqlite_url", "postgres_url"])
def each(request: pytest.FixtureRequest) -> Database:
    """A store on each of the two databases."""
    from tests.conftest import KEYS

    database = Database(request.getfixturevalue(request.param), KEYS)
    request.addfinalizer(database.close)
    return database


def test_a_folder_says_how_much_room_there_is_or_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment_checks.folder_facts(tmp_path).trouble is None
    assert "is not there" in str_of(environment_checks.folder_facts(tmp_path / "gone").trouble)
    (tmp_path / "file").touch()
    assert "cannot be written" in str_of(environment_checks.folder_facts(tmp_path / "file").trouble)
    monkeypatch.setattr(environment_checks, "FULL", 10**18)
    assert "nearly full" in str_of(environment_checks.folder_facts(tmp_path).trouble)


def str_of(trouble: object) -> str:
    return trouble.in_language("en") if isinstance(trouble, Trouble) else ""


def test_printers_that_serve_nothing_are_there_too_and_can_be_tried(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[printers.spare]\nprofile = "laser-a4"\naddress = "spooler:HP"\n')
    printers = device_status.printers_at(load(tmp_path), "a4")
    assert [(one.name, [paper.value for paper in one.papers]) for one in printers] == [
        ("form", ["form"]),
        ("slip", ["slip", "token"]),
        ("spare", []),
    ]
    assert test_prints.the_printer(printers, "spare").profile.name == "Laser printer, A4"
    with pytest.raises(NotFound, match=r"form, slip, spare"):
        test_prints.the_printer(printers, "lq")


def test_a_sheet_at_zero_is_not_moved_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        '[printers.form]\nprofile = "laser-a4"\naddress = "spooler:HP"\noffset_x = 1.5\noffset_y = -2\n'
    )
    printer = test_prints.the_printer(device_status.printers_at(load(tmp_path), "a4"), "form")
    moved, unmoved = printer, test_prints.unmoved(printer)
    assert (test_prints.offsets(moved), test_prints.offsets(unmoved)) == ((1.5, -2), (0, 0))
    assert "offset_x = 1.5 and offset_y = -2" in words_of(test_prints.calibration(moved, MOMENT, "en"))
    assert "offset_x = 0 and offset_y = 0" in words_of(test_prints.calibration(unmoved, MOMENT, "en"))


def test_a_roll_is_not_calibrated(tmp_path: Path) -> None:
    slip = test_prints.the_printer(device_status.printers_at(load(tmp_path), "a4"), "slip")
    with pytest.raises(Refused, match="slip"):
        test_prints.calibration(slip, MOMENT, "en")


def test_only_it_tries_printers_out() -> None:
    test_prints.may_try(Role.IT)
    with pytest.raises(NotAllowed):
        test_prints.may_try(Role.STORE_MANAGER)


def test_a_trouble_that_passes_at_once_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the running counter asks a printer that takes one connection at a time."""
    with over_tcp(FakePrinter(Mood.MUTE)) as printer:
        (tmp_path / "settings.toml").write_text(
            f'[printers.slip]\nprofile = "epson-tm-t88"\naddress = "{printer.address}"\n'
        )
        slip = test_prints.the_printer(device_status.printers_at(load(tmp_path), "a4"), "slip")
        passing = SimpleNamespace(sleep=lambda _seconds: setattr(printer, "mood", Mood.OK))
        monkeypatch.setattr("counterapp.desks.devices.services.device_status.time", passing)
        assert slip.look().trouble is not None
        assert device_status.look(slip).trouble is None


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_a_line_that_the_counter_holds_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    with over_terminal(FakePrinter()) as printer:
        (tmp_path / "settings.toml").write_text(
            f'[printers.slip]\nprofile = "epson-tm-t88"\naddress = "{printer.address}"\n'
        )
        slip = test_prints.the_printer(device_status.printers_at(load(tmp_path), "a4"), "slip")
        held = serial.Serial(printer.address.removeprefix("serial:"), exclusive=True)
        letting_go = threading.Timer(0.4, held.close)
        letting_go.start()
        assert test_prints.print_now(slip, test_prints.trial(slip, MOMENT, "en")) == ()
        letting_go.join()
        assert printer.paper


def words_of(document: Pages) -> str:
    return "\n".join(run.text for page in document.pages for item in page.items for run in getattr(item, "runs", ()))
