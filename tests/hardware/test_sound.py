"""The three sounds: each its own file, heard one after the other, and silence where a PC has no player."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from counterapp.hardware import sound
from counterapp.hardware.sound import Sound, Speaker
from resources import resource


@pytest.mark.parametrize("one", Sound)
def test_each_sound_is_short_and_stands_in_a_file_that_every_player_takes(one: Sound) -> None:
    with wave.open(str(resource(f"sounds/{one}.wav"))) as file:
        seconds = file.getnframes() / file.getframerate()
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
    assert 0.05 <= seconds <= 0.5


def test_a_player_of_the_system_is_given_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    player = tmp_path / "aplay"
    player.write_text(f'#!/bin/sh\necho "$2" >> {heard}\n')
    player.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    speaker = Speaker()
    speaker.play(Sound.REFUSED)
    speaker.stop()
    assert heard.read_text() == f"{resource('sounds/refused.wav')}\n"


def test_a_pc_without_a_player_or_with_a_broken_one_stays_silent_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    silent = Speaker()
    silent.play(Sound.TAKEN)
    silent.stop()

    def broken() -> object:
        def play(_path: Path) -> None:
            raise OSError("no sound card")

        return play

    monkeypatch.setattr(sound, "_player", broken)
    speaker = Speaker()
    speaker.play(Sound.TAKEN)
    speaker.play(Sound.QUESTION)
    speaker.stop()
