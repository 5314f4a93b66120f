"""What people type, as it may be stored."""

from __future__ import annotations

from counterapp.errors import BadInput
from counterapp.words import N_


def typed_text(text: str, most: int) -> str:
    """Return `text` without blanks around it. Raises BadInput for more than `most` characters, or unreadable ones."""
    text = text.strip()
    if len(text) > most:
        raise BadInput(N_("That is too long: up to {most} characters. Say it shorter."), most=most)
    # The wide blank of a Chinese input method is as good as any other.
    if not all(char.isprintable() or char in "\n\t\u3000" for char in text):
        raise BadInput(N_("That holds characters that cannot be read. Type it again."))
    return text


def needed_text(text: str, most: int, lacks: str) -> str:
    """Return `text` without blanks around it.

    Raises BadInput: it says `lacks` where nothing is left or it has more than `most` characters.
    """
    text = text.strip()
    if not 1 <= len(text) <= most:
        raise BadInput(lacks)
    return typed_text(text, most)
