"""How joining, settings and profiles look."""

from datetime import date

from bot.clockwork.phases import Stage, StepKind
from bot.face.dates import short_date
from bot.face.look import Item, Option, Tone, View, card, quote, row, safe, stamp
from bot.face.press import pick, press
from bot.face.words import N_, _
from bot.people.memberships import Delivery, Member, MemberState, Volume
from bot.people.profiles import Askers, Detail
from bot.people.users import Inbox
from cogs.profile.model import (
    NAMES,
    PHASES,
    STAGES,
    Dates,
    Joined,
    Joining,
    Page,
    Seen,
    Settings,
    Tap,
)

DELIVERIES = {
    Delivery.DM: (N_("Direct message"), N_("Private, from me to you.")),
    Delivery.THREAD: (N_("Mention in the week's thread"), N_("Shows your name there.")),
    Delivery.CARD: (N_("Only the card"), N_("Nothing is sent to you; you look when you like.")),
}
VOLUMES = {
    Volume.LIGHT: (N_("Light"), N_("At most one message a week.")),
    Volume.STANDARD: (N_("Standard"), N_("At most three a week, one a day.")),
    Volume.EVERYTHING: (N_("Everything"), N_("Nothing is left out.")),
}
ASKERS = {
    Askers.COHORT: (N_("Anyone in my cohort"), N_("For feedback or an introduction, for example.")),
    Askers.MENTORS: (N_("Only mentors"), N_("Others are told that you take no questions.")),
    Askers.NOBODY: (N_("Nobody"), N_("Nobody can ask you through me.")),
}
STEPS = {
    StepKind.SUBSTANTIAL_FEEDBACK: N_("ask for substantial feedback"),
    StepKind.PEER_FEEDBACK: N_("ask your peers for feedback"),
    StepKind.TRANSITION_MEETING: N_("hold the transition meeting"),
    StepKind.HANDOVER_DOCUMENT: N_("finish the hand-over document"),
}


def page_card(page: Page) -> View:
    """Show whatever a press on *Join*, or behind it, leads to."""
    if isinstance(page, Settings):
        return settings_card(page)
    if isinstance(page, Joined):
        return joined_card(page)
    cards = {Tap.ZONE: _zone_card, Tap.REACH: _reach_card, Tap.DATES: _dates_tap}
    return cards[page.tap](page)


def _title(page: Joining, number: int) -> str:
    name = safe(page.member.cohort_name)
    return _("Join {name} · {n} of 3").format(name=name, n=number)


def city(zone: str) -> str:
    """Return the place that names a zone."""
    return zone.rpartition("/")[2].replace("_", " ")


def _zone_card(page: Joining) -> View:
    member = page.member
    clock = f"{member.local(page.now):%H:%M}"
    others = [Option(label, zone) for label, zone in page.zones if zone != member.zone]
    return card(
        _title(page, 1),
        _("It is **{clock}** for me: **{place}**").format(clock=clock, place=city(member.zone)),
        _("-# So that *nine in the morning* is nine where you are. Only you see this card."),
        row(
            press(
                _("Yes, {clock}").format(clock=clock),
                "profile.zone",
                member.member_id,
                style="success",
            ),
            press(_("Another place…"), "profile.elsewhere", member.member_id),
        ),
        row(pick(_("Other, for example…"), "profile.place", member.member_id, others))
        if others
        else None,
    )


def zone_choices_card(member_id: int, choices: tuple[tuple[str, str], ...]) -> View:
    """Offer the zones that may have been meant."""
    return card(
        _("Which clock is yours?"),
        _("Several places fit. Choose the one whose time is yours."),
        row(
            pick(
                _("The time where I am"),
                "profile.place",
                member_id,
                [Option(label, zone) for label, zone in choices],
            )
        ),
        row(press(_("Type it again"), "profile.elsewhere", member_id)),
    )


