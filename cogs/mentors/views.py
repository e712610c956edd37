"""How mentoring looks: the mentor's card, the pair's card, the letters, the moderator's draft."""

from collections.abc import Sequence

from bot.clockwork.phases import Phase
from bot.face.dates import WEEKDAYS, stamp, whole_day
from bot.face.look import Item, Option, Tone, View, card, clip, item, quote, row, rule, safe
from bot.face.press import pick, press
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Agenda, Guide
from bot.matching.model import Reasons
from bot.people.cohorts import Cohort
from cogs.mentors.model import (
    CADENCES,
    MINUTES,
    Approved,
    ChangePage,
    Leaving,
    MatchPage,
    MatchState,
    Mentor,
    MentorPage,
    MentorState,
    NotesPage,
    Pair,
    Pairing,
    PairPage,
    Proposed,
    RequestPage,
    Side,
)

PHASES = {
    Phase.BEFORE: N_("before the start"),
    Phase.LAND: N_("the first week"),
    Phase.PLAN: N_("planning"),
    Phase.STRIDE: N_("finding a stride"),
    Phase.MIDPOINT: N_("halfway"),
    Phase.REACH: N_("beyond the team"),
    Phase.CLOSE: N_("wrapping up"),
    Phase.LAST_WEEK: N_("the last week"),
    Phase.AFTER: N_("afterwards"),
}
MOST_OFFERS = 8


def _minutes(minutes: int) -> str:
    label = dict(MINUTES).get(str(minutes), "")
    return _(label) if label else str(minutes)


def _name(text: str) -> str:
    return safe(clip(text, 80))


# --- a mentor


def mentor_card(page: MentorPage, news: str = "") -> View:
    """Show a mentor their offer, their mentees and the days on which they may be pinged."""
    mentor = page.mentor
    subject = mentor.mentor_id
    room = ngettext("up to {n} mentee", "up to {n} mentees", mentor.mentees)
    offer = _("**{minutes} a week** · {room} · {topics}").format(
        minutes=_minutes(mentor.minutes),
        room=room.format(n=mentor.mentees) if mentor.mentees else _("no mentees, only questions"),
        topics=safe(clip(mentor.topics, 300)),
    )
    mentees = [_mentee_row(pair) for pair in page.pairs]
    paused = mentor.state is MentorState.PAUSED
    return card(
        _("Your mentoring in {cohort}").format(cohort=_name(page.cohort_name)),
        news,
        _state(page),
        offer,
        *mentees,
        _reach(page),
        row(_days(mentor)),
        row(
            press(_("Change my offer"), "mentors.edit", subject),
            press(_("Take mentees again"), "mentors.resume", subject) if paused else None,
            press(_("Write to me directly"), "mentors.hear", subject)
            if not page.hears and page.may_hear
            else None,
            press(_("Guide for mentors"), "mentors.guide"),
            press(_("Stop mentoring…"), "mentors.stop", subject),
        ),
    )


def _state(page: MentorPage) -> str:
    mentor = page.mentor
    if mentor.state is MentorState.ASKED:
        return _(
            "Thank you. The moderators take a look first, since you do not have the mentors' role. "
            "You hear from me when you are in."
        )
    if mentor.state is MentorState.PAUSED:
        return _("You are pausing until {day}: no new mentees, nothing to do.").format(
            day=whole_day(mentor.paused_until) if mentor.paused_until else ""
        )
    if not page.pairs:
        return _("Nobody yet. The moderators bring you together; you can pass without a reason.")
    return ""


def _mentee_row(pair: Pair) -> str | Item:
    words = f"**{_name(pair.member.name)}**\n{_standing(pair.pairing, Side.MENTOR)}"
    return item(words, press(_("Open"), "mentors.pair", pair.pairing.pairing_id))


def _standing(pairing: Pairing, side: Side) -> str:
    if pairing.asked_at is not None:
        return _("Does it go on? One tap answers.")
    if pairing.goals and not pairing.agreed(side):
        return _("Waits for your yes to what you agree on.")
    if pairing.met_at is not None:
        return _("Last talked <t:{at}:R>.").format(at=int(pairing.met_at.timestamp()))
    return _("You have not talked yet.")


