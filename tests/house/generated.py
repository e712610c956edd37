"""Files that are made from the code, so that they cannot tell anything else.

`make fresh` compares them, `make docs` writes them anew.
"""

import asyncio
import difflib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from discord import app_commands
from sqlalchemy import create_engine, text

from bot.client import Stint
from bot.config import ROOT, Settings, env_example
from bot.operating.rooms import features
from bot.record.brag import composed
from bot.record.markdown import written
from bot.storage import sealed, tables
from bot.storage.database import Database
from bot.storage.sealed import Keyring
from tests.bot.record.material import record


def schema() -> str:
    """Write the whole database on one page, tables by name, each with its indexes."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        tables.everything().create_all(connection)
        rows = connection.execute(
            text(
                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL "
                "ORDER BY tbl_name, type = 'index', name"
            )
        )
        statements = [f"{tidy(row.sql)};" for row in rows]
    engine.dispose()
    return "-- Made from the code by `make docs`.\n\n" + "\n\n".join(statements) + "\n"


def tidy(statement: str) -> str:
    """Drop the blanks that SQLAlchemy leaves at the ends of lines."""
    return "\n".join(line.rstrip().replace("\t", "    ") for line in statement.splitlines()).strip()


def commands() -> str:
    """List every command with what it does."""
    return asyncio.run(_commands())


async def _commands() -> str:
    with tempfile.TemporaryDirectory() as folder:
        ring = Keyring.open(Path(folder) / "stint.key", create=True)
        sealed.use(ring)
        url = f"sqlite+aiosqlite:///{folder}/stint.db"
        async with Database.open(url, ring) as db:
            settings = Settings(_env_file=None, database_url=url)  # pyright: ignore[reportCallIssue]
            async with features(settings, db) as bot:
                return "\n".join(_list(bot)) + "\n"


def _list(bot: Stint) -> list[str]:
    lines = ["# Commands", "", "Everything personal is answered so that only you see it.", ""]
    lines += ["| command | does |", "|---|---|"]
    for command in sorted(bot.tree.walk_commands(), key=lambda one: one.qualified_name):
        if isinstance(command, app_commands.Command):
            options = "".join(
                f" {o.name}:" if o.required else f" [{o.name}:]" for o in command.parameters
            )
            lines.append(f"| `/{command.qualified_name}{options}` | {command.description} |")
    menus = [c for c in bot.tree.get_commands() if isinstance(c, app_commands.ContextMenu)]
    lines += [f"| *{menu.name}* (message or person menu) | |" for menu in menus]
    return lines


def record_example() -> str:
    """Write the record of somebody after twelve weeks, as they get it in Markdown."""
    return written(composed(record()))


GENERATED: dict[str, Callable[[], str]] = {
    ".env.example": env_example,
    "docs/schema.sql": schema,
    "docs/commands.md": commands,
    "docs/record-example.md": record_example,
}


def stale() -> list[str]:
    """Return a difference for each file that is not what the code would write."""
    found: list[str] = []
    for name, make in GENERATED.items():
        file = ROOT / name
        old = file.read_text("utf-8") if file.exists() else ""
        lines = difflib.unified_diff(
            old.splitlines(),
            make().splitlines(),
            f"{name} (as it is)",
            f"{name} (as it should be)",
            lineterm="",
        )
        if difference := "\n".join(list(lines)[:20]):
            found.append(difference)
    return found


def main() -> None:
    """Compare, or write with `--write`."""
    if "--write" in sys.argv:
        for name, make in GENERATED.items():
            (ROOT / name).parent.mkdir(exist_ok=True)
            (ROOT / name).write_text(make(), "utf-8")
        return
    if differences := stale():
        sys.exit("\n\n".join([*differences, "Run: make docs"]))


if __name__ == "__main__":
    main()
