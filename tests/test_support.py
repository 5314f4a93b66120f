"""What a helper gets to see holds what they need, and nothing of a person, and no key."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text

from counterapp.core import staff
from counterapp.core.actor import Actor, Role
from counterapp.core.database import Database
from counterapp.desks.returns.services import drafting
from counterapp.settings import Settings
from counterapp.support import Mask
from tests.conftest import KEYS, PIN, Hire
from tests.return_forms.goods import Sold, sell
from tests.test_command_line import Shell, shell

__all__ = ["shell"]  # a fixture of another module

_LOG = """2026-11-21 14:32:05,123 INFO counterapp.work a job took 250 ms at line 88
2026-11-21 14:32:06,001 CRITICAL counterapp.ui.messages a bug
Traceback (most recent call last):
  File "/opt/counterapp/desks/returns/services/preparing.py", line 211, in submit
KeyError: '王丽'
sqlalchemy.exc.IntegrityError: duplicate key
DETAIL:  Key (phone)=(021-55512345) already exists.
[SQL: INSERT INTO staff (number, name) VALUES (?, ?)]
[parameters: ('6012', 'Tom Bauer', '$argon2id$v=19$m=19456$c2FsdA$aGFzaA')]
phone 13812345678, 138 1234 5678, +86-138-1234-5678, card 880012345678, identity 31010119900101123X
PIN 271828 of badge ST000000000171, form RF1234567890AB RF000000000148, Anna Schmidt asked, 南京路一号
postgresql://counter:secretword@10.0.0.7/store anna@example.com
"""
_SECRETS = (
    "王丽", "55512345", "Tom Bauer", "argon2", "13812345678", "1234 5678", "1234-5678", "880012345678", "990010112",
    "271828", "000000000171", "000000000148", "Anna Schmidt", "南京路", "secretword", "anna@",
)  # fmt: skip


@pytest.fixture
def told(shell: Shell, database: Database, hire: Hire, clerk: Actor, tmp_path: Path) -> dict[str, str]:
    """The files of a support ZIP of a store with secrets all over."""
    hire("5003", Role.SUPERVISOR, "Anna Schmidt")
    staff.sign_in(database, "5003", PIN, "2", clerk.clock)
    sell(database, Sold())
    case = database.command(clerk, "return.open", lambda s: drafting.open_return(s, clerk, "0101072611180387"))
    database.command(clerk, "return.phone", lambda s: drafting.set_phone(s, clerk, case, "13812345678"))
    data = tmp_path / "data"
    (data / "logs").mkdir()
    (data / "logs" / "counterapp.log").write_text(f"{_LOG}{data}/store.db\n", encoding="utf-8")
    (data / "logs" / "counterapp.log.1").write_bytes("旧的 2026".encode("gbk"))
    target = tmp_path / "out.zip"
    code, out, err = shell("support", "--out", str(target))
    assert (code, err) == (0, "")
    assert str(target) in out
    with zipfile.ZipFile(target) as file:
        assert file.testzip() is None
        return {name: file.read(name).decode() for name in file.namelist()}


def test_no_secret_and_nothing_of_a_person_leaves_the_house(
    told: dict[str, str], database: Database, tmp_path: Path
) -> None:
    people = database.read(staff.list_staff)
    secrets = {*_SECRETS, *(person.badge[2:] for person in people), *(person.name for person in people)}
    secrets |= {KEYS.pepper.hex(), KEYS.journal.hex(), str(tmp_path), "0101072611180387"}
    if database.url.password:
        secrets.add(str(database.url.password))
    for name, content in told.items():
        assert [secret for secret in secrets if secret in content] == [], name


def test_what_a_helper_needs_is_in_it(told: dict[str, str], database: Database) -> None:
    about = json.loads(told["about.json"])
    store = about["store"]
    assert {"python", "system", "sqlite", "packages", "counterapp"} <= about["versions"].keys()
    assert about["versions"]["packages"]["PySide6-Essentials"].startswith("6.")
    assert store["rows"]["receipts"] == 1
    assert store["cases"] == {"2 returns draft": 1}
    assert store["print_jobs"] == {}
    assert store["journal"]["2"]["entries"] == 3
    assert about["settings"]["screen"]["language"] == "en"
    assert about["folder"]["logs/"]["files"] == 2
    url = about["settings"]["database"]["url"]
    assert url == "" if database.is_sqlite else url.endswith(str(database.url.database))
    log = told["logs/counterapp.log"].splitlines()
    assert log[0] == "2026-11-21 14:32:05,123 INFO counterapp.work a job took 250 ms at line 88"
    assert 'preparing.py", line 211, in submit' in log[3]
    assert "badge ST****" in told["logs/counterapp.log"]
    assert log[-1] == "<data>/store.db"


def test_a_damaged_store_is_when_a_helper_is_asked(sqlite_url: str, tmp_path: Path, shell_zh: Shell) -> None:
    (tmp_path / "data" / "store.db").write_bytes(b"rubbish" * 1000)
    code, _out, err = shell_zh("support", "--out", str(tmp_path / "out.zip"))
    assert (code, err) == (0, "")
    with zipfile.ZipFile(tmp_path / "out.zip") as file:
        about = json.loads(file.read("about.json"))
    assert "damaged" in about["store"]
    assert about["folder"]["store.db"] == 7000
    assert (tmp_path / "data" / "store.db").read_bytes() == b"rubbish" * 1000


@pytest.fixture
def shell_zh(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell at a PC with the settings as they come."""
    data = tmp_path / "data"
    (data / "keys.json").write_text(json.dumps({"pepper": KEYS.pepper.hex(), "journal": KEYS.journal.hex()}))
    return Shell(["--data", str(data)], capsys, monkeypatch)


def test_the_files_name_says_the_day(
    sqlite_url: str, shell_zh: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shell_zh("support")[0] == 0
    (made,) = tmp_path.glob("counterapp-support-*.zip")
    assert len(made.stem) == len("counterapp-support-20261121")


def test_a_place_that_cannot_be_written_is_one_sentence(sqlite_url: str, shell_zh: Shell, tmp_path: Path) -> None:
    code, out, err = shell_zh("support", "--out", str(tmp_path / "nowhere" / "out.zip"))
    assert (code, out, len(err.splitlines())) == (1, "", 1)


def test_an_outdated_store_is_looked_at_and_not_changed(sqlite_url: str, shell_zh: Shell, tmp_path: Path) -> None:
    with Database(sqlite_url, KEYS) as database, database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert shell_zh("support", "--out", str(tmp_path / "out.zip"))[0] == 0
    with zipfile.ZipFile(tmp_path / "out.zip") as file:
        assert json.load(io.BytesIO(file.read("about.json")))["store"]["revision"] == "0000"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("retry 3 of 5 after 1500 ms", "retry 3 of 5 after 1500 ms"),
        ("File x.py, line 1204, in do", "File x.py, line 1204, in do"),
        ("10.0.0.7:9100 does not answer", "10.0.0.7:9100 does not answer"),
        ("tel:021-5551234.", "tel:****."),
        ("at 12:30:45 sold 3.125 kg", "at 12:30:45 sold 3.125 kg"),
    ],
)
def test_what_tells_nothing_of_a_person_stays(tmp_path: Path, line: str, left: str) -> None:
    assert Mask(Settings(tmp_path)).line(line) == left
