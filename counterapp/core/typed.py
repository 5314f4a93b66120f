"""What people type, as it may be stored."""

from __future__ import annotations

from counterapp.errors import BadInput
from counterapp.words import N_


def typed_text(text: str, most: int) -> str:
    """Return `text` without blanks around it. Raises BadInput for more than `most` characters, or unreadable ones."""
    text = text.strip()
    if len(text) > most:
        raise BadInput(N_("That is too long: up to {most} characters. Say it shorter."), most=most)
    if not text.replace("\n", "").replace("\t", "").isprintable():
        raise BadInput(N_("That holds characters that cannot be read. Type it again."))
    return text
