"""A whole round, lived by eight people in four zones, through to the moderators' report."""

from datetime import timedelta

import pytest

from bot.people import contact
from bot.people.users import Inbox
from tests.conftest import words_of
from tests.introductions.conftest import TUESDAY


@pytest.mark.simcord(settle_timeout=60)
@pytest.mark.slow
async def test_a_round_is_lived_by_eight_people_in_four_zones(intros):
    """Told a day ahead, met, silent, drawn again, left, joined late, kept apart, counted."""
    await intros.everyone_in("ada", "ben", "chen", "dora", "emil", "fay", "gus")
    await intros.everyone_in("hana", inbox=Inbox.CLOSED)
    async with intros.db.write() as tx:
        await contact.stop(tx, intros.ada.id, intros.ben.id, intros.env.now())

    # A day ahead: everybody is told who takes messages, and the moderators see the draw.
    await intros.until(TUESDAY - timedelta(hours=23))
    assert "Skip this one" in intros.letters("ada")
    assert intros.inbox("hana") == []
    assert "Count me in" in words_of(intros.hall.history()[-1])
    preview = words_of(intros.staff.history()[-1])
    assert "4 groups" in preview
    assert "seed" in preview
    assert "never met" in preview

    # It goes out: everybody is in exactly one thread, and nobody is called at night.
    await intros.until(TUESDAY + timedelta(minutes=30))
    threads = intros.threads()
    assert len(threads) == 4
    seated = [each for thread in threads for each in intros.inside(thread)]
    eight = {person.id for name, person in intros.people.items() if name != "ivo"}
    assert sorted(seated) == sorted(eight)
    assert intros.partners("ada") != ["ben"]
    assert [len(thread.history()) for thread in threads] == [1, 1, 1, 1]
    for name in ("gus", "hana"):
        assert f"<@{intros.people[name].id}>" not in intros.said(name)

    # One pair meets. Elsewhere somebody writes and nobody answers; a third pair loses a member.
    happy = intros.thread_of("hana").id
    waiting, leaver, quiet = (thread.id for thread in threads if thread.id != happy)
    active, ghost = names_in(intros, waiting)
    goes, stays = names_in(intros, leaver)
    await intros.tap("hana", "We met")
    hello = "Hello, when do you have time?"
    await intros.people[active].send(thread_handle(intros, waiting), hello)
    await intros.until(TUESDAY + timedelta(hours=26))
    assert f"<@{intros.gus.id}>" in intros.said("gus")

    left = await intros.people[goes].slash(intros.hall, "intro leave")
    assert "You are out" in words_of(left)
    await intros.tick()
    assert "cannot be paired any further" in intros.said(stays)

    # After three days of silence somebody else can be found; the silent one is asked privately.
    await intros.until(TUESDAY + timedelta(hours=74))
    assert "Find me someone else" in thread_words(intros, waiting)
    again = await intros.tap(active, "Find me someone else")
    assert "I look for somebody else" in words_of(again)
    await intros.until(TUESDAY + timedelta(hours=97))
    assert intros.partners(active) == [stays]
    assert intros.thread_of(active).id not in (waiting, leaver)

    # Somebody joins in the middle, and the silent one turns out to be still up for it.
    await intros.member("ivo")
    late = await intros.ivo.slash(intros.hall, "intro join")
    assert "I look for somebody for you" in words_of(late)
    asked = next(m for m in reversed(intros.inbox(ghost)) if "Still up" in words_of(m))
    back = await intros.people[ghost].user.click(asked, label="Still up for it")
    assert "I look for somebody for you" in words_of(back)
    await intros.until(TUESDAY + timedelta(hours=121))
    assert intros.partners("ivo") == [ghost]
    await intros.tap("ivo", "Not yet")

    # The last pair neither writes nor presses. The round ends, and the moderators read numbers.
    await intros.until(TUESDAY + timedelta(days=12, hours=22, minutes=30))
    assert "Halfway" not in thread_words(intros, happy)
    assert "This round ends soon: did you meet?" in thread_words(intros, quiet)
    assert "what became of it" in words_of(intros.staff.history()[-1])
    report = await intros.moderator.slash(intros.staff, "cohort intro report")
    said = words_of(report)
    assert "2 met, 2 planned, 5 no reply, 4 re-matched, 0 undelivered" in said
    assert not any(person.name in said for person in intros.people.values())


def names_in(intros, thread_id):
    thread = thread_handle(intros, thread_id)
    return sorted(n for n, person in intros.people.items() if person.id in intros.inside(thread))


def thread_handle(intros, thread_id):
    return next(thread for thread in intros.threads() if thread.id == thread_id)


def thread_words(intros, thread_id):
    return "\n".join(words_of(m) for m in thread_handle(intros, thread_id).history())
