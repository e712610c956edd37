"""The /mentor commands, and everything that is pressed about mentoring."""

from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.face.forms import Form, asked, on_form, open_form
from bot.face.press import Interaction, number_in, on_press
from bot.face.replies import caller, carry_on, redraw, show
from bot.face.words import N_, _
from cogs.mentors import views
from cogs.mentors.matches import MatchService
from cogs.mentors.model import (
    CADENCES,
    GOALS_LIMIT,
    MINUTES,
    MOST_MENTEES,
    NOTE_LIMIT,
    PLACE_LIMIT,
    TOPICS_LIMIT,
    WISH_LIMIT,
    Agreement,
    Door,
    Offer,
    PairPage,
    RequestPage,
)
from cogs.mentors.service import MentorService

WHICH = "Which cohort, if there are several"
MENTEES = [(str(n), N_("None, only questions") if n == 0 else str(n)) for n in range(4)]
assert len(MENTEES) == MOST_MENTEES + 1


class OfferForm(Form):
    """What a mentor offers."""

    topics: str = asked(
        N_("What can people ask you about?"),
        placeholder=N_("Python, first jobs, talks in front of people"),
        long=True,
        most=TOPICS_LIMIT,
    )
    minutes: str = asked(N_("How much time a week?"), choices=MINUTES)
    mentees: str = asked(N_("How many mentees at most?"), choices=MENTEES)


class NewMentorForm(OfferForm):
    """What somebody offers whom nobody knows yet, and where their clock stands."""

    place: str = asked(
        N_("Where are you?"),
        description=N_("A city or a time zone, so that nothing reaches you at night."),
        required=False,
        most=80,
    )


class RequestForm(Form):
    """What somebody would like from a mentor."""

    topics: str = asked(
        N_("About which topics?"),
        placeholder=N_("Python, interviews, finding a direction"),
        most=TOPICS_LIMIT,
    )
    wish: str = asked(
        N_("What would help you?"),
        description=N_("Read by the moderators who match, and by your mentor."),
        long=True,
        required=False,
        most=WISH_LIMIT,
    )


class AgreementForm(Form):
    """What two people agree on."""

    goals: str = asked(
        N_("What is it for?"),
        placeholder=N_("Settle in, and find out whether data work is for me"),
        long=True,
        most=GOALS_LIMIT,
    )
    cadence: str = asked(N_("How often?"), choices=CADENCES)
    channel: str = asked(
        N_("Where?"), placeholder=N_("A call on Thursdays, else messages here"), most=PLACE_LIMIT
    )


class NoteForm(Form):
    """A note to oneself."""

    text: str = asked(N_("What do you want to remember?"), long=True, most=NOTE_LIMIT)


