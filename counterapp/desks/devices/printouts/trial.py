"""The test paper: the whole width, rare names, money, sizes, places on the line, barcodes; whose printer it is."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Final

from counterapp import words
from counterapp.desks.devices.printouts.facts import (
    AMOUNT,
    DIGITS,
    LACKING,
    OWN_CODE,
    PUNCTUATION,
    QR_TEXT,
    RARE,
    SAMPLE,
    TITLE,
    PrinterFacts,
    millimetres,
)
from counterapp.desks.devices.printouts.rulers import DEPTH, module_of, reach, rulers, smallest
from counterapp.words import N_, Language
from printers import code128
from printers.charsets import MISSING
from printers.document import (
    Align,
    Barcode,
    Cell,
    Code,
    Cut,
    Divider,
    Document,
    Item,
    Line,
    Page,
    Pages,
    Qr,
    QrCode,
    Row,
    Rule,
    Run,
    Slip,
    Text,
)
from printers.profile import Profile

_HANZI: Final = "一二三四五六七八九十"
_SIZES: Final = (1, 2, 3, 4)
#: Points of the four sizes on pages; of the printer's own hanzi at 203 dpi on labels.
_POINTS: Final = (9.0, 12.0, 18.0, 28.0)
_OWN_POINTS: Final = 8.5
_LEADING: Final = 0.45  # millimetres of line for a point of type
_WIDTH: Final = N_("Width: {columns} columns, {millimetres} mm")
_RARE: Final = N_("Rare names")
_SIZE: Final = N_("Size {number}")
_BOLD: Final = N_("Bold")
_PLACES: Final[tuple[tuple[str, Align], ...]] = (
    (N_("left"), "left"),
    (N_("middle"), "center"),
    (N_("right"), "right"),
)


def trial_paper(facts: PrinterFacts, language: Language) -> Document:
    """Return the test paper for the kind of paper that the printer holds."""
    match facts.profile.paper:
        case "roll":
            return _slip(facts, language)
        case "label":
            return _labels(facts, language)
        case "page":
            return _page(facts, language)


def _slip(facts: PrinterFacts, language: Language) -> Slip:
    said, profile = words.language(language).gettext, facts.profile
    columns = profile.dots // (profile.cell // 2)
    width = millimetres(profile.dots / profile.dots_per_mm)
    digits = "".join(itertools.islice(itertools.cycle("1234567890"), columns))
    tens = "".join(f"{place:>10}" for place in range(1, columns // 10 + 1))
    lines: list[Line] = [
        Row((Cell(said(TITLE), align="center"),), 2, bold=True),
        Row((Cell(facts.name),)),
        Row((Cell(facts.time),)),
        Row((Cell(profile.name),)),
        Row((Cell(facts.place(language)),)),
        Divider(),
        Row((Cell(said(_WIDTH).format(columns=columns, millimetres=width)),)),
        # A driver sets letters as broad as they are: no column stands above another.
        *([] if profile.protocol == "pdf" else [Row((Cell(tens),)), Row((Cell(digits),))]),
        Row((Cell("".join(itertools.islice(itertools.cycle(_HANZI), columns // 2))),)),
        Divider(),
        Row((Cell(said(_RARE)), Cell(RARE, 2))),
        Row((Cell(said(LACKING).format(sign=MISSING)),)),
        Row((Cell(PUNCTUATION),)),
        Row((Cell(AMOUNT, align="right"),)),
        *(Row((Cell(said(word), align=align),)) for word, align in _PLACES),
        Row((Cell(f"{said(_BOLD)} {SAMPLE}"),), bold=True),
        *(Row((Cell(f"{number} {SAMPLE}"),), number) for number in _SIZES),
        Divider(),
        Code(OWN_CODE),
        Code(DIGITS),
        Qr(QR_TEXT),
        Cut(),
    ]
    return Slip(_title(facts, language), tuple(lines))


def _page(facts: PrinterFacts, language: Language) -> Pages:
    said, profile = words.language(language).gettext, facts.profile
    frame = reach(profile)
    left, y = frame.x + DEPTH + 4, frame.y + DEPTH + 2
    right = frame.x + frame.width - DEPTH - 4
    codes = max(_barcode(text, 0, 0, profile).width for text in (OWN_CODE, DIGITS))
    width = right - left - codes - 6
    items: list[Item] = rulers(frame, smallest(profile))

    def line(text: str, size: float, *, bold: bool = False, align: Align = "left") -> None:
        nonlocal y
        height = size * _LEADING
        items.append(Text(left, y, width, height, (Run(text, bold),), size, smallest(profile), align=align))
        y += height

    line(said(TITLE), 20, bold=True)
    for text in (facts.name, profile.name, facts.place(language), facts.time):
        line(text, 11)
    y += 2
    items.append(Rule(left, y, left + width, y))
    y += 2
    line(f"{said(_RARE)}  {RARE}", 13)
    line(said(LACKING).format(sign=MISSING), 9)
    line(f"{AMOUNT}  {PUNCTUATION}", 11)
    for word, align in _PLACES:
        items.append(Text(left, y, width, 5, (Run(said(word)),), 11, 9, align=align))
    y += 6
    for number, size in zip(_SIZES, _POINTS, strict=True):
        line(f"{said(_SIZE).format(number=number)} {SAMPLE}", size)
    line(f"{said(_BOLD)} {SAMPLE}", _POINTS[1], bold=True)

    top = frame.y + DEPTH + 3
    for text in (OWN_CODE, DIGITS):
        barcode = _barcode(text, right - codes / 2, top, profile)
        items += [barcode, Text(right - codes, top + 13, codes, 5, (Run(text),), 11, 9, align="center")]
        top += 23
    items.append(QrCode(right - codes / 2 - 15, top, QR_TEXT, 30))
    return Pages(_title(facts, language), (Page(profile.width, profile.height, tuple(items)),))


def _labels(facts: PrinterFacts, language: Language) -> Pages:
    """Return three labels: so many show whether the printer keeps to the gaps."""
    profile = facts.profile
    drawn = (_ruled_label(facts, language), _coded_label(profile), _sized_label(profile, language))
    return Pages(_title(facts, language), tuple(Page(profile.width, profile.height, tuple(items)) for items in drawn))


def _ruled_label(facts: PrinterFacts, language: Language) -> list[Item]:
    profile = facts.profile
    frame = reach(profile)
    items: list[Item] = rulers(frame, 5.5)
    left, width = frame.x + DEPTH + 0.6, frame.width - 2 * DEPTH - 1.2
    height = frame.height - 2 * DEPTH
    texts = ((facts.name, True), (profile.name, False), (f"{facts.place(language)}", False), (facts.time, False),
             (RARE, False), (AMOUNT, False), (PUNCTUATION, False))  # fmt: skip
    each = height / len(texts)
    size = min(_OWN_POINTS, each / _LEADING)
    for place, (text, bold) in enumerate(texts):
        items.append(Text(left, frame.y + DEPTH + place * each, width, each, (Run(text, bold),), size, 4.5))
    return items


def _coded_label(profile: Profile) -> list[Item]:
    frame = reach(profile)
    half = frame.height / 2
    items: list[Item] = []
    for place, text in enumerate((OWN_CODE, DIGITS)):
        top = frame.y + place * half
        modules = code128.modules(text) + 2 * (code128.QUIET + 2)
        barcode = Barcode(0, top + 0.8, text, half - 6, min(0.25, profile.width / modules))
        left = (profile.width - barcode.width) / 2
        items.append(Barcode(left, barcode.y, text, barcode.height, barcode.module))
        items.append(Text(frame.x, top + half - 4.6, frame.width, 3.8, (Run(text),), _OWN_POINTS, 5, align="center"))
    return items


def _sized_label(profile: Profile, language: Language) -> list[Item]:
    """Return the sizes beside a QR code, the largest below it."""
    said, frame = words.language(language).gettext, reach(profile)
    unit = min(frame.height / 37, frame.width / 57)
    items: list[Item] = []
    y = frame.y
    middle = frame.x + frame.width * 0.55
    for number in _SIZES[:3]:
        size = _OWN_POINTS * number * unit
        height = size * _LEADING
        text = f"{number} {SAMPLE}"
        items.append(Text(frame.x, y, middle - frame.x, height, (Run(text),), size, 4))
        y += height + 0.6 * unit
    bold = (Run(f"{said(_BOLD)} {SAMPLE}", bold=True),)
    items.append(Text(frame.x, y, middle - frame.x, 3.9 * unit, bold, _OWN_POINTS * unit, 4))
    side = min(18 * unit, frame.width * 0.4)
    items.append(QrCode(frame.x + frame.width - side, frame.y, QR_TEXT, side))
    size = _OWN_POINTS * 4 * unit
    left = frame.x + frame.width / 2
    items.append(
        Text(left, frame.y + side + unit, frame.width / 2, size * _LEADING, (Run("4国A"),), size, 4, align="right")
    )
    return items


def _barcode(text: str, middle: float, y: float, profile: Profile) -> Barcode:
    barcode = Barcode(0, y, text, module=module_of(profile))
    return dataclasses.replace(barcode, x=middle - barcode.width / 2)


def _title(facts: PrinterFacts, language: Language) -> str:
    return f"{words.language(language).gettext(TITLE)} {facts.name}"
