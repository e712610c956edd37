"""The first shape of the database."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:  # noqa: PLR0915 - one statement for each table and index
    """Make every table and index."""
    op.create_table(
        "cohort",
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("guild_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("first_day", sa.Text(), nullable=True),
        sa.Column("last_day", sa.Text(), nullable=True),
        sa.Column("announcements_id", BIG, nullable=True),
        sa.Column("checkins_id", BIG, nullable=True),
        sa.Column("introductions_id", BIG, nullable=True),
        sa.Column("opportunities_id", BIG, nullable=True),
        sa.Column("mentors_id", BIG, nullable=True),
        sa.Column("staff_id", BIG, nullable=True),
        sa.Column("moderator_role_id", BIG, nullable=True),
        sa.Column("mentor_role_id", BIG, nullable=True),
        sa.Column("intern_role_id", BIG, nullable=True),
        sa.Column("contacts", sa.Text(), server_default="[]", nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("blocked_reason", sa.Text(), nullable=True),
        sa.Column("wizard_step", sa.Text(), nullable=True),
        sa.Column("open_hours", BIG, server_default="72", nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'live', 'paused', 'blocked', 'closed')",
            name=op.f("ck_cohort_state_word"),
        ),
        sa.PrimaryKeyConstraint("cohort_id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("guild_id", "name", name=op.f("uq_cohort_guild_id_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "contact_stop",
        sa.Column("stop_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=True),
        sa.Column("other_mark", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("stop_id", name=op.f("pk_contact_stop")),
        sa.UniqueConstraint(
            "user_id", "other_mark", name=op.f("uq_contact_stop_user_id_other_mark")
        ),
        sqlite_strict=True,
    )
    with op.batch_alter_table("contact_stop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_stop_other_id"), ["other_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_contact_stop_other_mark"), ["other_mark"], unique=False
        )

    op.create_table(
        "draft",
        sa.Column("draft_id", BIG, autoincrement=False, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_draft")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_user_id"), ["user_id"], unique=False)

    op.create_table(
        "heartbeat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
        sqlite_strict=True,
    )
    op.create_table(
        "installation",
        sa.Column("installation_id", BIG, autoincrement=False, nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("installation_id", name=op.f("pk_installation")),
        sqlite_strict=True,
    )
    op.create_table(
        "interaction_seen",
        sa.Column("interaction_id", BIG, autoincrement=False, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("interaction_id", name=op.f("pk_interaction_seen")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("interaction_seen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interaction_seen_at"), ["at"], unique=False)

    op.create_table(
        "tally",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("on", sa.Text(), nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name", "on", name=op.f("pk_tally")),
        sqlite_strict=True,
    )
    op.create_table(
        "user",
        sa.Column("user_id", BIG, autoincrement=False, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("quiet_from", sa.Text(), server_default="22:00", nullable=False),
        sa.Column("quiet_to", sa.Text(), server_default="08:00", nullable=False),
        sa.Column("locale", sa.Text(), server_default="en-US", nullable=False),
        sa.Column("dm_consent_at", BIG, nullable=True),
        sa.Column("dm_channel_id", BIG, nullable=True),
        sa.Column("inbox", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.CheckConstraint(
            "inbox IN ('unknown', 'open', 'closed')", name=op.f("ck_user_inbox_word")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user")),
        sqlite_strict=True,
    )
    op.create_table(
        "audit",
        sa.Column("audit_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.cohort_id"], name=op.f("fk_audit_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_audit")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_cohort_id_at"), ["cohort_id", "at"], unique=False
        )

    op.create_table(
        "blockage",
        sa.Column("cohort_id", BIG, autoincrement=False, nullable=False),
        sa.Column("order_key", sa.Text(), nullable=False),
        sa.Column("probe_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_blockage_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cohort_id", "order_key", name=op.f("pk_blockage")),
        sqlite_strict=True,
    )
    op.create_table(
        "cohort_change",
        sa.Column("change_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_cohort_change_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_cohort_change")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("cohort_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cohort_change_cohort_id_kind"), ["cohort_id", "kind"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_cohort_change_made_at"), ["made_at"], unique=False)

    op.create_table(
        "cohort_invite",
        sa.Column("invite_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("channel_id", BIG, nullable=False),
        sa.Column("dedupe", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_cohort_invite_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("invite_id", name=op.f("pk_cohort_invite")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("cohort_invite", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cohort_invite_cohort_id"), ["cohort_id"], unique=False)

    op.create_table(
        "cohort_skip",
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("on", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_cohort_skip_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cohort_id", "on", name=op.f("pk_cohort_skip")),
        sqlite_strict=True,
    )
    op.create_table(
        "member",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="joining", nullable=False),
        sa.Column("delivery", sa.Text(), server_default="card", nullable=False),
        sa.Column("volume", sa.Text(), server_default="standard", nullable=False),
        sa.Column("stage", sa.Text(), server_default="interning", nullable=False),
        sa.Column("starts_on", sa.Text(), nullable=True),
        sa.Column("ends_on", sa.Text(), nullable=True),
        sa.Column("checkins", BIG, server_default="1", nullable=False),
        sa.Column("side_thread", BIG, server_default="0", nullable=False),
        sa.Column("side_thread_id", BIG, nullable=True),
        sa.Column("paused_until", sa.Text(), nullable=True),
        sa.Column("joined_at", BIG, nullable=True),
        sa.Column("left_at", BIG, nullable=True),
        sa.CheckConstraint(
            "delivery IN ('dm', 'thread', 'card')", name=op.f("ck_member_delivery_word")
        ),
        sa.CheckConstraint(
            "stage IN ('looking', 'starting', 'interning', 'finished')",
            name=op.f("ck_member_stage_word"),
        ),
        sa.CheckConstraint(
            "state IN ('joining', 'joined', 'paused', 'left')", name=op.f("ck_member_state_word")
        ),
        sa.CheckConstraint(
            "volume IN ('light', 'standard', 'everything')", name=op.f("ck_member_volume_word")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_member_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.user_id"], name=op.f("fk_member_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member")),
        sa.UniqueConstraint("cohort_id", "user_id", name=op.f("uq_member_cohort_id_user_id")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_member_cohort_id_state"), ["cohort_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_member_paused_until"), ["paused_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_user_id"), ["user_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("report_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("readers", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="begun", nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("taken_by", BIG, nullable=True),
        sa.Column("taken_at", BIG, nullable=True),
        sa.CheckConstraint(
            "state IN ('begun', 'sent', 'taken', 'closed')", name=op.f("ck_report_state_word")
        ),
        sa.CheckConstraint("what IN ('talk', 'content', 'stop')", name=op.f("ck_report_what_word")),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_report_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_cohort_id_state"), ["cohort_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_report_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_state_at"), ["state", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_user_id"), ["user_id"], unique=False)

    op.create_table(
        "roster",
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("expected", BIG, nullable=False),
        sa.Column("imported_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_roster_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cohort_id", name=op.f("pk_roster")),
        sqlite_strict=True,
    )
    op.create_table(
        "roster_row",
        sa.Column("row_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("discord_id", BIG, nullable=True),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Text(), nullable=True),
        sa.Column("ends_on", sa.Text(), nullable=True),
        sa.Column("matched_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_roster_row_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_roster_row")),
        sa.UniqueConstraint(
            "cohort_id", "discord_id", name=op.f("uq_roster_row_cohort_id_discord_id")
        ),
        sa.UniqueConstraint("cohort_id", "username", name=op.f("uq_roster_row_cohort_id_username")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("roster_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_row_discord_id"), ["discord_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_row_matched_at"), ["matched_at"], unique=False)

    op.create_table(
        "schedule",
        sa.Column("schedule_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("enabled", BIG, server_default="1", nullable=False),
        sa.Column("grace_seconds", BIG, nullable=False),
        sa.Column("since_at", BIG, nullable=False),
        sa.Column("looked_at", BIG, nullable=True),
        sa.Column("next_fire_at", BIG, nullable=True),
        sa.CheckConstraint("scope IN ('cohort', 'member')", name=op.f("ck_schedule_scope_word")),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_schedule_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("schedule_id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("cohort_id", "kind", name=op.f("uq_schedule_cohort_id_kind")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.create_index(
            "ix_schedule_enabled_next_fire_at",
            ["next_fire_at"],
            unique=False,
            sqlite_where=sa.text("enabled = 1"),
        )

    op.create_table(
        "activity",
        sa.Column("activity_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("subject_id", BIG, nullable=True),
        sa.Column("at", BIG, nullable=False),
        sa.Column("local_on", sa.Text(), nullable=False),
        sa.Column("week_on", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), server_default="me", nullable=False),
        sa.CheckConstraint(
            "visibility IN ('me', 'mentor', 'cohort')", name=op.f("ck_activity_visibility_word")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_activity_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_activity_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_activity")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_activity_cohort_id_word_week_on"),
            ["cohort_id", "word", "week_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_activity_member_id_word_at"), ["member_id", "word", "at"], unique=False
        )

    op.create_table(
        "checkin",
        sa.Column("checkin_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("win", sa.Text(), nullable=False),
        sa.Column("blocker", sa.Text(), nullable=False),
        sa.Column("focus", sa.Text(), nullable=False),
        sa.Column("confidence", BIG, nullable=True),
        sa.Column("late", BIG, server_default="0", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), server_default="me", nullable=False),
        sa.Column("answered_at", BIG, nullable=False),
        sa.Column("edited_at", BIG, nullable=True),
        sa.CheckConstraint(
            "source IN ('form', 'short', 'message')", name=op.f("ck_checkin_source_word")
        ),
        sa.CheckConstraint(
            "visibility IN ('me', 'mentor', 'cohort')", name=op.f("ck_checkin_visibility_word")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_checkin_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("checkin_id", name=op.f("pk_checkin")),
        sa.UniqueConstraint("member_id", "period", name=op.f("uq_checkin_member_id_period")),
        sqlite_strict=True,
    )
    op.create_table(
        "checkin_round",
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("schedule_id", BIG, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("mentioned", BIG, server_default="0", nullable=False),
        sa.Column("opened_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_checkin_round_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["schedule.schedule_id"],
            name=op.f("fk_checkin_round_schedule_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_checkin_round")),
        sa.UniqueConstraint(
            "schedule_id", "period", name=op.f("uq_checkin_round_schedule_id_period")
        ),
        sqlite_strict=True,
    )
    with op.batch_alter_table("checkin_round", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_checkin_round_cohort_id_period"), ["cohort_id", "period"], unique=False
        )

    op.create_table(
        "enrolment",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("tap", sa.Text(), nullable=False),
        sa.Column("begun_at", BIG, nullable=False),
        sa.CheckConstraint("tap IN ('zone', 'reach', 'dates')", name=op.f("ck_enrolment_tap_word")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_enrolment_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_enrolment")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_begun_at"), ["begun_at"], unique=False)

    op.create_table(
        "goal",
        sa.Column("goal_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("first_step", sa.Text(), nullable=False),
        sa.Column("target_on", sa.Text(), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), server_default="me", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("ended_at", BIG, nullable=True),
        sa.CheckConstraint(
            "area IN ('technical', 'business', 'connection', 'direction', 'studies', 'portfolio')",
            name=op.f("ck_goal_area_word"),
        ),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_goal_state_word")),
        sa.CheckConstraint(
            "visibility IN ('me', 'mentor', 'cohort')", name=op.f("ck_goal_visibility_word")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.member_id"], name=op.f("fk_goal_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("goal_id", name=op.f("pk_goal")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_goal_member_id_state"), ["member_id", "state"], unique=False
        )

    op.create_table(
        "letter",
        sa.Column("letter_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("dedupe", sa.Text(), nullable=False),
        sa.Column("cohort_id", BIG, nullable=True),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("action", sa.Text(), server_default="send", nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("place_id", BIG, nullable=False),
        sa.Column("order_key", sa.Text(), nullable=False),
        sa.Column("depends_on", BIG, nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("priority", BIG, server_default="5", nullable=False),
        sa.Column("any_hour", BIG, server_default="0", nullable=False),
        sa.Column("due_at", BIG, nullable=False),
        sa.Column("not_before", BIG, nullable=False),
        sa.Column("expires_at", BIG, nullable=True),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", BIG, nullable=True),
        sa.Column("attempts", BIG, server_default="0", nullable=False),
        sa.Column("first_attempt_at", BIG, nullable=True),
        sa.Column("ambiguous_at", BIG, nullable=True),
        sa.Column("ended_at", BIG, nullable=True),
        sa.Column("channel_id", BIG, nullable=True),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("last_status", BIG, nullable=True),
        sa.Column("last_code", BIG, nullable=True),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.CheckConstraint(
            "action IN ('send', 'thread', 'edit')", name=op.f("ck_letter_action_word")
        ),
        sa.CheckConstraint(
            "place IN ('user', 'channel', 'thread')", name=op.f("ck_letter_place_word")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'held', 'sent', 'dead', 'expired', 'cancelled')",
            name=op.f("ck_letter_state_word"),
        ),
        sa.CheckConstraint("length(nonce) <= 25", name=op.f("ck_letter_nonce_short")),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_letter_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["depends_on"],
            ["letter.letter_id"],
            name=op.f("fk_letter_depends_on"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_letter_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.user_id"], name=op.f("fk_letter_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_letter")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_letter_dedupe")),
        sa.UniqueConstraint("nonce", name=op.f("uq_letter_nonce")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_letter_cohort_id_state_ended_at"),
            ["cohort_id", "state", "ended_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_letter_depends_on"), ["depends_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "ix_letter_open_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('pending', 'sending')"),
        )
        batch_op.create_index(
            "ix_letter_open_order_key",
            ["order_key", "state", "letter_id"],
            unique=False,
            sqlite_where=sa.text("state IN ('pending', 'sending')"),
        )
        batch_op.create_index(
            batch_op.f("ix_letter_state_created_at"), ["state", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_letter_user_id"), ["user_id"], unique=False)

    op.create_table(
        "member_pause",
        sa.Column("pause_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("from_on", sa.Text(), nullable=False),
        sa.Column("to_on", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_member_pause_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("pause_id", name=op.f("pk_member_pause")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("member_pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_pause_member_id"), ["member_id"], unique=False)

    op.create_table(
        "occurrence",
        sa.Column("occurrence_id", BIG, nullable=False),
        sa.Column("schedule_id", BIG, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("on", sa.Text(), nullable=False),
        sa.Column("due_at", BIG, nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'done', 'skipped')", name=op.f("ck_occurrence_state_word")
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["schedule.schedule_id"],
            name=op.f("fk_occurrence_schedule_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("occurrence_id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint(
            "schedule_id", "zone", "on", name=op.f("uq_occurrence_schedule_id_zone_on")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "profile",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("learning", sa.Text(), nullable=False),
        sa.Column("interests", sa.Text(), nullable=False),
        sa.Column("understand", sa.Text(), nullable=False),
        sa.Column("links", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), server_default="[]", nullable=False),
        sa.Column("askers", sa.Text(), server_default="cohort", nullable=False),
        sa.Column("changed_at", BIG, nullable=True),
        sa.CheckConstraint(
            "askers IN ('cohort', 'mentors', 'nobody')", name=op.f("ck_profile_askers_word")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_profile_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_profile")),
        sqlite_strict=True,
    )
    op.create_table(
        "checkin_blocker",
        sa.Column("blocker_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("checkin_id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("anonymous", BIG, nullable=False),
        sa.Column("raised_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["checkin_id"],
            ["checkin.checkin_id"],
            name=op.f("fk_checkin_blocker_checkin_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_checkin_blocker_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("blocker_id", name=op.f("pk_checkin_blocker")),
        sa.UniqueConstraint("checkin_id", name=op.f("uq_checkin_blocker_checkin_id")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("checkin_blocker", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_checkin_blocker_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "goal_note",
        sa.Column("note_id", BIG, nullable=False),
        sa.Column("goal_id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.goal_id"], name=op.f("fk_goal_note_goal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_goal_note")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("goal_note", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_goal_note_goal_id_at"), ["goal_id", "at"], unique=False
        )

    op.create_table(
        "ping",
        sa.Column("member_id", BIG, autoincrement=False, nullable=False),
        sa.Column("letter_id", BIG, autoincrement=False, nullable=False),
        sa.Column("local_on", sa.Text(), nullable=False),
        sa.Column("week_on", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.letter_id"], name=op.f("fk_ping_letter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.member_id"], name=op.f("fk_ping_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "letter_id", name=op.f("pk_ping")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("ping", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ping_letter_id"), ["letter_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_ping_member_id_week_on"), ["member_id", "week_on"], unique=False
        )

    op.create_table(
        "recipient",
        sa.Column("schedule_id", BIG, autoincrement=False, nullable=False),
        sa.Column("member_id", BIG, autoincrement=False, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("occurrence_id", BIG, nullable=False),
        sa.Column("due_at", BIG, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("letter_id", BIG, nullable=True),
        sa.CheckConstraint(
            "outcome IN ('asked', 'card', 'paused', 'skipped', 'bundled', 'undelivered', 'left')",
            name=op.f("ck_recipient_outcome_word"),
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.letter_id"],
            name=op.f("fk_recipient_letter_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_recipient_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.occurrence_id"],
            name=op.f("fk_recipient_occurrence_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["schedule.schedule_id"],
            name=op.f("fk_recipient_schedule_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("schedule_id", "member_id", "period", name=op.f("pk_recipient")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recipient_letter_id"), ["letter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recipient_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_recipient_occurrence_id"), ["occurrence_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_recipient_schedule_id_period_outcome"),
            ["schedule_id", "period", "outcome"],
            unique=False,
        )

    op.create_table(
        "checkin_help",
        sa.Column("help_id", BIG, nullable=False),
        sa.Column("blocker_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("read_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["blocker_id"],
            ["checkin_blocker.blocker_id"],
            name=op.f("fk_checkin_help_blocker_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("help_id", name=op.f("pk_checkin_help")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("checkin_help", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_checkin_help_blocker_id"), ["blocker_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_checkin_help_user_id"), ["user_id"], unique=False)
