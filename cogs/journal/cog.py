"""The /journal commands: read what was typed, ask the service, show the answer."""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.face import ink
from bot.face.forms import Form, Question, asked, on_again, on_form, open_form, question_of
from bot.face.look import clip, plain
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import N_, _

from . import people_views, views
from .meeting import PeopleService
from .model import (
    KINDS,
    LEARNED_LIMIT,
    PROJECT_LIMIT,
    QUERY_LIMIT,
    RESULT_LIMIT,
    SKILLS_LIMIT,
    URL_LIMIT,
    WHAT_LIMIT,
    Kind,
    Message,
    More,
    Shelf,
    Skills,
    Sort,
    Written,
    shelf,
)
from .reflect_cog import card_of
from .reflecting import ABOUT, About, ReflectService
from .service import JournalService

WHICH = "Which cohort, if you are in several"
KIND_CHOICES = [app_commands.Choice(name=label, value=kind.value) for kind, label in KINDS.items()]
ABOUT_CHOICES = [app_commands.Choice(name=label, value=one.value) for one, label in ABOUT.items()]
TITLE = N_("Journal · only you")
ESCAPED = re.compile(r"\\([\\*_~`|\[\]<>#+.-])")
HEADING = re.compile(r"(?m)^(?:#{1,3} |-# |> )|\*\*")


class EntryForm(Form):
    """An entry in five questions, one of them required."""

    what: str = asked(
        N_("What did you do?"),
        description=N_("No customer names, code or unreleased numbers."),
        long=True,
        most=WHAT_LIMIT,
    )
    learned: str = asked(N_("What did you learn?"), long=True, required=False, most=LEARNED_LIMIT)
    result: str = asked(
        N_("What came of it?"),
        description=N_("A number makes it strong: 40 % faster, 12 tests, 3 people use it."),
        required=False,
        long=True,
        most=RESULT_LIMIT,
    )
    skills: str = asked(
        N_("Skills, with commas"),
        placeholder=N_("Python, writing tests, asking early"),
        required=False,
        most=SKILLS_LIMIT,
    )
    project: str = asked(N_("Project"), required=False, most=PROJECT_LIMIT)


OTHER_WORDS: dict[Kind, str] = {
    Kind.COURSEWORK: N_("What did you work on?"),
    Kind.PROJECT: N_("What did you build or try?"),
    Kind.CULTURE: N_("What have you noticed about how it works?"),
}


class MoreForm(Form):
    """What else belongs to an entry."""

    people: str = asked(
        N_("Who was part of it?"),
        description=N_("Names with commas between them; colleagues, no customers."),
        required=False,
        most=SKILLS_LIMIT,
    )
    url: str = asked(N_("Link"), placeholder="https://", required=False, most=URL_LIMIT)
    on: str = asked(
        N_("When was it?"),
        placeholder=N_("yesterday, last friday, 2026-03-24"),
        required=False,
        most=40,
    )


class SearchForm(Form):
    """What to look for."""

    words: str = asked(N_("What are you looking for?"), most=QUERY_LIMIT)


