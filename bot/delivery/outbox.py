"""The outbox: everything the bot is going to say is written down first, and said once.

A feature writes a letter in the transaction of the change that causes it. Until the letter is
claimed it can be cancelled or held; afterwards it stands here what became of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from sqlalchemy import Executable, Insert, Table, delete, select, update
from sqlalchemy.dialects import sqlite

from bot.clockwork.breathing import breathing, slices
from bot.clockwork.zones import zone_info
from bot.delivery import budget, recipients, undeliverable
from bot.delivery.letters import (
    OPEN,
    Action,
    Letter,
    LetterState,
    NewLetter,
    Place,
    PlaceKind,
    Subject,
    as_letter,
    instance,
    letters,
    nonce_of,
)
from bot.delivery.quiet import wait
from bot.delivery.recipients import Outcome
from bot.people.cohorts import CohortState, cohorts
from bot.people.memberships import members
from bot.people.users import users
from bot.storage.database import Tx

__all__ = [
    "Letter",
    "LetterState",
    "NewLetter",
    "Place",
    "Posted",
    "Undelivered",
    "cancel",
    "drop",
    "enqueue",
    "enqueue_all",
    "held",
    "hold",
    "purge",
    "release",
    "result",
    "undelivered",
]

KEEP = timedelta(days=90)
KEEP_PAYLOAD = timedelta(days=7)
HELD_STATES = (CohortState.PAUSED, CohortState.BLOCKED)
AFTER_THE_END = ("ending", "profile", "reminder", "reminders")
"""How the kinds begin that go out when a cohort is closed: about its end, and what one asked for.

