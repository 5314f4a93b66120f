"""Bag check: lockers and tags, deposits, the lost-token book, the day's sheets."""

import sqlalchemy as sa
from alembic import op

from counterapp.core.base import UtcDateTime

revision = "0006"
down_revision = "0005"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables and what keeps them; a store that is there gets the two number series."""
    _tables()
    # What a signed sheet says is never changed.
    _forbid("bag_sheets", "UPDATE")
    for table in ("bag_sheets", "deposits", "lockers", "lost_tokens", "tags"):
        _forbid(table, "DELETE")
    # The day of a deposit decides whether it needs a second signature.
    _forbid("deposits", "UPDATE OF deposited_on")
    op.execute(
        "INSERT INTO number_series (name, last) SELECT name, 0 FROM"
        " (SELECT 'lost_token' AS name UNION ALL SELECT 'penalty') AS series"
        " WHERE EXISTS (SELECT 1 FROM store_settings)"
    )


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
    op.create_index("uq_approvals_signed", "approvals", ["id", "case_id", "act", "decision", "signed_by"], unique=True)
    op.create_table(
        "lockers",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("size", sa.String(length=8), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("map_row", sa.Integer(), nullable=False),
        sa.Column("map_column", sa.Integer(), nullable=False),
        sa.Column("out_of_use", sa.String(length=200), nullable=False),
        sa.Column("laid_out", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number <> ''", name="ck_lockers_has_a_number"),
        sa.CheckConstraint("size IN ('small', 'medium', 'large')", name="ck_lockers_size"),
        sa.PrimaryKeyConstraint("id", name="pk_lockers"),
        sa.UniqueConstraint("number", name="uq_lockers_number"),
    )
    op.create_table(
        "tags",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=14), nullable=False),
        sa.Column("locker_code", sa.String(length=14), nullable=False),
        sa.Column("locker_id", _KEY, nullable=True),
        sa.Column("out_of_use", sa.String(length=200), nullable=False),
        sa.CheckConstraint("number <> ''", name="ck_tags_has_a_number"),
        sa.ForeignKeyConstraint(["locker_id"], ["lockers.id"], name="fk_tags_locker_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("code", name="uq_tags_code"),
        sa.UniqueConstraint("locker_code", name="uq_tags_locker_code"),
        sa.UniqueConstraint("number", name="uq_tags_number"),
    )
    op.create_index(
        "uq_tags_hangs",
        "tags",
        ["locker_id"],
        unique=True,
        sqlite_where=sa.text("out_of_use = ''"),
        postgresql_where=sa.text("out_of_use = ''"),
    )
    op.create_table(
        "bag_sheets",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("job_id", _KEY, nullable=False),
        sa.CheckConstraint("kind IN ('morning', 'closing')", name="ck_bag_sheets_kind"),
        sa.CheckConstraint("missing >= 0", name="ck_bag_sheets_missing_not_negative"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_bag_sheets_case_id"),
        sa.ForeignKeyConstraint(["job_id"], ["print_jobs.id"], name="fk_bag_sheets_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bag_sheets"),
        sa.UniqueConstraint("case_id", name="uq_bag_sheets_case_id"),
        sa.UniqueConstraint("kind", "day", name="uq_bag_sheets_kind_day"),
    )
    op.create_table(
        "lost_tokens",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("number", _KEY, nullable=True),
        sa.Column("case_id", _KEY, nullable=True),
        sa.Column("tag_id", _KEY, nullable=True),
        sa.Column("piece", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=14), nullable=False),
        sa.Column("token", sa.String(length=8), nullable=False),
        sa.Column("substitute", sa.String(length=14), nullable=False),
        sa.Column("locker", sa.String(length=8), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("reported_by", _KEY, nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("id_seen", sa.Boolean(), nullable=False),
        sa.Column("id_last_four", sa.String(length=4), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("id_picture", sa.LargeBinary(), nullable=True),
        sa.Column("penalty_no", _KEY, nullable=True),
        sa.Column("penalty_fen", _KEY, nullable=True),
        sa.Column("fee", sa.String(length=80), nullable=False),
        sa.Column("charged_at", UtcDateTime(), nullable=True),
        sa.Column("charged_by", _KEY, nullable=True),
        sa.Column("job_id", _KEY, nullable=True),
        sa.Column("receipt_no", sa.String(length=32), nullable=True),
        sa.Column("received_fen", _KEY, nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=True),
        sa.Column("received_by", _KEY, nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=True),
        sa.Column("found_by", _KEY, nullable=True),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "NOT settled OR case_id IS NULL OR (told_at IS NOT NULL AND (piece = 'counter' OR receipt_no IS NOT NULL))",
            name="ck_lost_tokens_settled_after_receipt",
        ),
        sa.CheckConstraint(
            "penalty_no IS NULL OR (told_at IS NOT NULL AND id_seen AND piece = 'customer' AND penalty_fen > 0)",
            name="ck_lost_tokens_told_and_identified_before_penalty",
        ),
        sa.CheckConstraint(
            "penalty_no IS NULL OR erased_at IS NOT NULL OR (name <> '' AND address <> '' AND id_last_four <> '')",
            name="ck_lost_tokens_penalty_names_somebody",
        ),
        sa.CheckConstraint("piece IN ('customer', 'counter')", name="ck_lost_tokens_piece"),
        sa.CheckConstraint(
            "told_at IS NULL OR (number IS NOT NULL AND words <> '')", name="ck_lost_tokens_told_in_words"
        ),
        sa.CheckConstraint(
            "penalty_no IS NULL OR penalty_fen IS NOT NULL", name="ck_lost_tokens_penalty_has_an_amount"
        ),
        sa.CheckConstraint(
            "receipt_no IS NULL OR (penalty_no IS NOT NULL AND received_fen IS NOT NULL AND received_fen = penalty_fen)",
            name="ck_lost_tokens_receipt_for_the_penalty",
        ),
        sa.CheckConstraint("withdrawn_at IS NULL OR told_at IS NULL", name="ck_lost_tokens_taken_back_in_time"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_lost_tokens_case_id"),
        sa.ForeignKeyConstraint(["charged_by"], ["staff.id"], name="fk_lost_tokens_charged_by"),
        sa.ForeignKeyConstraint(["found_by"], ["staff.id"], name="fk_lost_tokens_found_by"),
        sa.ForeignKeyConstraint(["job_id"], ["print_jobs.id"], name="fk_lost_tokens_job_id"),
        sa.ForeignKeyConstraint(["received_by"], ["staff.id"], name="fk_lost_tokens_received_by"),
        sa.ForeignKeyConstraint(["reported_by"], ["staff.id"], name="fk_lost_tokens_reported_by"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_lost_tokens_tag_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lost_tokens"),
        sa.UniqueConstraint("id", "case_id", name="uq_lost_tokens_id_case_id"),
        sa.UniqueConstraint("id", "settled", name="uq_lost_tokens_id_settled"),
        sa.UniqueConstraint("number", name="uq_lost_tokens_number"),
        sa.UniqueConstraint("penalty_no", name="uq_lost_tokens_penalty_no"),
        sa.UniqueConstraint("receipt_no", name="uq_lost_tokens_receipt_no"),
    )
    op.create_index("ix_lost_tokens_case_id", "lost_tokens", ["case_id"], unique=False)
    op.create_index("ix_lost_tokens_code", "lost_tokens", ["code"], unique=False)
    op.create_index("ix_lost_tokens_reported_on", "lost_tokens", ["reported_on"], unique=False)
    op.create_table(
        "deposits",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("locker_id", _KEY, nullable=False),
        sa.Column("tag_id", _KEY, nullable=True),
        sa.Column("locker_code", sa.String(length=14), nullable=True),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(length=120), nullable=False),
        sa.Column("deposited_at", UtcDateTime(), nullable=False),
        sa.Column("deposited_on", sa.Date(), nullable=False),
        sa.Column("deposited_hour", sa.Integer(), nullable=False),
        sa.Column("overnight_on", sa.Date(), nullable=True),
        sa.Column("explanation", sa.String(length=200), nullable=False),
        sa.Column("approval_id", _KEY, nullable=True),
        sa.Column("act", sa.String(length=20), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("signed_by", _KEY, nullable=True),
        sa.Column("lost_id", _KEY, nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", _KEY, nullable=True),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "NOT voided OR (approval_id IS NOT NULL AND act = 'bag_void')", name="ck_deposits_void_is_signed"
        ),
        sa.CheckConstraint(
            "approval_id IS NULL OR (act IS NOT NULL AND act IN ('bag_overnight', 'bag_void') AND decision IS NOT NULL AND decision = 'approved' AND signed_by IS NOT NULL)",
            name="ck_deposits_approval_is_whole",
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR voided OR (ended_on <= deposited_on AND overnight_on IS NULL) OR (approval_id IS NOT NULL AND act = 'bag_overnight')",
            name="ck_deposits_overnight_is_signed",
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL AND ended_on IS NULL AND ended_by IS NULL AND NOT voided) OR (ended_at IS NOT NULL AND ended_on IS NOT NULL AND ended_by IS NOT NULL)",
            name="ck_deposits_ends_whole",
        ),
        sa.CheckConstraint(
            "approval_id IS NULL OR ended_by IS NULL OR ended_by <> signed_by", name="ck_deposits_two_people"
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR lost_id IS NULL OR (settled IS NOT NULL AND settled)",
            name="ck_deposits_lost_is_settled",
        ),
        sa.CheckConstraint("pieces BETWEEN 1 AND 99", name="ck_deposits_pieces"),
        sa.ForeignKeyConstraint(
            ["approval_id", "case_id", "act", "decision", "signed_by"],
            ["approvals.id", "approvals.case_id", "approvals.act", "approvals.decision", "approvals.signed_by"],
            name="fk_deposits_approval",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_deposits_case_id"),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name="fk_deposits_ended_by"),
        sa.ForeignKeyConstraint(["locker_id"], ["lockers.id"], name="fk_deposits_locker_id"),
        sa.ForeignKeyConstraint(
            ["lost_id", "case_id"], ["lost_tokens.id", "lost_tokens.case_id"], name="fk_deposits_lost_id_case_id"
        ),
        sa.ForeignKeyConstraint(
            ["lost_id", "settled"], ["lost_tokens.id", "lost_tokens.settled"], name="fk_deposits_lost_id_settled"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_deposits_tag_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deposits"),
        sa.UniqueConstraint("case_id", name="uq_deposits_case_id"),
        sa.UniqueConstraint("locker_code", name="uq_deposits_locker_code"),
    )
    op.create_index("ix_deposits_busy", "deposits", ["deposited_on", "deposited_hour"], unique=False)
    op.create_index("ix_deposits_ended_on", "deposits", ["ended_on"], unique=False)
    op.create_index(
        "uq_deposits_live_locker",
        "deposits",
        ["locker_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_deposits_live_tag",
        "deposits",
        ["tag_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "deposit_photos",
        sa.Column("deposit_id", _KEY, nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposits.id"], name="fk_deposit_photos_deposit_id"),
        sa.PrimaryKeyConstraint("deposit_id", name="pk_deposit_photos"),
    )
