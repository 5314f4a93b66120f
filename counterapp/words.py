"""The program's words: English source through gettext, Chinese from the carried catalogue.

Two languages live side by side: the screen's (one a process, `use`) and the paper's (`language(code)`, handed
around as a value), because the paper speaks the store's language whoever is signed in.
"""

from __future__ import annotations

import functools
import gettext as _gettext
from typing import Final, Literal

from resources import resource

Language = Literal["zh", "en"]

DOMAIN: Final = "counterapp"
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
DEFAULT: Final[Language] = "zh"


@functools.cache
def language(code: str) -> _gettext.NullTranslations:
    """Return the catalogue of `code` ("zh" or "en"). Raises ValueError for any other."""
    if code not in LANGUAGES:
        raise ValueError(f"no language {code!r}")
    if code == "en":
        return _gettext.NullTranslations()
    with (resource("locale/zh_CN/LC_MESSAGES") / f"{DOMAIN}.mo").open("rb") as file:
        return _gettext.GNUTranslations(file)


class _Screen:
    """The language of the screen, which a person may switch while the program runs."""

    code: Language = DEFAULT


def use(code: Language) -> None:
    """Make `code` the language of the screen."""
    language(code)
    _Screen.code = code


def current() -> Language:
    """Return the language of the screen, "zh" or "en"."""
    return _Screen.code


def _(message: str) -> str:
    """Return `message` in the language of the screen."""
    return language(_Screen.code).gettext(message)


def _n(one: str, many: str, count: int) -> str:
    """Return the form of the message that fits `count`, in the language of the screen."""
    return language(_Screen.code).ngettext(one, many, count)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark `message` for the catalogue; whoever shows it translates it."""
    return message
