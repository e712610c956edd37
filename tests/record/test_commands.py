"""*Get my record* as somebody lives it: a PDF first, the other forms, after a restart too."""

import csv
import io
import json

import docx
import pypdf

from bot.face.look import card, row
from bot.face.press import press
from bot.people import memberships
from bot.people.memberships import MemberState
from bot.people.users import Inbox
from tests.conftest import words_of

GOAL = {"what": "Ship the search filter", "measure": "live by May", "target": "", "first_step": ""}


async def finished_goal(world):
    asked = await world.ada.slash(world.checkins, "goal add")
    added = await world.ada.submit_modal(asked, GOAL)
    kept = await world.ada.click(added.response, label="My goals")
    goal = await world.ada.click(kept.response, label="Open")
    return await world.ada.click(goal.response, label="Done")


async def standing(world, label, subject):
    """A card with that button where everybody sees it."""
    view = card("Spring", row(press(label, "record.get", subject)))
    with world.env._bot_scope():
        await world.bot.get_channel(world.announcements.id).send(view=view)
    await world.env.settle()
    return world.announcements.last_message


async def the_file(made):
    (file,) = made.response.attachments
    return file.filename, await file.read()


def text_of(pdf):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


async def test_from_the_panel_to_a_pdf_and_the_other_forms_behind_buttons(world):
    await world.join(world.ada)
    await finished_goal(world)
    panel = await world.ada.slash(world.checkins, "me")
    made = await world.ada.click(panel.response, label="Get my record")
    assert made.ephemeral
    name, content = await the_file(made)
    assert name == "stint-record-2026-03-02.pdf"
    assert "Ship the search filter" in text_of(content)
    assert "1 thing you did" in words_of(made)

    await world.restart()
    word = await world.ada.click(made.response, label="Word (DOCX)")
    assert word.ephemeral
    name, content = await the_file(word)
    assert name.endswith(".docx")
    lines = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    assert any("Ship the search filter" in line for line in lines)

    name, content = await the_file(await world.ada.click(word.response, label="Markdown"))
    assert "Ship the search filter" in content.decode()
    name, content = await the_file(await world.ada.click(word.response, label="JSON"))
    assert json.loads(content)["entries"][0]["what"] == "Ship the search filter"
    name, content = await the_file(await world.ada.click(word.response, label="JSON Résumé"))
    assert json.loads(content)["basics"]["name"] == "ada"
    name, content = await the_file(await world.ada.click(word.response, label="Table (CSV)"))
    assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) == 2
    assert not world.checkins.history()


async def test_pressed_again_it_is_the_record_of_now(world):
    await world.join(world.ada)
    panel = await world.ada.slash(world.checkins, "me")
    empty = await world.ada.click(panel.response, label="Get my record")
    assert "Nothing stands in it yet" in words_of(empty)
    assert "How to begin" in text_of((await the_file(empty))[1])
    await finished_goal(world)
    await world.restart()
    again = await world.ada.click(panel.response, label="Get my record")
    assert "Ship the search filter" in text_of((await the_file(again))[1])


async def test_somebody_elses_button_gives_nothing_of_theirs(world):
    await world.join(world.ada)
    await world.join(world.ben)
    await finished_goal(world)
    card_of_ada = await standing(world, "Markdown", f"markdown.{world.ada.id}")
    other = await world.ben.click(card_of_ada, label="Markdown")
    assert "somebody else's record" in words_of(other)
    assert not other.response.attachments
    world.env.errors.clear()


async def test_it_comes_in_direct_messages_and_after_leaving(world):
    member = await world.join(world.ada, inbox=Inbox.OPEN)
    await finished_goal(world)
    async with world.db.write() as tx:
        await memberships.change(
            tx, member.member_id, state=MemberState.LEFT, left_at=world.env.now()
        )
    panel = await world.ada.user.slash("me")
    assert "Your record is still here" in words_of(panel)
    made = await world.ada.user.click(panel.response, label="Get my record")
    assert "Ship the search filter" in text_of((await the_file(made))[1])


async def test_a_stranger_reads_that_there_is_none_yet(world):
    nothing = await world.stranger.click(
        await standing(world, "Get my record", ""), label="Get my record"
    )
    assert "There is no record of yours yet" in words_of(nothing)
    world.env.errors.clear()


async def test_a_card_that_stands_where_all_see_it_answers_each_alone_with_their_own(world):
    await world.join(world.ada)
    await world.join(world.ben)
    await finished_goal(world)
    everybodys = await standing(world, "Get my record", "")
    for person, told in ((world.ada, True), (world.ben, False)):
        made = await person.click(everybodys, label="Get my record")
        assert made.ephemeral
        assert ("Ship the search filter" in text_of((await the_file(made))[1])) is told
    assert len(world.announcements.history()) == 1


async def test_a_form_that_is_gone_says_so(world):
    await world.join(world.ada)
    for subject in ("papyrus", "pdf.x"):
        gone = await world.ada.click(await standing(world, "Old", subject), label="Old")
        assert "That form is gone" in words_of(gone)
    world.env.errors.clear()


async def test_the_panel_has_one_way_to_it(world):
    await world.join(world.ada)
    panel = await world.ada.slash(world.checkins, "me")
    assert words_of(panel).count("Get my record") == 1


async def test_the_journals_command_gives_the_form_that_was_asked_for(world):
    await world.join(world.ada)
    await finished_goal(world)
    plain = await world.ada.slash(world.checkins, "journal export")
    assert plain.ephemeral
    assert (await the_file(plain))[0].endswith(".pdf")
    chosen = await world.ada.slash(world.checkins, "journal export", format="markdown")
    assert "Ship the search filter" in (await the_file(chosen))[1].decode()
    in_private = await world.ada.user.slash("journal export", format="csv")
    assert (await the_file(in_private))[0].endswith(".csv")
