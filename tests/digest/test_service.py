"""What goes into a digest, what stays out, and that each week has one at most."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bot.client import House, Stint
from bot.delivery import outbox, planner, schedules
from bot.delivery.letters import get, letters
from bot.delivery.planner import programme
from bot.delivery.schedules import Scope
from bot.errors import NotFound, Refusal
from bot.face.look import MOST_COMPONENTS, MOST_TEXT
from bot.knowledge.content import Section
from bot.people import activity, cohorts, contact, memberships, users
from bot.people.activity import Visibility
from bot.people.caller import Caller
from bot.people.contributions import News
from bot.people.memberships import Delivery, MemberState
from cogs.digest.gathering import Gatherer
from cogs.digest.issues import Issues
from cogs.digest.model import GRACE, IssueState, Why
from cogs.digest.service import DigestService
from cogs.digest.store import DigestStore
from cogs.digest.views import more_cards, staff_card
from cogs.digest.weeks import WeekService
from tests.conftest import add_cohort, asks, enrol
from tests.digest.conftest import FRIDAY, say, share_win, switch_on

A_DAY = timedelta(days=1)
MODERATOR = Caller(
    1, 500, "Morgan", manages_guild=True, role_ids=frozenset(), cohort=None, locale="en-US"
)


class Room:
    """Digests of one cohort without any Discord around them, with every feature's part."""

    def __init__(self, bot, cohort):
        self.bot, self.db, self.clock, self.cohort = bot, bot.db, bot.clock, cohort
        self.hooks = bot.contributions
        self.store = DigestStore()
        self.gatherer = Gatherer(self.store, bot.packs, bot.contributions)
        self.issues = Issues(bot.db, bot.clock, self.store, self.gatherer)
        self.service = DigestService(bot.db, bot.clock, self.store, self.issues, self.gatherer)
        self.weeks = WeekService(bot.db, bot.clock, self.store, self.gatherer)

    async def at(self, moment):
        """Come to a moment, do what is due; return what was said."""
        self.clock.now = moment
        async with self.db.write() as tx:
            await planner.plan(tx, moment, {"digest": programme(self.issues)})
        await self.issues.work(moment)
        said = await say(self.db, self.issues, moment)
        await self.issues.work(moment)
        return [page for _digest_id, page in said]

    async def win(self, member, text):
        """Let a member share a win, a minute before whatever comes next."""
        saved = await share_win(self.bot, self.db, member, text, self.clock())
        self.clock.advance(minutes=1)
        return saved

    async def issue(self):
        async with self.db.read() as tx:
            return (await self.store.latest(tx, self.cohort.cohort_id, 1))[0]

    async def counts(self):
        return (await self.service.preview(MODERATOR)).edition.counts

    async def words(self):
        desk = await self.service.preview(MODERATOR)
        return "\n".join(block for page in desk.edition.pages for block in page.blocks)


@pytest.fixture
async def room(settings, db, packs, clock, cohort):
    bot = Stint(House(settings, db, clock, packs))
    await bot.load_features()
    async with db.write() as tx:
        cohort = await cohorts.change(
            tx, cohort.cohort_id, announcements_id=7, staff_id=8, checkins_id=9
        )
    await switch_on(db, cohort, clock())
    return Room(bot, cohort)


@pytest.fixture(autouse=True)
def no_feature_fails(caplog):
    yield
    assert "incident" not in caplog.text.lower()


# --- once a week


async def test_two_moderators_at_once_send_one(room, ada):
    await room.win(ada, "It runs")
    await asyncio.gather(room.service.send(MODERATOR), room.service.send(MODERATOR))
    assert len(await room.at(room.clock())) == 1
    assert await room.at(FRIDAY) == []
    assert (await room.issue()).state is IssueState.SENT


async def test_sent_a_moment_before_its_time_it_is_not_sent_again(room, ada):
    await room.win(ada, "It runs")
    room.clock.now = FRIDAY - timedelta(seconds=1)
    await room.service.send(MODERATOR)
    assert len(await room.at(FRIDAY)) == 1
    assert await room.at(FRIDAY + timedelta(hours=1)) == []


async def test_moved_to_a_later_day_of_the_same_week_it_is_not_sent_again(room, ada):
    await room.win(ada, "It runs")
    assert len(await room.at(FRIDAY)) == 1
    async with room.db.write() as tx:
        schedule = await schedules.find(tx, room.cohort.cohort_id, "digest")
        rule = schedule.rule.model_copy(update={"weekday": 5})
        await switch_on_in(tx, room.cohort, room.clock(), rule)
    assert await room.at(FRIDAY + A_DAY) == []


