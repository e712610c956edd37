"""A letter: something the bot is going to say once, written down before it is said."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Row,
    Text,
    func,
    insert,
    select,
    text,
)

from bot.people.cohorts import cohorts
from bot.people.memberships import members
from bot.people.users import users
from bot.storage.columns import Day, Flag, Id, Json, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed

Subject = Mapping[str, int | str | list[int] | list[str]]
"""Ids and words that a renderer needs; never what a person wrote."""


class LetterState(StrEnum):
    """Where a letter is on its way."""

    PENDING = "pending"
    SENDING = "sending"
    HELD = "held"
    SENT = "sent"
    DEAD = "dead"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


OPEN = (LetterState.PENDING, LetterState.SENDING, LetterState.HELD)


class Action(StrEnum):
    """What a letter does: say something, open a thread, change a message, post in a forum.

    A thread opens under the message of the letter it depends on. One that depends on none is a
    private room in its channel, for the people its renderer mentions. A post is a new thread where
    its channel is a forum, with the tags its renderer names, and a message anywhere else.
    """

    SEND = "send"
    THREAD = "thread"
    EDIT = "edit"
    POST = "post"


class PlaceKind(StrEnum):
    """Where a letter goes."""

    USER = "user"
    CHANNEL = "channel"
    THREAD = "thread"


class Place(NamedTuple):
    """Where a letter goes: a person's direct messages, a channel, a thread of our own."""

    kind: PlaceKind
    id: int

    @classmethod
    def user(cls, user_id: int) -> "Place":
        """The direct messages with a user."""
        return cls(PlaceKind.USER, user_id)

    @classmethod
    def channel(cls, channel_id: int) -> "Place":
        """A channel or a thread whose number is known."""
        return cls(PlaceKind.CHANNEL, channel_id)

    @classmethod
    def thread_of(cls, letter_id: int) -> "Place":
        """The thread under the message of that letter, opened by a letter with action thread.

        Where no thread could be opened (there are too many) it is the message's own channel. Of a
        letter that opens a private room it is that room.
        """
        return cls(PlaceKind.THREAD, letter_id)

    @property
    def order_key(self) -> str:
        """Letters with the same key go out one at a time, in the order they were written."""
        return f"{self.kind.value}:{self.id}"


