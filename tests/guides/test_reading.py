"""Guides as people come to them: from what is worth doing, and from the help."""

from bot.knowledge.content import Subject
from cogs.guides import views
from cogs.guides.service import GuideService
from tests.conftest import words_of


async def test_each_thing_worth_doing_has_a_page_behind_it(world):
    await world.join(world.ada)
    panel = await world.ada.slash(world.checkins, "me")
    how = await world.ada.click(panel.response, label="How to do these")
    page = await world.ada.click(how.response, label="Read about 1")
    assert "Sources: " in words_of(page)


async def test_the_help_leads_to_topics_and_a_topic_to_its_guides(world):
    told = await world.ada.slash(world.checkins, "help")
    shelf = await world.ada.click(told.response, label="Guides")
    assert "two minutes" in words_of(shelf)
    await world.ada.select(shelf.response, ["finding"])
    page = await world.ada.click(shelf.response, custom_id="guides.read:finding-openings")
    assert "Sources: " in words_of(page)
    again = await world.ada.click(page.response, label="More guides")
    assert "Read" in words_of(again)


def test_every_guide_stands_on_a_shelf(packs):
    service = GuideService(packs)
    found: set[str] = set()
    for topic in service.shelf(None).topics:
        first = service.shelf(topic)
        for number in range(first.pages):
            found |= {guide.id for guide in service.shelf(topic, number).guides}
    assert found == set(packs.guides)


def test_every_topic_has_its_words():
    assert set(views.TOPICS) == set(Subject)


def test_a_page_that_is_not_there_is_the_nearest_one(packs):
    service = GuideService(packs)
    last = service.shelf(Subject.RECORD).pages - 1
    assert service.shelf(Subject.RECORD, 99).page == last
