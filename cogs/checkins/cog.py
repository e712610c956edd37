"""The /checkin commands and every button around a check-in."""

from datetime import date
from io import BytesIO
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.face.forms import Form, Question, asked, on_again, on_form, open_form, question_of
from bot.face.ink import png
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, redraw, show
from bot.face.words import N_, _
from bot.people.activity import Visibility
from bot.people.caller import Caller

from . import views
from .model import CONFIDENCE, PROGRESS_LIMIT, TEXT_LIMIT, Answer, Desk, History, Source, Words
from .service import CheckinService


class CheckinForm(Form):
    """A week in five questions, one of them required."""

    progress: str = asked(N_("What moved this week?"), long=True, most=PROGRESS_LIMIT)
    win: str = asked(N_("A win, however small"), required=False, most=TEXT_LIMIT)
    blocker: str = asked(N_("What is in your way?"), long=True, required=False, most=TEXT_LIMIT)
    focus: str = asked(N_("Your focus for next week"), required=False, most=TEXT_LIMIT)
    confidence: int | None = asked(
        N_("How confident do you feel?"),
        description=N_("For your own chart. Nobody else sees it."),
        required=False,
        choices=CONFIDENCE,
        radio=True,
    )


class ShortForm(Form):
    """A week in one sentence."""

    progress: str = asked(N_("How is it going?"), long=True, most=PROGRESS_LIMIT)


class BlockerForm(Form):
    """The words of a blocker, before the mentors read them."""

    text: str = asked(N_("What should the mentors read?"), long=True, most=TEXT_LIMIT)


class HelpForm(Form):
    """What somebody answers to a blocker."""

    text: str = asked(N_("What would help?"), long=True, most=1500)


