"""The /opportunity commands: find an opening, keep it in sight, pass one on."""

from dataclasses import replace

from discord import app_commands
from discord.ext import commands

from bot.face.forms import Form, asked, on_form, open_form
from bot.face.look import clip, plain
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import N_, _

from . import finding_views as views
from .finding import FindingService
from .finding_views import SPONSORSHIP_ASKED
from .follows import FollowService
from .found import MOST_TYPED, Sort
from .model import DEGREES, MOST_COMPANY, MOST_TITLE, Filter, Offer
from .suggestions import SuggestionService

Choice = app_commands.Choice
VISA = [Choice(name=said, value=value) for value, said in SPONSORSHIP_ASKED.items()]
DEGREE = [Choice(name=degree, value=degree) for degree in DEGREES]
FIRST_SEARCH = "0"


class SearchForm(Form):
    """What somebody looks for; all of it may stay empty."""

    text: str = asked(
        N_("Words"),
        description=N_("Of the company or the title; beginnings are enough."),
        placeholder=N_("data engineer"),
        required=False,
        most=MOST_TYPED,
    )
    place: str = asked(
        N_("Place, or remote"), placeholder=N_("Toronto"), required=False, most=MOST_TYPED
    )
    term: str = asked(
        N_("Study term"), placeholder=N_("Summer 2026"), required=False, most=MOST_TYPED
    )
    category: str = asked(
        N_("Category"), placeholder=N_("Software, Data & AI"), required=False, most=MOST_TYPED
    )
    sponsorship: str | None = asked(
        N_("Visa / work permit"), required=False, choices=tuple(SPONSORSHIP_ASKED.items())
    )


class SuggestForm(Form):
    """An opening somebody came across."""

    link: str = asked(N_("Link to the opening"), placeholder=N_("https://…"), most=1_500)
    company: str = asked(N_("Company"), most=MOST_COMPANY)
    title: str = asked(N_("Title"), placeholder=N_("Software Engineering Intern"), most=MOST_TITLE)
    places: str = asked(
        N_("Places"),
        description=N_("Several are parted by a semicolon; remote is one too."),
        placeholder=N_("Toronto, ON; Remote"),
        required=False,
        most=400,
    )
    deadline: str = asked(
        N_("Apply until"),
        placeholder=N_("2026-12-24, in 3 weeks, next friday"),
        required=False,
        most=40,
    )


