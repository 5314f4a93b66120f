"""`counterapp printers`: how they are, test papers and calibration sheets, as IT scripts them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PIL import Image
from zxingcpp import read_barcodes

from counterapp.core.database import Database
from counterapp.desks.devices.printouts import DIGITS, OWN_CODE
from printers.emulators import papers
from printers.profile import named
from printers.status import EscPos
from tests.printers.fake import FakePrinter, Mood, over_tcp, over_terminal
from tests.printers.reading import CODE128
from tests.test_command_line import Shell, shell

__all__ = ["shell"]  # a fixture of another module

Attach = Callable[[FakePrinter], AbstractContextManager[FakePrinter]]


def settle(tmp_path: Path, *sections: str) -> None:
    lines = ['[screen]\nlanguage = "en"\n', *sections]
    (tmp_path / "data" / "settings.toml").write_text("\n".join(lines), encoding="utf-8")


def printer(name: str, address: str, profile: str = "epson-tm-t88", more: str = "") -> str:
    return f'[printers.{name}]\nprofile = "{profile}"\naddress = "{address}"\n{more}'


def test_the_list_names_every_printer_with_its_state_and_every_profile(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "data" / "printers").mkdir()
    own = (Path(__file__).parent.parent / "printers/profiles/laser-a4.toml").read_text(encoding="utf-8")
    (tmp_path / "data" / "printers" / "ours.toml").write_text(own.replace("Laser printer, A4", "Ours"), "utf-8")
    (tmp_path / "data" / "printers" / "bad.toml").write_text("name = 7\n", "utf-8")
    with over_tcp(FakePrinter(Mood.PAPER_OUT)) as out:
        settle(tmp_path, printer("counter", out.address), '[papers.slip]\nprinters = ["counter"]\n')
        code, said, _err = shell("printers", "list")
    listed, profiles = said.split("\n\n")
    rows = {line.split("\t")[0]: line.split("\t")[1:] for line in listed.splitlines()}
    assert code == 5
    assert rows["form"] == ["form", "Virtual printer, A4", "-", "Papers appear on the screen"]
    assert rows["counter"][:3] == ["slip", "Epson TM-T88", out.address]
    assert "the paper is out" in rows["counter"][3]
    known = dict(line.split("\t") for line in profiles.splitlines())
    assert known["epson-lq"] == "Epson LQ-630K/730K"
    assert known["ours"] == "Ours"
    assert "dpi is missing" in known["bad"]


def test_the_list_is_0_where_every_printer_is_well(shell: Shell) -> None:
    assert shell("printers", "list")[0] == 0


@pytest.mark.parametrize("attach", [over_tcp] if sys.platform == "win32" else [over_tcp, over_terminal])
def test_a_test_paper_comes_out_whole(shell: Shell, tmp_path: Path, attach: Attach) -> None:
    with attach(FakePrinter()) as device:
        settle(tmp_path, printer("counter", device.address))
        assert shell("printers", "test", "counter") == (
            0,
            "Test paper counter is printed. Look whether all of it is there.\n",
            "",
        )
        (paper,) = papers(device.paper.replace(EscPos.end, b""), named("epson-tm-t88"))
    assert [found.text for found in read_barcodes(paper, CODE128)] == [OWN_CODE, DIGITS]


@pytest.mark.parametrize(
    ("mood", "said"),
    [
        (Mood.PAPER_OUT, "counter: the paper is out. Put paper in; it then goes on by itself."),
        (Mood.MUTE, "counter says nothing. Look at its paper and cover, then switch it off and on."),
        (Mood.GARBLES, "counter answers nonsense. Call IT: its speed in the address, or its profile, is another's."),
        (Mood.CLOSES, "counter broke off in the middle of a paper. Look whether it is on, and at its cable."),
    ],
)
def test_a_printer_that_does_not_print_is_one_sentence_and_exit_5(
    shell: Shell, tmp_path: Path, mood: Mood, said: str
) -> None:
    with over_tcp(FakePrinter(mood)) as device:
        settle(tmp_path, printer("counter", device.address))
        assert shell("printers", "test", "counter") == (5, "", f"{said}\n")


def test_a_line_that_is_missing_is_one_sentence_and_exit_5(shell: Shell, tmp_path: Path) -> None:
    settle(tmp_path, printer("counter", "serial:/dev/not-there"))
    code, out, err = shell("printers", "test", "counter")
    assert (code, out, len(err.splitlines())) == (5, "", 1)
    assert "/dev/not-there" in err


def test_the_virtual_printers_papers_are_files_to_look_at(shell: Shell) -> None:
    code, out, _err = shell("printers", "test", "slip")
    assert code == 0
    with Image.open(out.strip()) as paper:
        assert [found.text for found in read_barcodes(paper, CODE128)] == [OWN_CODE, DIGITS]


def test_a_form_printer_is_calibrated_on_the_stores_paper(shell: Shell, database: Database) -> None:
    assert shell("store", "set", "form_paper=continuous")[0] == 0
    code, out, _err = shell("printers", "calibrate", "form")
    assert code == 0
    with Image.open(out.strip()) as sheet:
        assert sheet.width / sheet.height == pytest.approx(241 / 140, rel=0.01)
        assert [found.text for found in read_barcodes(sheet, CODE128)] == [OWN_CODE]


@pytest.mark.parametrize(("options", "first_mark"), [((), 2.5), (("--zero",), 1.5)])
def test_a_sheet_is_printed_where_the_offsets_put_it_or_where_it_stands_by_itself(
    shell: Shell, tmp_path: Path, options: tuple[str, ...], first_mark: float
) -> None:
    with over_tcp(FakePrinter()) as device:
        settle(tmp_path, printer("label", device.address, "tsc-ttp-244-mute", "offset_x = 1\n"))
        profile = (Path(__file__).parent.parent / "printers/profiles/tsc-ttp-244.toml").read_text(encoding="utf-8")
        (tmp_path / "data" / "printers").mkdir()
        mute = tmp_path / "data" / "printers" / "tsc-ttp-244-mute.toml"
        mute.write_text(profile.replace('status = "tspl"\n', ""), encoding="utf-8")
        code, out, err = shell("printers", "calibrate", "label", *options)
        assert (code, err) == (0, ""), out
        (paper,) = papers(device.paper, named("tsc-ttp-244"))
    ink = paper.convert("L").point(lambda grey: 255 - grey).getbbox()
    assert ink is not None
    assert ink[0] / 8 == pytest.approx(first_mark, abs=0.2)


def test_what_cannot_be_done_is_one_sentence_and_exit_1(shell: Shell) -> None:
    for asked in (("test", "nowhere"), ("calibrate", "nowhere"), ("calibrate", "slip")):
        code, out, err = shell("printers", *asked)
        assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert shell("printers")[0] == shell("printers", "test")[0] == shell("doctor", "--nonsense")[0] == 2


def test_printers_are_tried_without_a_store(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shell = Shell(["--data", str(tmp_path / "new")], capsys, monkeypatch)
    code, out, _err = shell("printers", "test", "form")
    assert code == 0
    assert Path(out.strip()).is_file()
