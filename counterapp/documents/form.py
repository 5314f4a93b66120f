"""Record forms on paper: their fields in rows of twelve twelfths, notes as long as they are, room to sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from counterapp.core.record_form import Field, FieldKind, Form, Value, shown
from counterapp.core.store_settings import FormPaper
from counterapp.documents.page import FORMATS, Band, IssuedBy, PageBuilder, Titles, paginate
from counterapp.documents.texts import POINT, chinese, lines_needed, lines_of
from counterapp.words import N_, Language
from printers.document import Pages

_SIZE: Final = 10.5
_LINE: Final = _SIZE * POINT * 1.25
_ABOVE: Final = 0.8
_BELOW: Final = 1.2
_SIGNATURE: Final = 14.0
#: Lines of a note that is shorter, so that something can be added by hand.
_NOTE: Final = 2


def form_pages(
    form: Form, values: Mapping[str, Value], titles: Titles, issued: IssuedBy, language: Language,
    paper: FormPaper = "a4", *, signers: Mapping[str, str] | None = None, unmasked: bool = False,
) -> Pages:  # fmt: skip
    """Return a form filled in with `values` by key, on as many sheets as its notes need; the rest as `form_bands`."""
    measure = PageBuilder(FORMATS[paper], language)
    bands = form_bands(form, values, measure, signers=signers, unmasked=unmasked)
    return paginate(bands, titles, issued, measure)


def form_bands(
    form: Form, values: Mapping[str, Value], measure: PageBuilder, *, signers: Mapping[str, str] | None = None,
    unmasked: bool = False,
) -> list[Band]:  # fmt: skip
    """Return the rows of a form. A note that has its row for itself may go on overleaf, every other row stays whole.

    `signers` are the names printed where somebody signs, by the field's key. Personal values are masked unless they are
    asked for `unmasked`. A note stands line by line: `personal.blank` does not find it, `personal.rewrite` is for that.
    """
    said = {one.key: _said(one, values.get(one.key), measure, unmasked) for one in form.fields()} | dict(signers or {})
    bands: list[Band] = []
    for row in form.rows:
        is_note = len(row) == 1 and row[0].kind is FieldKind.NOTE
        bands += _note_bands(row[0], said[row[0].key], measure) if is_note else [_row_band(row, said, measure)]
    return bands


def _said(one: Field, value: Value, measure: PageBuilder, unmasked: bool) -> str:
    if one.kind is FieldKind.CHOICE:
        return measure.said(one.choices.get(str(value), str(value or "")))
    return shown(one, value, measure.language, unmasked=unmasked)


def _row_band(row: Sequence[Field], said: Mapping[str, str], measure: PageBuilder) -> Band:
    """Return fields beside each other, as high as the longest needs; where somebody signs it never begins a page."""
    widths = measure.shares(*(one.width for one in row))
    lines = [
        lines_needed(said[one.key], width - 2 * measure.pad, _SIZE) for one, width in zip(row, widths, strict=True)
    ]
    is_signed = any(one.kind is FieldKind.SIGNATURE for one in row)
    height = _ABOVE + measure.label_height + max(max(lines) * _LINE + _BELOW, _SIGNATURE if is_signed else 0)

    def draw(page: PageBuilder) -> None:
        top = page.y + _ABOVE
        for one, needed, (x, width) in zip(row, lines, page.cells(widths, height), strict=True):
            page.label(x, top, width, one.label)
            text = said[one.key]
            if text:
                page.text(
                    x, top + page.label_height, width, needed * _LINE, text, _SIZE, lines=needed, stand="top"
                )  # fmt: skip

    return Band(height, draw, glued=is_signed)


def _note_bands(one: Field, text: str, measure: PageBuilder) -> list[Band]:
    """Return a note line by line: its label with the first two, and again above the one that begins another page."""
    lines = lines_of(text, measure.inner - 2 * measure.pad, _SIZE)
    lines += [""] * (_NOTE - len(lines))
    height = _ABOVE + measure.label_height
    label = Band(height, partial(_draw_label, label=one.label))
    again = Band(height, partial(_draw_label, label=one.label, goes_on=True))
    bands = [label]
    for place, line in enumerate(lines, 1):
        is_last = place == len(lines)
        draw = partial(_draw_line, line=line, below=_BELOW if is_last else None)
        bands.append(Band(_LINE + (_BELOW if is_last else 0), draw, glued=place <= 2, headings=(again,)))
    return bands


def _draw_label(page: PageBuilder, label: str, *, goes_on: bool = False) -> None:
    heads = (chinese(label), label)
    if goes_on:
        more = N_("{field} (continued)")
        heads = (chinese(more, field=heads[0]), more.format(field=label))
    page.labels(page.left + page.pad, page.y + _ABOVE, page.inner - 2 * page.pad, *heads)


def _draw_line(page: PageBuilder, line: str, below: float | None) -> None:
    if below is not None:
        page.cells((page.inner,), _LINE + below)
    if line:
        page.text(page.left + page.pad, page.y, page.inner - 2 * page.pad, _LINE, line, _SIZE)
