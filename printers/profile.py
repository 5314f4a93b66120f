"""A printer model as data: one TOML file that the store's IT can copy and change."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from printers.errors import N_, BadProfile, PrinterError

_CARRIED: Final = Path(__file__).parent / "profiles"


@dataclass(frozen=True, slots=True)
class Profile:
    """What the program must know of a printer.

    `paper` is "page" (sheets of width × height) or "roll" (width only, `height` 0); `margin` is what the printer
    cannot reach at the upper and lower edge, `sides` at the left and right one, in millimetres; `dpi` is its
    resolution, on which bars are painted in whole dots; `options` is what the spooler is told besides ("name=value").
    """

    name: str
    protocol: Literal["pdf"]
    paper: Literal["page", "roll"]
    width: float
    height: float
    margin: float
    sides: float
    dpi: int
    options: tuple[str, ...] = ()


_CHOICES: Final = {"protocol": ("pdf",), "paper": ("page", "roll")}
_RANGES: Final = {"width": (20, 1000), "height": (0, 2000), "margin": (0, 30), "sides": (0, 60), "dpi": (60, 2400)}


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
    known = [field.name for field in dataclasses.fields(Profile)]
    found = [PrinterError(N_("{key} is missing"), key=key) for key in known if key not in {"options", *values}]
    found += [PrinterError(N_("{key} is not known"), key=key) for key in values if key not in known]
    for key, value in values.items():
        if key in _CHOICES and value not in _CHOICES[key]:
            found.append(PrinterError(N_("{key} must be one of {choices}"), key=key, choices=", ".join(_CHOICES[key])))
        if key in _RANGES and not _in_range(key, value):
            low, high = _RANGES[key]
            found.append(PrinterError(N_("{key} must be a number from {low} to {high}"), key=key, low=low, high=high))
    if not found and (values["paper"] == "roll") != (values["height"] == 0):
        found.append(PrinterError(N_("height must be 0 for a roll, and the sheet's for pages")))
    if not found and not isinstance(values["name"], str):
        found.append(PrinterError(N_("{key} must be text"), key="name"))
    options = values.get("options", [])
    if not isinstance(options, list) or not all(isinstance(each, str) for each in options):
        found.append(PrinterError(N_("{key} must be a list of texts"), key="options"))
    return found


def _in_range(key: str, value: object) -> bool:
    low, high = _RANGES[key]
    return isinstance(value, int if key == "dpi" else int | float) and type(value) is not bool and low <= value <= high
