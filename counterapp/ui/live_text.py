"""Words that follow the language of the screen while the program runs."""

from __future__ import annotations

from collections.abc import Callable

#: A fixed text is given as `lambda: _("Reason")` and read again when the language changes; text made of data is a str.
LiveText = str | Callable[[], str]


def current_text(words: LiveText) -> str:
    """Return `words` as they read now."""
    return words if isinstance(words, str) else words()
