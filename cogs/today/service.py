"""What is worth doing now, gathered from every feature."""

from bot.clockwork.clock import Clock
from bot.errors import NotAllowed, NotFound
from bot.face.words import N_, _
from bot.knowledge.packs import Packs
from bot.knowledge.week import Week, week_for
from bot.people import cohorts, memberships
from bot.people.caller import Caller
from bot.people.cohorts import CohortState
from bot.people.contributions import Contributions, Deeds, HelpLine, Line
from bot.people.memberships import Member, MemberState
from bot.storage import drafts
from bot.storage.database import Database, Tx
from bot.storage.drafts import Draft
from cogs.today.model import TAUGHT, Doorstep, Help, Panel

HERE = (MemberState.JOINED, MemberState.PAUSED)


class TodayService:
    """Gather; keep nothing."""

    help = (
        HelpLine("/me", N_("What is worth doing this week, and everything of yours."), taught=True),
        HelpLine("/help", N_("This page."), taught=True),
    )

    def __init__(self, db: Database, clock: Clock, packs: Packs, hooks: Contributions) -> None:
        self._db = db
        self._clock = clock
        self._packs = packs
        self._hooks = hooks

    async def panel(self, caller: Caller, member_id: int | None = None) -> Panel | Doorstep:
        """Return the caller's panel: of the cohort they named, or the one that fits here."""
        async with self._db.read() as tx:
            mine = await self._mine(tx, caller)
            if not mine:
                return await self._doorstep(tx, caller)
            member = _chosen(mine, caller, member_id)
            now = self._clock()
            lines: list[Line] = []
            for add in self._hooks.today:
                lines += await add(tx, member, now)
            lines += await self._guest_lines(tx, caller)
            cohort = await cohorts.require(tx, member.cohort_id)
            return Panel(
                member=member,
                week=self.week(member),
                lines=tuple(sorted(lines, key=lambda line: (not line.urgent, line.order))),
                drafts=tuple(await drafts.of_user(tx, caller.user_id)),
                others=tuple(other for other in mine if other.member_id != member.member_id),
                cohort_paused=cohort.state in (CohortState.PAUSED, CohortState.BLOCKED),
                now=now,
                deeds=await self._hooks.deeds(tx, member, now) if self._hooks.deeds else Deeds(),
            )

    async def _mine(self, tx: Tx, caller: Caller) -> list[Member]:
        every = [m for m in await memberships.of_user(tx, caller.user_id) if m.state in HERE]
        here = [m for m in every if m.guild_id == caller.guild_id]
        return here or every

    async def _doorstep(self, tx: Tx, caller: Caller) -> Doorstep:
        found = await cohorts.of_guild(tx, caller.guild_id) if caller.guild_id else []
        return Doorstep(
            name=caller.name,
            cohorts=tuple((c.cohort_id, c.name) for c in found if c.runs)[:4],
            moderates=caller.manages_guild or any(c.moderated_by(caller) for c in found),
            drafts=tuple(await drafts.of_user(tx, caller.user_id)),
            in_server=caller.guild_id is not None,
            lines=await self._guest_lines(tx, caller),
        )

    async def _guest_lines(self, tx: Tx, caller: Caller) -> tuple[Line, ...]:
        """Return what somebody does where they are no member, most urgent first."""
        lines: list[Line] = []
        for add in self._hooks.guests:
            lines += await add(tx, caller.user_id, self._clock())
        return tuple(sorted(lines, key=lambda line: (not line.urgent, line.order)))

    async def how(self, caller: Caller, member_id: int | None) -> Panel:
        """Return the panel behind one of the caller's own cards, for its actions in full."""
        found = await self.panel(caller, member_id)
        if not isinstance(found, Panel):
            raise NotFound(_("That is gone. `/me` shows what is there now."))
        return found

    async def draft(self, caller: Caller, draft_id: int) -> Draft:
        """Return what the caller typed and did not save. Raises NotFound when it is gone."""
        async with self._db.read() as tx:
            draft = await drafts.get(tx, draft_id, caller.user_id)
        if draft is None:
            raise NotFound(_("That draft is gone; it was saved, discarded or older than a week."))
        return draft

    async def toss(self, caller: Caller, draft_id: int) -> Panel | Doorstep:
        """Throw away what the caller typed; doing so twice changes nothing."""
        async with self._db.write() as tx:
            if await drafts.get(tx, draft_id, caller.user_id):
                await drafts.drop(tx, draft_id)
        return await self.panel(caller)

    def week(self, member: Member) -> Week:
        """Return what this week is about, by the member's own stage and dates."""
        today = member.local_date(self._clock())
        return week_for(self._packs, member.stage, member.starts_on, member.ends_on, today)

    def commands(self, caller: Caller, *, staff: bool = False) -> Help:
        """Return which commands there are; asks no database, so that it answers at once."""
        staff = staff or caller.manages_guild
        every = self._hooks.help
        taught = [line for command in TAUGHT for line in every if line.command == command]
        rest = [line for line in every if line.command not in TAUGHT and not line.staff]
        mine = [line for line in every if line.staff] if staff else []
        return Help(
            tuple(taught),
            tuple(sorted(rest, key=lambda line: line.command)),
            tuple(sorted(mine, key=lambda line: line.command)),
            may_ask_for_staff=caller.guild_id is not None and not staff,
        )

    async def staff_commands(self, caller: Caller) -> Help:
        """Return the moderators' commands too. Raises NotAllowed for everyone else."""
        async with self._db.read() as tx:
            here = await cohorts.of_guild(tx, caller.guild_id) if caller.guild_id else []
        if not any(cohort.moderated_by(caller) for cohort in here):
            raise NotAllowed(
                _("Those are for moderators: people who manage this server or have its role.")
            )
        return self.commands(caller, staff=True)


def _chosen(mine: list[Member], caller: Caller, member_id: int | None) -> Member:
    for member in mine:
        typed = (caller.cohort or "").strip().lower()
        if member.member_id == member_id or typed == member.cohort_name.lower():
            return member
    return mine[0]
