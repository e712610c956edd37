"""What somebody can say of themselves, and who gets to know."""

from datetime import date

import pytest

from bot.clockwork.phases import Phase, Stage
from bot.errors import NotFound
from bot.face.ink import png
from bot.knowledge.packs import Packs
from bot.people import activity, memberships
from bot.people.requests import MakeGoal, Requests
from cogs.competencies.model import Moment, is_due, moment_of
from cogs.competencies.picture import side_by_side, words
from cogs.competencies.service import CompetencyService
from cogs.competencies.store import CompetencyStore
from cogs.competencies.views import competency_card, overview_card
from tests.conftest import asks

NAME = "communication"


@pytest.fixture
def requests():
    made: list[MakeGoal] = []

    async def accept(tx, request, now):
        made.append(request)
        return len(made)

    requests = Requests()
    requests.accept(MakeGoal, accept)
    requests.made = made
    return requests


@pytest.fixture
def competencies(db, clock, packs, requests):
    return CompetencyService(db, clock, packs, CompetencyStore(), requests)


async def at(db, member, starts_on, **values):
    async with db.write() as tx:
        changed = {"starts_on": starts_on, "ends_on": date(2026, 12, 31), **values}
        await memberships.change(tx, member.member_id, **changed)
        return await memberships.get(tx, member.member_id)


@pytest.mark.parametrize(
    ("stage", "phase", "moment", "due"),
    [
        (Stage.INTERNING, Phase.LAND, Moment.START, True),
        (Stage.INTERNING, Phase.STRIDE, Moment.MIDDLE, False),
        (Stage.INTERNING, Phase.MIDPOINT, Moment.MIDDLE, True),
        (Stage.INTERNING, Phase.CLOSE, Moment.END, True),
        (Stage.INTERNING, Phase.BEFORE, Moment.START, False),
        (Stage.INTERNING, None, Moment.START, False),
        (Stage.LOOKING, Phase.REACH, Moment.START, False),
        (Stage.FINISHED, Phase.LAND, Moment.END, False),
    ],
)
def test_the_moment_follows_what_somebody_says_and_then_their_dates(stage, phase, moment, due):
    assert moment_of(stage, phase) is moment
    assert is_due(stage, phase) is due


async def test_an_answer_is_one_of_the_packs_words_and_stands_at_its_moment(competencies, ada):
    page = await competencies.choose(asks(ada), ada.member_id, NAME, Moment.START, 1)
    assert page.told[Moment.START].answer == "With help"
    later = await competencies.choose(asks(ada), ada.member_id, NAME, Moment.END, 2)
    assert [later.told[moment].answer for moment in (Moment.START, Moment.END)] == [
        "With help",
        "On my own",
    ]


async def test_half_done_is_fine_and_goes_on_with_the_next(competencies, ada):
    first = await competencies.overview(asks(ada))
    assert (first.said, first.all, first.is_untouched) == (0, 8, True)
    page = await competencies.put(
        asks(ada), ada.member_id, first.next_id, Moment.START, "I know what I like"
    )
    later = await competencies.overview(asks(ada))
    assert (later.said, later.next_id) == (1, page.next_id)


async def test_with_all_of_them_said_there_is_no_next(competencies, ada):
    page = await competencies.overview(asks(ada))
    while page.next_id is not None:
        await competencies.choose(asks(ada), ada.member_id, page.next_id, Moment.START, 0)
        page = await competencies.overview(asks(ada))
    assert page.said == page.all
    assert "all of them" in str(overview_card(page).to_components())


async def test_own_words_and_an_answer_do_not_erase_each_other(competencies, ada):
    await competencies.put(asks(ada), ada.member_id, NAME, Moment.START, "I ask a lot")
    page = await competencies.choose(asks(ada), ada.member_id, NAME, Moment.START, 0)
    assert page.told[Moment.START].words == "I ask a lot"


async def test_empty_words_take_back_what_was_written(competencies, ada):
    await competencies.put(asks(ada), ada.member_id, NAME, Moment.START, "I ask a lot")
    page = await competencies.put(asks(ada), ada.member_id, NAME, Moment.START, "")
    assert page.told == {}
    again = await competencies.put(asks(ada), ada.member_id, NAME, Moment.START, "")
    assert again.told == {}
    assert (await competencies.overview(asks(ada))).is_untouched


async def test_answering_again_is_one_deed(competencies, db, ada):
    for place in (0, 1, 1):
        await competencies.choose(asks(ada), ada.member_id, NAME, Moment.START, place)
    async with db.read() as tx:
        deeds = await activity.of_member(tx, ada.member_id)
    assert [deed.word for deed in deeds] == ["competency.answered"]


async def test_nobody_reads_or_writes_for_somebody_else(competencies, ada, ben):
    await competencies.put(asks(ada), ada.member_id, NAME, Moment.START, "mine")
    with pytest.raises(NotFound):
        await competencies.open(asks(ben), ada.member_id, NAME)
    with pytest.raises(NotFound):
        await competencies.put(asks(ben), ada.member_id, NAME, Moment.START, "yours")
    assert (await competencies.overview(asks(ben))).is_untouched


