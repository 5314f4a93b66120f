"""Three short sounds that can be told apart with eyes closed, by what the system has to play them."""

from __future__ import annotations

import enum
import logging
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from resources import resource

#: ALSA, PulseAudio, PipeWire: whichever is installed takes a file and ends with it.
_PLAYERS: Final = (("aplay", "-q"), ("paplay",), ("pw-play",))
_LONGEST_S: Final = 3.0

_log = logging.getLogger(__name__)


class Sound(enum.StrEnum):
    """What is heard: a scan was taken, something was refused, somebody is asked."""

    TAKEN = "taken"
    REFUSED = "refused"
    QUESTION = "question"


class Speaker:
    """Plays sounds one after the other, off the caller's thread; what comes while one is played replaces what waits.

    A PC without a player or a loudspeaker stays silent: nothing at the counter waits for a sound.
    """

    def __init__(self) -> None:
        self._wanted: queue.Queue[Sound | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()

    def play(self, sound: Sound) -> None:
        """Let `sound` be heard."""
        self._wanted.put(sound)

    def stop(self) -> None:
        """End the thread."""
        self._wanted.put(None)
        self._thread.join()

    def _run(self) -> None:
        play = _player()
        while (sound := self._latest()) is not None:
            if play is None:
                continue
            try:
                play(resource(f"sounds/{sound}.wav"))
            except (OSError, RuntimeError, subprocess.SubprocessError) as error:
                _log.info("no sound: %s", error)

    def _latest(self) -> Sound | None:
        wanted = self._wanted.get()
        while wanted is not None and not self._wanted.empty():
            newer = self._wanted.get()
            if newer is None:
                self._wanted.put(None)
                break
            wanted = newer
        return wanted


def _player() -> Callable[[Path], None] | None:
    """Return what plays a WAV file on this system and ends with it, None where nothing does."""
    if sys.platform == "win32":
        import winsound

        return lambda path: winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_NODEFAULT)
    found = next((command for command in _PLAYERS if shutil.which(command[0])), None)
    if found is None:
        return None
    return lambda path: _run_player([*found, str(path)])


def _run_player(command: list[str]) -> None:
    subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=_LONGEST_S,
        check=False,
    )  # fmt: skip
