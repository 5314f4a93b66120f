"""A deposit: the next free locker, its pair of tokens on paper, and what the database refuses."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.commands import new_key
from counterapp.core.database import Database
from counterapp.core.print_queue import PaperRole, PrintJob
from counterapp.desks.bagcheck.models import Deposit
from counterapp.desks.bagcheck.rules import Size
from counterapp.desks.bagcheck.services import collecting, depositing, locker_setup
from counterapp.errors import BadInput, NotAllowed, Overtaken, Refused
from printers.document import Code, Pages, Slip, from_json
from tests.conftest import Hire
from tests.desks.bagcheck.counter import Counter, lay

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 100 + b"\xff\xd9"


def test_one_key_takes_the_next_free_locker_of_the_size_and_prints_both_pieces(counter: Counter) -> None:
    taken = counter.deposit(Size.MEDIUM, pieces=2)
    assert taken["locker"] == "49"
    assert counter.deposit(Size.MEDIUM)["locker"] == "50"
    job = counter.database.read(lambda s: s.get_one(PrintJob, taken["job"]))
    assert (job.paper, job.station, job.case_id, job.state) == (PaperRole.TOKEN, "2", taken["case"], "queued")
    slip = from_json(job.document)
    assert isinstance(slip, Slip)
    assert {line.text for line in slip.lines if isinstance(line, Code)} == set(counter.codes(taken["deposit"]))


def test_a_store_with_a_label_printer_gets_two_labels(counter: Counter) -> None:
    counter.use(tokens="labels")
    job = counter.database.read(lambda s: s.get_one(PrintJob, counter.deposit()["job"]))
    document = from_json(job.document)
    assert isinstance(document, Pages)
    assert len(document.pages) == 2


def test_a_lost_reply_is_not_a_second_deposit(counter: Counter) -> None:
    key = new_key()

    def once() -> object:
        return counter.database.command(
            counter.actor, "bagcheck.deposit", lambda s: depositing.deposit(s, counter.actor, Size.SMALL), key=key
        )

    assert once() == once()
    assert counter.database.read(lambda s: s.scalar(select(func.count()).select_from(Deposit))) == 1


def test_when_a_size_is_full_the_clerk_hears_what_is_free(counter: Counter) -> None:
    lay(counter, small=1, medium=3, large=0)
    counter.deposit(Size.SMALL)
    with pytest.raises(Refused) as met:
        counter.deposit(Size.SMALL)
    assert met.value.in_language("en") == "No small locker is free. Free now: medium 3, large 0."
    for _ in range(3):
        counter.deposit(Size.MEDIUM)
    with pytest.raises(Refused) as met:
        counter.deposit(Size.SMALL)
    assert "of any size" in met.value.message


def test_a_locker_out_of_use_is_passed_over_and_may_come_back(counter: Counter) -> None:
    lay(counter, small=2)
    counter.do(locker_setup.take_out_of_use, "1", "锁坏了")
    assert counter.deposit()["locker"] == "2"
    counter.do(locker_setup.put_back_in_use, "1")
    taken = counter.deposit()
    assert taken["locker"] == "1"
    with pytest.raises(Refused):
        counter.do(locker_setup.take_out_of_use, "1", "锁坏了")


def test_a_locker_is_taken_again_after_its_things_were_collected(counter: Counter) -> None:
    first = counter.deposit()
    counter.collect(first["deposit"])
    second = counter.deposit()
    assert second["locker"] == first["locker"]
    assert counter.codes(second["deposit"])[0] != counter.codes(first["deposit"])[0]


def test_pieces_and_a_description_may_be_noted_afterwards(counter: Counter) -> None:
    taken = counter.deposit(description="")
    counter.do(depositing.describe, taken["deposit"], taken["revision"], pieces=3, description="红色拉杆箱")
    seen = counter.look(taken["deposit"])
    assert (seen.pieces, seen.description) == (3, "红色拉杆箱")
    with pytest.raises(Overtaken):
        counter.do(depositing.describe, taken["deposit"], taken["revision"], pieces=4)
    for wrong in ({"pieces": 0}, {"pieces": 100}, {"description": "长" * 121}):
        with pytest.raises(BadInput):
            counter.do(depositing.describe, taken["deposit"], seen.revision, **wrong)


def test_a_picture_of_the_things_is_kept_with_them(counter: Counter) -> None:
    taken = counter.deposit()
    for wrong in (b"GIF89a", JPEG[:-2], b"\xff\xd8\xff" + b"x" * 300_000 + b"\xff\xd9"):
        with pytest.raises(BadInput):
            counter.do(depositing.add_photo, taken["deposit"], wrong)
    counter.do(depositing.add_photo, taken["deposit"], JPEG)
    counter.do(depositing.add_photo, taken["deposit"], JPEG.replace(b"picture", b"another"))
    assert counter.look(taken["deposit"]).has_photo
    assert b"another" in counter.ask(collecting.photo_of, taken["deposit"])


def test_refused_valuables_get_a_slip(counter: Counter) -> None:
    job_id = counter.do(depositing.refuse_valuables, "笔记本电脑")
    job = counter.database.read(lambda s: s.get_one(PrintJob, job_id))
    assert (job.paper, job.case_id) == (PaperRole.SLIP, None)
    assert "笔记本电脑" in job.document


def test_a_void_needs_a_second_person_and_a_reason_and_frees_the_locker(counter: Counter, supervisor: Signer) -> None:
    taken = counter.deposit()
    with pytest.raises(Refused):
        counter.void(taken["deposit"], supervisor, " ")
    with pytest.raises(NotAllowed):
        counter.void(taken["deposit"], counter.actor.person)
    with pytest.raises(NotAllowed):
        counter.void(taken["deposit"], replace(counter.actor.person, role=Role.SUPERVISOR))
    counter.void(taken["deposit"], supervisor)
    assert counter.deposit()["locker"] == taken["locker"]


@pytest.mark.parametrize("role", [Role.CASHIER, Role.AUDITOR, Role.IT, Role.CASH_OFFICE])
def test_who_does_not_work_at_the_counter_takes_nothing_in(counter: Counter, hire: Hire, role: Role) -> None:
    with pytest.raises(NotAllowed):
        counter.as_(hire("7001", role)).deposit()


def test_plastic_tags_are_scanned_at_their_lockers_instead(counter: Counter, manager: Signer) -> None:
    counter.use(tokens="tags")
    with pytest.raises(Refused):
        counter.deposit()
    lay(counter, small=3)
    tags = counter.as_(manager).do(locker_setup.add_tags, ["1", "2", "901"])
    free = counter.scan(tags[1].code)
    assert (free.number, free.locker) == ("2", "2")
    taken = counter.do(depositing.deposit_with_tag, tags[1].code)
    assert (taken["locker"], taken["job"]) == ("2", None)
    with pytest.raises(Overtaken):
        counter.do(depositing.deposit_with_tag, tags[1].code)
    with pytest.raises(Refused):
        counter.do(depositing.deposit_with_tag, tags[2].code)
    seen = counter.scan(tags[1].code)
    assert (seen.id, seen.locker) == (taken["deposit"], "2")
    with pytest.raises(Refused):
        counter.collect(taken["deposit"], tags[0].locker_code)
    counter.collect(taken["deposit"], tags[1].locker_code)
    assert counter.scan(tags[1].code).number == "2"


def test_the_database_refuses_a_second_live_deposit_in_a_locker_and_under_a_tag(
    counter: Counter, manager: Signer
) -> None:
    counter.as_(manager).do(locker_setup.add_tags, ["1"])
    mine, other = counter.deposit()["deposit"], counter.deposit()["deposit"]
    take = "UPDATE deposits SET {0} = (SELECT {0} FROM deposits WHERE id = :mine) WHERE id = :other"
    with pytest.raises(Overtaken):
        _sql(counter.database, take.format("locker_id"), mine=mine, other=other)
    _sql(counter.database, "UPDATE deposits SET tag_id = (SELECT id FROM tags) WHERE id = :mine", mine=mine)
    with pytest.raises(Overtaken):
        _sql(counter.database, take.format("tag_id"), mine=mine, other=other)


def test_of_many_stations_at_one_moment_each_gets_a_locker_of_its_own(counter: Counter, hire: Hire) -> None:
    lay(counter, small=12)
    stations = [Counter(counter.database, Actor(hire(f"61{n:02}"), f"{n}", counter.actor.clock)) for n in range(6)]
    start = threading.Barrier(len(stations))

    def rush(station: Counter) -> list[str]:
        start.wait()
        taken = []
        for _ in range(3):
            try:
                taken.append(station.deposit()["locker"])
            except Refused as full:
                taken.append(full.message)
        return taken

    with ThreadPoolExecutor(len(stations)) as threads:
        results = [one for each in threads.map(rush, stations) for one in each]
    lockers = [one for one in results if one.isdecimal()]
    assert sorted(lockers, key=int) == [str(number) for number in range(1, 13)]
    assert len(results) - len(lockers) == 6


def _sql(database: Database, statement: str, **values: object) -> None:
    database.run(lambda s: s.execute(text(statement), values))
