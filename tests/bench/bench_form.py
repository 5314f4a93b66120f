"""The three-part form: record → PDF, warm, as the print worker makes it.

python -m tests.bench.bench_form [--rounds 200]
"""

from __future__ import annotations

import argparse
import datetime as dt
import time

from counterapp.core.codes import new_code
from counterapp.documents.page import IssuedBy
from counterapp.return_forms.printouts import FormFacts, FormLine, return_form
from printers.profile import named
from printers.protocols import encode
from tests.bench.stock import show


def facts(lines: int) -> FormFacts:
    """Return a form of that many lines."""
    return FormFacts(
        number=4118, code=new_code("RF"), kind="refund", filled_on=dt.date(2026, 11, 21), receipt_no="0101072611180387",
        bought_on=dt.date(2026, 11, 18), member_card="880012345678", phone="13812345678",
        lines=tuple(
            FormLine("10820", f"苏泊尔电磁炉 C21 第{place}款", 1000, 2_290_000, 22_900, "Quality fault") for place in range(lines)
        ),
        total_fen=22_900 * lines, supervisor="李强 5003",
        issued=IssuedBy("一号店", "总服务台", "2", "王丽 6012", dt.datetime(2026, 11, 21, 14, 33, tzinfo=dt.UTC)),
    )  # fmt: skip


def measure(rounds: int) -> None:
    """Print the times of forms with two and with eight lines."""
    profile = named("virtual-a4")
    for lines in (2, 8):
        encode(return_form(facts(lines), "zh"), profile)
        seconds = []
        for _round in range(rounds):
            start = time.perf_counter()
            pdf = encode(return_form(facts(lines), "zh"), profile)
            seconds.append(time.perf_counter() - start)
        show(f"three parts, {lines} lines, {len(pdf) / 1024:.0f} KB", seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=200)
    measure(parser.parse_args().rounds)
