"""A journal as a member lives it: kept, changed, found again, deleted, brought back."""

from bot.face import look
from bot.people import memberships
from bot.people.memberships import Delivery, MemberState
from bot.people.users import Inbox
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


async def test_a_second_press_and_somebody_elses_are_answered_kindly(world):
    await world.join(world.ada)
    await world.join(world.ben)
    kept = await keep(world, world.ada)
    gone = await world.ada.click(kept.response, label="Undo")
    twice = await world.ada.slash(world.checkins, "journal delete", entry="1")
    assert "bring it back until" in words_of(gone)
    assert "bring it back until" in words_of(twice)
    refused = await world.ada.slash(world.checkins, "journal edit", entry="1")
    assert "Bring it back first" in words_of(refused)
    back = await world.ada.click(gone.response, label="Bring it back")
    again = await world.ada.click(twice.response, label="Bring it back")
    assert words_of(back) == words_of(again)
    for command in ("journal edit", "journal delete"):
        refused = await world.ben.slash(world.checkins, command, entry="1")
        assert "not yours" in words_of(refused)
        offered = await world.ben.autocomplete(world.checkins, command, "entry", "")
        assert offered == []
    offered = await world.ada.autocomplete(world.checkins, "journal edit", "entry", "INVOICES")
    assert offered == [{"name": "Made the import of invoices faster", "value": "1"}]
    assert "have not joined" in words_of(await keep(world, world.stranger))
    world.env.errors.clear()


async def test_details_kind_and_project_are_added_on_the_card(world):
    await world.join(world.ada)
    await keep(world, world.ada)
    kept = await keep(world, world.ada, {"project": "", "result": ""}, kind="coursework")
    assert "One thing that helps later: a number" in words_of(kept)
    form = await world.ada.click(kept.response, label="Add details")
    told = {"people": "Maya", "url": "git.example/ada", "on": "yesterday"}
    more = await world.ada.submit_modal(form, told)
    assert "Sunday 1 March 2026 · Coursework" in words_of(more)
    assert "With: Maya" in words_of(more)
    assert "https://git.example/ada" in words_of(more)
    kind = await world.ada.select(more.response, ["culture"], custom_id="journal.kind:2")
    assert "How things work here" in words_of(kind)
    moved = await world.ada.select(kind.response, ["3"], custom_id="journal.project:2")
    assert "Project: Billing" in words_of(moved)
    only = await world.ada.slash(world.checkins, "journal list", kind="culture")
    assert "Sunday 1 March 2026" in words_of(only)


async def test_what_was_typed_survives_a_refusal_and_a_restart(world):
    await world.join(world.ada)
    form = await world.ada.slash(world.checkins, "journal add", kind="coursework")
    refused = await world.ada.submit_modal(form, {**ONE, "skills": "a" * 61})
    assert "Put commas between" in words_of(refused)
    await world.restart()
    again = await world.ada.click(refused.response, label="Try again")
    assert "Made the import of invoices faster" in str(again.modal)
    assert "What did you work on?" in str(again.modal)
    kept = await world.ada.submit_modal(again, ONE)
    assert "Kept, for you alone" in words_of(kept)
    world.env.errors.clear()


async def test_long_lists_are_paged_and_filtered(world):
    await world.join(world.ada)
    for n in range(6):
        await keep(world, world.ada, {"what": f"Thing {n}", "project": "Search" if n else ""})
    listed = await world.ada.slash(world.checkins, "journal list")
    assert "Page 1 of 2" in words_of(listed)
    older = await world.ada.click(listed.response, label="Older")
    assert "Thing 0" in words_of(older)
    await world.restart()
    newer = await world.ada.click(older.response, label="Newer")
    assert "Thing 5" in words_of(newer)
    token = "1-all-0-0"
    culture = await world.ada.select(
        newer.response, ["culture"], custom_id=f"journal.only_kind:{token}"
    )
    assert "Nothing of this kind yet" in words_of(culture)
    found = await world.ada.slash(world.checkins, "journal search", words="thing")
    later = await world.ada.click(found.response, label="Older")
    assert "**Thing** 0" in words_of(later)


async def test_a_card_of_mine_can_be_kept_and_an_empty_message_cannot(world):
    await world.join(world.ada)
    listed = await world.ada.slash(world.checkins, "help")
    assert listed.ephemeral
    card = await world.in_bot(
        world.bot.get_channel(world.checkins.id).send(
            view=look.card("A *week*", "**Ship it** \\*really\\*")
        )
    )
    kept = await world.ada.context_menu(world.checkins, "Save to my journal", card)
    assert "A \\*week\\*" in words_of(kept)
    assert "said that" not in words_of(kept)
    picture = await world.ben.send(world.checkins, attachments=[("a.png", b"png")])
    refused = await world.ada.context_menu(world.checkins, "Save to my journal", picture)
    assert "no words in that message" in words_of(refused)
    world.env.errors.clear()


