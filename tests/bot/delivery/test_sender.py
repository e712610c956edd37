"""What is said on Discord, how it looks there, and what becomes of it when Discord refuses."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.delivery import blockages, claims, letters, outbox
from bot.delivery.letters import LetterState
from bot.delivery.outbox import NewLetter, Place
from bot.delivery.sender import Rendered
from bot.errors import CannotStart
from bot.face.look import card, row
from bot.face.press import press
from bot.people import cohorts, memberships, users
from bot.people.cohorts import CohortState
from bot.people.users import Inbox
from tests.conftest import close, words_of

POST = ("POST", "/channels/*/messages")


@dataclass
class Desk:
    """Writes letters into the bot's outbox and looks at what arrived."""

    world: object
    rendered: list[int] = field(default_factory=list)
    says: Rendered | None = None
    fallen: list[tuple[str, int | None, str]] = field(default_factory=list)

    @property
    def bot(self):
        return self.world.bot

    def register(self):
        self.bot.delivery.renderer("test.note", self.render)
        self.bot.delivery.on_undelivered("test.note", self.fall_back)
        return self

    async def render(self, letter):
        self.rendered.append(letter.letter_id)
        return self.says

    async def fall_back(self, tx, letter, code, why, now):
        self.fallen.append((letter.dedupe, code, why))

    async def write(self, dedupe="a", place=None, **values):
        async with self.bot.db.write() as tx:
            return await outbox.enqueue(
                tx,
                kind="test.note",
                dedupe=dedupe,
                place=place or Place.channel(self.world.checkins.id),
                now=self.bot.clock(),
                **{"cohort_id": self.world.cohort.cohort_id, **values},
            )

    async def send(self):
        await self.world.in_bot(self.bot.delivery.send_due(self.bot.clock()))

    async def later(self, **by):
        await self.world.env.advance_time(timedelta(**by).total_seconds())
        await self.send()

    async def letter(self, dedupe="a"):
        async with self.bot.db.read() as tx:
            found = await outbox.result(tx, dedupe)
            return await letters.get(tx, found.letter_id)

    async def state(self, dedupe="a"):
        return (await self.letter(dedupe)).state

    async def cohort(self):
        async with self.bot.db.read() as tx:
            return await cohorts.require(tx, self.world.cohort.cohort_id)

    def bodies(self, method="POST", end="/messages"):
        log = self.world.env.backend.http_requests
        return [each.json for each in log if each.method == method and each.path.endswith(end)]

    def arrived(self, channel):
        found = self.world.env.backend.messages.get(channel.id, {})
        return [message for _id, message in sorted(found.items())]

    def refuse(self, status, code=0, times=1, where=POST):
        self.world.env.inject_error(*where, status=status, code=code, times=times)


@pytest.fixture
def desk(world):
    return Desk(world, says=Rendered(card("Hello", "A note"))).register()


async def test_a_letter_arrives_once_silently_and_says_why_it_came(desk, world):
    number = await desk.write()
    await desk.send()
    await desk.send()
    [message] = desk.arrived(world.checkins)
    assert "Why did I get this?" in words_of(world.checkins.last_message)
    assert f"why.ask:{number}" in str(message.components)
    [body] = desk.bodies()
    assert body["flags"] == 1 << 15 | 1 << 12
    assert body["allowed_mentions"] == {"parse": [], "users": []}
    assert body["enforce_nonce"] is True
    assert len(body["nonce"]) <= 25
    letter = await desk.letter()
    assert (letter.state, letter.message_id) == (LetterState.SENT, message.id)
    assert letter.payload is None


async def test_a_card_that_says_why_itself_is_not_asked_twice(desk, world):
    desk.says = Rendered(card("Hello", row(press("Why did I get this?", "why.ask", 1))))
    await desk.write()
    await desk.send()
    assert str(desk.arrived(world.checkins)[0].components).count("why.ask") == 1


async def test_only_the_people_named_are_pinged(desk, world):
    desk.says = Rendered(card("Hello"), mentions=[world.ada.id], silent=False)
    await desk.write()
    await desk.send()
    [body] = desk.bodies()
    assert body["allowed_mentions"] == {"parse": [], "users": [str(world.ada.id)]}
    assert body["flags"] == 1 << 15


async def test_a_letter_with_nothing_to_say_any_more_is_cancelled(desk, world):
    desk.says = None
    await desk.write()
    await desk.send()
    assert desk.arrived(world.checkins) == []
    assert await desk.state() is LetterState.CANCELLED


