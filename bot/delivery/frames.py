"""What surrounds every automatic message: who may be pinged, how loudly, and why it came.

The button *Why did I get this?* carries the letter's number. It is also how the bot recognises
its own message when it is not sure whether it was sent.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.face.look import MOST_COMPONENTS
from bot.face.press import WHY
from bot.face.words import _

COMPONENTS_V2 = 1 << 15
SILENT = 1 << 12
MOST_MENTIONS = 100
DAY_OF_THREAD = 1440
WEEK_OF_THREAD = 10080
PRIVATE_THREAD = 12
FORUMS = (15, 16)
NEEDS_TAG = 1 << 4
MOST_TAGS = 20
"""Tags a forum can have."""
MOST_TAGS_OF_POST = 5
LONGEST_TAG = 20
FIRST_MOMENT = 1_420_070_400_000

Body = dict[str, Any]


def message(
    letter_id: int,
    components: list[Any],
    *,
    nonce: str,
    mentions: Sequence[int],
    silent: bool,
) -> Body:
    """Return the body of a new message."""
    return {
        "components": signed(components, letter_id),
        "flags": COMPONENTS_V2 | (SILENT if silent else 0),
        "allowed_mentions": _pinging(mentions),
        "nonce": nonce,
        "enforce_nonce": True,
    }


def change(letter_id: int, components: list[Any]) -> Body:
    """Return the body that changes a message, which pings nobody."""
    return {
        "components": signed(components, letter_id),
        "flags": COMPONENTS_V2,
        "allowed_mentions": _pinging([]),
    }


def thread(name: str) -> Body:
    """Return the body that opens a thread under a message."""
    return {"name": name[:100] or "…", "auto_archive_duration": DAY_OF_THREAD}


def room(name: str, letter_id: int, people: Sequence[int]) -> Body:
    """Return the body that opens a private thread, and who is let in once it is there.

    Its name ends with the letter's number: by that the bot recognises a room of its own.
    """
    mark = f" · {letter_id}"
    return {
        "name": (name[: 100 - len(mark)].rstrip() or "…") + mark,
        "type": PRIVATE_THREAD,
        "invitable": False,
        "auto_archive_duration": DAY_OF_THREAD,
        "people": list(people),
    }


def post(body: Body, name: str, tags: Sequence[str]) -> Body:
    """Return the body of a message that is a thread of its own where its channel is a forum."""
    wanted = dict.fromkeys(tag[:LONGEST_TAG].strip() for tag in tags)
    return {**body, "post": {"name": name[:100].strip() or "…", "tags": list(filter(None, wanted))}}


def only_message(body: Body) -> Body:
    """Return a post as a message for a channel that is no forum."""
    return {key: value for key, value in body.items() if key != "post"}


def forum_post(body: Body, tag_ids: Sequence[str]) -> Body:
    """Return a post as a forum takes it."""
    inside = ("components", "flags", "allowed_mentions")
    return {
        "name": body["post"]["name"],
        "auto_archive_duration": WEEK_OF_THREAD,
        "applied_tags": list(tag_ids),
        "message": {key: body[key] for key in inside},
    }


def tags_to_have(channel: Body, wanted: Sequence[str]) -> list[Body]:
    """Return all tags a forum should have, so that a post can bear those wanted as far as fits."""
    known: list[Body] = list(channel.get("available_tags") or [])
    names = {str(tag["name"]).casefold() for tag in known}
    new = [tag for tag in wanted[:MOST_TAGS_OF_POST] if tag.casefold() not in names]
    room = max(0, MOST_TAGS - len(known))
    bare = {"moderated": False, "emoji_id": None, "emoji_name": None}
    return [*known, *({"name": tag, **bare} for tag in new[:room])]


def tag_ids(channel: Body, wanted: Sequence[str]) -> list[str]:
    """Return the tags of a forum that a post bears: those wanted that everybody may use.

    Where a forum insists on a tag and none fits, its first one.
    """
    known: list[Body] = list(channel.get("available_tags") or [])
    free = [tag for tag in known if not tag.get("moderated")]
    by_name = {str(tag["name"]).casefold(): str(tag["id"]) for tag in free}
    found = [by_name[tag.casefold()] for tag in wanted if tag.casefold() in by_name]
    if not found and int(channel.get("flags") or 0) & NEEDS_TAG:
        found = list(by_name.values())[:1]
    return found[:MOST_TAGS_OF_POST]


def freeze(body: Body) -> str:
    """Return the body as text that stays the same at every attempt."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def thaw(payload: str) -> Body:
    """Return a frozen body."""
    return json.loads(payload)


def signed(components: list[Any], letter_id: int) -> list[Any]:
    """Return the components with *Why did I get this?* below, unless they have it or are full."""
    every = list(_walk(components))
    asks = any(str(part.get("custom_id", "")).startswith(f"{WHY}:") for part in every)
    if asks or len(every) + 2 > MOST_COMPONENTS:
        return components
    button = {
        "type": 2,
        "style": 2,
        "label": _("Why did I get this?"),
        "custom_id": f"{WHY}:{letter_id}",
    }
    return [*components, {"type": 1, "components": [button]}]


def is_ours(found: Body, letter_id: int, bot_id: int) -> bool:
    """Say whether a message in a channel's history is this letter."""
    if int(found["author"]["id"]) != bot_id:
        return False
    parts = _walk(found.get("components") or [])
    return any(part.get("custom_id") == f"{WHY}:{letter_id}" for part in parts)


def is_our_room(found: Body, name: str, channel_id: int, after: int, bot_id: int) -> bool:
    """Say whether a thread of a server is the room that a letter opened."""
    mine = int(found.get("owner_id") or 0) == bot_id and int(found["id"]) >= after
    return mine and found["name"] == name and int(found.get("parent_id") or 0) == channel_id


def snowflake(moment: datetime) -> int:
    """Return the smallest id that something of that moment can have on Discord."""
    return max(0, int(moment.timestamp() * 1000) - FIRST_MOMENT) << 22


def _walk(components: Sequence[Any]) -> Iterator[Body]:
    for part in components:
        yield part
        yield from _walk(part.get("components") or [])
        if part.get("accessory"):
            yield part["accessory"]


def _pinging(user_ids: Sequence[int]) -> Body:
    return {"parse": [], "users": [str(each) for each in user_ids[:MOST_MENTIONS]]}
