"""Sales receipts in: what goes into the store's data, what is set aside, and that nothing is ever overwritten."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from counterapp.core.database import Database
from counterapp.core.receipts import Receipt, ReceiptLine, SetAsideReceipt, find_receipt
from counterapp.core.sales.columns import COLUMNS
from counterapp.core.sales_import import ImportReport, import_sales
from counterapp.errors import BadInput
from tests.conftest import PlayedClock
from tests.core.till import Cells, line, many, receipt, rows_of, text_of, write

NUMBER = "0101062611090042"
OTHER = "0101062611090043"
Take = Callable[..., ImportReport]


@pytest.fixture
def take(database: Database, tmp_path: Path, clock: PlayedClock) -> Take:
    """Import a text, as a file in `encoding`."""

    def take(text: str, encoding: str = "utf-8") -> ImportReport:
        return import_sales(database, write(tmp_path / "sales.csv", text, encoding), clock=clock)

    return take


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.receipts, report.lines, report.unchanged, len(report.rejected)


def reasons(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(bad.line, bad.receipt, bad.reason.in_language("en")) for bad in report.rejected]


def stored(database: Database, number: str = NUMBER) -> Receipt:
    return database.read(lambda session: find_receipt(session, number))


def numbers(database: Database) -> list[str]:
    return list(database.read(lambda session: session.scalars(select(Receipt.number).order_by(Receipt.number)).all()))


def test_a_receipt_is_stored_as_the_till_sold_it(take: Take, database: Database, clock: PlayedClock) -> None:
    rows = receipt(
        NUMBER, line("10001", "1.486", "22.8733", "0.85", amount="33.14"), line("11500", "2", "7.49"), invoice_no="28"
    )
    assert counts(take(text_of(rows))) == (1, 2, 0, 0)
    kept = stored(database)
    assert (kept.store, kept.till, kept.cashier, kept.member_card) == ("0101", "06", "617", "880017992358")
    assert (kept.total, kept.invoice_no, kept.tender) == (48_12, "28", "微信")
    assert kept.sold_at.isoformat() == "2026-11-09T10:13:00"
    assert kept.sold_on.isoformat() == "2026-11-09"
    assert kept.imported_at == clock.now
    apples, soap = kept.lines
    assert (apples.line_no, apples.item_no, apples.name, apples.category) == (1, "10001", "红富士苹果", "food.fresh")
    assert (apples.quantity, apples.unit_price, apples.discount, apples.amount) == (1486, 228_733, 85, 33_14)
    assert (apples.sold, apples.paid) == (1486, 33_14)
    assert (soap.flag_set, soap.supplier, soap.department) == (frozenset({"concession", "clearance"}), "S121", "百货部")
    assert (soap.quantity, soap.unit_price) == (2000, 74_900)


def test_the_same_receipts_are_the_same_in_every_writing(take: Take) -> None:
    rows = rows_of(many(40))
    assert counts(take(text_of(rows))) == (40, 120, 0, 0)
    written = [row | {"remark": "a, b", "discount": "0.0", "quantity": f"{row['quantity']}.000"} for row in rows]
    columns = [*COLUMNS, "remark"]
    for encoding, chinese, end in itertools.product(("utf-8", "utf-8-sig", "gb18030"), (True, False), ("\r\n", "\n")):
        random.Random(encoding).shuffle(columns)
        report = take(text_of(written, columns, chinese=chinese, end=end), encoding)
        assert counts(report) == (0, 0, 40, 0), (encoding, chinese, end)


def test_spaces_capitals_and_our_own_codes_are_read_too(take: Take, database: Database) -> None:
    row = receipt(NUMBER, line("11500", category=" Food.Frozen ", flags=" clearance；驻场; "), tender=" 现金 ")[0]
    text = text_of([{column: f" {cell} " for column, cell in row.items()}]).replace("store,till", " Store , TILL ")
    assert counts(take(text)) == (1, 1, 0, 0)
    (kept,) = stored(database).lines
    assert (kept.category, kept.flags, kept.item_no) == ("food.frozen", "clearance;concession", "11500")


def test_moments_are_read_as_tills_and_spreadsheets_write_them(take: Take, database: Database) -> None:
    for number, written in {
        NUMBER: "2026/11/9 8:05", OTHER: "2026-11-09T08:05:00", "0101062611090044": "2026-11-09 08:05:00.000"
    }.items():  # fmt: skip
        assert counts(take(text_of(receipt(number, sold_at=written)))) == (1, 2, 0, 0)
        assert stored(database, number).sold_at.isoformat() == "2026-11-09T08:05:00"


def test_importing_twice_changes_nothing(take: Take, database: Database) -> None:
    text = text_of(rows_of(many(300)))
    take(text)
    before = database.read(lambda session: session.execute(select(ReceiptLine.__table__)).all())
    assert counts(take(text)) == (0, 0, 300, 0)
    assert database.read(lambda session: session.execute(select(ReceiptLine.__table__)).all()) == before


def test_another_content_under_the_same_number_is_set_aside(take: Take, database: Database) -> None:
    take(text_of(receipt(NUMBER, line(price="19.90"))))
    report = take(text_of(rows_of([receipt(NUMBER, line(price="1.90")), receipt(OTHER)])))
    assert counts(report) == (1, 2, 0, 1)
    assert reasons(report) == [
        (2, NUMBER, "This receipt is here already with another content. The first one stays as it is.")
    ]
    assert stored(database).total == 19_90


def test_of_two_versions_in_one_file_the_first_is_kept(take: Take, database: Database) -> None:
    report = take(text_of(rows_of([receipt(NUMBER, line()), receipt(OTHER), receipt(NUMBER, line(price="1.90"))])))
    assert counts(report) == (2, 3, 0, 1)
    assert [(bad.line, bad.receipt) for bad in report.rejected] == [(5, NUMBER)]
    assert stored(database).total == 19_90


def test_two_exports_behind_each_other_are_one(take: Take) -> None:
    first, second = many(30)[:20], many(30)[10:]
    text = text_of(rows_of(first), chinese=True) + "\ufeff" + text_of(rows_of(second), chinese=True)
    assert counts(take(text)) == (30, 90, 10, 0)


def test_mixed_rows_of_several_tills_make_whole_receipts(take: Take, database: Database) -> None:
    gift = line("11500", "1", "5.00", "5.00")
    one, two = receipt(NUMBER, line(), gift, line("11218")), receipt(OTHER, line(price="2.50"), line(), gift)
    report = take(text_of([one[0], two[0], two[1], one[1], two[2], one[2]]))
    assert counts(report) == (2, 6, 0, 0)
    assert [kept.name for kept in stored(database).lines] == ["纯棉毛巾", "洗洁精", "香烟(软)"]
    assert [kept.paid for kept in stored(database, OTHER).lines] == [2_50, 19_90, 0]


def test_the_order_of_a_receipts_rows_says_nothing(take: Take) -> None:
    rows = receipt(NUMBER, line(), line("10820", "1", "558.88"), line("11218"))
    assert counts(take(text_of(rows))) == (1, 3, 0, 0)
    assert counts(take(text_of(reversed(rows)))) == (0, 0, 1, 0)


BAD: list[tuple[Cells, str]] = [
    ({"category": "杂货"}, "category “杂货” is not known."),
    ({"flags": "清仓;特价"}, "flags “特价” is not known."),
    ({"quantity": "one"}, "quantity “one” is not a number with 3 decimals at most."),
    ({"quantity": "1.0005"}, "quantity “1.0005” is not a number with 3 decimals at most."),
    ({"unit_price": "1.00005"}, "unit_price “1.00005” is not a number with 4 decimals at most."),
    ({"amount": "19.905"}, "amount “19.905” is not a number with 2 decimals at most."),
    ({"amount": "1e1"}, "amount “1e1” is not a number with 2 decimals at most."),
    ({"amount": "１９.90"}, "amount “１９.90” is not a number with 2 decimals at most."),
    ({"amount": "9999999999.00"}, "amount “9999999999.00” is not a number with 2 decimals at most."),
    ({"quantity": "0.000"}, "quantity is 0.000: nothing was sold."),
    ({"quantity": "-1"}, "amount is 19.90, which has another sign than the quantity of its line."),
    ({"unit_price": "-1"}, "unit_price is -1, less than nothing."),
    ({"sold_at": "2026-02-30 10:00"}, "sold_at “2026-02-30 10:00” is not a date and time."),
    ({"sold_at": "2026-02-20"}, "sold_at “2026-02-20” is not a date and time."),
    ({"item_no": " "}, "item_no is empty."),
    ({"receipt_total": ""}, "receipt_total is empty."),
    ({"name": "纯" * 121}, f"name “{'纯' * 39}…” is longer than 120 characters."),
    ({"name": "毛\x1b巾"}, "name “毛�巾” holds characters that cannot be read."),
    ({"name": "毛\u202e巾"}, "name “毛�巾” holds characters that cannot be read."),
    ({"line_no": "1.5"}, "line_no “1.5” is not a number with 0 decimals at most."),
    (
        {"receipt_no": "=cmd|calc"},
        "receipt_no “=cmd|calc” cannot be a receipt number: letters, digits and - . / _, 32 at most.",
    ),
]  # fmt: skip


def test_a_bad_row_sets_its_whole_receipt_aside_and_the_rest_goes_in(take: Take, database: Database) -> None:
    rows: list[Cells] = []
    told: list[tuple[int, str, str]] = []
    for place, (cells, reason) in enumerate(BAD):
        number = cells.get("receipt_no", f"0101052611090{place:03}")
        bad = receipt(number, line("11218"), line())
        bad[1] |= cells
        rows += [*receipt(f"0101062611090{place:03}"), *bad]
        told.append((len(rows) + ("receipt_no" not in cells), number, reason))
    report = take(text_of(rows))
    assert counts(report) == (len(BAD), 2 * len(BAD), 0, len(BAD))
    assert reasons(report) == told
    assert numbers(database) == [f"0101062611090{place:03}" for place in range(len(BAD))]


def test_amounts_that_do_not_add_up_set_the_receipt_aside(take: Take, database: Database) -> None:
    report = take(text_of(rows_of([receipt(NUMBER, receipt_total="50.00"), receipt(OTHER)])))
    assert reasons(report) == [(2, NUMBER, "The amounts of the lines add up to 37.94, but receipt_total is 50.00.")]
    assert numbers(database) == [OTHER]


def test_rows_that_do_not_agree_set_the_receipt_aside(take: Take) -> None:
    rows = receipt(NUMBER)
    rows[1]["cashier"] = "618"
    report = take(text_of(rows, chinese=True))
    assert reasons(report) == [(3, NUMBER, "The rows of this receipt do not agree on 收银员号: “617” and “618”.")]


def test_a_line_number_that_stands_twice_sets_the_receipt_aside(take: Take) -> None:
    report = take(text_of(receipt(NUMBER, line(line_no="1"), line("11218", line_no="1"))))
    assert reasons(report) == [(2, NUMBER, "Line 1 stands twice in this receipt.")]


def test_what_was_set_aside_is_kept_once_with_its_rows(take: Take, database: Database, clock: PlayedClock) -> None:
    text = text_of(receipt(NUMBER, receipt_total="50.00"))
    assert counts(take(text)) == counts(take(text)) == (0, 0, 0, 1)
    (kept,) = database.read(lambda session: session.scalars(select(SetAsideReceipt)).all())
    assert (kept.line, kept.receipt, kept.at) == (2, NUMBER, clock.now)
    assert kept.file.endswith("sales.csv")
    assert kept.rows[1][12] == "红富士苹果"


def test_a_receipt_that_was_set_aside_goes_in_once_it_is_right(take: Take, database: Database) -> None:
    take(text_of(receipt(NUMBER, receipt_total="50.00")))
    assert counts(take(text_of(receipt(NUMBER)))) == (1, 2, 0, 0)
    assert numbers(database) == [NUMBER]


def test_a_file_cut_anywhere_keeps_every_whole_receipt(database: Database, tmp_path: Path, clock: PlayedClock) -> None:
    whole = [receipt("0101062611090041", line("11218")), receipt(NUMBER, line(), line("10001", "0.35")), receipt(OTHER)]
    text = text_of(rows_of(whole), chinese=True).encode("gb18030")
    ends = [len(text_of(rows_of(whole[:count]), chinese=True).encode("gb18030")) for count in range(4)]
    for cut in range(ends[0], len(text) - 2):
        path = tmp_path / "cut.csv"
        path.write_bytes(text[:cut])
        report = import_sales(database, path, clock=clock)
        complete = sum(end - 2 <= cut for end in ends) - 1  # a row is whole without its line end
        assert report.receipts + report.unchanged == complete, cut
        assert numbers(database) == ["0101062611090041", NUMBER, OTHER][:complete]
        assert len(report.rejected) == (cut not in (ends[complete], ends[complete] - 1, ends[complete] - 2)), cut
    assert counts(import_sales(database, write_bytes(tmp_path, text), clock=clock)) == (1, 2, 2, 0)


def write_bytes(folder: Path, content: bytes) -> Path:
    path = folder / "whole.csv"
    path.write_bytes(content)
    return path


def test_a_cut_receipt_is_set_aside_with_its_line_and_the_rest_goes_in(take: Take) -> None:
    text = text_of(rows_of([receipt(OTHER), receipt(NUMBER)]))
    report = take(text[: text.rindex("红富士")])
    assert counts(report) == (1, 2, 0, 1)
    said = "The row has 13 columns instead of 21: it is cut off. Export these receipts again."
    assert reasons(report) == [(5, NUMBER, said)]


def test_a_file_cut_in_the_receipt_number_tells_it_once(take: Take) -> None:
    text = text_of(rows_of([receipt(OTHER), receipt(NUMBER)]))
    report = take(text[: text.rindex(NUMBER) + 9])
    assert counts(report) == (1, 2, 0, 1)
    assert [(bad.line, bad.receipt) for bad in report.rejected] == [(5, NUMBER)]


def test_a_row_of_rubbish_inside_a_receipt_sets_it_aside(take: Take, database: Database) -> None:
    lines = text_of(rows_of([receipt(NUMBER, line(), line("11500", "1", "5.00", "5.00")), receipt(OTHER)])).splitlines()
    report = take("\n".join([lines[0], lines[1], "%%%", *lines[2:], "rubbish,too"]))
    assert counts(report) == (1, 2, 0, 2)
    assert [(bad.line, bad.receipt) for bad in report.rejected] == [(3, NUMBER), (7, "")]
    assert numbers(database) == [OTHER]


def test_a_quotation_mark_that_stays_open_costs_one_receipt(take: Take) -> None:
    lines = text_of(rows_of(many(20))).splitlines()
    lines[7] = lines[7].replace("纯棉毛巾", '"纯棉毛巾').replace("洗洁精", '"洗洁精').replace("香烟", '"香烟')
    report = take("\n".join(lines))
    assert counts(report) == (19, 57, 0, 1)
    assert reasons(report)[0][2] == "A quotation mark in this row is not closed, or stands in the wrong place."


def test_quoted_cells_hold_commas_marks_and_line_ends(take: Take, database: Database) -> None:
    rows = [row | {"remark": 'first\nsecond, "third"'} for row in receipt(NUMBER, line(name='27" 显示器, 黑'), line())]
    assert counts(take(text_of([*rows, *receipt(OTHER)], [*COLUMNS, "remark"]))) == (2, 4, 0, 0)
    assert stored(database).lines[0].name == '27" 显示器, 黑'


def test_an_inch_mark_without_quotation_is_just_a_mark(take: Take, database: Database) -> None:
    text = text_of(receipt(NUMBER, line(name="27寸显示器"), line())).replace("27寸", '27"')
    assert counts(take(text)) == (1, 2, 0, 0)
    assert stored(database).lines[0].name == '27"显示器'


def test_a_comma_too_many_sets_the_receipt_aside(take: Take) -> None:
    report = take(text_of(receipt(NUMBER, line("11500"))).replace("洗洁精", "洗洁,精"))
    assert reasons(report) == [(2, NUMBER, "The row has 22 columns instead of 21: there is a comma too many.")]


def test_empty_rows_and_empty_last_cells_are_passed_over(take: Take) -> None:
    lines = text_of(receipt(NUMBER)).splitlines()
    assert counts(take("\n\n".join([lines[0], "," * 20, lines[1] + ",,", lines[2]]) + "\n , \n")) == (1, 2, 0, 0)


def test_a_broken_character_costs_one_receipt(database: Database, tmp_path: Path, clock: PlayedClock) -> None:
    for encoding, expected in {"utf-8": (29, 87, 0, 1), "gb18030": (0, 0, 29, 1)}.items():
        content = text_of(rows_of(many(30))).encode(encoding)
        middle = content.index("毛巾".encode(encoding), len(content) // 2)
        path = write_bytes(tmp_path, content[:middle] + b"\xff" + content[middle + 1 :])
        assert counts(import_sales(database, path, clock=clock)) == expected


def test_a_receipt_longer_than_any_is_set_aside(take: Take) -> None:
    lines = text_of(receipt(NUMBER, line())).splitlines()
    report = take("\n".join([lines[0], *[lines[1]] * 5_001, *text_of(receipt(OTHER)).splitlines()[1:]]))
    assert counts(report) == (1, 2, 0, 1)
    assert reasons(report)[0] == (2, NUMBER, "The receipt has more than 5000 lines.")


def test_a_row_longer_than_any_is_set_aside(take: Take) -> None:
    lines = text_of(rows_of([receipt(NUMBER), receipt(OTHER)])).splitlines()
    lines[1] += "x" * 200_000
    report = take("\n".join(lines))
    assert counts(report) == (1, 2, 0, 1)
    assert reasons(report)[0] == (2, NUMBER, "This row is longer than a row of a receipt can be.")


UNREADABLE: list[tuple[bytes, str]] = [
    (b"", "is empty."),
    (b"\r\n\r\n", "is empty."),
    (b"PK\x03\x04\0\0", "is not text."),
    (text_of(receipt()).encode("utf-16"), "is not text."),
    (b"a,b,c\n1,2,3\n", "is not a sales export of the till"),
    (text_of(receipt()).replace("amount", "sum").encode(), "lacks the columns 金额 (amount)."),
    (text_of(receipt(), [*COLUMNS, "金额"]).encode(), "holds the columns 金额 twice."),
    (bytes(range(1, 256)) * 40, "is not a sales export of the till"),
]


def test_what_is_no_export_is_refused_whole(database: Database, tmp_path: Path, clock: PlayedClock) -> None:
    for content, said in UNREADABLE:
        path = write_bytes(tmp_path, content)
        with pytest.raises(BadInput) as refused:
            import_sales(database, path, clock=clock)
        assert said in refused.value.in_language("en")
        assert str(path) in refused.value.in_language("en")
    assert numbers(database) == []


def test_a_file_that_is_not_there_is_named(database: Database, tmp_path: Path, clock: PlayedClock) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(BadInput, match=r"cannot be read|读"):
            import_sales(database, path, clock=clock)


def test_an_export_of_a_day_without_sales_is_all_well(take: Take) -> None:
    assert take(text_of([])) == ImportReport()
