"""What members can ask of each other and tell each other, and who gets to read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clockwork.clock import Clock
from bot.delivery import budget, outbox
from bot.delivery.outbox import Letter
from bot.errors import NotAllowed, NotFound, Refusal
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Aspect
from bot.knowledge.packs import Packs
from bot.people import activity, cohorts, contact, memberships, profiles, users
from bot.people.activity import Visibility
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.contributions import ExportPart, HelpLine, Line
from bot.people.memberships import Delivery, Member, MemberState
from bot.people.profiles import Askers
from bot.people.record import Chapter, Entry
from bot.people.requests import KeepEntry, MakeGoal, Requests
from bot.storage.database import Database, Tx

from .model import (
    ASPECTS,
    DRAFT_KEPT_FOR,
    MOST_OPEN,
    OPEN_FOR,
    PAGE_SIZE,
    REMIND_AFTER,
    ROLES,
    Ask,
    AskPage,
    AskState,
    Begun,
    Feedback,
    FeedbackPage,
    ListPage,
    Outside,
    OutsideState,
    Reflection,
    Role,
    Row,
    Shelf,
    Source,
    Words,
    after_working_days,
    bare,
    parts_of,
    state_words,
)
from .store import FeedbackStore

HERE = (MemberState.JOINED, MemberState.PAUSED)


@dataclass(frozen=True, slots=True)
class Wish:
    """A request as it was typed."""

    occasion: str
    question: str
    visibility: Visibility
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody outside said, as the member noted it."""

    said: str
    role: Role
    aspect: Aspect
    occasion: str
    focus: str


