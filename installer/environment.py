"""The environment `.venv` in the project's root: what the lock names, hash by hash, and the project itself.

A stamp in the environment says what it holds. It is taken away before anything changes and written last, so an
environment without one was left half-made and is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from typing import Final

from machine import Halt, say

RUNTIME: Final = "requirements.lock"
DEVELOPMENT: Final = "requirements-dev.lock"

# Marks in the words of pip, ensurepip or the system, in the order in which they are tried, and what a person is told.
_CAUSES: Final = (
    (
        ("No space left on device", "not enough space on the disk"),
        "The disk is full. The environment takes about 1 GB; make room, then run this again.",
    ),
    (
        ("DO NOT MATCH THE HASHES",),
        "A package arrived that is not the one the lock names, and was not installed. Run this again; "
        "if it happens again, something between here and the package registry changes what it delivers.",
    ),
    (
        (
            "Temporary failure in name resolution",
            "Failed to establish a new connection",
            "Connection refused",
            "ConnectTimeoutError",
            "ReadTimeoutError",
            "ProxyError",
            "SSLError",
            "IncompleteRead",
            "Connection broken",
            "Connection reset",
            "Server Error",
        ),
        "The package registry does not answer. Check the network (pip reads HTTPS_PROXY and its own settings), "
        "then run this again.",
    ),
    (
        ("No matching distribution found", "is not a supported wheel"),
        "One of the packages is not made for Python {python} on this {machine}. "
        "Counterapp is made for 64-bit Linux and Windows.",
    ),
    (
        ("Permission denied", "Read-only file system", "Access is denied"),
        "The folder {root} cannot be written. Close Counterapp if it runs, or put the folder where you may write.",
    ),
)


class Environment:
    """The environment of the project in `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self._stamp = self.folder / "counterapp-setup.json"
        self._log = self.folder / "setup.log"

    def program(self, name: str) -> Path:
        """Return where the program `name` of the environment is, or will be."""
        return self.folder / "Scripts" / f"{name}.exe" if os.name == "nt" else self.folder / "bin" / name

    def holds(self, lock: str) -> bool:
        """Tell whether the environment is whole, made for this place and Python, and has all that `lock` names."""
        return self._held().get(lock) == self._digest(lock) and self.program("counterapp").exists()

    def ensure(self, lock: str) -> bool:
        """Make the environment hold all that `lock` (RUNTIME or DEVELOPMENT) names; False where it did already.

        Raises Halt, code 4, where that cannot be done.
        """
        if self.holds(lock):
            return False
        try:
            if self._held():
                self._stamp.unlink()
            else:
                say(f"Making the environment in {self.folder}")
                venv.create(self.folder, clear=True, symlinks=os.name != "nt", with_pip=True)
            self._log.write_bytes(b"")
            self._install("--require-hashes", "--only-binary=:all:", "-r", lock)
            self._install("--no-deps", "--no-build-isolation", "-e", ".")
            # The development lock is the other one and the tools.
            locks = [RUNTIME, DEVELOPMENT] if lock == DEVELOPMENT else [RUNTIME]
            stamp = {"base": self._base(), "locks": {name: self._digest(name) for name in locks}}
            self._stamp.write_text(json.dumps(stamp), encoding="utf-8")
        except subprocess.CalledProcessError as error:
            words = error.output.decode(errors="replace") if isinstance(error.output, bytes) else str(error.output)
            raise Halt(self._sentence(words), 4) from error
        except (OSError, ValueError) as error:  # ValueError: venv refuses the place
            raise Halt(self._sentence(str(error)), 4) from error
        return True

    def _base(self) -> str:
        """Return what an environment is bound to: its place and its Python."""
        return f"{self.folder} {sys.version_info[0]}.{sys.version_info[1]} {sys.platform} {platform.machine()}"

    def _digest(self, lock: str) -> str:
        """Return a digest of the lock and of what the project says about its own installation."""
        project = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        own = [project.get("project"), project.get("build-system"), project.get("tool", {}).get("setuptools")]
        digest = hashlib.sha256(json.dumps(own, sort_keys=True).encode())
        digest.update((self.root / lock).read_bytes())
        return digest.hexdigest()

    def _held(self) -> dict[str, str]:
        """Return the locks the environment holds and their digests; none where it is not whole or bound elsewhere."""
        try:
            stamp = json.loads(self._stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return dict(stamp["locks"]) if stamp["base"] == self._base() else {}

    def _install(self, *arguments: str) -> None:
        """Run pip; its words go to the log, the names of the packages on the screen too."""
        command = [str(self.program("python")), "-I", "-m", "pip", "install", "--progress-bar=off", *arguments]
        quiet = {"PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0"}
        words = []
        with (
            self._log.open("a", encoding="utf-8") as log,
            subprocess.Popen(
                command,
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                env={**os.environ, **quiet},
            ) as pip,
        ):
            for line in pip.stdout or ():
                log.write(line)
                words.append(line)
                if line.startswith("Collecting "):
                    say("  " + line.split()[1])
        if pip.returncode:
            raise subprocess.CalledProcessError(pip.returncode, command, "".join(words))

    def _sentence(self, words: str) -> str:
        """Return what a person is told when `words` are what the failed step left."""
        for marks, sentence in _CAUSES:
            if any(mark in words for mark in marks):
                return sentence.format(
                    python=platform.python_version(),
                    machine=f"{platform.system()} ({platform.machine()})",
                    root=self.root,
                )
        last = "\n".join("  " + line for line in words.strip().splitlines()[-5:])
        more = f"\nAll of them stand in {self._log}." if self._log.exists() else ""
        return f"The environment could not be made. The last words were:\n{last}{more}"