def _reach(page: MentorPage) -> str:
    if not page.hears:
        return _("I do not write to you directly. What is new stands here and on `/me`.")
    if not page.mentor.days:
        return _("I never ping you about mentoring. What is new stands here and on `/me`.")
    return _(
        "-# I write at most about new mentees and questions of theirs; your clock: {zone}."
    ).format(zone=page.zone)


def _days(mentor: Mentor) -> Item:
    options = [
        Option(_(day), str(number), default=number in mentor.days)
        for number, day in enumerate(WEEKDAYS)
    ]
    return pick(
        _("Days I may be pinged"), "mentors.days", mentor.mentor_id, options, least=0, most=7
    )


def guide_card(guide: Guide) -> View:
    """Show the page for mentors."""
    sources = " · ".join(f"[{safe(one.name)}]({one.url})" for one in guide.sources)
    return card(guide.title, guide.body, "-# " + _("Sources: {sources}").format(sources=sources))


# --- somebody who looks for a mentor


def request_card(page: RequestPage) -> View:
    """Show a request for a mentor, or how to make one."""
    request = page.request
    if request is None:
        return card(
            _("A mentor for you"),
            _(
                "Somebody with a few years more: half an hour now and then, about what you choose. "
                "Say what for; the moderators match, and you can end it at any time."
            ),
            row(
                press(_("Ask for a mentor"), "mentors.ask", page.member.cohort_id, style="primary")
            ),
        )
    waits = (
        ngettext(
            "{n} mentor is in your cohort. The moderators match; you hear from me.",
            "{n} mentors are in your cohort. The moderators match; you hear from me.",
            page.mentors,
        ).format(n=page.mentors)
        if page.mentors
        else _("There is no mentor in your cohort yet. Your request waits for the first.")
    )
    return card(
        _("Your request for a mentor"),
        _("**About** {topics}").format(topics=safe(clip(request.topics, 300))),
        quote(request.wish) if request.wish else "",
        waits,
        _("-# Read by the moderators who match, and by the mentor you are matched with."),
        row(
            press(_("Edit"), "mentors.ask", page.member.cohort_id),
            press(_("Take it back"), "mentors.withdraw", request.request_id),
            _listen(page),
        ),
    )


def _listen(page: RequestPage | PairPage) -> Item | None:
    """Return the way back to messages about mentoring, for whoever stopped them."""
    member = page.member if isinstance(page, RequestPage) else page.pair.member
    return (
        press(_("Write to me again"), "mentors.listen", member.member_id) if page.silent else None
    )


# --- a pair


def pair_card(page: PairPage) -> View:
    """Show one of the two where they stand, with the agenda and what to do next."""
    pairing, side = page.pair.pairing, page.side
    other = _name(page.pair.name_of(side.other))
    title = _("Your mentor: {name}") if side is Side.MENTEE else _("Your mentee: {name}")
    return card(
        title.format(name=other),
        _asked(pairing),
        _whom(page),
        _wished(page),
        _allowed(page),
        rule(),
        _agreement(page.pair, side),
        _next(page),
        row(*_pair_buttons(page)),
        row(*_more_buttons(page)),
    )


def _asked(pairing: Pairing) -> str:
    if pairing.asked_at is None:
        return ""
    return _("**Does it go on?** It has been quiet here for a while. Both answers are fine.")


def _whom(page: PairPage) -> str:
    if page.side is Side.MENTEE:
        mentor = page.pair.mentor
        known = _("<@{user}> · {minutes} a week · {topics}")
        return known.format(
            user=mentor.user_id,
            minutes=_minutes(mentor.minutes),
            topics=safe(clip(mentor.topics, 300)),
        )
    about = " · ".join(_name(text) for text in page.about)
    return f"<@{page.pair.member.user_id}>" + (f" · {about}" if about else "")


def _wished(page: PairPage) -> str:
    if not page.wish:
        return ""
    words = _("What I wrote:") if page.side is Side.MENTEE else _("What they would like:")
    return f"{words}\n{quote(page.wish)}"


