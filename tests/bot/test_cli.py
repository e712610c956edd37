"""What an operator types and reads: one line and an exit code where it cannot go on."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from discord.http import Route

from bot.cli import main
from bot.config import ROOT
from bot.storage.backup import back_up
from bot.storage.database import only_process
from bot.storage.upgrade import newest

TOKEN = "a-token-that-nobody-may-see"


class Machine:
    """An operator's machine: a folder for everything, and a terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "stint.db"
        self.key = folder / "stint.key"
        self.env_file = folder / ".env"
        self.settings = {
            "STINT_DATABASE_URL": f"sqlite:///{self.database}",
            "STINT_KEY_FILE": str(self.key),
            "STINT_DISCORD_API_BASE": "http://127.0.0.1:9/api",
        }

    def types(self, *command: object, answers: str | None = None) -> Result:
        return CliRunner().invoke(
            main,
            ["--env-file", str(self.env_file), *map(str, command)],
            input=answers,
            env={**dict.fromkeys(stint_variables()), **self.settings},
        )


def stint_variables() -> list[str]:
    return [name for name in os.environ if name.startswith("STINT_")]


@pytest.fixture(autouse=True)
def process_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command changes its whole process; here other tests come after it."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def at_work(machine: Machine, blank_database: Path) -> Machine:
    """A machine on which the bot has run before."""
    from bot.storage.sealed import make_key_file

    back_up(blank_database, machine.database)
    make_key_file(machine.key)
    return machine


def refused(result: Result, exit_code: int, *words: str) -> None:
    """It ended with this code and one readable line, without a traceback and without secrets."""
    assert result.exit_code == exit_code, result.output
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    for word in words:
        assert word in lines[0]
    assert "Traceback" not in result.output
    assert TOKEN not in result.output


def test_help_names_every_command(machine: Machine) -> None:
    shown = machine.types("--help").output

    assert len(main.commands) == 9
    for command in main.commands:
        assert f"  {command} " in shown


def test_starting_without_a_token_says_where_to_get_one(machine: Machine) -> None:
    refused(machine.types("run"), 78, "stint init")


def test_a_setting_that_makes_no_sense_is_named(machine: Machine) -> None:
    machine.settings |= {"STINT_TOKEN": TOKEN, "STINT_HEALTH_PORT": "eighty"}

    refused(machine.types("run"), 78, "STINT_HEALTH_PORT")


def test_an_unreachable_discord_is_not_a_fault_of_ours(machine: Machine) -> None:
    machine.settings["STINT_TOKEN"] = TOKEN

    refused(machine.types("init", answers=f"{TOKEN}\n"), 75, "cannot be reached")
    assert not machine.env_file.exists()


def test_a_second_process_on_the_same_database_is_refused(at_work: Machine) -> None:
    at_work.settings["STINT_TOKEN"] = TOKEN

    with only_process(f"sqlite+aiosqlite:///{at_work.database}"):
        result = at_work.types("run")

    assert result.exit_code == 75
    assert "Another Stint" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_database_from_the_future_is_refused_and_left_alone(at_work: Machine) -> None:
    at_work.settings["STINT_TOKEN"] = TOKEN
    execute(at_work.database, "UPDATE alembic_version SET version_num = '9999'")
    before = at_work.database.read_bytes()

    refused(at_work.types("run"), 78, "newer Stint", "9999", newest())
    refused(at_work.types("migrate"), 78, "newer Stint")

    assert at_work.database.read_bytes() == before


def test_a_backup_from_the_future_is_refused_and_the_database_stays(at_work: Machine) -> None:
    copy = back_up(at_work.database, at_work.folder / "copy.db")
    execute(copy, "UPDATE alembic_version SET version_num = '9999'")

    refused(at_work.types("restore", copy), 78, "newer Stint")
    assert at_work.types("migrate").exit_code == 0


def test_what_a_first_start_makes_is_its_owners_alone(machine: Machine) -> None:
    machine.settings["STINT_DATABASE_URL"] = f"sqlite:///{machine.folder}/new/stint.db"

    assert machine.types("migrate").exit_code == 0

    made = [machine.key, machine.folder / "new", *(machine.folder / "new").iterdir()]
    assert not [file for file in made if stat.S_IMODE(file.stat().st_mode) & 0o077]


def test_a_lost_key_is_asked_for_and_no_new_one_is_made(at_work: Machine) -> None:
    at_work.settings["STINT_TOKEN"] = TOKEN
    at_work.key.unlink()

    refused(at_work.types("run"), 78, str(at_work.key), "missing")
    assert not at_work.key.exists()


def test_a_key_file_with_something_else_in_it_is_refused(at_work: Machine) -> None:
    at_work.settings["STINT_TOKEN"] = TOKEN
    at_work.key.write_text("not a key at all")

    refused(at_work.types("run"), 78, str(at_work.key))


def test_the_key_of_another_installation_is_refused(at_work: Machine) -> None:
    from bot.storage.sealed import Keyring, make_key_file

    at_work.settings["STINT_TOKEN"] = TOKEN
    sealed = Keyring.open(at_work.key, create=False).seal("my diary")
    execute(
        at_work.database,
        "INSERT INTO draft (draft_id, user_id, form, subject, title, answers, at)"
        f" VALUES (1, 1, 'goals.add', '', 'New goal', '{sealed}', 1)",
    )
    at_work.key.unlink()
    make_key_file(at_work.key)

    refused(at_work.types("run"), 78, "does not belong")


