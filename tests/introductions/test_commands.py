"""Introductions as their people live them: joined, told, met, silent, gone, counted."""

from tests.conftest import words_of
from tests.introductions.conftest import TUESDAY


async def test_two_people_meet_in_a_private_thread_with_all_they_need(intros, child_process):
    await intros.everyone_in("ada", "chen")
    await intros.tell("ada", team="Billing", interests="climbing, chess")
    await intros.tell("chen", team="Data", interests="Chess")
    await intros.until(TUESDAY)
    (thread,) = intros.threads()
    assert intros.inside(thread) == {intros.ada.id, intros.chen.id}
    said = words_of(thread.history()[0])
    lines = [line for line in said.splitlines() if line]
    assert lines[0].startswith("Read by: you, ")
    assert lines[0].endswith("and this server's moderators.")
    assert "Interests: climbing, chess" in said
    assert "Team: Data" in said
    assert "Tue 10:00 for " in said and "Tue 15:00 for " in said
    assert "You all work at <t:" in said
    assert "you go first" in said
    assert "Report a problem" in said
