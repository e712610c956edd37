"""Introductions, mentors, feedback, kudos and the pulse."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:  # noqa: PLR0915 - one statement for each table and index
    """Make their tables and indexes."""
    op.create_table(
        "introduction_avoid",
        sa.Column("avoid_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=True),
        sa.Column("other_mark", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.user_id"],
            name=op.f("fk_introduction_avoid_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("avoid_id", name=op.f("pk_introduction_avoid")),
        sa.UniqueConstraint(
            "user_id", "other_mark", name=op.f("uq_introduction_avoid_user_id_other_mark")
        ),
        sqlite_strict=True,
    )
    with op.batch_alter_table("introduction_avoid", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_introduction_avoid_other_id"), ["other_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_introduction_avoid_other_mark"), ["other_mark"], unique=False
        )

    op.create_table(
        "introduction_round",
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seed", BIG, nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("hold", BIG, nullable=False),
        sa.Column("starts_at", BIG, nullable=False),
        sa.Column("ends_at", BIG, nullable=False),
        sa.Column("closes_at", BIG, nullable=False),
        sa.Column("pool_at", BIG, nullable=True),
        sa.Column("drawn_at", BIG, nullable=True),
        sa.Column("approved_at", BIG, nullable=True),
        sa.Column("opened_at", BIG, nullable=True),
        sa.Column("retry_at", BIG, nullable=True),
        sa.CheckConstraint(
            "state IN ('noticed', 'drawn', 'held', 'due', 'open', 'closed', 'cancelled')",
            name=op.f("ck_introduction_round_state_word"),
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_introduction_round_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_introduction_round")),
        sa.UniqueConstraint(
            "cohort_id", "number", name=op.f("uq_introduction_round_cohort_id_number")
        ),
        sqlite_strict=True,
    )
    with op.batch_alter_table("introduction_round", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_introduction_round_cohort_id_period"),
            ["cohort_id", "period"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_introduction_round_state_starts_at"),
            ["state", "starts_at"],
            unique=False,
        )

    op.create_table(
        "introduction_setting",
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("size", BIG, server_default="2", nullable=False),
        sa.Column("hold", BIG, server_default="0", nullable=False),
        sa.Column("weights", sa.Text(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_introduction_setting_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cohort_id", name=op.f("pk_introduction_setting")),
        sqlite_strict=True,
    )
    op.create_table(
        "mentor",
        sa.Column("mentor_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("minutes", BIG, nullable=False),
        sa.Column("mentees", BIG, nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("paused_until", sa.Text(), nullable=True),
        sa.Column("at", BIG, nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'active', 'paused', 'left', 'declined')",
            name=op.f("ck_mentor_state_word"),
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_mentor_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.user_id"], name=op.f("fk_mentor_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mentor_id", name=op.f("pk_mentor")),
        sa.UniqueConstraint("cohort_id", "user_id", name=op.f("uq_mentor_cohort_id_user_id")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("mentor", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentor_state_paused_until"), ["state", "paused_until"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_mentor_user_id"), ["user_id"], unique=False)

    op.create_table(
        "mentor_match",
        sa.Column("match_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("seed", BIG, nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'approved', 'dropped')", name=op.f("ck_mentor_match_state_word")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_mentor_match_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_mentor_match")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("mentor_match", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentor_match_cohort_id_state"), ["cohort_id", "state"], unique=False
        )

    op.create_table(
        "mentor_note",
        sa.Column("note_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("about_id", BIG, nullable=True),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["about_id"],
            ["user.user_id"],
            name=op.f("fk_mentor_note_about_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_mentor_note_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.user_id"], name=op.f("fk_mentor_note_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_mentor_note")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("mentor_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mentor_note_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mentor_note_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mentor_note_user_id_about_id"), ["user_id", "about_id"], unique=False
        )

    op.create_table(
        "pulse",
        sa.Column("pulse_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("opened_on", sa.Text(), nullable=False),
        sa.Column("closes_at", BIG, nullable=False),
        sa.Column("threshold", BIG, nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("counted", BIG, server_default="0", nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'shown', 'hidden')", name=op.f("ck_pulse_state_word")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.cohort_id"], name=op.f("fk_pulse_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pulse_id", name=op.f("pk_pulse")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("pulse", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pulse_cohort_id_state"), ["cohort_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_pulse_state_closes_at"), ["state", "closes_at"], unique=False
        )

    op.create_table(
        "pulse_wish",
        sa.Column("cohort_id", BIG, autoincrement=False, nullable=False),
        sa.Column("threshold", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_pulse_wish_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cohort_id", name=op.f("pk_pulse_wish")),
        sqlite_strict=True,
    )
    op.create_table(
        "feedback",
        sa.Column("feedback_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("giver_id", BIG, nullable=True),
        sa.Column("receiver_id", BIG, nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("aspect", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), server_default="me", nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("saw", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("keep", sa.Text(), nullable=False),
        sa.Column("focus", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("read_at", BIG, nullable=True),
        sa.CheckConstraint(
            "aspect IN ('deliverable', 'conduct', 'teamwork')", name=op.f("ck_feedback_aspect_word")
        ),
        sa.CheckConstraint(
            "role IN ('manager', 'mentor', 'teammate', 'other')", name=op.f("ck_feedback_role_word")
        ),
        sa.CheckConstraint(
            "source IN ('asked', 'given', 'logged')", name=op.f("ck_feedback_source_word")
        ),
        sa.CheckConstraint(
            "visibility IN ('me', 'mentor', 'cohort')", name=op.f("ck_feedback_visibility_word")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_feedback_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"],
            ["member.member_id"],
            name=op.f("fk_feedback_giver_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"],
            ["member.member_id"],
            name=op.f("fk_feedback_receiver_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_feedback")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_feedback_giver_id_at"), ["giver_id", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_feedback_receiver_id_at"), ["receiver_id", "at"], unique=False
        )

    op.create_table(
        "feedback_ask",
        sa.Column("ask_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("asker_id", BIG, nullable=False),
        sa.Column("asked_id", BIG, nullable=False),
        sa.Column("aspect", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), server_default="me", nullable=False),
        sa.Column("state", sa.Text(), server_default="drafted", nullable=False),
        sa.Column("seed", BIG, server_default="0", nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("sent_at", BIG, nullable=True),
        sa.Column("remind_at", BIG, nullable=True),
        sa.Column("reminded_at", BIG, nullable=True),
        sa.Column("expires_at", BIG, nullable=True),
        sa.Column("ended_at", BIG, nullable=True),
        sa.CheckConstraint(
            "aspect IN ('deliverable', 'conduct', 'teamwork')",
            name=op.f("ck_feedback_ask_aspect_word"),
        ),
        sa.CheckConstraint(
            "state IN ('drafted', 'open', 'answered', 'declined', 'expired', 'withdrawn')",
            name=op.f("ck_feedback_ask_state_word"),
        ),
        sa.CheckConstraint(
            "visibility IN ('me', 'mentor', 'cohort')", name=op.f("ck_feedback_ask_visibility_word")
        ),
        sa.ForeignKeyConstraint(
            ["asked_id"],
            ["member.member_id"],
            name=op.f("fk_feedback_ask_asked_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asker_id"],
            ["member.member_id"],
            name=op.f("fk_feedback_ask_asker_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_feedback_ask_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ask_id", name=op.f("pk_feedback_ask")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("feedback_ask", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_feedback_ask_asked_id_state"), ["asked_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_feedback_ask_asker_id_state"), ["asker_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_feedback_ask_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_feedback_ask_state_expires_at"), ["state", "expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_feedback_ask_state_remind_at"), ["state", "remind_at"], unique=False
        )

    op.create_table(
        "feedback_outside",
        sa.Column("outside_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("aspect", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("smaller", sa.Text(), nullable=False),
        sa.Column("rung", sa.Text(), server_default="first", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("asked_at", BIG, nullable=False),
        sa.Column("next_at", BIG, nullable=True),
        sa.CheckConstraint(
            "aspect IN ('deliverable', 'conduct', 'teamwork')",
            name=op.f("ck_feedback_outside_aspect_word"),
        ),
        sa.CheckConstraint(
            "role IN ('manager', 'mentor', 'teammate', 'other')",
            name=op.f("ck_feedback_outside_role_word"),
        ),
        sa.CheckConstraint(
            "rung IN ('first', 'smaller', 'teammate', 'self_review', 'evaluation')",
            name=op.f("ck_feedback_outside_rung_word"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'refused', 'left')",
            name=op.f("ck_feedback_outside_state_word"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_feedback_outside_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("outside_id", name=op.f("pk_feedback_outside")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("feedback_outside", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_feedback_outside_member_id_state"), ["member_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_feedback_outside_state_next_at"), ["state", "next_at"], unique=False
        )

    op.create_table(
        "feedback_prompt",
        sa.Column("member_id", BIG, autoincrement=False, nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Text(), nullable=True),
        sa.Column("ends_on", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("next", sa.Text(), nullable=True),
        sa.Column("next_at", BIG, nullable=True),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.Column("shown_until", BIG, nullable=True),
        sa.Column("muted", BIG, server_default="0", nullable=False),
        sa.CheckConstraint(
            "next IN ('before', 'land', 'plan', 'midpoint', 'reach', 'substantial_feedback', "
            "'peer_feedback', 'transition_meeting', 'handover_document', 'last_week', 'looking')",
            name=op.f("ck_feedback_prompt_next_word"),
        ),
        sa.CheckConstraint(
            "shown IN ('before', 'land', 'plan', 'midpoint', 'reach', 'substantial_feedback', "
            "'peer_feedback', 'transition_meeting', 'handover_document', 'last_week', 'looking')",
            name=op.f("ck_feedback_prompt_shown_word"),
        ),
        sa.CheckConstraint(
            "stage IN ('looking', 'starting', 'interning', 'finished')",
            name=op.f("ck_feedback_prompt_stage_word"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_feedback_prompt_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_feedback_prompt")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("feedback_prompt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_prompt_next_at"), ["next_at"], unique=False)

    op.create_table(
        "introduction_apart",
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("one_id", BIG, nullable=False),
        sa.Column("apart_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["apart_id"],
            ["member.member_id"],
            name=op.f("fk_introduction_apart_apart_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["one_id"],
            ["member.member_id"],
            name=op.f("fk_introduction_apart_one_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["introduction_round.round_id"],
            name=op.f("fk_introduction_apart_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "round_id", "one_id", "apart_id", name=op.f("pk_introduction_apart")
        ),
        sqlite_strict=True,
    )
    with op.batch_alter_table("introduction_apart", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_introduction_apart_apart_id"), ["apart_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_introduction_apart_one_id"), ["one_id"], unique=False)

    op.create_table(
        "introduction_entry",
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.CheckConstraint(
            "entry IN ('skipped', 'left_out', 'unmatched', 'waiting')",
            name=op.f("ck_introduction_entry_entry_word"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_introduction_entry_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["introduction_round.round_id"],
            name=op.f("fk_introduction_entry_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "round_id", "member_id", "entry", name=op.f("pk_introduction_entry")
        ),
        sqlite_strict=True,
    )
    with op.batch_alter_table("introduction_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_introduction_entry_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "introduction_group",
        sa.Column("group_id", BIG, nullable=False),
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("again", BIG, nullable=False),
        sa.Column("first_id", BIG, nullable=True),
        sa.Column("thread_id", BIG, nullable=True),
        sa.Column("seen_id", BIG, server_default="0", nullable=False),
        sa.Column("opened_at", BIG, nullable=True),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("next_at", BIG, nullable=True),
        sa.Column("end", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "end IN ('', 'over', 'quiet', 'apart', 'unsent')",
            name=op.f("ck_introduction_group_end_word"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'opening', 'open', 'ended')",
            name=op.f("ck_introduction_group_state_word"),
        ),
        sa.CheckConstraint(
            "step IN ('nudge', 'quiet', 'middle', 'last', 'close')",
            name=op.f("ck_introduction_group_step_word"),
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_introduction_group_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["member.member_id"],
            name=op.f("fk_introduction_group_first_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["introduction_round.round_id"],
            name=op.f("fk_introduction_group_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_introduction_group")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("introduction_group", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_introduction_group_cohort_id"), ["cohort_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_introduction_group_first_id"), ["first_id"], unique=False
        )
        batch_op.create_index(
            "ix_introduction_group_next_at",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(
            batch_op.f("ix_introduction_group_round_id_state"), ["round_id", "state"], unique=False
        )

    op.create_table(
        "introduction_member",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("paused_until", sa.Text(), nullable=True),
        sa.Column("misses", BIG, server_default="0", nullable=False),
        sa.Column("trios", BIG, server_default="0", nullable=False),
        sa.Column("trio_round", BIG, server_default="0", nullable=False),
        sa.Column("left_out", BIG, server_default="0", nullable=False),
        sa.Column("joined_at", BIG, nullable=False),
        sa.CheckConstraint(
            "part IN ('in', 'paused', 'out')", name=op.f("ck_introduction_member_part_word")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_introduction_member_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_introduction_member")),
        sqlite_strict=True,
    )
    op.create_table(
        "kudos",
        sa.Column("kudos_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("giver_id", BIG, nullable=True),
        sa.Column("receiver_id", BIG, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="sent", nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.CheckConstraint("state IN ('sent', 'kept', 'shared')", name=op.f("ck_kudos_state_word")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.cohort_id"], name=op.f("fk_kudos_cohort_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["member.member_id"], name=op.f("fk_kudos_giver_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"],
            ["member.member_id"],
            name=op.f("fk_kudos_receiver_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("kudos_id", name=op.f("pk_kudos")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("kudos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kudos_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_kudos_giver_id"), ["giver_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_kudos_receiver_id_state"), ["receiver_id", "state"], unique=False
        )

    op.create_table(
        "mentor_request",
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'paired', 'withdrawn')", name=op.f("ck_mentor_request_state_word")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_mentor_request_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_mentor_request_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_mentor_request")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("mentor_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentor_request_cohort_id_state"), ["cohort_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentor_request_member_id_state"), ["member_id", "state"], unique=False
        )

    op.create_table(
        "pulse_answer",
        sa.Column("pulse_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "item IN ('going', 'helps', 'change')", name=op.f("ck_pulse_answer_item_word")
        ),
        sa.ForeignKeyConstraint(
            ["pulse_id"],
            ["pulse.pulse_id"],
            name=op.f("fk_pulse_answer_pulse_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("pulse_id", "key", name=op.f("pk_pulse_answer")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pulse_mark",
        sa.Column("pulse_id", BIG, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pulse_id"],
            ["pulse.pulse_id"],
            name=op.f("fk_pulse_mark_pulse_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("pulse_id", "mark", name=op.f("pk_pulse_mark")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "introduction_seat",
        sa.Column("group_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("reach", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("heard_at", BIG, nullable=True),
        sa.Column("said", sa.Text(), server_default="", nullable=False),
        sa.Column("gone_at", BIG, nullable=True),
        sa.Column("missed", BIG, server_default="0", nullable=False),
        sa.CheckConstraint(
            "reach IN ('waiting', 'thread', 'message', 'nobody')",
            name=op.f("ck_introduction_seat_reach_word"),
        ),
        sa.CheckConstraint(
            "said IN ('', 'yes', 'not_yet', 'no')", name=op.f("ck_introduction_seat_said_word")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["introduction_group.group_id"],
            name=op.f("fk_introduction_seat_group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_introduction_seat_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_id", "member_id", name=op.f("pk_introduction_seat")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("introduction_seat", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_introduction_seat_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "mentor_pairing",
        sa.Column("pairing_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("mentor_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=True),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("began_at", BIG, nullable=False),
        sa.Column("ended_at", BIG, nullable=True),
        sa.Column("active_at", BIG, nullable=False),
        sa.Column("asked_at", BIG, nullable=True),
        sa.Column("met_at", BIG, nullable=True),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("cadence", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("mentor_agreed_at", BIG, nullable=True),
        sa.Column("mentee_agreed_at", BIG, nullable=True),
        sa.CheckConstraint(
            "ending IN ('passed', 'mentor_left', 'mentee_left', 'done', 'quiet', 'apart')",
            name=op.f("ck_mentor_pairing_ending_word"),
        ),
        sa.CheckConstraint(
            "state IN ('active', 'ended')", name=op.f("ck_mentor_pairing_state_word")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_mentor_pairing_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_mentor_pairing_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"],
            ["mentor.mentor_id"],
            name=op.f("fk_mentor_pairing_mentor_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["mentor_request.request_id"],
            name=op.f("fk_mentor_pairing_request_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("pairing_id", name=op.f("pk_mentor_pairing")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("mentor_pairing", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentor_pairing_cohort_id_state"), ["cohort_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentor_pairing_member_id"), ["member_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentor_pairing_mentor_id_state"), ["mentor_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentor_pairing_request_id"), ["request_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentor_pairing_state_active_at"), ["state", "active_at"], unique=False
        )
        batch_op.create_index(
            "uq_mentor_pairing_open",
            ["member_id"],
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )

    op.create_table(
        "mentor_proposal",
        sa.Column("proposal_id", BIG, nullable=False),
        sa.Column("match_id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("mentor_id", BIG, nullable=False),
        sa.Column("left_out", BIG, server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["match_id"],
            ["mentor_match.match_id"],
            name=op.f("fk_mentor_proposal_match_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"],
            ["mentor.mentor_id"],
            name=op.f("fk_mentor_proposal_mentor_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["mentor_request.request_id"],
            name=op.f("fk_mentor_proposal_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_mentor_proposal")),
        sa.UniqueConstraint(
            "match_id", "request_id", name=op.f("uq_mentor_proposal_match_id_request_id")
        ),
        sqlite_strict=True,
    )
    with op.batch_alter_table("mentor_proposal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentor_proposal_mentor_id"), ["mentor_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentor_proposal_request_id"), ["request_id"], unique=False
        )
