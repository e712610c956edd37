"""Column types that mean the same on SQLite (STRICT) and PostgreSQL."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

Id = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number that holds Discord's ids; SQLite's STRICT tables know no other word for it."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, kept as epoch seconds."""

    impl = Id
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Keep whole seconds."""
        return None if value is None else int(value.timestamp())

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Give an aware moment back."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


class Day(TypeDecorator[date]):
    """A calendar day without a zone, kept as ISO text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """Keep it as 2026-03-09."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> date | None:
        """Give the day back."""
        return None if value is None else date.fromisoformat(value)


class Wall(TypeDecorator[time]):
    """A time on somebody's wall, kept as HH:MM."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: time | None, dialect: Dialect) -> str | None:
        """Keep hours and minutes."""
        return None if value is None else value.strftime("%H:%M")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> time | None:
        """Give the time back."""
        return None if value is None else time.fromisoformat(value)


class Flag(TypeDecorator[bool]):
    """Yes or no, kept as 1 or 0."""

    impl = Id
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        """Keep a number."""
        return None if value is None else int(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> bool | None:
        """Give yes or no back."""
        return None if value is None else bool(value)


class Json(TypeDecorator[Any]):
    """Lists and dictionaries of plain values, kept as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        """Keep compact JSON with sorted keys."""
        return None if value is None else json.dumps(value, separators=(",", ":"), sort_keys=True)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:
        """Give the values back."""
        return None if value is None else json.loads(value)


class Word(TypeDecorator[StrEnum]):
    """One of the words of an enumeration, kept as text."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Keep the word, after checking that it is one of them."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> StrEnum | None:
        """Give the member of the enumeration back."""
        return None if value is None else self.words(value)


def word(name: str, words: type[StrEnum], **options: Any) -> Column[Any]:
    """Return a column for one of a few words; the database itself refuses any other."""
    options.setdefault("nullable", False)
    return Column(name, Word(words), **options)


def word_checks(items: Iterable[Any]) -> list[CheckConstraint]:
    """Return what makes the database refuse other words in these columns."""
    checks: list[CheckConstraint] = []
    for item in items:
        kind: Any = getattr(item, "type", None)
        if isinstance(kind, Word):
            allowed = ", ".join(f"'{one.value}'" for one in kind.words)
            checks.append(CheckConstraint(f"{item.name} IN ({allowed})", name=f"{item.name}_word"))
    return checks