def _reach_card(page: Joining) -> View:
    member_id = page.member.member_id
    explained = _(
        "**Direct message**: private. If it does not reach you, check-ins mention you in the "
        "week's thread instead.\n"
        "**Mention in the week's thread**: shows your name there.\n"
        "**Only the card**: nothing is sent to you."
    )
    return card(
        _title(page, 2),
        _("How may I reach you, and how much?"),
        explained,
        row(_volume_pick(page.member)),
        row(
            *(
                press(_(label), "profile.reach", f"{member_id}-{way.value}", style="primary")
                for way, (label, _words) in DELIVERIES.items()
            )
        ),
        row(press(_("Back"), "profile.back", f"{member_id}-{Tap.ZONE.value}")),
    )


def _dates_tap(page: Joining) -> View:
    member = page.member
    spare = None
    note = ""
    if member.delivery is Delivery.DM:
        note = _(
            "-# If my direct messages do not reach you, what is only for you waits in `/me`. Or it "
            "goes to a private thread, read by you and this server's moderators."
        )
        label = _("Private thread as a spare: yes") if member.side_thread else None
        spare = press(
            label or _("Private thread as a spare: no"), "profile.spare", member.member_id
        )
    return card(
        _title(page, 3),
        _("Where do you stand?"),
        _span(member),
        row(_stage_pick(member)),
        note,
        row(
            press(_("Join"), "profile.finish", member.member_id, style="success"),
            press(_("Other dates…"), "profile.days", member.member_id),
            spare,
            press(_("Back"), "profile.back", f"{member.member_id}-{Tap.REACH.value}"),
        ),
    )


def _span(member: Member) -> str:
    if member.starts_on is None or member.ends_on is None:
        return _("No dates yet. You can add them any time with `/profile dates`.")
    return _("My dates: **{start}** to **{end}**").format(
        start=_day(member.starts_on), end=_day(member.ends_on)
    )


def _day(day: date | None) -> str:
    return short_date(day) if day else "–"


def joined_card(page: Joined) -> View:
    """Welcome a new member and say what happens next."""
    member = page.member
    hello = _(
        "I have just written to you directly. If nothing arrives within a minute, `/me` says how "
        "to mend that."
    )
    return card(
        _("You are in, {name}.").format(name=safe(member.name)),
        hello if page.opened else _("Nothing is sent beyond what you chose."),
        _("`/me` shows what is worth doing this week. Every choice can change in your settings."),
        row(
            press(_("What is on for me"), "today.me", member.member_id, style="primary"),
            press(_("My settings"), "profile.settings", member.member_id),
            press(_("About me…"), "profile.edit", member.member_id),
        ),
        tone=Tone.GOOD,
    )


def hello_card(member: Member) -> View:
    """Greet somebody in their direct messages for the first time."""
    return card(
        _("Hello {name}.").format(name=safe(member.name)),
        _(
            "You joined **{cohort}** and chose direct messages; this one proves that they reach "
            "you. There is nothing to do."
        ).format(cohort=safe(member.cohort_name)),
        _("You can write `/me` and every other command here too."),
        row(
            press(_("What is on for me"), "today.me", member.member_id, style="primary"),
            press(_("My settings"), "profile.settings", member.member_id),
        ),
    )


def settings_card(page: Settings) -> View:
    """Show how somebody is reached and what others may read, everything to be changed here."""
    member = page.member
    facts = [
        f"**{safe(member.cohort_name)}** · {_state(member)}",
        _("Clock: {place}, {clock}").format(
            place=city(member.zone), clock=f"{member.local(page.now):%H:%M}"
        ),
        _quiet(member),
        _span(member),
        _inbox(member),
    ]
    return card(
        _("Your settings"),
        f"**{page.news}**" if page.news else "",
        "\n".join(fact for fact in facts if fact),
        row(_delivery_pick(member)),
        row(_volume_pick(member)),
        row(_askers_pick(page)),
        row(_shown_pick(page)),
        row(*_toggles(member)),
        row(*_ways_out(member)),
        tone=Tone.GOOD if page.news else Tone.PLAIN,
    )


def _state(member: Member) -> str:
    if member.state is MemberState.PAUSED:
        if member.paused_until:
            return _("paused until {day}").format(day=short_date(member.paused_until))
        return _("paused until you come back")
    return _(STAGES[member.stage])


def _quiet(member: Member) -> str:
    if member.quiet_from == member.quiet_to:
        return _("Quiet hours: none")
    return _("Quiet hours: {begin} to {end}").format(
        begin=f"{member.quiet_from:%H:%M}", end=f"{member.quiet_to:%H:%M}"
    )


