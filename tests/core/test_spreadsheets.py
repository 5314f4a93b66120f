"""Tables out: what a spreadsheet reads back, whatever people typed; and files that are whole or untouched."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import io
import os
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.reader.excel import load_workbook

from counterapp.core.files import put_in_place
from counterapp.core.spreadsheets import Cell, Table, amount_of, as_csv, as_xlsx, harmless, unit_price, yuan
from counterapp.errors import Trouble

ATTACKS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1+cmd",
    "@SUM(1,2)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u3000=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＠SUM(1)",
    "毛巾;=1+1;",
    '毛巾";=1+1;"',
    '=HYPERLINK("http://example.org","毛巾")',
]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))  # type: ignore[no-untyped-call]  # the library is untyped


def read_xlsx(content: bytes) -> list[list[Any]]:
    sheet = opened(content).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def one(cell: Cell) -> Table:
    return Table("表", ("列",), ((cell,),))


def begins_like_a_formula(text: str) -> bool:
    return any(part.strip(" \u3000\xa0\ufeff")[:1] in set("=+-@＝＋－＠") for part in text.split(";") if part.strip())


def test_a_csv_tells_a_spreadsheet_its_encoding_and_ends_its_lines_as_one_expects() -> None:
    content = as_csv(Table("退/换货单", ("顺序号", "商品名称"), ((1, "毛巾"), (2, '"大"号, 红'))))
    assert content == '\ufeff"顺序号","商品名称"\r\n1,"毛巾"\r\n2,"""大""号, 红"\r\n'.encode()


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_begins_like_a_formula_is_a_text_in_both(attack: str) -> None:
    ((_head,), (cell,)) = read_csv(as_csv(one(attack)))
    assert not begins_like_a_formula(cell)
    content = as_xlsx(one(attack))
    sheet = opened(content).worksheets[0]
    found = sheet["A2"]
    assert found.data_type == "s"
    assert isinstance(found.value, str)
    assert "<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()


def test_a_text_that_somebody_edits_in_a_spreadsheet_stays_a_text() -> None:
    sheet = opened(as_xlsx(one("=1+1"))).worksheets[0]
    assert sheet["A2"].number_format == "@"
    assert sheet["A2"].quotePrefix


def test_numbers_of_ours_stay_numbers_below_zero_too() -> None:
    row = (-3, yuan(-1230), yuan(5), amount_of(-1486), amount_of(2000), unit_price(228733), unit_price(2290000))
    table = Table("表", tuple("1234567"), (row,))
    assert as_csv(table).decode("utf-8-sig").splitlines()[1] == "-3,-12.30,0.05,-1.486,2,22.8733,229.00"
    assert read_xlsx(as_xlsx(table))[1] == [-3, -12.3, 0.05, -1.486, 2, 22.8733, 229]
    sheet = opened(as_xlsx(table)).worksheets[0]
    assert [cell.number_format for cell in sheet[2]] == [
        "0", "#,##0.00", "#,##0.00", "0.000", "0", "0.0000", "#,##0.00",
    ]  # fmt: skip


def test_days_and_moments_are_dates_in_both() -> None:
    row = (dt.date(2026, 11, 21), dt.datetime(2026, 11, 21, 14, 32), None, "")  # noqa: DTZ001 - the store's own time
    table = Table("表", tuple("1234"), (row,))
    assert read_csv(as_csv(table))[1] == ["2026-11-21", "2026-11-21 14:32", "", ""]
    moments = read_xlsx(as_xlsx(table))[1]
    assert moments == [dt.datetime(2026, 11, 21), dt.datetime(2026, 11, 21, 14, 32), None, None]  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        as_csv(one(dt.datetime(2026, 11, 21, tzinfo=dt.UTC)))


def test_numbers_with_leading_zeros_and_of_sixteen_digits_are_texts() -> None:
    row = ("000123", "0101072611180387", "6924781363335")
    table = Table("表", tuple("123"), (row,))
    assert read_xlsx(as_xlsx(table))[1] == list(row)
    assert read_csv(as_csv(table))[1] == list(row)