class Checkins(commands.GroupCog, name="checkin", description="Your week in three minutes"):
    """Commands and buttons about check-ins."""

    def __init__(self, service: CheckinService) -> None:
        self._service = service
        super().__init__()

    @app_commands.command()
    @app_commands.describe(cohort="Which cohort, if you are in several")
    async def now(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Answer this week's check-in."""
        desk, answer = await self._service.fill(caller(interaction, cohort))
        await self._open(interaction, desk, answer)

    @app_commands.command()
    @app_commands.describe(cohort="Which cohort, if you are in several")
    async def edit(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Change what you wrote this week."""
        desk, answer = await self._service.fill(caller(interaction, cohort))
        await self._open(interaction, desk, answer)

    @app_commands.command()
    @app_commands.describe(cohort="Which cohort, if you are in several")
    async def history(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See your weeks, your streak and your confidence."""
        await interaction.response.defer(ephemeral=True)
        found = await self._service.history(caller(interaction, cohort))
        view, files = await _drawn(found)
        await show(interaction, view, files=files)

    @on_press("checkins.history")
    async def weeks(self, interaction: Interaction, subject: str) -> None:
        """Show the weeks again."""
        await interaction.response.defer()
        view, files = await _drawn(await self._service.history(caller(interaction)))
        await redraw(interaction, view, files=files)

    @on_press("checkins.week")
    async def week(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Open one week of the history."""
        member, answer = await self._service.get(caller(interaction), _id(values[0]))
        await redraw(interaction, views.answer_card(member, answer))

    @on_press("checkins.open")
    async def open(self, interaction: Interaction, subject: str) -> None:
        """Open the form from a card."""
        who, period = _where(interaction, subject)
        desk, answer = await self._service.fill(who, period)
        await self._open(interaction, desk, answer)

    @on_press("checkins.short")
    async def short(self, interaction: Interaction, subject: str) -> None:
        """Open the form with one question."""
        who, period = _where(interaction, subject)
        desk, answer = await self._service.fill(who, period)
        if answer is not None:
            await self._open(interaction, desk, answer)
            return
        await open_form(
            interaction,
            ShortForm,
            "checkins.brief",
            views.subject_of(desk),
            title=views.form_title(desk),
        )

    @on_press("checkins.again")
    async def again(self, interaction: Interaction, subject: str) -> None:
        """Open the form with last week's focus carried over."""
        who, period = _where(interaction, subject)
        desk, answer = await self._service.fill(who, period)
        await self._open(interaction, desk, answer, focus=desk.last_focus)

    @on_press("checkins.about")
    async def about(self, interaction: Interaction, subject: str) -> None:
        """Explain what a check-in is."""
        await show(interaction, views.about_card())

    @on_press("checkins.mine")
    async def mine(self, interaction: Interaction, subject: str) -> None:
        """Show this week's answer."""
        desk, _answer = await self._service.fill(_where(interaction, subject)[0])
        await self._saved(interaction, desk)

    async def _open(
        self, interaction: Interaction, desk: Desk, answer: Answer | None, focus: str = ""
    ) -> None:
        fill: dict[str, Any] = {"focus": focus}
        if answer is not None:
            fill = {name: getattr(answer, name) for name in CheckinForm.model_fields}
        await open_form(
            interaction,
            CheckinForm,
            "checkins.answer",
            views.subject_of(desk),
            title=views.form_title(desk),
            fill=fill,
            asks={"progress": self._question(desk)},
        )

    def _question(self, desk: Desk) -> Question:
        usual = question_of(CheckinForm.model_fields["progress"])
        prompt = desk.prompt
        return Question(prompt.label, prompt.ask, None, usual.long, usual.least, usual.most)

    @on_again("checkins.answer")
    async def ask_again(self, interaction: Interaction, subject: str) -> dict[str, Question]:
        """Return the week's question for a form that was refused."""
        who, period = _where(interaction, subject)
        desk, _answer = await self._service.fill(who, period)
        return {"progress": self._question(desk)}

    @on_form("checkins.answer", CheckinForm)
    async def answered(self, interaction: Interaction, subject: str, form: CheckinForm) -> None:
        """Save a week's answer."""
        who, period = _where(interaction, subject)
        words = Words(form.progress, form.win, form.blocker, form.focus, form.confidence)
        desk = await self._service.answer(who, period, words)
        await show(interaction, self._saved_card(desk))

    @on_form("checkins.brief", ShortForm)
    async def briefly(self, interaction: Interaction, subject: str, form: ShortForm) -> None:
        """Save a week's answer of one sentence."""
        who, period = _where(interaction, subject)
        desk = await self._service.answer(who, period, Words(form.progress, source=Source.SHORT))
        await show(interaction, self._saved_card(desk))

    async def _saved(self, interaction: Interaction, desk: Desk) -> None:
        if desk.answer is None:
            await self._open(interaction, desk, None)
            return
        await redraw(interaction, self._saved_card(desk))

    def _saved_card(self, desk: Desk) -> views.View:
        return views.saved_card(desk, keeps_journal=self._service.keeps_journal)

    @on_press("checkins.edit")
    async def edit_one(self, interaction: Interaction, subject: str) -> None:
        """Open the form of an answer, filled."""
        member, answer = await self._service.get(caller(interaction), _id(subject))
        who = caller(interaction, str(member.cohort_id))
        desk, current = await self._service.fill(who, answer.period)
        await self._open(interaction, desk, current)

    @on_press("checkins.readers")
    async def readers(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Decide who may read one answer."""
        desk = await self._service.show_to(caller(interaction), _id(subject), Visibility(values[0]))
        await self._saved(interaction, desk)

    @on_press("checkins.back")
    async def back(self, interaction: Interaction, subject: str) -> None:
        """Return to the answer a card came from."""
        member, answer = await self._service.get(caller(interaction), _id(subject))
        desk, current = await self._service.fill(caller(interaction, str(member.cohort_id)))
        if current and current.checkin_id == answer.checkin_id:
            await redraw(interaction, self._saved_card(desk))
        else:
            await redraw(interaction, views.answer_card(member, answer))

    @on_press("checkins.carry")
    async def carry(self, interaction: Interaction, subject: str) -> None:
        """Open this week's form with what came too late for the last one."""
        desk, answers = await self._service.carried(caller(interaction), _id(subject))
        await open_form(
            interaction,
            CheckinForm,
            "checkins.answer",
            views.subject_of(desk),
            title=views.form_title(desk),
            fill=answers,
            asks={"progress": self._question(desk)},
        )

    @on_press("checkins.note")
    async def note(self, interaction: Interaction, subject: str) -> None:
        """Make a note for a manager out of an answer."""
        member, answer = await self._service.get(caller(interaction), _id(subject))
        await redraw(interaction, views.note_card(answer, member))

    @on_press("checkins.win")
    async def win(self, interaction: Interaction, subject: str) -> None:
        """Show what sharing a win would say, and to whom."""
        raised = await self._service.preview_win(caller(interaction), _id(subject))
        view = views.win_preview(raised.answer, raised.member, raised.channel_id)
        await redraw(interaction, view)

    @on_press("checkins.tell_win")
    async def tell_win(self, interaction: Interaction, subject: str) -> None:
        """Share a win."""
        await self._service.share_win(caller(interaction), _id(subject))
        await redraw(interaction, views.done_card(_("Shared. Your cohort reads it in a moment.")))

    @on_press("checkins.keep_win")
    async def keep_win(self, interaction: Interaction, subject: str) -> None:
        """Keep a win in the journal."""
        entry_id = await self._service.keep_win(caller(interaction), _id(subject))
        await show(interaction, views.journal_card(entry_id))

    @on_press("checkins.blocker")
    async def blocker(self, interaction: Interaction, subject: str) -> None:
        """Show what the mentors would read about a blocker."""
        raised = await self._service.preview_blocker(caller(interaction), _id(subject))
        view = views.blocker_preview(raised.answer, raised.member, raised.channel_id)
        await redraw(interaction, view)

    @on_press("checkins.reword")
    async def reword(self, interaction: Interaction, subject: str) -> None:
        """Change the words of a blocker first."""
        raised = await self._service.preview_blocker(caller(interaction), _id(subject))
        await open_form(
            interaction,
            BlockerForm,
            "checkins.reworded",
            subject,
            title=N_("For the mentors"),
            fill={"text": raised.answer.blocker},
        )

    @on_form("checkins.reworded", BlockerForm)
    async def reworded(self, interaction: Interaction, subject: str, form: BlockerForm) -> None:
        """Show the preview again, with the new words."""
        raised = await self._service.reword_blocker(caller(interaction), _id(subject), form.text)
        await show(
            interaction, views.blocker_preview(raised.answer, raised.member, raised.channel_id)
        )

    @on_press("checkins.ask_hidden")
    async def ask_hidden(self, interaction: Interaction, subject: str) -> None:
        """Bring a blocker to the mentors without a name."""
        await self._service.raise_blocker(caller(interaction), _id(subject), anonymous=True)
        await redraw(interaction, views.done_card(_sent()))

    @on_press("checkins.ask_named")
    async def ask_named(self, interaction: Interaction, subject: str) -> None:
        """Bring a blocker to the mentors with the member's name."""
        await self._service.raise_blocker(caller(interaction), _id(subject), anonymous=False)
        await redraw(interaction, views.done_card(_sent()))

    @on_press("checkins.help")
    async def help_with(self, interaction: Interaction, subject: str) -> None:
        """Let a mentor answer a blocker."""
        await self._service.can_help(caller(interaction), _id(subject), interaction.channel_id)
        await open_form(
            interaction,
            HelpForm,
            "checkins.helped",
            subject,
            title=N_("Your answer · only they read it"),
        )

    @on_form("checkins.helped", HelpForm)
    async def helped(self, interaction: Interaction, subject: str, form: HelpForm) -> None:
        """Send a mentor's answer to whoever asked."""
        await self._service.can_help(caller(interaction), _id(subject), interaction.channel_id)
        await self._service.help_with(caller(interaction), _id(subject), form.text)
        await show(interaction, views.done_card(_("Sent, to them alone. Thank you.")))

    @on_press("checkins.helps")
    async def helps(self, interaction: Interaction, subject: str) -> None:
        """Show the answers to a member's blockers."""
        await show(interaction, views.helps_card(await self._service.helps(caller(interaction))))

    async def hear(self, message: discord.Message) -> None:
        """Ask what to do with something that was written to the bot directly."""
        author = message.author
        who = Caller(user_id=author.id, guild_id=None, name=author.display_name)
        heard = await self._service.hear(who, message.id, message.content)
        if heard is None:
            return
        view = views.heard_card(heard.text, heard.desk, heard.draft_id, may_keep=heard.may_keep)
        view.stop()
        await message.channel.send(view=view)

    @on_press("checkins.save")
    async def save(self, interaction: Interaction, subject: str) -> None:
        """Save a message as this week's check-in."""
        desk = await self._service.save_heard(caller(interaction), _id(subject))
        await redraw(interaction, self._saved_card(desk))

    @on_press("checkins.keep")
    async def keep(self, interaction: Interaction, subject: str) -> None:
        """Keep a message in the journal."""
        entry_id = await self._service.keep_heard(caller(interaction), _id(subject))
        await redraw(interaction, views.journal_card(entry_id))

    @on_press("checkins.toss")
    async def toss(self, interaction: Interaction, subject: str) -> None:
        """Throw a message away."""
        await self._service.discard_heard(caller(interaction), _id(subject))
        await redraw(interaction, views.done_card(_("Discarded. I have not kept it.")))


async def _drawn(history: History) -> tuple[views.View, list[discord.File]]:
    if not history.weeks:
        return views.history_card(history, None), []
    chart = views.chart_of(history)
    file = discord.File(BytesIO(await png(chart.svg)), views.CHART, description=chart.alt)
    return views.history_card(history, chart), [file]


def _sent() -> str:
    return _("Sent to the mentors. Their answers come to you, and `/me` shows them too.")


def _where(interaction: Interaction, subject: str) -> tuple[Caller, date]:
    cohort_id, _dot, period = subject.partition(".")
    return caller(interaction, cohort_id), date.fromisoformat(period)


def _id(typed: str) -> int:
    return number_in(typed, _("That is gone."))
