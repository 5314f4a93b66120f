"""Where files go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from counterapp.core.spreadsheets import Table
from counterapp.errors import Trouble
from counterapp.ui.save_file import SaveFileDialog, open_file, save_pdf, save_table
from printers.document import Page, Pages


@pytest.fixture
def over(qtbot: QtBot) -> QWidget:
    over = QWidget()
    qtbot.addWidget(over)
    over.show()
    return over


def test_the_folder_of_the_last_file_is_proposed_for_the_next(over: QWidget, tmp_path: Path) -> None:
    files = SaveFileDialog(over)
    chosen: list[Path] = []
    files.ask("Where?", "gifts", ("csv", "xlsx"), chosen.append)
    dialog = over.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.defaultSuffix() == "csv"
    dialog.filterSelected.emit("Excel (*.xlsx)")
    assert dialog.defaultSuffix() == "xlsx"
    dialog.fileSelected.emit(str(tmp_path / "mine.xlsx"))
    dialog.close()
    assert chosen == [tmp_path / "mine.xlsx"]
    files.ask("Where?", "gifts", ("csv",), chosen.append)
    again = over.findChildren(QFileDialog)[-1]
    assert Path(again.directory().path()) == tmp_path
    again.close()


def test_a_file_that_is_there_is_chosen_beside_the_screen(over: QWidget, tmp_path: Path) -> None:
    chosen: list[Path] = []
    dialog = open_file(over, "Which?", ["Exports (*.csv)"], chosen.append, folder=tmp_path)
    assert not dialog.isModal()
    dialog.fileSelected.emit(str(tmp_path / "sales.csv"))
    dialog.close()
    assert chosen == [tmp_path / "sales.csv"]


def test_the_name_says_what_is_written(tmp_path: Path) -> None:
    table = Table("gifts", ("Name",), [("cup",)])
    save_table(tmp_path / "gifts.csv", table)
    save_table(tmp_path / "gifts.XLSX", table, replace(table, title="again"))
    assert "cup" in (tmp_path / "gifts.csv").read_text("utf-8-sig")
    assert (tmp_path / "gifts.XLSX").read_bytes().startswith(b"PK")
    with pytest.raises(Trouble):
        save_table(tmp_path / "missing" / "gifts.csv", table)


def test_a_document_is_written_as_it_would_be_printed(tmp_path: Path) -> None:
    save_pdf(tmp_path / "gifts.pdf", Pages("gifts", (Page(210, 297, ()),)))
    assert (tmp_path / "gifts.pdf").read_bytes().startswith(b"%PDF")