class Mentors(commands.GroupCog, name="mentor", description="Mentors, and those who look for one"):
    """Commands about mentoring."""

    def __init__(self, service: MentorService, matches: MatchService) -> None:
        self._service = service
        self._matches = matches
        super().__init__()

    # --- mentors

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    async def join(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Give some time to others; or see and change what you offer."""
        door = await self._service.door(caller(interaction, cohort))
        if door.mentor is not None:
            page = await self._service.mentor_page(caller(interaction), door.mentor.mentor_id)
            await show(interaction, views.mentor_card(page))
        else:
            await self._open_offer(interaction, door)

    async def _open_offer(self, interaction: Interaction, door: Door) -> None:
        fill: dict[str, str] = {"place": door.zone} if door.asks_zone else {}
        if door.mentor is not None:
            fill |= {
                "topics": door.mentor.topics,
                "minutes": str(door.mentor.minutes),
                "mentees": str(door.mentor.mentees),
            }
        await open_form(
            interaction,
            NewMentorForm if door.asks_zone else OfferForm,
            "mentors.newcomer" if door.asks_zone else "mentors.offer",
            door.cohort_id,
            title=N_("Your mentoring · moderators and mentees"),
            fill=fill,
        )

    @on_form("mentors.offer", OfferForm)
    async def offered(self, interaction: Interaction, subject: str, form: OfferForm) -> None:
        """Save what a member offers."""
        page = await self._service.join(caller(interaction), _id(subject), _offer(form))
        await carry_on(interaction, views.mentor_card(page))

    @on_form("mentors.newcomer", NewMentorForm)
    async def arrived(self, interaction: Interaction, subject: str, form: NewMentorForm) -> None:
        """Save what somebody offers who is no member."""
        who, offer = caller(interaction), _offer(form)
        page = await self._service.join(who, _id(subject), offer, form.place)
        await carry_on(interaction, views.mentor_card(page))

    @on_press("mentors.card")
    async def card(self, interaction: Interaction, subject: str) -> None:
        """Show a mentor their own card."""
        page = await self._service.mentor_page(caller(interaction), _id(subject))
        await carry_on(interaction, views.mentor_card(page))

    @on_press("mentors.edit")
    async def edit(self, interaction: Interaction, subject: str) -> None:
        """Change an offer."""
        page = await self._service.mentor_page(caller(interaction), _id(subject))
        who = caller(interaction, str(page.mentor.cohort_id))
        await self._open_offer(interaction, await self._service.door(who))

    @on_press("mentors.days")
    async def days(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Choose the days on which one may be pinged."""
        days = [_id(value) for value in values]
        page = await self._service.set_days(caller(interaction), _id(subject), days)
        await redraw(interaction, views.mentor_card(page))

    @on_press("mentors.hear")
    async def hear(self, interaction: Interaction, subject: str) -> None:
        """Be written to directly again."""
        page = await self._service.hear_again(caller(interaction), _id(subject))
        await redraw(interaction, views.mentor_card(page))

    @on_press("mentors.guide")
    async def guide(self, interaction: Interaction, subject: str) -> None:
        """Show the page for mentors."""
        await show(interaction, views.guide_card(self._service.guide()))

    @app_commands.command()
    @app_commands.describe(until="Until when: a date, 24 Dec, in 2 weeks", cohort=WHICH)
    async def pause(self, interaction: Interaction, until: str, cohort: str | None = None) -> None:
        """Take no new mentees for a while."""
        page = await self._service.pause(caller(interaction, cohort), until)
        await show(interaction, views.mentor_card(page))

    @on_press("mentors.resume")
    async def resume(self, interaction: Interaction, subject: str) -> None:
        """Take mentees again."""
        page = await self._service.resume(caller(interaction), _id(subject))
        await redraw(interaction, views.mentor_card(page))

    # --- those who look for one

    @app_commands.command()
    @app_commands.describe(cohort="Which cohort, if you are in several")
    async def request(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Ask for a mentor, and say what for."""
        where = await self._service.look_for(caller(interaction, cohort))
        if isinstance(where, RequestPage) and where.request is None:
            await self._open_request(interaction, where)
        else:
            await show(interaction, _where(where))

    async def _open_request(self, interaction: Interaction, page: RequestPage) -> None:
        request = page.request
        fill = {"topics": request.topics, "wish": request.wish} if request else {}
        await open_form(
            interaction,
            RequestForm,
            "mentors.asked",
            page.member.cohort_id,
            title=N_("A mentor for you"),
            fill=fill,
        )

    @on_press("mentors.ask")
    async def ask(self, interaction: Interaction, subject: str) -> None:
        """Open the form from a card, filled with what was asked before."""
        where = await self._service.look_for(caller(interaction, subject or None))
        if isinstance(where, RequestPage):
            await self._open_request(interaction, where)
        else:
            await carry_on(interaction, _where(where))

    @on_form("mentors.asked", RequestForm)
    async def requested(self, interaction: Interaction, subject: str, form: RequestForm) -> None:
        """Save a request."""
        who = caller(interaction, subject or None)
        where = await self._service.request(who, form.topics, form.wish)
        await carry_on(interaction, _where(where))

    @on_press("mentors.mine")
    async def mine(self, interaction: Interaction, subject: str) -> None:
        """Show a request, or the mentor it led to."""
        where = await self._service.look_for(caller(interaction, subject or None))
        await carry_on(interaction, _where(where))

    @on_press("mentors.listen")
    async def listen(self, interaction: Interaction, subject: str) -> None:
        """Be written to about one's mentor again."""
        where = await self._service.listen(caller(interaction), _id(subject))
        await carry_on(interaction, _where(where))

    @on_press("mentors.withdraw")
    async def withdraw(self, interaction: Interaction, subject: str) -> None:
        """Take a request back."""
        where = await self._service.withdraw(caller(interaction), _id(subject))
        await redraw(interaction, _where(where))

    # --- a pair

    @on_press("mentors.pair")
    async def pair(self, interaction: Interaction, subject: str) -> None:
        """Show a pairing to one of the two."""
        page = await self._service.pair(caller(interaction), _id(subject))
        await carry_on(interaction, views.pair_card(page))

    @on_press("mentors.agenda")
    async def agenda(self, interaction: Interaction, subject: str) -> None:
        """Show what half an hour could hold."""
        page = await self._service.pair(caller(interaction), _id(subject))
        await carry_on(interaction, views.agenda_card(page))

    @on_press("mentors.pass")
    async def pass_on(self, interaction: Interaction, subject: str) -> None:
        """Pass on a mentee without a reason."""
        page = await self._service.pass_on(caller(interaction), _id(subject))
        await carry_on(interaction, views.passed_card(page))

    @on_press("mentors.terms")
    async def terms(self, interaction: Interaction, subject: str) -> None:
        """Open the light agreement, filled with what stands there."""
        page = await self._service.pair(caller(interaction), _id(subject))
        pairing = page.pair.pairing
        fill = {
            "goals": pairing.goals,
            "cadence": pairing.cadence or None,
            "channel": pairing.channel,
        }
        await open_form(
            interaction,
            AgreementForm,
            "mentors.agreed",
            pairing.pairing_id,
            title=N_("What you agree on · you two"),
            fill=fill,
        )

    @on_form("mentors.agreed", AgreementForm)
    async def agreed(self, interaction: Interaction, subject: str, form: AgreementForm) -> None:
        """Save what one of the two wrote down, and ask the other."""
        terms = Agreement(form.goals, form.cadence, form.channel)
        page = await self._service.agree_on(caller(interaction), _id(subject), terms)
        await carry_on(interaction, views.pair_card(page))

    @on_press("mentors.agree")
    async def agree(self, interaction: Interaction, subject: str) -> None:
        """Say yes to what the other wrote."""
        page = await self._service.agree(caller(interaction), _id(subject))
        await carry_on(interaction, views.pair_card(page))

    @on_press("mentors.met")
    async def met(self, interaction: Interaction, subject: str) -> None:
        """Note that the two talked."""
        page = await self._service.met(caller(interaction), _id(subject))
        await carry_on(interaction, views.pair_card(page))

    @on_press("mentors.go_on")
    async def go_on(self, interaction: Interaction, subject: str) -> None:
        """Answer that it goes on."""
        page = await self._service.go_on(caller(interaction), _id(subject))
        await carry_on(interaction, views.pair_card(page))

    @on_press("mentors.end")
    async def end(self, interaction: Interaction, subject: str) -> None:
        """Ask once before a pairing ends."""
        page = await self._service.pair(caller(interaction), _id(subject))
        await carry_on(interaction, views.end_card(page))

    @on_press("mentors.ended")
    async def ended(self, interaction: Interaction, subject: str) -> None:
        """End a pairing."""
        who = caller(interaction)
        page = await self._service.pair(who, _id(subject))
        pair = await self._service.end(who, _id(subject))
        await carry_on(interaction, views.over_card(pair, page.side))

    # --- notes

    @app_commands.command()
    @app_commands.describe(member="Your mentor or mentee")
    async def notes(self, interaction: Interaction, member: discord.User) -> None:
        """Your own notes about your mentor or mentee; only you read them."""
        page = await self._service.notes_about(caller(interaction), member.id)
        await show(interaction, views.notes_card(page))

    @on_press("mentors.notes")
    async def see_notes(self, interaction: Interaction, subject: str) -> None:
        """Show one's notes from the pair's card."""
        page = await self._service.notes(caller(interaction), _id(subject))
        await carry_on(interaction, views.notes_card(page))

    @on_press("mentors.note")
    async def note(self, interaction: Interaction, subject: str) -> None:
        """Open the form for a note."""
        await self._service.notes(caller(interaction), _id(subject))
        await open_form(
            interaction, NoteForm, "mentors.noted", _id(subject), title=N_("A note · only you")
        )

    @on_form("mentors.noted", NoteForm)
    async def noted(self, interaction: Interaction, subject: str, form: NoteForm) -> None:
        """Save a note."""
        page = await self._service.write_note(caller(interaction), _id(subject), form.text)
        await carry_on(interaction, views.notes_card(page))

    @on_press("mentors.unnote")
    async def remove_note(self, interaction: Interaction, subject: str) -> None:
        """Delete a note."""
        pairing_id, _dash, note_id = subject.partition("-")
        page = await self._service.remove_note(caller(interaction), _id(pairing_id), _id(note_id))
        await redraw(interaction, views.notes_card(page))

    # --- leaving

    @app_commands.command()
    @app_commands.describe(cohort=WHICH)
    async def leave(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Stop mentoring, or end it with your mentor."""
        leaving = await self._service.leaving(caller(interaction, cohort))
        await show(interaction, views.leaving_card(leaving))

    @on_press("mentors.stop")
    async def stop(self, interaction: Interaction, subject: str) -> None:
        """Ask once before somebody stops mentoring."""
        page = await self._service.mentor_page(caller(interaction), _id(subject))
        who = replace(caller(interaction), cohort=str(page.mentor.cohort_id))
        await carry_on(interaction, views.leaving_card(await self._service.leaving(who)))

    @on_press("mentors.leave")
    async def left(self, interaction: Interaction, subject: str) -> None:
        """Stop mentoring."""
        mentor = await self._service.leave(caller(interaction), _id(subject))
        await redraw(interaction, views.left_card(mentor))

    # --- the moderators

    @on_press("mentors.offers")
    async def offers(self, interaction: Interaction, subject: str) -> None:
        """Show who would like to mentor and has no role for it."""
        found = await self._service.offers(caller(interaction), _id(subject))
        await carry_on(interaction, views.offers_card(*found))

    @on_press("mentors.let_in")
    async def let_in(self, interaction: Interaction, subject: str) -> None:
        """Take an offer up."""
        found = await self._service.let_in(caller(interaction), _id(subject), welcome=True)
        await redraw(interaction, views.offers_card(*found))

    @on_press("mentors.decline")
    async def decline(self, interaction: Interaction, subject: str) -> None:
        """Do not take an offer up."""
        found = await self._service.let_in(caller(interaction), _id(subject), welcome=False)
        await redraw(interaction, views.offers_card(*found))

    @on_press("mentors.match")
    async def match(self, interaction: Interaction, subject: str) -> None:
        """Show the draft that waits, or draw one."""
        await match(interaction, self._matches, _id(subject))

    @on_press("mentors.redraw")
    async def draw_again(self, interaction: Interaction, subject: str) -> None:
        """Draw another draft."""
        who = caller(interaction)
        await self._matches.cohort(who, _id(subject))
        await interaction.response.defer()
        await redraw(interaction, views.match_card(await self._matches.draw(who, _id(subject))))

    @on_press("mentors.draft")
    async def draft(self, interaction: Interaction, subject: str) -> None:
        """Turn to a page of a draft."""
        match_id, _dash, page = subject.partition("-")
        found = await self._matches.page(caller(interaction), _id(match_id), _id(page or "0"))
        await redraw(interaction, views.match_card(found))

    @on_press("mentors.change")
    async def change(self, interaction: Interaction, subject: str) -> None:
        """Show which other mentor somebody could have."""
        page = await self._matches.change(caller(interaction), _id(subject))
        await redraw(interaction, views.change_card(page))

    @on_press("mentors.give")
    async def give(self, interaction: Interaction, subject: str, values: list[str]) -> None:
        """Give somebody another mentor."""
        page = await self._matches.give(caller(interaction), _id(subject), values[0])
        await redraw(interaction, views.match_card(page))

    @on_press("mentors.out")
    async def leave_out(self, interaction: Interaction, subject: str) -> None:
        """Leave a pair out, or take it in again."""
        page = await self._matches.leave_out(caller(interaction), _id(subject))
        await redraw(interaction, views.match_card(page))

    @on_press("mentors.approve")
    async def approve(self, interaction: Interaction, subject: str) -> None:
        """Let a draft go out."""
        done = await self._matches.approve(caller(interaction), _id(subject))
        await redraw(interaction, views.approved_card(done))

    @on_press("mentors.drop")
    async def drop(self, interaction: Interaction, subject: str) -> None:
        """Throw a draft away."""
        cohort = await self._matches.drop(caller(interaction), _id(subject))
        await redraw(interaction, views.dropped_card(cohort))


class MentorDesk(app_commands.Group):
    """The moderators' part, under /cohort."""

    def __init__(self, matches: MatchService) -> None:
        self._matches = matches
        super().__init__(name="mentor", description="Mentors of a cohort")

    @app_commands.command()
    @app_commands.describe(cohort="Which cohort, if this server has several")
    async def match(self, interaction: Interaction, cohort: str | None = None) -> None:
        """Bring mentors and mentees together; nothing goes out before you approve it."""
        found = await self._matches.cohort(caller(interaction, cohort))
        await match(interaction, self._matches, found.cohort_id)


async def match(interaction: Interaction, matches: MatchService, cohort_id: int) -> None:
    """Show the draft that waits, or draw one; drawing takes a moment, so answer first."""
    who = caller(interaction)
    waiting = await matches.waiting_draft(who, cohort_id)
    if waiting is None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        waiting = await matches.draw(who, cohort_id)
    await show(interaction, views.match_card(waiting))


def _offer(form: OfferForm) -> Offer:
    return Offer(form.topics, int(form.minutes), int(form.mentees))


def _where(page: RequestPage | PairPage) -> views.View:
    return views.request_card(page) if isinstance(page, RequestPage) else views.pair_card(page)


def _id(subject: str) -> int:
    return number_in(subject, _("That is gone. `/me` shows what is there now."))
