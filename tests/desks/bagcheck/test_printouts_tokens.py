"""The pair of tokens, on rolls and on labels, and the slip for refused valuables."""

from __future__ import annotations

import dataclasses
import io

import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from counterapp.core.codes import is_code, new_code
from counterapp.core.print_queue import copy_words
from counterapp.desks.bagcheck.printouts import TokenFacts, token_labels, token_slips, valuables_refused
from counterapp.words import Language
from printers.document import Code, Cut, Document, Pages, Row, Slip, Text, from_json, repeated, to_json
from printers.flow import fitted
from printers.picture import papers, pictures
from printers.profile import Profile, named
from printers.protocols import encode
from tests.desks.bagcheck.printed import ISSUED, REFUSED, TOKEN, TOKEN_LONG, looks_as_kept
from tests.printers.reading import CODE128, faults, inks, words

ROLLS = {name: named(name) for name in ("generic-58mm", "virtual-80mm", "sunmi-58mm", "driver-80mm")}
LABELS = {name: named(name) for name in ("tsc-ttp-244", "zebra-zd")}
SHEET = dataclasses.replace(named("virtual-a4"), width=60.0, height=40.0, margin=1.5, sides=1.5)
LONG = dataclasses.replace(TOKEN_LONG, conditions=(*TOKEN.conditions, "本店自己的规定：婴儿推车请折叠后存放"))
OWN = dataclasses.replace(
    TOKEN, conditions=("营业9:00–22:00。现金、首饰、证件、手机、电脑请勿存放；遗失不超过500元赔偿。",)
)
BOTH = pytest.mark.parametrize("language", ["zh", "en"])
ANY = pytest.mark.parametrize("facts", [TOKEN, LONG, OWN], ids=["usual", "longest", "own conditions"])


def pieces(slip: Slip) -> tuple[str, str]:
    """Return the words of the locker's and of the customer's piece."""
    said = ["", ""]
    piece = 0
    for line in slip.lines:
        piece += isinstance(line, Cut)
        if isinstance(line, Row):
            said[piece] += "".join(cell.text for cell in line.cells) + "\n"
        elif isinstance(line, Code):
            said[piece] += line.text + "\n"
    return said[0], said[1]


def read(document: Document, profile: Profile) -> list[list[str]]:
    """Return what a scanner reads on each piece of paper."""
    data = encode(document, profile)
    # A scanner sees the printer's dots, not the smaller picture that is shown of a PDF.
    drawn = pictures(data, profile.dpi) if profile.protocol == "pdf" else papers(data, profile)
    images = [Image.open(io.BytesIO(png)) for png in drawn]
    return [[code.text for code in zxingcpp.read_barcodes(image, CODE128)] for image in images]


def test_the_codes_that_are_printed_here_are_codes_of_ours() -> None:
    assert is_code(TOKEN.customer_code)
    assert is_code(TOKEN.locker_code)


def test_the_pair_is_the_lockers_piece_then_the_customers_each_with_its_own_code_and_the_same_number() -> None:
    lockers, customers = pieces(token_slips(TOKEN, "zh"))
    assert "柜内联\n17\nBL731904825598\n" in lockers
    assert "顾客联\n17\nBT731904825586\n" in customers
    for piece in (lockers, customers):
        for text in ("一号店 · 存包处", "寄存柜17 · 一楼东门", "规格中", "件数2", "存入时间26-11-21 13:44"):
            assert text in piece
        assert "取回时限26-11-21 22:00" in piece


def test_the_customers_piece_bears_the_conditions_and_never_what_lies_in_the_locker() -> None:
    lockers, customers = pieces(token_slips(TOKEN, "zh"))
    for text in (
        "1. 请于当日闭店前取回",
        "2. 标示牌丢失请立即告知",
        "3. 存取时请当面清点",
        "4. 本店可以拒收贵重物品",
        "贵重物品请自行保管",
    ):
        assert text in customers
        assert text not in lockers
    assert TOKEN.description in lockers
    assert TOKEN.description not in customers
    assert TOKEN.description not in str(token_labels(TOKEN, "zh").pages[1])


