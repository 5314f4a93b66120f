"""`counterapp rules` as IT scripts it: in words, tried, loaded; exit 1 and every mistake where a file has some."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterapp.core.actor import Actor, Signer
from counterapp.core.database import Database
from tests.desks.returns.by_the_book import TEXT
from tests.desks.returns.test_history import Store as Desk
from tests.test_command_line import Shell, shell

__all__ = ["shell"]  # a fixture of another module

LONG_AGO = "2001-01-01"
LATER = "2099-01-01"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A rule book whose days are fewer."""
    path = tmp_path / "rules.toml"
    path.write_text(TEXT.replace("house = 30", "house = 2"), encoding="utf-8")
    return path


def test_the_book_in_force_is_shown_in_words(shell: Shell) -> None:
    code, out, err = shell("rules", "show")
    assert (code, err) == (0, "")
    assert "In force for what is bought from 2000-01-01 on" in out
    assert "[Manager may override] Bought more than 30 days ago (today is day …)" in out
    assert "    When the goods are not appliances; and more than 30 days after the purchase" in out


def test_a_file_is_tried_on_past_cases(
    shell: Shell, file: Path, database: Database, clerk: Actor, supervisor: Signer
) -> None:
    desk = Desk(database, clerk, supervisor)
    desk.approve(desk.send(desk.sell("0101072611180387")))
    code, out, err = shell("rules", "check", str(file), "--days", "36500")
    assert (code, err) == (0, "")
    first, counted, total, line = out.splitlines()
    assert first == "The rule book can be read: 19 rules, 2 grants of the law."
    assert counted.startswith("1 lines judged since ")
    assert counted.endswith(": 1 would have been judged otherwise.")
    assert total == "Allowed → Manager may override\t1\t¥19.90"
    assert line.split("\t")[:4] == ["000001", "0101072611180387", "1", "洁丽雅毛巾"]
    assert line.endswith("Allowed → Manager may override\tBought more than 2 days ago (today is day 3)")


def test_mistakes_are_all_named_and_nothing_is_loaded(shell: Shell, file: Path) -> None:
    file.write_text(TEXT.replace("house = 30", "house = 0.5").replace('effect = "refuse"', 'effect = "no"', 1))
    for command in (("check", str(file)), ("load", str(file), "--from", LATER)):
        code, out, err = shell("rules", *command)
        assert (code, out) == (1, "")
        assert "days: house" in err
        assert "rule quantity: effect" in err
    assert "30 days" in shell("rules", "show", "--on", LATER)[1]


def test_a_book_is_loaded_from_today_on_and_never_for_the_past(shell: Shell, file: Path) -> None:
    code, _out, err = shell("rules", "load", str(file), "--from", LONG_AGO)
    assert code == 1
    assert err == (
        "2001-01-01 is past: what was bought then stays under the rules that it was bought under. Choose today or a"
        " later day.\n"
    )
    code, out, err = shell("rules", "load", str(file), "--from", LATER)
    assert (code, out, err) == (0, "In force for what is bought from 2099-01-01 on\n", "")
    assert "more than 30 days" in shell("rules", "show")[1]
    assert "    Before: Bought more than 30 days ago" in shell("rules", "show", "--on", LATER)[1]
    assert "Station 1: 2 entries, in order." in shell("journal", "verify")[1]  # the refused one is in it, too


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_one_sentence(shell: Shell, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "no.toml"
    if content is not None:
        path.write_bytes(content)
    code, out, err = shell("rules", "check", str(path))
    assert (code, out, err.count("\n")) == (1, "", 1)
