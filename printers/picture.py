"""From a printer's bytes to pictures of the paper, for the screen and to keep."""

from __future__ import annotations

import io
import math
import threading
from typing import TYPE_CHECKING, Any, Final

from printers.profile import Profile

if TYPE_CHECKING:
    from PIL.Image import Image

_PDF_DPI: Final = 110

# pdfium may be entered by one thread at a time, whatever document it works on.
_lock = threading.Lock()


def papers(data: bytes, profile: Profile) -> tuple[bytes, ...]:
    """Return what the printer of `profile` makes of `data`: a PNG file in grey for each page, piece of a roll or label.

    A PDF's pages are drawn smaller than they are printed; what printers draw by themselves is shown dot for dot, on
    paper as wide as it is. Raises ValueError where `data` is not in the profile's protocol.
    """
    if profile.protocol == "pdf":
        return pictures(data, _PDF_DPI)
    from printers import emulators

    return tuple(_png(_on_paper(image, profile), profile.dpi) for image in emulators.papers(data, profile))


def pictures(pdf: bytes, dpi: int) -> tuple[bytes, ...]:
    """Return each page of `pdf` as a PNG file in grey, `dpi` dots an inch. Raises ValueError where it is not a PDF."""
    return tuple(_png(image, dpi) for image in images(pdf, dpi))


def _png(image: Image, dpi: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(dpi, dpi))
    return file.getvalue()


def _on_paper(image: Image, profile: Profile) -> Image:
    """Return `image` with the edges of the roll that the printer does not reach."""
    from PIL import Image as Images

    sides = round(profile.sides * profile.dots_per_mm) if profile.paper == "roll" else 0
    paper = Images.new("L", (image.width + 2 * sides, image.height), 255)
    paper.paste(image, (sides, 0))
    return paper


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
