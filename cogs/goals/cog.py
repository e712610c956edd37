"""The /goal commands: read what was typed, ask the service, show the answer."""

from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.face.forms import Form, asked, on_form, open_form
from bot.face.look import clip, plain
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, redraw, show
from bot.face.words import N_, _
from bot.people.activity import Visibility

from . import views
from .model import AREAS, NOTE_LIMIT, TEXT_LIMIT, WHAT_LIMIT, Area, GoalState
from .service import GoalService, Wish

AREA_CHOICES = [app_commands.Choice(name=label, value=area.value) for area, label in AREAS.items()]


class GoalForm(Form):
    """A goal in four questions, one of them required."""

    what: str = asked(
        N_("What do you want to reach?"), placeholder=N_("One sentence is enough."), most=WHAT_LIMIT
    )
    measure: str = asked(
        N_("How will you know?"),
        description=N_("A number, a date, or somebody who says so."),
        long=True,
        required=False,
        most=TEXT_LIMIT,
    )
    target: str = asked(
        N_("By when?"),
        placeholder=N_("2026-12-24, in 3 weeks, next friday"),
        required=False,
        most=40,
    )
    first_step: str = asked(
        N_("What is the first step?"), required=False, long=True, most=TEXT_LIMIT
    )


class NoteForm(Form):
    """A line of progress."""

    text: str = asked(N_("What moved?"), long=True, most=NOTE_LIMIT)


class LessonForm(Form):
    """What somebody takes from a goal they let go."""

    lesson: str = asked(
        N_("What do you take from it?"),
        description=N_("Letting go is a decision too. One line for later you; it may stay empty."),
        long=True,
        required=False,
        most=TEXT_LIMIT,
    )


