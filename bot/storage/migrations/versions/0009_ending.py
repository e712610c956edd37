"""The end of a cohort: closings, who was told what, what they chose, and the facts of reports."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make its tables and indexes."""
    op.create_table(
        "ending",
        sa.Column("ending_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("keep_days", BIG, nullable=False),
        sa.Column("closed_at", BIG, nullable=False),
        sa.Column("delete_on", sa.Text(), nullable=False),
        sa.Column("erased", BIG, server_default="0", nullable=False),
        sa.Column("reopened_at", BIG, nullable=True),
        sa.Column("finished_at", BIG, nullable=True),
        sa.CheckConstraint(
            "was IN ('draft', 'live', 'paused', 'blocked', 'closed')",
            name=op.f("ck_ending_was_word"),
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_ending_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ending_id", name=op.f("pk_ending")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("ending", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ending_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(
            "uq_ending_open",
            ["cohort_id"],
            unique=True,
            sqlite_where=sa.text("reopened_at IS NULL"),
        )

    op.create_table(
        "ending_cut",
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("cut", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Text(), nullable=False),
        sa.Column("frozen_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_ending_cut_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cohort_id", "cut", name=op.f("pk_ending_cut")),
        sqlite_strict=True,
    )
    op.create_table(
        "ending_fact",
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("cut", sa.Text(), nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("order", BIG, nullable=False),
        sa.Column("people", BIG, nullable=True),
        sa.Column("times", BIG, nullable=True),
        sa.Column("most", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_ending_fact_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cohort_id", "cut", "figure", name=op.f("pk_ending_fact")),
        sqlite_strict=True,
    )
    op.create_table(
        "ending_choice",
        sa.Column("member_id", BIG, autoincrement=False, nullable=False),
        sa.Column("alum", BIG, server_default="0", nullable=False),
        sa.Column("may_mentor", BIG, server_default="0", nullable=False),
        sa.Column("no_letters", BIG, server_default="0", nullable=False),
        sa.Column("stage_before", sa.Text(), nullable=True),
        sa.Column("chosen_at", BIG, nullable=False),
        sa.CheckConstraint(
            "stage_before IN ('looking', 'starting', 'interning', 'finished')",
            name=op.f("ck_ending_choice_stage_before_word"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_ending_choice_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_ending_choice")),
        sqlite_strict=True,
    )
    op.create_table(
        "ending_call",
        sa.Column("call_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("ending_id", BIG, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("letter_id", BIG, nullable=True),
        sa.Column("began_at", BIG, nullable=False),
        sa.Column("posted_at", BIG, nullable=True),
        sa.Column("next_at", BIG, nullable=True),
        sa.Column("done_at", BIG, nullable=True),
        sa.CheckConstraint(
            "kind IN ('before', 'closed', 'first', 'last', 'reopened')",
            name=op.f("ck_ending_call_kind_word"),
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_ending_call_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ending_id"],
            ["ending.ending_id"],
            name=op.f("fk_ending_call_ending_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.letter_id"],
            name=op.f("fk_ending_call_letter_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_ending_call")),
        sa.UniqueConstraint(
            "cohort_id", "kind", "key", name=op.f("uq_ending_call_cohort_id_kind_key")
        ),
        sqlite_strict=True,
    )
    with op.batch_alter_table("ending_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ending_call_ending_id"), ["ending_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ending_call_letter_id"), ["letter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ending_call_next_at"), ["next_at"], unique=False)

    op.create_table(
        "ending_notice",
        sa.Column("call_id", BIG, autoincrement=False, nullable=False),
        sa.Column("member_id", BIG, autoincrement=False, nullable=False),
        sa.Column("letter_id", BIG, nullable=True),
        sa.Column("promised_on", sa.Text(), nullable=True),
        sa.Column("told_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["ending_call.call_id"],
            name=op.f("fk_ending_notice_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.letter_id"],
            name=op.f("fk_ending_notice_letter_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_ending_notice_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("call_id", "member_id", name=op.f("pk_ending_notice")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("ending_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ending_notice_told_at"), ["told_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ending_notice_letter_id"), ["letter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ending_notice_member_id"), ["member_id"], unique=False)
