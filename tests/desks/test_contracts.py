"""What holds for every desk alike, on the demo store, where each has something to show.

A new desk is held to it by standing in `app.desks`, `app.figures`, `app.open_items` and `app.erasures`.
"""

from __future__ import annotations

import ast
import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Set
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from sqlalchemy import Column, String, select
from sqlalchemy.orm import Session

import counterapp
from counterapp import app
from counterapp.core import customers, personal, staff
from counterapp.core.actor import CONSOLE, Actor, Role
from counterapp.core.base import Base
from counterapp.core.cases import Case
from counterapp.core.commands import DoneCommand
from counterapp.core.database import Database
from counterapp.core.figures import Figure, Grain, Period, behind, count
from counterapp.core.journal import JournalEntry
from counterapp.core.masking import Mask
from counterapp.core.open_items import OpenItem, OpenItems
from counterapp.core.receipts import FROM_TILL, Receipt
from counterapp.core.workflow import Workflow
from counterapp.demo import demo_staff
from counterapp.desks.bagcheck.rules import MOVES as BAG_MOVES
from counterapp.desks.day_close.services import closing
from counterapp.return_forms.models import MOVES as RETURN_MOVES
from counterapp.ui.view import DeskTab
from counterapp.ui.widgets import KeyButton
from counterapp.words import Language
from counterapp.work import StoreClient
from tests.conftest import DEMO_DAY, NOW, PlayedClock
from tests.desks.screen import DeskScreen, only
from tests.ui.test_gallery import faults_of

#: The desks by name, as the program's window has them; a client is only needed to show one.
DESKS: list[DeskTab] = list(app.desks(Mock(spec=StoreClient)))
#: Every workflow that a desk has anywhere; they need not be listed.
WORKFLOWS: list[Workflow] = [
    value
    for name, module in sorted(sys.modules.items())
    if name.startswith("counterapp.desks.")
    for value in vars(module).values()
    if isinstance(value, Workflow)
]
#: What a window takes to itself, whatever desk is shown.
WINDOW_KEYS = {"F1", "F2", "F12", "Ctrl+L", "Ctrl+P"}
LOOKS: list[tuple[Language, bool]] = [("zh", False), ("en", False), ("zh", True)]
_SOURCES = Path(counterapp.__file__).parent
app.metadata()  # knows all tables, also those that no desk uses yet

Show = Callable[..., DeskScreen]


@pytest.fixture
def show(demo: Database, qtbot: QtBot, clock: PlayedClock) -> Iterator[Show]:
    """Show a desk of the demo store to somebody whose desk it is, in a client area of 1366 by 688."""
    shown: list[DeskScreen] = []

    def show(desk: DeskTab, language: Language = "en", *, large: bool = False) -> DeskScreen:
        numbers = [person.number for person in demo_staff() if person.role in desk.roles]
        people = {person.number: person.signer() for person in demo.read(staff.list_staff)}
        screen = DeskScreen(
            qtbot, demo, only(desk.name), people[numbers[0]], clock=clock, language=language, large=large
        )
        shown.append(screen)
        screen.window.resize(1366, 688)
        settle(screen)
        return screen

    yield show
    for screen in shown:
        _application().aboutToQuit.emit()
        screen.close()


def settle(screen: DeskScreen) -> None:
    """Let everything that was asked of the store be answered, and the layouts come to rest."""
    for _ in range(3):
        answered: list[int] = []
        screen.client.run_own_transaction(screen.window, lambda: 1, answered.append)
        screen.client.read(screen.window, lambda _session: 2, answered.append)
        screen.until(lambda answered=answered: len(answered) == 2)  # type: ignore[misc]
    for _ in range(4):
        _application().sendPostedEvents()
        _application().processEvents()


def codes_for(demo: Database, desk: DeskTab) -> list[str]:
    """Return one code of each kind that opens something at the desk: of cases, forms, sheets, and a receipt."""

    def read(session: Session) -> list[str]:
        found: dict[str, str] = {}
        for mapper in Base.registry.mappers:
            column = mapper.columns.get("code")
            if column is not None and isinstance(column.type, String):
                for code in session.scalars(select(column).order_by(*mapper.primary_key)):
                    if code[:2] in desk.prefixes:
                        found.setdefault(code[:2], code)
        from_till = select(Receipt.number).where(Receipt.source == FROM_TILL)
        receipts = session.scalars(from_till.order_by(Receipt.id.desc()).limit(1)).all()
        return [*found.values(), *(receipts if desk.claims is not None else ())]

    return demo.read(read)


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.name)
@pytest.mark.parametrize(("language", "large"), LOOKS, ids=("zh", "en", "zh-large"))
def test_nothing_of_a_desk_is_cut_off_and_each_key_is_one_button_s(
    desk: DeskTab, language: Language, large: bool, demo: Database, show: Show
) -> None:
    screen = show(desk, language, large=large)
    faults = [f"shown: {fault}" for fault in [*faults_of(screen.window), *nameless(screen), *twice(screen)]]
    for code in codes_for(demo, desk):
        screen.window.router.route_text(code)
        settle(screen)
        on_top = screen.dialog or screen.window
        faults += [f"{code[:2]}: {fault}" for fault in [*faults_of(on_top), *nameless(screen), *twice(screen)]]
        screen.window.dialogs.close_all()
        screen.window.messages.clear()
        settle(screen)
    assert not faults, "\n".join(dict.fromkeys(faults))


