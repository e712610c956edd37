"""What a member can do with a check-in, and who else gets to know."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.clockwork.clock import Clock
from bot.delivery import outbox, schedules
from bot.errors import NotFound, Offer, Refusal
from bot.face.dates import short_date
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Topic
from bot.knowledge.packs import Packs
from bot.people import activity, cohorts, memberships, stays, users
from bot.people.activity import Visibility
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.contributions import (
    ChannelNeed,
    Cut,
    CutKind,
    ExportPart,
    Figure,
    HelpLine,
    Line,
    Reason,
)
from bot.people.memberships import Delivery, Member, MemberState
from bot.people.record import Chapter, Entry
from bot.people.requests import KeepEntry, Requests
from bot.storage import drafts
from bot.storage.database import Database, Tx

from .model import (
    KIND,
    PROGRESS_LIMIT,
    Answer,
    Blocker,
    Desk,
    History,
    Source,
    Week,
    Window,
    Words,
    week_number,
    window,
)
from .store import CheckinStore

WEEKS_SHOWN = 26


@dataclass(frozen=True, slots=True)
class Heard:
    """Something a member wrote to the bot, waiting for what to do with it."""

    draft_id: int
    text: str
    desk: Desk
    may_keep: bool


@dataclass(frozen=True, slots=True)
class Raised:
    """A blocker as the mentors would read it, and where."""

    answer: Answer
    member: Member
    channel_id: int


class CheckinService:
    """Decide; then keep what was decided."""

    help = (
        HelpLine("/checkin now", N_("Answer this week's check-in, in under three minutes."), True),
        HelpLine("/checkin history", N_("See your weeks, your streak and your confidence.")),
    )
    needs = (
        ChannelNeed(
            "checkins_id",
            (
                "view_channel",
                "send_messages",
                "create_public_threads",
                "send_messages_in_threads",
                "read_message_history",
                "embed_links",
                "attach_files",
            ),
            N_("weekly check-ins"),
        ),
        ChannelNeed(
            "mentors_id",
            ("view_channel", "send_messages", "read_message_history", "embed_links"),
            N_("blockers that somebody brings to the mentors"),
        ),
    )

    reason = Reason(N_("It belongs to the weekly check-in of {cohort}."), memberships.stop_checkins)

    def __init__(
        self, db: Database, clock: Clock, store: CheckinStore, requests: Requests, packs: Packs
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._requests = requests
        self._packs = packs

    async def desk(self, caller: Caller) -> Desk:
        """Return this week's check-in for a member, answered or not.

        Raises Refusal when their cohort has no weekly check-in.
        """
        async with self._db.read() as tx:
            return await self._desk(tx, await memberships.of(tx, caller))

    async def desk_of(self, member_id: int) -> Desk | None:
        """Return this week's check-in of a member by number; for messages that go to them."""
        async with self._db.read() as tx:
            member = await memberships.get(tx, member_id)
            return await self._desk(tx, member) if member else None

    async def _desk(self, tx: Tx, member: Member) -> Desk:
        cohort = await cohorts.require(tx, member.cohort_id)
        open_now = await self._window(tx, member, cohort)
        answer = await self._store.of_period(tx, member.member_id, open_now.period)
        before = await self._store.before(tx, member.member_id, open_now.period)
        streaks = await self._store.streaks(tx, member.cohort_id, member.member_id)
        phase = member.phase(open_now.opens_at)
        prompt = self._packs.prompt(phase, open_now.period, Topic.PROGRESS)
        streak = streaks.get(member.member_id, 0)
        return Desk(member, open_now, answer, before, streak, prompt)

    async def _window(self, tx: Tx, member: Member, cohort: Cohort) -> Window:
        schedule = await schedules.find(tx, cohort.cohort_id, KIND)
        found = None
        if schedule and schedule.enabled:
            found = window(schedule.rule, member, cohort.open_hours, self._clock())
        if found is None:
            raise Refusal(
                _("{cohort} has no weekly check-in at the moment.").format(cohort=cohort.name)
            )
        return found

    async def answer(self, caller: Caller, period: date, words: Words) -> Desk:
        """Save a week's answer.

        Raises Refusal when another week's check-in has opened since; what was typed is kept.
        """
        async with self._db.write() as tx:
            member = await memberships.of(tx, caller)
            desk = await self._desk(tx, member)
            if period != desk.window.period:
                raise self._closed()
            return await self._save(tx, desk, words)

    def _closed(self) -> Refusal:
        offers = [Offer(_("Use it for this week"), "checkins.carry")]
        if self._requests.accepts(KeepEntry):
            offers.append(Offer(_("Save to my journal"), "checkins.keep"))
        return Refusal(
            _("The next check-in has opened since. What you wrote is safe here for a week."),
            offers=tuple(offers),
        )

    async def _save(self, tx: Tx, desk: Desk, words: Words) -> Desk:
        now, member, period = self._clock(), desk.member, desk.window.period
        joined_late = member.joined_at is not None and member.joined_at > desk.window.opens_at
        saved = await self._store.save(
            tx,
            member.member_id,
            period,
            progress=words.progress,
            win=words.win,
            blocker=words.blocker,
            focus=words.focus,
            confidence=words.confidence,
            source=words.source,
            late=desk.window.is_late(now) and not joined_late,
            answered_at=now,
        )
        if desk.answer is None:
            await activity.note(tx, member, "checkin.answered", saved.checkin_id, now)
            schedule = await schedules.find(tx, member.cohort_id, KIND)
            if schedule:
                await outbox.cancel(tx, letter_key(schedule.schedule_id, period, member), now)
        return await self._desk(tx, member)

    async def fill(self, caller: Caller, period: date | None = None) -> tuple[Desk, Answer | None]:
        """Return the check-in to open, with the answer that fills its form, if there is one.

        An older `period` than the one that is open is refused kindly.
        """
        desk = await self.desk(caller)
        if period is not None and period < desk.window.period:
            raise Refusal(
                _(
                    "Week {week} is open now; this card was for an earlier one. Use `/checkin now`."
                ).format(week=desk.window.week)
            )
        return desk, desk.answer

    async def show_to(self, caller: Caller, checkin_id: int, readers: Visibility) -> Desk:
        """Decide who may read one answer."""
        async with self._db.write() as tx:
            member, _answer = await self._own(tx, caller, checkin_id)
            await self._store.show_to(tx, checkin_id, readers)
            return await self._desk(tx, member)

    async def get(self, caller: Caller, checkin_id: int) -> tuple[Member, Answer]:
        """Return one of the caller's own answers."""
        async with self._db.read() as tx:
            return await self._own(tx, caller, checkin_id)

    async def _own(self, tx: Tx, caller: Caller, checkin_id: int) -> tuple[Member, Answer]:
        mine = {m.member_id: m for m in await memberships.of_user(tx, caller.user_id)}
        found = await self._store.get(tx, checkin_id, list(mine))
        if found is None:
            raise NotFound(_("That check-in is not yours, or it is gone."))
        return mine[found.member_id], found

    async def history(self, caller: Caller, page: int = 0) -> History:
        """Return the member's weeks, newest first."""
        async with self._db.read() as tx:
            member = await memberships.of(tx, caller)
            answers = {a.period: a for a in await self._store.of_member(tx, member.member_id)}
            neutral = await self._store.neutral_periods(tx, member.member_id)
            asked = await self._store.asked_periods(tx, member.member_id)
            streaks = await self._store.streaks(tx, member.cohort_id, member.member_id)
            goals = await self._store.goals(tx, member.member_id)
        weeks = [
            Week(
                period,
                week_number(period, member.starts_on),
                answers.get(period),
                period in neutral,
            )
            for period in sorted({*answers, *neutral, *asked}, reverse=True)
        ]
        streak = streaks.get(member.member_id, 0)
        return History(tuple(weeks[:WEEKS_SHOWN]), streak, *goals, page=page)

    async def latest(self, caller: Caller) -> tuple[Member, Answer]:
        """Return the member's newest answer. Raises Refusal when there is none yet."""
        async with self._db.read() as tx:
            member = await memberships.of(tx, caller)
            found = await self._store.of_member(tx, member.member_id)
        if not found:
            raise Refusal(_("There is no check-in of yours yet. `/checkin now` starts one."))
        return member, found[0]

    async def preview_win(self, caller: Caller, checkin_id: int) -> Raised:
        """Return what sharing a win would say, and where."""
        async with self._db.read() as tx:
            member, answer = await self._own(tx, caller, checkin_id)
            cohort = await cohorts.require(tx, member.cohort_id)
        if not answer.told_win or cohort.checkins_id is None:
            raise Refusal(_("There is no win in this check-in to share."))
        return Raised(answer, member, cohort.checkins_id)

    async def share_win(self, caller: Caller, checkin_id: int) -> None:
        """Tell the cohort about a win; a second press tells nobody twice."""
        raised = await self.preview_win(caller, checkin_id)
        now, member = self._clock(), raised.member
        async with self._db.write() as tx:
            sent = await outbox.enqueue(
                tx,
                kind="checkin.win",
                dedupe=f"checkin:{checkin_id}:win",
                place=outbox.Place.channel(raised.channel_id),
                now=now,
                cohort_id=member.cohort_id,
                member_id=member.member_id,
                subject={"checkin_id": checkin_id},
                counts=False,
            )
            if sent:
                await activity.note(tx, member, "win.shared", checkin_id, now, Visibility.COHORT)

    async def preview_blocker(self, caller: Caller, checkin_id: int) -> Raised:
        """Return what the mentors would read about a blocker, and where."""
        async with self._db.read() as tx:
            member, answer = await self._own(tx, caller, checkin_id)
            cohort = await cohorts.require(tx, member.cohort_id)
        if not answer.blocker:
            raise Refusal(_("There is no blocker in this check-in."))
        if cohort.mentors_id is None:
            raise Refusal(_("Your cohort has no channel for mentors. Your moderators can help."))
        return Raised(answer, member, cohort.mentors_id)

    async def reword_blocker(self, caller: Caller, checkin_id: int, text: str) -> Raised:
        """Change the words of a blocker before it goes anywhere."""
        async with self._db.write() as tx:
            member, answer = await self._own(tx, caller, checkin_id)
            await self._store.save(
                tx,
                member.member_id,
                answer.period,
                blocker=text,
                answered_at=self._clock(),
            )
        return await self.preview_blocker(caller, checkin_id)

    async def raise_blocker(self, caller: Caller, checkin_id: int, *, anonymous: bool) -> None:
        """Bring a blocker to the mentors. Raises Refusal when it was brought before."""
        raised = await self.preview_blocker(caller, checkin_id)
        now, member = self._clock(), raised.member
        async with self._db.write() as tx:
            blocker = await self._store.raise_blocker(
                tx, member.member_id, checkin_id, raised.answer.blocker, anonymous, now
            )
            if blocker is None:
                raise Refusal(_("The mentors have this one already. Answers come to you alone."))
            await outbox.enqueue(
                tx,
                kind="checkin.blocker",
                dedupe=f"blocker:{blocker.blocker_id}",
                place=outbox.Place.channel(raised.channel_id),
                now=now,
                cohort_id=member.cohort_id,
                member_id=member.member_id,
                subject={"blocker_id": blocker.blocker_id},
                counts=False,
                priority=3,
            )
            await activity.note(tx, member, "blocker.raised", blocker.blocker_id, now)

    async def blocker(self, blocker_id: int) -> tuple[Blocker, Member] | None:
        """Return a blocker with its member; for the mentors' card."""
        async with self._db.read() as tx:
            found = await self._store.blocker(tx, blocker_id)
            member = await memberships.get(tx, found.member_id) if found else None
        return (found, member) if found and member else None

    async def can_help(self, caller: Caller, blocker_id: int, channel_id: int | None) -> None:
        """Let in whoever reads the mentors' channel of that cohort. Raises Refusal otherwise."""
        found = await self.blocker(blocker_id)
        if found is None:
            raise NotFound(_("Whoever asked has taken this back."))
        _blocker, member = found
        if member.user_id == caller.user_id:
            raise Refusal(_("This one is yours; answers from others come to you."))
        async with self._db.read() as tx:
            cohort = await cohorts.require(tx, member.cohort_id)
        if channel_id != cohort.mentors_id:
            raise NotFound(_("Answer it where the mentors read it."))

    async def help_with(self, caller: Caller, blocker_id: int, text: str) -> None:
        """Send an answer to whoever raised the blocker, and to nobody else."""
        now = self._clock()
        async with self._db.write() as tx:
            blocker = await self._store.blocker(tx, blocker_id)
            member = await memberships.get(tx, blocker.member_id) if blocker else None
            if blocker is None or member is None:
                raise NotFound(_("Whoever asked has taken this back."))
            help_id = await self._store.add_help(
                tx, blocker_id, caller.user_id, caller.name, text, now
            )
            if wants_messages(member):
                await outbox.enqueue(
                    tx,
                    kind="checkin.helped",
                    dedupe=f"help:{help_id}",
                    place=outbox.Place.user(member.user_id),
                    now=now,
                    cohort_id=member.cohort_id,
                    member_id=member.member_id,
                    subject={"help_id": help_id},
                    counts=False,
                    priority=2,
                )

    async def helped(self, help_id: int) -> tuple[Blocker, str, str] | None:
        """Return an answer to a blocker; for the message that brings it."""
        async with self._db.read() as tx:
            return await self._store.help(tx, help_id)

    async def helps(self, caller: Caller) -> list[tuple[str, str]]:
        """Return the answers to the member's blockers, and note that they were read."""
        async with self._db.write() as tx:
            member = await memberships.of(tx, caller)
            found = await self._store.helps_of(tx, member.member_id)
            await self._store.mark_helps_read(tx, member.member_id, self._clock())
        return found

    async def shared_win(self, checkin_id: int) -> tuple[Answer, Member] | None:
        """Return a win that is being shared, or None when it is gone."""
        async with self._db.read() as tx:
            answer = await self._store.find(tx, checkin_id)
            member = await memberships.get(tx, answer.member_id) if answer else None
        return (answer, member) if answer and answer.told_win and member else None

    async def hear(self, caller: Caller, message_id: int, text: str) -> Heard | None:
        """Keep what a member wrote to the bot until they say what it is.

        Returns None for an empty message. Raises Refusal for somebody who has not joined.
        """
        if not text.strip():
            return None
        desk = await self.desk(caller)
        member, period = desk.member, desk.window.period
        draft = drafts.Draft(
            draft_id=message_id,
            user_id=caller.user_id,
            form="checkins.answer",
            subject=f"{member.cohort_id}.{period}",
            title="message",
            answers=json.dumps({"progress": text.strip()[:PROGRESS_LIMIT]}),
            at=self._clock(),
        )
        if not await drafts.keep(self._db, draft):
            return None
        return Heard(message_id, text.strip(), desk, self._requests.accepts(KeepEntry))

    async def save_heard(self, caller: Caller, draft_id: int) -> Desk:
        """Save a message as this week's check-in, below what stands there already."""
        async with self._db.write() as tx:
            text, cohort_id = await self._draft(tx, caller, draft_id)
            member = await memberships.of(tx, replace(caller, cohort=cohort_id))
            desk = await self._desk(tx, member)
            known = desk.answer
            words = Words(progress=text, source=Source.MESSAGE)
            if known:
                words = Words(
                    progress=f"{known.progress}\n{text}"[:PROGRESS_LIMIT],
                    win=known.win,
                    blocker=known.blocker,
                    focus=known.focus,
                    confidence=known.confidence,
                )
            saved = await self._save(tx, desk, words)
            await drafts.drop(tx, draft_id)
        return saved

    async def keep_heard(self, caller: Caller, draft_id: int) -> int:
        """Keep a message, or a check-in that came too late, in the member's journal."""
        async with self._db.write() as tx:
            text, cohort_id = await self._draft(tx, caller, draft_id)
            member = await memberships.of(tx, replace(caller, cohort=cohort_id))
            entry = KeepEntry(member, text, "work", f"message {draft_id}")
            entry_id = await self._requests.issue(tx, entry, self._clock())
            await drafts.drop(tx, draft_id)
        return entry_id

    async def discard_heard(self, caller: Caller, draft_id: int) -> None:
        """Throw a message away; doing so twice changes nothing."""
        async with self._db.write() as tx:
            if await drafts.get(tx, draft_id, caller.user_id):
                await drafts.drop(tx, draft_id)

    async def carried(self, caller: Caller, draft_id: int) -> tuple[Desk, dict[str, Any]]:
        """Return this week's check-in with the answers of a draft that came too late."""
        async with self._db.read() as tx:
            draft = await drafts.get(tx, draft_id, caller.user_id)
        if draft is None:
            raise NotFound(_("That draft is gone; it was saved, discarded or older than a week."))
        cohort_id = draft.subject.partition(".")[0]
        return await self.desk(replace(caller, cohort=cohort_id)), json.loads(draft.answers)

    async def _draft(self, tx: Tx, caller: Caller, draft_id: int) -> tuple[str, str]:
        draft = await drafts.get(tx, draft_id, caller.user_id)
        if draft is None:
            raise NotFound(_("That message is gone: saved or discarded already."))
        answers: dict[str, Any] = json.loads(draft.answers)
        text = "\n".join(
            str(value) for value in answers.values() if isinstance(value, str) and value
        )
        return text, draft.subject.partition(".")[0]

    @property
    def keeps_journal(self) -> bool:
        """Say whether wins can be kept in a journal."""
        return self._requests.accepts(KeepEntry)

    async def keep_win(self, caller: Caller, checkin_id: int) -> int:
        """Keep the win of a check-in in the member's journal, once; return the entry's number."""
        async with self._db.write() as tx:
            member, answer = await self._own(tx, caller, checkin_id)
            if not answer.told_win:
                raise Refusal(_("There is no win in this check-in to keep."))
            entry = KeepEntry(member, answer.told_win, "work", f"checkin {checkin_id}")
            return await self._requests.issue(tx, entry, self._clock())

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Add this week's check-in, and answers to a blocker, to `/me`."""
        lines: list[Line] = []
        unread = await self._store.unread_helps(tx, member.member_id)
        if unread:
            text = ngettext("{n} answer to your blocker", "{n} answers to your blockers", unread)
            lines.append(
                Line(text.format(n=unread), _("Read"), "checkins.helps", order=10, urgent=True)
            )
        schedule = await schedules.find(tx, member.cohort_id, KIND)
        if member.state is not MemberState.JOINED or not (schedule and schedule.enabled):
            return lines
        desk = await self._desk(tx, member)
        subject = f"{member.cohort_id}.{desk.window.period}"
        if desk.answer:
            text = _("Check-in for week {week}: saved.").format(week=desk.window.week)
            return [*lines, Line(text, _("Look at it"), "checkins.mine", subject, order=20)]
        if desk.window.opens_at > now:
            return lines
        closes = int(desk.window.closes_at.timestamp())
        until = _("open until <t:{at}:f>") if not desk.window.is_late(now) else _("still open")
        text = _("Check-in for week {week}: ").format(week=desk.window.week) + until.format(
            at=closes
        )
        return [*lines, Line(text, _("Check in"), "checkins.open", subject, order=20, urgent=True)]

    async def status(self, tx: Tx, cohort: Cohort, now: datetime) -> list[Line]:
        """Add how many answered to `/cohort status`; never what they said."""
        latest = await self._store.latest_round(tx, cohort.cohort_id)
        if latest is None:
            return []
        answered, late = await self._store.answered(tx, cohort.cohort_id, latest.period)
        text = _("Check-in of {day}: {n} answered, {late} of them late.")
        return [Line(text.format(day=short_date(latest.period), n=answered, late=late), order=40)]

    async def shown(self, tx: Tx, member: Member, reader: Visibility) -> list[str]:
        """Add the check-ins that a mentor or a fellow member may read to a profile."""
        allowed = {Visibility.COHORT, reader}
        found = await self._store.of_member(tx, member.member_id)
        return [
            _("Check-in, week {week}: {text}").format(
                week=week_number(answer.period, member.starts_on), text=answer.progress[:200]
            )
            for answer in found[:3]
            if answer.visibility in allowed
        ]

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add every check-in of the user to their export."""
        rows: list[dict[str, Any]] = []
        for member in await memberships.of_user(tx, user_id):
            for answer in reversed(await self._store.of_member(tx, member.member_id)):
                rows.append(
                    {
                        "cohort": member.cohort_name,
                        "week of": answer.period.isoformat(),
                        "progress": answer.progress,
                        "win": answer.win,
                        "blocker": answer.blocker,
                        "focus": answer.focus,
                        "confidence": answer.confidence,
                        "late": answer.late,
                        "visible to": answer.visibility.value,
                        "answered": answer.answered_at.isoformat(),
                    }
                )
        return [ExportPart("checkins", _("Check-ins"), rows)]

    async def record(self, tx: Tx, user_id: int) -> list[Entry]:
        """Add the user's wins, without the lines they marked as private."""
        return [
            Entry(
                Chapter.WORK,
                f"checkin {answer.checkin_id}",
                stay.member.local_date(answer.answered_at),
                win,
                role=stay.role,
                place=stay.place,
            )
            for stay in await stays.of_user(tx, user_id)
            for answer in await self._store.of_member(tx, stay.member.member_id)
            if (win := answer.told_win)
        ]

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept about check-ins and who reads them."""
        number = 0
        for member in await memberships.of_user(tx, user_id):
            number += len(await self._store.of_member(tx, member.member_id))
        line = ngettext(
            "{n} check-in, encrypted. You read it; moderators see only that you answered.",
            "{n} check-ins, encrypted. You read them; moderators see only that you answered.",
            number,
        )
        return [line.format(n=number)] if number else []

    async def erase(self, tx: Tx, user_id: int) -> None:
        """Take the person out of the answers they gave to others."""
        await self._store.forget_helper(tx, user_id)

    async def erase_member(self, tx: Tx, member: Member) -> None:
        """Take a membership that goes out of the answers given to others of its cohort."""
        await self._store.forget_helper(tx, member.user_id, member.cohort_id)

    async def figures(self, tx: Tx, cohort: Cohort, cut: Cut) -> list[Figure]:
        """Count who was asked and who answered: week by week, and in all."""
        if cut.kind is CutKind.PHASE:
            return []
        asked, answered = await self._store.turnout(
            tx, cohort.cohort_id, cut.since_on, cut.until_on
        )
        return [
            Figure("asked", N_("Asked in a check-in"), asked, order=10),
            Figure("answered", N_("Answered a check-in"), answered, base=asked, order=11),
        ]


def letter_key(schedule_id: int, period: date, member: Member) -> str:
    """Return how the keys of one member's letters about one week begin."""
    return f"checkin:{schedule_id}:{period}:m{member.member_id}:"


def wants_messages(member: Member) -> bool:
    """Say whether direct messages are welcome and known to arrive."""
    return member.delivery is Delivery.DM and member.inbox is not users.Inbox.CLOSED
