"""Record forms: every mistake at once, typed values, masks; what is shown can be typed again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterapp.core.masking import Mask
from counterapp.core.record_form import BadFields, Field, FieldKind, Form, Value, read, shown, values_of, write

FORM = Form(
    "Customer complaint record",
    (
        (Field("number", "Number", FieldKind.NUMBER, 3, typed=False), Field("name", "Name", width=9, required=True,
         most=40, mask=Mask.NAME)),
        (Field("phone", "Phone", FieldKind.PHONE, 4, most=20, mask=Mask.PHONE),
         Field("day", "Day", FieldKind.DAY, 4), Field("pieces", "Pieces", FieldKind.NUMBER, 4)),
        (Field("paid", "Paid", FieldKind.MONEY, 4), Field("weight", "Weight", FieldKind.QUANTITY, 4),
         Field("way", "Way", FieldKind.CHOICE, 4, choices={"counter": "At the counter", "phone": "By phone"})),
        (Field("content", "Content", FieldKind.NOTE, most=1000),),
        (Field("clerk", "Clerk", FieldKind.SIGNATURE, 12),),
    ),
)  # fmt: skip
FIELDS = {one.key: one for one in FORM.fields()}
ASKED = [one for one in FORM.fields() if one.is_asked]


def typed(**changes: str) -> dict[str, Value]:
    return read(FORM, {"name": "张三", **changes})


def test_what_was_typed_becomes_values_and_what_was_not_becomes_nothing() -> None:
    assert typed() == {
        "name": "张三", "phone": "", "day": None, "pieces": None, "paid": None, "weight": None, "way": "",
        "content": "",
    }  # fmt: skip
    values = typed(
        phone="+86 138-1234 5678", day="2026年11月1日", pieces="１２", paid="229.5", weight="1.486", way="phone",
        content="鸡蛋碎了\r\n两个  \n\n想退货\x00", clerk="nobody types a signature", number="77",
    )  # fmt: skip
    assert values == {
        "name": "张三", "phone": "+8613812345678", "day": dt.date(2026, 11, 1), "pieces": 12, "paid": 22950,
        "weight": 1486, "way": "phone", "content": "鸡蛋碎了\n两个\n\n想退货",
    }  # fmt: skip


def test_every_mistake_is_said_at_once_by_field() -> None:
    with pytest.raises(BadFields) as caught:
        read(FORM, {"phone": "no phone", "day": "yesterday", "pieces": "-1", "paid": "much", "weight": "1.2345",
                    "way": "letter", "content": "长" * 1001})  # fmt: skip
    wrong = caught.value.wrong
    assert list(wrong) == ["name", "phone", "day", "pieces", "paid", "weight", "way", "content"]
    assert wrong["name"].in_language("en") == "Fill this in."
    assert wrong["content"].in_language("en") == "Write it shorter: 1000 characters at the most."
    assert caught.value.in_language("en") == (
        "Look at these fields again: Name, Phone, Day, Pieces, Paid, Weight, Way, Content."
    )
    assert "、" in caught.value.in_language("zh")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-11-21", dt.date(2026, 11, 21)),
        ("26.1.2", dt.date(2026, 1, 2)),
        ("20261121", dt.date(2026, 11, 21)),
        ("261121", dt.date(2026, 11, 21)),
        ("2026/11/21", dt.date(2026, 11, 21)),
        ("2026年11月21日", dt.date(2026, 11, 21)),
        ("2026111", None),
        ("2026-11/21", None),
        ("2026-02-30", None),
        ("0000-01-01", None),
    ],
)
def test_a_day_is_read_as_it_is_typed(said: str, day: dt.date | None) -> None:
    if day is None:
        with pytest.raises(BadFields):
            typed(day=said)
    else:
        assert typed(day=said)["day"] == day


VALUES: dict[FieldKind, st.SearchStrategy[Value]] = {
    FieldKind.DAY: st.dates(dt.date(1900, 1, 1), dt.date(2999, 12, 31)),
    FieldKind.NUMBER: st.integers(0, 10**15 - 1),
    FieldKind.MONEY: st.integers(0, 99_999_999_99),
    FieldKind.QUANTITY: st.integers(0, 10**12 - 1),
    FieldKind.CHOICE: st.sampled_from(["counter", "phone"]),
    FieldKind.PHONE: st.from_regex(r"\+?[0-9]{3,19}", fullmatch=True),
}


@given(st.data())
def test_what_is_shown_of_a_value_is_read_as_the_same_value(data: st.DataObject) -> None:
    one = data.draw(st.sampled_from([one for one in ASKED if one.kind in VALUES]))
    value: Value = data.draw(VALUES[one.kind])
    said = str(value) if one.kind is FieldKind.CHOICE else shown(one, value, "zh", unmasked=True)
    assert typed(**{one.key: said})[one.key] == value


@given(st.sampled_from(["name", "content"]), st.text(max_size=100))
def test_words_that_were_read_are_read_as_themselves(key: str, said: str) -> None:
    try:
        once = read(FORM, {"name": "张", **{key: said}})
    except BadFields:
        return
    assert all(letter.isprintable() or letter == "\n" for letter in str(once[key]))
    assert read(FORM, {"name": "张", **{key: str(once[key])}}) == once


def test_a_personal_value_is_masked_until_it_is_asked_for() -> None:
    assert shown(FIELDS["phone"], "13812345678", "zh") == "138****5678"
    assert shown(FIELDS["phone"], "13812345678", "zh", unmasked=True) == "13812345678"
    assert shown(FIELDS["name"], "张三", "zh") == "张*"
    assert shown(FIELDS["name"], "", "zh") == shown(FIELDS["paid"], None, "zh") == ""
    assert (shown(FIELDS["paid"], 0, "zh"), shown(FIELDS["weight"], 1486, "en")) == ("¥0.00", "1.486")
    assert (shown(FIELDS["way"], "phone", "en"), shown(FIELDS["way"], "gone", "en")) == ("By phone", "gone")


@dataclass
class Record:
    name: str = ""
    phone: str = ""
    day: dt.date | None = None
    pieces: int | None = None
    paid: int | None = None
    weight: int | None = None
    way: str = ""
    content: str = ""


def test_values_go_into_the_record_and_come_out_again() -> None:
    record, values = Record(), typed(pieces="3", day="2026-11-21", content="a\nb")
    write(record, values)
    assert (record.name, record.pieces, record.day, record.content) == ("张三", 3, dt.date(2026, 11, 21), "a\nb")
    assert values_of(FORM, record, number=7) == {**values, "number": 7}
    with pytest.raises(AttributeError):
        values_of(FORM, record)
    with pytest.raises(AttributeError):
        write(record, {"nmae": "张三"})


def test_a_part_of_a_form_keeps_its_order_and_knows_its_fields() -> None:
    part = FORM.part("content", "phone", "name")
    assert [[one.key for one in row] for row in part.rows] == [["name"], ["phone"], ["content"]]
    with pytest.raises(ValueError, match="nmae"):
        FORM.part("nmae")
