"""Reading when, beside dateparser, parsedatetime and recurrent.

`pytest benchmarks/test_phrases.py -s` prints the table. All of them read the phrases of
`tests/bot/clockwork`: two sets written down before our grammar was, and two (`phrases_fresh.yaml`,
`phrases_widened.yaml`) written after its first form, tried once and then mended for; the sentences
that are no times grew the same way. A library that guesses where we ask is right if its guess is
one of the answers, and any hour will do where none is named; what cannot be, and what is no time,
must be refused. Our grammar was mended until those phrases were right, so the column that tells how
strangers fare is *unseen*: phrases written before the last mending and mended for nobody, though by
the same hand as the widened set. How often each is right is asserted; how long it takes is only
shown.
"""

import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.clockwork.grammar.find import find
from bot.clockwork.grammar.said import Impossible, NoTime
from bot.clockwork.recurrence import LAST, Daily, MonthDay, MonthWeekday, Weekdays
from bot.clockwork.when import Once, Repeating, read_when
from bot.errors import Refusal
from tests.bot.clockwork.phrase_tables import NOT_TIMES, cases

TABLES = ("phrases.yaml", "phrases_holdout.yaml", "phrases_fresh.yaml", "phrases_widened.yaml")
UNSEEN = "phrases_unseen.yaml"
NOW, ZONE = datetime(2026, 6, 10, 14, 30, tzinfo=UTC), "America/New_York"
MODULES = {
    "ours": "bot.clockwork.when",
    "dateparser": "dateparser",
    "parsedatetime": "parsedatetime",
    "recurrent": "recurrent",
}
OCCURRENCES = 4
KINDS = ("moments", "rules", "questions", "impossible", "no time")

Answer = list[list[datetime]]
"""What a phrase can mean: one moment, or the first few of a rule, each time; nothing is a no."""
Read = Callable[[str, datetime, str], Answer]


def ours(text: str, now: datetime, zone: str) -> Answer:
    try:
        meanings = read_when(text, now, zone)
    except Refusal:
        return []
    return [list(_moments(one, now, zone)) for one in meanings]


def _moments(one: Once | Repeating, now: datetime, zone: str) -> Iterator[datetime]:
    if isinstance(one, Once):
        yield one.at
        return
    for _n in range(OCCURRENCES):
        now = one.next(now, zone)
        yield now


def dateparser(text: str, now: datetime, zone: str) -> Answer:
    import dateparser as library

    found = library.parse(
        text,
        languages=["en"],
        settings={
            "RELATIVE_BASE": now.astimezone(ZoneInfo(zone)).replace(tzinfo=None),
            "PREFER_DATES_FROM": "future",
            "TIMEZONE": zone,
            "RETURN_AS_TIMEZONE_AWARE": True,
        },
    )
    return [[found.astimezone(UTC)]] if found else []


def parsedatetime(text: str, now: datetime, zone: str) -> Answer:
    import parsedatetime as library

    local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    found, status = library.Calendar().parseDT(text, sourceTime=local)
    return [[_aware(found, zone)]] if status else []


def recurrent(text: str, now: datetime, zone: str) -> Answer:
    from dateutil.rrule import rrulestr
    from recurrent.event_parser import RecurringEvent

    local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    found: Any = RecurringEvent(now_date=local).parse(text)
    if not found:
        return []
    if isinstance(found, datetime):
        return [[_aware(found, zone)]]
    if "INTERVAL=0" in found:
        return [[now]]  # taken for a rule, and no end to looking for its first moment
    rule: Any = rrulestr(found, dtstart=local.replace(second=0))
    times = [_aware(each, zone) for each in rule.xafter(local, count=OCCURRENCES)]
    return [times] if times else []


READERS: dict[str, Read] = {
    "ours": ours,
    "dateparser": dateparser,
    "parsedatetime": parsedatetime,
    "recurrent": recurrent,
}


def _aware(local: datetime, zone: str) -> datetime:
    return local.replace(tzinfo=ZoneInfo(zone), microsecond=0).astimezone(UTC)


def _meant(notation: str, now: datetime, home: str) -> list[datetime]:
    """The moments that a table's notation stands for."""
    words = notation.split(", next ")[0].split(" ")
    zone = words.pop() if "/" in words[-1] or words[-1] == "UTC" else home
    if len(words) == 2 and words[0][0].isdigit():
        return [_aware(datetime.fromisoformat(" ".join(words)), zone)]
    first = datetime.fromisoformat(notation.split(", next ")[1]).date()
    wall = clock.fromisoformat(words[-1])
    kind, _slash, every = words[0].partition("/")
    rule = _rule(kind, words[1:-1], {"at": wall, "anchor": first, "every": int(every or 1)})
    return list(_moments(Repeating(rule=rule, zone=zone), now, zone))


