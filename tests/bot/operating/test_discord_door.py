"""Trying a token, inviting the bot and looking around, against a small Discord on this machine."""

import stat
from pathlib import Path

import discord
import pytest
from discord.http import Route
from pydantic import SecretStr

from bot.config import Settings
from bot.errors import CannotStart
from bot.operating.beginning import introduce, keep_token
from bot.operating.checks import look
from bot.operating.discord_door import PERMISSIONS, TO_CREATE, invite_link
from bot.storage.database import Database
from bot.storage.sealed import Keyring
from tests.conftest import FrozenClock, add_cohort
from tests.wire.server import Wire


@pytest.fixture
async def wire(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    server = Wire()
    await server.start()
    yield server
    await server.stop()


def with_token(wire: Wire, token: str) -> Settings:
    return Settings(_env_file=None, token=token, discord_api_base=wire.api)


async def test_a_good_token_leads_to_the_invite_link(wire: Wire) -> None:
    told = await introduce(with_token(wire, wire.world.token))

    assert any(f"client_id={wire.world.bot['id']}" in line for line in told)
    assert any("scope=bot+applications.commands" in line for line in told)
    assert "stint run" in told[-1]


async def test_a_wrong_token_is_told_in_one_line_without_the_token(wire: Wire) -> None:
    with pytest.raises(CannotStart, match="does not accept the token") as told:
        await introduce(with_token(wire, "wrong-token"))

    assert told.value.exit_code == 78
    assert "wrong-token" not in str(told.value)


async def test_a_check_names_the_permission_and_the_channel(
    wire: Wire, db: Database, settings: Settings, clock: FrozenClock
) -> None:
    guild_id = wire.world.add_guild()
    channel_id = wire.world.add_channel(guild_id, "check-ins")
    may = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
    may.create_public_threads = False
    for role in wire.world.guild(guild_id).roles.values():
        role["permissions"] = str(may.value)
    await add_cohort(db, guild_id, clock(), checkins_id=channel_id, staff_id=7)
    Keyring.open(settings.key_file, create=True)
    reached = settings.model_copy(
        update={"token": SecretStr(wire.world.token), "discord_api_base": wire.api}
    )

    told = [finding.text async for finding in look(reached) if "Spring" in finding.about]

    assert len(told) == 2
    assert "create public threads" in told[0]
    assert "#check-ins" in told[0]
    assert "staff" in told[1]
    assert "gone or hidden" in told[1]


def test_the_invite_link_asks_for_nine_permissions_and_never_for_all() -> None:
    plain, creating = invite_link(7), invite_link(7, *TO_CREATE)

    assert bits(plain).bit_count() == 9
    assert bits(creating).bit_count() == 11
    assert not bits(creating) & 0x8, "Administrator"


def bits(link: str) -> int:
    return int(link.partition("permissions=")[2].partition("&")[0])


def test_the_token_is_kept_for_its_owner_only_and_nothing_else_changes(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# mine\nSTINT_TOKEN=old\nSTINT_LOG_FORMAT=json\n")
    file.chmod(0o644)

    keep_token(file, "new")

    assert file.read_text() == "# mine\nSTINT_LOG_FORMAT=json\nSTINT_TOKEN=new\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]
