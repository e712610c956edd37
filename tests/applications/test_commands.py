"""Applications as a member lives them: keep one, move it, look back; nobody else sees a thing."""

import re

import pytest

from bot.storage.drafts import drafts
from cogs.applications.store import applications
from cogs.applications.views import moved_card
from tests.conftest import count, words_of

ONE = {
    "company": "Northwind",
    "title": "Data intern",
    "url": "https://jobs.northwind.example/7",
    "deadline": "",
    "note": "",
}


async def add(world, person, answers=None, **options):
    asked = await person.slash(world.checkins, "application add", **options)
    return await person.submit_modal(asked, {**ONE, **(answers or {})})


def file_of(result):
    message = result.response
    return message.attachments[0]


@pytest.fixture
async def here(world):
    await world.join(world.ada)
    await world.join(world.ben)
    return world


async def test_an_application_is_kept_moved_and_taken_back_across_restarts(here):
    saved = await add(here, here.ada, {"deadline": "2026-03-20"})
    assert saved.ephemeral
    assert "Saved, for you alone" in words_of(saved)
    assert "Deadline in 18 days" in words_of(saved)
    await here.restart()
    moved = await here.ada.select(saved.response, ["applied"], custom_id="applications.move:1")
    assert "Applied, today" in words_of(moved)
    await here.restart()
    undone = await here.ada.click(moved.response, label="Undo: back to Saved")
    assert "Saved, today" in words_of(undone)
    listed = await here.ada.click(undone.response, label="My applications")
    assert "Saved **1**" in words_of(listed)


async def test_the_empty_board_says_how_to_begin(here):
    listed = await here.ada.slash(here.checkins, "application list")
    assert listed.ephemeral
    assert "Nothing here yet" in words_of(listed)
    asked = await here.ada.click(listed.response, label="Add the first one")
    saved = await here.ada.submit_modal(asked, ONE)
    assert "Northwind" in words_of(saved)


async def test_moving_by_command_offers_what_is_there_and_takes_a_day(here):
    await add(here, here.ada, status="applied", on="2026-02-20")
    offered = await here.ada.autocomplete(here.checkins, "application move", "application", "data")
    assert offered == [{"name": "Northwind · Data intern (Applied)", "value": "1"}]
    moved = await here.ada.slash(
        here.checkins, "application move", application="1", to="interview", on="2026-02-27"
    )
    assert "20\u00a0Feb\u00a02026 · Applied" in words_of(moved)
    assert "27\u00a0Feb\u00a02026 · Interview" in words_of(moved)
    refused = await here.ada.slash(
        here.checkins, "application move", application="1", to="offer", on="2026-02-21"
    )
    assert "cannot be earlier" in words_of(refused)
    here.env.errors.clear()


async def test_what_was_typed_survives_a_refusal(here):
    refused = await add(here, here.ada, {"url": "javascript:alert(1)", "note": "from Kim"})
    assert "I cannot use that link" in words_of(refused)
    assert await count(here.db, drafts) == 1
    again = await here.ada.click(refused.response, label="Try again")
    assert "from Kim" in str(again.modal)
    assert await count(here.db, applications) == 0
    here.env.errors.clear()


async def test_nobody_else_presses_on_it_and_a_moderator_sees_nothing(here):
    saved = await add(here, here.ada, {"note": "salary talk"})
    await here.join(here.moderator)
    for other in (here.ben, here.moderator):
        moved = await other.slash(here.checkins, "application move", application="1", to="offer")
        assert "not yours" in words_of(moved)
        assert not await other.autocomplete(here.checkins, "application note", "application", "")
        listed = await other.slash(here.checkins, "application list")
        assert "Nothing here yet" in words_of(listed)
    status = await here.moderator.slash(here.staff, "cohort status")
    assert "Northwind" not in words_of(status)
    assert "application" not in words_of(status).lower()
    assert not here.checkins.history()
    assert "salary talk" in words_of(saved)
    here.env.errors.clear()


async def test_somebody_who_has_not_joined_is_told_how(here):
    refused = await add(here, here.stranger)
    assert "have not joined" in words_of(refused)
    here.env.errors.clear()


async def test_typed_text_cannot_ping_or_break_out_of_the_card(here):
    nasty = "@everyone ``` [free](https://e.example) <@1> \u202eevil"
    saved = await add(here, here.ada, {"company": nasty, "title": nasty, "note": nasty})
    listed = await here.ada.slash(here.checkins, "application list", text="free")
    lines = [line for line in words_of(listed).splitlines() if line.startswith("**")]
    for shown in (words_of(saved), "\n".join(lines)):
        assert "@everyone" not in shown
        assert "```" not in shown
        assert "<@1>" not in shown
        assert "\u202e" not in shown


