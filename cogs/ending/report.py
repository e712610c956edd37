"""One page of facts about a cohort, for whoever asks what came of it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.clockwork.clock import Clock
from bot.errors import Refusal
from bot.face.words import N_, _
from bot.logs import incident
from bot.people import cohorts, roster
from bot.people.caller import Caller
from bot.people.cohorts import Cohort, CohortState
from bot.people.contributions import Contributions, Cut, CutKind, Figure
from bot.record.markdown import written
from bot.record.model import Made
from bot.record.workshop import NotMade, StillMaking, Workshop
from bot.storage.database import Database, Tx
from cogs.ending import report_paper as paper
from cogs.ending.report_model import (
    STEP,
    Fact,
    ReportPage,
    Shown,
    after,
    counted_on,
    cuts_of,
    key,
    part_of,
    whole,
)
from cogs.ending.report_store import ReportStore
from cogs.ending.store import EndingStore


class ReportService:
    """Count each stretch of a programme once, when it is over; show what was counted."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        store: ReportStore,
        endings: EndingStore,
        hooks: Contributions,
        workshop: Workshop,
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._endings = endings
        self._hooks = hooks
        self._workshop = workshop
        hooks.report.append(self.figures)

    async def report(self, caller: Caller, cohort_id: int | None = None) -> ReportPage:
        """Return the report of a cohort this moderator runs."""
        async with self._db.read() as tx:
            cohort = await self._managed(tx, caller, cohort_id)
        await self._count_due(cohort.cohort_id)
        async with self._db.read() as tx:
            return await self._page(tx, cohort)

    async def hand_out(self, caller: Caller, cohort_id: int) -> list[Made]:
        """Return the report as files to take away, and note who took it.

        Raises Refusal while one is being made for this moderator already.
        """
        page = await self.report(caller, cohort_id)
        files = await self._printed(caller, page)
        async with self._db.write() as tx:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
            now = self._clock()
            await cohorts.log(tx, cohort.cohort_id, caller.user_id, "took the report", "", now)
        return files

    async def _printed(self, caller: Caller, page: ReportPage) -> list[Made]:
        """Return the page as PDF and Markdown and the numbers as a table."""
        composed = paper.document(page)
        files: list[Made] = []
        try:
            made_on, name = page.cohort.local_date(page.now), paper.filename(page, "pdf")
            files += await self._workshop.typeset(caller.user_id, composed, made_on, name)
        except StillMaking as error:
            raise Refusal(_("The report is being made already. It comes in a moment.")) from error
        except NotMade as error:
            incident("a report", error)
        return [
            *files,
            Made(paper.filename(page, "md"), written(composed).encode()),
            Made(paper.filename(page, "csv"), paper.table(page)),
        ]

    async def _managed(self, tx: Tx, caller: Caller, cohort_id: int | None) -> Cohort:
        if cohort_id is None:
            cohort = await cohorts.managed_by(tx, caller)
        else:
            cohort = await cohorts.moderated(tx, caller, cohort_id)
        if cohort.state is CohortState.DRAFT:
            raise Refusal(
                _("{name} is not live yet, so there is nothing to report.").format(name=cohort.name)
            )
        return cohort

    async def _page(self, tx: Tx, cohort: Cohort) -> ReportPage:
        known = await self._store.cuts_of(tx, cohort.cohort_id)
        over_on = await self._over_on(tx, cohort)
        last = next((c for c in cuts_of(cohort, over_on) if c.kind is CutKind.WHOLE), None)
        counted = any(cut.kind is CutKind.WHOLE for cut in known)
        return ReportPage(
            cohort=cohort,
            cuts=known,
            facts=await self._store.facts_of(tx, cohort.cohort_id),
            whole_on=None if counted or last is None else counted_on(last, over_on),
            now=self._clock(),
        )

    async def _over_on(self, tx: Tx, cohort: Cohort) -> date | None:
        """Return the day on which a cohort was closed, if it is."""
        ending = await self._endings.current(tx, cohort.cohort_id)
        if cohort.state is not CohortState.CLOSED or ending is None:
            return None
        return ending.closed_at.astimezone(ZoneInfo(cohort.zone)).date()

    # --- counting

    async def work(self, now: datetime) -> None:
        """Once an hour, count what has settled, before anybody asks."""
        if now.minute:
            return
        async with self._db.read() as tx:
            open_cohorts = await self._store.uncounted(tx)
        for cohort_id in open_cohorts:
            await self._count_due(cohort_id)

    async def _count_due(self, cohort_id: int) -> None:
        """Count the cuts whose day has come, each in a transaction of its own."""
        async with self._db.read() as tx:
            waiting = len(await self._due(tx, cohort_id))
        for _n in range(waiting):
            async with self._db.write() as tx:
                due = await self._due(tx, cohort_id)
                if due:
                    await self._count(tx, await cohorts.require(tx, cohort_id), due[0])

    async def _due(self, tx: Tx, cohort_id: int) -> list[Cut]:
        """Return what is to be counted now, the whole last."""
        cohort = await cohorts.require(tx, cohort_id)
        over_on = await self._over_on(tx, cohort)
        known = await self._store.cuts_of(tx, cohort_id)
        names = {key(cut) for cut in known}
        today = cohort.local_date(self._clock())
        due: list[Cut] = []
        for cut in cuts_of(cohort, over_on):
            rest = after(cut, known)
            if key(cut) in names or rest is None or today < counted_on(cut, over_on):
                continue
            due.append(rest)
        return due

    async def _count(self, tx: Tx, cohort: Cohort, cut: Cut) -> None:
        figures = [figure for ask in self._hooks.report for figure in await ask(tx, cohort, cut)]
        base = await self._store.took_part(tx, cohort, cut)
        written = await self._store.facts_of(tx, cohort.cohort_id)
        found = [_fact(cut, figure, base, written) for figure in figures]
        await self._store.keep(tx, cohort.cohort_id, cut, found, self._clock())

    async def figures(self, tx: Tx, cohort: Cohort, cut: Cut) -> list[Figure]:
        """Count who took part, who of the invited joined, who paused, who was not reached."""
        if cut.kind is CutKind.WEEK:
            return []
        number = await self._store.took_part(tx, cohort, cut)
        paused = await self._store.paused(tx, cohort, cut)
        found = [
            # How many are in is known to everybody; it is no share of anything.
            Figure("members", N_("Took part"), number, base=number + STEP - 1, order=1),
            Figure("paused", N_("Paused for a while"), paused, order=3),
        ]
        if cut.kind is CutKind.WHOLE:
            turnout = await roster.turnout(tx, cohort.cohort_id)
            if turnout is not None:
                label = N_("Joined, of those on the list")
                base = max(turnout.expected, turnout.joined)
                found.append(Figure("invited", label, turnout.joined, base=base, order=2))
            lost = await self._store.not_reached(tx, cohort, cut)
            found.append(Figure("lost", N_("Could not be reached at some time"), lost, order=4))
        return found


def _fact(cut: Cut, figure: Figure, base: int, written: list[Fact]) -> Fact:
    """Return a figure as it is written down: rounded, or hidden."""
    said = part_of(figure, base)
    if cut.kind is CutKind.WHOLE and not figure.public:
        parts = [
            Shown(fact.people, fact.times, fact.most)
            for fact in written
            if fact.figure == figure.key
        ]
        said = whole(figure.people, base if figure.base is None else figure.base, parts)
        if not parts:
            said = part_of(figure, base)
    return Fact(key(cut), figure.key, figure.label, figure.order, *said)