async def test_direct_messages_are_opened_once_and_prove_that_they_are_open(desk, world):
    ada = await world.join(world.ada)
    for dedupe in "ab":
        await desk.write(dedupe, Place.user(ada.user_id), member_id=ada.member_id)
        await desk.send()
    assert len(desk.arrived(world.ada.user.dm_channel)) == 2
    assert len(desk.bodies(end="/users/@me/channels")) == 1
    async with world.db.read() as tx:
        user = await users.get(tx, ada.user_id)
    assert user.inbox is Inbox.OPEN
    assert user.dm_channel_id == world.ada.user.dm_channel.id


@pytest.mark.parametrize("code", [50007, 50278])
async def test_closed_direct_messages_are_noted_and_the_feature_falls_back(desk, world, code):
    ada = await world.join(world.ada)
    desk.refuse(403, code)
    await desk.write("a", Place.user(ada.user_id), member_id=ada.member_id)
    await desk.send()
    await desk.write("b", Place.user(ada.user_id), member_id=ada.member_id)
    await desk.send()
    assert len(desk.bodies()) == 1  # the second is not even tried
    assert [(dedupe, found) for dedupe, found, _why in desk.fallen] == [("a", code), ("b", 50007)]
    async with world.db.read() as tx:
        assert (await users.get(tx, ada.user_id)).inbox is Inbox.CLOSED
        lost = await outbox.undelivered(tx, ada.cohort_id, ada.joined_at)
    assert "closed" in lost[0].why


async def test_a_fall_back_that_breaks_leaves_the_letter_noted(desk, world, caplog):
    async def breaks(tx, letter, code, why, now):
        raise RuntimeError("broken")

    world.bot.delivery.on_undelivered("test.note", breaks)
    desk.refuse(400, 50035)
    await desk.write()
    await desk.send()
    assert await desk.state() is LetterState.DEAD
    assert "falling back" in caplog.text


async def test_a_thread_opens_under_its_message_and_what_belongs_there_follows(desk, world):
    desk.says = Rendered(card("Hello"), thread_name="Week 2")
    posted = await desk.write("card")
    await desk.write("thread", action="thread", depends_on=posted)
    await desk.write("mention", Place.thread_of(posted))
    await desk.send()
    [card_message, *_system] = desk.arrived(world.checkins)
    [thread] = world.checkins.threads
    assert (thread.id, thread.name) == (card_message.id, "Week 2")
    assert desk.bodies(end="/threads") == [{"auto_archive_duration": 1440, "name": "Week 2"}]
    assert (await desk.letter("mention")).channel_id == thread.id


async def test_a_thread_that_is_there_already_is_adopted(desk, world):
    desk.says = Rendered(card("Hello"), thread_name="Week 2")
    posted = await desk.write("card")
    await desk.write("thread", action="thread", depends_on=posted)
    desk.refuse(400, 160004, where=("POST", "/channels/*/threads"))
    await desk.send()
    thread = await desk.letter("thread")
    assert (thread.state, thread.channel_id) == (LetterState.SENT, thread.message_id)


async def test_without_room_for_a_thread_the_channel_itself_is_used(desk, world):
    desk.says = Rendered(card("Hello"), thread_name="Week 2")
    posted = await desk.write("card")
    await desk.write("thread", action="thread", depends_on=posted)
    await desk.write("mention", Place.thread_of(posted))
    desk.refuse(400, 160006, where=("POST", "/channels/*/threads"))
    await desk.send()
    assert (await desk.letter("mention")).channel_id == world.checkins.id


async def test_a_message_is_changed_and_keeps_its_mark(desk, world):
    posted = await desk.write("card")
    await desk.send()
    desk.says = Rendered(card("Goodbye"))
    await desk.write("edit", action="edit", depends_on=posted)
    await desk.send()
    [message] = desk.arrived(world.checkins)
    assert "Goodbye" in str(message.components)
    assert f"why.ask:{posted}" in str(message.components)


async def test_an_archived_thread_is_woken_once(desk, world):
    desk.says = Rendered(card("Hello"), thread_name="Week 2")
    posted = await desk.write("card")
    await desk.write("thread", action="thread", depends_on=posted)
    await desk.send()
    await desk.write("mention", Place.thread_of(posted))
    desk.refuse(400, 50083)
    await desk.send()
    assert await desk.state("mention") is LetterState.SENT
    assert desk.bodies("PATCH", str(world.checkins.threads[0].id)) == [{"archived": False}]


