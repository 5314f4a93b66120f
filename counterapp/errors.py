"""What can go wrong and be said to the person at the counter.

CounterError
├── Refused          the act is against a rule, a role or a state; nothing was changed
│   ├── NotFound     what was scanned or typed is not known
│   ├── NotAllowed   this person may not do this
│   └── Overtaken    somebody else was faster; look again
├── BadInput         a file, code or value cannot be read
└── Trouble          a device, disk or database does not answer; what to do is said

Anything else that is raised is a bug.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from counterapp import words
from counterapp.words import N_


@runtime_checkable
class Spoken(Protocol):
    """A sentence that carries both languages with it."""

    def text(self, language: str, /) -> str:
        """Return the sentence in `language`, "zh" or "en"."""


@dataclass(frozen=True, slots=True)
class Several:
    """Words, English sources, one behind the other in either language."""

    sources: Sequence[str]

    def text(self, language: str, /) -> str:
        """Return them in `language`, "zh" or "en"."""
        said = words.language(language).gettext
        return said(N_(", ")).join(map(said, self.sources))


class CounterError(Exception):
    """A sentence for the operator: what happened, what to do.

    `message` is the English source sentence with `{named}` places, `values` fill them; a value that speaks both
    languages itself (another CounterError, a rule book's sentence) is asked for the right one. `str(error)` speaks the
    language of the screen; `in_language` any other.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message, values)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return self.in_language(words.current())

    def in_language(self, code: str) -> str:
        """Return the sentence in `code` ("zh" or "en")."""
        values = {name: _said(value, code) for name, value in self.values.items()}
        return words.language(code).gettext(self.message).format(**values)


def _said(value: object, code: str) -> object:
    if isinstance(value, CounterError):
        return value.in_language(code)
    return value.text(code) if isinstance(value, Spoken) else value


class Refused(CounterError):  # noqa: N818 - the counter's words, not the interpreter's
    """The act is against a rule, a role or a state; nothing was changed."""


class NotFound(Refused):
    """What was scanned or typed is not known."""


class NotAllowed(Refused):
    """This person may not do this."""


class Overtaken(Refused):
    """Somebody else was faster, or the record has moved on since it was shown."""


class BadInput(CounterError):  # noqa: N818
    """A file, code or value cannot be read."""


class Trouble(CounterError):  # noqa: N818
    """A device, disk or database does not answer."""
