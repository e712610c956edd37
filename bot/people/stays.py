"""Where somebody was and what they were there: what each part of their record says beside it."""

from dataclasses import dataclass
from datetime import date

from bot.people import memberships, profiles
from bot.people.memberships import Member
from bot.people.profiles import Detail, Profile
from bot.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Stay:
    """A membership with what its member wrote about it."""

    member: Member
    profile: Profile

    @property
    def role(self) -> str:
        """What they were, in their own words."""
        return self.profile.of(Detail.ROLE)

    @property
    def place(self) -> str:
        """The company, or the cohort where no company is named."""
        return self.profile.of(Detail.COMPANY) or self.member.cohort_name

    @property
    def first_day(self) -> date | None:
        """The first day of it, as far as anybody said."""
        return self.member.starts_on

    @property
    def last_day(self) -> date | None:
        """The last day of it, as far as anybody said."""
        return self.member.ends_on


async def of_user(tx: Tx, user_id: int) -> list[Stay]:
    """Return every stay of somebody, the latest first; one they left counts too."""
    every = await memberships.of_user(tx, user_id)
    found = await profiles.of_members(tx, [member.member_id for member in every])
    return [Stay(member, found[member.member_id]) for member in every]
