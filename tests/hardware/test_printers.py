"""From the settings file to the printers: what is said there is what serves, and mistakes are named at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from counterapp.core.print_queue import PaperRole
from counterapp.errors import BadInput
from counterapp.hardware.printers import check, printers_of
from counterapp.settings import load
from printers.device import DevicePrinter
from printers.transports.spooler import CupsTransport
from printers.transports.stream import StreamTransport
from printers.transports.tcp import Tcp
from printers.virtual import VirtualPrinter
from tests.printers.fake import FakePrinter, Mood, over_tcp

OWN = 'name="Ours"\nprotocol="pdf"\npaper="page"\nwidth=241\nheight=140\nmargin=5\nsides=20\ndpi=180\n'


def settings_file(tmp_path: Path, text: str) -> Path:
    (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("paper", "width"), [("a4", 210), ("continuous", 241)])
def test_without_settings_all_papers_appear_on_the_screen_on_the_stores_paper(
    tmp_path: Path, paper: str, width: float
) -> None:
    served = printers_of(load(tmp_path), paper)
    (form,), (slip,), (token,) = (served[role].printers for role in PaperRole)
    assert isinstance(form.printer, VirtualPrinter)
    assert isinstance(slip.printer, VirtualPrinter)
    assert (form.profile.width, form.printer.folder) == (width, tmp_path / "papers")
    assert slip.profile.paper == "roll"
    assert token is slip
    assert slip.papers == (PaperRole.SLIP, PaperRole.TOKEN)
    assert [served[role].seconds for role in PaperRole] == [600, 60, 30]


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not for Windows")
def test_a_queue_of_the_spooler_is_taken_with_paper_and_resolution_of_its_profile(tmp_path: Path) -> None:
    data = settings_file(
        tmp_path,
        '[printers.form]\nprofile = "epson-lq"\naddress = "spooler:LQ-630K"\noffset_x = 1.5\noffset_y = -2\n'
        "[papers.form]\nminutes = 5\n",
    )
    served = printers_of(load(data), "continuous")[PaperRole.FORM]
    (form,) = served.printers
    assert isinstance(form.printer, DevicePrinter)
    assert form.printer.transport == CupsTransport("LQ-630K", "Custom.241x140mm", ("Resolution=180dpi",))
    assert (form.printer.right, form.printer.down) == (1.5, -2)
    assert not form.printer.knows_keys
    assert served.seconds == 300


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not for Windows")
def test_the_spoolers_own_name_of_the_paper_and_a_profile_of_the_store_go_first(tmp_path: Path) -> None:
    (tmp_path / "printers").mkdir()
    (tmp_path / "printers" / "ours.toml").write_text(OWN)
    data = settings_file(tmp_path, '[printers.form]\nprofile = "ours"\naddress = "spooler:LQ"\nform = "退换货单"\n')
    (form,) = printers_of(load(data), "continuous")[PaperRole.FORM].printers
    assert isinstance(form.printer, DevicePrinter)
    assert form.profile.name == "Ours"
    assert form.printer.transport == CupsTransport("LQ", "退换货单", ())


def test_printers_have_its_names_and_serve_the_roles_in_the_order_said(tmp_path: Path) -> None:
    data = settings_file(
        tmp_path,
        '[printers.counter]\nprofile = "epson-tm-t88"\naddress = "tcp:192.168.1.50"\n'
        '[printers.drawer]\nprofile = "epson-tm-t88"\naddress = "serial:COM3@115200"\n'
        '[papers.slip]\nprinters = ["counter", "drawer"]\nminutes = 2\n'
        '[papers.token]\nprinters = ["drawer", "counter"]\n',
    )
    served = printers_of(load(data), "a4")
    assert [one.name for one in served[PaperRole.SLIP].printers] == ["counter", "drawer"]
    assert [one.name for one in served[PaperRole.TOKEN].printers] == ["drawer", "counter"]
    counter = served[PaperRole.SLIP].printers[0]
    assert counter is served[PaperRole.TOKEN].printers[1]
    assert counter.address == "tcp:192.168.1.50"
    assert isinstance(counter.printer, DevicePrinter)
    assert counter.printer.transport == StreamTransport("counter", Tcp("192.168.1.50", 9100), counter.profile.status)
    assert [served[role].seconds for role in PaperRole] == [600, 120, 30]


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "printers").mkdir()
    (tmp_path / "printers" / "bad.toml").write_text(OWN.replace("dpi=180", "dpi=1"))
    data = settings_file(
        tmp_path,
        '[printers.form]\nprofile = "epsom"\naddress = "LQ-630K"\nminutes = 5\noffset_x = 500\n'
        '[printers.slip]\nprofile = "bad"\naddress = "serial:COM3"\n'
        '[printers.other]\nprofile = "laser-a4"\naddress = "serial:COM3@9600"\n'
        '[papers.form]\nprinters = ["from"]\nminutes = 0\n[papers.slip]\nprinters = []\n'
        "[papers.token]\nprinters = [7]\n"
        '[papers.label]\nprinters = ["slip"]\n',
    )
    with pytest.raises(BadInput) as caught:
        load(data)
    said = caught.value.in_language("en")
    for mistake in (
        "printers.form.profile = 'epsom' (there is no such profile; known are bad, ",
        "printers.form.address = 'LQ-630K' (tcp:HOST, tcp:HOST:PORT, serial:PORT",
        "printers.form.minutes (?)",
        "printers.form.offset_x = 500.0 (-50 - 50)",
        "printers.slip.profile = 'bad' (dpi must be a number from 60 to 2400)",
        "printers.other.address = 'serial:COM3@9600' (printers.slip.address)",
        "papers.form.printers = ['from'] (form, slip, other, token)",
        "papers.form.minutes = 0.0 (0.1 - 1440)",
        "papers.slip.printers = [] (form, slip, other, token)",
        "papers.token.printers = [7] (tuple)",
        "papers.label (?)",
    ):
        assert mistake in said


def test_a_printer_with_an_address_needs_a_profile(tmp_path: Path) -> None:
    data = settings_file(tmp_path, '[printers.form]\naddress = "spooler:LQ"\n')
    with pytest.raises(BadInput) as caught:
        load(data)
    assert "printers.form.profile = '' (printers.form.address = 'spooler:LQ')" in caught.value.in_language("en")


def test_every_printer_is_asked_at_once_and_none_prints(tmp_path: Path) -> None:
    with (
        over_tcp(FakePrinter(Mood.NEAR_END)) as well,
        over_tcp(FakePrinter(Mood.COVER_OPEN)) as open_,
        over_tcp(FakePrinter(Mood.MUTE)) as mute,
    ):
        data = settings_file(
            tmp_path,
            "".join(
                f'[printers.{name}]\nprofile = "epson-tm-t88"\naddress = "{printer.address}"\n'
                for name, printer in (("well", well), ("open", open_), ("mute", mute))
            )
            + '[papers.slip]\nprinters = ["well", "open"]\n',
        )
        states = {state.name: state for state in check(load(data))}
    assert set(states) == {"form", "slip", "well", "open", "mute"}
    said = {
        name: (str(state.trouble.in_language("en")) if state.trouble else "", state.papers)
        for name, state in states.items()
    }
    assert said["form"] == ("", (PaperRole.FORM,))
    assert said["well"] == ("", (PaperRole.SLIP,))
    assert said["open"] == ("open: the cover is open. Close it.", (PaperRole.SLIP,))
    assert said["mute"] == ("mute says nothing. Look at its paper and cover, then switch it off and on.", ())
    hint = states["well"].hint
    assert hint is not None
    assert hint.in_language("en") == "well: the paper is nearly out. Have a new roll ready."
    assert (states["well"].address, states["form"].address) == (well.address, "")
    assert well.paper == open_.paper == mute.paper == b""


_WARM = """
import sys
from counterapp.core.print_queue import PaperRole
from counterapp.hardware.printers import StationPrinter
from printers.device import DevicePrinter
from printers.profile import named
from printers.transports.memory import MemoryTransport

kept = MemoryTransport()
for name in ("zebra-zd", "tsc-ttp-244", "xprinter-xp-80", "laser-a4"):
    profile = named(name)
    assert f"printers.protocols.{profile.protocol}" not in sys.modules, profile.protocol
    StationPrinter("any", DevicePrinter(profile, kept), profile, tuple(PaperRole)).warm()
    assert f"printers.protocols.{profile.protocol}" in sys.modules
assert not kept.jobs
"""


def test_a_printer_is_warm_before_its_first_paper_and_gets_nothing_for_it() -> None:
    subprocess.run([sys.executable, "-c", _WARM], check=True, cwd=Path(__file__).parents[2])
