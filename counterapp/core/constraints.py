"""What a constraint of the database forbade, in the operator's words."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import IntegrityError

from counterapp.errors import BadInput, CounterError, NotAllowed, Overtaken
from counterapp.words import N_

_FASTER: Final = N_("Somebody else was faster. Look at the record again before you go on.")
_OWN: Final = N_("Nobody approves what they prepared themselves. Ask another person with the right to approve.")
_TAKEN: Final = N_("The staff number is in use already. Choose another one.")

#: A piece of the driver's message -> kind and sentence. PostgreSQL names constraints; SQLite names checks and triggers
#: by name, unique keys by their columns.
_SENTENCES: Final[tuple[tuple[str, type[CounterError], str], ...]] = (
    ("two_people", NotAllowed, _OWN),
    ("staff.number", BadInput, _TAKEN),
    ("uq_staff_number", BadInput, _TAKEN),
)


def translate(error: IntegrityError) -> CounterError | None:
    """Return what the broken constraint means at the counter, None where only a bug can have broken it.

    A key or check that is not named here is a race: two people took the same thing, and the database let one win.
    """
    said = str(error.orig)
    if "not null" in said.lower():
        return None
    for piece, kind, sentence in _SENTENCES:
        if piece in said:
            return kind(sentence)
    return Overtaken(_FASTER)
