"""Pseudo-terminals, where the machine gives them: a bare chroot has no /dev/pts, and Windows none at all."""

from __future__ import annotations

import os

import pytest


def pseudo_terminal() -> tuple[int, int]:
    """Return both ends of a new one; the test that asks for it is skipped, with the reason, where there is none."""
    try:
        return os.openpty()
    except (AttributeError, OSError) as reason:
        pytest.skip(f"this machine gives no pseudo-terminals: {reason}")
