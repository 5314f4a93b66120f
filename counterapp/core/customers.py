"""The customer: one file for all desks, found by number, name or initials, masked until somebody asks.

Whole numbers and every tail of the name and of its pinyin initials are keys in one table, so that any part of a name
is the beginning of a key: one range of one index finds it among a million.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core import journal
from counterapp.core.actor import AT_THE_COUNTER, Actor
from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.core.cases import Case
from counterapp.core.commands import Revealed
from counterapp.core.deadlines import Deadline
from counterapp.core.masking import Mask, masked
from counterapp.core.personal import MOST, Erased
from counterapp.core.receipt_search import initials_of
from counterapp.core.store_settings import store_settings
from counterapp.errors import BadInput, NotAllowed, NotFound
from counterapp.words import N_

#: Customers that one search finds, and keys that it looks at for them: one customer may have several that fit.
FOUND: Final = 20
_KEYS: Final = 200
_LAST: Final = "\U0010ffff"
#: Before the number itself: the country's.
_COUNTRY: Final = re.compile(r"(?:\+|00)86(?=[0-9]{5})|86(?=1[0-9]{10}$)")
_BETWEEN: Final = re.compile(r"[\s().·-]")
_NAME, _PHONE, _CARD = 40, 20, 32


class Customer(Base):
    """Who agreed to have a file. `contacted_on` is the last day on which any desk had to do with them; an erased one
    keeps its row for the cases that refer to it, and nothing of the person."""

    __tablename__ = "customers"
    __table_args__ = (
        CheckConstraint("(name = '') = (erased_at IS NOT NULL)", name="named_until_erased"),
        CheckConstraint("erased_at IS NULL OR (phone = '' AND member_card = '')", name="erased_whole"),
    )
    __journal__ = True
    __never_deleted__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    name: Mapped[str] = mapped_column(String(_NAME), info={"personal": Mask.NAME})
    phone: Mapped[str] = mapped_column(String(_PHONE), info={"personal": Mask.PHONE})
    member_card: Mapped[str] = mapped_column(String(_CARD), info={"personal": Mask.CARD})
    contacted_on: Mapped[dt.date] = mapped_column(index=True)
    erased_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class CustomerKey(Base):
    """What a customer is found by, in small letters without blanks. It sorts by bytes on both databases."""

    __tablename__ = "customer_keys"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - the key is the table: half the pages

    key: Mapped[str] = mapped_column(
        String(80).with_variant(String(80, collation="C"), "postgresql"), primary_key=True, info={"personal": Mask.TEXT}
    )
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True, index=True)


class CaseCustomer(Base):
    """Whose a case is, whatever its desk."""

    __tablename__ = "case_customers"
    __journal__ = True

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True, index=True)


@dataclass(frozen=True, slots=True)
class CustomerFound:
    """A customer as a list shows them: masked."""

    id: int
    name: str
    phone: str
    member_card: str


class CustomerKnown(CustomerFound, Revealed):
    """A customer unmasked, for whoever asked."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Owed:
    """What the house has promised a customer, in the words `promised`; `due_at` is None while its clock waits without
    an end. `code` opens the case at its `desk`."""

    promised: str
    due_at: dt.datetime | None
    desk: str
    code: str


def find(session: Session, typed: str) -> tuple[CustomerFound, ...]:
    """Return the customers whose number, or any part of whose name or initials, begins so: `FOUND` at the most,
    the closest first."""
    wanted = key_of(typed)
    if not wanted:
        return ()
    keys = select(CustomerKey.customer_id).where(CustomerKey.key >= wanted, CustomerKey.key < wanted + _LAST)
    ids = list(dict.fromkeys(session.scalars(keys.order_by(CustomerKey.key).limit(_KEYS))))[:FOUND]
    known = {one.id: one for one in session.scalars(select(Customer).where(Customer.id.in_(ids)))}
    return tuple(
        CustomerFound(
            one.id, masked(one.name, Mask.NAME), masked(one.phone, Mask.PHONE), masked(one.member_card, Mask.CARD)
        )
        for one in (known[at] for at in ids)
    )


