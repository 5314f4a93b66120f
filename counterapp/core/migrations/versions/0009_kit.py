"""What every desk stands on: departments, steps, clocks, tasks, blind counts, the roster, customers, closed figures."""

import sqlalchemy as sa
from alembic import op

from counterapp.core.base import UtcDateTime
from counterapp.core.migrations import ops

revision = "0009"
down_revision = "0008"

_BY_BYTES = sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql")

#: The penalty forms, and their repeats, of those who were erased before there was a mark of it.
MARK_ERASED = (
    "UPDATE print_jobs SET erased_at = (SELECT max(erased_at) FROM lost_tokens"
    " WHERE job_id IN (print_jobs.id, print_jobs.first_id))"
    " WHERE id IN (SELECT job_id FROM lost_tokens WHERE erased_at IS NOT NULL)"
    " OR first_id IN (SELECT job_id FROM lost_tokens WHERE erased_at IS NOT NULL)"
)


def upgrade() -> None:
    """Make the tables and what keeps them; a store that is there gets the departments of its receipts, and its erased papers marked."""
    _departments()
    _steps()
    _deadlines()
    _tasks()
    _blind_counts()
    _roster()
    _customers()
    _figure_closes()
    _erased_papers()


def _departments() -> None:
    ops.create_table(
        "departments",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.CheckConstraint("name <> ''", name="has_a_name"),
    )
    ops.never_deleted("departments")
    op.execute(
        "INSERT INTO departments (name, in_use) SELECT DISTINCT department, true FROM receipt_lines"
        " JOIN receipts ON receipts.id = receipt_id WHERE source = 'till' AND department <> ''"
    )
    # Written out, as SQLite adds constraints only with their column, and Alembic would make the table (and lose its
    # triggers) anew.
    op.execute(
        "ALTER TABLE staff ADD COLUMN department VARCHAR(40)"
        " CONSTRAINT fk_staff_department REFERENCES departments (name)"
        " CONSTRAINT ck_staff_department_of_its_role CHECK ((role = 'department') = (department IS NOT NULL))"
    )


