"""What the operator reads: one line for each thing that happened, and nobody's secrets in it.

Everything logs through the standard `logging`; this module only decides how a line looks and
takes out what must not stand there: tokens, keys, the ids and names of people, what they wrote.
"""

import logging
import re
import secrets
import sys
import traceback
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any, Final, Literal, TextIO

_INCIDENTS = logging.getLogger("stint.incident")

_HIDDEN: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"\b[\w-]{23,30}\.[\w-]{5,7}\.[\w-]{27,}"), "<token>"),
    (re.compile(r"\b((?:webhooks|interactions)/\d+)/[\w-]{20,}"), r"\1/<token>"),
    (re.compile(r"\b[\w-]{43}="), "<key>"),
    (re.compile(r"://[^/\s@]+@"), "://<login>@"),
    (re.compile(r"\[parameters: .*?\](?=\n|$)", re.DOTALL), "[parameters: <hidden>]"),
    (re.compile(r"\binput_value=.*?(?=, input_type=|\n|$)"), "input_value=<hidden>"),
    (
        re.compile(r"\b(name|global_name|display_name|nick)=('(?:[^'\\]|\\.)*'|\"[^\"]*\")"),
        r"\1=<hidden>",
    ),
    (re.compile(r"\b\d{17,20}\b"), "<id>"),
)


def scrub(text: str) -> str:
    """Return the text without tokens, keys, ids and names of people, and SQL values."""
    for pattern, stand_in in _HIDDEN:
        text = pattern.sub(stand_in, text)
    return text


def incident(doing: str, error: BaseException) -> str:
    """Write down a fault of ours; return the short id by which the operator finds the line."""
    number = secrets.token_hex(3)
    _INCIDENTS.error("Incident %s: %s", number, doing, exc_info=error)
    return number


class Lines(logging.StreamHandler[TextIO]):
    """Where our lines go; there is one of it in a process."""


def configure(
    style: Literal["text", "json"] = "text",
    *,
    hide: Iterable[str] = (),
    level: int = logging.INFO,
    stream: TextIO | None = None,
) -> None:
    """Send every log line of the process to standard error, in this style, scrubbed."""
    handler = Lines(stream or sys.stderr)
    handler.setFormatter(_formatter(style, [secret for secret in hide if secret]))
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, Lines)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(True)
    for loud in ("apscheduler", "aiosqlite", "alembic", "aiohttp.access"):
        logging.getLogger(loud).setLevel(logging.WARNING)


Event = MutableMapping[str, Any]


def _formatter(style: str, hide: list[str]) -> logging.Formatter:
    """Build the formatter: time, level and place, the sentence, its figures, the traceback."""
    structlog = _structlog()

    def scrubbed(_logger: Any, _method: str, event: Event) -> Event:
        for spare in ("message", "asctime"):  # left behind by other handlers
            event.pop(spare, None)
        for key, value in event.items():
            if isinstance(value, str):
                for secret in hide:
                    value = value.replace(secret, "<token>")
                event[key] = scrub(value)
            elif isinstance(value, int) and len(str(value)) >= 17:
                event[key] = "<id>"
        return event

    render: Callable[..., Any] = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if style == "json" else _line
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.ExtraAdder(),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(_traceback),
            scrubbed,
            render,
        ],
    )


def _structlog() -> Any:
    """Import structlog without rich, which it would load for tracebacks that we never draw."""
    spared = "rich" not in sys.modules
    if spared:
        sys.modules["rich"] = None  # type: ignore[assignment]
    try:
        import structlog
    finally:
        if spared:
            del sys.modules["rich"]
    return structlog


def _traceback(exc_info: Any) -> str:
    """Print where it happened; `scrub` takes out what was in people's hands."""
    return "".join(traceback.format_exception(*exc_info)).rstrip()


def _line(_logger: Any, _method: str, event: Event) -> str:
    """Write one event for people: `2026-01-05T09:00:00Z info delivery.sender  sent letters=3`."""
    head = f"{event.pop('timestamp')[:19]}Z {event.pop('level'):<7} {event.pop('logger')}"
    message = str(event.pop("event")).replace("\n", "\\n")
    broken = event.pop("exception", "")
    figures = "".join(f" {key}={value}" for key, value in event.items())
    return f"{head}  {message}{figures}" + (f"\n{broken}" if broken else "")
