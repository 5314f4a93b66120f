"""Record forms: fields are declared once; what was typed is read by them, what is kept is shown by them.

The record stays an ordinary mapped class whose attributes bear the fields' keys, so that lengths, keys and personal
columns stay visible to the database and the journal.
"""

from __future__ import annotations

import datetime as dt
import enum
import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from counterapp import words
from counterapp.core.masking import Mask, masked
from counterapp.core.money import fen_of, format_fen, format_quantity, thousandths_of
from counterapp.errors import BadInput, Several
from counterapp.words import N_

#: What a field holds: words, a day, or a number (fen, thousandths or a whole one); None where nothing is known.
Value = str | int | dt.date | None

_DAY: Final = re.compile(r"([0-9]{4}|[0-9]{2})([-./年])([0-9]{1,2})(?:\2|月)([0-9]{1,2})日?")
_CLOSED_UP: Final = re.compile(r"([0-9]{4}|[0-9]{2})()([0-9]{2})([0-9]{2})")
_PHONE: Final = re.compile(r"\+?[0-9]{3,}")
#: Digits of a whole number; more fit into no column.
_DIGITS: Final = 15


class FieldKind(enum.Enum):
    """What a field holds: one line, words with line breaks, a phone number, a day, a whole number, an amount in fen,
    a quantity in thousandths, one of its `choices`, or room for a signature, which is never typed or kept."""

    TEXT = "text"
    NOTE = "note"
    PHONE = "phone"
    DAY = "day"
    NUMBER = "number"
    MONEY = "money"
    QUANTITY = "quantity"
    CHOICE = "choice"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `key` is the record's attribute, `label` its words, `width` in twelfths of the row.

    `most` characters may be typed; `mask` says that it is personal, and of which kind; `choices` are words by code.
    A field that is not `typed` is filled by the program.
    """

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    width: int = 12
    required: bool = False
    most: int = 80
    mask: Mask | None = None
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    typed: bool = True

    @property
    def is_asked(self) -> bool:
        """Whether a person types it."""
        return self.typed and self.kind is not FieldKind.SIGNATURE

    @property
    def is_words(self) -> bool:
        """Whether nothing is "" in its column, and not NULL."""
        return self.kind in {FieldKind.TEXT, FieldKind.NOTE, FieldKind.PHONE, FieldKind.CHOICE}


@dataclass(frozen=True, slots=True)
class Form:
    """A form with its rows, as they stand on paper and on the screen."""

    title: str
    rows: tuple[tuple[Field, ...], ...]

    def fields(self) -> Iterator[Field]:
        """Give every field, row by row."""
        return itertools.chain.from_iterable(self.rows)

    def part(self, *keys: str) -> Form:
        """Return the form with these fields alone, in the order of the form. Raises ValueError for an unknown key."""
        if unknown := set(keys) - {one.key for one in self.fields()}:
            raise ValueError(f"{self.title} has no field {', '.join(sorted(unknown))}")
        rows = (tuple(one for one in row if one.key in keys) for row in self.rows)
        return Form(self.title, tuple(row for row in rows if row))


class BadFields(BadInput):
    """What was typed into a form cannot be read; `wrong` says of each field, by its key, what is wrong with it."""

    def __init__(self, form: Form, wrong: Mapping[str, BadInput]) -> None:
        labels = Several([one.label for one in form.fields() if one.key in wrong])
        super().__init__(N_("Look at these fields again: {fields}."), fields=labels)
        self.wrong = dict(wrong)


def read(form: Form, typed: Mapping[str, str]) -> dict[str, Value]:
    """Return what was typed into the fields that are asked, by key; what was left empty is "" or None.

    Raises BadFields with every mistake at once.
    """
    values: dict[str, Value] = {}
    wrong: dict[str, BadInput] = {}
    for one in form.fields():
        if one.is_asked:
            try:
                values[one.key] = _read(one, _tidy(typed.get(one.key, ""), lines=one.kind is FieldKind.NOTE))
            except BadInput as mistake:
                wrong[one.key] = mistake
    if wrong:
        raise BadFields(form, wrong)
    return values


def shown(one: Field, value: Value, language: str, *, unmasked: bool = False) -> str:
    """Return `value` as the field shows it in `language`; a personal one masked, unless it is asked for `unmasked`."""
    if value is None or value == "":
        return ""
    match one.kind:
        case FieldKind.MONEY:
            return format_fen(int(value))  # type: ignore[arg-type]  # a field of money holds fen
        case FieldKind.QUANTITY:
            return format_quantity(int(value))  # type: ignore[arg-type]  # a field of quantity holds thousandths
        case FieldKind.CHOICE:
            return words.language(language).gettext(one.choices.get(str(value), str(value)))
    said = value.isoformat() if isinstance(value, dt.date) else str(value)
    return masked(said, one.mask) if one.mask is not None and not unmasked else said


def values_of(form: Form, record: object, **worked_out: Value) -> dict[str, Value]:
    """Return what `record` holds for each field that is kept, by key; what it does not hold itself is `worked_out`."""
    return {
        one.key: worked_out[one.key] if one.key in worked_out else getattr(record, one.key)
        for one in form.fields()
        if one.kind is not FieldKind.SIGNATURE
    }


def write(record: object, values: Mapping[str, Value]) -> None:
    """Put values into the attributes of `record` that bear their keys. Raises AttributeError where it has none."""
    for key, value in values.items():
        getattr(type(record), key)  # a typing mistake would set an attribute that nobody keeps
        setattr(record, key, value)


def _tidy(text: str, *, lines: bool) -> str:
    """Return `text` without control characters and blanks at the ends; line breaks stay where there may be `lines`."""
    if lines:
        return "\n".join(_one_line(line) for line in text.splitlines()).strip("\n")
    return " ".join(_one_line(text).split())


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def _read(one: Field, text: str) -> Value:
    if not text:
        if one.required:
            raise BadInput(N_("Fill this in."))
        return "" if one.is_words else None
    if len(text) > one.most:
        raise BadInput(N_("Write it shorter: {most} characters at the most."), most=one.most)
    match one.kind:
        case FieldKind.PHONE:
            number = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text))
            return _require(number if _PHONE.fullmatch(number) else None, N_("Type a phone number: digits alone."))
        case FieldKind.DAY:
            return _require(_day(text), N_("Type a day, such as 2026-11-21."))
        case FieldKind.NUMBER:
            digits = unicodedata.normalize("NFKC", text)
            is_number = digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS
            return _require(int(digits) if is_number else None, N_("Type a whole number."))
        case FieldKind.MONEY:
            return _require(fen_of(text), N_("Type an amount in yuan, such as 229 or 229.50."))
        case FieldKind.QUANTITY:
            return _require(thousandths_of(text), N_("Type a quantity, such as 2 or 1.486."))
        case FieldKind.CHOICE:
            return _require(text if text in one.choices else None, N_("Choose one of these."))
    return text


def _require(value: Value, sentence: str) -> Value:
    if value is None:
        raise BadInput(sentence)
    return value


def _day(text: str) -> dt.date | None:
    """Return the day: the year in four or two figures, closed up or with - . / or 年月日 between."""
    said = unicodedata.normalize("NFKC", text).replace(" ", "")
    found = _DAY.fullmatch(said) or _CLOSED_UP.fullmatch(said)
    if found is None:
        return None
    year, _between, month, day = found.groups()
    try:
        return dt.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