def _steps() -> None:
    ops.create_table(
        "case_steps",
        sa.Column("id", ops.key(), primary_key=True),
        sa.Column("case_id", ops.key(), sa.ForeignKey("cases.id"), nullable=False, index=True),
        *ops.texts(act=40, before=20, after=20, words=1000, role=20, station=40),
        sa.Column("person_id", ops.key(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, index=True),
        sa.CheckConstraint("act <> ''", name="has_an_act"),
    )
    ops.never_deleted("case_steps")
    # Only its words may go, when their time is over.
    kept = ("id", "case_id", "act", "before", "after", "role", "station", "person_id", "at", "day")
    same = " AND ".join(f"OLD.{name} = NEW.{name}" for name in kept)
    ops.guard("keep_case_steps_as_taken", "BEFORE UPDATE ON case_steps", f"NOT (NEW.words = '' AND {same})")


def _deadlines() -> None:
    ops.create_table(
        "deadlines",
        sa.Column("id", ops.key(), primary_key=True),
        sa.Column("case_id", ops.key(), sa.ForeignKey("cases.id"), nullable=False),
        *ops.texts(kind=20, clock=10, book=40, promised=200),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("may_wait", sa.Boolean(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False, index=True),
        sa.Column("until", UtcDateTime()),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("done_at", UtcDateTime()),
        sa.Column("done_on", sa.Date(), index=True),
        sa.Column("done_by", ops.key(), sa.ForeignKey("staff.id")),
        sa.Column("took", sa.Integer()),
        sa.UniqueConstraint("case_id", "kind", "turn"),
        sa.UniqueConstraint("id", "may_wait"),
        sa.CheckConstraint("(done_at IS NULL) = (done_on IS NULL)", name="done_on_a_day"),
        sa.CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
        sa.CheckConstraint("(done_at IS NULL) = (took IS NULL)", name="done_after_some_time"),
        sa.CheckConstraint("length >= 0 AND turn >= 1 AND took >= 0", name="counts_up"),
    )
    ops.index("ix_deadlines_running", "deadlines", "case_id", where="done_at IS NULL")
    ops.create_table(
        "deadline_waits",
        sa.Column("id", ops.key(), primary_key=True),
        sa.Column("deadline_id", ops.key(), nullable=False, index=True),
        sa.Column("may_wait", sa.Boolean(), nullable=False),
        *ops.texts(reason=200),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("begun_by", ops.key(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("goes_on", sa.Date()),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("ended_by", ops.key(), sa.ForeignKey("staff.id")),
        sa.ForeignKeyConstraint(["deadline_id", "may_wait"], ["deadlines.id", "deadlines.may_wait"]),
        sa.CheckConstraint("may_wait", name="may_wait"),
        sa.CheckConstraint("reason <> ''", name="has_a_reason"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        sa.CheckConstraint("ended_at >= since", name="ends_after_it_began"),
    )
    ops.index("uq_deadline_waits_open", "deadline_waits", "deadline_id", where="ended_at IS NULL", unique=True)
    ops.create_table(
        "deadline_heard",
        sa.Column("deadline_id", ops.key(), sa.ForeignKey("deadlines.id"), primary_key=True, autoincrement=False),
        sa.Column("level", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("person_id", ops.key(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("level >= 1", name="counts_from_one"),
    )
    ops.never_deleted("deadlines", "deadline_waits")
    ops.append_only("deadline_heard")


def _tasks() -> None:
    ops.create_table(
        "tasks",
        sa.Column("id", ops.key(), primary_key=True),
        *ops.texts(kind=10, title=120, text=2000, question=200, answer=80, by_name=40, outcome=400),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("case_id", ops.key(), sa.ForeignKey("cases.id"), index=True),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False, index=True),
        sa.Column("given_by", ops.key(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("until", sa.Date()),
        sa.Column("done_at", UtcDateTime()),
        sa.Column("done_by", ops.key(), sa.ForeignKey("staff.id")),
        sa.CheckConstraint("kind IN ('task', 'message', 'notice', 'handover')", name="kind"),
        sa.CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
        sa.CheckConstraint("done_at IS NULL OR kind = 'task'", name="only_tasks_are_done"),
        sa.CheckConstraint("(question = '') = (answer = '')", name="question_has_an_answer"),
        sa.CheckConstraint("edition >= 1", name="counts_from_one"),
    )
    ops.create_table(
        "task_recipients",
        sa.Column("id", ops.key(), primary_key=True),
        sa.Column("task_id", ops.key(), sa.ForeignKey("tasks.id"), nullable=False, index=True),
        sa.Column("person_id", ops.key(), sa.ForeignKey("staff.id"), index=True),
        sa.Column("department", sa.String(40), sa.ForeignKey("departments.name")),
        *ops.texts(role=20, desk=20),
        sa.CheckConstraint(
            "(person_id IS NOT NULL AND role = '' AND department IS NULL AND desk = '')"
            " OR (person_id IS NULL AND role <> '' AND department IS NULL AND desk = '')"
            " OR (person_id IS NULL AND role = '' AND department IS NOT NULL AND desk = '')"
            " OR (person_id IS NULL AND role = '' AND department IS NULL AND desk <> '')",
            name="exactly_one",
        ),
    )
    ops.create_table(
        "task_acknowledged",
        sa.Column("task_id", ops.key(), sa.ForeignKey("tasks.id"), primary_key=True, autoincrement=False),
        sa.Column("person_id", ops.key(), sa.ForeignKey("staff.id"), primary_key=True, autoincrement=False),
        sa.Column("edition", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    ops.never_deleted("tasks")
    ops.append_only("task_recipients", "task_acknowledged")


def _blind_counts() -> None:
    ops.create_table(
        "blind_counts",
        sa.Column("id", ops.key(), primary_key=True),
        *ops.texts(subject=40, occasion=40, reason=400),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.Column("counted", ops.key(), nullable=False),
        sa.Column("should", ops.key(), nullable=False),
        sa.Column("difference", ops.key(), nullable=False),
        sa.Column("free", ops.key(), nullable=False),
        sa.Column("settles", sa.Boolean(), nullable=False),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False, index=True),
        sa.Column("counted_by", ops.key(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("first_by", ops.key(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("signed_by", ops.key(), sa.ForeignKey("staff.id")),
        sa.UniqueConstraint("subject", "occasion", "nth"),
        sa.CheckConstraint("difference = counted - should", name="difference"),
        sa.CheckConstraint("nth >= 1 AND counted >= 0", name="counts_up"),
        sa.CheckConstraint(
            "NOT settles OR abs(difference) <= free OR (first_by <> counted_by AND reason <> '')",
            name="counted_by_two_people",
        ),
        sa.CheckConstraint("signed_by <> counted_by", name="signed_by_another"),
    )
    ops.index("uq_blind_counts_settled", "blind_counts", "subject", "occasion", where="settles", unique=True)
    ops.index("ix_blind_counts_subject", "blind_counts", "subject", "counted_at")
    ops.append_only("blind_counts")


def _roster() -> None:
    ops.create_table(
        "duties",
        sa.Column("id", ops.key(), primary_key=True),
        sa.Column("person_id", ops.key(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False, index=True),
        *ops.texts(post=40),
        sa.Column("entered_by", ops.key(), sa.ForeignKey("staff.id"), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name="has_some_length"),
    )
    ops.index("ix_duties_person", "duties", "person_id", "starts_at")
    overlaps = (
        "SELECT 1 FROM duties WHERE person_id = NEW.person_id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at"
    )
    ops.guard("keep_duties_apart", "BEFORE INSERT ON duties", f"EXISTS ({overlaps})")
    ops.create_table(
        "presences",
        sa.Column("person_id", ops.key(), sa.ForeignKey("staff.id"), primary_key=True, autoincrement=False),
        *ops.texts(state=10),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("deputy_id", ops.key(), sa.ForeignKey("staff.id")),
        sa.CheckConstraint("state IN ('in', 'meeting', 'guest', 'out')", name="state"),
        sa.CheckConstraint("deputy_id <> person_id", name="deputy_is_another"),
    )


def _customers() -> None:
    ops.create_table(
        "customers",
        sa.Column("id", ops.key(), primary_key=True),
        *ops.texts(name=40, phone=20, member_card=32),
        sa.Column("contacted_on", sa.Date(), nullable=False, index=True),
        sa.Column("erased_at", UtcDateTime()),
        sa.CheckConstraint("(name = '') = (erased_at IS NOT NULL)", name="named_until_erased"),
        sa.CheckConstraint("erased_at IS NULL OR (phone = '' AND member_card = '')", name="erased_whole"),
    )
    ops.never_deleted("customers")
    ops.create_table(
        "customer_keys",
        sa.Column("key", _BY_BYTES, primary_key=True),
        sa.Column("customer_id", ops.key(), sa.ForeignKey("customers.id"), primary_key=True, index=True),
        sqlite_with_rowid=False,
    )
    ops.create_table(
        "case_customers",
        sa.Column("case_id", ops.key(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("customer_id", ops.key(), sa.ForeignKey("customers.id"), primary_key=True, index=True),
    )


def _figure_closes() -> None:
    ops.create_table(
        "figure_closes",
        sa.Column("figure", sa.String(40), primary_key=True),
        sa.Column("first_on", sa.Date(), primary_key=True),
        sa.Column("last_on", sa.Date(), primary_key=True),
        *(sa.Column(name, ops.key(), nullable=False) for name in ("total", "entries", "per")),
        sa.Column("closed_at", UtcDateTime(), nullable=False),
        sa.Column("closed_by", ops.key(), sa.ForeignKey("staff.id"), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name="period"),
    )
    ops.append_only("figure_closes")


def _erased_papers() -> None:
    op.add_column("print_jobs", sa.Column("erased_at", UtcDateTime(), nullable=True))
    ops.index("ix_print_jobs_erased_at", "print_jobs", "erased_at", where="erased_at IS NOT NULL")
    op.execute(MARK_ERASED)
