"""How introductions look to the people who meet."""

from collections.abc import Sequence

from bot.face.dates import short_clock, short_day, whole_day
from bot.face.look import Item, Option, Tone, View, card, clip, row, rule, safe, stamp
from bot.face.press import pick, press
from bot.face.words import _, ngettext
from bot.people.cohorts import Cohort
from bot.people.memberships import Member
from bot.people.profiles import Detail

from .model import (
    NAMES,
    Avoided,
    End,
    GroupState,
    Introduction,
    Mine,
    Part,
    Past,
    Round,
    Said,
    Who,
)

TOLD = (Detail.TEAM, Detail.COMPANY, Detail.ROLE, Detail.LEARNING, Detail.INTERESTS)
TOLD_TOO = (Detail.UNDERSTAND, Detail.LINKS)
DETAIL_LENGTH = 160


def names(people: Sequence[Member]) -> str:
    """Name people as a sentence would."""
    found = [safe(person.name) for person in people]
    if len(found) < 2:
        return "".join(found)
    return _("{first} and {last}").format(first=", ".join(found[:-1]), last=found[-1])


def room_name(intro: Introduction) -> str:
    """Name the private thread of a group."""
    return clip(", ".join(who.member.name for who in intro.people), 80)


def welcome_card(intro: Introduction, called: Sequence[int]) -> View:
    """Introduce a group to each other in their own thread."""
    people = [who.member for who in intro.people]
    return card(
        "",
        _("Read by: you, {names}, and this server's moderators.").format(
            names=", ".join(safe(member.name) for member in people)
        ),
        " ".join(f"<@{user_id}>" for user_id in called),
        _("## {names}, meet each other").format(names=names(people)),
        *_about(intro, intro.people),
        _first_words(intro),
        row(*_answers(intro), _problem(intro)),
    )


def direct_card(intro: Introduction, reader: Member) -> View:
    """Introduce a group to one of them by direct message, where no thread could be opened."""
    others = intro.others(reader.user_id)
    people = [who.member for who in others]
    return card(
        _("Meet {names}").format(names=names(people)),
        _("Write to them directly: {mentions}. I could not open a thread for you.").format(
            mentions=", ".join(f"<@{member.user_id}>" for member in people)
        ),
        *_about(intro, others),
        _first_words(intro),
        row(
            press(_("I wrote to them"), "introductions.wrote", intro.group.group_id),
            *_answers(intro),
            _problem(intro, people[0] if len(people) == 1 else None),
        ),
    )


def _about(intro: Introduction, people: Sequence[Who]) -> list[str]:
    return [
        *(_profile(who) for who in people),
        _clocks(intro),
        _moments(intro),
        _("To begin with: *{ask}*").format(ask=intro.starter),
    ]


def _profile(who: Who) -> str:
    shown = who.profile.for_others()
    lines = [
        _("{name}: {text}").format(
            name=_(NAMES[detail]), text=safe(clip(" ".join(shown[detail].split()), DETAIL_LENGTH))
        )
        for detail in (*TOLD, *TOLD_TOO)
        if detail in shown
    ]
    title = f"**{safe(who.member.name)}**"
    return "\n".join([title, *lines]) if lines else title


def _clocks(intro: Introduction) -> str:
    clocks = [
        _("{time} for {name}").format(
            time=short_clock(who.member.local(intro.now)), name=safe(who.member.name)
        )
        for who in intro.people
    ]
    return _("When I write this it is {clocks}.").format(clocks=", ".join(clocks))


def _moments(intro: Introduction) -> str:
    if not intro.moments:
        return _("Your working hours do not overlap. Meet early or late, or write to each other.")
    found = ", ".join(stamp(moment, "f") for moment in intro.moments)
    return _("You all work at {moments} (on your own clock).").format(moments=found)


def _first_words(intro: Introduction) -> str:
    if intro.first is None:
        return ""
    return _("**{name}**, you go first: one line and a time you could talk are enough.").format(
        name=safe(intro.first.name)
    )


def _answers(intro: Introduction) -> list[Item]:
    number = intro.group.group_id
    return [
        press(_("We met"), "introductions.yes", number, style="success"),
        press(_("Not yet"), "introductions.not_yet", number),
        press(_("We won't meet"), "introductions.no", number),
    ]


def _problem(intro: Introduction, other: Member | None = None) -> Item:
    about = f"intro-{intro.group.group_id}"
    if other is not None:
        about += f"-u{other.user_id}"
    return press(_("Report a problem"), "safety.report", about)


def call_card(intro: Introduction, called: Sequence[Member]) -> View:
    """Call somebody into the thread once their quiet hours are over."""
    return card(
        "",
        " ".join(f"<@{member.user_id}>" for member in called),
        _("Good morning. Here is who you meet this time; it is all above."),
        tone=Tone.QUIET,
    )


