"""What can go wrong between a document and its paper.

PrinterError
├── PrinterTrouble   a device, spooler or disk does not take the job; what to do is said
│   ├── JobRefused   it is the job: another attempt would not end better
│   └── PaperUnsure  it had begun, so that paper may have come out
├── PrinterHint      it prints, but somebody should see to it soon
├── BadProfile       a printer's profile has mistakes, all of them named
└── BadDocument      stored text is not a document of a known version
"""

from __future__ import annotations

from collections.abc import Sequence


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark `message` for the catalogue of whoever shows it."""
    return message


class PrinterError(Exception):
    """An English sentence with `{named}` places, and the values that fill them.

    `message` is the sentence's id in the caller's catalogue; this package itself translates nothing.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message, values)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return self.message.format(**self.values)


class PrinterTrouble(PrinterError):  # noqa: N818 - the counter's words, not the interpreter's
    """A device, spooler or disk does not take the job: there certainly is no paper."""


class JobRefused(PrinterTrouble):
    """This very job is not taken, or no longer wanted: there is no paper, and trying again gives none."""


class PaperUnsure(PrinterTrouble):
    """The job had begun and did not end well: only somebody who looks can tell whether paper came out."""


class PrinterHint(PrinterError):  # noqa: N818
    """What somebody should see to soon, while the printer still prints."""


class BadProfile(PrinterError):  # noqa: N818
    """A profile that cannot be used; `mistakes` has one sentence for each thing to put right."""

    def __init__(self, name: str, mistakes: Sequence[PrinterError]) -> None:
        super().__init__(
            N_("The printer profile {name} cannot be used: {mistakes}"),
            name=name,
            mistakes="; ".join(str(mistake) for mistake in mistakes),
        )
        self.mistakes = tuple(mistakes)


class BadDocument(PrinterError):  # noqa: N818
    """Stored text that is not a document, or of a version this program does not know."""
