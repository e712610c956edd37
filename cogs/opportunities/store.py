"""Where openings are kept. The only SQL about them."""

from sqlalchemy import Column, ForeignKey, Index, Text, UniqueConstraint

from bot.people.cohorts import cohorts
from bot.people.memberships import members
from bot.storage.columns import Day, Flag, Id, Json, Moment, word
from bot.storage.database import table
from bot.storage.sealed import Sealed

from .model import BatchState, PostingState, Source, Why

batches = table(
    "posting_batch",
    Column("batch_id", Id, primary_key=True),
    Column("guild_id", Id, nullable=False),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("user_id", Id),
    Column("text", Sealed, nullable=False),
    word("state", BatchState, server_default="preview"),
    Column("made_at", Moment, nullable=False),
    Column("posted_at", Moment),
    Index(None, "made_at"),
    Index(None, "cohort_id"),
)

feeds = table(
    "feed",
    Column("feed_id", Id, primary_key=True),
    Column("guild_id", Id, nullable=False),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("format", Text, nullable=False, server_default=""),
    Column("goes", Text, nullable=False, server_default="queue"),
    Column("filters", Json, nullable=False, server_default="{}"),
    Column("state", Text, nullable=False, server_default="active"),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("failures", Id, nullable=False, server_default="0"),
    Column("next_at", Moment, nullable=False),
    Column("checked_at", Moment),
    Column("changed_at", Moment),
    Column("report", Json, nullable=False, server_default="{}"),
    Column("trouble", Text, nullable=False, server_default=""),
    Column("added_by", Id),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("guild_id", "url"),
    Index(None, "state", "next_at"),
    Index(None, "cohort_id"),
)

postings = table(
    "posting",
    Column("posting_id", Id, primary_key=True),
    Column("guild_id", Id, nullable=False),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="SET NULL")),
    word("source", Source),
    Column("feed_id", Id, ForeignKey(feeds.c.feed_id, ondelete="SET NULL")),
    Column("outside_id", Text, nullable=False, server_default=""),
    Column("batch_id", Id, ForeignKey(batches.c.batch_id, ondelete="SET NULL")),
    Column("company_name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("canonical", Text, nullable=False),
    Column("twin_key", Text, nullable=False),
    Column("locations", Json, nullable=False, server_default="[]"),
    Column("terms", Json, nullable=False, server_default="[]"),
    Column("sponsorship", Text, nullable=False, server_default=""),
    Column("category", Text, nullable=False, server_default=""),
    Column("degrees", Json, nullable=False, server_default="[]"),
    Column("tags", Json, nullable=False, server_default="[]"),
    Column("deadline_on", Day),
    Column("date_posted", Moment),
    Column("date_updated", Moment),
    word("state", PostingState),
    word("why", Why, server_default=""),
    Column("reason", Sealed),
    Column("suggested_by", Id, ForeignKey(members.c.member_id, ondelete="SET NULL")),
    Column("featured_at", Moment),
    Column("verified_at", Moment, nullable=False),
    Column("asked_at", Moment),
    Column("made_at", Moment, nullable=False),
    Column("closed_at", Moment),
    UniqueConstraint("guild_id", "canonical"),
    Index(None, "guild_id", "state", "deadline_on"),
    Index(None, "guild_id", "state", "made_at"),
    Index(None, "guild_id", "twin_key"),
    Index(None, "feed_id", "outside_id"),
    Index(None, "state", "deadline_on"),
    Index(None, "state", "verified_at"),
    Index(None, "suggested_by"),
    Index(None, "cohort_id"),
    Index(None, "batch_id"),
)

saves = table(
    "posting_saved",
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), primary_key=True),
    Column(
        "posting_id", Id, ForeignKey(postings.c.posting_id, ondelete="CASCADE"), primary_key=True
    ),
    Column("at", Moment, nullable=False),
    Column("week_before_on", Day),
    Column("day_before_on", Day),
    Index(None, "posting_id"),
)

votes = table(
    "posting_vote",
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), primary_key=True),
    Column(
        "posting_id", Id, ForeignKey(postings.c.posting_id, ondelete="CASCADE"), primary_key=True
    ),
    Column("at", Moment, nullable=False),
    Index(None, "posting_id"),
)

features = table(
    "posting_feature",
    Column(
        "posting_id", Id, ForeignKey(postings.c.posting_id, ondelete="CASCADE"), primary_key=True
    ),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), primary_key=True),
    Column("on", Day, nullable=False),
    Index(None, "cohort_id", "on"),
)

settings = table(
    "posting_settings",
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), primary_key=True),
    Column("featured_a_day", Id, nullable=False),
)

follows = table(
    "posting_follow",
    Column("follow_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("filter", Json, nullable=False),
    Column("active", Flag, nullable=False, server_default="1"),
    Column("seen_id", Id, nullable=False, server_default="0"),
    Column("told_on", Day),
    Column("made_at", Moment, nullable=False),
    Index(None, "member_id"),
)

words = table(
    "posting_word",
    Column("guild_id", Id, primary_key=True),
    Column("word", Text, primary_key=True),
    Column(
        "posting_id", Id, ForeignKey(postings.c.posting_id, ondelete="CASCADE"), primary_key=True
    ),
    Index(None, "posting_id"),
    with_rowid=False,
)

looks = table(
    "posting_look",
    Column("guild_id", Id, primary_key=True),
    Column("user_id", Id, primary_key=True),
    Column("filter", Json, nullable=False),
    Column("at", Moment, nullable=False),
)
"""How a moderator has filtered the queue, for as long as they look at it."""