def nudge_card(intro: Introduction, called: Sequence[int]) -> View:
    """Remind who goes first, once."""
    first = intro.first
    mention = " ".join(f"<@{user_id}>" for user_id in called)
    name = mention or (safe(first.name) if first else "")
    return card(
        "",
        _("{name}, a first line from you gets this going. Here is one: *{ask}*").format(
            name=name, ask=intro.starter
        ),
        row(press(_("I wrote to them"), "introductions.wrote", intro.group.group_id)),
        tone=Tone.QUIET,
    )


def quiet_card(intro: Introduction) -> View:
    """Offer somebody else to who has waited for three days."""
    return card(
        _("It has been quiet here"),
        _(
            "That happens; people are busy. If you have waited long enough, I look for somebody "
            "else for you. I draw once a day."
        ),
        row(
            press(
                _("Find me someone else"),
                "introductions.else",
                intro.group.group_id,
                style="primary",
            ),
        ),
        tone=Tone.QUIET,
    )


def still_up_card(intro: Introduction, reader: Member) -> View:
    """Ask somebody who was silent, privately and once."""
    number = intro.group.group_id
    people = [who.member for who in intro.others(reader.user_id)]
    where = f" <#{intro.group.thread_id}>" if intro.group.thread_id else ""
    return card(
        _("Still up for this?"),
        _("I introduced you to {names}.{where} A short hello is enough, and so is a no.").format(
            names=names(people), where=where
        ),
        row(
            press(_("Still up for it"), "introductions.still", number, style="primary"),
            press(_("Not this time"), "introductions.no", number),
            press(_("Pause introductions"), "introductions.rest", reader.member_id),
        ),
        tone=Tone.QUIET,
    )


def ask_card(intro: Introduction, called: Sequence[int], *, last: bool) -> View:
    """Ask whether they met, halfway and at the end."""
    text = _("Halfway through: did you meet? A plan counts too.")
    if last:
        text = _("This round ends soon: did you meet? One tap is enough.")
    return card(
        _("Did you meet?"),
        " ".join(f"<@{user_id}>" for user_id in called),
        text,
        row(*_answers(intro), _problem(intro)),
    )


def ended_card(intro: Introduction) -> View:
    """Say that a group does not go on, in the same words whatever the reason."""
    return card(
        "",
        _(
            "This introduction ends here: it cannot be paired any further. Whoever is still in "
            "gets somebody else in one of the next daily draws."
        ),
        row(_problem(intro)),
        tone=Tone.QUIET,
    )


def answered_card(intro: Introduction, said: Said) -> View:
    """Thank for an answer."""
    texts = {
        Said.YES: _("Good to hear. If it was worth it, keep a line about it for your record."),
        Said.NOT_YET: _("Noted. I ask once more before the round ends."),
        Said.NO: _("Noted. It counts against nobody; the next round brings somebody else."),
        Said.NOTHING: _("Noted. I hope you hear back soon."),
    }
    return card("", texts[said], tone=Tone.GOOD if said is Said.YES else Tone.PLAIN)


def else_card(pool: str) -> View:
    """Confirm that somebody else is looked for."""
    return card(
        _("I look for somebody else"),
        _("I draw once a day, next {when}. You get a new thread. Nobody is blamed.").format(
            when=pool
        ),
        tone=Tone.GOOD,
    )


# --- a round to come


def notice_card(cohort: Cohort, round: Round, member: Member) -> View:
    """Tell a member a day ahead, so that they can sit this one out."""
    return card(
        _("Tomorrow you meet somebody new"),
        _("The next introductions of {cohort} go out {when}. You need to do nothing.").format(
            cohort=safe(cohort.name), when=stamp(round.starts_at, "f")
        ),
        row(
            press(_("Skip this one"), "introductions.skip", round.round_id),
            press(_("Pause introductions"), "introductions.rest", member.member_id),
        ),
        tone=Tone.QUIET,
    )


def channel_notice(cohort: Cohort, round: Round) -> View:
    """Tell the channel a day ahead, silently."""
    return card(
        _("Introductions"),
        _("The next round goes out {when}. Whoever is in meets somebody new.").format(
            when=stamp(round.starts_at, "f")
        ),
        row(
            press(_("Count me in"), "introductions.in", cohort.cohort_id, style="primary"),
            press(_("Skip this one"), "introductions.skip", round.round_id),
        ),
    )


def skipped_card(mine: Mine, round_id: int) -> View:
    """Confirm that a round is sat out, and offer the way back."""
    return card(
        "",
        mine.news,
        row(press(_("I'm in after all"), "introductions.unskip", round_id)),
        tone=Tone.QUIET,
    )


def unmatched_card(cohort: Cohort, round: Round) -> View:
    """Tell somebody that there is nobody for them this time."""
    when = stamp(round.pool_at, "R") if round.pool_at else _("soon")
    return card(
        _("Nobody this time, yet"),
        _(
            "You cannot be paired in this round of {cohort} so far. I try again {when}, and you "
            "come first next time."
        ).format(cohort=safe(cohort.name), when=when),
        tone=Tone.QUIET,
    )


