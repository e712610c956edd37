"""The people and the server of the demo: fictional, in eight zones, one of them yet to join."""

import colorsys
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import discord
import simcord
from PIL import Image, ImageDraw, ImageFont

from bot.clockwork.zones import zone_info
from bot.demo.simulation import World

COHORT = "Spring interns"
SERVER = "Harbourside Interns"
CITY = "New York"  # whose zone the cohort follows
STARTS_ON, ENDS_ON = date(2026, 3, 2), date(2026, 5, 22)
SUNDAY = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)  # the evening before, 18:00 in New York
BEGINS_AT = datetime(2026, 3, 5, 15, 12, tzinfo=UTC)  # Thursday of week 1, 10:12 in New York
ROSTER = Path(__file__).with_name("roster.csv")
OPENINGS = Path(__file__).with_name("openings.json")

FACE = 96  # pixels
HUES = {"intern": 0.62, "mentor": 0.36, "moderator": 0.07}


@dataclass(frozen=True)
class Person:
    """Someone a visitor can be."""

    key: str
    name: str
    role: str  # intern, mentor, moderator
    zone: str
    city: str
    about: str
    joins: str | None = None  # dm, thread, card

    def local(self, now: datetime) -> datetime:
        """Say what time it is where this person lives."""
        return now.astimezone(zone_info(self.zone))


PEOPLE = (
    Person("amara", "Amara Osei", "intern", "America/New_York", "New York", "new here"),
    Person("jonas", "Jonas Weber", "intern", "Europe/Berlin", "Berlin", "direct messages", "dm"),
    Person(
        "priya", "Priya Raman", "intern", "Asia/Kolkata", "Kolkata", "named in the thread", "thread"
    ),
    Person(
        "luiza", "Luiza Prado", "intern", "America/Sao_Paulo", "São Paulo", "direct messages", "dm"
    ),
    Person("suman", "Suman Gurung", "intern", "Asia/Kathmandu", "Kathmandu", "the card", "card"),
    Person(
        "tilly",
        "Tilly Hargrave",
        "intern",
        "Australia/Lord_Howe",
        "Lord Howe",
        "direct messages",
        "dm",
    ),
    Person("daniel", "Daniel Okafor", "mentor", "America/Chicago", "Chicago", "answers"),
    Person("ines", "Ines Duarte", "mentor", "Europe/Lisbon", "Lisbon", "answers"),
    Person("mia", "Mia Lindqvist", "moderator", "America/New_York", "New York", "runs the cohort"),
)


@dataclass
class Stage:
    """The server as it stands when the visitor arrives."""

    guild: simcord.GuildHandle
    actors: dict[str, simcord.MemberActor]
    channels: dict[str, simcord.ChannelHandle]
    roles: dict[str, simcord.RoleHandle]
    faces: dict[str, bytes]


def build_stage(world: World, people: Sequence[Person] = PEOPLE) -> Stage:
    """Put up the server: channels, roles and everyone in it, before the bot does anything."""
    guild = world.env.create_guild(SERVER)
    roles = {
        "moderator": guild.create_role(
            "Moderator",
            permissions=discord.Permissions(
                manage_guild=True, manage_messages=True, manage_threads=True
            ),
            color=0xE9A23B,
            hoist=True,
        ),
        "mentor": guild.create_role("Mentor", color=0x4FB286, hoist=True),
        "intern": guild.create_role("Intern", color=0x8A9BF5, hoist=True),
    }
    stage = Stage(guild, {}, _channels(world, guild, roles), roles, {})
    for place, person in enumerate(people):
        user = world.env.create_user(person.key, global_name=person.name, avatar="a1")
        stage.faces[person.key] = face(person.name, person.role, place)
        world.picture(user.id, stage.faces[person.key])
        stage.actors[person.key] = guild.add_member(user, roles=[roles[person.role]])
    return stage


def _channels(
    world: World, guild: simcord.GuildHandle, roles: dict[str, simcord.RoleHandle]
) -> dict[str, simcord.ChannelHandle]:
    everyone, bot = guild.default_role, world.bot.user
    show = discord.PermissionOverwrite(view_channel=True)
    read_only: dict[Any, discord.PermissionOverwrite] = {
        everyone: discord.PermissionOverwrite(send_messages=False),
        roles["moderator"]: discord.PermissionOverwrite(send_messages=True),
        bot: discord.PermissionOverwrite(send_messages=True),
    }

    def only(*names: str) -> dict[Any, discord.PermissionOverwrite]:
        hide = discord.PermissionOverwrite(view_channel=False)
        return {everyone: hide, bot: show, **{roles[name]: show for name in names}}

    return {
        "announcements": guild.create_text_channel(
            "announcements", overwrites=read_only, topic="What everyone should know"
        ),
        "check-ins": guild.create_text_channel(
            "check-ins", topic="Once a week: how is it going? Only you read your answer."
        ),
        "introductions": guild.create_text_channel(
            "introductions", topic="Say hello, and press Join on the card"
        ),
        "opportunities": guild.create_forum_channel("opportunities"),
        "mentor-questions": guild.create_text_channel(
            "mentor-questions",
            overwrites=only("mentor", "moderator"),
            topic="Read by mentors and moderators",
        ),
        "staff": guild.create_text_channel(
            "staff", overwrites=only("moderator"), topic="Moderators only"
        ),
    }


def face(name: str, role: str, place: int) -> bytes:
    """Draw a portrait from someone's initials, so that the demo needs no network."""
    hue = (HUES.get(role, 0.65) + place * 0.17) % 1
    rgb = tuple(int(part * 255) for part in colorsys.hsv_to_rgb(hue, 0.52, 0.62))
    picture = Image.new("RGB", (FACE, FACE), rgb)
    initials = "".join(word[0] for word in name.split())[:2].upper()
    font = ImageFont.load_default(FACE * 0.42)
    ImageDraw.Draw(picture).text((FACE / 2, FACE / 2), initials, "white", font, anchor="mm")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
