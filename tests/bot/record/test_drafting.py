"""What is drafted from an entry, and what never is: something nobody wrote."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people.record import Chapter, Entry
from bot.record.drafting import action, bullet, bullets, stories, story
from tests.bot.record.material import ENTRIES, record, work

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("typed", "drafted"),
    [
        ("I fixed the login", "Fixed the login"),
        ("I've written the guide", "Wrote the guide"),
        ("I have built a tool", "Built a tool"),
        ("Today I shipped it", "Shipped it"),
        ("This week, I ran five tests", "Ran five tests"),
        ("I set up the build", "Set up the build"),
        ("I am testing the import", "Testing the import"),
        ("wrote the retry step", "Wrote the retry step"),
        ("Fix the login", "Fixed the login"),
        ("review 12 pull requests", "Reviewed 12 pull requests"),
    ],
)
def test_the_deed_comes_first_and_in_the_past_where_that_is_safe(typed, drafted):
    assert action(typed, done=True) == drafted


@pytest.mark.parametrize(
    "typed",
    [
        "Test results were good",
        "Design review with the team",
        "I think the import is slow",
        "I was asked to help",
        "I needed a week for the build",
        "We moved the report",
        "Ich habe den Test repariert",
        "J'ai corrigé le test",
        "iOS build on the new runner",
        "修复了登录测试",
        "Fixing the login",
        "µs instead of ms for the import",
        "ß in names is read",
    ],
)
def test_everything_else_stays_as_it_was_typed(typed):
    assert action(typed, done=True) == typed


def test_something_without_a_result_is_not_called_done():
    assert action("Fix the login") == "Fix the login"


def test_a_line_is_action_result_number_and_names_its_entry():
    line = bullet(ENTRIES[2])
    assert line.text == (
        "Wrote the retry step for uploads – Failed uploads went from 9 % to under 1 %"
    )
    assert line.gaps == ()
    assert line.ref == "journal 11"


def test_a_result_goes_on_in_small_letters_where_that_is_safe():
    line = bullet(work("journal 1", DAY, "Cut the build", result="It takes 4 minutes now."))
    assert line.text == "Cut the build – it takes 4 minutes now"


def test_what_is_missing_is_asked_and_never_made_up():
    bare = bullet(work("journal 1", DAY, "Fixed the login"))
    assert bare.text == "Fixed the login"
    assert bare.gaps == ("what came of it? How many, how much faster?",)
    unnumbered = bullet(work("journal 1", DAY, "Fixed the login", result="People can log in"))
    assert unnumbered.gaps == ("add a number: how many, how much faster?",)
    ours = bullet(work("journal 1", DAY, "We moved it", result="in 3 days"))
    assert ours.gaps == ("which part was yours?",)


def test_a_goal_becomes_a_line_only_when_it_was_reached_and_is_a_deed():
    goals = [entry for entry in ENTRIES if entry.chapter is Chapter.GOALS]
    drafted = [line.text for line in bullets(record(tuple(goals)))]
    assert drafted == ["Shipped the search filter", "Understood how billing works"]
    assert bullet(replace(goals[0], what="Better at English")) is None


def test_the_fullest_come_first_and_a_project_does_not_take_all_the_room():
    many = tuple(
        work(f"journal {n}", DAY, f"Wrote page {n}", result=f"{n} readers", project="Handbook")
        for n in range(30)
    )
    other = work("journal 99", DAY, "Fixed the login")
    drafted = bullets(record((*many, other)))
    assert len([line for line in drafted if line.project == "Handbook"]) == 6
    assert drafted[-1].ref == "journal 99"


def test_a_story_has_four_parts_and_asks_for_what_nobody_wrote():
    told = story(ENTRIES[1])
    labels = [part.label for part in told.answers]
    assert labels == ["Situation", "Task", "Action", "Result", "What I learned"]
    situation, task, deed, result, _learned = told.answers
    assert "Every second release waited" in situation.text
    assert "Software intern · Northwind Freight · Release pipeline · March 2026" in situation.text
    assert situation.gaps == ()
    assert task.text == ""
    assert task.gaps
    assert deed.text == ENTRIES[1].what
    assert result.gaps == ()
    assert told.ref == "journal 7"


def test_what_somebody_else_said_is_never_drafted_as_ones_own():
    said = work("journal 1", DAY, "Fixed the login", result="in 3 days", said_by="Mira")
    assert bullets(record((said,))) == []
    assert stories(record((said,))) == []


def test_stories_are_only_told_of_what_had_a_result():
    assert {one.ref for one in stories(record())} == {
        "journal 7",
        "journal 11",
        "journal 19",
        "journal 21",
        "journal 22",
    }


@given(what=st.text(max_size=80), result=st.text(max_size=80))
def test_no_word_is_drafted_that_was_not_written_but_for_a_verbs_past(what, result):
    from bot.record.letters import seen
    from bot.record.verbs import PAST

    drafted = bullet(Entry(Chapter.WORK, "journal 1", DAY, seen(what), result=seen(result)))
    if drafted is None:
        return
    written = seen(f"{what} {result}").lower()
    for word in drafted.text.lower().replace("–", " ").split():
        assert word.rstrip("….") in written or word in PAST