def _rule(kind: str, days: list[str], values: dict[str, Any]) -> Any:
    names = ["mo", "tu", "we", "th", "fr", "sa", "su"]
    if kind == "daily":
        return Daily(**values)
    if kind == "weekly":
        return Weekdays(days=tuple(names.index(day) for day in days[0].split(",")), **values)
    if days[0] == "last" or days[0].isdigit():
        return MonthDay(day=LAST if days[0] == "last" else int(days[0]), **values)
    return MonthWeekday(nth=int(days[0][:-2]), weekday=names.index(days[0][-2:]), **values)


def _kind(meant: str | list[str]) -> str:
    if isinstance(meant, list):
        return "questions"
    if meant == "no":
        return "impossible"
    return "moments" if meant[0].isdigit() else "rules"


def _right(read: Read, text: str, meant: str | list[str], now: datetime, zone: str) -> bool:
    answer = [
        [at.replace(second=0, microsecond=0) for at in one] for one in _tried(read, text, now, zone)
    ]
    if meant == "no":
        return not answer
    if isinstance(meant, list):
        wanted = [_meant(one, now, zone) for one in meant]
        return bool(answer) and any(one in wanted for one in answer)
    wanted = [_meant(meant, now, zone)]
    if answer and len(answer[0]) == 1 and _names_no_hour(text):
        return _days(answer, zone) == _days(wanted, zone)
    return answer == wanted


def _days(answer: Answer, zone: str) -> list[list[date]]:
    return [[at.astimezone(ZoneInfo(zone)).date() for at in one] for one in answer]


def _names_no_hour(text: str) -> bool:
    """Whether a phrase leaves the hour open: nine in the morning is a habit of ours, no truth."""
    try:
        said = find(text)[0]
    except (NoTime, Impossible):
        return False
    return not {"clock", "part", "amount"} & said.found


def _tried(read: Read, text: str, now: datetime, zone: str) -> Answer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return read(text, now, zone)
        except Exception:  # a library that breaks has not understood
            return []


def _scores(read: Read) -> dict[str, tuple[int, int]]:
    """How many of each kind a reader has right, and of how many."""
    found: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    for table in TABLES:
        for text, meant, now, zone in cases(table):
            found[_kind(meant)].append(_right(read, text, meant, now, zone))
    for text in NOT_TIMES:
        found["no time"].append(not _tried(read, text, NOW, ZONE))
    return {kind: (sum(each), len(each)) for kind, each in found.items()}


def _unseen(read: Read) -> str:
    right = [_right(read, *each) for each in cases(UNSEEN)]
    return f"{sum(right)} of {len(right)}"


def _micros(read: Read) -> float:
    """The usual microseconds a phrase takes, once everything is warm."""
    took: list[float] = []
    for text, _, now, zone in cases(TABLES[0]):
        _tried(read, text, now, zone)
        began = time.perf_counter()
        _tried(read, text, now, zone)
        took.append(time.perf_counter() - began)
    return median(took) * 1e6


def _import_ms(module: str) -> float:
    """What importing it adds to a fresh Python, in milliseconds: the best of three."""
    code = (
        "import time, pydantic; began = time.perf_counter();"
        f"import {module}; print(time.perf_counter() - began)"
    )
    runs = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _n in range(3)
    ]
    return min(runs) * 1e3


@pytest.fixture(scope="module")
def scores() -> dict[str, dict[str, tuple[int, int]]]:
    for module in ("dateparser", "parsedatetime", "recurrent"):
        pytest.importorskip(module)
    return {name: _scores(read) for name, read in READERS.items()}


def test_ours_is_right_most_often_and_never_takes_a_sentence_for_a_time(scores, capsys):
    with capsys.disabled():
        print("\n" + _table(scores))
    right = {name: sum(n for n, _of in each.values()) for name, each in scores.items()}
    asked = sum(of for _n, of in scores["ours"].values())
    mine = scores["ours"]
    assert mine["no time"][0] == mine["no time"][1]
    assert right["ours"] >= 0.95 * asked
    assert right["ours"] == max(right.values())


def test_days_keep_the_wall_clock_where_clocks_change(scores):
    before = datetime(2026, 3, 7, 15, 0, tzinfo=UTC)  # ten in New York, the day before summer time
    nine = datetime(2026, 3, 8, 13, 0, tzinfo=UTC)
    assert ours("tomorrow 9am", before, ZONE) == [[nine]]
    assert ours("in 24 hours", before, ZONE) == [[before + timedelta(hours=24)]]


def _table(scores: dict[str, dict[str, tuple[int, int]]]) -> str:
    head = [
        "",
        *(f"{kind} ({scores['ours'][kind][1]})" for kind in KINDS),
        "all",
        "unseen",
        "µs",
        "import ms",
    ]
    rows = [head, ["---"] * len(head)]
    for name, each in scores.items():
        total = sum(n for n, _of in each.values()) / sum(of for _n, of in each.values())
        cells = [str(each[kind][0]) for kind in KINDS]
        micros, loading = _micros(READERS[name]), _import_ms(MODULES[name])
        unseen = _unseen(READERS[name])
        rows.append([name, *cells, f"{total:.1%}", unseen, f"{micros:.0f}", f"{loading:.0f}"])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