def _allowed(page: PairPage) -> str:
    if page.side is Side.MENTEE:
        return _(
            "-# Your mentor reads the goals and check-ins that you set to *mentor*, no others."
        )
    lines = "\n".join(f"- {safe(clip(line, 250))}" for line in page.lines)
    return _("**What they let you read**\n{lines}").format(lines=lines) if lines else ""


def _agreement(pair: Pair, side: Side) -> str:
    pairing = pair.pairing
    if not pairing.goals:
        return _("**Agree on three things:** what for, how often, where. Two lines are enough.")
    cadence = dict(CADENCES).get(pairing.cadence, "")
    words = "\n".join(
        [
            quote(pairing.goals, 500),
            _("{cadence} · {channel}").format(
                cadence=_(cadence) if cadence else "", channel=safe(clip(pairing.channel, 200))
            ),
        ]
    )
    if pairing.is_agreed:
        title = _("You two agreed on")
    elif pairing.agreed(side):
        title = _("Written down; {name} is asked").format(name=_name(pair.name_of(side.other)))
    else:
        title = _("{name} wrote this. Does it fit?").format(name=_name(pair.name_of(side.other)))
    return f"**{title}**\n{words}"


def _next(page: PairPage) -> str:
    if page.pair.pairing.met_at is not None:
        at = int(page.pair.pairing.met_at.timestamp())
        return _("Last talked <t:{at}:R>.").format(at=at)
    if page.side is Side.MENTEE:
        return _("**Next:** write to them and offer two times for half an hour.")
    return _("**Next:** they write to you with two times. If nothing comes, a hello helps.")


def _pair_buttons(page: PairPage) -> list[Item | None]:
    pairing, subject = page.pair.pairing, page.pair.pairing.pairing_id
    confirm = bool(pairing.goals) and not pairing.agreed(page.side)
    label = _("Change it") if pairing.goals else _("Agree on the basics")
    return [
        press(_("It goes on"), "mentors.go_on", subject, style="success")
        if pairing.asked_at
        else None,
        press(_("Yes, that fits"), "mentors.agree", subject, style="success") if confirm else None,
        press(label, "mentors.terms", subject, style="secondary" if pairing.goals else "primary"),
        press(_("We talked"), "mentors.met", subject),
        press(_("Agenda"), "mentors.agenda", subject),
    ]


def _more_buttons(page: PairPage) -> list[Item | None]:
    pairing, subject = page.pair.pairing, page.pair.pairing.pairing_id
    passes = page.side is Side.MENTOR and pairing.may_be_passed
    other = page.pair.user_of(page.side.other)
    return [
        press(_("My notes"), "mentors.notes", subject),
        press(_("Pass"), "mentors.pass", subject) if passes else None,
        press(_("End it…"), "mentors.end", subject),
        press(_("Report a problem"), "safety.report", f"mentor-{subject}-u{other}"),
        _listen(page),
    ]


def agenda_card(page: PairPage) -> View:
    """Show half an hour that fits the mentee's phase."""
    agenda: Agenda = page.agenda
    lines = "\n".join(f"**{line.minutes} min** · {safe(line.do)}" for line in agenda.lines)
    phase = _(PHASES[page.phase]) if page.phase else ""
    return card(
        _("Half an hour: {title}").format(title=safe(agenda.title)),
        _("For {phase}. Leave out what does not fit.").format(phase=phase)
        if phase
        else _("Leave out what does not fit."),
        lines,
        f"-# [{safe(agenda.source.name)}]({agenda.source.url})",
        row(press(_("Back"), "mentors.pair", page.pair.pairing.pairing_id)),
    )


def end_card(page: PairPage) -> View:
    """Ask once before a pairing ends."""
    name, subject = _name(page.pair.name_of(page.side.other)), page.pair.pairing.pairing_id
    return card(
        _("End it with {name}?").format(name=name),
        _("They hear that it has ended, without a reason. Your notes stay yours."),
        row(
            press(_("End it"), "mentors.ended", subject, style="danger"),
            press(_("Back"), "mentors.pair", subject),
        ),
    )


