"""From the start of the process to the first paint of the window, warm, with a store that is there.

python -m tests.bench.bench_start [--rounds 10]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from counterapp import app as composition
from counterapp.core.actor import Role, system_clock
from counterapp.core.staff import NewPerson
from counterapp.core.store_settings import StoreSettings
from counterapp.settings import Settings
from counterapp.store_access import found_store
from tests.bench.stock import show

_CHILD = """
import sys, time
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from counterapp import __main__, app

class Paints(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print(time.time(), flush=True)
            QApplication.instance().removeEventFilter(self)
            QApplication.exit(0)
        return False

kept = []
start = QApplication.exec
def run(*args):
    kept.append(Paints())
    QApplication.instance().installEventFilter(kept[0])
    return start()
QApplication.exec = run
__main__.main(["--data", sys.argv[1], "run"])
"""


def measure(rounds: int) -> None:
    """Start the program again and again."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder))
        admin = NewPerson("9001", "管理员", Role.IT, "314159")
        found_store(settings, StoreSettings("一号店", "0101"), admin, composition.install(), system_clock).close()
        seconds = []
        for _round in range(rounds + 1):
            start = time.time()
            child = subprocess.run(
                [sys.executable, "-c", _CHILD, folder],
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
                capture_output=True,
                text=True,
                check=True,
            )
            seconds.append(float(child.stdout.split()[0]) - start)
        show("start of the process → first paint", seconds[1:])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=10)
    measure(parser.parse_args().rounds)
