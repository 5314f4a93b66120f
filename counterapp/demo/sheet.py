"""The sheet that a demo is played from: badges to sign in with, and receipts with their goods to scan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from counterapp.core import staff
from counterapp.core.actor import role_name
from counterapp.core.database import Database
from counterapp.demo import demo_staff
from counterapp.demo.stories import STORIES, Story, story_sales
from counterapp.demo.till import Sale, read_items
from counterapp.words import _
from printers.document import Align, Barcode, Box, Item, Page, Pages, Rule, Run, Text
from printers.profile import named
from printers.protocols import encode

_WIDTH: Final = 210.0
_HEIGHT: Final = 297.0
_EDGE: Final = 12.0
_INNER: Final = _WIDTH - 2 * _EDGE
_GAP: Final = 4.0
_TOP: Final = 34.0
_BADGE_HEIGHT: Final = 42.0
_STORY_HEIGHT: Final = 35.0
_STORIES_A_PAGE: Final = 7
_CODE_WIDTH: Final = 38.0


def write_sheet(database: Database, path: Path, today: dt.date) -> Path:
    """Write the sheet of the demo store, A4, as a PDF file at `path`, and return that."""
    badges = {person.number: person.badge for person in database.read(staff.list_staff)}
    sales = story_sales(today, read_items())
    told = list(zip(STORIES, sales, strict=True))
    pages = [_staff_page(badges, today)]
    for start in range(0, len(told), _STORIES_A_PAGE):
        pages.append(_stories_page(told[start : start + _STORIES_A_PAGE], start, today))
    document = Pages(_("Demo store: what to scan"), tuple(pages))
    path.write_bytes(encode(document, named("laser-a4")))
    return path


def _head(title: str, below: str) -> list[Item]:
    return [
        _text(_EDGE, 12, _INNER, 9, title, 18, bold=True),
        _text(_EDGE, 21.5, _INNER, 6, below, 9.5),
        Rule(_EDGE, 29, _WIDTH - _EDGE, 29, 0.4),
    ]


def _staff_page(badges: dict[str, str], today: dt.date) -> Page:
    below = _("Sign in by scanning a badge and typing the PIN. These PINs work in the demo store only.")
    items = _head(_("Demo store {day}: staff").format(day=f"{today}"), below)
    width = (_INNER - _GAP) / 2
    for place, person in enumerate(demo_staff()):
        x = _EDGE + place % 2 * (width + _GAP)
        y = _TOP + place // 2 * (_BADGE_HEIGHT + _GAP)
        badge = Barcode(0, 0, badges[person.number], 14, 0.3)
        items += [
            Box(x, y, width, _BADGE_HEIGHT, 0.25),
            _text(x + 5, y + 3, width / 2 - 5, 8, person.name, 16, bold=True),
            _text(x + 5, y + 11, width / 2 - 5, 5, role_name(person.role), 9.5),
            _text(x + width / 2, y + 3, width / 2 - 5, 8, person.number, 16, align="right"),
            _text(x + width / 2, y + 11, width / 2 - 5, 5, _("PIN {pin}").format(pin=person.pin), 9.5, align="right"),
            Barcode(x + (width - badge.width) / 2, y + 18.5, badge.text, badge.height, badge.module),
            _text(x + 5, y + 33.5, width - 10, 5, badge.text, 8.5, align="center"),
        ]
    return Page(_WIDTH, _HEIGHT, tuple(items))


def _stories_page(told: Sequence[tuple[Story, Sale]], start: int, today: dt.date) -> Page:
    below = _("Scan the receipt, then the goods. The days are counted from {day}.").format(day=f"{today}")
    items = _head(_("Demo store {day}: receipts and goods").format(day=f"{today}"), below)
    for place, (story, sale) in enumerate(told):
        y = _TOP - 2 + place * _STORY_HEIGHT
        items += _told(story, sale, start + place + 1, y)
        items.append(Rule(_EDGE, y + _STORY_HEIGHT - 1.5, _WIDTH - _EDGE, y + _STORY_HEIGHT - 1.5, 0.15))
    return Page(_WIDTH, _HEIGHT, tuple(items))


def _told(story: Story, sale: Sale, number: int, y: float) -> list[Item]:
    words = _INNER - 3 * _CODE_WIDTH - 4
    bought = _("Bought {day}, {days} days ago").format(day=f"{sale.sold_at:%Y-%m-%d}", days=story.days_ago)
    items: list[Item] = [
        _text(_EDGE, y + 1.5, words, 6, f"{number}  {_(story.title)}", 11.5, bold=True),
        _text(_EDGE, y + 7.5, words, 5, bought, 8.5),
        Text(_EDGE, y + 13, words, 18, (Run(_(story.hint)),), 9, 9, 4, stand="top"),
    ]
    x = _EDGE + words + 4
    items += _code(x, y, _("Sales receipt"), sale.number, 12)
    for place, shown in enumerate(story.shown, 1):
        line = sale.lines[shown]
        items += _code(x + place * _CODE_WIDTH, y, line.item.name, line.item.barcode, 8)
    return items


def _code(x: float, y: float, words: str, text: str, height: float) -> list[Item]:
    """A code of the sheet; goods have lower bars than receipts, so that the eye finds its way."""
    code = Barcode(0, 0, text, height)
    return [
        _text(x, y + 2.5, _CODE_WIDTH, 5, words, 8.5, align="center"),
        Barcode(x + (_CODE_WIDTH - code.width) / 2, y + 9, text, height),
        _text(x, y + 9.5 + height, _CODE_WIDTH, 4.5, text, 8, align="center"),
    ]


def _text(
    x: float,
    y: float,
    width: float,
    height: float,
    words: str,
    size: float,
    *,
    bold: bool = False,
    align: Align = "left",
) -> Text:
    return Text(x, y, width, height, (Run(words, bold),), size, align=align)
