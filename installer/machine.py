"""What the operating system has to lend: the libraries that Qt loads, a screen, and Python's way to make environments.

Names of libraries and packages were found on a bare Debian 12; Debian's relatives (Ubuntu, UOS, Kylin) call them the
same. Windows brings all of it along.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from typing import Final

# Library to Debian package. What Qt loads even without a screen:
OFFSCREEN: Final[Mapping[str, str]] = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libgthread-2.0.so.0": "libglib2.0-0",
}
# What it loads besides to show a window:
WINDOW: Final[Mapping[str, str]] = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
}


# Program to Debian package. The tests print through a spooler of their own:
SPOOLER: Final[Mapping[str, str]] = {"cupsd": "cups-daemon", "lp": "cups-client"}


class Halt(Exception):  # noqa: N818 - no fault of the program: it stops and says what to do
    """The installer cannot go on. The text says why and what to do; `code` becomes the exit code."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.code = code


def say(text: str) -> None:
    """Print one line at once, so that it stands before whatever a started program prints."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def missing_libraries(libraries: Mapping[str, str]) -> dict[str, str]:
    """Return those of `libraries` (library to Debian package) that this machine cannot load; none on Windows."""
    return {} if sys.platform == "win32" else {name: libraries[name] for name in libraries if not _loads(name)}


def missing_programs(programs: Mapping[str, str]) -> dict[str, str]:
    """Return those of `programs` (program to Debian package) that this machine lacks; none on Windows."""
    if sys.platform == "win32":
        return {}
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
    return {name: programs[name] for name in programs if not shutil.which(name, path=path)}


def missing_environment_maker() -> dict[str, str]:
    """Return what Python lacks to make environments (part to Debian package); Debian keeps that in a package apart."""
    if importlib.util.find_spec("ensurepip"):
        return {}
    return {"ensurepip": "python{}.{}-venv".format(*sys.version_info[:2])}


def provide(missing: Mapping[str, str]) -> None:
    """Install what is missing (part to Debian package) as root; for anybody else say the one line that does it.

    Raises Halt, code 3, where a person has to do something first.
    """
    if not missing:
        return
    packages = list(dict.fromkeys(missing.values()))
    if shutil.which("apt-get") is None:
        raise Halt(
            f"This machine lacks {', '.join(missing)}. Install them with its package manager, then run this again.", 3
        )
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not _is_root():
        raise Halt(
            f"This machine lacks some system packages. Run this line, then this again:\n  sudo {' '.join(install)}", 3
        )
    say(f"Installing from the system: {' '.join(packages)}")
    _quietly("apt-get", "update")  # one dead source among many is no reason to stop: the installation itself tells
    done = _quietly(*install)
    if done.returncode:
        raise Halt(
            f"{done.stdout.rstrip()}\nThe system's packages could not be installed; apt-get's words stand above. "
            "Check the network and the package sources, then run this again.",
            3,
        )


def require_screen() -> None:
    """Raise Halt, code 3, where a window has nowhere to open."""
    if sys.platform == "win32" or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        return
    raise Halt(
        "There is no screen here (DISPLAY and WAYLAND_DISPLAY are not set). Run this in a desktop session, "
        "or over `ssh -X`. `setup` and `test` need no screen.",
        3,
    )


def _quietly(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        check=False,
    )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0
