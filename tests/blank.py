"""Make an empty database from the metadata; stands in for the migrations while tables still move."""

import asyncio
import importlib
import pkgutil
import sys
from pathlib import Path

from bot.storage.database import engine, metadata

ROOT = Path(__file__).parent.parent


async def main(file: str) -> None:
    for package in ("bot", "cogs"):
        for found in pkgutil.walk_packages([str(ROOT / package)], package + "."):
            if found.name.split(".")[-1] in ("store",) or found.name.startswith(("bot.people", "bot.delivery", "bot.storage")):
                if "migrat" not in found.name and "__main__" not in found.name:
                    importlib.import_module(found.name)
    made = engine(f"sqlite+aiosqlite:///{file}")
    async with made.begin() as tx:
        await tx.run_sync(metadata.create_all)
        await tx.exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        await tx.exec_driver_sql("INSERT INTO alembic_version VALUES ('0002')")
    await made.dispose()


asyncio.run(main(sys.argv[1]))
