"""A bag slip: bytes and the time to make them, own characters beside dots and beside python-escpos where it is there.

python -m tests.bench.bench_slip [--rounds 2000]
"""

from __future__ import annotations

import argparse
import functools
import importlib
import importlib.util
import time
from collections.abc import Callable
from typing import Final

from printers.charsets import Name
from printers.emulators import papers
from printers.protocols import encode
from tests.bench.stock import show
from tests.printers.slips import BAG, NARROW, ROLL, with_charset

CHARSETS: Final[tuple[Name, ...]] = ("gbk", "gb18030", "utf8", "none")


def by_python_escpos() -> bytes:
    """Return the same slip as a user of python-escpos would tell it: its own text cannot say hanzi, so GBK goes raw."""
    printer = importlib.import_module("escpos.printer").Dummy()
    printer.hw("INIT")

    def line(text: str, **looks: object) -> None:
        printer.set_with_default(**looks)
        printer._raw(text.encode("gbk") + b"\n")

    line("一号店 · 总服务台", align="center")
    line("存包凭证", align="center", bold=True, double_width=True, double_height=True)
    line("17", align="center", bold=True, custom_size=True, width=6, height=6)
    line("─" * 24)
    for label, value in (("存入", "11-21 14:33"), ("件数", "2"), ("经手", "王丽 6012")):
        line(label + " " * 10 + value)
    line("凭本票取包，请当天取走。", align="center")
    line("遗失请到服务台说明包内物品。", align="center")
    printer.barcode(
        "{BBG{C" + "".join(map(chr, (73, 19, 4, 82, 55, 77))), "CODE128", height=80, width=3, function_type="B"
    )
    printer.cut()
    return bytes(printer.output)


def picture() -> bytes:
    """Return the dots that the bytes make."""
    return papers(encode(BAG, ROLL), ROLL)[0].tobytes()


def measure(rounds: int) -> None:
    """Print size, time on a serial line, and time to make it, for each way."""
    ways: dict[str, Callable[[], bytes]] = {}
    for roll in (ROLL, NARROW):
        for charset in CHARSETS:
            told = with_charset(roll, charset)
            ways[f"{roll.width:.0f} mm, {charset}"] = functools.partial(encode, BAG, told)
    if importlib.util.find_spec("escpos"):
        ways["80 mm, python-escpos"] = by_python_escpos
    else:
        print("python-escpos is not installed, and not compared")
    ways["80 mm, bytes to picture"] = picture
    for name, make in ways.items():
        data = make()
        seconds = []
        for _round in range(rounds if len(data) < 5000 else rounds // 20):
            start = time.perf_counter()
            make()
            seconds.append(time.perf_counter() - start)
        wire = f"{len(data)} B, {len(data) * 10 / 9600:.2f} s at 9600 baud" if "picture" not in name else ""
        show(f"{name}: {wire}", seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=2000)
    measure(parser.parse_args().rounds)
