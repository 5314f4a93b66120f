"""`counterapp bagcheck`: as IT calls it."""

from __future__ import annotations

from pathlib import Path

from counterapp.core.database import Database
from counterapp.core.print_queue import PrintJob
from counterapp.desks.bagcheck.models import LostToken
from counterapp.desks.bagcheck.services import figures
from tests.conftest import PlayedClock
from tests.desks.bagcheck.counter import Counter
from tests.test_command_line import Shell, shell

__all__ = ["shell"]


def test_lockers_are_laid_out_from_a_file(shell: Shell, counter: Counter, tmp_path: Path) -> None:
    file = tmp_path / "lockers.csv"
    file.write_bytes("编号,规格,位置\nA-1,小,东门\nA-2,大,东门\n".encode("gb18030"))
    assert shell("bagcheck", "lockers", str(file))[:2] == (0, "2 lockers are laid out.\n")
    assert [one.number for one in counter.ask(figures.locker_map)] == ["A-1", "A-2"]


def test_every_mistake_of_the_file_is_said_and_nothing_is_changed(
    shell: Shell, counter: Counter, tmp_path: Path
) -> None:
    file = tmp_path / "lockers.csv"
    file.write_text("number,size\n1,tiny\n2,small\n2,small\n", encoding="utf-8")
    code, out, err = shell("bagcheck", "lockers", str(file))
    assert (code, out) == (1, "")
    assert [line.split(":")[0] for line in err.splitlines()] == ["Line 2", "Line 4"]
    assert len(counter.ask(figures.locker_map)) == 96
    assert shell("bagcheck", "lockers", str(tmp_path / "none.csv"))[0] == 1
    file.write_bytes(b"\xff\xff\xff")
    assert shell("bagcheck", "lockers", str(file))[0] == 1


def test_tags_are_added_with_the_codes_that_belong_on_them(shell: Shell, counter: Counter) -> None:
    counter.use(tokens="tags")
    code, out, _err = shell("bagcheck", "tags", "1-3", "901")
    rows = [line.split("\t") for line in out.splitlines()]
    assert (code, [row[0] for row in rows]) == (0, ["1", "2", "3", "901"])
    assert counter.scan(rows[2][1]).locker == "3"
    assert shell("bagcheck", "tags", "3")[0] == 1
    assert shell("bagcheck", "tags", "9-1")[0] == 2


def test_what_is_over_is_erased_from_the_papers_of_this_pc_too(
    shell: Shell, counter: Counter, database: Database, clock: PlayedClock, tmp_path: Path
) -> None:
    clock.forward(days=-1000)
    lost = counter.lose_and_pay(counter.deposit()["deposit"])
    job = database.read(lambda s: s.get_one(PrintJob, s.get_one(LostToken, lost).job_id))
    kept = [tmp_path / "data" / "papers" / key for key in (job.key, "another")]
    for folder in kept:
        folder.mkdir(parents=True)
        (folder / f"{folder.name}-1.png").write_bytes(b"picture")
    code, out, _err = shell("bagcheck", "erase")
    assert (code, out.splitlines()) == (
        0,
        ["Erased: 0 ID numbers, 0 ID pictures, 1 customers, 0 photos, 0 slips.", "1 kept paper deleted."],
    )
    assert [folder.exists() for folder in kept] == [False, True]
    assert shell("bagcheck", "erase")[1].splitlines()[-1] == "0 kept papers deleted."


def test_the_store_sets_its_own_conditions_and_they_stand_on_the_next_slip(
    shell: Shell, counter: Counter, database: Database
) -> None:
    own = "营业9:00–22:00。现金、首饰、证件请勿存放。"
    assert shell("store", "set", f"bagcheck.conditions={own}", "bagcheck.paper_days=7")[0] == 0
    assert f"bagcheck.conditions = {own}\nbagcheck.paper_days = 7\n" in shell("store", "show")[1]
    job_id = counter.deposit()["job"]
    assert own in database.read(lambda s: s.get_one(PrintJob, job_id)).document
    for wrong in ("字" * 121, "two\nlines"):
        code, _out, err = shell("store", "set", f"bagcheck.conditions={wrong}")
        assert (code, "120" in err) == (1, True)
    assert shell("store", "set", "bagcheck.paper_days=0")[0] == 1
    assert shell("store", "set", "bagcheck.conditions=")[0] == 0
    job_id = counter.deposit()["job"]
    assert own not in database.read(lambda s: s.get_one(PrintJob, job_id)).document
