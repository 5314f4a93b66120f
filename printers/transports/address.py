"""How a printer is reached, as IT writes it: "tcp:192.168.1.50", "serial:COM3@9600", "spooler:LQ-630K"."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Final

from printers.profile import Profile
from printers.transports import Transport
from printers.transports.serial import SPEED, SPEEDS, Serial
from printers.transports.tcp import PORT, Tcp
from printers.transports.usb import Usb

#: For whoever has to correct one.
FORMS: Final = "tcp:HOST, tcp:HOST:PORT, serial:PORT, serial:PORT@SPEED, usb:DEVICE, spooler:NAME"

_ADDRESS: Final = re.compile(
    r"tcp:(?P<host>[^\s:\[\]]+|\[[0-9A-Fa-f:.%]+\])(?::(?P<tcp_port>\d{1,5}))?"
    r"|serial:(?P<line>[^\s@]+)(?:@(?P<speed>\d{1,7}))?"
    r"|usb:(?P<device>/\S+)"
    r"|spooler:(?P<queue>\S(?:.*\S)?)"
)


@dataclass(frozen=True, slots=True)
class Queue:
    """The printer `name` of the system's spooler."""

    name: str


Place = Tcp | Serial | Usb | Queue


def place(address: str) -> Place | None:
    """Return where `address` leads, None where it is none. Windows has no USB devices but through its spooler."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    if found["host"]:
        port = int(found["tcp_port"] or PORT)
        return Tcp(found["host"].strip("[]"), port) if 1 <= port <= 65535 else None
    if found["line"]:
        speed = int(found["speed"] or SPEED)
        return Serial(found["line"], speed) if SPEEDS[0] <= speed <= SPEEDS[1] else None
    if found["device"]:
        return Usb(found["device"]) if sys.platform != "win32" else None
    return Queue(found["queue"])


def transport(at: Place, printer: str, profile: Profile, form: str = "") -> Transport:
    """Return the way to the printer that people call `printer`; `form` is the spooler's name for its paper."""
    # Addresses are read at the program's start, what leads there is needed after the first paint.
    if not isinstance(at, Queue):
        from printers.transports.stream import StreamTransport

        return StreamTransport(printer, at, profile.status)
    if sys.platform == "win32":
        from printers.transports.windows import WindowsTransport

        return WindowsTransport(at.name, form)
    from printers.transports.spooler import CupsTransport, media_for

    return CupsTransport(at.name, form or media_for(profile), profile.options)
