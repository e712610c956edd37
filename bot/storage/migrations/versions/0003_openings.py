"""Openings and applications, posts in forums, and who wants nothing more from mentors."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:  # noqa: PLR0915 - one statement for each table and index
    """Make their tables and indexes, and let letters be posts."""
    before, after = "'thread', 'edit')", "'thread', 'edit', 'post')"
    _widen("letter", before, after)
    op.create_table(
        "posting_look",
        sa.Column("guild_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_posting_look")),
        sqlite_strict=True,
    )
    op.create_table(
        "feed",
        sa.Column("feed_id", BIG, nullable=False),
        sa.Column("guild_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("format", sa.Text(), server_default="", nullable=False),
        sa.Column("goes", sa.Text(), server_default="queue", nullable=False),
        sa.Column("filters", sa.Text(), server_default="{}", nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("failures", BIG, server_default="0", nullable=False),
        sa.Column("next_at", BIG, nullable=False),
        sa.Column("checked_at", BIG, nullable=True),
        sa.Column("changed_at", BIG, nullable=True),
        sa.Column("report", sa.Text(), server_default="{}", nullable=False),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False),
        sa.Column("added_by", BIG, nullable=True),
        sa.Column("made_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.cohort_id"], name=op.f("fk_feed_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_feed")),
        sa.UniqueConstraint("guild_id", "url", name=op.f("uq_feed_guild_id_url")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_feed_state_next_at"), ["state", "next_at"], unique=False
        )

    op.create_table(
        "posting_batch",
        sa.Column("batch_id", BIG, nullable=False),
        sa.Column("guild_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="preview", nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("posted_at", BIG, nullable=True),
        sa.CheckConstraint(
            "state IN ('preview', 'posted', 'undone')", name=op.f("ck_posting_batch_state_word")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_posting_batch_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_posting_batch")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("posting_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posting_batch_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_posting_batch_made_at"), ["made_at"], unique=False)

    op.create_table(
        "posting_import",
        sa.Column("import_id", BIG, nullable=False),
        sa.Column("guild_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("packed", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), server_default="{}", nullable=False),
        sa.Column("done_at", BIG, nullable=True),
        sa.Column("made_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_posting_import_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_posting_import")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("posting_import", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_posting_import_cohort_id"), ["cohort_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_posting_import_made_at"), ["made_at"], unique=False)

    op.create_table(
        "posting_settings",
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("featured_a_day", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_posting_settings_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cohort_id", name=op.f("pk_posting_settings")),
        sqlite_strict=True,
    )
    op.create_table(
        "application_choice",
        sa.Column("member_id", BIG, autoincrement=False, nullable=False),
        sa.Column("suggests", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_application_choice_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_application_choice")),
        sqlite_strict=True,
    )
    op.create_table(
        "application_import",
        sa.Column("import_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="read", nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.CheckConstraint(
            "state IN ('read', 'taken', 'undone')", name=op.f("ck_application_import_state_word")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_application_import_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_application_import")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("application_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_import_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_application_import_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "mentor_silence",
        sa.Column("member_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_mentor_silence_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_mentor_silence")),
        sqlite_strict=True,
    )
    op.create_table(
        "posting",
        sa.Column("posting_id", BIG, nullable=False),
        sa.Column("guild_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("feed_id", BIG, nullable=True),
        sa.Column("outside_id", sa.Text(), server_default="", nullable=False),
        sa.Column("mark", sa.Text(), server_default="", nullable=False),
        sa.Column("batch_id", BIG, nullable=True),
        sa.Column("company_name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("twin_key", sa.Text(), nullable=False),
        sa.Column("locations", sa.Text(), server_default="[]", nullable=False),
        sa.Column("terms", sa.Text(), server_default="[]", nullable=False),
        sa.Column("sponsorship", sa.Text(), server_default="", nullable=False),
        sa.Column("category", sa.Text(), server_default="", nullable=False),
        sa.Column("degrees", sa.Text(), server_default="[]", nullable=False),
        sa.Column("tags", sa.Text(), server_default="[]", nullable=False),
        sa.Column("deadline_on", sa.Text(), nullable=True),
        sa.Column("date_posted", BIG, nullable=True),
        sa.Column("date_updated", BIG, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("suggested_by", BIG, nullable=True),
        sa.Column("featured_at", BIG, nullable=True),
        sa.Column("verified_at", BIG, nullable=False),
        sa.Column("asked_at", BIG, nullable=True),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("closed_at", BIG, nullable=True),
        sa.CheckConstraint(
            "source IN ('moderator', 'suggestion', 'feed', 'import')",
            name=op.f("ck_posting_source_word"),
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'open', 'hidden', 'closed', 'declined')",
            name=op.f("ck_posting_state_word"),
        ),
        sa.CheckConstraint(
            "why IN ('', 'moderator', 'deadline', 'unverified', 'votes', 'upstream')",
            name=op.f("ck_posting_why_word"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["posting_batch.batch_id"],
            name=op.f("fk_posting_batch_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_posting_cohort_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feed.feed_id"], name=op.f("fk_posting_feed_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["suggested_by"],
            ["member.member_id"],
            name=op.f("fk_posting_suggested_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_posting")),
        sa.UniqueConstraint("guild_id", "canonical", name=op.f("uq_posting_guild_id_canonical")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posting_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_posting_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_posting_feed_id_outside_id"), ["feed_id", "outside_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_posting_guild_id_state_deadline_on"),
            ["guild_id", "state", "deadline_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_posting_guild_id_state_made_at"),
            ["guild_id", "state", "made_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_posting_guild_id_twin_key"), ["guild_id", "twin_key"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_posting_state_deadline_on"), ["state", "deadline_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_posting_state_verified_at"), ["state", "verified_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_posting_suggested_by"), ["suggested_by"], unique=False)

    op.create_table(
        "posting_follow",
        sa.Column("follow_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("told_at", BIG, nullable=False),
        sa.Column("told_on", sa.Text(), nullable=True),
        sa.Column("made_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_posting_follow_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("follow_id", name=op.f("pk_posting_follow")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("posting_follow", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_posting_follow_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "posting_search",
        sa.Column("search_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_posting_search_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("search_id", name=op.f("pk_posting_search")),
        sa.UniqueConstraint("member_id", "digest", name=op.f("uq_posting_search_member_id_digest")),
        sqlite_strict=True,
    )
    op.create_table(
        "posting_silence",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_posting_silence_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_posting_silence")),
        sqlite_strict=True,
    )
    op.create_table(
        "application",
        sa.Column("application_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("import_id", BIG, nullable=True),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("moved_on", sa.Text(), nullable=False),
        sa.Column("deadline_on", sa.Text(), nullable=True),
        sa.Column("interview_on", sa.Text(), nullable=True),
        sa.Column("interview_wall", sa.Text(), nullable=True),
        sa.Column("opening", sa.Text(), nullable=True),
        sa.Column("hint_at", BIG, nullable=True),
        sa.Column("made_at", BIG, nullable=False),
        sa.CheckConstraint(
            "status IN ('saved', 'applied', 'assessment', 'interview', 'offer', 'accepted', 'declined', 'rejected', 'withdrawn', 'no_reply')",  # noqa: E501
            name=op.f("ck_application_status_word"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["application_import.import_id"],
            name=op.f("fk_application_import_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_application_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_application")),
        sa.UniqueConstraint("member_id", "opening", name=op.f("uq_application_member_id_opening")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_hint_at"), ["hint_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_import_id"), ["import_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_application_member_id_status_moved_on"),
            ["member_id", "status", "moved_on"],
            unique=False,
        )

    op.create_table(
        "posting_feature",
        sa.Column("posting_id", BIG, nullable=False),
        sa.Column("cohort_id", BIG, nullable=False),
        sa.Column("on", sa.Text(), nullable=False),
        sa.Column("letter_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["cohort.cohort_id"],
            name=op.f("fk_posting_feature_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.letter_id"],
            name=op.f("fk_posting_feature_letter_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"],
            ["posting.posting_id"],
            name=op.f("fk_posting_feature_posting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("posting_id", "cohort_id", name=op.f("pk_posting_feature")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("posting_feature", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_posting_feature_cohort_id_on"), ["cohort_id", "on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_posting_feature_letter_id"), ["letter_id"], unique=False
        )

    op.create_table(
        "posting_find",
        sa.Column("guild_id", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since_at", BIG, nullable=False),
        sa.Column("posting_id", BIG, nullable=False),
        sa.Column("opened_at", BIG, nullable=True),
        sa.Column("deadline_on", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'open', 'hidden', 'closed', 'declined')",
            name=op.f("ck_posting_find_state_word"),
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"],
            ["posting.posting_id"],
            name=op.f("fk_posting_find_posting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "guild_id", "state", "since_at", "posting_id", name=op.f("pk_posting_find")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("posting_find", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_posting_find_guild_id_opened_at"),
            ["guild_id", "opened_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_posting_find_posting_id"), ["posting_id"], unique=False
        )

    op.create_table(
        "posting_saved",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("posting_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("week_before_on", sa.Text(), nullable=True),
        sa.Column("day_before_on", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_posting_saved_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"],
            ["posting.posting_id"],
            name=op.f("fk_posting_saved_posting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "posting_id", name=op.f("pk_posting_saved")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("posting_saved", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_posting_saved_posting_id"), ["posting_id"], unique=False
        )

    op.create_table(
        "posting_vote",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("posting_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_posting_vote_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"],
            ["posting.posting_id"],
            name=op.f("fk_posting_vote_posting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "posting_id", name=op.f("pk_posting_vote")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("posting_vote", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_posting_vote_posting_id"), ["posting_id"], unique=False
        )

    op.create_table(
        "application_hint",
        sa.Column("application_id", BIG, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Text(), nullable=False),
        sa.Column("told_at", BIG, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "answer IN ('done', 'dismissed')", name=op.f("ck_application_hint_answer_word")
        ),
        sa.CheckConstraint(
            "kind IN ('follow_up', 'thank_you', 'no_reply')",
            name=op.f("ck_application_hint_kind_word"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.application_id"],
            name=op.f("fk_application_hint_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "application_id", "kind", "since_on", name=op.f("pk_application_hint")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "application_move",
        sa.Column("move_id", BIG, nullable=False),
        sa.Column("application_id", BIG, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("moved_on", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status IN ('saved', 'applied', 'assessment', 'interview', 'offer', 'accepted', 'declined', 'rejected', 'withdrawn', 'no_reply')",  # noqa: E501
            name=op.f("ck_application_move_status_word"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.application_id"],
            name=op.f("fk_application_move_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("move_id", name=op.f("pk_application_move")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("application_move", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_move_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "application_note",
        sa.Column("note_id", BIG, nullable=False),
        sa.Column("application_id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.application_id"],
            name=op.f("fk_application_note_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_application_note")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("application_note", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_note_application_id"), ["application_id"], unique=False
        )


def _widen(table: str, before: str, after: str) -> None:
    """Rebuild a table with another check, which SQLite does not change in place.

    Foreign keys sleep during a migration, so nothing that refers to its rows goes with them.
    """
    run = op.get_bind().exec_driver_sql
    kept = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type = ? AND sql <> ''"
    (made,) = run(kept, (table, "table")).scalars()
    indexes = run(kept, (table, "index")).scalars().all()
    assert made.count(before) == 1
    run(made.replace(before, after).replace(table, f"{table}_wider", 1))
    run(f"INSERT INTO {table}_wider SELECT * FROM {table}")  # noqa: S608 - our own name
    run(f"DROP TABLE {table}")
    run(f"ALTER TABLE {table}_wider RENAME TO {table}")
    for index in indexes:
        run(index)
