"""How check-ins look."""

from datetime import date

from bot.face.charts import GoalTally, WeekPoint, confidence_chart
from bot.face.dates import short_day
from bot.face.ink import Chart
from bot.face.look import (
    Item,
    Option,
    Tone,
    View,
    card,
    clip,
    picture,
    plain,
    quote,
    row,
    safe,
    stamp,
)
from bot.face.press import pick, press
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Prompt
from bot.people.activity import Visibility
from bot.people.cohorts import Cohort
from bot.people.memberships import Member

from .model import (
    CONFIDENCE,
    MANAGER_QUESTIONS,
    PRIVATE_MARK,
    Answer,
    Blocker,
    Desk,
    History,
    Week,
    for_others,
    week_number,
)

READERS = {
    Visibility.ME: N_("Only me"),
    Visibility.MENTOR: N_("My mentor and me"),
    Visibility.COHORT: N_("My cohort, on my profile"),
}
CHART = "weeks.png"


def form_title(desk: Desk) -> str:
    """Say which week it is and who reads it."""
    return _("Check-in, week {week} · only you").format(week=desk.window.week)


def subject_of(desk: Desk) -> str:
    """Return what a check-in's buttons carry: the cohort and the week."""
    return f"{desk.member.cohort_id}.{desk.window.period}"


def ask_card(desk: Desk) -> View:
    """Ask a member how their week is going."""
    focus = desk.last_focus
    subject = subject_of(desk)
    return card(
        _("Week {week}: how is it going?").format(week=desk.window.week),
        _(
            "Three minutes are enough, and only you read it. *{prompt}* is a good place to start."
        ).format(prompt=desk.prompt.ask),
        _("Last week you wanted to focus on:\n{focus}").format(focus=quote(focus, 300))
        if focus
        else "",
        row(*_ways_in(subject, focus=bool(focus))),
        _("Or write to me here. Open until {until}.").format(
            until=stamp(desk.window.closes_at, "f")
        ),
    )


def _ways_in(subject: str, *, focus: bool = False) -> list[Item]:
    ways = [
        press(_("Check in"), "checkins.open", subject, style="primary"),
        press(_("Short version"), "checkins.short", subject),
    ]
    if focus:
        ways.append(press(_("Same focus again"), "checkins.again", subject))
    return ways


def nudge_card(desk: Desk) -> View:
    """Remind once, without any reproach."""
    return card(
        _("Still open: week {week}").format(week=desk.window.week),
        _("Your check-in closes {when}. One sentence is plenty, and skipping is fine too.").format(
            when=stamp(desk.window.closes_at, "R")
        ),
        row(*_ways_in(subject_of(desk))),
        tone=Tone.QUIET,
    )


def channel_card(cohort: Cohort, period: date, prompt: Prompt) -> View:
    """Show the cohort's card of the week in the channel."""
    week = week_number(period, cohort.first_day)
    subject = f"{cohort.cohort_id}.{period}"
    title = _("Check-in, week {week}").format(week=week) if week else _("Check-in before week 1")
    return card(
        title,
        _("A question for this week: *{ask}*").format(ask=prompt.ask),
        _("Your answer is yours alone until you decide otherwise. Three minutes are enough."),
        row(*_ways_in(subject), press(_("What is this?"), "checkins.about", subject)),
    )


def about_card() -> View:
    """Explain check-ins to somebody who never saw one."""
    return card(
        _("What is a check-in?"),
        _(
            "Once a week I ask what moved, what went well and what is in your way. Writing it down "
            "tends to help, and it becomes a record you can use later. Only you read it; "
            "moderators see whether you answered, never what. You can share a win or bring a "
            "blocker to the mentors, and you always see the exact words and readers first."
        ),
    )


def thread_name(cohort: Cohort, period: date, number: int) -> str:
    """Name the thread below the card."""
    name = _("Week {week} check-in").format(week=week_number(period, cohort.first_day))
    return f"{name} {number + 1}" if number else name


def call_card(members: list[Member], cohort_id: int, period: date) -> View:
    """Mention everyone who is asked in the thread at this minute."""
    names = " ".join(f"<@{member.user_id}>" for member in members)
    return card(
        "",
        names,
        _("It is check-in time where you are. What you write is not posted here."),
        row(*_ways_in(f"{cohort_id}.{period}")),
    )


def closing_card(closes: int, cohort_id: int, period: date) -> View:
    """Say in the thread, to nobody in particular, that the check-in closes soon."""
    return card(
        "",
        _(
            "This week's check-in closes in about 12 hours (<t:{at}:f>). Late ones are fine too."
        ).format(at=closes),
        row(*_ways_in(f"{cohort_id}.{period}")),
        tone=Tone.QUIET,
    )


