"""Cards of the playbook: each once, at the right time, never more than somebody agreed to."""

from collections import Counter
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from bot.clockwork.phases import Stage
from bot.clockwork.recurrence import Weekly, to_utc
from bot.delivery import outbox, schedules
from bot.delivery.letters import LetterState, letters
from bot.delivery.outbox import Place
from bot.delivery.schedules import Scope
from bot.people import cohorts, memberships, users
from bot.people.cohorts import CohortState
from bot.people.memberships import Delivery, Volume
from bot.people.requests import Requests
from bot.people.users import Inbox
from cogs.playbook.model import CardState, Why
from cogs.playbook.rounds import PlaybookRounds
from cogs.playbook.service import PlaybookService
from cogs.playbook.store import PlaybookStore
from tests.conftest import NEW_YORK, add_cohort, asks, enrol

LAST = date(2026, 5, 24)
PHASES = [f"phase-{one}" for one in ("land", "plan", "stride", "midpoint", "reach", "close")]
PHASES += ["phase-last_week", "phase-after"]
STEPS = ["step-transition_meeting", "step-handover_document"]


class Book:
    """The playbook over a real database, driven from look to look."""

    def __init__(self, db, clock, packs):
        self.db, self.clock, self.store = db, clock, PlaybookStore()
        self.rounds = PlaybookRounds(db, clock, self.store, packs)
        self.requests = Requests()
        self.service = PlaybookService(db, clock, self.store, packs, self.requests)

    async def live(self, until, each=None, *, send=True):
        """Let time pass until then; what is written is said, `each` answers what came."""
        while True:
            await self.rounds.sweep(self.clock())
            await self.deliver(each, send=send)
            at = await self.rounds.next_moment(self.clock())
            if at is None or at > until:
                break
            self.clock.now = max(at, self.clock.now)
        self.clock.now = until

    async def deliver(self, each=None, *, send=True):
        if not send:
            return
        async with self.db.write() as tx:
            rows = await tx.execute(
                select(letters.c.letter_id, letters.c.subject).where(
                    letters.c.kind == "playbook.card",
                    letters.c.state == LetterState.PENDING,
                    letters.c.due_at <= self.clock(),
                )
            )
            said = rows.all()
            for row in said:
                await tx.execute(
                    letters.update()
                    .where(letters.c.letter_id == row.letter_id)
                    .values(state=LetterState.SENT, ended_at=self.clock())
                )
        for row in said:
            if each:
                await each(row.subject["card_id"])

    async def cards(self, member):
        async with self.db.read() as tx:
            return (await self.store.cards_of(tx, [member.member_id]))[member.member_id]

    async def card(self, member, key):
        return next((one for one in await self.cards(member) if one.key == key), None)

    async def said(self, member):
        cards = [one for one in await self.cards(member) if one.said_at]
        return [one.key for one in sorted(cards, key=lambda one: one.said_at)]

    async def letters(self):
        async with self.db.read() as tx:
            rows = await tx.execute(select(letters).where(letters.c.kind == "playbook.card"))
            return rows.all()

    async def change(self, member, **values):
        async with self.db.write() as tx:
            await memberships.change(tx, member.member_id, **values)

    async def answer(self, member):
        """Return what presses *Done* on every card as soon as it is there."""

        async def press(card_id):
            page = await self.service.card(asks(member), card_id)
            await self.service.do(asks(member), page.things[0].ref)

        return press


def local(day, at=time(12), zone=NEW_YORK):
    return to_utc(day, at, zone)


@pytest.fixture
def book(db, clock, packs):
    return Book(db, clock, packs)


@pytest.fixture
async def ada(db, cohort, clock):
    return await enrol(db, cohort, 1001, "Ada", clock(), delivery=Delivery.DM)


async def test_over_twelve_weeks_every_card_comes_once_and_in_its_own_phase(book, ada):
    await book.live(local(LAST + timedelta(weeks=4)), await book.answer(ada))
    said = await book.said(ada)
    assert sorted(said) == sorted([*PHASES, *STEPS])
    assert [key for key in said if key in PHASES] == PHASES
    for card in await book.cards(ada):
        assert card.opens_on <= ada.local_date(card.said_at) <= card.closes_on
        assert ada.local_date(card.said_at).weekday() < 5
    assert len(await book.letters()) == len(said)


