"""What somebody types finds what an opening says, however either is written."""

from typing import Any

import pytest

from cogs.opportunities.model import Entry, Filter
from cogs.opportunities.wording import split, wanted, words_of
from tests.opportunities.findable import fits


def opening(**values: Any) -> Entry:
    usual = {"company_name": "Acme", "title": "Software Engineer", "url": "https://acme.example/1"}
    return Entry(**{**usual, **values})


def finds(wish: Filter, **values: Any) -> bool:
    return fits(wish, opening(**values))


@pytest.mark.parametrize("typed", ["acme", "ACME", "soft", "engineer acme", "  eng   soft ", ""])
def test_beginnings_of_words_find_an_opening(typed: str) -> None:
    assert finds(Filter(text=typed))


@pytest.mark.parametrize("typed", ["cme", "ware", "acme nurse", "engineers", "%", "_", "'; --"])
def test_the_middle_of_a_word_and_signs_find_nothing_of_their_own(typed: str) -> None:
    found = finds(Filter(text=typed))
    assert found is (not split(typed))


def test_a_short_word_finds_only_what_begins_with_it() -> None:
    assert finds(Filter(text="ai"), title="AI Research Intern")
    assert not finds(Filter(text="ai"), title="Maintenance Trainee")


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("c++", "C++ Developer"),
        ("c#", "C# Developer"),
        ("resume", "Résumé Reviewer"),
        ("Zürich", "Werkstudent Zurich"),
        ("phd", "Ph.D. Intern"),
        ("us", "U.S. Analyst"),
        ("mens", "Men’s Apparel Intern"),
        ("ソフト", "ソフトウェア エンジニア"),
    ],
)
def test_signs_and_accents_do_not_hide_an_opening(typed: str, title: str) -> None:
    assert finds(Filter(text=typed), title=title)


def test_c_plus_plus_is_not_every_c() -> None:
    assert not finds(Filter(text="c++"), title="C Developer")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("new york", "NYC"),
        ("NYC", "New York, NY"),
        ("usa", "Remote in United States"),
        ("U.S.", "Remote in USA"),
        ("toronto", "Toronto, ON, Canada"),
        ("canada toronto", "Toronto, ON, Canada"),
    ],
)
def test_a_place_is_found_by_its_long_and_its_short_name(asked: str, told: str) -> None:
    assert finds(Filter(place=asked), locations=(told,))


def test_a_place_in_the_title_is_no_place_to_work_but_typed_words_look_everywhere() -> None:
    assert not finds(Filter(place="paris"), title="Paris Metro Analyst", locations=("London",))
    assert finds(Filter(text="london analyst"), title="Analyst", locations=("London",))


def test_remote_is_what_one_of_the_places_says() -> None:
    assert finds(Filter(remote=True), locations=("London", "Remote in UK"))
    assert not finds(Filter(remote=True), locations=("London",))
    assert not finds(Filter(remote=True), title="Remote Sensing Intern", locations=("London",))


@pytest.mark.parametrize(
    ("wish", "values"),
    [
        (Filter(term="summer 2026"), {"terms": ("Fall 2026", "Summer 2026")}),
        (Filter(term="Summer"), {"terms": ("Summer-2026",)}),
        (Filter(category="data & ai"), {"category": "Data & AI"}),
        (Filter(sponsorship="Offers Sponsorship"), {"sponsorship": "Offers Sponsorship"}),
        (Filter(degree="Bachelor's"), {"degrees": ("Bachelors",)}),
    ],
)
def test_what_is_asked_is_compared_without_signs(wish: Filter, values: dict[str, Any]) -> None:
    assert finds(wish, **values)
    assert not finds(wish)


def test_an_opening_that_offers_no_sponsorship_is_not_one_that_does() -> None:
    wish = Filter(sponsorship="Offers Sponsorship")
    assert not finds(wish, sponsorship="Does Not Offer Sponsorship")


def test_all_that_is_asked_has_to_hold() -> None:
    wish = Filter(text="engineer", place="toronto", remote=True)
    assert not finds(wish, locations=("Toronto, ON",))
    assert finds(wish, locations=("Toronto, ON", "Remote"))


def test_somebody_who_types_a_whole_page_is_not_searched_for_word_by_word() -> None:
    assert len(wanted(Filter(text="word " * 5000 + " ".join(map(str, range(500)))))) <= 12


def test_fifty_places_and_the_longest_words_stay_a_short_line() -> None:
    many = opening(locations=tuple(f"Town{n} Region{n} Country{n}" for n in range(50)))
    assert len(words_of(many)) < 6000
    assert finds(Filter(place="Town3"), locations=many.locations)


def test_nothing_that_is_looked_for_means_anything_to_the_database() -> None:
    beginnings = wanted(
        Filter("100% of_it", "a%b_c", "d%e_f", category="g%_", sponsorship="%", degree="_")
    )
    assert not any(sign in beginning for beginning in beginnings for sign in "%_'\"")
