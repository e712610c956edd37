"""The /post commands, and what moderators press on openings."""

from collections.abc import Mapping
from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.errors import NotFound
from bot.face.choosing import run_cohorts
from bot.face.forms import Form, Question, asked, on_form, open_form
from bot.face.look import clip, plain
from bot.face.press import Interaction, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import N_, _

from . import staff_views
from .canonical import MOST_LINK
from .model import (
    CATEGORIES,
    MOST_COMPANY,
    MOST_TITLE,
    SPONSORSHIP,
    Details,
    Filter,
    Offer,
    Posting,
    PostingState,
)
from .posting_cog import number
from .queue import MOST_REASON, QueueService
from .service import PostingService

WHICH = "Which cohort, if this server has several"
OPENING = "Which opening; type a word of it"
VISA_WORDS = {key: said or N_("other") for key, said in SPONSORSHIP.items()}


class OpeningForm(Form):
    """An opening in five questions, three of them required."""

    link: str = asked(N_("Link"), placeholder=N_("https://…"), most=MOST_LINK + 500)
    company: str = asked(N_("Company"), most=MOST_COMPANY)
    title: str = asked(N_("Title"), placeholder=N_("Software engineering intern"), most=MOST_TITLE)
    places: str = asked(
        N_("Places"),
        description=N_("Several are parted by a semicolon; remote is one too."),
        placeholder=N_("Toronto, ON; Remote"),
        required=False,
        most=1000,
    )
    deadline: str = asked(
        N_("Apply until"),
        placeholder=N_("2026-12-24, in 3 weeks, next friday; or empty"),
        required=False,
        most=40,
    )


class DetailsForm(Form):
    """What helps people to find an opening that fits."""

    terms: str = asked(
        N_("Study term"), placeholder=N_("Summer 2026, Fall 2026"), required=False, most=200
    )
    category: str | None = asked(
        N_("Category"), required=False, choices=tuple((each, each) for each in CATEGORIES)
    )
    sponsorship: str | None = asked(
        N_("Visa / work permit"), required=False, choices=tuple(VISA_WORDS.items())
    )
    degrees: str = asked(
        N_("Degree"), placeholder=N_("Bachelor's, Master's"), required=False, most=200
    )
    tags: str = asked(
        N_("Tags"),
        description=N_("Single words, with commas between them."),
        required=False,
        most=200,
    )


class RowsForm(Form):
    """Rows copied from a spreadsheet."""

    rows: str = asked(
        N_("Rows"),
        description=N_("Link, company, title, places, deadline, term; copied from a spreadsheet."),
        long=True,
        most=4000,
    )


class ReasonForm(Form):
    """Why a suggestion is not posted."""

    reason: str = asked(
        N_("Why not?"),
        description=N_("They read it, kindly: what would have made it fit?"),
        long=True,
        most=MOST_REASON,
    )


