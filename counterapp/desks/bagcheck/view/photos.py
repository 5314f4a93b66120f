"""Pictures from files: chosen or dropped, made small away from the screen's thread, and read back for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter, QPixmap
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from counterapp.errors import BadInput
from counterapp.ui import theme
from counterapp.ui.save_file import open_file
from counterapp.words import N_, _
from counterapp.work import Worker

#: The longest side of a kept picture of the things, in pixels, and its bytes at the most.
THINGS: Final = (800, 290_000)
#: The same for a copy of an ID, which has to be read.
IDENTITY: Final = (1600, 980_000)
SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
_QUALITIES: Final = (80, 65, 50, 35, 20)


def small_jpeg(path: Path, most: tuple[int, int]) -> bytes:
    """Return the picture in a file as a JPEG of at most `most` (pixels a side, bytes).

    Turned as the camera held it. Raises BadInput where there is no picture.
    """
    side, size = most
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    whole = reader.size()
    if whole.isValid() and max(whole.width(), whole.height()) > side:
        # Some formats are decoded small at once, which takes a tenth of the time.
        reader.setScaledSize(whole.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    if picture.isNull():
        raise BadInput(N_("{file} is no picture that can be kept. Take it again."), file=path.name)
    for quality in _QUALITIES:
        content = QByteArray()
        buffer = QBuffer(content)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QImageWriter(buffer, b"jpeg")
        writer.setQuality(quality)
        writer.write(picture)
        if content.size() <= size:
            break
    return bytes(content.data())


def picture_of(jpeg: bytes | None) -> QImage | None:
    """Return a kept picture for the screen; None where there is none. It may be called on any thread."""
    if jpeg is None:
        return None
    picture = QImage.fromData(jpeg)
    return None if picture.isNull() else picture


def show_picture(place: QLabel, picture: QImage | None, height: int) -> None:
    """Show a picture small, so many design pixels high; `place` goes where there is none."""
    place.setVisible(picture is not None)
    if picture is not None:
        small = picture.scaledToHeight(theme.px(height), Qt.TransformationMode.SmoothTransformation)
        place.setPixmap(QPixmap.fromImage(small))


class Photos(QObject):
    """Takes pictures in, one after the other, without the screen waiting for any."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._worker = Worker("photos")
        self._dialog: QFileDialog | None = None

    def ask(self, chosen: Callable[[Path], None]) -> None:
        """Let a file be chosen in a window beside the desk, which goes on meanwhile."""
        if self._dialog is not None:
            self._dialog.close()
        pictures = _("Pictures") + f" ({' '.join(f'*{suffix}' for suffix in SUFFIXES)})"
        self._dialog = open_file(self._over, _("Photo of the things"), (pictures,), chosen)
        self._dialog.finished.connect(self._on_finished)

    def shrink(
        self,
        path: Path,
        most: tuple[int, int],
        done: Callable[[bytes], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Make a picture small, then call `done` with its JPEG."""
        self._worker.do(self, lambda: small_jpeg(path, most), done, failed)

    def _on_finished(self) -> None:
        self._dialog = None