def keep(session: Session, actor: Actor, name: str, phone: str, member_card: str = "") -> int:
    """Keep a file, or bring the one of the same name with that phone or card up to date; return the customer's id.

    Raises BadInput without a name and a number, or where one is too long; NotAllowed away from the counter.
    """
    _require_counter(actor)
    name, phone, member_card = " ".join(name.split()), phone.strip(), member_card.strip()
    if not name or not (phone or member_card):
        raise BadInput(N_("A file needs the customer's name, and a phone number or a member card."))
    if len(name) > _NAME or len(phone) > _PHONE or len(member_card) > _CARD:
        raise BadInput(N_("Name, phone or member card is too long. Look at it again."))
    one = _same(session, name, phone, member_card)
    if one is None:
        one = Customer(name=name, phone=phone, member_card=member_card, contacted_on=actor.today())
        session.add(one)
    else:
        one.phone, one.member_card = phone or one.phone, member_card or one.member_card
        one.contacted_on = actor.today()
    session.flush()
    session.execute(delete(CustomerKey).where(CustomerKey.customer_id == one.id))
    session.add_all(CustomerKey(key=key, customer_id=one.id) for key in sorted(set(_keys_of(one))))
    session.flush()
    return one.id


def link(session: Session, actor: Actor, case_id: int, customer_id: int) -> None:
    """Say whose a case is; once more changes nothing. Raises NotFound."""
    _customer(session, customer_id).contacted_on = actor.today()
    if session.get(CaseCustomer, (case_id, customer_id)) is None:
        session.add(CaseCustomer(case_id=case_id, customer_id=customer_id))
    session.flush()


def owed(session: Session, customer_id: int) -> tuple[Owed, ...]:
    """Return what any desk has promised the customer and not done yet, what is due first in front."""
    promises = (
        select(Deadline.promised, Deadline.due_at, Case.desk, Case.code)
        .join(Case, Case.id == Deadline.case_id)
        .join(CaseCustomer, CaseCustomer.case_id == Case.id)
        .where(CaseCustomer.customer_id == customer_id, Deadline.promised != "", Deadline.done_at.is_(None))
        .order_by(Deadline.due_at.is_(None), Deadline.due_at, Deadline.id)
    )
    return tuple(Owed(*row) for row in session.execute(promises))


def reveal(session: Session, actor: Actor, customer_id: int) -> CustomerKnown:
    """Return a customer unmasked. It has to run as a command: its journal entry says who asked, and its stored answer
    stays empty. Raises NotAllowed, NotFound."""
    _require_counter(actor)
    one = _customer(session, customer_id)
    journal.note(session, unmasked_customer=customer_id)
    return CustomerKnown(one.id, one.name, one.phone, one.member_card)


def erase(session: Session, actor: Actor, customer_id: int) -> None:
    """Erase a customer, as they asked: name, numbers and keys go, the links to their cases stay. Raises NotFound."""
    _require_counter(actor)
    _erase(session, actor, _customer(session, customer_id))
    session.flush()


def erase_due(session: Session, actor: Actor) -> Erased:
    """Erase the files of those whom no desk has had to do with for as long as the store's settings say."""
    last = actor.today() - dt.timedelta(days=store_settings(session).personal.customer_days)
    wanted = select(Customer).where(Customer.contacted_on < last, Customer.erased_at.is_(None))
    due = session.scalars(wanted.order_by(Customer.contacted_on).limit(MOST)).all()
    for one in due:
        _erase(session, actor, one)
    session.flush()
    return Erased(people=len(due), more=len(due) == MOST)


def key_of(typed: str) -> str:
    """Return what is typed as keys are kept: small letters, full width made plain, no blanks, no country's prefix."""
    return _COUNTRY.sub("", _BETWEEN.sub("", unicodedata.normalize("NFKC", typed).lower()), count=1)


def _keys_of(one: Customer) -> Iterator[str]:
    yield from filter(None, (key_of(one.phone), key_of(one.member_card)))
    for words in (key_of(one.name), *initials_of(one.name).split()):
        yield from (words[start:] for start in range(len(words)))


def _same(session: Session, name: str, phone: str, member_card: str) -> Customer | None:
    numbers = [key for key in (key_of(phone), key_of(member_card)) if key]
    holders = select(CustomerKey.customer_id).where(CustomerKey.key.in_(numbers))
    same = select(Customer).where(Customer.id.in_(holders), Customer.name == name)
    return session.scalars(same.order_by(Customer.id).limit(1).with_for_update()).first()


def _erase(session: Session, actor: Actor, one: Customer) -> None:
    one.name = one.phone = one.member_card = ""
    one.erased_at = actor.now()
    session.execute(delete(CustomerKey).where(CustomerKey.customer_id == one.id))


def _customer(session: Session, customer_id: int) -> Customer:
    one = session.get(Customer, customer_id, with_for_update=True)
    if one is None or one.erased_at is not None:
        raise NotFound(N_("There is no such customer, or the file was erased."))
    return one


def _require_counter(actor: Actor) -> None:
    if actor.person.role not in AT_THE_COUNTER:
        raise NotAllowed(N_("Your role does not see customers' personal data. Ask a clerk or a supervisor."))
