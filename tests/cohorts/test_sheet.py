"""Reading the file a moderator saved from a spreadsheet."""

from datetime import date

import pytest

from bot.errors import Refusal
from cogs.cohorts.sheet import MOST_ROWS, Unreadable, read_sheet

TODAY = date(2026, 3, 2)
HEAD = "discord_id,username,name,team,role,start,end\n"
ADA = "123456789012345678,ada,Ada Lovelace,Engines,intern,2026-03-02,2026-05-24\n"


def read(text, encoding="utf-8"):
    return read_sheet(text.encode(encoding), TODAY)


def test_a_whole_row_is_read():
    (ada,) = read(HEAD + ADA).entries
    assert (ada.discord_id, ada.username, ada.name) == (123456789012345678, "ada", "Ada Lovelace")
    assert (ada.team, ada.role) == ("Engines", "intern")
    assert (ada.starts_on, ada.ends_on) == (date(2026, 3, 2), date(2026, 5, 24))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_is_read_with_and_without_its_mark(encoding):
    (zoe,) = read("username,name\nzoe,Zoë Żak\n", encoding).entries
    assert zoe.name == "Zoë Żak"


def test_semicolons_and_capitals_in_the_header_are_forgiven():
    (ada,) = read("Username;Name;Team\r\nada;Ada;Engines\r\n").entries
    assert (ada.username, ada.team) == ("ada", "Engines")


def test_columns_nobody_asked_for_are_named_and_left_out():
    assert read("username,name,shoe size\nada,Ada,38\n").ignored == ("shoe size",)


def test_empty_lines_are_passed_over():
    assert len(read("username,name\n\nada,Ada\n,\nben,Ben\n").entries) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,team\nAda,x\n", "Line 1: the column `discord_id` or `username` is missing"),
        ("username,team\nada,x\n", "Line 1: the column `name` is missing"),
        ("username,name,start\nada,Ada,2026-03-02\n", "Line 1: the column `end` is missing"),
        ("username,username,name\na,b,c\n", "Line 1: the column `username` is there twice"),
        ("username,name\nada,Ada\nben,Ben\nada,Ada L\n", "Line 4: Ada L is on line 2 already"),
        ("username,name\nada,=HYPERLINK()\n", "Line 2: `name` starts with “=” like a formula"),
        ("username,name\nada,+1\n", "Line 2: `name` starts with “+”"),
        ("username,name\nada,-1\n", "Line 2: `name` starts with “-”"),
        ("username,name\n@ada,Ada\n", "Line 2: `username` starts with “@”"),
        ("username,name\nada,\n", "Line 2: the `name` is empty"),
        ("username,name\n,Ada\n", "Line 2: it has neither a `discord_id` nor a `username`"),
        ("discord_id,name\n12,Ada\n", "Line 2: `discord_id` is not a Discord id"),
        ("discord_id,name\n1.23E+17,Ada\n", "Line 2: the spreadsheet rounded the `discord_id`"),
        ("username,name,start,end\na,Ada,soonish,\n", "Line 2: "),
        ("username,name,start,end\na,Ada,2026-05-01,2026-04-01\n", "Line 2: the end, 2026-04-01"),
        ("username,name\n", "Line 2: there is nobody in the file"),
        ("", "Line 1: the column"),
        ("username,name\nada,Ada,more\n", "Line 2: it has more cells than the first line"),
    ],
)
def test_each_problem_is_named_with_its_line(text, said):
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert said in str(refused.value)
    assert str(refused.value).startswith("Nothing was imported.")


def test_every_problem_is_named_not_only_the_first():
    with pytest.raises(Unreadable) as refused:
        read("username,name\nada,=1\nben,\nada2,Ada\n")
    assert [problem[:7] for problem in refused.value.problems] == ["Line 2:", "Line 3:"]


def test_a_long_list_of_problems_is_cut_and_counted():
    with pytest.raises(Unreadable, match="…and 28 more problems"):
        read("username,name\n" + "".join(f"u{n},=1\n" for n in range(40)))


def test_five_thousand_people_are_taken_and_one_more_is_not():
    rows = [f"user{n},Name {n}\n" for n in range(MOST_ROWS + 1)]
    assert len(read("username,name\n" + "".join(rows[:-1])).entries) == MOST_ROWS
    with pytest.raises(Unreadable, match="Line 5002: the file lists 5001 people"):
        read("username,name\n" + "".join(rows))


def test_another_encoding_is_named_with_the_line_it_shows_on():
    with pytest.raises(Unreadable, match="Line 3: these letters are not UTF-8"):
        read("username,name\nada,Ada\nzoe,Zoë\n", "latin-1")
    with pytest.raises(Unreadable, match="Line 1: the file is saved as UTF-16"):
        read("username,name\nada,Ada\n", "utf-16")


def test_something_that_is_no_text_at_all_is_refused():
    with pytest.raises(Refusal, match="Line 1: this is not a text file"):
        read_sheet(b"PK\x03\x04\x00\x00", TODAY)
