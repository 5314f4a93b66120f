"""What the devices desk says of each thing, as a row of the list and in full beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from counterapp.core.print_queue import PaperRole
from counterapp.desks.devices.services.device_status import ScannerState, Seen
from counterapp.desks.devices.services.environment_checks import SCARCE, DatabaseFacts, FolderFacts
from counterapp.desks.devices.services.test_prints import offsets
from counterapp.errors import CounterError
from counterapp.hardware.printers import DeviceState, StationPrinter
from counterapp.settings import FILE, ScannerSettings
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets import DOT, Row, RowVerdict
from counterapp.words import N_, _

_GIGA: Final = 1_000_000_000
_PAPERS: Final = {PaperRole.FORM: N_("Forms"), PaperRole.SLIP: N_("Slips"), PaperRole.TOKEN: N_("Tokens")}
_SENT: Final = {"": "–", "\r": "Enter", "\n": "Enter", "\t": "Tab"}
#: A printer of each kind, for whoever writes the first section of the settings file.
_EXAMPLES: Final = {
    PaperRole.FORM: ("epson-lq", "spooler:LQ-630K"),
    PaperRole.SLIP: ("xprinter-xp-80", "tcp:192.168.1.50"),
    PaperRole.TOKEN: ("xprinter-xp-80", "tcp:192.168.1.50"),
}

SETTINGS, KEYBOARD, DATABASE, FOLDER = "settings", "keyboard", "database", "folder"


def papers_words(papers: Sequence[PaperRole]) -> str:
    """Return the roles of paper that a printer serves."""
    return ", ".join(_(_PAPERS[paper]) for paper in papers)


def rows_of(seen: Seen, trying: Sequence[str]) -> list[Row]:
    """Return a row for each thing; `trying` are the printers that a paper is under way to."""
    rows = []
    if seen.mistakes is not None:
        verdict = RowVerdict(Meaning.MISSING, _("Has mistakes: no device was looked at"), "triangle-alert")
        rows.append(Row(SETTINGS, _("Settings"), FILE, verdict=verdict))
    for printer, state in zip(seen.printers, seen.states, strict=True):
        about = DOT.join(filter(None, (papers_words(printer.papers), printer.profile.name, printer.address)))
        verdict = _at_work() if printer.name in trying else verdict_of(state)
        rows.append(Row(("printer", printer.name), printer.name, about, verdict=verdict))
    rows.append(_keyboard_row(seen.settings.scanner))
    rows += [_scanner_row(one) for one in seen.scanners]
    rows += [_database_row(seen.database), _folder_row(seen.folder)]
    return rows


def verdict_of(state: DeviceState) -> RowVerdict:
    """Return how a printer is."""
    if state.trouble is not None:
        return RowVerdict(Meaning.MISSING, str(state.trouble), "triangle-alert")
    if state.hint is not None:
        return RowVerdict(Meaning.OVERRIDABLE, str(state.hint), "triangle-alert")
    if not state.papers:
        return RowVerdict(Meaning.NEUTRAL, _("Well, but no paper is printed on it"))
    return RowVerdict(Meaning.ALLOWED, _("Well") if state.address else _("On the screen"))


def _at_work() -> RowVerdict:
    return RowVerdict(Meaning.NEUTRAL, _("A paper is under way"), "printer")


def printer_words(printer: StationPrinter, state: DeviceState, data: Path) -> str:
    """Say everything of a printer: how it is, what it is, and how it becomes a real one."""
    right, down = offsets(printer)
    told = [str(one) for one in (state.trouble, state.hint) if one is not None]
    about = DOT.join(filter(None, (papers_words(printer.papers), printer.profile.name)))
    told.append(f"{about}\n{printer.address}".rstrip())
    if right or down:
        told.append(f"offset_x = {right:g}{DOT}offset_y = {down:g}")
    if not printer.address:
        told.append(_attaching(printer, data))
    elif not printer.papers:
        told.append(_("Name it under [papers.slip], [papers.token] or [papers.form] in {file}.").format(file=FILE))
    return "\n\n".join(told)


def _attaching(printer: StationPrinter, data: Path) -> str:
    role = printer.papers[0] if printer.papers else PaperRole.SLIP
    profile, address = _EXAMPLES[role]
    lines = f'[printers.{printer.name}]\nprofile = "{profile}"\naddress = "{address}"'
    sentence = _(
        "Its papers appear on the screen. For a real printer write lines like these into {file}, "
        "then start the counter again:"
    ).format(file=data / FILE)
    return "\n\n".join((sentence, lines, _("“counterapp printers list” names every profile.")))


def _keyboard_row(scanner: ScannerSettings) -> Row:
    about = _("gap_ms {gap} • prefix {prefix} • suffix {suffix}").format(
        gap=scanner.gap_ms,
        prefix=_SENT.get(scanner.prefix, scanner.prefix),
        suffix=_SENT.get(scanner.suffix, scanner.suffix),
    )
    return Row(KEYBOARD, _("Scanner as keyboard"), about, verdict=RowVerdict(Meaning.NEUTRAL, _("Scan to see")))


def keyboard_words() -> str:
    """Say what can be done about a scanner that types."""
    return _(
        "A scanner that types cannot be asked: scan a code, and see below what came. Where its keys come too slowly, "
        "or it sends something before the code, set gap_ms, prefix and suffix under [scanner] in {file}."
    ).format(file=FILE)


def _scanner_row(state: ScannerState) -> Row:
    about = f"{state.scanner.port}{DOT}{state.scanner.baud}"
    if state.taken:
        verdict = RowVerdict(Meaning.NEUTRAL, _("In use: scan to see"))
    elif state.trouble is not None:
        verdict = RowVerdict(Meaning.MISSING, str(state.trouble), "triangle-alert")
    else:
        verdict = RowVerdict(Meaning.ALLOWED, _("Its line is there"))
    return Row(("scanner", state.name), state.name, about, verdict=verdict)


def scanner_words(state: ScannerState) -> str:
    """Say everything of a scanner on a serial line."""
    if state.taken:
        return _(
            "The counter listens to {port}: scan a code, and see below what came. "
            "If nothing comes, look whether another program has that line."
        ).format(port=state.scanner.port)
    if state.trouble is not None:
        return str(state.trouble)
    return _("{port} is there, and nobody listens to it: start the counter again.").format(port=state.scanner.port)


def _database_row(answer: DatabaseFacts | CounterError) -> Row:
    if isinstance(answer, CounterError):
        return Row(DATABASE, _("Database"), verdict=RowVerdict(Meaning.MISSING, str(answer), "triangle-alert"))
    said = _("{version}, answers in {milliseconds} ms").format(
        version=answer.version, milliseconds=milliseconds(answer.milliseconds)
    )
    return Row(DATABASE, _("Database"), answer.place, verdict=RowVerdict(Meaning.ALLOWED, said))


def database_words(answer: DatabaseFacts | CounterError) -> str:
    """Say everything of the database."""
    if isinstance(answer, CounterError):
        return str(answer)
    return _("{place}\n\n{version}, answers in {milliseconds} ms. Its tables are at {revision}.").format(
        place=answer.place,
        version=answer.version,
        milliseconds=milliseconds(answer.milliseconds),
        revision=answer.revision,
    )


def _folder_row(folder: FolderFacts) -> Row:
    return Row(FOLDER, _("Data folder"), str(folder.path), verdict=_folder_verdict(folder))


def _folder_verdict(folder: FolderFacts) -> RowVerdict:
    if folder.trouble is not None:
        return RowVerdict(Meaning.MISSING, str(folder.trouble), "triangle-alert")
    free = folder_words(folder)
    if folder.free is not None and folder.free < SCARCE:
        return RowVerdict(Meaning.OVERRIDABLE, free, "triangle-alert")
    return RowVerdict(Meaning.ALLOWED, free)


def folder_words(folder: FolderFacts) -> str:
    """Say how much room there is."""
    if folder.trouble is not None:
        return str(folder.trouble)
    return _("{free} GB are free").format(free=f"{(folder.free or 0) / _GIGA:,.1f}")


def milliseconds(time: float) -> str:
    """Return a time as it is read: with one decimal below ten."""
    return f"{time:.1f}" if time < 10 else f"{time:.0f}"