class Journal(commands.GroupCog, name="journal", description="What you did, learned and reached"):
    """Commands about the journal."""

    def __init__(
        self, service: JournalService, people: PeopleService, reflecting: ReflectService
    ) -> None:
        self._service = service
        self._people = people
        self._reflecting = reflecting
        super().__init__()

    # --- keeping

    @app_commands.command()
    @app_commands.describe(kind="What it is about", cohort=WHICH)
    @app_commands.choices(kind=KIND_CHOICES)
    async def add(
        self, interaction: Interaction, kind: str = "work", cohort: str | None = None
    ) -> None:
        """Keep something you did, learned or noticed. Only you read it."""
        await _ask(interaction, Kind(kind), clip(cohort or "", 40))

    @on_press("journal.new")
    async def new(self, interaction: Interaction, subject: str) -> None:
        """Open the form of a new entry from a card."""
        kind, _dash, cohort = subject.partition("-")
        await _ask(interaction, Kind(kind) if kind in list(Kind) else Kind.WORK, cohort)

    @on_again("journal.add")
    async def add_again(self, interaction: Interaction, subject: str) -> dict[str, Question]:
        """Return the questions about a kind for a form that was refused."""
        return _asks(Kind(subject.partition("-")[0]))

    @on_form("journal.add", EntryForm)
    async def added(self, interaction: Interaction, subject: str, form: EntryForm) -> None:
        """Keep a new entry."""
        kind, _dash, cohort = subject.partition("-")
        asks = caller(interaction, cohort or None)
        page = await self._service.add(asks, Kind(kind), _written(form))
        await show(interaction, views.kept_card(page))

    def menu(self) -> app_commands.ContextMenu:
        """Return the entry in the menu of messages."""
        return app_commands.ContextMenu(name="Save to my journal", callback=self.save)

    async def save(self, interaction: Interaction, message: discord.Message) -> None:
        """Keep a message."""
        own = message.author.id == interaction.client.user.id
        mine = own or message.author.id == interaction.user.id
        kept = Message(
            message.id,
            _text_of(message, own=own),
            "" if message.flags.ephemeral else message.jump_url,
            "" if mine else message.author.display_name,
            None if mine else message.author.id,
        )
        page = await self._service.save_message(caller(interaction), kept)
        await show(interaction, views.kept_card(page))

    # --- changing

    @app_commands.command()
    @app_commands.describe(entry="Which entry")
    async def edit(self, interaction: Interaction, entry: str) -> None:
        """Change the words of an entry."""
        await self._edit(interaction, _id(entry))

    @on_press("journal.edit")
    async def edit_again(self, interaction: Interaction, subject: str) -> None:
        """Open the form of an entry, filled."""
        await self._edit(interaction, _id(subject))

    async def _edit(self, interaction: Interaction, entry_id: int) -> None:
        entry = await self._service.to_change(caller(interaction), entry_id)
        fill = {
            "what": entry.words.what,
            "learned": entry.words.learned,
            "result": entry.words.result,
            "skills": ", ".join(entry.skills),
            "project": entry.project,
        }
        asks = _asks(entry.kind)
        await open_form(
            interaction, EntryForm, "journal.edited", entry_id, title=TITLE, fill=fill, asks=asks
        )

    @on_again("journal.edited")
    async def edit_refused(self, interaction: Interaction, subject: str) -> dict[str, Question]:
        """Return the questions about an entry for a form that was refused."""
        entry = await self._service.to_change(caller(interaction), _id(subject))
        return _asks(entry.kind)

    @on_form("journal.edited", EntryForm)
    async def edited(self, interaction: Interaction, subject: str, form: EntryForm) -> None:
        """Keep the changed words."""
        page = await self._service.change(caller(interaction), _id(subject), _written(form))
        await show(interaction, views.entry_card(page))

    @on_press("journal.more")
    async def more(self, interaction: Interaction, subject: str) -> None:
        """Ask who was part of it, for a link, and when it was."""
        entry = await self._service.to_change(caller(interaction), _id(subject))
        fill = {
            "people": ", ".join(entry.words.people),
            "url": entry.words.url,
            "on": entry.on.isoformat(),
        }
        await open_form(
            interaction, MoreForm, "journal.detailed", entry.entry_id, title=TITLE, fill=fill
        )

    @on_form("journal.detailed", MoreForm)
    async def detailed(self, interaction: Interaction, subject: str, form: MoreForm) -> None:
        """Keep the details."""
        more = More(form.people, form.url, form.on)
        page = await self._service.detail(caller(interaction), _id(subject), more)
        await show(interaction, views.entry_card(page))

    @on_press("journal.kind")
    async def choose_kind(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Say what an entry is about."""
        page = await self._service.set_kind(caller(interaction), _id(subject), Kind(values[0]))
        await redraw(interaction, views.entry_card(page))

    @on_press("journal.project")
    async def choose_project(
        self, interaction: Interaction, subject: str, values: list[str]
    ) -> None:
        """Put an entry to a project."""
        page = await self._service.set_project(caller(interaction), _id(subject), _id(values[0]))
        await redraw(interaction, views.entry_card(page))

    @app_commands.command()
    @app_commands.describe(entry="Which entry")
    async def delete(self, interaction: Interaction, entry: str) -> None:
        """Delete an entry; for two days you can bring it back."""
        page = await self._service.delete(caller(interaction), _id(entry))
        await show(interaction, views.deleted_card(page))

    @on_press("journal.delete")
    async def delete_this(self, interaction: Interaction, subject: str) -> None:
        """Delete an entry from its card."""
        page = await self._service.delete(caller(interaction), _id(subject))
        await redraw(interaction, views.deleted_card(page))

    @on_press("journal.restore")
    async def restore(self, interaction: Interaction, subject: str) -> None:
        """Bring a deleted entry back."""
        page = await self._service.bring_back(caller(interaction), _id(subject))
        await redraw(interaction, views.entry_card(page))

    @edit.autocomplete("entry")
    @delete.autocomplete("entry")
    async def entry_choices(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the member's entries, newest first."""
        found = await self._service.choices(caller(interaction), current)
        return [
            app_commands.Choice(
                name=clip(" ".join(plain(entry.words.what).split()), 100) or "…",
                value=str(entry.entry_id),
            )
            for entry in found
        ]

    # --- looking

    @app_commands.command(name="list")
    @app_commands.describe(kind="Only of this kind", project="Only of this project", cohort=WHICH)
    @app_commands.choices(kind=KIND_CHOICES)
    async def list_(
        self,
        interaction: Interaction,
        kind: str | None = None,
        project: str = "",
        cohort: str | None = None,
    ) -> None:
        """Page through your journal."""
        which = Shelf(kind=Kind(kind) if kind else None)
        page = await self._service.look_at(caller(interaction, cohort), which, project)
        await show(interaction, views.list_card(page))

    @on_press("journal.list")
    async def turn(self, interaction: Interaction, subject: str) -> None:
        """Show a page of the journal."""
        await self._turn(interaction, shelf(subject))

    async def _turn(self, interaction: Interaction, which: Shelf) -> None:
        page = await self._service.look_at(caller(interaction), which)
        await carry_on(interaction, views.list_card(page))

    @on_press("journal.only_kind")
    async def only_kind(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Show only entries of a kind."""
        kind = Kind(values[0]) if values[0] in list(Kind) else None
        await self._turn(interaction, replace(shelf(subject), kind=kind, page=0))

    @on_press("journal.only_topic")
    async def only_topic(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Show only entries of a project."""
        await self._turn(interaction, replace(shelf(subject), topic_id=_id(values[0]), page=0))

    @on_press("journal.cohort")
    async def another(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Show the journal of another cohort."""
        await self._turn(interaction, Shelf(_id(values[0])))

    @on_press("journal.open")
    async def open(self, interaction: Interaction, subject: str) -> None:
        """Show one entry."""
        page = await self._service.get(caller(interaction), _id(subject))
        await carry_on(interaction, views.entry_card(page))

    # --- searching

    @app_commands.command()
    @app_commands.describe(words="What you are looking for", cohort=WHICH)
    async def search(
        self,
        interaction: Interaction,
        words: app_commands.Range[str, 1, QUERY_LIMIT],
        cohort: str | None = None,
    ) -> None:
        """Find something in your journal again."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self._service.search(caller(interaction, cohort), words)
        await show(interaction, views.found_card(found))

    @on_press("journal.search")
    async def ask_search(self, interaction: Interaction, subject: str) -> None:
        """Ask what to look for."""
        await open_form(
            interaction, SearchForm, "journal.searched", _id(subject or "0"), title=N_("Search")
        )

    @on_form("journal.searched", SearchForm)
    async def searched(self, interaction: Interaction, subject: str, form: SearchForm) -> None:
        """Look for what was typed."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self._service.search(caller(interaction), form.words, _id(subject))
        await show(interaction, views.found_card(found))

    @on_press("journal.found")
    async def turn_found(self, interaction: Interaction, subject: str) -> None:
        """Show another page of what was found."""
        place = shelf(subject)
        found = await self._service.found(caller(interaction), place.member_id, place.page)
        await carry_on(interaction, views.found_card(found))

    # --- skills

    @app_commands.command()
    @app_commands.describe(skill="See where you used this one", cohort=WHICH)
    async def skills(
        self, interaction: Interaction, skill: str = "", cohort: str | None = None
    ) -> None:
        """See which skills you used, how often, and since when."""
        asks = caller(interaction, cohort)
        if skill:
            await show(interaction, views.list_card(await self._service.with_skill(asks, skill)))
            return
        view, files = await _drawn(await self._service.skills(asks))
        await show(interaction, view, files=files)

    @on_press("journal.skills")
    async def show_skills(self, interaction: Interaction, subject: str) -> None:
        """Show the skills from a card."""
        found = await self._service.skills(caller(interaction), _id(subject or "0"))
        view, files = await _drawn(found)
        await carry_on(interaction, view, files=files)

    @on_press("journal.with_skill")
    async def with_skill(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Show where a skill was used."""
        await self._turn(interaction, Shelf(_id(subject), topic_id=_id(values[0])))

    @skills.autocomplete("skill")
    async def skill_choices(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the member's skills, the most used first."""
        return await self._topic_choices(interaction, Sort.SKILL, current)

    @list_.autocomplete("project")
    async def project_choices(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the member's projects."""
        return await self._topic_choices(interaction, Sort.PROJECT, current)

    async def _topic_choices(
        self, interaction: Interaction, sort: Sort, current: str
    ) -> list[app_commands.Choice[str]]:
        found = await self._service.names(caller(interaction), sort, current)
        return [
            app_commands.Choice(name=clip(plain(topic.name), 100), value=str(topic.topic_id))
            for topic in found[:25]
        ]

    # --- people, and questions to oneself

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    async def people(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See whom you met, and whom you want to say hello to again."""
        page = await self._people.look_at(caller(interaction, cohort))
        await show(interaction, people_views.people_card(page))

    @app_commands.command()
    @app_commands.describe(about="What you want to think about", cohort=WHICH)
    @app_commands.choices(about=ABOUT_CHOICES)
    async def reflect(
        self, interaction: Interaction, about: str = "direction", cohort: str | None = None
    ) -> None:
        """Three questions to yourself; what you answered before comes back."""
        sitting = await self._reflecting.sit(caller(interaction, cohort), About(about))
        await show(interaction, card_of(sitting))


async def _ask(interaction: Interaction, kind: Kind, cohort: str) -> None:
    subject = f"{kind.value}-{cohort}"
    await open_form(interaction, EntryForm, "journal.add", subject, title=TITLE, asks=_asks(kind))


def _asks(kind: Kind) -> dict[str, Question]:
    if kind not in OTHER_WORDS:
        return {}
    question = question_of(EntryForm.model_fields["what"])
    return {"what": replace(question, label=OTHER_WORDS[kind])}


async def _drawn(skills: Skills) -> tuple[views.View, list[discord.File]]:
    if not skills.uses:
        return views.skills_card(skills), []
    chart = views.chart_of(skills)
    picture = io.BytesIO(await ink.png(chart.svg))
    file = discord.File(picture, views.CHART, description=clip(chart.alt, 1000))
    return views.skills_card(skills), [file]


def _written(form: EntryForm) -> Written:
    return Written(form.what, form.learned, form.result, form.skills, form.project)


def _text_of(message: discord.Message, *, own: bool) -> str:
    """Return the words of a message: what was typed, forwarded, or stands on a card."""
    typed = [message.content, *(each.content for each in message.message_snapshots)]
    on_cards = [*_texts(message.components), *(e.description or "" for e in message.embeds)]
    if own:
        on_cards = [ESCAPED.sub(r"\1", HEADING.sub("", text)) for text in on_cards]
    return "\n".join(text for text in [*typed, *on_cards] if text)


def _texts(components: Iterable[Any]) -> Iterator[str]:
    for each in components:
        if isinstance(each, discord.TextDisplay):
            yield each.content
        else:
            yield from _texts(getattr(each, "children", ()))


def _id(typed: str) -> int:
    return number_in(typed, _("Choose an entry from the list that opens while you type."))
