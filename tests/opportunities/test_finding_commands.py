"""Finding, saving, following and suggesting as people live them, across restarts."""

from datetime import date, timedelta

import pytest

from bot.people import memberships
from bot.people.memberships import Delivery, MemberState
from bot.people.users import Inbox
from cogs.opportunities.finding_store import FindingStore
from cogs.opportunities.model import PostingState
from cogs.opportunities.store import PostingStore
from tests.conftest import add_cohort, enrol, words_of
from tests.opportunities.findable import Board as Shelf


@pytest.fixture
def shelf(world, db) -> Shelf:
    """Openings of the world's own server, put up without a moderator."""
    shelf = Shelf(db)
    shelf.guild_id = world.guild.id
    return shelf


async def put(world, shelf, **values):
    return await shelf.put(world.env.now(), guild_id=world.guild.id, **values)


async def test_a_server_without_openings_says_so_and_asks_for_the_first(world):
    await world.join(world.ada)
    shown = await world.ada.slash(world.checkins, "opportunity list")
    assert shown.ephemeral
    assert "No openings yet" in words_of(shown)
    form = await world.ada.click(shown.response, label="Suggest an opening")
    assert "Link to the opening" in str(form.modal)


async def test_somebody_who_has_not_joined_is_told_how(world):
    for command in ("list", "search", "saved", "follow", "suggest"):
        refused = await world.stranger.slash(world.checkins, f"opportunity {command}")
        assert "have not joined" in words_of(refused), command
    world.env.errors.clear()


async def test_each_opening_stands_with_its_deadline_and_age(world, shelf):
    await world.join(world.ada)
    now = world.env.now()
    await put(
        world,
        shelf,
        company_name="Acme",
        title="Data Intern",
        locations=("Toronto, ON", "Remote in Canada", "NYC", "SF"),
        terms=("Summer 2026",),
        sponsorship="Offers Sponsorship",
        deadline_on=date(2026, 3, 9),
        date_posted=now - timedelta(days=3),
    )
    shown = words_of(await world.ada.slash(world.checkins, "opportunity list"))
    assert "1 opening" in shown
    assert "Acme – Data Intern" in shown
    assert "Toronto, ON" in shown
    assert "2 more places" in shown
    assert "Summer 2026" in shown
    assert "closes <t:1773115140:R>" in shown
    assert f"posted <t:{int((now - timedelta(days=3)).timestamp())}:R>" in shown


async def test_a_search_turns_its_pages_after_a_restart_and_opens_what_it_found(world, shelf):
    await world.join(world.ada)
    first = await put(world, shelf, title="Data Intern 0", locations=("Toronto, ON",))
    for number in range(1, 8):
        await put(world, shelf, title=f"Data Intern {number}", locations=("Toronto, ON",))
    await put(world, shelf, title="Chef", locations=("Toronto, ON",))
    found = await world.ada.slash(
        world.checkins, "opportunity search", text="data int", place="toronto"
    )
    assert "8 openings fit" in words_of(found)
    assert "“data int”, in toronto" in words_of(found)
    assert "Data Intern 7" in words_of(found)

    await world.restart()
    later = await world.ada.click(found.response, label="More")
    assert "Page 2 of 2" in words_of(later)
    assert "Data Intern 0" in words_of(later)
    assert "Chef" not in words_of(later)

    opened = await world.ada.click(later.response, custom_id=f"opportunity.show:{first.posting_id}")
    assert "Data Intern 0" in words_of(opened)
    saved = await world.ada.click(opened.response, label="Save")
    assert saved.ephemeral
    again = await world.ada.click(later.response, label="Back")
    assert "Page 1 of 2" in words_of(again)


