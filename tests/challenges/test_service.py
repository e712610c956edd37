"""What becomes of challenges: private until shared, skipped without a word, stopped for good."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.delivery.letters import LetterState, letters
from bot.errors import NotFound, Refusal
from bot.people import activity, cohorts, memberships
from bot.people.memberships import Delivery, MemberState, Volume
from bot.people.record import Chapter
from bot.people.requests import KeepEntry, MakeGoal, RemindMe, Requests
from cogs.challenges.cards import ChallengeCards
from cogs.challenges.model import State
from cogs.challenges.service import ChallengeService
from cogs.challenges.store import ChallengeStore
from tests.conftest import asks, enrol


@pytest.fixture
def asked():
    return []


@pytest.fixture
def challenges(db, clock, packs, asked):
    requests = Requests()

    async def accept(tx, request, now):
        asked.append(request)
        return len(asked)

    for kind in (MakeGoal, RemindMe, KeepEntry):
        requests.accept(kind, accept)
    return ChallengeService(db, clock, ChallengeStore(), packs, requests)


@pytest.fixture
def cards(db, clock, challenges):
    return ChallengeCards(db, clock, ChallengeStore(), challenges)


async def words(db, member):
    async with db.read() as tx:
        return [deed.word for deed in await activity.of_member(tx, member.member_id)]


async def news(challenges, db, cohort, since, now):
    async with db.read() as tx:
        return [one.text for one in await challenges.digest(tx, cohort, since, now)]


async def test_a_week_has_one_challenge_and_the_next_week_another(challenges, ada, clock):
    first = await challenges.show(asks(ada))
    assert (await challenges.show(asks(ada))).kept == first.kept
    clock.advance(weeks=1)
    assert (await challenges.show(asks(ada))).kept.name != first.kept.name


async def test_another_one_is_another_one(challenges, ada):
    page = await challenges.show(asks(ada))
    seen = [page.kept.name]
    for _time in range(4):
        page = await challenges.another(asks(ada), page.kept.challenge_id)
        assert page.kept.name != seen[-1]
        seen.append(page.kept.name)


async def test_done_is_noted_once_and_can_be_undone(challenges, db, ada):
    number = (await challenges.show(asks(ada))).kept.challenge_id
    await challenges.finish(asks(ada), number)
    await challenges.finish(asks(ada), number)
    await challenges.undo(asks(ada), number)
    await challenges.undo(asks(ada), number)
    assert await words(db, ada) == ["challenge.done", "challenge.undone"]


async def test_what_was_done_does_not_come_again_for_a_long_time(challenges, ada, clock):
    names = set()
    for _week in range(8):
        page = await challenges.show(asks(ada))
        await challenges.finish(asks(ada), page.kept.challenge_id)
        names.add(page.kept.name)
        clock.advance(weeks=1)
    assert len(names) == 8


async def test_it_is_shared_only_when_done_and_only_once(challenges, db, cohort, ada, clock):
    async with db.write() as tx:
        await cohorts.change(tx, cohort.cohort_id, checkins_id=77)
    number = (await challenges.show(asks(ada))).kept.challenge_id
    with pytest.raises(Refusal, match="when it is done"):
        await challenges.share(asks(ada), number)
    done = await challenges.finish(asks(ada), number)
    clock.advance(hours=1)
    since = clock() - timedelta(minutes=1)
    assert await news(challenges, db, cohort, since, clock()) == []
    await challenges.share(asks(ada), number)
    await challenges.share(asks(ada), number)
    async with db.read() as tx:
        sent = (await tx.execute(select(letters))).all()
    assert len(sent) == 1
    told = await news(challenges, db, cohort, since, clock())
    assert len(told) == 1
    assert told[0].startswith("Ada took a step")
    assert done.kept.what[:10] in told[0]
    assert await words(db, ada) == ["challenge.done", "challenge.shared"]
    await challenges.undo(asks(ada), number)
    assert await news(challenges, db, cohort, since, clock()) == []
    assert await challenges.shared(number) is None


async def test_without_a_channel_nothing_can_be_shared(challenges, ada):
    number = (await challenges.show(asks(ada))).kept.challenge_id
    await challenges.finish(asks(ada), number)
    with pytest.raises(Refusal, match="no channel"):
        await challenges.preview(asks(ada), number)


async def test_a_goal_and_a_reminder_come_of_it_once(challenges, ada, asked):
    number = (await challenges.show(asks(ada))).kept.challenge_id
    for _time in range(2):
        await challenges.make_goal(asks(ada), number)
    _kept, moments = await challenges.offer(asks(ada), number)
    for _time in range(2):
        await challenges.remind(asks(ada), number, moments[0])
    assert [type(one) for one in asked] == [MakeGoal, RemindMe]
    with pytest.raises(Refusal, match="has passed"):
        await challenges.remind(asks(ada), number, datetime(2020, 1, 1, tzinfo=UTC))


async def test_the_journal_keeps_it_under_its_own_source(challenges, ada, asked):
    number = (await challenges.show(asks(ada))).kept.challenge_id
    with pytest.raises(Refusal, match="when it is done"):
        await challenges.keep(asks(ada), number)
    page = await challenges.finish(asks(ada), number)
    await challenges.keep(asks(ada), number)
    assert asked == [KeepEntry(asked[0].member, page.kept.what, "work", f"challenge {number}")]


async def test_a_skipped_or_stopped_week_says_nothing_on_me(challenges, db, ada, clock):
    async def lines():
        async with db.read() as tx:
            return await challenges.today(tx, ada, clock())

    assert len(await lines()) == 1
    number = (await challenges.show(asks(ada))).kept.challenge_id
    await challenges.skip(asks(ada), number)
    assert await lines() == []
    clock.advance(weeks=1)
    assert len(await lines()) == 1
    await challenges.let_come(asks(ada), ada.member_id, come=False)
    assert await lines() == []
    back = await challenges.let_come(asks(ada), ada.member_id, come=True)
    assert not back.stopped
    assert len(await lines()) == 1


async def test_what_me_says_is_what_the_card_shows(challenges, db, ada, clock):
    async with db.read() as tx:
        (line,) = await challenges.today(tx, ada, clock())
    page = await challenges.open(asks(ada), ada.member_id)
    assert page.kept.what in line.text


async def test_somebody_elses_challenge_is_not_found(challenges, ada, ben):
    number = (await challenges.show(asks(ada))).kept.challenge_id
    with pytest.raises(NotFound):
        await challenges.finish(asks(ben), number)
    with pytest.raises(NotFound):
        await challenges.open(asks(ben), ada.member_id)
    with pytest.raises(NotFound):
        await challenges.history(asks(ben), ada.member_id)


async def test_the_words_stay_though_their_pack_is_gone(challenges, db, ada):
    page = await challenges.show(asks(ada))
    number, what = page.kept.challenge_id, page.kept.what
    async with db.write() as tx:
        await ChallengeStore().change(tx, number, name="gone")
    gone = await challenges.finish(asks(ada), number)
    assert gone.challenge is None
    assert gone.kept.what == what
    found = await challenges.history(asks(ada), ada.member_id)
    assert [row.what for row in found.rows] == [what]


async def test_history_turns_its_pages_and_an_overshot_one_is_the_last(challenges, ada, clock):
    for _week in range(8):
        page = await challenges.show(asks(ada))
        await challenges.finish(asks(ada), page.kept.challenge_id)
        clock.advance(weeks=1)
    found = await challenges.history(asks(ada), ada.member_id, 99)
    assert (found.page, found.pages, len(found.rows)) == (1, 2, 2)


async def test_record_and_export_hold_what_was_done(challenges, db, ada):
    page = await challenges.show(asks(ada))
    await challenges.finish(asks(ada), page.kept.challenge_id)
    async with db.read() as tx:
        (entry,) = await challenges.record(tx, ada.user_id)
        (part,) = await challenges.export(tx, ada.user_id)
        assert len(await challenges.stored(tx, ada.user_id)) == 1
    assert (entry.chapter, entry.on, entry.what) == (
        Chapter.CHALLENGES,
        date(2026, 3, 2),
        page.kept.what,
    )
    assert part.rows[0]["state"] == State.DONE.value


class TestTheWeeklyCard:
    @pytest.fixture
    async def ada(self, db, cohort, clock):
        return await enrol(
            db, cohort, 1001, "Ada", clock(), delivery=Delivery.DM, volume=Volume.EVERYTHING
        )

    async def weeks(self, cards, clock, count):
        end = clock() + timedelta(weeks=count)
        await cards.sweep(clock())
        while (at := await cards.next_moment(clock())) is not None and at <= end:
            clock.now = at
            await cards.sweep(at)
        clock.now = end

    async def sent(self, db):
        async with db.read() as tx:
            rows = await tx.execute(select(letters).where(letters.c.kind == "challenge.card"))
            return rows.all()

    async def test_comes_once_a_week_on_wednesday(self, cards, db, ada, clock, challenges):
        await self.weeks(cards, clock, 1)
        await cards.sweep(clock())
        (letter,) = await self.sent(db)
        assert ada.local(letter.due_at).strftime("%a %H:%M") == "Wed 11:00"
        assert letter.state is LetterState.PENDING
        assert await challenges.for_letter(letter.subject["challenge_id"]) is None

    async def test_rests_after_three_without_a_press_until_there_is_one(
        self, cards, db, ada, clock, challenges
    ):
        await self.weeks(cards, clock, 6)
        assert len(await self.sent(db)) == 3
        await challenges.open(asks(ada), ada.member_id)
        await self.weeks(cards, clock, 1)
        assert len(await self.sent(db)) == 4

    @pytest.mark.parametrize(
        "values",
        [
            {"volume": Volume.STANDARD},
            {"delivery": Delivery.CARD},
            {"state": MemberState.PAUSED},
        ],
    )
    async def test_comes_only_to_who_chose_everything_and_is_there(
        self, cards, db, ada, clock, values
    ):
        async with db.write() as tx:
            await memberships.change(tx, ada.member_id, **values)
        await self.weeks(cards, clock, 2)
        assert await self.sent(db) == []

    async def test_stops_with_the_stop_of_why(self, cards, db, ada, clock, challenges):
        await self.weeks(cards, clock, 1)
        async with db.write() as tx:
            await challenges.want_none(tx, ada, clock())
        await self.weeks(cards, clock, 2)
        assert len(await self.sent(db)) == 1
