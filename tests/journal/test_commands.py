"""A journal as a member lives it: kept, changed, found again, deleted, brought back."""

from tests.conftest import words_of

ONE = {
    "what": "Made the import of invoices faster",
    "learned": "How to read a query plan",
    "result": "40 % faster for 12 teams",
    "skills": "SQL, profiling",
    "project": "Billing",
}


async def keep(world, person, answers=None, **options):
    asked = await person.slash(world.checkins, "journal add", **options)
    return await person.submit_modal(asked, {**ONE, **(answers or {})})


async def test_an_entry_is_kept_changed_found_deleted_and_brought_back(world):
    await world.join(world.ada)
    kept = await keep(world, world.ada)
    assert kept.ephemeral
    assert "Kept, for you alone" in words_of(kept)
    assert "40 % faster" in words_of(kept)

    await world.restart()
    form = await world.ada.click(kept.response, label="Edit")
    assert "How to read a query plan" in str(form.modal)
    changed = await world.ada.submit_modal(form, {**ONE, "what": "Made invoices arrive faster"})
    assert "Made invoices arrive faster" in words_of(changed)

    found = await world.ada.slash(world.checkins, "journal search", words="INVOICES")
    assert "1 entry with “INVOICES”" in words_of(found)
    assert "Made **invoices** arrive" in words_of(found)

    opened = await world.ada.click(found.response, label="Open")
    gone = await world.ada.click(opened.response, label="Delete")
    assert "You can bring it back until" in words_of(gone)
    nothing = await world.ada.slash(world.checkins, "journal search", words="invoices")
    assert "Nothing with “invoices”" in words_of(nothing)

    await world.restart()
    back = await world.ada.click(gone.response, label="Bring it back")
    assert "Made invoices arrive faster" in words_of(back)
    listed = await world.ada.slash(world.checkins, "journal list")
    assert "Your journal · 1 entry" in words_of(listed)


async def test_the_empty_journal_says_how_to_begin(world):
    await world.join(world.ada)
    listed = await world.ada.slash(world.checkins, "journal list")
    assert listed.ephemeral
    assert "Empty so far" in words_of(listed)
    form = await world.ada.click(listed.response, label="Add the first one")
    assert "No customer names, code or unreleased numbers." in str(form.modal)


async def test_skills_are_drawn_with_their_figures_in_words(world):
    await world.join(world.ada)
    await keep(world, world.ada)
    await keep(world, world.ada, {"skills": " sql ,Asking  early"})
    shown = await world.ada.slash(world.checkins, "journal skills")
    assert "**SQL** · 2 entries" in words_of(shown)
    assert "Dots for each week" in words_of(shown)
    assert shown.response.attachments[0].filename == "skills.png"
    listed = await world.ada.select(shown.response, ["1"], custom_id="journal.with_skill:1")
    assert "Where you used **SQL**" in words_of(listed)


async def test_a_message_is_kept_with_who_wrote_it_and_where_it_stands(world):
    await world.join(world.ada)
    said = await world.ben.send(world.checkins, "Your tests saved **us** on Friday @everyone")
    kept = await world.ada.context_menu(world.checkins, "Save to my journal", said)
    assert kept.ephemeral
    assert "Your tests saved" in words_of(kept)
    assert "Ben said that; they are not told" in words_of(kept)
    assert f"/{said.id}" in words_of(kept)
    assert "@everyone" not in words_of(kept)
    await world.ada.context_menu(world.checkins, "Save to my journal", said)
    listed = await world.ada.slash(world.checkins, "journal list")
    assert "1 entry" in words_of(listed)
