"""Forms are pydantic models: shown as a modal, kept before they are checked, never lost."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import discord
from discord import ui
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from bot.errors import NotFound, Refusal
from bot.face.look import CUSTOM_ID_LIMIT, OPTION_LIMIT, PLACEHOLDER_LIMIT, Item, clip, plain
from bot.face.press import CUSTOM_ID, Interaction, marked, name
from bot.face.words import _
from bot.storage import drafts
from bot.storage.database import Database, riding_along

TITLE_LIMIT = 45
LABEL_LIMIT = 45
DESCRIPTION_LIMIT = 100
ANSWER_LIMIT = 4000
MOST_FIELDS = 5

AGAIN = "form.again"
"""The button that opens a draft; a form that it opened says which draft it goes on with."""
AGAIN_ID = re.compile(rf"{re.escape(AGAIN)}:(?P<draft>\d{{1,20}}):(?P<name>.*)", re.S)

Choices = Sequence[tuple[str, str]]
"""(value, label) pairs of a field that is chosen rather than typed."""


class Form(BaseModel):
    """What a form asks for: one field per question, at most five."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)


@dataclass(frozen=True, slots=True)
class Question:
    """How one field is asked: at most 45 characters of label, 100 of description."""

    label: str
    description: str | None = None
    placeholder: str | None = None
    long: bool = False
    least: int = 0
    most: int = ANSWER_LIMIT
    choices: Choices = ()
    radio: bool = False


def asked(
    label: str,
    *,
    description: str | None = None,
    placeholder: str | None = None,
    long: bool = False,
    required: bool = True,
    most: int = 1000,
    choices: Choices = (),
    radio: bool = False,
) -> Any:
    """Declare a field of a form, with the words that ask for it.

    An optional text is "" when it was left empty, an optional choice is None.
    """
    question = Question(label, description, placeholder, long, int(required), most, choices, radio)
    if required:
        return Field(json_schema_extra={"question": cast(Any, question)})
    empty = None if choices else ""
    return Field(default=empty, json_schema_extra={"question": cast(Any, question)})


def question_of(info: FieldInfo) -> Question:
    """Return how a field is asked."""
    extra = cast(dict[str, Any], info.json_schema_extra)
    return cast(Question, extra["question"])


Handler = Callable[..., Awaitable[None]]


def on_form(
    form: str, model: type[Form], *, anonymous: bool = False
) -> Callable[[Handler], Handler]:
    """Mark a cog's method as what happens when this form comes in.

    It is called with (interaction, subject, form). Of an anonymous form no draft is kept: a draft
    names its writer, and the moment.
    """

    def mark(method: Handler) -> Handler:
        method.__form__ = (form, model, anonymous)  # pyright: ignore[reportFunctionMemberAccess]
        return method

    return mark


Asker = Callable[..., Awaitable[Mapping[str, Question]]]


def on_again(form: str) -> Callable[[Asker], Asker]:
    """Mark a cog's method as what says how a form's questions read, when it opens again.

    It is called with (interaction, subject) where a form that was refused is opened with what was
    typed, and returns what `asks` was the first time.
    """

    def mark(method: Asker) -> Asker:
        method.__again__ = form  # pyright: ignore[reportFunctionMemberAccess]
        return method

    return mark


async def open_form(
    interaction: Interaction,
    model: type[Form],
    form: str,
    subject: object = "",
    *,
    title: str,
    fill: Mapping[str, Any] | None = None,
    asks: Mapping[str, Question] | None = None,
) -> None:
    """Show the form, filled with what is known. Must be the first answer to an interaction.

    `asks` replaces the words of single questions, for example by a prompt of the week.
    """
    shown = modal(model, form, subject, title=title, fill=fill or {}, asks=asks or {})
    await interaction.response.send_modal(shown)
    shown.stop()


def modal(
    model: type[Form],
    form: str,
    subject: object,
    *,
    title: str,
    fill: Mapping[str, Any],
    asks: Mapping[str, Question],
) -> ui.Modal:
    """Build the modal of a form."""
    shown = ui.Modal(title=clip(_(title), TITLE_LIMIT), custom_id=name(form, subject))
    assert len(model.model_fields) <= MOST_FIELDS, "a form has at most five fields"
    for field, info in model.model_fields.items():
        question = asks.get(field) or question_of(info)
        shown.add_item(
            ui.Label(
                text=clip(_(question.label), LABEL_LIMIT),
                description=clip(_(question.description), DESCRIPTION_LIMIT)
                if question.description
                else None,
                component=_input(field, question, fill.get(field)),
            )
        )
    return shown


def _input(field: str, question: Question, value: Any) -> Item:
    required = bool(question.least)
    chosen = "" if value is None else str(value)
    if question.radio:
        return ui.RadioGroup(
            custom_id=field,
            required=required,
            options=[
                discord.RadioGroupOption(
                    label=clip(_(label), OPTION_LIMIT), value=key, default=key == chosen
                )
                for key, label in question.choices
            ],
        )
    if question.choices:
        return ui.Select(
            custom_id=field,
            required=required,
            options=[
                discord.SelectOption(
                    label=clip(_(label), OPTION_LIMIT), value=key, default=key == chosen
                )
                for key, label in question.choices
            ],
        )
    return ui.TextInput(
        custom_id=field,
        style=discord.TextStyle.paragraph if question.long else discord.TextStyle.short,
        required=required,
        min_length=question.least or None,
        max_length=question.most,
        placeholder=clip(_(question.placeholder), PLACEHOLDER_LIMIT)
        if question.placeholder
        else None,
        default=clip(chosen, question.most) or None,
    )


