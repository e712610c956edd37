"""The /feedback commands: read what was typed, ask the service, show the answer."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import NotFound
from bot.face.choosing import own_cohorts
from bot.face.forms import Form, Question, asked, on_again, on_form, open_form
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import N_, _
from bot.knowledge.content import Aspect
from bot.people.activity import Visibility

from . import outside_views, views
from .model import (
    ABOUT,
    ASPECTS,
    OCCASION_LIMIT,
    QUESTION_LIMIT,
    ROLES,
    TEXT_LIMIT,
    Role,
    Rung,
    Shelf,
    Words,
)
from .outside import OutsideService
from .service import FeedbackService, Quote, Wish

ASPECT_CHOICES = [
    app_commands.Choice(name=label, value=one.value) for one, label in ASPECTS.items()
]
ABOUT_CHOICES = [app_commands.Choice(name=label, value=one.value) for one, label in ABOUT.items()]
READER_CHOICES = [
    app_commands.Choice(name="Only them", value=Visibility.ME.value),
    app_commands.Choice(name="Them and their mentor", value=Visibility.MENTOR.value),
]
WHICH = "Which cohort, if you are in several"
READERS = tuple((one.value, label) for one, label in views.READERS)
ROLE_CHOICES = tuple((one.value, label) for one, label in ROLES.items())
ASPECT_OPTIONS = tuple((one.value, label) for one, label in ASPECTS.items())


class AskForm(Form):
    """A request: one occasion, one question, and who will read the answer."""

    occasion: str = asked(
        N_("What is it about?"),
        description=N_("One thing they saw: a talk, a change, a week of working together."),
        most=OCCASION_LIMIT,
    )
    question: str = asked(
        N_("Your question"),
        description=N_("Make it smaller or your own. One question gets better answers than three."),
        long=True,
        most=QUESTION_LIMIT,
    )
    readers: str = asked(
        N_("Who may read the answer?"),
        description=N_("They see this before they write, and it stays so."),
        choices=READERS,
    )


class GiveForm(Form):
    """Situation, behaviour, impact, and two looks ahead. Words, never scores."""

    happened: str = asked(
        N_("What happened?"), description=N_("When and where."), long=True, most=TEXT_LIMIT
    )
    saw: str = asked(
        N_("What did you see or hear?"),
        description=N_("What they did, without guessing why."),
        long=True,
        most=TEXT_LIMIT,
    )
    changed: str = asked(
        N_("What did it change?"),
        description=N_("For you, for the work, for others."),
        long=True,
        required=False,
        most=TEXT_LIMIT,
    )
    keep: str = asked(N_("Keep doing"), long=True, required=False, most=TEXT_LIMIT)
    focus: str = asked(N_("Focus on"), long=True, required=False, most=TEXT_LIMIT)


class OutsideForm(Form):
    """A question to somebody who is not on Discord."""

    who: str = asked(N_("Whom do you ask?"), choices=ROLE_CHOICES)
    occasion: str = asked(
        N_("What is it about?"),
        description=N_("One thing they saw: a talk, a change, a week of working together."),
        most=OCCASION_LIMIT,
    )
    question: str = asked(
        N_("Your question"),
        description=N_("Make it smaller or your own. One question gets better answers than three."),
        long=True,
        most=QUESTION_LIMIT,
    )


class LogForm(Form):
    """What somebody said, by role, for oneself."""

    said: str = asked(
        N_("What did they say?"),
        description=N_("As close to their words as you can."),
        long=True,
        most=TEXT_LIMIT,
    )
    who: str = asked(
        N_("Who was it?"), description=N_("Kept as a role, without a name."), choices=ROLE_CHOICES
    )
    aspect: str = asked(N_("What was it about?"), choices=ASPECT_OPTIONS)
    occasion: str = asked(N_("On what occasion?"), required=False, most=OCCASION_LIMIT)
    focus: str = asked(N_("What do you make of it?"), long=True, required=False, most=TEXT_LIMIT)


class FeedbackCog(
    commands.GroupCog, name="feedback", description="Ask for feedback, give it, look back on it"
):
    """Commands about feedback."""

    def __init__(self, service: FeedbackService, outside: OutsideService) -> None:
        self._service = service
        self._outside = outside
        super().__init__()

    # --- asking

    @app_commands.command()
    @app_commands.describe(member="Whom", aspect="What it is about", cohort=WHICH)
    @app_commands.choices(aspect=ASPECT_CHOICES)
    @app_commands.autocomplete(cohort=own_cohorts)
    async def ask(
        self,
        interaction: Interaction,
        member: discord.User,
        aspect: str = "deliverable",
        cohort: str | None = None,
    ) -> None:
        """Ask somebody for feedback on one thing they saw."""
        await self._open_ask(interaction, member, Aspect(aspect), cohort)

    async def _open_ask(
        self, interaction: Interaction, other: Any, aspect: Aspect, cohort: str | None = None
    ) -> None:
        begun = await self._service.begin(
            caller(interaction, cohort), other.id, other.display_name, aspect, is_bot=other.bot
        )
        if begun.inside:
            await open_form(
                interaction,
                AskForm,
                "feedback.drafted",
                f"{other.id}-{aspect.value}-{begun.member.cohort_id}",
                title=N_("Ask for feedback"),
                fill={"question": begun.question.ask, "readers": Visibility.ME.value},
            )
        else:
            await self._open_outside(
                interaction,
                begun.member.cohort_id,
                aspect,
                {"question": begun.question.ask, "who": Role.TEAMMATE.value},
                not_joined=True,
            )

    @on_press("feedback.start")
    async def start(self, interaction: Interaction, subject: str) -> None:
        """Ask whom somebody wants feedback from."""
        await carry_on(interaction, views.start_card(_aspect(subject)))

    @on_press("feedback.whom")
    async def whom(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Ask somebody chosen from the server."""
        other = await interaction.client.fetch_user(_id(values[0]))
        await self._open_ask(interaction, other, _aspect(subject))

    @on_form("feedback.drafted", AskForm)
    async def drafted(self, interaction: Interaction, subject: str, form: AskForm) -> None:
        """Show what would be sent."""
        other_id, aspect, cohort_id = _three(subject)
        page = await self._service.draft(
            caller(interaction), _id(other_id), _id(cohort_id), _aspect(aspect), _wish(form)
        )
        await carry_on(interaction, views.preview_card(page))

    @on_press("feedback.change")
    async def change(self, interaction: Interaction, subject: str) -> None:
        """Open the form of a request again."""
        ask = (await self._service.drafted(caller(interaction), _id(subject))).ask
        fill = {
            "occasion": ask.occasion,
            "question": ask.question,
            "readers": ask.visibility.value,
        }
        await open_form(
            interaction,
            AskForm,
            "feedback.changed",
            ask.ask_id,
            title=N_("Ask for feedback"),
            fill=fill,
        )

    @on_form("feedback.changed", AskForm)
    async def changed(self, interaction: Interaction, subject: str, form: AskForm) -> None:
        """Show the changed request."""
        page = await self._service.reword(caller(interaction), _id(subject), _wish(form))
        await carry_on(interaction, views.preview_card(page))

    @on_press("feedback.aspect")
    async def about(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Ask about another aspect."""
        page = await self._service.set_aspect(caller(interaction), _id(subject), _aspect(values[0]))
        await redraw(interaction, views.preview_card(page))

    @on_press("feedback.other")
    async def other(self, interaction: Interaction, subject: str) -> None:
        """Offer another question."""
        page = await self._service.other_question(caller(interaction), _id(subject))
        await redraw(interaction, views.preview_card(page))

    @on_press("feedback.discard")
    async def discard(self, interaction: Interaction, subject: str) -> None:
        """Throw a request away."""
        await self._service.discard(caller(interaction), _id(subject))
        await redraw(interaction, views.discarded_card())

    @on_press("feedback.send")
    async def send(self, interaction: Interaction, subject: str) -> None:
        """Send a request."""
        page = await self._service.send(caller(interaction), _id(subject))
        await redraw(interaction, views.sent_card(page))

    @on_press("feedback.asked")
    async def mine(self, interaction: Interaction, subject: str) -> None:
        """Show a request to whoever made it."""
        page = await self._service.asked(caller(interaction), _id(subject))
        await carry_on(interaction, views.asked_card(page))

    @on_press("feedback.withdraw")
    async def withdraw(self, interaction: Interaction, subject: str) -> None:
        """Take a request back."""
        page = await self._service.withdraw(caller(interaction), _id(subject))
        await redraw(interaction, views.asked_card(page))

    # --- being asked

    @on_press("feedback.request")
    async def request(self, interaction: Interaction, subject: str) -> None:
        """Show a request to the person asked."""
        page = await self._service.request(caller(interaction), _id(subject))
        await carry_on(interaction, views.request_card(page))

    @on_press("feedback.answer")
    async def answer(self, interaction: Interaction, subject: str) -> None:
        """Open the form of an answer, with its readers printed in it."""
        page = await self._service.to_answer(caller(interaction), _id(subject))
        name, visibility = page.asker.name, page.ask.visibility
        await open_form(
            interaction,
            GiveForm,
            "feedback.answered",
            page.ask.ask_id,
            title=views.form_title(visibility, name),
            fill={"happened": page.ask.occasion},
            asks=_with_readers(visibility, name),
        )

    @on_again("feedback.answered")
    async def answer_again(self, interaction: Interaction, subject: str) -> dict[str, Question]:
        """Print the readers in the form of an answer that was refused."""
        page = await self._service.to_answer(caller(interaction), _id(subject))
        return _with_readers(page.ask.visibility, page.asker.name)

    @on_form("feedback.answered", GiveForm)
    async def answered(self, interaction: Interaction, subject: str, form: GiveForm) -> None:
        """Bring an answer."""
        page = await self._service.answer(caller(interaction), _id(subject), _words(form))
        await carry_on(interaction, views.given_card(page))

    @on_press("feedback.not_now")
    async def not_now(self, interaction: Interaction, subject: str) -> None:
        """Leave it for later."""
        page = await self._service.not_now(caller(interaction), _id(subject))
        await redraw(interaction, views.later_card(page))

    @on_press("feedback.decline")
    async def decline(self, interaction: Interaction, subject: str) -> None:
        """Say no without anybody being told."""
        page = await self._service.decline(caller(interaction), _id(subject))
        await redraw(interaction, views.declined_card(page))

    # --- giving unasked

    @app_commands.command()
    @app_commands.describe(
        member="Whom", aspect="What it is about", readers="Who reads it", cohort=WHICH
    )
    @app_commands.choices(aspect=ABOUT_CHOICES, readers=READER_CHOICES)
    @app_commands.autocomplete(cohort=own_cohorts)
    async def give(
        self,
        interaction: Interaction,
        member: discord.User,
        aspect: str = "deliverable",
        readers: str = "me",
        cohort: str | None = None,
    ) -> None:
        """Tell somebody what you saw and what it changed."""
        begun = await self._service.begin_giving(
            caller(interaction, cohort), member.id, member.display_name, is_bot=member.bot
        )
        visibility = Visibility(readers)
        await open_form(
            interaction,
            GiveForm,
            "feedback.given",
            f"{member.id}-{aspect}.{visibility.value}-{begun.member.cohort_id}",
            title=views.form_title(visibility, begun.name)
            if begun.inside
            else N_("Feedback · only to copy"),
            asks=_with_readers(visibility, begun.name) if begun.inside else None,
        )

    @on_again("feedback.given")
    async def give_again(self, interaction: Interaction, subject: str) -> dict[str, Question]:
        """Print the readers in the form of feedback that was refused."""
        other_id, how, cohort_id = _three(subject)
        asks = caller(interaction, cohort_id)
        begun = await self._service.begin_giving(asks, _id(other_id), "")
        visibility = Visibility(how.partition(".")[2])
        return _with_readers(visibility, begun.name) if begun.inside else {}

    @on_form("feedback.given", GiveForm)
    async def given(self, interaction: Interaction, subject: str, form: GiveForm) -> None:
        """Bring feedback, or hand it back as words to copy."""
        other_id, how, cohort_id = _three(subject)
        aspect, _dot, visibility = how.partition(".")
        page = await self._service.give(
            caller(interaction),
            _id(other_id),
            _id(cohort_id),
            _aspect(aspect),
            Visibility(visibility),
            _words(form),
        )
        if page is None:
            text = "\n\n".join(part for part in form.model_dump().values() if part)
            await show(interaction, views.copy_card("", text))
        else:
            await show(interaction, views.given_card(page))

    # --- people outside

    @app_commands.command()
    @app_commands.describe(aspect="What it is about", cohort=WHICH)
    @app_commands.choices(aspect=ASPECT_CHOICES)
    @app_commands.autocomplete(cohort=own_cohorts)
    async def outside(
        self, interaction: Interaction, aspect: str = "deliverable", cohort: str | None = None
    ) -> None:
        """Get words to copy for a manager who is not on Discord."""
        await self._begin_outside(interaction, Aspect(aspect), cohort)

    @on_press("feedback.outward")
    async def outward(self, interaction: Interaction, subject: str) -> None:
        """Ask somebody outside, from a card."""
        await self._begin_outside(interaction, _aspect(subject))

    async def _begin_outside(
        self, interaction: Interaction, aspect: Aspect, cohort: str | None = None
    ) -> None:
        member, question = await self._outside.begin(caller(interaction, cohort), aspect)
        fill = {"question": question.ask, "who": Role.MANAGER.value}
        await self._open_outside(interaction, member.cohort_id, aspect, fill)

    async def _open_outside(
        self,
        interaction: Interaction,
        cohort_id: int,
        aspect: Aspect,
        fill: dict[str, str],
        *,
        not_joined: bool = False,
    ) -> None:
        await open_form(
            interaction,
            OutsideForm,
            "feedback.outside",
            f"{int(not_joined)}-{aspect.value}-{cohort_id}",
            title=N_("Words to copy · only you"),
            fill=fill,
        )

    @on_form("feedback.outside", OutsideForm)
    async def asked_outside(
        self, interaction: Interaction, subject: str, form: OutsideForm
    ) -> None:
        """Show three texts to copy."""
        not_joined, aspect, cohort_id = _three(subject)
        page = await self._outside.ask(
            caller(interaction),
            _id(cohort_id),
            Role(form.who),
            _aspect(aspect),
            form.occasion,
            form.question,
            not_joined=not_joined == "1",
        )
        await carry_on(interaction, outside_views.outside_card(page))

    @on_press("feedback.rung")
    async def rung(self, interaction: Interaction, subject: str) -> None:
        """Show the words again."""
        page = await self._outside.get(caller(interaction), _id(subject))
        await carry_on(interaction, outside_views.outside_card(page))

    @on_press("feedback.heard")
    async def heard(self, interaction: Interaction, subject: str) -> None:
        """Open the form that keeps an answer from outside."""
        outside = (await self._outside.get(caller(interaction), _id(subject))).outside
        fill = {
            "who": outside.role.value,
            "aspect": outside.aspect.value,
            "occasion": outside.occasion,
        }
        await open_form(
            interaction,
            LogForm,
            "feedback.logged",
            outside.outside_id,
            title=N_("What they said · only you"),
            fill=fill,
        )

    @on_press("feedback.no_answer")
    async def no_answer(self, interaction: Interaction, subject: str) -> None:
        """Take the next step of the ladder."""
        number, _dash, rung = subject.partition("-")
        page = await self._outside.no_answer(caller(interaction), _id(number), _one_of(Rung, rung))
        await carry_on(interaction, outside_views.outside_card(page))

    @on_press("feedback.said_no")
    async def said_no(self, interaction: Interaction, subject: str) -> None:
        """Note that they said no."""
        page = await self._outside.refused(caller(interaction), _id(subject))
        await carry_on(interaction, outside_views.outside_card(page))

    @on_press("feedback.teammate")
    async def teammate(self, interaction: Interaction, subject: str) -> None:
        """Ask a teammate instead."""
        page = await self._outside.ask_teammate(caller(interaction), _id(subject))
        await carry_on(interaction, outside_views.outside_card(page))

    @on_press("feedback.leave")
    async def leave(self, interaction: Interaction, subject: str) -> None:
        """Ask no more about it."""
        page = await self._outside.leave(caller(interaction), _id(subject))
        await carry_on(interaction, outside_views.outside_card(page))

    # --- keeping and looking back

    @app_commands.command()
    async def log(self, interaction: Interaction) -> None:
        """Keep what somebody told you, only for yourself."""
        fill = {"who": Role.MANAGER.value, "aspect": Aspect.DELIVERABLE.value}
        await open_form(
            interaction,
            LogForm,
            "feedback.logged",
            0,
            title=N_("What they said · only you"),
            fill=fill,
        )

    @on_form("feedback.logged", LogForm)
    async def logged(self, interaction: Interaction, subject: str, form: LogForm) -> None:
        """Keep it."""
        quote = Quote(form.said, Role(form.who), _aspect(form.aspect), form.occasion, form.focus)
        page = await self._service.log(caller(interaction), quote, _id(subject))
        await carry_on(interaction, views.feedback_card(page))

    @app_commands.command(name="list")
    async def list_(self, interaction: Interaction) -> None:
        """See what you got, gave and asked for."""
        await show(interaction, views.list_card(await self._service.look_at(caller(interaction))))

    @on_press("feedback.list")
    async def shelf(self, interaction: Interaction, subject: str) -> None:
        """Show another part of the list."""
        shelf, _dash, page = subject.partition("-")
        found = await self._service.look_at(
            caller(interaction), _one_of(Shelf, shelf), int(page) if page.isdecimal() else 0
        )
        await carry_on(interaction, views.list_card(found))

    @on_press("feedback.page")
    async def turn(self, interaction: Interaction, subject: str) -> None:
        """Turn a page."""
        await self.shelf(interaction, subject)

    @on_press("feedback.read")
    async def read(self, interaction: Interaction, subject: str) -> None:
        """Show feedback to its receiver or its giver."""
        page = await self._service.read(caller(interaction), _id(subject))
        await carry_on(interaction, views.feedback_card(page))

    @on_press("feedback.unread")
    async def unread(self, interaction: Interaction, subject: str) -> None:
        """Show the oldest feedback that was not read."""
        page = await self._service.next_unread(caller(interaction), _id(subject))
        await carry_on(interaction, views.feedback_card(page))

    @on_press("feedback.whole")
    async def whole(self, interaction: Interaction, subject: str) -> None:
        """Show feedback in full."""
        number, _dash, at = subject.partition("-")
        page = await self._service.read(caller(interaction), _id(number))
        view = views.whole_card(page, int(at) if at.isdecimal() else 0)
        await carry_on(interaction, view)

    @on_press("feedback.keep")
    async def keep(self, interaction: Interaction, subject: str) -> None:
        """Keep feedback in the journal."""
        entry_id = await self._service.keep(caller(interaction), _id(subject))
        await show(interaction, views.journal_card(entry_id))

    @on_press("feedback.goal")
    async def goal(self, interaction: Interaction, subject: str) -> None:
        """Make a goal of it."""
        await self._service.make_goal(caller(interaction), _id(subject))
        await show(interaction, views.kept_card(_("It is a goal now. `/goal list` shows it.")))

    @app_commands.command()
    @app_commands.describe(aspect="Which aspect", cohort=WHICH)
    @app_commands.choices(aspect=ASPECT_CHOICES)
    @app_commands.autocomplete(cohort=own_cohorts)
    async def reflect(
        self, interaction: Interaction, aspect: str | None = None, cohort: str | None = None
    ) -> None:
        """See what you hear about one aspect over time."""
        chosen = Aspect(aspect) if aspect else None
        page = await self._service.reflect(caller(interaction, cohort), chosen)
        await show(interaction, views.reflect_card(page))

    @on_press("feedback.reflect")
    async def look_back(self, interaction: Interaction, subject: str) -> None:
        """Look at another aspect."""
        page = await self._service.reflect(caller(interaction), _aspect(subject))
        await redraw(interaction, views.reflect_card(page))


def _wish(form: AskForm) -> Wish:
    return Wish(form.occasion, form.question, Visibility(form.readers))


def _words(form: GiveForm) -> Words:
    return Words(form.happened, form.saw, form.changed, form.keep, form.focus)


def _with_readers(visibility: Visibility, name: str) -> dict[str, Question]:
    """Print who reads it below the form's first question."""
    return {
        "happened": Question(
            N_("What happened?"),
            views.fixed_readers(visibility, name),
            long=True,
            least=1,
            most=TEXT_LIMIT,
        )
    }


def _aspect(text: str) -> Aspect:
    return _one_of(Aspect, text)


def _one_of(words: Any, text: str) -> Any:
    """Read one of a few words. Raises NotFound for any other."""
    if text not in set(words):
        raise NotFound(_("That button is from an older version of me. Try `/feedback list`."))
    return words(text)


def _three(subject: str) -> tuple[str, str, str]:
    first, _dash, rest = subject.partition("-")
    middle, _dash, last = rest.rpartition("-")
    return first, middle, last


def _id(typed: str) -> int:
    return number_in(typed, _("That is gone. `/feedback list` shows what is there."))
