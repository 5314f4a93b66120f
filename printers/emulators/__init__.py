"""The way back: a printer's bytes to pictures of the paper, dot for dot.

Strict: what a real printer might print as rubbish or swallow is refused, so that a test which draws a paper has also
read every byte of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from printers.profile import Profile

if TYPE_CHECKING:
    from PIL.Image import Image


class BadBytes(ValueError):  # noqa: N818 - the caller's words
    """Bytes that are no command of the protocol, or one that ends too early; `offset` says where it begins."""

    def __init__(self, offset: int, what: str) -> None:
        super().__init__(f"byte {offset}: {what}")
        self.offset = offset
        self.what = what


def papers(data: bytes, profile: Profile) -> tuple[Image, ...]:
    """Return what `data` puts on paper, black on white: one picture a piece between two cuts, or a label.

    A picture is as wide as what the printer's head reaches (`profile.dots`), a label's as its whole width. Raises
    BadBytes, and ValueError for a PDF, which `printers.picture` draws.
    """
    match profile.protocol:
        case "escpos":
            from printers.emulators import escpos

            return escpos.papers(data, profile)
        case "tspl":
            from printers.emulators import tspl

            return tspl.papers(data, profile)
        case "zpl":
            from printers.emulators import zpl

            return zpl.papers(data, profile)
        case "pdf":
            raise ValueError("a PDF is drawn by printers.picture")