class Goals(commands.GroupCog, name="goal", description="What you want to reach"):
    """Commands about goals."""

    def __init__(self, service: GoalService) -> None:
        self._service = service
        super().__init__()

    @app_commands.command()
    @app_commands.describe(area="What it is about", cohort="Which cohort, if you are in several")
    @app_commands.choices(area=AREA_CHOICES)
    async def add(
        self, interaction: Interaction, area: str = "technical", cohort: str | None = None
    ) -> None:
        """Name a goal, and how you will know that you reached it."""
        subject = f"{Area(area).value}-{clip(cohort or '', 40)}"
        await open_form(
            interaction, GoalForm, "goals.add", subject, title=N_("New goal · only you")
        )

    @on_press("goals.new")
    async def new(self, interaction: Interaction, subject: str) -> None:
        """Open the form of a new goal from a card."""
        await open_form(
            interaction, GoalForm, "goals.add", "technical-", title=N_("New goal · only you")
        )

    @on_form("goals.add", GoalForm)
    async def added(self, interaction: Interaction, subject: str, form: GoalForm) -> None:
        """Save a new goal."""
        area, _dash, cohort = subject.partition("-")
        page = await self._service.make(
            caller(interaction, cohort or None), _wish(form, Area(area))
        )
        await show(interaction, views.made_card(page))

    @app_commands.command(name="list")
    @app_commands.describe(cohort="Which cohort, if you are in several")
    async def list_(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See your goals."""
        page = await self._service.look_at(caller(interaction, cohort))
        await show(interaction, views.list_card(page))

    @on_press("goals.list")
    async def turn(self, interaction: Interaction, subject: str) -> None:
        """Show another page, or the goals in another state."""
        state, _dash, page = (subject or "open-0").partition("-")
        found = await self._service.look_at(caller(interaction), GoalState(state), int(page or 0))
        await redraw(interaction, views.list_card(found))

    @app_commands.command()
    @app_commands.describe(goal="Which goal")
    async def update(self, interaction: Interaction, goal: str) -> None:
        """Note progress on a goal."""
        page = await self._service.get(caller(interaction), _id(goal))
        await open_form(
            interaction, NoteForm, "goals.noted", page.goal.goal_id, title=N_("Progress · only you")
        )

    @app_commands.command()
    @app_commands.describe(goal="Which goal")
    async def done(self, interaction: Interaction, goal: str) -> None:
        """Mark a goal done."""
        page = await self._service.finish(caller(interaction), _id(goal))
        await show(interaction, views.goal_card(page))

    @app_commands.command()
    @app_commands.describe(goal="Which goal")
    async def drop(self, interaction: Interaction, goal: str) -> None:
        """Let a goal go, and keep what you learned."""
        await self.let_go(interaction, str(_id(goal)))

    @update.autocomplete("goal")
    @done.autocomplete("goal")
    @drop.autocomplete("goal")
    async def goal_choices(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the member's open goals."""
        found = await self._service.choices(caller(interaction), current)
        return [
            app_commands.Choice(name=clip(plain(goal.what), 100), value=str(goal.goal_id))
            for goal in found[:25]
        ]

    @on_press("goals.show")
    async def open(self, interaction: Interaction, subject: str) -> None:
        """Show one goal."""
        page = await self._service.get(caller(interaction), _id(subject))
        await redraw(interaction, views.goal_card(page))

    @on_press("goals.note")
    async def note(self, interaction: Interaction, subject: str) -> None:
        """Ask for a line of progress."""
        await open_form(
            interaction, NoteForm, "goals.noted", _id(subject), title=N_("Progress · only you")
        )

    @on_form("goals.noted", NoteForm)
    async def noted(self, interaction: Interaction, subject: str, form: NoteForm) -> None:
        """Save a line of progress."""
        page = await self._service.note(caller(interaction), _id(subject), form.text)
        await show(interaction, views.goal_card(page))

    @on_press("goals.done")
    async def finish(self, interaction: Interaction, subject: str) -> None:
        """Mark a goal done from its card."""
        page = await self._service.finish(caller(interaction), _id(subject))
        await redraw(interaction, views.goal_card(page))

    @on_press("goals.drop")
    async def let_go(self, interaction: Interaction, subject: str) -> None:
        """Ask for the lesson of a goal that is let go."""
        await self._service.get(caller(interaction), _id(subject))
        await open_form(
            interaction, LessonForm, "goals.dropped", _id(subject), title=N_("Let it go · only you")
        )

    @on_form("goals.dropped", LessonForm)
    async def dropped(self, interaction: Interaction, subject: str, form: LessonForm) -> None:
        """Let a goal go."""
        page = await self._service.drop(caller(interaction), _id(subject), form.lesson)
        await show(interaction, views.goal_card(page))

    @on_press("goals.again")
    async def again(self, interaction: Interaction, subject: str) -> None:
        """Open a goal again."""
        page = await self._service.pick_up_again(caller(interaction), _id(subject))
        await redraw(interaction, views.goal_card(page))

    @on_press("goals.edit")
    async def edit(self, interaction: Interaction, subject: str) -> None:
        """Open the form of a goal, filled."""
        goal = (await self._service.get(caller(interaction), _id(subject))).goal
        fill: dict[str, Any] = {
            "what": goal.what,
            "measure": goal.measure,
            "target": goal.target_on.isoformat() if goal.target_on else "",
            "first_step": goal.first_step,
        }
        await open_form(
            interaction, GoalForm, "goals.edited", goal.goal_id, title=N_("Edit goal"), fill=fill
        )

    @on_form("goals.edited", GoalForm)
    async def edited(self, interaction: Interaction, subject: str, form: GoalForm) -> None:
        """Save a changed goal."""
        wish = _wish(form, Area.TECHNICAL)
        page = await self._service.change(caller(interaction), _id(subject), wish)
        await show(interaction, views.goal_card(page))

    @on_press("goals.readers")
    async def readers(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Decide who may read a goal."""
        page = await self._service.set_visibility(
            caller(interaction), _id(subject), Visibility(values[0])
        )
        await redraw(interaction, views.goal_card(page))

    @on_press("goals.keep")
    async def keep(self, interaction: Interaction, subject: str) -> None:
        """Keep a finished goal in the journal."""
        entry_id = await self._service.keep(caller(interaction), _id(subject))
        await show(interaction, views.journal_card(entry_id))

    @on_press("goals.share")
    async def share(self, interaction: Interaction, subject: str) -> None:
        """Show what sharing would say, and to whom."""
        goal, member, channel_id = await self._service.preview_share(
            caller(interaction), _id(subject)
        )
        await redraw(interaction, views.share_preview(goal, member.name, channel_id))

    @on_press("goals.tell")
    async def tell(self, interaction: Interaction, subject: str) -> None:
        """Share a finished goal."""
        goal = await self._service.share(caller(interaction), _id(subject))
        await redraw(interaction, views.told_card(goal))


def _wish(form: GoalForm, area: Area) -> Wish:
    return Wish(form.what, form.measure, form.target, form.first_step, area)


def _id(typed: str) -> int:
    gone = _("Choose a goal from the list that opens while you type. `/goal list` shows yours.")
    return number_in(typed, gone)
