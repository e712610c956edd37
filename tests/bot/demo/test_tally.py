"""The table of the headless demo: every member once a week, every column explained."""

from datetime import date

from bot.demo.tally import Fate, Line, mistakes, table, weeks_of

FIRST, SECOND = date(2026, 3, 2), date(2026, 3, 9)

LINES = [
    Line("Amara", FIRST, Fate.ANSWERED),
    Line("Jonas", FIRST, Fate.SILENT, nudged=True),
    Line("Omar", FIRST, Fate.UNDELIVERED, why="direct messages are closed"),
    Line("Amara", SECOND, Fate.LATE),
    Line("Jonas", SECOND, Fate.PAUSED),
    Line("Omar", SECOND, Fate.LEFT),
]


def test_the_table_has_a_row_for_each_week_and_a_sum():
    rows = table(weeks_of(LINES)).splitlines()

    assert [row.split()[:5] for row in rows[1:3]] == [
        ["1", "02", "Mar", "2", "1"],
        ["2", "09", "Mar", "1", "0"],
    ]
    assert rows[1].endswith("Omar: direct messages are closed")
    assert rows[-1].split() == ["sum", "3", "1", "1", "1", "1", "1", "1", "1"]


def test_lines_that_add_up_have_no_mistakes():
    assert mistakes(LINES, members=3) == []


def test_someone_missing_is_a_mistake():
    assert mistakes(LINES[:-1], members=3) == ["the week of 2026-03-09 speaks of 2 members, not 3"]


def test_someone_asked_twice_is_a_mistake():
    found = mistakes([*LINES, LINES[0]], members=3)

    assert found[0] == "Amara stands twice in the week of 2026-03-02"


def test_a_nudge_without_a_question_is_a_mistake():
    nudged = [Line("Omar", FIRST, Fate.PAUSED, nudged=True)]

    assert mistakes(nudged, members=1) == [
        "Omar was nudged in the week of 2026-03-02 without being asked"
    ]


def test_an_empty_story_still_has_a_table():
    assert table([]).splitlines()[-1].split() == ["sum", *["0"] * 8]