def saved_card(desk: Desk, *, keeps_journal: bool) -> View:
    """Confirm an answer and offer what may come of it."""
    answer = desk.answer
    assert answer is not None
    return card(
        _("Week {week}: saved").format(week=desk.window.week),
        _summary(answer),
        "\n".join(_after(desk, answer)),
        _readers(answer),
        row(*_actions(answer, keeps_journal=keeps_journal)),
        tone=Tone.GOOD,
    )


def _after(desk: Desk, answer: Answer) -> list[str]:
    lines: list[str] = []
    if answer.late:
        lines.append(_("It came late and counts all the same."))
    if desk.streak > 1:
        lines.append(_("{n} weeks in a row.").format(n=desk.streak))
    if answer.visibility is Visibility.ME:
        lines.append(_("Only you can read it."))
    return lines


def _summary(answer: Answer) -> str:
    parts = [
        ("", answer.progress),
        (_("A win"), answer.win),
        (_("In my way"), answer.blocker),
        (_("Next week"), answer.focus),
    ]
    lines = [
        f"**{name}** {safe(clip(text, 600))}".strip("* ")
        if not name
        else f"**{name}:** {safe(clip(text, 600))}"
        for name, text in parts
        if text
    ]
    if answer.confidence:
        name, words = _("Confidence"), _(dict(CONFIDENCE)[str(answer.confidence)])
        lines.append(f"**{name}:** {words}")
    return "\n".join(lines)


def _readers(answer: Answer) -> Item | None:
    options = [
        Option(_(label), reader.value, default=reader is answer.visibility)
        for reader, label in READERS.items()
    ]
    return row(pick(_("Who may read this one"), "checkins.readers", answer.checkin_id, options))


def _actions(answer: Answer, *, keeps_journal: bool) -> list[Item]:
    actions = [press(_("Edit"), "checkins.edit", answer.checkin_id)]
    if answer.told_win and keeps_journal:
        actions.append(press(_("Add win to journal"), "checkins.keep_win", answer.checkin_id))
    if answer.told_win:
        actions.append(press(_("Share win…"), "checkins.win", answer.checkin_id))
    if answer.blocker:
        label = _("Get help with the blocker…")
        actions.append(press(label, "checkins.blocker", answer.checkin_id, style="primary"))
    actions.append(press(_("Note for my manager"), "checkins.note", answer.checkin_id))
    return actions


def answer_card(member: Member, answer: Answer) -> View:
    """Show an older answer."""
    week = week_number(answer.period, member.starts_on)
    return card(
        _("Week {week}").format(week=week),
        _summary(answer),
        row(
            press(_("Note for my manager"), "checkins.note", answer.checkin_id),
            press(_("Back to my weeks"), "checkins.history", "0"),
        ),
    )


def win_preview(answer: Answer, member: Member, channel_id: int) -> View:
    """Show what sharing a win says and who reads it."""
    return card(
        _("Share this win?"),
        _("I would post this in <#{channel}>. Everyone who can see that channel reads it.").format(
            channel=channel_id
        ),
        quote(win_text(answer, member)),
        row(
            press(_("Share it"), "checkins.tell_win", answer.checkin_id, style="success"),
            press(_("Keep it to myself"), "checkins.back", answer.checkin_id),
        ),
    )


def win_text(answer: Answer, member: Member) -> str:
    """Return the words with which a win is shared."""
    return _("A win from {name}: {win}").format(name=member.name, win=clip(answer.told_win, 1000))


def win_card(answer: Answer, member: Member) -> View:
    """Show a shared win to the cohort."""
    return card("", safe(win_text(answer, member)), tone=Tone.GOOD)


def blocker_preview(answer: Answer, member: Member, channel_id: int) -> View:
    """Show what the mentors would read, and leave the choice."""
    return card(
        _("Bring this to the mentors?"),
        _(
            "I would post this in <#{channel}>. Your cohort's mentors and moderators read that "
            "channel. Without your name they see only that somebody in {cohort} asks."
        ).format(channel=channel_id, cohort=safe(member.cohort_name)),
        quote(answer.blocker),
        _(
            "Answers come to you alone. Whoever hosts me could look up who asked, for as long as "
            "your check-in is stored."
        ),
        row(
            press(
                _("Ask without my name"), "checkins.ask_hidden", answer.checkin_id, style="primary"
            ),
            press(_("Ask with my name"), "checkins.ask_named", answer.checkin_id),
            press(_("Change the words"), "checkins.reword", answer.checkin_id),
            press(_("Not now"), "checkins.back", answer.checkin_id),
        ),
    )


