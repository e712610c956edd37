"""Rows copied from a spreadsheet are read one by one; a wrong one spoils no other."""

from datetime import date

import pytest

from bot.errors import Refusal
from cogs.opportunities.model import MOST_ROWS
from cogs.opportunities.rows import read_rows

TODAY = date(2026, 3, 2)


def test_the_link_is_found_wherever_it_stands():
    text = "Robots\tIntern\tToronto, ON; Remote\t1 Apr\tSummer 2026\thttps://a.example/1"
    (row,) = read_rows(text, TODAY)
    entry = row.sound.entry
    assert (entry.company_name, entry.title, entry.url) == (
        "Robots",
        "Intern",
        "https://a.example/1",
    )
    assert entry.locations == ("Toronto, ON", "Remote")
    assert entry.deadline_on == date(2026, 4, 1)
    assert entry.terms == ("Summer 2026",)


def test_a_first_line_names_the_columns():
    text = "Role,Company,Apply,Visa\nIntern,Robots,https://a.example/1,Offers Sponsorship"
    (row,) = read_rows(text, TODAY)
    assert row.sound.entry.title == "Intern"
    assert row.sound.entry.sponsorship == "Offers Sponsorship"


def test_each_row_says_what_is_wrong_with_it():
    text = "\n".join(
        [
            "https://a.example/1\tRobots\tIntern",
            "https://a.example/2\tRobots\t",
            "\tRobots\tIntern",
            "http://10.0.0.1/x\tRobots\tIntern",
            "https://a.example/3\tRobots\tIntern\tBerlin\tnext fryday",
            "https://a.example/4\tRobots\tIntern\tBerlin\t2020-01-01",
            "https://A.example/1/?utm_source=x\tRobots\tIntern",
            "",
            "https://a.example/5\tRobots\tDesign Intern\t\trolling",
        ]
    )
    rows = read_rows(text, TODAY)
    errors = {row.number: row.error for row in rows if row.error}
    assert [row.number for row in rows if not row.error] == [1, 9]
    assert "title is missing" in errors[2]
    assert "link is missing" in errors[3]
    assert "network address" in errors[4]
    assert "could not read" in errors[5]
    assert "has passed" in errors[6]
    assert "row 1 again" in errors[7]


@pytest.mark.parametrize("text", ["", " \n\t\n", "link\tcompany\ttitle"])
def test_nothing_is_refused(text):
    with pytest.raises(Refusal):
        read_rows(text, TODAY)


def test_too_many_rows_are_refused():
    text = "\n".join(f"https://a.example/{n}\tRobots\tIntern" for n in range(MOST_ROWS + 1))
    with pytest.raises(Refusal, match="up to"):
        read_rows(text, TODAY)


def test_hidden_characters_and_endless_words_do_no_harm():
    text = f"https://a.example/1\tRo\u202eb\x07ots\t{'long ' * 300}"
    (row,) = read_rows(text, TODAY)
    assert row.sound.entry.company_name == "Robots"
    assert len(row.sound.entry.title) <= 200


def test_a_link_of_another_kind_is_named_as_the_trouble():
    (row,) = read_rows("ftp://jobs.example.com/3\tMistral Wind\tData Intern\tMarseille", TODAY)
    assert row.sound is None
    assert "https://" in row.error
