"""Starts the wire server as a process of its own and steers it from outside."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]


class Remote:
    """A wire server elsewhere: `remote("world.add_guild", name="Interns")` does it there."""

    def __init__(self, port: int = 0) -> None:
        command = [sys.executable, "-m", "tests.wire.server", "--port", str(port)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.api: str = json.loads(self._process.stdout.readline())["api"]
        self._control = self.api.split("/api/")[0] + "/_control/"

    def __call__(self, verb: str, **arguments: Any) -> Any:
        request = urllib.request.Request(
            self._control + verb, json.dumps(arguments).encode(), method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{verb}: {error.read().decode()}") from None

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdout
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
