"""`run` and `demo`: the window."""

from __future__ import annotations

import argparse

from counterapp import app
from counterapp.settings import Settings
from counterapp.words import _


def run(settings: Settings, _asked: argparse.Namespace) -> int:
    """Open the store in a window."""
    return app.run(settings)


def demo(settings: Settings, _asked: argparse.Namespace) -> int:
    """Make the demo store if it is not there, and open it."""
    from counterapp.demo import prepare_demo

    sheet = prepare_demo(settings, app.install())
    print(_("Badges, receipts and goods to scan: {file}").format(file=sheet))
    return app.run(settings)