def over_card(pair: Pair, side: Side) -> View:
    """Confirm that a pairing has ended."""
    name = _name(pair.name_of(side.other))
    again = press(_("Ask for a mentor"), "mentors.ask", pair.pairing.cohort_id)
    return card(
        _("Ended"),
        _("That was it with {name}. A line of thanks is always welcome.").format(name=name),
        row(again) if side is Side.MENTEE else None,
        tone=Tone.QUIET,
    )


def passed_card(page: MentorPage) -> View:
    """Confirm that a mentor passed."""
    return mentor_card(page, _("Passed, no reason needed. Somebody else is asked."))


def notes_card(page: NotesPage) -> View:
    """Show somebody their own notes, each with its way out."""
    subject = page.pair.pairing.pairing_id
    shown = [
        item(
            stamp(note.at, "d") + f"\n{quote(note.text, 500)}",
            press(_("Delete"), "mentors.unnote", f"{subject}-{note.note_id}"),
        )
        for note in page.notes
    ]
    return card(
        _("Your notes about {name}").format(name=_name(page.pair.name_of(page.side.other))),
        _("-# Only you read these. They are encrypted, and come along in your export."),
        *shown,
        "" if shown else _("Nothing yet. What did you promise each other last time?"),
        row(
            press(_("Write a note"), "mentors.note", subject, style="primary"),
            press(_("Back"), "mentors.pair", subject) if page.pair.pairing.is_open else None,
        ),
    )


# --- leaving


def leaving_card(leaving: Leaving) -> View:
    """Show what could end, each with its own button."""
    parts: list[str | Item] = []
    if leaving.mentor is not None:
        text = ngettext(
            "You are a mentor with {n} mentee. They wait for somebody else and are told so.",
            "You are a mentor with {n} mentees. They wait for somebody else and are told so.",
            leaving.mentees,
        ).format(n=leaving.mentees)
        stop = press(_("Stop mentoring"), "mentors.leave", leaving.mentor.mentor_id, style="danger")
        parts.append(item(text, stop))
    if leaving.pair is not None:
        text = _("{name} is your mentor.").format(name=_name(leaving.pair.mentor.name))
        pairing_id = leaving.pair.pairing.pairing_id
        parts.append(item(text, press(_("End it"), "mentors.ended", pairing_id, style="danger")))
    if leaving.request is not None:
        back = press(_("Take it back"), "mentors.withdraw", leaving.request.request_id)
        parts.append(item(_("You asked for a mentor and wait."), back))
    return card(_("What do you want to end?"), *parts)


def left_card(mentor: Mentor) -> View:
    """Confirm that somebody stopped mentoring."""
    return card(
        _("You are not a mentor any more"),
        _("Thank you for the time you gave. `/mentor join` begins again whenever you like."),
        tone=Tone.QUIET,
    )


# --- letters


def paired_card(page: PairPage) -> View:
    """Tell one of the two whom they are brought together with."""
    pair, side = page.pair, page.side
    subject = pair.pairing.pairing_id
    name = _name(pair.name_of(side.other))
    if side is Side.MENTEE:
        title, words = (
            _("{name} is your mentor").format(name=name),
            _("<@{user}> can tell about: {topics}\nWrite to them and offer two times.").format(
                user=pair.mentor.user_id, topics=safe(clip(pair.mentor.topics, 300))
            ),
        )
    else:
        title, words = (
            _("{name} would like you as a mentor").format(name=name),
            _("<@{user}> gets in touch with two times for half an hour. You can pass.").format(
                user=pair.member.user_id
            ),
        )
    return card(
        title,
        words,
        _wished(page) if side is Side.MENTOR else "",
        row(
            press(_("Open"), "mentors.pair", subject, style="primary"),
            press(_("Agenda"), "mentors.agenda", subject),
            press(_("Pass"), "mentors.pass", subject) if side is Side.MENTOR else None,
            _problem(pair, side),
        ),
        tone=Tone.GOOD,
    )


def _problem(pair: Pair, side: Side) -> Item:
    subject = f"mentor-{pair.pairing.pairing_id}-u{pair.user_of(side.other)}"
    return press(_("Report a problem"), "safety.report", subject)


