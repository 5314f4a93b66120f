"""Reprints and refusal slips on a key, as the clerk presses it."""

from __future__ import annotations

from sqlalchemy import select

from counterapp.core.actor import Signer
from counterapp.core.database import Database
from counterapp.core.print_queue import JobState, PrintJob, advance
from counterapp.desks.returns.view.reprint import ReprintDialog
from printers.document import Pages, Slip, from_json
from tests.desks.returns.screen import COOKER, RECEIPT, SOAP, Screen


def jobs(database: Database) -> list[PrintJob]:
    return database.read(lambda session: list(session.scalars(select(PrintJob).order_by(PrintJob.id))))


def come_out(screen: Screen, job: PrintJob) -> None:
    """What the print worker does."""
    for state in (JobState.SENDING, JobState.PRINTED):
        screen.client.database.run(lambda s, to=state: advance(s, job.id, to, screen.clerk.now()))  # type: ignore[misc]


def approve(screen: Screen, supervisor: Signer) -> None:
    screen.send()
    screen.press("1", "2", "3")
    screen.sign(supervisor)
    screen.until_said("Return form No. 000001 is approved")


class TestReprint:
    def test_the_form_that_has_just_been_approved_is_printed_once_more_marked_and_counted(
        self, described: Screen, supervisor: Signer, database: Database
    ) -> None:
        approve(described, supervisor)
        come_out(described, jobs(database)[0])

        described.press("F11")
        described.until_said("Not reprinted yet")
        described.press("Return")
        described.until(lambda: len(jobs(database)) == 2)

        first, again = jobs(database)
        assert (again.copy, again.first_id, again.document) == (1, first.id, first.document)
        assert isinstance(from_json(again.document), Pages)
        described.until(lambda: "marked as reprint 1" in described.window.banner.text)

    def test_a_form_that_still_prints_is_not_sent_twice(
        self, described: Screen, supervisor: Signer, database: Database
    ) -> None:
        approve(described, supervisor)
        described.press("F11")
        described.until_said("waits for the printer")
        described.press("Return")
        described.until(lambda: "still being printed" in described.window.banner.text)
        assert len(jobs(database)) == 1

    def test_an_old_form_is_found_through_its_receipt_and_printed_once_more(
        self, described: Screen, supervisor: Signer, database: Database
    ) -> None:
        approve(described, supervisor)
        come_out(described, jobs(database)[0])
        described.scan(RECEIPT)
        described.until_said("Receipt: no. 2")
        described.press("F10")
        described.until_said("What came back before")
        described.press("Return")
        described.until_said("Approved: form No. 000001")
        described.press("F11")
        described.until(lambda: isinstance(described.window.dialogs.current, ReprintDialog))
        described.press("Return")
        described.until(lambda: len(jobs(database)) == 2)

    def test_a_scan_goes_on_to_where_it_belongs_and_prints_nothing(
        self, described: Screen, supervisor: Signer, database: Database
    ) -> None:
        approve(described, supervisor)
        described.press("F11")
        described.until(lambda: isinstance(described.window.dialogs.current, ReprintDialog))
        described.scan(RECEIPT)
        described.until(lambda: bool(described.rows()) and described.window.dialogs.current is None)
        assert len(jobs(database)) == 1


class TestRefusal:
    def test_what_the_rules_refuse_is_given_to_the_customer_in_writing(
        self, screen: Screen, database: Database
    ) -> None:
        screen.scan(RECEIPT, SOAP.barcode)
        screen.until_said("Choose the reason first")
        screen.press("5")
        screen.until_said("Print the refusal for the customer")
        screen.press("F11")
        screen.until(lambda: len(jobs(database)) == 1)

        (job,) = jobs(database)
        assert (job.paper, job.copy) == ("slip", 0)
        slip = from_json(job.document)
        assert isinstance(slip, Slip)
        assert any(SOAP.name in str(line) for line in slip.lines)

    def test_nothing_is_offered_for_what_may_be_refunded(self, described: Screen, database: Database) -> None:
        assert "Print the refusal" not in described.words()
        described.press("F11")
        described.scan(COOKER.barcode)
        described.until(lambda: described.taken() == [COOKER.name])
        assert jobs(database) == []
