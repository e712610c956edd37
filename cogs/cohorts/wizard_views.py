"""How the set-up and the changing of a cohort look."""

from collections.abc import Sequence
from datetime import datetime

import discord

from bot.clockwork.phases import Phase
from bot.clockwork.zones import zone_info
from bot.face.dates import WEEKDAYS, short_date
from bot.face.look import Item, Option, Tone, View, card, clip, item, row, rule, safe, stamp
from bot.face.press import pick, pick_channel, pick_people, pick_role, press
from bot.face.words import _, ngettext
from bot.people.cohorts import Cohort
from cogs.cohorts.model import (
    DIGEST,
    MOST_CONTACTS,
    OPEN_HOURS,
    PHASES,
    PLACES,
    PROGRAMMES,
    ROLES,
    Effect,
    Place,
    Plan,
    Problem,
    Step,
    Wizard,
)

KINDS = {
    "text": discord.ChannelType.text,
    "news": discord.ChannelType.news,
    "forum": discord.ChannelType.forum,
}


def begin_card() -> View:
    """Open the set-up: what comes, and the first form."""
    return card(
        _("Set up a cohort"),
        _(
            "Six short steps: name and dates, zone, channels, roles, times and people, a last "
            "check. Each step is saved at once; come back with `/cohort setup` whenever you like. "
            "Nothing is posted and nobody is written to until you press *Go live*."
        ),
        row(press(_("Name and dates"), "cohorts.name", "new", style="primary")),
    )


def drafts_card(drafts: Sequence[Cohort]) -> View:
    """Offer to go on with what was begun, or to begin another."""
    options = [
        Option(cohort.name, str(cohort.cohort_id), _("Step: {step}").format(step=_step_of(cohort)))
        for cohort in drafts
    ]
    return card(
        _("Go on where you were?"),
        _("These set-ups wait to be finished."),
        row(pick(_("Choose one"), "cohorts.draft", "", options)),
        row(press(_("Start another"), "cohorts.name", "new")),
    )


def _step_of(cohort: Cohort) -> str:
    return _title(Step(cohort.wizard_step or Step.NAME))


def _title(step: Step) -> str:
    titles = {
        Step.NAME: _("Name and dates"),
        Step.ZONE: _("Zone"),
        Step.CHANNELS: _("Channels"),
        Step.ROLES: _("Roles"),
        Step.TIMES: _("Times and people"),
        Step.CHECK: _("Check and go live"),
    }
    return titles[step]


def step_card(
    wizard: Wizard, zones: Sequence[tuple[str, str]], found: Sequence[Problem], role: str | None
) -> View:
    """Show the step at which a draft stands."""
    steps = {
        Step.NAME: lambda: _name_step(wizard),
        Step.ZONE: lambda: _zone_step(wizard, zones),
        Step.CHANNELS: lambda: _channel_step(wizard, found),
        Step.ROLES: lambda: _role_step(wizard, found),
        Step.TIMES: lambda: _time_step(wizard),
        Step.CHECK: lambda: _check_step(wizard, found, role),
    }
    return steps[wizard.step]()


def _heading(wizard: Wizard) -> str:
    return _("{n} of 6 · {title}").format(n=wizard.step.number, title=_title(wizard.step))


def _moves(wizard: Wizard, *first: Item | None) -> Item | None:
    number = wizard.cohort.cohort_id
    back = press(_("Back"), "cohorts.step", f"{number}-{wizard.step.back.value}")
    on = press(_("Next"), "cohorts.step", f"{number}-{wizard.step.on.value}", style="primary")
    return row(*first, back, on)


def _who(cohort: Cohort) -> str:
    days = [short_date(day) if day else "–" for day in (cohort.first_day, cohort.last_day)]
    return _("**{name}** · {first} to {last}").format(
        name=safe(cohort.name), first=days[0], last=days[1]
    )


def _name_step(wizard: Wizard) -> View:
    number = wizard.cohort.cohort_id
    return card(
        _heading(wizard),
        _who(wizard.cohort),
        row(
            press(_("Change"), "cohorts.name", number),
            press(_("Next"), "cohorts.step", f"{number}-{Step.ZONE.value}", style="primary"),
        ),
        row(press(_("Throw this set-up away"), "cohorts.discard", number, style="danger")),
    )


def clock_words(zone: str, now: datetime) -> str:
    """Say what time it is in a zone, so that a wrong one is noticed."""
    return _("It is {time} there: {zone}").format(
        time=now.astimezone(zone_info(zone)).strftime("%H:%M"), zone=zone
    )


