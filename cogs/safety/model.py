"""What a report is, and who reads it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

TEXT_LIMIT = 3000
BEGUN_KEPT_FOR = timedelta(days=7)
"""How long a report that was begun and never sent is kept."""

_PERSON = re.compile(r"-u(\d{15,20})$")


class What(StrEnum):
    """What somebody wants: to talk, something looked at, or no contact with a person."""

    TALK = "talk"
    CONTENT = "content"
    STOP = "stop"


class ReportState(StrEnum):
    """How far a report is."""

    BEGUN = "begun"
    SENT = "sent"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Report:
    """Something somebody brings to their cohort's named contacts.

    `readers` are the users who may read it, chosen by the person before sending. `other_id` is whom
    it is about, `subject` the card it came from ("intro-12"), if any. `names` are those of the two
    in the cohort, by user; Discord may not know how to show a mention to somebody on a phone.
    """

    report_id: int
    cohort_id: int
    user_id: int
    other_id: int | None
    what: What
    subject: str
    readers: tuple[int, ...]
    text: str
    state: ReportState
    at: datetime
    taken_by: int | None
    taken_at: datetime | None
    names: Mapping[int, str] = field(default_factory=dict[int, str])


@dataclass(frozen=True, slots=True)
class Stopped:
    """Somebody the person wants no contact with, by the name they had here."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What somebody sees before they send anything: who could read it, and whom it is about."""

    report: Report
    cohort_name: str
    contacts: tuple[int, ...]
    stopped: tuple[Stopped, ...]
    in_server: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """The reports that wait for one contact."""

    cohort_name: str
    reports: tuple[Report, ...]


def person_in(subject: str) -> int | None:
    """Return the user whom a card is about, where its button names them ("intro-12-u1234...")."""
    found = _PERSON.search(subject)
    return int(found[1]) if found else None