async def test_looking_again_says_nothing_twice(book, ada, clock):
    await book.live(local(date(2026, 3, 3)))
    assert await book.said(ada) == ["phase-land"]
    for _hour in range(48):
        clock.advance(hours=1)
        await book.rounds.sweep(clock())
    assert len(await book.letters()) == 1


async def test_nobody_hears_of_it_on_the_day_they_joined(book, ada):
    await book.live(local(date(2026, 3, 2), time(18)))
    assert await book.said(ada) == []


@pytest.mark.parametrize("weeks", [4, 8, 26, 52])
async def test_programmes_of_any_length_stay_inside_the_budget_and_repeat_nothing(
    book, db, clock, weeks
):
    last = date(2026, 3, 2) + timedelta(weeks=weeks, days=-1)
    cohort = await add_cohort(db, 501, clock(), name="Other", last_day=last)
    ada = await enrol(db, cohort, 1001, "Ada", clock(), delivery=Delivery.DM)
    await book.live(local(last + timedelta(weeks=14)), await book.answer(ada))
    cards = await book.cards(ada)
    assert len({card.key for card in cards}) == len(cards)
    assert {"phase-land", "phase-close", "phase-last_week"} <= {card.key for card in cards}
    days = Counter(ada.local_date(card.said_at) for card in cards if card.said_at)
    assert max(days.values()) == 1
    assert all(card.why for card in cards if card.state is CardState.DROPPED)
    assert len(await book.said(ada)) >= 8


async def test_a_card_waits_for_room_and_is_let_go_with_its_reason_when_its_phase_is_over(
    book, ada, db, clock
):
    async def too_many(week):
        async with db.write() as tx:
            for number in range(3):
                at = local(week + timedelta(days=number), time(9))
                await outbox.enqueue(
                    tx, kind="other.ping", dedupe=f"{week}{number}", place=Place.user(ada.user_id),
                    now=at, member_id=ada.member_id, cohort_id=ada.cohort_id,
                )  # fmt: skip

    await too_many(date(2026, 3, 2))
    await book.live(local(date(2026, 3, 10)))
    land = await book.card(ada, "phase-land")
    assert (land.state, land.why) == (CardState.DROPPED, Why.BUDGET)
    assert await book.said(ada) == ["phase-plan"]


async def test_the_check_in_keeps_its_place_in_a_day_and_a_week(book, ada, db, cohort):
    rule = Weekly(weekday=4, at=time(15), anchor=date(2026, 3, 2))
    async with db.write() as tx:
        await schedules.set_schedule(
            tx,
            cohort,
            "checkin",
            rule,
            Scope.MEMBER,
            grace=timedelta(hours=24),
            now=book.clock(),
        )
        await memberships.change(tx, ada.member_id, volume=Volume.LIGHT)
    await book.live(local(date(2026, 3, 6), time(14)))
    assert await book.said(ada) == []
    await book.change(ada, checkins=False)
    await book.live(local(date(2026, 3, 10)))
    assert await book.said(ada) == ["phase-plan"]


async def test_a_card_with_time_leaves_the_day_of_the_check_ins_reminder_free(
    book, ada, db, cohort
):
    rule = Weekly(weekday=5, at=time(8), anchor=date(2026, 3, 2))
    async with db.write() as tx:
        await schedules.set_schedule(
            tx, cohort, "checkin", rule, Scope.MEMBER, grace=timedelta(hours=24), now=book.clock()
        )
    await book.live(local(date(2026, 3, 20)), await book.answer(ada))
    plan = await book.card(ada, "phase-plan")
    reminder = local(date(2026, 3, 7), time(8)) + timedelta(hours=60)
    assert ada.local_date(reminder) == date(2026, 3, 9)
    assert ada.local_date(plan.said_at) == date(2026, 3, 10)


async def test_after_three_cards_without_a_press_the_next_stand_on_me_until_there_is_one(book, ada):
    await book.live(local(date(2026, 4, 10)))
    assert await book.said(ada) == PHASES[:3]
    midpoint = await book.card(ada, "phase-midpoint")
    assert (midpoint.state, midpoint.why) == (CardState.SHOWN, Why.QUIET)
    page = await book.service.week(asks(ada), ada.member_id)
    assert page.silent is Why.QUIET
    page = await book.service.do(asks(ada), page.things[0].ref)
    assert page.silent is None
    await book.live(local(date(2026, 4, 24)))
    assert (await book.said(ada))[3:] == ["phase-reach"]


