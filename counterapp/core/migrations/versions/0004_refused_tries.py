"""Tries to sign in that were refused without looking are counted; those in the journal are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TRIES = sa.text("act IN ('staff.wrong_pin', 'staff.refused_try')")


def upgrade() -> None:
    """Make the table of counts and the index."""
    op.create_table(
        "refused_tries",
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("more", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("who", name="pk_refused_tries"),
        sa.CheckConstraint("more >= 0", name="ck_refused_tries_more_counts_up"),
    )
    op.create_index("ix_journal_tries", "journal", ["at"], sqlite_where=_TRIES, postgresql_where=_TRIES)
