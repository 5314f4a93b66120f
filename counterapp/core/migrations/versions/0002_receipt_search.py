"""Finding receipts without their barcode: indexes, and the items that were sold with the initials of their names."""

import sqlalchemy as sa
from alembic import op

from counterapp.core.receipt_search import initials_of

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of items and fill it from the lines that are there; put indexes where the search looks."""
    items = op.create_table(
        "sold_items",
        sa.Column("item_no", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("initials", sa.String(length=240), nullable=False),
        sa.PrimaryKeyConstraint("item_no", "name", name="pk_sold_items"),
    )
    sold = op.get_bind().execute(sa.text("SELECT DISTINCT item_no, name FROM receipt_lines")).all()
    if sold:
        rows = [{"item_no": item_no, "name": name, "initials": initials_of(name)} for item_no, name in sold]
        op.bulk_insert(items, rows)
    op.drop_index("ix_receipts_search", table_name="receipts")
    op.create_index("ix_receipts_sold_at", "receipts", ["sold_at"], unique=False)
    op.create_index("ix_receipts_till", "receipts", ["till", "sold_at"], unique=False)
    op.create_index("ix_receipts_total", "receipts", ["total", "sold_at"], unique=False)
    op.create_index("ix_receipt_lines_item", "receipt_lines", ["item_no", "receipt_id"], unique=False)
    op.create_index("ix_return_cases_phone", "return_cases", ["phone"], unique=False)
