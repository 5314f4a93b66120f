"""`counterapp doctor` says what is wrong and what to do, one thing after the other, and changes nothing."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import serial
from PIL import Image
from sqlalchemy import text
from zxingcpp import read_barcodes

from counterapp import doctor
from counterapp.cli import doctor as command
from counterapp.core import secrets_file
from counterapp.core.database import Database
from counterapp.core.migrate import HEAD
from counterapp.desks.devices.printouts import DIGITS, OWN_CODE
from counterapp.desks.devices.services import environment_checks
from counterapp.settings import Settings
from counterapp.store_access import hold_window
from tests.hardware.line import Line
from tests.printers.fake import FakePrinter, Mood, over_tcp, over_terminal
from tests.printers.reading import CODE128
from tests.return_forms.goods import Sold, sell
from tests.test_command_line import Shell, shell

__all__ = ["shell"]  # a fixture of another module

on_terminals = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
ENGLISH = '[screen]\nlanguage = "en"\n'


@pytest.fixture(autouse=True)
def at_half_past_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """2026-11-21 14:32 in the store, in which a receipt is of 2026-11-18."""
    monkeypatch.setattr(command, "system_clock", lambda: dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC))
    # The server's clock is the real one.
    monkeypatch.setattr(doctor, "_TOLERANCE", dt.timedelta(days=36500))


class Doctor:
    """The doctor at a PC; `says` keeps what it found, by check and name."""

    def __init__(self, shell: Shell, data: Path) -> None:
        self._shell, self.data = shell, data

    def settle(self, text: str) -> None:
        (self.data / "settings.toml").write_text(ENGLISH + text, encoding="utf-8")

    def __call__(self, *options: str, code: int) -> dict[str, dict[str, Any]]:
        left, out, err = self._shell("doctor", "--json", *options)
        assert (left, err) == (code, "")
        told = json.loads(out)
        assert told.keys() == {"program", "well", "findings"}
        assert told["well"] is (code == 0)
        assert all(one.keys() == {"check", "name", "state", "says", "facts"} for one in told["findings"])
        return {f"{one['check']} {one['name']}".strip(): one for one in told["findings"]}

    def in_words(self) -> tuple[int, str]:
        code, out, _err = self._shell("doctor")
        return code, out


@pytest.fixture
def examine(shell: Shell, tmp_path: Path) -> Doctor:
    return Doctor(shell, tmp_path / "data")


def printers(*addresses: str) -> str:
    sections = [
        f'[printers.p{place}]\nprofile = "epson-tm-t88"\naddress = "{address}"\n'
        for place, address in enumerate(addresses, 1)
    ]
    names = [f"p{place}" for place in range(1, len(addresses) + 1)]
    return "".join(sections) + f"[papers.slip]\nprinters = {names}\n"


def test_a_pc_on_which_all_is_well_is_told_so(examine: Doctor, database: Database) -> None:
    found = examine(code=0)
    kinds = {
        "settings",
        "folder",
        "window",
        "keys",
        "resources",
        "database",
        "clock",
        "printer form",
        "printer slip",
    }
    assert kinds <= found.keys()
    facts = found["database"]["facts"]
    assert facts["kind"] == ("sqlite" if database.is_sqlite else "postgresql")
    assert facts["revision"] == HEAD
    assert 0 < facts["milliseconds"] < 1000
    assert ("integrity" in found) is database.is_sqlite
    code, said = examine.in_words()
    assert code == 0
    assert said.splitlines()[0].startswith("[well] Settings: ")
    assert said.splitlines()[-1] == "Nothing is wrong."


def test_each_printer_that_cannot_print_is_named_with_what_to_do(examine: Doctor) -> None:
    with (
        over_tcp(FakePrinter()) as well,
        over_tcp(FakePrinter(Mood.NEAR_END)) as near,
        over_tcp(FakePrinter(Mood.PAPER_OUT)) as out,
        over_tcp(FakePrinter(Mood.MUTE)) as mute,
    ):
        examine.settle(printers(well.address, near.address, out.address, mute.address))
        found = examine(code=5)
        assert well.paper == near.paper == out.paper == mute.paper == b""
    states = {name: (one["state"], one["says"]) for name, one in found.items() if name.startswith("printer p")}
    assert states == {
        "printer p1": ("well", f"Epson TM-T88, {well.address}"),
        "printer p2": ("note", "p2: the paper is nearly out. Have a new roll ready."),
        "printer p3": ("wrong", "p3: the paper is out. Put paper in; it then goes on by itself."),
        "printer p4": ("wrong", "p4 says nothing. Look at its paper and cover, then switch it off and on."),
    }


def test_a_wrong_port_and_lines_that_are_missing_are_told(examine: Doctor) -> None:
    with over_tcp(FakePrinter()) as gone:
        address = gone.address
    examine.settle(printers(address, "serial:/dev/not-there") + '[scanners.gun]\nport = "/dev/neither"\n')
    found = examine(code=5)
    assert "takes no papers" in found["printer p1"]["says"]
    assert "this PC has no /dev/not-there" in found["printer p2"]["says"]
    assert "unplugged" in found["scanner gun"]["says"]
    code, said = examine.in_words()
    assert code == 5
    assert said.splitlines()[-1] == "3 things are wrong."


@on_terminals
@pytest.mark.parametrize("is_open", [True, False])
def test_lines_that_the_open_counter_has_are_no_fault_and_those_of_others_are(
    examine: Doctor, tmp_path: Path, is_open: bool
) -> None:
    line = Line(tmp_path / "gun")
    line.plug_in()
    with over_terminal(FakePrinter()) as printer:
        port = printer.address.removeprefix("serial:")
        examine.settle(printers(printer.address) + f'[scanners.gun]\nport = "{line.port}"\n')
        window = hold_window(Settings(examine.data)) if is_open else None
        with serial.Serial(str(line.port), exclusive=True), serial.Serial(port, exclusive=True):
            found = examine(code=0 if is_open else 5)
        if window is not None:
            window.release()
    line.pull_out()
    assert found["window"]["facts"] == {"open": is_open}
    for name in ("printer p1", "scanner gun"):
        assert found[name]["facts"]["taken"] is True
        assert found[name]["state"] == ("well" if is_open else "wrong")
        assert ("open counter" in found[name]["says"]) is is_open


def test_test_papers_come_out_where_they_are_asked_for(examine: Doctor) -> None:
    with over_tcp(FakePrinter()) as well, over_tcp(FakePrinter(Mood.COVER_OPEN)) as stuck:
        examine.settle(printers(well.address, stuck.address))
        found = examine("--print", code=5)
        assert well.paper
        assert stuck.paper == b""
    assert found["test paper p1"]["state"] == "well"
    assert found["test paper p2"]["says"] == "p2: the cover is open. Close it."
    (picture,) = found["test paper slip"]["facts"]["pictures"]
    with Image.open(picture) as paper:
        assert [code.text for code in read_barcodes(paper, CODE128)] == [OWN_CODE, DIGITS]


def test_mistakes_in_the_settings_are_told_and_stop_nothing(examine: Doctor, database: Database) -> None:
    examine.settle('large = 3\n[printers.slip]\nprofile = "epsom"\naddress = "LQ"\n')
    found = examine(code=5)
    for piece in ("screen.large = 3", "printers.slip.profile = 'epsom'", "printers.slip.address = 'LQ'"):
        assert piece in found["settings"]["says"]
    assert found["database"]["state"] == "well"
    assert not [name for name in found if name.startswith("printer")]


def test_a_settings_file_that_is_no_toml_is_told(examine: Doctor) -> None:
    (examine.data / "settings.toml").write_text("[screen\n")
    assert examine(code=5)["settings"]["state"] == "wrong"


def test_missing_keys_are_told_and_the_database_is_looked_at_all_the_same(examine: Doctor) -> None:
    (examine.data / secrets_file.FILE).unlink()
    found = examine(code=5)
    assert (found["keys"]["state"], found["database"]["state"]) == ("wrong", "well")


def test_a_file_that_the_installation_lacks_is_named(examine: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_CARRIED", ("fonts/NotoSansSC-Regular.ttf", "fonts/None.ttf"))
    assert examine(code=5)["resources"]["facts"] == {"missing": ["fonts/None.ttf"]}


def test_little_room_is_noted_and_none_is_wrong(examine: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "SCARCE", 10**18)
    assert examine(code=0)["folder"]["state"] == "note"
    monkeypatch.setattr(environment_checks, "FULL", 10**18)
    assert "nearly full" in examine(code=5)["folder"]["says"]


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not for Windows")
def test_a_print_system_that_is_not_there_is_told_where_a_printer_needs_it(
    examine: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "spooler" not in examine(code=0)
    monkeypatch.setenv("PATH", str(tmp_path))
    examine.settle('[printers.form]\nprofile = "laser-a4"\naddress = "spooler:HP"\n')
    found = examine(code=5)
    assert found["spooler"]["facts"] == {"missing": ["lp", "lpstat", "cancel"]}
    assert "no print system" in found["printer form"]["says"]


def test_a_printer_that_serves_nothing_is_noted(examine: Doctor) -> None:
    with over_tcp(FakePrinter()) as printer:
        examine.settle(f'[printers.spare]\nprofile = "epson-tm-t88"\naddress = "{printer.address}"\n')
        found = examine(code=0)
    assert found["printer spare"]["state"] == "note"
    assert "[papers.slip]" in found["printer spare"]["says"]


@pytest.mark.parametrize(("now", "state"), [("2026-11-21T06:32", "well"), ("2026-11-17T06:32", "wrong")])
def test_a_clock_that_was_set_back_shows_by_what_was_written_before(
    examine: Doctor, database: Database, monkeypatch: pytest.MonkeyPatch, now: str, state: str
) -> None:
    sell(database, Sold())
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)
    monkeypatch.setattr(command, "system_clock", lambda: moment)
    monkeypatch.setattr(doctor, "_TOLERANCE", dt.timedelta(minutes=5))
    if not database.is_sqlite:
        # The server has the machine's own clock, which is neither.
        monkeypatch.setattr(doctor, "_moments", _without_the_server(doctor._moments))
    found = examine(code=5 if state == "wrong" else 0)
    assert found["clock"]["state"] == state
    assert (state == "wrong") is ("set back" in found["clock"]["says"])


def _without_the_server(moments: Any) -> Any:
    return lambda session, *, is_sqlite: (*moments(session, is_sqlite=is_sqlite)[:2], None)


def test_a_clock_away_from_the_servers_is_told(
    examine: Doctor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_TOLERANCE", dt.timedelta(minutes=5))
    late = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    monkeypatch.setattr(command, "system_clock", lambda: late)
    found = examine(code=0 if database.is_sqlite else 5)
    assert ("database server's" in found["clock"]["says"]) is not database.is_sqlite


@pytest.mark.parametrize(("revision", "state"), [("0001", "note"), ("9999", "wrong")])
def test_tables_of_another_version_are_told_and_left_as_they_are(
    examine: Doctor, database: Database, revision: str, state: str
) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": revision})
    found = examine(code=5 if state == "wrong" else 0)
    assert (found["database"]["state"], found["database"]["facts"]["revision"]) == (state, revision)


@pytest.fixture
def on_sqlite(examine: Doctor, database: Database) -> Iterator[Doctor]:
    if not database.is_sqlite:
        pytest.skip("a file of SQLite")
    yield examine


def test_a_damaged_file_is_told(on_sqlite: Doctor, database: Database) -> None:
    database.close()
    file = on_sqlite.data / "store.db"
    content = bytearray(file.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    file.write_bytes(bytes(content))
    found = on_sqlite(code=5)
    assert any("damaged" in found[name]["says"] for name in ("database", "integrity") if name in found)
    assert file.read_bytes() == bytes(content)


def test_the_version_of_sqlite_is_noted_where_it_may_damage_a_file(
    on_sqlite: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "sqlite_may_damage", lambda _version: True)
    assert on_sqlite(code=0)["sqlite"]["state"] == "note"
    monkeypatch.setattr(doctor, "sqlite_may_damage", lambda _version: False)
    assert "sqlite" not in on_sqlite(code=0)


def test_a_database_that_does_not_answer_keeps_nothing_else_from_being_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address = "postgresql://nobody:secretword@127.0.0.1:1/store"
    shell = Shell(["--data", str(tmp_path / "data"), "--database", address], capsys, monkeypatch)
    (tmp_path / "data").mkdir()
    examine = Doctor(shell, tmp_path / "data")
    examine.settle("")
    found = examine(code=5)
    assert "does not answer" in found["database"]["says"]
    assert "printer form" in found
    assert "secretword" not in json.dumps(found)


def test_a_pc_without_a_store_is_told_how_to_make_one_and_nothing_is_made(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shell = Shell(["--data", str(tmp_path / "data")], capsys, monkeypatch)
    found = Doctor(shell, tmp_path / "data")(code=5)
    assert found["database"]["state"] == found["folder"]["state"] == "wrong"
    assert list(tmp_path.iterdir()) == []
