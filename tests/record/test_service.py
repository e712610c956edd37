"""What is gathered for a record, and what happens when it cannot be made."""

import asyncio
import json

import pytest

from bot.errors import NotAllowed, Refusal
from bot.people import memberships, profiles
from bot.people.caller import Caller
from bot.people.contributions import Contributions
from bot.people.memberships import MemberState
from bot.people.profiles import Detail
from bot.people.record import Chapter, Entry
from bot.people.requests import KeepEntry, Requests
from bot.record.drafting import bullets, stories
from bot.record.model import Form
from bot.record.workshop import StillMaking, Workshop
from cogs.checkins.service import CheckinService
from cogs.checkins.store import CheckinStore
from cogs.feedback.model import Role, Source
from cogs.feedback.service import FeedbackService
from cogs.feedback.store import FeedbackStore
from cogs.goals.model import Area
from cogs.goals.service import GoalService, Wish
from cogs.goals.store import GoalStore
from cogs.journal.service import JournalService
from cogs.journal.store import EntryStore
from cogs.kudos.service import KudosService
from cogs.kudos.store import KudosStore
from cogs.record.service import RecordService
from tests.conftest import asks

MOST = 10 * 1024 * 1024


@pytest.fixture
def hooks():
    return Contributions()


@pytest.fixture
def records(db, clock, hooks):
    return RecordService(db, clock, hooks, Workshop())


@pytest.fixture
async def employed(db, ada, clock):
    async with db.write() as tx:
        about = {Detail.COMPANY: "Northwind", Detail.ROLE: "Software intern"}
        await profiles.write(tx, ada.member_id, about, clock())
    return ada


async def gathered(records, member):
    return (await records.gather(asks(member))).entries


async def test_goals_that_were_reached_or_taught_something_are_told(
    records, hooks, db, clock, employed
):
    goals = GoalService(db, clock, GoalStore(), Requests())
    hooks.record.append(goals.record)
    made = [
        (await goals.make(asks(employed), Wish(what, "live by May", "", "", Area.TECHNICAL))).goal
        for what in ("Ship the filter", "Learn Go", "Learn Rust", "Still open")
    ]
    await goals.finish(asks(employed), made[0].goal_id)
    await goals.drop(asks(employed), made[1].goal_id, "Nobody needs it here")
    await goals.drop(asks(employed), made[2].goal_id, "")
    reached, let_go = await gathered(records, employed)
    assert (reached.what, reached.result, reached.done) == ("Ship the filter", "live by May", True)
    assert (reached.role, reached.place) == ("Software intern", "Northwind")
    assert (let_go.what, let_go.learned, let_go.done) == (
        "Learn Go",
        "Nobody needs it here",
        False,
    )


async def test_wins_are_told_without_their_private_lines(records, hooks, db, clock, packs, ada):
    checkins = CheckinService(db, clock, CheckinStore(), Requests(), packs)
    hooks.record.append(checkins.record)
    values = {"progress": "x", "blocker": "", "focus": "", "source": "form"}
    async with db.write() as tx:
        for days, win in ((0, "Shipped it\nprivate: my manager cried"), (7, "private: all of it")):
            await CheckinStore().save(
                tx,
                ada.member_id,
                clock.advance(days=days).date(),
                win=win,
                answered_at=clock(),
                **values,
            )
    (told,) = await gathered(records, ada)
    assert (told.chapter, told.what, told.place) == (Chapter.WORK, "Shipped it", "Spring")


async def test_kudos_are_told_once_they_were_looked_at_with_a_name_only_if_shared(
    records, hooks, db, clock, cohort, ada, ben
):
    from bot.people import cohorts

    kudos = KudosService(db, clock, KudosStore(), Requests())
    hooks.record.append(kudos.record)
    async with db.write() as tx:
        await cohorts.change(tx, cohort.cohort_id, checkins_id=77)
    given = [await kudos.give(asks(ben), ada.user_id, text) for text in ("one", "two", "three")]
    await kudos.keep(asks(ada), given[0].kudos.kudos_id)
    await kudos.share(asks(ada), given[1].kudos.kudos_id)
    told = {entry.what: entry.said_by for entry in await gathered(records, ada)}
    assert told == {"one": "Somebody from Spring", "two": "Ben"}
    assert await gathered(records, ben) == ()


async def test_what_others_said_stands_once_though_it_is_in_the_journal_and_is_no_resume_line(
    records, hooks, db, clock, ada, ben
):
    requests, journal = Requests(), JournalService(db, clock, EntryStore())
    requests.accept(KeepEntry, journal.accept)
    kudos = KudosService(db, clock, KudosStore(), requests)
    hooks.record += [journal.record, kudos.record]
    given = await kudos.give(asks(ben), ada.user_id, "Fixed our build in 3 days")
    for _press in range(2):
        await kudos.to_journal(asks(ada), given.kudos.kudos_id)
    async with db.write() as tx:
        outside = KeepEntry(ada, "Cut the queue by 40 %", "work", "feedback 7")
        await requests.issue(tx, outside, clock())
    found = await records.gather(asks(ada))
    told = {entry.what: (entry.chapter, entry.said_by) for entry in found.entries}
    assert told == {
        "Fixed our build in 3 days": (Chapter.KUDOS, "Somebody from Spring"),
        "Cut the queue by 40 %": (Chapter.FEEDBACK, "Somebody else"),
    }
    assert (bullets(found), stories(found)) == ([], [])


