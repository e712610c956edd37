"""What a moderator decides about a cohort, without any Discord around it."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.clockwork.recurrence import Weekly
from bot.delivery import outbox, schedules
from bot.delivery.outbox import LetterState, Place
from bot.delivery.schedules import Scope
from bot.errors import NotAllowed, NotFound, Refusal
from bot.people import cohorts, roster
from bot.people.caller import Caller
from bot.people.cohorts import CohortState
from bot.people.contributions import ChannelNeed, Contributions
from cogs.cohorts.check import problems
from cogs.cohorts.model import PLACES, Channel, Ground, Step
from cogs.cohorts.service import CohortService
from cogs.cohorts.store import CohortStore
from cogs.cohorts.wizard import Naming, Timing, WizardService
from tests.conftest import add_cohort

MODERATOR = Caller(user_id=9, guild_id=500, name="Mo", manages_guild=True)
BY_ROLE = Caller(user_id=8, guild_id=500, name="Rose", role_ids=frozenset({77}))
INTERN = Caller(user_id=1001, guild_id=500, name="Ada")
ELSEWHERE = Caller(user_id=9, guild_id=501, name="Mo", manages_guild=True)
SUMMER = Naming("Summer", "2026-06-01", "2026-08-21")


@pytest.fixture
def contributions():
    return Contributions()


@pytest.fixture
def wizard(db, clock, contributions):
    return WizardService(db, clock, CohortStore(), contributions)


@pytest.fixture
def running(db, clock, contributions):
    return CohortService(db, clock, CohortStore(), contributions)


def good_ground():
    """A server in which everything fits; channels 1 to 6 for the six places."""
    channels = {}
    for number, place in enumerate(PLACES, start=1):
        allowed = frozenset((*place.permissions,))
        channels[number] = Channel(number, place.name, "text", allowed, not place.private)
    return Ground(channels=channels, roles={77: "Moderators"})


async def ready(wizard, caller=MODERATOR):
    """A draft with everything chosen."""
    cohort = (await wizard.start(caller, SUMMER)).cohort
    for number, place in enumerate(PLACES, start=1):
        await wizard.set_place(caller, cohort.cohort_id, place.field, number)
    return cohort.cohort_id


async def letter(db, cohort, clock, dedupe, kind="checkin.ask"):
    async with db.write() as tx:
        await outbox.enqueue(
            tx,
            kind=kind,
            dedupe=dedupe,
            place=Place.channel(5),
            now=clock(),
            cohort_id=cohort.cohort_id,
        )


async def state_of(db, dedupe):
    async with db.read() as tx:
        return (await outbox.result(tx, dedupe)).state


async def actions(db, cohort_id):
    async with db.read() as tx:
        return [action for _at, _who, action, _detail in await cohorts.history(tx, cohort_id)]


async def test_a_draft_goes_live_with_a_check_in_on_mondays_at_nine(wizard, db):
    cohort_id = await ready(wizard)
    live = await wizard.go_live(MODERATOR, cohort_id, good_ground())
    assert (live.state, live.wizard_step) == (CohortState.LIVE, None)
    async with db.read() as tx:
        checkin = await schedules.find(tx, cohort_id, "checkin")
    assert (checkin.rule.weekday, checkin.rule.at, checkin.enabled) == (0, time(9), True)
    assert checkin.scope is Scope.MEMBER


async def test_going_live_twice_is_one_action(wizard, db):
    cohort_id = await ready(wizard)
    await wizard.go_live(MODERATOR, cohort_id, good_ground())
    await wizard.go_live(MODERATOR, cohort_id, good_ground())
    assert (await actions(db, cohort_id)).count("went live") == 1


async def test_a_time_chosen_in_the_set_up_is_the_time_when_it_is_live(wizard, db):
    cohort_id = await ready(wizard)
    await wizard.set_time(MODERATOR, cohort_id, Timing(2, "4pm", 2))
    async with db.read() as tx:
        assert not (await schedules.find(tx, cohort_id, "checkin")).enabled
    await wizard.go_live(MODERATOR, cohort_id, good_ground())
    async with db.read() as tx:
        checkin = await schedules.find(tx, cohort_id, "checkin")
    assert (checkin.rule.weekday, checkin.rule.at, checkin.rule.every) == (2, time(16), 2)
    assert checkin.enabled


async def test_going_live_is_refused_while_something_lacks_and_says_what(wizard, db):
    cohort_id = (await wizard.start(MODERATOR, SUMMER)).cohort.cohort_id
    with pytest.raises(Refusal, match=r"3 things are missing\. First: Announcements"):
        await wizard.go_live(MODERATOR, cohort_id, good_ground())
    async with db.read() as tx:
        assert (await cohorts.require(tx, cohort_id)).state is CohortState.DRAFT


@pytest.mark.parametrize(
    ("naming", "said"),
    [
        (Naming("Summer", "2026-08-21", "2026-06-01"), "before the first day"),
        (Naming("Summer", "someday", "2026-06-01"), "someday"),
        (Naming("   ", "2026-06-01", "2026-08-21"), "needs a name"),
        (Naming("SPRING", "2026-06-01", "2026-08-21"), "already has a cohort called SPRING"),
    ],
)
async def test_a_name_or_dates_that_cannot_be_are_refused(wizard, cohort, naming, said):
    with pytest.raises(Refusal, match=said):
        await wizard.start(MODERATOR, naming)


async def test_a_second_cohort_begins_in_the_zone_of_the_one_before(wizard):
    first = await wizard.start(MODERATOR, SUMMER)
    await wizard.set_zone(MODERATOR, first.cohort.cohort_id, "America/Toronto")
    second = await wizard.start(MODERATOR, replace(SUMMER, name="Autumn"))
    assert (first.cohort.zone, second.cohort.zone) == ("UTC", "America/Toronto")


async def test_a_zone_that_does_not_exist_is_refused_with_the_nearest(wizard):
    cohort_id = await ready(wizard)
    with pytest.raises(Refusal, match="Toronto"):
        await wizard.set_zone(MODERATOR, cohort_id, "Torronto")
    assert (await wizard.set_zone(MODERATOR, cohort_id, "toronto")).cohort.zone == "America/Toronto"


async def test_nobody_but_its_moderators_touches_a_draft(wizard):
    cohort_id = await ready(wizard)
    for stranger in (INTERN, ELSEWHERE, BY_ROLE):
        for attempt in (
            wizard.at(stranger, cohort_id),
            wizard.set_zone(stranger, cohort_id, "Berlin"),
            wizard.go_live(stranger, cohort_id, good_ground()),
            wizard.discard(stranger, cohort_id),
            wizard.propose_zone(stranger, cohort_id, "Berlin"),
        ):
            with pytest.raises(NotAllowed):
                await attempt
    with pytest.raises(NotAllowed):
        await wizard.start(INTERN, SUMMER)
    with pytest.raises(NotAllowed):
        await wizard.drafts(INTERN)


async def test_the_moderator_role_is_as_good_as_manage_server(wizard):
    cohort_id = await ready(wizard)
    await wizard.set_role(MODERATOR, cohort_id, "moderator_role_id", 77)
    assert (await wizard.at(BY_ROLE, cohort_id)).step is Step.ROLES


async def test_nobody_but_its_moderators_runs_a_cohort(running, cohort):
    for stranger in (INTERN, ELSEWHERE, BY_ROLE):
        for attempt in (
            running.status(stranger, Ground(), cohort.cohort_id),
            running.pause(stranger, cohort.cohort_id),
            running.resume(stranger, cohort.cohort_id),
            running.skip(stranger, "2026-04-06", cohort.cohort_id),
            running.invite(stranger, 5, cohort.cohort_id),
            running.read_roster(stranger, b"username,name\nada,Ada\n", cohort.cohort_id),
            running.missing(stranger, cohort.cohort_id),
            running.history(stranger, cohort.cohort_id),
            running.mend(stranger, cohort.cohort_id, Ground()),
            running.unskip(stranger, cohort.cohort_id, date(2026, 4, 6)),
        ):
            with pytest.raises(NotAllowed):
                await attempt


def test_a_missing_permission_is_named_with_its_channel_and_what_to_click(cohort):
    fields = {place.field: n for n, place in enumerate(PLACES, start=1)}
    ground = good_ground()
    lacking = ground.channels[2].permissions - {"create_public_threads", "embed_links"}
    channels = {**ground.channels, 2: replace(ground.channels[2], permissions=lacking)}
    found = problems(replace(cohort, contacts=(9,), **fields), Ground(channels, {}), ())
    assert len(found) == 1
    assert "Embed Links, Create Public Threads" in found[0].text
    assert "#check-ins" in found[0].text
    assert "Edit Channel → Permissions" in found[0].text


def test_what_another_feature_needs_is_checked_too(cohort):
    fields = {place.field: n for n, place in enumerate(PLACES, start=1)}
    need = ChannelNeed("announcements_id", ("manage_events",), "events")
    found = problems(replace(cohort, contacts=(9,), **fields), good_ground(), [need])
    assert ["Manage Events" in p.text for p in found] == [True]


def test_a_staff_channel_that_everyone_reads_blocks(cohort):
    fields = {place.field: n for n, place in enumerate(PLACES, start=1)}
    ground = good_ground()
    channels = {**ground.channels, 6: replace(ground.channels[6], everyone_sees=True)}
    found = problems(replace(cohort, contacts=(9,), **fields), Ground(channels, {}), ())
    assert [p.blocks for p in found] == [True]
    assert "everyone in the server can read" in found[0].text


async def test_the_effect_of_new_dates_is_counted_before_they_are_saved(wizard, db, clock):
    cohort_id = await live(wizard, db, clock)
    effect = await wizard.propose_name(
        MODERATOR, cohort_id, Naming("Spring", "2026-02-16", "2026-03-29")
    )
    assert effect.today is not effect.today_before
    assert (effect.moved, effect.dropped) == (0, 8)
    async with db.read() as tx:
        assert (await cohorts.require(tx, cohort_id)).last_day == date(2026, 5, 24)
    saved, _card = await wizard.save(MODERATOR, effect.change.change_id, "leave")
    assert saved.last_day == date(2026, 3, 29)


async def live(wizard, db, clock):
    cohort = await add_cohort(db, 500, clock(), contacts=[9], checkins_id=2, announcements_id=1)
    async with db.write() as tx:
        rule = Weekly(weekday=0, at=time(9), anchor=cohort.first_day)
        await schedules.set_schedule(
            tx, cohort, "checkin", rule, Scope.MEMBER, grace=timedelta(days=2), now=clock()
        )
    return cohort.cohort_id


async def test_a_change_is_saved_once_and_a_cancelled_one_never(wizard, db, clock):
    cohort_id = await live(wizard, db, clock)
    effect = await wizard.propose_zone(MODERATOR, cohort_id, "Europe/Berlin")
    await wizard.save(MODERATOR, effect.change.change_id, "leave")
    with pytest.raises(Refusal, match="saved or cancelled already"):
        await wizard.save(MODERATOR, effect.change.change_id, "leave")
    effect = await wizard.propose_zone(MODERATOR, cohort_id, "Asia/Tokyo")
    await wizard.cancel(MODERATOR, effect.change.change_id)
    assert (await wizard.get(MODERATOR, cohort_id)).zone == "Europe/Berlin"


async def test_saving_what_is_so_already_is_refused_kindly(wizard, db, clock):
    cohort_id = await live(wizard, db, clock)
    with pytest.raises(Refusal, match="nothing to save"):
        await wizard.propose(MODERATOR, cohort_id, "checkins_id", 2)


async def test_a_moved_check_in_channel_moves_the_sends(wizard, db, clock):
    cohort_id = await live(wizard, db, clock)
    effect = await wizard.propose(MODERATOR, cohort_id, "checkins_id", 44)
    assert (effect.moved, effect.dropped) == (11, 0)


async def test_a_programme_can_be_moved_and_switched_off(wizard, db, clock):
    cohort_id = await live(wizard, db, clock)
    moved = await wizard.reschedule(MODERATOR, cohort_id, "checkin", Timing(3, "10:30", 1))
    assert (moved.plans[0].rule.weekday, moved.plans[0].enabled) == (3, True)
    off = await wizard.switch(MODERATOR, cohort_id, "checkin", on=False)
    assert (off.plans[0].enabled, off.plans[0].next_at) == (False, None)
    with pytest.raises(Refusal, match="as a time"):
        await wizard.reschedule(MODERATOR, cohort_id, "checkin", Timing(3, "noonish", 1))


async def test_the_brake_holds_everything_and_lists_it(running, db, cohort, clock):
    await letter(db, cohort, clock, "a")
    await letter(db, cohort, clock, "b")
    paused, held = await running.pause(MODERATOR)
    assert (paused.state, [(b.kind, b.count) for b in held]) == (
        CohortState.PAUSED, [("checkin.ask", 2)],
    )  # fmt: skip
    await running.pause(MODERATOR)
    assert (await actions(db, cohort.cohort_id)).count("paused") == 1


async def test_resuming_drops_what_was_not_chosen(running, db, cohort, clock):
    await letter(db, cohort, clock, "a", "checkin.ask")
    await letter(db, cohort, clock, "b", "goals.shared")
    _cohort, held = await running.pause(MODERATOR)
    keep = next(batch.key for batch in held if batch.kind == "goals.shared")
    await running.keep(MODERATOR, cohort.cohort_id, [keep], [batch.key for batch in held])
    _cohort, sent, dropped = await running.resume(MODERATOR, cohort.cohort_id)
    assert (sent, dropped) == (1, 1)
    assert await state_of(db, "a") is LetterState.CANCELLED
    assert await state_of(db, "b") is LetterState.PENDING
    assert (await running.resume(MODERATOR, cohort.cohort_id))[1:] == (0, 0)


async def test_a_holiday_names_what_falls_out_and_can_be_taken_back(running, wizard, db, clock):
    cohort_id = await live(wizard, db, clock)
    _cohort, on, falling = await running.skip(MODERATOR, "6 april")
    assert (on, falling) == (date(2026, 4, 6), ["checkin"])
    _cohort, sends = await running.preview(MODERATOR)
    assert date(2026, 4, 6) not in {send.at.date() for send in sends}
    await running.unskip(MODERATOR, cohort_id, on)
    _cohort, sends = await running.preview(MODERATOR)
    assert date(2026, 4, 6) in {send.at.date() for send in sends}


async def test_a_day_that_has_passed_cannot_be_skipped(running, cohort):
    with pytest.raises(Refusal, match="has passed"):
        await running.skip(MODERATOR, "2026-03-01")


async def test_the_join_card_is_posted_and_repeated_once(running, db, cohort, clock):
    for number in (1, 2):
        assert (await running.invite(MODERATOR, 5))[2] == number
    with pytest.raises(Refusal, match="stands in <#5>"):
        await running.invite(MODERATOR, 5)


async def test_importing_enrols_nobody_writes_to_nobody_and_counts(running, db, cohort, ada, clock):
    file = b"discord_id,username,name\n123456789012345678,,Zoe\n,ben,Ben\n"
    read = await running.read_roster(MODERATOR, file)
    assert (read.count, read.new, read.known) == (2, 2, 0)
    async with db.read() as tx:
        assert await roster.turnout(tx, cohort.cohort_id) is None
    _cohort, found = await running.take_roster(MODERATOR, read.change_id)
    assert (found.joined, found.expected) == (0, 2)
    with pytest.raises(NotFound, match="imported or put aside"):
        await running.take_roster(MODERATOR, read.change_id)
    again = await running.read_roster(MODERATOR, file)
    assert (again.new, again.known, again.gone) == (0, 2, 0)


async def test_a_bad_file_leaves_the_old_list_as_it_was(running, db, cohort):
    good = await running.read_roster(MODERATOR, b"username,name\nada,Ada\n")
    await running.take_roster(MODERATOR, good.change_id)
    with pytest.raises(Refusal, match="Line 3"):
        await running.read_roster(MODERATOR, b"username,name\nben,Ben\nchen,=1\n")
    page = await running.missing(MODERATOR, cohort.cohort_id)
    assert [person.name for person in page.people] == ["Ada"]


async def test_who_has_not_joined_comes_in_pages(running, cohort):
    rows = "".join(f"user{n:02},Name {n:02}\n" for n in range(45))
    read = await running.read_roster(MODERATOR, f"username,name\n{rows}".encode())
    await running.take_roster(MODERATOR, read.change_id)
    last = await running.missing(MODERATOR, cohort.cohort_id, 99)
    assert (last.page, last.pages, len(last.people)) == (2, 3, 5)


async def test_a_lost_channel_blocks_and_a_mended_one_lets_go(running, wizard, db, clock):
    cohort_id = await ready(wizard)
    await wizard.go_live(MODERATOR, cohort_id, good_ground())
    ground = good_ground()
    gone = Ground({n: c for n, c in ground.channels.items() if n != 2}, {})
    await running.survey(500, gone)
    async with db.read() as tx:
        blocked = await cohorts.require(tx, cohort_id)
    assert blocked.state is CohortState.BLOCKED
    assert "the channel is gone" in blocked.blocked_reason
    assert await running.mend(MODERATOR, cohort_id, gone)
    assert await running.mend(MODERATOR, cohort_id, ground) == []
    async with db.read() as tx:
        assert (await cohorts.require(tx, cohort_id)).state is CohortState.LIVE


async def test_status_counts_and_shows_the_reasons(running, wizard, db, clock, ada):
    page = await running.status(MODERATOR, good_ground())
    assert (page.joined, page.paused, page.left, page.turnout) == (1, 0, 0, None)


async def test_a_new_server_is_greeted_once_and_an_old_one_never(running, db, cohort, clock):
    await running.welcome(700, 70, clock())
    await running.welcome(700, 70, clock())
    await running.welcome(701, 71, clock() - timedelta(days=30))
    await running.welcome(cohort.guild_id, 5, clock())
    day = clock().date().isoformat()
    assert await state_of(db, f"cohorts.welcome:700:{day}") is LetterState.PENDING
    async with db.read() as tx:
        assert await outbox.result(tx, f"cohorts.welcome:500:{day}") is None


async def test_an_erased_moderator_is_no_contact_and_nameless_in_the_log(running, wizard, db):
    cohort_id = await ready(wizard)
    async with db.write() as tx:
        await running.erase(tx, MODERATOR.user_id)
        assert (await cohorts.require(tx, cohort_id)).contacts == ()
        assert {who for _at, who, *_rest in await cohorts.history(tx, cohort_id)} == {None}
