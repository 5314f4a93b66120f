"""What the devices desk prints: a test paper for any printer, and the sheet by which pages are put in their place."""

from __future__ import annotations

from counterapp.desks.devices.printouts.calibration import FRAMES, calibration_sheet, line_up
from counterapp.desks.devices.printouts.facts import DIGITS, OWN_CODE, QR_TEXT, PrinterFacts
from counterapp.desks.devices.printouts.trial import trial_paper

__all__ = [
    "DIGITS",
    "FRAMES",
    "OWN_CODE",
    "QR_TEXT",
    "PrinterFacts",
    "calibration_sheet",
    "line_up",
    "trial_paper",
]