def _inbox(member: Member) -> str:
    if member.delivery is not Delivery.DM or member.inbox is not Inbox.CLOSED:
        return ""
    return _("**My direct messages do not reach you.** {how}").format(how=_(HOW_TO_OPEN))


HOW_TO_OPEN = N_(
    "To let them in, open the server's menu and its *Privacy Settings*. Switch *Direct Messages* "
    "on there, then press *Write to me again*."
)


def _toggles(member: Member) -> list[Item]:
    member_id = member.member_id
    checkins = _("Check-ins: on") if member.checkins else _("Check-ins: off")
    spare = _("Private thread as a spare: yes")
    no_spare = _("Private thread as a spare: no")
    shown = [
        press(checkins, "profile.checkins", member_id),
        press(spare if member.side_thread else no_spare, "profile.spare", member_id),
        press(_("Quiet hours…"), "profile.quiet", member_id),
        press(_("Another place…"), "profile.elsewhere", member_id),
    ]
    if member.delivery is Delivery.DM and member.inbox is Inbox.CLOSED:
        again = press(_("Write to me again"), "profile.greet", member_id, style="primary")
        shown.insert(0, again)
    return shown


def _ways_out(member: Member) -> list[Item]:
    member_id = member.member_id
    paused = member.state is MemberState.PAUSED
    return [
        press(_("About me…"), "profile.edit", member_id),
        press(_("Dates…"), "profile.days", member_id),
        press(_("Come back"), "profile.resume", member_id, style="success")
        if paused
        else press(_("Pause…"), "profile.pause", member_id),
        press(_("Leave…"), "profile.leave", member_id),
    ]


def _delivery_pick(member: Member) -> Item:
    options = [
        Option(_(label), way.value, _(words), default=way is member.delivery)
        for way, (label, words) in DELIVERIES.items()
    ]
    return pick(_("How I am reached"), "profile.delivery", member.member_id, options)


def _volume_pick(member: Member) -> Item:
    options = [
        Option(_(label), much.value, _(words), default=much is member.volume)
        for much, (label, words) in VOLUMES.items()
    ]
    return pick(_("How much"), "profile.volume", member.member_id, options)


def _stage_pick(member: Member) -> Item:
    options = [
        Option(_(label), stage.value, default=stage is member.stage)
        for stage, label in STAGES.items()
    ]
    return pick(_("Where I stand"), "profile.stage", member.member_id, options)


def _askers_pick(page: Settings) -> Item:
    options = [
        Option(
            _("Who may ask me: {who}").format(who=_(label)),
            who.value,
            _(words),
            default=who is page.profile.askers,
        )
        for who, (label, words) in ASKERS.items()
    ]
    return pick(_("Who may ask me"), "profile.askers", page.member.member_id, options)


def _shown_pick(page: Settings) -> Item:
    options = [
        Option(_(NAMES[detail]), detail.value, default=detail in page.profile.shown)
        for detail in Detail
    ]
    return pick(
        _("What my cohort may read: nothing yet"),
        "profile.shown",
        page.member.member_id,
        options,
        least=0,
        most=len(options),
    )


def profile_card(page: Settings) -> View:
    """Show somebody their own profile, and which of it others may read."""
    texts = page.profile.texts
    lines = [
        f"**{_(NAMES[detail])}** · {_readers(page, detail)}\n{quote(texts[detail], 300)}"
        for detail in Detail
        if texts.get(detail)
    ]
    empty = _("Nothing yet. A line is enough; it helps others to find a reason to talk to you.")
    hidden = any(texts.get(detail) and detail not in page.profile.shown for detail in Detail)
    return card(
        _("About you"),
        f"**{page.news}**" if page.news else "",
        *(lines or [empty]),
        row(_shown_pick(page)),
        row(
            press(_("Edit"), "profile.edit", page.member.member_id),
            press(_("More…"), "profile.more", page.member.member_id),
            press(
                _("Show all of it to my cohort"),
                "profile.showall",
                page.member.member_id,
                style="primary",
            )
            if hidden
            else None,
        ),
        tone=Tone.GOOD if page.news else Tone.PLAIN,
    )


