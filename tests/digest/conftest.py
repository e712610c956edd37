"""A cohort with a digest on Fridays at four, and people who do things in the week before."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.clockwork.recurrence import Weekly
from bot.delivery import claims, schedules
from bot.delivery.letters import LetterState
from bot.delivery.schedules import Scope
from bot.people import activity
from bot.people.activity import Visibility
from cogs.digest.model import GRACE
from cogs.digest.store import DigestStore
from tests.conftest import words_of

FRIDAY = datetime(2026, 3, 6, 21, 0, tzinfo=UTC)
"""Four in the afternoon on the first Friday in New York."""
RULE = Weekly(weekday=4, at=time(16), anchor=date(2026, 3, 2))


async def switch_on(db, cohort, now, rule=RULE):
    async with db.write() as tx:
        await schedules.set_schedule(tx, cohort, "digest", rule, Scope.COHORT, grace=GRACE, now=now)


async def share_win(bot, db, member, text, now):
    """Let a member write a check-in and share its win, as pressing the buttons does."""
    from cogs.checkins.model import Source
    from cogs.checkins.store import CheckinStore

    async with db.write() as tx:
        saved = await CheckinStore().save(
            tx,
            member.member_id,
            now.date() - timedelta(days=now.weekday()),
            progress="x",
            win=text,
            blocker="",
            focus="",
            confidence=None,
            late=False,
            source=Source.FORM,
            answered_at=now,
        )
        await activity.note(tx, member, "win.shared", saved.checkin_id, now, Visibility.COHORT)
    return saved


async def say(db, issues, now):
    """Send what is due without any Discord; return which digest said which page."""
    said = []
    while True:
        async with db.write() as tx:
            claimed = await claims.claim(tx, "test", now, 50)
        if not claimed:
            return said
        for letter in [claim.letter for claim in claimed]:
            page = await issues.page(letter) if letter.kind == "digest.page" else True
            async with db.write() as tx:
                if page is None:
                    state = LetterState.CANCELLED
                    await claims.fail(tx, letter, state, "no longer needed", now)
                else:
                    await claims.ack(tx, letter, letter.place.id, letter.letter_id, now)
            if letter.kind == "digest.page" and page is not None:
                said.append((letter.subject["digest_id"], page))


@dataclass
class Digests:
    """A cohort's digests as its moderators and members live them."""

    world: object

    def __getattr__(self, name):
        return getattr(self.__dict__["world"], name)

    async def until(self, moment):
        """Let time pass at one stroke, and the bot do what is due then and what follows from it."""
        env = self.world.env
        await env.advance_time((moment - env.now()).total_seconds())
        await self.world.tick()
        await self.world.tick()

    async def win(self, person, text, **values):
        member = await self.world.join(person, **values)
        await share_win(self.world.bot, self.world.db, member, text, self.world.env.now())
        return member

    def told(self):
        """Everything the cohort was told, one message after another."""
        return [words_of(message) for message in self.world.announcements.history()]

    def card(self):
        """The staff's card as it stands now."""
        return self.world.staff.history()[0]

    async def issue(self):
        async with self.world.db.read() as tx:
            return (await DigestStore().latest(tx, self.world.cohort.cohort_id, 1))[0]


@pytest.fixture
async def digests(world):
    """The digest is switched on."""
    await switch_on(world.db, world.cohort, world.env.now())
    return Digests(world)
