"""What the tests of papers print: who issues them, and reading back what stands on a page."""

from __future__ import annotations

import datetime as dt

from counterapp.documents.page import Band, IssuedBy, PageBuilder
from printers.document import Page, Text

ISSUED = IssuedBy("一号店", "总服务台", "2", "王丽 6012", dt.datetime(2026, 11, 21, 14, 33, tzinfo=dt.UTC))


def band(name: str, height: float = 10, *, glued: bool = False, headings: tuple[Band, ...] = ()) -> Band:
    """Return a band that writes its name."""

    def draw(page: PageBuilder) -> None:
        page.text(page.left, page.y, 40, height, name, 10)

    return Band(height, draw, glued, headings)


def texts(page: Page) -> list[str]:
    """Return all that is written on a page, in the order in which it was put down."""
    return ["".join(run.text for run in item.runs) for item in page.items if isinstance(item, Text)]
