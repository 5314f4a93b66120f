"""`journal verify` and `journal keep`: whether the journal is whole, and where it ends."""

from __future__ import annotations

import argparse
import sys

from counterapp.core import journal
from counterapp.core.actor import CONSOLE, Actor
from counterapp.core.database import Database
from counterapp.core.journal_verify import Chain, ends
from counterapp.core.journal_verify import verify as read_whole
from counterapp.settings import Settings
from counterapp.store_access import open_store
from counterapp.words import _

_BAD = 4


def verify(settings: Settings, _asked: argparse.Namespace) -> int:
    """Read the journal whole. Returns 4 where an entry does not fit, the first one of each station named."""
    with open_store(settings) as database:
        chains = read_whole(database)
        elsewhere = {chain.station for chain in chains if not chain.kept}
    for chain in chains:
        if chain.bad is None:
            print(chain)
            if chain.station in elsewhere:
                print(" ", _("That nothing is cut off at its end shows at the PC of that station."))
    return _complain(chains)


def keep(settings: Settings, _asked: argparse.Namespace) -> int:
    """Note the present ends as the last entries, as after a backup was put back; the journal says that it was done."""
    with open_store(settings) as database:
        chains = read_whole(database, outside=False)
        if any(chain.bad for chain in chains):
            return _complain(chains)
        _keep(database, settings)
    print(_("The end of each station's entries is noted anew."))
    return 0


def _keep(database: Database, settings: Settings) -> None:
    assert database.heads is not None  # open_store names the data folder
    before = {head.chain: head.seq for head in database.heads.read().values()}
    after = {head.chain: head.seq for head in ends(database)}
    database.command(
        Actor(CONSOLE, settings.station.name),
        "journal.keep",
        lambda session: journal.note(session, noted_before=before, noted_now=after),
    )
    database.heads.replace(ends(database))


def _complain(chains: list[Chain]) -> int:
    bad = [chain.bad for chain in chains if chain.bad is not None]
    for one in bad:
        print(one, file=sys.stderr)
    return _BAD if bad else 0
