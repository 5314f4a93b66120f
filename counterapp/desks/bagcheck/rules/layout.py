"""The layout of the lockers, read from a file: CSV with number, size, place and, where wanted, row and column."""

from __future__ import annotations

import csv
import enum
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from counterapp.errors import BadInput
from counterapp.words import N_


class Size(enum.StrEnum):
    """The sizes of lockers."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class PlannedLocker:
    """One locker of a layout; `row` and `column` count from 1 on the map."""

    number: str
    size: Size
    place: str
    row: int
    column: int


class BadLayout(BadInput):
    """A layout with mistakes: `mistakes` names each with its line, and nothing of the file was used."""

    def __init__(self, mistakes: tuple[BadInput, ...]) -> None:
        super().__init__(
            N_("The layout has mistakes, and nothing of it was used. {first} (mistakes: {count})"),
            first=mistakes[0],
            count=len(mistakes),
        )
        self.mistakes = mistakes


#: Twelve beside each other where the file gives no places on the map.
_IN_A_ROW: Final = 12
_MOST: Final = 2000
_LONGEST_NUMBER: Final = 8
_LONGEST_PLACE: Final = 40
_FAR: Final = 99

_HEADERS: Final[Mapping[str, str]] = {
    "编号": "number", "柜号": "number", "规格": "size", "大小": "size", "位置": "place", "行": "row", "列": "column",
}  # fmt: skip
_SIZES: Final[Mapping[str, Size]] = {
    "小": Size.SMALL, "中": Size.MEDIUM, "大": Size.LARGE, **{size.value: size for size in Size},
}  # fmt: skip
_FIELDS: Final = ("number", "size", "place", "row", "column")


def read_layout(text: str) -> tuple[PlannedLocker, ...]:
    """Return the lockers in the order of the file. Raises BadLayout with every mistake in it."""
    rows = _rows(text.removeprefix("\ufeff"))
    names = _header(rows[0][1]) if rows else ()
    if not {"number", "size"} <= set(names) or {"row", "column"} & set(names) in ({"row"}, {"column"}):
        raise BadLayout(
            (BadInput(N_("Line 1: the columns have to be number, size, place, and row and column if wanted.")),)
        )
    reading = _Reading("row" in names)
    for line, row in rows[1:]:
        reading.read(line, dict(zip(names, row, strict=False)), extra=len(row) - len(names))
    if not reading.lockers and not reading.mistakes:
        reading.mistakes.append(BadInput(N_("Line {line}: there is no locker in the file."), line=len(rows)))
    if len(reading.lockers) > _MOST:
        reading.mistakes.append(
            BadInput(N_("Line {line}: these are more than {most} lockers."), line=rows[-1][0], most=_MOST)
        )
    if reading.mistakes:
        raise BadLayout(tuple(reading.mistakes))
    return tuple(reading.lockers)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows that are not empty, each with the line that it ends on."""
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        cells = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        broken = BadInput(N_("Line {line}: this is no row of a CSV file."), line=reader.line_num)
        raise BadLayout((broken,)) from error
    return [(line, row) for line, row in cells if any(row)]


def _header(cells: list[str]) -> tuple[str, ...]:
    names = tuple(_HEADERS.get(cell, cell.lower()) for cell in cells)
    return names if len(set(names)) == len(names) and set(names) <= set(_FIELDS) else ()


class _Reading:
    """What was read so far, and what was wrong with it."""

    def __init__(self, places: bool) -> None:
        self.lockers: list[PlannedLocker] = []
        self.mistakes: list[BadInput] = []
        self._places = places
        self._lines: dict[str | tuple[int | None, int | None], int] = {}

    def read(self, line: int, row: Mapping[str, str], *, extra: int) -> None:
        """Take in one row, or note what is wrong with it."""
        number, place = row.get("number", ""), row.get("place", "")
        size = _SIZES.get(row.get("size", "").lower())
        at: tuple[int | None, int | None]
        at = (_whole(row.get("row", "")), _whole(row.get("column", ""))) if self._places else self._next_place()
        if extra > 0:
            self._wrong(N_("Line {line}: it has more columns than the first line."), line)
        elif not 1 <= len(number) <= _LONGEST_NUMBER or not number.isprintable() or " " in number:
            self._wrong(N_("Line {line}: “{value}” is no number of a locker (1 to 8 characters)."), line, value=number)
        elif size is None:
            self._wrong(
                N_("Line {line}: “{value}” is no size. Write small, medium or large."), line, value=row.get("size", "")
            )
        elif len(place) > _LONGEST_PLACE or not place.isprintable():
            self._wrong(N_("Line {line}: the place has more than 40 characters."), line)
        elif at[0] is None or at[1] is None:
            self._wrong(N_("Line {line}: row and column have to be whole numbers from 1 to 99."), line)
        elif number in self._lines:
            self._wrong(
                N_("Line {line}: locker {value} stands on line {before} already."),
                line, value=number, before=self._lines[number],
            )  # fmt: skip
        elif at in self._lines:
            self._wrong(
                N_("Line {line}: another locker stands at row {row}, column {column}."), line, row=at[0], column=at[1]
            )
        else:
            self._lines[number] = self._lines[at] = line
            self.lockers.append(PlannedLocker(number, size, place, at[0], at[1]))

    def _next_place(self) -> tuple[int, int]:
        row, column = divmod(len(self.lockers), _IN_A_ROW)
        return row + 1, column + 1

    def _wrong(self, message: str, line: int, **values: object) -> None:
        self.mistakes.append(BadInput(message, line=line, **values))


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and 1 <= int(text) <= _FAR else None