async def test_a_message_in_a_thread_that_sleeps_is_changed_all_the_same(desk, world):
    desk.says = Rendered(card("Hello"), thread_name="Week 2")
    posted = await desk.write("card")
    await desk.write("thread", action="thread", depends_on=posted)
    await desk.send()
    mention = await desk.write("mention", Place.thread_of(posted))
    await desk.send()
    desk.says = Rendered(card("Goodbye"))
    await desk.write("edit", action="edit", depends_on=mention)
    desk.refuse(400, 50083, where=("PATCH", "/channels/*/messages/*"))
    await desk.send()
    assert await desk.state("edit") is LetterState.SENT
    [thread] = world.checkins.threads
    assert desk.bodies("PATCH", f"/channels/{thread.id}") == [{"archived": False}]
    assert "Goodbye" in words_of(thread.last_message)


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (400, 50083), (400, 160006)])
async def test_a_thread_that_cannot_be_woken_is_given_up_and_the_feature_falls_back(
    desk, world, caplog, status, code
):
    """It is locked, or too many others are awake: nobody's fault, and no incident."""
    thread = world.guild.create_text_channel("stands for a thread")
    await desk.write("a", Place.channel(thread.id))
    desk.refuse(400, 50083, times=None)
    desk.refuse(status, code, times=None, where=("PATCH", f"/channels/{thread.id}"))
    await desk.send()
    assert await desk.state("a") is LetterState.DEAD
    assert [(dedupe, found) for dedupe, found, _why in desk.fallen] == [("a", code)]
    assert "incident" not in caplog.text
    assert (await desk.cohort()).state is CohortState.LIVE


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_after_a_breakdown_the_same_bytes_are_tried_again(desk, world, status):
    desk.refuse(status)
    await desk.write()
    await desk.send()
    assert await desk.state() is LetterState.PENDING
    desk.says = Rendered(card("Something else by now"))
    await desk.later(seconds=1)
    first, second = desk.bodies()
    assert first == second
    assert desk.rendered == [1]
    assert await desk.state() is LetterState.SENT


async def test_after_a_long_breakdown_the_bot_looks_before_it_speaks_again(desk, world):
    await desk.write()
    await desk.send()
    await pretend_not_to_know(desk)
    await desk.later(minutes=5)
    assert len(desk.arrived(world.checkins)) == 1
    letter = await desk.letter()
    assert (letter.state, letter.message_id) == (
        LetterState.SENT,
        desk.arrived(world.checkins)[0].id,
    )


async def test_what_was_not_there_after_a_long_breakdown_is_said(desk, world):
    desk.refuse(500)
    await desk.write()
    await desk.send()
    await desk.later(minutes=5)
    assert len(desk.arrived(world.checkins)) == 1
    assert await desk.state() is LetterState.SENT


async def test_another_process_says_it_again_with_the_same_word_for_discord(desk, world):
    """The process before was killed between posting and noting it, a moment ago."""
    await desk.write()
    await desk.send()
    await pretend_not_to_know(desk, state=LetterState.SENDING, payload=body_of(desk))
    await world.restart()
    desk.register()
    await desk.send()
    first, second = desk.bodies()
    assert first == second
    assert await desk.state() is LetterState.SENT


def body_of(desk):
    from bot.delivery import frames

    return frames.freeze(desk.bodies()[0])


async def pretend_not_to_know(desk, **values):
    """Forget that a letter arrived, as if the process had died before noting it."""
    now = desk.bot.clock()
    async with desk.bot.db.write() as tx:
        await tx.execute(
            update(letters.letters).values(
                **{
                    "state": LetterState.PENDING,
                    "first_attempt_at": now,
                    "ambiguous_at": now,
                    "message_id": None,
                    "ended_at": None,
                    "owner": "another process",
                    **values,
                }
            )
        )


async def test_a_message_somebody_removed_meanwhile_counts_as_said(desk, world):
    desk.refuse(404, 10008)
    await desk.write()
    await desk.send()
    assert await desk.state() is LetterState.SENT
    assert desk.fallen == []


@pytest.mark.simcord(check_errors=False)
async def test_a_revoked_token_stops_the_bot_and_keeps_every_letter(desk, world):
    desk.refuse(401)
    await desk.write()
    with pytest.raises(CannotStart) as stopped:
        await desk.bot.delivery.send_due(desk.bot.clock())
    assert stopped.value.exit_code == 78
    assert await desk.state() is LetterState.PENDING


async def test_a_ban_of_the_address_silences_everything_for_a_while(desk, world):
    desk.refuse(429)
    await desk.write("a")
    await desk.send()
    await desk.write("b", Place.channel(world.mentors.id))
    await desk.send()
    assert len(desk.bodies()) == 1
    due = await world.in_bot(world.bot.delivery.next_due(world.bot.clock()))
    assert due >= world.bot.clock() + timedelta(minutes=14)
    await desk.later(minutes=15)
    assert {await desk.state("a"), await desk.state("b")} == {LetterState.SENT}


