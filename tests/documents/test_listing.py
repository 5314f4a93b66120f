"""Lists: rows as high as their words, heads on each page, signatures with the last row."""

from __future__ import annotations

import pytest

from counterapp.core.store_settings import FormPaper
from counterapp.documents.listing import Column, ListDocument, list_bands, list_pages, row_bands
from counterapp.documents.page import FORMATS, PageBuilder
from counterapp.documents.texts import bilingual, chinese
from printers.document import Text
from printers.flow import fitted
from tests.documents.papers import ISSUED, texts

PAPERS = pytest.mark.parametrize("paper", ["a4", "continuous"])
COLUMNS = (Column("Form number", 20, wraps=False), Column("Item name", 60), Column("Amount", 20, "right"))
LONG = "飞利浦多功能家用智能电饭煲大容量五升预约定时(星空灰)旗舰增强款 HD4518/00 Limited Edition 特别版" * 2
SIGNER = ("Signature of the clerk", "王丽 6012")


def listed(count: int, name: str = "砂糖橘") -> ListDocument:
    rows = tuple((f"#{place}", name, "1.00") for place in range(count))
    return ListDocument("Lost-token book", "26-11-21", COLUMNS, rows, "No token was lost.", signers=(SIGNER,))


@PAPERS
@pytest.mark.parametrize("count", [0, 1, 2, 13, 40, 200])
@pytest.mark.parametrize("name", ["砂糖橘", LONG])
def test_each_row_stands_once_with_its_heads_and_the_signatures_with_the_last(
    paper: FormPaper, count: int, name: str
) -> None:
    pages = [texts(page) for page in list_pages(listed(count, name), ISSUED, "en", paper).pages]
    assert [text for page in pages for text in page if text.startswith("#")] == [f"#{place}" for place in range(count)]
    assert all(page.count(chinese("Item name")) == 1 for page in pages)
    assert [chinese("Signature of the clerk") in page for page in pages] == [False] * (len(pages) - 1) + [True]
    assert (bilingual("No token was lost.", "en") in pages[-1]) == (count == 0)
    assert all(any(text.startswith("#") for text in page) for page in pages) or count == 0


@PAPERS
def test_signatures_are_never_torn_off_the_last_row(paper: FormPaper) -> None:
    for count in range(1, 60):
        assert f"#{count - 1}" in texts(list_pages(listed(count), ISSUED, "zh", paper).pages[-1])


@PAPERS
def test_words_of_a_row_are_not_cut_and_it_is_as_high_as_they_need(paper: FormPaper) -> None:
    measure = PageBuilder(FORMATS[paper], "zh")
    short, long = (row_bands(COLUMNS, [("1", name, "1.00")], measure, ())[0] for name in ("砂糖橘", LONG))
    assert (short.height, long.height > 2 * short.height) == (7.5, True)
    for page in list_pages(listed(5, LONG), ISSUED, "en", paper).pages:
        assert not any(fitted(item).cut for item in page.items if isinstance(item, Text))


def test_figures_stay_on_one_line_however_narrow_their_column() -> None:
    measure = PageBuilder(FORMATS["a4"], "zh")
    columns = (Column("Amount", 5, "right"), Column("Item name", 95))
    (row,) = row_bands(columns, [("¥99999999.99", "砂糖橘")], measure, ())
    row.draw(measure)
    amount = next(item for item in measure.items if isinstance(item, Text))
    assert (row.height, amount.lines, amount.align) == (7.5, 1, "right")


def test_a_table_stands_between_other_bands_and_says_that_nothing_follows() -> None:
    measure = PageBuilder(FORMATS["a4"], "zh")
    heads, first, second, end = list_bands(COLUMNS, [("1", "橘", "1"), ("2", "橘", "1")], measure)
    assert (first.glued, second.glued, end.glued) == (True, False, True)
    assert second.headings == (heads,)
    measure.put(heads, first, second, end)
    assert "（以下空白）" in [item.runs[0].text for item in measure.items if isinstance(item, Text)]
