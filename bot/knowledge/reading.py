"""Reads pack files and says in plain words which file, which line and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

from pydantic import ValidationError

from bot.knowledge.content import KINDS, Known, Pack

ENDINGS = {".yaml", ".yml", ".md"}
LARGEST_FILE = 256 * 1024
FENCE = "---"

_WORDING = {
    "missing": "this is missing",
    "extra_forbidden": "nothing of this name belongs here",
    "string_type": "write text here (put it in quotes if it looks like a number or a yes/no)",
    "string_too_short": "this is empty",
    "too_short": "needs at least {min_length} entries and has {actual_length}",
    "tuple_type": "write a list here, one entry a line, each with a dash",
    "bool_parsing": "write true or false",
    "bool_type": "write true or false",
    "int_parsing": "write a whole number",
    "int_type": "write a whole number",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "enum": "choose one of {expected}",
    "model_type": "write names with their values here",
    "model_attributes_type": "write names with their values here",
}


class Problem(NamedTuple):
    """A mistake in a pack: the file, the place in it, and what to change."""

    file: Path
    place: str
    mistake: str

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else str(self.file)
        return f"{where}: {self.mistake}"


class Unreadable(Exception):
    """A pack that cannot be used, with every mistake in it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Sheet:
    """A pack's file as text, and where its YAML begins."""

    file: Path
    text: str

    def values(self) -> object:
        """What the file says, not yet checked against its kind."""
        if self.file.suffix == ".md":
            return self._with_body()
        return _parse(self.file, self.text)

    def line_of(self, place: tuple[int | str, ...]) -> int:
        """The line, counted from 1, on which this place of the YAML begins."""
        import yaml

        untyped: Any = yaml
        node = untyped.compose(self._front(), untyped.CSafeLoader)
        line = 1
        for step in place:
            node = _inside(node, step)
            if node is None:
                break
            line = node.start_mark.line + 1
        return line + (1 if self.file.suffix == ".md" else 0)

    def _front(self) -> str:
        return self._split()[0] if self.file.suffix == ".md" else self.text

    def _split(self) -> tuple[str, str]:
        first, _end, rest = self.text.partition("\n")
        front, fence, body = rest.partition(f"\n{FENCE}\n")
        if first.rstrip() != FENCE or not fence:
            raise Unreadable(
                Problem(self.file, "line 1", "start with a block between two lines of ---")
            )
        return front, body

    def _with_body(self) -> object:
        front, body = self._split()
        values = _parse(self.file, front, skipped_lines=1)
        if not isinstance(values, dict):
            return values
        return {**cast(dict[str, Any], values), "body": body}


def files_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each pack file of a folder with its kind, those first that others refer to."""
    for kind in KINDS:
        for file in sorted((folder / kind).glob("*")):
            if file.is_file() and not file.name.startswith("."):
                yield kind, file


def read(kind: str, file: Path, known: Known) -> Pack:
    """The pack in this file; `Unreadable` lists what to mend."""
    sheet = Sheet(file, _text_of(file))
    values = sheet.values()
    if not isinstance(values, dict):
        raise Unreadable(Problem(file, "line 1", "write names with their values here"))
    try:
        return KINDS[kind].model_validate(values, context=known)
    except ValidationError as error:
        raise Unreadable(*_problems(sheet, error)) from None


def _text_of(file: Path) -> str:
    if file.suffix not in ENDINGS:
        raise Unreadable(Problem(file, "", f"a pack's name ends in {', '.join(sorted(ENDINGS))}"))
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise Unreadable(Problem(file, "", f"a pack has at most {LARGEST_FILE // 1024} kB"))
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(Problem(file, "", "save this file as UTF-8")) from None
    except OSError as error:
        raise Unreadable(Problem(file, "", f"cannot be read ({error.strerror})")) from None


def _parse(file: Path, text: str, skipped_lines: int = 0) -> object:
    import yaml

    try:
        return yaml.load(text, yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1 + skipped_lines}" if mark else ""
        raise Unreadable(Problem(file, place, f"not valid YAML: {error.problem}")) from None
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable(Problem(file, "", f"not valid YAML: {error}")) from None


def _inside(node: Any, step: int | str) -> Any:
    value: object = node.value
    if not isinstance(value, list):
        return None
    inner = cast(list[Any], value)
    if isinstance(step, int):
        return inner[step] if step < len(inner) else None
    return next((held for key, held in inner if key.value == step), None)


def _problems(sheet: Sheet, error: ValidationError) -> Iterator[Problem]:
    mistakes = error.errors()
    for mistake in mistakes:
        path = mistake["loc"]
        inner = any(path == other["loc"][: len(path)] != other["loc"] for other in mistakes)
        if mistake["type"] == "too_short" and inner:
            continue  # its entries are there, only wrong
        place = " → ".join(f"entry {p + 1}" if isinstance(p, int) else p for p in path)
        at = f"line {sheet.line_of(path)}"
        yield Problem(sheet.file, f"{at} ({place})" if place else at, _worded(mistake))


def _worded(mistake: Any) -> str:
    if mistake["type"] == "string_too_long":
        longest, given = mistake["ctx"]["max_length"], mistake["input"].strip()
        return f"at most {longest} characters; this has {len(given)}"
    if mistake["type"] == "string_pattern_mismatch":
        return "use small letters, digits and dashes only, like first-week"
    if mistake["type"] == "value_error":
        return str(mistake["ctx"]["error"])
    wording = _WORDING.get(mistake["type"])
    return wording.format(**mistake.get("ctx", {})) if wording else mistake["msg"]