async def test_what_the_packs_have_no_more_is_said_kindly(competencies, ada):
    with pytest.raises(NotFound, match="shows those there are"):
        await competencies.open(asks(ada), ada.member_id, "juggling")
    with pytest.raises(NotFound, match="have changed"):
        await competencies.choose(asks(ada), ada.member_id, NAME, Moment.START, 9)


async def test_it_becomes_a_goal_once(competencies, requests, ada):
    made = await competencies.make_goal(asks(ada), ada.member_id, NAME, Moment.START)
    again = await competencies.make_goal(asks(ada), ada.member_id, NAME, Moment.START)
    assert (made.is_new_goal, again.is_new_goal, again.goal_id) == (True, False, 1)
    assert [one.area for one in requests.made] == ["connection"]
    assert requests.made[0].what.startswith("Making myself understood: ")
    assert (await competencies.overview(asks(ada))).is_untouched


async def test_me_offers_it_once_its_moment_is_there_and_never_after_it_was_begun(
    competencies, db, clock, ada
):
    async def lines():
        async with db.read() as tx:
            member = await memberships.get(tx, ada.member_id)
            return await competencies.today(tx, member, clock())

    assert len(await lines()) == 1
    await competencies.choose(asks(ada), ada.member_id, NAME, Moment.START, 0)
    assert await lines() == []
    clock.advance(weeks=6)
    assert "Halfway" in (await lines())[0].text
    await at(db, ada, date(2026, 3, 2), stage=Stage.LOOKING)
    assert await lines() == []


async def test_their_own_week_names_what_they_looked_at(competencies, db, clock, ada):
    since = clock()
    await competencies.choose(asks(ada), ada.member_id, NAME, Moment.START, 0)
    async with db.read() as tx:
        news = await competencies.week(tx, ada, since, clock())
        assert await competencies.week(tx, ada, clock.advance(days=1), clock()) == []
    assert [one.text for one in news] == [
        "You wrote down where you stand: Making myself understood."
    ]


async def test_the_export_holds_every_word_and_privacy_says_so(competencies, db, ada):
    async with db.read() as tx:
        assert await competencies.stored(tx, ada.user_id) == []
    await competencies.choose(asks(ada), ada.member_id, NAME, Moment.START, 1)
    await competencies.put(asks(ada), ada.member_id, NAME, Moment.END, "I explain it to Ben")
    async with db.read() as tx:
        (part,) = await competencies.export(tx, ada.user_id)
        stored = await competencies.stored(tx, ada.user_id)
    assert [(row["moment"], row["answer"], row["in my own words"]) for row in part.rows] == [
        ("Start", "With help", ""),
        ("End", "", "I explain it to Ben"),
    ]
    assert stored == ["2 answers about your skills, encrypted. Only you read them."]


async def test_the_picture_says_in_words_what_it_shows(competencies, ada):
    await competencies.choose(asks(ada), ada.member_id, NAME, Moment.START, 1)
    await competencies.choose(asks(ada), ada.member_id, NAME, Moment.END, 2)
    page = await competencies.overview(asks(ada))
    chart = side_by_side(page)
    assert "Start: With help → End: On my own" in chart.alt
    assert words(page) in chart.alt
    assert (await png(chart.svg)).startswith(b"\x89PNG")


async def test_hostile_words_stay_words_in_card_and_picture(db, clock, requests, packs, ada):
    nasty = "@everyone </text><script> ``` **x** " * 19
    competencies = CompetencyService(db, clock, packs, CompetencyStore(), requests)
    await competencies.put(asks(ada), ada.member_id, NAME, Moment.START, nasty[:700])
    page = await competencies.open(asks(ada), ada.member_id, NAME)
    shown = str(competency_card(page).to_components())
    assert "@everyone" not in shown
    assert "```" not in shown
    assert "<script>" not in side_by_side(await competencies.overview(asks(ada))).svg


async def test_an_operators_own_competencies_stand_on_the_next_page(
    db, clock, requests, ada, tmp_path
):
    (tmp_path / "competencies").mkdir()
    (tmp_path / "competencies" / "lab.yaml").write_text(
        "id: lab\n"
        'source: {id: ours, name: Ours, url: "https://example.org/handbook"}\n'
        "answers: [New, With help, Alone]\n"
        "competencies:\n"
        "  - {id: safety, name: Working safely, means: You know the exits., ask: How safe is it?,\n"
        "     looks: {start: You look., middle: You see., end: You show.}}\n"
    )
    packs = Packs.load(extra=[tmp_path])
    competencies = CompetencyService(db, clock, packs, CompetencyStore(), requests)
    page = await competencies.overview(asks(ada), ada.member_id, 9)
    assert (page.page, page.pages) == (1, 2)
    assert [one.id for one, _told in page.rows] == ["safety"]
    said = await competencies.choose(asks(ada), ada.member_id, "safety", Moment.START, 2)
    assert said.told[Moment.START].answer == "Alone"
