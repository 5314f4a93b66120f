"""The words of the command line, and what is said when they are wrong."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NoReturn

from counterapp import __version__
from counterapp.core.actor import Role
from counterapp.settings import Settings, load
from counterapp.words import _

Run = Callable[[Settings, argparse.Namespace], int]


class _Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong."""

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2."""
        sentence = _("That command is not understood ({reason}). “counterapp --help” shows how it is written.")
        print(sentence.format(reason=message), file=sys.stderr)
        sys.exit(2)


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line. Leaves with 2 where it is wrong.

    `.read(data, database)` gives the settings with which `.run(settings, namespace)` carries it out.
    """
    parser = _Parser(prog="counterapp", description="The service counter of a store, on one screen.")
    parser.add_argument("--version", action="version", version=f"counterapp {__version__}")
    parser.add_argument("--data", metavar="DIR", help="folder of the store's data (or COUNTERAPP_DATA)")
    parser.add_argument("--database", metavar="URL", help="a PostgreSQL database instead of the file in that folder")
    parser.set_defaults(read=load)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Run, words: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=words, description=words)
        one.set_defaults(run=run)
        return one

    command("run", _late("screen", "run"), "open the store; the first start asks for store and administrator")
    command("demo", _late("screen", "demo"), "make the demo store if it is not there, and open it")
    _init(command("init", _late("store", "init"), "make a new store without a window"))
    _staff(commands.add_parser("staff", help="the store's staff"))
    _store(commands.add_parser("store", help="what holds for the whole store"))
    sales = command("import-sales", _late("receipts", "import_sales"), "take in an export of the till")
    sales.add_argument("file", metavar="FILE")
    sales.add_argument("--json", action="store_true")
    receipt = command("receipt", _late("receipts", "receipt"), "show a sales receipt")
    receipt.add_argument("number", metavar="NUMBER")
    receipt.add_argument("--json", action="store_true")
    _explain(command("explain", _late("returns", "explain"), "say what the rules say of a line; changes nothing"))
    _returns(commands.add_parser("returns", help="the register of returns, the stock correction, the days' seals"))
    _bagcheck(commands.add_parser("bagcheck", help="lockers and tags of bag check"))
    _rules(commands.add_parser("rules", help="the rules of the house at the returns desk"))
    _journal(commands.add_parser("journal", help="the journal of all acts"))
    _printers(commands.add_parser("printers", help="the printers of this PC"))
    doctor = command("doctor", _late("doctor", "doctor"), "say what is wrong on this PC; exit 5 where something is")
    doctor.add_argument("--json", action="store_true")
    doctor.add_argument("--print", action="store_true", dest="trials", help="print test papers as well")
    doctor.set_defaults(read=_as_far_as_readable)
    support = command("support", _late("support", "support"), "write what a helper needs to see, without secrets")
    support.add_argument("--out", metavar="FILE", help="a ZIP file; counterapp-support-<day>.zip here if not given")
    form = command("form", _late("returns", "form"), "write a return form as it printed")
    form.add_argument("number", metavar="NUMBER", type=_whole)
    form.add_argument("--pdf", metavar="FILE", required=True)
    return parser.parse_args(arguments)


def _late(module: str, name: str) -> Run:
    """Return the command `name` of `module`, which is imported only when it runs."""

    def run(settings: Settings, asked: argparse.Namespace) -> int:
        import importlib

        command: Run = getattr(importlib.import_module(f"counterapp.cli.{module}"), name)
        return command(settings, asked)

    return run


def _as_far_as_readable(data: Path, database: str) -> Settings:
    from counterapp.desks.devices.services.device_status import settings_now

    return settings_now(data, database)[0]


def _printers(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="list them with their state, and every profile; exit 5 where one is wrong")
    listed.set_defaults(run=_late("printers", "list_all"))
    trial = actions.add_parser("test", help="print a test paper")
    trial.add_argument("name", metavar="NAME")
    trial.set_defaults(run=_late("printers", "trial"))
    sheet = actions.add_parser("calibrate", help="print a sheet that tells the offsets of pages and labels")
    sheet.add_argument("name", metavar="NAME")
    sheet.add_argument("--zero", action="store_true", help="as if offset_x and offset_y were 0")
    sheet.set_defaults(run=_late("printers", "calibrate"))


def _init(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True, help="the store's name, as it stands on paper")
    parser.add_argument("--code", required=True, help="the store's code at the till, as 0101")
    parser.add_argument("--admin", required=True, metavar="NUMBER", help="staff number of the administrator")
    parser.add_argument("--admin-name", default="", metavar="NAME")
    parser.add_argument("--pin-stdin", action="store_true", help="read the PIN from standard input")


