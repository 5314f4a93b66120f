"""The three-part form 退/换货单 on either paper."""

from __future__ import annotations

from counterapp import words
from counterapp.core.store_settings import FormPaper
from counterapp.documents.texts import form_number
from counterapp.return_forms.printouts.a4 import A4Sheet
from counterapp.return_forms.printouts.continuous import ContinuousSheet
from counterapp.return_forms.printouts.facts import ANEW, COPIES, REST, TITLE, FormFacts, FormLine, Origin
from counterapp.words import Language
from printers.document import Pages

__all__ = [
    "ANEW",
    "REST",
    "FormFacts",
    "FormLine",
    "Origin",
    "lines_per_form",
    "return_form",
]


def lines_per_form(paper: FormPaper) -> int:
    """Return how many receipt lines one form on `paper` holds; more go on to the next number."""
    return {"a4": A4Sheet.lines, "continuous": ContinuousSheet.lines}[paper]


def return_form(facts: FormFacts, language: Language, paper: FormPaper = "a4") -> Pages:
    """Return the form: on "a4" a sheet for each holder, on "continuous" paper all three parts in one impression.

    Raises ValueError for no lines (unless it comes out of another form) or more than the paper holds.
    """
    most = lines_per_form(paper)
    if not (0 if facts.origin else 1) <= len(facts.lines) <= most:
        raise ValueError(f"a form holds 1 to {most} lines, not {len(facts.lines)}")
    if paper == "a4":
        pages = tuple(A4Sheet(facts, language, part).sheet() for part in range(len(COPIES)))
    else:
        pages = (ContinuousSheet(facts, language).sheet(),)
    title = words.language(language).gettext(TITLE)
    return Pages(f"{title} {form_number(facts.number)}", pages)
