"""The house rules that no linter knows, as questions about a tree of files."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

Complaint = str
Rule = Callable[[Path], Iterator[Complaint]]

SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM"
    r"|CREATE\s+(TABLE|INDEX)|PRAGMA\s)",
    re.DOTALL,
)
SQL_ROOMS = ("bot/storage/", "bot/people/", "bot/delivery/", "bot/demo/home.py")
SQL_MODULES = {"sqlalchemy", "aiosqlite", "sqlite3", "alembic"}
ERRORS_ONLY = {"sqlalchemy.exc"}
DISCORD_ROOMS = ("bot/client.py", "bot/face/", "bot/demo/", "bot/operating/")
DISCORD_FREE = {"model.py", "service.py", "store.py"}
FORBIDDEN_NAMES = {
    "base",
    "common",
    "handler",
    "handlers",
    "helper",
    "helpers",
    "lib",
    "manager",
    "misc",
    "util",
    "utils",
}
CLOCK = "bot/clockwork/clock.py"
CLOCK_READERS = {"now", "utcnow", "today", "utcfromtimestamp"}
CLOCK_OWNERS = {"datetime", "date"}


def sql_only_in_stores(root: Path) -> Iterator[Complaint]:
    """SQL, as a library or as text, stands in stores and in the rooms that keep things."""
    for path, nodes in _sources(root, "bot", "cogs"):
        if path.startswith(SQL_ROOMS) or path.endswith(("/store.py", "_store.py")):
            continue
        for module in _imports(nodes):
            if module.split(".")[0] in SQL_MODULES and module not in ERRORS_ONLY:
                yield f"{path} imports {module}"
        for text in _texts(nodes):
            if SQL.search(text):
                yield f"{path} speaks SQL: {text[:40]!r}"


def discord_only_in_doors_and_views(root: Path) -> Iterator[Complaint]:
    """Nothing that decides or remembers knows Discord."""
    for path, nodes in _sources(root, "bot", "cogs"):
        if path.startswith(DISCORD_ROOMS) and path != "bot/face/words.py":
            continue
        if path.startswith("bot/delivery/") and not path.startswith(KNOWN_BY_SENDER):
            continue
        if path.startswith("cogs/") and path.rpartition("/")[2] not in DISCORD_FREE:
            continue
        for module in _imports(nodes):
            if module.split(".")[0] in {"discord", "simcord"}:
                yield f"{path} imports {module}"


KNOWN_BY_SENDER = (
    "bot/delivery/outbox.py",
    "bot/delivery/letters.py",
    "bot/delivery/schedules.py",
    "bot/delivery/budget.py",
    "bot/delivery/recipients.py",
)


def only_the_clock_knows_what_time_it_is(root: Path) -> Iterator[Complaint]:
    """Everything else is handed a clock, so that tests and the demo decide."""
    for path, nodes in _sources(root, "bot", "cogs"):
        if path == CLOCK:
            continue
        for node in nodes:
            if isinstance(node, ast.Attribute) and node.attr in CLOCK_READERS:
                owner = node.value
                name = owner.attr if isinstance(owner, ast.Attribute) else _name(owner)
                if name in CLOCK_OWNERS or (name == "utils" and node.attr == "utcnow"):
                    yield f"{path}:{node.lineno} reads the time"
            if isinstance(node, ast.Attribute) and (_name(node.value), node.attr) == (
                "time",
                "time",
            ):
                yield f"{path}:{node.lineno} reads the time"


def files_are_named_after_what_they_hold(root: Path) -> Iterator[Complaint]:
    """No drawer for odds and ends."""
    for folder in ("bot", "cogs", "tests", "benchmarks"):
        for path in sorted((root / folder).rglob("*")):
            named = path.suffix == ".py" or path.is_dir()
            if named and FORBIDDEN_NAMES & set(path.stem.split("_")):
                yield f"{path.relative_to(root)} does not say what it holds"


def features_wire_themselves_lazily(root: Path) -> Iterator[Complaint]:
    """A feature's `__init__` says what a member gets, and imports only inside `setup`."""
    for folder in sorted({file.parent for file in (root / "cogs").glob("*/*.py")}):
        file = folder / "__init__.py"
        if not file.is_file():
            yield f"cogs/{folder.name} has no __init__.py"
            continue
        tree = ast.parse(file.read_text("utf-8"))
        if not ast.get_docstring(tree):
            yield f"cogs/{folder.name} does not say what a member gets"
        if not any(isinstance(n, ast.AsyncFunctionDef) and n.name == "setup" for n in tree.body):
            yield f"cogs/{folder.name} has no setup"
        early = [module for node in tree.body for module in _imports_of(node)]
        if loaded := [module for module in early if module.startswith(("cogs", "discord"))]:
            yield f"cogs/{folder.name}/__init__.py imports {loaded} at module level"


def cogs_only_open_the_door(root: Path) -> Iterator[Complaint]:
    """A cog catches nothing and builds no card: errors and faces have their own places."""
    for path, nodes in _sources(root, "cogs"):
        if not path.endswith("/cog.py"):
            continue
        for node in nodes:
            if isinstance(node, ast.Try):
                yield f"{path}:{node.lineno} catches an error"
            if isinstance(node, ast.Attribute) and node.attr in {"Embed", "Container"}:
                yield f"{path}:{node.lineno} builds a card"


RULES: tuple[Rule, ...] = (
    sql_only_in_stores,
    discord_only_in_doors_and_views,
    only_the_clock_knows_what_time_it_is,
    files_are_named_after_what_they_hold,
    features_wire_themselves_lazily,
    cogs_only_open_the_door,
)


class _Source(NamedTuple):
    """A file's code, taken apart once for all the rules."""

    path: str
    nodes: tuple[ast.AST, ...]


def _sources(root: Path, *folders: str) -> Iterator[_Source]:
    return (source for source in _read(root) if source.path.startswith(folders))


@lru_cache(maxsize=1)
def _read(root: Path) -> tuple[_Source, ...]:
    files = [file for folder in ("bot", "cogs") for file in sorted((root / folder).rglob("*.py"))]
    return tuple(
        _Source(file.relative_to(root).as_posix(), tuple(ast.walk(ast.parse(file.read_bytes()))))
        for file in files
    )


def _imports(nodes: tuple[ast.AST, ...]) -> Iterator[str]:
    """Yield every module imported when the program runs, wherever the import stands."""
    for_types = {
        inner
        for node in nodes
        if isinstance(node, ast.If) and _name(node.test) == "TYPE_CHECKING"
        for branch in node.body
        for inner in ast.walk(branch)
    }
    for node in nodes:
        if node not in for_types:
            yield from _imports_of(node)


def _imports_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module


def _texts(nodes: tuple[ast.AST, ...]) -> Iterator[str]:
    """Yield every text that is not a docstring."""
    docstrings = {
        node.body[0].value
        for node in nodes
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes:
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and node not in docstrings:
            yield node.value


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""