async def switch_on_in(tx, cohort, now, rule, **values):
    await schedules.set_schedule(
        tx, cohort, "digest", rule, Scope.COHORT, grace=GRACE, now=now, **values
    )


async def test_late_within_its_grace_it_goes_out_and_says_so(room, ada):
    await room.win(ada, "It runs")
    (page,) = await room.at(FRIDAY + timedelta(hours=23))
    assert "A little later than usual." in page.blocks[0]


async def test_later_than_that_it_is_skipped_and_the_next_one_tells_it_all(room, ada):
    await room.at(FRIDAY - A_DAY)
    await room.win(ada, "It runs")
    assert await room.at(FRIDAY + timedelta(hours=25)) == []
    assert (await room.issue()).why == Why.STALE
    (page,) = await room.at(FRIDAY + timedelta(days=7))
    assert "It runs" in str(page)


async def test_switched_off_after_the_notice_it_is_left_out_and_comes_back(room, ada):
    await room.at(FRIDAY - A_DAY)
    async with room.db.write() as tx:
        schedule = await schedules.find(tx, room.cohort.cohort_id, "digest")
        await switch_on_in(tx, room.cohort, room.clock(), schedule.rule, enabled=False)
    await room.at(FRIDAY - timedelta(hours=20))
    assert (await room.issue()).why == Why.OFF
    async with room.db.write() as tx:
        await switch_on_in(tx, room.cohort, room.clock(), schedule.rule)
    await room.at(FRIDAY - timedelta(hours=19))
    assert (await room.issue()).state is IssueState.AHEAD


async def test_a_holiday_leaves_it_out(room, ada):
    await room.at(FRIDAY - A_DAY)
    async with room.db.write() as tx:
        await cohorts.skip(tx, room.cohort.cohort_id, date(2026, 3, 6))
    await room.at(FRIDAY - timedelta(hours=20))
    assert (await room.issue()).why == Why.HOLIDAY
    assert await room.at(FRIDAY) == []


async def test_without_a_channel_it_is_left_out_and_cannot_be_sent(room, ada):
    await room.win(ada, "It runs")
    async with room.db.write() as tx:
        await cohorts.change(tx, room.cohort.cohort_id, announcements_id=None, checkins_id=None)
    with pytest.raises(Refusal, match="Choose a channel"):
        await room.service.send(MODERATOR)
    await room.at(FRIDAY)
    assert (await room.issue()).why == Why.NO_CHANNEL


async def test_next_weeks_is_not_sent_in_this_week_by_mistake(room, ada):
    await room.win(ada, "It runs")
    await room.at(FRIDAY)
    with pytest.raises(Refusal, match="from a day before"):
        await room.service.send(MODERATOR)


async def test_what_was_frozen_is_said_whatever_happens_in_between(room, ada):
    await room.win(ada, "It runs")
    await room.service.send(MODERATOR)
    async with room.db.read() as tx:
        posted = await outbox.result(tx, (await room.issue()).post_key + "0")
        letter = await get(tx, posted.letter_id)
    first = await room.issues.page(letter)
    zoe = await enrol(room.db, room.cohort, 77, "Zoe", room.clock())
    await room.win(zoe, "Too late")
    assert await room.issues.page(letter) == first
    assert "Zoe" not in str(first)


async def test_whoever_is_erased_is_in_no_frozen_words(room, ada):
    await room.win(ada, "It runs")
    await room.service.send(MODERATOR)
    async with room.db.read() as tx:
        posted = await outbox.result(tx, (await room.issue()).post_key + "0")
        letter = await get(tx, posted.letter_id)
    await room.issues.page(letter)
    async with room.db.write() as tx:
        await room.service.erase(tx, ada.user_id)
        await users.erase(tx, ada.user_id)
    assert "Ada" not in str(await room.issues.page(letter))


async def test_a_part_that_breaks_leaves_the_rest(room, ada, caplog):
    async def broken(tx, cohort, since, now):
        raise RuntimeError("not today")

    room.hooks.digest.insert(0, broken)
    await room.win(ada, "It runs")
    assert (await room.counts())[Section.WINS] == 1
    caplog.clear()


# --- what is in it


async def test_300_wins_are_counted_and_a_few_shown(room):
    for n in range(300):
        member = await enrol(room.db, room.cohort, 5000 + n, f"P{n}", room.clock())
        await room.win(member, f"win {n}")
    assert (await room.counts())[Section.WINS] == 300
    assert "-# and 288 more: <#9>" in await room.words()


async def test_a_long_win_full_of_markup_and_mentions_is_one_harmless_line(room, ada):
    wild = ("@everyone <@1> **x** ||y|| ```z``` [a](https://evil.example) \u202e\n# big\n" * 80)[
        :4000
    ]
    await room.win(ada, wild)
    words = await room.words()
    assert "@everyone" not in words and "<@1>" not in words and "```" not in words
    (line,) = [line for line in words.splitlines() if "Ada" in line]
    assert len(line) <= 310


