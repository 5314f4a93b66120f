"""The calibration sheet: where on the paper a page really comes out, and what to write into settings.toml for it."""

from __future__ import annotations

import dataclasses
from typing import Final

from counterapp import words
from counterapp.desks.devices.printouts.facts import OWN_CODE, PrinterFacts, millimetres
from counterapp.desks.devices.printouts.rulers import DEPTH, arrow, module_of, reach, rulers, smallest
from counterapp.words import N_, Language
from printers.document import Barcode, Box, Item, Page, Pages, Rule, Run, Text
from printers.profile import Profile

#: Where the frame of the form 退/换货单 stands, by its paper and language (the returns desk's printouts say so).
FRAMES: Final[dict[tuple[int, int, Language], Box]] = {
    (210, 297, "zh"): Box(15.0, 43.5, 180.0, 161.3, 0.4),
    (210, 297, "en"): Box(15.0, 47.0, 180.0, 170.9, 0.4),
    (241, 140, "zh"): Box(19.2, 32.8, 202.6, 86.8, 0.56),
    (241, 140, "en"): Box(19.2, 30.4, 202.6, 84.6, 0.56),
}

TITLE: Final = N_("Calibration")
_FORM: Final = N_("This frame is where the form 退/换货单 has its own.")
_STEPS: Final = (
    N_("Printed with offset_x = {right} and offset_y = {down}."),
    N_("A: measure from the paper's left edge to line A. It should be {a} mm. offset_x = {right} + {a} − measured."),
    N_("B: measure from the paper's upper edge to line B. It should be {b} mm. offset_y = {down} + {b} − measured."),
    N_("Write both under [printers.{name}] in settings.toml, start the counter again, and print this once more."),
    N_("The rulers count from the paper's edges. Ten must measure ten: if not, the driver scales; switch that off."),
)


def line_up(profile: Profile) -> tuple[float, float]:
    """Return where the lines A and B stand: millimetres from the paper's left and upper edge."""
    if profile.paper == "label":
        return round(profile.width / 3), round(profile.height / 3)
    return 40.0, 22.0


def calibration_sheet(facts: PrinterFacts, right: float, down: float, language: Language) -> Pages:
    """Return the sheet for a printer whose pages are moved by `right` and `down` millimetres; it moves it, not we."""
    said, profile = words.language(language).gettext, facts.profile
    a, b = line_up(profile)
    frame = reach(profile)
    title = f"{said(TITLE)} {facts.name}"
    if profile.paper == "label":
        items = [*rulers(frame, 5.5), *_lines(frame, a, b, b + 8)]
        items += _beside(frame, a, [facts.name, f"x = {millimetres(right)}   y = {millimetres(down)}"])
        return Pages(title, (Page(profile.width, profile.height, tuple(items)),))
    values = {
        "right": millimetres(right), "down": millimetres(down), "a": millimetres(a), "b": millimetres(b),
        "name": facts.name,
    }  # fmt: skip
    form = FRAMES.get((round(profile.width), round(profile.height), language))
    top = 4 + max(b, form.y if form is not None else 0)
    items = [*rulers(frame, smallest(profile)), *_lines(frame, a, b, _between_tens(top + 6))]
    if form is not None:
        here = (Run(said(_FORM)),)
        below = form.y + form.height
        items += [form, Text(a + 6, below - 6, 100, 5, here, 9, 9)]
    head = f"{said(TITLE)}  {facts.name}  {profile.name}  {facts.time}"
    steps = [said(step).format(**values) for step in _STEPS]
    items += _explained(profile, a + 6, top, head, steps)
    return Pages(title, (Page(profile.width, profile.height, tuple(items)),))


def _lines(frame: Box, a: float, b: float, across: float) -> list[Item]:
    """Return lines A and B, and the arrows from them to the paper's edges; the one from A at the height `across`."""
    right, bottom = frame.x + frame.width, frame.y + frame.height
    inner = DEPTH + 1
    upright = _between_tens(a + (right - a) * 0.3)
    return [
        Rule(a, frame.y + inner, a, bottom - inner, 0.4),
        Rule(frame.x + inner, b, right - inner, b, 0.4),
        *arrow(a, across, frame.x + 0.3, across),
        *arrow(upright, b, upright, frame.y + 0.3),
        _lettered(f"A {millimetres(a)} mm", a + 1, across - 2.4, right - DEPTH),
        _lettered(f"B {millimetres(b)} mm", upright + 1, b + 0.8, right - DEPTH),
    ]


def _between_tens(place: float) -> float:
    """Return the fifth millimetre nearest to `place` where the rulers have no number."""
    return round((place - 5) / 10) * 10.0 + 5


def _lettered(text: str, x: float, y: float, right: float) -> Text:
    return Text(x, y, min(30, right - x), 4.8, (Run(text, bold=True),), 11, 7)


def _beside(frame: Box, a: float, texts: list[str]) -> list[Item]:
    """Return what has room on a label."""
    left, width = a + 1.5, frame.x + frame.width - DEPTH - a - 2
    top = frame.y + frame.height - DEPTH - 4 * len(texts)
    return [Text(left, top + 4 * place, width, 4, (Run(text),), 8.5, 4.5) for place, text in enumerate(texts)]


def _explained(profile: Profile, left: float, top: float, head: str, steps: list[str]) -> list[Item]:
    """Return the barcode, and below it what to do."""
    width = profile.width - profile.sides - DEPTH - 8 - left
    barcode = Barcode(0, top, OWN_CODE, 11, module_of(profile))
    items: list[Item] = [dataclasses.replace(barcode, x=left + width - barcode.width)]
    y = top + 15
    items.append(Text(left, y, width, 6, (Run(head, bold=True),), 12, 9))
    # On wide paper each step has a line, on sheets two.
    lines, pitch = (1, 6.2) if width > 155 else (2, 10.4)
    for place, step in enumerate(steps):
        items.append(Text(left, y + 8 + place * pitch, width, pitch, (Run(step),), 10.5, 8, lines))
    return items
