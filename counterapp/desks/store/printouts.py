"""The badge: a slip with a name and the barcode to sign in with."""

from __future__ import annotations

from typing import Literal

from counterapp import words
from counterapp.core.actor import Signer, role_source
from counterapp.words import N_
from printers.document import Cell, Code, Divider, Row, Slip


def badge_slip(store: str, person: Signer, badge: str, language: Literal["zh", "en"]) -> Slip:
    """Return the slip that is cut out and worn; `badge` is the code."""
    said = words.language(language).gettext
    return Slip(
        said(N_("Badge of {name}")).format(name=person.name),
        (
            Row((Cell(store, align="center"),)),
            Divider(),
            Row((Cell(person.name, align="center"),), scale=2, bold=True),
            Row((Cell(f"{said(role_source(person.role))}  {person.number}", align="center"),)),
            Code(badge, 14),
        ),
    )