def blocker_card(blocker: Blocker, member: Member) -> View:
    """Show a blocker to the mentors."""
    who = _("Somebody in {cohort}").format(cohort=safe(member.cohort_name))
    if not blocker.anonymous:
        who = _("{name} in {cohort}").format(
            name=safe(member.name), cohort=safe(member.cohort_name)
        )
    return card(
        _("{who} could use a hand").format(who=who),
        quote(blocker.text, 1000),
        _("Your answer goes to them privately. Two sentences or a question are enough."),
        row(press(_("Answer privately"), "checkins.help", blocker.blocker_id, style="primary")),
    )


def help_card(blocker: Blocker, name: str, text: str) -> View:
    """Bring an answer to whoever raised a blocker."""
    return card(
        _("An answer to your blocker"),
        _("You asked:\n{asked}").format(asked=quote(blocker.text, 300)),
        _("{name} says:\n{text}").format(name=safe(name) or _("Someone"), text=quote(text, 1500)),
        tone=Tone.GOOD,
    )


def helps_card(helps: list[tuple[str, str]]) -> View:
    """Show every answer to a member's blockers."""
    texts = [
        _("**{name}**\n{text}").format(name=safe(name) or _("Someone"), text=quote(text, 600))
        for name, text in helps[:6]
    ]
    return card(_("Answers to your blockers"), *(texts or [_("None yet.")]))


def done_card(text: str) -> View:
    """Confirm in one sentence."""
    return card("", text, tone=Tone.GOOD)


def journal_card(entry_id: int) -> View:
    """Confirm that words are in the journal, and lead there."""
    return card(
        "",
        _("It is in your journal."),
        row(press(_("Open it"), "journal.open", entry_id)),
        tone=Tone.GOOD,
    )


def note_card(answer: Answer, member: Member) -> View:
    """Offer the latest answer as a note for a manager, ready to copy."""
    phase = member.phase(answer.answered_at)
    question = _(MANAGER_QUESTIONS[phase]) if phase else _("Is there anything I should change?")
    parts = [
        (_("Done"), answer.progress),
        (_("Next"), answer.focus),
        (_("Blocked by"), answer.blocker),
        (_("One question"), question),
    ]
    lines = [
        f"{name}: {clip(plain(for_others(text)), 800)}" for name, text in parts if for_others(text)
    ]
    copied = "\n".join(lines).replace("```", "'''")
    return card(
        _("A note for your manager"),
        f"```\n{copied}\n```",
        _(
            "Copy it, change it, send it. Your confidence stays out, and so does every line that "
            "begins with *{mark}*."
        ).format(mark=PRIVATE_MARK),
        row(press(_("Back"), "checkins.back", answer.checkin_id)),
    )


def heard_card(text: str, desk: Desk, draft_id: int, *, may_keep: bool) -> View:
    """Echo what somebody wrote and ask what it is."""
    label = _("Add to my check-in") if desk.answer else _("Save as check-in")
    keep = press(_("Journal"), "checkins.keep", draft_id) if may_keep else None
    return card(
        _("What shall I do with this?"),
        quote(text, 1500),
        row(
            press(label, "checkins.save", draft_id, style="primary"),
            keep,
            press(_("Discard"), "checkins.toss", draft_id),
        ),
    )


def chart_of(history: History) -> Chart:
    """Return the picture of a member's weeks."""
    points = [
        WeekPoint(
            label=_("W{week}").format(week=week.week),
            confidence=week.answer.confidence if week.answer else None,
            late=bool(week.answer and week.answer.late),
            paused=week.paused,
        )
        for week in reversed(history.weeks)
    ]
    tally = GoalTally(history.goals_open, history.goals_done, history.goals_dropped)
    return confidence_chart(points, tally)


def history_card(history: History, chart: Chart | None) -> View:
    """Show a member's weeks with their chart; an older answer opens from the list."""
    if not history.weeks:
        return card(
            _("Your weeks"),
            _("They begin with your first check-in. `/checkin now` starts one whenever you like."),
        )
    answered = [week for week in history.weeks if week.answer]
    options = [
        Option(_week_line(week), str(week.answer.checkin_id)) for week in answered if week.answer
    ]
    streak = ngettext("{n} week in a row", "{n} weeks in a row", history.streak)
    return card(
        _("Your weeks"),
        streak.format(n=history.streak) if history.streak else "",
        picture(CHART, chart.alt) if chart else None,
        chart.figures_text if chart else "",
        "\n".join(_week_line(week) for week in history.weeks[:12]),
        row(pick(_("Open a week"), "checkins.week", "", options)) if options else None,
    )


def _week_line(week: Week) -> str:
    start = _("Week {week}, {day}: ").format(week=week.week, day=short_day(week.period))
    if week.answer is None:
        return start + (_("paused") if week.paused else _("no answer"))
    late = _("answered late") if week.answer.late else _("answered")
    if week.answer.confidence:
        return start + late + ", " + _("confidence {n}").format(n=week.answer.confidence)
    return start + late
