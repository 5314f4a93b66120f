"""What the program carries: icons, fonts, words, style, the default rule book, working days, the demo store."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).parent


def resource(name: str) -> Path:
    """Return the path of the carried file or folder `name` ("fonts/NotoSansSC-Regular.ttf").

    Raises FileNotFoundError where the installation lacks it.
    """
    path = _ROOT / name
    if not path.exists():
        raise FileNotFoundError(path)
    return path
