"""Colours, sizes and type of the screen: one light and one dark theme with the same meanings, one style sheet.

The table of colours is the only place where a colour is named. Sizes are design pixels; `px` turns them into pixels
of the screen, a quarter larger in large-type mode.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from string import Template
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from resources import resource

FAMILY: Final = "Noto Sans SC"
LARGE: Final = 1.25


class Meaning(enum.StrEnum):
    """What a colour says; an icon and a sentence always say it too."""

    ALLOWED = "allowed"
    MISSING = "missing"
    OVERRIDABLE = "overridable"
    REFUSED = "refused"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Pair:
    """A text colour and the ground it stands on, `#RRGGBB`; at least 4.5 : 1."""

    text: str
    ground: str


@dataclass(frozen=True, slots=True)
class Theme:
    """All colours of one theme.

    `accent` is the action's colour as ink and edge on `surface`, `chosen` and `backdrop`.
    """

    name: str
    text: str
    quiet: str
    surface: str
    backdrop: str
    line: str
    accent: str
    action: Pair
    pressed: Pair
    chosen: Pair
    rail: Pair
    rail_chosen: Pair
    rail_edge: str
    meanings: Mapping[Meaning, Pair]
    scale: float = 1.0

    def pairs(self) -> dict[str, Pair]:
        """Return every text on every ground that the screen puts it on, by name."""
        inks = {"text": self.text, "quiet": self.quiet, "accent": self.accent}
        grounds = {"surface": self.surface, "backdrop": self.backdrop, "chosen": self.chosen.ground}
        named = {f"{ink} on {ground}": Pair(inks[ink], grounds[ground]) for ink in inks for ground in grounds}
        named |= {"action": self.action, "pressed": self.pressed, "chosen": self.chosen}
        named |= {"rail": self.rail, "rail, chosen": self.rail_chosen}
        named |= {meaning.value: pair for meaning, pair in self.meanings.items()}
        named |= {f"{meaning} on surface": Pair(pair.text, self.surface) for meaning, pair in self.meanings.items()}
        return named


LIGHT: Final = Theme(
    name="light",
    text="#17212B",
    quiet="#566473",
    surface="#FFFFFF",
    backdrop="#EEF1F4",
    line="#D8DEE5",
    accent="#0B5C7A",
    action=Pair("#FFFFFF", "#0B5C7A"),
    pressed=Pair("#FFFFFF", "#08465D"),
    chosen=Pair("#17212B", "#E3F0F5"),
    rail=Pair("#A9BBC6", "#10202B"),
    rail_chosen=Pair("#FFFFFF", "#1E4557"),
    rail_edge="#5CC3E0",
    meanings=MappingProxyType(
        {
            Meaning.ALLOWED: Pair("#17693F", "#E4F3EA"),
            Meaning.MISSING: Pair("#7A5200", "#FFF1CF"),
            Meaning.OVERRIDABLE: Pair("#9A3A00", "#FFE6D9"),
            Meaning.REFUSED: Pair("#A3221B", "#FBE4E2"),
            Meaning.NEUTRAL: Pair("#566473", "#EEF1F4"),
        }
    ),
)

DARK: Final = Theme(
    name="dark",
    text="#E8EEF2",
    quiet="#A5B4C0",
    surface="#17222B",
    backdrop="#0D151B",
    line="#33424D",
    accent="#5CC3E0",
    action=Pair("#FFFFFF", "#1B7596"),
    pressed=Pair("#FFFFFF", "#145A75"),
    chosen=Pair("#E8EEF2", "#163B4B"),
    rail=Pair("#A9BBC6", "#070D12"),
    rail_chosen=Pair("#FFFFFF", "#1E4557"),
    rail_edge="#5CC3E0",
    meanings=MappingProxyType(
        {
            Meaning.ALLOWED: Pair("#7FD8A6", "#12372A"),
            Meaning.MISSING: Pair("#F3CB73", "#3D2F0B"),
            Meaning.OVERRIDABLE: Pair("#FFB48F", "#4A2412"),
            Meaning.REFUSED: Pair("#FFA39B", "#4B1C1A"),
            Meaning.NEUTRAL: Pair("#A5B4C0", "#22303A"),
        }
    ),
)


class _Screen:
    """What is in force in this process: one screen, one theme."""

    theme: Theme = LIGHT
    translator: QTranslator | None = None


def current() -> Theme:
    """Return the theme in force."""
    return _Screen.theme


def colour(token: str) -> QColor:
    """Return the colour of `token`: a name of Theme ("quiet", "accent"), a Meaning's text, or `#RRGGBB` itself."""
    theme = current()
    if token.startswith("#"):
        return QColor(token)
    if token in Meaning.__members__.values():
        return QColor(theme.meanings[Meaning(token)].text)
    return QColor(str(getattr(theme, token)))


