"""The checks that every change has to pass, one after the other, and what came of each."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from environment import Environment
from machine import say

_MOST_WORKERS: Final = 4  # each may hold a PostgreSQL of its own


@dataclass(frozen=True)
class Check:
    """One step: its name in the summary, and its command."""

    name: str
    command: Sequence[str | Path]


def all_checks(environment: Environment) -> list[Check]:
    """Return the project's checks, the tests last so that their count is what a reader sees in the end."""
    ruff, workers = environment.program("ruff"), min(os.cpu_count() or 1, _MOST_WORKERS)
    return [
        Check("rules of style", [ruff, "check", "."]),
        Check("format", [ruff, "format", "--check", "."]),
        Check("types", [environment.program("mypy")]),
        Check("architecture", [environment.program("lint-imports"), "--no-logo"]),
        Check("tests", [environment.program("pytest"), "-n", str(workers), "--dist", "worksteal"]),
    ]


def run_checks(checks: Sequence[Check], root: Path) -> int:
    """Run every check in `root`, also after one that failed; print a summary. Return 0 if all passed, else 1."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="counterapp-") as runtime:  # private to this user, as Qt wants it
        surroundings = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_RUNTIME_DIR": runtime,
            "PYTHONIOENCODING": "utf-8",
        }
        surroundings.pop("COUNTERAPP_DATA", None)  # no test may ever reach somebody's store
        for check in checks:
            say(f"── {check.name}")
            started = time.monotonic()
            code, last = _run(check.command, root, surroundings)
            rows.append((check.name, code, time.monotonic() - started, last))
    say("──")
    for name, code, seconds, last in rows:
        say(f"{name:<16}{'passed' if code == 0 else 'FAILED':<8}{seconds:>6.1f} s  {last}")
    return 1 if any(code for _, code, _, _ in rows) else 0


def _run(command: Sequence[str | Path], root: Path, surroundings: Mapping[str, str]) -> tuple[int, str]:
    """Run `command`, pass on what it prints, and return its exit code and its last line."""
    last = ""
    try:
        with subprocess.Popen(
            command,
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env=surroundings,
        ) as process:
            for line in process.stdout or ():
                say(line.rstrip("\n"))
                last = line.strip() or last
    except OSError as error:
        return 1, str(error)
    return process.returncode, last
