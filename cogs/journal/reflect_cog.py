"""What is pressed and filled in about questions to oneself."""

import re

from discord.ext import commands

from bot.errors import NotFound
from bot.face.forms import DESCRIPTION_LIMIT, Form, Question, asked, on_again, on_form, open_form
from bot.face.look import PLACEHOLDER_LIMIT, View, clip
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import N_, _
from bot.knowledge.content import Moment, Reflection

from . import reflect_views as views
from . import views as entry_views
from .model import ANSWER_LIMIT, Sitting
from .reflecting import ABOUT, About, ReflectService
from .service import JournalService

FIELDS = ("one", "two", "three")
TITLE = N_("For you alone")


class AnswerForm(Form):
    """Three answers, each of them optional."""

    one: str = asked(N_("Your first answer"), long=True, required=False, most=ANSWER_LIMIT)
    two: str = asked(N_("Your second answer"), long=True, required=False, most=ANSWER_LIMIT)
    three: str = asked(N_("Your third answer"), long=True, required=False, most=ANSWER_LIMIT)


class Reflections(commands.Cog):
    """Presses and forms about questions to oneself."""

    def __init__(self, service: ReflectService, journal: JournalService) -> None:
        self._service = service
        self._journal = journal

    @on_press("journal.reflect")
    async def reflect(self, interaction: Interaction, subject: str) -> None:
        """Ask three questions from a card."""
        sitting = await self._service.sit(caller(interaction), About.DIRECTION, _id(subject or "0"))
        await carry_on(interaction, card_of(sitting))

    @on_press("journal.about")
    async def about(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Ask about something else."""
        sitting = await self._service.sit(caller(interaction), About(values[0]), _id(subject))
        await redraw(interaction, card_of(sitting))

    @on_press("journal.answer")
    async def answer(self, interaction: Interaction, subject: str) -> None:
        """Open the form for the answers; those of today stand in it."""
        member_id, moment, turn = _place(subject)
        sitting = await self._service.sit_again(caller(interaction), member_id, moment, turn)
        fill = dict[str, str]()
        for field, question in zip(FIELDS, sitting.questions, strict=True):
            given = sitting.given.get(question.id)
            if given and given.on == sitting.today:
                fill[field] = given.text
        await open_form(
            interaction,
            AnswerForm,
            "journal.answered",
            subject,
            title=TITLE,
            fill=fill,
            asks=_questions(sitting),
        )

    @on_again("journal.answered")
    async def ask_again(self, interaction: Interaction, subject: str) -> dict[str, Question]:
        """Return the questions of a form that was refused."""
        member_id, moment, turn = _place(subject)
        return _questions(
            await self._service.sit_again(caller(interaction), member_id, moment, turn)
        )

    @on_form("journal.answered", AnswerForm)
    async def answered(self, interaction: Interaction, subject: str, form: AnswerForm) -> None:
        """Keep the answers."""
        member_id, moment, turn = _place(subject)
        texts = (form.one, form.two, form.three)
        sitting = await self._service.answer(caller(interaction), member_id, moment, turn, texts)
        await show(interaction, views.answered_card(sitting))

    @on_press("journal.answers")
    async def answers(self, interaction: Interaction, subject: str) -> None:
        """Show a page of earlier answers."""
        member, _dash, page = subject.partition("-")
        found = await self._service.look_at(
            caller(interaction), _id(member or "0"), _id(page or "0")
        )
        await carry_on(interaction, views.answers_card(found))

    @on_press("journal.show_answer")
    async def open(self, interaction: Interaction, subject: str) -> None:
        """Show one answer."""
        found = await self._service.get(caller(interaction), _id(subject))
        await carry_on(interaction, views.answer_card(found))

    @on_press("journal.delete_answer")
    async def delete(self, interaction: Interaction, subject: str) -> None:
        """Delete an answer."""
        found = await self._service.delete(caller(interaction), _id(subject))
        await redraw(interaction, views.answer_card(found))

    @on_press("journal.restore_answer")
    async def restore(self, interaction: Interaction, subject: str) -> None:
        """Bring an answer back."""
        found = await self._service.bring_back(caller(interaction), _id(subject))
        await redraw(interaction, views.answer_card(found))

    @on_press("journal.keep_answer")
    async def keep(self, interaction: Interaction, subject: str) -> None:
        """Make an entry of an answer."""
        entry_id = await self._service.keep(caller(interaction), _id(subject))
        page = await self._journal.get(caller(interaction), entry_id)
        await show(interaction, entry_views.kept_card(page))


def card_of(sitting: Sitting) -> View:
    """Return the card with the questions."""
    return views.sitting_card(sitting, {about.value: label for about, label in ABOUT.items()})


def _questions(sitting: Sitting) -> dict[str, Question]:
    """Return the questions of a sitting, by the fields of the form."""
    asked_now = zip(FIELDS, sitting.questions, strict=True)
    return {field: _asked(question) for field, question in asked_now}


def _asked(question: Reflection) -> Question:
    """Ask it in a form: what is too long for the line under the label goes on in the field."""
    head = clip(question.ask, DESCRIPTION_LIMIT)
    rest = question.ask[len(head) - 1 :].strip() if head != question.ask else ""
    tail = clip(f"… {rest}", PLACEHOLDER_LIMIT) if rest else None
    return Question(question.label, head, tail, long=True, most=ANSWER_LIMIT)


def _place(token: str) -> tuple[int, Moment, int]:
    found = re.fullmatch(r"(\d{1,15})-([a-z]+)-(\d{1,7})", token)
    if found is None or found[2] not in list(Moment):
        raise NotFound(_("Those questions are gone. `/journal reflect` asks anew."))
    return int(found[1]), Moment(found[2]), int(found[3])


def _id(typed: str) -> int:
    return number_in(typed, _("That is gone. `/journal reflect` goes on from here."))