def agreement_card(page: PairPage) -> View:
    """Ask one of the two whether what the other wrote down fits."""
    subject = page.pair.pairing.pairing_id
    return card(
        _("What you two agree on"),
        _agreement(page.pair, page.side),
        row(
            press(_("Yes, that fits"), "mentors.agree", subject, style="success"),
            press(_("Change it"), "mentors.terms", subject),
        ),
    )


def still_card(page: PairPage) -> View:
    """Ask whether it goes on."""
    subject = page.pair.pairing.pairing_id
    name = _name(page.pair.name_of(page.side.other))
    return card(
        _("Does it go on with {name}?").format(name=name),
        _(
            "It has been quiet for a while, and both answers are fine. If neither of you answers "
            "within a week, the place becomes free for somebody else."
        ),
        row(
            press(_("It goes on"), "mentors.go_on", subject, style="success"),
            press(_("End it"), "mentors.ended", subject),
        ),
    )


def again_card(cohort_id: int) -> View:
    """Tell a mentee that their request waits again."""
    return card(
        _("Your request for a mentor waits again"),
        _(
            "Your mentor has no time for it right now; that says nothing about you. You stand in "
            "the line where you stood before, and there is nothing to do."
        ),
        row(press(_("My request"), "mentors.mine", cohort_id)),
        tone=Tone.QUIET,
    )


def ended_card(side: Side, name: str, cohort_id: int) -> View:
    """Tell one of the two that it has ended."""
    who = _name(name) if name else _("your mentee")
    if side is Side.MENTOR:
        return card(
            _("A place is free again"),
            _("It has ended with {name}. Thank you for your time; nothing to do.").format(name=who),
            tone=Tone.QUIET,
        )
    return card(
        _("It has ended with your mentor"),
        _("Thank you both. If you would like another mentor, one tap asks for one."),
        row(press(_("Ask for a mentor"), "mentors.mine", cohort_id)),
        tone=Tone.QUIET,
    )


def welcome_card(page: MentorPage) -> View:
    """Tell somebody that they are in as a mentor."""
    return mentor_card(page, _("**You are in.** Thank you for your time."))


# --- the moderators


def offers_card(cohort: Cohort, offers: Sequence[Mentor]) -> View:
    """Show who would like to mentor and has no role for it."""
    blocks: list[str | Item | None] = []
    for mentor in offers[:MOST_OFFERS]:
        blocks.append(
            f"**{_name(mentor.name)}** <@{mentor.user_id}> · {_minutes(mentor.minutes)} · "
            f"{safe(clip(mentor.topics, 300))}"
        )
        blocks.append(
            row(
                press(_("Let in"), "mentors.let_in", mentor.mentor_id, style="success"),
                press(_("Not now"), "mentors.decline", mentor.mentor_id),
            )
        )
    return card(
        _("Offers to mentor in {cohort}").format(cohort=_name(cohort.name)),
        *blocks,
        "" if offers else _("Nobody waits. People with the mentors' role begin at once."),
        _("-# Whoever is not taken up is not told."),
    )


def match_card(page: MatchPage) -> View:
    """Show a draft, pair by pair, with what speaks for each; nothing has gone out."""
    if page.match.state is not MatchState.DRAFT:
        return card(
            _("That draft is done with"), _("`/cohort mentor match` shows what there is now.")
        )
    blocks: list[str | Item | None] = [
        item(_row_words(one), press(_("Change"), "mentors.change", one.proposal.proposal_id))
        for one in page.rows
    ]
    return card(
        _("Mentors for {cohort}: a draft").format(cohort=_name(page.cohort_name)),
        _("Nobody has been told. Look through it, change what you like, then approve."),
        *blocks,
        "" if page.rows else _("Nobody could be paired this time."),
        _waiting(page),
        row(*_match_buttons(page)),
        row(*_pages(page)),
    )


def _row_words(one: Proposed) -> str:
    pair = f"**{_name(one.member.name)}** → **{_name(one.mentor.name)}**"
    if one.proposal.left_out:
        return _("{pair}\nLeft out; goes on waiting.").format(pair=f"~~{pair}~~")
    return f"{pair}\n{reasons_words(one.reasons)}"


