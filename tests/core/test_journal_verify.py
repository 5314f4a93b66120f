"""Whoever changes the journal behind the program's back is found, and the first bad entry is named."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from counterapp.core import cases, staff
from counterapp.core.actor import Actor, Role
from counterapp.core.database import Database
from counterapp.core.journal_heads import Head
from counterapp.core.journal_verify import BadEntry, Chain, ends, verify
from counterapp.core.secrets_file import Keys
from counterapp.errors import NotAllowed, Refused
from counterapp.words import N_
from tests.conftest import KEYS, PIN, Hire, PlayedClock

ENTRIES = 6


@pytest.fixture
def store(database: Database, tmp_path: Path) -> Iterator[Database]:
    """A store whose data folder knows where each chain ends."""
    folder = tmp_path / "data"
    folder.mkdir(exist_ok=True)
    with Database(database.url.render_as_string(hide_password=False), KEYS, folder) as store:
        assert store.heads is not None
        store.heads.replace(ends(store))
        yield store


@pytest.fixture
def worked(store: Database, clerk: Actor) -> Database:
    """A store in which station 2 has written six entries, and station 3 two."""
    for place in range(ENTRIES):
        _act(store, clerk, f"case {place}")
        clerk.clock.forward(minutes=1)  # type: ignore[attr-defined]  # the clock is a played one
    for place in range(2):
        _act(store, Actor(clerk.person, "3", clerk.clock), f"case {place}")
    return store


def test_a_journal_in_order_is_counted_by_station(worked: Database) -> None:
    assert _read(worked) == {"2": ENTRIES, "3": 2, "console": 1}


@pytest.mark.parametrize(
    "edit",
    [
        "at = '2026-11-21 06:35:01+00:00'",
        "person_id = (SELECT max(id) FROM staff WHERE number = '9001')",
        "person_id = NULL",
        "second_id = person_id",
        "act = 'case.close'",
        "refused = 'no'",
        "refused = ''",
        "changes = '[]'",
        "mac = '0000000000000000000000000000000000000000000000000000000000000000'",
        "mac = (SELECT mac FROM journal WHERE chain = '2' AND seq = 3)",
    ],
)
def test_an_entry_that_was_changed_is_named(worked: Database, edit: str) -> None:
    _steal(worked, f"UPDATE journal SET {edit} WHERE chain = '2' AND seq = 4")
    bad = _bad(worked, "2")
    assert (bad.station, bad.number) == ("2", 4)
    assert bad.act == ("case.close" if "case.close" in edit else "case.open")
    assert bad.at.startswith("2026-11-21 06:35:0")
    assert all(piece in str(bad) for piece in ("2", "4", "06:35:0", bad.act))
    assert {chain.station for chain in verify(worked) if chain.bad} == {"2"}


@pytest.mark.parametrize("place", [1, 4])
def test_a_word_that_was_changed_inside_an_entry_is_found(worked: Database, place: int) -> None:
    as_json = "json" if not worked.is_sqlite else "text"
    _steal(
        worked,
        f"UPDATE journal SET changes = CAST(replace(CAST(changes AS text), 'case {place - 1}', 'cose') AS {as_json})"
        f" WHERE chain = '2' AND seq = {place}",
    )
    assert _bad(worked, "2").number == place


@pytest.mark.parametrize(
    "edit",
    [
        "changes = 'rubbish'",
        "changes = CAST('[]' AS BLOB)",
        "at = 'yesterday'",
        "at = at || '+08:00'",
        "mac = x'00'",
        "refused = x'00'",
        "act = 7",
        "seq = 'x'",
        "seq = seq + 0.5",
    ],
)
def test_an_entry_that_cannot_even_be_read_is_named(worked: Database, edit: str) -> None:
    if not worked.is_sqlite:
        pytest.skip("PostgreSQL keeps types")
    _steal(worked, f"UPDATE journal SET {edit} WHERE chain = '2' AND seq = 4")
    assert _bad(worked, "2").number == 4


@pytest.mark.parametrize("place", [1, 4])
def test_an_entry_that_was_removed_is_missed(worked: Database, place: int) -> None:
    _steal(worked, f"DELETE FROM journal WHERE chain = '2' AND seq = {place}")
    bad = _bad(worked, "2")
    assert (bad.number, bad.at) == (place, f"2026-11-21 06:{32 + place}:00 UTC")


def test_entries_that_were_moved_up_into_a_gap_are_found(worked: Database) -> None:
    _steal(worked, "DELETE FROM journal WHERE chain = '2' AND seq = 3", *_moved(range(4, 7), -1))
    assert _bad(worked, "2").number == 3


def test_entries_that_changed_places_are_found(worked: Database) -> None:
    swap = "UPDATE journal SET seq = {} WHERE chain = '2' AND seq = {}"
    _steal(worked, swap.format(90, 3), swap.format(3, 5), swap.format(5, 90))
    assert _bad(worked, "2").number == 3


@pytest.mark.parametrize("place", [1, 3, 7])
def test_an_entry_that_was_put_in_is_found(worked: Database, place: int) -> None:
    copy = (
        f"INSERT INTO journal (id, chain, seq, at, person_id, second_id, act, refused, changes, mac) SELECT 999, chain,"
        f" {place}, at, person_id, second_id, act, refused, changes, mac FROM journal WHERE chain = '2' AND seq = 2"
    )
    # Room is made from the end on, for the numbers are unique.
    _steal(worked, *_moved(reversed(range(place, 7)), 1), copy if place != 1 else copy.replace("seq = 2", "seq = 3"))
    assert _bad(worked, "2").number == place


def test_a_whole_chain_given_to_another_station_is_found(worked: Database) -> None:
    _steal(
        worked,
        "UPDATE journal SET chain = '9' WHERE chain = '3'",
        "UPDATE journal_heads SET chain = '9' WHERE chain = '3'",
    )
    chains = {chain.station: chain for chain in verify(worked)}
    assert (chains["9"].bad is None, chains["3"].bad is None) == (False, False)


@pytest.mark.parametrize("left", [5, 3, 0])
@pytest.mark.parametrize("rolled_back", [False, True], ids=["head kept", "head rolled back"])
def test_a_cut_tail_is_missed(worked: Database, left: int, rolled_back: bool) -> None:
    head = (
        f"UPDATE journal_heads SET seq = {left}, mac = (SELECT mac FROM journal WHERE chain = '2' AND seq = {left})"
        " WHERE chain = '2'"
        if left
        else "DELETE FROM journal_heads WHERE chain = '2'"
    )
    _steal(worked, f"DELETE FROM journal WHERE chain = '2' AND seq > {left}", *([head] if rolled_back else []))
    chain = _chain(worked, "2")
    assert chain.bad is not None
    assert (chain.entries, chain.bad.number, chain.bad.more) == (left, left + 1, {"last": 6, "count": left})
    assert chain.bad.act == ("case.open" if left else "-")


def test_a_head_that_was_set_back_alone_is_found(worked: Database) -> None:
    _steal(worked, "UPDATE journal_heads SET seq = 4 WHERE chain = '2'")
    assert _bad(worked, "2").number == 6


def test_another_key_is_found_at_the_first_entry(worked: Database) -> None:
    with Database(worked.url.render_as_string(hide_password=False), Keys(KEYS.pepper, b"k" * 32)) as other:
        chains = [chain for chain in verify(other) if chain.bad is not None and chain.bad.number == 1]
    assert len(chains) == 3
    assert "keys.json" in str(chains[0].bad)


def test_a_tail_that_was_written_anew_with_the_key_is_not_the_one_this_pc_wrote(
    worked: Database, clerk: Actor, tmp_path: Path
) -> None:
    keep_3 = "UPDATE journal_heads SET seq = 3, mac = (SELECT mac FROM journal WHERE chain = '2' AND seq = 3)"
    _steal(worked, "DELETE FROM journal WHERE chain = '2' AND seq > 3", f"{keep_3} WHERE chain = '2'")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with Database(worked.url.render_as_string(hide_password=False), KEYS, elsewhere) as thief:
        for place in range(4):
            _act(thief, clerk, f"forged {place}")
    assert _bad(worked, "2").number == 6


def test_a_crash_between_commit_and_file_raises_no_alarm(worked: Database) -> None:
    assert worked.heads is not None
    whole = worked.heads.path.read_bytes()
    first = whole.index(b'["3"') + whole[whole.index(b'["3"') :].index(b"\n")
    for cut in (first, first + 1, first + 40, len(whole) - 1):
        worked.heads.path.write_bytes(whole[:cut] + bytes(cut % 3))
        assert _read(worked) == {"2": ENTRIES, "3": 2, "console": 1}


def test_a_crash_right_after_a_stations_first_entry_raises_no_alarm(
    store: Database, clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.heads is not None
    keep = store.heads.keep

    def killed(head: Head) -> None:
        if head.seq:
            raise KeyboardInterrupt
        keep(head)

    monkeypatch.setattr(store.heads, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        _act(store, clerk, "the first one")
    assert _read(store) == {"2": 1, "console": 1}


def test_a_torn_line_takes_no_other_with_it(worked: Database, clerk: Actor) -> None:
    assert worked.heads is not None
    path = worked.heads.path
    path.write_bytes(path.read_bytes()[:-30])
    _act(worked, clerk, "one more")
    assert worked.heads.read()["2"].seq == ENTRIES + 1


def test_a_last_value_is_not_taken_from_whoever_has_no_key(worked: Database) -> None:
    assert worked.heads is not None
    with worked.heads.path.open("a") as file:
        file.write('\n["2", 99, "0000", "0000"]\n["2", 99]\n{}\nnonsense')
    assert worked.heads.read()["2"].seq == ENTRIES


def test_a_file_of_last_values_that_is_gone_is_noticed_where_all_chains_are_kept(worked: Database) -> None:
    assert worked.heads is not None
    worked.heads.path.unlink()
    chains = verify(worked)
    assert [chain.bad is None for chain in chains] == [not worked.is_sqlite] * 3
    assert not any(chain.kept for chain in chains)


def test_a_long_file_of_last_values_is_shortened_and_says_the_same(worked: Database) -> None:
    assert worked.heads is not None
    said = worked.heads.read()
    worked.heads.tidy()
    assert worked.heads.path.read_bytes().count(b"\n") > 3
    with worked.heads.path.open("ab") as file:
        file.write(b"\n" + b"x" * 1_000_000)
    worked.heads.tidy()
    assert worked.heads.path.stat().st_size < 1000
    assert worked.heads.read() == said


def test_a_disk_that_does_not_take_the_last_value_does_not_undo_the_act(
    store: Database, clerk: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    assert store.heads is not None
    store.heads.path.unlink()
    store.heads.path.mkdir()
    _act(store, clerk, "a")
    assert "was not kept" in caplog.text
    store.heads.path.rmdir()
    assert _chain(store, "2").entries == 1


def test_last_values_are_right_whoever_writes_at_the_same_moment(store: Database, clerk: Actor) -> None:
    def work(station: str) -> None:
        for place in range(15):
            _act(store, Actor(clerk.person, station, clerk.clock), f"{place}")

    threads = [threading.Thread(target=work, args=(station,)) for station in ("2", "2", "4")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _read(store) == {"2": 30, "4": 15, "console": 1}
    assert store.heads is not None
    assert store.heads.read() == {head.chain: head for head in ends(store)}


def test_reading_can_be_watched_and_broken_off(worked: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counterapp.core.journal_verify._BATCH", 3)
    shares: list[float] = []
    verify(worked, progress=shares.append)
    assert shares == [3 / 9, 6 / 9, 1.0]
    with pytest.raises(Refused):
        verify(worked, cancelled=lambda: True)


def test_sign_ins_wrong_pins_and_refused_attempts_stand_in_it(
    store: Database, hire: Hire, clock: PlayedClock, clerk: Actor
) -> None:
    hire("5003", Role.SUPERVISOR)
    staff.sign_in(store, "5003", PIN, "2", clock)
    with pytest.raises(NotAllowed):
        staff.sign_in(store, "5003", "111112", "2", clock)

    def refuse(_session: object) -> None:
        raise Refused(N_("Scan or tick the goods first."))

    with pytest.raises(Refused):
        store.command(clerk, "return.submit", refuse)
    with store.engine.connect() as connection:
        entries = connection.execute(text("SELECT act, refused FROM journal WHERE chain = '2' ORDER BY seq")).all()
    assert [tuple(entry) for entry in entries] == [
        ("staff.sign_in", None),
        ("staff.wrong_pin", None),
        ("return.submit", "Scan or tick the goods first."),
    ]
    assert _read(store)["2"] == 3


def _act(database: Database, actor: Actor, title: str) -> None:
    database.command(actor, "case.open", lambda s: cases.open_case(s, actor, "returns", "RC", title).id)


def _moved(places: Iterator[int] | range, by: int) -> list[str]:
    return [f"UPDATE journal SET seq = {place + by} WHERE chain = '2' AND seq = {place}" for place in places]


def _steal(database: Database, *statements: str) -> None:
    """Do what a thief does who has the database: the guards are dropped first."""
    of_table = "" if database.is_sqlite else " ON journal"
    with database.engine.begin() as connection:
        for statement in (*(f"DROP TRIGGER keep_journal_{act}{of_table}" for act in ("update", "delete")), *statements):
            connection.exec_driver_sql(statement)


def _read(database: Database) -> dict[str, int]:
    chains = verify(database)
    assert [str(chain.bad) for chain in chains if chain.bad is not None] == []
    return {chain.station: chain.entries for chain in chains}


def _chain(database: Database, station: str) -> Chain:
    return next(chain for chain in verify(database) if chain.station == station)


def _bad(database: Database, station: str) -> BadEntry:
    bad = _chain(database, station).bad
    assert bad is not None
    return bad