async def test_a_slow_down_is_waited_for_and_does_not_count_as_an_attempt(desk, world):
    desk.refuse(429, 20028)
    await desk.write()
    await desk.send()
    letter = await desk.letter()
    assert (letter.state, letter.attempts) == (LetterState.PENDING, 0)
    await desk.later(seconds=60)
    assert await desk.state() is LetterState.SENT


@pytest.mark.parametrize("code", [50035, 40005, 200000])
async def test_a_text_discord_does_not_take_is_given_up_with_an_incident(desk, caplog, code):
    desk.refuse(400, code)
    await desk.write()
    await desk.send()
    assert await desk.state() is LetterState.DEAD
    assert "Incident" in caplog.text
    assert len(desk.fallen) == 1


async def test_a_renderer_that_breaks_is_asked_again_and_then_given_up(desk, caplog):
    async def breaks(letter):
        raise RuntimeError("broken")

    desk.bot.delivery.renderer("test.note", breaks)
    await desk.write()
    await desk.send()
    assert await desk.state() is LetterState.PENDING
    for _attempt in range(5):
        await desk.later(hours=1)
    assert await desk.state() is LetterState.DEAD


@pytest.mark.parametrize(("status", "code"), [(404, 10003), (404, 10004)])
async def test_a_channel_that_is_gone_blocks_its_cohort_and_tells_the_staff_once(
    desk, world, status, code
):
    desk.refuse(status, code)
    await desk.write("a")
    await desk.write("b")
    await desk.write("elsewhere", Place.channel(world.mentors.id), due_at=in_an_hour(desk))
    await desk.send()
    assert (await desk.cohort()).state is CohortState.BLOCKED
    assert await desk.state("a") is LetterState.DEAD
    assert await desk.state("b") is LetterState.DEAD
    assert await desk.state("elsewhere") is LetterState.HELD
    assert len(desk.arrived(world.staff)) == 1
    assert "I had to stop" in words_of(world.staff.last_message)


def in_an_hour(desk):
    return desk.bot.clock() + timedelta(hours=1)


async def test_a_thread_that_is_gone_blocks_nobody(desk, world):
    desk.refuse(404, 10003)
    await desk.write("a", Place.channel(123456))
    await desk.send()
    assert (await desk.cohort()).state is CohortState.LIVE
    assert [dedupe for dedupe, _code, _why in desk.fallen] == ["a"]


@pytest.mark.parametrize("code", [50001, 50013])
async def test_a_channel_closed_to_the_bot_is_tried_again_and_everything_follows(desk, world, code):
    desk.refuse(403, code, times=2, where=("POST", f"/channels/{world.checkins.id}/messages"))
    await desk.write("a")
    await desk.write("elsewhere", Place.channel(world.mentors.id), due_at=in_an_hour(desk))
    await desk.send()
    assert (await desk.cohort()).state is CohortState.BLOCKED
    assert await desk.state("a") is LetterState.HELD
    await desk.later(hours=6)
    assert (await desk.cohort()).state is CohortState.BLOCKED
    await desk.later(hours=6)
    assert (await desk.cohort()).state is CohortState.LIVE
    assert await desk.state("a") is LetterState.SENT
    assert await desk.state("elsewhere") is LetterState.SENT
    assert len(desk.arrived(world.staff)) == 1


async def test_a_changed_role_lets_a_blocked_place_be_tried_at_once(desk, world):
    desk.refuse(403, 50013)
    await desk.write("a")
    await desk.send()
    async with world.db.write() as tx:
        await blockages.try_again(tx, world.guild.id, world.bot.clock())
    await desk.send()
    assert await desk.state("a") is LetterState.SENT


async def test_somebody_who_is_gone_hears_nothing_more(desk, world):
    ada = await world.join(world.ada)
    desk.refuse(400, 10013, where=("POST", "/users/@me/channels"))
    await desk.write("a", Place.user(ada.user_id), member_id=ada.member_id)
    await desk.write("b", Place.user(ada.user_id), member_id=ada.member_id, due_at=in_an_hour(desk))
    await desk.send()
    assert await desk.state("a") is LetterState.DEAD
    assert await desk.state("b") is LetterState.CANCELLED


async def test_opening_too_many_direct_messages_lets_the_open_ones_go_on(desk, world):
    ada, ben = await world.join(world.ada), await world.join(world.ben)
    async with world.db.write() as tx:
        await users.change(tx, ben.user_id, dm_channel_id=world.ben.user.dm_channel.id)
    desk.refuse(400, 40003, where=("POST", "/users/@me/channels"))
    await desk.write("a", Place.user(ada.user_id), member_id=ada.member_id)
    await desk.send()
    await desk.write("b", Place.user(ben.user_id), member_id=ben.member_id)
    await desk.send()
    assert await desk.state("a") is LetterState.PENDING
    assert await desk.state("b") is LetterState.SENT
    await desk.later(hours=1)
    assert await desk.state("a") is LetterState.SENT


