"""Every screen in both languages, light and dark, small and large type: nothing cut off, nothing on top of another.

With COUNTERAPP_SHOTS set to a folder, the pictures are kept there to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemDelegate,
    QApplication,
    QLabel,
    QScrollArea,
    QStyleOptionViewItem,
    QWidget,
)

from counterapp.ui import theme
from counterapp.ui.print_preview import Paper, PrintPreview
from counterapp.ui.widgets import BadgeRow, Text
from counterapp.ui.window import Window
from tests.ui.conftest import BADGE, MakeWindow, scanned, settle
from tests.ui.sample import ApprovalDialog, SampleView, lines
from tests.ui.test_dialog import png

LOOKS = [
    pytest.param({"language": language, "dark": dark, "large": large, "size": size}, id=name)
    for name, language, dark, large, size in (
        ("zh", "zh", False, False, (1366, 768)),
        ("zh-dark", "zh", True, False, (1366, 768)),
        ("zh-large", "zh", False, True, (1366, 768)),
        ("zh-1920", "zh", False, False, (1920, 1080)),
        ("en", "en", False, False, (1366, 768)),
        ("en-large", "en", False, True, (1366, 768)),
        ("en-1920-dark-large", "en", True, True, (1920, 1080)),
    )
]


def at_the_door(window: Window) -> None:
    window.lock()


def at_the_door_with_pin(window: Window) -> None:
    window.lock()
    window.router.route(scanned(BADGE))
    window.greet("王丽")


def at_the_desk(window: Window) -> None:
    assert isinstance(window.current_view, SampleView)


def with_a_message(window: Window) -> None:
    window.router.route(scanned("RF000000000149"))


def with_the_scan_line_open(window: Window) -> None:
    window.press("F2")


def with_the_approval(window: Window) -> None:
    window.dialogs.open(ApprovalDialog())


def with_the_keys(window: Window) -> None:
    window.press("F1")


def with_a_paper(window: Window) -> None:
    window.dialogs.open(
        PrintPreview([Paper("第一联 客服", png(1041, 606)), Paper("第二联 收银交行政", png(1041, 606))])
    )


def with_a_bug(window: Window) -> None:
    window.messages.bug_met.emit("Traceback (most recent call last):\nZeroDivisionError: division by zero")


def with_nothing(window: Window) -> None:
    window.admit("访客", [])


SCREENS: list[Callable[[Window], None]] = [
    at_the_door,
    at_the_door_with_pin,
    at_the_desk,
    with_a_message,
    with_the_scan_line_open,
    with_the_approval,
    with_the_keys,
    with_a_paper,
    with_a_bug,
    with_nothing,
]


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_cut_off_and_nothing_covers_another(
    look: dict[str, object], make_window: MakeWindow, qapp: QApplication, request: pytest.FixtureRequest
) -> None:
    window = make_window(**look)
    faults: list[str] = []
    for screen in SCREENS:
        screen(window)
        settle(qapp)
        keep_picture(window, f"{request.node.callspec.id}-{screen.__name__}")
        top = window.dialogs.current or window.sign_in or window
        faults += [f"{screen.__name__}: {fault}" for fault in faults_of(top)]
        window.dialogs.close_all()
        window.messages.clear()
        window.admit("王丽  客服员 6012", window.desks)
        settle(qapp)

    assert not faults, "\n".join(faults)


def test_a_table_of_two_hundred_lines_paints_only_what_is_seen(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    view = window.current_view
    assert isinstance(view, SampleView)
    painted: set[int] = set()
    delegate = type(view.table.itemDelegate())
    paint = delegate.paint

    def counted(
        self: QAbstractItemDelegate, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        painted.add(index.row())
        paint(self, painter, option, index)

    monkeypatch.setattr(delegate, "paint", counted)
    view.table.show_rows([replace(row, key=(place, row.key)) for place in range(40) for row in lines()])
    view.table.viewport().grab()

    assert 0 < len(painted) < 15


def faults_of(top: QWidget) -> list[str]:
    """What is wrong with the words and buttons in `top`, in words."""
    faults = []
    pieces = [piece for piece in top.findChildren(QWidget) if isinstance(piece, QLabel | QAbstractButton | BadgeRow)]
    seen = [piece for piece in pieces if piece.isVisible() and words_of(piece)]
    for piece in seen:
        words = words_of(piece)
        if not shrinks(piece) and piece.sizeHint().width() > piece.width():
            faults.append(f"{words!r} needs {piece.sizeHint().width()} px of width and has {piece.width()}")
        needed = piece.heightForWidth(piece.width()) if piece.hasHeightForWidth() else piece.minimumSizeHint().height()
        if needed > piece.height():
            faults.append(f"{words!r} needs {needed} px of height and has {piece.height()}")
        if isinstance(piece, QAbstractButton) and piece.height() < theme.px(40):
            faults.append(f"{words!r} is only {piece.height()} px high")
        if not scrolls(piece) and not top.rect().contains(place_in(top, piece)):
            faults.append(f"{words!r} reaches out of its screen")
    for one, other in combinations(seen, 2):
        same = scrolls(one) is scrolls(other)
        if same and place_in(top, one).intersects(place_in(top, other)) and not over(one, other):
            faults.append(f"{words_of(one)!r} and {words_of(other)!r} cover each other")
    return faults


def words_of(piece: QWidget) -> str:
    return piece.text() if isinstance(piece, QLabel | QAbstractButton) else type(piece).__name__


def shrinks(piece: QWidget) -> bool:
    """Whether a piece is made to wrap or to end in an ellipsis."""
    return isinstance(piece, Text) and (piece.wordWrap() or piece.elides)


def scrolls(piece: QWidget) -> bool:
    parent: QWidget | None = piece
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent is not None


def over(one: QWidget, other: QWidget) -> bool:
    """Whether one of the two is meant to lie over the view: the banner with its button."""
    return any(type(parent).__name__ == "Banner" for piece in (one, other) if (parent := piece.parentWidget()))


def place_in(top: QWidget, piece: QWidget) -> QRect:
    return QRect(piece.mapTo(top, QPoint(0, 0)), piece.size())


def keep_picture(window: Window, name: str) -> None:
    folder = os.environ.get("COUNTERAPP_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        window.grab().save(str(Path(folder) / f"{name}.png"))
