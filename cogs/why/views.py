"""How an answer to *Why did I get this?* looks."""

from bot.clockwork.recurrence import Weekly
from bot.face.look import Tone, View, card, row, safe, stamp
from bot.face.press import press
from bot.face.words import N_, _, ngettext
from bot.people.memberships import Delivery, Member, Volume
from cogs.why.model import Because, Was, remember

WEEKDAYS = (
    N_("Mondays"),
    N_("Tuesdays"),
    N_("Wednesdays"),
    N_("Thursdays"),
    N_("Fridays"),
    N_("Saturdays"),
    N_("Sundays"),
)
WAYS = {
    Delivery.DM: N_("You chose direct messages."),
    Delivery.THREAD: N_("You chose to be mentioned in the week's thread."),
    Delivery.CARD: N_("You chose only the card, so nothing was sent to you."),
}
MUCH = {
    Volume.LIGHT: N_("At most one message a week reaches you by itself."),
    Volume.STANDARD: N_("At most three messages a week reach you by themselves, one a day."),
    Volume.EVERYTHING: N_("You chose to get everything."),
}


def because_card(page: Because) -> View:
    """Say which schedule and which choice caused a message, and how to stop it."""
    return card(
        _("Why you got this") if page.member or page.private else _("Why this stands here"),
        _reason(page),
        _rule(page),
        _choice(page),
        row(
            press(_("Stop these"), "why.stop", page.letter_id) if page.may_stop_these else None,
            press(_("Stop all"), "why.stop_all", style="danger") if page.member else None,
            press(_("My settings"), "profile.settings", page.member.member_id)
            if page.member
            else None,
        ),
        tone=Tone.QUIET,
    )


def _reason(page: Because) -> str:
    cohort = safe(page.cohort_name or "")
    if page.reason:
        return _(page.reason).format(cohort=cohort)
    if cohort:
        return _("It belongs to {cohort}.").format(cohort=cohort)
    return _("It is about this server as a whole.")


def _rule(page: Because) -> str:
    if page.rule is None:
        return _("It went out {when}.").format(when=stamp(page.at, "f"))
    clock = (
        _("on your own clock")
        if page.zone is None
        else _("in {place}").format(place=page.zone.rpartition("/")[2].replace("_", " "))
    )
    return _("Your moderators set it: {rule}, {clock}.").format(rule=_words(page.rule), clock=clock)


def _words(rule: Weekly) -> str:
    day, at = _(WEEKDAYS[rule.weekday]), rule.at.strftime("%H:%M")
    if rule.every == 1:
        return _("{day} at {at}").format(day=day, at=at)
    return _("{day} at {at}, every {n} weeks").format(day=day, at=at, n=rule.every)


def _choice(page: Because) -> str:
    if page.member is None:
        if page.outside:
            return _("It was written to you because you offered this yourself.")
        if page.private:
            return _("Your moderators named you for this; ask them to take you off their list.")
        return _("It stands here for everyone who can see this place; it was not sent to you.")
    return f"{_(WAYS[page.member.delivery])} {_(MUCH[page.member.volume])}"


def stopped_card(page: Because) -> View:
    """Confirm that no more of one kind comes."""
    cohort = safe(page.cohort_name or "")
    if page.member is None:
        return card(
            _("Stopped"),
            _("No more of these from {cohort}. What there is stands on `/me`.").format(
                cohort=cohort
            ),
            tone=Tone.GOOD,
        )
    return card(
        _("Stopped"),
        _("No more of these from {cohort}. Your settings bring them back.").format(cohort=cohort),
        row(press(_("My settings"), "profile.settings", page.member.member_id)),
        tone=Tone.GOOD,
    )


def stop_all_card(mine: list[Member]) -> View:
    """Ask once before everything stops."""
    if not mine:
        return card(
            _("Nothing is sent to you"),
            _("Nothing reaches you by itself any more; everything waits in `/me`."),
            tone=Tone.QUIET,
        )
    names = ", ".join(safe(member.cohort_name) for member in mine)
    return card(
        _("Stop all messages?"),
        _(
            "I will not write to you or mention you any more in {names}. What is open waits in "
            "`/me` and on the cards, your record and your streak stay, and you stay a member."
        ).format(names=names),
        row(
            press(_("Stop all"), "why.stop_now", style="danger"),
            press(_("Keep them"), "why.keep"),
        ),
        tone=Tone.WARN,
    )


def all_stopped_card(before: list[Was]) -> View:
    """Confirm that everything has stopped, with the way back."""
    n = len(before)
    text = ngettext(
        "Nothing more comes by itself, in {n} cohort.",
        "Nothing more comes by itself, in {n} cohorts.",
        n,
    )
    undo = press(_("Undo"), "why.undo", remember(before)) if before else None
    return card(
        _("Stopped"),
        text.format(n=n) if n else _("Nothing more comes by itself."),
        row(undo),
        tone=Tone.GOOD,
    )


def undone_card(back: list[Member]) -> View:
    """Confirm that everything comes as before."""
    names = ", ".join(safe(member.cohort_name) for member in back)
    text = _("I reach you as before in {names}.").format(names=names)
    return card(_("As before"), text if back else _("There was nothing to bring back."))


def kept_card() -> View:
    """Confirm that nothing changed."""
    return card("", _("Nothing changed."), tone=Tone.QUIET)
