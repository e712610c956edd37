"""Privacy as somebody lives it: read it, take it, end it."""

import io
import json
import zipfile

from bot.face.look import card, row
from bot.face.press import press
from bot.storage import whole
from tests.conftest import words_of


async def test_what_is_kept_and_who_reads_it_in_plain_words(world):
    await world.join(world.ada)
    shown = await world.ada.slash(world.checkins, "privacy show")
    assert shown.ephemeral
    assert "Who reads what" in words_of(shown)
    assert "Your membership of Spring" in words_of(shown)


async def test_a_stranger_reads_that_nothing_is_kept(world):
    shown = await world.stranger.slash(world.checkins, "privacy show")
    assert "Nothing. You have not joined" in words_of(shown)


async def test_the_file_holds_what_was_written(world):
    await world.join(world.ada)
    asked = await world.ada.slash(world.checkins, "goal add")
    goal = {"what": "Understand billing", "measure": "", "target": "", "first_step": ""}
    await world.ada.submit_modal(asked, goal)
    made = await world.ada.slash(world.checkins, "privacy export")
    (file,) = made.response.attachments
    with zipfile.ZipFile(io.BytesIO(await file.read())) as archive:
        data = json.loads(archive.read("record.json"))
    assert data["goals"][0]["what"] == "Understand billing"
    assert "Goals: 1" in words_of(made)


async def test_the_file_comes_in_direct_messages_too(world):
    await world.join(world.ada)
    made = await world.ada.user.slash("privacy export")
    assert made.response.attachments


async def test_a_life_in_the_cohort_leaves_nothing_behind(world, database_file, caplog):
    view = card("Spring", row(press("Join", "profile.join", world.cohort.cohort_id)))
    with world.env._bot_scope():
        await world.bot.get_channel(world.announcements.id).send(view=view)
    await world.env.settle()
    first = await world.ada.click(world.announcements.last_message, label="Join")
    second = await world.ada.click(first.response, label="Yes, 10:00")
    third = await world.ada.click(second.response, label="Direct message")
    await world.ada.click(third.response, label="Join")
    await world.tick()
    asked = await world.ada.slash(world.checkins, "profile edit")
    about = dict.fromkeys(("team", "company", "role", "interests"), "")
    await world.ada.submit_modal(asked, {**about, "learning": "Borrow checkers"})
    asked = await world.ada.slash(world.checkins, "goal add")
    goal = {"what": "Understand billing", "measure": "", "target": "", "first_step": ""}
    await world.ada.submit_modal(asked, goal)
    asked = await world.ada.slash(world.checkins, "goal add")
    await world.ada.submit_modal(asked, {**goal, "what": "Unsaved thought", "target": "never"})
    await world.ada.slash(world.checkins, "report", member=world.ben)

    asked = await world.ada.slash(world.checkins, "privacy delete")
    wrong = await world.ada.submit_modal(asked, {"word": "please"})
    assert "Nothing was deleted" in words_of(wrong)
    again = await world.ada.click(wrong.response, label="Try again")
    gone = await world.ada.submit_modal(again, {"word": "DELETE"})
    assert "Everything is deleted" in words_of(gone)

    async with world.db.read() as tx:
        left = [
            str(row)
            for name in whole.table_names()
            async for row in whole.rows_of(tx, name, with_private=True)
        ]
    raw = b"".join(file.read_bytes() for file in database_file.parent.glob("stint.db*"))
    for trace in (str(world.ada.id), "Borrow checkers", "Understand billing", "Unsaved thought"):
        assert not [row for row in left if trace in row]
        assert trace.encode() not in raw
    assert world.ada.id.to_bytes(8, "big") not in raw
    assert str(world.ada.id) not in caplog.text
    panel = await world.ada.slash(world.checkins, "me")
    assert "You have not joined yet" in words_of(panel)
    world.env.errors.clear()
