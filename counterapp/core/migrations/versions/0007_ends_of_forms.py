"""What becomes of a form: the till, part 2, void, renewal, the door."""

import sqlalchemy as sa
from alembic import op

from counterapp.core.base import UtcDateTime

revision = "0007"
down_revision = "0006"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: Tables that only grow. What they say is never changed, whatever program opens the database.
_ONLY_GROW = (
    "form_ends",
    "form_redemptions",
    "form_settlements",
    "form_voids",
    "form_renewals",
    "exit_checks",
)
#: Tables whose rows change but never go.
_NEVER_GO = ("part_twos", "part_two_handovers")


def upgrade() -> None:
    """Make the tables and what keeps them."""
    _columns()
    _tables()
    _forbid("return_forms", "UPDATE")
    for table in _ONLY_GROW:
        _forbid(table, "UPDATE")
        _forbid(table, "DELETE")
    for table in _NEVER_GO:
        _forbid(table, "DELETE")


def _forbid(table: str, act: str) -> None:
    name = f"keep_{table}_{act.lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{name}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{name}'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _columns() -> None:
    for table, column in (
        ("receipts", sa.Column("source", sa.String(length=8), server_default="till", nullable=False)),
        ("return_cases", sa.Column("entered", sa.String(length=10), server_default="scanned", nullable=False)),
        ("return_forms", sa.Column("booked_on", sa.Date(), server_default="2000-01-01", nullable=False)),
        ("return_forms", sa.Column("origin", sa.String(length=10), server_default="goods", nullable=False)),
        ("return_forms", sa.Column("settlement", sa.String(length=10), server_default="goods", nullable=False)),
        ("return_forms", sa.Column("statutory", sa.Boolean(), server_default=sa.false(), nullable=False)),
    ):
        op.add_column(table, column)
    op.execute("UPDATE return_forms SET booked_on = made_on")
    op.create_index("ix_return_forms_booked_on", "return_forms", ["booked_on"], unique=False)
    op.create_index("uq_return_forms_money", "return_forms", ["id", "case_id", "amount", "statutory"], unique=True)