def _zone_step(wizard: Wizard, zones: Sequence[tuple[str, str]]) -> View:
    cohort = wizard.cohort
    options = [Option(label, zone, default=zone == cohort.zone) for label, zone in zones]
    return card(
        _heading(wizard),
        _who(cohort),
        _("**{clock}**").format(clock=clock_words(cohort.zone, wizard.now)),
        _("The channel cards follow this zone. Each person is asked for their own when they join."),
        row(pick(_("Choose the zone"), "cohorts.zone", cohort.cohort_id, options)),
        _moves(wizard, press(_("Another place…"), "cohorts.zone_form", cohort.cohort_id)),
    )


def _channel_step(wizard: Wizard, found: Sequence[Problem]) -> View:
    cohort = wizard.cohort
    blocks = place_blocks(cohort, found, "cohorts.place")
    missing = any(getattr(cohort, place.field) is None for place in PLACES)
    create = (
        press(_("Create the missing ones"), "cohorts.create", cohort.cohort_id) if missing else None
    )
    return card(
        _heading(wizard),
        _("Choose channels you have, or let me create what is missing. * is needed."),
        *blocks,
        _moves(wizard, create),
    )


def place_blocks(cohort: Cohort, found: Sequence[Problem], action: str) -> list[str | Item | None]:
    """Return each place's words and the select to choose its channel."""
    gone = {problem.field for problem in found if problem.gone}
    return [block for place in PLACES for block in _place(cohort, place, gone, action)]


def _place(cohort: Cohort, place: Place, gone: set[str], action: str) -> list[str | Item | None]:
    hints = {
        "announcements_id": _("the *Join* card and news"),
        "checkins_id": _("the weekly card, with a thread under it"),
        "introductions_id": _("private threads for introductions"),
        "opportunities_id": _("postings, a forum or a text channel"),
        "mentors_id": _("questions and blockers, read by mentors"),
        "staff_id": _("for moderators; @everyone must not see it"),
    }
    star = "\\*" if place.required else ""
    words = f"**{_(place.label)}**{star}: {hints[place.field]}"
    chosen: int | None = None if place.field in gone else getattr(cohort, place.field)
    kinds = [KINDS[kind] for kind in place.kinds]
    subject = f"{cohort.cohort_id}-{place.field}"
    return [words, row(pick_channel(_(place.label), action, subject, kinds, chosen=chosen))]


def role_blocks(cohort: Cohort, found: Sequence[Problem], action: str) -> list[str | Item | None]:
    """Return the selects for a cohort's roles."""
    gone = {problem.field for problem in found if problem.gone}
    blocks: list[str | Item | None] = []
    for field, label in ROLES.items():
        chosen: int | None = None if field in gone else getattr(cohort, field)
        subject = f"{cohort.cohort_id}-{field}"
        blocks += [f"**{_(label)}**", row(pick_role(_(label), action, subject, chosen=chosen))]
    return blocks


def _role_step(wizard: Wizard, found: Sequence[Problem]) -> View:
    return card(
        _heading(wizard),
        _("All optional. Whoever manages this server is a moderator anyway."),
        *role_blocks(wizard.cohort, found, "cohorts.role"),
        _moves(wizard),
    )


def contact_row(cohort: Cohort, action: str) -> Item | None:
    """Return the select for the people to contact."""
    return row(
        pick_people(
            _("People to contact"),
            action,
            cohort.cohort_id,
            least=1,
            most=MOST_CONTACTS,
            chosen=cohort.contacts,
        )
    )


def _time_step(wizard: Wizard) -> View:
    cohort = wizard.cohort
    plan_items = [
        item(
            plan_words(plan),
            press(_("Change"), "cohorts.time", f"{cohort.cohort_id}-{plan.kind}"),
        )
        for plan in _to_come(wizard)
    ]
    return card(
        _heading(wizard),
        *plan_items,
        _("Check-ins ask at that time where each person lives; the digest is on your clock."),
        row(_digest_choice(wizard)),
        rule(),
        _("**Who is told of a serious problem?** Their names are shown to members."),
        contact_row(cohort, "cohorts.contacts"),
        _moves(wizard),
    )


def _digest_choice(wizard: Wizard) -> Item:
    number = wizard.cohort.cohort_id
    if any(plan.kind == DIGEST and plan.enabled for plan in wizard.plans):
        return press(_("Begin without a digest"), "cohorts.digest", f"{number}-no")
    return press(_("Begin with a digest"), "cohorts.digest", f"{number}-yes")


