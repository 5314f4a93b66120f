"""The counter opens: staff, journal, receipts and claims, cases, approvals, print queue, returns."""

import sqlalchemy as sa
from alembic import op

from counterapp.core.base import UtcDateTime

revision = "0001"
down_revision = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: Tables that only grow. What they say is never changed, whatever program opens the database.
_ONLY_GROW = ("journal", "line_claims", "approvals", "receipts", "receipt_lines", "store_settings", "rule_books")
#: Tables whose rows change but never go.
_NEVER_GO = ("cases", "return_forms", "staff", "number_series", "print_jobs")


def upgrade() -> None:
    """Make the tables and what keeps them."""
    _tables()
    for table in _ONLY_GROW:
        _forbid(table, "UPDATE")
        _forbid(table, "DELETE")
    for table in _NEVER_GO:
        _forbid(table, "DELETE")
    # An approval refers to who prepared the case; putting another name there would let them approve their own.
    _forbid("cases", "UPDATE OF prepared_by")


def _forbid(table: str, act: str) -> None:
    name = f"keep_{table}_{act.lower().replace(' ', '_')}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{name}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{name}'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _tables() -> None:
    op.create_table(
        "journal_heads",
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("seq", _KEY, nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name="pk_journal_heads"),
    )
    op.create_table(
        "number_series",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("last", _KEY, nullable=False),
        sa.CheckConstraint("last >= 0", name="ck_number_series_counts_up"),
        sa.PrimaryKeyConstraint("name", name="pk_number_series"),
    )
    op.create_table(
        "receipts",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("store", sa.String(length=8), nullable=False),
        sa.Column("till", sa.String(length=8), nullable=False),
        sa.Column("cashier", sa.String(length=12), nullable=False),
        sa.Column("sold_at", sa.DateTime(), nullable=False),
        sa.Column("sold_on", sa.Date(), nullable=False),
        sa.Column("member_card", sa.String(length=24), nullable=False),
        sa.Column("tender", sa.String(length=40), nullable=False),
        sa.Column("total", _KEY, nullable=False),
        sa.Column("invoice_no", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
        sa.UniqueConstraint("number", name="uq_receipts_number"),
    )
    op.create_index("ix_receipts_member_card", "receipts", ["member_card"], unique=False)
    op.create_index("ix_receipts_search", "receipts", ["sold_on", "total"], unique=False)
    op.create_table(
        "set_aside_receipts",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("file", sa.String(length=400), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("receipt", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_set_aside_receipts"),
        sa.UniqueConstraint("digest", name="uq_set_aside_receipts_digest"),
    )
    op.create_table(
        "staff",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("badge", sa.String(length=14), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("wrong_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("wrong_tries >= 0", name="ck_staff_wrong_tries_count_up"),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("badge", name="uq_staff_badge"),
        sa.UniqueConstraint("number", name="uq_staff_number"),
    )
    op.create_table(
        "cases",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("desk", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=14), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("prepared_by", _KEY, nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name="ck_cases_amount_not_negative"),
        sa.ForeignKeyConstraint(["prepared_by"], ["staff.id"], name="fk_cases_prepared_by"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("code", name="uq_cases_code"),
        sa.UniqueConstraint("id", "prepared_by", name="uq_cases_id_prepared_by"),
    )
    op.create_index("ix_cases_state", "cases", ["state"], unique=False)
    op.create_table(
        "commands",
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("done_by", _KEY, nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name="fk_commands_done_by"),
        sa.PrimaryKeyConstraint("key", name="pk_commands"),
    )
    op.create_table(
        "journal",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("seq", _KEY, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person_id", _KEY, nullable=True),
        sa.Column("second_id", _KEY, nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("refused", sa.String(length=400), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.CheckConstraint("seq > 0", name="ck_journal_counts_from_one"),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name="fk_journal_person_id"),
        sa.ForeignKeyConstraint(["second_id"], ["staff.id"], name="fk_journal_second_id"),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
        sa.UniqueConstraint("chain", "seq", name="uq_journal_chain_seq"),
    )
    op.create_table(
        "receipt_lines",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("receipt_id", _KEY, nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("item_no", sa.String(length=20), nullable=False),
        sa.Column("barcode", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("quantity", _KEY, nullable=False),
        sa.Column("unit_price", _KEY, nullable=False),
        sa.Column("discount", _KEY, nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("sold", _KEY, nullable=False),
        sa.Column("paid", _KEY, nullable=False),
        sa.Column("supplier", sa.String(length=20), nullable=False),
        sa.Column("flags", sa.String(length=60), nullable=False),
        sa.CheckConstraint("paid >= 0", name="ck_receipt_lines_paid_not_negative"),
        sa.CheckConstraint("sold > 0 OR paid = 0", name="ck_receipt_lines_nothing_sold_nothing_paid"),
        sa.CheckConstraint("sold >= 0", name="ck_receipt_lines_sold_not_negative"),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipts.id"], name="fk_receipt_lines_receipt_id"),
        sa.PrimaryKeyConstraint("id", name="pk_receipt_lines"),
        sa.UniqueConstraint("id", "sold", "paid", name="uq_receipt_lines_id_sold_paid"),
        sa.UniqueConstraint("receipt_id", "line_no", name="uq_receipt_lines_receipt_id_line_no"),
    )
    op.create_table(
        "rule_books",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("desk", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", UtcDateTime(), nullable=False),
        sa.Column("loaded_by", _KEY, nullable=True),
        sa.ForeignKeyConstraint(["loaded_by"], ["staff.id"], name="fk_rule_books_loaded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_rule_books"),
    )
    op.create_table(
        "store_settings",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("changed_by", _KEY, nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name="fk_store_settings_changed_by"),
        sa.PrimaryKeyConstraint("version", name="pk_store_settings"),
    )
    op.create_table(
        "approvals",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("prepared_by", _KEY, nullable=False),
        sa.Column("signed_by", _KEY, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("ticks", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.CheckConstraint("decision = 'approved' OR reason <> ''", name="ck_approvals_refusal_has_reason"),
        sa.CheckConstraint("decision IN ('approved', 'refused')", name="ck_approvals_decision"),
        sa.CheckConstraint("prepared_by <> signed_by", name="ck_approvals_two_people"),
        sa.ForeignKeyConstraint(
            ["case_id", "prepared_by"], ["cases.id", "cases.prepared_by"], name="fk_approvals_case_id_prepared_by"
        ),
        sa.ForeignKeyConstraint(["signed_by"], ["staff.id"], name="fk_approvals_signed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_approvals"),
        sa.UniqueConstraint("id", "case_id", "act", "decision", name="uq_approvals_id_case_id_act_decision"),
    )
    op.create_index("ix_approvals_case_id", "approvals", ["case_id"], unique=False)
    op.create_table(
        "line_claims",
        sa.Column("line_id", _KEY, nullable=False),
        sa.Column("pool", sa.String(length=12), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.Column("sold", _KEY, nullable=False),
        sa.Column("paid", _KEY, nullable=False),
        sa.Column("before", _KEY, nullable=False),
        sa.Column("delta", _KEY, nullable=False),
        sa.Column("after", _KEY, nullable=False),
        sa.Column("before_fen", _KEY, nullable=False),
        sa.Column("delta_fen", _KEY, nullable=False),
        sa.Column("after_fen", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(seq = 1 AND follows IS NULL AND before = 0 AND before_fen = 0) OR (seq > 1 AND follows IS NOT NULL AND follows = seq - 1)",
            name="ck_line_claims_follows_the_last",
        ),
        sa.CheckConstraint("after < sold OR after_fen = paid", name="ck_line_claims_all_back_all_money"),
        sa.CheckConstraint("after = before + delta", name="ck_line_claims_adds_up"),
        sa.CheckConstraint("after > 0 OR after_fen = 0", name="ck_line_claims_none_back_no_money"),
        sa.CheckConstraint("after >= 0 AND after <= sold", name="ck_line_claims_no_more_than_sold"),
        sa.CheckConstraint("after_fen = before_fen + delta_fen", name="ck_line_claims_money_adds_up"),
        sa.CheckConstraint("after_fen >= 0 AND after_fen <= paid", name="ck_line_claims_no_more_than_paid"),
        sa.CheckConstraint("delta <> 0", name="ck_line_claims_moves"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_line_claims_case_id"),
        sa.ForeignKeyConstraint(
            ["line_id", "pool", "follows", "before", "before_fen"],
            [
                "line_claims.line_id",
                "line_claims.pool",
                "line_claims.seq",
                "line_claims.after",
                "line_claims.after_fen",
            ],
            name="fk_line_claims_follows",
        ),
        sa.ForeignKeyConstraint(
            ["line_id", "sold", "paid"],
            ["receipt_lines.id", "receipt_lines.sold", "receipt_lines.paid"],
            name="fk_line_claims_line_id_sold_paid",
        ),
        sa.PrimaryKeyConstraint("line_id", "pool", "seq", name="pk_line_claims"),
        sa.UniqueConstraint(
            "line_id", "pool", "seq", "after", "after_fen", name="uq_line_claims_line_id_pool_seq_after_after_fen"
        ),
    )
    op.create_index("ix_line_claims_case_id", "line_claims", ["case_id"], unique=False)
    op.create_table(
        "print_jobs",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("case_id", _KEY, nullable=True),
        sa.Column("paper", sa.String(length=10), nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(length=400), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'printed', 'failed', 'unknown')", name="ck_print_jobs_state"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_print_jobs_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_print_jobs"),
        sa.UniqueConstraint("key", name="uq_print_jobs_key"),
    )
    op.create_index("ix_print_jobs_case_id", "print_jobs", ["case_id"], unique=False)
    op.create_index("ix_print_jobs_station_state", "print_jobs", ["station", "state"], unique=False)
    op.create_table(
        "return_cases",
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("receipt_id", _KEY, nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_return_cases_case_id"),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipts.id"], name="fk_return_cases_receipt_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_return_cases"),
    )
    op.create_index("ix_return_cases_receipt_id", "return_cases", ["receipt_id"], unique=False)
    op.create_table(
        "return_forms",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("number", _KEY, nullable=False),
        sa.Column("code", sa.String(length=14), nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("approval_id", _KEY, nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("job_id", _KEY, nullable=False),
        sa.CheckConstraint("act = 'return' AND decision = 'approved'", name="ck_return_forms_stands_on_approval"),
        sa.CheckConstraint("amount >= 0", name="ck_return_forms_amount_not_negative"),
        sa.CheckConstraint("number > 0", name="ck_return_forms_number_positive"),
        sa.ForeignKeyConstraint(
            ["approval_id", "case_id", "act", "decision"],
            ["approvals.id", "approvals.case_id", "approvals.act", "approvals.decision"],
            name="fk_return_forms_approval_id_case_id_act_decision",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["return_cases.case_id"], name="fk_return_forms_case_id"),
        sa.ForeignKeyConstraint(["job_id"], ["print_jobs.id"], name="fk_return_forms_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_return_forms"),
        sa.UniqueConstraint("code", name="uq_return_forms_code"),
        sa.UniqueConstraint("number", name="uq_return_forms_number"),
    )
    op.create_index("ix_return_forms_case_id", "return_forms", ["case_id"], unique=False)
    op.create_index("ix_return_forms_made_on", "return_forms", ["made_on"], unique=False)
    op.create_table(
        "return_lines",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("line_id", _KEY, nullable=False),
        sa.Column("quantity", _KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("effect", sa.String(length=10), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("grants", sa.JSON(), nullable=False),
        sa.Column("rule_book_id", _KEY, nullable=True),
        sa.Column("refund", _KEY, nullable=False),
        sa.CheckConstraint("quantity > 0", name="ck_return_lines_quantity_positive"),
        sa.CheckConstraint("refund >= 0", name="ck_return_lines_refund_not_negative"),
        sa.ForeignKeyConstraint(["case_id"], ["return_cases.case_id"], name="fk_return_lines_case_id"),
        sa.ForeignKeyConstraint(["line_id"], ["receipt_lines.id"], name="fk_return_lines_line_id"),
        sa.ForeignKeyConstraint(["rule_book_id"], ["rule_books.id"], name="fk_return_lines_rule_book_id"),
        sa.PrimaryKeyConstraint("id", name="pk_return_lines"),
        sa.UniqueConstraint("case_id", "line_id", name="uq_return_lines_case_id_line_id"),
    )
    op.create_index("ix_return_lines_line_id", "return_lines", ["line_id"], unique=False)
    op.create_table(
        "return_form_lines",
        sa.Column("return_line_id", _KEY, nullable=False),
        sa.Column("form_id", _KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["return_forms.id"], name="fk_return_form_lines_form_id"),
        sa.ForeignKeyConstraint(["return_line_id"], ["return_lines.id"], name="fk_return_form_lines_return_line_id"),
        sa.PrimaryKeyConstraint("return_line_id", name="pk_return_form_lines"),
        sa.UniqueConstraint("form_id", "position", name="uq_return_form_lines_form_id_position"),
    )