async def test_a_win_edited_after_it_was_shared_stays_out(room, ada, ben):
    from cogs.checkins.store import answers

    saved = await room.win(ada, "Other words")
    await room.win(ben, "It runs")
    async with room.db.write() as tx:
        edited = room.clock() + timedelta(minutes=1)
        await tx.execute(
            update(answers).where(answers.c.checkin_id == saved.checkin_id).values(edited_at=edited)
        )
    words = await room.words()
    assert "Ben" in words and "Ada" not in words


async def test_whoever_left_is_not_in_it(room, ada):
    await room.win(ada, "It runs")
    async with room.db.write() as tx:
        await memberships.change(tx, ada.member_id, state=MemberState.LEFT)
    assert (await room.counts()).get(Section.WINS, 0) == 0


async def test_shared_goals_and_kudos_are_in_it_until_consent_ends(room, ada, ben):
    from cogs.goals.model import Area, GoalState
    from cogs.goals.store import GoalStore
    from cogs.kudos.model import KudosState
    from cogs.kudos.store import KudosStore

    now = room.clock()
    async with room.db.write() as tx:
        goal = await GoalStore().add(
            tx,
            ada.member_id,
            now,
            what="Ship it",
            measure="",
            first_step="",
            area=Area.TECHNICAL,
            target_on=None,
            state=GoalState.DONE,
            visibility=Visibility.COHORT,
        )
        await activity.note(tx, ada, "goal.shared", goal.goal_id, now, Visibility.COHORT)
        thanks = await KudosStore().add(tx, ada, ben, "the review", now)
        await KudosStore().decide(tx, thanks.kudos_id, KudosState.SHARED)
        await activity.note(tx, ben, "kudos.shared", thanks.kudos_id, now, Visibility.COHORT)
        await activity.note(tx, ben, "introduction.met", 3, now)
        await activity.note(tx, ada, "introduction.met", 3, now)
    room.clock.advance(minutes=1)
    words = await room.words()
    assert "**Ada** reached a goal: Ship it" in words
    assert "**Ada** thanks **Ben**: the review" in words
    assert "1 introduction met." in words
    async with room.db.write() as tx:
        await GoalStore().change(tx, goal.goal_id, visibility=Visibility.ME)
        await contact.stop(tx, ben.user_id, ada.user_id, now)
    words = await room.words()
    assert "Ship it" not in words and "the review" not in words


async def test_openings_are_in_it_while_they_stand(room, ada):
    from cogs.opportunities.finding_store import FindingStore
    from cogs.opportunities.model import PostingState, Source
    from cogs.opportunities.store import finds, postings

    now = room.clock()

    async def post(number, **values):
        async with room.db.write() as tx:
            await tx.execute(
                postings.insert().values(
                    posting_id=number,
                    guild_id=500,
                    source=Source.MODERATOR,
                    company_name="Robots",
                    title=f"Intern {number}",
                    url=f"https://jobs.example.com/{number}",
                    canonical=str(number),
                    twin_key=str(number),
                    state=PostingState.OPEN,
                    verified_at=now,
                    made_at=now,
                    **values,
                )
            )
            await FindingStore().note(tx, [number])

    await post(1)
    await post(2, deadline_on=date(2026, 3, 5))
    await post(3)
    room.clock.advance(minutes=1)
    words = await room.words()
    assert "**Robots – Intern 1** · [look](<https://jobs.example.com/1>)" in words
    assert "### Closing soon" in words and "until 5 Mar" in words
    async with room.db.write() as tx:
        await tx.execute(postings.delete().where(postings.c.posting_id == 3))
        await tx.execute(update(finds).where(finds.c.posting_id == 1).values(state="closed"))
    words = await room.words()
    assert "Intern 1" not in words and "Intern 3" not in words


async def test_the_fullest_digest_fits_the_staffs_card(room):
    async def full(tx, cohort, since, now):
        return [News(section, "w" * 300) for section in Section for _n in range(25)]

    room.hooks.digest.append(full)
    desk = await room.service.preview(MODERATOR)
    desk = await room.service.change_note(MODERATOR, desk.issue.digest_id, "*\n_" * 333)
    for view in (staff_card(desk), *more_cards(desk)):
        shown = [part.content for part in view.walk_children() if hasattr(part, "content")]
        assert sum(map(len, shown)) <= MOST_TEXT
        assert view.total_children_count + 2 <= MOST_COMPONENTS