def _to_come(wizard: Wizard) -> list[Plan]:
    """Return the programmes a draft will begin with."""
    return [plan for plan in wizard.plans if plan.kind != DIGEST or plan.enabled]


def plan_words(plan: Plan) -> str:
    """Say when a programme happens."""
    name = programme(plan.kind)
    day, at = _(WEEKDAYS[plan.rule.weekday]), plan.rule.at.strftime("%H:%M")
    often = ngettext("every week", "every {n} weeks", plan.rule.every).format(n=plan.rule.every)
    return f"**{name}** · {day} {at}, {often}"


def programme(kind: str) -> str:
    """Return the words for a programme or an automatic message."""
    if kind in PROGRAMMES:
        return _(PROGRAMMES[kind])
    return kind.replace(".", " ").replace("_", " ").replace("cohorts ", "").capitalize()


def _check_step(wizard: Wizard, found: Sequence[Problem], role: str | None) -> View:
    cohort = wizard.cohort
    number = cohort.cohort_id
    blocked = any(problem.blocks for problem in found)
    live = press(_("Go live"), "cohorts.live", number, style="success", disabled=blocked)
    return card(
        _heading(wizard),
        _summary(wizard),
        problem_words(found) or _("I have every permission I need. Ready when you are."),
        two_clicks(cohort, role),
        row(
            press(_("Back"), "cohorts.step", f"{number}-{wizard.step.back.value}"),
            press(_("Check again"), "cohorts.step", f"{number}-{Step.CHECK.value}"),
            live,
        ),
        tone=Tone.WARN if blocked else Tone.GOOD,
    )


def _summary(wizard: Wizard) -> str:
    cohort = wizard.cohort
    channels = [
        f"{_(place.label)}: <#{getattr(cohort, place.field)}>"
        for place in PLACES
        if getattr(cohort, place.field)
    ]
    lines = [_who(cohort), clock_words(cohort.zone, wizard.now), " · ".join(channels)]
    lines += [plan_words(plan) for plan in _to_come(wizard)]
    if cohort.contacts:
        people = ", ".join(f"<@{user_id}>" for user_id in cohort.contacts)
        lines.append(_("For serious problems: {people}").format(people=people))
    return "\n".join(line for line in lines if line)


def problem_words(found: Sequence[Problem]) -> str:
    """List what has to be mended, the blocking things first."""
    blocking = [p for p in found if p.blocks]
    others = [p for p in found if not p.blocks]
    parts: list[str] = []
    if blocking:
        parts.append(_("**Fix this first**") + "\n" + "\n".join(f"- {p.text}" for p in blocking))
    if others:
        parts.append(_("**Worth a look**") + "\n" + "\n".join(f"- {p.text}" for p in others))
    return "\n".join(parts)


def two_clicks(cohort: Cohort, role: str | None) -> str:
    """Say which two clicks show the staff commands to the moderator role."""
    if cohort.moderator_role_id is None or role is None:
        return ""
    return _(
        "So that **@{role}** sees `/cohort` and `/post`: *Server Settings → Integrations → Stint*, "
        "then on each of the two commands *Add roles → @{role}*. I check the role myself in any "
        "case."
    ).format(role=safe(role))


def live_card(cohort: Cohort, plans: Sequence[Plan]) -> View:
    """Say that a cohort is live, and what is good to do next."""
    soon = [
        _("{plan}: next on {when}").format(plan=plan_words(plan), when=stamp(plan.next_at))
        for plan in plans
        if plan.next_at
    ]
    return card(
        _("{name} is live").format(name=safe(cohort.name)),
        "\n".join(soon),
        _(
            "Nobody takes part yet: people join by themselves. Post the *Join* card, and if you "
            "have a list of names, `/cohort import` prefills what they would have to type."
        ),
        row(
            press(_("Post the Join card"), "cohorts.invite", cohort.cohort_id, style="primary"),
            press(_("Status"), "cohorts.status", cohort.cohort_id),
            press(_("Preview"), "cohorts.preview", cohort.cohort_id),
        ),
        tone=Tone.GOOD,
    )


def discarded_card() -> View:
    """Say that a set-up was thrown away."""
    return card(_("Thrown away"), _("Nothing of it is left. `/cohort setup` starts afresh."))


def edit_card(cohort: Cohort, now: datetime) -> View:
    """Show what can be changed."""
    number = cohort.cohort_id
    return card(
        _("Change {name}").format(name=safe(cohort.name)),
        f"{_who(cohort)}\n{clock_words(cohort.zone, now)}",
        _("You see what a change would do before it is saved."),
        row(
            press(_("Name and dates"), "cohorts.edit_name", number),
            press(_("Zone"), "cohorts.edit_zone", number),
            press(_("Channels"), "cohorts.edit_channels", number),
            press(_("Roles and people"), "cohorts.edit_roles", number),
            press(_("Times"), "cohorts.schedule", number),
        ),
    )


