"""Where a file goes or lies: asked of the person, in the folder chosen last; it is written off the window's thread.

`save_table` and `save_pdf` are for a long job, or a command's work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from counterapp.core.files import put_in_place

if TYPE_CHECKING:
    from counterapp.core.spreadsheets import Table
    from printers.document import Document

_FILTERS: Final = {"pdf": "PDF (*.pdf)", "xlsx": "Excel (*.xlsx)", "csv": "CSV (*.csv)"}


class SaveFileDialog(QObject):
    """Asks for places over the window of `parent`; the folder of the last one is proposed for the next."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))

    def ask(self, title: str, name: str, kinds: Sequence[str], chosen: Callable[[Path], None]) -> None:
        """Ask where the file `name` goes, of one of `kinds` ("csv"), and call `chosen` with the whole path."""
        dialog = QFileDialog(self._over.window(), title, str(self._folder / f"{name}.{kinds[0]}"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([_FILTERS[kind] for kind in kinds])
        dialog.setDefaultSuffix(kinds[0])
        dialog.filterSelected.connect(lambda picked: dialog.setDefaultSuffix(_kind_of(picked, kinds)))
        dialog.fileSelected.connect(lambda path: self._on_chosen(Path(path), chosen))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_chosen(self, path: Path, chosen: Callable[[Path], None]) -> None:
        self._folder = path.parent
        chosen(path)


def open_file(
    over: QWidget, title: str, filters: Sequence[str], chosen: Callable[[Path], None], *, folder: Path | None = None
) -> QFileDialog:
    """Let a file that is there be chosen beside the screen, which goes on meanwhile; return the open dialog.

    `filters` are Qt's: "Exports (*.csv *.txt)".
    """
    dialog = QFileDialog(over.window(), title, str(folder or ""))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(list(filters))
    dialog.setModal(False)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.show()
    return dialog


def save_table(path: Path, *tables: Table) -> None:
    """Write tables as the name of `path` says: XLSX holds them all, CSV the first. Raises Trouble."""
    from counterapp.core.spreadsheets import as_csv, as_xlsx

    put_in_place(path, as_xlsx(*tables) if path.suffix.lower() == ".xlsx" else as_csv(tables[0]))


def save_pdf(path: Path, document: Document) -> None:
    """Write a document as it would be printed. Raises Trouble."""
    from printers.protocols import as_pdf

    put_in_place(path, as_pdf(document))


def _kind_of(picked: str, kinds: Sequence[str]) -> str:
    return next((kind for kind in kinds if f"*.{kind}" in picked), kinds[0])