class Opportunities(commands.GroupCog, name="opportunity", description="Openings that may fit you"):
    """Commands about openings."""

    def __init__(
        self, finding: FindingService, follows: FollowService, suggestions: SuggestionService
    ) -> None:
        self._finding = finding
        self._follows = follows
        self._suggestions = suggestions
        super().__init__()

    # --- looking

    @app_commands.command(name="list")
    @app_commands.describe(cohort="Which cohort, if you are in several")
    async def list_(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See the openings of your server, the newest first."""
        page = await self._finding.look_for(caller(interaction, cohort), Filter())
        await show(interaction, views.found_card(page))

    @app_commands.command()
    @app_commands.describe(
        text="Words of the company or the title; beginnings are enough",
        place="A town, a region, a country",
        remote="Only where you can work from home",
        term="Study term, for example Summer 2026",
        category="What kind of work it is",
        sponsorship="Visa / work permit",
        degree="The degree they ask for",
        open_only="Leave closed ones out (they are, unless you say no)",
        cohort="Which cohort, if you are in several",
    )
    @app_commands.choices(sponsorship=VISA, degree=DEGREE)
    async def search(
        self,
        interaction: Interaction,
        text: str = "",
        place: str = "",
        remote: bool = False,
        term: str = "",
        category: str = "",
        sponsorship: str = "",
        degree: str = "",
        open_only: bool = True,
        cohort: str | None = None,
    ) -> None:
        """Find openings that fit: words, place, term, visa, degree."""
        wish = Filter(text, term, place, remote, category, sponsorship, degree, open_only)
        page = await self._finding.look_for(caller(interaction, cohort), wish)
        await show(interaction, views.found_card(page))

    @app_commands.command()
    @app_commands.describe(
        text="Words of the company or the title; nothing at all shows what you follow",
        place="A town, a region, a country",
        remote="Only where you can work from home",
        term="Study term, for example Summer 2026",
        category="What kind of work it is",
        sponsorship="Visa / work permit",
        degree="The degree they ask for",
        cohort="Which cohort, if you are in several",
    )
    @app_commands.choices(sponsorship=VISA, degree=DEGREE)
    async def follow(
        self,
        interaction: Interaction,
        text: str = "",
        place: str = "",
        remote: bool = False,
        term: str = "",
        category: str = "",
        sponsorship: str = "",
        degree: str = "",
        cohort: str | None = None,
    ) -> None:
        """Hear privately, once a day, when something new fits; see and stop what you follow."""
        wish = Filter(text, term, place, remote, category, sponsorship, degree)
        person = caller(interaction, cohort)
        if wish.empty:
            await show(interaction, views.following_card(await self._follows.mine(person)))
            return
        page = await self._follows.follow(person, wish)
        await show(interaction, views.following_card(page, just_now=True))

    @search.autocomplete("text")
    @follow.autocomplete("text")
    async def text_choices(self, interaction: Interaction, current: str) -> list[Choice[str]]:
        """Offer companies and openings that begin so."""
        return _choices(await self._finding.suggestions(caller(interaction), current))

    @search.autocomplete("category")
    @follow.autocomplete("category")
    async def category_choices(self, interaction: Interaction, current: str) -> list[Choice[str]]:
        """Offer the categories there are."""
        return _choices(await self._finding.categories(caller(interaction), current))

    @search.autocomplete("term")
    @follow.autocomplete("term")
    async def term_choices(self, interaction: Interaction, current: str) -> list[Choice[str]]:
        """Offer the study terms there are, and the next ones."""
        return _choices(await self._finding.terms(caller(interaction), current))

    @on_press("finding.page")
    async def turn(self, interaction: Interaction, subject: str) -> None:
        """Show another page of a search, or the same in another order."""
        search_id, page, sort = _page_of(subject)
        found = await self._finding.turn_to(caller(interaction), search_id, page, sort)
        await redraw(interaction, views.found_card(found))

    @on_press("finding.list")
    async def look(self, interaction: Interaction, subject: str) -> None:
        """Show all openings, from a card."""
        page = await self._finding.look_for(caller(interaction, subject or None), Filter())
        await carry_on(interaction, views.found_card(page))

    @on_press("finding.begin")
    async def begin(self, interaction: Interaction, subject: str) -> None:
        """Open an empty search."""
        await self._finding.may_look(caller(interaction, subject or None))
        first = f"{FIRST_SEARCH}-{subject}"
        await open_form(
            interaction, SearchForm, "finding.changed", first, title=N_("Search openings")
        )

    @on_press("finding.change")
    async def change(self, interaction: Interaction, subject: str) -> None:
        """Open a search as it is, to be changed."""
        wish = await self._finding.looked_for(caller(interaction), _number(subject))
        fill = {
            "text": wish.text,
            "place": wish.place or (_("remote") if wish.remote else ""),
            "term": wish.term,
            "category": wish.category,
            "sponsorship": wish.sponsorship,
        }
        await open_form(
            interaction,
            SearchForm,
            "finding.changed",
            _number(subject),
            title=N_("Search openings"),
            fill=fill,
        )

    @on_form("finding.changed", SearchForm)
    async def changed(self, interaction: Interaction, subject: str, form: SearchForm) -> None:
        """Look for what was asked for now."""
        search_id, _dash, cohort = subject.partition("-")
        person = caller(interaction, cohort or None)
        before = Filter()
        if search_id != FIRST_SEARCH:
            before = await self._finding.looked_for(person, _number(search_id))
        wish = replace(
            before,
            text=form.text,
            place=form.place,
            remote=False,
            term=form.term,
            category=form.category,
            sponsorship=form.sponsorship or "",
        )
        page = await self._finding.look_for(person, wish)
        await carry_on(interaction, views.found_card(page))

    # --- what was saved

    @app_commands.command()
    @app_commands.describe(cohort="Which cohort, if you are in several")
    async def saved(self, interaction: Interaction, cohort: str | None = None) -> None:
        """See what you saved, what closes soonest first."""
        page = await self._finding.saved(caller(interaction, cohort))
        await show(interaction, views.saved_card(page))

    @on_press("finding.saved")
    async def turn_saved(self, interaction: Interaction, subject: str) -> None:
        """Show another page of what was saved."""
        page, _dash, cohort = subject.partition("-")
        found = await self._finding.saved(caller(interaction, cohort or None), _number(page))
        await carry_on(interaction, views.saved_card(found))

    @on_press("finding.unsave")
    async def unsave(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Take one off the list."""
        page, _dash, cohort = subject.partition("-")
        person = caller(interaction, cohort or None)
        left = await self._finding.unsave(person, _number(values[0]), _number(page))
        await redraw(interaction, views.saved_card(left))

    # --- what is followed

    @on_press("finding.follow")
    async def follow_this(self, interaction: Interaction, subject: str) -> None:
        """Follow the search on the card."""
        page = await self._follows.follow_search(caller(interaction), _number(subject))
        await show(interaction, views.following_card(page, just_now=True))

    @on_press("finding.follows")
    async def follows(self, interaction: Interaction, subject: str) -> None:
        """Show what is followed, from a card."""
        page = await self._follows.mine(caller(interaction, subject or None))
        await carry_on(interaction, views.following_card(page))

    @on_press("finding.stop")
    async def stop(self, interaction: Interaction, subject: str) -> None:
        """Stop following one search."""
        page = await self._follows.stop(caller(interaction), _number(subject))
        await redraw(interaction, views.following_card(page))

    @on_press("finding.news")
    async def news(self, interaction: Interaction, subject: str) -> None:
        """Show what is new and fits."""
        page = await self._follows.news(caller(interaction), _number(subject))
        await carry_on(interaction, views.news_card(page))

    # --- passing one on

    @app_commands.command()
    @app_commands.describe(cohort="Which cohort, if you are in several")
    async def suggest(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Pass on an opening you came across; a moderator looks at it first."""
        await self.suggest_one(interaction, clip(cohort or "", 40))

    @on_press("finding.suggest")
    async def suggest_one(self, interaction: Interaction, subject: str) -> None:
        """Open the form of a suggestion."""
        await self._finding.may_look(caller(interaction, subject or None))
        await open_form(
            interaction, SuggestForm, "finding.suggested", subject, title=N_("Suggest an opening")
        )

    @on_form("finding.suggested", SuggestForm)
    async def suggested(self, interaction: Interaction, subject: str, form: SuggestForm) -> None:
        """Bring a suggestion to the moderators."""
        offer = Offer(form.link, form.company, form.title, form.places, form.deadline)
        posting = await self._suggestions.suggest(caller(interaction, subject or None), offer)
        await show(interaction, views.thanks_card(posting))


def _choices(texts: list[str]) -> list[Choice[str]]:
    return [Choice(name=clip(plain(text), 100), value=text[:100]) for text in texts if plain(text)]


def _number(typed: str) -> int:
    return number_in(typed, _("That is gone. `/opportunity list` shows what is there now."))


def _page_of(subject: str) -> tuple[int, int, Sort]:
    search_id, _dash, rest = subject.partition("-")
    page, _dash, sort = rest.partition("-")
    return (
        _number(search_id),
        _number(page or "0"),
        Sort.CLOSING if sort == Sort.CLOSING else Sort.NEW,
    )
