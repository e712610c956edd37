"""How goals look."""

from datetime import date

from bot.face.dates import short_date
from bot.face.look import Item, Option, Tone, View, card, clip, item, quote, row, safe, stamp
from bot.face.press import pick, press, turns
from bot.face.words import N_, _, ngettext
from bot.people.activity import Visibility

from .model import AREAS, Goal, GoalList, GoalPage, GoalState

READERS = {
    Visibility.ME: N_("Only me"),
    Visibility.MENTOR: N_("My mentor and me"),
    Visibility.COHORT: N_("My cohort"),
}


def made_card(page: GoalPage) -> View:
    """Confirm a new goal, coach gently where a measure is missing, and offer who may read it."""
    goal = page.goal
    coaching = _(
        "One thing that helps: how will you know that you are there? A number, a date or a person "
        "who says so. *Edit* adds it whenever you like."
    )
    return card(
        _("Goal saved"),
        _words(page),
        "" if goal.measure else coaching,
        _visibility(goal),
        row(
            press(_("Edit"), "goals.edit", goal.goal_id),
            press(_("My goals"), "goals.list", "open-0"),
        ),
        tone=Tone.GOOD,
    )


def goal_card(page: GoalPage) -> View:
    """Show one goal with its notes and what can be done with it."""
    goal = page.goal
    notes = "\n".join(f"- {stamp(n.at, 'd')} {clip(safe(n.text), 300)}" for n in page.notes)
    return card(
        _state_title(goal),
        _words(page),
        _("**Progress**\n{notes}").format(notes=notes) if notes else "",
        _visibility(goal) if goal.is_open else None,
        row(*_buttons(page)),
        row(press(_("Back to my goals"), "goals.list", f"{goal.state.value}-0")),
        tone=Tone.GOOD if goal.state is GoalState.DONE else Tone.PLAIN,
    )


def _buttons(page: GoalPage) -> list[Item | None]:
    goal = page.goal
    if goal.is_open:
        return [
            press(_("Note progress"), "goals.note", goal.goal_id, style="primary"),
            press(_("Done"), "goals.done", goal.goal_id, style="success"),
            press(_("Edit"), "goals.edit", goal.goal_id),
            press(_("Let it go"), "goals.drop", goal.goal_id),
        ]
    again = press(_("Pick it up again"), "goals.again", goal.goal_id)
    if goal.state is GoalState.DONE:
        keep = press(_("Add to my journal"), "goals.keep", goal.goal_id) if page.may_keep else None
        return [press(_("Share with my cohort…"), "goals.share", goal.goal_id), keep, again]
    return [again]


def _state_title(goal: Goal) -> str:
    titles = {
        GoalState.OPEN: _("Your goal"),
        GoalState.DONE: _("Done. Well earned."),
        GoalState.DROPPED: _("Let go"),
    }
    return titles[goal.state]


def _words(page: GoalPage) -> str:
    goal = page.goal
    lines = [
        f"**{safe(clip(goal.what, 300))}**",
        f"{_(AREAS[goal.area])}{_target(goal, page.today)}",
    ]
    if goal.measure:
        lines.append(_("How I will know: {text}").format(text=safe(clip(goal.measure, 700))))
    if goal.first_step:
        lines.append(_("First step: {text}").format(text=safe(clip(goal.first_step, 700))))
    if goal.lesson:
        lines.append(_("What I take from it: {text}").format(text=safe(clip(goal.lesson, 700))))
    return "\n".join(lines)


def _target(goal: Goal, today: date) -> str:
    if goal.target_on is None or not goal.is_open:
        return ""
    days = (goal.target_on - today).days
    if days < 0:
        return " · " + _("target was {day}").format(day=short_date(goal.target_on))
    if days == 0:
        return " · " + _("target is today")
    left = ngettext("{n} day left", "{n} days left", days).format(n=days)
    return " · " + _("target {day}, {left}").format(day=short_date(goal.target_on), left=left)


def _visibility(goal: Goal) -> Item | None:
    options = [
        Option(_(label), reader.value, default=reader is goal.visibility)
        for reader, label in READERS.items()
    ]
    return row(pick(_("Who may read it"), "goals.readers", goal.goal_id, options))


def list_card(page: GoalList) -> View:
    """Show one page of goals, each with the button that opens it."""
    if not page.counts:
        return card(
            _("Your goals"),
            _(
                "None yet. A first one can be small: *run the tests on my own machine by Friday* "
                "is a fine goal for week one."
            ),
            row(press(_("Name a goal"), "goals.new", style="primary")),
        )
    titles = {
        GoalState.OPEN: _("Your open goals"),
        GoalState.DONE: _("What you reached"),
        GoalState.DROPPED: _("What you let go"),
    }
    rows = [
        item(
            f"**{safe(clip(goal.what, 150))}**\n{_(AREAS[goal.area])}{_target(goal, page.today)}",
            press(_("Open"), "goals.show", goal.goal_id),
        )
        for goal in page.goals
    ]
    nothing = _("Nothing here at the moment.") if not rows else ""
    return card(titles[page.state], nothing, *rows, row(*_states(page)), row(*_paging(page)))


def _states(page: GoalList) -> list[Item]:
    labels = {
        GoalState.OPEN: _("Open ({n})"),
        GoalState.DONE: _("Done ({n})"),
        GoalState.DROPPED: _("Let go ({n})"),
    }
    tabs = [
        press(
            label.format(n=page.counts.get(state, 0)),
            "goals.list",
            state.value,
            disabled=state is page.state,
        )
        for state, label in labels.items()
    ]
    return [press(_("New goal"), "goals.new", style="primary"), *tabs]


def _paging(page: GoalList) -> list[Item]:
    state = page.state.value
    return turns("goals.list", lambda at: f"{state}-{at}", page.page, page.pages)


def share_preview(goal: Goal, name: str, channel_id: int) -> View:
    """Show the exact text and its readers before anything is sent."""
    return card(
        _("Share this?"),
        _(
            "This is what I would post in <#{channel}>. Everyone who can see that channel reads it."
        ).format(channel=channel_id),
        quote(shared_text(goal, name)),
        row(
            press(_("Share it"), "goals.tell", goal.goal_id, style="success"),
            press(_("Keep it to myself"), "goals.show", goal.goal_id),
        ),
    )


def shared_text(goal: Goal, name: str) -> str:
    """Return the words with which a finished goal is shared."""
    return _("{name} reached a goal: {what}").format(name=name, what=clip(goal.what, 300))


def shared_card(goal: Goal, name: str) -> View:
    """Show a finished goal to the cohort."""
    return card("", safe(shared_text(goal, name)), tone=Tone.GOOD)


def told_card(goal: Goal) -> View:
    """Confirm that the cohort is being told."""
    return card(
        _("Shared"),
        _("Your cohort can read it in a moment."),
        row(press(_("Back to my goals"), "goals.list", "done-0")),
        tone=Tone.GOOD,
    )


def journal_card(entry_id: int) -> View:
    """Confirm that a goal stands in the journal, and lead there."""
    return card(
        "",
        _("It is in your journal."),
        row(press(_("Open it"), "journal.open", entry_id)),
        tone=Tone.GOOD,
    )
