"""Every command says what it does, and fits what Discord accepts."""

import json
from collections.abc import AsyncIterator

import pytest
from discord import app_commands

from bot.client import Stint
from bot.config import ROOT, Settings
from bot.operating.rooms import features
from bot.storage.database import Database

LONGEST = 8000
"""Characters that Discord allows a command: names, descriptions and choices of all its parts."""


@pytest.fixture
async def bot(settings: Settings, db: Database) -> AsyncIterator[Stint]:
    async with features(settings, db) as bot:
        yield bot


def every(bot: Stint) -> list[app_commands.Command]:
    return [c for c in bot.tree.walk_commands() if isinstance(c, app_commands.Command)]


async def test_every_command_and_option_says_what_it_does(bot: Stint) -> None:
    silent = [c.qualified_name for c in bot.tree.walk_commands() if len(c.description) < 4]
    silent += [
        f"{command.qualified_name} {option.name}"
        for command in every(bot)
        for option in command.parameters
        if len(option.description) < 4
    ]

    assert not silent


async def test_every_command_is_in_the_list_of_commands(bot: Stint) -> None:
    listed = (ROOT / "docs" / "commands.md").read_text("utf-8")

    assert not [c.qualified_name for c in every(bot) if f"`/{c.qualified_name}" not in listed]


async def test_names_are_lower_case_english(bot: Stint) -> None:
    for command in bot.tree.walk_commands():
        assert command.name.isascii()
        assert command.name == command.name.lower()


async def test_no_command_is_longer_than_discord_allows(bot: Stint) -> None:
    for command in bot.tree.get_commands():
        assert length(command.to_dict(bot.tree)) <= LONGEST, command.name


def length(part: object) -> int:
    """Count the characters that Discord counts."""
    if isinstance(part, list):
        return sum(map(length, part))
    if not isinstance(part, dict):
        return 0
    own = sum(len(str(part[key])) for key in ("name", "description", "value") if part.get(key))
    return own + sum(length(value) for value in part.values() if not isinstance(value, str))


async def test_every_command_survives_the_way_to_discord(bot: Stint) -> None:
    payload = [command.to_dict(bot.tree) for command in bot.tree.get_commands()]

    assert json.loads(json.dumps(payload)) == payload
