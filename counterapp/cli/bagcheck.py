"""`bagcheck`: the lockers laid out from a file, plastic tags, and what is old enough erased."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from counterapp.app import erasures
from counterapp.core.actor import CONSOLE, Actor, system_clock
from counterapp.core.personal import Erased
from counterapp.desks.bagcheck.rules import BadLayout
from counterapp.desks.bagcheck.services import locker_setup
from counterapp.errors import BadInput
from counterapp.maintenance import delete_kept_papers, erase_personal_data
from counterapp.settings import Settings
from counterapp.store_access import open_store
from counterapp.words import N_, _, _n

_BAD_FILE = 1


def lockers(settings: Settings, asked: argparse.Namespace) -> int:
    """Lay out the lockers from a CSV file. Every mistake is named with its line; then nothing is changed."""
    text = _read(Path(asked.file))
    actor = Actor(CONSOLE, settings.station.name)
    with open_store(settings) as database:
        try:
            count = database.command(
                actor, "bagcheck.lay_out", lambda session: locker_setup.lay_out(session, actor, text)
            )
        except BadLayout as bad:
            for mistake in bad.mistakes:
                print(mistake, file=sys.stderr)
            return _BAD_FILE
    print(_n("{count} locker is laid out.", "{count} lockers are laid out.", count).format(count=count))
    return 0


def tags(settings: Settings, asked: argparse.Namespace) -> int:
    """Add plastic tags; print what belongs on both pieces of each: number, customer's code, locker's code."""
    actor = Actor(CONSOLE, settings.station.name)
    numbers = [number for span in asked.numbers for number in span]
    with open_store(settings) as database:
        made = database.command(
            actor, "bagcheck.add_tags", lambda session: locker_setup.add_tags(session, actor, numbers)
        )
    for tag in made:
        print(tag.number, tag.code, tag.locker_code, sep="\t")
    return 0


def erase(settings: Settings, _asked: argparse.Namespace) -> int:
    """Erase the personal data whose time is over, papers kept on this PC too, and say how much it was."""
    sentence = _(
        "Erased: {numbers} ID numbers, {pictures} ID pictures, {people} customers, {photos} photos, {tokens} slips."
    )
    with open_store(settings) as database:
        erased = Erased()
        for run in erase_personal_data(database, settings, system_clock, erasures()):
            erased = erased.plus(run)
        print(sentence.format(numbers=erased.id_numbers, pictures=erased.id_pictures, people=erased.people,
                              photos=erased.photos, tokens=erased.tokens))  # fmt: skip
        kept = delete_kept_papers(database, settings)
    print(_n("{count} kept paper deleted.", "{count} kept papers deleted.", kept).format(count=kept))
    return 0


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(
            N_("{file} cannot be read ({reason}). Look at its name."), file=path, reason=error.strerror
        ) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(N_("{file} is no text. Save it as CSV, in UTF-8 or GB18030."), file=path)
