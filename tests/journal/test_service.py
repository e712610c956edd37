"""What a member can do with their journal, and who gets to read it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import NotFound, Refusal
from bot.people import activity, memberships
from bot.people.caller import Caller
from bot.people.contributions import Contributions
from bot.people.forgetting import forget
from bot.people.memberships import MemberState
from bot.people.profiles import Detail
from bot.people.profiles import write as write_profile
from bot.people.record import Chapter
from bot.people.requests import KeepEntry
from cogs.journal.model import (
    MOST_SKILLS,
    WHAT_LIMIT,
    Entry,
    Kind,
    Message,
    More,
    Shelf,
    Sort,
    Words,
    Written,
    address,
    packed,
    shelf,
    unpacked,
)
from cogs.journal.seeking import BEGIN, END, asked_for, snippet
from cogs.journal.service import JournalService
from cogs.journal.store import EntryStore, entries, looks, topics
from cogs.journal.views import entry_card, kept_card
from tests.conftest import MONDAY, add_cohort, asks, count, enrol, words_of

NASTY = [
    "@everyone <@1> [free](https://e.example) ``` \u202eevil",
    '#set page(width: 1pt)\n#import "x"\n*bold* _it_ $x$ \\input{/etc/passwd} \\end{document}',
    "<script>alert(1)</script> <b>x</b> &amp; %s {0} {name}",
    "日本語 العربية עברית हिन्दी ไทย 한국어 Ελληνικά Кириллица 🎉 \U0001f468\u200d\U0001f469",
    "=1+1\n> quote\n# heading\n1. list\n- [ ] box",
    "a\x00b\x07c\x1bd",
]


@pytest.fixture
def journal(db, clock):
    return JournalService(db, clock, EntryStore())


def written(what="Ran the tests on my own machine", **values):
    return Written(what, **values)


async def keep(journal, member, what="Ran the tests", kind=Kind.WORK, **values):
    return (await journal.add(asks(member), kind, written(what, **values))).entry


async def test_what_is_kept_remembers_the_role_and_the_place_of_the_day(journal, db, clock, ada):
    async with db.write() as tx:
        texts = {Detail.ROLE: "Data intern", Detail.COMPANY: "Northwind"}
        await write_profile(tx, ada.member_id, texts, clock())
    await keep(journal, ada, skills="SQL", project="Billing", result="3 bugs")
    async with db.write() as tx:
        await write_profile(tx, ada.member_id, {Detail.ROLE: "Lead"}, clock())
        (entry,) = await journal.record(tx, ada.user_id)
    assert (entry.role, entry.place, entry.ref) == ("Data intern", "Northwind", "journal 1")
    assert (entry.chapter, entry.skills, entry.project) == (Chapter.WORK, ("SQL",), "Billing")


async def test_skills_are_one_whatever_their_case_and_spaces(journal, ada):
    await keep(journal, ada, skills="SQL, writing  tests")
    entry = await keep(journal, ada, skills="sql; Writing tests\nsql, #Python")
    assert entry.skills == ("SQL", "Writing tests", "Python")
    found = await journal.skills(asks(ada))
    assert [(use.topic.name, use.topic.count) for use in found.uses[:2]] == [
        ("SQL", 2),
        ("Writing tests", 2),
    ]


async def test_skills_that_are_sentences_or_too_many_are_refused(journal, ada):
    with pytest.raises(Refusal, match="Put commas between"):
        await keep(journal, ada, skills="I learned how to write SQL and many other things " * 2)
    with pytest.raises(Refusal, match="Which ones matter most"):
        await keep(journal, ada, skills=",".join(f"s{n}" for n in range(MOST_SKILLS + 1)))


async def test_a_skill_nobody_names_any_more_is_forgotten(journal, db, ada):
    entry = await keep(journal, ada, skills="SQL")
    await journal.change(asks(ada), entry.entry_id, written(skills="Python"))
    assert [t.name for t in await journal.names(asks(ada), Sort.SKILL, "")] == ["Python"]
    assert await count(db, topics) == 1


async def test_the_list_comes_in_pages_and_by_kind_and_project(journal, ada):
    for n in range(7):
        await keep(journal, ada, f"Work {n}", project="Billing" if n % 2 else "")
    await keep(journal, ada, "A course", Kind.COURSEWORK)
    first = await journal.look_at(asks(ada), Shelf())
    assert (len(first.entries), first.pages, first.total) == (5, 2, 8)
    assert first.entries[0].words.what == "A course"
    last = await journal.look_at(asks(ada), first.shelf.at(99))
    assert (last.shelf.page, len(last.entries)) == (1, 3)
    course = await journal.look_at(asks(ada), Shelf(kind=Kind.COURSEWORK))
    assert [e.words.what for e in course.entries] == ["A course"]
    billing = await journal.look_at(asks(ada), Shelf(), "billing")
    assert billing.total == 3
    with pytest.raises(NotFound, match="Choose from the list"):
        await journal.look_at(asks(ada), Shelf(), "nothing")


async def test_a_search_finds_every_word_wherever_it_stands(journal, ada):
    await keep(journal, ada, "Moved invoices to the queue", skills="Café culture", project="Érable")
    await keep(journal, ada, "Moved nothing")
    for query, number in [
        ("moved", 2),
        ("INVOICES  moved", 1),
        ("cafe", 1),
        ("erable queue", 1),
        ("moved kubernetes", 0),
    ]:
        assert len((await journal.search(asks(ada), query)).look.hits) == number, query
    with pytest.raises(Refusal, match="Type a word"):
        await journal.search(asks(ada), " \u200b ")


async def test_the_pages_of_a_search_are_turned_until_it_is_over(journal, db, clock, ada, ben):
    for n in range(7):
        await keep(journal, ada, f"Invoices {n}")
    found = await journal.search(asks(ada), "invoices")
    second = await journal.found(asks(ada), found.look.look_id, 1)
    assert [e.words.what for e in second.entries] == ["Invoices 1", "Invoices 0"]
    with pytest.raises(NotFound, match="Look again"):
        await journal.found(asks(ben), found.look.look_id, 1)
    await journal.sweep(clock.advance(days=8))
    with pytest.raises(NotFound, match="Look again"):
        await journal.found(asks(ada), found.look.look_id, 1)
    assert await count(db, looks) == 0


def test_the_found_place_is_shown_and_marked():
    text = "before " * 60 + "the Straße here" + " after" * 60
    entry = an_entry(text)
    shown = snippet(entry, asked_for("strasse"))
    assert f"{BEGIN}Straße{END} here" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 200


def test_a_link_is_never_broken_by_a_mark():
    shown = snippet(an_entry("see https://a.example/queue and the queue"), ["queue"])
    assert "https://a.example/queue and" in shown
    assert f"the {BEGIN}queue{END}" in shown


@given(text=st.text(max_size=300), query=st.text(min_size=1, max_size=10))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_searched_for_anything(text, query):
    shown = snippet(an_entry(text), asked_for(query))
    assert shown.count(BEGIN) == shown.count(END)


@given(st.builds(Words, *(st.text(max_size=50) for _n in range(3)), st.tuples(st.text())))
def test_words_come_back_as_they_were_kept(words):
    if not words.people[0]:
        words = replace(words, people=())
    assert unpacked(packed(words), words.said_by) == words


@given(st.text(max_size=40))
def test_a_button_that_cannot_be_read_opens_the_journal(token):
    assert isinstance(shelf(token), Shelf)


def an_entry(what):
    words = Words(what)
    return Entry(1, 1, Kind.WORK, words, date(2026, 3, 2), None, MONDAY, None)


async def test_deleted_is_gone_for_good_after_two_days(journal, db, clock, ada):
    entry = await keep(journal, ada, skills="SQL")
    await journal.delete(asks(ada), entry.entry_id)
    again = await journal.delete(asks(ada), entry.entry_id)
    assert again.entry.deleted_at is not None
    assert (await journal.skills(asks(ada))).uses == ()
    with pytest.raises(NotFound, match="Bring it back first"):
        await journal.change(asks(ada), entry.entry_id, written())
    clock.advance(hours=47)
    await journal.sweep(clock())
    assert (await journal.bring_back(asks(ada), entry.entry_id)).entry.skills == ("SQL",)
    await journal.delete(asks(ada), entry.entry_id)
    clock.advance(hours=48)
    with pytest.raises(NotFound, match="it is gone"):
        await journal.bring_back(asks(ada), entry.entry_id)
    await journal.sweep(clock.advance(seconds=1))
    assert await count(db, entries) == await count(db, topics) == 0
    async with db.read() as tx:
        deeds = [deed.word for deed in await activity.of_member(tx, ada.member_id)]
    assert deeds == ["entry.kept", "entry.deleted", "entry.restored", "entry.deleted"]


async def test_the_same_source_is_kept_once_and_comes_back_when_deleted(
    journal, db, clock, ada, ben
):
    request = KeepEntry(ada, "Thank you for the review", "work", "kudos 7", ben)
    async with db.write() as tx:
        first = await journal.accept(tx, request, clock())
        assert await journal.accept(tx, request, clock()) == first
    await journal.delete(asks(ada), first)
    async with db.write() as tx:
        assert await journal.accept(tx, request, clock()) == first
    page = await journal.get(asks(ada), first)
    assert page.entry.deleted_at is None
    assert page.entry.words.said_by == "Ben"
    async with db.write() as tx:
        other = await journal.accept(tx, replace(request, source="", kind="odd"), clock())
    assert other != first


async def test_details_are_read_as_people_write_them(journal, ada):
    entry = await keep(journal, ada)
    more = More("Maya Chen, Tom", "github.com/ada/tool", "last friday")
    page = await journal.detail(asks(ada), entry.entry_id, more)
    assert page.entry.words.people == ("Maya Chen", "Tom")
    assert page.entry.words.url == "https://github.com/ada/tool"
    assert page.entry.on == date(2026, 2, 27)
    with pytest.raises(Refusal, match="still to come"):
        await journal.detail(asks(ada), entry.entry_id, More(on="tomorrow"))


@pytest.mark.parametrize("typed", ["javascript:alert(1)", "file:///etc/passwd", "two words", "x"])
def test_only_pages_are_links(typed):
    with pytest.raises(Refusal, match="cannot use that link"):
        address(typed)


async def test_nobody_reaches_somebody_elses_entry(journal, ada, ben):
    entry = await keep(journal, ada)
    number = entry.entry_id
    for attempt in (
        journal.get(asks(ben), number),
        journal.change(asks(ben), number, written("mine now")),
        journal.detail(asks(ben), number, More()),
        journal.set_kind(asks(ben), number, Kind.CULTURE),
        journal.delete(asks(ben), number),
        journal.bring_back(asks(ben), number),
        journal.look_at(asks(ben), Shelf(ada.member_id)),
        journal.skills(asks(ben), ada.member_id),
        journal.search(asks(ben), "tests", ada.member_id),
    ):
        with pytest.raises(Refusal, match="not yours"):
            await attempt


async def test_a_moderator_reads_no_more_than_anybody(journal, ada):
    entry = await keep(journal, ada)
    moderator = Caller(9, ada.guild_id, "Mo", manages_guild=True)
    with pytest.raises(NotFound):
        await journal.get(moderator, entry.entry_id)
    with pytest.raises(Refusal):
        await journal.look_at(moderator, Shelf(ada.member_id))


async def test_nothing_typed_can_be_read_in_the_file(journal, ada, database_file):
    secret = "Nobodyreadsthis"
    await journal.add(
        asks(ada), Kind.WORK, Written(secret, secret, secret, f"{secret}skill", f"{secret}project")
    )
    await journal.search(asks(ada), f"{secret} {secret}project")
    await journal.detail(asks(ada), 1, More(f"{secret}person", f"https://{secret}.example"))
    pages = [database_file, database_file.with_name("stint.db-wal")]
    found = b"".join(page.read_bytes() for page in pages if page.exists())
    assert secret.encode() not in found
    assert secret.lower().encode() not in found


async def test_somebody_who_left_reads_their_journal_in_a_direct_message(journal, db, ada):
    entry = await keep(journal, ada)
    async with db.write() as tx:
        await memberships.change(tx, ada.member_id, state=MemberState.LEFT)
    alone = replace(asks(ada), guild_id=None)
    assert (await journal.look_at(alone, Shelf())).total == 1
    assert (await journal.get(alone, entry.entry_id)).entry == entry
    with pytest.raises(Refusal, match="have not joined"):
        await journal.add(alone, Kind.WORK, written())


async def test_a_member_of_two_cohorts_names_one(journal, db, clock, ada):
    other = await add_cohort(db, 600, clock(), name="Autumn")
    twice = await enrol(db, other, ada.user_id, "Ada", clock())
    await keep(journal, ada, "In spring")
    await keep(journal, twice, "In autumn")
    alone = replace(asks(ada), guild_id=None)
    with pytest.raises(Refusal, match="Which cohort"):
        await journal.look_at(alone, Shelf())
    page = await journal.look_at(replace(alone, cohort="autumn"), Shelf())
    assert [e.words.what for e in page.entries] == ["In autumn"]
    assert [m.cohort_name for m in page.others] == ["Spring"]
    async with db.read() as tx:
        assert len(await journal.record(tx, ada.user_id)) == 2


@pytest.mark.parametrize("text", NASTY)
async def test_hostile_text_is_text(journal, db, ada, text):
    from bot.face.look import plain

    kept = await journal.add(
        asks(ada), Kind.WORK, Written(plain(text), plain(text), plain(text), "", "Billing")
    )
    page = await journal.detail(asks(ada), kept.entry.entry_id, More())
    assert page.entry.words.what == plain(text)
    shown = words_of(Shown(entry_card(page)))
    assert "@everyone" not in shown
    assert "```" not in shown
    assert "<@1>" not in shown
    assert "\n# heading" not in shown


class Shown:
    """A card as `words_of` reads one."""

    content = ""
    response = None

    def __init__(self, view):
        self.components = view.to_components()


async def test_the_longest_entry_fits_a_card(journal, ada):
    long = "*_`~|" * (WHAT_LIMIT // 5)
    page = await journal.add(
        asks(ada), Kind.WORK, Written(long, long[:2000], long[:1000], "a" * 60, "p" * 80)
    )
    shown = words_of(Shown(kept_card(page)))
    assert "all of it is kept" in shown
    assert page.entry.words.what == long


async def test_the_week_and_the_export_tell_what_was_kept(journal, db, clock, ada):
    for n in range(6):
        await keep(journal, ada, f"*Bold* thing {n}")
    async with db.read() as tx:
        news = await journal.week(tx, ada, clock() - timedelta(days=7), clock())
        (part,) = await journal.export(tx, ada.user_id)
        (stored,) = await journal.stored(tx, ada.user_id)
    assert len(news) == 5
    assert news[0].text == "\\*Bold\\* thing 5"
    assert len(part.rows) == 6
    assert "Only you read them" in stored


async def test_me_asks_for_a_line_only_late_in_a_week_of_which_nothing_was_kept(
    journal, db, clock, ada
):
    async def lines(now):
        async with db.read() as tx:
            return await journal.today(tx, ada, now)

    week_four = MONDAY + timedelta(weeks=3)
    assert not await lines(MONDAY + timedelta(days=3))
    assert not await lines(week_four)
    thursday = week_four + timedelta(days=3)
    assert len(await lines(thursday)) == 1
    clock.now = thursday
    await keep(journal, ada)
    assert not await lines(thursday + timedelta(days=1))


async def test_an_empty_message_is_refused(journal, ada):
    with pytest.raises(Refusal, match="no words"):
        await journal.save_message(asks(ada), Message(5, " \u200b\n"))


async def test_the_name_goes_from_kept_words_when_their_author_does(journal, db, clock, ada, ben):
    async with db.write() as tx:
        request = KeepEntry(ada, "Thank you", "work", "kudos 7", ben)
        entry_id = await journal.accept(tx, request, clock())
        await forget(tx, Contributions(erase=[journal.erase]), ben.user_id)
    entry = (await journal.get(asks(ada), entry_id)).entry
    assert entry.words.what == "Thank you"
    assert entry.words.said_by == "somebody who left"


async def test_somebody_in_two_cohorts_is_offered_what_is_in_both(journal, db, clock, ada):
    other = await add_cohort(db, 600, clock(), name="Autumn")
    twice = await enrol(db, other, ada.user_id, "Ada", clock())
    await keep(journal, ada, "In spring", project="Billing")
    await keep(journal, twice, "In autumn", project="Search")
    alone = replace(asks(ada), guild_id=None)
    assert {e.words.what for e in await journal.choices(alone, "IN ")} == {"In spring", "In autumn"}
    found = await journal.names(alone, Sort.PROJECT, "")
    assert {topic.name for topic in found} == {"Billing", "Search"}
