"""Cards of phases, and challenges."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make its tables and indexes, and plan feedback anew without what the playbook brings now."""
    op.create_table(
        "challenge",
        sa.Column("challenge_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("week_on", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("turn", BIG, server_default="0", nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("goal", BIG, server_default="0", nullable=False),
        sa.Column("remind_at", BIG, nullable=True),
        sa.Column("told_at", BIG, nullable=True),
        sa.Column("pressed_at", BIG, nullable=True),
        sa.Column("done_at", BIG, nullable=True),
        sa.Column("shared_at", BIG, nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'skipped')", name=op.f("ck_challenge_state_word")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_challenge_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("challenge_id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("member_id", "week_on", name=op.f("uq_challenge_member_id_week_on")),
        sqlite_strict=True,
    )
    op.create_table(
        "challenge_setting",
        sa.Column("member_id", BIG, autoincrement=False, nullable=False),
        sa.Column("stopped", BIG, server_default="0", nullable=False),
        sa.Column("next_at", BIG, nullable=True),
        sa.Column("zone", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_challenge_setting_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_challenge_setting")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("challenge_setting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_setting_next_at"), ["next_at"], unique=False)

    op.create_table(
        "playbook_card",
        sa.Column("card_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("opens_on", sa.Text(), nullable=False),
        sa.Column("closes_on", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("actions", sa.Text(), server_default="[]", nullable=False),
        sa.Column("tries", BIG, server_default="0", nullable=False),
        sa.Column("letter_id", BIG, nullable=True),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("said_at", BIG, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'written', 'said', 'shown', 'dropped')",
            name=op.f("ck_playbook_card_state_word"),
        ),
        sa.CheckConstraint(
            "why IN ('budget', 'card', 'closed', 'quiet', 'muted', 'paused', 'moved', 'late', "
            "'held', 'left')",
            name=op.f("ck_playbook_card_why_word"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_playbook_card_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_playbook_card")),
        sa.UniqueConstraint("member_id", "key", name=op.f("uq_playbook_card_member_id_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "playbook_deed",
        sa.Column("deed_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("for_at", BIG, nullable=True),
        sa.CheckConstraint(
            "kind IN ('done', 'goal', 'reminder')", name=op.f("ck_playbook_deed_kind_word")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_playbook_deed_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("deed_id", name=op.f("pk_playbook_deed")),
        sa.UniqueConstraint(
            "member_id",
            "key",
            "action",
            "kind",
            name=op.f("uq_playbook_deed_member_id_key_action_kind"),
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "playbook_plan",
        sa.Column("member_id", BIG, autoincrement=False, nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Text(), nullable=True),
        sa.Column("ends_on", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("next_at", BIG, nullable=True),
        sa.Column("muted", BIG, server_default="0", nullable=False),
        sa.Column("pressed_at", BIG, nullable=True),
        sa.CheckConstraint(
            "stage IN ('looking', 'starting', 'interning', 'finished')",
            name=op.f("ck_playbook_plan_stage_word"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_playbook_plan_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_playbook_plan")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("playbook_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_playbook_plan_next_at"), ["next_at"], unique=False)

    op.execute(
        "UPDATE feedback_prompt SET next = NULL, next_at = NULL, zone = '' "
        "WHERE next IN ('transition_meeting', 'handover_document')"
    )