async def test_feedback_is_told_by_role_once_it_was_read(
    records, hooks, db, clock, packs, ada, ben
):
    store = FeedbackStore()
    feedback = FeedbackService(db, clock, store, packs, Requests())
    hooks.record.append(feedback.record)
    words = {"happened": "", "changed": "faster", "keep": "", "focus": "ask earlier"}
    base = {
        "cohort_id": ada.cohort_id,
        "receiver_id": ada.member_id,
        "aspect": "deliverable",
        "visibility": "me",
        "occasion": "the demo",
        "at": clock(),
    }
    async with db.write() as tx:
        rows = (
            {"source": Source.LOGGED, "role": Role.MANAGER, "saw": "Clear"},
            {"source": Source.GIVEN, "giver_id": ben.member_id, "saw": "Calm", "read_at": clock()},
            {"source": Source.GIVEN, "giver_id": ben.member_id, "saw": "Not read yet"},
        )
        for row in rows:
            await store.add(tx, **base, **words, **row)
    told = {entry.what: entry for entry in await gathered(records, ada)}
    assert {what: entry.said_by for what, entry in told.items()} == {
        "Clear": "My manager",
        "Calm": "Somebody from Spring",
    }
    assert told["Clear"].situation == "the demo"
    assert (told["Clear"].result, told["Clear"].learned) == ("faster", "ask earlier")


async def test_somebody_who_left_still_gets_theirs(records, db, clock, ada):
    async with db.write() as tx:
        await memberships.change(tx, ada.member_id, state=MemberState.LEFT, left_at=clock())
        (line,) = await records.left_behind(tx, ada.user_id, clock())
    assert line.action == "record.get"
    page = await records.make(asks(ada), Form.MARKDOWN, MOST)
    assert "How to begin" in page.files[0].content.decode()


async def test_somebody_who_is_here_is_not_told_of_a_record_left_behind(records, db, clock, ada):
    async with db.read() as tx:
        assert await records.left_behind(tx, ada.user_id, clock()) == []


async def test_a_stranger_has_no_record(records, cohort):
    with pytest.raises(Refusal, match="not joined"):
        await records.make(Caller(5, 500, "Nobody"), Form.PDF, MOST)


async def test_a_button_made_for_somebody_else_gives_nothing(records, ada, ben):
    with pytest.raises(NotAllowed, match="somebody else's record"):
        await records.make(asks(ben), Form.PDF, MOST, ada.user_id)


async def test_two_presses_at_once_make_one_file(records, ada):
    answers = await asyncio.gather(
        *(records.make(asks(ada), Form.JSON, MOST) for _n in range(2)), return_exceptions=True
    )
    (made,) = [answer for answer in answers if not isinstance(answer, Refusal)]
    (refused,) = [answer for answer in answers if isinstance(answer, Refusal)]
    assert json.loads(made.files[0].content)["name"] == "Ada"
    assert "in a moment" in str(refused)
    assert (await records.make(asks(ada), Form.JSON, MOST)).files


async def test_several_people_are_served_side_by_side(records, ada, ben):
    pages = await asyncio.gather(
        *(records.make(asks(member), Form.JSON, MOST) for member in (ada, ben))
    )
    names = [json.loads(page.files[0].content)["name"] for page in pages]
    assert names == ["Ada", "Ben"]


async def test_a_file_that_takes_too_long_is_given_up_without_the_words_in_the_log(
    db, clock, ada, caplog
):
    async def secret(tx, user_id):
        return [Entry(Chapter.WORK, "journal 1", clock().date(), "unreleased number 4711")]

    hasty = RecordService(db, clock, Contributions(record=[secret]), Workshop(patience=0.01))
    page = await hasty.make(asks(ada), Form.PDF, MOST)
    assert page.files == ()
    assert page.entries == 1
    assert "4711" not in caplog.text
    assert "took longer" in caplog.text


async def test_nobody_is_kept_waiting_for_ever_by_a_file_that_was_given_up(db, clock, ada):
    workshop = Workshop(patience=0.01)
    hasty = RecordService(db, clock, Contributions(), workshop)
    await hasty.make(asks(ada), Form.PDF, MOST)
    try:
        await hasty.make(asks(ada), Form.PDF, MOST)
    except StillMaking:
        pytest.fail("the first one still counts")


async def test_a_record_above_the_servers_limit_comes_in_parts(db, clock, ada):
    async def long(tx, user_id):
        days = (clock().date().replace(year=year) for year in (2025, 2026))
        return [Entry(Chapter.WORK, f"journal {on.year}", on, "Shipped it. " * 80) for on in days]

    records = RecordService(db, clock, Contributions(record=[long]), Workshop())
    page = await records.make(asks(ada), Form.MARKDOWN, 2500)
    assert [made.filename for made in page.files] == [
        "stint-record-2026-03-02-2025.md",
        "stint-record-2026-03-02-2026.md",
    ]
    assert all(len(made.content) <= 2500 for made in page.files)
