"""The returns desk's screen, where cases come from that wait."""

from __future__ import annotations

from tests.desks.returns.conftest import described, screen

__all__ = ["described", "screen"]
