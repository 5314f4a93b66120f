"""The day over the forms: red-letter tasks, stock files, notices and sheets for the floor, the seals."""

import sqlalchemy as sa
from alembic import op

from counterapp.core.base import UtcDateTime

revision = "0008"
down_revision = "0007"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: Tables that only grow. What they say is never changed, whatever program opens the database.
_ONLY_GROW = ("stock_lines", "floor_sheet_lines", "day_seals")
#: Tables whose rows change but never go.
_NEVER_GO = ("red_letter_tasks", "stock_files", "floor_notices", "floor_sheets", "return_days")


def upgrade() -> None:
    """Make the tables and what keeps them; a store that is there gets the number series."""
    _tables()
    for table in _ONLY_GROW:
        _forbid(table, "UPDATE")
        _forbid(table, "DELETE")
    for table in _NEVER_GO:
        _forbid(table, "DELETE")
    for table in ("return_forms", "form_ends"):
        _lock(table)
    op.execute(
        "INSERT INTO number_series (name, last) SELECT name, 0 FROM"
        " (SELECT 'stock_file' AS name UNION ALL SELECT 'red_letter' UNION ALL SELECT 'return_day') AS series"
        " WHERE EXISTS (SELECT 1 FROM store_settings)"
    )


def _forbid(table: str, act: str) -> None:
    _trigger(f"keep_{table}_{act.lower()}", f"BEFORE {act} ON {table}", "")


def _lock(table: str) -> None:
    """Let nothing be booked into a day that is closed, or before one."""
    closed = "EXISTS (SELECT 1 FROM return_days WHERE closed AND day >= NEW.booked_on)"
    _trigger(f"keep_{table}_out_of_closed_days", f"BEFORE INSERT ON {table}", closed)


