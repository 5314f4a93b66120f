"""A label under the head of a printer that takes nothing for granted: all ink on the label, all quiet zones quiet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PIL import Image, ImageChops, ImageDraw

from printers import code128, qrcode
from printers.profile import Profile

Box = tuple[int, int, int, int]


class Label:
    """One label in dots. `bad` makes the exception to raise for whatever would go wrong on paper."""

    def __init__(self, profile: Profile, bad: Callable[[str], Exception]) -> None:
        scale = profile.dots_per_mm
        self._ink = Image.new("1", (round(profile.width * scale), round(profile.height * scale)))
        self._bad = bad
        self._quiet: list[Box] = []
        self.touched = False

    def printed(self) -> Image.Image:
        """Return the label, black on white, as mode "L". Raises where something stands in a quiet zone."""
        for box in self._quiet:
            if self._ink.crop(box).getbbox():
                raise self._bad("ink in a quiet zone")
        self.touched = False
        return ImageChops.invert(self._ink.convert("L"))

    def stamp(self, x: int, y: int, ink: Image.Image) -> None:
        """Add `ink` to what there is."""
        self._require(x, y, ink)
        self._ink.paste(1, (x, y), ink)

    def cover(self, x: int, y: int, ink: Image.Image) -> None:
        """Put `ink` in place of what there is."""
        self._require(x, y, ink)
        self._ink.paste(ink, (x, y))

    def bar(self, x: int, y: int, width: int, height: int) -> None:
        """Blacken a rectangle."""
        if not (width and height):
            raise self._bad("a bar of nothing")
        self.stamp(x, y, Image.new("1", (width, height), 1))

    def code128(self, x: int, y: int, symbol: Sequence[int], module: int, height: int) -> None:
        """Draw the symbol characters `symbol`, check character and stop added."""
        try:
            pattern = code128.pattern(symbol)
        except IndexError as reason:
            raise self._bad("no symbol of Code128") from reason
        ink = Image.new("1", (len(pattern) * module, height))
        draw = ImageDraw.Draw(ink)
        for start, width in code128.dark(each == "1" for each in pattern):
            draw.rectangle((start * module, 0, (start + width) * module - 1, height - 1), fill=1)
        self.stamp(x, y, ink)
        zone = code128.QUIET * module
        self._keep_quiet(x - zone, y, zone, height)
        self._keep_quiet(x + ink.width, y, zone, height)

    def qr(self, x: int, y: int, rows: Sequence[Sequence[bool]], module: int) -> None:
        """Draw the code whose dark modules are True in `rows`."""
        code = Image.new("1", (len(rows), len(rows)))
        code.putdata([255 * dark for row in rows for dark in row])
        side, zone = len(rows) * module, qrcode.QUIET * module
        self.stamp(x, y, code.resize((side, side), Image.Resampling.NEAREST))
        self._keep_quiet(x - zone, y - zone, zone, side + 2 * zone)
        self._keep_quiet(x + side, y - zone, zone, side + 2 * zone)
        self._keep_quiet(x, y - zone, side, zone)
        self._keep_quiet(x, y + side, side, zone)

    def _keep_quiet(self, x: int, y: int, width: int, height: int) -> None:
        if x < 0 or y < 0 or x + width > self._ink.width or y + height > self._ink.height:
            raise self._bad("a quiet zone that leaves the label")
        self._quiet.append((x, y, x + width, y + height))

    def _require(self, x: int, y: int, ink: Image.Image) -> None:
        left, top, right, bottom = ink.getbbox() or (0, 0, 0, 0)
        if x + left < 0 or y + top < 0 or x + right > self._ink.width or y + bottom > self._ink.height:
            raise self._bad("ink beside the label")
        self.touched = True
