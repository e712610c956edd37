"""Reading the file a moderator saved from a spreadsheet: all of it, or a list of what to mend."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.clockwork.phrases import read_date
from bot.errors import Refusal
from bot.face.words import _, ngettext
from bot.people.roster import Entry, plain_username

MOST_ROWS = 5000
MOST_BYTES = 2 * 1024 * 1024
MOST_CELL = 200
COLUMNS = ("discord_id", "username", "name", "team", "role", "start", "end")
FORMULA = ("=", "+", "-", "@")
SHOWN_PROBLEMS = 12


class Unreadable(Refusal):
    """The file cannot be taken; `problems` names each one with its line."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join([_("Nothing was imported."), *_listed(problems)]))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the file says: its people, and the columns nobody asked for."""

    entries: tuple[Entry, ...]
    ignored: tuple[str, ...]


def _listed(problems: list[str]) -> Iterator[str]:
    for problem in problems[:SHOWN_PROBLEMS]:
        yield f"- {problem}"
    more = len(problems) - SHOWN_PROBLEMS
    if more > 0:
        yield ngettext("…and {n} more problem.", "…and {n} more problems.", more).format(n=more)


def read_sheet(content: bytes, today: date) -> Sheet:
    """Read a roster. Raises Unreadable with every problem and its line."""
    table = csv.reader(io.StringIO(_text(content), newline=""), delimiter=_delimiter(content))
    try:
        header = [cell.strip().lower() for cell in next(table, list[str]())]
        _check_header(header)
        lines = [(table.line_num, cells) for cells in table if any(map(str.strip, cells))]
    except csv.Error as error:
        where = _("Line {line}: this is not a table I can read. Save it as CSV again.")
        raise Unreadable([where.format(line=table.line_num)]) from error
    if len(lines) > MOST_ROWS:
        many = _("Line {line}: the file lists {n} people; I take up to {most}. Split it in two.")
        raise Unreadable([many.format(line=lines[MOST_ROWS][0], n=len(lines), most=MOST_ROWS)])
    if not lines:
        raise Unreadable([_("Line 2: there is nobody in the file, only the line with the names.")])
    entries = _people(header, lines, today)
    ignored = tuple(name for name in header if name and name not in COLUMNS)
    return Sheet(entries, ignored)


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable([_("Line 1: the file is saved as UTF-16. Save it as “CSV UTF-8”.")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        wrong = _("Line {line}: these letters are not UTF-8. Save the file as “CSV UTF-8”.")
        raise Unreadable([wrong.format(line=line)]) from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise Unreadable(
            [_("Line {line}: this is not a text file. Save it as CSV.").format(line=line)]
        )
    return text


def _delimiter(content: bytes) -> str:
    first = content.split(b"\n", 1)[0]
    return max((",", ";", "\t"), key=lambda mark: first.count(mark.encode()))


def _check_header(header: list[str]) -> None:
    problems: list[str] = []
    if "discord_id" not in header and "username" not in header:
        problems.append(
            _("Line 1: the column `discord_id` or `username` is missing; one of them is needed.")
        )
    dates = {"start", "end"}
    wanted = {"name", *(dates if dates & set(header) else ())}
    problems += [
        _("Line 1: the column `{column}` is missing.").format(column=column)
        for column in COLUMNS
        if column in wanted and column not in header
    ]
    problems += [
        _("Line 1: the column `{column}` is there twice.").format(column=column)
        for column in COLUMNS
        if header.count(column) > 1
    ]
    if problems:
        raise Unreadable(problems)


def _people(
    header: list[str], lines: list[tuple[int, list[str]]], today: date
) -> tuple[Entry, ...]:
    problems: list[str] = []
    entries: list[Entry] = []
    seen: dict[int | str, int] = {}
    for line, cells in lines:
        try:
            entry = _person(header, cells, today)
            for key in {entry.discord_id, entry.username} - {None}:
                assert key is not None
                if key in seen:
                    raise Refusal(
                        _("{name} is on line {other} already.").format(
                            name=entry.name, other=seen[key]
                        )
                    )
            seen.update(
                {key: line for key in (entry.discord_id, entry.username) if key is not None}
            )
            entries.append(entry)
        except Refusal as problem:
            problems.append(_("Line {line}: {problem}").format(line=line, problem=problem))
    if problems:
        raise Unreadable(problems)
    return tuple(entries)


def _person(header: list[str], cells: list[str], today: date) -> Entry:
    if len(cells) > len(header) and any(map(str.strip, cells[len(header) :])):
        raise Refusal(_("it has more cells than the first line. Look for a comma too many."))
    row = {column: cell.strip() for column, cell in zip(header, cells, strict=False)}
    for column in COLUMNS:
        _check_cell(column, row.get(column, ""))
    discord_id, username = _discord_id(row.get("discord_id", "")), row.get("username", "")
    if discord_id is None and not username:
        raise Refusal(_("it has neither a `discord_id` nor a `username`."))
    if not row.get("name"):
        raise Refusal(_("the `name` is empty."))
    starts_on, ends_on = _dates(row, today)
    return Entry(
        discord_id=discord_id,
        username=plain_username(username) or None,
        name=row["name"],
        team=row.get("team", ""),
        role=row.get("role", ""),
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _check_cell(column: str, cell: str) -> None:
    if cell.startswith(FORMULA):
        raise Refusal(
            _(
                "`{column}` starts with “{sign}” like a formula. Take that sign out; I keep "
                "nothing that a spreadsheet could run."
            ).format(column=column, sign=cell[0])
        )
    if len(cell) > MOST_CELL:
        raise Refusal(
            _("`{column}` is longer than {most} characters.").format(column=column, most=MOST_CELL)
        )
    if "\n" in cell or "\r" in cell:
        raise Refusal(_("`{column}` has a line break in it.").format(column=column))


def _discord_id(cell: str) -> int | None:
    if not cell:
        return None
    if cell.isascii() and cell.isdigit() and 15 <= len(cell) <= 20:
        number = int(cell)
        if number < 2**63:
            return number
    if "e+" in cell.lower():
        raise Refusal(
            _("the spreadsheet rounded the `discord_id`. Format that column as text and refill it.")
        )
    raise Refusal(_("`discord_id` is not a Discord id: 17 to 20 digits, nothing else."))


def _dates(row: Mapping[str, str], today: date) -> tuple[date | None, date | None]:
    start, end = row.get("start", ""), row.get("end", "")
    starts_on = read_date(start, today, nearest=True) if start else None
    ends_on = read_date(end, today, nearest=True) if end else None
    if starts_on and ends_on and ends_on < starts_on:
        raise Refusal(
            _("the end, {end}, is before the start, {start}.").format(
                end=ends_on.isoformat(), start=starts_on.isoformat()
            )
        )
    return starts_on, ends_on