async def test_an_old_card_shows_what_is_there_now(world, shelf):
    await world.join(world.ada)
    postings = [await put(world, shelf, title=f"Intern {number}") for number in range(7)]
    listed = await world.ada.slash(world.checkins, "opportunity list")
    for posting in postings[1:]:
        await shelf.move(posting, PostingState.CLOSED, closed_at=world.env.now())
    number = postings[-1].posting_id
    opened = await world.ada.click(listed.response, custom_id=f"opportunity.show:{number}")
    assert "Closed" in words_of(opened)
    later = await world.ada.click(listed.response, label="More")
    assert "1 opening" in words_of(later)
    assert "Intern 0" in words_of(later)


async def test_who_left_is_told_to_join_again(world, shelf, db):
    ada = await world.join(world.ada)
    for _number in range(7):
        await put(world, shelf)
    listed = await world.ada.slash(world.checkins, "opportunity list")
    async with db.write() as tx:
        await memberships.change(tx, ada.member_id, state=MemberState.LEFT)
    refused = await world.ada.click(listed.response, label="More")
    assert "Press *Join*" in words_of(refused)
    world.env.errors.clear()


async def test_a_search_is_changed_in_a_form_that_knows_it(world, shelf):
    await world.join(world.ada)
    await put(world, shelf, title="Chef", locations=("Oslo",))
    found = await world.ada.slash(world.checkins, "opportunity search", text="zzz", degree="PhD")
    assert "Nothing fits at the moment" in words_of(found)
    form = await world.ada.click(found.response, label="Change the search")
    assert "zzz" in str(form.modal)
    changed = await world.ada.submit_modal(form, {"text": "chef", "place": "remote"})
    assert "“chef”, remote, PhD" in words_of(changed)


async def test_what_closes_soon_comes_first_at_a_press(world, shelf):
    await world.join(world.ada)
    await put(world, shelf, title="Soon", deadline_on=date(2026, 3, 4))
    await put(world, shelf, title="Whenever")
    listed = await world.ada.slash(world.checkins, "opportunity list")
    text = words_of(listed)
    assert text.index("Whenever") < text.index("Soon")
    turned = words_of(await world.ada.click(listed.response, label="Closing soon first"))
    assert turned.index("Soon") < turned.index("Whenever")
    assert "Newest first" in turned


async def test_closed_ones_are_shown_as_closed_when_asked_for(world, shelf):
    await world.join(world.ada)
    await put(world, shelf, title="Over", state=PostingState.CLOSED, why="deadline")
    found = await world.ada.slash(
        world.checkins, "opportunity search", text="over", open_only=False
    )
    assert "closed: its deadline has passed" in words_of(found)


async def test_nasty_words_neither_ping_nor_format_nor_break_the_search(world, shelf):
    await world.join(world.ada)
    nasty = "@everyone ``` [x](https://e.example) <@1> \u202e % _ ' \" ; --"
    await put(world, shelf, title=nasty, company_name="**bold**")
    listed = words_of(await world.ada.slash(world.checkins, "opportunity list"))
    found = words_of(await world.ada.slash(world.checkins, "opportunity search", text=nasty * 20))
    for shown in (listed, found):
        assert "@everyone" not in shown
        assert "```" not in shown
        assert "<@1>" not in shown
    assert "bold" in listed


async def test_every_page_fits_discord_with_the_longest_postings_there_can_be(world, shelf):
    await world.join(world.ada)
    for _number in range(13):
        posting = await put(
            world,
            shelf,
            company_name="C" * 100,
            title="**" + "T" * 190,
            locations=tuple(f"{'P' * 50}{n}" for n in range(50)),
            terms=tuple(f"{'S' * 50}{n}" for n in range(10)),
            category="K" * 60,
            sponsorship="V" * 60,
            deadline_on=date(2026, 4, 1),
        )
        await shelf.save((await world.join(world.ada)).member_id, posting, world.env.now())
    listed = await world.ada.slash(world.checkins, "opportunity list")
    await world.ada.click(listed.response, label="More")
    saved = await world.ada.slash(world.checkins, "opportunity saved")
    assert "You saved 13 openings" in words_of(saved)
    longest = "w" * 99
    found = await world.ada.slash(
        world.checkins, "opportunity search", text=longest, place=longest, term=longest,
        category=longest, sponsorship="U.S. Citizenship is Required", degree="Associate's",
        remote=True, open_only=False,
    )  # fmt: skip
    assert "Nothing fits" in words_of(found)


