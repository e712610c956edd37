"""Suggestions: at the right moment, seldom as a message, never set by themselves."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.clockwork.phases import Stage
from bot.delivery import outbox
from bot.delivery.letters import letters
from bot.people import memberships, users
from bot.people.memberships import Delivery, MemberState, Volume
from bot.people.users import Inbox
from cogs.applications.model import Answer, HintKind, Shelf, Status
from cogs.applications.service import ApplicationService, Typed
from cogs.applications.store import ApplicationStore
from cogs.applications.suggesting import SuggestionService
from tests.applications.test_commands import add
from tests.conftest import NEW_YORK, asks, enrol, words_of


def local(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo(NEW_YORK)).astimezone(UTC)


class Diary:
    """A member's weeks with their applications, without any Discord around them."""

    def __init__(self, db, clock, service, suggesting, member):
        self.db, self.clock, self.member = db, clock, member
        self.service, self.suggesting = service, suggesting

    @property
    def asks(self):
        return asks(self.member)

    async def sent(self, title="Data intern", status=Status.APPLIED):
        page = await self.service.add(self.asks, Typed("Northwind", title, "", ""), status)
        return page.application.application_id

    async def live(self, until):
        """Let time pass, looking whenever something may fit."""
        while (at := await self.suggesting.next_moment(self.clock.now)) and at <= until:
            self.clock.now = at
            await self.suggesting.sweep(at)
        self.clock.now = until
        await self.suggesting.sweep(until)

    async def letters(self):
        """When which letters were written."""
        async with self.db.read() as tx:
            rows = await tx.execute(select(letters.c.created_at).order_by(letters.c.letter_id))
            return list(rows.scalars())

    async def change(self, **values):
        async with self.db.write() as tx:
            await memberships.change(tx, self.member.member_id, **values)

    async def kinds(self):
        return [hint.kind for hint in (await self.suggesting.show(self.asks)).hints]

    async def lines(self):
        async with self.db.read() as tx:
            member = await memberships.get(tx, self.member.member_id)
            return [line.text for line in await self.suggesting.today(tx, member, self.clock())]


@pytest.fixture
async def diary(db, clock, packs, cohort):
    member = await enrol(db, cohort, 1001, "Ada", clock(), delivery=Delivery.DM, inbox=Inbox.OPEN)
    store = ApplicationStore()
    service = ApplicationService(db, clock, store)
    return Diary(db, clock, service, SuggestionService(db, clock, store, service), member)


async def test_a_follow_up_is_written_about_once_in_the_morning_of_the_seventh_day(diary):
    await diary.sent()
    await diary.live(local(16, 23))
    assert await diary.letters() == [local(9, 10)]


async def test_silence_is_asked_about_after_15_days_and_nothing_is_set_by_itself(diary):
    number = await diary.sent()
    await diary.live(local(31, 12))
    assert await diary.letters() == [local(9, 10), local(17, 10)]
    assert (await diary.service.get(diary.asks, number)).application.status is Status.APPLIED
    assert await diary.kinds() == [HintKind.NO_REPLY]


async def test_thanks_are_suggested_when_the_interview_is_over(diary):
    number = await diary.sent(status=Status.INTERVIEW)
    await diary.service.set_interview(diary.asks, number, "2026-03-05", "14:00")
    await diary.live(local(7, 12))
    assert await diary.letters() == [local(5, 15)]
    assert await diary.kinds() == []


async def test_several_come_in_one_message_a_week(diary):
    for n in range(3):
        await diary.sent(f"Intern {n}")
    await diary.live(local(3, 12))
    await diary.sent("Intern 3")
    await diary.live(local(20, 12))
    assert await diary.letters() == [local(9, 10), local(16, 10)]


async def test_thanks_do_not_wait_for_the_week_to_pass(diary):
    await diary.sent()
    number = await diary.sent("Other", status=Status.INTERVIEW)
    await diary.service.set_interview(diary.asks, number, "2026-03-11", "10:00")
    await diary.live(local(12, 12))
    assert await diary.letters() == [local(9, 10), local(11, 11)]


async def test_whoever_has_had_their_pings_reads_it_on_their_panel(diary):
    await diary.change(volume=Volume.LIGHT)
    await diary.sent()
    number = await diary.sent("Other", status=Status.INTERVIEW)
    await diary.service.set_interview(diary.asks, number, "2026-03-11", "10:00")
    await diary.live(local(11, 12))
    assert await diary.letters() == [local(9, 10)]
    assert "2 small suggestions for your applications" in await diary.lines()


@pytest.mark.parametrize(
    "values",
    [
        {"state": MemberState.PAUSED},
        {"state": MemberState.LEFT},
        {"delivery": Delivery.CARD},
    ],
)
async def test_nothing_is_written_to_whoever_is_away_or_wants_no_messages(diary, values):
    await diary.sent()
    await diary.change(**values)
    await diary.live(local(31, 12))
    assert await diary.letters() == []


async def test_nothing_is_written_where_messages_do_not_arrive(diary):
    await diary.sent()
    async with diary.db.write() as tx:
        await users.change(tx, diary.member.user_id, inbox=Inbox.CLOSED)
    await diary.live(local(31, 12))
    assert await diary.letters() == []


