"""The badge: a slip with a name and the barcode to sign in with."""

from __future__ import annotations

from counterapp import words
from counterapp.core.actor import Signer, role_source
from counterapp.documents import slip
from counterapp.words import N_, Language
from printers.document import Slip


def badge_slip(store: str, person: Signer, badge: str, language: Language) -> Slip:
    """Return the slip that is cut out by hand and worn; `badge` is the code."""
    said = words.language(language).gettext
    return Slip(
        said(N_("Badge of {name}")).format(name=person.name),
        (
            slip.centred(store),
            *slip.RULE,
            *slip.large(person.name),
            slip.centred(f"{said(role_source(person.role))}  {person.number}"),
            *slip.code(badge, 14),
        ),
    )
