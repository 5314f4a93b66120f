"""The command line: what IT calls by hand and from scripts."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TextIO

from counterapp import words
from counterapp.cli.parser import parse
from counterapp.errors import CounterError
from counterapp.settings import default_data

#: Where the demo store lies unless told otherwise: never in the folder of a real one.
_DEMO_FOLDER = "demo"


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command and return its exit code; what went wrong is one sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIO) or hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # consoles of Windows speak GBK
    asked = parse(sys.argv[1:] if arguments is None else arguments)
    data = asked.data or os.environ.get("COUNTERAPP_DATA") or default_data()
    if asked.command == "demo" and not asked.data and not os.environ.get("COUNTERAPP_DATA"):
        data = default_data() / _DEMO_FOLDER
    try:
        settings = asked.read(Path(data), asked.database or "")
        words.use(settings.screen.language)
        code: int = asked.run(settings, asked)
    except CounterError as error:
        print(error, file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
