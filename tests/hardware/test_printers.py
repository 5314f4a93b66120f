"""From the settings file to the printers: what is said there is what serves, and mistakes are named at once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from counterapp.core.printqueue import Paper
from counterapp.errors import BadInput
from counterapp.hardware.printers import printers_of
from counterapp.settings import load
from printers.device import DevicePrinter
from printers.transports.spooler import CupsTransport
from printers.virtual import VirtualPrinter

OWN = 'name="Ours"\nprotocol="pdf"\npaper="page"\nwidth=241\nheight=140\nmargin=5\nsides=20\ndpi=180\n'


def settings_file(tmp_path: Path, text: str) -> Path:
    (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("paper", "width"), [("a4", 210), ("continuous", 241)])
def test_without_settings_all_papers_appear_on_the_screen_on_the_stores_paper(
    tmp_path: Path, paper: str, width: float
) -> None:
    served = printers_of(load(tmp_path), paper)
    form, slip = served[Paper.FORM].printer, served[Paper.SLIP].printer
    assert isinstance(form, VirtualPrinter)
    assert isinstance(slip, VirtualPrinter)
    assert (form.profile.width, form.folder) == (width, tmp_path / "papers")
    assert slip.profile.paper == "roll"
    assert (served[Paper.FORM].seconds, served[Paper.SLIP].seconds) == (600, 60)


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not for Windows")
def test_a_queue_of_the_spooler_is_taken_with_paper_and_resolution_of_its_profile(tmp_path: Path) -> None:
    data = settings_file(tmp_path, '[printers.form]\nprofile = "epson-lq"\naddress = "spooler:LQ-630K"\nminutes = 5\n')
    served = printers_of(load(data), "continuous")[Paper.FORM]
    assert isinstance(served.printer, DevicePrinter)
    assert served.printer.transport == CupsTransport("LQ-630K", "Custom.241x140mm", ("Resolution=180dpi",))
    assert not served.printer.knows_keys
    assert served.seconds == 300


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not for Windows")
def test_the_spoolers_own_name_of_the_paper_and_a_profile_of_the_store_go_first(tmp_path: Path) -> None:
    (tmp_path / "printers").mkdir()
    (tmp_path / "printers" / "ours.toml").write_text(OWN)
    data = settings_file(tmp_path, '[printers.form]\nprofile = "ours"\naddress = "spooler:LQ"\nform = "退换货单"\n')
    printer = printers_of(load(data), "continuous")[Paper.FORM].printer
    assert isinstance(printer, DevicePrinter)
    assert printer.profile.name == "Ours"
    assert printer.transport == CupsTransport("LQ", "退换货单", ())


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "printers").mkdir()
    (tmp_path / "printers" / "bad.toml").write_text(OWN.replace("dpi=180", "dpi=1"))
    data = settings_file(
        tmp_path,
        '[printers.form]\nprofile = "epsom"\naddress = "LQ-630K"\nminutes = 0\nlpi = 6\n'
        '[printers.slip]\nprofile = "bad"\n[printers.token]\nprofile = ""\n',
    )
    with pytest.raises(BadInput) as caught:
        load(data)
    said = caught.value.in_language("en")
    for mistake in (
        "printers.form.profile = 'epsom' (there is no such profile; known are bad, epson-lq, laser-a4",
        "printers.form.address = 'LQ-630K' (spooler:NAME)",
        "printers.form.minutes = 0 (1 - 1440)",
        "printers.form.lpi (?)",
        "printers.slip.profile = 'bad' (dpi must be a number from 60 to 2400)",
        "printers.token (?)",
    ):
        assert mistake in said


def test_a_printer_with_an_address_needs_a_profile(tmp_path: Path) -> None:
    data = settings_file(tmp_path, '[printers.form]\naddress = "spooler:LQ"\n')
    with pytest.raises(BadInput) as caught:
        load(data)
    assert "printers.form.profile = '' (printers.form.address = 'spooler:LQ')" in caught.value.in_language("en")
