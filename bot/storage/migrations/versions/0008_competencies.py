"""Competencies in one's own words."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make its tables and indexes."""
    op.create_table(
        "competency_answer",
        sa.Column("answer_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("competency", sa.Text(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("goal_id", BIG, nullable=True),
        sa.Column("at", BIG, nullable=False),
        sa.CheckConstraint(
            "moment IN ('start', 'middle', 'end')", name=op.f("ck_competency_answer_moment_word")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_competency_answer_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_competency_answer")),
        sa.UniqueConstraint(
            "member_id",
            "competency",
            "moment",
            name=op.f("uq_competency_answer_member_id_competency_moment"),
        ),
        sqlite_strict=True,
    )
