"""How rounds of introductions look to moderators."""

from bot.face.look import Item, Option, Tone, View, card, clip, row, safe, stamp
from bot.face.press import pick, pick_people, press
from bot.face.words import _, ngettext
from bot.matching.model import Reasons
from bot.people.cohorts import Cohort

from .model import SIZES, Plan, Preview, Report, Round, RoundState, Settings


def preview_card(preview: Preview) -> View:
    """Show who would meet whom, and why, before anybody is told."""
    round = preview.round
    if round is None:
        return _nothing_yet(preview)
    number = round.round_id
    blocks: list[str | Item | None] = [preview.news, _heading(preview, round)]
    blocks += [_plan_line(plan) for plan in preview.plans]
    if preview.unmatched:
        blocks.append(
            _("Cannot be paired: {names}.").format(names=", ".join(map(safe, preview.unmatched)))
        )
    if round.drawn_at is None:
        blocks.append(row(press(_("Draw now"), "introductions.draw", number, style="primary")))
    else:
        blocks += [row(*_changes(round)), row(*_pages(preview, number))]
    return card(_("Introductions, round {n}").format(n=round.number), *blocks)


def _nothing_yet(preview: Preview) -> View:
    text = _("No round is planned. Switch introductions on in `/cohort schedule`.")
    if preview.next_at:
        text = _("The next round is {when}. I draw it a day ahead and show it here.").format(
            when=stamp(preview.next_at, "f")
        )
    return card(
        _("Introductions of {name}").format(name=safe(preview.cohort.name)),
        preview.news,
        text,
        _taking_part(preview),
        row(press(_("Settings"), "introductions.settings", preview.cohort.cohort_id)),
    )


def _taking_part(preview: Preview) -> str:
    n = preview.taking_part
    return ngettext("{n} member takes part.", "{n} members take part.", n).format(n=n)


def _heading(preview: Preview, round: Round) -> str:
    lines = [_goes_out(round, preview)]
    groups = ngettext("{n} group", "{n} groups", preview.groups).format(n=preview.groups)
    lines.append(f"{_taking_part(preview)} {groups} · " + _("seed {n}").format(n=round.seed))
    if preview.skipping:
        n = preview.skipping
        text = ngettext("{n} person sits this one out.", "{n} people sit this one out.", n)
        lines.append(text.format(n=n))
    if not preview.has_channel:
        lines.append(_("There is no channel for introductions: I would write direct messages."))
    if preview.groups == 0 and round.drawn_at:
        lines.append(_("It takes at least two people."))
    return "\n".join(lines)


def _goes_out(round: Round, preview: Preview) -> str:
    if round.state is RoundState.HELD:
        return _("It waits for your approval.")
    if round.state not in (RoundState.NOTICED, RoundState.DRAWN):
        return _("It goes out now.")
    if round.hold and round.approved_at is None:
        return _("It goes out {when} if you approve it.").format(when=stamp(round.starts_at, "f"))
    return _("It goes out by itself {when}.").format(when=stamp(round.starts_at, "f"))


def _plan_line(plan: Plan) -> str:
    who = ", ".join(f"**{safe(name)}**" for name in plan.names)
    return f"{who}\n-# {reasons_line(plan.reasons)}"


def reasons_line(reasons: Reasons) -> str:
    """Say in one line what speaks for a group."""
    parts: list[str] = []
    if reasons.teams > 1:
        parts.append(_("different teams"))
    if reasons.interests:
        shared = ", ".join(safe(clip(word, 40)) for word in reasons.interests[:3])
        parts.append(_("shared: {interests}").format(interests=shared))
    if reasons.curiosities:
        about = ", ".join(
            dict.fromkeys(safe(clip(each.about, 40)) for each in reasons.curiosities[:2])
        )
        parts.append(_("would like to understand: {about}").format(about=about))
    if reasons.minutes >= 30:
        hours = f"{reasons.minutes / 60:.3g}"
        parts.append(_("{hours} h of work in common").format(hours=hours))
    else:
        parts.append(_("no working hours in common"))
    if reasons.phase is not None:
        parts.append(_("same phase"))
    if reasons.met_rounds_ago:
        n = reasons.met_rounds_ago
        parts.append(ngettext("met {n} round ago", "met {n} rounds ago", n).format(n=n))
    else:
        parts.append(_("never met"))
    return " · ".join(parts)


def _changes(round: Round) -> list[Item]:
    number = round.round_id
    return [
        press(_("Re-draw"), "introductions.redraw", number),
        press(_("Separate these two"), "introductions.apart", number),
        press(_("Leave someone out"), "introductions.omit", number),
        press(
            _("Approve"),
            "introductions.approve",
            number,
            style="success",
            disabled=round.approved_at is not None,
        ),
    ]


