"""From records to what the papers of this desk say, and onto the print queue."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from counterapp.core.actor import Actor
from counterapp.core.print_queue import PaperRole, PrintJob, enqueue
from counterapp.core.store_settings import StoreSettings, store_settings
from counterapp.desks.bagcheck.models import Deposit, Locker
from counterapp.desks.bagcheck.printouts import (
    CONDITIONS,
    FEES,
    SIZES,
    FormPaper,
    Language,
    Made,
    TokenFacts,
    token_labels,
    token_slips,
)
from printers.document import Document


@dataclass(frozen=True, slots=True)
class Desk:
    """What all papers of one act share: who acts, and the store's settings as they are now."""

    session: Session
    actor: Actor
    settings: StoreSettings

    @property
    def language(self) -> Language:
        """The paper's language."""
        return "en" if self.settings.language == "en" else "zh"

    @property
    def form_paper(self) -> FormPaper:
        """What forms and lists are printed on."""
        return self.settings.form_paper

    @property
    def fee(self) -> str:
        """What the fee for a lost token is called: an English source word, or the store's own."""
        name = self.settings.bagcheck.penalty_name
        return FEES.get(name, name)

    @property
    def conditions(self) -> tuple[str, ...]:
        """What the customer's piece says of the deposit: the usual sentences, or the store's own words."""
        own = self.settings.bagcheck.conditions
        return (own,) if own else CONDITIONS

    def made(self) -> Made:
        """Return who makes a paper, where and when."""
        person = self.actor.person
        return Made(
            self.settings.name, self.settings.counter, self.actor.station, f"{person.name} {person.number}",
            self.local(self.actor.now()),
        )  # fmt: skip

    def local(self, moment: dt.datetime) -> dt.datetime:
        """Return a moment in the store's time."""
        return moment.astimezone(self.actor.zone)

    def print(self, paper: PaperRole, document: Document, case_id: int | None) -> PrintJob:
        """Queue a paper with the record it prints."""
        return enqueue(self.session, self.actor, paper, document.title, document, case_id)

    def print_tokens(self, deposit: Deposit, locker: Locker, customer_code: str) -> PrintJob:
        """Queue the pair of tokens of a deposit, as slips or labels."""
        facts = TokenFacts(
            number=locker.number,
            customer_code=customer_code,
            locker_code=deposit.locker_code or "",
            locker=locker.number,
            place=locker.place,
            size=SIZES[locker.size],
            pieces=deposit.pieces,
            made=self.made(),
            description=deposit.description,
            closes=dt.time.fromisoformat(self.settings.bagcheck.closes),
            conditions=self.conditions,
        )
        labels = self.settings.bagcheck.tokens == "labels"
        document = token_labels(facts, self.language) if labels else token_slips(facts, self.language)
        return self.print(PaperRole.TOKEN, document, deposit.case_id)


def desk_of(session: Session, actor: Actor) -> Desk:
    """Return what the papers of this act share."""
    return Desk(session, actor, store_settings(session))
