"""Where mentors, requests, pairings and notes are kept. The only SQL about mentoring."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Row,
    Text,
    UniqueConstraint,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from bot.people.cohorts import CohortState, cohorts
from bot.people.memberships import members
from bot.people.users import users
from bot.storage.columns import Day, Flag, Id, Json, Moment, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed
from cogs.mentors.model import (
    Ending,
    Match,
    MatchState,
    Mentor,
    MentorState,
    Note,
    Pairing,
    PairingState,
    Proposal,
    Request,
    RequestState,
)

mentors = table(
    "mentor",
    Column("mentor_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("user_id", Id, ForeignKey(users.c.user_id, ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("topics", Sealed, nullable=False),
    Column("minutes", Id, nullable=False),
    Column("mentees", Id, nullable=False),
    Column("days", Json, nullable=False),
    word("state", MentorState),
    Column("paused_until", Day),
    Column("at", Moment, nullable=False),
    UniqueConstraint("cohort_id", "user_id"),
    Index(None, "user_id"),
    Index(None, "state", "paused_until"),
)

requests = table(
    "mentor_request",
    Column("request_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("topics", Sealed, nullable=False),
    Column("wish", Sealed, nullable=False),
    word("state", RequestState, server_default="waiting"),
    Column("at", Moment, nullable=False),
    Index(None, "cohort_id", "state"),
    Index(None, "member_id", "state"),
)

pairings = table(
    "mentor_pairing",
    Column("pairing_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("mentor_id", Id, ForeignKey(mentors.c.mentor_id, ondelete="CASCADE"), nullable=False),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("request_id", Id, ForeignKey(requests.c.request_id, ondelete="SET NULL")),
    word("state", PairingState, server_default="active"),
    word("ending", Ending, nullable=True),
    Column("began_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("active_at", Moment, nullable=False),
    Column("asked_at", Moment),
    Column("met_at", Moment),
    Column("goals", Sealed, nullable=False),
    Column("cadence", Text, nullable=False, server_default=""),
    Column("channel", Sealed, nullable=False),
    Column("mentor_agreed_at", Moment),
    Column("mentee_agreed_at", Moment),
    Index(None, "mentor_id", "state"),
    Index(None, "cohort_id", "state"),
    Index(None, "state", "active_at"),
    Index(None, "request_id"),
    Index(
        "uq_mentor_pairing_open",
        "member_id",
        unique=True,
        sqlite_where=text("state = 'active'"),
    ),
    Index(None, "member_id"),
)

matches = table(
    "mentor_match",
    Column("match_id", Id, primary_key=True),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("seed", Id, nullable=False),
    word("state", MatchState, server_default="draft"),
    Column("at", Moment, nullable=False),
    Index(None, "cohort_id", "state"),
)

proposals = table(
    "mentor_proposal",
    Column("proposal_id", Id, primary_key=True),
    Column("match_id", Id, ForeignKey(matches.c.match_id, ondelete="CASCADE"), nullable=False),
    Column("request_id", Id, ForeignKey(requests.c.request_id, ondelete="CASCADE"), nullable=False),
    Column("mentor_id", Id, ForeignKey(mentors.c.mentor_id, ondelete="CASCADE"), nullable=False),
    Column("left_out", Flag, nullable=False, server_default="0"),
    UniqueConstraint("match_id", "request_id"),
    Index(None, "request_id"),
    Index(None, "mentor_id"),
)

silences = table(
    "mentor_silence",
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), primary_key=True),
)
"""Members who want no messages about mentoring; what there is stands on their cards."""

notes = table(
    "mentor_note",
    Column("note_id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey(users.c.user_id, ondelete="CASCADE"), nullable=False),
    # What somebody wrote for themselves stays theirs when the other has themselves erased.
    Column("about_id", Id, ForeignKey(users.c.user_id, ondelete="SET NULL")),
    Column("cohort_id", Id, ForeignKey(cohorts.c.cohort_id, ondelete="CASCADE"), nullable=False),
    Column("text", Sealed, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "user_id", "about_id"),
    Index(None, "about_id"),
    Index(None, "cohort_id"),
)


def _mentor(row: Row[Any]) -> Mentor:
    values = dict(row._mapping)
    values["days"] = tuple(values["days"])
    return Mentor(**values)


def _request(row: Row[Any]) -> Request:
    return Request(**row._mapping)


def _pairing(row: Row[Any]) -> Pairing:
    return Pairing(**row._mapping)


def _match(row: Row[Any]) -> Match:
    return Match(**row._mapping)


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(**row._mapping)


async def is_silent(tx: Tx, member_id: int) -> bool:
    """Say whether a member wants no messages about mentoring."""
    found = await tx.execute(select(silences).where(silences.c.member_id == member_id))
    return found.first() is not None


class MentorStore:
    """Read and write mentors, requests, pairings, matches and notes."""

    # --- who wants to hear of it

    async def fall_silent(self, tx: Tx, member_id: int) -> None:
        """Write to a member about mentoring no more; saying so twice changes nothing."""
        await self.speak_again(tx, member_id)
        await tx.execute(insert(silences).values(member_id=member_id))

    async def speak_again(self, tx: Tx, member_id: int) -> None:
        """Write to a member about mentoring again."""
        await tx.execute(delete(silences).where(silences.c.member_id == member_id))

    # --- mentors

    async def put_mentor(
        self, tx: Tx, cohort_id: int, user_id: int, now: datetime, **values: Any
    ) -> Mentor:
        """Keep a mentor: a new one, or what changed about the one there is."""
        if "days" in values:
            values["days"] = list(values["days"])
        known = await self.mentor_of(tx, cohort_id, user_id)
        if known is not None:
            return await self.change_mentor(tx, known.mentor_id, **values)
        row = await tx.execute(
            insert(mentors)
            .values(cohort_id=cohort_id, user_id=user_id, at=now, **values)
            .returning(mentors)
        )
        return _mentor(row.one())

    async def change_mentor(self, tx: Tx, mentor_id: int, **values: Any) -> Mentor:
        """Change a mentor and return them as they are now."""
        if "days" in values:
            values["days"] = list(values["days"])
        row = await tx.execute(
            update(mentors)
            .where(mentors.c.mentor_id == mentor_id)
            .values(**values)
            .returning(mentors)
        )
        return _mentor(row.one())

    async def mentor(self, tx: Tx, mentor_id: int) -> Mentor | None:
        """Return the mentor of that number, if there is one."""
        found = await self._mentors(tx, mentors.c.mentor_id == mentor_id)
        return found[0] if found else None

    async def mentor_of(self, tx: Tx, cohort_id: int, user_id: int) -> Mentor | None:
        """Return what a user is to a cohort as a mentor, in whatever state."""
        found = await self._mentors(
            tx, mentors.c.cohort_id == cohort_id, mentors.c.user_id == user_id
        )
        return found[0] if found else None

    async def mentors_of_user(self, tx: Tx, user_id: int) -> list[Mentor]:
        """Return a user's mentorships in every cohort, newest first."""
        return (await self._mentors(tx, mentors.c.user_id == user_id))[::-1]

    async def mentors_in(self, tx: Tx, cohort_id: int, *states: MentorState) -> list[Mentor]:
        """Return a cohort's mentors in these states, who came first first."""
        return await self._mentors(
            tx, mentors.c.cohort_id == cohort_id, mentors.c.state.in_(states)
        )

    async def due_back(self, tx: Tx, latest_on: date) -> list[Mentor]:
        """Return paused mentors whose first day back may have come."""
        return await self._mentors(
            tx, mentors.c.state == MentorState.PAUSED, mentors.c.paused_until <= latest_on
        )

    async def _mentors(self, tx: Tx, *conditions: ColumnElement[bool]) -> list[Mentor]:
        rows = await tx.execute(select(mentors).where(*conditions).order_by(mentors.c.mentor_id))
        return [_mentor(row) for row in rows]

    # --- requests

    async def add_request(
        self, tx: Tx, cohort_id: int, member_id: int, topics: str, wish: str, now: datetime
    ) -> Request:
        """Keep a request for a mentor."""
        row = await tx.execute(
            insert(requests)
            .values(cohort_id=cohort_id, member_id=member_id, topics=topics, wish=wish, at=now)
            .returning(requests)
        )
        return _request(row.one())

    async def change_request(self, tx: Tx, request_id: int, **values: Any) -> Request:
        """Change a request and return it as it is now."""
        row = await tx.execute(
            update(requests)
            .where(requests.c.request_id == request_id)
            .values(**values)
            .returning(requests)
        )
        return _request(row.one())

    async def request(self, tx: Tx, request_id: int) -> Request | None:
        """Return the request of that number, if there is one."""
        found = await self._requests(tx, requests.c.request_id == request_id)
        return found[0] if found else None

    async def requests_of(self, tx: Tx, member_id: int, *states: RequestState) -> list[Request]:
        """Return a member's requests, oldest first, only in these states if any are given."""
        wanted = [requests.c.member_id == member_id]
        if states:
            wanted.append(requests.c.state.in_(states))
        return await self._requests(tx, *wanted)

    async def waiting(self, tx: Tx, cohort_id: int) -> list[Request]:
        """Return the requests of a cohort that wait for a mentor, oldest first."""
        return await self._requests(
            tx, requests.c.cohort_id == cohort_id, requests.c.state == RequestState.WAITING
        )

    async def _requests(self, tx: Tx, *conditions: ColumnElement[bool]) -> list[Request]:
        order = (requests.c.at, requests.c.request_id)
        rows = await tx.execute(select(requests).where(*conditions).order_by(*order))
        return [_request(row) for row in rows]

    # --- pairings

    async def add_pairing(self, tx: Tx, request: Request, mentor_id: int, now: datetime) -> Pairing:
        """Bring a mentor and whoever asked together."""
        row = await tx.execute(
            insert(pairings)
            .values(
                cohort_id=request.cohort_id,
                mentor_id=mentor_id,
                member_id=request.member_id,
                request_id=request.request_id,
                began_at=now,
                active_at=now,
                goals="",
                channel="",
            )
            .returning(pairings)
        )
        return _pairing(row.one())

    async def change_pairing(self, tx: Tx, pairing_id: int, **values: Any) -> Pairing:
        """Change a pairing and return it as it is now."""
        row = await tx.execute(
            update(pairings)
            .where(pairings.c.pairing_id == pairing_id)
            .values(**values)
            .returning(pairings)
        )
        return _pairing(row.one())

    async def pairing(self, tx: Tx, pairing_id: int) -> Pairing | None:
        """Return the pairing of that number, if there is one."""
        found = await self._pairings(tx, pairings.c.pairing_id == pairing_id)
        return found[0] if found else None

    async def pairings_of_mentor(self, tx: Tx, mentor_id: int) -> list[Pairing]:
        """Return a mentor's pairings, ended ones too, oldest first."""
        return await self._pairings(tx, pairings.c.mentor_id == mentor_id)

    async def pairings_of_member(self, tx: Tx, member_id: int) -> list[Pairing]:
        """Return a mentee's pairings, ended ones too, oldest first."""
        return await self._pairings(tx, pairings.c.member_id == member_id)

    async def open_pairing(self, tx: Tx, member_id: int) -> Pairing | None:
        """Return the pairing a mentee is in, if any."""
        found = await self._pairings(
            tx, pairings.c.member_id == member_id, pairings.c.state == PairingState.ACTIVE
        )
        return found[0] if found else None

    async def pairings_in(self, tx: Tx, cohort_id: int) -> list[Pairing]:
        """Return every pairing a cohort has had, oldest first."""
        return await self._pairings(tx, pairings.c.cohort_id == cohort_id)

    async def all_open(self, tx: Tx) -> list[Pairing]:
        """Return every pairing that goes on, in cohorts that run."""
        return await self._going_on(tx)

    async def gone_quiet(self, tx: Tx, since: datetime) -> list[Pairing]:
        """Return pairings without a sign of life since then whom nobody has asked about it."""
        return await self._going_on(
            tx, pairings.c.active_at <= since, pairings.c.asked_at.is_(None)
        )

    async def unanswered(self, tx: Tx, since: datetime) -> list[Pairing]:
        """Return pairings that were asked by then whether they go on, and did not answer."""
        return await self._going_on(tx, pairings.c.asked_at <= since)

    async def _going_on(self, tx: Tx, *conditions: ColumnElement[bool]) -> list[Pairing]:
        rows = await tx.execute(
            select(pairings)
            .join(cohorts, cohorts.c.cohort_id == pairings.c.cohort_id)
            .where(
                pairings.c.state == PairingState.ACTIVE,
                cohorts.c.state == CohortState.LIVE,
                *conditions,
            )
            .order_by(pairings.c.pairing_id)
        )
        return [_pairing(row) for row in rows]

    async def next_quiet(self, tx: Tx) -> tuple[datetime | None, datetime | None]:
        """Return the longest silence nobody asked about, and the oldest question unanswered."""
        row = await tx.execute(
            select(
                func.min(pairings.c.active_at).filter(pairings.c.asked_at.is_(None)),
                func.min(pairings.c.asked_at),
            ).where(pairings.c.state == PairingState.ACTIVE)
        )
        active_at, asked_at = row.one()
        return active_at, asked_at

    async def _pairings(self, tx: Tx, *conditions: ColumnElement[bool]) -> list[Pairing]:
        rows = await tx.execute(select(pairings).where(*conditions).order_by(pairings.c.pairing_id))
        return [_pairing(row) for row in rows]

    # --- matches

    async def add_match(
        self, tx: Tx, cohort_id: int, seed: int, pairs: Sequence[tuple[int, int]], now: datetime
    ) -> Match:
        """Keep a draft (request and mentor numbers) in place of the one there was.

        Old drafts stay, so that a button on one of their cards never means a newer one.
        """
        await tx.execute(
            update(matches)
            .where(matches.c.cohort_id == cohort_id, matches.c.state == MatchState.DRAFT)
            .values(state=MatchState.DROPPED)
        )
        row = await tx.execute(
            insert(matches).values(cohort_id=cohort_id, seed=seed, at=now).returning(matches)
        )
        match = _match(row.one())
        values = [
            {"match_id": match.match_id, "request_id": request_id, "mentor_id": mentor_id}
            for request_id, mentor_id in pairs
        ]
        if values:
            await tx.execute(insert(proposals), values)
        return match

    async def match(self, tx: Tx, match_id: int) -> Match | None:
        """Return the match of that number, if it is still there."""
        row = await tx.execute(select(matches).where(matches.c.match_id == match_id))
        found = row.one_or_none()
        return _match(found) if found else None

    async def draft_of(self, tx: Tx, cohort_id: int) -> Match | None:
        """Return the draft that waits for a moderator, if there is one."""
        row = await tx.execute(
            select(matches).where(
                matches.c.cohort_id == cohort_id, matches.c.state == MatchState.DRAFT
            )
        )
        found = row.first()
        return _match(found) if found else None

    async def change_match(self, tx: Tx, match_id: int, state: MatchState) -> None:
        """Note that a match was approved or dropped."""
        await tx.execute(update(matches).where(matches.c.match_id == match_id).values(state=state))

    async def proposals_of(self, tx: Tx, match_id: int) -> list[Proposal]:
        """Return the pairs of a match."""
        rows = await tx.execute(
            select(proposals)
            .where(proposals.c.match_id == match_id)
            .order_by(proposals.c.proposal_id)
        )
        return [_proposal(row) for row in rows]

    async def proposal(self, tx: Tx, proposal_id: int) -> Proposal | None:
        """Return the proposal of that number, if it is still there."""
        row = await tx.execute(select(proposals).where(proposals.c.proposal_id == proposal_id))
        found = row.one_or_none()
        return _proposal(found) if found else None

    async def change_proposal(self, tx: Tx, proposal_id: int, **values: Any) -> None:
        """Give a pair of a draft another mentor, or leave it out."""
        await tx.execute(
            update(proposals).where(proposals.c.proposal_id == proposal_id).values(**values)
        )

    # --- notes

    async def add_note(
        self, tx: Tx, user_id: int, about_id: int, cohort_id: int, written: str, now: datetime
    ) -> None:
        """Keep a note that only its writer reads."""
        await tx.execute(
            insert(notes).values(
                user_id=user_id, about_id=about_id, cohort_id=cohort_id, text=written, at=now
            )
        )

    async def notes_of(
        self, tx: Tx, user_id: int, about_id: int, cohort_id: int, limit: int = 5
    ) -> tuple[Note, ...]:
        """Return a writer's latest notes about somebody, newest first."""
        rows = await tx.execute(
            _notes()
            .where(
                notes.c.user_id == user_id,
                notes.c.about_id == about_id,
                notes.c.cohort_id == cohort_id,
            )
            .order_by(notes.c.note_id.desc())
            .limit(limit)
        )
        return tuple(Note(**row._mapping) for row in rows)

    async def notes_by(self, tx: Tx, user_id: int) -> list[Note]:
        """Return everything somebody wrote, oldest first."""
        rows = await tx.execute(
            _notes().where(notes.c.user_id == user_id).order_by(notes.c.note_id)
        )
        return [Note(**row._mapping) for row in rows]

    async def remove_note(self, tx: Tx, user_id: int, note_id: int) -> None:
        """Remove a note of its writer; doing so twice changes nothing."""
        await tx.execute(
            delete(notes).where(notes.c.note_id == note_id, notes.c.user_id == user_id)
        )

    async def users_paired(self, tx: Tx, one: int, other: int) -> list[Pairing]:
        """Return the pairings these two users have had, as whichever of the two."""
        rows = await tx.execute(
            select(pairings)
            .join(mentors, mentors.c.mentor_id == pairings.c.mentor_id)
            .join(members, members.c.member_id == pairings.c.member_id)
            .where(
                or_(
                    (mentors.c.user_id == one) & (members.c.user_id == other),
                    (mentors.c.user_id == other) & (members.c.user_id == one),
                )
            )
            .order_by(pairings.c.pairing_id)
        )
        return [_pairing(row) for row in rows]


def _notes() -> Any:
    return select(notes.c.note_id, notes.c.user_id, notes.c.about_id, notes.c.text, notes.c.at)
