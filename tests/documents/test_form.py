"""Record forms on paper: rows and notes over several sheets, masks, room to sign; nothing is cut or overlaps."""

from __future__ import annotations

import datetime as dt
import gettext
from pathlib import Path
from typing import Final

import pytest

from counterapp import words
from counterapp.core.masking import Mask
from counterapp.core.record_form import Field, FieldKind, Form, Value
from counterapp.core.store_settings import FormPaper
from counterapp.documents.form import form_bands, form_pages
from counterapp.documents.page import FORMATS, IssuedBy, PageBuilder, Titles, parted
from counterapp.documents.texts import lines_of
from counterapp.words import Language
from printers.document import Pages, Text
from printers.flow import fitted
from printers.picture import pictures
from printers.profile import named
from printers.protocols import encode
from tests.documents.papers import ISSUED, texts
from tests.kept import Album
from tests.printers.reading import faults, inks

looks_as_kept: Final = Album(Path(__file__).parent / "pictures").looks_as_kept
PRINTERS: Final = {"a4": named("virtual-a4"), "continuous": named("epson-lq")}
PAPERS = pytest.mark.parametrize("paper", PRINTERS)
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])

NOTE, DAY, SIGNED, CHOICE = FieldKind.NOTE, FieldKind.DAY, FieldKind.SIGNATURE, FieldKind.CHOICE
FORM: Final = Form(
    "Customer complaint record",
    (
        (Field("store", "Store", width=5, typed=False), Field("number", "Number", width=3, typed=False),
         Field("way", "How it was made", CHOICE, 4, choices={"counter": "At the counter", "mail": "By e-mail"})),
        (Field("name", "Customer's name", width=4, most=40, mask=Mask.NAME),
         Field("phone", "Phone", FieldKind.PHONE, 4, most=20, mask=Mask.PHONE),
         Field("subject", "Subject", CHOICE, 4, choices={"quality": "Goods: quality", "till": "Service: till error"})),
        (Field("address", "Address", width=8, most=120, mask=Mask.ADDRESS), Field("place", "Place", width=4)),
        (Field("received_on", "Received on", DAY, 3), Field("happened_on", "Happened on", DAY, 3),
         Field("contacted_on", "Last contact on", DAY, 3), Field("closed_on", "Closed on", DAY, 3)),
        (Field("content", "Content", NOTE, most=1000),),
        (Field("principle", "Principle applied", NOTE, most=200),),
        (Field("course", "Course", NOTE, most=2000, typed=False),),
        (Field("result", "Result", NOTE, most=1000),),
        (Field("handler", "Handler", SIGNED, 3), Field("supervisor", "Duty supervisor", SIGNED, 3),
         Field("service_manager", "Customer service manager", SIGNED, 3),
         Field("store_manager", "Store manager", SIGNED, 3)),
        (Field("remarks", "Remarks", NOTE, most=400),),
    ),
)  # fmt: skip
#: What the catalogue will have once a desk has this form.
CHINESE: Final = {
    "Customer complaint record": "顾客投诉记录表", "Store": "分店", "Number": "编号", "How it was made": "投诉方式",
    "At the counter": "当面", "By e-mail": "电子邮件", "Customer's name": "顾客姓名", "Phone": "联系电话",
    "Subject": "投诉事项", "Goods: quality": "商品：质量", "Service: till error": "服务：收银差错", "Address": "住址",
    "Place": "发生地点", "Received on": "受理日期", "Happened on": "发生日期", "Last contact on": "最后联系",
    "Closed on": "结案日期", "Content": "投诉内容", "Principle applied": "处理原则", "Course": "处理经过",
    "Result": "处理结果", "Handler": "经办人", "Duty supervisor": "值班主管", "Customer service manager": "客服经理",
    "Store manager": "店长", "Remarks": "备注",
}  # fmt: skip

USUAL: Final[dict[str, Value]] = {
    "store": "一号店", "number": "No. 000118", "way": "counter", "name": "张三丰", "phone": "13912345678",
    "subject": "quality", "address": "上海市浦东新区世纪大道100弄8号1203室", "place": "生鲜区",
    "received_on": dt.date(2026, 11, 21), "happened_on": dt.date(2026, 11, 20),
    "contacted_on": dt.date(2026, 11, 22), "closed_on": None,
    "content": "顾客昨天下午在生鲜区买了两盒鸡蛋，回家后发现破了三只。\n\n要求退货，并希望今后装袋时多加小心。",
    "principle": "", "course": "11-21 14:32 王丽 6012：受理，查看小票和商品。\n11-21 15:10 李强 7001：同意退货。",
    "result": "已退货 25.80 元，顾客满意。", "remarks": "",
}  # fmt: skip
_LONG: Final = "顾客反映在生鲜区购买的鸡蛋有三只破损（包装盒底部潮湿），customer asked twice for a refund；"


def _filled(most: int) -> str:
    parts = (_LONG * 50)[: most - 1]
    return f"{parts[: most // 3]}\n{parts[most // 3 :]}"


