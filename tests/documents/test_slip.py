"""Slips put together from blocks."""

from __future__ import annotations

import dataclasses

from counterapp.documents import slip
from printers.document import Code, Cut, Divider, Row, Slip, from_json, to_json
from tests.documents.papers import ISSUED


def lines(document: Slip) -> list[str]:
    return [" | ".join(cell.text for cell in line.cells) for line in document.lines if isinstance(line, Row)]


def test_a_slip_is_its_blocks_beneath_each_other_and_is_cut() -> None:
    document = slip.slip(
        "No valuables",
        slip.where(ISSUED),
        slip.large("No valuables"),
        slip.RULE,
        slip.known([("Clerk", "x")], "zh"),
        slip.sentences(["Clerk", "已变质"], "zh"),
        slip.points("Clerk", ["甲", "乙"], "zh"),
        slip.to_sign(["Clerk"], "zh"),
        slip.by_whom(ISSUED, "zh"),
        slip.code("RF731904825535"),
    )
    assert lines(document) == [
        "一号店 · 总服务台", "No valuables", "客服员 | x", "客服员", "已变质", "客服员", "· 甲", "· 乙", " ",
        f"客服员 | {'_' * 14}", "客服员 | 王丽 6012", "时间 | 26-11-21 14:33 · 机台 2",
    ]  # fmt: skip
    assert document.lines[-2:] == (Code("RF731904825535", 10.0), Cut())
    assert from_json(to_json(document)) == document


def test_no_points_take_no_room() -> None:
    assert slip.points("Clerk", [], "zh") == []
    assert isinstance(slip.points("Clerk", ["甲"], "zh")[0], Divider)


def test_long_names_of_store_and_counter_stand_in_two_lines() -> None:
    long = dataclasses.replace(ISSUED, store="上海世纪联华超市股份有限公司浦东新区旗舰一号店")
    assert len(slip.where(ISSUED)) == 1
    assert len(slip.where(long)) == 2
    assert len(slip.where(dataclasses.replace(long, counter=""))) == 1


def test_large_words_are_as_large_as_the_narrowest_roll_holds() -> None:
    def scale(text: str, least: int, most: int) -> int:
        (row,) = slip.large(text, least, most)
        assert isinstance(row, Row)
        return row.scale

    assert [scale(text, 1, 8) for text in ("17", "A-117", "生鲜部", "冷冻冷藏食品部门")] == [8, 6, 5, 1]
    assert scale("冷冻冷藏食品部门", 2, 4) == 2


def test_a_title_is_as_long_as_the_queue_keeps_it() -> None:
    assert len(slip.slip("国" * 200).title) == 120
