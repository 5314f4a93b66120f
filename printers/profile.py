"""A printer model as data: one TOML file that the store's IT can copy and change."""

from __future__ import annotations

import dataclasses
import tomllib
import typing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from printers.errors import N_, BadProfile, PrinterError

_CARRIED: Final = Path(__file__).parent / "profiles"


@dataclass(frozen=True, slots=True)
class Profile:
    """What the program must know of a printer.

    `paper` is "page" (sheets of width × height), "roll" (width only, `height` 0) or "label" (width × height of one,
    `gap` between two); `margin` is what the printer cannot reach at the upper and lower edge, `sides` at the left and
    right one, `feed` the way from the head to the knife or the edge where paper is torn off, all in millimetres.
    `dpi` is its resolution, on which bars are painted in whole dots. `charset` is what its own hanzi, `cell` dots wide
    and high, are told in; with "none" Chinese goes out as dots. `cutter`, `drawer`, `barcode` and `qr` tell what it can
    do by a command of its own, `status` in whose words it can be asked how it is. `options` is what the spooler is told
    besides ("name=value").
    """

    name: str
    protocol: Literal["pdf", "escpos", "tspl", "zpl"]
    paper: Literal["page", "roll", "label"]
    width: float
    height: float
    margin: float
    sides: float
    dpi: int
    options: tuple[str, ...] = ()
    gap: float = 0.0
    charset: Literal["none", "gb2312", "gbk", "gb18030", "utf8"] = "none"
    cell: int = 24
    feed: float = 0.0
    cutter: Literal["none", "partial", "full"] = "none"
    drawer: bool = False
    barcode: bool = False
    qr: bool = False
    status: Literal["none", "escpos", "tspl", "zpl"] = "none"

    @property
    def dots_per_mm(self) -> float:
        """Dots a millimetre: printers of 8 dots a millimetre are sold as 203 dpi."""
        return 8.0 if self.dpi == 203 else self.dpi / 25.4

    @property
    def dots(self) -> int:
        """Dots from the left edge of what the head reaches to the right one."""
        return round((self.width - 2 * self.sides) * self.dots_per_mm)


_TYPES: Final = typing.get_type_hints(Profile)
_CHOICES: Final = {key: typing.get_args(type_) for key, type_ in _TYPES.items() if typing.get_origin(type_) is Literal}
_SWITCHES: Final = [key for key, type_ in _TYPES.items() if type_ is bool]
_RANGES: Final = {
    "width": (20, 1000),
    "height": (0, 2000),
    "margin": (0, 30),
    "sides": (0, 60),
    "dpi": (60, 2400),
    "gap": (0, 50),
    "cell": (16, 48),
    "feed": (0, 100),
}
_PAPERS: Final = {"pdf": ("page", "roll"), "escpos": ("roll",), "tspl": ("label",), "zpl": ("label",)}


def named(name: str, own: Path | None = None) -> Profile:
    """Return the profile `name` ("laser-a4"): the store's in the folder `own`, or else the carried one.

    Raises BadProfile, also where there is none.
    """
    folders = [folder for folder in (own, _CARRIED) if folder is not None]
    for folder in folders:
        if (folder / f"{name}.toml").exists():
            return load(folder / f"{name}.toml")
    known = ", ".join(sorted({each.stem for folder in folders for each in folder.glob("*.toml")}))
    raise BadProfile(name, [PrinterError(N_("there is no such profile; known are {known}"), known=known)])


def load(path: Path) -> Profile:
    """Return the profile in the file `path`. Raises BadProfile, which names every mistake at once."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as reason:
        raise BadProfile(path.stem, [PrinterError(N_("the file cannot be read ({reason})"), reason=reason)]) from reason
    mistakes = _mistakes(values)
    if mistakes:
        raise BadProfile(path.stem, mistakes)
    return Profile(**{**values, "options": tuple(values.get("options", ()))})


def _mistakes(values: dict[str, Any]) -> list[PrinterError]:
    fields = {field.name: field for field in dataclasses.fields(Profile)}
    needed = [key for key, field in fields.items() if field.default is dataclasses.MISSING]
    found = [PrinterError(N_("{key} is missing"), key=key) for key in needed if key not in values]
    found += [PrinterError(N_("{key} is not known"), key=key) for key in values if key not in fields]
    for key, value in values.items():
        if key in _CHOICES and value not in _CHOICES[key]:
            found.append(PrinterError(N_("{key} must be one of {choices}"), key=key, choices=", ".join(_CHOICES[key])))
        if key in _RANGES and not _in_range(key, value):
            low, high = _RANGES[key]
            found.append(PrinterError(N_("{key} must be a number from {low} to {high}"), key=key, low=low, high=high))
        if key in _SWITCHES and type(value) is not bool:
            found.append(PrinterError(N_("{key} must be true or false"), key=key))
    options = values.get("options", [])
    if not isinstance(options, list) or not all(isinstance(each, str) for each in options):
        found.append(PrinterError(N_("{key} must be a list of texts"), key="options"))
    if not isinstance(values.get("name", ""), str):
        found.append(PrinterError(N_("{key} must be text"), key="name"))
    return found or _contradictions(values)


def _contradictions(values: dict[str, Any]) -> list[PrinterError]:
    """Return what cannot be true together in `values`, each of which is good by itself."""
    found = []
    if (values["paper"] == "roll") != (values["height"] == 0):
        found.append(PrinterError(N_("height must be 0 for a roll, and the sheet's for pages and labels")))
    papers = _PAPERS[values["protocol"]]
    if values["paper"] not in papers:
        found.append(PrinterError(N_("{key} must be one of {choices}"), key="paper", choices=", ".join(papers)))
    if values["width"] - 2 * values["sides"] < 10:
        found.append(PrinterError(N_("sides leave less than 10 mm of the width")))
    if values.get("cell", 24) % 2:
        found.append(PrinterError(N_("cell must be even: letters are half as wide as hanzi")))
    return found


def _in_range(key: str, value: object) -> bool:
    low, high = _RANGES[key]
    whole = _TYPES[key] is int
    return isinstance(value, int if whole else int | float) and type(value) is not bool and low <= value <= high