LONGEST: Final[dict[str, Value]] = USUAL | {
    "store": ("上海世纪联华超市股份有限公司浦东新区旗舰一号店" * 4)[:80], "number": "No. 99999999", "way": "mail",
    "name": "买买提·艾则孜" * 5 + "阿卜杜拉", "phone": "+8613912345678901234", "subject": "till",
    "address": ("上海市浦东新区世纪大道一百弄八号" * 8)[:120], "place": ("生鲜区冷藏柜左侧第三排货架" * 7)[:80],
    "closed_on": dt.date(2026, 12, 31),
    **{one.key: _filled(one.most) for one in FORM.fields() if one.kind is NOTE},
}  # fmt: skip
SIGNERS: Final = {"handler": "王丽 6012", "supervisor": "欧阳娜娜买买提·艾则孜 600112"}
VALUES: Final = {"usual": USUAL, "longest": LONGEST}
TITLES: Final = Titles(FORM.title, "No. 000118", "CP731904825586")


class _Chinese(gettext.NullTranslations):
    """The Chinese catalogue with the words of the form."""

    def gettext(self, message: str) -> str:
        return CHINESE.get(message) or super().gettext(message)


@pytest.fixture(autouse=True)
def _words_of_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    carried, chinese = words.language, _Chinese()
    chinese.add_fallback(carried("zh"))
    monkeypatch.setattr(words, "language", lambda code: chinese if code == "zh" else carried(code))


def printed(name: str, paper: FormPaper, language: Language, *, unmasked: bool = False) -> Pages:
    return form_pages(FORM, VALUES[name], TITLES, ISSUED, language, paper, signers=SIGNERS, unmasked=unmasked)


@PAPERS
@LANGUAGES
@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("unmasked", [False, True])
def test_nothing_is_cut_or_overlaps(name: str, paper: FormPaper, language: Language, unmasked: bool) -> None:
    pages, printer = printed(name, paper, language, unmasked=unmasked), PRINTERS[paper]
    for page, found in zip(pages.pages, inks(encode(pages, printer)), strict=True):
        assert faults(page, found, margin=printer.margin) == []
        assert [text(item) for item in page.items if isinstance(item, Text) and fitted(item).cut] == []
        lowest = max(item.y + item.height for item in page.items if isinstance(item, Text))
        assert lowest <= FORMATS[paper].bottom


def text(item: Text) -> str:
    return "".join(run.text for run in item.runs)


@PAPERS
@LANGUAGES
@pytest.mark.parametrize("name", VALUES)
def test_the_form_looks_as_it_was_looked_at(name: str, paper: FormPaper, language: Language) -> None:
    drawn = pictures(encode(printed(name, paper, language), PRINTERS[paper]), 100)
    assert looks_as_kept(drawn, f"form-{name}-{paper}-{language}")


@PAPERS
def test_a_note_is_whole_and_says_on_each_sheet_what_goes_on(paper: FormPaper) -> None:
    pages = [texts(page) for page in printed("longest", paper, "zh").pages]
    assert len(pages) > 1
    measure = PageBuilder(FORMATS[paper], "zh")
    written = [line for page in pages for line in page]
    for one in FORM.fields():
        if one.kind is NOTE:
            lines = lines_of(str(LONGEST[one.key]), measure.inner - 2 * measure.pad, 10.5)
            assert set(lines) <= set(written)
            assert "".join(lines).replace(" ", "") == str(LONGEST[one.key]).replace("\n", "").replace(" ", "")
    assert any("投诉内容（续）" in page or "处理经过（续）" in page for page in pages)
    assert sum(page.count("处理经过") for page in pages) == 1


def test_line_breaks_of_a_note_stay_and_a_blank_line_is_one() -> None:
    assert lines_of("鸡蛋碎了\n\n两个", 100, 10) == ["鸡蛋碎了", "", "两个"]
    assert lines_of("", 100, 10) == [""]
    assert lines_of("鸡蛋碎了，想退货", 15, 10) == ["鸡蛋碎", "了，想退", "货"]
    usual = texts(printed("usual", "a4", "zh").pages[0])
    assert "要求退货，并希望今后装袋时多加小心。" in usual
    assert not any("\n" in line for line in usual)


def test_personal_values_are_masked_unless_they_are_asked_for() -> None:
    masked, whole = (texts(printed("usual", "a4", "zh", unmasked=how).pages[0]) for how in (False, True))
    assert {"张**", "139****5678", "上海市浦东新****"} <= set(masked)
    assert {"张三丰", "13912345678", USUAL["address"]} <= set(whole)


def test_choices_and_labels_are_in_both_languages_where_the_paper_has_them() -> None:
    zh, both = (texts(printed("usual", "a4", language).pages[0]) for language in ("zh", "en"))
    assert {"投诉方式", "当面"} <= set(zh) and "How it was made" not in zh
    assert {"投诉方式", "How it was made", "当面 At the counter"} <= set(both)


def test_where_somebody_signs_stands_with_the_row_above_it() -> None:
    measure = PageBuilder(FORMATS["continuous"], "zh")
    bands = form_bands(FORM, USUAL, measure, signers=SIGNERS)
    (signed,) = (place for place, band in enumerate(bands) if band.glued and band.height > 14)
    for room in range(40, 200, 5):
        assert all(part[0] is not bands[signed] for part in parted(bands, room))


def test_an_empty_form_can_be_filled_in_by_hand() -> None:
    pages = form_pages(FORM, {}, TITLES, IssuedBy("一号店", "", "", "", ISSUED.at), "zh")
    assert len(pages.pages) == 1
    assert {CHINESE[one.label] for one in FORM.fields()} <= set(texts(pages.pages[0]))