def px(size: float) -> int:
    """Return a size in design pixels as pixels of the screen; hairlines stay hairlines."""
    return round(size) if size <= 1 else round(size * current().scale)


def font(size: float, bold: bool = False) -> QFont:
    """Return the screen's type at `size` design pixels, for painting; it is shared, so nobody changes it."""
    return _made_font(px(size), bold)


def apply(app: QApplication, dark: bool = False, large: bool = False, language: str = "zh") -> None:
    """Dress `app`: Fusion, palette, carried font, style sheet, and Qt's own few words in `language` ("zh" or "en").

    Dark and light may be changed while the program runs. Large type holds for widgets made afterwards.
    """
    _Screen.theme = replace(DARK if dark else LIGHT, scale=LARGE if large else 1.0)
    _load_fonts()
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    dialog = style_sheet(_Screen.theme)
    if app.styleSheet() != dialog:
        app.setPalette(_palette(_Screen.theme))
        app.setFont(font(16))
        app.setStyleSheet(dialog)
    speak(app, language)


def speak(app: QApplication, language: str) -> None:
    """Let Qt's own words (context menus of fields) speak `language`, and tell every widget that it changed."""
    if _Screen.translator is not None:
        app.removeTranslator(_Screen.translator)
        _Screen.translator = None
    if language == "zh":
        translator = QTranslator(app)
        if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(translator)
            _Screen.translator = translator


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of `theme`; its sizes are design pixels and grow with large type."""
    words = {name: value for name in Theme.__dataclass_fields__ if isinstance(value := getattr(theme, name), str)}
    words |= {
        "action_ground": theme.action.ground,
        "action_text": theme.action.text,
        "chosen_ground": theme.chosen.ground,
    }
    words |= {"rail_ground": theme.rail.ground}
    for meaning, pair in theme.meanings.items():
        words |= {f"{meaning}_text": pair.text, f"{meaning}_ground": pair.ground}
    filled = Template(_sheet_source()).substitute(words)
    return re.sub(r"\b(\d+)px", lambda found: f"{px(int(found[1]))}px", filled)


@functools.cache
def _made_font(pixels: int, bold: bool) -> QFont:
    made = QFont(FAMILY)
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    return made


@functools.cache
def _sheet_source() -> str:
    return resource("style/counter.qss").read_text(encoding="utf-8")


@functools.cache
def _load_fonts() -> None:
    """Take in the carried fonts: a shop's PC may have no Chinese ones, and pictures must come out the same."""
    for weight in ("Regular", "Bold"):
        QFontDatabase.addApplicationFont(str(resource(f"fonts/NotoSansSC-{weight}.ttf")))


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, value in {
        role.Window: theme.backdrop,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.backdrop,
        role.Text: theme.text,
        role.PlaceholderText: theme.quiet,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.ToolTipBase: theme.surface,
        role.ToolTipText: theme.text,
        role.Highlight: theme.action.ground,
        role.HighlightedText: theme.action.text,
        role.Link: theme.accent,
        role.Mid: theme.line,
    }.items():
        palette.setColor(which, QColor(value))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.quiet))
    return palette
