"""A lost token in its five steps, none before its turn, in the services and in the tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from counterapp import words
from counterapp.core import personal, print_queue
from counterapp.core.actor import CONSOLE, Actor, Role, Signer
from counterapp.core.journal import JournalEntry
from counterapp.core.print_queue import PaperRole, PrintJob
from counterapp.desks.bagcheck.models import Deposit, LostToken
from counterapp.desks.bagcheck.rules import Piece
from counterapp.desks.bagcheck.services import collecting, days, depositing, locker_setup, lost_tokens, privacy
from counterapp.desks.bagcheck.services.collecting import Alarm
from counterapp.errors import BadInput, CounterError, NotAllowed, NotFound, Overtaken, Refused, Trouble
from printers.document import from_json
from tests.conftest import KEYS, Hire, PlayedClock
from tests.desks.bagcheck.counter import ZHANG, Counter, lay
from tests.desks.bagcheck.test_deposit import JPEG


def test_the_whole_way_from_the_loss_to_the_open_locker(counter: Counter, hire: Hire) -> None:
    deposit = counter.deposit(pieces=2, description="红色拉杆箱")["deposit"]
    counter.do(depositing.add_photo, deposit, JPEG)
    lost = counter.report(deposit)
    hidden = counter.look(deposit)
    assert (hidden.pieces, hidden.description) == (None, None)
    with pytest.raises(Refused):
        counter.ask(collecting.photo_of, deposit)
    counter.tell(deposit, "红色拉杆箱，两件")
    shown = counter.look(deposit)
    said = counter.ask(privacy.loss, lost)
    assert (said.words, shown.description, shown.pieces) == ("红色拉杆箱，两件", "红色拉杆箱", 2)
    with pytest.raises(Refused):
        counter.collect(deposit)
    assert counter.charge(deposit) == 1
    with pytest.raises(Refused):
        counter.collect(deposit)
    counter.as_(hire("8001", Role.CASH_OFFICE)).receive(deposit)
    counter.collect(deposit)
    (entry,) = counter.database.read(lambda s: lost_tokens.book(s, dt.date(2026, 11, 21), dt.date(2026, 11, 21)))
    assert (entry.number, entry.penalty_no, entry.penalty_fen, entry.receipt_no) == (1, 1, 500, "0088123")
    assert entry.settled


def test_the_form_has_its_seven_fields_and_goes_to_the_cash_office_as_paper(counter: Counter) -> None:
    deposit = counter.deposit()["deposit"]
    counter.report(deposit)
    counter.tell(deposit)
    counter.charge(deposit)
    job = counter.database.read(lambda s: s.scalars(select(PrintJob).where(PrintJob.paper == PaperRole.FORM)).one())
    for field in ("000001", "张三", "人民路88号3单元501室", "A区1层", "5.00", "王丽 6012"):
        assert field in job.document
    assert "3021" not in job.document
    # The form opens its case again: its code is the substitute of the lost one.
    assert counter.codes(deposit)[0] in job.document
    assert counter.scan(counter.codes(deposit)[0]).id == deposit


def test_a_fee_that_is_no_fine_is_called_and_priced_as_the_store_says(counter: Counter) -> None:
    counter.use(penalty_fen=300, penalty_name="钥匙工本费")
    deposit = counter.deposit()["deposit"]
    counter.report(deposit)
    counter.tell(deposit)
    counter.charge(deposit)
    with pytest.raises(BadInput):
        counter.receive(deposit, fen=500)
    counter.receive(deposit, fen=300)
    document = counter.database.read(
        lambda s: s.scalars(select(PrintJob.document).where(PrintJob.paper == "form")).one()
    )
    assert "钥匙工本费" in document


def test_no_step_comes_before_its_turn(counter: Counter) -> None:
    deposit = counter.deposit()["deposit"]
    _refused(deposit, counter.tell, counter.charge, counter.receive)
    counter.report(deposit)
    _refused(deposit, counter.report, counter.charge, counter.receive, counter.collect)
    with pytest.raises(Refused):
        counter.tell(deposit, "  ")
    counter.tell(deposit)
    _refused(deposit, counter.tell, counter.receive, counter.collect)


def test_the_counters_own_loss_costs_the_customer_nothing(counter: Counter) -> None:
    deposit = counter.deposit()["deposit"]
    customers, lockers = counter.codes(deposit)
    counter.report(deposit, Piece.COUNTER)
    counter.tell(deposit)
    with pytest.raises(Refused):
        counter.charge(deposit)
    assert isinstance(counter.scan(lockers or ""), Alarm)
    assert counter.scan(customers).id == deposit
    counter.collect(deposit)
    assert counter.look(deposit).state == "collected"


def test_a_lost_token_that_turns_up_raises_an_alarm_and_gives_nothing_back(
    counter: Counter, clock: PlayedClock
) -> None:
    deposit = counter.deposit()["deposit"]
    code = counter.codes(deposit)[0]
    lost = counter.lose_and_pay(deposit)
    for _ in range(2):
        seen = counter.scan(code)
        assert isinstance(seen, Alarm)
        assert (seen.lost_id, seen.token) == (lost, "1")
        counter.do(lost_tokens.found_again, lost)
        clock.forward(hours=1)
    counter.collect(deposit)
    assert isinstance(counter.scan(code), Alarm)
    entry = counter.database.read(lambda s: s.get_one(LostToken, lost))
    assert entry.found_at == clock.now - dt.timedelta(hours=2)
    assert (entry.penalty_fen, entry.received_fen, entry.receipt_no) == (500, 500, "0088123")
    with pytest.raises(NotFound):
        counter.do(lost_tokens.found_again, 4711)


def test_the_wrong_key_is_taken_back_before_the_customer_has_spoken(counter: Counter) -> None:
    deposit = counter.deposit()["deposit"]
    codes = counter.codes(deposit)
    for piece in Piece:
        counter.report(deposit, piece)
        assert counter.codes(deposit) != codes
        counter.do(lost_tokens.take_back_report, deposit, counter.look(deposit).revision)
        assert counter.codes(deposit) == codes
    counter.report(deposit)
    counter.tell(deposit)
    with pytest.raises(Overtaken):
        counter.do(lost_tokens.take_back_report, deposit, counter.look(deposit).revision)


def test_one_receipt_closes_one_penalty(counter: Counter) -> None:
    first, second = counter.deposit()["deposit"], counter.deposit()["deposit"]
    counter.lose_and_pay(first, "0088123")
    counter.report(second)
    counter.tell(second)
    counter.charge(second)
    with pytest.raises(Overtaken):
        counter.receive(second, "0088123")
    for wrong in ("", " " * 5, "1" * 33):
        with pytest.raises(BadInput):
            counter.receive(second, wrong)
    counter.receive(second, "0088124")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"address": ""},
        {"name": "名" * 41},
        {"shown_id": "302"},
        {"shown_id": "身份证号"},
        {"phone": "1" * 21},
    ],
)
def test_what_the_form_needs_is_asked_for(counter: Counter, wrong: dict[str, str]) -> None:
    deposit = counter.deposit()["deposit"]
    counter.report(deposit)
    counter.tell(deposit)
    with pytest.raises(BadInput):
        counter.charge(deposit, replace(ZHANG, **wrong))  # type: ignore[arg-type]


def test_a_lost_tag_is_out_of_use_and_a_spare_hangs_in_its_place(counter: Counter, clock: PlayedClock) -> None:
    counter.use(tokens="tags")
    lay(counter, small=2)
    boss = Counter(counter.database, Actor(CONSOLE, "console", clock))
    one, two, spare, second_spare = boss.do(locker_setup.add_tags, ["1", "2", "901", "902"])
    taken = counter.do(depositing.deposit_with_tag, one.code)
    with pytest.raises(NotFound):
        counter.report(taken["deposit"], spare=two.code)
    assert counter.database.read(days.tags_expected) == 3
    counter.report(taken["deposit"], spare=second_spare.code)
    counter.do(lost_tokens.take_back_report, taken["deposit"], counter.look(taken["deposit"]).revision)
    assert counter.scan(one.code).id == taken["deposit"]
    lost = counter.report(taken["deposit"], spare=second_spare.code)
    assert counter.ask(privacy.loss, lost).substitute == "902"
    assert isinstance(counter.scan(one.code), Alarm)
    assert counter.scan(second_spare.code).id == taken["deposit"]
    counter.tell(taken["deposit"])
    counter.charge(taken["deposit"])
    counter.receive(taken["deposit"])
    counter.collect(taken["deposit"], second_spare.locker_code)
    with pytest.raises(Refused):
        counter.do(depositing.deposit_with_tag, one.code)
    with pytest.raises(BadInput):
        boss.do(locker_setup.add_tags, ["1"])  # a lost number never comes back
    assert counter.do(depositing.deposit_with_tag, second_spare.code)["locker"] == "1"
    number = counter.do(lost_tokens.write_off_tag, "2")["number"]
    assert number == 2
    assert isinstance(counter.scan(two.code), Alarm)
    assert counter.scan(spare.code).locker == "2"
    with pytest.raises(Refused):
        counter.do(lost_tokens.write_off_tag, "902")


def test_what_stays_overnight_with_its_token_lost_needs_the_signature_too(
    counter: Counter, supervisor: Signer, clock: PlayedClock
) -> None:
    deposit = counter.deposit()["deposit"]
    clock.forward(days=1)
    counter.lose_and_pay(deposit)
    with pytest.raises(Refused):
        counter.collect(deposit)
    counter.release(deposit, supervisor)
    counter.collect(deposit)


_LOCKS = (
    "UPDATE deposits SET ended_at = '2026-11-21 08:00:00', ended_on = '2026-11-21', ended_by = 1, settled = {yes}",
    "UPDATE lost_tokens SET settled = {yes}",
    "UPDATE lost_tokens SET penalty_no = 9, penalty_fen = 500, id_seen = {yes}, name = 'n', address = 'a',"
    " id_last_four = '1'",
    "UPDATE lost_tokens SET told_at = '2026-11-21 08:00:00'",
    "UPDATE lost_tokens SET receipt_no = '1', received_fen = 500",
)


@pytest.mark.parametrize("forged", _LOCKS)
def test_the_database_keeps_the_order_of_the_steps_whoever_writes(counter: Counter, forged: str) -> None:
    counter.report(counter.deposit()["deposit"])
    yes = "1" if counter.database.is_sqlite else "true"
    with pytest.raises(CounterError):
        counter.database.run(lambda s: s.execute(text(forged.format(yes=yes))))


def test_a_settled_loss_stays_settled(counter: Counter) -> None:
    deposit = counter.deposit()["deposit"]
    counter.lose_and_pay(deposit)
    counter.collect(deposit)
    no = "0" if counter.database.is_sqlite else "false"
    with pytest.raises(CounterError):
        counter.database.run(lambda s: s.execute(text(f"UPDATE lost_tokens SET settled = {no}")))


def test_personal_data_is_masked_until_somebody_asks_and_the_journal_says_who(counter: Counter, hire: Hire) -> None:
    lost = counter.lose_and_pay(counter.deposit()["deposit"])
    seen = counter.ask(privacy.loss, lost)
    assert (seen.name, seen.address, seen.phone, seen.id_last_four) == ("张*", "人民路8****", "138****5678", "****")
    whole = counter.do(privacy.unmask, KEYS, lost)
    assert (whole.name, whole.phone, whole.id_last_four, whole.id_number) == ("张三", "13812345678", "3021", "")
    entry = counter.database.read(
        lambda s: s.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
    )
    assert (entry.person_id, entry.changes[0]["after"]) == (counter.actor.person.person_id, {"unmasked": lost})
    with pytest.raises(NotAllowed):
        counter.as_(hire("7001", Role.IT)).do(privacy.unmask, KEYS, lost)
    everything = counter.database.read(lambda s: str(s.scalars(select(JournalEntry.changes)).all()))
    assert "张三" not in everything
    assert "13812345678" not in everything


def test_a_store_that_keeps_ids_keeps_them_sealed(counter: Counter) -> None:
    counter.use(id_keeping="copy")
    deposit = counter.deposit()["deposit"]
    lost = counter.report(deposit)
    counter.tell(deposit)
    with pytest.raises(BadInput):
        counter.charge(deposit)
    number = "11010519491231002x"
    with pytest.raises(BadInput):
        counter.charge(deposit, replace(ZHANG, shown_id=number))
    counter.charge(deposit, replace(ZHANG, shown_id=number, id_picture=JPEG))
    kept = counter.database.read(lambda s: s.get_one(LostToken, lost))
    assert b"1949" not in bytes(kept.id_number or b"")
    assert b"picture" not in bytes(kept.id_picture or b"")
    whole = counter.do(privacy.unmask, KEYS, lost)
    assert (whole.id_number, whole.id_last_four, whole.id_picture) == (number.upper(), "002X", JPEG)
    with pytest.raises(Trouble):
        counter.do(privacy.unmask, replace(KEYS, journal=b"x" * 32), lost)


def test_without_the_setting_no_more_than_four_characters_are_kept(counter: Counter) -> None:
    deposit = counter.deposit()["deposit"]
    lost = counter.report(deposit)
    counter.tell(deposit)
    counter.charge(deposit, replace(ZHANG, shown_id="110105194912310021", id_picture=JPEG))
    kept = counter.database.read(lambda s: s.get_one(LostToken, lost))
    assert (kept.id_last_four, kept.id_number, kept.id_picture) == ("0021", None, None)


def test_what_is_old_enough_is_erased_and_the_job_says_what(counter: Counter, clock: PlayedClock) -> None:
    counter.use(id_keeping="copy")
    deposit = counter.deposit()["deposit"]
    counter.do(depositing.add_photo, deposit, JPEG)
    counter.report(deposit)
    counter.tell(deposit)
    counter.charge(deposit, replace(ZHANG, shown_id="110105194912310021", id_picture=JPEG))
    counter.receive(deposit)
    counter.collect(deposit)
    stays = counter.deposit()["deposit"]
    counter.do(depositing.add_photo, stays, JPEG)
    erase = Counter(counter.database, Actor(CONSOLE, "console", clock))
    assert _figures(erase.do(privacy.erase_due)) == (0, 0, 0, 0, 0)
    clock.forward(days=31)
    assert _figures(erase.do(privacy.erase_due)) == (1, 1, 0, 1, 0)
    assert (counter.look(deposit).has_photo, counter.look(stays).has_photo) == (False, True)
    clock.forward(days=700)
    erased = erase.do(privacy.erase_due)
    assert _figures(erased) == (0, 0, 1, 0, 1)
    job = counter.database.read(lambda s: s.scalars(select(PrintJob).where(PrintJob.paper == "form")).one())
    assert erased.print_jobs == (job.key,)
    assert counter.database.read(personal.erased_papers) == {job.key}
    for gone in ("张三", "人民路", "13812345678"):
        assert gone not in job.document
    for figure in ("5.00", "000001", "王丽 6012", "26-11-21"):
        assert figure in job.document
    (entry,) = counter.database.read(lambda s: lost_tokens.book(s, dt.date(2026, 11, 1), dt.date(2026, 11, 30)))
    assert (entry.name, entry.phone, entry.penalty_fen, entry.receipt_no) == ("", "", 500, "0088123")
    assert _figures(erase.do(privacy.erase_due)) == (0, 0, 0, 0, 0)


def test_tokens_cannot_be_printed_again_for_ever_and_the_paper_says_so(
    counter: Counter, clock: PlayedClock, supervisor: Signer
) -> None:
    counter.use(paper_days=10)
    ended, stays = (counter.deposit(description="黑色双肩包")["deposit"] for _bag in range(2))
    counter.collect(ended)
    erase = Counter(counter.database, Actor(CONSOLE, "console", clock))
    clock.forward(days=9)
    today = counter.deposit(description="黑色双肩包")["deposit"]
    counter.collect(today)
    assert erase.do(privacy.erase_due).tokens == 0
    clock.forward(days=1)
    assert erase.do(privacy.erase_due).tokens == 1
    assert erase.do(privacy.erase_due).tokens == 0

    def job_of(deposit: int) -> PrintJob:
        wanted = select(PrintJob).join(Deposit, Deposit.case_id == PrintJob.case_id).where(Deposit.id == deposit)
        return counter.database.read(lambda s: s.scalars(wanted).one())

    for kept in (stays, today):
        assert "黑色双肩包" in job_of(kept).document
    gone = job_of(ended)
    assert "黑色双肩包" not in gone.document
    again = counter.do(lambda s, actor: print_queue.repeat(s, actor, s.get_one(PrintJob, gone.id)).id)
    repeat = from_json(counter.database.read(lambda s: s.get_one(PrintJob, again)).document)
    assert words.language("zh").gettext("What stood here was erased when its time was over.") in str(repeat)

    # What stayed long has its time too, though later tokens were erased before.
    counter.release(stays, supervisor)
    counter.collect(stays)
    clock.forward(days=9)
    assert erase.do(privacy.erase_due).tokens == 1
    assert "黑色双肩包" in job_of(stays).document
    clock.forward(days=1)
    assert erase.do(privacy.erase_due).tokens == 1
    assert "黑色双肩包" not in job_of(stays).document
    assert erase.do(privacy.erase_due).tokens == 0


def _refused(deposit: int, *steps: Callable[[int], object]) -> None:
    for early in steps:
        with pytest.raises(Refused):
            early(deposit)


def _figures(erased: personal.Erased) -> tuple[int, ...]:
    assert not erased.more
    return erased.id_numbers, erased.id_pictures, erased.people, erased.photos, len(erased.print_jobs)