def _tables() -> None:
    op.create_table(
        "part_two_handovers",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("till", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("given_by", _KEY, nullable=False),
        sa.Column("counted_by", _KEY, nullable=False),
        sa.Column("received_by", sa.String(length=40), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("received_by <> ''", name="ck_part_two_handovers_received_by_somebody"),
        sa.CheckConstraint("count >= 0 AND amount >= 0", name="ck_part_two_handovers_counts"),
        sa.CheckConstraint("given_by <> counted_by", name="ck_part_two_handovers_two_people"),
        sa.ForeignKeyConstraint(["counted_by"], ["staff.id"], name="fk_part_two_handovers_counted_by"),
        sa.ForeignKeyConstraint(["given_by"], ["staff.id"], name="fk_part_two_handovers_given_by"),
        sa.PrimaryKeyConstraint("id", name="pk_part_two_handovers"),
    )
    op.create_index("ix_part_two_handovers_booked_on", "part_two_handovers", ["booked_on"], unique=False)
    op.create_table(
        "exit_checks",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("form_id", _KEY, nullable=False),
        sa.Column("finding", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("checked_by", _KEY, nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False),
        sa.CheckConstraint("finding = 'match' OR note <> ''", name="ck_exit_checks_difference_is_described"),
        sa.CheckConstraint("finding IN ('match', 'differs')", name="ck_exit_checks_finding"),
        sa.ForeignKeyConstraint(["checked_by"], ["staff.id"], name="fk_exit_checks_checked_by"),
        sa.ForeignKeyConstraint(["form_id"], ["return_forms.id"], name="fk_exit_checks_form_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exit_checks"),
    )
    op.create_index("ix_exit_checks_booked_on", "exit_checks", ["booked_on"], unique=False)
    op.create_index("ix_exit_checks_form_id", "exit_checks", ["form_id"], unique=False)
    op.create_table(
        "form_ends",
        sa.Column("form_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("ended_by", _KEY, nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False),
        sa.CheckConstraint("how IN ('redeemed', 'settled', 'void', 'renewed')", name="ck_form_ends_how"),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name="fk_form_ends_ended_by"),
        sa.ForeignKeyConstraint(
            ["form_id", "case_id", "amount", "statutory"],
            ["return_forms.id", "return_forms.case_id", "return_forms.amount", "return_forms.statutory"],
            name="fk_form_ends_form_id_case_id_amount_statutory",
        ),
        sa.PrimaryKeyConstraint("form_id", name="pk_form_ends"),
        sa.UniqueConstraint("form_id", "how", "case_id", "amount", "statutory", "ended_by", name="uq_form_ends_by"),
        sa.UniqueConstraint(
            "form_id", "how", "case_id", "amount", "statutory", name="uq_form_ends_form_id_how_case_id_amount_statutory"
        ),
    )
    op.create_index("ix_form_ends_booked_on", "form_ends", ["booked_on"], unique=False)
    op.create_table(
        "form_redemptions",
        sa.Column("form_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("ended_by", _KEY, nullable=False),
        sa.Column("till", sa.String(length=40), nullable=False),
        sa.Column("receipt_no", sa.String(length=32), nullable=False),
        sa.Column("receipt_fen", _KEY, nullable=False),
        sa.Column("used", _KEY, nullable=False),
        sa.Column("rest", _KEY, nullable=False),
        sa.Column("rest_how", sa.String(length=10), nullable=False),
        sa.Column("rest_form_id", _KEY, nullable=True),
        sa.Column("approval_id", _KEY, nullable=True),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("signed_by", _KEY, nullable=True),
        sa.CheckConstraint("(rest = 0) = (rest_how = 'none')", name="ck_form_redemptions_rest_is_explained"),
        sa.CheckConstraint(
            "(rest_how = 'new_form') = (rest_form_id IS NOT NULL)", name="ck_form_redemptions_rest_has_its_form"
        ),
        sa.CheckConstraint(
            "(rest_how = 'paid') = (approval_id IS NOT NULL) AND act = 'form_rest' AND decision = 'approved'",
            name="ck_form_redemptions_paid_rest_is_signed",
        ),
        sa.CheckConstraint(
            "NOT (statutory AND rest_how = 'forfeited')", name="ck_form_redemptions_statute_forfeits_nothing"
        ),
        sa.CheckConstraint("how = 'redeemed'", name="ck_form_redemptions_how"),
        sa.CheckConstraint("receipt_no <> ''", name="ck_form_redemptions_has_a_receipt"),
        sa.CheckConstraint(
            "rest_how IN ('none', 'forfeited', 'new_form', 'paid')", name="ck_form_redemptions_rest_how"
        ),
        sa.CheckConstraint("used <= receipt_fen", name="ck_form_redemptions_no_change_is_given"),
        sa.CheckConstraint("used >= 0 AND rest >= 0 AND used + rest = amount", name="ck_form_redemptions_adds_up"),
        sa.ForeignKeyConstraint(
            ["approval_id", "case_id", "act", "decision", "signed_by"],
            ["approvals.id", "approvals.case_id", "approvals.act", "approvals.decision", "approvals.signed_by"],
            name="fk_form_redemptions_approval_id_case_id_act_decision_signed_by",
        ),
        sa.ForeignKeyConstraint(
            ["form_id", "how", "case_id", "amount", "statutory", "ended_by"],
            [
                "form_ends.form_id",
                "form_ends.how",
                "form_ends.case_id",
                "form_ends.amount",
                "form_ends.statutory",
                "form_ends.ended_by",
            ],
            name="fk_form_redemptions_ended_by",
        ),
        sa.CheckConstraint("ended_by <> signed_by", name="ck_form_redemptions_two_people"),
        sa.ForeignKeyConstraint(
            ["rest_form_id", "case_id", "rest", "statutory"],
            ["return_forms.id", "return_forms.case_id", "return_forms.amount", "return_forms.statutory"],
            name="fk_form_redemptions_rest_form_id_case_id_rest_statutory",
        ),
        sa.ForeignKeyConstraint(["signed_by"], ["staff.id"], name="fk_form_redemptions_signed_by"),
        sa.PrimaryKeyConstraint("form_id", name="pk_form_redemptions"),
        sa.UniqueConstraint("rest_form_id", name="uq_form_redemptions_rest_form_id"),
    )
    op.create_index("ix_form_redemptions_receipt_no", "form_redemptions", ["receipt_no"], unique=False)
    op.create_table(
        "form_renewals",
        sa.Column("form_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("ended_by", _KEY, nullable=False),
        sa.Column("next_id", _KEY, nullable=False),
        sa.Column("approval_id", _KEY, nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("signed_by", _KEY, nullable=False),
        sa.CheckConstraint(
            "act = 'form_renew' AND decision = 'approved'", name="ck_form_renewals_signed_as_what_it_is"
        ),
        sa.CheckConstraint("how = 'renewed'", name="ck_form_renewals_how"),
        sa.ForeignKeyConstraint(
            ["approval_id", "case_id", "act", "decision", "signed_by"],
            ["approvals.id", "approvals.case_id", "approvals.act", "approvals.decision", "approvals.signed_by"],
            name="fk_form_renewals_approval_id_case_id_act_decision_signed_by",
        ),
        sa.ForeignKeyConstraint(
            ["form_id", "how", "case_id", "amount", "statutory", "ended_by"],
            [
                "form_ends.form_id",
                "form_ends.how",
                "form_ends.case_id",
                "form_ends.amount",
                "form_ends.statutory",
                "form_ends.ended_by",
            ],
            name="fk_form_renewals_ended_by",
        ),
        sa.CheckConstraint("ended_by <> signed_by", name="ck_form_renewals_two_people"),
        sa.ForeignKeyConstraint(
            ["next_id", "case_id", "amount", "statutory"],
            ["return_forms.id", "return_forms.case_id", "return_forms.amount", "return_forms.statutory"],
            name="fk_form_renewals_next_id_case_id_amount_statutory",
        ),
        sa.ForeignKeyConstraint(["signed_by"], ["staff.id"], name="fk_form_renewals_signed_by"),
        sa.PrimaryKeyConstraint("form_id", name="pk_form_renewals"),
        sa.UniqueConstraint("next_id", name="uq_form_renewals_next_id"),
    )
    op.create_table(
        "form_settlements",
        sa.Column("form_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("ended_by", _KEY, nullable=False),
        sa.Column("till", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("approval_id", _KEY, nullable=True),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("signed_by", _KEY, nullable=True),
        sa.CheckConstraint(
            "act = 'form_pay' AND decision = 'approved'", name="ck_form_settlements_signed_as_what_it_is"
        ),
        sa.CheckConstraint("how = 'settled'", name="ck_form_settlements_how"),
        sa.CheckConstraint("method = 'cash' OR reference <> ''", name="ck_form_settlements_tender_has_a_reference"),
        sa.CheckConstraint("method IN ('cash', 'tender')", name="ck_form_settlements_method"),
        sa.ForeignKeyConstraint(
            ["approval_id", "case_id", "act", "decision", "signed_by"],
            ["approvals.id", "approvals.case_id", "approvals.act", "approvals.decision", "approvals.signed_by"],
            name="fk_form_settlements_approval_id_case_id_act_decision_signed_by",
        ),
        sa.ForeignKeyConstraint(
            ["form_id", "how", "case_id", "amount", "statutory", "ended_by"],
            [
                "form_ends.form_id",
                "form_ends.how",
                "form_ends.case_id",
                "form_ends.amount",
                "form_ends.statutory",
                "form_ends.ended_by",
            ],
            name="fk_form_settlements_ended_by",
        ),
        sa.CheckConstraint("ended_by <> signed_by", name="ck_form_settlements_two_people"),
        sa.ForeignKeyConstraint(["signed_by"], ["staff.id"], name="fk_form_settlements_signed_by"),
        sa.PrimaryKeyConstraint("form_id", name="pk_form_settlements"),
    )
    op.create_table(
        "form_voids",
        sa.Column("form_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("root_id", _KEY, nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("clerk_by", _KEY, nullable=False),
        sa.Column("clerk_absent", sa.Boolean(), nullable=False),
        sa.Column("approver_absent", sa.Boolean(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("approval_id", _KEY, nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("signed_by", _KEY, nullable=False),
        sa.CheckConstraint("act = 'form_void' AND decision = 'approved'", name="ck_form_voids_signed_as_what_it_is"),
        sa.CheckConstraint("how = 'void'", name="ck_form_voids_how"),
        sa.CheckConstraint("reason <> ''", name="ck_form_voids_has_a_reason"),
        sa.CheckConstraint("clerk_by <> signed_by", name="ck_form_voids_two_people"),
        sa.ForeignKeyConstraint(["root_id"], ["return_forms.id"], name="fk_form_voids_root_id"),
        sa.UniqueConstraint("root_id", name="uq_form_voids_root_id"),
        sa.ForeignKeyConstraint(
            ["approval_id", "case_id", "act", "decision", "signed_by"],
            ["approvals.id", "approvals.case_id", "approvals.act", "approvals.decision", "approvals.signed_by"],
            name="fk_form_voids_approval_id_case_id_act_decision_signed_by",
        ),
        sa.ForeignKeyConstraint(["clerk_by"], ["staff.id"], name="fk_form_voids_clerk_by"),
        sa.ForeignKeyConstraint(
            ["form_id", "how", "case_id", "amount", "statutory"],
            ["form_ends.form_id", "form_ends.how", "form_ends.case_id", "form_ends.amount", "form_ends.statutory"],
            name="fk_form_voids_form_id_how_case_id_amount_statutory",
        ),
        sa.ForeignKeyConstraint(["signed_by"], ["staff.id"], name="fk_form_voids_signed_by"),
        sa.PrimaryKeyConstraint("form_id", name="pk_form_voids"),
    )
    op.create_table(
        "part_twos",
        sa.Column("form_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("collected_at", UtcDateTime(), nullable=False),
        sa.Column("collected_by", _KEY, nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False),
        sa.Column("handover_id", _KEY, nullable=True),
        sa.CheckConstraint("how IN ('redeemed', 'settled')", name="ck_part_twos_how"),
        sa.ForeignKeyConstraint(["collected_by"], ["staff.id"], name="fk_part_twos_collected_by"),
        sa.ForeignKeyConstraint(
            ["form_id", "how", "case_id", "amount", "statutory"],
            ["form_ends.form_id", "form_ends.how", "form_ends.case_id", "form_ends.amount", "form_ends.statutory"],
            name="fk_part_twos_form_id_how_case_id_amount_statutory",
        ),
        sa.ForeignKeyConstraint(["handover_id"], ["part_two_handovers.id"], name="fk_part_twos_handover_id"),
        sa.PrimaryKeyConstraint("form_id", name="pk_part_twos"),
    )
    op.create_index("ix_part_twos_handover_id", "part_twos", ["handover_id"], unique=False)