def _pages(preview: Preview, number: int) -> list[Item]:
    found: list[Item] = []
    if preview.page:
        found.append(press(_("Before"), "introductions.page", f"{number}-{preview.page - 1}"))
    if preview.page + 1 < preview.pages:
        found.append(press(_("More"), "introductions.page", f"{number}-{preview.page + 1}"))
    found.append(press(_("Call it off"), "introductions.off", number))
    found.append(press(_("Settings"), "introductions.settings", preview.cohort.cohort_id))
    return found


def separate_card(preview: Preview) -> View:
    """Ask which group is to be taken apart."""
    assert preview.round is not None
    options = [
        Option(clip(", ".join(plan.names), 90), str(plan.group.group_id)) for plan in preview.plans
    ]
    return card(
        _("Who should not meet this time?"),
        _("I draw again with the same seed; most of the other groups stay as they are."),
        row(pick(_("Choose a group"), "introductions.separate", preview.round.round_id, options))
        if options
        else _("Nobody is grouped yet."),
        row(*_turns(preview)),
    )


def _turns(preview: Preview) -> list[Item]:
    assert preview.round is not None
    number = preview.round.round_id
    found: list[Item] = []
    if preview.page:
        found.append(press(_("Before"), "introductions.apart", f"{number}-{preview.page - 1}"))
    if preview.page + 1 < preview.pages:
        found.append(press(_("More"), "introductions.apart", f"{number}-{preview.page + 1}"))
    return [*found, press(_("Back"), "introductions.preview", number)]


def leave_out_card(round_id: int) -> View:
    """Ask who is left out of this round."""
    return card(
        _("Who is left out this time?"),
        _("They are not told. The next round counts them in again."),
        row(pick_people(_("Choose somebody"), "introductions.left_out", round_id)),
        row(press(_("Back"), "introductions.preview", round_id)),
    )


def settings_card(cohort: Cohort, settings: Settings, news: str = "") -> View:
    """Show how a cohort is introduced, to change it."""
    number, weights = cohort.cohort_id, settings.weights
    sizes = [
        Option(
            ngettext("Groups of {n}", "Groups of {n}", n).format(n=n),
            str(n),
            default=n == settings.size,
        )
        for n in SIZES
    ]
    holds = [
        Option(_("Rounds go out by themselves"), "no", default=not settings.hold),
        Option(_("Rounds wait for my approval"), "yes", default=settings.hold),
    ]
    return card(
        _("Introductions of {name}").format(name=safe(cohort.name)),
        news,
        row(pick(_("How many meet"), "introductions.size", number, sizes)),
        row(pick(_("Who lets a round go out"), "introductions.hold", number, holds)),
        _(
            "What counts, from 0 to 100: another team {team}, shared interests {interests}, the "
            "same hours {hours}. Work they'd like to understand counts {curiosity}, and long since "
            "they met {since}."
        ).format(
            team=weights.other_team,
            interests=weights.interests,
            hours=weights.hours,
            curiosity=weights.curiosity,
            since=weights.since_met,
        ),
        row(press(_("Change what counts"), "introductions.weights", number)),
    )


def report_card(report: Report) -> View:
    """Show what became of a round: numbers, never names."""
    return card(
        _("Introductions, round {n}: what became of it").format(n=report.round.number),
        report_line(report),
        _details(report),
        tone=Tone.GOOD,
    )


def report_line(report: Report) -> str:
    """Say in one line how many met, plan to, did not answer, were drawn again or not reached."""
    parts = [
        _("{n} met").format(n=report.met),
        _("{n} planned").format(n=report.planned),
        _("{n} no reply").format(n=report.no_reply),
        _("{n} re-matched").format(n=report.rematched),
    ]
    n = sum(report.undelivered.values())
    undelivered = _("{n} undelivered").format(n=n)
    if n:
        whys = "; ".join(why or _("unknown") for why in report.undelivered)
        undelivered += f" ({whys})"
    return ", ".join([*parts, undelivered])


def _details(report: Report) -> str:
    lines: list[str] = []
    for n, text in (
        (report.not_met, _("{n} said they will not meet")),
        (report.waiting, _("{n} cannot be paired so far")),
        (report.skipped, _("{n} sat this one out")),
        (report.paused, _("{n} pause introductions")),
    ):
        if n:
            lines.append("- " + text.format(n=n))
    lines.append("- " + _("{n} take part").format(n=report.taking_part))
    if report.round.state is RoundState.OPEN:
        lines.append(_("The round ends {when}.").format(when=stamp(report.round.closes_at, "R")))
    return "\n".join(lines)


def note_card(round: Round, why: str) -> View:
    """Tell the staff that threads could not be opened."""
    return card(
        _("Introductions, round {n}: no private threads").format(n=round.number),
        _("{why}. I wrote direct messages to those who take them.").format(why=why.capitalize()),
        _("`/cohort status` names what is missing; `/cohort intro report` counts who was reached."),
        tone=Tone.WARN,
    )
