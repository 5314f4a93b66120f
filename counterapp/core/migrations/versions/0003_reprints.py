"""Reprints 补打: a job may repeat another one, and counts which copy it is."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what a repeat refers to, and the count."""
    # As SQL: on SQLite Alembic would make the table anew for the foreign key, and lose its triggers.
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE print_jobs ADD COLUMN first_id {kind}"
        " CONSTRAINT fk_print_jobs_first_id REFERENCES print_jobs (id)"
    )
    op.add_column("print_jobs", sa.Column("copy", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_print_jobs_first_id_copy", "print_jobs", ["first_id", "copy"], unique=True)
