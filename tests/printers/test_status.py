"""What printers say of themselves, by transcript: documented answers are understood, all others are none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers import status
from printers.status import EscPos, Says, Tspl, Zpl

HEALTHY = b"\x02030,0,0,0245,000,0,0,0,000,0,0,0\x03\r\n\x02001,0,0,0,1,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"


class Script:
    """A line whose other end answers by heart: each question with the next answer, then nothing."""

    def __init__(self, answers: dict[bytes, list[bytes]], first: bytes = b"") -> None:
        self.answers = {question: list(those) for question, those in answers.items()}
        self.asked: list[bytes] = []
        self.coming = first

    def write(self, data: bytes, _seconds: float) -> int:
        self.asked.append(data)
        those = self.answers.get(data, [])
        self.coming += those.pop(0) if those else b""
        return len(data)

    def read(self, seconds: float) -> bytes:
        came, self.coming = self.coming, b""
        if not came:
            time.sleep(min(seconds, 0.005))
        return came

    def pending(self) -> int:
        return 0

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "ANSWERS_WITHIN", 0.02)
    monkeypatch.setattr(status, "_QUIET", 0.02)


def eot(*answers: bytes) -> dict[bytes, list[bytes]]:
    """What DLE EOT 1 to 4 are answered with."""
    return {bytes([0x10, 0x04, number]): [answer] for number, answer in enumerate(answers, start=1)}


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ((b"\x12", b"\x12", b"\x12", b"\x12"), set()),
        ((b"\x16", b"\x12", b"\x12", b"\x12"), set()),  # the drawer's pin
        ((b"\x1a", b"\x32", b"\x12", b"\x7e"), {Says.OFFLINE, Says.PAPER_OUT, Says.NEAR_END}),
        ((b"\x1a", b"\x16", b"\x12", b"\x12"), {Says.OFFLINE, Says.COVER_OPEN}),
        ((b"\x12", b"\x12", b"\x12", b"\x1e"), {Says.NEAR_END}),
        ((b"\x1a", b"\x52", b"\x1a", b"\x12"), {Says.OFFLINE, Says.FAULT, Says.CUTTER_STUCK}),
        ((b"\x1a", b"\x52", b"\x52", b"\x12"), {Says.OFFLINE, Says.FAULT, Says.HOT}),
        ((b"\x11\x12", b"\x13\x12", b"\x12", b"\x12"), set()),  # XON and XOFF between
        ((b"\x10\x00\x00\x0f\x12", b"\x12", b"\x12", b"\x12"), set()),  # four bytes that nobody asked for
        ((b"", b"\x12", b"\x12", b"\x12"), {Says.MUTE}),
        ((b"\xff", b"\x12", b"\x12", b"\x12"), {Says.GARBLED}),
    ],
)
def test_a_receipt_printers_bytes_are_understood(answers: tuple[bytes, ...], says: set[Says]) -> None:
    assert EscPos(Script(eot(*answers))).ask().says == says


def test_a_fence_is_told_from_a_status_and_counts_wherever_it_comes() -> None:
    talk = EscPos(Script(eot(b"\x12", b"\x00\x12", b"\x12", b"\x12")))
    assert not talk.is_through(0.01)
    assert not talk.ask().says
    assert talk.is_through(0)


def test_a_status_that_nobody_asked_for_is_no_fence() -> None:
    assert not EscPos(Script({}, first=b"\x10\x00\x00\x00")).is_through(0.02)
    assert EscPos(Script({}, first=b"\x10\x00\x00\x00\x0c")).is_through(0.02)


def test_fences_of_a_former_job_are_cleared_away_first() -> None:
    fence = b"\x1dr\x01"
    late = Script({fence: [b"\x00\x00", b"\x00", b"\x00"]}, first=b"\x00")
    talk = EscPos(late)
    assert talk.settle(0.5)
    assert late.asked == [fence] * 3
    assert not talk.is_through(0.02)


@pytest.mark.parametrize("answers", [[], [b"\x00"], [b"\x00\x00"] * 99])
def test_a_printer_whose_answers_do_not_fit_the_questions_is_not_settled(answers: list[bytes]) -> None:
    assert not EscPos(Script({b"\x1dr\x01": answers})).settle(0.3)


@pytest.mark.parametrize(
    ("byte", "says"),
    [
        (0x00, set()),
        (0x01, {Says.COVER_OPEN}),
        (0x05, {Says.COVER_OPEN, Says.PAPER_OUT}),
        (0x02, {Says.JAMMED}),
        (0x08, {Says.RIBBON_OUT}),
        (0x10, {Says.PAUSED}),
        (0x20, {Says.BUSY}),
        (0x80, {Says.FAULT}),
    ],
)
def test_a_tspl_printers_byte_is_understood(byte: int, says: set[Says]) -> None:
    assert Tspl(Script({b"\x1b!?": [bytes([byte])]})).ask().says == says


def test_a_zpl_printers_lines_are_understood() -> None:
    def says(answer: bytes) -> frozenset[Says]:
        return Zpl(Script({b"~HS": [answer]})).ask().says

    assert says(HEALTHY) == set()
    assert says(HEALTHY.replace(b"\x02030,0,0", b"\x02030,1,1")) == {Says.PAPER_OUT, Says.PAUSED}
    assert says(HEALTHY.replace(b"\x02001,0,0,0", b"\x02001,0,1,1")) == {Says.COVER_OPEN, Says.RIBBON_OUT}
    assert says(HEALTHY.replace(b",00000000,", b",00000002,")) == {Says.BUSY}
    assert says(HEALTHY[:40]) == {Says.GARBLED}
    assert says(b"") == {Says.MUTE}


def test_a_label_printer_is_through_when_it_was_seen_idle_twice() -> None:
    busy = [b"\x20", b"\x20", b"\x00", b"\x20", b"\x00", b"\x00"]
    assert Tspl(Script({b"\x1b!?": busy})).is_through(5)
    assert not Tspl(Script({b"\x1b!?": [b"\x20"] * 100})).is_through(0.2)
    assert not Tspl(Script({b"\x1b!?": [b"\x04"] * 100})).is_through(5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=12), min_size=4, max_size=4))
def test_nothing_that_a_line_may_say_is_more_than_a_status(answers: list[bytes]) -> None:
    for talk in (
        EscPos(Script(eot(*answers))),
        Tspl(Script({b"\x1b!?": list(answers)})),
        Zpl(Script({b"~HS": list(answers)})),
    ):
        found = talk.ask()
        trouble = found.trouble("counter")
        assert (trouble is None) == (found.says <= {Says.NEAR_END, Says.BUSY})
        assert trouble is None or "counter" in str(trouble)