letters = table(
    "letter",
    Column("letter_id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("dedupe", Text, nullable=False, unique=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE")),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE")),
    Column("user_id", Id, ForeignKey(users.c.user_id, ondelete="CASCADE")),
    word("action", Action, server_default="send"),
    word("place", PlaceKind),
    Column("place_id", Id, nullable=False),
    Column("order_key", Text, nullable=False),
    Column("depends_on", Id, ForeignKey("letter.letter_id", ondelete="SET NULL")),
    Column("subject", Json, nullable=False),
    Column("payload", Sealed),
    Column("nonce", Text, nullable=False, unique=True),
    CheckConstraint("length(nonce) <= 25", name="nonce_short"),
    Column("priority", Id, nullable=False, server_default="5"),
    Column("any_hour", Flag, nullable=False, server_default="0"),
    Column("due_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("expires_at", Moment),
    word("state", LetterState, server_default="pending"),
    Column("owner", Text),
    Column("lease_until", Moment),
    Column("attempts", Id, nullable=False, server_default="0"),
    Column("first_attempt_at", Moment),
    Column("ambiguous_at", Moment),
    Column("ended_at", Moment),
    Column("channel_id", Id),
    Column("message_id", Id),
    Column("last_status", Id),
    Column("last_code", Id),
    Column("last_error", Text, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Index(
        "ix_letter_open_order_key",
        "order_key",
        "state",
        "letter_id",
        sqlite_where=text("state IN ('pending', 'sending')"),
    ),
    Index(
        "ix_letter_open_due_at",
        "due_at",
        sqlite_where=text("state IN ('pending', 'sending')"),
    ),
    Index(None, "cohort_id", "state", "ended_at"),
    Index(None, "member_id"),
    Index(None, "user_id"),
    Index(None, "depends_on"),
    Index(None, "state", "created_at"),
)

installations = table(
    "installation",
    Column("installation_id", Id, primary_key=True, autoincrement=False),
    Column("instance", Text, nullable=False),
)

tallies = table(
    "tally",
    Column("name", Text, primary_key=True),
    Column("on", Day, primary_key=True),
    Column("number", Id, nullable=False),
)

heartbeats = table(
    "heartbeat",
    Column("name", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class NewLetter:
    """What is to be said, to whom and when, before it is a row.

    `pings` are the members whose budget it uses; by default the one member it is for.
    `any_hour` sends it in quiet hours too: for what somebody asked for at an exact time, or just
    now.
    """

    kind: str
    dedupe: str
    place: Place
    due_at: datetime
    expires_at: datetime | None = None
    cohort_id: int | None = None
    member_id: int | None = None
    subject: Subject = field(default_factory=dict[str, Any])
    depends_on: int | None = None
    action: Action | Literal["send", "thread", "edit", "post"] = Action.SEND
    priority: int = 5
    counts: bool = True
    pings: tuple[int, ...] = ()
    any_hour: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as its renderer and the sender see it."""

    letter_id: int
    kind: str
    dedupe: str
    cohort_id: int | None
    member_id: int | None
    user_id: int | None
    action: Action
    place: Place
    order_key: str
    depends_on: int | None
    subject: dict[str, Any]
    payload: str | None
    nonce: str
    priority: int
    any_hour: bool
    due_at: datetime
    not_before: datetime
    expires_at: datetime | None
    state: LetterState
    owner: str | None
    lease_until: datetime | None
    attempts: int
    first_attempt_at: datetime | None
    ambiguous_at: datetime | None
    ended_at: datetime | None
    channel_id: int | None
    message_id: int | None
    last_status: int | None
    last_code: int | None
    last_error: str
    created_at: datetime

    @property
    def opens_room(self) -> bool:
        """Say whether it opens a private thread, which stands under no message."""
        return self.action is Action.THREAD and self.depends_on is None

    @property
    def may_fail(self) -> bool:
        """Say whether its cohort goes on where its place is closed to us."""
        return self.opens_room or self.action is Action.POST


def as_letter(row: Row[Any]) -> Letter:
    """Read a letter from a whole row."""
    values = dict(row._mapping)
    values["place"] = Place(values["place"], values.pop("place_id"))
    return Letter(**values)


async def get(tx: Tx, letter_id: int) -> Letter | None:
    """Return the letter of that number, while it is kept."""
    row = (await tx.execute(select(letters).where(letters.c.letter_id == letter_id))).one_or_none()
    return as_letter(row) if row else None


async def thread_under(tx: Tx, letter_id: int) -> Letter | None:
    """Return the letter that opens a thread under another letter's message, if there is one."""
    row = await tx.execute(
        select(letters)
        .where(letters.c.depends_on == letter_id, letters.c.action == Action.THREAD)
        .order_by(letters.c.letter_id.desc())
        .limit(1)
    )
    found = row.one_or_none()
    return as_letter(found) if found else None


WEEK_THREAD = "checkin.thread"
"""The kind of letter that opens the thread of a week, in which members are called."""


async def latest_thread(tx: Tx, cohort_id: int, kind: str) -> Letter | None:
    """Return the letter that opened a cohort's latest thread of this kind, if there is one."""
    row = await tx.execute(
        select(letters)
        .where(
            letters.c.cohort_id == cohort_id,
            letters.c.kind == kind,
            letters.c.action == Action.THREAD,
            letters.c.state == LetterState.SENT,
        )
        .order_by(letters.c.letter_id.desc())
        .limit(1)
    )
    found = row.one_or_none()
    return as_letter(found) if found else None


async def instance(tx: Tx) -> str:
    """Return this installation's random name, so that two with one token cannot collide."""
    known = (await tx.execute(select(installations.c.instance))).scalar_one_or_none()
    if known is None:
        known = secrets.token_hex(8)
        await tx.execute(insert(installations).values(installation_id=1, instance=known))
    return known


def nonce_of(instance: str, dedupe: str) -> str:
    """Return the word by which Discord knows that it has seen this letter before."""
    digest = hashlib.blake2s(f"{instance}:{dedupe}".encode(), digest_size=15).digest()
    return base64.b32encode(digest).decode("ascii").lower()


async def beat(tx: Tx, name: str, now: datetime) -> None:
    """Note that a part of the bot was alive just now."""
    await tx.execute(heartbeats.delete().where(heartbeats.c.name == name))
    await tx.execute(insert(heartbeats).values(name=name, at=now))


async def beats(tx: Tx) -> dict[str, datetime]:
    """Return when each part of the bot was last alive."""
    return {row.name: row.at for row in await tx.execute(select(heartbeats))}


async def tallied(tx: Tx, name: str, on: date) -> int:
    """Return how often something happened on a day."""
    row = await tx.execute(
        select(func.coalesce(func.sum(tallies.c.number), 0)).where(
            tallies.c.name == name, tallies.c.on == on
        )
    )
    return int(row.scalar_one())


async def add_to_tally(tx: Tx, name: str, on: date) -> None:
    """Count one more of something on a day."""
    number = await tallied(tx, name, on) + 1
    await tx.execute(tallies.delete().where(tallies.c.name == name, tallies.c.on <= on))
    await tx.execute(insert(tallies).values(name=name, on=on, number=number))
