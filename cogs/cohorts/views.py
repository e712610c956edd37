"""How running a cohort looks: status, previews, the brake, invitations, rosters."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from bot.face.dates import short_date, short_day, whole_day
from bot.face.look import Item, Option, Tone, View, card, clip, item, row, safe, stamp
from bot.face.press import pick, press
from bot.face.words import _, ngettext
from bot.people.cohorts import Cohort, CohortState
from bot.people.roster import Turnout
from cogs.cohorts.model import Batch, Import, MissingPage, Problem, Send, StatusPage, Word
from cogs.cohorts.wizard_views import problem_words, programme

MOST_OFFERED = 25
A_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
MOST_WAITING = 8


def welcome_card() -> View:
    """Greet a new server: nothing is switched on."""
    return card(
        _("Hello, I am Stint"),
        _(
            "I mentor intern communities: goals, weekly check-ins, introductions, and a record "
            "that becomes a résumé. **Nothing is switched on.** I write to nobody who has not "
            "joined."
        ),
        row(
            press(_("Set up"), "cohorts.setup", style="primary"),
            press(_("What will I do here?"), "cohorts.about"),
        ),
    )


def about_card() -> View:
    """Say what the bot will and will not do in a server."""
    return card(
        _("What I will do here"),
        _(
            "**Once a moderator has set a cohort up**\n"
            "- I post one *Join* card. Who does not press it hears nothing from me.\n"
            "- Once a week I ask those who joined how it goes, in the morning where they live.\n"
            "- Answers are private until the person who wrote them says otherwise.\n"
            "- Moderators see whether somebody answered, never what.\n\n"
            "**What I never do**\n"
            "- read your messages, mention everyone, rank people, or write without consent.\n\n"
            "`/privacy show` tells what is kept, `/privacy delete` removes it at once."
        ),
    )


def join_card(cohort: Cohort) -> View:
    """Invite to a cohort: the standing card with *Join*."""
    return card(
        _("Join {name}").format(name=safe(cohort.name)),
        _(
            "A companion for your internship: goals that stay in sight, one short check-in a "
            "week at nine where you live, and a record to take with you. Three taps, and you "
            "decide how I reach you. You can pause or leave at any time."
        ),
        row(
            press(_("Join"), "profile.join", cohort.cohort_id, style="success"),
            press(_("What is this?"), "cohorts.what", cohort.cohort_id),
        ),
    )


def what_card(cohort: Cohort | None) -> View:
    """Explain the *Join* card to somebody who wonders."""
    if cohort is None:
        return card(_("This cohort is over"), _("There is nothing to join here any more."))
    contacts = ", ".join(f"<@{user_id}>" for user_id in cohort.contacts)
    return card(
        _("What is this?"),
        _(
            "I am a bot that mentors interns. If you join **{name}**:\n"
            "- I ask for your time zone, how to reach you, and your dates. That is all.\n"
            "- Once a week you get a check-in of three minutes. Only you read your answers.\n"
            "- `/me` shows what is next, `/goal add` keeps a goal, `/help` the rest.\n"
            "- *Stop all messages*, `/profile leave` and `/privacy delete` work at once."
        ).format(name=safe(cohort.name)),
        _("People to contact: {people}").format(people=contacts) if contacts else "",
        row(press(_("Join"), "profile.join", cohort.cohort_id, style="success")),
    )


def status_card(page: StatusPage) -> View:
    """Show a moderator what waits, what goes out next, and how many are in."""
    number = page.cohort.cohort_id
    return card(
        _("{name} · {state}").format(name=safe(page.cohort.name), state=_state(page.cohort.state)),
        _blocked(page),
        *_waiting(page),
        _undelivered(page),
        _next(page.sends),
        _numbers(page),
        _skipped(page.skipped),
        _audit(page.audit),
        row(
            press(_("Preview"), "cohorts.preview", number),
            _brake(page),
            press(_("Check again"), "cohorts.mend", number) if page.problems else None,
            press(_("Who has not joined"), "cohorts.missing", f"{number}-0")
            if page.turnout
            else None,
            press(_("Log"), "cohorts.log", number),
        ),
        tone=Tone.WARN if page.cohort.state is not CohortState.LIVE else Tone.PLAIN,
    )


def _brake(page: StatusPage) -> Item | None:
    number = page.cohort.cohort_id
    if page.cohort.state is CohortState.PAUSED:
        return press(_("Resume…"), "cohorts.held", f"{number}-0", style="success")
    if page.cohort.state is CohortState.CLOSED:
        return None
    if page.cohort.state is CohortState.DRAFT:
        return press(_("Go on with the set-up"), "cohorts.step", number, style="primary")
    return press(_("Pause everything"), "cohorts.pause", number, style="danger")


def _state(state: CohortState) -> str:
    states = {
        CohortState.DRAFT: _("being set up"),
        CohortState.LIVE: _("live"),
        CohortState.PAUSED: _("paused: nothing is sent"),
        CohortState.BLOCKED: _("blocked: nothing is sent"),
        CohortState.CLOSED: _("closed"),
    }
    return states[state]


def _blocked(page: StatusPage) -> str:
    if page.cohort.state is CohortState.DRAFT:
        return ""
    words = problem_words(page.problems)
    if page.cohort.state is CohortState.BLOCKED and not words:
        return _("It looks fixed now. Press *Check again*, and I'll go on.")
    return clip(words, 1200)


def _waiting(page: StatusPage) -> list[str | Item]:
    if not page.waiting:
        return [_("**Nothing waits for you.**")]
    blocks: list[str | Item] = [_("**Waits for you**")]
    for line in page.waiting[:MOST_WAITING]:
        button = (
            press(line.label, line.action, line.subject) if line.label and line.action else None
        )
        blocks.append(item(clip(line.text, 300), button))
    return blocks


def _undelivered(page: StatusPage) -> str:
    if not page.undelivered:
        return ""
    lines = [f"- {programme(each.kind)} · {each.count} · {each.why}" for each in page.undelivered]
    return _("**Did not arrive** (14 days)") + "\n" + "\n".join(lines)


def _next(sends: Sequence[Send]) -> str:
    if not sends:
        return _("**Next**: nothing is planned.")
    return _("**Next**") + "\n" + "\n".join(_send(send) for send in sends)


def _send(send: Send) -> str:
    zone = f" · {send.zone.replace('_', ' ')}" if send.zone else ""
    return f"- {stamp(send.at)} · {programme(send.kind)}{zone}"


def _numbers(page: StatusPage) -> str:
    parts = [
        _("{n} joined").format(n=page.joined),
        _("{n} paused").format(n=page.paused),
        _("{n} left").format(n=page.left),
    ]
    text = _("**People**: ") + ", ".join(parts)
    if page.turnout:
        text += "\n" + turnout_words(page.turnout)
    if page.held:
        text += "\n" + ngettext("{n} send is held.", "{n} sends are held.", page.held).format(
            n=page.held
        )
    return text


def turnout_words(found: Turnout) -> str:
    """Say how many of the roster joined."""
    text = _("Roster: {joined} of {expected} joined").format(
        joined=found.joined, expected=found.expected
    )
    gone = found.expected - found.listed
    if gone > 0:
        text += " · " + ngettext(
            "{n} who did not join was forgotten after 14 days",
            "{n} who did not join were forgotten after 14 days",
            gone,
        ).format(n=gone)
    return text


def _skipped(days: Sequence[date]) -> str:
    if not days:
        return ""
    return _("**Left out**: {days}").format(days=", ".join(short_date(day) for day in days[:10]))


def _audit(words: Sequence[Word]) -> str:
    if not words:
        return ""
    return _("**Lately**") + "\n" + "\n".join(_word(word) for word in words[:3])


def _word(word: Word) -> str:
    who = f"<@{word.user_id}>" if word.user_id else _("I")
    detail = f": {clip(safe(_with_days(word.detail)), 120)}" if word.detail else ""
    return f"- {stamp(word.at, 'f')} {who} {word.action}{detail}"


def _with_days(detail: str) -> str:
    """Write the days in what was noted as people do."""

    def said(found: re.Match[str]) -> str:
        with suppress(ValueError):
            return short_date(date.fromisoformat(found[0]))
        return found[0]

    return A_DAY.sub(said, detail)


def log_card(cohort: Cohort, words: Sequence[Word]) -> View:
    """Show what moderators did, newest first."""
    lines = "\n".join(_word(word) for word in words) or _("Nothing yet.")
    return card(
        _("Log of {name}").format(name=safe(cohort.name)),
        lines,
        row(press(_("Status"), "cohorts.status", cohort.cohort_id)),
    )


def preview_card(cohort: Cohort, sends: Sequence[Send]) -> View:
    """Show the next sends, and offer a sample."""
    number = cohort.cohort_id
    paused = _("The cohort is paused; this is what would go out.")
    return card(
        _("Next in {name}").format(name=safe(cohort.name)),
        "" if cohort.state is CohortState.LIVE else paused,
        "\n".join(_send(send) for send in sends) or _("Nothing is planned."),
        row(
            press(_("Send me a sample"), "cohorts.sample", number, style="primary"),
            press(_("Status"), "cohorts.status", number),
        ),
    )


def held_card(cohort: Cohort, batches: Sequence[Batch], page: int = 0) -> View:
    """Show what the brake holds, to send it after all or let it go."""
    number = cohort.cohort_id
    pages = max(1, -(-len(batches) // MOST_OFFERED))
    page = min(max(page, 0), pages - 1)
    shown = batches[page * MOST_OFFERED : (page + 1) * MOST_OFFERED]
    return card(
        _("{name} is paused").format(name=safe(cohort.name)),
        _held_words(shown),
        row(_keep_pick(number, page, shown)),
        row(*_turns("cohorts.held", number, page, pages)),
        row(
            press(_("Resume"), "cohorts.resume", number, style="success"),
            press(_("Status"), "cohorts.status", number),
        ),
        tone=Tone.WARN,
    )


def _held_words(batches: Sequence[Batch]) -> str:
    if not batches:
        return _("Nothing was due to go out, so nothing is held. Nobody hears anything until then.")
    lines = [
        f"- {stamp(b.due_at)} · {programme(b.kind)} · {b.count} · "
        + (_("**will be sent**") if b.kept else _("will be dropped"))
        for b in batches
    ]
    hint = _("Held. When you resume, I drop these unless you choose them below.")
    return hint + "\n" + "\n".join(lines)


def _keep_pick(number: int, page: int, batches: Sequence[Batch]) -> Item | None:
    options = [
        Option(
            f"{programme(b.kind)} · {short_day(b.due_at)} {b.due_at:%H:%M} UTC · {b.count}",
            b.key,
            default=b.kept,
        )
        for b in batches
    ]
    if not options:
        return None
    return pick(
        _("Send these after all"),
        "cohorts.keep",
        f"{number}-{page}",
        options,
        least=0,
        most=len(options),
    )


def _turns(action: str, number: int, page: int, pages: int) -> list[Item]:
    if pages == 1:
        return []
    return [
        press(_("Earlier"), action, f"{number}-{page - 1}", disabled=page == 0),
        press(_("Later"), action, f"{number}-{page + 1}", disabled=page == pages - 1),
    ]


def resumed_card(cohort: Cohort, sent: int, dropped: int) -> View:
    """Say what became of what was held."""
    going = ngettext("{n} goes out now", "{n} go out now", sent).format(n=sent)
    gone = ngettext("{n} was dropped", "{n} were dropped", dropped).format(n=dropped)
    words = f"{going}, {gone}."
    return card(
        _("{name} goes on").format(name=safe(cohort.name)),
        words,
        row(press(_("Status"), "cohorts.status", cohort.cohort_id)),
        tone=Tone.GOOD,
    )


def skipped_card(cohort: Cohort, on: date, falling: Sequence[str]) -> View:
    """Say what a day left out means, and offer to take it back."""
    names = ", ".join(programme(kind) for kind in falling)
    effect = (
        _("Left out on that day: {names}.").format(names=names)
        if falling
        else _("Nothing was planned on that day.")
    )
    streaks = _("Nobody's streak is touched.")
    return card(
        _("{day} is left out").format(day=whole_day(on)),
        f"{effect} {streaks}",
        row(press(_("Undo"), "cohorts.unskip", f"{cohort.cohort_id}-{on.isoformat()}")),
    )


def unskipped_card(on: date) -> View:
    """Say that a day counts again."""
    return card(_("{day} counts again").format(day=whole_day(on)), tone=Tone.GOOD)


def invited_card(cohort: Cohort, channel_id: int, number: int) -> View:
    """Say where the *Join* card goes."""
    last = _("That was the one repetition; it will not be posted again.") if number > 1 else ""
    return card(
        _("The Join card is on its way"),
        _("It appears in <#{channel}> in a moment, silently. {last}").format(
            channel=channel_id, last=last
        ),
        row(press(_("Status"), "cohorts.status", cohort.cohort_id)),
        tone=Tone.GOOD,
    )


def import_card(found: Import) -> View:
    """Show what a roster says before anything is kept of it."""
    people = ngettext("**{n} person**", "**{n} people**", found.count).format(n=found.count)
    lines = [
        people
        + ", "
        + _("{new} new, {known} on the list already").format(new=found.new, known=found.known),
        _("{n} with dates").format(n=found.with_dates),
        _("First: {names}").format(names=", ".join(safe(clip(n, 40)) for n in found.first_names)),
    ]
    if found.gone:
        lines.append(_("{n} of the old list are not in this one").format(n=found.gone))
    if found.ignored:
        names = ", ".join(safe(clip(name, 30)) for name in found.ignored[:8])
        lines.append(_("Columns I leave out: {names}").format(names=names))
    return card(
        _("Import into {name}?").format(name=safe(found.cohort.name)),
        "\n".join(f"- {line}" for line in lines),
        _(
            "This only prefills what people would type when they join. Nobody is enrolled, nobody "
            "is written to. Whoever has not joined in 14 days is forgotten."
        ),
        row(
            press(_("Import"), "cohorts.import", found.change_id, style="success"),
            press(_("Put aside"), "cohorts.unread", found.change_id),
        ),
    )


def imported_card(cohort: Cohort, found: Turnout) -> View:
    """Say that a roster is in, and how many of it joined."""
    return card(
        _("Imported"),
        turnout_words(found),
        row(
            press(_("Who has not joined"), "cohorts.missing", f"{cohort.cohort_id}-0"),
            press(_("Status"), "cohorts.status", cohort.cohort_id),
        ),
        tone=Tone.GOOD,
    )


def put_aside_card() -> View:
    """Say that a file was not imported."""
    return card(_("Put aside"), _("Nothing was imported."))


def missing_card(page: MissingPage) -> View:
    """List who of the roster has not joined."""
    number = page.cohort.cohort_id
    lines = "\n".join(
        f"- {safe(clip(p.name, 60))}" + (f" · {safe(clip(p.team, 40))}" if p.team else "")
        for p in page.people
    )
    return card(
        _("Not joined yet"),
        turnout_words(page.turnout),
        lines or _("Everyone on the list has joined."),
        row(*_turns("cohorts.missing", number, page.page, page.pages)),
        row(press(_("Status"), "cohorts.status", number)),
    )


def mended_card(cohort: Cohort, left: Sequence[Problem]) -> View:
    """Say what is still to mend, or that everything is fine."""
    words = problem_words(left) or _("Everything is in order.")
    return card(
        safe(cohort.name),
        words,
        row(
            press(_("Check again"), "cohorts.mend", cohort.cohort_id) if left else None,
            press(_("Status"), "cohorts.status", cohort.cohort_id),
        ),
        tone=Tone.WARN if any(p.blocks for p in left) else Tone.GOOD,
    )
