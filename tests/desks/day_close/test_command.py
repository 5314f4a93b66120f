"""`counterapp returns` as IT scripts it: files, exit codes, and what is marked."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from counterapp import app
from counterapp.core.actor import Actor, Signer
from counterapp.core.database import Database
from counterapp.desks.day_close.models import StockFile
from counterapp.desks.day_close.services import closing, open_items
from tests.conftest import PIN
from tests.desks.returns.screen import stored
from tests.printers.reading import words
from tests.return_forms.booked import Booked
from tests.test_command_line import Shell, shell

__all__ = ["shell"]


@pytest.fixture
def desk(database: Database, clerk: Actor, supervisor: Signer) -> Booked:
    return Booked(database, clerk, supervisor)


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_the_register_says_what_is_not_done_and_is_written_in_three_ways(
    desk: Booked, shell: Shell, tmp_path: Path
) -> None:
    desk.redeem(desk.make(1000), part_two=False)
    files = [tmp_path / f"register.{kind}" for kind in ("pdf", "csv", "xlsx")]
    options = [
        word for kind, file in zip(("--pdf", "--csv", "--xlsx"), files, strict=True) for word in (kind, str(file))
    ]
    code, out, err = shell("returns", "register", "--day", "2026-11-21", *options)
    assert (code, err) == (0, "")
    assert "¥10.00" in out
    assert [line.split("\t")[2] for line in out.splitlines() if line.startswith("-")] == ["000001", "百货部", ""]
    assert "000001" in words(files[0].read_bytes())[0]
    assert rows(files[1])[1][1] == "1"
    assert files[2].read_bytes()[:2] == b"PK"


def test_a_stock_file_is_made_fetched_and_called_a_copy_the_second_time(
    desk: Booked, shell: Shell, tmp_path: Path
) -> None:
    desk.make(1000, 500)
    file = tmp_path / "stock.csv"
    asked = ("returns", "stock", "--day", "2026-11-21", "--by", "6012", "--csv", str(file))
    code, _out, err = shell(*asked, pin="000000")
    assert code == 1
    assert not file.exists()
    code, _out, err = shell(*asked, pin=PIN)
    assert (code, err) == (0, "")
    assert [row[11] for row in rows(file)[1:]] == ["10.00", "5.00"]
    assert rows(file)[1][-1] == ""
    code, _out, err = shell(*asked, pin=PIN)
    assert code == 0
    assert err
    assert rows(file)[1][-1] != ""
    assert stored(desk.database, StockFile.number) == [1]


def test_a_stock_file_needs_a_place(shell: Shell, clerk: Actor) -> None:
    code, _out, err = shell("returns", "stock", "--by", "6012", pin=PIN)
    assert code == 1
    assert "--csv" in err


def test_seals_that_fit_are_exit_0_and_one_that_does_not_is_exit_4_and_named(desk: Booked, shell: Shell) -> None:
    desk.make(1000)
    day = desk.actor.today()
    found = desk.database.read(lambda session: closing.day_details(session, day, desk.actor.now(), app.open_items()))
    keys = [item.key for item in found.items]
    desk.run(lambda session: open_items.explain(session, desk.actor, day, keys, "明早补"))
    desk.run(lambda session: closing.close_day(session, desk.actor, desk.signer, day, app.open_items()))
    assert shell("returns", "verify-seals")[0] == 0

    def tamper(session: Session) -> None:
        off = "DROP TRIGGER keep_return_forms_update"
        session.execute(text(off if desk.database.is_sqlite else f"{off} ON return_forms"))
        session.execute(text("UPDATE return_forms SET amount = amount + 1"))

    desk.database.run(tamper)
    code, _out, err = shell("returns", "verify-seals")
    assert code == 4
    assert "2026-11-21" in err
