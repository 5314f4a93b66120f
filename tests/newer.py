"""A program that is one migration newer than this one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from counterapp.core import migrate

ADD = "op.create_table('added', sa.Column('id', sa.Integer, primary_key=True))"


def newer_program(monkeypatch: pytest.MonkeyPatch, folder: Path, work: str = ADD) -> None:
    """Let the program have one more migration, which does `work`; its files lie in `folder`."""
    former = migrate.HEAD
    following = f"{int(former) + 1:04}"
    copied = Path(shutil.copytree(migrate._FOLDER, folder / "migrations", dirs_exist_ok=True))
    head = f"import sqlalchemy as sa\nfrom alembic import op\nrevision, down_revision = '{following}', '{former}'\n"
    (copied / "versions" / f"{following}_next.py").write_text(f"{head}\ndef upgrade():\n    {work}\n")
    monkeypatch.setattr(migrate, "_FOLDER", copied)
    monkeypatch.setattr(migrate, "HEAD", following)
