"""What a member can do with the things that are worth doing now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.clockwork.clock import Clock
from bot.clockwork.phases import Phase, Stage, StepKind
from bot.errors import NotFound, Refusal
from bot.face.dates import short_day
from bot.face.escape import one_line
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Action, Section
from bot.knowledge.packs import Packs
from bot.knowledge.week import Week, area_of, week_for
from bot.people import activity, memberships
from bot.people.caller import Caller
from bot.people.contributions import Deeds, ExportPart, Line, News
from bot.people.memberships import Member, MemberState
from bot.people.requests import MakeGoal, RemindMe, Requests
from bot.storage.database import Database, Tx

from .model import (
    MOST_UNANSWERED,
    REFLECTS,
    STEPS,
    WHYS,
    Card,
    CardState,
    Deed,
    DeedKind,
    Offer,
    Page,
    Ref,
    Thing,
    Why,
    moments,
    phase_of,
    step_of,
    unanswered,
)
from .store import PlaybookStore

REFLECT = "journal.reflect"
HERE = (MemberState.JOINED, MemberState.PAUSED)


class PlaybookService:
    """Decide; then keep what was decided."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        store: PlaybookStore,
        packs: Packs,
        requests: Requests,
        actions: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._packs = packs
        self._requests = requests
        self._actions = actions

    # --- what is shown

    async def week(self, caller: Caller, member_id: int | None = None) -> Page:
        """Return this week's three of one of the caller's memberships."""
        async with self._db.read() as tx:
            return await self._week_page(tx, await self._mine(tx, caller, member_id))

    async def card(self, caller: Caller, card_id: int) -> Page:
        """Return one of the caller's cards."""
        async with self._db.read() as tx:
            mine = {m.member_id: m for m in await memberships.of_user(tx, caller.user_id)}
            card = await self._store.card(tx, mine, card_id)
            if card is None:
                raise NotFound(_("That is not yours, or it is gone. `/me` shows what is."))
            return await self._card_page(tx, mine[card.member_id], card)

    async def for_letter(self, member_id: int, card_id: int) -> Page | None:
        """Return a card that is about to be said; None when its time is over or not any more."""
        async with self._db.read() as tx:
            member = await memberships.get(tx, member_id)
            card = await self._store.card(tx, [member_id], card_id)
            if member is None or card is None or card.state is not CardState.WRITTEN:
                return None
            today = member.local_date(self._clock())
            if step_of(card.key) is None and self._week(member).period != card.key:
                return None
            if today > card.closes_on:
                return None
            return await self._card_page(tx, member, card)

    async def receiver(self, member_id: int) -> Member | None:
        """Return whom a message is for, if they are there."""
        async with self._db.read() as tx:
            return await memberships.get(tx, member_id)

    def _week(self, member: Member) -> Week:
        today = member.local_date(self._clock())
        return week_for(self._packs, member.stage, member.starts_on, member.ends_on, today)

    async def _mine(self, tx: Tx, caller: Caller, member_id: int | None) -> Member:
        if member_id is None:
            return await memberships.of(tx, caller)
        member = await memberships.get(tx, member_id)
        if member is None or member.user_id != caller.user_id or member.state not in HERE:
            raise NotFound(_("That is not yours, or it is gone. `/me` shows what is."))
        return member

    async def _week_page(self, tx: Tx, member: Member) -> Page:
        week = self._week(member)
        done = await self._store.deeds_in(tx, member.member_id, week.period)
        things = [
            self._thing(action, Ref(member.member_id, week.period, action.id, False), done)
            for action in week.actions
        ]
        return replace(
            self._page(member, week.title, week.emphasis, things, week.phase),
            silent=await self._silent(tx, member),
            is_week=True,
        )

    async def _card_page(self, tx: Tx, member: Member, card: Card) -> Page:
        number, done = member.member_id, await self._store.deeds_in(tx, member.member_id, card.key)
        step = step_of(card.key)
        if step is not None:
            return self._step_page(member, step, Ref(number, card.key, step.value, True), done)
        phase = phase_of(card.key)
        stage = Stage.INTERNING if phase else Stage.LOOKING
        named = [self._packs.by_id.get(name) for name in card.actions]
        shown = [action for action in named if action is not None]
        things = [
            self._thing(action, Ref(number, card.key, action.id, True), done)
            for action in shown or self._packs.actions(phase, stage, card.opens_on, card.opens_on)
        ]
        title = self._packs.guidance(phase).title if phase else ""
        opening = self._packs.card_opening(phase, stage, card.card_id)
        return self._page(member, title, opening, things, phase)

    def _page(
        self, member: Member, title: str, opening: str, things: list[Thing], phase: Phase | None
    ) -> Page:
        return Page(
            member_id=member.member_id,
            title=title,
            opening=opening,
            things=tuple(things),
            may_goal=self._requests.accepts(MakeGoal),
            may_remind=self._requests.accepts(RemindMe),
            reflects=phase in REFLECTS and REFLECT in self._actions(),
        )

    def _step_page(self, member: Member, kind: StepKind, ref: Ref, done: list[Deed]) -> Page:
        step = STEPS[kind]
        last = short_day(member.ends_on) if member.ends_on else _("the end of the month")
        page = self._page(member, _(step.title), "", [], None)
        thing = Thing(ref, _(step.do), _(step.why), self._guide(step.guide))
        return replace(
            page,
            things=(_with_deeds(thing, done),),
            words=_(step.words).format(day=last),
        )

    def _thing(self, action: Action, ref: Ref, done: list[Deed]) -> Thing:
        return _with_deeds(Thing(ref, action.do, action.why, self._guide(action.guide)), done)

    def _guide(self, guide: str | None) -> str | None:
        return guide if guide in self._packs.guides else None

    async def _silent(self, tx: Tx, member: Member) -> Why | None:
        """Return why no card comes as a message, where a press changes that."""
        plan = await self._store.plan(tx, member.member_id)
        if plan is None:
            return None
        if plan.muted:
            return Why.MUTED
        cards = (await self._store.cards_of(tx, [member.member_id]))[member.member_id]
        quiet = unanswered(cards, plan.pressed_at) >= MOST_UNANSWERED
        return Why.QUIET if quiet else None

    # --- what a member does

    async def do(self, caller: Caller, ref: Ref) -> Page:
        """Keep that an action was done; doing so again changes nothing."""
        return await self._note(caller, ref, DeedKind.DONE)

    async def make_goal(self, caller: Caller, ref: Ref) -> Page:
        """Make a goal of an action; a second press makes no second one."""
        return await self._note(caller, ref, DeedKind.GOAL)

    async def _note(self, caller: Caller, ref: Ref, kind: DeedKind) -> Page:
        now = self._clock()
        async with self._db.write() as tx:
            member, thing = await self._about(tx, caller, ref)
            if not (thing.done if kind is DeedKind.DONE else thing.goal):
                if kind is DeedKind.GOAL:
                    goal = MakeGoal(member, thing.do, self._area(ref))
                    await self._requests.issue(tx, goal, now)
                deed = await self._store.did(
                    tx, member.member_id, ref.key, ref.action, kind, thing.do, now
                )
                if kind is DeedKind.DONE:
                    await activity.note(tx, member, "action.done", deed.deed_id, now)
            return await self._answered(tx, member, ref, now)

    async def undo(self, caller: Caller, ref: Ref) -> Page:
        """Take a *Done* back."""
        now = self._clock()
        async with self._db.write() as tx:
            member = await self._mine(tx, caller, ref.member_id)
            for deed in await self._store.deeds_in(tx, member.member_id, ref.key):
                if deed.action == ref.action and deed.kind is DeedKind.DONE:
                    await self._store.undo(tx, deed.deed_id)
                    await activity.note(tx, member, "action.undone", deed.deed_id, now)
            return await self._answered(tx, member, ref, now)

    async def offer(self, caller: Caller, ref: Ref) -> Offer:
        """Return when the caller may be reminded of an action."""
        async with self._db.read() as tx:
            member, thing = await self._about(tx, caller, ref)
            return Offer(thing, moments(member.zone, self._clock()))

    async def remind(self, caller: Caller, ref: Ref, at: datetime) -> Thing:
        """Have the caller reminded; asking for the same moment again changes nothing.

        Raises Refusal for a moment that has passed.
        """
        now = self._clock()
        async with self._db.write() as tx:
            member, thing = await self._about(tx, caller, ref)
            if at <= now:
                raise Refusal(_("That moment has passed. Press *Remind me* again for later ones."))
            if thing.remind_at != at:
                await self._requests.issue(tx, RemindMe(member, thing.do, at), now)
                await self._keep_reminder(tx, member, ref, thing, at, now)
            await self._store.set_plan(tx, member, pressed_at=now)
            return replace(thing, remind_at=at)

    async def _keep_reminder(
        self, tx: Tx, member: Member, ref: Ref, thing: Thing, at: datetime, now: datetime
    ) -> None:
        for deed in await self._store.deeds_in(tx, member.member_id, ref.key):
            if deed.action == ref.action and deed.kind is DeedKind.REMINDER:
                await self._store.again(tx, deed.deed_id, at, now)
                return
        kind = DeedKind.REMINDER
        await self._store.did(tx, member.member_id, ref.key, ref.action, kind, thing.do, now, at)

    async def let_cards_come(self, caller: Caller, member_id: int, *, come: bool) -> Page:
        """Have cards sent again, or no more of them."""
        now = self._clock()
        async with self._db.write() as tx:
            member = await self._mine(tx, caller, member_id)
            await self._store.set_plan(tx, member, muted=not come, pressed_at=now)
            word = "playbook.started" if come else "playbook.stopped"
            await activity.note(tx, member, word, None, now)
            return await self._week_page(tx, member)

    async def _about(self, tx: Tx, caller: Caller, ref: Ref) -> tuple[Member, Thing]:
        """Return whose action it is and what it says, also when its pack is gone by now."""
        member = await self._mine(tx, caller, ref.member_id)
        deeds = await self._store.deeds_in(tx, member.member_id, ref.key)
        step, action = step_of(ref.key), self._packs.by_id.get(ref.action)
        if step is not None:
            return member, self._step_page(member, step, ref, deeds).things[0]
        if action is not None:
            return member, self._thing(action, ref, deeds)
        for deed in deeds:
            if deed.action == ref.action:
                return member, _with_deeds(Thing(ref, deed.what, "", None), deeds)
        raise NotFound(_("That one is gone from what I have read. `/me` shows this week's three."))

    def _area(self, ref: Ref) -> str:
        step, action = step_of(ref.key), self._packs.by_id.get(ref.action)
        return STEPS[step].area if step else area_of(self._packs, action.guide if action else None)

    async def _answered(self, tx: Tx, member: Member, ref: Ref, now: datetime) -> Page:
        """Return what a press leads to, after noting that there was one."""
        await self._store.set_plan(tx, member, pressed_at=now)
        card = await self._store.card_called(tx, member.member_id, ref.key)
        if ref.on_card and card is not None:
            return await self._card_page(tx, member, card)
        return await self._week_page(tx, member)

    # --- what other cards and files show

    async def deeds(self, tx: Tx, member: Member, now: datetime) -> Deeds:
        """Mark on `/me` what was done, and lead to the buttons."""
        done = await self._store.done_now(tx, member.member_id, self._week(member).period)
        return Deeds(done, _("Done, goal, reminder"), "playbook.week", str(member.member_id))

    async def today(self, tx: Tx, member: Member, now: datetime) -> list[Line]:
        """Show on `/me` the steps before the end that are due and not done."""
        today = member.local_date(now)
        lines: list[Line] = []
        for card in (await self._store.cards_of(tx, [member.member_id]))[member.member_id]:
            step = step_of(card.key)
            over = today > card.closes_on or card.state is CardState.DROPPED
            if step is None or over:
                continue
            if step.value not in await self._store.done_now(tx, member.member_id, card.key):
                label, number = _("Words for it"), str(card.card_id)
                lines.append(Line(_(STEPS[step].do), label, "playbook.card", number, order=33))
        return lines

    async def in_week(self, tx: Tx, member: Member, since: datetime, now: datetime) -> list[News]:
        """Say what the member did of it, to nobody but them."""
        return [
            News(Section.WINS, _("You did it: {action}").format(action=one_line(deed.what)))
            for deed in await self._store.deeds_of(tx, [member.member_id], since)
            if deed.kind is DeedKind.DONE and deed.at <= now
        ]

    async def export(self, tx: Tx, user_id: int) -> list[ExportPart]:
        """Add what was done, and which cards came, to the user's export."""
        names = {m.member_id: m.cohort_name for m in await memberships.of_user(tx, user_id)}
        did: list[dict[str, Any]] = [
            {
                "cohort": names[deed.member_id],
                "action": deed.what,
                "was": deed.kind.value,
                "when": deed.key,
                "at": deed.at.isoformat(),
            }
            for deed in await self._store.deeds_of(tx, list(names))
        ]
        every = await self._store.cards_of(tx, list(names))
        came: list[dict[str, Any]] = [
            {
                "cohort": names[number],
                "card": card.key,
                "from": card.opens_on.isoformat(),
                "to": card.closes_on.isoformat(),
                "state": card.state.value,
                "why": _(WHYS[card.why]) if card.why else "",
                "sent": card.said_at.isoformat() if card.said_at else "",
            }
            for number, cards in every.items()
            for card in cards
        ]
        return [
            ExportPart("actions", _("Things you did from the playbook"), did),
            ExportPart("cards", _("Cards of the playbook"), came),
        ]

    async def stored(self, tx: Tx, user_id: int) -> list[str]:
        """Say what is kept and who reads it."""
        mine = [m.member_id for m in await memberships.of_user(tx, user_id)]
        number = len(await self._store.deeds_of(tx, mine))
        line = ngettext(
            "{n} thing you marked done, made a goal or wanted to hear of again. Only you read it.",
            "{n} things you marked done, made a goal or wanted to hear of again. Only you read "
            "them.",
            number,
        )
        return [line.format(n=number)] if number else []


REASON = N_("A new part of your own time in {cohort} began, or its end comes near.")


def _with_deeds(thing: Thing, deeds: list[Deed]) -> Thing:
    mine = {deed.kind: deed for deed in deeds if deed.action == thing.ref.action}
    reminder = mine.get(DeedKind.REMINDER)
    return replace(
        thing,
        done=DeedKind.DONE in mine,
        goal=DeedKind.GOAL in mine,
        remind_at=reminder.for_at if reminder else None,
    )
