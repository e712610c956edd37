"""What lists bring: taken in bulk, each entry with an outcome, a second run without effect."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.errors import Refusal
from bot.face.words import _
from bot.storage.database import Tx

from .model import (
    ENTRY_FIELDS,
    Entry,
    Outcome,
    PostingState,
    Result,
    Sound,
    Source,
    Why,
    somewhere_today,
)
from .store import Known, PostingStore
from .telling import Telling

BELIEVED_FOR = timedelta(days=1)
"""How old the last sight of a posting may be before it is noted anew that a list still has it."""
CHANGES = ("mark", "feed_id", "outside_id", "state", "why")
OVER = (PostingState.OPEN, PostingState.QUEUED, PostingState.HIDDEN)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where entries come from, and whether they wait for a moderator or are open at once."""

    guild_id: int
    source: Source
    cohort_id: int | None = None
    feed_id: int | None = None
    goes: PostingState = PostingState.QUEUED


@dataclass(slots=True)
class _Seen:
    """A posting that was there, or one that this very run brings."""

    known: Known
    place: int | None = None
    """Where it stands among the new ones, as long as it has no number."""


@dataclass(slots=True)
class _Run:
    """What one run finds, before anything is written."""

    origin: Origin
    now: datetime
    today: date
    by_key: dict[str, _Seen] = field(default_factory=dict[str, "_Seen"])
    by_outside: dict[str, _Seen] = field(default_factory=dict[str, "_Seen"])
    twins: dict[str, int] = field(default_factory=dict[str, int])
    new: list[tuple[Entry, dict[str, Any]]] = field(default_factory=list[Any])
    new_twins: dict[str, int] = field(default_factory=dict[str, int])
    changed: list[tuple[int, Entry, dict[str, Any]]] = field(default_factory=list[Any])
    moved: list[int] = field(default_factory=list[int])
    stands: list[int] = field(default_factory=list[int])

    def ours(self, known: Known) -> bool:
        """Say whether a posting came from where this run comes from."""
        mine = known.feed_id is None or known.feed_id == self.origin.feed_id
        return known.source is self.origin.source and mine


class Intake:
    """Take entries of lists into a server's postings."""

    def __init__(self, store: PostingStore, telling: Telling) -> None:
        self._store = store
        self._telling = telling

    async def take(
        self, tx: Tx, origin: Origin, entries: Iterable[Entry | Sound], now: datetime
    ) -> list[Outcome]:
        """Take entries, in order; return what became of each.

        Of one opening under several entries the first counts, and an active one before one that is
        over. What came from elsewhere is left as it is.
        """
        run, pending = await self._weigh(tx, origin, entries, now)
        await self._store.rewrite(tx, origin.guild_id, run.changed)
        ids = await self._store.add_many(tx, run.new)
        await self._store.believe(tx, run.stands, now - BELIEVED_FOR, now)
        if run.changed:
            still = [number for number, _entry, _values in run.changed if number not in run.moved]
            await self._telling.renew(tx, still, now)
            await self._telling.renew(tx, run.moved, now, moved=True)
        return [each if isinstance(each, Outcome) else each.done(ids) for each in pending]

    async def foresee(
        self, tx: Tx, origin: Origin, entries: Iterable[Entry | Sound], now: datetime
    ) -> list[Outcome]:
        """Return what would become of entries, and write nothing."""
        _run, pending = await self._weigh(tx, origin, entries, now)
        return [each if isinstance(each, Outcome) else each.ahead for each in pending]

    async def _weigh(
        self, tx: Tx, origin: Origin, entries: Iterable[Entry | Sound], now: datetime
    ) -> "tuple[_Run, list[Outcome | _Pending]]":
        today = somewhere_today(now)
        checked = [_check(entry, today) for entry in entries]
        sound = [each for each in checked if isinstance(each, Sound)]
        run = await self._look_up(tx, _Run(origin, now, today), sound)
        return run, [each if isinstance(each, Outcome) else _decide(run, each) for each in checked]

    async def _look_up(self, tx: Tx, run: _Run, sound: Sequence[Sound]) -> _Run:
        guild_id, feed_id = run.origin.guild_id, run.origin.feed_id
        keys = list({each.canonical for each in sound})
        outside = list({each.entry.outside_id for each in sound} - {""})
        for known in await self._store.known(tx, guild_id, feed_id, keys, outside):
            seen = _Seen(known)
            run.by_key[known.canonical] = seen
            if known.outside_id and run.ours(known):
                run.by_outside[known.outside_id] = seen
        run.twins = await self._store.twins(tx, guild_id, list({each.twin_key for each in sound}))
        return run


@dataclass(frozen=True, slots=True)
class _Pending:
    """An outcome that waits for the numbers of what this run brings."""

    result: Result
    place: int
    reason: str = ""
    twin_id: int | None = None
    twin_place: int | None = None

    @property
    def ahead(self) -> Outcome:
        """The outcome as long as nothing is written."""
        return Outcome(self.result, self.reason, None, self.twin_id)

    def done(self, ids: Sequence[int]) -> Outcome:
        """Return the outcome, with the numbers that were given."""
        twin_id = ids[self.twin_place] if self.twin_place is not None else self.twin_id
        return Outcome(self.result, self.reason, ids[self.place], twin_id)


def _check(entry: Entry | Sound, today: date) -> Sound | Outcome:
    if isinstance(entry, Sound):
        return entry
    try:
        return entry.checked(today)
    except Refusal as problem:
        return Outcome(Result.REJECTED, str(problem))


