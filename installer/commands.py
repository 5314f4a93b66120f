"""The commands of the installer. Exit codes: 0 done, 1 a check failed, 2 wrong use, 3 the machine lacks something,
4 the environment could not be made, 130 stopped by hand; `run` ends with the program's own.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import machine
from checks import all_checks, run_checks
from environment import DEVELOPMENT, RUNTIME, Environment
from machine import Halt, say

ROOT: Final = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str]) -> int:
    """Carry out one command and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that lacks a character is no reason to stop
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="Counterapp on a fresh machine.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("run", help="open the demo store; what follows goes to the program: run --data FOLDER")
    commands.add_parser("test", help="run every check and every test")
    commands.add_parser("setup", help="make the environment in .venv, with .venv/bin/counterapp in it")
    chosen, extra = parser.parse_known_args(arguments)
    if extra and chosen.command != "run":
        parser.error(f"{chosen.command} takes nothing more, but was given: {' '.join(extra)}")
    environment = Environment(ROOT)
    try:
        if chosen.command == "run":
            return run(environment, extra)
        return test(environment) if chosen.command == "test" else setup(environment)
    except Halt as halt:
        sys.stderr.write(f"{halt}\n")
        return halt.code
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. The same command begins where it has to.\n")
        return 130


def run(environment: Environment, extra: Sequence[str]) -> int:
    """Open the demo store in a window; `extra` stands before the program's command (`--data FOLDER`)."""
    machine.require_screen()
    _provide({**machine.OFFSCREEN, **machine.WINDOW})
    environment.ensure(RUNTIME)
    program = [str(environment.program("counterapp")), *extra, "demo"]
    if sys.platform != "win32":
        os.execv(program[0], program)
    return subprocess.call(program)


def test(environment: Environment) -> int:
    """Run every check and every test."""
    machine.provide(machine.missing_programs(machine.SPOOLER))
    _provide(machine.OFFSCREEN)
    environment.ensure(DEVELOPMENT)
    return run_checks(all_checks(environment), environment.root)


def setup(environment: Environment) -> int:
    """Make the environment, then see to the system's libraries: what works without a window works in any case."""
    machine.provide(machine.missing_environment_maker())
    environment.ensure(RUNTIME)
    _provide({**machine.OFFSCREEN, **machine.WINDOW})
    say(f"Ready: {environment.program('counterapp')}")
    return 0


def _provide(libraries: Mapping[str, str]) -> None:
    machine.provide({**machine.missing_environment_maker(), **machine.missing_libraries(libraries)})
