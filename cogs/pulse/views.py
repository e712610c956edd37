"""How a pulse looks: first who sees what, then the questions."""

from collections.abc import Sequence

from bot.face.look import Item as Part
from bot.face.look import Option, Tone, View, card, clip, row, rule, safe, stamp
from bot.face.press import pick, press
from bot.face.words import _, ngettext
from bot.people.cohorts import Cohort

from .model import (
    FEWEST,
    GOING,
    MOST,
    SHOWN_AT_ONCE,
    Desk,
    Pulse,
    PulsePage,
    PulseState,
    Said,
)


def channel_card(pulse: Pulse, cohort: Cohort) -> View:
    """Ask the cohort, and say who will read what."""
    return card(
        _("How is it going here?"),
        _("Three questions, one minute, without your name. Open until {when}.").format(
            when=stamp(pulse.closes_at, "f")
        ),
        readers(pulse, cohort),
        row(press(_("Answer"), "pulse.answer", pulse.pulse_id, style="primary")),
    )


def readers(pulse: Pulse, cohort: Cohort) -> str:
    """Say exactly who can see what, and what nobody can."""
    lines = (
        _("Until it closes, **nobody** reads anything, and nobody sees how many answered."),
        _(
            "Then, if at least **{n} people** answered, **the members of {cohort} and its "
            "moderators** read the answers. They see each question by itself, in random order. "
            "With fewer, all of it is deleted unread."
        ),
        _(
            "I keep your words without your name, without a day and without an order. Until it "
            "closes I write them down only together with those of at least four others. That you "
            "answered is noted then too, as a mark that leads nowhere; no moderator sees it."
        ),
        _(
            "So nobody, not whoever hosts me either, can find out from what I keep which answer is "
            "yours. It cannot be changed or taken back. Names and details may still give you away."
        ),
        _(
            "If I am restarted before four others have answered too, I forget your answer, and "
            "`/me` asks you once more."
        ),
    )
    words = "\n".join(f"- {line}" for line in lines)
    return words.format(n=pulse.threshold, cohort=safe(cohort.name))


def form_note(pulse: Pulse) -> str:
    """Return what stands in the form itself, in at most a hundred characters."""
    note = _("No name, day or order is kept. Cohort and moderators read it, from {n} answers on.")
    return note.format(n=pulse.threshold)


def member_card(page: PulsePage) -> View:
    """Show an open pulse to one member."""
    if page.mine:
        return thanks_card(page)
    return channel_card(page.pulse, page.cohort)


def thanks_card(page: PulsePage) -> View:
    """Confirm an answer."""
    return card(
        _("Thank you"),
        _("It is among the others now. It opens for everyone {when}, if enough answered.").format(
            when=stamp(page.pulse.closes_at, "f")
        ),
        _("-# Should `/me` ask you again, I was restarted and forgot it. Then please answer anew."),
        tone=Tone.GOOD,
    )


def nothing_card() -> View:
    """Say that there is no pulse."""
    return card(
        _("No pulse at the moment"),
        _("Your moderators can ask the cohort how it is going; it then stands here."),
        tone=Tone.QUIET,
    )


def over_card(page: PulsePage) -> View:
    """Tell the cohort what became of a pulse."""
    pulse = page.pulse
    if pulse.state is PulseState.SHOWN:
        return card(
            _("What you said"),
            _("The pulse is closed. The cohort's members and moderators can read it."),
            row(press(_("Read"), "pulse.read", f"{pulse.pulse_id}-0", style="primary")),
        )
    return card(
        _("The pulse is closed"),
        _("Fewer than {n} people answered, so nothing is shown and everything is deleted.").format(
            n=pulse.threshold
        ),
        tone=Tone.QUIET,
    )


def results_card(said: Said) -> View:
    """Show what a cohort said: figures in words, then the texts in no order."""
    going = " · ".join(
        f"{_(label)} {said.going[value]}" for value, label in GOING if said.going[value]
    )
    n = sum(said.going.values())
    heading = ngettext("{n} answer", "{n} answers", n).format(n=n)
    start = said.page * SHOWN_AT_ONCE
    longest = max(len(said.helps), len(said.change))
    return card(
        _("How it is going in {cohort}").format(cohort=safe(said.cohort.name)),
        f"{heading}: {going}",
        rule(),
        _texts(_("What helps"), said.helps[start : start + SHOWN_AT_ONCE]),
        _texts(_("What should change"), said.change[start : start + SHOWN_AT_ONCE]),
        row(*_paging(said, start, longest)),
        _("-# Nobody can tell who wrote what, in which order, or when."),
    )


def _texts(title: str, texts: Sequence[str]) -> str:
    if not texts:
        return ""
    lines = [f"- {safe(clip(' '.join(text.split()), 350))}" for text in texts]
    return "\n".join([f"**{title}**", *lines])


def _paging(said: Said, start: int, longest: int) -> list[Part]:
    number, found = said.pulse.pulse_id, list[Part]()
    if said.page:
        found.append(press(_("Back"), "pulse.read", f"{number}-{said.page - 1}"))
    if start + SHOWN_AT_ONCE < longest:
        found.append(press(_("More"), "pulse.read", f"{number}-{said.page + 1}"))
    return found


def desk_card(desk: Desk) -> View:
    """Show a moderator how the pulse is set, and start one."""
    number, latest = desk.cohort.cohort_id, desk.latest
    is_open = latest is not None and latest.state is PulseState.OPEN
    choices = [
        Option(_("Shown from {n} answers on").format(n=n), str(n), default=n == desk.threshold)
        for n in range(FEWEST, MOST + 1)
    ]
    start = press(_("Ask now"), "pulse.start", number, style="primary", disabled=is_open)
    repeat = press(
        _("Stop repeating it") if desk.monthly else _("Repeat every four weeks"),
        "pulse.repeat",
        f"{number}-{int(not desk.monthly)}",
    )
    read = None
    if latest is not None and latest.state is PulseState.SHOWN:
        read = press(_("What they said"), "pulse.read", f"{latest.pulse_id}-0")
    return card(
        _("Pulse of {name}").format(name=safe(desk.cohort.name)),
        _(
            "Three questions to everyone, anonymous: how is it going, what helps, what should "
            "change. A silent card in the announcements, open for seven days."
        ),
        _latest(latest),
        _("The next one comes by itself {when}.").format(when=stamp(desk.next_at, "f"))
        if desk.next_at
        else "",
        _(
            "With fewer answers than you choose here nothing is ever shown, to you neither. You do "
            "not see who or how many answered while it is open. A change holds from the next pulse "
            "on."
        ),
        row(pick(_("Shown from…"), "pulse.threshold", number, choices)),
        row(start, repeat, read),
    )


def _latest(latest: Pulse | None) -> str:
    if latest is None:
        return _("There was none yet.")
    words = {
        PulseState.OPEN: _("One is open until {when}."),
        PulseState.SHOWN: _("The last one closed {when} and can be read."),
        PulseState.HIDDEN: _("The last one closed {when}; too few answered."),
    }
    return words[latest.state].format(when=stamp(latest.closes_at, "f"))
