"""From a PDF to pictures of its pages, for the screen and to keep."""

from __future__ import annotations

import io
import math
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

# pdfium may be entered by one thread at a time, whatever document it works on.
_lock = threading.Lock()


def pictures(pdf: bytes, dpi: int) -> tuple[bytes, ...]:
    """Return each page of `pdf` as a PNG file in grey, `dpi` dots an inch. Raises ValueError where it is not a PDF."""
    files = []
    for image in images(pdf, dpi):
        file = io.BytesIO()
        image.save(file, "PNG", dpi=(dpi, dpi))
        files.append(file.getvalue())
    return tuple(files)


def images(pdf: bytes, dpi: int) -> list[Image]:
    """Return each page of `pdf` in grey, `dpi` dots an inch. Raises ValueError where it is not a PDF."""
    import pypdfium2

    found = []
    with _lock:
        try:
            document = pypdfium2.PdfDocument(pdf)  # type: ignore[no-untyped-call]  # the library is untyped
        except pypdfium2.PdfiumError as reason:
            raise ValueError(f"not a PDF: {reason}") from reason
        with document:
            for page in document:
                _fill_last_dots(page, dpi / 72)
                bitmap = page.render(scale=dpi / 72, grayscale=True)
                found.append(bitmap.to_pil().copy())
                bitmap.close()
                page.close()
    return found


def _fill_last_dots(page: Any, scale: float) -> None:
    """Widen the page to whole dots: pdfium would stretch it to the next whole one, and bars off their dots with it."""
    left, _, _, top = page.get_mediabox()
    width, height = ((math.ceil(length * scale) - 0.01) / scale for length in page.get_size())
    page.set_mediabox(left, top - height, left + width, top)
