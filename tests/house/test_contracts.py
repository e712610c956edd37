"""Imports run as ARCHITECTURE.md draws them, and each contract notices when one does not."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.config import ROOT

NAMES = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
]

BREAKS = {
    "1": ("bot/client.py", "import cogs.sample.model"),
    "2": ("cogs/sample/views.py", "import cogs.sample.service"),
    "3": ("cogs/sample/model.py", "import cogs.second.model"),
    "4": ("bot/clockwork/clock.py", "import bot.people"),
    "5": ("bot/face/look.py", "import bot.delivery"),
    "6": ("bot/knowledge/packs.py", "import bot.people"),
    "7": ("cogs/sample/service.py", "import bot.face.look"),
    "8": ("cogs/sample/service.py", "import sqlalchemy"),
    "9": ("bot/record/brag.py", "import bot.storage.drafts"),
}


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=root,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copy_of_the_house(tmp_path: Path) -> Path:
    """The real tree with two small features in it that keep every contract."""
    ignore = shutil.ignore_patterns("__pycache__", "page")
    for folder in ("bot", "cogs"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for feature in ("sample", "second"):
        (tmp_path / "cogs" / feature).mkdir()
        for name in ("__init__", "model", "store", "service", "views", "cog", "jobs"):
            (tmp_path / "cogs" / feature / f"{name}.py").touch()
    return tmp_path


@pytest.mark.slow
def test_every_contract_is_kept_and_notices_when_it_is_broken(copy_of_the_house: Path) -> None:
    kept = lint(copy_of_the_house)
    assert kept.returncode == 0, kept.stdout + kept.stderr

    for path, line in BREAKS.values():
        file = copy_of_the_house / path
        file.write_text(f"{file.read_text()}\n{line}\n")
    broken = lint(copy_of_the_house)

    assert broken.returncode == 1
    assert re.findall(r"^(\d+)\. .* BROKEN\b", broken.stdout, re.MULTILINE) == list(BREAKS)


def test_every_contract_has_a_way_to_break_it() -> None:
    assert [name.partition(".")[0] for name in NAMES] == list(BREAKS)
