"""The child process that reads a list somebody else wrote: `python -m cogs.opportunities.reader`.

What is hostile in a list meets a process that holds nothing: no secrets, bounded memory, bounded
time. It reads the file on standard input, and writes a line for each row: what can be applied to
first, then what is over, so that an opening that was posted anew is not mistaken for its old self.
"""

import argparse
import contextlib
import json
import os
import resource
import sys
import tempfile
from datetime import date
from typing import IO, Any, Final

from bot.errors import Refusal
from bot.face.words import _, set_spoken

from .fields import record_of
from .listings import Format, Item, Reading

MOST_MEMORY: Final = 512 * 1024 * 1024
MOST_SECONDS: Final = 60
POLITE: Final = 10
"""How far the reader stands back where the bot wants the processor too."""
LONGEST_ERROR: Final = 300
KEPT_IN_MEMORY: Final = 4 * 1024 * 1024


def line_of(item: Item, today: date) -> tuple[dict[str, Any], bool]:
    """Return what is told of a row, and whether it can be applied to."""
    if item.entry is None:
        return {"n": item.number, "error": item.error[:LONGEST_ERROR]}, True
    try:
        sound = item.entry.checked(today)
    except Refusal as error:
        return {"n": item.number, "error": str(error)[:LONGEST_ERROR]}, True
    told = {
        "n": item.number,
        "key": sound.canonical,
        "twin": sound.twin_key,
        "entry": record_of(sound.entry),
    }
    return told, sound.entry.active


def read(body: IO[bytes], out: IO[str], *, today: date, most: int, **known: Any) -> None:
    """Read a list and write its lines."""
    reading = Reading(body, today=today, most=most, **known)
    with tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY, "w+", encoding="utf-8") as later:
        for item in reading.items():
            told, stands = line_of(item, today)
            json.dump(told, out if stands else later)
            (out if stands else later).write("\n")
        later.seek(0)
        for line in later:
            out.write(line)
    end = {"drift": reading.drift.as_json(), "format": reading.format}
    out.write(json.dumps({"end": end}) + "\n")


def bound() -> None:
    """Take no more memory and time than a list may cost."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(POLITE)
    for what, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def main() -> None:
    """Read the list on standard input."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--today", type=date.fromisoformat, required=True)
    asked.add_argument("--most", type=int, required=True)
    asked.add_argument("--format", type=Format)
    asked.add_argument("--charset")
    asked.add_argument("--locale", default="en-US")
    chosen = asked.parse_args()
    set_spoken(chosen.locale)
    bound()
    os.lseek(sys.stdin.fileno(), 0, os.SEEK_SET)
    try:
        read(
            sys.stdin.buffer,
            sys.stdout,
            today=chosen.today,
            most=chosen.most,
            format=chosen.format,
            charset=chosen.charset,
        )
    except Refusal as error:
        told = {"refused": str(error)}
    except MemoryError:
        told = {"refused": _("The list needs more memory to read than I give it.")}
    except Exception as error:
        broken = f"{type(error).__name__}: {str(error)[:LONGEST_ERROR]}"
        told = {"refused": _("I could not read that list to its end."), "fault": broken}
    else:
        return
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
