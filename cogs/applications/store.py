"""Where applications are kept. The only SQL about applications."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.people.memberships import members
from bot.storage.columns import Day, Flag, Id, Moment, Wall, word
from bot.storage.database import Tx, table
from bot.storage.sealed import Sealed

from .model import (
    UNDER_WAY,
    Answer,
    Answered,
    Application,
    Course,
    Entry,
    HintKind,
    Import,
    ImportState,
    Move,
    Note,
    Status,
)

imports = table(
    "application_import",
    Column("import_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("rows", Sealed, nullable=False),
    word("state", ImportState, server_default="read"),
    Column("at", Moment, nullable=False),
    Index(None, "member_id"),
    Index(None, "at"),
)
"""Files that were read: first to be looked at, then to be undone; forgotten after a week."""

applications = table(
    "application",
    Column("application_id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey(members.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("import_id", Id, ForeignKey(imports.c.import_id, ondelete="SET NULL")),
    Column("company", Sealed, nullable=False),
    Column("title", Sealed, nullable=False),
    Column("url", Sealed, nullable=False),
    word("status", Status),
    Column("moved_on", Day, nullable=False),
    Column("deadline_on", Day),
    Column("interview_on", Day),
    Column("interview_wall", Wall),
    Column("opening", Text),
    Column("hint_at", Moment),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("member_id", "opening"),
    Index(None, "member_id", "status", "moved_on"),
    Index(None, "import_id"),
    Index(None, "hint_at"),
)
"""`opening` is a keyed mark of the posting: the database alone does not tell which one it was."""

moves = table(
    "application_move",
    Column("move_id", Id, primary_key=True),
    Column(
        "application_id",
        Id,
        ForeignKey(applications.c.application_id, ondelete="CASCADE"),
        nullable=False,
    ),
    word("status", Status),
    Column("moved_on", Day, nullable=False),
    Index(None, "application_id"),
)

notes = table(
    "application_note",
    Column("note_id", Id, primary_key=True),
    Column(
        "application_id",
        Id,
        ForeignKey(applications.c.application_id, ondelete="CASCADE"),
        nullable=False,
    ),
    Column("text", Sealed, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "application_id"),
)

hints = table(
    "application_hint",
    Column(
        "application_id",
        Id,
        ForeignKey(applications.c.application_id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    word("kind", HintKind, primary_key=True),
    Column("since_on", Day, primary_key=True),
    Column("told_at", Moment),
    word("answer", Answer, nullable=True),
    Column("answered_on", Day),
)

choices = table(
    "application_choice",
    Column(
        "member_id",
        Id,
        ForeignKey(members.c.member_id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("suggests", Flag, nullable=False),
)


ENTRIES: TypeAdapter[tuple[Entry, ...]] = TypeAdapter(tuple[Entry, ...])
AT_ONCE = 100
"""Rows opened without letting anything else happen: a few milliseconds' work."""

_a = applications.c
_COURSE = (
    _a.application_id,
    _a.member_id,
    _a.status,
    _a.moved_on,
    _a.deadline_on,
    _a.interview_on,
    _a.interview_wall,
)
_WHOLE = (*_COURSE, _a.company, _a.title, _a.url, _a.made_at)


def _course(row: Any) -> Course:
    return Course(**row._mapping)


def _application(row: Any) -> Application:
    return Application(**row._mapping)


def _in_order(statuses: Sequence[Status]) -> list[Any]:
    """Return the order of the board: by status as asked, the next deadline, the latest step."""
    rank = case({status.value: n for n, status in enumerate(statuses)}, value=_a.status)
    sooner = case((_a.status == Status.SAVED, _a.deadline_on), else_=None)
    return [rank, sooner.is_(None), sooner, _a.moved_on.desc(), _a.application_id.desc()]