async def test_notes_edits_and_an_interview_day_stand_on_the_card(here):
    saved = await add(here, here.ada, status="interview")
    asked = await here.ada.click(saved.response, label="When is the interview?")
    timed = await here.ada.submit_modal(asked, {"day": "2026-03-05", "wall": "14:30"})
    assert re.search(r"Interview: <t:\d+:F>", words_of(timed))
    asked = await here.ada.slash(here.checkins, "application note", application="1")
    noted = await here.ada.submit_modal(asked, {"text": "asks about SQL"})
    assert "asks about SQL" in words_of(noted)
    asked = await here.ada.click(noted.response, label="Edit")
    edited = await here.ada.submit_modal(asked, {**ONE, "title": "Data engineer intern"})
    assert "Data engineer intern" in words_of(edited)
    panel = await here.ada.slash(here.checkins, "me")
    assert re.search(r"Interview with Northwind: <t:\d+:F>", words_of(panel))
    assert "1 application under way" in words_of(panel)


async def test_removing_asks_first(here):
    saved = await add(here, here.ada)
    asked = await here.ada.click(saved.response, label="Remove…")
    assert "There is no way back" in words_of(asked)
    kept = await here.ada.click(asked.response, label="Keep it")
    asked = await here.ada.click(kept.response, label="Remove…")
    gone = await here.ada.click(asked.response, label="Remove it")
    assert "Northwind is removed" in words_of(gone)
    again = await here.ada.slash(here.checkins, "application move", application="1", to="offer")
    assert "it is gone" in words_of(again)
    here.env.errors.clear()


async def test_the_picture_says_everything_in_words_too(here):
    await add(here, here.ada, status="applied")
    await add(here, here.ada, {"title": "Other", "url": ""}, status="rejected")
    shown = await here.ada.slash(here.checkins, "application stats")
    assert shown.ephemeral
    words = words_of(shown)
    assert "**2** sent" in words
    assert "Under way **1** · Rejected **1**" in words
    assert "1 of 2 brought an answer" in words
    assert "Picture of bands" in words
    assert file_of(shown).filename == "applications.png"


async def test_a_table_comes_in_with_a_look_first_and_goes_out_again(here):
    table = (
        "Company;Title;Status;Since\r\n"
        "Northwind;Data intern;Applied;2026-02-20\r\n"
        "=cmd();Intern;Saved;\r\n"
        ";Nameless;;\r\n"
    )
    shown = await here.ada.slash(
        here.checkins, "application import", file=("mine.csv", table.encode("utf-16"))
    )
    assert shown.ephemeral
    assert "**2** rows are new" in words_of(shown)
    assert "Line 4: Which company?" in words_of(shown)
    assert await count(here.db, applications) == 0
    await here.restart()
    taken = await here.ada.click(shown.response, label="Add 2 applications")
    assert "2 applications added" in words_of(taken)
    handed = await here.ada.slash(here.checkins, "application export")
    assert handed.ephemeral
    assert file_of(handed).filename == "applications-2026-03-02.csv"
    undone = await here.ada.click(taken.response, label="Undo: take them out again")
    assert "2 applications taken out" in words_of(undone)
    assert await count(here.db, applications) == 0


async def test_a_file_that_is_no_table_or_too_large_is_refused_in_a_sentence(here):
    for name, content, words in (
        ("mine.xlsx", b"PK\x03\x04" + bytes(100), "whole workbook"),
        ("mine.csv", b"a,b\n1,2\n", "`company`, `title`"),
        ("mine.csv", b"x" * (1024 * 1024 + 1), "larger than 1 MB"),
    ):
        refused = await here.ada.slash(here.checkins, "application import", file=(name, content))
        assert words in words_of(refused)
    here.env.errors.clear()


async def test_a_board_of_300_is_paged_and_narrowed(here):
    rows = "".join(f"Company {n},Intern {n},Applied\n" for n in range(300))
    table = f"company,title,status\n{rows}"
    shown = await here.ada.slash(
        here.checkins, "application import", file=("mine.csv", table.encode())
    )
    await here.ada.click(shown.response, label="Add 300 applications")
    listed = await here.ada.slash(here.checkins, "application list")
    assert "Applied **300**" in words_of(listed)
    assert "Page 1 of 50" in words_of(listed)
    later = await here.ada.click(listed.response, label="Later")
    assert "Page 2 of 50" in words_of(later)
    narrowed = await here.ada.select(later.response, ["ended"], custom_id="applications.shelf:")
    assert "Nothing here at the moment" in words_of(narrowed)
    found = await here.ada.slash(here.checkins, "application list", text="Company 299")
    assert "Company 299" in words_of(found)
    assert "Page" not in words_of(found)


async def test_guides_are_a_press_away_and_lead_back(here):
    saved = await add(here, here.ada, status="offer")
    guide = await here.ada.click(saved.response, label="Guide: Reading an offer")
    assert "What should be in writing" in words_of(guide)
    assert "Sources:" in words_of(guide)
    back = await here.ada.click(guide.response, label="Back")
    assert "Northwind" in words_of(back)
    listed = await here.ada.slash(here.checkins, "application list")
    every = await here.ada.click(listed.response, label="Guides")
    for title in ("Finding openings", "portfolio", "Following up", "Résumé", "Reading an offer"):
        assert title.casefold() in words_of(every).casefold()


def test_a_button_from_before_the_shelf_still_leads_to_its_guide():
    old = str(moved_card("reading-an-offer", 7).to_components())

    assert "guides.read:reading-an-offer>applications.show:7" in old
    assert "guides.shelf:competition" in str(moved_card("", None).to_components())