@pytest.mark.parametrize("said", Answer)
async def test_what_was_answered_is_not_suggested_again(diary, said):
    number = await diary.sent()
    await diary.live(local(10, 12))
    page = await diary.suggesting.answer(diary.asks, number, HintKind.FOLLOW_UP, said)
    assert page.hints == ()
    again = await diary.suggesting.answer(diary.asks, number, HintKind.FOLLOW_UP, said)
    assert again.hints == ()
    await diary.live(local(16, 12))
    assert len(await diary.letters()) == 1


async def test_who_is_still_waiting_is_not_asked_again(diary):
    number = await diary.sent()
    await diary.live(local(18, 12))
    await diary.suggesting.answer(diary.asks, number, HintKind.NO_REPLY, Answer.DISMISSED)
    await diary.live(datetime(2026, 8, 1, tzinfo=UTC))
    assert len(await diary.letters()) == 2
    assert await diary.kinds() == []


async def test_a_move_says_what_is_needed_no_more(diary):
    number = await diary.sent()
    await diary.live(local(9, 8))
    await diary.service.move(diary.asks, number, Status.REJECTED)
    await diary.live(local(31, 12))
    assert await diary.letters() == []


async def test_whoever_stops_them_gets_none_and_can_have_them_back(diary):
    await diary.sent()
    async with diary.db.write() as tx:
        await diary.suggesting.mute(tx, diary.member, diary.clock())
    assert await diary.suggesting.letter_page(diary.member.member_id) is None
    await diary.live(local(10, 12))
    assert await diary.letters() == []
    assert not (await diary.service.look_at(diary.asks, Shelf())).suggests
    await diary.suggesting.set_letters(diary.asks, True)
    await diary.live(local(31, 12))
    assert await diary.letters() == [local(17, 10)]


async def test_another_clock_moves_the_morning(diary):
    await diary.sent()
    async with diary.db.write() as tx:
        await users.change(tx, diary.member.user_id, zone="Asia/Tokyo")
        member = await memberships.get(tx, diary.member.member_id)
        await diary.suggesting.moved(tx, member, diary.clock())
    await diary.live(local(10, 12))
    morning = datetime(2026, 3, 9, 10, tzinfo=ZoneInfo("Asia/Tokyo")).astimezone(UTC)
    assert await diary.letters() == [morning]


async def test_the_panel_names_what_has_a_date_this_week(diary):
    await diary.service.add(diary.asks, Typed("Acme", "Intern", "", "2026-03-03"))
    await diary.service.add(diary.asks, Typed("Late", "Intern", "", "2026-04-03"))
    number = await diary.sent(status=Status.INTERVIEW)
    await diary.service.set_interview(diary.asks, number, "2026-03-04", "")
    assert await diary.lines() == [
        "Interview with Northwind: in 2 days",
        "Acme: apply by tomorrow",
        "3 applications under way",
    ]


async def test_the_panel_invites_only_those_who_are_looking(diary):
    assert await diary.lines() == []
    await diary.change(stage=Stage.LOOKING)
    assert await diary.lines() == ["Keep your applications in one place; only you see them."]


async def test_a_letter_tells_nobody_else_and_waits_for_the_morning(diary):
    number = await diary.sent(status=Status.INTERVIEW)
    await diary.service.set_interview(diary.asks, number, "2026-03-05", "22:30")
    await diary.live(local(6, 1))
    async with diary.db.read() as tx:
        row = (await tx.execute(select(letters))).one()
    assert row.user_id == diary.member.user_id
    assert row.due_at == local(6, 8)
    assert row.subject == {"member_id": diary.member.member_id}
    assert outbox.LetterState(row.state) is outbox.LetterState.PENDING


async def test_a_suggestion_arrives_and_its_words_can_be_copied_across_a_restart(world):
    await world.join(
        world.ada,
        delivery=Delivery.DM,
        inbox=Inbox.OPEN,
        stage=Stage.LOOKING,
        starts_on=None,
        ends_on=None,
    )
    await add(world, world.ada, status="applied", on="2026-02-24")
    await world.travel(local(3, 10, 1))
    message = world.ada.user.dm_channel.history()[-1]
    assert "Northwind: one short follow-up is fine now" in words_of(message)
    await world.restart()
    opened = await world.ada.user.click(message, label="Open")
    assert "You applied 7 days ago" in words_of(opened)
    words = await world.ada.user.click(opened.response, label="Words to copy")
    assert "on 24 Feb 2026 I applied for Data intern at Northwind" in words_of(words)
    done = await world.ada.user.click(words.response, label="I wrote")
    assert "Applied, 7 days ago" in words_of(done)
    assert "You applied" not in words_of(done)
    why = await world.ada.user.click(message, label="Why did I get this?")
    assert "You keep applications with me" in words_of(why)
    await world.ada.user.click(why.response, label="Stop these")
    listed = await world.ada.slash(world.checkins, "application list")
    back = await world.ada.click(listed.response, label="Suggest by message again")
    assert "at most once a week" in words_of(back)


async def test_silence_is_moved_by_a_press_and_back_by_another(world):
    await world.join(world.ada)
    await add(world, world.ada, status="applied", on="2026-02-02")
    panel = await world.ada.slash(world.checkins, "me")
    assert "Northwind: quiet for 28 days. No reply?" in words_of(panel)
    opened = await world.ada.click(panel.response, custom_id="applications.show:1")
    moved = await world.ada.click(opened.response, label="Move to “No reply”")
    assert "No reply, today" in words_of(moved)
    undone = await world.ada.click(moved.response, label="Undo: back to Applied")
    assert "Applied, 28 days ago" in words_of(undone)
