from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.document import (
    Barcode,
    Box,
    Cell,
    Code,
    Cut,
    Divider,
    Document,
    Drawer,
    Page,
    Pages,
    Qr,
    QrCode,
    Row,
    Rule,
    Run,
    Slip,
    Text,
    from_json,
    repeated,
    to_json,
)
from printers.errors import BadDocument

words = st.text(st.characters(codec="utf-8"))
lengths = st.floats(-1e6, 1e6)
aligns = st.sampled_from(["left", "center", "right"])
codes = st.text("ABC0123456789", min_size=1)
runs = st.builds(Run, words, st.booleans(), st.booleans())
items = st.one_of(
    st.builds(Text, lengths, lengths, lengths, lengths, st.lists(runs).map(tuple), align=aligns, lines=st.integers()),
    st.builds(Rule, lengths, lengths, lengths, lengths),
    st.builds(Box, lengths, lengths, lengths, lengths, lengths),
    st.builds(Barcode, lengths, lengths, codes, lengths),
    st.builds(QrCode, lengths, lengths, codes, lengths),
)
stamps = st.none() | st.builds(Box, lengths, lengths, lengths, lengths)
pages = st.builds(Page, lengths, lengths, st.lists(items, max_size=4).map(tuple), stamps)
cells = st.builds(Cell, words, st.integers(1, 9), aligns)
lines = st.one_of(
    st.builds(Row, st.lists(cells, max_size=3).map(tuple), st.integers(1, 8), st.booleans()),
    st.builds(Code, codes),
    st.builds(Qr, st.text(st.characters(codec="utf-8"), min_size=1, max_size=100), lengths),
    st.just(Drawer()),
    st.just(Divider()),
    st.just(Cut()),
)
documents: st.SearchStrategy[Document] = st.one_of(
    st.builds(Pages, words, st.lists(pages, max_size=2).map(tuple)),
    st.builds(Slip, words, st.lists(lines, max_size=4).map(tuple)),
)


@given(documents)
def test_a_stored_paper_comes_back_as_it_was(document: Document) -> None:
    assert from_json(to_json(document)) == document


STORED = (
    '{"version":1,"document":{"is":"Pages","title":"退/换货单","pages":[{"is":"Page","width":210,"height":297,"items":'
    '[{"is":"Text","x":15,"y":14.5,"width":56,"height":10,"runs":[{"is":"Run","text":"退","bold":true,"struck":true}],'
    '"size":24,"floor":6,"lines":1,"align":"left","stand":"middle"},'
    '{"is":"Rule","x1":1,"y1":2,"x2":3,"y2":2,"weight":0.25},'
    '{"is":"Box","x":1,"y":2,"width":3,"height":4,"weight":0.4},'
    '{"is":"Barcode","x":150,"y":14,"text":"RF731904825577","height":14,"module":0.25}]}]}}'
)


def test_a_paper_stored_by_the_first_version_is_read_for_ever() -> None:
    assert from_json(STORED) == Pages(
        "退/换货单",
        (
            Page(
                210,
                297,
                (
                    Text(15, 14.5, 56, 10, (Run("退", bold=True, struck=True),), 24),
                    Rule(1, 2, 3, 2),
                    Box(1, 2, 3, 4, 0.4),
                    Barcode(150, 14, "RF731904825577", 14),
                ),
            ),
        ),
    )


def test_a_slip_stored_by_the_second_version_is_read_for_ever() -> None:
    stored = (
        '{"version":2,"document":{"is":"Slip","title":"存包","lines":[{"is":"Row","cells":[{"is":"Cell","text":"17",'
        '"weight":1,"align":"center"}],"scale":4,"bold":true},{"is":"Code","text":"BG731904825577","height":10},'
        '{"is":"Divider"},{"is":"Cut"}]}}'
    )
    row = Row((Cell("17", align="center"),), 4, True)
    assert from_json(stored) == Slip("存包", (row, Code("BG731904825577", 10), Divider(), Cut()))


def test_a_repeat_says_so_where_its_page_keeps_the_place_for_it() -> None:
    place, text = Box(90, 30, 26, 6.4), Text(20, 20, 50, 10, (Run("退"),))
    first = Pages("退/换货单", (Page(210, 297, (text,), place), Page(210, 297, (text,), place)))
    again = repeated(first, "补打 2")
    assert isinstance(again, Pages)
    for page in again.pages:
        kept, box, mark = page.items
        assert (kept, box) == (text, place)
        assert isinstance(mark, Text)
        assert [run.text for run in mark.runs] == ["补打 2"]
        assert (mark.x, mark.x + mark.width) == (91, 115)


def test_a_repeat_of_a_page_without_a_place_for_it_says_so_above_its_content() -> None:
    again = repeated(from_json(STORED), "补打 1")
    assert isinstance(again, Pages)
    *_, box, mark = again.pages[0].items
    assert isinstance(box, Box)
    assert isinstance(mark, Text)
    assert box.y + box.height < 14 - 1  # the form of the first version begins there


def test_every_piece_of_a_repeated_slip_says_so() -> None:
    row = Row((Cell("17"),))
    marks = [
        isinstance(line, Row) and line.cells[0].text == "补打 1"
        for line in repeated(Slip("存包", (row, Cut(), row, row, Cut())), "补打 1").lines  # type: ignore[union-attr]
    ]
    assert marks == [True, False, False, True, False, False, False]


def broken(**changes: object) -> str:
    item = {"is": "Rule", "x1": 1, "y1": 1, "x2": 1, "y2": 1, "weight": 1, **changes}
    page = {"is": "Page", "width": 9, "height": 9, "items": [item]}
    return json.dumps({"version": 1, "document": {"is": "Pages", "title": "", "pages": [page]}})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        '{"version":2,"document":{}}',
        '{"version":3,"document":{}}',
        '{"version":4,"document":{"is":"Slip","title":"","lines":[]}}',
        '{"version":"3","document":{"is":"Slip","title":"","lines":[]}}',
        '{"version":3,"document":{"is":"Slip","title":"","lines":[{"is":"Qr","text":"","size":25}]}}',
        '{"version":3,"document":{"is":"Slip","title":"","lines":[{"is":"Qr","text":"' + "x" * 501 + '","size":25}]}}',
        '{"version":1,"document":{"is":"Pages","title":"","pages":[null]}}',
        STORED.replace('"version":1', '"version":2'),
        '{"version":1}',
        '{"version":1,"document":{"is":"Run","text":"","bold":false,"struck":false}}',
        STORED.replace("210", '"210"'),
        STORED.replace('"left"', '"justified"'),
        STORED.replace("RF731904825577", "退"),
        STORED.replace('"bold":true', '"bold":1'),
        broken(x1=float("nan")),
        broken(x1=10**400),
        broken(x1=None),
        broken(colour="red"),
        broken(**{"is": "Triangle"}),
    ],
)
def test_what_is_not_a_stored_paper_is_refused_as_such(text: str) -> None:
    with pytest.raises(BadDocument, match="cannot be read"):
        from_json(text)


def test_the_broken_ones_are_broken_by_their_change_only() -> None:
    assert isinstance(from_json(broken()), Pages)


def test_a_length_that_is_no_number_is_not_stored() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        to_json(Pages("", (Page(float("inf"), 1, ()),)))