def asking_card(member: Member) -> View:
    """Ask somebody who missed two introductions."""
    return card(
        _("Still up for introductions?"),
        _("I did not hear from you the last two times. All answers are fine."),
        row(
            press(_("Keep me in"), "introductions.back", member.member_id, style="primary"),
            press(_("Pause them"), "introductions.rest", member.member_id),
        ),
        tone=Tone.QUIET,
    )


def paused_card(member: Member) -> View:
    """Tell somebody who missed three introductions that they are paused."""
    return card(
        _("I paused introductions for you"),
        _("Three went by without you, so I leave you in peace. One tap brings you back."),
        row(press(_("Come back"), "introductions.back", member.member_id, style="primary")),
        tone=Tone.QUIET,
    )


# --- what a member looks at


def mine_card(mine: Mine) -> View:
    """Show a member where they stand with introductions."""
    number = mine.member.member_id
    part = mine.participant.part if mine.participant else Part.OUT
    lines = [mine.news, _standing(mine)]
    if mine.waiting_since and mine.pool_at:
        lines.append(_("I look for somebody for you {when}.").format(when=stamp(mine.pool_at, "R")))
    if mine.next_at:
        lines.append(_("Next round: {when}.").format(when=stamp(mine.next_at, "f")))
        if mine.skipping:
            lines.append(_("You sit that one out."))
    elif part is Part.IN:
        lines.append(_("No round is planned at the moment; you are on the list."))
    actions: list[Item] = []
    if part is Part.IN:
        actions = [
            press(_("Pause"), "introductions.rest", number),
            press(_("Leave"), "introductions.leave", number),
        ]
    else:
        label = _("Come back") if part is Part.PAUSED else _("Join")
        actions = [press(label, "introductions.back", number, style="primary")]
    blocks: list[str | Item | None] = ["\n".join(filter(None, lines))]
    if mine.current is not None:
        blocks += [rule(), *_current(mine.current, mine.member)]
    return card(_("Introductions"), *blocks, row(*actions))


def _standing(mine: Mine) -> str:
    known = mine.participant
    if known is None or known.part is Part.OUT:
        return _(
            "Each round you meet somebody from {cohort}: a private thread, both your profiles as "
            "far as you show them, and something to begin with. I mention you once."
        ).format(cohort=safe(mine.member.cohort_name))
    if known.part is Part.PAUSED and mine.news:
        return ""
    if known.part is Part.PAUSED:
        if known.paused_until:
            return _("Paused until {day}.").format(day=whole_day(known.paused_until))
        return _("Paused until you come back.")
    secret = _("Nobody is told who you avoid: `/intro avoid`.")
    return secret if mine.news else _("You take part.") + " " + secret


def _current(intro: Introduction, reader: Member) -> list[str | Item | None]:
    others = intro.others(reader.user_id)
    where = f" <#{intro.group.thread_id}>" if intro.group.thread_id else ""
    title = _("**Now: {names}**{where}").format(
        names=names([who.member for who in others]), where=where
    )
    return [title, *_about(intro, others), row(*_answers(intro), _problem(intro))]


def history_card(member: Member, past: Sequence[Past]) -> View:
    """Show whom a member was introduced to."""
    if not past:
        return card(
            _("Your introductions"),
            _("None yet. `/intro join` takes you into the next round."),
        )
    lines = [_past_line(one, member) for one in past]
    current = next((one for one in past if one.is_open), None)
    return card(
        _("Your introductions"),
        "\n".join(lines),
        row(press(_("The current one"), "introductions.mine", member.member_id))
        if current
        else None,
    )


def _past_line(past: Past, member: Member) -> str:
    who = ", ".join(safe(name) for name in past.names) or _("somebody who left")
    return f"- {short_day(past.on)}: {who} · {_outcome(past, member)}"


def _outcome(past: Past, member: Member) -> str:
    if past.group.met:
        return _("met")
    if past.group.state is GroupState.OPEN:
        return _("under way")
    if past.group.planned:
        return _("planned")
    if past.group.end is End.APART:
        return _("did not go on")
    return _("did not meet")


def avoided_card(avoided: Sequence[Avoided], news: str = "") -> View:
    """Show whom somebody is never paired with; nobody else sees it."""
    lines = "\n".join(f"- {safe(each.name)}" for each in avoided)
    options = [Option(clip(each.name, 90), str(each.avoid_id)) for each in avoided]
    n = len(avoided)
    text = ngettext(
        "You are never paired with this person:", "You are never paired with these people:", n
    )
    return card(
        _("Only you see this"),
        news,
        f"{text}\n{lines}" if avoided else _("You are paired with anybody."),
        _("They are not told, and neither are moderators.") if avoided else "",
        row(pick(_("Take one back"), "introductions.allow", "", options)) if options else None,
    )
