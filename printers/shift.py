"""Paper that lies a little off: everything on a page moved by some tenths of a millimetre."""

from __future__ import annotations

import dataclasses

from printers.document import Document, Item, Pages, Rule, Slip


def shifted(document: Document, right: float, down: float) -> Document:
    """Return `document` with all that stands on its pages moved by so many millimetres; a slip flows as it is."""
    if isinstance(document, Slip) or not (right or down):
        return document
    return Pages(
        document.title,
        tuple(
            dataclasses.replace(
                page,
                items=tuple(_moved(item, right, down) for item in page.items),
                stamp=dataclasses.replace(page.stamp, x=page.stamp.x + right, y=page.stamp.y + down)
                if page.stamp is not None
                else None,
            )
            for page in document.pages
        ),
    )


def _moved(item: Item, right: float, down: float) -> Item:
    if isinstance(item, Rule):
        return dataclasses.replace(item, x1=item.x1 + right, x2=item.x2 + right, y1=item.y1 + down, y2=item.y2 + down)
    return dataclasses.replace(item, x=item.x + right, y=item.y + down)