class FeedbackService:
    """Decide; then keep what was decided."""

    help = (
        HelpLine("/feedback ask", N_("Ask somebody here about one thing they saw.")),
        HelpLine("/feedback give", N_("Tell somebody what you saw and what it changed.")),
        HelpLine("/feedback outside", N_("Words to copy for a manager who is not on Discord.")),
        HelpLine("/feedback log", N_("Keep what somebody told you, for yourself.")),
        HelpLine("/feedback list", N_("What you got, gave and asked for.")),
        HelpLine("/feedback reflect", N_("What you hear about one aspect over time.")),
    )

    def __init__(
        self, db: Database, clock: Clock, store: FeedbackStore, packs: Packs, requests: Requests
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._packs = packs
        self._requests = requests

    # --- asking

    async def begin(
        self, caller: Caller, other_id: int, name: str, aspect: Aspect, *, is_bot: bool = False
    ) -> Begun:
        """Return what the form of a request starts with.

        Raises Refusal for a bot, for oneself, and for somebody who cannot be asked just now.
        `inside` is False for somebody to whom nothing can be sent: then there are words to copy.
        """
        async with self._db.read() as tx:
            member = await memberships.of(tx, caller)
            _no_bot(is_bot)
            if other_id == caller.user_id:
                raise Refusal(
                    _("That is you. For your own view of your work there is `/feedback reflect`.")
                )
            other = await self._other(tx, member, other_id)
            inside = other is not None and _reachable(other)
            if other is not None and inside:
                await self._may_ask(tx, caller, member, other)
            question = self._packs.question(aspect, member.phase(self._clock()))
            named = other.name if other else name
            return Begun(member, other_id, named, inside, aspect, question)

    async def _other(self, tx: Tx, member: Member, other_id: int) -> Member | None:
        other = await memberships.find(tx, member.cohort_id, other_id)
        return other if other and other.state in HERE else None

    async def _may_ask(self, tx: Tx, caller: Caller, member: Member, other: Member) -> None:
        """Raise Refusal, in the same words whatever the cause, when this person is not asked."""
        askers = (await profiles.of_member(tx, other.member_id)).askers
        cohort = await cohorts.require(tx, member.cohort_id)
        is_mentor = cohort.mentor_role_id is not None and cohort.mentor_role_id in caller.role_ids
        closed = (
            other.state is not MemberState.JOINED
            or askers is Askers.NOBODY
            or (askers is Askers.MENTORS and not is_mentor)
            or not await contact.may_meet(tx, member.user_id, other.user_id)
        )
        if closed:
            raise Refusal(
                _("{name} cannot be asked through me at the moment.").format(name=_plain(other))
            )

    async def draft(
        self, caller: Caller, other_id: int, cohort_id: int, aspect: Aspect, wish: Wish
    ) -> AskPage:
        """Keep a request for the preview of what is sent."""
        async with self._db.write() as tx:
            member = await self._in(tx, caller, cohort_id)
            other = await self._other(tx, member, other_id)
            if other is None or other_id == caller.user_id:
                raise Refusal(
                    _("They are not here any more. `/feedback outside` has words to copy.")
                )
            await self._may_ask(tx, caller, member, other)
            ask = await self._store.draft(
                tx,
                member,
                other,
                self._clock(),
                aspect=aspect,
                occasion=wish.occasion,
                question=wish.question,
                visibility=wish.visibility,
                seed=wish.seed,
            )
            return AskPage(ask, member, other)

    async def _in(self, tx: Tx, caller: Caller, cohort_id: int) -> Member:
        member = await memberships.find(tx, cohort_id, caller.user_id)
        if member is None or member.state not in HERE:
            raise Refusal(_("You are not in that cohort any more."))
        return member

    async def drafted(self, caller: Caller, ask_id: int) -> AskPage:
        """Return a request of the caller's that is not sent yet. Raises Refusal when it was."""
        async with self._db.read() as tx:
            return await self._drafted(tx, caller, ask_id)

    async def _drafted(self, tx: Tx, caller: Caller, ask_id: int) -> AskPage:
        page = await self._page(tx, ask_id)
        if page is None or page.asker.user_id != caller.user_id:
            raise NotFound(_("That request is gone. `/feedback ask` starts another one."))
        if page.ask.state is not AskState.DRAFTED:
            raise Refusal(_("That request was sent. `/feedback list` shows what became of it."))
        return page

    async def _page(self, tx: Tx, ask_id: int) -> AskPage | None:
        ask = await self._store.ask(tx, ask_id)
        asker = await memberships.get(tx, ask.asker_id) if ask else None
        asked = await memberships.get(tx, ask.asked_id) if ask else None
        return AskPage(ask, asker, asked) if ask and asker and asked else None

    async def reword(self, caller: Caller, ask_id: int, wish: Wish) -> AskPage:
        """Change a request before it is sent."""
        async with self._db.write() as tx:
            page = await self._drafted(tx, caller, ask_id)
            ask = await self._store.reword(
                tx,
                page.ask,
                page.asker,
                page.asked,
                occasion=wish.occasion,
                question=wish.question,
                visibility=wish.visibility,
            )
            return AskPage(ask, page.asker, page.asked)

    async def other_question(self, caller: Caller, ask_id: int) -> AskPage:
        """Offer another question for the same occasion."""
        async with self._db.write() as tx:
            page = await self._drafted(tx, caller, ask_id)
            seed, phase = page.ask.seed + 1, page.asker.phase(self._clock())
            question = self._packs.question(page.ask.aspect, phase, seed)
            ask = await self._store.change_ask(tx, ask_id, question=question.ask, seed=seed)
            return AskPage(ask, page.asker, page.asked)

    async def set_aspect(self, caller: Caller, ask_id: int, aspect: Aspect) -> AskPage:
        """Ask about another aspect, with a question that fits it."""
        async with self._db.write() as tx:
            page = await self._drafted(tx, caller, ask_id)
            question = self._packs.question(aspect, page.asker.phase(self._clock()))
            ask = await self._store.reword(
                tx,
                page.ask,
                page.asker,
                page.asked,
                aspect=aspect,
                occasion=page.ask.occasion,
                question=question.ask,
                seed=0,
            )
            return AskPage(ask, page.asker, page.asked)

    async def discard(self, caller: Caller, ask_id: int) -> None:
        """Throw a request away that was not sent."""
        async with self._db.write() as tx:
            await self._drafted(tx, caller, ask_id)
            await self._store.remove_ask(tx, ask_id)

    async def send(self, caller: Caller, ask_id: int) -> AskPage:
        """Send it, once. Raises Refusal when it was asked before or they have enough to answer."""
        async with self._db.write() as tx:
            page = await self._drafted(tx, caller, ask_id)
            member, other = page.asker, page.asked
            if other.state is MemberState.LEFT or not _reachable(other):
                raise Refusal(
                    _("{name} cannot be reached any more. `/feedback outside` has words to copy.")
                    .format(name=_plain(other))
                )  # fmt: skip
            await self._may_ask(tx, caller, member, other)
            await self._not_twice(tx, page)
            if await self._store.open_for(tx, other.user_id) >= MOST_OPEN:
                raise Refusal(
                    _(
                        "{name} has {n} requests to answer already. Ask somebody else, or them in "
                        "a few days; this one is kept for a week."
                    ).format(name=_plain(other), n=MOST_OPEN)
                )
            now = self._clock()
            off = await cohorts.skipped(tx, member.cohort_id)
            ask = await self._store.change_ask(
                tx,
                ask_id,
                state=AskState.OPEN,
                sent_at=now,
                remind_at=after_working_days(now, REMIND_AFTER, other.zone, off),
                expires_at=now + OPEN_FOR,
            )
            await self._write_to(tx, other, "ask", ask, now)
            await activity.note(tx, member, "feedback.asked", ask_id, now)
            return AskPage(ask, member, other)

    async def _not_twice(self, tx: Tx, page: AskPage) -> None:
        before = await self._store.asked_before(tx, page.ask.ask_id)
        if before is None:
            return
        name = _plain(page.asked)
        if before.waits:
            text = _("You asked {name} about this already, and it is still open.")
        elif before.state is AskState.ANSWERED:
            text = _("{name} has answered you on this. `/feedback list` shows it.")
        else:
            text = _("You asked {name} about this once, and it ran out. Try something newer.")
        raise Refusal(text.format(name=name))

    async def _write_to(
        self, tx: Tx, member: Member, kind: str, ask: Ask, now: datetime, *, counts: bool = True
    ) -> None:
        """Write to a member within their budget; what is not written stands on their `/me`."""
        if not wants_messages(member) or (counts and not await budget.allows(tx, member, now)):
            return
        await outbox.enqueue(
            tx,
            kind=f"feedback.{kind}",
            dedupe=f"feedback:ask:{ask.ask_id}:{kind}",
            place=outbox.Place.user(member.user_id),
            now=now,
            expires_at=ask.expires_at if kind in ("ask", "reminder") else None,
            cohort_id=member.cohort_id,
            member_id=member.member_id,
            subject={"ask_id": ask.ask_id},
            counts=counts,
        )

    async def withdraw(self, caller: Caller, ask_id: int) -> AskPage:
        """Take an open request back."""
        async with self._db.write() as tx:
            page = await self._asked_by(tx, caller, ask_id)
            if page.ask.waits:
                now = self._clock()
                ask = await self._store.change_ask(
                    tx, ask_id, state=AskState.WITHDRAWN, ended_at=now
                )
                await outbox.cancel(tx, f"feedback:ask:{ask_id}:", now)
                page = AskPage(ask, page.asker, page.asked)
            return page

    async def asked(self, caller: Caller, ask_id: int) -> AskPage:
        """Return a request that the caller made."""
        async with self._db.read() as tx:
            return await self._asked_by(tx, caller, ask_id)

    async def _asked_by(self, tx: Tx, caller: Caller, ask_id: int) -> AskPage:
        page = await self._page(tx, ask_id)
        if page is None or page.asker.user_id != caller.user_id:
            raise NotFound(_("That request is gone. `/feedback list` shows yours."))
        return page

    # --- being asked

    async def request(self, caller: Caller, ask_id: int) -> AskPage:
        """Return a request that the caller was asked, in whatever state it is.

        Raises NotFound when it was taken back, and when contact was stopped meanwhile.
        """
        async with self._db.read() as tx:
            return await self._asked_of(tx, caller, ask_id)

    async def _asked_of(self, tx: Tx, caller: Caller, ask_id: int) -> AskPage:
        page = await self._page(tx, ask_id)
        if page is None or page.ask.state is AskState.DRAFTED:
            raise NotFound(_("That request is gone. Nothing is left to do."))
        if page.asked.user_id != caller.user_id:
            raise NotAllowed(_("Only the person who was asked can answer this."))
        if page.ask.state is AskState.WITHDRAWN:
            raise NotFound(
                _("{name} has taken this request back. Nothing is left to do.").format(
                    name=_plain(page.asker)
                )
            )
        if not await contact.may_meet(tx, page.asker.user_id, page.asked.user_id):
            raise NotFound(_("That request is gone. Nothing is left to do."))
        return page

    async def to_answer(self, caller: Caller, ask_id: int) -> AskPage:
        """Return a request whose form may open. Raises Refusal when it was answered."""
        page = await self.request(caller, ask_id)
        if page.ask.state is AskState.ANSWERED:
            raise _answered(page)
        return page

    async def answer(self, caller: Caller, ask_id: int, words: Words) -> FeedbackPage:
        """Bring the answer to whoever asked; also when the time ran out while it was written."""
        now = self._clock()
        async with self._db.write() as tx:
            page = await self._asked_of(tx, caller, ask_id)
            if page.ask.state is AskState.ANSWERED:
                raise _answered(page)
            given = await self._store.add(
                tx,
                page.ask.cohort_id,
                now,
                giver_id=page.asked.member_id,
                receiver_id=page.asker.member_id,
                source=Source.ASKED,
                aspect=page.ask.aspect,
                visibility=page.ask.visibility,
                occasion=page.ask.occasion,
                **_texts(words),
            )
            await self._store.change_ask(tx, ask_id, state=AskState.ANSWERED, ended_at=now)
            await outbox.cancel(tx, f"feedback:ask:{ask_id}:", now)
            await self._bring(tx, page.asker, given, now, counts=False)
            await activity.note(tx, page.asked, "feedback.given", given.feedback_id, now)
            return FeedbackPage(given, page.asked, page.asker, mine=False)

    async def _bring(
        self, tx: Tx, receiver: Member, given: Feedback, now: datetime, *, counts: bool
    ) -> None:
        if not wants_messages(receiver) or (counts and not await budget.allows(tx, receiver, now)):
            return
        await outbox.enqueue(
            tx,
            kind="feedback.arrived",
            dedupe=f"feedback:{given.feedback_id}:arrived",
            place=outbox.Place.user(receiver.user_id),
            now=now,
            cohort_id=receiver.cohort_id,
            member_id=receiver.member_id,
            subject={"feedback_id": given.feedback_id},
            counts=counts,
            priority=4,
        )

    async def not_now(self, caller: Caller, ask_id: int) -> AskPage:
        """Leave it for later; the one reminder comes by itself."""
        return await self.to_answer(caller, ask_id)

    async def decline(self, caller: Caller, ask_id: int) -> AskPage:
        """Say no without anybody being told: for whoever asked, it runs out."""
        async with self._db.write() as tx:
            page = await self._asked_of(tx, caller, ask_id)
            if page.ask.state is AskState.ANSWERED:
                raise _answered(page)
            if page.ask.state is AskState.OPEN:
                ask = await self._store.change_ask(tx, ask_id, state=AskState.DECLINED)
                await outbox.cancel(tx, f"feedback:ask:{ask_id}:", self._clock())
                page = AskPage(ask, page.asker, page.asked)
            return page

    # --- giving unasked

    async def begin_giving(
        self, caller: Caller, other_id: int, name: str, *, is_bot: bool = False
    ) -> Begun:
        """Return what the form starts with; not `inside` where only words to copy can come of it.

        Raises Refusal for a bot, for oneself, and where neither should hear from the other.
        """
        async with self._db.read() as tx:
            member = await memberships.of(tx, caller)
            _no_bot(is_bot)
            if other_id == caller.user_id:
                raise Refusal(_("That is you. `/feedback log` keeps what you see in yourself."))
            other = await self._other(tx, member, other_id)
            if other is not None:
                await self._may_tell(tx, member, other)
            question = self._packs.question(Aspect.DELIVERABLE, None)
            named = other.name if other else name
            return Begun(member, other_id, named, other is not None, Aspect.DELIVERABLE, question)

    async def _may_tell(self, tx: Tx, member: Member, other: Member) -> None:
        meet = await contact.may_meet(tx, member.user_id, other.user_id)
        if other.state is not MemberState.JOINED or not meet:
            raise Refusal(
                _("{name} cannot be reached through me at the moment.").format(name=_plain(other))
            )

    async def give(
        self,
        caller: Caller,
        other_id: int,
        cohort_id: int,
        aspect: Aspect,
        visibility: Visibility,
        words: Words,
    ) -> FeedbackPage | None:
        """Bring it to them; None when they are not here, so that it can only be copied."""
        now = self._clock()
        async with self._db.write() as tx:
            member = await self._in(tx, caller, cohort_id)
            other = await self._other(tx, member, other_id)
            if other is None:
                return None
            await self._may_tell(tx, member, other)
            given = await self._store.add(
                tx,
                cohort_id,
                now,
                giver_id=member.member_id,
                receiver_id=other.member_id,
                source=Source.GIVEN,
                aspect=aspect,
                visibility=visibility,
                **_texts(words),
            )
            await self._bring(tx, other, given, now, counts=True)
            await activity.note(tx, member, "feedback.given", given.feedback_id, now)
            return FeedbackPage(given, member, other, mine=False)

    # --- noting what was said elsewhere

    async def log(self, caller: Caller, quote: Quote, outside_id: int = 0) -> FeedbackPage:
        """Keep what somebody outside said; only the member reads it, and no name is kept."""
        now = self._clock()
        async with self._db.write() as tx:
            asked = await self._outside(tx, caller, outside_id) if outside_id else None
            member = (
                await memberships.get(tx, asked.member_id)
                if asked
                else await memberships.of(tx, caller)
            )
            assert member is not None
            kept = await self._store.add(
                tx,
                member.cohort_id,
                now,
                receiver_id=member.member_id,
                source=Source.LOGGED,
                role=quote.role,
                aspect=quote.aspect,
                occasion=quote.occasion,
                saw=quote.said,
                focus=quote.focus,
                read_at=now,
            )
            if asked:
                await self._store.change_outside(
                    tx, outside_id, state=OutsideState.ANSWERED, next_at=None
                )
            await activity.note(tx, member, "feedback.logged", kept.feedback_id, now)
            return self._shown_to_receiver(kept, None, member)

    async def _outside(self, tx: Tx, caller: Caller, outside_id: int) -> Outside | None:
        mine = [m.member_id for m in await memberships.of_user(tx, caller.user_id)]
        return await self._store.outside(tx, outside_id, mine)

    # --- reading

    async def read(self, caller: Caller, feedback_id: int) -> FeedbackPage:
        """Return feedback to its receiver, and note that it was read, or to its giver."""
        async with self._db.write() as tx:
            page = await self._readable(tx, caller, feedback_id)
            if page.mine and page.feedback.read_at is None:
                await self._store.mark_read(tx, feedback_id, self._clock())
            return page

    async def _readable(self, tx: Tx, caller: Caller, feedback_id: int) -> FeedbackPage:
        found = await self._store.get(tx, feedback_id)
        giver = await memberships.get(tx, found.giver_id) if found and found.giver_id else None
        receiver = (
            await memberships.get(tx, found.receiver_id) if found and found.receiver_id else None
        )
        if found and receiver and receiver.user_id == caller.user_id:
            return self._shown_to_receiver(found, giver, receiver)
        if found and giver and giver.user_id == caller.user_id:
            return FeedbackPage(found, giver, receiver, mine=False)
        raise NotFound(_("That feedback is not yours, or it is gone."))

    def _shown_to_receiver(
        self, found: Feedback, giver: Member | None, receiver: Member
    ) -> FeedbackPage:
        return FeedbackPage(
            found,
            giver,
            receiver,
            may_keep=self._requests.accepts(KeepEntry),
            may_make_goal=self._requests.accepts(MakeGoal) and bool(found.focus),
        )

    async def next_unread(self, caller: Caller, member_id: int) -> FeedbackPage:
        """Return the oldest feedback that the member has not read."""
        async with self._db.read() as tx:
            found = await self._store.unread(tx, member_id)
        if not found:
            raise NotFound(_("Everything is read. `/feedback list` shows it again."))
        return await self.read(caller, found[0])

    async def keep(self, caller: Caller, feedback_id: int) -> int:
        """Keep what somebody said in the member's journal, once; return the entry's number."""
        async with self._db.write() as tx:
            page = await self._own(tx, caller, feedback_id)
            said = "\n".join(part for _label, part in parts_of(page.feedback))
            assert page.receiver is not None
            source, by = f"feedback {feedback_id}", page.giver
            entry = KeepEntry(page.receiver, said, "work", source, by)
            return await self._requests.issue(tx, entry, self._clock())

    async def make_goal(self, caller: Caller, feedback_id: int) -> None:
        """Make a goal of what to focus on."""
        async with self._db.write() as tx:
            page = await self._own(tx, caller, feedback_id)
            assert page.receiver is not None
            what = page.feedback.focus or page.feedback.saw
            await self._requests.issue(
                tx, MakeGoal(page.receiver, what, "technical"), self._clock()
            )

    async def _own(self, tx: Tx, caller: Caller, feedback_id: int) -> FeedbackPage:
        page = await self._readable(tx, caller, feedback_id)
        if not page.mine:
            raise NotAllowed(_("Only the person it was for can do this."))
        return page

    async def look_at(self, caller: Caller, shelf: Shelf = Shelf.GOT, page: int = 0) -> ListPage:
        """Return one page of the member's feedback, asked, got, given or outside."""
        async with self._db.read() as tx:
            mine = [m.member_id for m in await memberships.of_user(tx, caller.user_id)]
            if not mine:
                await memberships.of(tx, caller)
            shelves = {
                Shelf.GOT: await self._store.got(tx, mine),
                Shelf.GAVE: await self._store.gave(tx, mine),
                Shelf.ASKED: await self._store.asks_by(tx, mine),
                Shelf.WAITING: [
                    one for one in await self._store.asks_to(tx, mine) if one.state is AskState.OPEN
                ],
                Shelf.OUTSIDE: await self._store.outsides_of(tx, mine),
            }
            every = shelves[shelf]
            pages = max(1, -(-len(every) // PAGE_SIZE))
            page = min(max(page, 0), pages - 1)
            shown = every[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
            rows = tuple([await self._row(tx, shelf, one) for one in shown])
        counts = {name: len(items) for name, items in shelves.items()}
        return ListPage(shelf, rows, page, pages, counts)

    async def _row(self, tx: Tx, shelf: Shelf, one: Feedback | Ask | Outside) -> Row:
        about = _(ASPECTS[one.aspect])
        if isinstance(one, Outside):
            title = f"{_(ROLES[one.role])}: {one.occasion}"
            return Row(title, about, "feedback.rung", one.outside_id)
        if isinstance(one, Ask):
            other_id = one.asked_id if shelf is Shelf.ASKED else one.asker_id
            name = _name(await memberships.get(tx, other_id))
            detail = f"{about} · {state_words(one)}" if shelf is Shelf.ASKED else about
            action = "feedback.asked" if shelf is Shelf.ASKED else "feedback.request"
            return Row(f"{name}: {one.occasion}", detail, action, one.ask_id)
        other_id = one.giver_id if shelf is Shelf.GOT else one.receiver_id
        if one.role is not None:
            name = _(ROLES[one.role])
        else:
            name = _name(await memberships.get(tx, other_id) if other_id else None)
        title = f"{name}: {one.occasion or one.happened or one.saw}"
        return Row(title, about, "feedback.read", one.feedback_id)

    async def reflect(self, caller: Caller, aspect: Aspect | None = None) -> Reflection:
        """Return what the member heard about one aspect, oldest first."""
        async with self._db.read() as tx:
            member = await memberships.of(tx, caller)
            mine = [m.member_id for m in await memberships.of_user(tx, caller.user_id)]
            every = list(reversed(await self._store.got(tx, mine)))
            counts = {one: sum(f.aspect is one for f in every) for one in Aspect}
            chosen = aspect or max(Aspect, key=lambda one: counts[one])
            heard: list[FeedbackPage] = []
            for found in every:
                if found.aspect is chosen:
                    giver = await memberships.get(tx, found.giver_id) if found.giver_id else None
                    heard.append(self._shown_to_receiver(found, giver, member))
        goals = self._requests.accepts(MakeGoal)
        return Reflection(chosen, tuple(heard), counts, member.zone, goals)

    # --- by itself

    async def sweep(self, now: datetime) -> None:
        """Remind once after three working days, end after fourteen, forget what was never sent."""
        async with self._db.read() as tx:
            late = await self._store.to_remind(tx, now)
            over = await self._store.to_end(tx, now)
        if late or over:
            async with self._db.write() as tx:
                for ask in over:
                    await self._end(tx, ask, now)
                for ask in await self._store.to_remind(tx, now):
                    await self._remind(tx, ask, now)
        if not now.minute:
            async with self._db.write() as tx:
                await self._store.forget_drafts(tx, now - DRAFT_KEPT_FOR)

    async def _remind(self, tx: Tx, ask: Ask, now: datetime) -> None:
        await self._store.change_ask(tx, ask.ask_id, reminded_at=now)
        asked = await memberships.get(tx, ask.asked_id)
        if asked is not None and asked.state is MemberState.JOINED:
            await self._write_to(tx, asked, "reminder", ask, now)

    async def _end(self, tx: Tx, ask: Ask, now: datetime) -> None:
        """Tell both that it ran out; who declined hears no more of it."""
        quietly = ask.state is AskState.DECLINED
        state = AskState.DECLINED if quietly else AskState.EXPIRED
        ask = await self._store.change_ask(tx, ask.ask_id, state=state, ended_at=now)
        await outbox.cancel(tx, f"feedback:ask:{ask.ask_id}:", now)
        asker = await memberships.get(tx, ask.asker_id)
        asked = await memberships.get(tx, ask.asked_id)
        if asker is not None:
            await self._write_to(tx, asker, "ran_out", ask, now, counts=False)
        if asked is not None and not quietly:
            await self._write_to(tx, asked, "over", ask, now)

    async def next_moment(self, now: datetime) -> datetime | None:
        """Return when something about feedback is next due."""
        async with self._db.read() as tx:
            return await self._store.next_at(tx)

    async def letter_page(self, ask_id: int, *states: AskState) -> AskPage | None:
        """Return a request for a message about it; None when there is nothing to say any more."""
        async with self._db.read() as tx:
            page = await self._page(tx, ask_id)
            if page is None or page.ask.state not in states:
                return None
            meet = await contact.may_meet(tx, page.asker.user_id, page.asked.user_id)
            return page if meet else None

    async def arrived(self, feedback_id: int) -> FeedbackPage | None:
        """Return feedback for the message that brings it; None when it was read or is gone."""
        async with self._db.read() as tx:
            found = await self._store.get(tx, feedback_id)
            if found is None or found.read_at is not None or found.receiver_id is None:
                return None
            giver = await memberships.get(tx, found.giver_id) if found.giver_id else None
            receiver = await memberships.get(tx, found.receiver_id)
        return FeedbackPage(found, giver, receiver)

    async def undelivered(
        self, tx: Tx, letter: Letter, code: int | None, why: str, now: datetime
    ) -> None:
        """Tell whoever asked that the request reached nobody, with words to copy instead."""
        page = await self._page(tx, int(letter.subject["ask_id"]))
        if page is not None and page.ask.state is AskState.OPEN:
            await self._write_to(tx, page.asker, "unreachable", page.ask, now, counts=False)

    # --- what other cards and files show

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Say on `/me` what waits to be read and answered."""
        lines: list[Line] = []
        unread = len(await self._store.unread(tx, member.member_id))
        if unread:
            text = ngettext("{n} feedback to read", "{n} pieces of feedback to read", unread)
            lines.append(
                Line(
                    text.format(n=unread),
                    _("Read"),
                    "feedback.unread",
                    str(member.member_id),
                    order=12,
                    urgent=True,
                )
            )
        for ask in await self._store.waiting_for(tx, member.member_id):
            asker = await memberships.get(tx, ask.asker_id)
            if asker and await contact.may_meet(tx, asker.user_id, member.user_id):
                text = _("{name} asks you for feedback").format(name=_plain(asker))
                lines.append(
                    Line(text, _("Look at it"), "feedback.request", str(ask.ask_id), order=14)
                )
        mine = await self._store.asks_by(tx, [member.member_id])
        waiting = [ask for ask in mine if ask.waits]
        if waiting:
            n = len(waiting)
            text = ngettext("{n} request of yours is open", "{n} requests of yours are open", n)
            subject = f"{Shelf.ASKED.value}-0"
            lines.append(Line(text.format(n=n), _("See"), "feedback.list", subject, order=45))
        return lines

    async def status(self, tx: Tx, cohort: Cohort, now: datetime) -> list[Line]:
        """Say on `/cohort status` how often feedback was asked and given; never whose or what."""
        found = await self._store.tally(tx, cohort.cohort_id)
        if not found["asked"]:
            return []
        text = _("Feedback: asked {asked} times, answered {answered}, ran out {over}.")
        words = text.format(asked=found["asked"], answered=found["answered"], over=found["ran out"])
        return [Line(words, order=60)]

    async def shown(self, tx: Tx, member: Member, reader: Visibility) -> list[str]:
        """Add the feedback that a mentor or a fellow member may read to a profile."""
        allowed = {Visibility.COHORT, reader}
        found = await self._store.got(tx, [member.member_id])
        return [
            _("Feedback, {aspect}: {text}").format(
                aspect=_(ASPECTS[one.aspect]), text=one.keep or one.saw
            )[:300]
            for one in found
            if one.visibility in allowed and one.source is not Source.LOGGED
        ][:3]

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add everything the user got, gave, asked and was asked to their export."""
        mine = {m.member_id: m for m in await memberships.of_user(tx, user_id)}
        got = [
            {
                "from": _(ROLES[one.role]) if one.role else await self._called(tx, one.giver_id),
                **_plain_rows(one),
            }
            for one in await self._store.got(tx, list(mine))
        ]
        gave = [
            {"to": await self._called(tx, one.receiver_id), **_plain_rows(one)}
            for one in await self._store.gave(tx, list(mine))
        ]
        asked: list[dict[str, Any]] = []
        for ask in await self._store.asks_by(tx, list(mine)):
            asked.append(
                {
                    "of": await self._called(tx, ask.asked_id),
                    "aspect": ask.aspect.value,
                    "occasion": ask.occasion,
                    "question": ask.question,
                    "visible to": ask.visibility.value,
                    "state": state_words(ask),
                    "sent": ask.sent_at.isoformat() if ask.sent_at else "",
                }
            )
        requests = [
            {
                "by": await self._called(tx, ask.asker_id),
                "aspect": ask.aspect.value,
                "state": ask.state.value,
                "sent": ask.sent_at.isoformat() if ask.sent_at else "",
            }
            for ask in await self._store.asks_to(tx, list(mine))
        ]
        outside = [
            {
                "whom": one.role.value,
                "aspect": one.aspect.value,
                "occasion": one.occasion,
                "question": one.question,
                "step": one.rung.value,
                "state": one.state.value,
                "asked": one.asked_at.isoformat(),
            }
            for one in await self._store.outsides_of(tx, list(mine))
        ]
        return [
            ExportPart("feedback_got", _("Feedback you got"), got),
            ExportPart("feedback_given", _("Feedback you gave"), gave),
            ExportPart("feedback_asked", _("Feedback you asked for"), asked),
            ExportPart("feedback_requests", _("Requests to you"), requests),
            ExportPart("feedback_outside", _("Questions to people outside"), outside),
        ]

    async def record(self, tx: Tx, user_id: int) -> list[Entry]:
        """Add the feedback the user has read or noted, by the role of who said it."""
        return [
            Entry(
                Chapter.FEEDBACK,
                f"feedback {one.feedback_id}",
                member.local_date(one.at),
                "\n".join(filter(None, (one.saw, one.keep))),
                learned=one.focus,
                result=one.changed,
                situation=one.happened or one.occasion,
                said_by=_(ROLES[one.role])
                if one.role
                else _("Somebody from {cohort}").format(cohort=member.cohort_name),
            )
            for member in await memberships.of_user(tx, user_id)
            for one in await self._store.got(tx, [member.member_id])
            if one.read_at is not None or one.source is Source.LOGGED
        ]

    async def _called(self, tx: Tx, member_id: int | None) -> str:
        return _name(await memberships.get(tx, member_id) if member_id else None)

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept about feedback and who reads it."""
        mine = [m.member_id for m in await memberships.of_user(tx, user_id)]
        lines: list[str] = []
        if n := len(await self._store.got(tx, mine)):
            text = ngettext(
                "{n} piece of feedback to you, encrypted. You, who gave it, and anybody it names "
                "can read it.",
                "{n} pieces of feedback to you, encrypted. You, who gave them, and anybody they "
                "name can read them.",
                n,
            )
            lines.append(text.format(n=n))
        if n := len(await self._store.gave(tx, mine)):
            text = ngettext(
                "{n} piece of feedback from you to somebody. It stays with them when you delete "
                "yourself, without your name.",
                "{n} pieces of feedback from you to others. They stay with them when you delete "
                "yourself, without your name.",
                n,
            )
            lines.append(text.format(n=n))
        if n := len(await self._store.outsides_of(tx, mine)):
            text = ngettext(
                "{n} question to somebody outside, encrypted. Only you read it.",
                "{n} questions to people outside, encrypted. Only you read them.",
                n,
            )
            lines.append(text.format(n=n))
        return lines

    async def erase(self, tx: Tx, user_id: int) -> None:
        """Forget what nobody else has a part in; the rest loses the name by the schema itself."""
        mine = [m.member_id for m in await memberships.of_user(tx, user_id)]
        await self._forget(tx, mine)

    async def erase_member(self, tx: Tx, member: Member) -> None:
        """Forget what nobody else has a part in once this membership goes."""
        await self._forget(tx, [member.member_id])

    async def _forget(self, tx: Tx, mine: list[int]) -> None:
        for ask in [*await self._store.asks_by(tx, mine), *await self._store.asks_to(tx, mine)]:
            await outbox.cancel(tx, f"feedback:ask:{ask.ask_id}:", self._clock())
        await self._store.forget_alone(tx, mine)

    async def ask_no_more(self, tx: Tx, member: Member, now: datetime) -> None:
        """Let nobody ask this member through the bot any more."""
        await profiles.let_ask(tx, member.member_id, Askers.NOBODY, now)


def wants_messages(member: Member) -> bool:
    """Say whether direct messages are welcome and known to arrive."""
    return member.delivery is Delivery.DM and member.inbox is not users.Inbox.CLOSED


def _reachable(other: Member) -> bool:
    """Say whether something asked of them is seen: by message, or where they said they look."""
    return other.delivery is not Delivery.DM or other.inbox is not users.Inbox.CLOSED


def _no_bot(is_bot: bool) -> None:
    if is_bot:
        raise Refusal(_("That is a bot. It has no opinion, not even I."))


def _answered(page: AskPage) -> Refusal:
    return Refusal(
        _("You have answered this one. `/feedback give` tells {name} more.").format(
            name=_plain(page.asker)
        )
    )


def _texts(words: Words) -> dict[str, str]:
    return {name: getattr(words, name) for name in Words.__slots__}


def _name(member: Member | None) -> str:
    return member.name if member else _("somebody who left")


def _plain(member: Member) -> str:
    """Return a name for a sentence that is shown word for word."""
    return bare(member.name)


def _plain_rows(one: Feedback) -> dict[str, Any]:
    return {
        "aspect": one.aspect.value,
        "source": one.source.value,
        **{label: text for label, text in parts_of(one)},
        "visible to": one.visibility.value,
        "at": one.at.isoformat(),
    }