async def test_a_hundred_direct_messages_are_opened_a_day_and_no_more(desk, world):
    ada = await world.join(world.ada)
    today = world.bot.clock().date()
    async with world.db.write() as tx:
        await tx.execute(letters.tallies.insert().values(name="dm_open", on=today, number=100))
    await desk.write("a", Place.user(ada.user_id), member_id=ada.member_id, any_hour=True)
    await desk.send()
    assert await desk.state("a") is LetterState.PENDING
    await desk.later(hours=10)  # one in the morning, UTC
    assert await desk.state("a") is LetterState.SENT


async def test_letters_to_one_channel_arrive_in_the_order_they_were_written(desk, world):
    numbers = [await desk.write(str(n)) for n in range(8)]
    desk.refuse(500, times=2)
    for _second in range(6):
        await desk.later(seconds=2)
    arrived = [str(message.components) for message in desk.arrived(world.checkins)]
    assert len(arrived) == len(numbers)
    for number, components in zip(numbers, arrived, strict=True):
        assert f"why.ask:{number}'" in components


async def test_many_places_are_served_at_once(desk, world):
    channels = [world.guild.create_text_channel(f"c{n}") for n in range(30)]
    await world.env.settle()
    now = desk.bot.clock()
    new = [
        NewLetter("test.note", str(each.id), Place.channel(each.id), due_at=now)
        for each in channels
    ]
    async with desk.bot.db.write() as tx:
        await outbox.enqueue_all(tx, new, now)
    await desk.send()
    assert [len(desk.arrived(channel)) for channel in channels] == [1] * 30


async def test_the_clock_knows_when_something_happens_next(desk, world):
    at = in_an_hour(desk)
    await desk.write("a", due_at=at)
    assert await world.in_bot(world.bot.delivery.next_due(world.bot.clock())) == at


async def test_a_woken_sender_sends_by_itself_and_stops_cleanly(desk, world):
    await desk.write()

    async def wake():
        world.bot.delivery.wake()

    await world.in_bot(wake())
    await world.env.settle()
    assert await desk.state() is LetterState.SENT
    await world.in_bot(world.bot.delivery.stop())


async def test_a_stopped_sender_claims_nothing(desk, world):
    await desk.write()
    await world.in_bot(world.bot.delivery.stop())
    await desk.send()
    assert await desk.state() is LetterState.PENDING


async def test_the_persons_language_is_spoken(desk, world, monkeypatch):
    from bot.face import words

    heard = []

    async def render(letter):
        heard.append(words.spoken())
        return Rendered(card("Hallo"))

    ada = await world.join(world.ada)
    async with world.db.write() as tx:
        await users.change(tx, ada.user_id, locale="de")
    world.bot.delivery.renderer("test.note", render)
    await desk.write("a", Place.user(ada.user_id), member_id=ada.member_id)
    await desk.send()
    await desk.write("b", Place.user(world.ben.id))
    await desk.send()
    async with world.db.write() as tx:
        await users.ensure(tx, world.ben.id, zone="UTC", locale="fr", now=world.env.now())
    await desk.write("c", Place.user(world.ben.id))
    await desk.send()
    assert heard == ["de", "en-US", "fr"]


async def test_who_pauses_between_writing_and_sending_is_left_alone(desk, world):
    ada = await world.join(world.ada)
    await desk.write("a", Place.user(ada.user_id), member_id=ada.member_id)
    async with world.db.write() as tx:
        await memberships.pause(tx, ada, ada.local_date(world.bot.clock()), None)
    await desk.send()
    assert await desk.state("a") is LetterState.CANCELLED
    assert desk.bodies() == []


async def test_a_heartbeat_is_written_down(world):
    await world.in_bot(world.bot.delivery.beat())
    async with world.db.read() as tx:
        assert await letters.beats(tx) == {"bot": world.bot.clock().replace(microsecond=0)}


async def test_old_letters_are_purged_by_the_clock(desk, world):
    await desk.write()
    await desk.send()
    later = world.bot.clock() + timedelta(days=91)
    await world.in_bot(world.bot.delivery.plan(later))
    async with world.db.read() as tx:
        assert (await tx.execute(select(letters.letters))).all() == []
        assert await claims.next_at(tx) is None
    await close(world.bot)