def _trigger(name: str, when: str, only_if: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        condition = f"WHEN {only_if} " if only_if else ""
        op.execute(f"CREATE TRIGGER {name} {when} {condition}BEGIN SELECT RAISE(ABORT, '{name}'); END")
        return
    act = f"RAISE EXCEPTION '{name}';"
    body = f"IF {only_if} THEN {act} END IF; RETURN NEW;" if only_if else act
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    op.execute(f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _tables() -> None:
    op.create_table(
        "return_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_return_days"),
    )
    op.create_table(
        "day_explanations",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("told_by", _KEY, nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("text <> ''", name="ck_day_explanations_is_told"),
        sa.ForeignKeyConstraint(["told_by"], ["staff.id"], name="fk_day_explanations_told_by"),
        sa.PrimaryKeyConstraint("day", "item", name="pk_day_explanations"),
    )
    op.create_table(
        "day_seals",
        sa.Column("seq", _KEY, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False),
        sa.Column("done_by", _KEY, nullable=False),
        sa.Column("signed_by", _KEY, nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("act = 'closed' OR reason <> ''", name="ck_day_seals_reopened_for_a_reason"),
        sa.CheckConstraint(
            "act = 'reopened' OR (signed_by IS NOT NULL AND done_by <> signed_by)", name="ck_day_seals_two_people"
        ),
        sa.CheckConstraint("act IN ('closed', 'reopened')", name="ck_day_seals_act"),
        sa.ForeignKeyConstraint(["day"], ["return_days.day"], name="fk_day_seals_day"),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name="fk_day_seals_done_by"),
        sa.ForeignKeyConstraint(["signed_by"], ["staff.id"], name="fk_day_seals_signed_by"),
        sa.PrimaryKeyConstraint("seq", name="pk_day_seals"),
    )
    op.create_index("ix_day_seals_day", "day_seals", ["day"], unique=False)
    op.create_table(
        "stock_files",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("number", _KEY, nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", _KEY, nullable=False),
        sa.Column("fetched_at", UtcDateTime(), nullable=True),
        sa.Column("fetched_by", _KEY, nullable=True),
        sa.CheckConstraint("(fetched_at IS NULL) = (fetched_by IS NULL)", name="ck_stock_files_fetched_by_somebody"),
        sa.ForeignKeyConstraint(["fetched_by"], ["staff.id"], name="fk_stock_files_fetched_by"),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_stock_files_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_stock_files"),
        sa.UniqueConstraint("number", name="uq_stock_files_number"),
    )
    op.create_index("ix_stock_files_booked_on", "stock_files", ["booked_on"], unique=False)
    op.create_table(
        "floor_sheets",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("code", sa.String(length=14), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", _KEY, nullable=False),
        sa.Column("job_id", _KEY, nullable=False),
        sa.Column("checked_by", sa.String(length=40), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.Column("signed_by", _KEY, nullable=True),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(signed_at IS NULL) = (checked_by = '')", name="ck_floor_sheets_signed_by_somebody"),
        sa.CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name="ck_floor_sheets_signature_was_seen"),
        sa.ForeignKeyConstraint(["job_id"], ["print_jobs.id"], name="fk_floor_sheets_job_id"),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_floor_sheets_made_by"),
        sa.ForeignKeyConstraint(["signed_by"], ["staff.id"], name="fk_floor_sheets_signed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_floor_sheets"),
        sa.UniqueConstraint("booked_on", "department", "seq", name="uq_floor_sheets_booked_on_department_seq"),
        sa.UniqueConstraint("code", name="uq_floor_sheets_code"),
    )
    op.create_table(
        "red_letter_tasks",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("number", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("invoice_no", sa.String(length=32), nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("red_letter_no", sa.String(length=32), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", _KEY, nullable=True),
        sa.CheckConstraint("(done_at IS NULL) = (red_letter_no = '')", name="ck_red_letter_tasks_done_with_its_number"),
        sa.CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="ck_red_letter_tasks_done_by_somebody"),
        sa.ForeignKeyConstraint(["case_id"], ["return_cases.case_id"], name="fk_red_letter_tasks_case_id"),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name="fk_red_letter_tasks_done_by"),
        sa.PrimaryKeyConstraint("id", name="pk_red_letter_tasks"),
        sa.UniqueConstraint("case_id", name="uq_red_letter_tasks_case_id"),
        sa.UniqueConstraint("number", name="uq_red_letter_tasks_number"),
    )
    op.create_index("ix_red_letter_tasks_due_on", "red_letter_tasks", ["due_on"], unique=False)
    op.create_table(
        "floor_notices",
        sa.Column("return_line_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("job_id", _KEY, nullable=False),
        sa.Column("collected_at", UtcDateTime(), nullable=True),
        sa.Column("collected_by", sa.String(length=40), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by", sa.String(length=40), nullable=False),
        sa.Column("found", sa.String(length=400), nullable=False),
        sa.CheckConstraint("(answered_at IS NULL) = (answered_by = '')", name="ck_floor_notices_answered_by_somebody"),
        sa.CheckConstraint(
            "(collected_at IS NULL) = (collected_by = '')", name="ck_floor_notices_collected_by_somebody"
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR (kind = 'spoiled' AND found <> '')", name="ck_floor_notices_answer_is_told"
        ),
        sa.CheckConstraint("kind IN ('fresh', 'frozen', 'spoiled')", name="ck_floor_notices_kind"),
        sa.ForeignKeyConstraint(["job_id"], ["print_jobs.id"], name="fk_floor_notices_job_id"),
        sa.ForeignKeyConstraint(["return_line_id"], ["return_lines.id"], name="fk_floor_notices_return_line_id"),
        sa.PrimaryKeyConstraint("return_line_id", name="pk_floor_notices"),
    )
    op.create_index("ix_floor_notices_booked_on", "floor_notices", ["booked_on"], unique=False)
    op.create_table(
        "floor_sheet_lines",
        sa.Column("return_line_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("sheet_id", _KEY, nullable=False),
        sa.ForeignKeyConstraint(["return_line_id"], ["return_lines.id"], name="fk_floor_sheet_lines_return_line_id"),
        sa.ForeignKeyConstraint(["sheet_id"], ["floor_sheets.id"], name="fk_floor_sheet_lines_sheet_id"),
        sa.PrimaryKeyConstraint("return_line_id", name="pk_floor_sheet_lines"),
    )
    op.create_index("ix_floor_sheet_lines_sheet_id", "floor_sheet_lines", ["sheet_id"], unique=False)
    op.create_table(
        "stock_lines",
        sa.Column("return_line_id", _KEY, nullable=False),
        sa.Column("sign", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reverses", sa.Integer(), nullable=True),
        sa.Column("file_id", _KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(sign = 1 AND reverses IS NULL) OR (sign = -1 AND reverses = 1)", name="ck_stock_lines_sign"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stock_files.id"], name="fk_stock_lines_file_id"),
        sa.ForeignKeyConstraint(
            ["return_line_id", "reverses"],
            ["stock_lines.return_line_id", "stock_lines.sign"],
            name="fk_stock_lines_return_line_id_reverses",
        ),
        sa.ForeignKeyConstraint(["return_line_id"], ["return_lines.id"], name="fk_stock_lines_return_line_id"),
        sa.PrimaryKeyConstraint("return_line_id", "sign", name="pk_stock_lines"),
    )
    op.create_index("ix_stock_lines_file_id", "stock_lines", ["file_id"], unique=False)