def nameless(screen: DeskScreen) -> list[str]:
    """Return which controls say neither in words nor to a screen reader what they are."""
    faults = []
    for one in screen.visible(QWidget):
        if not isinstance(one, QAbstractButton | QLineEdit | QComboBox | QPlainTextEdit) or not one.isEnabled():
            continue
        said = one.accessibleName() or (one.text() if isinstance(one, QAbstractButton) else "")
        if not said and not (isinstance(one, QLineEdit) and one.placeholderText()):
            faults.append(f"{type(one).__name__} {one.objectName()} in {type(one.parent()).__name__} has no name")
    return faults


def twice(screen: DeskScreen) -> list[str]:
    """Return which keys are two buttons', or the window's and a button's."""
    on_top: QWidget = screen.dialog or screen.view
    keys = [one.key for one in on_top.findChildren(KeyButton) if one.key and one.isVisible() and one.isEnabled()]
    return [f"the key {key} is there twice" for key in {*keys} if keys.count(key) > 1 or key in WINDOW_KEYS]


def _application() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


# -- what desks write ---------------------------------------------------------------------------------------------


def sent_acts() -> list[tuple[str, str, str]]:
    """Return what the program's screens and command lines send: where it stands, how, and the act in plain letters."""
    found = []
    for path in sorted(_SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "command":
                acts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                found += [(str(path.relative_to(_SOURCES)), ast.unparse(node.func.value), act) for act in acts]
    return found


def test_an_act_fits_the_journal_and_begins_with_its_matter() -> None:
    acts = {act for _where, _how, act in sent_acts()}
    assert len(acts) > 30
    assert [act for act in acts if len(act) > 40 or act.count(".") != 1] == []


def test_a_view_writes_through_its_client_alone() -> None:
    """What `StoreClient.command` sends is journalled by `Database.command`, whatever it is."""
    past = []
    for path in sorted(_SOURCES.glob("desks/*/view/**/*.py")) + sorted(_SOURCES.glob("desks/*/view.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"command", "run"}:
                of = ast.unparse(node.value)
                if of.endswith("database"):
                    past.append(f"{path.relative_to(_SOURCES)}: {of}.{node.attr}")
    assert past == []


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.name)
def test_what_the_keys_of_a_desk_send_is_journalled(
    desk: DeskTab, demo: Database, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    command = StoreClient.command

    def watched(self: StoreClient, owner: Any, act: str, *args: Any, **how: Any) -> None:
        sent.append(act)
        command(self, owner, act, *args, **how)

    monkeypatch.setattr(StoreClient, "command", watched)
    screen = show(desk)
    before = screen.acts()
    for code in ("", *codes_for(demo, desk)):
        for key in keys_after(screen, code):
            open_code(screen, code)
            screen.view.press(key)
            settle(screen)
            for dialog in screen.visible(QFileDialog):
                dialog.reject()
            screen.window.dialogs.close_all()
    assert sorted(screen.acts()[len(before) :]) == sorted(sent)
    assert sent or desk.name not in {"Returns", "Bag check", "Till", "Goods back", "Exit check"}


def keys_after(screen: DeskScreen, code: str) -> list[str]:
    open_code(screen, code)
    return list(dict.fromkeys(key for key, _words in screen.view.keys()))  # noqa: SIM118 - no mapping


def open_code(screen: DeskScreen, code: str) -> None:
    """Bring a code to the desk, "" for none."""
    if code:
        screen.window.router.route_text(code)
        settle(screen)


# -- what desks keep ----------------------------------------------------------------------------------------------

#: Personal words that the desk of their case erases with it (`tasks.erase_texts`); no desk writes any yet.
OF_A_CASE = {"tasks.text", "tasks.by_name", "tasks.outcome", "case_steps.words"}


def personal_columns() -> dict[str, Column[Any]]:
    return {
        f"{mapper.class_.__tablename__}.{column.name}": column
        for mapper in Base.registry.mappers
        for column in mapper.columns
        if "personal" in column.info
    }


def values_of(session: Session) -> dict[str, set[str]]:
    """Return what stands in the personal columns, by table and column."""
    return {
        name: {str(value) for value in session.scalars(select(column).distinct()) if value}
        for name, column in personal_columns().items()
    }


@pytest.fixture
def known(demo: Database, clock: PlayedClock) -> Database:
    """The demo store, and a customer of whom everything is known, who came for a return."""
    clerk = next(one.signer() for one in demo.read(staff.list_staff) if one.role == Role.CLERK)
    actor = Actor(clerk, "2", clock)
    kept = demo.command(
        actor, "customer.keep", lambda s: customers.keep(s, actor, "欧阳修文", "13700001111", "880005910336")
    )
    case = demo.read(lambda s: s.scalars(select(Case.id).where(Case.desk == "returns").limit(1)).one())
    demo.command(actor, "customer.link", lambda s: customers.link(s, actor, case, kept))
    return demo


def test_what_is_personal_is_masked_in_the_journal_and_gone_when_its_time_is_over(
    known: Database, clock: PlayedClock
) -> None:
    assert {type(column.info["personal"]) for column in personal_columns().values()} == {Mask}
    before = known.read(values_of)
    assert {name for name, values in before.items() if not values} == OF_A_CASE
    for change in known.read(lambda s: [one for row in s.scalars(select(JournalEntry.changes)) for one in row]):
        for content in (change["before"], change["after"]):
            for name, value in (content or {}).items():
                guarded = before.get(f"{change['table']}.{name}")
                assert guarded is None or not value or set(value) == {"masked", "digest"}, (change["table"], name)
    it = Actor(CONSOLE, "console", clock)
    clock.forward(days=1_500)
    for _run in personal.erase_due(known, it, app.erasures()):
        pass
    assert {name: values for name, values in known.read(values_of).items() if values} == {}


def test_no_stored_answer_holds_a_personal_value(known: Database) -> None:
    # Those that a customer is found by are parts of these; four digits may stand in any number.
    short = {"customer_keys.key", "lost_tokens.id_last_four"}
    values = {one for name, of in known.read(values_of).items() if name not in short for one in of}
    answers = known.read(
        lambda s: [json.dumps(one, ensure_ascii=False) for one in s.scalars(select(DoneCommand.answer))]
    )
    assert len(values) >= 6
    assert len(answers) > 80
    assert [value for value in values if any(value in answer for answer in answers)] == []


@pytest.mark.parametrize("moves", [RETURN_MOVES, BAG_MOVES], ids=("returns", "bag check"))
def test_states_are_short_and_each_is_reached(moves: Mapping[str, Set[str]]) -> None:
    assert all(len(state) <= 20 for state in {*moves, *(to for tos in moves.values() for to in tos)})
    reached = {next(iter(moves))}
    for _ in moves:
        reached |= {to for state in reached for to in moves.get(state, ())}
    assert set(moves) <= reached


@pytest.mark.parametrize("way", WORKFLOWS, ids=lambda way: way.desk)
def test_a_workflow_reaches_every_state(way: Workflow) -> None:
    reached = {way.first}
    for _ in way.states:
        reached |= {move.to for move in way.moves if move.froms & reached}
    assert reached == set(way.states)
    assert all(move.froms | {move.to} <= set(way.states) for move in way.moves)
    assert all(len(move.act) <= 40 for move in way.moves) and all(len(state) <= 20 for state in way.states)
    assert "waiting" not in way.states  # that one belongs to second signatures


# -- what desks count and leave open ------------------------------------------------------------------------------


@pytest.mark.parametrize("figure", app.figures(), ids=lambda figure: figure.key)
def test_a_figure_is_the_length_of_its_list(figure: Figure, demo: Database) -> None:
    period = Period(DEMO_DAY - dt.timedelta(days=7), DEMO_DAY)
    counted = demo.read(partial(count, figure=figure, period=period, grain=Grain.DAY))
    listed = demo.read(partial(behind, figure=figure, period=period))
    assert counted.whole.entries == len(listed) > 0
    assert counted.whole.total == sum(value for *_, value in listed)


def test_what_is_open_has_one_key_each_and_says_where_it_is_done(demo: Database) -> None:
    closed = demo.read(lambda s: closing.day_details(s, DEMO_DAY - dt.timedelta(days=1), NOW, app.open_items()))
    today = demo.read(lambda s: closing.day_details(s, DEMO_DAY, NOW, app.open_items()))
    assert (len(closed.open_items), closed.closed) == (0, True)
    keys = [item.key for item in today.items]
    assert len(keys) == len(set(keys))
    assert len({item.kind for item in today.items}) >= 6
    prefixes = {prefix for desk in DESKS for prefix in desk.prefixes}
    for item in today.items:
        assert item.key.startswith(item.kind)
        assert item.how or item.code[:2] in prefixes, item.key
        assert not item.code or item.code[:2] in prefixes, item.key
    for asked in app.open_items():
        of_desk = demo.read(partial(_open_at, asked))
        assert of_desk


def _open_at(asked: OpenItems, session: Session) -> tuple[OpenItem, ...]:
    return asked(session, DEMO_DAY, NOW)


def test_the_migrations_are_one_line() -> None:
    config = Config()
    config.set_main_option("script_location", str(_SOURCES / "core" / "migrations"))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1
