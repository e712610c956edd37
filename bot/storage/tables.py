"""Every table there is, wherever it is declared."""

import importlib
import pkgutil

from sqlalchemy import MetaData

from bot.config import ROOT
from bot.storage.database import metadata

ROOMS = ("bot.people", "bot.delivery", "bot.storage")
NO_TABLES = ("migrate", "migrations", "sender")
"""What declares none, and would bring Alembic or Discord along."""


def everything() -> MetaData:
    """Return the metadata of the whole house, after importing every room and store."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for found in pkgutil.iter_modules(package.__path__):
            if found.name not in NO_TABLES:
                importlib.import_module(f"{room}.{found.name}")
    for found in pkgutil.iter_modules([str(ROOT / "cogs")]):
        if (ROOT / "cogs" / found.name / "store.py").exists():
            importlib.import_module(f"cogs.{found.name}.store")
    return metadata
