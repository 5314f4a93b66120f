"""From a service to paper: who issues it, and onto the queue."""

from __future__ import annotations

import datetime as dt

from counterapp.core.actor import Actor
from counterapp.core.database import Database
from counterapp.core.print_queue import JobState, PaperRole, PrintJob
from counterapp.core.store_settings import StoreSettings
from counterapp.documents import slip
from counterapp.documents.issue import PrintContext

STORE = StoreSettings("一号店", "0101", counter="总服务台", zone="Asia/Tokyo", language="en", form_paper="continuous")


def test_a_paper_is_issued_by_the_actor_here_and_now_but_for_what_is_known_better(
    database: Database, clerk: Actor
) -> None:
    context = database.read(lambda s: PrintContext(s, clerk, STORE))
    issued = context.issued_by()
    assert (issued.place, issued.station, issued.clerk) == ("一号店 · 总服务台", "2", clerk.person.name_and_number)
    assert issued.at == clerk.now()
    assert issued.at.utcoffset() == dt.timedelta(hours=9)
    then = context.issued_by("李强 5003", clerk.now() - dt.timedelta(days=1), "7")
    assert (then.clerk, then.station, issued.at - then.at) == ("李强 5003", "7", dt.timedelta(days=1))
    assert (context.language, context.form_paper) == ("en", "continuous")


def test_a_paper_waits_at_the_actors_station_with_its_title(database: Database, clerk: Actor) -> None:
    document = slip.slip("No valuables", slip.large("No valuables"))
    job_id = database.command(
        clerk, "test", lambda s: PrintContext(s, clerk, STORE).print(PaperRole.SLIP, document, None).id
    )
    job = database.read(lambda s: s.get_one(PrintJob, job_id))
    assert (job.title, job.station, job.state) == ("No valuables", clerk.station, JobState.QUEUED)
