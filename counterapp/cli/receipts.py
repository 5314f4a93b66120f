"""`import-sales` and `receipt`: what the till sold."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from counterapp.core import journal
from counterapp.core.actor import CONSOLE, Actor, system_clock
from counterapp.core.claims import Balance, balances
from counterapp.core.money import format_fen, format_quantity, format_unit_price
from counterapp.core.receipts import Receipt, find_receipt
from counterapp.core.sales_import import ImportReport
from counterapp.core.sales_import import import_sales as take_in
from counterapp.settings import Settings
from counterapp.store_access import open_store
from counterapp.words import _

_SOME_SET_ASIDE = 3


def import_sales(settings: Settings, asked: argparse.Namespace) -> int:
    """Take in an export of the till. Returns 3 where some receipts were set aside."""
    with open_store(settings) as database:
        report = take_in(database, Path(asked.file), clock=system_clock)
        actor = Actor(CONSOLE, settings.station.name)
        counted = {"receipts": report.receipts, "lines": report.lines, "unchanged": report.unchanged}
        database.command(
            actor,
            "sales.import",
            lambda session: journal.note(session, file=str(asked.file), set_aside=len(report.rejected), **counted),
        )
    _show(report, as_json=asked.json)
    return _SOME_SET_ASIDE if report.rejected else 0


def _show(report: ImportReport, *, as_json: bool) -> None:
    if as_json:
        rejected = [{**asdict(one), "reason": str(one.reason)} for one in report.rejected]
        print(json.dumps(
            {"receipts": report.receipts, "lines": report.lines, "unchanged": report.unchanged, "rejected": rejected},
            ensure_ascii=False,
        ))  # fmt: skip
        return
    for one in report.rejected:
        print(f"{one.file}:{one.line}: {one.receipt}: {one.reason}")
    sentence = _(
        "{receipts} receipts with {lines} lines are new, {unchanged} were there already, {aside} are set aside."
    )
    print(sentence.format(
        receipts=report.receipts, lines=report.lines, unchanged=report.unchanged, aside=len(report.rejected)
    ))  # fmt: skip


def receipt(settings: Settings, asked: argparse.Namespace) -> int:
    """Show a receipt with its lines."""
    with open_store(settings) as database:
        shown = database.read(lambda session: find_receipt(session, asked.number))
        taken = database.read(lambda session: balances(session, [line.id for line in shown.lines]))
    content = _content(shown, taken)
    if asked.json:
        print(json.dumps(content, ensure_ascii=False))
        return 0
    print(shown.number, f"{shown.sold_at:%Y-%m-%d %H:%M}", shown.till, shown.cashier, format_fen(shown.total), sep="\t")
    for line in shown.lines:
        left = format_quantity(line.sold - taken.get(line.id, Balance()).taken)
        print(
            line.line_no,
            line.item_no,
            line.name,
            format_quantity(line.quantity),
            left,
            format_fen(line.amount),
            sep="\t",
        )
    return 0


def _content(shown: Receipt, taken: dict[int, Balance]) -> dict[str, object]:
    return {
        "number": shown.number,
        "store": shown.store,
        "till": shown.till,
        "cashier": shown.cashier,
        "sold_at": shown.sold_at.isoformat(sep=" "),
        "member_card": shown.member_card,
        "tender": shown.tender,
        "total": shown.total,
        "invoice_no": shown.invoice_no,
        "lines": [
            {
                "line_no": line.line_no,
                "item_no": line.item_no,
                "barcode": line.barcode,
                "name": line.name,
                "department": line.department,
                "category": line.category,
                "flags": sorted(line.flag_set),
                "quantity": format_quantity(line.quantity),
                "returnable": format_quantity(line.sold - taken.get(line.id, Balance()).taken),
                "unit_price": format_unit_price(line.unit_price),
                "discount": line.discount,
                "amount": line.amount,
            }
            for line in shown.lines
        ],
    }