def edit_channels_card(cohort: Cohort, found: Sequence[Problem]) -> View:
    """Offer every channel of a cohort for change."""
    blocks = place_blocks(cohort, found, "cohorts.edit_place")
    return card(_("Channels"), *blocks, row(press(_("Back"), "cohorts.edit", cohort.cohort_id)))


def edit_roles_card(cohort: Cohort, found: Sequence[Problem]) -> View:
    """Offer roles and contacts for change."""
    return card(
        _("Roles and people"),
        *role_blocks(cohort, found, "cohorts.edit_role"),
        _("**People to contact for a serious problem**"),
        contact_row(cohort, "cohorts.edit_contacts"),
        row(press(_("Back"), "cohorts.edit", cohort.cohort_id)),
    )


def effect_card(effect: Effect) -> View:
    """Show what saving would do, and nothing is saved yet."""
    number = effect.change.change_id
    lines = [f"- {safe(line) if '<' not in line else line}" for line in effect.lines]
    return card(
        _("Before it is saved"),
        "\n".join(lines),
        _effect_words(effect),
        row(*_saves(effect), press(_("Cancel"), "cohorts.cancel", number)),
    )


def _saves(effect: Effect) -> list[Item]:
    number = effect.change.change_id
    if effect.old_card is None:
        return [press(_("Save"), "cohorts.save", f"{number}-leave", style="success")]
    return [
        press(_("Save, move the card"), "cohorts.save", f"{number}-move", style="success"),
        press(_("Save, leave it"), "cohorts.save", f"{number}-leave"),
        press(_("Save, delete it"), "cohorts.save", f"{number}-delete"),
    ]


def _effect_words(effect: Effect) -> str:
    parts: list[str] = []
    if effect.today is not effect.today_before:
        parts.append(_("Today becomes *{phase}*.").format(phase=_phase(effect.today)))
    moved = ngettext("{n} send moves", "{n} sends move", effect.moved).format(n=effect.moved)
    dropped = ngettext("{n} is dropped", "{n} are dropped", effect.dropped).format(n=effect.dropped)
    parts.append(
        _("In the next twelve weeks {moved}, {dropped}, none is repeated.").format(
            moved=moved, dropped=dropped
        )
    )
    if effect.old_card:
        parts.append(_("1 card stands in the old channel."))
    return "\n".join(parts)


def _phase(phase: Phase | None) -> str:
    return _(PHASES[phase]) if phase else _("outside the programme")


def saved_card(cohort: Cohort, found: Sequence[Problem]) -> View:
    """Say that a change is saved, and what the server still lacks for it."""
    return card(
        _("Saved"),
        clip(problem_words(found), 2500),
        row(press(_("Change something else"), "cohorts.edit", cohort.cohort_id)),
        tone=Tone.WARN if any(p.blocks for p in found) else Tone.GOOD,
    )


def cancelled_card(cohort: Cohort) -> View:
    """Say that everything stays as it was."""
    return card(
        _("Nothing changed"),
        row(press(_("Change something else"), "cohorts.edit", cohort.cohort_id)),
    )


def schedule_card(wizard: Wizard) -> View:
    """Show a cohort's programmes, to move them or switch them off."""
    cohort = wizard.cohort
    blocks: list[str | Item | None] = []
    for plan in wizard.plans:
        subject = f"{cohort.cohort_id}-{plan.kind}"
        words = plan_words(plan)
        words += "\n" + (
            _("Next: {when}").format(when=stamp(plan.next_at)) if plan.next_at else _("Off")
        )
        toggle = (
            press(_("Switch off"), "cohorts.off", subject)
            if plan.enabled
            else press(_("Switch on"), "cohorts.on", subject)
        )
        blocks += [words, row(press(_("Change"), "cohorts.retime", subject), toggle)]
    return card(
        _("Schedule of {name}").format(name=safe(cohort.name)),
        *blocks,
        _("Check-ins are on the clock of each person, all else on the cohort's, all year round."),
        row(
            pick(
                _("How long a check-in stays open"),
                "cohorts.hours",
                cohort.cohort_id,
                [
                    Option(
                        _("Open for {n} hours").format(n=hours),
                        str(hours),
                        default=hours == cohort.open_hours,
                    )
                    for hours in OPEN_HOURS
                ],
            )
        ),
    )