def test_a_store_may_have_conditions_of_its_own() -> None:
    lockers, customers = pieces(token_slips(OWN, "zh"))
    assert f"\n{OWN.conditions[0]}\n" in customers
    assert OWN.conditions[0] not in lockers
    assert "当日闭店" not in customers
    assert "贵重物品请自行保管" in customers
    locker_label, customer_label = token_labels(OWN, "zh").pages
    assert OWN.conditions[0] in str(customer_label)
    assert OWN.conditions[0] not in str(locker_label)


def test_the_slips_speak_the_stores_language_only() -> None:
    lockers, customers = pieces(token_slips(TOKEN, "en"))
    assert "Token: locker's piece" in lockers
    assert "Tell the counter at once when the token is lost." in customers
    assert "SizeMedium" in customers
    assert "标示牌" not in lockers + customers


@pytest.mark.parametrize(
    ("number", "scale"), [("7", 8), ("17", 8), ("117", 8), ("A-17", 6), ("A-117", 5), ("B-20417", 3), ("东-17", 5)]
)
def test_the_number_is_as_large_as_it_goes_on_one_line_of_the_narrowest_roll(number: str, scale: int) -> None:
    slip = token_slips(dataclasses.replace(TOKEN, number=number), "zh")
    rows = [line for line in slip.lines if isinstance(line, Row) and line.cells[0].text == number]
    assert [(row.scale, row.bold) for row in rows] == [(scale, True)] * 2


@BOTH
@ANY
@pytest.mark.parametrize("roll", ROLLS)
def test_a_scanner_reads_both_pieces_off_any_roll(facts: TokenFacts, language: Language, roll: str) -> None:
    slip = repeated(token_slips(facts, language), copy_words(2, language))
    # Without a knife both come out in one.
    found = [code for piece in read(slip, ROLLS[roll]) for code in piece]
    assert sorted(found) == [facts.locker_code, facts.customer_code]


@BOTH
@ANY
@pytest.mark.parametrize("printer", LABELS)
def test_a_scanner_reads_both_labels_and_each_piece_is_one(facts: TokenFacts, language: Language, printer: str) -> None:
    labels = repeated(token_labels(facts, language), copy_words(2, language))
    assert read(labels, LABELS[printer]) == [[facts.locker_code], [facts.customer_code]]


def test_a_label_says_number_store_date_and_when_to_collect() -> None:
    lockers, customers = words(encode(token_labels(TOKEN, "zh"), SHEET))
    for page in (lockers, customers):
        for text in ("17", "一号店", "11-21 13:44", "寄存柜 17 · 中 · 2 件 · 一楼东门"):
            assert text in page
    assert "当日闭店前取回" in customers
    assert "顾客联" in customers
    assert "柜内联" in lockers
    assert TOKEN.description in lockers


@BOTH
@ANY
def test_nothing_on_a_label_overlaps_or_leaves_it_not_even_a_repeat(facts: TokenFacts, language: Language) -> None:
    labels = repeated(token_labels(facts, language), copy_words(12, language))
    assert isinstance(labels, Pages)
    for page, texts in zip(labels.pages, inks(encode(labels, SHEET)), strict=True):
        assert any("补打 12" in ink.what for ink in texts)
        assert faults(page, texts, margin=SHEET.margin) == []


