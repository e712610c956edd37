"""The journal."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make its tables and indexes."""
    op.create_table(
        "journal_answer",
        sa.Column("answer_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("on", sa.Text(), nullable=False),
        sa.Column("deleted_at", BIG, nullable=True),
        sa.CheckConstraint(
            "moment IN ('before', 'during', 'after', 'week', 'month')",
            name=op.f("ck_journal_answer_moment_word"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_journal_answer_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_journal_answer")),
        sa.UniqueConstraint(
            "member_id", "question", "on", name=op.f("uq_journal_answer_member_id_question_on")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    with op.batch_alter_table("journal_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_journal_answer_deleted_at"), ["deleted_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_journal_answer_member_id_on"), ["member_id", "on"], unique=False
        )

    op.create_table(
        "journal_entry",
        sa.Column("entry_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("on", sa.Text(), nullable=False),
        sa.Column("week_on", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("deleted_at", BIG, nullable=True),
        sa.CheckConstraint(
            "kind IN ('work', 'coursework', 'project', 'culture')",
            name=op.f("ck_journal_entry_kind_word"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_journal_entry_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("member_id", "source", name=op.f("uq_journal_entry_member_id_source")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_entry_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_journal_entry_deleted_at"), ["deleted_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_journal_entry_member_id_entry_id"),
            ["member_id", "entry_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_journal_entry_member_id_on"), ["member_id", "on"], unique=False
        )

    op.create_table(
        "journal_look",
        sa.Column("look_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("hits", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_journal_look_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("look_id", name=op.f("pk_journal_look")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    with op.batch_alter_table("journal_look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_look_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_journal_look_member_id"), ["member_id"], unique=False)

    op.create_table(
        "journal_person",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("met_on", sa.Text(), nullable=False),
        sa.Column("touch_on", sa.Text(), nullable=True),
        sa.Column("apart", BIG, server_default="0", nullable=False),
        sa.Column("writes", BIG, server_default="0", nullable=False),
        sa.Column("note_at", BIG, nullable=True),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("deleted_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_journal_person_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_journal_person")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    with op.batch_alter_table("journal_person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_journal_person_deleted_at"), ["deleted_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_journal_person_member_id_touch_on"),
            ["member_id", "touch_on"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_journal_person_note_at"), ["note_at"], unique=False)

    op.create_table(
        "journal_topic",
        sa.Column("topic_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.CheckConstraint("sort IN ('skill', 'project')", name=op.f("ck_journal_topic_sort_word")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.member_id"],
            name=op.f("fk_journal_topic_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("topic_id", name=op.f("pk_journal_topic")),
        sa.UniqueConstraint("member_id", "mark", name=op.f("uq_journal_topic_member_id_mark")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "journal_entry_topic",
        sa.Column("entry_id", BIG, autoincrement=False, nullable=False),
        sa.Column("topic_id", BIG, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["journal_entry.entry_id"],
            name=op.f("fk_journal_entry_topic_entry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"],
            ["journal_topic.topic_id"],
            name=op.f("fk_journal_entry_topic_topic_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", "topic_id", name=op.f("pk_journal_entry_topic")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    with op.batch_alter_table("journal_entry_topic", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_journal_entry_topic_topic_id"), ["topic_id"], unique=False
        )