def _readers(page: Settings, detail: Detail) -> str:
    return _("your cohort reads it") if detail in page.profile.shown else _("only you")


def seen_card(seen: Seen) -> View:
    """Show somebody's profile as the person asking may read it."""
    if seen.profile is None:
        return _not_here(seen)
    told = seen.profile.for_others()
    lines = [f"**{_(NAMES[detail])}**\n{quote(text, 400)}" for detail, text in told.items()]
    if not lines and not seen.lines:
        lines = [_("Nothing is shown here yet.")]
    own = _("This is what your cohort sees. `/profile edit` changes it.")
    return card(
        safe(seen.name),
        f"-# {safe(seen.cohort_name)}",
        *lines,
        "\n".join(safe(line) for line in seen.lines),
        own if seen.own else "",
    )


def _not_here(seen: Seen) -> View:
    words = _(
        "Hi! I'm in {cohort} and use Stint there: it asks once a week how things go and helps with "
        "goals. You can join on the card in our server; you choose how much it writes. Would be "
        "nice to have you in."
    ).format(cohort=seen.cohort_name)
    return card(
        _("{name} has not joined").format(name=safe(seen.name)),
        _(
            "I know nothing of people who have not joined, and never write to them. If you would "
            "like to ask them yourself, here is a text to copy:"
        ),
        quote(words),
        tone=Tone.QUIET,
    )


def dates_card(page: Dates) -> View:
    """Show somebody's dates and what they mean today."""
    member = page.member
    looking = member.stage is Stage.LOOKING
    ahead = "\n".join(
        _("- {day}: {what}").format(day=short_date(step.on), what=_(STEPS[step.kind]))
        for step in page.steps
    )
    return card(
        _("Saved: your dates") if page.changed else _("Your dates"),
        _span(member),
        _("You stand here: {stage}.").format(stage=_(STAGES[member.stage])),
        "" if looking else _phase(page),
        _("**Counted back from your last day**\n{ahead}").format(ahead=ahead)
        if ahead and not looking
        else "",
        row(_stage_pick(member)),
        row(press(_("Change the dates…"), "profile.days", member.member_id)),
        tone=Tone.GOOD if page.changed else Tone.PLAIN,
    )


def _phase(page: Dates) -> str:
    if page.phase is None:
        return _("Today lies outside your programme.")
    now = _(PHASES[page.phase])
    if page.changed and page.was is not page.phase:
        was = _(PHASES[page.was]) if page.was else _("outside your programme")
        return _("Today becomes *{now}*; it was *{was}*.").format(now=now, was=was)
    return _("Today is *{now}*.").format(now=now)


def timezone_card(clock: str, zone: str) -> View:
    """Confirm a new zone by the time on its clocks."""
    return card(
        _("Saved: it is {clock} for you").format(clock=clock),
        _(
            "Your clock is **{place}** now. Everything personal follows it; this week is neither "
            "asked twice nor lost."
        ).format(place=city(zone)),
        tone=Tone.GOOD,
    )


def leave_card(member: Member) -> View:
    """Ask once before everything stops."""
    return card(
        _("Leave {name}?").format(name=safe(member.cohort_name)),
        _(
            "Everything I send or ask there stops at once. Your record stays: goals, check-ins, "
            "your profile. You can come back with *Join*, take your record with you with "
            "`/privacy export`, or have all of it deleted with `/privacy delete`."
        ),
        row(
            press(_("Leave"), "profile.gone", member.member_id, style="danger"),
            press(_("Stay"), "profile.settings", member.member_id),
        ),
        tone=Tone.WARN,
    )


def left_card(member: Member) -> View:
    """Say goodbye."""
    since = f" {stamp(member.left_at, 'f')}" if member.left_at else ""
    return card(
        _("You have left"),
        _("Nothing more comes from {name}. Your record is kept.{since}").format(
            name=safe(member.cohort_name), since=since
        ),
        row(
            press(_("Get my record"), "record.get"),
            press(_("Come back"), "profile.join", member.cohort_id),
        ),
        tone=Tone.QUIET,
    )
