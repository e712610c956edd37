"""What /me gathers, for whom."""

import json
from datetime import date

import pytest

from bot.clockwork.phases import Stage
from bot.errors import NotAllowed, NotFound
from bot.people import memberships
from bot.people.caller import Caller
from bot.people.contributions import Contributions, HelpLine, Line
from bot.storage import drafts
from cogs.today.model import Doorstep, Panel
from cogs.today.service import TodayService
from tests.conftest import add_cohort, asks, enrol


@pytest.fixture
def hooks():
    return Contributions()


@pytest.fixture
def today(db, clock, packs, hooks):
    return TodayService(db, clock, packs, hooks)


async def change(db, member, **values):
    async with db.write() as tx:
        await memberships.change(tx, member.member_id, **values)


async def test_the_actions_follow_the_members_own_dates(today, db, packs, ada):
    own = await today.panel(asks(ada))
    assert own.week.title == packs.guidance("land").title
    assert own.week.number == 1
    await change(db, ada, starts_on=date(2026, 1, 5), ends_on=date(2026, 3, 29))
    later = await today.panel(asks(ada))
    assert later.week.title == packs.guidance("reach").title
    assert len(later.week.actions) == 3


@pytest.mark.parametrize("stage", [Stage.LOOKING, Stage.FINISHED])
async def test_what_somebody_says_of_themselves_goes_before_their_dates(today, db, ada, stage):
    await change(db, ada, stage=stage)
    page = await today.panel(asks(ada))
    assert page.week.title == ""
    assert len(page.week.actions) == 3


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "phase"),
    [
        (date(2026, 3, 16), date(2026, 6, 7), "before"),
        (date(2025, 12, 1), date(2026, 2, 27), "after"),
    ],
)
async def test_before_and_after_a_programme_there_is_something_to_do(
    today, db, packs, ada, starts_on, ends_on, phase
):
    await change(db, ada, starts_on=starts_on, ends_on=ends_on)
    page = await today.panel(asks(ada))
    assert page.week.title == packs.guidance(phase).title
    assert page.week.number is None


async def test_somebody_without_dates_still_gets_three_actions(today, db, ada):
    await change(db, ada, starts_on=None, ends_on=None)
    assert len((await today.panel(asks(ada))).week.actions) == 3


async def test_urgent_lines_come_first_then_the_features_own_order(today, hooks, ada):
    async def lines(tx, member, now):
        return [Line("later", order=90), Line("sooner", order=10), Line("now", urgent=True)]

    hooks.today.append(lines)
    page = await today.panel(asks(ada))
    assert [line.text for line in page.lines] == ["now", "sooner", "later"]


async def test_several_cohorts_are_one_panel_each_and_all_within_reach(today, db, clock, ada):
    other = await add_cohort(db, 500, clock(), name="Autumn")
    await enrol(db, other, ada.user_id, "Ada", clock())
    newest = await today.panel(asks(ada))
    assert newest.member.cohort_name == "Autumn"
    assert [m.cohort_name for m in newest.others] == ["Spring"]
    chosen = await today.panel(asks(ada, cohort="spring"))
    assert chosen.member.cohort_name == "Spring"


async def test_a_direct_message_reaches_the_cohort_of_any_server(today, ada):
    page = await today.panel(Caller(ada.user_id, None, "Ada"))
    assert isinstance(page, Panel)


async def test_somebody_who_has_not_joined_is_shown_the_door(today, cohort):
    page = await today.panel(Caller(4242, cohort.guild_id, "Zoe"))
    assert isinstance(page, Doorstep)
    assert page.cohorts == ((cohort.cohort_id, "Spring"),)


async def test_nobody_sees_the_panel_behind_somebody_elses_card(today, ada, ben):
    page = await today.panel(asks(ben), ada.member_id)
    assert page.member.user_id == ben.user_id


async def test_a_draft_waits_on_the_panel(today, db, clock, ada):
    draft = drafts.Draft(7, ada.user_id, "goals.add", "", "goals.add", json.dumps({}), clock())
    await drafts.keep(db, draft)
    assert [d.draft_id for d in (await today.panel(asks(ada))).drafts] == [7]


async def test_nobody_reads_or_throws_away_somebody_elses_draft(today, db, clock, ada, ben):
    draft = drafts.Draft(7, ada.user_id, "goals.add", "", "goals.add", json.dumps({}), clock())
    await drafts.keep(db, draft)
    with pytest.raises(NotFound):
        await today.draft(asks(ben), 7)
    await today.toss(asks(ben), 7)
    assert (await today.panel(asks(ada))).drafts
    await today.toss(asks(ada), 7)
    assert not (await today.toss(asks(ada), 7)).drafts


async def test_help_teaches_four_commands_first_and_hides_those_of_staff(today, hooks, ada):
    hooks.help += [
        HelpLine("/cohort status", "What waits.", staff=True),
        HelpLine("/goal list", "Goals."),
        HelpLine("/checkin now", "Check in.", taught=True),
        *TodayService.help,
    ]
    page = today.commands(asks(ada))
    assert [line.command for line in page.taught] == ["/me", "/checkin now", "/help"]
    assert [line.command for line in page.others] == ["/goal list"]
    assert page.staff == ()
    boss = today.commands(asks(ada, manages_guild=True))
    assert [line.command for line in boss.staff] == ["/cohort status"]


async def test_only_moderators_are_shown_the_commands_of_staff(today, ada):
    with pytest.raises(NotAllowed):
        await today.staff_commands(asks(ada))