def test_a_folder_that_cannot_be_written_is_named(machine: Machine) -> None:
    (machine.folder / "file").write_text("in the way")
    machine.settings |= {
        "STINT_TOKEN": TOKEN,
        "STINT_DATABASE_URL": f"sqlite:///{machine.folder}/file/stint.db",
    }

    refused(machine.types("run"), 78, str(machine.folder / "file"))


def test_a_damaged_database_is_told_in_one_line(at_work: Machine) -> None:
    at_work.settings["STINT_TOKEN"] = TOKEN
    at_work.database.write_bytes(b"\xff" * 40960)

    refused(at_work.types("run"), 78, "stint restore")


def test_a_full_disk_is_told_in_one_line_and_may_be_tried_again(tmp_path: Path) -> None:
    script = (
        "import sqlite3, sys\n"
        "from bot import cli\n"
        "@cli.main.command()\n"
        "def fill():\n"
        "    c = sqlite3.connect(sys.argv[2])\n"
        "    c.executescript('PRAGMA max_page_count=2; CREATE TABLE a (b)')\n"
        "    c.execute('INSERT INTO a VALUES (zeroblob(100000))')\n"
        "sys.argv[1:2] = ['fill']\n"
        "cli.main(['fill'])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, "x", str(tmp_path / "full.db")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 75
    assert "disk is full" in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1


def test_a_fault_of_ours_gets_an_incident_number(tmp_path: Path) -> None:
    script = (
        "from bot import cli\n"
        "@cli.main.command()\n"
        "def trip():\n"
        "    raise KeyError('123456789012345678')\n"
        "cli.main(['trip'])\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)

    assert ran.returncode == 70
    assert "see incident" in ran.stderr.splitlines()[-1]
    assert "123456789012345678" not in ran.stderr


def test_a_backup_is_put_back_and_never_holds_the_key(at_work: Machine) -> None:
    copy = at_work.folder / "copies" / "stint.db"

    made = at_work.types("backup", copy)
    execute(at_work.database, "CREATE TABLE later (x)")
    put_back = at_work.types("restore", copy)

    assert made.exit_code == put_back.exit_code == 0, put_back.output
    assert at_work.key.read_bytes().strip() not in copy.read_bytes()
    assert [file.name for file in copy.parent.iterdir()] == ["stint.db"]
    assert not tables(at_work.database) & {"later"}
    assert len(list(at_work.folder.glob("stint.db.before-*"))) == 1


def test_nothing_to_back_up_is_said_plainly(machine: Machine) -> None:
    refused(machine.types("backup", machine.folder / "x.db"), 78, "no database")


def test_an_export_holds_every_table_and_private_text_only_when_asked(at_work: Machine) -> None:
    from bot.storage.sealed import Keyring

    secret = Keyring.open(at_work.key, create=False).seal("my diary")
    execute(
        at_work.database,
        "INSERT INTO draft (draft_id, user_id, form, subject, title, answers, at)"
        f" VALUES (1, 1, 'goals.add', '', 'New goal', '{secret}', 1)",
    )

    plain = at_work.types("export", at_work.folder / "plain.zip")
    whole = at_work.types("export", at_work.folder / "whole.zip", "--with-private")

    assert plain.exit_code == whole.exit_code == 0, whole.output
    assert "my diary" not in everything_in(at_work.folder / "plain.zip")
    assert secret not in everything_in(at_work.folder / "plain.zip")
    assert "my diary" in everything_in(at_work.folder / "whole.zip")
    assert stat.S_IMODE((at_work.folder / "whole.zip").stat().st_mode) == 0o600
    with zipfile.ZipFile(at_work.folder / "plain.zip") as archive:
        named = {name.removesuffix(".json") for name in archive.namelist()}
        assert named - {"about"} == tables(at_work.database) - {"alembic_version"}
        for name in archive.namelist():
            json.loads(archive.read(name))


def test_a_person_is_forgotten_and_the_file_does_not_hold_them(at_work: Machine) -> None:
    execute(
        at_work.database,
        "INSERT INTO user (user_id, zone, created_at) VALUES (424242424242424242, 'Asia/Tokyo', 1)",
    )

    forgotten = at_work.types("erase", "424242424242424242", "--yes")
    again = at_work.types("erase", "424242424242424242", "--yes")

    assert forgotten.exit_code == 0, forgotten.output
    assert "Forgotten." in forgotten.output
    assert "Nothing was known" in again.output
    assert b"Asia/Tokyo" not in at_work.database.read_bytes()
    log = at_work.database.with_name("stint.db-wal")
    assert not log.exists() or b"Asia/Tokyo" not in log.read_bytes()


def test_forgetting_asks_first(at_work: Machine) -> None:
    asked = at_work.types("erase", "42", answers="n\n")

    assert asked.exit_code == 1
    assert "cannot be undone" in asked.output


def test_a_bot_that_never_ran_is_not_alive(at_work: Machine) -> None:
    refused(at_work.types("check", "--alive"), 1, "never run")


def test_a_bot_that_stopped_long_ago_is_not_alive(at_work: Machine) -> None:
    execute(at_work.database, "INSERT INTO heartbeat (name, at) VALUES ('bot', 1767600000)")

    refused(at_work.types("check", "--alive"), 1, "2026-01-05 08:00:00 UTC")


def test_a_check_says_what_to_mend(at_work: Machine) -> None:
    at_work.env_file.write_text("STINT_TOKNE=x\n")
    at_work.key.chmod(0o644)

    shown = at_work.types("check")

    assert shown.exit_code == 1
    assert "chmod 600" in shown.output
    assert "stint init" in shown.output
    assert "Traceback" not in shown.output


def execute(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


def tables(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        return {row[0] for row in rows}


def everything_in(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())
