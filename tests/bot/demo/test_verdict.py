"""What counts as wrong in a headless run, from messages and lines made by hand."""

from datetime import timedelta

from bot.demo.script import HOUR, PLAYERS, Player, monday
from bot.demo.tally import Fate, Line
from bot.demo.verdict import Ping, ill_timed, summary, too_many, unlike_the_script

NAMED = {player.key: player for player in PLAYERS}
AMARA, ARJUN, KATRIN, VERA = (NAMED[key] for key in ("amara", "arjun", "katrin", "vera"))
FIRST = monday(1)


def asked(player: Player, week: int, late: timedelta = timedelta(0)) -> Ping:
    return Ping(player, player.asked_at(week) + late, monday(week))


def everyone(weeks: int) -> list[Ping]:
    """What a faultless run sends: who is called by name, once a week, and the reminders."""
    return [
        asked(player, week, late)
        for week in range(1, weeks + 1)
        for player in PLAYERS
        for late in ([timedelta(0)] * player.called_in(week) + [71 * HOUR] * player.nudged_in(week))
    ]


def test_a_faultless_run_has_nothing_to_name():
    assert ill_timed(everyone(5), 5) == []
    assert too_many(everyone(5)) == []


def test_a_check_in_a_minute_late_is_named():
    heard = [ping for ping in everyone(1) if ping.player is not AMARA]

    found = ill_timed([*heard, asked(AMARA, 1, timedelta(minutes=1))], 1)

    assert found == [
        "Amara Osei was asked at 02 Mar 14:01:00 UTC, not at 02 Mar 14:00:00 UTC",
    ]


def test_a_check_in_that_never_came_is_named():
    heard = [ping for ping in everyone(1) if ping.player is not AMARA]

    assert ill_timed(heard, 1) == ["Amara Osei was asked at no time, not at 02 Mar 14:00:00 UTC"]


def test_somebody_asked_again_after_a_move_is_named():
    again = Ping(ARJUN, ARJUN.moved_at + 8 * HOUR, monday(6))

    found = ill_timed(sorted([*everyone(6), again], key=lambda ping: ping.at), 6)

    assert "Arjun Sen was asked 3 times for 2026-04-06" in found


def test_somebody_who_only_looks_at_the_card_is_not_called():
    found = ill_timed([*everyone(1), asked(KATRIN, 1)], 1)

    assert found == ["Katrin Vogel was asked at 02 Mar 08:00:00 UTC, not at no time"]


def test_a_check_in_of_a_week_that_was_not_lived_is_named():
    assert ill_timed([*everyone(1), asked(AMARA, 2)], 1) == ["Amara Osei was asked for 2026-03-09"]


def test_two_messages_on_one_day_are_one_too_many_whatever_they_are_about():
    greeting = Ping(AMARA, AMARA.asked_at(1) + HOUR, None)

    assert too_many([*everyone(1), greeting]) == ["Amara Osei had 2 messages on 2026-03-02"]


def test_four_messages_in_a_week_are_one_too_many():
    more = [Ping(AMARA, AMARA.asked_at(1) + timedelta(days=n), None) for n in (1, 2, 3)]

    assert too_many([*everyone(1), *more]) == [
        "Amara Osei had 4 messages in the week of 2026-03-02"
    ]


def test_what_the_bot_remembers_otherwise_than_it_was_lived_is_named():
    lines = [
        Line(AMARA.name, FIRST, Fate.SILENT, nudged=True),
        Line(VERA.name, monday(11), Fate.UNDELIVERED),
    ]

    assert unlike_the_script(lines) == [
        "Amara Osei counts as silent, not answered, on 2026-03-02",
        "Amara Osei was reminded of 2026-03-02",
        "nobody knows why Vera Novak was not reached on 2026-05-11",
    ]


def test_the_summary_counts_clocks_that_changed():
    assert "4 of which changed their clocks" in summary([], everyone(12), 12)


def test_the_story_has_everything_in_it():
    fates = {player.fate_in(week) for player in PLAYERS for week in range(1, 13)}

    assert fates == set(Fate)


def test_a_reply_to_their_own_question_does_not_count_as_one_message_too_many():
    replies = [Ping(AMARA, AMARA.asked_at(1) + HOUR, None, owed=True)]

    assert too_many([*everyone(1), *replies]) == []


def test_nobody_need_be_reminded_in_a_week_that_is_full():
    line = Line(ARJUN.name, FIRST, Fate.SILENT)
    told = [Ping(ARJUN, ARJUN.asked_at(1) + timedelta(days=n), None) for n in (0, 1, 2)]

    assert unlike_the_script([line], told) == []
    assert unlike_the_script([line], told[:2]) == ["Arjun Sen was not reminded of 2026-03-02"]