async def test_saved_ones_are_listed_taken_off_and_shown_on_me(world, shelf):
    await world.join(world.ada)
    empty = await world.ada.slash(world.checkins, "opportunity saved")
    assert "Nothing saved yet" in words_of(empty)
    posting = await put(world, shelf, company_name="Acme", deadline_on=date(2026, 3, 4))
    listed = await world.ada.click(empty.response, label="Look at openings")
    opened = await world.ada.click(listed.response, label="Open")
    await world.ada.click(opened.response, label="Save")

    me = await world.ada.slash(world.checkins, "me")
    assert "Acme (2 days)" in words_of(me)
    mine = await world.ada.click(me.response, label="My saved ones")
    assert "You saved 1 opening" in words_of(mine)
    await world.restart()
    left = await world.ada.select(
        mine.response,
        [str(posting.posting_id)],
        custom_id=f"finding.unsave:0-{world.cohort.cohort_id}",
    )
    assert "Nothing saved yet" in words_of(left)


async def test_cards_on_me_know_their_cohort_for_somebody_who_is_in_two_servers(world, shelf, db):
    ada = await world.join(world.ada)
    elsewhere = await add_cohort(db, world.guild.id + 1, world.env.now(), name="Elsewhere")
    await enrol(db, elsewhere, world.ada.id, "Ada", world.env.now())
    posting = await put(world, shelf, company_name="Acme", deadline_on=date(2026, 3, 4))
    await shelf.save(ada.member_id, posting, world.env.now())
    me = await world.ada.slash(world.checkins, "me")
    mine = await world.ada.click(me.response, label="My saved ones")
    assert "You saved 1 opening" in words_of(mine)


async def test_a_saved_one_that_closed_meanwhile_says_so(world, shelf):
    ada = await world.join(world.ada)
    posting = await put(world, shelf, deadline_on=date(2026, 3, 20))
    await shelf.save(ada.member_id, posting, world.env.now())
    await shelf.move(posting, PostingState.CLOSED, why="moderator", closed_at=world.env.now())
    shown = words_of(await world.ada.slash(world.checkins, "opportunity saved"))
    assert "closed: a moderator closed it" in shown


async def test_a_followed_search_brings_one_quiet_note_in_the_morning(world, shelf):
    await world.join(world.ada, delivery=Delivery.DM, inbox=Inbox.OPEN)
    await put(world, shelf, title="Data Intern")
    found = await world.ada.slash(world.checkins, "opportunity search", text="data")
    followed = await world.ada.click(found.response, label="Follow this search")
    assert "at most once a day" in words_of(followed)
    await world.travel(world.env.now() + timedelta(hours=2))
    await put(world, shelf, company_name="Later", title="Data Analyst")
    await put(world, shelf, title="Chef")
    await world.restart()
    await world.travel(world.env.now() + timedelta(days=1))

    notes = [words_of(message) for message in world.ada.user.dm_channel.history()]
    news = [text for text in notes if "new opening for you" in text]
    assert len(news) == 1
    assert "Later – Data Analyst" in news[0]
    assert "Chef" not in news[0]

    message = next(
        m for m in world.ada.user.dm_channel.history() if "new opening for you" in words_of(m)
    )
    opened = await world.ada.user.click(message, label="Open")
    assert "Data Analyst" in words_of(opened)
    why = await world.ada.user.click(message, label="Why did I get this?")
    assert "You follow a search for openings" in words_of(why)
    await world.ada.user.click(why.response, label="Stop these")
    mine = await world.ada.slash(world.checkins, "opportunity follow")
    assert "You follow nothing" in words_of(mine)