def answers_of(data: Any) -> dict[str, Any]:
    """Read what was typed and chosen from a submitted modal, by field."""
    found: dict[str, Any] = {}
    for component in data["components"]:
        inner = component.get("component")
        for part in [inner] if inner else component.get("components", ()):
            if "values" in part:
                values = part["values"]
                found[part["custom_id"]] = values[0] if values else None
            elif "custom_id" in part:
                found[part["custom_id"]] = part.get("value")
    return found


def read(model: type[Form], answers: Mapping[str, Any]) -> Form:
    """Check the answers. Raises Refusal with one sentence on what to change."""
    cleaned: dict[str, Any] = {}
    for field, info in model.model_fields.items():
        value = answers.get(field)
        if isinstance(value, str):
            value = plain(value)
        if value in (None, ""):
            if info.is_required():
                label = _(question_of(info).label)
                raise Refusal(_("*{label}* is still empty.").format(label=label))
            continue
        most = question_of(info).most
        if isinstance(value, str) and len(value) > most:
            label = _(question_of(info).label)
            raise Refusal(
                _("*{label}* is longer than {most} characters.").format(label=label, most=most)
            )
        cleaned[field] = value
    try:
        return model.model_validate(cleaned)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        label = _(question_of(model.model_fields[str(first["loc"][0])]).label)
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise Refusal(f"*{label}*: {reason}.".replace("..", ".")) from error


class Forms:
    """Which cog method answers which form, and the drafts behind them."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock
        self._handlers: dict[str, tuple[type[Form], Handler]] = {}
        self._anonymous: set[str] = set()
        self._askers: dict[str, Asker] = {}

    def listen(self, cog: object) -> None:
        """Learn every `on_form` and `on_again` method of a cog.

        Raises ValueError when two claim one form.
        """
        for attribute, again in marked(type(cog), "__again__"):
            self._askers[again] = getattr(cog, attribute)
        for attribute, (form, model, anonymous) in marked(type(cog), "__form__"):
            if form in self._handlers:
                raise ValueError(f"{form} has two handlers")
            if anonymous:
                self._anonymous.add(form)
            self._handlers[form] = (model, getattr(cog, attribute))

    async def dispatch(self, interaction: Interaction) -> None:
        """Keep what came in, check it, and hand it on; the draft goes with the first write."""
        data: Any = interaction.data
        again = AGAIN_ID.fullmatch(data["custom_id"])
        match = CUSTOM_ID.fullmatch(again["name"] if again else data["custom_id"])
        if match is None or match["action"] not in self._handlers:
            raise NotFound(_("This form is from an older version of me. `/me` shows what is new."))
        form, subject = match["action"], match["subject"]
        answers = answers_of(data)
        model, handler = self._handlers[form]
        if form in self._anonymous:
            async with riding_along(drafts.seeing(interaction.id, self._clock())):
                await handler(interaction, subject, read(model, answers))
            return
        draft = drafts.Draft(
            draft_id=interaction.id,
            user_id=interaction.user.id,
            form=form,
            subject=subject,
            title=form,
            answers=json.dumps(answers),
            at=self._clock(),
        )
        if not await drafts.keep(self._db, draft, int(again["draft"]) if again else None):
            return
        async with riding_along(drafts.dropping(interaction.id)) as riders:
            await handler(interaction, subject, read(model, answers))
            if riders:
                async with self._db.write():
                    pass

    async def reopen(self, interaction: Interaction, draft_id: int) -> None:
        """Open a form again as it was sent. Raises NotFound when the draft is gone."""
        async with self._db.read() as tx:
            draft = await drafts.get(tx, draft_id, interaction.user.id)
        if draft is None or draft.form not in self._handlers:
            raise NotFound(_("That draft is gone; it was saved, discarded or older than a week."))
        model, _handler = self._handlers[draft.form]
        form, subject = draft.form, draft.subject
        again = f"{draft_id}:{form}:{subject}"
        if len(f"{AGAIN}:{again}") <= CUSTOM_ID_LIMIT:
            form, subject = AGAIN, again
        await open_form(
            interaction,
            model,
            form,
            subject,
            title=_("Your draft"),
            fill=json.loads(draft.answers),
            asks=await self._asks(interaction, draft),
        )

    async def _asks(self, interaction: Interaction, draft: drafts.Draft) -> Mapping[str, Question]:
        """Return how the questions read; as they do by themselves where theirs are gone."""
        asker = self._askers.get(draft.form)
        if asker is None:
            return {}
        try:
            return await asker(interaction, draft.subject)
        except (NotFound, Refusal):
            return {}