def test_control_characters_and_those_that_turn_the_reading_are_blanks_and_rare_hanzi_stay() -> None:
    text = "毛\x00巾\x1b[2J\u202e反\ud800\ufffe𠮷䶮\ue000"
    table = one(text)
    assert read_csv(as_csv(table))[1] == ["毛 巾 [2J 反  𠮷䶮\ue000"]
    assert read_xlsx(as_xlsx(table))[1] == ["毛 巾 [2J 反  𠮷䶮\ue000"]


def test_what_reads_like_an_escape_of_xlsx_is_no_escape() -> None:
    assert (
        "_x005F_x003D_" in zipfile.ZipFile(io.BytesIO(as_xlsx(one("_x003D_1+1")))).read("xl/sharedStrings.xml").decode()
    )


def test_a_sheet_has_its_head_on_every_page_a_chinese_typeface_and_columns_wide_enough() -> None:
    rows = tuple((place, "上海世纪联华超市股份有限公司" * 9) for place in range(3))
    book = opened(as_xlsx(Table("退/换货单记录表", ("号", "名称"), rows), Table("二", ("列",), ())))
    assert book.sheetnames == ["退-换货单记录表", "二"]
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert sheet.cell(2, 2).font.name == "宋体"
    assert 40 < sheet.column_dimensions["B"].width < 60


def test_a_table_too_wide_for_a_page_goes_over_several_with_its_first_columns_on_each() -> None:
    row = tuple("上海世纪联华超市股份有限公司" for _ in range(12))
    sheet = opened(as_xlsx(Table("宽", row, (row,)))).worksheets[0]
    assert sheet.page_setup.fitToWidth == 2
    assert sheet.print_title_cols == "$A:$B"


def test_a_text_longer_than_a_cell_may_be_is_cut_and_says_so() -> None:
    cell = read_xlsx(as_xlsx(one("长" * 40_000)))[1][0]
    assert (len(cell), cell[-1]) == (32_767, "…")


CELLS = st.one_of(
    st.text(max_size=40),
    st.text("=+-@;\t\r\n \"',|＝＠\u3000a1", max_size=8),
    st.integers(-(10**12), 10**12),
    st.integers(-(10**12), 10**12).map(yuan),
    st.dates(dt.date(1900, 3, 1)),
    st.none(),
)


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6))
def test_whatever_is_written_comes_back_as_so_many_cells_and_none_is_a_formula(
    rows: list[tuple[Cell, Cell, Cell]],
) -> None:
    table = Table("=表", ("=1", "二", "三"), rows)
    back = read_csv(as_csv(table))[1:]
    book = opened(as_xlsx(table))
    for place, row in enumerate(rows):
        assert len(back[place]) == 3
        for column, cell in enumerate(row):
            found, in_sheet = back[place][column], book.worksheets[0].cell(place + 2, column + 1)
            assert in_sheet.data_type != "f"
            if isinstance(cell, str):
                assert not begins_like_a_formula(found)
                assert found.isprintable() or not set(found) & set(map(chr, range(32)))
                assert harmless(str(in_sheet.value or "")) == found
            elif isinstance(cell, int | Decimal):
                assert Decimal(found) == cell == Decimal(str(in_sheet.value))
            elif isinstance(cell, dt.date):
                assert in_sheet.value.date() == cell


def test_a_file_is_replaced_as_a_whole_and_nothing_else_is_left_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "登记表.csv"
    put_in_place(target, b"old")
    put_in_place(target, b"new")
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_disk_says_so_and_leaves_the_former_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "登记表.csv"
    put_in_place(target, b"old")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Trouble) as met:
        put_in_place(target, b"new")
    assert "full" in met.value.in_language("en")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="登记表"):
        put_in_place(tmp_path / "elsewhere" / "登记表.csv", b"new")
