"""What a record holds: each thing once, in the order of time, and cut where it is too long."""

from dataclasses import replace
from datetime import date

from bot.people.record import Chapter
from bot.record.model import Form, halves, packed, told_once, unpacked
from tests.bot.record.material import entry, long_record, record, work

DAY = date(2026, 3, 5)


def test_a_win_that_was_kept_in_the_journal_is_told_once_in_the_journals_words():
    win = work("checkin 6", DAY, "Shipped it")
    kept = work("journal 9", DAY, "Shipped the filter", result="12 users", source="checkin 6")
    assert told_once((win, kept)) == (kept,)


def test_the_same_words_are_told_once_even_where_nobody_noted_their_source():
    win = work("checkin 6", DAY, "Shipped  it")
    kept = work("journal 9", DAY, "shipped it")
    assert told_once((win, kept)) == (kept,)


def test_kudos_kept_in_the_journal_stay_the_words_of_who_said_them():
    thanks = entry(Chapter.KUDOS, "kudos 3", DAY, "Thank you", said_by="Ben")
    kept = work("journal 9", DAY, "Thank you", source="kudos 3")
    assert told_once((thanks, kept)) == (thanks,)
    told_more = replace(kept, what="Helped Ben", result="1 build ran")
    assert set(told_once((thanks, told_more))) == {thanks, told_more}


def test_kept_words_of_somebody_else_stand_once_and_name_whom_the_place_they_came_from_names():
    thanks = entry(Chapter.KUDOS, "kudos 3", DAY, "Thank you", said_by="Somebody from Spring")
    kept = entry(
        Chapter.KUDOS, "journal 9", DAY, "Thank you", said_by="Ben", source="kudos 3",
        skills=("SQL",),
    )  # fmt: skip
    (told,) = told_once((thanks, kept))
    assert (told.ref, told.said_by, told.skills) == (
        "journal 9",
        "Somebody from Spring",
        ("SQL",),
    )


def test_a_goal_that_was_kept_as_it_was_stays_a_goal():
    goal = entry(Chapter.GOALS, "goal 3", DAY, "Ship it", result="live")
    kept = work("journal 9", DAY, "Ship it", source="goal 3")
    assert told_once((goal, kept)) == (goal,)
    told_more = replace(kept, result="12 users")
    assert told_once((goal, told_more)) == (told_more,)


def test_everything_stands_in_the_order_of_time():
    days = [one.on for one in record().entries]
    assert days == sorted(days)


def test_a_record_survives_the_way_to_the_printer():
    lines = list(packed(record(), Form.CSV, 99, "de"))
    assert unpacked(lines) == (record(), Form.CSV, 99, "de")


def test_a_record_is_cut_by_year_then_by_chapter_then_in_the_middle():
    years = halves(long_record(2000))
    assert [part.part for part in years] == ["2026", "2027"]
    chapters = halves(years[0])
    assert chapters[0].part == "2026-work"
    assert sum(len(part.entries) for part in chapters) == len(years[0].entries)
    middle = halves(chapters[0])
    assert [part.part for part in middle] == ["2026-work-1", "2026-work-2"]


def test_a_part_is_called_after_what_it_holds():
    assert record().filename(Form.PDF) == "stint-record-2026-05-22.pdf"
    part = replace(record(), part="2026")
    assert part.filename(Form.RESUME) == "stint-record-2026-05-22-2026-resume.json"
