"""What counts as wrong about a digest, from texts made by hand."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.demo import gazette
from bot.demo.gazette import Gazette, Week, due_at
from bot.demo.hands import Said
from bot.demo.plot import Did, Done

FIRST = """
## Spring interns · week 1
It is the first week for many of you.
### Worth doing this week
-# Pick one. One is enough.
- Find the tests
- Ask how you are evaluated
- Write the first page
### New openings
-# New since last week.
- **Halde Cycles – Backend Intern** · until 18 Mar · [look](<https://example.org/1>)
-# and 11 more: `/opportunity list`
### People who met
-# They made time for each other. The next round is open to you too.
- 2 introductions met.
-# See you next week."""


class Place:
    """Stands in for what a digest is read from."""

    news = None


def read(monkeypatch: pytest.MonkeyPatch, *said: Said) -> list[Week]:
    paper = Gazette.__new__(Gazette)
    paper.steps = []
    anything: Any = Place()
    paper._world = paper._company = anything

    def words_in(_world: object, _place: object) -> list[Said]:
        return list(said)

    monkeypatch.setattr(gazette, "words_in", words_in)
    return paper.weeks(1)


def wrong(found: list[Week], *done: Done) -> list[str]:
    paper = Gazette.__new__(Gazette)
    paper.steps = []
    world: Any = Place()
    world.now = lambda: datetime(2026, 5, 24, 12, tzinfo=UTC)
    paper._world = world
    return list(paper.mistakes(found, done))


def met(*hours: int) -> list[Done]:
    return [Done(datetime(2026, 3, 4, hour, tzinfo=UTC), "amara", Did.MET) for hour in hours]


def test_a_digest_is_taken_apart_as_it_is_read(monkeypatch: pytest.MonkeyPatch):
    (week,) = read(monkeypatch, Said(1, due_at(1), FIRST))

    assert week.opening == "It is the first week for many of you."
    assert week.count("Worth doing this week") == 3
    assert week.count("New openings") == 12
    assert week.sections["New openings"] == ("Halde Cycles – Backend Intern · until 18 Mar",)
    assert week.count("People who met") == 2
    assert "New openings (12): Halde Cycles" in gazette.told([week])


def test_a_faultless_digest_has_nothing_to_name(monkeypatch: pytest.MonkeyPatch):
    assert wrong(read(monkeypatch, Said(1, due_at(1), FIRST)), *met(10, 11)) == []


def test_a_meeting_that_is_not_told_is_named(monkeypatch: pytest.MonkeyPatch):
    found = wrong(read(monkeypatch, Said(1, due_at(1), FIRST)), *met(10, 11, 12))

    assert found == ["week 1: People who met 2, not 3"]


def test_a_digest_that_came_twice_late_or_not_at_all_is_named(monkeypatch: pytest.MonkeyPatch):
    once = Said(1, due_at(1), FIRST)
    late = Said(1, due_at(1).replace(minute=9), FIRST)

    assert wrong(read(monkeypatch, once, once), *met(1, 2)) == ["the digest of week 1 came 2 times"]
    assert wrong(read(monkeypatch, late), *met(1, 2)) == [
        "the digest of week 1 came at 06 Mar 21:09"
    ]
    assert wrong(read(monkeypatch)) == ["the digest of week 1 came 0 times"]


def test_a_skipped_digest_that_came_all_the_same_is_named():
    came = Week(gazette.SKIPPED, due_at(gazette.SKIPPED), 1, more=Counter[str]())

    assert wrong([came]) == ["the digest of week 8 was skipped, and came"]
