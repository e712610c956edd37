"""An opening is featured in a forum, answers are lost, and the process dies over it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.wire.home import Group, servers, settle
from tests.wire.payloads import FORUM
from tests.wire.process import BotProcess
from tests.wire.server import Wire

pytestmark = pytest.mark.slow

POSTING = r"^POST /channels/\d+/threads$"
OPENING = {
    "link": "https://jobs.example.com/robots",
    "company": "Robots Inc",
    "title": "Software Engineering Intern",
}


async def test_an_opening_stands_once_in_the_forum_though_its_process_died_over_it(
    wire: Wire, bot_process: BotProcess
) -> None:
    ((guild_id, channel_id),) = servers(wire, 1)
    forum_id = wire.world.add_channel(guild_id, "openings", FORUM)
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    await settle(bot_process.home, [Group(guild_id, channel_id, openings_id=forum_id)], later)
    moderator = wire.world.owner_of(guild_id)
    wire.weather.trouble("after", where=POSTING, times=1)

    await bot_process.up(STINT_FAILPOINT="after_room")
    form = wire.desk.slash(moderator, "post opportunity", None, guild_id)
    await wire.desk.answered(form)
    made = await wire.desk.answered(wire.desk.submit(form, OPENING), settled=True)
    wire.desk.press(moderator, int(made["message"]["id"]), "Feature it")
    died = await bot_process.exited()
    opened = list(wire.world.threads)
    await bot_process.up()
    await bot_process.until(lambda: len(wire.world.threads) == 1)
    stopped = await bot_process.stop()

    assert (died, stopped) == (137, 0)
    assert len(opened) == 2, "the library asked again after the lost answer"
    (post,) = wire.world.threads.values()
    assert post["parent_id"] == str(forum_id)
    assert post["name"] == "Robots Inc – Software Engineering Intern"
    assert len(wire.world.said(int(post["id"]))) == 1
    assert len(wire.world.ever_opened) == 2
