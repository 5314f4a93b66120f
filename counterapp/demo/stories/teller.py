"""Who tells the demo's stories: commands of the demo's people, at the times at which they are said to have happened."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from sqlalchemy import update
from sqlalchemy.orm import Session

from counterapp.core import staff
from counterapp.core.actor import Actor, Clock, Signer
from counterapp.core.cases import Case
from counterapp.core.commands import find_answer
from counterapp.core.database import Database
from counterapp.core.print_queue import JobState, PrintJob
from counterapp.core.store_settings import store_settings
from counterapp.demo.till import receipt_number

T = TypeVar("T")

#: A story says before each of its turns when it is, and waits there until all others have come as far.
Turns = Iterator[dt.datetime]

#: The demo's people, by their numbers in demo/staff.csv.
IT, CLERK, OTHER_CLERK, SUPERVISOR, MANAGER = "9001", "6012", "6015", "5003", "5001"
CASHIER, AUDITOR = "7008", "8002"

#: No other sale of the demo is made at this till: what comes back in the stories, and what forms are used for.
STORY_TILL: Final = 11

_STATIONS: Final = {CASHIER: "11", AUDITOR: "3"}
_COUNTER: Final = "1"
_BEGUN, _OVER = "demo begun", "demo told"


class Teller:
    """The store as the stories act in it: `forms` and `cases` by the names that the stories give them.

    Each command bears a key that is always the same, so that what was broken off goes on where it stopped.
    """

    def __init__(self, database: Database, today: dt.date, clock: Clock) -> None:
        self.database, self.today = database, today
        self.forms: dict[str, str] = {}
        self.cases: dict[str, int] = {}
        self._zone = database.read(store_settings).zone_info
        self._until = clock()
        self._now = self._until
        self._done = 0
        self._people = {person.number: person.signer() for person in database.read(staff.list_staff)}

    @property
    def yesterday(self) -> dt.date:
        """The day that is closed by now."""
        return self.today - dt.timedelta(days=1)

    def last_day(self, hour: int, minute: int = 0) -> dt.datetime:
        """Return a time of yesterday."""
        return self._moment(self.yesterday, hour, minute)

    def this_morning(self, hour: int, minute: int = 0) -> dt.datetime:
        """Return a time of today, or the present one where it has not come yet."""
        return self._moment(self.today, hour, minute)

    def lately(self, minutes: int) -> dt.datetime:
        """Return a moment before the present one, today's first one at the earliest."""
        return max(self._moment(self.today, 0, 0), self._until - dt.timedelta(minutes=minutes))

    def person(self, number: str) -> Signer:
        """Return one of the demo's people."""
        return self._people[number]

    def receipt(self, place: int, day: dt.date) -> str:
        """Return the number of a receipt of the stories' till."""
        return receipt_number(STORY_TILL, day, place)

    def do(self, number: str, act: str, work: Callable[[Session, Actor], T], second: str = "") -> T:
        """Let somebody do one command, which somebody else signs as well; what it prints comes out at once."""
        actor = Actor(self._people[number], _STATIONS.get(number, _COUNTER), lambda: self._now)
        self._done += 1
        return self._command(actor, act, work, f"demo {self._done}", self._people[second].person_id if second else None)

    def tell(self, stories: Iterable[Callable[[Teller], Turns]]) -> None:
        """Tell the stories, all of them turn by turn in the order of the turns' times."""
        it = Actor(self._people[IT], _COUNTER, lambda: self._now)
        self._now = min(self.last_day(8), self._until)
        self._command(it, "demo.begin", lambda _session, _actor: self.today.isoformat(), _BEGUN)
        told = [story(self) for story in stories]
        turns = [(at, place) for place, story in enumerate(told) if (at := next(story, None)) is not None]
        heapq.heapify(turns)
        while turns:
            self._now, place = heapq.heappop(turns)
            following = next(told[place], None)
            if following is not None:
                heapq.heappush(turns, (max(following, self._now), place))
        self._command(it, "demo.end", lambda _session, _actor: None, _OVER)

    def _moment(self, day: dt.date, hour: int, minute: int) -> dt.datetime:
        return min(dt.datetime.combine(day, dt.time(hour, minute), self._zone), self._until)

    def _command(
        self, actor: Actor, act: str, work: Callable[[Session, Actor], T], key: str, second: int | None = None
    ) -> T:
        def printed(session: Session) -> T:
            answer = work(session, actor)
            session.flush()
            session.execute(
                update(PrintJob)
                .where(PrintJob.state == JobState.QUEUED)
                .values(state=JobState.PRINTED.value, attempts=1, changed_at=actor.now()),
                execution_options={"synchronize_session": False},
            )
            return answer

        return self.database.command(actor, act, printed, key=key, second=second)


def told_until(session: Session) -> tuple[dt.date | None, bool]:
    """Return the day as of which the stories were begun, None where they were not, and whether they are told."""
    begun = find_answer(session, _BEGUN)
    day = dt.date.fromisoformat(begun.answer) if begun is not None else None
    return day, find_answer(session, _OVER) is not None


def revision_of(session: Session, case_id: int) -> int:
    """Return the revision that a case is at."""
    return session.get_one(Case, case_id).revision
