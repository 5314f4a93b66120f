"""Pictures of papers that were looked at and found good."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops

PICTURES = Path(__file__).parent / "pictures"
_BETWEEN = 8


def looks_as_kept(pngs: Sequence[bytes], name: str) -> bool:
    """Whether papers, one below the other, look like the kept picture `name`, dot for dot.

    Look at a new picture, then keep it with COUNTERAPP_RENEW_PICTURES=1.
    """
    papers = [Image.open(io.BytesIO(png)).convert("L") for png in pngs]
    height = sum(paper.height + _BETWEEN for paper in papers) - _BETWEEN
    drawn = Image.new("L", (max(paper.width for paper in papers), height), 128)
    top = 0
    for paper in papers:
        drawn.paste(paper, (0, top))
        top += paper.height + _BETWEEN
    path = PICTURES / f"{name}.png"
    if os.environ.get("COUNTERAPP_RENEW_PICTURES") == "1":
        path.parent.mkdir(exist_ok=True)
        drawn.save(path, optimize=True)
    kept = Image.open(io.BytesIO(path.read_bytes())).convert("L")
    return drawn.size == kept.size and ImageChops.difference(drawn, kept).getbbox() is None