async def test_somebody_who_left_reads_their_journal_in_a_direct_message(world):
    member = await world.join(world.ada)
    await keep(world, world.ada)
    async with world.db.write() as tx:
        await memberships.change(tx, member.member_id, state=MemberState.LEFT)
    listed = await world.ada.user.slash("journal list")
    assert "Made the import of invoices faster" in words_of(listed)
    assert "Add\n" not in words_of(listed)
    opened = await world.ada.user.click(listed.response, label="Open")
    gone = await world.ada.user.click(opened.response, label="Delete")
    assert "bring it back until" in words_of(gone)


async def test_a_finished_goal_kudos_and_a_win_are_added_with_a_tap_and_once(world):
    reached = {"delivery": Delivery.DM, "inbox": Inbox.OPEN}
    await world.join(world.ada, **reached)
    await world.join(world.ben)
    asked = await world.ada.slash(world.checkins, "goal add", area="portfolio")
    goal = {"what": "A page for the parser", "measure": "", "target": "", "first_step": ""}
    await world.ada.submit_modal(asked, goal)
    done = await world.ada.slash(world.checkins, "goal done", goal="1")
    for _n in range(2):
        added = await world.ada.click(done.response, label="Add to my journal")
        assert "It is in your journal" in words_of(added)
    entry = await world.ada.click(added.response, label="Open it")
    assert "A page for the parser" in words_of(entry)
    assert "Personal project" in words_of(entry)

    await world.ben.slash(
        world.checkins, "kudos give", member=world.ada, **{"for": "the calm review"}
    )
    panel = await world.ada.slash(world.checkins, "me")
    kudos = await world.ada.click(panel.response, custom_id="kudos.read:1")
    for _n in range(2):
        added = await world.ada.click(kudos.response, label="Keep in my journal")
    entry = await world.ada.click(added.response, label="Open it")
    assert "Ben said that" in words_of(entry) or "ben said that" in words_of(entry)
    listed = await world.ada.slash(world.checkins, "journal list")
    assert "Your journal · 2 entries" in words_of(listed)


async def test_a_win_is_added_from_its_check_in_once_without_its_private_lines(world):
    await world.ask_weekly()
    await world.join(world.ada)
    form = await world.ada.slash(world.checkins, "checkin now")
    told = {"progress": "x", "win": "The filter is live\nprivate: I cried", "blocker": ""}
    saved = await world.ada.submit_modal(form, {**told, "focus": ""})
    await world.restart()
    for _n in range(2):
        added = await world.ada.click(saved.response, label="Add win to journal")
        assert "It is in your journal" in words_of(added)
    entry = await world.ada.click(added.response, label="Open it")
    assert "The filter is live" in words_of(entry)
    assert "I cried" not in words_of(entry)
    listed = await world.ada.slash(world.checkins, "journal list")
    assert "Your journal · 1 entry" in words_of(listed)
    week = await world.ada.slash(world.checkins, "week")
    assert words_of(week).count("The filter is live") == 1
    preview = await world.ada.click(saved.response, label="Share win…")
    assert "The filter is live" in words_of(preview)
    assert "I cried" not in words_of(preview)


async def test_feedback_is_kept_once_as_the_words_of_who_said_it(world):
    for person in (world.ada, world.ben):
        await world.join(person, delivery=Delivery.DM, inbox=Inbox.OPEN)
    form = await world.ben.slash(world.checkins, "feedback give", member=world.ada)
    said = {"happened": "The demo", "saw": "You showed the error first", "changed": "", "keep": ""}
    await world.ben.submit_modal(form, {**said, "focus": "Fewer slides"})
    listed = await world.ada.slash(world.checkins, "feedback list")
    opened = await world.ada.click(listed.response, label="Open")
    await world.restart()
    for _n in range(2):
        kept = await world.ada.click(opened.response, label="Keep in my journal")
    entry = await world.ada.click(kept.response, label="Open it")
    assert "ben said that" in words_of(entry).lower()
    listed = await world.ada.slash(world.checkins, "journal list")
    assert "Your journal · 1 entry" in words_of(listed)
    markdown = await world.ada.slash(world.checkins, "journal export", format="markdown")
    (file,) = markdown.response.attachments
    text = (await file.read()).decode()
    assert text.count("You showed the error first") == 1
