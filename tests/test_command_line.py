"""The command line as IT scripts it: outputs, exit codes, one sentence for whatever is wrong."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from counterapp.__main__ import main
from counterapp.core.actor import Actor, Role
from counterapp.core.database import Database
from counterapp.core.working_days import working_days
from counterapp.desks.returns.services import approval, details, drafting
from counterapp.return_forms.terms import Answer, Reason
from tests.conftest import KEYS, Hire, PlayedClock
from tests.printers.reading import words
from tests.return_forms.goods import Sold, sell

RECEIPT = "0101072611180387"
EXPORT = """store,till,receipt_no,sold_at,cashier,member_card,tender,receipt_total,invoice_no,line_no,item_no,barcode,\
name,department,category,quantity,unit_price,discount,amount,supplier,flags
0101,07,0101072611180001,2026-11-18 18:42:00,617,,微信,19.90,,1,11551,6924781363335,毛巾,百货部,百货,1,19.90,0,19.90,S1,
0101,07,0101072611180002,2026-11-18 18:43:00,617,,微信,99.90,,1,11551,6924781363335,毛巾,百货部,百货,1,19.90,0,19.90,S1,
"""


class Shell:
    """Calls the program as a shell would; every word of output is kept."""

    def __init__(self, options: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._options, self._capsys, self._monkeypatch = options, capsys, monkeypatch

    def __call__(self, *words: str, pin: str = "") -> tuple[int, str, str]:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(f"{pin}\n"))
        self._capsys.readouterr()
        try:
            code = main([*self._options, *words])
        except SystemExit as left:
            code = int(left.code or 0)
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def json(self, *words: str) -> dict:  # type: ignore[type-arg]
        code, out, err = self(*words, "--json")
        assert (code, err) == (0, "")
        answer = json.loads(out)
        assert isinstance(answer, dict)
        return answer


@pytest.fixture
def shell(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    """A shell at a PC of the store."""
    data = tmp_path / "data"
    data.mkdir(exist_ok=True)
    (data / "keys.json").write_text(json.dumps({"pepper": KEYS.pepper.hex(), "journal": KEYS.journal.hex()}))
    (data / "settings.toml").write_text('[screen]\nlanguage = "en"\n')
    url = [] if database.is_sqlite else ["--database", database.url.render_as_string(hide_password=False)]
    return Shell(["--data", str(data), *url], capsys, monkeypatch)


def test_a_new_store_is_made_once_and_its_staff_added(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = Shell(["--data", str(tmp_path / "new")], capsys, monkeypatch)
    make = ("init", "--name", "一号店", "--code", "0101", "--admin", "9001", "--pin-stdin")
    assert shell(*make, pin="12")[0] == 1
    assert not (tmp_path / "new" / "store.db").exists()
    assert shell(*make, pin="314159")[0] == 0
    assert shell(*make, pin="314159")[0] == 1
    assert shell("staff", "add", "6012", "--name", "王丽", "--role", "clerk", "--pin-stdin", pin="271828")[0] == 0
    code, listed, _err = shell("staff", "list")
    assert code == 0
    assert [line.split("\t")[:2] for line in listed.splitlines()] == [["6012", "clerk"], ["9001", "it"]]
    assert (tmp_path / "new" / "keys.json").stat().st_mode & 0o077 == 0


def test_an_export_goes_in_and_what_is_bad_is_named(shell: Shell, tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(EXPORT)
    code, out, err = shell("import-sales", str(export), "--json")
    report = json.loads(out)
    assert (code, err) == (3, "")
    assert {name: report[name] for name in ("receipts", "lines", "unchanged")} == {
        "receipts": 1,
        "lines": 1,
        "unchanged": 0,
    }
    (rejected,) = report["rejected"]
    assert rejected.keys() == {"file", "line", "receipt", "reason"}
    assert (rejected["line"], rejected["receipt"]) == (3, "0101072611180002")
    assert json.loads(shell("import-sales", str(export), "--json")[1])["unchanged"] == 1


def test_a_receipt_shows_what_may_still_come_back(shell: Shell, database: Database) -> None:
    sell(database, Sold(quantity=2000, paid=3980), Sold("苹果", 1486, 1780, "food.fresh", barcode="2110001000003"))
    shown = shell.json("receipt", RECEIPT)
    assert shown["total"] == 5760
    towel, apples = shown["lines"]
    wanted = {"line_no", "item_no", "barcode", "name", "category", "quantity", "returnable", "unit_price", "amount"}
    assert wanted <= towel.keys()
    assert (towel["quantity"], towel["returnable"], towel["unit_price"], towel["amount"]) == ("2", "2", "19.90", 3980)
    assert (apples["quantity"], apples["returnable"]) == ("1.486", "1.486")


def test_explain_says_verdict_findings_grants_and_money_and_changes_nothing(shell: Shell, database: Database) -> None:
    sell(database, Sold("玉溪(硬)", 1000, 2300, "tobacco"))
    asked = ("explain", RECEIPT, "1", "--kind", "refund", "--reason", "no_longer_wanted", "--on", "2026-11-21")
    said = shell.json(*asked)
    assert said["verdict"] == "refuse"
    assert said["refund_fen"] == 2300
    tobacco = next(finding for finding in said["findings"] if finding["rule"] == "tobacco-alcohol")
    assert (tobacco["effect"], tobacco["struck"]) == ("refuse", False)
    faulty = shell.json(
        "explain", RECEIPT, "1", "--kind", "refund", "--reason", "quality_fault", "--on", "2026-11-21",
        "--answer", "fault_confirmed=yes", "--answer", "customer_caused_damage=no",
    )  # fmt: skip
    assert faulty["grants"] == ["statute-fault"]
    assert next(f for f in faulty["findings"] if f["rule"] == "tobacco-alcohol")["struck"] is True
    assert shell.json("receipt", RECEIPT)["lines"][0]["returnable"] == "1"


def test_a_copy_of_a_form_is_written_and_says_that_it_is_one(
    shell: Shell, database: Database, hire: Hire, clock: PlayedClock, tmp_path: Path
) -> None:
    (line,) = sell(database, Sold())
    clerk, boss = Actor(hire("6012"), "2", clock), hire("5003", Role.SUPERVISOR)
    case = database.command(clerk, "o", lambda s: drafting.open_return(s, clerk, RECEIPT))
    database.command(clerk, "c", lambda s: drafting.choose_line(s, clerk, case, line, 1000))
    fault = {Answer.FAULT_CONFIRMED: True}
    database.command(
        clerk, "d", lambda s: drafting.describe(s, clerk, case, line, reason=Reason.QUALITY_FAULT, answers=fault)
    )
    database.command(clerk, "a", lambda s: drafting.all_in_order(s, clerk, case, line))
    draft = database.read(lambda s: details.get_return(s, case, clerk.today())).case.revision
    database.command(clerk, "s", lambda s: drafting.submit(s, clerk, case, draft))
    waiting = database.read(lambda s: details.get_return(s, case, clerk.today())).case.revision
    database.command(clerk, "p", lambda s: approval.approve(s, clerk, boss, case, waiting, approval.TICKS))
    target = tmp_path / "form.pdf"
    assert shell("form", "1", "--pdf", str(target))[0] == 0
    parts = words(target.read_bytes())
    assert len(parts) == 3
    assert all("No. 000001" in part and "19.90" in part for part in parts)
    assert all("副本" in part for part in parts), "a form is money: nothing but the counter makes another one"


@pytest.mark.parametrize(
    "words",
    [
        ("receipt", "999"),
        ("form", "77", "--pdf", "x.pdf"),
        ("import-sales", "nowhere.csv"),
        ("explain", "999", "1", "--kind", "refund", "--reason", "quality_fault"),
    ],
    ids=lambda words: words[0],
)
def test_what_is_not_there_is_one_sentence_and_exit_1(shell: Shell, words: tuple[str, ...]) -> None:
    code, out, err = shell(*words)
    assert (code, out) == (1, "")
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nonsense",),
        ("receipt",),
        ("form", "x", "--pdf", "y"),
        ("explain", "1", "1", "--kind", "gift", "--reason", "quality_fault"),
        ("explain", "1", "1", "--kind", "refund", "--reason", "quality_fault", "--answer", "tested=maybe"),
        ("explain", "1", "1", "--kind", "refund", "--reason", "quality_fault", "--quantity", "-1"),
        ("explain", "1", "1", "--kind", "refund", "--reason", "quality_fault", "--on", "yesterday"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_2(shell: Shell, words: tuple[str, ...]) -> None:
    code, out, err = shell(*words)
    assert (code, out) == (2, "")
    assert re.fullmatch(r"[^\n]+\n", err)


def test_a_settings_file_with_mistakes_names_all_of_them(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "data" / "settings.toml").write_text('[screen]\nlanguage = "fr"\nlarge = 3\n[stations]\nx = 1\n')
    code, _out, err = shell("staff", "list")
    assert code == 1
    assert all(piece in err for piece in ("screen.language", "screen.large", "stations"))


def test_missing_keys_are_said_before_anything_else(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "data" / "keys.json").unlink()
    code, _out, err = shell("staff", "list")
    assert code == 1
    assert "keys.json" in err


def test_the_form_goes_onto_continuous_paper_once_the_store_says_so(shell: Shell) -> None:
    assert shell.json("store", "show")["form_paper"] == "a4"
    assert (
        shell("store", "set", "form_paper=continuous", "limits.supervisor.fen=50000", "limits.supervisor.days=")[0] == 0
    )
    now = shell.json("store", "show")
    assert (now["form_paper"], now["limits.supervisor.fen"], now["limits.supervisor.days"]) == (
        "continuous",
        "50000",
        "",
    )


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("form_paper=a5", "a4, continuous"),
        ("zone=Asia/Atlantis", "a time zone"),
        ("receipt_pattern=(", "a regular expression"),
        ("form_valid_days=-1", "a whole number"),
        ("limits.clerk.fen=1", "There is no setting limits.clerk.fen"),
        ("name=", "at most 80 characters"),
        ("colour=blue", "There is no setting colour"),
    ],
)
def test_a_wrong_setting_of_the_store_is_named_and_none_of_them_is_changed(
    shell: Shell, change: str, named: str
) -> None:
    before = shell.json("store", "show")
    code, _out, said = shell("store", "set", "counter=Desk 2", change)
    assert code == 1
    assert named in said
    assert shell.json("store", "show") == before


def test_departments_are_listed_and_their_accounts_added(shell: Shell, database: Database, tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(EXPORT, encoding="utf-8")
    assert shell("import-sales", str(export))[0] in {0, 3}
    assert shell("store", "departments") == (0, "百货部\n", "")
    assert (
        shell("store", "departments", "--add", "食品部", "--add", "生鲜部", "--remove", "百货部")[1]
        == "生鲜部\n食品部\n"
    )
    add = ("staff", "add", "7001", "--name", "张工", "--role", "department", "--pin-stdin")
    for wrong in ((), ("--department", "百货部")):
        code, _out, said = shell(*add, *wrong, pin="271828")
        assert code == 1 and "department" in said
    assert shell(*add, "--department", "食品部", pin="271828")[0] == 0
    assert shell("staff", "list")[1].splitlines()[0].split("\t")[::4] == ["7001", "食品部"]
    clerk = ("staff", "add", "6012", "--name", "王丽", "--role", "clerk", "--department", "食品部", "--pin-stdin")
    assert shell(*clerk, pin="271828")[0] == 1
    code, _out, said = shell("store", "departments", "--remove", "玩具部")
    assert (code, said) == (1, "The store has no department “玩具部”. There are: 生鲜部, 食品部.\n")
    # A later import makes the list longer, but brings nothing back that was taken out.
    export.write_text(EXPORT.replace("7261118000", "7261118100").replace(",百货部,", ",图书部,", 1), encoding="utf-8")
    shell("import-sales", str(export))
    assert "百货部" not in shell("store", "departments")[1]


def test_store_hours_and_working_days_are_set(shell: Shell, database: Database, tmp_path: Path) -> None:
    code, _out, said = shell("store", "set", "hours.weekdays=mon-fri 9:00-22:00")
    assert code == 1 and "mon-fri 09:00-22:00, sat-sun 08:30-22:30" in said
    hours = ("hours.weekdays=mon-sun 08:30-12:00 13:00-22:30", "hours.dates=2027-02-06 closed")
    assert shell("store", "set", *hours)[0] == 0
    assert shell.json("store", "show")["hours.dates"] == "2027-02-06 closed"
    file = tmp_path / "days.toml"
    file.write_text('[2026]\nrest = ["10-01..10-07"]\nworked = []\n[2027]\nrest = ["02-30"]\nworked = []\n')
    code, _out, said = shell("store", "working-days", str(file))
    assert code == 1 and "[2027] 02-30" in said
    file.write_text('[2026]\nrest = ["10-01..10-07"]\nworked = []\n[2027]\nrest = []\nworked = []\n')
    assert shell("store", "working-days", str(file)) == (
        0,
        "The working days from 2026 to 2027 hold from now on.\n",
        "",
    )
    assert database.read(working_days).years == range(2026, 2028)
    assert shell("store", "working-days", str(tmp_path / "none"))[0] == 1
