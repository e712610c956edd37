"""Reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make its tables and indexes."""
    op.create_table(
        "reminder",
        sa.Column("reminder_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("meanings", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="asked", nullable=False),
        sa.Column("next_at", BIG, nullable=True),
        sa.Column("snoozed_at", BIG, nullable=True),
        sa.Column("wake_at", BIG, nullable=True),
        sa.Column("told_at", BIG, nullable=True),
        sa.Column("done_at", BIG, nullable=True),
        sa.Column("changed_at", BIG, nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'waiting', 'due', 'done', 'cancelled')",
            name=op.f("ck_reminder_state_word"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_reminder_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("reminder_id", name=op.f("pk_reminder")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reminder_member_id_state"), ["member_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_reminder_state_changed_at"), ["state", "changed_at"], unique=False
        )
        batch_op.create_index(
            "ix_reminder_wake_at",
            ["wake_at"],
            unique=False,
            sqlite_where=sa.text("wake_at IS NOT NULL"),
        )

    op.create_table(
        "zone_law",
        sa.Column("law_id", BIG, autoincrement=False, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("law_id", name=op.f("pk_zone_law")),
        sqlite_strict=True,
    )