def reasons_words(reasons: Reasons) -> str:
    """Say what speaks for a pair."""
    parts: list[str] = []
    every = dict.fromkeys(each.about for each in reasons.curiosities)
    topics = [
        one for one in every if not any(one in other.split() for other in every if other != one)
    ]
    if topics:
        parts.append(_("asked about {topics}").format(topics=_name(", ".join(topics[:4]))))
    if reasons.interests:
        shared = _name(", ".join(reasons.interests[:3]))
        parts.append(_("both like {interests}").format(interests=shared))
    if reasons.teams > 1:
        parts.append(_("different teams"))
    if hours := reasons.minutes // 60:
        parts.append(ngettext("{n} shared hour", "{n} shared hours", hours).format(n=hours))
    return " · ".join(parts) or _("no topic in common; a fresh pair of eyes")


def _waiting(page: MatchPage) -> str:
    if not page.waiting:
        return ""
    names = ", ".join(_name(name) for name in page.waiting)
    return _("**Without a mentor this time:** {names}. They go on waiting.").format(names=names)


def _match_buttons(page: MatchPage) -> list[Item | None]:
    subject = page.match.match_id
    n = page.pairs
    label = ngettext("Approve {n} pair", "Approve {n} pairs", n).format(n=n)
    return [
        press(label, "mentors.approve", subject, style="success") if n else None,
        press(_("Draw again"), "mentors.redraw", page.match.cohort_id),
        press(_("Throw away"), "mentors.drop", subject),
    ]


def _pages(page: MatchPage) -> list[Item | None]:
    if page.pages == 1:
        return []
    subject = page.match.match_id
    back, on = max(page.page - 1, 0), min(page.page + 1, page.pages - 1)
    return [
        press(_("Earlier"), "mentors.draft", f"{subject}-{back}", disabled=page.page == 0),
        press(_("Later"), "mentors.draft", f"{subject}-{on}", disabled=page.page == page.pages - 1),
    ]


def change_card(page: ChangePage) -> View:
    """Offer another mentor for a mentee of a draft."""
    one, subject = page.row, page.row.proposal.proposal_id
    options = [
        Option(
            clip(choice.mentor, 90),
            choice.value,
            _("has room")
            if choice.swaps_with is None
            else _("changes places with {name}").format(name=clip(choice.swaps_with, 60)),
        )
        for choice in page.choices
    ]
    out = _("Take in again") if one.proposal.left_out else _("Leave out")
    return card(
        _("{name} and {mentor}").format(name=_name(one.member.name), mentor=_name(one.mentor.name)),
        _("**Would like** {topics}").format(topics=safe(clip(one.request.topics, 300))),
        quote(one.request.wish, 500) if one.request.wish else "",
        _("**{mentor} offers** {topics}").format(
            mentor=_name(one.mentor.name), topics=safe(clip(one.mentor.topics, 300))
        ),
        reasons_words(one.reasons),
        row(pick(_("Another mentor"), "mentors.give", subject, options)) if options else None,
        "" if options else _("No other mentor has room."),
        row(
            press(out, "mentors.out", subject),
            press(_("Back"), "mentors.draft", f"{page.match_id}-0"),
        ),
    )


def approved_card(done: Approved) -> View:
    """Confirm what went out, and say who goes on waiting."""
    text = ngettext(
        "{n} pair is being told, each at their own hours.",
        "{n} pairs are being told, each at their own hours.",
        done.pairs,
    ).format(n=done.pairs)
    missed = ", ".join(_name(name) for name in done.not_paired)
    waits = _("These cannot be paired any more and go on waiting: {names}.").format(names=missed)
    return card(
        _("Matched"),
        text if done.pairs else _("Nobody was paired."),
        waits if missed else "",
        tone=Tone.GOOD,
    )


def dropped_card(cohort: Cohort) -> View:
    """Confirm that a draft was thrown away."""
    return card(
        _("Thrown away"),
        _("Nobody was told. Everyone goes on waiting."),
        row(press(_("Draw again"), "mentors.redraw", cohort.cohort_id)),
        tone=Tone.QUIET,
    )
