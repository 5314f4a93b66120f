"""What the program does by itself once a day: personal data whose time is over is erased, on papers kept here too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence

from counterapp.core.actor import CONSOLE, Actor, Clock
from counterapp.core.database import Database
from counterapp.core.personal import Erased, EraseDue, erase_due, erased_papers
from counterapp.settings import Settings


def erase_personal_data(
    database: Database, settings: Settings, clock: Clock, desks: Sequence[tuple[str, EraseDue]]
) -> Iterator[Erased]:
    """Erase what is old enough at each of the `desks`, some records a command, and yield what each erased."""
    yield from erase_due(database, Actor(CONSOLE, settings.station.name, clock), desks)


def delete_kept_papers(database: Database, settings: Settings) -> int:
    """Delete the papers kept on this PC whose customer was erased, at whichever station; return how many there were."""
    gone = database.read(erased_papers)
    kept = [settings.kept_papers / key for key in gone if (settings.kept_papers / key).is_dir()]
    for folder in kept:
        shutil.rmtree(folder)
    return len(kept)
