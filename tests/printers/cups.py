"""A CUPS server of our own on loopback, and a printer behind it that has moods."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

#: What sends bytes to a socket; Debian has it in the package "cups", which the server itself does not need.
SOCKET: Final = Path("/usr/lib/cups/backend-available/socket")
_BACKEND = """#!/bin/sh
# moody:/folder: what the printer does stands in `mood`, what it printed in `<job>.paper`.
[ $# -eq 0 ] && { echo 'direct moody "Unknown" "moody"'; exit 0; }
folder=${DEVICE_URI#moody:}
mood() { read -r word < "$folder/mood"; [ "$word" = "$1" ]; }
echo "STATE: -media-empty-error,cover-open-error,mystery-error" >&2
while mood empty; do echo "STATE: +media-empty-error" >&2; sleep 0.05; done
while mood open; do echo "STATE: +cover-open-error" >&2; sleep 0.05; done
while mood odd; do echo "STATE: +mystery-error" >&2; sleep 0.05; done
while mood off; do
    echo "WARNING: recoverable: The printer may not exist or is unavailable at this time." >&2; sleep 0.05
done
echo "STATE: -media-empty-error,cover-open-error,mystery-error" >&2
echo "INFO: Printing." >&2
mood fail && exit 1
cat "${6:--}" > "$folder/$1.paper"
"""

_SETTINGS = """
Listen 127.0.0.1:{port}
Browsing No
WebInterface No
DefaultAuthType None
LogLevel warn
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""


class Cups:
    """The server: `mood` of its printer, and the papers that came out."""

    def __init__(self, folder: Path) -> None:
        self._device = folder / "device"
        self._device.mkdir()
        self._device.chmod(0o777)
        self.mood = "ok"

    @property
    def mood(self) -> str:
        return (self._device / "mood").read_text().strip()

    @mood.setter
    def mood(self, mood: str) -> None:
        (self._device / "next").write_text(mood + "\n")
        (self._device / "next").replace(self._device / "mood")

    @property
    def papers(self) -> list[bytes]:
        """What came out, in order."""
        return [path.read_bytes() for path in sorted(self._device.glob("*.paper"), key=lambda path: int(path.stem))]

    def add(self, queue: str, policy: str = "retry-job") -> str:
        """Add a raw queue to the printer."""
        self.run("lpadmin", "-p", queue, "-v", f"moody:{self._device}", "-E", "-o", f"printer-error-policy={policy}")
        return queue

    def add_raw(self, queue: str, port: int) -> str:
        """Add a queue without a driver, whose printer is at a TCP port of this PC."""
        device = f"socket://127.0.0.1:{port}/?snmp=false"
        self.run("lpadmin", "-p", queue, "-v", device, "-E", "-o", "printer-error-policy=retry-job")
        return queue

    def run(self, *command: str) -> str:
        """Run one of CUPS's programs against this server."""
        found = shutil.which(command[0], path=_PATH)
        assert found is not None, _MISSING
        return subprocess.run([found, *command[1:]], check=True, capture_output=True, text=True).stdout

    def unfinished(self) -> str:
        return self.run("lpstat", "-o")


_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_MISSING = (
    "The tests of the spooler need CUPS: install the packages cups-daemon and cups-client "
    "(`python3 installer/bootstrap.py test` does it on Debian), then run them again."
)


@contextmanager
def server() -> Iterator[Cups]:
    """Start CUPS, with CUPS_SERVER pointing to it. Fails where it is not installed."""
    programs = {name: shutil.which(name, path=_PATH) for name in ("cupsd", "lp", "lpadmin", "lpstat", "cancel")}
    if None in programs.values():
        pytest.fail(_MISSING)
    # CUPS lets its helpers run as another user, who has to get through; pytest's own folders are closed to them.
    folder = Path(tempfile.mkdtemp(prefix="cups-"))
    folder.chmod(0o711)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    cups = Cups(folder)
    command = [str(programs["cupsd"]), "-f", "-c", str(_write(folder, port)), "-s", str(folder / "cups-files.conf")]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CUPS_SERVER", f"127.0.0.1:{port}")
            _wait_for(port, process, folder)
            yield cups
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, port: int) -> Path:
    """Lay out what the server needs below `folder` and return its configuration."""
    places = {name: folder / name for name in ("root", "cache", "state", "spool", "tmp", "bin")}
    for place in places.values():
        place.mkdir(mode=0o755)
    places["tmp"].chmod(0o1777)
    backends = places["bin"] / "backend"
    backends.mkdir()
    moody = backends / "moody"
    moody.write_text(_BACKEND)
    moody.chmod(moody.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    if SOCKET.exists():
        (backends / "socket").symlink_to(SOCKET)
    (places["bin"] / "daemon").symlink_to("/usr/lib/cups/daemon")
    files = {
        "ServerRoot": places["root"], "CacheDir": places["cache"], "StateDir": places["state"],
        "RequestRoot": places["spool"], "TempDir": places["tmp"], "ServerBin": places["bin"],
        "AccessLog": folder / "access", "ErrorLog": folder / "errors", "PageLog": folder / "pages",
    }  # fmt: skip
    lines = [f"{name} {value}" for name, value in files.items()]
    if os.geteuid() != 0:
        lines += [f"User {getpass.getuser()}"]
    (folder / "cups-files.conf").write_text("\n".join(lines) + "\n")
    settings = folder / "cupsd.conf"
    settings.write_text(_SETTINGS.format(port=port))
    return settings


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail(f"CUPS did not start: {(folder / 'said').read_text(errors='replace')}")
