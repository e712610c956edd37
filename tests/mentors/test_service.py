"""Who may mentor, who asks, what two people agree on, and how it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.delivery.letters import LetterState, letters
from bot.errors import NotAllowed, NotFound, Refusal
from bot.people import contact, memberships, users
from bot.people.activity import Visibility
from bot.people.caller import Caller
from bot.people.forgetting import forget
from bot.people.memberships import Delivery, MemberState, Volume
from cogs.mentors.model import Agreement, Ending, MentorState, PairPage, RequestPage
from cogs.mentors.store import notes, pairings
from tests.conftest import asks, count, enrol
from tests.mentors.conftest import BOSS, MIA, NOAH

TERMS = Agreement("Settle in", "fortnightly", "A call on Thursdays")


async def written(db, kind=""):
    """Letters in their order: kind, user, member, moment."""
    async with db.read() as tx:
        rows = await tx.execute(
            select(letters)
            .where(letters.c.kind.startswith(f"mentors.{kind}"))
            .where(letters.c.state == LetterState.PENDING)
            .order_by(letters.c.letter_id)
        )
        return [(row.kind, row.place_id, row.member_id, row.due_at) for row in rows]


async def told(db, kind=""):
    return [(kind.partition(".")[2], user) for kind, user, _m, _at in await written(db, kind)]


async def by_message(db, member):
    async with db.write() as tx:
        await memberships.change(tx, member.member_id, delivery=Delivery.DM)


# --- mentors


async def test_somebody_with_the_mentors_role_begins_at_once_without_being_a_member(
    mentoring, db, cohort
):
    mentor = await mentoring.offer(MIA, place="Lisbon")
    assert mentor.state is MentorState.ACTIVE
    assert mentor.days == (0, 1, 2, 3, 4)
    async with db.read() as tx:
        user = await users.get(tx, MIA.user_id)
        assert await memberships.find(tx, cohort.cohort_id, MIA.user_id) is None
    assert user.zone == "Europe/Lisbon"
    assert user.dm_consent_at is not None


async def test_anybody_else_is_let_in_by_a_moderator_and_told(mentoring, db):
    eve = Caller(9009, 500, "Eve")
    mentor = await mentoring.offer(eve)
    assert mentor.state is MentorState.ASKED
    with pytest.raises(NotAllowed):
        await mentoring.service.offers(eve, mentoring.cohort_id)
    _cohort, waiting = await mentoring.service.offers(BOSS, mentoring.cohort_id)
    assert [one.name for one in waiting] == ["Eve"]
    _cohort, waiting = await mentoring.service.let_in(BOSS, mentor.mentor_id, welcome=True)
    assert waiting == []
    assert await told(db) == [("welcome", 9009)]
    page = await mentoring.service.mentor_page(eve, mentor.mentor_id)
    assert page.mentor.state is MentorState.ACTIVE


async def test_whoever_is_not_taken_up_hears_nothing_and_may_come_back_with_the_role(mentoring, db):
    eve = Caller(9009, 500, "Eve")
    mentor = await mentoring.offer(eve)
    await mentoring.service.let_in(BOSS, mentor.mentor_id, welcome=False)
    assert await told(db) == []
    with pytest.raises(NotAllowed, match="role"):
        await mentoring.offer(eve)
    with_role = Caller(9009, 500, "Eve", role_ids=MIA.role_ids)
    assert (await mentoring.offer(with_role)).state is MentorState.ACTIVE


async def test_a_cohort_is_mentored_from_its_own_server(mentoring):
    with pytest.raises(NotAllowed, match="server"):
        await mentoring.offer(Caller(9009, 501, "Eve", role_ids=MIA.role_ids))
    with pytest.raises(Refusal, match="server"):
        await mentoring.service.door(Caller(9009, None, "Eve"))


async def test_a_place_nobody_knows_is_refused_and_nothing_is_kept(mentoring, db):
    with pytest.raises(Refusal):
        await mentoring.offer(MIA, place="Nowhereville-upon-Xyz")
    assert (await mentoring.service.door(MIA)).mentor is None


async def test_a_mentor_pauses_and_is_back_by_themselves(mentoring, clock):
    mentor = await mentoring.offer(MIA)
    page = await mentoring.service.pause(MIA, "in 2 weeks")
    assert page.mentor.state is MentorState.PAUSED
    clock.advance(days=13)
    await mentoring.upkeep.sweep(clock())
    assert (await mentoring.service.door(MIA)).mentor.state is MentorState.PAUSED
    clock.advance(days=1)
    await mentoring.upkeep.sweep(clock())
    assert (await mentoring.service.door(MIA)).mentor.state is MentorState.ACTIVE
    with pytest.raises(Refusal, match="to come"):
        await mentoring.service.pause(MIA, "today")
    assert mentor.paused_until is None


async def test_a_mentor_card_is_nobody_elses(mentoring, ada):
    mentor = await mentoring.offer(MIA)
    with pytest.raises(NotFound):
        await mentoring.service.mentor_page(NOAH, mentor.mentor_id)
    with pytest.raises(NotFound):
        await mentoring.service.leave(asks(ada), mentor.mentor_id)


# --- requests


async def test_a_request_is_one_row_however_often_it_is_sent(mentoring, ada):
    await mentoring.service.request(asks(ada), "Python", "Tests")
    page = await mentoring.service.request(asks(ada), "Rust", "Tests")
    assert isinstance(page, RequestPage)
    assert page.request is not None
    assert page.request.topics == "Rust"
    back = await mentoring.service.withdraw(asks(ada), page.request.request_id)
    assert isinstance(back, RequestPage)
    assert back.request is None


async def test_only_members_ask_and_nobody_who_pauses(mentoring, db, ada, clock):
    with pytest.raises(Refusal, match="not joined"):
        await mentoring.service.request(MIA, "Python", "")
    async with db.write() as tx:
        await memberships.pause(tx, ada, clock().date(), None)
    with pytest.raises(Refusal, match="pausing"):
        await mentoring.service.request(asks(ada), "Python", "")


async def test_a_request_is_taken_back_by_whoever_made_it(mentoring, ada, ben):
    page = await mentoring.service.request(asks(ada), "Python", "")
    with pytest.raises(NotFound):
        await mentoring.service.withdraw(asks(ben), page.request.request_id)


# --- who is told, and when


async def test_both_are_told_once_at_hours_that_suit_them(mentoring, db, ada, clock):
    await by_message(db, ada)
    await mentoring.offer(MIA)
    clock.advance(days=4, hours=15)  # Saturday, one in the morning in New York
    await mentoring.paired(ada)
    letters_now = await written(db)
    assert [(kind, user, member) for kind, user, member, _at in letters_now] == [
        ("mentors.paired", MIA.user_id, None),
        ("mentors.paired", ada.user_id, ada.member_id),
    ]
    at = {user: moment for _kind, user, _member, moment in letters_now}
    assert at[MIA.user_id].isoformat() == "2026-03-09T12:00:00+00:00"  # Monday at eight
    assert at[ada.user_id].isoformat() == "2026-03-07T13:00:00+00:00"  # Saturday at eight


async def test_whoever_wants_only_the_card_finds_it_on_me(mentoring, db, ada, clock):
    await mentoring.offer(MIA)
    await mentoring.paired(ada)
    assert [user for _kind, user in await told(db)] == [MIA.user_id]
    async with db.read() as tx:
        (line,) = await mentoring.service.today(tx, ada, clock())
    assert line.text == "Your mentor: Mia."
    assert line.action == "mentors.pair"


async def test_a_light_week_that_is_used_up_puts_the_letter_off(mentoring, db, ada, ben, clock):
    async with db.write() as tx:
        for member in (ada, ben):
            await memberships.change(
                tx, member.member_id, delivery=Delivery.DM, volume=Volume.LIGHT
            )
    await mentoring.offer(MIA)
    pairing_id = await mentoring.paired(ada)
    await mentoring.service.agree_on(MIA, pairing_id, TERMS)
    (first, second) = [at for _k, user, _m, at in await written(db) if user == ada.user_id]
    assert first == clock()
    assert (second.date() - first.date()).days == 7


async def test_a_mentor_with_no_day_for_pings_is_never_pinged(mentoring, db, ada):
    mentor = await mentoring.offer(MIA)
    await mentoring.service.set_days(MIA, mentor.mentor_id, [])
    await mentoring.paired(ada)
    assert await told(db) == []


async def test_a_mentor_who_stopped_all_messages_is_not_written_to(mentoring, db, ada):
    mentor = await mentoring.offer(MIA)
    async with db.write() as tx:
        await users.change(tx, MIA.user_id, dm_consent_at=None)
    await mentoring.paired(ada)
    assert await told(db) == []
    page = await mentoring.service.hear_again(MIA, mentor.mentor_id)
    assert page.hears


# --- a pair


async def test_a_mentor_passes_without_a_reason_and_the_request_keeps_its_place(mentoring, db, ada):
    await by_message(db, ada)
    await mentoring.offer(MIA)
    pairing_id = await mentoring.paired(ada)
    before = (await mentoring.service.pair(asks(ada), pairing_id)).pair
    page = await mentoring.service.pass_on(MIA, pairing_id)
    assert page.pairs == ()
    waits = await mentoring.service.look_for(asks(ada))
    assert isinstance(waits, RequestPage)
    assert waits.request is not None
    assert waits.request.at <= before.pairing.began_at
    assert ("again", ada.user_id) in await told(db)
    draft = await mentoring.matches.draw(BOSS, mentoring.cohort_id)
    assert draft.rows == ()
    assert draft.waiting == ("Ada",)


async def test_the_two_agree_when_both_said_yes_to_the_same_words(mentoring, db, ada):
    await by_message(db, ada)
    await mentoring.offer(MIA)
    pairing_id = await mentoring.paired(ada)
    page = await mentoring.service.agree_on(asks(ada), pairing_id, TERMS)
    assert page.pair.pairing.agreed(page.side)
    assert not page.pair.pairing.is_agreed
    assert ("agreement", MIA.user_id) in await told(db)
    changed = Agreement("Settle in", "weekly", "A call on Thursdays")
    page = await mentoring.service.agree_on(MIA, pairing_id, changed)
    assert not page.pair.pairing.is_agreed
    page = await mentoring.service.agree(asks(ada), pairing_id)
    assert page.pair.pairing.is_agreed
    with pytest.raises(Refusal, match="begun"):
        await mentoring.service.pass_on(MIA, pairing_id)


async def test_nobody_agrees_to_nothing(mentoring, ada):
    await mentoring.offer(MIA)
    pairing_id = await mentoring.paired(ada)
    with pytest.raises(Refusal, match="Nothing is written"):
        await mentoring.service.agree(MIA, pairing_id)


async def test_the_first_session_has_an_agenda_of_its_own(mentoring, ada):
    await mentoring.offer(MIA)
    pairing_id = await mentoring.paired(ada)
    first = await mentoring.service.pair(MIA, pairing_id)
    later = await mentoring.service.met(MIA, pairing_id)
    assert first.phase is not None
    assert "Get to know" in first.agenda.lines[0].do
    assert "Get to know" not in later.agenda.lines[0].do


async def test_nobody_else_opens_a_pair(mentoring, ada, ben):
    await mentoring.offer(MIA)
    pairing_id = await mentoring.paired(ada)
    for stranger in (asks(ben), NOAH, BOSS):
        with pytest.raises(NotFound):
            await mentoring.service.pair(stranger, pairing_id)


async def test_a_mentor_reads_what_was_set_to_mentor_and_nobody_else_does(mentoring, db, ada, ben):
    async def shown(tx, member, reader):
        return [f"{member.name} for {reader.value}"]

    mentoring.hooks.shown.append(shown)
    await mentoring.offer(MIA)
    pairing_id = await mentoring.paired(ada)
    theirs = await mentoring.service.pair(MIA, pairing_id)
    own = await mentoring.service.pair(asks(ada), pairing_id)
    assert theirs.lines == (f"Ada for {Visibility.MENTOR.value}",)
    assert own.lines == ()
    async with db.read() as tx:
        assert await mentoring.service.mentors(tx, MIA.user_id, ada)
        assert not await mentoring.service.mentors(tx, NOAH.user_id, ada)
        assert not await mentoring.service.mentors(tx, MIA.user_id, ben)


async def test_notes_are_read_by_their_writer_alone_and_outlive_the_pair(mentoring, db, ada):
    await mentoring.offer(MIA)
    pairing_id = await mentoring.paired(ada)
    await mentoring.service.write_note(MIA, pairing_id, "Bring the slides")
    assert (await mentoring.service.notes_about(asks(ada), MIA.user_id)).notes == ()
    with pytest.raises(Refusal, match="not paired"):
        await mentoring.service.notes_about(BOSS, ada.user_id)
    await mentoring.service.end(asks(ada), pairing_id)
    page = await mentoring.service.notes_about(MIA, ada.user_id)
    assert [note.text for note in page.notes] == ["Bring the slides"]
    async with db.read() as tx:
        raw = (await tx.exec_driver_sql("SELECT text FROM mentor_note")).scalar_one()
        assert "slides" not in raw
    page = await mentoring.service.remove_note(MIA, pairing_id, page.notes[0].note_id)
    assert page.notes == ()


async def test_either_ends_it_and_only_the_other_is_told(mentoring, db, ada, ben):
    for member in (ada, ben):
        await by_message(db, member)
    await mentoring.offer(MIA)
    first = await mentoring.paired(ada)
    second = await mentoring.paired(ben)
    await mentoring.service.end(asks(ada), first)
    await mentoring.service.end(MIA, second)
    assert await told(db, "ended") == [("ended", MIA.user_id), ("ended", ben.user_id)]
    where = await mentoring.service.look_for(asks(ben))
    assert isinstance(where, RequestPage)
    assert where.request is None


async def test_a_mentor_who_leaves_sends_their_mentees_back_into_the_line(mentoring, db, ada, ben):
    await by_message(db, ada)
    mentor = await mentoring.offer(MIA)
    await mentoring.paired(ada)
    leaving = await mentoring.service.leaving(MIA)
    assert (leaving.mentees, leaving.pair) == (1, None)
    await mentoring.service.leave(MIA, mentor.mentor_id)
    assert ("again", ada.user_id) in await told(db)
    where = await mentoring.service.look_for(asks(ada))
    assert isinstance(where, RequestPage)
    assert where.request is not None
    with pytest.raises(Refusal, match="nothing to leave"):
        await mentoring.service.leaving(MIA)


async def test_a_member_who_leaves_the_cohort_ends_everything_they_had(mentoring, db, ada, clock):
    await mentoring.offer(MIA)
    await mentoring.paired(ada)
    async with db.write() as tx:
        await memberships.change(tx, ada.member_id, state=MemberState.LEFT)
        gone = await memberships.get(tx, ada.member_id)
        await mentoring.service.left(tx, gone, clock())
    assert await told(db, "ended") == [("ended", MIA.user_id)]
    page = await mentoring.service.mentor_page(
        MIA, (await mentoring.service.door(MIA)).mentor.mentor_id
    )
    assert page.pairs == ()


async def test_a_stop_hides_the_pair_at_once_ends_it_and_tells_nobody(mentoring, db, ada, clock):
    await by_message(db, ada)
    await mentoring.offer(MIA)
    pairing_id = await mentoring.paired(ada)
    before = await told(db)
    async with db.write() as tx:
        await contact.stop(tx, ada.user_id, MIA.user_id, clock())
    with pytest.raises(NotFound):
        await mentoring.service.pair(MIA, pairing_id)
    async with db.read() as tx:
        assert await mentoring.service.today(tx, ada, clock()) == []
        assert not await mentoring.service.mentors(tx, MIA.user_id, ada)
    assert (await mentoring.service.for_letter(pairing_id, "mentor")) is None
    await mentoring.upkeep.sweep(clock())
    async with db.read() as tx:
        assert (await tx.execute(select(pairings.c.ending))).scalar_one() is Ending.APART
    assert await told(db) == before


# --- silence


async def test_ninety_quiet_days_are_asked_about_and_a_week_later_the_place_is_free(
    mentoring, db, ada, clock
):
    await by_message(db, ada)
    await mentoring.offer(MIA, mentees=1)
    await mentoring.paired(ada)
    began = clock()
    clock.advance(days=89, hours=23)
    await mentoring.upkeep.sweep(clock())
    assert await told(db, "still") == []
    assert await mentoring.upkeep.next_moment(clock()) == began + timedelta(days=90)
    clock.advance(hours=1)
    for _twice in range(2):
        await mentoring.upkeep.sweep(clock())
    assert await told(db, "still") == [("still", MIA.user_id), ("still", ada.user_id)]
    clock.advance(days=6, hours=23)
    await mentoring.upkeep.sweep(clock())
    assert isinstance(await mentoring.service.look_for(asks(ada)), PairPage)
    clock.advance(hours=22)  # Mia was asked on Monday morning
    await mentoring.upkeep.sweep(clock())
    assert isinstance(await mentoring.service.look_for(asks(ada)), RequestPage)
    assert await told(db, "ended") == [("ended", MIA.user_id), ("ended", ada.user_id)]


async def test_the_week_to_answer_counts_from_when_the_later_one_is_told(mentoring, db, ada, clock):
    mentor = await mentoring.offer(MIA)
    await mentoring.paired(ada)
    await mentoring.service.set_days(MIA, mentor.mentor_id, [4])
    clock.advance(days=90)  # a Sunday; Mia is asked on Friday
    await mentoring.upkeep.sweep(clock())
    clock.advance(days=8)
    await mentoring.upkeep.sweep(clock())
    assert isinstance(await mentoring.service.look_for(asks(ada)), PairPage)
    clock.advance(days=5)
    await mentoring.upkeep.sweep(clock())
    assert isinstance(await mentoring.service.look_for(asks(ada)), RequestPage)


async def test_one_yes_is_enough_for_another_ninety_days(mentoring, db, ada, clock):
    await mentoring.offer(MIA)
    pairing_id = await mentoring.paired(ada)
    clock.advance(days=90)
    await mentoring.upkeep.sweep(clock())
    async with db.read() as tx:
        (line,) = await mentoring.service.today(tx, ada, clock())
    assert line.urgent
    assert line.text == "Does it go on with Mia? One tap answers."
    await mentoring.service.go_on(asks(ada), pairing_id)
    clock.advance(days=89)
    await mentoring.upkeep.sweep(clock())
    assert isinstance(await mentoring.service.look_for(asks(ada)), PairPage)
    assert len(await told(db, "still")) == 1


# --- what privacy asks


async def test_an_export_holds_ones_own_words_and_not_the_others(mentoring, db, ada):
    await mentoring.offer(MIA)
    pairing_id = await mentoring.paired(ada)
    await mentoring.service.write_note(MIA, pairing_id, "Shy, ask twice")
    async with db.read() as tx:
        theirs = str(await mentoring.service.export(tx, MIA.user_id))
        hers = str(await mentoring.service.export(tx, ada.user_id))
        stored = await mentoring.service.stored(tx, MIA.user_id)
    assert "Shy, ask twice" in theirs
    assert "Settle in" not in theirs
    assert "Settle in" in hers
    assert "Shy" not in hers
    assert any("Only you read it" in line for line in stored)


async def test_a_mentor_who_is_erased_leaves_mentees_who_wait_again(mentoring, db, ada):
    await by_message(db, ada)
    mentoring.hooks.erase.append(mentoring.service.erase)
    await mentoring.offer(MIA)
    pairing_id = await mentoring.paired(ada)
    await mentoring.service.write_note(asks(ada), pairing_id, "Great questions")
    async with db.write() as tx:
        await forget(tx, mentoring.hooks, MIA.user_id)
    where = await mentoring.service.look_for(asks(ada))
    assert isinstance(where, RequestPage)
    assert where.request is not None
    assert ("again", ada.user_id) in await told(db)
    assert await count(db, pairings) == 0
    assert await count(db, notes) == 1


async def test_the_status_counts_and_names_nobody(mentoring, db, cohort, ada, ben, clock):
    await mentoring.offer(MIA, mentees=1)
    await mentoring.paired(ada)
    await mentoring.offer(NOAH, mentees=3)
    await mentoring.service.request(asks(ben), "Design", "")
    async with db.read() as tx:
        (line,) = await mentoring.service.status(tx, cohort, clock())
    assert line.text == "Mentors: 2. Free places: 3. Pairs: 1. Waiting: 1."
    assert line.action == "mentors.match"


async def test_a_member_can_be_a_mentor_too(mentoring, db, cohort, clock, ada):
    alum = await enrol(db, cohort, MIA.user_id, "Mia", clock(), delivery=Delivery.DM)
    await mentoring.offer(MIA)
    await mentoring.paired(ada)
    assert (await written(db))[0][2] == alum.member_id
    async with db.read() as tx:
        (line,) = await mentoring.service.today(tx, alum, clock())
    assert line.text == "You mentor 1 person."