async def test_nothing_comes_while_paused_and_on_return_what_is_still_true(book, ada, clock, db):
    answer = await book.answer(ada)
    await book.live(local(date(2026, 3, 8)), answer)
    async with db.write() as tx:
        await memberships.pause(tx, ada, ada.local_date(clock()), date(2026, 3, 25))
    await book.live(local(date(2026, 3, 24), time(23)), answer)
    assert await book.said(ada) == ["phase-land"]
    plan = await book.card(ada, "phase-plan")
    assert (plan.state, plan.why) == (CardState.DROPPED, Why.PAUSED)
    async with db.write() as tx:
        await memberships.resume(tx, ada, date(2026, 3, 25))
    await book.live(local(date(2026, 4, 4)), answer)
    assert await book.said(ada) == ["phase-land", "phase-stride"]


async def test_a_card_that_a_pause_overtook_comes_again_while_its_phase_lasts(book, ada, db, clock):
    await book.live(local(date(2026, 3, 9), time(12)), send=False)
    assert (await book.letters())[-1].state is LetterState.PENDING
    async with db.write() as tx:
        await outbox.stop_for_member(tx, ada.member_id, clock(), "they are pausing")
        await memberships.pause(tx, ada, date(2026, 3, 9), date(2026, 3, 12))
    await book.live(local(date(2026, 3, 11)))
    async with db.write() as tx:
        await memberships.resume(tx, ada, date(2026, 3, 12))
    await book.live(local(date(2026, 3, 13)))
    assert "phase-plan" in await book.said(ada)


async def test_changed_dates_bring_no_phase_twice(book, ada):
    answer = await book.answer(ada)
    await book.live(local(date(2026, 3, 18)), answer)
    assert await book.said(ada) == ["phase-land", "phase-plan"]
    await book.change(ada, starts_on=date(2026, 3, 16), ends_on=date(2026, 6, 7))
    await book.live(local(date(2026, 6, 20)), answer)
    said = await book.said(ada)
    assert sorted(said) == sorted({*PHASES, *STEPS})


async def test_a_card_of_a_phase_that_moved_away_waits_for_its_own_time(book, ada, db, clock):
    await book.change(ada, volume=Volume.LIGHT)
    async with db.write() as tx:
        await outbox.enqueue(
            tx, kind="other.ping", dedupe="one", place=Place.user(ada.user_id), now=clock(),
            member_id=ada.member_id, cohort_id=ada.cohort_id,
        )  # fmt: skip
    await book.live(local(date(2026, 3, 4)))
    assert (await book.card(ada, "phase-land")).state is CardState.WAITING
    await book.change(ada, starts_on=date(2026, 4, 6), ends_on=date(2026, 6, 28))
    await book.live(local(date(2026, 4, 7)), await book.answer(ada))
    assert "phase-before" in await book.said(ada)
    assert "phase-land" in await book.said(ada)


async def test_stages_lead_from_weekly_actions_through_the_phases_to_the_end(book, ada):
    answer = await book.answer(ada)
    await book.change(ada, stage=Stage.LOOKING, starts_on=None, ends_on=None)
    await book.live(local(date(2026, 3, 22)), answer)
    assert await book.said(ada) == ["week-2026-03-02", "week-2026-03-09", "week-2026-03-16"]
    starts, ends = date(2026, 4, 6), date(2026, 6, 28)
    await book.change(ada, stage=Stage.STARTING, starts_on=starts, ends_on=ends)
    await book.live(local(date(2026, 4, 5)), answer)
    assert (await book.said(ada))[3:] == ["phase-before"]
    await book.change(ada, stage=Stage.INTERNING)
    await book.live(local(date(2026, 4, 12)), answer)
    await book.change(ada, stage=Stage.FINISHED)
    await book.live(local(date(2026, 7, 10)), answer)
    assert (await book.said(ada))[4:] == ["phase-land", "phase-after"]


async def test_weekly_cards_come_from_standard_volume_on(book, ada):
    await book.change(ada, stage=Stage.LOOKING, volume=Volume.LIGHT)
    await book.live(local(date(2026, 3, 20)))
    assert await book.cards(ada) == []


