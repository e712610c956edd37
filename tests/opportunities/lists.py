"""Lists of openings to bring in, and a web server that has one."""

import json
from typing import Any

from bot.people.caller import Caller
from tests.bot.fetching.hostile import Hostile, Writer, answer

MODERATOR = Caller(user_id=9, guild_id=500, name="Mo", manages_guild=True)
STRANGER = Caller(user_id=8, guild_id=500, name="Stranger")


def row(number: int, **fields: Any) -> dict[str, Any]:
    """One opening as the public lists write it."""
    return {
        "source": "Somebody",
        "company_name": f"Company {number}",
        "id": f"id-{number}",
        "title": f"Intern {number}",
        "active": True,
        "date_updated": 1772300000,
        "date_posted": 1772300000,
        "url": f"https://company{number}.example/jobs/{number}?utm_source=list",
        "locations": ["Toronto, ON"],
        "terms": ["Summer 2026"],
        "is_visible": True,
        "sponsorship": "Other",
        **fields,
    }


def as_list(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(rows).encode()


class Published:
    """A list on a server: what stands there can be edited, and asked for conditionally."""

    def __init__(self, server: Hostile, rows: list[dict[str, Any]], path: str = "/list") -> None:
        self.rows = rows
        self.asked = 0
        self.status = "200 OK"
        self.server = server
        self.path = path
        server.routes[path] = self._answer

    @property
    def url(self) -> str:
        return self.server.url(self.path)

    async def _answer(self, here: Hostile, writer: Writer, headers: dict[str, str]) -> None:
        self.asked += 1
        body = as_list(self.rows)
        mark = f'"{hash(body)}"'
        if self.status != "200 OK":
            writer.write(answer(b"", self.status))
        elif headers.get("if-none-match") == mark:
            writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {mark}\r\n\r\n".encode())
        else:
            writer.write(answer(body, ETag=mark))
