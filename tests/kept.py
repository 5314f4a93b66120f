"""Pictures of papers that were looked at and found good."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops

_BETWEEN: Final = 8  # dots


@dataclass(frozen=True)
class Album:
    """The pictures that are kept in `folder`; a new one is kept with COUNTERAPP_RENEW_PICTURES=1, then looked at."""

    folder: Path

    def looks_as_kept(self, papers: Sequence[bytes | Image.Image], name: str) -> bool:
        """Whether papers (PNG files or pictures), one below the other, look like the picture `name`, dot for dot."""
        drawn, path = _together(papers), self.folder / f"{name}.png"
        if os.environ.get("COUNTERAPP_RENEW_PICTURES") == "1":
            self.folder.mkdir(exist_ok=True)
            drawn.save(path, optimize=True)
        with Image.open(path) as kept:
            return drawn.size == kept.size and ImageChops.difference(drawn, kept.convert("L")).getbbox() is None


def _together(papers: Sequence[bytes | Image.Image]) -> Image.Image:
    images = [
        (paper if isinstance(paper, Image.Image) else Image.open(io.BytesIO(paper))).convert("L") for paper in papers
    ]
    height = sum(image.height + _BETWEEN for image in images) - _BETWEEN
    drawn = Image.new("L", (max(image.width for image in images), height), 128)
    top = 0
    for image in images:
        drawn.paste(image, (0, top))
        top += image.height + _BETWEEN
    return drawn
