"""How long a customer is searched for among a million: `python tests/bench/bench_customers.py [URL] [COUNT]`."""

from __future__ import annotations

import datetime as dt
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import insert, text

from counterapp.core import customers
from counterapp.core.customers import Customer, CustomerKey, _keys_of
from counterapp.core.database import Database
from counterapp.core.migrate import bring_up_to_date
from counterapp.core.secrets_file import Keys

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰涛明超霞平刚桂兰文华建国红玉春梅海燕志飞雪琴宇浩轩梓涵欣怡子墨佳琪思远"
CHUNK = 20_000


def fill(database: Database, count: int) -> None:
    dice = random.Random(7)
    for start in range(1, count + 1, CHUNK):
        people, keys = [], []
        for at in range(start, min(start + CHUNK, count + 1)):
            name = dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2))))
            one = Customer(id=at, name=name, phone=f"1{dice.randrange(3 * 10**9, 10**10)}", member_card=f"88{at:010}")
            people.append({"id": at, "name": name, "phone": one.phone, "member_card": one.member_card,
                           "contacted_on": dt.date(2026, 11, 1)})  # fmt: skip
            keys += [{"key": key, "customer_id": at} for key in sorted(set(_keys_of(one)))]
        database.run(lambda s: (s.execute(insert(Customer), people), s.execute(insert(CustomerKey), keys)))
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def main(url: str, count: int) -> None:
    with Database(url, Keys(b"p" * 32, b"j" * 32)) as database:
        bring_up_to_date(database)
        began = time.perf_counter()
        fill(database, count)
        print(f"{count} customers in {time.perf_counter() - began:.0f} s, {database.url.get_backend_name()}")
        dice = random.Random(11)
        some = database.read(lambda s: [s.get_one(Customer, dice.randint(1, count)) for _ in range(50)])
        for what, typed in {
            "whole phone": [one.phone for one in some],
            "part of a phone": [one.phone[:6] for one in some],
            "card": [one.member_card for one in some],
            "name": [one.name for one in some],
            "given name": [one.name[1:] for one in some],
            "initials": [next(key for key in _keys_of(one) if key.isascii() and key.isalpha()) for one in some],
            "one letter": ["w", "m", "z"],
            "nobody": ["12345678901", "欧阳修文", "xyzxyz"],
        }.items():
            taken, cpu = [], []
            for one in typed:
                began, busy = time.perf_counter(), time.process_time()
                database.read(lambda s: customers.find(s, one))
                taken.append(1000 * (time.perf_counter() - began))
                cpu.append(1000 * (time.process_time() - busy))
            print(
                f"{what:>16}: median {statistics.median(taken):.2f} ms, worst {max(taken):.2f} ms,"
                f" of it the processor's {statistics.median(cpu):.2f}"
            )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(
            sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'store.db'}",
            int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000,
        )
