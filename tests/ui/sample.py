"""A desk to look at: made of every widget, filled like the counter on a busy day. It belongs to the tests alone."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from counterapp import words
from counterapp.hardware.scanner import Scan
from counterapp.ui import theme
from counterapp.ui.dialog import Dialog
from counterapp.ui.live_text import LiveText
from counterapp.ui.signature_fields import SignatureFields
from counterapp.ui.theme import Meaning
from counterapp.ui.view import DeskTab, View, ViewContext
from counterapp.ui.widgets import (
    BigAmount,
    Card,
    Chip,
    Choices,
    Fact,
    FactsRow,
    KeyButton,
    Kind,
    LineTable,
    Option,
    Question,
    Questions,
    Role,
    Row,
    RowVerdict,
    ScrollColumn,
    Text,
    Tick,
    VerdictPanel,
)

RECEIPT = "0101072611180387"
NAMES = ("退换货", "存包", "投诉", "赠品", "订单", "来电", "广播", "推车", "提货", "发票", "指标")
ICONS = (
    "undo-2", "luggage", "message-square-warning", "gift", "clipboard-list", "phone", "megaphone", "shopping-cart",
    "plug", "receipt-text", "chart-column",
)  # fmt: skip


def said(zh: str, en: str) -> LiveText:
    """Words of the sample, which stand in no catalogue."""
    return lambda: {"zh": zh, "en": en}[words.current()]


def lines() -> list[Row]:
    zh = words.current() == "zh"

    def row(key: int, name: str, quiet: str, numbers: tuple[str, ...], meaning: Meaning, *verdict: str) -> Row:
        faded = meaning in {Meaning.REFUSED, Meaning.NEUTRAL}
        icon = "history" if meaning is Meaning.NEUTRAL else ""
        return Row(key, name, quiet, numbers, RowVerdict(meaning, verdict[0 if zh else 1], icon), faded)

    return [
        row(1, "苏泊尔电磁炉 C21", "10820 • 家电部 • 序列号 SP2109331", ("1", "1", "¥229.00"),
            Meaning.ALLOWED, "可退到 11-25，可换到 12-03", "Refund until 11-25, exchange until 12-03"),
        row(2, "洁丽雅毛巾 2 条装", "11551 • 百货部", ("2", "2", "¥39.80"),
            Meaning.OVERRIDABLE, "无质量问题只换不退，到 12-18", "Exchange only until 12-18 unless at fault"),
        row(3, "红富士苹果", "10001 • 生鲜部 • 称重", ("1.486", "1.486", "¥17.80"),
            Meaning.ALLOWED, "变质随时可退", "Refund any time when spoiled"),
        row(4, "玉溪(硬)", "11299 • 烟酒柜", ("1", "0", "¥23.00"),
            Meaning.REFUSED, "香烟售出不退", "Not returnable: tobacco"),
        row(5, "南孚 5 号电池 8 节", "11155 • 百货部", ("1", "0", "¥32.00"),
            Meaning.NEUTRAL, "11月19日已换 1 件（单号 004117）", "1 exchanged on 19 Nov (form 004117)"),
    ]  # fmt: skip


class SampleView(View):
    """Looks like the returns desk, decides nothing."""

    title = "Returns"
    hint = "Scan the receipt, then the goods"

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self.taken: list[str] = []
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(16))
        left = QVBoxLayout()
        left.setSpacing(theme.px(12))
        facts_card = Card()
        facts = FactsRow()
        facts.show_facts(
            [
                Fact(said("销货明细单", "Sales receipt"), "0101 07 261118 0387"),
                Fact(said("购货", "Bought"), said("11月18日 18:42 • 3 天前", "18 Nov 18:42 • 3 days ago")),
                Fact(said("收银", "Till"), said("07 号机 • 617", "07 • 617")),
                Fact(said("会员", "Member"), "8800 ****5678"),
                Fact(said("付款", "Paid"), said("微信 ¥341.60", "WeChat ¥341.60")),
            ]
        )
        facts_card.body.addWidget(facts)
        left.addWidget(facts_card)
        table_card = Card(1)
        table_card.body.setContentsMargins(1, 1, 1, theme.px(8))
        self.table = LineTable(
            said("商品", "Item"),
            [said("已购", "Bought"), said("可退", "Left"), said("实付", "Paid")],
            said("今天的规定", "Today's rule"),
        )
        self.table.show_rows(lines())
        self.table.choose(1)
        table_card.body.addWidget(self.table)
        left.addWidget(table_card, 1)
        line.addLayout(left, 1)
        line.addWidget(self._decision())

    def _decision(self) -> Card:
        card = Card()
        card.setFixedWidth(theme.px(412))
        card.body.addWidget(Text("苏泊尔电磁炉 C21 × 1", Role.HEADING, elide=True))
        steps = ScrollColumn()
        card.body.addWidget(steps, 1)
        self.kind = Choices(
            [Option("refund", said("退货", "Refund"), "F5"), Option("exchange", said("换货", "Exchange"), "F6")],
            columns=2,
            kind=Kind.SEGMENT,
        )
        self.kind.choose("refund")
        steps.body.addWidget(self.kind)
        steps.body.addWidget(Text(said("原因", "Reason"), Role.QUIET))
        reasons = [
            ("质量问题", "Faulty"), ("配件不全", "Parts gone"), ("标示不符", "Mislabelled"), ("买错", "Wrong item"),
            ("不想要", "Unwanted"), ("过期变质", "Spoiled"),
        ]  # fmt: skip
        self.reason = Choices([Option(zh, said(zh, en)) for zh, en in reasons])
        self.reason.choose("质量问题")
        steps.body.addWidget(self.reason)
        steps.body.addWidget(Text(said("请确认", "Please confirm"), Role.QUIET))
        self.questions = Questions(said("是", "Yes"), said("否", "No"))
        self.questions.moved_on.connect(steps.show_all_of)
        self.questions.ask(
            [
                Question("fault", said("检测过，确有故障？", "Tested, and at fault?"), True),
                Question("opened", said("顾客自行拆动过？", "Opened by the customer?"), False),
                Question("card", said("保修卡在？", "Warranty card there?")),
            ]
        )
        steps.body.addWidget(self.questions)
        steps.body.addStretch(1)
        self.verdict = VerdictPanel()
        self.verdict.show_verdict(
            Meaning.MISSING,
            said("还差一项：保修卡", "One thing is missing: the warranty card"),
            said(
                "购后 7 天内性能故障可退（三包）。回答后送主管审批。",
                "At fault within 7 days: refund. Answer, then send it for approval.",
            ),
        )
        card.body.addWidget(self.verdict)
        self.amount = BigAmount(said("应退", "To refund"))
        self.amount.show_amount("¥229.00")
        card.body.addWidget(self.amount)
        self.send = KeyButton(said("送主管审批", "Send for approval"), "Enter", Kind.PRIMARY)
        self.send.clicked.connect(lambda: self.context.dialogs.open(ApprovalDialog()))
        card.body.addWidget(self.send)
        return card

    def take_scan(self, scan: Scan) -> bool:
        if not (scan.text.isdigit() and len(scan.text) == 16):
            return False
        self.taken.append(scan.text)
        return True

    def activated(self) -> None:
        self.table.setFocus()

    def retranslate(self) -> None:
        self.table.show_rows(lines())

    def press(self, key: str) -> bool:
        if key in {"Up", "Down"}:
            self.table.step(1 if key == "Down" else -1)
            return True
        return super().press(key)


class ApprovalDialog(Dialog):
    """Looks like the approval of a return."""

    def __init__(self) -> None:
        super().__init__(said("主管审批", "Approval"), said("轮到当值主管", "The duty supervisor's turn"))
        self.head.addWidget(Chip(Meaning.NEUTRAL, said("制单：王丽 6012", "Prepared by 王丽 6012"), "user"))
        what = QHBoxLayout()
        what.addWidget(
            Text(said("退货  苏泊尔电磁炉 C21 × 1", "Refund  苏泊尔电磁炉 C21 × 1"), Role.HEADING, elide=True)
        )
        what.addStretch(1)
        what.addWidget(Text("¥229.00", Role.AMOUNT2))
        self.body.addLayout(what)
        self.body.addWidget(
            Chip(
                Meaning.ALLOWED,
                said(
                    "购后第 3 天 • 质量问题，已检测 • 7 天内性能故障可退",
                    "Day 3 • faulty, tested • refund within 7 days",
                ),
            )
        )
        self.body.addWidget(
            Chip(
                Meaning.MISSING,
                said("该会员 30 天内第 4 次退货，点看各单", "4th return of this member in 30 days"),
                "triangle-alert",
            )
        )
        ticks = QVBoxLayout()
        ticks.setSpacing(0)
        for zh, en in (
            ("原因已核实", "Reason understood"),
            ("金额正确", "Amount right"),
            ("看过原始小票", "Original receipt seen"),
        ):
            tick = Tick(said(zh, en))
            tick.setChecked(zh != "看过原始小票")
            ticks.addWidget(tick)
        self.body.addLayout(ticks)
        self.body.addSpacing(theme.px(16))
        self.signature = SignatureFields(
            said(
                "扫主管工牌，输入密码。制单人本人不能审批。", "Scan the badge, type the PIN. Nobody approves their own."
            ),
            said("同意并打印三联单", "Approve and print the form"),
            said("退回（写明理由）", "Give back"),
        )
        self.body.addWidget(self.signature)

    def opened(self) -> None:
        self.signature.setFocus()

    def take_scan(self, scan: Scan) -> bool:
        return self.signature.take_scan(scan)


def desks() -> list[DeskTab]:
    def claims(text: str) -> bool:
        return text.isdigit() and len(text) == 16

    return [
        DeskTab(name, icon, SampleView, ("RF",) if name == "退换货" else (), claims if name == "退换货" else None)
        for name, icon in zip(NAMES, ICONS, strict=True)
    ]
