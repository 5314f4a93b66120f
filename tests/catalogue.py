"""The Chinese catalogue against the program's words: `python -m tests.catalogue` brings it up to date.

Words are gathered from the sources, what is gone is dropped, what is new stands in the .po file without a translation
(a test names it), and the .mo file that the program reads is written anew.
"""

from __future__ import annotations

import datetime as dt
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PO = ROOT / "resources/locale/zh_CN/LC_MESSAGES/counterapp.po"
MO = PO.with_suffix(".mo")
KEYWORDS = {"_": None, "N_": None, "_n": (1, 2)}


def gathered() -> Catalog:
    """Return every message of the sources, with the files that use it."""
    catalog = Catalog(locale="zh_CN", domain="counterapp", fuzzy=False)
    # A date would change the files at every run.
    catalog.creation_date = catalog.revision_date = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for package in ("counterapp", "printers"):
        found = extract_from_dir(ROOT / package, [("**.py", "python")], keywords=KEYWORDS)
        for name, _line, message, _comments, context in found:
            catalog.add(message, locations=[(f"{package}/{name}", 0)], context=context)
    return catalog


def written() -> Catalog:
    """Return the catalogue as its .po file has it."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh_CN", domain="counterapp")


def compiled(catalog: Catalog) -> bytes:
    """Return the .mo file of `catalog`."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def renewed(*fragments: Path) -> Catalog:
    """Return the words of the sources with the Chinese of the present .po file and of `fragments`."""
    known: dict[object, object] = {}
    for path in (PO, *fragments):
        if path.exists():
            with path.open("rb") as file:
                found = read_po(file, locale="zh_CN")
                known.update({message.id: message.string for message in found if message.id and message.string})
    catalog = gathered()
    for message in catalog:
        if message.id and message.id in known:
            message.string = known[message.id]  # type: ignore[assignment]  # a word or its forms, as read
    return catalog


def main(fragments: list[Path]) -> int:
    """Write both files anew; return 1 where a word has no Chinese yet."""
    catalog = renewed(*fragments)
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, sort_by_file=True, include_lineno=False, omit_header=True, width=110)
    MO.write_bytes(compiled(catalog))
    return 1 if any(message.id and not message.string for message in catalog) else 0


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]]))
