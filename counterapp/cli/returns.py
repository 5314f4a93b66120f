"""`explain`, `form` and `returns`: what the rules say, what was printed, and what the late shift hands on."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from itertools import chain
from pathlib import Path
from typing import Final

from counterapp import words
from counterapp.app import open_items
from counterapp.core import staff
from counterapp.core.actor import CONSOLE, Actor, system_clock
from counterapp.core.files import put_in_place
from counterapp.core.money import format_fen
from counterapp.core.spreadsheets import Table, as_csv, as_xlsx
from counterapp.core.store_settings import store_settings
from counterapp.desks.day_close.printouts.register_facts import sums_of
from counterapp.desks.day_close.services import closing, stock
from counterapp.desks.day_close.services.register import tables
from counterapp.desks.day_close.services.seals import verify_seals
from counterapp.desks.returns.services import reprints, rule_evaluation
from counterapp.errors import BadInput
from counterapp.return_forms.terms import Answer, Kind, Reason, name_of
from counterapp.settings import Settings
from counterapp.store_access import open_store
from counterapp.words import N_, _, _n
from printers.protocols import as_pdf

_BAD: Final = 4


def explain(settings: Settings, asked: argparse.Namespace) -> int:
    """Say what the rules say of one line of a receipt."""
    with open_store(settings) as database:
        zone = database.read(store_settings).zone_info
        today = asked.on or system_clock().astimezone(zone).date()
        answers = {Answer(name): said for name, said in asked.answer}
        explained = database.read(
            lambda session: rule_evaluation.explain(
                session,
                asked.receipt,
                asked.line,
                Kind(asked.kind),
                Reason(asked.reason),
                asked.quantity,
                answers,
                today,
            )
        )
    verdict, language = explained.verdict, words.current()
    if asked.json:
        print(json.dumps(
            {
                "verdict": verdict.effect.value,
                "findings": [
                    {
                        "rule": finding.rule,
                        "effect": finding.effect.value,
                        "struck": bool(finding.struck),
                        "text": finding.text(language),
                    }
                    for finding in verdict.findings
                ],
                "grants": [grant.grant for grant in verdict.grants],
                "questions": [question.answer.value for question in verdict.questions],
                "better": verdict.better.way.value if verdict.better else None,
                "refund_fen": explained.refund,
            },
            ensure_ascii=False,
        ))  # fmt: skip
        return 0
    print(name_of(verdict.effect), format_fen(explained.refund), sep="\t")
    for finding in verdict.findings:
        print("-" if finding.struck else "*", finding.rule, finding.text(language), sep="\t")
    for grant in verdict.grants:
        print("+", grant.grant, grant.text(language), sep="\t")
    for question in verdict.questions:
        print("?", question.answer.value, question.text(language), sep="\t")
    return 0


def form(settings: Settings, asked: argparse.Namespace) -> int:
    """Write the PDF of a form as a copy that says so, and what became of the form; the journal tells of it."""
    with open_store(settings) as database:
        actor = Actor(CONSOLE, settings.station.name)
        document = database.command(actor, "return.copy_form", lambda session: reprints.copy_of(session, asked.number))
    put_in_place(Path(asked.pdf), as_pdf(document))
    print(_("Form {number} is written to {file}.").format(number=asked.number, file=asked.pdf))
    return 0


def register(settings: Settings, asked: argparse.Namespace) -> int:
    """Write the register of a day as files, and say what it comes to and what of the day is not done."""
    desks = open_items()
    with open_store(settings) as database:
        store = database.read(store_settings)
        actor = Actor(CONSOLE, settings.station.name, language=store.language, zone=store.zone_info)
        day = database.read(
            lambda session: closing.day_details(session, asked.day or actor.today(), actor.now(), desks)
        )
        found = day.register
        entries, sums = tables(found, store.language)
        if asked.pdf:
            document = database.read(lambda session: closing.register_document(session, actor, found.day, desks))
            put_in_place(Path(asked.pdf), as_pdf(document))
        if asked.csv:
            put_in_place(Path(asked.csv), as_csv(entries))
        if asked.xlsx:
            put_in_place(Path(asked.xlsx), as_xlsx(entries, sums))
    print(found.day, _("closed") if day.closed else _("not closed"), sep="\t")
    for label, one in chain(*sums_of(found)):
        print(_(label), one.count, format_fen(one.fen), sep="\t")
    for item in day.items:
        print("-", _(item.title), item.what, item.explanation, sep="\t")
    return 0


def stock_file(settings: Settings, asked: argparse.Namespace) -> int:
    """Write the stock correction of a day: what is in no file yet goes into a new one, fetched by whoever signs."""
    if not asked.csv and not asked.xlsx:
        raise BadInput(N_("Say where to write it: --csv FILE, --xlsx FILE or both."))
    with open_store(settings) as database:
        station = settings.station.name
        store = database.read(store_settings)
        signer = staff.prove(database, asked.by, _pin(asked), station, system_clock)
        actor = Actor(signer, station, language=store.language, zone=store.zone_info)
        day = asked.day or actor.today()
        if database.read(lambda session: stock.missing_lines(session, day)):
            database.command(actor, "return.make_stock", lambda session: stock.make_file(session, actor, day))
        numbers = [file.number for file in database.read(lambda session: stock.files_of(session, day))]
        if not numbers:
            print(_("Nothing came back on {day}: there is no stock file.").format(day=day))
            return 0

        def put(table: Table, _copy: bool) -> None:
            if asked.csv:
                put_in_place(Path(asked.csv), as_csv(table))
            if asked.xlsx:
                put_in_place(Path(asked.xlsx), as_xlsx(table))

        first = database.command(actor, "return.fetch_stock", lambda session: stock.fetch(session, actor, numbers, put))
    if not first:
        print(_("This is a copy: some of it was fetched before, and is marked so."), file=sys.stderr)
    print(_("Stock files {numbers} are written.").format(numbers=", ".join(map(str, numbers))))
    return 0


def verify(settings: Settings, _asked: argparse.Namespace) -> int:
    """Look through the seals of all closed days. Returns 4 where one does not fit, each of them named."""
    with open_store(settings) as database:
        count, bad = database.read(verify_seals)
    for one in bad:
        print(one, file=sys.stderr)
    if not bad:
        print(_n("{count} seal, and it fits.", "{count} seals, and all fit.", count).format(count=count))
    return _BAD if bad else 0


def _pin(asked: argparse.Namespace) -> str:
    if asked.pin_stdin or not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return getpass.getpass(_("PIN: "))
