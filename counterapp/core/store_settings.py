"""What holds for the whole store: its name, money, limits and rule books; versioned, and journalled when changed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from counterapp.core.actor import Actor, Role
from counterapp.core.base import Base, BigInt, UtcDateTime
from counterapp.errors import Trouble
from counterapp.words import N_, Language

FormPaper = Literal["a4", "continuous"]
"""What forms and lists are printed on: A4 sheets, or continuous paper of 241 × 140 mm."""


class StoreSettingsVersion(Base):
    """One version of the store's settings; the highest one holds."""

    __tablename__ = "store_settings"
    __journal__ = True
    __append_only__ = True

    version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class StoredRuleBook(Base):
    """A rule book of a desk as its file reads; it holds for purchases from `starts_on` on until a later one starts."""

    __tablename__ = "rule_books"
    __journal__ = True
    __append_only__ = True

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    desk: Mapped[str] = mapped_column(String(20))
    starts_on: Mapped[dt.date]
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    loaded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


@dataclass(frozen=True, slots=True)
class Limit:
    """How much a role may approve in one case, in `fen`, and how old the receipt may be, in `days`; None: any."""

    fen: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class BagCheckSettings:
    """What holds at bag check. `tokens` are printed as slips or labels, or are plastic tags that come back.

    `penalty_name` is "fine" (罚款), "cost" (工本费, where a fine is not lawful), or the store's own word;
    `penalty_fen` its amount. Of an ID the last four characters are kept, or the whole number, or a copy too, for
    `id_days`; other personal data for `personal_days`, pictures of the things for `photo_days` after they were
    collected. `closes` is when the counter closes ("22:00"); a deposit that stays for `warn_days` nights is marked.
    `conditions` are the store's own words on the customer's piece, empty for the usual ones. Slips and labels can be
    printed again for `paper_days`; then what stood on them is erased.
    """

    tokens: Literal["slips", "labels", "tags"] = "slips"
    penalty_fen: int = 500
    penalty_name: str = "fine"
    id_keeping: Literal["last_four", "number", "copy"] = "last_four"
    id_days: int = 30
    personal_days: int = 730
    photo_days: int = 30
    closes: str = "22:00"
    warn_days: int = 3
    conditions: str = ""
    paper_days: int = 30


@dataclass(frozen=True, slots=True)
class TillSettings:
    """What holds when a form is redeemed. What is left over is forfeited ("forfeit", never of a statutory refund), put
    on a new form ("new_form") or paid out with an approval ("pay").

    A refund of what was paid by one of `cash_tenders` is settled in cash, by one of `same_tenders` to that tender, up
    to the approver's limit in fen; both are tenders' names with spaces between. Everything else counts at the till.
    `form_tender` is what the till calls a form: what was bought with one comes back as a form.
    """

    rest: Literal["forfeit", "new_form", "pay"] = "new_form"
    cash_tenders: str = ""
    same_tenders: str = ""
    supervisor_fen: int = 20_000
    service_manager_fen: int = 100_000
    store_manager_fen: int = 1_000_000
    form_tender: str = "退换货单"


@dataclass(frozen=True, slots=True)
class ClosingSettings:
    """The clocks of what follows a return: minutes until the floor has collected fresh, frozen and spoiled goods, and
    days until a red-letter invoice is issued."""

    fresh_minutes: int = 30
    frozen_minutes: int = 15
    spoiled_minutes: int = 10
    red_letter_days: int = 30


@dataclass(frozen=True, slots=True)
class HoursSettings:
    """When the store is open: each weekday's hours ("mon-fri 09:00-12:30 13:30-22:00, sat-sun 09:00-23:00"), and dates
    with their own ("2026-02-16 09:00-18:00, 2026-02-17..2026-02-18 closed"); see `store_hours`."""

    weekdays: str = "mon-sun 09:00-22:00"
    dates: str = ""


@dataclass(frozen=True, slots=True)
class PersonalSettings:
    """For how many days personal data is kept where no desk has a setting of its own: phones noted at a return after
    its last change (`form_days`), a customer's file after the last contact (`customer_days`)."""

    form_days: int = 1_095
    customer_days: int = 730


