"""`explain` and `form`: what the rules say, and what was printed."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from counterapp import words
from counterapp.core.actor import system_clock
from counterapp.core.money import format_fen
from counterapp.core.storewide import store_settings
from counterapp.desks.returns.rules import Answer, Kind, Reason, name_of
from counterapp.desks.returns.services import deciding, judging
from counterapp.errors import Trouble
from counterapp.opening import open_store
from counterapp.settings import Settings
from counterapp.words import N_, _
from printers.document import from_json
from printers.protocols import as_pdf


def explain(settings: Settings, asked: argparse.Namespace) -> int:
    """Say what the rules say of one line of a receipt."""
    with open_store(settings) as database:
        zone = database.read(store_settings).zone_info
        today = asked.on or system_clock().astimezone(zone).date()
        answers = {Answer(name): said for name, said in asked.answer}
        explained = database.read(
            lambda session: judging.explain(
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
    """Write the PDF of a form as it printed."""
    with open_store(settings) as database:
        document = from_json(database.read(lambda session: deciding.form_document(session, asked.number)).document)
    target = Path(asked.pdf)
    half = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        half.write_bytes(as_pdf(document))
        half.replace(target)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise Trouble(
            N_("{file} cannot be written ({reason}). Choose another place."),
            file=target,
            reason=error.strerror or error,
        ) from error
    print(_("Form {number} is written to {file}.").format(number=asked.number, file=target))
    return 0