class ApplicationStore:
    """Read and write applications."""

    async def add(
        self, tx: Tx, member_id: int, status: Status, day: date, at: datetime, **values: Any
    ) -> Application:
        """Keep a new application with its first step."""
        row = await tx.execute(
            insert(applications)
            .values(member_id=member_id, status=status, moved_on=day, made_at=at, **values)
            .returning(*_WHOLE)
        )
        made = _application(row.one())
        await self._step(tx, made.application_id, status, day)
        return made

    async def _step(self, tx: Tx, application_id: int, status: Status, day: date) -> None:
        await tx.execute(
            insert(moves).values(application_id=application_id, status=status, moved_on=day)
        )

    async def get(
        self, tx: Tx, application_id: int, member_ids: Sequence[int]
    ) -> Application | None:
        """Return the application, if it belongs to one of these memberships."""
        rows = await tx.execute(
            select(*_WHOLE).where(_a.application_id == application_id, _a.member_id.in_(member_ids))
        )
        found = rows.one_or_none()
        return _application(found) if found else None

    async def several(self, tx: Tx, numbers: Sequence[int]) -> dict[int, Application]:
        """Return these applications by their numbers."""
        rows = await tx.execute(select(*_WHOLE).where(_a.application_id.in_(numbers)))
        return {row.application_id: _application(row) for row in rows}

    async def of_opening(self, tx: Tx, member_id: int, opening: str) -> int | None:
        """Return the member's application for an opening, by its mark."""
        rows = await tx.execute(
            select(_a.application_id).where(_a.member_id == member_id, _a.opening == opening)
        )
        return rows.scalar_one_or_none()

    async def counts(self, tx: Tx, member_ids: Sequence[int]) -> dict[Status, int]:
        """Return how many applications of a person stand where."""
        rows = await tx.execute(
            select(_a.status, func.count()).where(_a.member_id.in_(member_ids)).group_by(_a.status)
        )
        return {status: number for status, number in rows}

    async def of(
        self,
        tx: Tx,
        member_ids: Sequence[int],
        statuses: Sequence[Status],
        limit: int,
        offset: int = 0,
    ) -> list[Application]:
        """Return some of a person's applications in the order of the board."""
        rows = await tx.execute(
            select(*_WHOLE)
            .where(_a.member_id.in_(member_ids), _a.status.in_(statuses))
            .order_by(*_in_order(statuses))
            .limit(limit)
            .offset(offset)
        )
        return [_application(row) for row in rows]

    async def all_of(
        self, tx: Tx, member_ids: Sequence[int], statuses: Sequence[Status] = tuple(Status)
    ) -> list[Application]:
        """Return every application of a person, opened a hundred at a time."""
        found: list[Application] = []
        while True:
            part = await self.of(tx, member_ids, statuses, AT_ONCE, len(found))
            found += part
            if len(part) < AT_ONCE:
                return found

    async def change(self, tx: Tx, application_id: int, **values: Any) -> None:
        """Change an application, which is then the member's own, whatever file it came from."""
        await tx.execute(
            update(applications)
            .where(_a.application_id == application_id)
            .values(import_id=None, **values)
        )

    async def remove(self, tx: Tx, application_id: int) -> None:
        """Forget an application."""
        await tx.execute(delete(applications).where(_a.application_id == application_id))

    # --- steps and notes

    async def move(self, tx: Tx, application_id: int, status: Status, day: date) -> None:
        """Keep a step."""
        await self._step(tx, application_id, status, day)
        await self.change(tx, application_id, status=status, moved_on=day)

    async def take_back(self, tx: Tx, last: Move, before: Move) -> None:
        """Forget the latest step."""
        await tx.execute(delete(moves).where(moves.c.move_id == last.move_id))
        await self.change(tx, last.application_id, status=before.status, moved_on=before.moved_on)

    async def redate(self, tx: Tx, last: Move, day: date) -> None:
        """Say that the latest step happened on another day."""
        await tx.execute(update(moves).where(moves.c.move_id == last.move_id).values(moved_on=day))
        await self.change(tx, last.application_id, moved_on=day)

    async def moves_of(self, tx: Tx, application_id: int) -> tuple[Move, ...]:
        """Return an application's steps, oldest first."""
        rows = await tx.execute(
            select(moves).where(moves.c.application_id == application_id).order_by(moves.c.move_id)
        )
        return tuple(Move(**row._mapping) for row in rows)

    async def histories(self, tx: Tx, member_ids: Sequence[int]) -> dict[int, list[Move]]:
        """Return the steps of all of a person's applications, oldest first."""
        rows = await tx.execute(
            select(moves)
            .join(applications, _a.application_id == moves.c.application_id)
            .where(_a.member_id.in_(member_ids))
            .order_by(moves.c.move_id)
        )
        found: dict[int, list[Move]] = {}
        for row in rows:
            found.setdefault(row.application_id, []).append(Move(**row._mapping))
        return found

    async def add_note(self, tx: Tx, application_id: int, text: str, at: datetime) -> None:
        """Keep a line."""
        await tx.execute(insert(notes).values(application_id=application_id, text=text, at=at))

    async def count_notes(self, tx: Tx, application_id: int) -> int:
        """Return how many lines an application has."""
        rows = await tx.execute(
            select(func.count()).where(notes.c.application_id == application_id)
        )
        return rows.scalar_one()

    async def notes_of(self, tx: Tx, application_id: int, limit: int) -> tuple[Note, ...]:
        """Return the latest lines, newest first."""
        rows = await tx.execute(
            select(notes.c.text, notes.c.at)
            .where(notes.c.application_id == application_id)
            .order_by(notes.c.note_id.desc())
            .limit(limit)
        )
        return tuple(Note(row.text, row.at) for row in rows)

    async def all_notes(self, tx: Tx, member_ids: Sequence[int]) -> dict[int, list[Note]]:
        """Return all lines of a person's applications, oldest first."""
        rows = await tx.execute(
            select(notes)
            .join(applications, _a.application_id == notes.c.application_id)
            .where(_a.member_id.in_(member_ids))
            .order_by(notes.c.note_id)
        )
        found: dict[int, list[Note]] = {}
        for row in rows:
            found.setdefault(row.application_id, []).append(Note(row.text, row.at))
        return found

    # --- suggestions

    async def courses(self, tx: Tx, member_ids: Sequence[int]) -> list[Course]:
        """Return how a person's applications under way go, without opening them."""
        rows = await tx.execute(
            select(*_COURSE)
            .where(_a.member_id.in_(member_ids), _a.status.in_(UNDER_WAY))
            .order_by(_a.moved_on, _a.application_id)
        )
        return [_course(row) for row in rows]

    async def answered(self, tx: Tx, numbers: Sequence[int]) -> dict[int, list[Answered]]:
        """Return what was suggested about these applications, and what the member said."""
        rows = await tx.execute(select(hints).where(hints.c.application_id.in_(numbers)))
        found: dict[int, list[Answered]] = {number: [] for number in numbers}
        for row in rows:
            found[row.application_id].append(Answered(**row._mapping))
        return found

    async def keep_hint(
        self, tx: Tx, application_id: int, kind: HintKind, since_on: date, **values: Any
    ) -> None:
        """Keep that a suggestion was made, or what the member said to it."""
        same = (
            hints.c.application_id == application_id,
            hints.c.kind == kind,
            hints.c.since_on == since_on,
        )
        done = await tx.execute(update(hints).where(*same).values(**values).returning(hints.c.kind))
        if done.first() is None:
            await tx.execute(
                insert(hints).values(
                    application_id=application_id, kind=kind, since_on=since_on, **values
                )
            )

    async def last_told_at(self, tx: Tx, member_id: int) -> datetime | None:
        """Return when a member was last written to about their applications."""
        rows = await tx.execute(
            select(func.max(hints.c.told_at))
            .join(applications, _a.application_id == hints.c.application_id)
            .where(_a.member_id == member_id)
        )
        return rows.scalar_one()

    async def set_hint_at(self, tx: Tx, application_id: int, at: datetime | None) -> None:
        """Keep when to look at an application next."""
        await tx.execute(
            update(applications).where(_a.application_id == application_id).values(hint_at=at)
        )

    async def due(self, tx: Tx, now: datetime) -> list[int]:
        """Return the members about whose applications something could be suggested by now."""
        rows = await tx.execute(
            select(_a.member_id).where(_a.hint_at <= now).distinct().order_by(_a.member_id)
        )
        return list(rows.scalars())

    async def due_of(self, tx: Tx, member_id: int, now: datetime) -> list[int]:
        """Return which of a member's applications are to be looked at by now."""
        rows = await tx.execute(
            select(_a.application_id).where(_a.member_id == member_id, _a.hint_at <= now)
        )
        return list(rows.scalars())

    async def next_hint_at(self, tx: Tx, now: datetime) -> datetime | None:
        """Return the next moment at which something could be suggested to anybody."""
        rows = await tx.execute(select(func.min(_a.hint_at)).where(_a.hint_at > now))
        return rows.scalar_one()

    async def suggests(self, tx: Tx, member_id: int) -> bool:
        """Say whether a member accepts suggestions as messages; they do until they say no."""
        rows = await tx.execute(select(choices.c.suggests).where(choices.c.member_id == member_id))
        return rows.scalar_one_or_none() is not False

    async def set_suggests(self, tx: Tx, member_id: int, suggests: bool) -> None:
        """Keep whether a member accepts suggestions as messages."""
        mine = choices.c.member_id == member_id
        done = await tx.execute(
            update(choices).where(mine).values(suggests=suggests).returning(choices.c.member_id)
        )
        if done.first() is None:
            await tx.execute(insert(choices).values(member_id=member_id, suggests=suggests))

    # --- files

    async def keep_import(
        self, tx: Tx, member_id: int, entries: tuple[Entry, ...], at: datetime
    ) -> int:
        """Keep what was read from a file; return its number."""
        rows = ENTRIES.dump_json(entries).decode()
        made = await tx.execute(
            insert(imports)
            .values(member_id=member_id, rows=rows, at=at)
            .returning(imports.c.import_id)
        )
        return made.scalar_one()

    async def get_import(self, tx: Tx, import_id: int, member_ids: Sequence[int]) -> Import | None:
        """Return what was read from a file, if it was one of these members'."""
        rows = await tx.execute(
            select(imports).where(
                imports.c.import_id == import_id, imports.c.member_id.in_(member_ids)
            )
        )
        row = rows.one_or_none()
        if row is None:
            return None
        entries = ENTRIES.validate_json(row.rows)
        return Import(row.import_id, row.member_id, entries, row.state, row.at)

    async def set_import(self, tx: Tx, import_id: int, state: ImportState, at: datetime) -> None:
        """Keep what became of a file."""
        await tx.execute(
            update(imports).where(imports.c.import_id == import_id).values(state=state, at=at)
        )

    async def remove_import(self, tx: Tx, import_id: int) -> None:
        """Forget a file; what was added from it stays."""
        await tx.execute(delete(imports).where(imports.c.import_id == import_id))

    async def purge_imports(self, tx: Tx, before: datetime) -> None:
        """Forget old files; what was added from them stays."""
        await tx.execute(delete(imports).where(imports.c.at < before))

    async def add_all(
        self,
        tx: Tx,
        found: Import,
        entries: Sequence[Entry],
        looks: Sequence[datetime | None],
        at: datetime,
    ) -> None:
        """Keep many applications at once, each with its steps, notes, and when to look at it."""
        if not entries:
            return
        rows = await tx.execute(
            insert(applications).returning(_a.application_id, sort_by_parameter_order=True),
            [
                {**_row(entry, found, at), "hint_at": look}
                for entry, look in zip(entries, looks, strict=True)
            ],
        )
        pairs = list(zip(rows.scalars(), entries, strict=True))
        await tx.execute(
            insert(moves),
            [
                {"application_id": number, "status": status, "moved_on": day}
                for number, entry in pairs
                for status, day in entry.steps
            ],
        )
        lines = [
            {"application_id": number, "text": text, "at": at}
            for number, entry in pairs
            for text in entry.notes
        ]
        if lines:
            await tx.execute(insert(notes), lines)

    async def take_out(self, tx: Tx, import_id: int) -> int:
        """Forget what was added from a file and not touched since; return how many."""
        done = await tx.execute(
            delete(applications).where(_a.import_id == import_id).returning(_a.application_id)
        )
        return len(done.all())


def _row(entry: Entry, found: Import, at: datetime) -> Mapping[str, Any]:
    status, day = entry.steps[-1]
    return {
        "member_id": found.member_id,
        "import_id": found.import_id,
        "company": entry.company,
        "title": entry.title,
        "url": entry.url,
        "status": status,
        "moved_on": day,
        "deadline_on": entry.deadline_on,
        "interview_on": entry.interview_on,
        "interview_wall": entry.interview_wall,
        "made_at": at,
    }
