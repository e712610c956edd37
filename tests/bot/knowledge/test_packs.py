"""Stint's own content is whole, an operator's is added to it, and mistakes are told readably."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.clockwork.phases import Phase, Stage
from bot.errors import CannotStart
from bot.knowledge.content import Aspect, Moment, Section, Topic
from bot.knowledge.packs import SHIPPED, Packs

MONDAY = date(2026, 6, 1)
WEEK = timedelta(weeks=1)

Write = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def packs() -> Packs:
    return Packs.load()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Puts a file into an operator's folder."""

    def put(name: str, text: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return put


@pytest.fixture
def told(tmp_path: Path) -> Callable[[], list[str]]:
    """What the operator reads about their folder."""

    def problems() -> list[str]:
        found = Packs.load(extra=[tmp_path]).problems
        return [str(problem).replace(f"{tmp_path}/", "") for problem in found]

    return problems


# What Stint brings


def test_every_shipped_pack_is_valid(packs: Packs):
    assert packs.problems == ()


@pytest.mark.parametrize("phase", Phase)
def test_each_phase_offers_three_things_to_do_with_their_sources(packs: Packs, phase: Phase):
    for action in packs.actions(phase, Stage.INTERNING, MONDAY):
        assert action.do and action.why and action.how
        assert action.source.url.startswith("https://")
    assert len(packs.actions(phase, Stage.INTERNING, MONDAY)) == 3


def test_how_and_when_i_am_evaluated_is_asked_in_the_first_phase_whatever_the_week(packs: Packs):
    for week in range(10):
        actions = packs.actions(Phase.LAND, Stage.INTERNING, MONDAY + week * WEEK)
        assert any("evaluated" in action.do for action in actions)


def test_no_advice_is_given_twice(packs: Packs):
    everything = [a.do for guidance in packs.phases.values() for a in guidance.actions]
    everything += [action.do for one in packs.sets for action in one.actions]

    assert len(everything) == len(set(everything))


@pytest.mark.parametrize("phase", [*Phase, None])
@pytest.mark.parametrize("field", Topic)
def test_every_part_of_a_check_in_has_a_question_in_every_phase(
    packs: Packs, phase: Phase | None, field: Topic
):
    prompt = packs.prompt(phase, MONDAY, field)

    assert prompt.field is field
    assert len(prompt.label) <= 45
    assert len(prompt.ask) <= 100


def test_there_are_at_least_forty_different_prompts(packs: Packs):
    asked = [prompt.ask for one in packs.prompts for prompt in one.prompts]

    assert len(asked) == len(set(asked)) >= 40


def test_every_guide_has_a_source_and_fits_one_card(packs: Packs):
    assert len(packs.guides) >= 6
    for guide in packs.guides.values():
        assert guide.sources
        assert len(guide.title) + len(guide.summary) + len(guide.body) < 4000


# What fits a week


def test_the_same_three_stand_all_week_and_others_the_week_after(packs: Packs):
    weeks = [
        {packs.actions(Phase.REACH, Stage.INTERNING, MONDAY + timedelta(day)) for day in days}
        for days in (range(7), range(7, 14))
    ]

    assert len(weeks[0]) == len(weeks[1]) == 1
    assert weeks[0] != weeks[1]


def test_from_its_first_day_a_phase_goes_through_all_its_actions_in_order(packs: Packs):
    whole = packs.guidance(Phase.REACH).actions
    thursday = MONDAY + timedelta(3)

    first = packs.actions(Phase.REACH, Stage.INTERNING, thursday, since=thursday)
    second = packs.actions(Phase.REACH, Stage.INTERNING, MONDAY + WEEK, since=thursday)

    assert first == whole[:3]
    assert second == whole[3:6]


def test_key_actions_stay_while_the_others_take_turns(packs: Packs):
    weeks = [packs.actions(Phase.STRIDE, Stage.INTERNING, MONDAY + n * WEEK) for n in range(3)]

    assert len({week[0] for week in weeks}) == 1
    assert len({action for week in weeks for action in week}) == 7


def test_someone_looking_does_three_different_kinds_of_thing_each_week(packs: Packs):
    set_of = {a: one.id for one in packs.sets for a in one.actions if one.stage is Stage.LOOKING}

    seen = [packs.actions(Phase.LAND, Stage.LOOKING, MONDAY + n * WEEK) for n in range(16)]

    assert all(len({set_of[action] for action in week}) == 3 for week in seen)
    assert {action for week in seen for action in week} == set(set_of)


@pytest.mark.parametrize("stage", Stage)
def test_outside_of_all_phases_there_is_still_something_to_do(packs: Packs, stage: Stage):
    assert len(packs.actions(None, stage, MONDAY)) == 3


def test_prompts_take_turns_from_week_to_week(packs: Packs):
    asked = [packs.prompt(Phase.STRIDE, MONDAY + n * WEEK, Topic.WIN).id for n in range(4)]

    assert asked[0] == asked[2] != asked[1] == asked[3]


# What an operator adds

ACTION = """
  - do: Read the security handbook
    why: You sign it in week one.
    how: Chapters 1 to 3 are enough.
    source: {id: handbook, name: Our handbook, url: "https://handbook.example/"}
"""


def test_an_operators_actions_come_before_the_phases_own(write: Write, tmp_path: Path):
    write("actions/security.yaml", f"id: security\nphase: land\nactions:{ACTION}")

    packs = Packs.load(extra=[tmp_path])

    assert packs.problems == ()
    first = packs.guidance(Phase.LAND).actions[0]
    assert (first.do, first.source.name) == ("Read the security handbook", "Our handbook")


def test_an_operators_key_actions_win_when_there_are_more_than_fit(write: Write, tmp_path: Path):
    keys = "".join(
        ACTION.replace("handbook\n", f"handbook {n}\n") + "    key: true\n" for n in range(3)
    )
    write("actions/security.yaml", f"id: security\nphase: land\nactions:{keys}")

    shown = Packs.load(extra=[tmp_path]).actions(Phase.LAND, Stage.INTERNING, MONDAY)

    assert [action.do[-1] for action in shown[:2]] == ["0", "1"]
    assert len(shown) == 3


def test_a_pack_of_the_same_name_takes_the_shipped_ones_place(write: Write, tmp_path: Path):
    mine = (SHIPPED / "guides/first-week.md").read_text(encoding="utf-8")
    write("guides/first-week.md", mine.replace("Getting the first week right", "Week one at Acme"))

    guides = Packs.load(extra=[tmp_path]).guides

    assert guides["first-week"].title == "Week one at Acme"
    assert len(guides) == len(Packs.load().guides)


@pytest.mark.parametrize(
    ("name", "text", "told_as"),
    [
        (
            "actions/a.yaml",
            f"id: a\nphase: land\nactions:{ACTION.replace('Read the', 'Read ' * 20)}",
            "actions/a.yaml, line 4 (actions → entry 1 → do): at most 90 characters; this has 118",
        ),
        (
            "actions/a.yaml",
            f"id: a\nphase: landing\nactions:{ACTION}",
            "actions/a.yaml, line 2 (phase): choose one of 'before', 'land', 'plan', 'stride', "
            "'midpoint', 'reach', 'close', 'last_week' or 'after'",
        ),
        (
            "actions/a.yaml",
            f"id: a\nphase: land\ncolour: red\nactions:{ACTION}",
            "actions/a.yaml, line 3 (colour): nothing of this name belongs here",
        ),
        (
            "actions/a.yaml",
            "id: a\nphase: land\n",
            "actions/a.yaml, line 1 (actions): this is missing",
        ),
        (
            "actions/a.yaml",
            "id: a\nphase: land\nactions:\n  - do: Rest\n    why: It helps.\n    how: Sit.\n"
            "    source: nobody\n",
            "actions/a.yaml, line 7 (actions → entry 1 → source): no source is called “nobody”; "
            "add it to sources/, or give name and url",
        ),
        (
            "prompts/p.yaml",
            "id: p\nprompts:\n  - {id: yes, field: win, label: A win, ask: Which?}\n",
            "prompts/p.yaml, line 3 (prompts → entry 1 → id): write text here (put it in quotes "
            "if it looks like a number or a yes/no)",
        ),
        (
            "prompts/p.yaml",
            "id: p\nprompts: {\n",
            "prompts/p.yaml, line 3: not valid YAML: did not find expected node content",
        ),
        ("prompts/p.yaml", "", "prompts/p.yaml, line 1: write names with their values here"),
        ("prompts/p.yaml", "- id", "prompts/p.yaml, line 1: write names with their values here"),
        ("prompts/p.txt", "hello", "prompts/p.txt: a pack's name ends in .md, .yaml, .yml"),
        (
            "guides/g.md",
            "# Hello\n",
            "guides/g.md, line 1: start with a block between two lines of ---",
        ),
        (
            "guides/g.md",
            "---\nid: g\ntitle: 3\nsummary: Text\nkeywords: [a, b, c]\nsources: [nace-conversion]\n"
            "---\nText\n",
            "guides/g.md, line 3 (title): write text here (put it in quotes if it looks like a "
            "number or a yes/no)",
        ),
        (
            "guide/g.md",
            "",
            "guide: no such kind of pack; choose one of sources, guides, phases, actions, stages, "
            "prompts, icebreakers, agendas, questions, challenges, reflections, competencies, "
            "openings, digests",
        ),
    ],
)
def test_a_mistake_is_told_with_its_file_and_place(
    write: Write, told: Callable[[], list[str]], name: str, text: str, told_as: str
):
    write(name, text)

    assert told() == [told_as]


def test_a_broken_pack_is_skipped_and_the_one_beside_it_used(write: Write, tmp_path: Path):
    write("prompts/broken.yaml", "id: [")
    write("prompts/mine.yaml", "id: mine\nprompts:\n  - {id: w, field: win, label: A, ask: B?}\n")

    packs = Packs.load(extra=[tmp_path])

    assert [problem.file.name for problem in packs.problems] == ["broken.yaml"]
    assert any(one.id == "mine" for one in packs.prompts)


def test_two_packs_of_one_name_in_a_folder_are_told_apart(
    write: Write, told: Callable[[], list[str]]
):
    for name in ("one", "two"):
        write(
            f"prompts/{name}.yaml", "id: x\nprompts:\n  - {id: w, field: win, label: A, ask: B?}\n"
        )

    assert told() == ["prompts/two.yaml: one.yaml is “x” already"]


def test_a_file_in_another_encoding_is_told(tmp_path: Path, told: Callable[[], list[str]]):
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts/p.yaml").write_bytes("id: café".encode("latin-1"))

    assert told() == ["prompts/p.yaml: save this file as UTF-8"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path):
    problems = Packs.load(extra=[tmp_path / "gone"]).problems

    assert [problem.mistake for problem in problems] == ["there is no such folder"]


def test_broken_content_of_our_own_stops_the_start(tmp_path: Path):
    shipped = shutil.copytree(SHIPPED, tmp_path / "packs")
    (shipped / "phases/land.yaml").write_text("phase: land\n")

    with pytest.raises(CannotStart, match=r"land\.yaml, line 1 \(title\): this is missing"):
        Packs.load(shipped)


@pytest.mark.parametrize(
    ("file", "lacking"),
    [
        ("phases/reach.yaml", "nothing about the phase “reach”"),
        ("stages/finished.yaml", "no actions for the stage “finished”"),
        ("prompts/any-week.yaml", "no prompt about “progress” for any week"),
        ("agendas/close.yaml", "no agenda for the phase “close”"),
        ("icebreakers/anytime.yaml", "too few icebreakers for any time"),
        ("questions/teamwork.yaml", "no question about “teamwork”"),
        ("challenges/any-time.yaml", "no challenge for any time"),
        ("reflections/months.yaml", "too few questions to reflect on for “month”"),
        ("competencies/career-readiness.yaml", "no competencies"),
        ("openings/midpoint.yaml", "no opening for the phase “midpoint”"),
        ("digests/weekly.yaml", "no words for the section “actions”"),
    ],
)
def test_a_gap_in_our_own_content_stops_the_start(tmp_path: Path, file: str, lacking: str):
    shipped = shutil.copytree(SHIPPED, tmp_path / "packs")
    (shipped / file).unlink()

    with pytest.raises(CannotStart, match=lacking):
        Packs.load(shipped)


# What people talk about when they meet


def test_there_are_at_least_120_different_icebreakers_and_none_is_told_twice(packs: Packs):
    asked = [one for group in packs.icebreakers for one in group.icebreakers]

    assert len(asked) == len({one.ask for one in asked}) == len({one.id for one in asked}) >= 120


@pytest.mark.parametrize("phase", [*Phase, None])
def test_people_without_a_shared_interest_get_a_question_of_their_phase(
    packs: Packs, phase: Phase | None
):
    name = phase.replace("_", "-") if phase else "anytime"

    found = {packs.icebreaker(phase, seed=seed).id for seed in range(50)}

    assert len(found) >= 6
    assert all(each.startswith(name) for each in found)


@pytest.mark.parametrize(
    ("named", "about"),
    [
        ("Open Source", "open-source"),
        ("indoor climbing!", "outdoors"),
        ("Dungeons and Dragons", "board-games"),
        ("d&d", "board-games"),
        ("AI", "machine-learning"),
        ("Golang", "backend"),
    ],
)
def test_a_shared_interest_comes_first_however_it_is_written(packs: Packs, named: str, about: str):
    found = packs.icebreaker(Phase.LAND, ["stamps", named, "cooking"], seed=7)

    assert found.id.startswith(about)


def test_a_word_inside_another_word_is_no_interest(packs: Packs):
    assert packs.icebreaker(Phase.LAND, ["painting by mail", "aid", "gothic"]).id.startswith(
        "crafts"
    )
    assert packs.icebreaker(Phase.LAND, ["aid", "gothic"]).id.startswith("land")


def test_the_same_seed_asks_the_same_and_the_next_one_never(packs: Packs):
    weeks = [(phase, seed) for seed, phase in enumerate(list(Phase) * 30)]
    shared = ([], ["music"], ["music", "web"], ["stamps"])

    asked = [packs.icebreaker(phase, shared[seed % 7 % 4], seed) for phase, seed in weeks]

    assert asked == [packs.icebreaker(p, shared[s % 7 % 4], s) for p, s in weeks]
    assert all(one != other for one, other in pairwise(asked))


def test_a_question_that_was_asked_before_can_be_left_out(packs: Packs):
    for seed in range(40):
        last = packs.icebreaker(Phase.REACH, ["coffee"], seed).id
        assert packs.icebreaker(Phase.REACH, ["coffee"], seed, after=last).id != last


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_an_agenda_of_half_an_hour(packs: Packs, phase: Phase):
    agenda = packs.agenda(phase)

    assert 4 <= len(agenda.lines) <= 6
    assert agenda.minutes == 30
    assert agenda.source.url.startswith("https://")


def test_the_first_session_begins_with_getting_to_know_each_other(packs: Packs):
    usual, first = packs.agenda(Phase.PLAN), packs.agenda(Phase.PLAN, first=True)

    assert first.lines[0].do.startswith("Get to know")
    assert first.lines[1:] == usual.lines[1:]
    assert first.minutes == 30


def test_somebody_without_dates_gets_an_agenda_too(packs: Packs):
    assert packs.agenda(None) == packs.agenda(Phase.STRIDE)


def test_mentors_have_a_guide_of_their_own(packs: Packs):
    assert "mentor" in packs.guides["mentoring"].keywords


def test_an_operators_icebreakers_and_agendas_join_ours(write: Write, tmp_path: Path):
    write(
        "icebreakers/lab.yaml",
        "id: lab\ninterest: lasers\nwords: [optics]\nicebreakers:\n"
        "  - {id: lab-first, ask: Which wavelength?}\n",
    )
    mine = (SHIPPED / "agendas/land.yaml").read_text(encoding="utf-8")
    write("agendas/land.yaml", mine.replace("The first week", "Week one at Acme"))

    packs = Packs.load(extra=[tmp_path])

    assert packs.problems == ()
    assert packs.icebreaker(Phase.LAND, ["Fibre optics"]).id == "lab-first"
    assert packs.agenda(Phase.LAND).title == "Week one at Acme"


@pytest.mark.parametrize(
    ("name", "text", "told_as"),
    [
        (
            "icebreakers/i.yaml",
            "id: i\nwords: [optics]\nicebreakers:\n  - {id: a, ask: Which?}\n",
            "icebreakers/i.yaml, line 1: name the interest that these words stand for",
        ),
        (
            "icebreakers/i.yaml",
            "id: i\nicebreakers:\n  - {id: a, ask: Which?}\n  - {id: a, ask: Who?}\n",
            "icebreakers/i.yaml, line 1: two icebreakers are called “a”",
        ),
        (
            "agendas/a.yaml",
            "phase: land\ntitle: A\nfirst: B\nsource: together-agendas\nlines:\n"
            + "  - {minutes: 7, do: Talk.}\n" * 4,
            "agendas/a.yaml, line 1: the minutes add up to 28; a session has 30",
        ),
    ],
)
def test_a_mistake_about_meeting_is_told(
    write: Write, told: Callable[[], list[str]], name: str, text: str, told_as: str
):
    write(name, text)

    assert told() == [told_as]


def test_there_are_forty_feedback_questions_and_some_for_every_aspect_and_phase(packs: Packs):
    every = [one for group in packs.questions for one in group.questions]

    assert len({one.id for one in every}) == len(every) >= 40
    for group in packs.questions:
        for phase in Phase:
            assert any(not one.phases or phase in one.phases for one in group.questions)


@pytest.mark.parametrize("aspect", list(Aspect))
@pytest.mark.parametrize("phase", [None, *Phase])
def test_another_feedback_question_is_another_one(
    packs: Packs, aspect: Aspect, phase: Phase | None
):
    four = [packs.question(aspect, phase, seed) for seed in range(4)]

    assert len({one.id for one in four}) == 4
    assert all(one.ask != one.smaller for one in four)
    assert packs.question(aspect, phase, 0) == packs.question(aspect, phase, 0)


# What is done, asked and said from week to week

CHALLENGE = """
  - id: mine
    do: Bring somebody a coffee
    why: It starts a talk.
    how: Ask what they drink.
    minutes: 15
    source: {id: handbook, name: Our handbook, url: "https://handbook.example/"}
"""


def test_an_operators_challenges_questions_and_words_join_ours(write: Write, tmp_path: Path):
    write("challenges/c.yaml", f"id: c\nphases: [reach]\nchallenges:{CHALLENGE}")
    write(
        "reflections/r.yaml",
        "id: r\nabout: The lab\nsource: duke-reflection\nquestions:\n"
        "  - {id: r-week, moment: week, label: The lab, ask: What did you measure?}\n",
    )
    write("openings/reach.yaml", "id: reach\nphase: reach\ncard: [A, B, C]\ndigest: [D, E, F]\n")
    write(
        "digests/ours.yaml",
        "id: ours\nsections:\n  - {section: wins, heading: Lab news, leads: [One, Two]}\n",
    )
    ours = [each.id for one in Packs.load().challenges for each in one.challenges]

    packs = Packs.load(extra=[tmp_path])

    assert packs.problems == ()
    assert packs.challenge(Phase.REACH, done=ours).id == "mine"
    assert "r-week" in {each.id for turn in range(5) for each in packs.reflect(Moment.WEEK, turn)}
    assert packs.card_opening(Phase.REACH, Stage.INTERNING, 4) == "B"
    assert packs.digest_opening(Phase.REACH) == "D"
    assert packs.section(Section.WINS).heading == "Lab news"
    assert packs.section(Section.KUDOS) == Packs.load().section(Section.KUDOS)


def test_an_action_can_lead_to_a_guide_that_comes_with_it(write: Write, tmp_path: Path):
    mine = (SHIPPED / "guides/first-week.md").read_text(encoding="utf-8")
    write("guides/handbook.md", mine.replace("id: first-week", "id: handbook", 1))
    write("actions/a.yaml", f"id: a\nphase: land\nactions:{ACTION.rstrip()}\n    guide: handbook\n")

    packs = Packs.load(extra=[tmp_path])

    assert packs.problems == ()
    assert packs.guidance(Phase.LAND).actions[0].guide == "handbook"


@pytest.mark.parametrize(
    ("name", "text", "told_as"),
    [
        (
            "actions/a.yaml",
            f"id: a\nphase: land\nactions:{ACTION.rstrip()}\n    guide: handbook\n",
            "actions/a.yaml, line 8 (actions → entry 1 → guide): no guide is called “handbook”; "
            "add it to guides/, or leave this out",
        ),
        (
            "challenges/c.yaml",
            f"id: c\nchallenges:{CHALLENGE.replace('15', '90')}",
            "challenges/c.yaml, line 7 (challenges → entry 1 → minutes): at most 60",
        ),
        (
            "challenges/c.yaml",
            f"id: c\nchallenges:{CHALLENGE.replace('15', '1')}",
            "challenges/c.yaml, line 7 (challenges → entry 1 → minutes): at least 5",
        ),
        (
            "challenges/c.yaml",
            f"id: c\nstage: looking\nphases: [land]\nchallenges:{CHALLENGE}",
            "challenges/c.yaml, line 1: a set for a stage names no phases; people in a stage may "
            "have none",
        ),
        (
            "challenges/c.yaml",
            f"id: c\nchallenges:{CHALLENGE}{CHALLENGE.lstrip(chr(10))}",
            "challenges/c.yaml, line 1: two challenges are called “mine”",
        ),
        (
            "reflections/r.yaml",
            "id: r\nabout: A\nsource: duke-reflection\nquestions:\n"
            "  - {id: a, moment: after, label: A, ask: B?, follows: b}\n",
            "reflections/r.yaml, line 5 (questions → entry 1): follows and recall belong together: "
            "the earlier answer needs a line",
        ),
        (
            "reflections/r.yaml",
            "id: r\nabout: A\nsource: duke-reflection\nquestions:\n"
            "  - {id: a, moment: after, label: A, ask: B?, follows: b, recall: Then}\n",
            "reflections/r.yaml, line 1: “a” follows “b”, which is not above it",
        ),
        (
            "openings/o.yaml",
            "id: o\ncard: [A, B, C]\ndigest: [D, E, F]\n",
            "openings/o.yaml, line 1: name either a phase or a stage",
        ),
        (
            "digests/d.yaml",
            "id: d\nsections:\n  - {section: gossip, heading: A, leads: [B, C]}\n",
            "digests/d.yaml, line 3 (sections → entry 1 → section): choose one of 'actions', "
            "'wins', 'opportunities', 'closing', 'questions', 'events', 'introductions', 'kudos' "
            "or 'note'",
        ),
    ],
)
def test_a_mistake_in_a_week_is_told(
    write: Write, told: Callable[[], list[str]], name: str, text: str, told_as: str
):
    write(name, text)

    assert told() == [told_as]


def test_a_guides_lines_run_on_and_its_lists_and_quotes_stay(write: Write, tmp_path: Path):
    head = (SHIPPED / "guides/first-week.md").read_text(encoding="utf-8").split("\n---\n")[0]
    body = "One line\nand the rest.\n\n**List**\n- first\n  goes on\n- second\n\n"
    body += "> Said\n> so.\n> New.\n"
    write("guides/g.md", head.replace("id: first-week", "id: g", 1) + "\n---\n" + body)

    guide = Packs.load(extra=[tmp_path]).guides["g"]

    assert guide.body == (
        "One line and the rest.\n\n**List**\n- first goes on\n- second\n\n> Said so.\n> New."
    )