Everything else of a closed cohort is held.
"""
CHUNK = 500
AT_ONCE = 125
"""Letters written in one statement: some milliseconds' work."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a letter: its message, once there is one."""

    letter_id: int
    channel_id: int | None
    message_id: int | None
    state: LetterState


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter that reached nobody, and why in plain words."""

    letter_id: int
    kind: str
    member_id: int | None
    at: datetime
    why: str


async def enqueue(
    tx: Tx,
    *,
    kind: str,
    dedupe: str,
    place: Place,
    now: datetime,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    cohort_id: int | None = None,
    member_id: int | None = None,
    subject: Subject | None = None,
    depends_on: int | None = None,
    action: Action | Literal["send", "thread", "edit", "post"] = Action.SEND,
    priority: int = 5,
    counts: bool = True,
    pings: Sequence[int] = (),
    any_hour: bool = False,
) -> int | None:
    """Write one letter; return its number, or None when its dedupe key was used before.

    See `NewLetter` for what the words mean. A smaller priority goes first.
    """
    letter = NewLetter(
        kind=kind,
        dedupe=dedupe,
        place=place,
        due_at=due_at or now,
        expires_at=expires_at,
        cohort_id=cohort_id,
        member_id=member_id,
        subject=subject or {},
        depends_on=depends_on,
        action=action,
        priority=priority,
        counts=counts,
        pings=tuple(pings),
        any_hour=any_hour,
    )
    return (await enqueue_all(tx, [letter], now)).get(dedupe)


async def enqueue_all(tx: Tx, new: Sequence[NewLetter], now: datetime) -> dict[str, int]:
    """Write many letters at once; return the numbers of those that are new by their dedupe key.

    A letter to a paused or blocked cohort is held. One to a person waits until their quiet hours
    end. Each is counted against the budget of the members it pings.
    """
    states = await _silent_cohorts(tx, {one.cohort_id for one in new if one.cohort_id})
    people = await _people(tx, {member_id for one in new for member_id in _pinged(one)})
    known = await _known_users(tx, {one.place.id for one in new if one.place.kind == "user"})
    name = await instance(tx)
    rows = [
        _row(one, name, now, people, known, held=_is_held(one, states.get(one.cohort_id or 0)))
        async for one in breathing(new)
    ]
    written: dict[str, int] = {}
    statement = _insert(tx, letters).returning(letters.c.dedupe, letters.c.letter_id)
    async for chunk in breathing(slices(rows, AT_ONCE), 1):
        for row in await tx.execute(statement, chunk):
            written[row.dedupe] = row.letter_id
    await budget.count(
        tx,
        [
            budget.Ping(
                member_id, written[one.dedupe], people[member_id].day(max(row["due_at"], now))
            )
            async for one, row in breathing(zip(new, rows, strict=True))
            if one.counts and one.dedupe in written
            for member_id in _pinged(one)
            if member_id in people
        ],
    )
    return written


@dataclass(frozen=True, slots=True)
class _Person:
    """Where a pinged member lives and when they sleep."""

    user_id: int
    zone: str
    quiet_from: Any
    quiet_to: Any

    def awake(self, moment: datetime) -> datetime:
        return wait(moment, self.zone, self.quiet_from, self.quiet_to)

    def day(self, moment: datetime) -> Any:
        return moment.astimezone(zone_info(self.zone)).date()


def _pinged(letter: NewLetter) -> tuple[int, ...]:
    """Return the members whose attention this letter takes."""
    return letter.pings or ((letter.member_id,) if letter.member_id is not None else ())


def _row(
    letter: NewLetter,
    name: str,
    now: datetime,
    people: dict[int, _Person],
    known: set[int],
    *,
    held: bool,
) -> dict[str, Any]:
    to_person = letter.place.kind is PlaceKind.USER
    in_thread = letter.place.kind is PlaceKind.THREAD
    due_at = letter.due_at
    if to_person and not letter.any_hour and letter.member_id in people:
        due_at = people[letter.member_id].awake(max(due_at, now))
    return {
        "kind": letter.kind,
        "dedupe": letter.dedupe,
        "cohort_id": letter.cohort_id,
        "member_id": letter.member_id,
        "user_id": letter.place.id if to_person and letter.place.id in known else None,
        "action": Action(letter.action),
        "place": letter.place.kind,
        "place_id": letter.place.id,
        "order_key": letter.place.order_key,
        "depends_on": letter.depends_on or (letter.place.id if in_thread else None),
        "subject": dict(letter.subject),
        "nonce": nonce_of(name, letter.dedupe),
        "priority": letter.priority,
        "any_hour": letter.any_hour,
        "due_at": due_at,
        "not_before": due_at,
        "expires_at": letter.expires_at,
        "state": LetterState.HELD if held else LetterState.PENDING,
        "created_at": now,
    }


async def _silent_cohorts(tx: Tx, wanted: set[int]) -> dict[int, CohortState]:
    if not wanted:
        return {}
    rows = await tx.execute(
        select(cohorts.c.cohort_id, cohorts.c.state).where(
            cohorts.c.cohort_id.in_(wanted),
            cohorts.c.state.in_([*HELD_STATES, CohortState.CLOSED]),
        )
    )
    return {row.cohort_id: row.state for row in rows}


def _is_held(letter: NewLetter, state: CohortState | None) -> bool:
    """Say whether a letter waits: its cohort is silent, or over and this is not about the end."""
    if state is CohortState.CLOSED:
        return letter.kind.partition(".")[0] not in AFTER_THE_END
    return state in HELD_STATES


async def _people(tx: Tx, wanted: set[int]) -> dict[int, _Person]:
    found: dict[int, _Person] = {}
    u = users.c
    async for chunk in breathing(slices(sorted(wanted), CHUNK), 1):
        rows = await tx.execute(
            select(members.c.member_id, u.user_id, u.zone, u.quiet_from, u.quiet_to)
            .join(users, u.user_id == members.c.user_id)
            .where(members.c.member_id.in_(chunk))
        )
        async for row in breathing(rows):
            found[row.member_id] = _Person(row.user_id, row.zone, row.quiet_from, row.quiet_to)
    return found


async def _known_users(tx: Tx, wanted: set[int]) -> set[int]:
    found: set[int] = set()
    async for chunk in breathing(slices(sorted(wanted), CHUNK), 1):
        rows = await tx.execute(select(users.c.user_id).where(users.c.user_id.in_(chunk)))
        found.update(rows.scalars())
    return found


def _insert(tx: Tx, into: Table) -> Insert:
    """Return an insert that leaves out what is there already."""
    if tx.dialect.name == "sqlite":
        return sqlite.insert(into).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(into).on_conflict_do_nothing()


async def result(tx: Tx, dedupe: str) -> Posted | None:
    """Return what became of the letter with that dedupe key."""
    c = letters.c
    row = await tx.execute(
        select(c.letter_id, c.channel_id, c.message_id, c.state).where(c.dedupe == dedupe)
    )
    found = row.one_or_none()
    return Posted(**found._mapping) if found else None


async def cancel(tx: Tx, dedupe_prefix: str, now: datetime, why: str = "no longer needed") -> int:
    """Cancel what is not on its way yet among the letters whose key begins so; return how many."""
    return await _end(
        tx,
        LetterState.CANCELLED,
        why,
        now,
        letters.c.state.in_([LetterState.PENDING, LetterState.HELD]),
        letters.c.dedupe.startswith(dedupe_prefix, autoescape=True),
    )


async def cancel_for_member(tx: Tx, member_id: int, now: datetime, why: str) -> int:
    """Cancel what is not on its way yet for one member, who has left."""
    return await _end(
        tx,
        LetterState.CANCELLED,
        why,
        now,
        letters.c.state.in_([LetterState.PENDING, LetterState.HELD]),
        letters.c.member_id == member_id,
        outcome=Outcome.LEFT,
    )


async def stop_for_member(
    tx: Tx, member_id: int, now: datetime, why: str, *, kind: str = ""
) -> int:
    """Cancel what is not on its way yet for a member who wants no more of it.

    `kind` is how the kind begins, for example `checkin`; without one, everything that would
    reach them directly.
    """
    return await _end(
        tx,
        LetterState.CANCELLED,
        why,
        now,
        letters.c.state.in_([LetterState.PENDING, LetterState.HELD]),
        letters.c.member_id == member_id,
        letters.c.kind.startswith(kind, autoescape=True),
        outcome=Outcome.SKIPPED,
    )


async def stop_for_user(
    tx: Tx, user_id: int, cohort_id: int, now: datetime, why: str, *, kind: str
) -> int:
    """Cancel what a cohort would write to somebody who is no member and wants no more of a kind."""
    return await _end(
        tx,
        LetterState.CANCELLED,
        why,
        now,
        letters.c.state.in_([LetterState.PENDING, LetterState.HELD]),
        letters.c.place == PlaceKind.USER,
        letters.c.place_id == user_id,
        letters.c.cohort_id == cohort_id,
        letters.c.kind.startswith(kind, autoescape=True),
        outcome=Outcome.SKIPPED,
    )


async def forget(tx: Tx, user_id: int) -> None:
    """Forget letters to a person who is no user, and texts in which they may be named.

    Letters to a user go with the user, by the database's own cascade.
    """
    to_them = (letters.c.place == PlaceKind.USER) & (letters.c.place_id == user_id)
    await tx.execute(delete(letters).where(to_them))
    theirs = (
        select(recipients.recipients.c.letter_id)
        .join(members, members.c.member_id == recipients.recipients.c.member_id)
        .where(members.c.user_id == user_id)
    )
    await tx.execute(
        update(letters)
        .where(letters.c.letter_id.in_(theirs), letters.c.state != LetterState.SENDING)
        .values(payload=None)
    )


async def hold(tx: Tx, cohort_id: int) -> int:
    """Hold everything of a cohort that is not on its way yet; return how much that is."""
    return await _count(
        tx,
        update(letters)
        .where(letters.c.cohort_id == cohort_id, letters.c.state == LetterState.PENDING)
        .values(state=LetterState.HELD)
        .returning(letters.c.letter_id),
    )


async def held(tx: Tx, cohort_id: int) -> list[Letter]:
    """Return what is held for a cohort, oldest first."""
    rows = await tx.execute(
        select(letters)
        .where(letters.c.cohort_id == cohort_id, letters.c.state == LetterState.HELD)
        .order_by(letters.c.letter_id)
    )
    return [as_letter(row) for row in rows]


async def rest(tx: Tx, cohort_id: int) -> int:
    """Hold everything of a cohort that closes, but not what is said about its end."""
    return await _count(
        tx,
        update(letters)
        .where(
            letters.c.cohort_id == cohort_id,
            letters.c.state == LetterState.PENDING,
            *(letters.c.kind.not_like(f"{kind}.%") for kind in AFTER_THE_END),
        )
        .values(state=LetterState.HELD)
        .returning(letters.c.letter_id),
    )


async def release(tx: Tx, cohort_id: int, only: Iterable[int] | None = None) -> int:
    """Let held letters go out, all or only these; return how many."""
    return await _count(
        tx,
        update(letters)
        .where(letters.c.cohort_id == cohort_id, letters.c.state == LetterState.HELD, *_among(only))
        .values(state=LetterState.PENDING)
        .returning(letters.c.letter_id),
    )


async def drop(tx: Tx, cohort_id: int, now: datetime, only: Iterable[int] | None = None) -> int:
    """Leave held letters unsaid, all or only these; return how many.

    Whoever they were for was skipped, and has that ping back.
    """
    return await _end(
        tx,
        LetterState.CANCELLED,
        "dropped while the cohort was paused",
        now,
        letters.c.cohort_id == cohort_id,
        letters.c.state == LetterState.HELD,
        *_among(only),
    )


def _among(only: Iterable[int] | None) -> list[Any]:
    return [] if only is None else [letters.c.letter_id.in_(list(only))]


async def end(
    tx: Tx,
    letter_id: int,
    state: LetterState,
    why: str,
    now: datetime,
    outcome: Outcome | None = None,
) -> None:
    """End one letter without a message."""
    await _end(tx, state, why, now, letters.c.letter_id == letter_id, outcome=outcome)


async def end_at(tx: Tx, order_key: str, why: str, now: datetime) -> int:
    """Give up whatever waits for a place that is gone; return how much that was."""
    return await _end(
        tx,
        LetterState.DEAD,
        why,
        now,
        letters.c.order_key == order_key,
        letters.c.state.in_([LetterState.PENDING, LetterState.HELD]),
    )


async def _end(
    tx: Tx,
    state: LetterState,
    why: str,
    now: datetime,
    *which: Any,
    outcome: Outcome | None = None,
) -> int:
    """End letters without a message: give the pings back and tell the recipients' rows.

    What was cancelled skipped its people; what failed did not reach them.
    """
    cancelled = state is LetterState.CANCELLED
    became = outcome or (Outcome.SKIPPED if cancelled else Outcome.UNDELIVERED)
    rows = await tx.execute(
        update(letters)
        .where(*which)
        .values(
            state=state, ended_at=now, last_error=why, payload=None, owner=None, lease_until=None
        )
        .returning(letters.c.letter_id)
    )
    ended = list(rows.scalars())
    for chunk in slices(ended, CHUNK):
        await budget.forget(tx, chunk)
        await recipients.mark(tx, became, why, letters=chunk)
    return len(ended)


async def expire(tx: Tx, now: datetime) -> int:
    """End what is too late to be worth saying, and whatever waited for something that never came.

    An answer that depends on a message which was never posted goes with it.
    """
    late = await _end(
        tx,
        LetterState.EXPIRED,
        "its time had passed",
        now,
        letters.c.state.in_([LetterState.PENDING, LetterState.HELD]),
        letters.c.expires_at <= now,
    )
    first = letters.alias("first")
    lost = select(first.c.letter_id).where(
        first.c.state.in_([LetterState.DEAD, LetterState.EXPIRED, LetterState.CANCELLED])
    )
    orphaned = await _end(
        tx,
        LetterState.DEAD,
        "what it belonged to was not posted",
        now,
        letters.c.state.in_([LetterState.PENDING, LetterState.HELD]),
        letters.c.depends_on.in_(lost),
    )
    return late + orphaned


async def undelivered(tx: Tx, cohort_id: int, since: datetime) -> list[Undelivered]:
    """Return what reached nobody since then, newest first, with the reason in plain words."""
    c = letters.c
    rows = await tx.execute(
        select(c.letter_id, c.kind, c.member_id, c.ended_at, c.last_code, c.last_error)
        .where(
            c.cohort_id == cohort_id,
            c.state.in_([LetterState.DEAD, LetterState.EXPIRED]),
            c.ended_at >= since,
        )
        .order_by(c.ended_at.desc(), c.letter_id.desc())
    )
    return [
        Undelivered(
            row.letter_id,
            row.kind,
            row.member_id,
            row.ended_at,
            undeliverable.plain(row.last_code, row.last_error),
        )
        for row in rows
    ]


async def purge(tx: Tx, now: datetime) -> int:
    """Forget what was said: frozen texts after a week, everything else after ninety days."""
    await tx.execute(
        update(letters)
        .where(letters.c.payload.is_not(None), letters.c.created_at < now - KEEP_PAYLOAD)
        .where(letters.c.state.not_in(OPEN))
        .values(payload=None)
    )
    return await _count(
        tx,
        delete(letters)
        .where(letters.c.state.not_in(OPEN), letters.c.created_at < now - KEEP)
        .returning(letters.c.letter_id),
    )


async def _count(tx: Tx, statement: Executable) -> int:
    return len((await tx.execute(statement)).all())
