"""Reminders are kept, come once each, keep their wall time, and stop when they should."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.clockwork.when import Once
from bot.delivery.budget import pings
from bot.delivery.letters import letters
from bot.errors import NotAllowed, Refusal
from bot.people import memberships, users
from bot.people.memberships import Delivery
from bot.people.requests import RemindMe
from bot.people.users import Inbox
from cogs.reminders.model import MOST_OPEN, ReminderState
from cogs.reminders.rounds import Rounds
from cogs.reminders.service import ReminderService
from cogs.reminders.store import ReminderStore, reminders
from tests.conftest import asks, enrol

NEW_YORK = ZoneInfo("America/New_York")


class Desk:
    """A member with direct messages, the service, and what happens by itself."""

    def __init__(self, db: Any, clock: Any, member: Any) -> None:
        self.db, self.clock, self.member = db, clock, member
        store = ReminderStore()
        self.service = ReminderService(db, clock, store)
        self.rounds = Rounds(db, store)

    async def save(self, when: str, what: str = "call the dean") -> int:
        page = await self.service.ask(asks(self.member), when, what)
        assert len(page.reminder.meanings) == 1, page.trouble
        saved = await self.service.save(asks(self.member), page.reminder.reminder_id)
        assert saved.reminder.state is ReminderState.WAITING, saved.trouble
        return saved.reminder.reminder_id

    async def get(self, number: int) -> Any:
        return (await self.service.get(asks(self.member), number)).reminder

    async def letters(self) -> list[Any]:
        async with self.db.read() as tx:
            rows = await tx.execute(select(letters).order_by(letters.c.letter_id))
            return list(rows)

    async def live(self, until: datetime) -> list[datetime]:
        """Let time pass from moment to moment; return when letters were written for."""
        while True:
            due = await self.rounds.next_moment(self.clock())
            if due is None or due > until:
                break
            self.clock.now = max(self.clock.now, due)
            await self.rounds.sweep(self.clock())
        self.clock.now = until
        return [row.due_at for row in await self.letters()]


@pytest.fixture
async def desk(db, cohort, clock) -> Desk:
    member = await enrol(db, cohort, 1001, "Ada", clock(), delivery=Delivery.DM, inbox=Inbox.OPEN)
    return Desk(db, clock, member)


def local(*fields: int) -> datetime:
    return datetime(*fields, tzinfo=NEW_YORK)


async def test_a_weekly_reminder_keeps_its_wall_time_over_two_changes_of_the_clock(desk):
    await desk.save("every monday at 9")

    told = await desk.live(datetime(2026, 11, 30, 23, tzinfo=UTC))

    walls = [at.astimezone(NEW_YORK) for at in told]
    assert {at.time() for at in walls} == {time(9)}
    days = [at.date() for at in walls]
    assert days[0] == date(2026, 3, 9)
    assert days[-1] == date(2026, 11, 30)
    assert {later - sooner for sooner, later in pairwise(days)} == {timedelta(7)}
    assert len({at.utcoffset() for at in walls}) == 2


async def test_what_came_while_the_bot_was_down_comes_as_one_message(desk):
    for number in range(12):
        await desk.save(f"in {number + 1} hours", f"thing {number}")
    await desk.save("every day at 9")
    desk.clock.advance(days=5)

    await desk.rounds.sweep(desk.clock())
    await desk.rounds.sweep(desk.clock())

    (letter,) = await desk.letters()
    assert letter.kind == "reminders.several"
    assert len(letter.subject["ids"]) == 13


async def test_a_repeat_that_was_missed_several_times_comes_once_and_goes_on(desk):
    number = await desk.save("every day at 9")
    desk.clock.now = local(2026, 3, 10, 11, 0).astimezone(UTC)

    await desk.rounds.sweep(desk.clock())

    assert len(await desk.letters()) == 1
    kept = await desk.get(number)
    assert kept.told_at == local(2026, 3, 10, 9, 0)
    assert kept.wake_at == local(2026, 3, 11, 9, 0)
    (page,) = await desk.service.for_letter(desk.member.member_id, [number])
    assert page.is_late


async def test_a_reminder_leaves_at_its_moment_whatever_the_quiet_hours_and_the_budget(desk):
    await desk.save("tomorrow at 3am")
    await desk.save("tomorrow at 3:01am")
    await desk.save("tomorrow at 3:02am")

    told = await desk.live(datetime(2026, 3, 4, tzinfo=UTC))

    assert told == [local(2026, 3, 3, 3, minute) for minute in (0, 1, 2)]
    async with desk.db.read() as tx:
        assert not (await tx.execute(select(pings))).all()


async def test_a_letter_is_written_a_little_before_and_goes_at_the_very_second(desk):
    await desk.save("in 2 minutes")
    moment = desk.clock() + timedelta(minutes=2)
    desk.clock.advance(seconds=80)

    await desk.rounds.sweep(desk.clock())

    (letter,) = await desk.letters()
    assert letter.due_at == moment


async def test_a_thousand_due_together_are_claimed_in_one_go(db, cohort, clock):
    people = [
        await enrol(db, cohort, 2000 + n, f"P{n}", clock(), delivery=Delivery.DM, inbox=Inbox.OPEN)
        for n in range(20)
    ]
    desk = Desk(db, clock, people[0])
    at = clock() + timedelta(hours=1)
    async with db.write() as tx:
        for n in range(1000):
            await desk.service.accept(tx, RemindMe(people[n % 20], f"thing {n}", at), clock())
    clock.advance(hours=1)

    async with db.write() as tx:
        claimed = await desk.rounds.claim(tx, clock())

    assert claimed == 1000
    assert len(await desk.letters()) == 20
    assert await desk.rounds.next_moment(clock()) is None


async def test_the_two_hundred_and_first_is_refused_kindly(desk):
    async with desk.db.write() as tx:
        for n in range(MOST_OPEN):
            at = desk.clock() + timedelta(days=1, minutes=n)
            await desk.service.accept(tx, RemindMe(desk.member, "x", at), desk.clock())

    with pytest.raises(Refusal, match="let one go"):
        await desk.service.ask(asks(desk.member), "tomorrow", "one more")


async def test_a_rule_moves_with_its_member_and_one_with_a_place_stays(desk):
    mine = await desk.save("every day at 9")
    berlin = await desk.save("every day at 9 Berlin time")
    await desk.live(local(2026, 3, 4, 10, 0).astimezone(UTC))
    before = (await desk.get(berlin)).wake_at

    await move(desk, "America/Los_Angeles")

    assert (await desk.get(mine)).wake_at == datetime(
        2026, 3, 5, 9, 0, tzinfo=ZoneInfo("America/Los_Angeles")
    )
    assert (await desk.get(berlin)).wake_at == before


async def test_a_move_neither_repeats_nor_loses_the_day(desk):
    number = await desk.save("every day at 9")
    await desk.live(local(2026, 3, 4, 8, 0).astimezone(UTC))

    await move(desk, "Europe/Berlin")  # where nine has passed for today

    assert (await desk.get(number)).wake_at == desk.clock()
    await desk.rounds.sweep(desk.clock())
    nine = datetime(2026, 3, 5, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert (await desk.get(number)).wake_at == nine


async def move(desk: Desk, zone: str) -> None:
    async with desk.db.write() as tx:
        await users.change(tx, desk.member.user_id, zone=zone)
        desk.member = await memberships.get(tx, desk.member.member_id)
        await desk.rounds.moved(tx, desk.member, desk.clock())


async def test_what_was_let_go_stays_away_when_its_member_moves(desk):
    number = await desk.save("every friday at 16:00")
    await desk.service.cancel(asks(desk.member), number)
    await move(desk, "Europe/Berlin")

    assert await desk.live(desk.clock() + timedelta(days=14)) == []

    await desk.service.undo(asks(desk.member), number)
    told = await desk.live(desk.clock() + timedelta(days=7))
    berlin = ZoneInfo("Europe/Berlin")
    assert f"{told[-1].astimezone(berlin):%a %H:%M}" == "Fri 16:00"


async def test_a_zone_that_changes_its_law_takes_its_reminders_along(desk):
    number = await desk.save("tomorrow 9am")
    rule = await desk.save("every monday at 9")
    await desk.rounds.follow_the_law("before")
    async with desk.db.write() as tx:  # as reckoned under a law an hour off
        off = {"next_at": local(2026, 3, 3, 10, 0), "wake_at": local(2026, 3, 3, 10, 0)}
        await tx.execute(update(reminders).where(reminders.c.reminder_id == number).values(**off))

    await desk.rounds.follow_the_law("after")

    assert (await desk.get(number)).wake_at == local(2026, 3, 3, 9, 0)
    assert (await desk.get(rule)).wake_at == local(2026, 3, 9, 9, 0)


async def test_a_pause_holds_them_and_leaving_ends_them(desk):
    number = await desk.save("in 1 hour")
    async with desk.db.write() as tx:
        await memberships.pause(tx, desk.member, date(2026, 3, 2), None)
    desk.clock.advance(days=2)
    await desk.rounds.sweep(desk.clock())
    assert not await desk.letters()
    assert await desk.rounds.next_moment(desk.clock()) is None

    async with desk.db.write() as tx:
        await memberships.resume(tx, desk.member, date(2026, 3, 4))
    await desk.rounds.sweep(desk.clock())
    assert len(await desk.letters()) == 1

    later = await desk.save("in 1 hour")
    async with desk.db.write() as tx:
        await desk.service.stop(tx, desk.member, desk.clock())
    assert (await desk.get(number)).state is ReminderState.CANCELLED
    assert (await desk.get(later)).wake_at is None


async def test_who_chose_only_the_card_finds_it_on_their_panel(db, cohort, clock):
    desk = Desk(db, clock, await enrol(db, cohort, 1001, "Ada", clock()))
    await desk.save("in 1 hour", "call the dean")
    desk.clock.advance(hours=1)
    await desk.rounds.sweep(desk.clock())
    assert not await desk.letters()
    async with db.read() as tx:
        (line,) = await desk.service.today(tx, desk.member, desk.clock())
    assert line.urgent
    assert "call the dean" in line.text


async def test_done_twice_and_snooze_after_done_are_both_fine(desk):
    number = await desk.save("in 1 hour")
    desk.clock.advance(hours=1)
    await desk.rounds.sweep(desk.clock())

    assert not (await desk.service.done(asks(desk.member), number)).note
    assert "done already" in (await desk.service.done(asks(desk.member), number)).note
    again = await desk.service.snooze(asks(desk.member), number)

    assert again.reminder.wake_at == desk.clock() + timedelta(hours=1)
    await desk.live(desk.clock() + timedelta(hours=2))
    assert len(await desk.letters()) == 2


async def test_a_snoozed_rule_keeps_its_next_day(desk):
    number = await desk.save("every day at 9")
    await desk.live(local(2026, 3, 3, 9, 30).astimezone(UTC))
    await desk.service.snooze(asks(desk.member), number)
    told = await desk.live(local(2026, 3, 4, 9, 30).astimezone(UTC))
    shown = [at.astimezone(NEW_YORK).strftime("%d %H:%M") for at in told]
    assert shown == ["03 09:00", "03 10:30", "04 09:00"]


async def test_cancelled_does_not_come_and_undone_comes_late(desk):
    number = await desk.save("in 1 hour")
    await desk.service.cancel(asks(desk.member), number)
    desk.clock.advance(hours=3)
    await desk.rounds.sweep(desk.clock())
    assert not await desk.letters()

    await desk.service.undo(asks(desk.member), number)
    await desk.rounds.sweep(desk.clock())

    assert len(await desk.letters()) == 1


async def test_nobody_touches_somebody_elses(desk, ben):
    number = await desk.save("in 1 hour")
    for verb in (desk.service.done, desk.service.snooze, desk.service.cancel, desk.service.get):
        with pytest.raises(NotAllowed):
            await verb(asks(ben), number)


async def test_what_was_typed_is_kept_though_it_is_no_time(desk):
    page = await desk.service.ask(asks(desk.member), "31 February", "pay the fee")
    assert "no such day" in page.trouble
    kept = await desk.get(page.reminder.reminder_id)
    assert (kept.said, kept.what) == ("31 February", "pay the fee")


async def test_a_moment_that_passed_before_saving_is_asked_again(desk):
    page = await desk.service.ask(asks(desk.member), "in 2 minutes", "x")
    desk.clock.advance(minutes=3)
    saved = await desk.service.save(asks(desk.member), page.reminder.reminder_id)
    assert "passed meanwhile" in saved.trouble
    assert saved.reminder.state is ReminderState.ASKED


async def test_another_card_can_ask_for_one(desk):
    at = desk.clock() + timedelta(days=2)
    async with desk.db.write() as tx:
        number = await desk.service.accept(
            tx, RemindMe(desk.member, "hand-over document", at), desk.clock()
        )
    kept = await desk.get(number)
    assert kept.wake_at == at
    assert isinstance(kept.meaning, Once)


async def test_old_ones_are_forgotten(desk):
    await desk.service.ask(asks(desk.member), "tomorrow", "never saved")
    done = await desk.save("in 1 hour")
    desk.clock.advance(hours=1)
    await desk.rounds.sweep(desk.clock())
    await desk.service.done(asks(desk.member), done)
    desk.clock.now = (desk.clock() + timedelta(days=100)).replace(minute=0)
    await desk.rounds.sweep(desk.clock())
    async with desk.db.read() as tx:
        assert not (await tx.execute(select(reminders))).all()
