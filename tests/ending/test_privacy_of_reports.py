"""A report under attack: somebody who knows the cohort lays every report there is side by side."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from bot.errors import NotAllowed
from bot.people import cohorts as programmes
from bot.people import memberships
from bot.people.activity import activity
from bot.people.caller import Caller
from bot.people.cohorts import cohorts
from bot.people.contributions import MOST_TIMES, Contributions, CutKind
from bot.people.facts import Told, deeds
from bot.record.workshop import Workshop
from cogs.ending.report import ReportService
from cogs.ending.report_model import STEP, cuts_of, shown, whole
from cogs.ending.report_store import ReportStore
from cogs.ending.store import EndingStore, facts
from tests.conftest import MONDAY, add_cohort, enrol

BOSS = Caller(9, 500, "Boss", manages_guild=True)
CELLS = st.integers(0, 60).flatmap(
    lambda base: st.tuples(st.just(base), st.lists(st.integers(0, base), min_size=1, max_size=7))
)


def truths(said, base):
    """What somebody who knows the number of members can make of one cell."""
    return [n for n in range(base + 1) if shown(n, base)[0] == said[0]]


@given(base=st.integers(0, 500), people=st.integers(0, 500), times=st.integers(0, 3000))
def test_every_answer_fits_five_truths_for_who_knows_the_number_of_members(base, people, times):
    people = min(people, base)
    said = shown(people, base, times)
    assert said.people is None or STEP <= said.people <= people
    assert people in truths(said, base)
    assert len(truths(said, base)) >= min(STEP, base + 1)
    assert max(truths(said, base)) == said.most


@given(base=st.integers(0, 200), people=st.integers(0, 200), each=st.integers(1, 40))
def test_how_often_says_nothing_about_how_many(base, people, each):
    people = min(people, base)
    said = shown(people, base, people * min(each, MOST_TIMES))
    if said.times is None:
        assert said.people is None
        return
    fits = [
        n
        for n in truths(said, base)
        if any(shown(n, base, times)[1] == said.times for times in range(n, n * MOST_TIMES + 1))
    ]
    assert len(fits) >= STEP


def feasible(base, parts, total, index):
    """Which numbers a cell may hold, given every other cell and the whole programme."""
    others = [truths(part, base) for i, part in enumerate(parts) if i != index]
    most_others = sum(max(each) for each in others)
    least = max((min(each) for each in others), default=0)
    found = []
    for n in truths(parts[index], base):
        wholes = range(max(n, least), min(base, n + most_others) + 1)
        if any(whole(w, base, parts).people == total for w in wholes):
            found.append(n)
    return found


@given(cells=CELLS, overlap=st.floats(0, 1))
@settings(max_examples=400)
def test_the_whole_programme_opens_no_cell_that_its_phases_hide(cells, overlap):
    base, numbers = cells
    least, most = max(numbers), min(base, sum(numbers))
    everybody = least + round(overlap * (most - least))
    parts = [shown(n, base) for n in numbers]
    total = whole(everybody, base, parts).people
    for index, number in enumerate(numbers):
        fits = feasible(base, parts, total, index)
        assert number in fits
        assert len(fits) >= min(STEP, base + 1)


@given(base=st.integers(5, 80), made=st.integers(0, 80), part=st.floats(0, 1))
def test_those_who_did_not_finish_cannot_be_counted_either(base, made, part):
    made = min(made, base)
    done = round(part * made)
    one, two = shown(made, base), shown(done, base)
    left = {m - d for m in truths(one, base) for d in truths(two, base) if d <= m}
    assert made - done in left
    assert len(left) >= STEP


def test_cuts_never_overlap_and_nobody_chooses_them():
    cohort = type("C", (), {"first_day": date(2026, 3, 2), "last_day": date(2026, 5, 24)})
    for kind in (CutKind.WEEK, CutKind.PHASE):
        days = Counter()
        for cut in cuts_of(cohort, None):
            if cut.kind is kind:
                span = (cut.until_on - cut.since_on).days + 1
                days.update(cut.since_on + timedelta(days=n) for n in range(span))
        assert set(days.values()) == {1}


@pytest.fixture
def reports(db, clock):
    hooks = Contributions()
    hooks.report.append(deeds(Told("goal.made", "Set a goal", 1), Told("goal.done", "Done", 2)))
    return ReportService(db, clock, ReportStore(), EndingStore(), hooks, Workshop())


async def did(tx, cohort, member_id, word, on):
    await tx.execute(
        insert(activity).values(
            member_id=member_id,
            cohort_id=cohort.cohort_id,
            word=word,
            at=MONDAY,
            local_on=on,
            week_on=on - timedelta(days=on.weekday()),
            visibility="me",
        )
    )


def cells_of(page):
    return {(fact.cut, fact.figure): (fact.people, fact.times) for fact in page.facts}


PERSON = st.lists(
    st.tuples(st.sampled_from(["goal.made", "goal.done"]), st.integers(0, 83)), max_size=4
)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(people=st.lists(PERSON, min_size=3, max_size=24), leaving=st.data())
async def test_people_who_leave_one_by_one_between_reports_change_no_cell(
    reports, db, clock, people, leaving
):
    clock.now = MONDAY
    async with db.write() as tx:
        await tx.execute(delete(cohorts))
    cohort = await add_cohort(db, 500, clock())
    ids = []
    for n, done in enumerate(people):
        member = await enrol(db, cohort, 3000 + n, f"P{n}", clock())
        ids.append(member.member_id)
        async with db.write() as tx:
            for word, day in done:
                await did(
                    tx, cohort, member.member_id, word, cohort.first_day + timedelta(days=day)
                )
    seen = {}
    for _week in range(14):
        clock.advance(days=7)
        if ids and leaving.draw(st.booleans()):
            gone = ids.pop(leaving.draw(st.integers(0, len(ids) - 1)))
            async with db.write() as tx:
                if leaving.draw(st.booleans()):
                    await memberships.remove(tx, gone)
                else:
                    await memberships.change(tx, gone, state="left", left_at=clock())
        now = cells_of(await reports.report(BOSS, cohort.cohort_id))
        assert {cell: now[cell] for cell in seen} == seen
        seen = now
    assert all(n is None or n >= STEP for n, _times in seen.values())
    assert any(cut == "whole:all" for cut, _figure in seen)


async def test_moving_the_dates_of_a_programme_counts_no_day_twice(reports, db, clock):
    cohort = await add_cohort(db, 500, clock())
    for n in range(20):
        await enrol(db, cohort, 3000 + n, f"P{n}", clock())
    for last_day in (date(2026, 5, 24), date(2026, 4, 19), date(2026, 6, 28), date(2026, 5, 3)):
        async with db.write() as tx:
            await programmes.change(tx, cohort.cohort_id, last_day=last_day)
        clock.advance(days=17)
        page = await reports.report(BOSS, cohort.cohort_id)
        for kind in (CutKind.WEEK, CutKind.PHASE):
            spans = [(cut.since_on, cut.until_on) for cut in page.kinds(kind)]
            assert all(one[1] < two[0] for one, two in pairwise(spans)), (
                kind,
                spans,
            )


async def test_only_what_may_be_shown_is_written_down(reports, db, clock):
    cohort = await add_cohort(db, 500, clock())
    for n in range(12):
        member = await enrol(db, cohort, 3000 + n, f"P{n}", clock())
        if n < 3:
            async with db.write() as tx:
                await did(tx, cohort, member.member_id, "goal.made", cohort.first_day)
    clock.advance(days=16)
    await reports.report(BOSS, cohort.cohort_id)
    async with db.read() as tx:
        rows = (await tx.execute(facts.select())).all()
    assert rows
    assert all(row.people is None or row.people % STEP == 0 for row in rows)
    assert [row.people for row in rows if row.figure == "goal.made"] == [None, None]


async def test_what_is_kept_for_oneself_is_counted_for_the_whole_only(db, clock):
    hooks = Contributions()
    hooks.report.append(deeds(Told("entry.kept", "Kept something", 1), by_phase=False))
    reports = ReportService(db, clock, ReportStore(), EndingStore(), hooks, Workshop())
    cohort = await add_cohort(db, 500, clock())
    for n in range(12):
        member = await enrol(db, cohort, 3000 + n, f"P{n}", clock())
        async with db.write() as tx:
            await did(tx, cohort, member.member_id, "entry.kept", cohort.first_day)
    clock.advance(days=100)
    page = await reports.report(BOSS, cohort.cohort_id)
    told = {cell: said for cell, said in cells_of(page).items() if cell[1] == "entry.kept"}
    assert told == {("whole:all", "entry.kept"): (5, 10)}


async def test_others_may_not_read_it(reports, db, clock, ada):

    for caller in (
        Caller(9, 501, "Boss elsewhere", manages_guild=True),
        Caller(9, None, "Boss in a message", manages_guild=True),
        Caller(ada.user_id, 500, "Ada"),
    ):
        with pytest.raises(NotAllowed):
            await reports.report(caller, ada.cohort_id)
        with pytest.raises(NotAllowed):
            await reports.hand_out(caller, ada.cohort_id)