class WordsForm(Form):
    """What to look for among what waits."""

    text: str = asked(N_("Company or title"), required=False, most=80)
    place: str = asked(N_("Place"), required=False, most=80)


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Post(commands.GroupCog, name="post", description="Bring openings to people"):
    """Commands for moderators; who is one is checked on every call and press."""

    def __init__(self, service: PostingService, queue: QueueService) -> None:
        self._service = service
        self._queue = queue
        super().__init__()

    # --- one opening

    @app_commands.command()
    @app_commands.describe(several="Paste rows from a spreadsheet instead", cohort=WHICH)
    @app_commands.autocomplete(cohort=run_cohorts)
    async def opportunity(
        self, interaction: Interaction, several: bool = False, cohort: str | None = None
    ) -> None:
        """Post an opening, or several at once."""
        found = await self._service.may_post(caller(interaction, cohort))
        if several:
            await open_form(
                interaction,
                RowsForm,
                "posting.pasted",
                f"0-{found.cohort_id}",
                title=N_("Paste rows"),
            )
        else:
            await open_form(
                interaction, OpeningForm, "posting.posted", found.cohort_id, title=N_("New opening")
            )

    @on_form("posting.posted", OpeningForm)
    async def posted(self, interaction: Interaction, subject: str, form: OpeningForm) -> None:
        """Post what was typed."""
        page = await self._service.post(caller(interaction, subject or None), _offer(form))
        await show(interaction, staff_views.staff_card(page))

    @app_commands.command()
    @app_commands.describe(opening=OPENING)
    async def edit(self, interaction: Interaction, opening: str) -> None:
        """Correct an opening, say more about it, or let it stand out."""
        page = await self._service.look_at(caller(interaction), number(opening))
        await show(interaction, staff_views.staff_card(page))

    @app_commands.command()
    @app_commands.describe(opening=OPENING)
    async def close(self, interaction: Interaction, opening: str) -> None:
        """Close an opening that can no longer be applied to."""
        page = await self._service.close(caller(interaction), number(opening))
        await show(interaction, staff_views.staff_card(page))

    @app_commands.command()
    async def queue(self, interaction: Interaction) -> None:
        """Look through what waits: approve, edit, or decline with a reason."""
        page = await self._queue.queue(caller(interaction))
        await show(interaction, staff_views.queue_card(page))

    @edit.autocomplete("opening")
    async def any_choices(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer every opening, the closed ones too."""
        return _choices(await self._service.choices(caller(interaction), current))

    @close.autocomplete("opening")
    async def open_choices(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the openings that stand."""
        here = (PostingState.OPEN, PostingState.HIDDEN)
        return _choices(await self._service.choices(caller(interaction), current, here))

    @on_press("posting.see")
    async def see(self, interaction: Interaction, subject: str) -> None:
        """Show one suggestion in the queue again."""
        page = await self._queue.one(caller(interaction), number(subject))
        await carry_on(interaction, staff_views.queue_card(page))

    @on_press("posting.edit")
    async def correct(self, interaction: Interaction, subject: str) -> None:
        """Open the form of an opening, filled."""
        page = await self._service.look_at(caller(interaction), number(subject))
        await open_form(
            interaction,
            OpeningForm,
            "posting.edited",
            page.posting.posting_id,
            title=N_("Edit the opening"),
            fill=_fill(page.posting),
        )

    @on_form("posting.edited", OpeningForm)
    async def edited(self, interaction: Interaction, subject: str, form: OpeningForm) -> None:
        """Keep a corrected opening."""
        page = await self._service.change(caller(interaction), number(subject), _offer(form))
        await carry_on(interaction, staff_views.staff_card(page))

    @on_press("posting.details")
    async def details(self, interaction: Interaction, subject: str) -> None:
        """Ask for more about an opening."""
        posting = (await self._service.look_at(caller(interaction), number(subject))).posting
        await open_form(
            interaction,
            DetailsForm,
            "posting.detailed",
            posting.posting_id,
            title=N_("More details"),
            fill={
                "terms": ", ".join(posting.terms),
                "category": posting.category,
                "sponsorship": posting.sponsorship,
                "degrees": ", ".join(posting.degrees),
                "tags": ", ".join(posting.tags),
            },
            asks=_asks(posting),
        )

    @on_form("posting.detailed", DetailsForm)
    async def detailed(self, interaction: Interaction, subject: str, form: DetailsForm) -> None:
        """Keep more about an opening."""
        details = Details(
            form.terms, form.category or "", form.sponsorship or "", form.degrees, form.tags
        )
        page = await self._service.detail(caller(interaction), number(subject), details)
        await carry_on(interaction, staff_views.staff_card(page))

    @on_press("posting.close")
    async def put_an_end(self, interaction: Interaction, subject: str) -> None:
        """Close an opening from its card."""
        page = await self._service.close(caller(interaction), number(subject))
        await carry_on(interaction, staff_views.staff_card(page))

    @on_press("posting.reopen")
    async def reopen(self, interaction: Interaction, subject: str) -> None:
        """Open a closed opening again."""
        page = await self._service.reopen(caller(interaction), number(subject))
        await carry_on(interaction, staff_views.staff_card(page))

    @on_press("posting.undo")
    async def undo(self, interaction: Interaction, subject: str) -> None:
        """Take back what was just posted."""
        name = await self._service.undo(caller(interaction), number(subject))
        await carry_on(interaction, staff_views.undone_card(name))

    @on_press("posting.feature")
    async def feature(self, interaction: Interaction, subject: str) -> None:
        """Let an opening stand out in the channel."""
        page = await self._service.feature(caller(interaction), number(subject))
        await carry_on(interaction, staff_views.staff_card(page))

    @on_press("posting.not_yet")
    async def not_yet(self, interaction: Interaction, subject: str) -> None:
        """Do not let an opening stand out after all."""
        page = await self._service.unfeature(caller(interaction), number(subject))
        await carry_on(interaction, staff_views.staff_card(page))

    @on_press("posting.again")
    async def again(self, interaction: Interaction, subject: str) -> None:
        """Try again to post what could not be posted."""
        posting_id, _dash, cohort_id = subject.partition("-")
        page = await self._service.feature_again(
            caller(interaction), number(posting_id), number(cohort_id)
        )
        await carry_on(interaction, staff_views.staff_card(page))

    @on_press("posting.most")
    async def most(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose how many may stand out a day."""
        page = await self._service.choose_featured(
            caller(interaction), number(subject), int(values[0])
        )
        await carry_on(interaction, staff_views.staff_card(page))

    # --- several rows

    @on_form("posting.pasted", RowsForm)
    async def pasted(self, interaction: Interaction, subject: str, form: RowsForm) -> None:
        """Show what pasted rows would post."""
        batch_id, _dash, cohort_id = subject.partition("-")
        page = await self._service.paste(
            caller(interaction, cohort_id or None), form.rows, number(batch_id) or None
        )
        await carry_on(interaction, staff_views.preview_card(page))

    @on_press("posting.change_rows")
    async def change_rows(self, interaction: Interaction, subject: str) -> None:
        """Open the pasted rows again."""
        page = await self._service.look_at_batch(caller(interaction), number(subject))
        await open_form(
            interaction,
            RowsForm,
            "posting.pasted",
            f"{page.batch.batch_id}-{page.cohort.cohort_id}",
            title=N_("Change the rows"),
            fill={"rows": page.batch.text},
        )

    @on_press("posting.post_rows")
    async def post_rows(self, interaction: Interaction, subject: str) -> None:
        """Post the rows that can be posted."""
        page = await self._service.post_rows(caller(interaction), number(subject))
        await carry_on(interaction, staff_views.posted_card(page))

    @on_press("posting.undo_rows")
    async def undo_rows(self, interaction: Interaction, subject: str) -> None:
        """Take posted rows back."""
        page = await self._service.undo_rows(caller(interaction), number(subject))
        await carry_on(interaction, staff_views.posted_card(page))


class PostQueue(commands.Cog):
    """What moderators press while they look through what waits, and what may be over."""

    def __init__(self, queue: QueueService, service: PostingService) -> None:
        self._queue = queue
        self._service = service

    @on_press("posting.queue")
    async def begin(self, interaction: Interaction, subject: str) -> None:
        """Show the queue from a card."""
        page = await self._queue.queue(caller(interaction))
        await carry_on(interaction, staff_views.queue_card(page))

    @on_press("posting.next")
    async def next(self, interaction: Interaction, subject: str) -> None:
        """Show the next one."""
        page = await self._queue.queue(caller(interaction), number(subject))
        await carry_on(interaction, staff_views.queue_card(page))

    @on_press("posting.approve")
    async def approve(self, interaction: Interaction, subject: str) -> None:
        """Post a suggestion; it may stand out, and the next one is a tap away."""
        asker = caller(interaction)
        posting, page = await self._queue.approve(asker, number(subject))
        if posting is None:
            await carry_on(interaction, staff_views.queue_card(page))
            return
        approved = await self._service.look_at(asker, posting.posting_id, page.news)
        await carry_on(interaction, staff_views.staff_card(approved, waiting=page.waiting))

    @on_press("posting.decline")
    async def decline(self, interaction: Interaction, subject: str) -> None:
        """Ask why a suggestion is not posted."""
        await self._queue.one(caller(interaction), number(subject))
        await open_form(
            interaction,
            ReasonForm,
            "posting.declined",
            number(subject),
            title=N_("Decline · goes to who suggested it"),
        )

    @on_form("posting.declined", ReasonForm)
    async def declined(self, interaction: Interaction, subject: str, form: ReasonForm) -> None:
        """Decline a suggestion."""
        page = await self._queue.decline(caller(interaction), number(subject), form.reason)
        await carry_on(interaction, staff_views.queue_card(page))

    @on_press("posting.narrow")
    async def narrow(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Make the list of what waits shorter."""
        if subject not in ("category", "term", "source"):
            raise NotFound(_("That filter is from an older version of me."))
        word = "" if values[0] == staff_views.ANY else values[0]
        page = await self._queue.look_for(caller(interaction), **{subject: word})
        await carry_on(interaction, staff_views.queue_card(page))

    @on_press("posting.widen")
    async def widen(self, interaction: Interaction, subject: str) -> None:
        """Show all that waits again."""
        page = await self._queue.look_for(caller(interaction))
        await carry_on(interaction, staff_views.queue_card(page))

    @on_press("posting.words")
    async def words(self, interaction: Interaction, subject: str) -> None:
        """Ask for words to look for among what waits."""
        wanted: Filter = (await self._queue.queue(caller(interaction))).filter
        await open_form(
            interaction,
            WordsForm,
            "posting.worded",
            title=N_("Search what waits"),
            fill={"text": wanted.text, "place": wanted.place},
        )

    @on_form("posting.worded", WordsForm)
    async def worded(self, interaction: Interaction, subject: str, form: WordsForm) -> None:
        """Look for words among what waits."""
        page = await self._queue.look_for(caller(interaction), text=form.text, place=form.place)
        await carry_on(interaction, staff_views.queue_card(page))

    @on_press("posting.ask_all")
    async def ask_all(self, interaction: Interaction, subject: str) -> None:
        """Ask once more before all of them are posted."""
        page = await self._queue.queue(caller(interaction))
        await carry_on(interaction, staff_views.sure_card(page, approve=True))

    @on_press("posting.ask_none")
    async def ask_none(self, interaction: Interaction, subject: str) -> None:
        """Ask once more before all of them are declined."""
        page = await self._queue.queue(caller(interaction))
        await carry_on(interaction, staff_views.sure_card(page, approve=False))

    @on_press("posting.approve_all")
    async def approve_all(self, interaction: Interaction, subject: str) -> None:
        """Post everything that matches."""
        page = await self._queue.approve_all(caller(interaction), subject)
        await carry_on(interaction, staff_views.queue_card(page))

    @on_press("posting.decline_all")
    async def decline_all(self, interaction: Interaction, subject: str) -> None:
        """Decline everything that matches."""
        page = await self._queue.decline_all(caller(interaction), subject)
        await carry_on(interaction, staff_views.queue_card(page))

    # --- what may be over

    @on_press("posting.doubts")
    async def doubts(self, interaction: Interaction, subject: str) -> None:
        """Show what may be over."""
        page = await self._queue.doubts(caller(interaction), number(subject or "0"))
        await carry_on(interaction, staff_views.doubts_card(page))

    @on_press("posting.stand")
    async def stand(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Say that some still stand."""
        page = await self._queue.verify(caller(interaction), [number(each) for each in values])
        await carry_on(interaction, staff_views.doubts_card(page))

    @on_press("posting.put_away")
    async def put_away(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Say that some are over."""
        page = await self._queue.put_away(caller(interaction), [number(each) for each in values])
        await carry_on(interaction, staff_views.doubts_card(page))

    @on_press("posting.stands")
    async def stands(self, interaction: Interaction, subject: str) -> None:
        """Say on the staff's card that one still stands."""
        asker, posting_id = caller(interaction), number(subject)
        await self._queue.verify(asker, [posting_id])
        page = await self._service.look_at(asker, posting_id)
        await redraw(interaction, staff_views.settled_card(page.posting))

    @on_press("posting.over")
    async def over(self, interaction: Interaction, subject: str) -> None:
        """Say on the staff's card that one is over."""
        asker, posting_id = caller(interaction), number(subject)
        await self._queue.put_away(asker, [posting_id])
        page = await self._service.look_at(asker, posting_id)
        await redraw(interaction, staff_views.settled_card(page.posting))


def _offer(form: OpeningForm) -> Offer:
    return Offer(form.link, form.company, form.title, form.places, form.deadline)


def _fill(posting: Posting) -> dict[str, str]:
    return {
        "link": posting.url,
        "company": posting.company_name,
        "title": posting.title,
        "places": "; ".join(posting.locations),
        "deadline": posting.deadline_on.isoformat() if posting.deadline_on else "",
    }


def _asks(posting: Posting) -> Mapping[str, Question]:
    """Offer an opening's own words too, where a list has others than we have."""
    asks: dict[str, Any] = {}
    if posting.category and posting.category not in CATEGORIES:
        choices = ((posting.category, posting.category), *((each, each) for each in CATEGORIES))
        asks["category"] = Question(N_("Category"), choices=choices)
    if posting.sponsorship and posting.sponsorship not in VISA_WORDS:
        known = tuple(VISA_WORDS.items())
        choices = ((posting.sponsorship, posting.sponsorship), *known)
        asks["sponsorship"] = Question(N_("Visa / work permit"), choices=choices)
    return asks


def _choices(found: list[Posting]) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=clip(plain(each.name), 100), value=str(each.posting_id))
        for each in found[:25]
    ]
