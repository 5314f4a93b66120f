"""`rules`: what holds at the returns desk in words, a file tried on past cases, and putting it into force."""

from __future__ import annotations

import argparse
from pathlib import Path

from counterapp import words
from counterapp.core.actor import CONSOLE, Actor
from counterapp.core.database import Database
from counterapp.core.files import read_text
from counterapp.core.money import format_fen
from counterapp.core.store_settings import store_settings
from counterapp.desks.returns.rules import load_rule_book
from counterapp.desks.returns.services.rule_books import book_on, describe_rule_book, put_in_force
from counterapp.desks.returns.services.rule_dry_run import Difference, dry_run
from counterapp.desks.returns.services.rule_text import Clause, Mark
from counterapp.return_forms.terms import name_of
from counterapp.settings import Settings
from counterapp.store_access import open_store
from counterapp.words import _

_MARKS = {Mark.SAME: " ", Mark.NEW: "+", Mark.CHANGED: "~", Mark.GONE: "-"}


def show(settings: Settings, asked: argparse.Namespace) -> int:
    """Show in words the rule book that holds for what is bought on a day."""
    with open_store(settings) as database:
        actor = _console(settings, database)
        day = asked.on or actor.today()
        opened = database.read(
            lambda session: describe_rule_book(session, book_on(session, day), actor.today(), words.current())
        )
    book = opened.book
    print(book.name.text(words.current()) if book.name is not None else "")
    if book.last is None:
        print(_("In force for what is bought from {first} on").format(first=book.starts_on))
    else:
        print(_("In force for what is bought from {first} through {last}").format(first=book.starts_on, last=book.last))
    for chapter in opened.chapters:
        print(f"\n{chapter.title}")
        for clause in chapter.clauses:
            _print_clause(clause)
    return 0


def check(settings: Settings, asked: argparse.Namespace) -> int:
    """Name the mistakes of a rule book, or try it on past cases; changes nothing."""
    book = load_rule_book(read_text(Path(asked.file)))
    print(_("The rule book can be read: {rules} rules, {grants} grants of the law.").format(
        rules=len(book.rules), grants=len(book.grants)
    ))  # fmt: skip
    with open_store(settings) as database:
        actor = _console(settings, database)
        tried = database.read(lambda session: dry_run(session, book, actor.today(), asked.days))
    sentence = _("{count} lines judged since {day}: {different} would have been judged otherwise.")
    print(sentence.format(count=tried.tried, day=tried.since, different=len(tried.differences)))
    for old, new, lines, fen in tried.totals():
        print(f"{name_of(old)} → {name_of(new)}", lines, format_fen(fen), sep="\t")
    for one in tried.differences:
        print(*_columns(one), sep="\t")
    return 0


def load(settings: Settings, asked: argparse.Namespace) -> int:
    """Put a rule book into force from a day on; where that fails the one before stays."""
    text = read_text(Path(asked.file))
    with open_store(settings) as database:
        actor = _console(settings, database)
        database.command(actor, "rules.load", lambda session: put_in_force(session, actor, text, asked.starts_on))
    print(_("In force for what is bought from {first} on").format(first=asked.starts_on))
    return 0


def _console(settings: Settings, database: Database) -> Actor:
    zone = database.read(store_settings).zone_info
    return Actor(CONSOLE, settings.station.name, zone=zone)


def _print_clause(clause: Clause) -> None:
    effect = f"[{name_of(clause.effect)}] " if clause.effect is not None else ""
    print(f"{_MARKS[clause.mark]} {effect}{clause.sentence}")
    if clause.when:
        print("    " + _("When {condition}").format(condition=clause.when))
    if clause.remark:
        print(f"    {clause.remark}")
    if clause.before:
        print("    " + _("Before: {what}").format(what=" / ".join(clause.before.splitlines())))


def _columns(one: Difference) -> tuple[str, ...]:
    verdict, language = one.new, words.current()
    why = next(
        (each.text(language) for each in verdict.findings if each.effect is verdict.effect and not each.struck), ""
    )
    if one.open_questions:
        why = _("{why} (not asked then: {questions})").format(
            why=why, questions=" ".join(question.text(language) for question in verdict.questions)
        )
    return (
        f"{one.number:06}" if one.number is not None else "-", one.receipt, str(one.line_no), one.item,
        f"{one.day}", format_fen(one.amount), f"{name_of(one.old)} → {name_of(verdict.effect)}", why.strip(),
    )  # fmt: skip
