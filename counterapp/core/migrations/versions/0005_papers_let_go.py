"""A paper that did not print may be let go: nobody wants it any more."""

import sqlalchemy as sa
from alembic import op

from counterapp.core.base import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add when a paper was let go."""
    op.add_column("print_jobs", sa.Column("let_go_at", UtcDateTime(), nullable=True))