def _decide(run: _Run, sound: Sound) -> Outcome | _Pending:
    """Say what an entry is beside what is known, and note what has to be written."""
    outside_id = sound.entry.outside_id
    seen = run.by_key.get(sound.canonical)
    if seen is None and outside_id:
        seen = run.by_outside.get(outside_id)
    if seen is None:
        return _bring(run, sound)
    known = seen.known
    if not run.ours(known):
        return _repeats(seen, _("already posted from somewhere else"))
    same_entry = not outside_id or not known.outside_id or known.outside_id == outside_id
    this_run = seen.place is not None
    over = known.state is PostingState.CLOSED and known.why is Why.UPSTREAM
    if (this_run or not same_entry) and not (over and sound.entry.active):
        return _repeats(seen, _("the list has it twice"))
    return _renew(run, seen, sound)


def _repeats(seen: _Seen, reason: str) -> Outcome | _Pending:
    if seen.place is not None:
        return _Pending(Result.DUPLICATE, seen.place, reason)
    return Outcome(Result.DUPLICATE, reason, seen.known.posting_id)


def _bring(run: _Run, sound: Sound) -> _Pending:
    """Note an entry that is new here."""
    origin, entry, place = run.origin, sound.entry, len(run.new)
    state = origin.goes if entry.active else PostingState.CLOSED
    values: dict[str, Any] = {
        "guild_id": origin.guild_id,
        "cohort_id": origin.cohort_id,
        "source": origin.source,
        "feed_id": origin.feed_id,
        "outside_id": entry.outside_id,
        "canonical": sound.canonical,
        "twin_key": sound.twin_key,
        "mark": _mark(sound),
        "state": state,
        "why": Why.NOTHING if entry.active else Why.UPSTREAM,
        "verified_at": run.now,
        "made_at": run.now,
        "closed_at": None if entry.active else run.now,
    }
    run.new.append((entry, values))
    seen = _Seen(_known(0, sound, values), place)
    run.by_key[sound.canonical] = seen
    if entry.outside_id:
        run.by_outside[entry.outside_id] = seen
    twin_id, twin_place = run.twins.get(sound.twin_key), run.new_twins.get(sound.twin_key)
    if entry.active and twin_id is None:
        run.new_twins.setdefault(sound.twin_key, place)
    twin = twin_id is not None or twin_place is not None
    reason = _("looks like one that is there") if entry.active and twin else ""
    return _Pending(Result.NEW, place, reason, twin_id, twin_place if twin_id is None else None)


def _known(posting_id: int, sound: Sound, values: dict[str, Any]) -> Known:
    names = ("source", "feed_id", "outside_id", "mark", "state", "why")
    return Known(posting_id, sound.canonical, **{name: values[name] for name in names})


def _renew(run: _Run, seen: _Seen, sound: Sound) -> Outcome | _Pending:
    """Note what an entry changes of its posting, if it does."""
    known, mark = seen.known, _mark(sound)
    same = mark == known.mark and known.feed_id == run.origin.feed_id
    if same or known.state is PostingState.DECLINED:
        if sound.entry.active and known.state is PostingState.OPEN:
            run.stands.append(known.posting_id)
        return Outcome(Result.SAME, "", known.posting_id)
    values: dict[str, Any] = {
        "mark": mark,
        "twin_key": sound.twin_key,
        "feed_id": run.origin.feed_id,
    }
    if sound.entry.outside_id:
        values["outside_id"] = sound.entry.outside_id
    if sound.canonical != known.canonical:
        values["canonical"] = sound.canonical
        del run.by_key[known.canonical]
    values |= _moves(run, known, sound.entry)
    current = replace(
        known,
        canonical=sound.canonical,
        **{name: values[name] for name in CHANGES if name in values},
    )
    seen.known = current
    run.by_key[sound.canonical] = seen
    if current.outside_id:
        run.by_outside[current.outside_id] = seen
    if seen.place is not None:
        run.new[seen.place] = (sound.entry, {**run.new[seen.place][1], **values})
        return _Pending(Result.DUPLICATE, seen.place, _("the list has it twice"))
    if "state" in values:
        run.moved.append(known.posting_id)
    run.changed.append((known.posting_id, sound.entry, values))
    return Outcome(Result.UPDATED, "", known.posting_id)


def _moves(run: _Run, known: Known, entry: Entry) -> dict[str, Any]:
    """Return how a posting's state follows its list."""
    if not entry.active:
        if known.state not in OVER:
            return {}
        return {"state": PostingState.CLOSED, "why": Why.UPSTREAM, "closed_at": run.now}
    seen_again = {"verified_at": run.now, "asked_at": None}
    later = entry.deadline_on is None or entry.deadline_on >= run.today
    again = known.why is Why.UPSTREAM or (known.why is Why.DEADLINE and later)
    if known.state is PostingState.CLOSED and again:
        opened = {"state": run.origin.goes, "why": Why.NOTHING, "closed_at": None}
        return seen_again | opened
    return seen_again if known.state is PostingState.OPEN else {}


def _mark(sound: Sound) -> str:
    """Return a short word for everything a list says of an opening, to see when that changes."""
    entry = sound.entry
    said = [getattr(entry, name) for name in ENTRY_FIELDS if name != "date_updated"]
    text = json.dumps([*said, entry.active, entry.outside_id], default=str, ensure_ascii=False)
    return hashlib.blake2s(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
