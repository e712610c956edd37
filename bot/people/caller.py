"""Who is asking, from where, and with which rights, without a word of Discord's library."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """A person at the door: their ids, their rights in this server, their language.

    `guild_id` is None in a direct message; `cohort` is what they typed after `cohort:`, if any.
    """

    user_id: int
    guild_id: int | None
    name: str
    manages_guild: bool = False
    role_ids: frozenset[int] = frozenset()
    cohort: str | None = None
    locale: str = "en-US"
