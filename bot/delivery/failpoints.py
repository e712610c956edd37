"""Places where a test may end the process, to prove that nothing is lost or said twice there."""

import os
from collections import Counter

VARIABLE = "STINT_FAILPOINT"

_reached: Counter[str] = Counter()


def reach(name: str) -> None:
    """End the process here as kill -9 would, if a test asked for it.

    It asks with a name, `after_post`, or for the seventh time of it with `after_post:7`.
    """
    wanted, _colon, times = os.environ.get(VARIABLE, "").partition(":")
    if wanted == name:
        _reached[name] += 1
        if _reached[name] == int(times or 1):
            os._exit(137)