async def test_three_actions_of_the_cohorts_phase_are_in_it(room):
    assert (await room.counts())[Section.ACTIONS] == 3
    assert "### Worth doing this week" in await room.words()


async def test_nothing_at_all_says_nothing_and_why(room):
    async with room.db.write() as tx:
        await cohorts.change(tx, room.cohort.cohort_id, first_day=None, last_day=None)
    with pytest.raises(Refusal, match="There is nothing to say yet"):
        await room.service.send(MODERATOR)
    assert await room.at(FRIDAY) == []
    issue = await room.issue()
    assert (issue.state, issue.why) == (IssueState.SKIPPED, Why.NOTHING)
    async with room.db.read() as tx:
        schedule = await schedules.find(tx, room.cohort.cohort_id, "digest")
        (row,) = await schedules.occurrences_of(tx, schedule.schedule_id)
    assert (row.state, row.why) == (schedules.OccurrenceState.SKIPPED, Why.NOTHING)


# --- a member's own week


async def test_every_feature_tells_a_member_their_own_week(room, ada, ben):
    now = room.clock()
    await room.win(ada, "It runs")
    async with room.db.write() as tx:
        for word in ("application.added", "feedback.asked", "feedback.given", "feedback.logged"):
            await activity.note(tx, ada, word, 1, now)
    room.clock.advance(minutes=1)
    week = await room.weeks.mine(asks(ada))
    assert "You checked in. A win: It runs" in week.done
    assert {"You worked on 1 application.", "You asked for feedback."} <= set(week.done)
    assert len(week.actions) == 3


async def test_a_digest_leads_to_the_week_in_its_own_cohort(room, ada):
    other = await add_cohort(room.db, 500, room.clock(), name="Autumn")
    await enrol(room.db, other, ada.user_id, "Ada", room.clock())
    week = await room.weeks.mine(asks(ada), other.cohort_id)
    assert week.member.cohort_name == "Autumn"
    with pytest.raises(Refusal, match="Which cohort"):
        await room.weeks.mine(asks(ada))


async def test_somebody_elses_week_cannot_be_stopped(room, ada, ben):
    with pytest.raises(NotFound, match="not yours"):
        await room.weeks.stop(asks(ben), ada.member_id)


async def test_a_week_waits_for_the_budget_and_is_not_sent_past_it(room):
    member = await reached(room)
    await room.weeks.want(asks(member), member.member_id)
    async with room.db.write() as tx:
        for n in range(3):
            await outbox.enqueue(
                tx,
                kind="test",
                dedupe=f"t{n}",
                place=outbox.Place.user(member.user_id),
                now=room.clock(),
                cohort_id=member.cohort_id,
                member_id=member.member_id,
            )
    room.clock.now = FRIDAY
    await room.weeks.sweep(FRIDAY)
    async with room.db.read() as tx:
        (due_at,) = (
            await tx.execute(select(letters.c.due_at).where(letters.c.kind == "digest.week"))
        ).scalars()
    assert due_at == FRIDAY + 3 * A_DAY, "the Monday on which a new week of messages begins"


async def test_moving_keeps_the_hour_and_loses_no_week(room):
    member = await reached(room)
    await room.weeks.want(asks(member), member.member_id)
    async with room.db.write() as tx:
        await users.change(tx, member.user_id, zone="Pacific/Kiritimati")
        moved = await memberships.get(tx, member.member_id)
        await room.weeks.moved(tx, moved, room.clock())
        weekly = await room.store.weekly(tx, member.member_id)
    local = weekly.next_at.astimezone(memberships.zone_info("Pacific/Kiritimati"))
    assert (local.date(), local.hour) == (date(2026, 3, 6), 16)


async def test_leaving_and_stopping_everything_end_it(room):
    member = await reached(room)
    for end in (room.weeks.stop_all, None):
        await room.weeks.want(asks(member), member.member_id)
        async with room.db.write() as tx:
            if end:
                await end(tx, member, room.clock())
            else:
                await room.weeks.stop_all_of(tx, asks(member), room.clock())
            assert await room.store.weekly(tx, member.member_id) is None


async def test_what_is_kept_is_said_and_exported(room):
    member = await reached(room)
    await room.weeks.want(asks(member), member.member_id)
    async with room.db.read() as tx:
        assert "day and hour" in (await room.weeks.stored(tx, member.user_id))[0]
        (part,) = await room.weeks.export(tx, member.user_id)
    assert part.rows == [{"cohort": "Spring", "weekday": 5, "at": "16:00"}]


async def reached(room):
    return await enrol(
        room.db,
        room.cohort,
        900,
        "Dee",
        room.clock(),
        delivery=Delivery.DM,
        inbox=users.Inbox.OPEN,
    )