async def test_follows_are_listed_and_stopped(world, shelf):
    await world.join(world.ada)
    followed = await world.ada.slash(
        world.checkins, "opportunity follow", text="quant", remote=True
    )
    assert "so new ones stand on `/me`" in words_of(followed)
    listed = await world.ada.slash(world.checkins, "opportunity follow")
    assert "“quant”, remote" in words_of(listed)
    await world.restart()
    stopped = await world.ada.click(listed.response, label="Stop")
    assert "You follow nothing" in words_of(stopped)


async def test_news_stand_on_me_for_those_who_are_not_written_to(world, shelf):
    await world.join(world.ada)
    await world.ada.slash(world.checkins, "opportunity follow", text="data")
    await world.env.advance_time(60)
    await put(world, shelf, title="Data Intern")
    me = await world.ada.slash(world.checkins, "me")
    assert "1 new opening fits what you follow" in words_of(me)
    news = await world.ada.click(me.response, label="Look")
    assert "1 new opening for you" in words_of(news)


async def test_each_of_many_news_can_be_opened(world, shelf):
    await world.join(world.ada)
    await world.ada.slash(world.checkins, "opportunity follow", text="data")
    await world.env.advance_time(60)
    first = await put(world, shelf, title="Data Intern, the first")
    for _number in range(21):
        await put(world, shelf, title="Data Intern")
    me = await world.ada.slash(world.checkins, "me")
    news = await world.ada.click(me.response, label="Look")
    assert "22 new openings for you" in words_of(news)
    assert "2 more stand in the list" in words_of(news)
    third = str(first.posting_id + 2)
    opened = await world.ada.select(news.response, [third], custom_id="opportunity.choose:")
    assert "Data Intern" in words_of(opened)


async def test_a_suggestion_is_thanked_for_and_not_found_before_somebody_decided(world, db):
    await world.join(world.ada)
    asked = await world.ada.slash(world.checkins, "opportunity suggest")
    answers = {
        "link": "https://jobs.example.com/1?utm_source=x",
        "company": "Acme",
        "title": "Data Intern",
        "places": "Oslo; Remote",
        "deadline": "in 3 weeks",
    }
    thanked = await world.ada.submit_modal(asked, answers)
    assert "Thank you" in words_of(thanked)
    assert "A moderator looks at it next" in words_of(thanked)
    listed = await world.ada.click(thanked.response, label="Look at openings")
    assert "No openings yet" in words_of(listed)

    store = PostingStore()
    store.watchers.append(FindingStore().note)
    async with db.write() as tx:
        await store.change(tx, 1, state=PostingState.OPEN)
    found = await world.ada.slash(world.checkins, "opportunity search", place="oslo")
    assert "Acme – Data Intern" in words_of(found)


async def test_a_link_that_is_none_is_refused_and_try_again_keeps_what_was_typed(world):
    await world.join(world.ada)
    asked = await world.ada.slash(world.checkins, "opportunity suggest")
    answers = {"link": "javascript:alert(1)", "company": "Acme", "title": "Data Intern"}
    refused = await world.ada.submit_modal(asked, answers)
    again = await world.ada.click(refused.response, label="Try again")
    assert "Data Intern" in str(again.modal)
    world.env.errors.clear()


async def test_what_is_typed_is_completed_and_a_stranger_is_offered_nothing(world, shelf):
    await world.join(world.ada)
    await put(world, shelf, company_name="Acme Robotics", title="Intern", category="Welding")
    ask = world.ada.autocomplete
    found = await ask(world.checkins, "opportunity search", "text", "acm")
    assert [choice["value"] for choice in found][:1] == ["Acme Robotics"]
    found = await ask(world.checkins, "opportunity search", "category", "wel")
    assert [choice["value"] for choice in found] == ["Welding"]
    found = await ask(world.checkins, "opportunity follow", "term", "summer")
    assert "Summer 2026" in [choice["value"] for choice in found]
    found = await world.stranger.autocomplete(world.checkins, "opportunity search", "text", "acm")
    assert list(found) == []