@pytest.mark.parametrize(
    ("values", "inbox", "why"),
    [
        ({"delivery": Delivery.CARD}, Inbox.OPEN, Why.CARD),
        ({"delivery": Delivery.THREAD}, Inbox.OPEN, Why.CARD),
        ({"delivery": Delivery.DM}, Inbox.CLOSED, Why.CLOSED),
    ],
)
async def test_who_is_not_written_to_finds_it_on_me(book, ada, db, values, inbox, why):
    await book.change(ada, **values)
    async with db.write() as tx:
        await users.change(tx, ada.user_id, inbox=inbox)
    await book.live(local(date(2026, 3, 4)))
    card = await book.card(ada, "phase-land")
    assert (card.state, card.why) == (CardState.SHOWN, why)
    assert await book.letters() == []


async def test_a_paused_cohort_says_nothing_and_goes_on_with_what_is_true_then(book, ada, db):
    async with db.write() as tx:
        await cohorts.change(tx, ada.cohort_id, state=CohortState.PAUSED)
    assert await book.rounds.next_moment(book.clock()) is None
    await book.live(local(date(2026, 3, 10)))
    assert await book.cards(ada) == []
    async with db.write() as tx:
        await cohorts.change(tx, ada.cohort_id, state=CohortState.LIVE)
    await book.live(local(date(2026, 3, 12)))
    assert await book.said(ada) == ["phase-plan"]


async def test_in_two_cohorts_a_person_hears_of_one_a_day(book, ada, db, clock):
    other = await add_cohort(db, 501, clock(), name="Other")
    again = await enrol(db, other, ada.user_id, "Ada", clock(), delivery=Delivery.DM)
    await book.live(local(date(2026, 3, 3)))
    assert len(await book.letters()) == 1
    await book.live(local(date(2026, 3, 4)))
    assert await book.said(ada) == await book.said(again) == ["phase-land"]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Kolkata", "Pacific/Pago_Pago"])
async def test_a_card_comes_at_eleven_where_its_member_lives(book, db, cohort, clock, zone):
    far = await enrol(db, cohort, 1002, "Far", clock(), delivery=Delivery.DM, zone=zone)
    await book.live(clock() + timedelta(days=3))
    card = await book.card(far, "phase-land")
    assert far.local(card.said_at).time() == time(11)


async def test_a_late_start_after_downtime_waits_for_a_decent_hour(book, ada, clock):
    await book.rounds.sweep(clock())
    clock.now = local(date(2026, 3, 4), time(22))
    await book.rounds.sweep(clock())
    assert await book.said(ada) == []
    await book.live(local(date(2026, 3, 5)))
    assert await book.said(ada) == ["phase-land"]


async def test_who_wants_no_more_gets_no_more_until_they_say_so(book, ada, db, clock):
    async with db.write() as tx:
        await book.rounds.mute(tx, ada, clock())
    await book.live(local(date(2026, 3, 4)))
    card = await book.card(ada, "phase-land")
    assert (card.state, card.why) == (CardState.SHOWN, Why.MUTED)
    await book.service.let_cards_come(asks(ada), ada.member_id, come=True)
    await book.live(local(date(2026, 3, 10)))
    assert await book.said(ada) == ["phase-plan"]


async def test_whoever_leaves_has_nothing_waiting(book, ada, db, clock):
    await book.change(ada, volume=Volume.LIGHT)
    async with db.write() as tx:
        await book.store.add(tx, ada.member_id, (await _windows(book, ada))[0], clock())
        await book.rounds.left(tx, ada, clock())
    assert [card.why for card in await book.cards(ada)] == [Why.LEFT]


async def _windows(book, member):
    from cogs.playbook.model import windows

    packs = book.service._packs
    return windows(packs, member.stage, member.starts_on, member.ends_on, date(2026, 3, 3))


async def test_three_hundred_members_are_looked_at_a_hundred_at_a_time(book, db, cohort, clock):
    for number in range(120):
        await enrol(db, cohort, 5000 + number, f"m{number}", clock(), delivery=Delivery.DM)
    await book.live(local(date(2026, 3, 3)))
    assert len(await book.letters()) == 120
