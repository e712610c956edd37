"""The weekly digest."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make its tables and indexes."""
    op.create_table(
        "digest",
        sa.Column("digest_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("week_on", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("due_at", BIG, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("hold", BIG, nullable=False),
        sa.Column("sections", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("pages", sa.Text(), nullable=True),
        sa.Column("version", BIG, server_default="0", nullable=False),
        sa.Column("tries", BIG, server_default="0", nullable=False),
        sa.Column("going_at", BIG, nullable=True),
        sa.Column("composed_at", BIG, nullable=True),
        sa.Column("sent_at", BIG, nullable=True),
        sa.Column("channel_id", BIG, nullable=True),
        sa.Column("message_id", BIG, nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'ahead', 'held', 'going', 'sent', 'skipped', 'failed')",
            name=op.f("ck_digest_state_word"),
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_digest_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest_id", name=op.f("pk_digest")),
        sa.UniqueConstraint("cohort_id", "week_on", name=op.f("uq_digest_cohort_id_week_on")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_digest_state"), ["state"], unique=False)

    op.create_table(
        "digest_setting",
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("hold", BIG, server_default="0", nullable=False),
        sa.Column("sections", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_digest_setting_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cohort_id", name=op.f("pk_digest_setting")),
        sqlite_strict=True,
    )
    op.create_table(
        "digest_weekly",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("weekday", BIG, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("next_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_digest_weekly_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_digest_weekly")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("digest_weekly", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_digest_weekly_next_at"), ["next_at"], unique=False)
