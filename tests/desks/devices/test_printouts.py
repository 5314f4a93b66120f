"""Test papers and calibration sheets, looked at and read back from the very bytes of each kind of printer."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from counterapp.core.store_settings import FormPaper
from counterapp.desks.devices.printouts import (
    DIGITS,
    FRAMES,
    OWN_CODE,
    QR_TEXT,
    PrinterFacts,
    calibration_sheet,
    line_up,
    trial_paper,
)
from counterapp.return_forms.printouts import return_form
from counterapp.words import Language
from printers import picture
from printers.document import Barcode, Box, Document, Page, Pages, Rule, Slip, Text
from printers.flow import fitted
from printers.profile import Profile, named
from printers.protocols import encode
from printers.shift import shifted
from tests.kept import Album
from tests.printers.reading import faults, inks
from tests.return_forms import forms

MOMENT = dt.datetime(2026, 11, 21, 14, 32)  # noqa: DTZ001 - as it stands on paper
NAMES = (
    "generic-58mm", "generic-80mm", "epson-tm-t88", "sunmi-58mm", "driver-80mm", "tsc-ttp-244", "zebra-zd", "laser-a4",
    "epson-lq",
)  # fmt: skip
PLACED = ("tsc-ttp-244", "zebra-zd", "laser-a4", "epson-lq")
every_printer = pytest.mark.parametrize("name", NAMES)
every_placed = pytest.mark.parametrize("name", PLACED)
both = pytest.mark.parametrize("language", ["zh", "en"])
looks_as_kept = Album(Path(__file__).parent / "pictures").looks_as_kept


def facts(name: str, printer: str = "counter") -> PrinterFacts:
    return PrinterFacts(printer, named(name), "tcp:192.168.1.50", MOMENT)


def drawn(document: Document, profile: Profile) -> list[Image.Image]:
    """Return the papers as the printer makes them; a PDF at 300 dots an inch."""
    data = encode(document, profile)
    pngs = picture.pictures(data, 300) if profile.protocol == "pdf" else picture.papers(data, profile)
    return [Image.open(io.BytesIO(png)) for png in pngs]


def read(papers: Sequence[Image.Image], form: zxingcpp.BarcodeFormat) -> list[str]:
    found = [code for paper in papers for code in zxingcpp.read_barcodes(paper, zxingcpp.BarcodeFormats(form))]
    return sorted(code.text for code in found)


@every_printer
@both
def test_every_code_of_the_test_paper_is_read_back(name: str, language: Language) -> None:
    papers = drawn(trial_paper(facts(name), language), named(name))
    assert read(papers, zxingcpp.BarcodeFormat.Code128) == sorted([OWN_CODE, DIGITS])
    assert read(papers, zxingcpp.BarcodeFormat.QRCode) == [QR_TEXT]


@every_printer
def test_test_papers_look_as_they_were_found_good(name: str) -> None:
    data = encode(trial_paper(facts(name), "en"), named(name))
    assert looks_as_kept(picture.papers(data, named(name)), f"trial-{name}")


@every_placed
def test_calibration_sheets_look_as_they_were_found_good(name: str) -> None:
    data = encode(calibration_sheet(facts(name), 0.0, 1.5, "en"), named(name))
    assert looks_as_kept(picture.papers(data, named(name)), f"calibration-{name}")


@pytest.mark.parametrize("name", ["generic-58mm", "generic-80mm", "epson-tm-t88"])
def test_the_ruled_lines_of_a_roll_fill_its_whole_width(name: str) -> None:
    profile = named(name)
    document = trial_paper(facts(name), "en")
    assert isinstance(document, Slip)
    columns = profile.dots // (profile.cell // 2)
    texts = [line.cells[0].text for line in document.lines if hasattr(line, "cells")]
    assert f"Width: {columns} columns, {round((profile.width - 2 * profile.sides) * 10) / 10:g} mm" in texts
    assert [len(text) for text in texts if text.startswith("12345")] == [columns]
    assert [len(text) for text in texts if text.startswith("一二")] == [columns // 2]


@every_placed
@both
@pytest.mark.parametrize("kind", ["trial", "calibration"])
def test_nothing_lies_on_another_thing_nor_is_cut(name: str, language: Language, kind: str) -> None:
    about = facts(name, "counter printer no. 2")
    document = trial_paper(about, language) if kind == "trial" else calibration_sheet(about, -12.5, 12.5, language)
    assert isinstance(document, Pages)
    for page in document.pages:
        assert not [item.runs for item in page.items if isinstance(item, Text) and fitted(item).cut]
        assert texts_on_texts(page, named(name)) == []


@every_placed
def test_the_rulers_count_millimetres_from_the_papers_edges(name: str) -> None:
    profile = named(name)
    (page,) = calibration_sheet(facts(name), 0, 0, "en").pages
    numbers = [item for item in page.items if isinstance(item, Text) and item.runs[0].text.isdigit()]
    for number in numbers:
        place = int(number.runs[0].text)
        marks = [rule for rule in page.items if isinstance(rule, Rule) and place in (rule.x1, rule.y1)]
        assert marks
    a, b = line_up(profile)
    lines = [item for item in page.items if isinstance(item, Rule) and item.weight == 0.4]
    assert [(line.x1, line.x2) for line in lines if line.x1 == line.x2] == [(a, a)]
    assert [(line.y1, line.y2) for line in lines if line.y1 == line.y2] == [(b, b)]


@every_placed
def test_what_is_measured_on_the_sheet_and_reckoned_as_it_says_puts_the_next_one_right(name: str) -> None:
    """Play a printer whose paper lies 1.2 mm too far left and 0.8 mm too low, and the person with the ruler."""
    a, b = line_up(named(name))
    off = (1.2, -0.8)

    def measured(right: float, down: float) -> tuple[float, float]:
        sheet = shifted(shifted(calibration_sheet(facts(name), right, down, "en"), right, down), *off)
        assert isinstance(sheet, Pages)
        lines = [item for item in sheet.pages[0].items if isinstance(item, Rule) and item.weight == 0.4]
        return next(one.x1 for one in lines if one.x1 == one.x2), next(one.y1 for one in lines if one.y1 == one.y2)

    right, down = 0.5, 0.0
    found = measured(right, down)
    right, down = right + a - found[0], down + b - found[1]
    assert measured(right, down) == pytest.approx((a, b))
    assert (right, down) == pytest.approx((-1.2, 0.8))


@both
@pytest.mark.parametrize(("paper", "size"), [("a4", (210, 297)), ("continuous", (241, 140))])
def test_the_frame_on_the_sheet_is_where_the_form_has_its_own(
    paper: FormPaper, size: tuple[int, int], language: Language
) -> None:
    page = return_form(forms.ONE, language, paper).pages[0]
    frame = next(item for item in page.items if isinstance(item, Box))
    assert dataclasses.astuple(FRAMES[(*size, language)]) == pytest.approx(dataclasses.astuple(frame))


@every_placed
def test_the_sheets_barcode_is_never_scaled(name: str) -> None:
    profile = named(name)
    bars = [item for item in calibration_sheet(facts(name), 0, 0, "en").pages[0].items if isinstance(item, Barcode)]
    if profile.paper == "page":
        assert [bar.text for bar in bars] == [OWN_CODE]
        assert b"/PrintScaling /None" in encode(calibration_sheet(facts(name), 0, 0, "en"), profile)
        assert read(drawn(calibration_sheet(facts(name), 0, 0, "en"), profile), zxingcpp.BarcodeFormat.Code128)


def texts_on_texts(page: Page, profile: Profile) -> list[str]:
    """Return which words cover others, or a barcode; lines may cross the sheet: they are what is measured."""
    pdf = encode(Pages("", (page,)), dataclasses.replace(profile, protocol="pdf", paper="page"))
    (texts,) = inks(pdf)
    bare = dataclasses.replace(page, items=tuple(i for i in page.items if not isinstance(i, Rule | Box)))
    return faults(bare, texts, margin=0)