@BOTH
@pytest.mark.parametrize("facts", [TOKEN, OWN], ids=["usual", "own conditions"])
def test_on_a_usual_label_nothing_is_cut(facts: TokenFacts, language: Language) -> None:
    for page in token_labels(facts, language).pages:
        assert [item for item in page.items if isinstance(item, Text) and fitted(item).cut] == []


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
FACTS = st.builds(
    TokenFacts,
    number=st.integers(1, 99_999).map(str) | st.from_regex(r"[A-Za-z东甲𠮷]-?[0-9]{1,4}", fullmatch=True),
    customer_code=st.builds(new_code, st.just("BT")),
    locker_code=st.builds(new_code, st.just("BL")),
    locker=NAMES,
    place=NAMES,
    size=st.sampled_from(["Small", "Medium", "Large", "加大"]),
    pieces=st.integers(0, 9999),
    issued=st.builds(dataclasses.replace, st.just(ISSUED), store=NAMES, counter=NAMES, station=NAMES, clerk=NAMES),
    description=NAMES,
    closes=st.none() | st.times(),
    conditions=st.lists(NAMES, max_size=5).map(tuple),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts=FACTS, language=st.sampled_from(["zh", "en"]))
def test_whatever_is_deposited_the_pair_prints_on_every_roll_and_label_and_is_read(
    facts: TokenFacts, language: Language
) -> None:
    slip, labels = token_slips(facts, language), token_labels(facts, language)
    assert from_json(to_json(slip)) == slip
    assert from_json(to_json(labels)) == labels
    assert "Content-Type" not in str(slip) + str(labels)
    assert read(slip, ROLLS["virtual-80mm"]) == [[facts.locker_code], [facts.customer_code]]
    for profile in LABELS.values():
        assert read(labels, profile) == [[facts.locker_code], [facts.customer_code]]
    for page, texts in zip(labels.pages, inks(encode(labels, SHEET)), strict=True):
        outside = [ink for ink in texts if min(ink.left, ink.top, 60 - ink.right, 40 - ink.bottom) < 0]
        assert outside == []
        assert page.stamp is not None


def test_the_refusal_says_what_is_not_taken_in_and_what_to_do_with_it() -> None:
    said, _ = pieces(valuables_refused(REFUSED, "zh"))
    for text in ("贵重物品不予寄存", "现金、首饰、证件", "随身携带", "物品笔记本电脑", "王丽 6012", "26-11-21 13:44"):
        assert text in said
    unnamed, _ = pieces(valuables_refused(dataclasses.replace(REFUSED, what=""), "zh"))
    assert "物品笔记本" not in unnamed


@pytest.mark.parametrize(
    ("name", "document", "profile"),
    [
        ("tokens-80-zh", token_slips(TOKEN, "zh"), "virtual-80mm"),
        ("tokens-80-en", token_slips(TOKEN, "en"), "virtual-80mm"),
        ("tokens-58-zh", token_slips(TOKEN, "zh"), "generic-58mm"),
        ("tokens-58-longest-zh", token_slips(LONG, "zh"), "generic-58mm"),
        ("tokens-58-en", token_slips(TOKEN, "en"), "generic-58mm"),
        ("labels-tspl-zh", token_labels(TOKEN, "zh"), "tsc-ttp-244"),
        ("labels-tspl-longest-en", repeated(token_labels(LONG, "en"), copy_words(12, "en")), "tsc-ttp-244"),
        ("labels-zpl-zh", token_labels(TOKEN, "zh"), "zebra-zd"),
        ("labels-zpl-longest-en", repeated(token_labels(LONG, "en"), copy_words(12, "en")), "zebra-zd"),
        ("tokens-58-own-zh", token_slips(OWN, "zh"), "generic-58mm"),
        ("labels-zpl-own-zh", token_labels(OWN, "zh"), "zebra-zd"),
        ("valuables-zh", valuables_refused(REFUSED, "zh"), "virtual-80mm"),
        ("valuables-en", valuables_refused(REFUSED, "en"), "generic-58mm"),
    ],
)
def test_the_paper_looks_as_it_was_looked_at(name: str, document: Document, profile: str) -> None:
    printer = named(profile)
    assert looks_as_kept(papers(encode(document, printer), printer), name)
