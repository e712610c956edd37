"""The house rules hold, and each of them notices when it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import ROOT
from tests.house import rules

BROKEN = {
    rules.sql_only_in_stores: [
        ("cogs/goals/service.py", "import sqlalchemy\n"),
        ("cogs/goals/views.py", "QUERY = 'SELECT * FROM goal'\n"),
        ("bot/face/look.py", "from sqlalchemy import select\n"),
    ],
    rules.discord_only_in_doors_and_views: [
        ("cogs/goals/service.py", "import discord\n"),
        ("cogs/goals/store.py", "def add():\n    from discord import ui\n"),
        ("bot/people/members.py", "import discord\n"),
        ("bot/delivery/outbox.py", "import discord\n"),
    ],
    rules.only_the_clock_knows_what_time_it_is: [
        ("cogs/goals/service.py", "from datetime import datetime\nNOW = datetime.now()\n"),
        ("bot/people/members.py", "import datetime\nNOW = datetime.datetime.now\n"),
        ("bot/delivery/outbox.py", "import time\nNOW = time.time()\n"),
        ("cogs/goals/views.py", "from datetime import date\nTODAY = date.today()\n"),
        ("cogs/goals/jobs.py", "import discord\nNOW = discord.utils.utcnow()\n"),
    ],
    rules.files_are_named_after_what_they_hold: [
        ("bot/utils.py", ""),
        ("cogs/goals/date_helpers.py", ""),
        ("tests/common/test_x.py", ""),
    ],
    rules.features_wire_themselves_lazily: [
        ("cogs/goals/__init__.py", "async def setup(bot): ...\n"),
        ("cogs/goals/__init__.py", '"""Goals."""\n'),
        ("cogs/goals/__init__.py", '"""Goals."""\nimport discord\nasync def setup(bot): ...\n'),
        ("cogs/goals/cog.py", ""),
    ],
    rules.cogs_only_open_the_door: [
        ("cogs/goals/cog.py", "try:\n    pass\nexcept ValueError:\n    pass\n"),
        ("cogs/goals/cog.py", "import discord\nCARD = discord.Embed()\n"),
    ],
}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rule(rule: rules.Rule) -> None:
    assert not list(rule(ROOT))


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [(rule, path, text) for rule, cases in BROKEN.items() for path, text in cases],
    ids=lambda part: getattr(part, "__name__", None) or str(part)[:30].replace("\n", " "),
)
def test_a_broken_rule_is_noticed(rule: rules.Rule, path: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "cogs").mkdir()
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)

    complaints = list(rule(tmp_path))

    assert complaints


def test_every_rule_was_broken_once() -> None:
    assert set(BROKEN) == set(rules.RULES)


def test_what_decides_and_remembers_runs_without_discord() -> None:
    modules = ["bot.storage.tables", "bot.people.memberships", "bot.delivery.outbox", "bot.logs"]
    for file in sorted(ROOT.glob("cogs/*/*.py")):
        if file.name in {"service.py", "store.py", "model.py"}:
            modules.append(f"cogs.{file.parent.name}.{file.stem}")
    code = f"import sys\nimport {', '.join(modules)}\nsys.exit('discord' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert ran.returncode == 0, ran.stderr or "discord was imported"


UNDOCUMENTED = """
def greet(name: str) -> str:
    return f"Hello {name}"
"""


@pytest.mark.parametrize("path", ["bot/greeting.py", "cogs/goals/greeting.py"])
def test_a_public_thing_without_a_docstring_is_noticed(path: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(UNDOCUMENTED)

    ran = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert "D100" in ran.stdout
    assert "D103" in ran.stdout