def _limits() -> dict[str, Limit]:
    return {
        Role.SUPERVISOR.value: Limit(100_000, 90),
        Role.SERVICE_MANAGER.value: Limit(1_000_000, 365),
        Role.STORE_MANAGER.value: Limit(),
    }


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """The store's settings. `receipt_pattern` is a regular expression that a receipt's number matches whole;
    `weighed_codes` are the patterns of the labels that the scales print, with spaces between (see
    `goods_codes.require_patterns`); `language` is the paper's, `form_paper` what the form is printed on ("a4", or
    "continuous" for 24-pin printers); `limits` by role, `override_fen` the customer service manager's own for
    overrides."""

    name: str
    code: str
    counter: str = ""
    zone: str = "Asia/Shanghai"
    language: Language = "zh"
    receipt_pattern: str = ""
    weighed_codes: str = "2IIIIIIWWWWWC"
    form_valid_days: int = 30
    limits: Mapping[str, Limit] = field(default_factory=_limits)
    override_fen: int = 100_000
    form_paper: FormPaper = "a4"
    bagcheck: BagCheckSettings = BagCheckSettings()
    till: TillSettings = TillSettings()
    closing: ClosingSettings = ClosingSettings()
    hours: HoursSettings = HoursSettings()
    personal: PersonalSettings = PersonalSettings()

    @property
    def zone_info(self) -> ZoneInfo:
        """The store's time zone."""
        return ZoneInfo(self.zone)

    @property
    def receipts_look_like(self) -> str:
        """The pattern of a receipt's number: the set one, or the store's code and twelve digits."""
        return self.receipt_pattern or rf"{self.code}[0-9]{{12}}"


def store_settings(session: Session) -> StoreSettings:
    """Return the settings that hold now. Raises Trouble where no store was made yet."""
    newest = select(StoreSettingsVersion.content).order_by(StoreSettingsVersion.version.desc()).limit(1)
    found = session.execute(newest).scalar_one_or_none()
    if found is None:
        raise Trouble(N_("There is no store here yet. Make one with “counterapp init”, or look at the “demo”."))
    content = dict(found)
    content["limits"] = {role: Limit(**limit) for role, limit in content["limits"].items()}
    # Versions from before a part was there do not have it.
    content["bagcheck"] = BagCheckSettings(**content.get("bagcheck", {}))
    content["till"] = TillSettings(**content.get("till", {}))
    content["closing"] = ClosingSettings(**content.get("closing", {}))
    content["hours"] = HoursSettings(**content.get("hours", {}))
    content["personal"] = PersonalSettings(**content.get("personal", {}))
    return StoreSettings(**content)


def change_store_settings(session: Session, settings: StoreSettings, actor: Actor | None, now: dt.datetime) -> None:
    """Make `settings` the next version; `actor` is None only when the store is made."""
    last = session.scalars(
        select(StoreSettingsVersion.version).order_by(StoreSettingsVersion.version.desc()).limit(1)
    ).first()
    content = asdict(settings)
    session.add(
        StoreSettingsVersion(
            version=(last or 0) + 1,
            content=content,
            since=now,
            # The command line acts as nobody of the staff.
            changed_by=(actor.person.person_id or None) if actor else None,
        )
    )
    session.flush()


def store_rule_book(
    session: Session, desk: str, starts_on: dt.date, text: str, actor: Actor | None, now: dt.datetime
) -> StoredRuleBook:
    """Keep a rule book that its desk has already read without a mistake."""
    stored = StoredRuleBook(
        desk=desk, starts_on=starts_on, text=text, digest=hashlib.sha256(text.encode()).hexdigest(), loaded_at=now,
        # The command line acts as nobody of the staff.
        loaded_by=(actor.person.person_id or None) if actor else None,
    )  # fmt: skip
    session.add(stored)
    session.flush()
    return stored


def rule_books_for(session: Session, desk: str, bought_on: dt.date) -> list[tuple[int, str]]:
    """Return id and digest of the rule books of a desk, the one in force on the day of purchase first.

    Behind it stand those that it replaced, the newest first, and last those that start later, the oldest first: the
    order in which one takes another's place where that cannot be read.
    """
    books = select(StoredRuleBook.id, StoredRuleBook.digest, StoredRuleBook.starts_on)
    ordered = books.where(StoredRuleBook.desk == desk).order_by(StoredRuleBook.starts_on, StoredRuleBook.id)
    found = session.execute(ordered).all()
    started = [book for book in reversed(found) if book.starts_on <= bought_on]
    return [(book.id, book.digest) for book in (*started, *(book for book in found if book.starts_on > bought_on))]


def rule_books(session: Session, desk: str) -> list[StoredRuleBook]:
    """Return all rule books of a desk, the one that starts last first."""
    books = select(StoredRuleBook).where(StoredRuleBook.desk == desk)
    return list(session.scalars(books.order_by(StoredRuleBook.starts_on.desc(), StoredRuleBook.id.desc())))
