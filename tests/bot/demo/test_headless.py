"""Whole weeks without a browser: asked at nine, brought together, answered; and figures agree."""

import pytest

from bot.demo import begin, gazette, growth, headless
from bot.demo.accounts import COLUMNS
from bot.demo.script import PLAYERS
from bot.demo.tally import ASKED


async def live(weeks: int) -> tuple[bool, list[str]]:
    said = list[str]()
    fine = await headless.live(weeks, said.append)
    return fine, said


def row(said: list[str], number: int) -> list[int]:
    """A row of the printed table: asked, answered, late, silent, nudged, paused, …"""
    cells = said[0].splitlines()[number].split()
    return [int(cell) for cell in cells[3:11]]


def people(said: list[str], number: int) -> list[int]:
    """A row of the second table: rounds, groups, re-matched, met, repeats, asked, given, …"""
    return [int(cell) for cell in said[1].strip("\n").splitlines()[number + 1].split()[1:]]


def openings(said: list[str], number: int) -> list[int]:
    """A row of the third table: posted, refused, reminded, three ways to close, applications."""
    return [int(cell) for cell in said[2].splitlines()[number + 1].split()[1:]]


def own(said: list[str], number: int) -> dict[str, int]:
    """A row of the fourth table: journal, reminders, cards and steps of one week, or their sum."""
    cells = said[3].splitlines()[number + 1].split()[1:]
    return dict(zip(growth.COLUMNS, map(int, cells), strict=True))


def digest(said: list[str], number: int) -> dict[str, int]:
    """A row of the fifth table: what the digest of one week told of, or their sum."""
    cells = said[4].splitlines()[number + 1].split()[1:]
    return dict(zip(("came", *gazette.SHORT.values()), map(int, cells), strict=True))


@pytest.mark.slow
async def test_twelve_weeks_add_up():
    fine, said = await live(12)

    assert [line for line in said if line.startswith("wrong")] == []
    assert fine
    for number in range(1, 13):
        fates = [player.fate_in(number) for player in PLAYERS]
        assert row(said, number)[0] == sum(fate in ASKED for fate in fates)
    assert said[0].count("Vera Novak: their account is gone") == 2
    assert "4 of which changed their clocks" in said[-6]
    assert "3 moves to another zone lost none and doubled none" in said[-6]
    total = dict(zip(COLUMNS, people(said, 13), strict=True))
    assert total["rounds"] == 6
    assert total["groups"] >= 36
    assert total["repeats"] == 0
    assert total["re-matched"] >= 1
    assert (total["asked"], total["given"], total["declined"], total["expired"]) == (11, 7, 2, 1)
    assert (total["unasked"], total["kudos"], total["shared"]) == (2, 8, 5)
    assert openings(said, 13) == [22, 4, 20, 1, 13, 5, 1, 0, 1, 0, 1, 1, 1]
    assert "of 3 pulses 2 were shown and 1 deleted unread" in said[-5]
    grown = own(said, 13)
    assert (grown["entries"], grown["answers"], grown["put off"]) == (11, 4, 2)
    assert (grown["people"], grown["steps"], grown["looks"]) == (2, 4, 3)
    assert grown["came"] >= 25
    assert grown["cards"] >= 50
    assert "both sides of the clock change and of two moves" in said[-3]
    assert [digest(said, number)["came"] for number in range(1, 13)] == [1] * 7 + [0] + [1] * 4
    assert (digest(said, 13)["wins"], digest(said, 13)["thanks"]) == (10, 4)
    assert "7 heard it by a direct message and 3 by a mention, each once" in said[-1]
    assert "From the moderators (1): Laptops that still misbehave" in said[5]
    assert "8  no digest: a moderator skipped it" in said[5]


def test_weeks_that_do_not_add_up_end_with_an_exit_code(monkeypatch: pytest.MonkeyPatch):
    async def amiss(_weeks: int, **_asked: object) -> bool:
        return False

    monkeypatch.setattr(headless, "live", amiss)

    with pytest.raises(SystemExit) as ended:
        begin(headless=True, weeks=1, port=0, open_browser=False)

    assert ended.value.code == 1
