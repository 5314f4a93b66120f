"""Where a file goes: asked of the person, proposed in the folder chosen last; written away from the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from counterapp.core.files import put_in_place
from counterapp.core.spreadsheets import Table, as_csv, as_xlsx


class Places(QObject):
    """Asks for places; the folder of the last one is proposed for the next."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self._folder = Path(documents)

    def ask(self, title: str, name: str, kinds: tuple[str, ...], chosen: Callable[[Path], None]) -> None:
        """Ask where the file `name` goes, of one of `kinds` ("csv"), and call `chosen` with the whole path."""
        dialog = QFileDialog(self._window.window(), title, str(self._folder / f"{name}.{kinds[0]}"))
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


def write_tables(path: Path, *tables: Table) -> None:
    """Write tables as the name of `path` says: XLSX holds them all, CSV the first. Raises Trouble."""
    put_in_place(path, as_xlsx(*tables) if path.suffix.lower() == ".xlsx" else as_csv(tables[0]))


def _kind_of(picked: str, kinds: tuple[str, ...]) -> str:
    return next((kind for kind in kinds if f"*.{kind}" in picked), kinds[0])


_FILTERS: Final = {
    "pdf": "PDF (*.pdf)",
    "xlsx": "Excel (*.xlsx)",
    "csv": "CSV (*.csv)",
}
