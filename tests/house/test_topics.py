"""Every topic Stint stands for has something to do, something to read, and a test."""

import ast
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from discord import app_commands

from bot.client import Stint
from bot.config import ROOT, Settings
from bot.knowledge.content import Subject
from bot.knowledge.packs import Packs
from bot.operating.rooms import features
from bot.storage.database import Database

COLUMNS = 4
CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    topic: str
    served_by: str
    guides: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def commands(self) -> list[str]:
        return [name[1:] for name in CODE.findall(self.served_by) if name.startswith("/")]


def rows() -> list[Row]:
    text = (ROOT / "docs" / "topics.md").read_text("utf-8")
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    assert all(len(cells) == COLUMNS for cells in lines)
    return [
        Row(topic.strip(), served, tuple(CODE.findall(guides)), tuple(CODE.findall(tests)))
        for topic, served, guides, tests in lines[2:]
    ]


@pytest.fixture
async def bot(settings: Settings, db: Database) -> AsyncIterator[Stint]:
    async with features(settings, db) as bot:
        yield bot


def test_there_is_a_row_for_each_topic_and_none_is_only_a_text() -> None:
    table = rows()

    assert len({row.topic for row in table}) == len(table) == len(Subject)
    assert all(row.commands and row.guides and row.tests for row in table)


async def test_every_command_in_the_table_is_there(bot: Stint) -> None:
    known = {command.qualified_name for command in bot.tree.walk_commands()}
    menus = {c.name for c in bot.tree.get_commands() if isinstance(c, app_commands.ContextMenu)}

    assert not {name for row in rows() for name in row.commands} - known
    assert "Save to my journal" in menus


def test_the_guides_of_a_row_are_about_its_topic(packs: Packs) -> None:
    for row, subject in zip(rows(), Subject, strict=True):
        assert [one for one in row.guides if subject in packs.guides[one].subjects] == [*row.guides]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.topic)
def test_the_tests_in_the_table_exist(row: Row) -> None:
    for name in row.tests:
        path, _colons, test = name.partition("::")
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        found = {
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert test in found, name
