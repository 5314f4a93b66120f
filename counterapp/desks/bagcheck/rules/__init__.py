"""What bag check decides: pure functions from values to values."""

from __future__ import annotations

from counterapp.desks.bagcheck.rules.layout import BadLayout, PlannedLocker, Size, read_layout
from counterapp.desks.bagcheck.rules.states import (
    CHARGED,
    COLLECTED,
    LOST,
    MAY,
    MOVES,
    PAID,
    SIGNED,
    STORED,
    TOLD,
    VOID,
    WAITING,
    Act,
    Piece,
    require,
)
from counterapp.desks.bagcheck.rules.stays import Point, Stay, is_overnight, nights, occupancy

__all__ = [
    "CHARGED",
    "COLLECTED",
    "LOST",
    "MAY",
    "MOVES",
    "PAID",
    "SIGNED",
    "STORED",
    "TOLD",
    "VOID",
    "WAITING",
    "Act",
    "BadLayout",
    "Piece",
    "PlannedLocker",
    "Point",
    "Size",
    "Stay",
    "is_overnight",
    "nights",
    "occupancy",
    "read_layout",
    "require",
]
