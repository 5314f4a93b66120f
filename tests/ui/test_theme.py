"""Every text can be read on its ground, in light and dark; sizes grow together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication

from counterapp.ui import icons, theme
from counterapp.ui.theme import DARK, LIGHT, Meaning, Pair, Theme
from resources import resource


def contrast(pair: Pair) -> float:
    """The ratio of WCAG 2.2 (relative luminance, 1 to 21)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(pair.text), luminance(pair.ground)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=lambda colours: colours.name)
def test_every_text_stands_out_from_its_ground(colours: Theme) -> None:
    weak = {name: round(contrast(pair), 2) for name, pair in colours.pairs().items() if contrast(pair) < 4.5}

    assert weak == {}


def test_light_and_dark_have_the_same_meanings() -> None:
    assert LIGHT.pairs().keys() == DARK.pairs().keys()
    assert set(LIGHT.meanings) == set(DARK.meanings) == set(Meaning) == set(icons.OF_MEANING)


def test_large_type_makes_everything_a_quarter_larger_but_hairlines(qapp: QApplication) -> None:
    theme.apply(qapp, large=True)

    assert (theme.px(16), theme.px(40), theme.px(1)) == (20, 50, 1)
    assert qapp.font().pixelSize() == 20
    assert "font-size: 50px" in qapp.styleSheet()
    assert "border: 1px" in qapp.styleSheet()


def test_dark_can_be_turned_on_while_the_program_runs(qapp: QApplication) -> None:
    theme.apply(qapp, dark=True)

    assert theme.current().name == "dark"
    assert DARK.surface in qapp.styleSheet()
    assert LIGHT.backdrop not in qapp.styleSheet()


def test_the_style_sheet_names_no_colour_of_its_own() -> None:
    source = resource("style/counter.qss").read_text(encoding="utf-8")

    assert re.findall(r"#[0-9A-Fa-f]{6}\b", source) == []
    assert not re.search(r"^\s*(QWidget|\*)\s*\{", source, re.MULTILINE), "a universal rule slows every start"


def test_text_is_set_in_the_carried_font(qapp: QApplication) -> None:
    assert QFontInfo(qapp.font()).family() == theme.FAMILY
    assert QFontInfo(theme.font(16, bold=True)).bold()


def test_an_icon_is_drawn_in_the_colour_asked_for_and_sharp_on_a_dense_screen(qapp: QApplication) -> None:
    drawn = icons.pixmap("circle-check", Meaning.ALLOWED, 20, 2.0)

    assert (drawn.width(), drawn.deviceIndependentSize().width()) == (40, 20)
    picture = drawn.toImage()
    inks = {
        picture.pixelColor(x, y).name().upper()
        for x in range(40)
        for y in range(40)
        if picture.pixelColor(x, y).alpha() > 250
    }
    assert inks == {LIGHT.meanings[Meaning.ALLOWED].text}


def test_the_icons_come_with_their_licence() -> None:
    assert "ISC License" in resource("icons/LICENSE.txt").read_text(encoding="utf-8")


def test_every_icon_that_is_carried_is_used_and_draws_something(qapp: QApplication) -> None:
    root = Path(icons.__file__).parents[1]
    sources = "".join(
        path.read_text(encoding="utf-8") for place in (root, Path(__file__).parent) for path in place.rglob("*.py")
    )
    names = sorted(path.stem for path in resource("icons").glob("*.svg"))

    assert [name for name in names if f'"{name}"' not in sources] == []
    for name in names:
        picture = icons.pixmap(name, "text", 24).toImage()
        assert any(picture.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), name
