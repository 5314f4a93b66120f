"""The slip that calls for goods, and the floor sheet: on either roll, on either paper, short and as long as may be."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
from itertools import cycle, islice

import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from counterapp.core.print_queue import copy_words
from counterapp.core.store_settings import FormPaper
from counterapp.desks.returned_goods.printouts import FloorLine, FloorSheetFacts, floor_sheet
from counterapp.return_forms.printouts.notice import NoticeFacts, notice_slip
from counterapp.words import Language
from printers.document import Pages, Text, from_json, repeated, to_json
from printers.flow import fitted
from printers.picture import papers
from printers.profile import named
from printers.protocols import encode
from tests.printers.reading import CODE128, barcodes, faults, inks, words
from tests.return_forms.forms import ISSUED, ISSUED_LONG, looks_as_kept

APPLES = NoticeFacts(
    issued=ISSUED,
    department="生鲜部",
    is_urgent=False,
    item_no="10001",
    item="红富士苹果",
    quantity_milli=486,
    asked="Refund",
    reason="Quality fault",
    supplier="",
    form_number=4118,
    due_at=ISSUED.at + dt.timedelta(minutes=30),
    code="RC731904825538",
)
URGENT = dataclasses.replace(
    APPLES,
    department="冷冻冷藏食品部",
    is_urgent=True,
    item="飞利浦多功能家用智能电饭煲大容量五升预约定时䶮㛃𬭎(星空灰)旗舰增强款 HD4518/00",
    quantity_milli=12_000,
    reason="Expired or spoiled",
    supplier="S-1012345678",
)

DUMPLINGS = FloorLine("10322", "湾仔码头水饺", 2000, ("Refund", "Quality fault", "fault confirmed"), 4118)
LINES = (
    DUMPLINGS,
    FloorLine("10001", "红富士苹果", 1486, ("Refund", "Expired or spoiled"), 4119),
    FloorLine(
        "10512", "哈尔滨红肠", 1000, ("Exchange", "Not as labelled", "package not whole", "signs of use"), 4120, "S101"
    ),
)
LONGEST = FloorLine(
    "6901234567890",
    "飞利浦多功能家用智能电饭煲大容量五升预约定时䶮㛃𬭎(星空灰)旗舰增强款 HD4518/00 Limited Edition 特别版",
    99_999_999,
    ("Exchange", "Not as labelled", "package not whole", "accessories missing", "signs of use", "fault confirmed"),
    999_998,
)
USUAL = FloorSheetFacts(ISSUED, "食品部", ISSUED.at.date(), 1, "RS731904825503", LINES)
MANY = dataclasses.replace(
    USUAL,
    issued=dataclasses.replace(ISSUED_LONG, station="2"),
    department="冷冻冷藏及低温乳制品食品部",
    seq=12,
    lines=tuple(islice(cycle((*LINES, LONGEST, dataclasses.replace(LONGEST, supplier="S-10123456789012345"))), 40)),
)
SHEETS = {"usual": USUAL, "many": MANY}
PRINTERS = {"a4": named("virtual-a4"), "continuous": named("epson-lq")}
BOTH = pytest.mark.parametrize("language", ["zh", "en"])
PAPERS = pytest.mark.parametrize("paper", PRINTERS)
EACH = pytest.mark.parametrize("name", SHEETS)


def said(pages: Pages, paper: FormPaper = "a4") -> list[str]:
    return [re.sub(r"\s", "", page) for page in words(encode(pages, PRINTERS[paper]))]


@pytest.mark.parametrize("roll", ["generic-58mm", "generic-80mm", "sunmi-58mm", "xprinter-xp-80"])
@pytest.mark.parametrize("facts", [APPLES, URGENT], ids=["usual", "longest"])
def test_the_code_of_a_notice_is_read_on_every_roll(facts: NoticeFacts, roll: str) -> None:
    profile = named(roll)
    (drawn,) = papers(encode(notice_slip(facts, "zh"), profile), profile)
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn)), CODE128)
    assert [code.text for code in read] == [facts.code]


def test_a_notice_says_who_is_called_for_what_and_until_when() -> None:
    (slip,) = words(encode(notice_slip(APPLES, "en"), named("driver-80mm")))
    for text in ("生鲜部", "until 15:03", "红富士苹果 × 0.486", "Refund: Quality fault", "No. 004118", "Collected by"):
        assert text in slip
    assert "shelf" not in slip


def test_an_urgent_one_asks_for_a_look_at_the_shelf_and_names_the_suppliers_staff() -> None:
    (slip,) = words(encode(notice_slip(URGENT, "en"), named("driver-80mm")))
    whole = re.sub(r"\s+", " ", slip)
    for text in (
        "Urgent: look at the shelf",
        "Floor supervisor",
        "S-1012345678",
        "Found on the shelf",
        "supplier's staff",
    ):
        assert text in whole


@pytest.mark.parametrize("width", [58, 80])
@pytest.mark.parametrize("facts", [APPLES, URGENT], ids=["usual", "longest"])
def test_a_notice_fits_on_either_roll(facts: NoticeFacts, width: int) -> None:
    roll = dataclasses.replace(named("driver-80mm"), width=width, sides=4 if width == 80 else 5)
    (texts,) = inks(encode(notice_slip(facts, "zh"), roll))
    assert min(ink.left for ink in texts) >= roll.sides - 0.1
    assert max(ink.right for ink in texts) <= roll.width - roll.sides + 0.1
    assert re.sub(r"\s", "", facts.item)[-17:] in re.sub(r"\s", "", "".join(ink.what for ink in texts))


@PAPERS
def test_a_sheet_lists_the_goods_and_concession_goods_with_their_supplier_apart(paper: FormPaper) -> None:
    (page,) = said(floor_sheet(USUAL, "zh", paper), paper)
    for text in ("食品部", "10322", "湾仔码头水饺", "1.486", "004120", "S101", "王丽6012", "26-11-21"):
        assert text in page
    assert page.index("10001") < page.index("10512")
    (without,) = said(floor_sheet(dataclasses.replace(USUAL, lines=(DUMPLINGS,)), "zh", paper), paper)
    assert "S101" not in without


@PAPERS
def test_its_code_is_read_on_every_page(paper: FormPaper) -> None:
    pages = encode(floor_sheet(MANY, "zh", paper), PRINTERS[paper])
    assert {tuple(codes) for codes in barcodes(pages, 180)} == {(MANY.code,)}


@PAPERS
@BOTH
def test_a_long_sheet_has_its_head_on_each_page_and_each_signature_once(paper: FormPaper, language: Language) -> None:
    pages = said(floor_sheet(MANY, language, paper), paper)
    assert len(pages) > 3
    assert all("冷冻冷藏及低温乳制品食品部" in page for page in pages)
    assert "欧阳娜娜买买提·艾则孜600112" in pages[-1]
    assert not any("欧阳娜娜" in page for page in pages[:-1])
    if language == "en":
        whole = "".join(pages)
        assert whole.count("Signatureofthesupplier'sstaff") == 2
        assert whole.count("Checkedbythedutysupervisor") == 1


@PAPERS
@BOTH
@EACH
def test_nothing_overlaps_and_nothing_leaves_the_paper_not_even_on_a_repeat(
    name: str, language: Language, paper: FormPaper
) -> None:
    again, printer = repeated(floor_sheet(SHEETS[name], language, paper), copy_words(12, language)), PRINTERS[paper]
    assert isinstance(again, Pages)
    for page, texts in zip(again.pages, inks(encode(again, printer)), strict=True):
        assert any("补打 12" in ink.what for ink in texts)
        assert faults(page, texts, margin=printer.margin) == []
        assert min(ink.left for ink in texts) >= printer.sides
        assert max(ink.right for ink in texts) <= printer.width - printer.sides


@PAPERS
@BOTH
@EACH
def test_none_of_its_words_are_cut_and_none_too_small_for_pins(name: str, language: Language, paper: FormPaper) -> None:
    pages = floor_sheet(SHEETS[name], language, paper).pages
    texts = [item for page in pages for item in page.items if isinstance(item, Text)]
    assert {item.runs[0].text for item in texts if fitted(item).cut} == set()
    assert min(fitted(item).size for item in texts) >= (9 if paper == "continuous" else 6)


def test_papers_are_stored_and_read_back_as_they_were() -> None:
    for document in (notice_slip(URGENT, "en"), floor_sheet(MANY, "zh", "continuous")):
        assert from_json(to_json(document)) == document


def test_a_sheet_without_lines_is_none() -> None:
    with pytest.raises(ValueError, match="at least one line"):
        floor_sheet(dataclasses.replace(USUAL, lines=()), "zh")


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120)
LISTED = st.builds(
    FloorLine,
    item_no=st.just(""),
    item=WORDS,
    quantity_milli=st.integers(1, 99_999_999),
    why=st.sampled_from([LINES[0].why, LINES[2].why, LONGEST.why]),
    form_number=st.integers(1, 999_999),
    supplier=st.sampled_from(["", "", "S101", "S-10123456789012345"]),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    lines=st.lists(LISTED, min_size=1, max_size=14),
    language=st.sampled_from(["zh", "en"]),
    paper=st.sampled_from(["a4", "continuous"]),
)
def test_whatever_came_back_each_line_is_on_the_sheet_once_and_inside_the_paper(
    lines: list[FloorLine], language: Language, paper: FormPaper
) -> None:
    apart = tuple(dataclasses.replace(line, item_no=f"#{place}#") for place, line in enumerate(lines))
    printer = PRINTERS[paper]
    pages = floor_sheet(dataclasses.replace(USUAL, lines=apart), language, paper)
    texts = [item for page in pages.pages for item in page.items if isinstance(item, Text)]
    listed = [text.runs[0].text for text in texts if re.fullmatch(r"#[0-9]+#", text.runs[0].text)]
    assert sorted(listed) == sorted(line.item_no for line in apart)
    assert max(text.y + text.height for text in texts) <= printer.height - printer.margin


@pytest.mark.parametrize(
    ("name", "language", "paper", "page"),
    [
        ("usual", "zh", "a4", 0),
        ("usual", "en", "continuous", 0),
        ("many", "en", "a4", 0),
        ("many", "zh", "a4", -1),
        ("many", "zh", "continuous", 0),
        ("many", "en", "continuous", -1),
    ],
)
def test_the_sheet_looks_as_it_was_looked_at(name: str, language: Language, paper: FormPaper, page: int) -> None:
    pdf = encode(floor_sheet(SHEETS[name], language, paper), PRINTERS[paper])
    assert looks_as_kept(pdf, f"floorsheet-{name}-{paper}-{language}{'-last' if page else ''}", page)


@pytest.mark.parametrize(
    ("name", "facts", "language"),
    [("notice-zh", APPLES, "zh"), ("notice-urgent-zh", URGENT, "zh"), ("notice-urgent-en", URGENT, "en")],
)
def test_the_notice_looks_as_it_was_looked_at(name: str, facts: NoticeFacts, language: Language) -> None:
    assert looks_as_kept(encode(notice_slip(facts, language), named("driver-80mm")), name)
