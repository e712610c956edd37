"""Applications as a member lives them."""

from tests.conftest import words_of

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


async def test_smoke(world):
    await world.join(world.ada)
    saved = await add(world, world.ada)
    print(words_of(saved))
    listed = await world.ada.slash(world.checkins, "application list")
    print(words_of(listed))
    stats = await world.ada.slash(world.checkins, "application stats")
    print(words_of(stats))
