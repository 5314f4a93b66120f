"""From a service to paper: who issues it and where, in which language, and onto the print queue with its record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.core.print_queue import PaperRole, PrintJob, enqueue
from counterapp.core.store_settings import FormPaper, StoreSettings, store_settings
from counterapp.documents.page import IssuedBy
from counterapp.words import Language
from printers.document import Document


@dataclass(frozen=True, slots=True)
class PrintContext:
    """What all papers of one act share: who acts, and the store's settings as they are now."""

    session: Session
    actor: Actor
    settings: StoreSettings

    @property
    def language(self) -> Language:
        """The paper's language."""
        return self.settings.language

    @property
    def form_paper(self) -> FormPaper:
        """What forms and lists are printed on."""
        return self.settings.form_paper

    def local(self, moment: dt.datetime) -> dt.datetime:
        """Return a moment in the store's time."""
        return moment.astimezone(self.settings.zone_info)

    def issued_by(self, clerk: str = "", at: dt.datetime | None = None, station: str = "") -> IssuedBy:
        """Return who makes a paper, where and when: the actor, here and now, but for what is given.

        `clerk` is as printed ("王丽 6012"), `at` any zone's.
        """
        return IssuedBy(
            self.settings.name,
            self.settings.counter,
            station or self.actor.station,
            clerk or self.actor.person.name_and_number,
            self.local(at or self.actor.now()),
        )

    def print(self, paper: PaperRole, document: Document, case_id: int | None) -> PrintJob:
        """Queue a paper at the actor's station with the record that it prints, and return its job, which has an id."""
        job = enqueue(self.session, self.actor, paper, document.title, document, case_id)
        self.session.flush()
        return job


def print_context(session: Session, actor: Actor) -> PrintContext:
    """Return what the papers of this act share. Raises Trouble where no store was made yet."""
    return PrintContext(session, actor, store_settings(session))
