"""What both label printers do that are strict: one command after the other, and the label that is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from PIL import Image

from printers.emulators import BadBytes
from printers.emulators.label import Label
from printers.profile import Profile

Command = tuple[re.Pattern[bytes], Callable[..., None]]


class LabelReader:
    """Reads `data` and gathers in `labels` what is printed. `outside` is said of ink where no label is begun."""

    outside = ""

    def __init__(self, data: bytes, profile: Profile) -> None:
        self._data, self._profile = data, profile
        self._began = 0
        self._label: Label | None = None
        self.at = 0
        self.labels: list[Image.Image] = []

    def read_all(self, commands: Sequence[Command]) -> None:
        """Take every command; what a pattern's groups found is handed to what it stands for. Raises BadBytes."""
        while self.at < len(self._data):
            self._step(commands)

    def _step(self, commands: Sequence[Command]) -> None:
        self._began = self.at
        for pattern, act in commands:
            found = pattern.match(self._data, self.at)
            if found:
                self.at = found.end()
                act(self, *map(self._argument, found.groups()))
                return
        raise self._bad(f"no command: {self._data[self.at : self.at + 30]!r}")

    def _argument(self, told: bytes) -> Any:
        return told

    def _drawn_on(self) -> Label:
        if self._label is None:
            raise self._bad(self.outside)
        return self._label

    def _bad(self, what: str) -> BadBytes:
        return BadBytes(self._began, what)
