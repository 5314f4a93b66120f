"""Codes made to harm, in their thousands: no crash, no shortcut, nothing typed; every sound one among them comes out.

python -m tests.bench.hostile_scans [--scans 100000] [--seed 1]
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from tests.hardware.hostile import Target, hostile_scans


def harm(count: int, seed: int) -> None:
    """Scan at a window that many times, and print what came of it."""
    app = QApplication([])
    target = Target(app)
    sound: list[str] = []
    keys = 0
    start = time.monotonic()
    for scan in hostile_scans(count, random.Random(seed)):
        target.scan(scan)
        keys += len(scan.keys) + 1
        if scan.code:
            sound.append(scan.code)
        app.processEvents()
        target.require_unharmed()
    target.settle()
    target.require_unharmed()
    took = time.monotonic() - start
    assert target.codes == sound
    print(f"{count} scans, {keys} keys in {took:.0f} s ({took / keys * 1e6:.0f} µs a key)")
    print(f"  {len(sound)} sound codes among them came out whole and in order; {target.refused} refusals aloud")
    print("  no shortcut fired, nothing typed, nothing pressed, the window stands and the field keeps the focus")
    print(f"  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at the most")
    target.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--scans", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    harm(asked.scans, asked.seed)
