from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest
from PIL import ImageChops

from printers.document import Page, Pages, Run, Text
from printers.emulators import papers
from printers.errors import PrinterTrouble
from printers.picture import pictures
from printers.profile import named
from printers.protocols import encode
from printers.transports import Job, Transport
from printers.transports.file import FileTransport
from printers.transports.memory import MemoryTransport
from printers.virtual import VirtualPrinter
from tests.printers.reading import image
from tests.printers.slips import BAG, LONGEST

PROFILE = named("virtual-a4")


def paper(words: str, sheets: int = 3) -> Pages:
    text = Text(20, 20, 150, 20, (Run(words),), 20)
    return Pages(words, (Page(210, 297, (text,)),) * sheets)


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_the_virtual_printer_keeps_the_pdf_and_a_picture_of_each_sheet(tmp_path: Path) -> None:
    printer = VirtualPrinter(PROFILE, tmp_path / "papers")
    found = printer.print(paper("退/换货单"), Job("RF-004118"))
    folder = tmp_path / "papers" / "RF-004118"
    assert found == tuple(folder / f"RF-004118-{number}.png" for number in (1, 2, 3))
    pdf = (folder / "RF-004118.pdf").read_bytes()
    assert pdf == encode(paper("退/换货单"), PROFILE)
    assert tuple(path.read_bytes() for path in found) == pictures(pdf, 110)
    assert image(found[0].read_bytes()).size == (910, 1287)


def test_pictures_of_more_than_nine_sheets_stay_in_order(tmp_path: Path) -> None:
    found = VirtualPrinter(PROFILE, tmp_path).print(paper("x", 11), Job("long"))
    assert [path.name for path in found] == [f"long-{number}.png" for number in range(1, 12)]


def test_the_same_job_sent_twice_is_one_paper(tmp_path: Path) -> None:
    printer = VirtualPrinter(PROFILE, tmp_path)
    printer.print(paper("甲"), Job("one"))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    printer.print(paper("甲"), Job("one"))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_another_paper_under_the_same_job_is_refused_and_the_first_one_stays(tmp_path: Path) -> None:
    printer = VirtualPrinter(PROFILE, tmp_path)
    printer.print(paper("甲"), Job("one"))
    with pytest.raises(PrinterTrouble, match="another paper and is not overwritten"):
        printer.print(paper("乙"), Job("one"))
    assert (tmp_path / "one" / "one.pdf").read_bytes() == encode(paper("甲"), PROFILE)


def test_the_virtual_receipt_printer_keeps_its_bytes_and_the_pictures_that_they_make(tmp_path: Path) -> None:
    profile = named("virtual-80mm")
    found = VirtualPrinter(profile, tmp_path).print(BAG, Job("BG-17"))
    data = (tmp_path / "BG-17" / "BG-17.bin").read_bytes()
    assert data == encode(BAG, profile)
    (picture,) = found
    drawn = image(picture.read_bytes())
    (paper,) = papers(data, profile)
    assert drawn.size == (640, paper.height)
    assert ImageChops.difference(drawn.crop((32, 0, 608, paper.height)), paper).getbbox() is None
    VirtualPrinter(profile, tmp_path).print(BAG, Job("BG-17"))
    with pytest.raises(PrinterTrouble, match="another paper"):
        VirtualPrinter(profile, tmp_path).print(LONGEST, Job("BG-17"))


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_a_full_disk_leaves_nothing_half_done_and_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, full)
    with pytest.raises(PrinterTrouble, match=r"No space left on device\)\. Check disk and folder"):
        VirtualPrinter(PROFILE, tmp_path).print(paper("甲"), Job("one"))
    monkeypatch.undo()
    assert names(tmp_path) == []
    VirtualPrinter(PROFILE, tmp_path).print(paper("甲"), Job("one"))
    assert names(tmp_path) == ["one", "one/one-1.png", "one/one-2.png", "one/one-3.png", "one/one.pdf"]


def test_a_folder_that_cannot_be_one_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "papers"
    blocked.write_text("a file")
    with pytest.raises(PrinterTrouble, match="could not be kept"):
        VirtualPrinter(PROFILE, blocked).print(paper("甲"), Job("one"))


@pytest.mark.parametrize("job", ["", "../out", "a/b", ".hidden", "a\\b", "a" * 101])
def test_a_job_never_leaves_its_folder(tmp_path: Path, job: str) -> None:
    with pytest.raises(ValueError, match="folder's name"):
        FileTransport(tmp_path, PROFILE).send(b"", Job(job))


def test_what_is_not_a_pdf_has_no_picture() -> None:
    with pytest.raises(ValueError, match="not a PDF"):
        pictures(b"%PDF-1.4 nothing", 100)


def test_memory_keeps_jobs_in_order_and_each_once() -> None:
    memory = MemoryTransport()
    transport: Transport = memory
    for job in ("one", "two", "one"):
        transport.send(job.encode(), Job(job))
    assert memory.jobs == [("one", b"one"), ("two", b"two")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no folder handles")
def test_what_is_kept_is_on_the_disk_before_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def watched(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    VirtualPrinter(PROFILE, tmp_path).print(paper("甲", 1), Job("one"))
    files, folders = synced[:2], synced[2:]
    assert files == ["one-1.png", "one.pdf"]
    assert folders[0].endswith(".tmp")
    assert folders[1] == tmp_path.name
