from __future__ import annotations

from pathlib import Path

import pytest

from printers import profile
from printers.errors import BadProfile
from printers.profile import load, named

GOOD = 'name="A"\nprotocol="pdf"\npaper="page"\nwidth=210\nheight=297\nmargin=4.2\nsides=5\ndpi=600\n'


@pytest.mark.parametrize(
    ("name", "paper", "width"),
    [
        ("laser-a4", "page", 210),
        ("epson-lq", "page", 241),
        ("virtual-a4", "page", 210),
        ("virtual-continuous", "page", 241),
        ("virtual-80mm", "roll", 80),
        ("driver-80mm", "roll", 80),
        ("generic-58mm", "roll", 58),
        ("generic-80mm", "roll", 80),
        ("epson-tm-t88", "roll", 80),
        ("xprinter-xp-80", "roll", 80),
        ("gprinter-gp-58", "roll", 58),
        ("sunmi-58mm", "roll", 58),
        ("sunmi-80mm", "roll", 80),
    ],
)
def test_carried_profiles_are_good(name: str, paper: str, width: float) -> None:
    found = named(name)
    assert (found.paper, found.width) == (paper, width)


def test_every_carried_profile_is_good() -> None:
    for path in (Path(profile.__file__).parent / "profiles").glob("*.toml"):
        assert load(path).name


@pytest.mark.parametrize(
    ("name", "dots"),
    [("generic-58mm", 384), ("generic-80mm", 576), ("epson-tm-t88", 512), ("sunmi-58mm", 384), ("laser-a4", 4762)],
)
def test_the_heads_dots_follow_from_width_sides_and_resolution(name: str, dots: int) -> None:
    assert named(name).dots == dots


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'name="A"\nprotocol="escp"\npaper="page"\nwidth="wide"\nheight=297\nmargin=-1\ncolour=true\ndrawer=1\ncell=24.5\n'
    )
    with pytest.raises(BadProfile) as caught:
        load(path)
    said = [str(mistake) for mistake in caught.value.mistakes]
    assert said == [
        "sides is missing",
        "dpi is missing",
        "colour is not known",
        "protocol must be one of pdf, escpos, tspl, zpl",
        "width must be a number from 20 to 1000",
        "margin must be a number from 0 to 30",
        "drawer must be true or false",
        "cell must be a number from 16 to 48",
    ]
    assert all(sentence in str(caught.value) for sentence in ("mine", *said))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("name=3", "name must be text"),
        ("dpi=203.5", "dpi must be a number"),
        ("dpi=true", "dpi must be a number"),
        ("height=0", "height must be 0 for a roll"),
        ('paper="roll"', "height must be 0 for a roll"),
        ('paper="label"', "paper must be one of page, roll"),
        ('protocol="escpos"', "paper must be one of roll"),
        ('protocol="tspl"', "paper must be one of label"),
        ('charset="big5"', "charset must be one of none, gb2312, gbk, gb18030, utf8"),
        ('cutter="sharp"', "cutter must be one of none, partial, full"),
        ('status="smtp"', "status must be one of none, escpos, tspl, zpl"),
        ("barcode=1", "barcode must be true or false"),
        ("width=21\nsides=6", "sides leave less than 10 mm"),
        ("cell=25", "cell must be even"),
        ("gap=-1", "gap must be a number from 0 to 50"),
        ("name=", "cannot be read"),
        ('options="fast"', "options must be a list of texts"),
        ("options=[1]", "options must be a list of texts"),
    ],
)
def test_one_mistake_is_named(tmp_path: Path, line: str, sentence: str) -> None:
    keys = tuple(each.partition("=")[0] + "=" for each in line.splitlines())
    lines = [each for each in GOOD.splitlines() if not each.startswith(keys)]
    path = tmp_path / "mine.toml"
    path.write_text("\n".join([*lines, line]))
    with pytest.raises(BadProfile, match=sentence):
        load(path)


def test_the_profile_without_mistakes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    assert (load(path).dpi, load(path).options) == (600, ())


def test_the_store_may_have_profiles_of_its_own_which_go_first(tmp_path: Path) -> None:
    (tmp_path / "laser-a4.toml").write_text(GOOD)
    (tmp_path / "ours.toml").write_text(GOOD + 'options=["Tray=2"]')
    assert named("laser-a4", tmp_path).name == "A"
    assert named("ours", tmp_path).options == ("Tray=2",)
    assert named("epson-lq", tmp_path).dpi == 180
    with pytest.raises(BadProfile, match=r"known are .*epson-lq, .*laser-a4, ours, .*virtual-80mm"):
        named("theirs", tmp_path)


def test_an_unknown_profile_is_named_with_those_there_are() -> None:
    with pytest.raises(BadProfile, match=r"known are .*epson-lq, .*virtual-80mm, virtual-a4, virtual-continuous"):
        named("lasr-a4")


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadProfile, match="cannot be read"):
        load(tmp_path / "gone.toml")