def _staff(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add a member of staff")
    add.add_argument("number", metavar="NUMBER")
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--department", default="", metavar="NAME", help="of a department's account, as the till has it")
    add.add_argument("--pin-stdin", action="store_true", help="read the PIN from standard input")
    add.set_defaults(run=_late("store", "staff_add"))
    actions.add_parser("list", help="list the staff").set_defaults(run=_late("store", "staff_list"))


def _store(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help="show every setting of the store")
    show.add_argument("--json", action="store_true")
    show.set_defaults(run=_late("store", "store_show"))
    change = actions.add_parser("set", help="change settings of the store, as form_paper=continuous")
    change.add_argument("changes", nargs="+", type=_change, metavar="KEY=VALUE")
    change.set_defaults(run=_late("store", "store_set"))
    departments = actions.add_parser("departments", help="list the departments of the sales floor, after any change")
    departments.add_argument("--add", action="append", default=[], metavar="NAME", help="add one, or use it again")
    departments.add_argument("--remove", action="append", default=[], metavar="NAME", help="take one out of use")
    departments.set_defaults(run=_late("store", "store_departments"))
    days = actions.add_parser("working-days", help="take in the state's working days and swapped weekends of a file")
    days.add_argument("file", metavar="FILE")
    days.set_defaults(run=_late("store", "store_working_days"))


def _journal(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    verify = actions.add_parser("verify", help="read it whole; exit 4 and the first bad entry where something is wrong")
    verify.set_defaults(run=_late("journal", "verify"))
    keep = actions.add_parser("keep", help="note outside the database where each station's entries end now")
    keep.set_defaults(run=_late("journal", "keep"))


def _bagcheck(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    lockers = actions.add_parser("lockers", help="lay out the lockers: CSV with number, size, place[, row, column]")
    lockers.add_argument("file", metavar="FILE")
    lockers.set_defaults(run=_late("bagcheck", "lockers"))
    tags = actions.add_parser("tags", help="add plastic tags, and print the codes that belong on them")
    tags.add_argument("numbers", nargs="+", type=_span, metavar="NUMBERS", help="as 17 or 1-96; others are spares")
    tags.set_defaults(run=_late("bagcheck", "tags"))
    erase = actions.add_parser("erase", help="erase the personal data whose time is over")
    erase.set_defaults(run=_late("bagcheck", "erase"))


def _rules(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help="show in words the rule book that holds for what is bought on a day")
    show.add_argument("--on", type=_day, metavar="DAY", help="as 2026-11-21; today if not given")
    show.set_defaults(run=_late("rules", "show"))
    check = actions.add_parser("check", help="name the mistakes of a file, or try it on past cases; changes nothing")
    check.add_argument("file", metavar="FILE")
    check.add_argument("--days", type=_whole, default=90, metavar="N", help="cases of the last N days; 90 if not given")
    check.set_defaults(run=_late("rules", "check"))
    load_file = actions.add_parser("load", help="put a file into force; where that fails the one before stays")
    load_file.add_argument("file", metavar="FILE")
    load_file.add_argument("--from", required=True, type=_day, dest="starts_on", metavar="DAY", help="today or later")
    load_file.set_defaults(run=_late("rules", "load"))


def _returns(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    register = actions.add_parser("register", help="say what a day comes to and what is not done; write its register")
    register.add_argument("--pdf", metavar="FILE")
    register.set_defaults(run=_late("returns", "register"))
    stock = actions.add_parser("stock", help="write the stock correction of a day; it is marked as fetched")
    stock.add_argument("--by", required=True, metavar="NUMBER", help="staff number of whoever fetches it, who signs")
    stock.add_argument("--pin-stdin", action="store_true", help="read the PIN from standard input")
    stock.set_defaults(run=_late("returns", "stock_file"))
    for one in (register, stock):
        one.add_argument("--day", type=_day, metavar="DAY", help="as 2026-11-21; today if not given")
        one.add_argument("--csv", metavar="FILE")
        one.add_argument("--xlsx", metavar="FILE")
    seals = actions.add_parser("verify-seals", help="look through the closed days; exit 4 where one does not fit")
    seals.set_defaults(run=_late("returns", "verify"))


def _explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("receipt", metavar="RECEIPT")
    parser.add_argument("line", metavar="LINE", type=_whole)
    parser.add_argument("--kind", required=True, type=_code_of("Kind"), metavar="KIND")
    parser.add_argument("--reason", required=True, type=_code_of("Reason"), metavar="REASON")
    parser.add_argument("--quantity", type=_quantity, metavar="N", help="pieces or kilograms")
    parser.add_argument("--on", type=_day, metavar="DAY", help="as if this were the day, as 2026-11-21")
    parser.add_argument("--answer", action="append", default=[], type=_answer, metavar="QUESTION=yes|no")
    parser.add_argument("--json", action="store_true")


def _code_of(kind: str) -> Callable[[str], str]:
    """Return a reader of the codes of that name; they are imported only when one is read."""

    def read(text: str) -> str:
        from counterapp.return_forms import terms

        codes = [code.value for code in getattr(terms, kind)]
        if text not in codes:
            raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(codes)}")
        return text

    return read


def _change(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    return key.strip(), value


def _span(text: str) -> list[str]:
    """Return the numbers from the first to the last, as "1-96"; anything else is one number of a tag."""
    first, _sign, last = text.partition("-")
    if not (first.isascii() and first.isdecimal() and last.isascii() and last.isdecimal()):
        return [text]
    if not 0 <= int(last) - int(first) < 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a span of at most 1000 numbers")
    return [str(number) for number in range(int(first), int(last) + 1)]


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return int(text)


def _quantity(text: str) -> int:
    """Return thousandths."""
    try:
        thousandths = Decimal(text) * 1000
    except InvalidOperation:
        thousandths = Decimal("NaN")
    if not thousandths.is_finite() or thousandths <= 0 or thousandths != int(thousandths) or thousandths > 10**12:
        raise argparse.ArgumentTypeError(f"{text!r} is not a quantity with at most three decimals")
    return int(thousandths)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day, as 2026-11-21") from error


def _answer(text: str) -> tuple[str, bool]:
    from counterapp.return_forms.terms import Answer

    name, _equals, said = text.partition("=")
    if said not in {"yes", "no"} or name not in {answer.value for answer in Answer}:
        raise argparse.ArgumentTypeError(f"{text!r} is not a question=yes or question=no")
    return name, said == "yes"
