"""Migrate one SQLite file: `python -m bot.storage.migrate FILE`. A kill leaves it whole."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config

from bot.storage.database import metadata

MIGRATIONS = Path(__file__).with_name("migrations")


def config(file: Path) -> Config:
    """Return Alembic's settings for this file."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["file"] = file
    return made


def main() -> None:
    """Upgrade the file named on the command line to the newest revision."""
    made = config(Path(sys.argv[1]))
    made.attributes["metadata"] = metadata  # how things are named; to go up needs no tables
    command.upgrade(made, "head")


if __name__ == "__main__":
    main()
