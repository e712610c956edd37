"""What Discord's objects look like on the wire: pure builders of the dictionaries it sends."""

import time
from datetime import UTC, datetime
from typing import Any

Payload = dict[str, Any]

DISCORD_EPOCH = 1_420_070_400_000
EVERYTHING = (1 << 53) - 1

TEXT, DIRECT, CATEGORY, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = 0, 1, 4, 11, 12, 15
THREADS = {PUBLIC_THREAD, PRIVATE_THREAD}

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15


class Snowflakes:
    """Hands out Discord's ids: they carry the moment and never go back or repeat.

    Its clock may be `behind` ours by some seconds.
    """

    def __init__(self) -> None:
        self._last = 0
        self.behind = 0.0

    def __call__(self) -> int:
        now = int((time.time() - self.behind) * 1000) - DISCORD_EPOCH
        self._last = max(self._last + 1, now << 22)
        return self._last


def stamp(moment: float | None = None) -> str:
    """A moment as Discord writes it; now when none is given."""
    return datetime.fromtimestamp(time.time() if moment is None else moment, UTC).isoformat()


def user(user_id: int, name: str, *, bot: bool = False) -> Payload:
    return {
        "id": str(user_id),
        "username": name.lower().replace(" ", "."),
        "global_name": None if bot else name,
        "discriminator": "0",
        "avatar": None,
        "bot": bot,
        "public_flags": 0,
    }


def member(person: Payload, roles: list[int]) -> Payload:
    return {
        "user": person,
        "nick": None,
        "avatar": None,
        "roles": [str(role) for role in roles],
        "joined_at": "2026-01-05T09:00:00+00:00",
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def role(role_id: int, name: str, permissions: int, position: int) -> Payload:
    return {
        "id": str(role_id),
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": position,
        "permissions": str(permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def channel(channel_id: int, guild_id: int, name: str, kind: int, position: int) -> Payload:
    return {
        "id": str(channel_id),
        "type": kind,
        "guild_id": str(guild_id),
        "name": name,
        "position": position,
        "permission_overwrites": [],
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "parent_id": None,
        "last_message_id": None,
        "available_tags": [],
        "flags": 0,
    }


def direct_channel(channel_id: int, person: Payload) -> Payload:
    return {
        "id": str(channel_id),
        "type": DIRECT,
        "last_message_id": None,
        "flags": 0,
        "recipients": [person],
    }


def thread(thread_id: int, parent: Payload, name: str, kind: int, owner_id: int) -> Payload:
    return {
        "id": str(thread_id),
        "type": kind,
        "guild_id": parent["guild_id"],
        "parent_id": parent["id"],
        "owner_id": str(owner_id),
        "name": name,
        "message_count": 0,
        "total_message_sent": 0,
        "member_count": 1,
        "rate_limit_per_user": 0,
        "last_message_id": None,
        "applied_tags": [],
        "flags": 0,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": stamp(),
            "create_timestamp": stamp(),
            "locked": False,
            "invitable": True,
        },
    }


def guild(guild_id: int, name: str, owner_id: int) -> Payload:
    return {
        "id": str(guild_id),
        "name": name,
        "owner_id": str(owner_id),
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "description": None,
        "banner": None,
        "features": [],
        "emojis": [],
        "stickers": [],
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "preferred_locale": "en-US",
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "vanity_url_code": None,
        "max_members": 500_000,
        "application_id": None,
    }


def application(application_id: int, name: str, owner: Payload, bot: Payload) -> Payload:
    return {
        "id": str(application_id),
        "name": name,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 1 << 15,
        "owner": owner,
        "bot": bot,
        "team": None,
    }


def message(message_id: int, channel_id: int, author: Payload, body: Payload) -> Payload:
    return {
        "id": str(message_id),
        "channel_id": str(channel_id),
        "author": author,
        "content": body.get("content") or "",
        "timestamp": stamp(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": body.get("embeds") or [],
        "components": body.get("components") or [],
        "pinned": False,
        "type": 0,
        "flags": body.get("flags") or 0,
    }


def component_tree(components: list[Payload]) -> list[Payload]:
    """Every component of a message or form, parents before what they hold."""
    found: list[Payload] = []
    for each in components:
        found.append(each)
        found += component_tree(each.get("components") or [])
        held = [each[slot] for slot in ("component", "accessory") if each.get(slot)]
        found += component_tree(held)
    return found


def written(tree: list[Payload]) -> str:
    """The text that stands on a card."""
    return "".join(each.get("content") or "" for each in tree if each["type"] == 10)


def number_components(components: list[Payload]) -> list[Payload]:
    """Gives each component the id Discord gives to those sent without one."""
    tree = component_tree(components)
    taken = {each["id"] for each in tree if each.get("id")}
    free = (number for number in range(1, len(tree) + len(taken) + 2) if number not in taken)
    for each in tree:
        if not each.get("id"):
            each["id"] = next(free)
    return components


def objection(body: Payload, files: int = 0) -> str | None:
    """What Discord would not accept in a message although each field alone is fine."""
    tree = component_tree(body.get("components") or [])
    content, embeds = body.get("content") or "", body.get("embeds")
    custom_ids = [each["custom_id"] for each in tree if each.get("custom_id")]
    is_card = bool((body.get("flags") or 0) & COMPONENTS_V2)
    told = len(written(tree))
    anything = content or files or embeds or body.get("attachments")
    faults = {
        "Cannot send an empty message": not tree and (is_card or not anything),
        "content and embeds cannot be used with components v2": is_card and (content or embeds),
        f"{len(tree)} components, at most 40": len(tree) > 40,
        f"{told} characters of text displays, at most 4000": told > 4000,
        f"{len(content)} characters of content, at most 2000": len(content) > 2000,
        "Component custom id cannot be duplicated": len(set(custom_ids)) < len(custom_ids),
    }
    return next((sentence for sentence, found in faults.items() if found), None)
