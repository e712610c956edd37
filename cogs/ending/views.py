"""How the end of a cohort looks: its effect beforehand, what is told, what one may choose."""

from collections.abc import Sequence

from bot.face.dates import whole_day
from bot.face.look import Item, Option, Tone, View, card, row, safe, stamp
from bot.face.press import pick, press
from bot.face.words import N_, _, ngettext
from bot.people.cohorts import Cohort
from cogs.ending.model import (
    KEPT_FOR,
    AlumniPage,
    CallKind,
    CallPage,
    ClosedPage,
    Effect,
    OwnPage,
)

PROGRAMMES = {
    "checkin": N_("weekly check-in"),
    "introduction": N_("introductions"),
    "pulse": N_("anonymous pulse"),
    "digest": N_("weekly digest"),
}

# --- for moderators


def effect_card(page: Effect) -> View:
    """Say exactly what closing does, before it is done."""
    number = page.cohort.cohort_id
    return card(
        _("Close {name}?").format(name=safe(page.cohort.name)),
        _early(page),
        _("**Now**") + "\n" + _told(page) + "\n" + _stops(page),
        _("**Everybody chooses**: get my record, stay as alum, or delete everything."),
        _("**Later**") + "\n" + _later(page),
        _("**What stays**: this server's channels, roles and messages, openings, the log. "
          "Threads rest and archive themselves."),
        row(
            pick(
                _("How long records stay"),
                "ending.keep",
                number,
                [
                    Option(
                        _("Records stay for {n} days").format(n=days),
                        str(days),
                        default=days == page.keep_days,
                    )
                    for days in KEPT_FOR
                ],
            )
        ),
        row(
            press(_("Close…"), "ending.confirm", f"{number}-{page.keep_days}", style="danger"),
            press(_("Report"), "ending.report", number),
        ),
        tone=Tone.WARN,
    )  # fmt: skip


def _early(page: Effect) -> str:
    last_day = page.cohort.last_day
    if not page.has_begun:
        return _("**It has not begun yet.** Its first day is {day}.").format(
            day=whole_day(page.cohort.first_day) if page.cohort.first_day else "–"
        )
    if page.days_left > 0 and last_day:
        return ngettext(
            "**It is not over yet**: {n} day is left, the last one is {day}.",
            "**It is not over yet**: {n} days are left, the last one is {day}.",
            page.days_left,
        ).format(n=page.days_left, day=whole_day(last_day))
    return ""


def _told(page: Effect) -> str:
    parts = [
        ngettext("{n} directly", "{n} directly", page.by_letter),
        ngettext("{n} by a mention", "{n} by a mention", page.by_mention),
        ngettext("{n} by the card alone", "{n} by the card alone", page.by_channel),
    ]
    numbers = (page.by_letter, page.by_mention, page.by_channel)
    told = ", ".join(
        part.format(n=number) for part, number in zip(parts, numbers, strict=True) if number
    )
    channel = page.cohort.announcements_id
    where = f"<#{channel}>" if channel else _("no channel")
    return _("- Told: a card in {channel}; {people}. Quiet hours and limits hold.").format(
        channel=where, people=told or _("nobody has joined")
    )


def _stops(page: Effect) -> str:
    names = ", ".join(_(PROGRAMMES.get(kind, kind)) for kind in page.programmes)
    text = _("- Stops: {programmes}. Nobody can join any more.").format(
        programmes=names or _("nothing was switched on")
    )
    if page.waiting:
        text += "\n" + ngettext(
            "- {n} message that waits is not sent.",
            "- {n} messages that wait are not sent.",
            page.waiting,
        ).format(n=page.waiting)
    return text


def _later(page: Effect) -> str:
    return _(
        "- Until {reopen} you can open it again, and nothing is lost.\n"
        "- 14 and 3 days before, everybody hears it once more.\n"
        "- After **{day}** I delete the records of those who did not stay. Never earlier; later "
        "when somebody could not be told in time."
    ).format(reopen=stamp(page.reopen_until, "D"), day=whole_day(page.delete_on))


def closed_card(page: ClosedPage) -> View:
    """Show moderators how a cohort is closed, and what can still be done."""
    number, ending = page.cohort.cohort_id, page.ending
    return card(
        _("{name} is closed").format(name=safe(page.cohort.name)),
        _("Since {moment}. Nothing goes out any more except about its end.").format(
            moment=stamp(ending.closed_at)
        ),
        _gone(page)
        if ending.finished_at
        else _(
            "Records stay until **{day}**; everybody hears it once more 14 and 3 days before."
        ).format(day=whole_day(ending.delete_on)),
        _("Who stays as alum is theirs to tell. You see those who agreed to be asked to mentor."),
        _("You can open it again until {moment}.").format(moment=stamp(ending.reopen_until, "f"))
        if page.may_reopen
        else "",
        row(
            press(_("Start the next one with these settings"), "ending.clone", number,
                  style="primary"),
            press(_("Report"), "ending.report", number),
            press(_("Alumni who would mentor"), "ending.alumni", f"{number}-0")
            if page.would_mentor
            else None,
            press(_("Open it again"), "ending.reopen", number) if page.may_reopen else None,
        ),
    )  # fmt: skip


def _gone(page: ClosedPage) -> str:
    return _("The records of those who did not stay are gone since {moment}.").format(
        moment=stamp(page.ending.finished_at or page.now, "D")
    )


def reopened_card(cohort: Cohort) -> View:
    """Say that a cohort goes on."""
    return card(
        _("{name} is open again").format(name=safe(cohort.name)),
        _("Everything goes on where it was. Nothing was deleted, except by people themselves. "
          "Those who were told that it is closed hear that it is not."),
        row(press(_("Status"), "cohorts.status", cohort.cohort_id)),
        tone=Tone.GOOD,
    )  # fmt: skip


def cloned_card(cohort: Cohort) -> View:
    """Say what the next cohort begins with."""
    return card(
        _("{name} is a draft").format(name=safe(cohort.name)),
        _("It has the same channels, roles, people to contact, times and settings. No member and "
          "nothing anybody wrote came along. Check it, then go live."),
        row(press(_("Go on with the set-up"), "cohorts.step", cohort.cohort_id, style="primary")),
        tone=Tone.GOOD,
    )  # fmt: skip


def alumni_card(page: AlumniPage) -> View:
    """Name the alumni who may be asked to mentor."""
    number = page.cohort.cohort_id
    names = "\n".join(f"- {safe(name)} · <@{user_id}>" for name, user_id in page.names)
    return card(
        _("Alumni of {name} who would mentor").format(name=safe(page.cohort.name)),
        names or _("Nobody so far."),
        _("-# They agreed that moderators of this server ask them. Nothing else is agreed."),
        row(
            press(_("Back"), "ending.alumni", f"{number}-{page.page - 1}") if page.page else None,
            press(_("More"), "ending.alumni", f"{number}-{page.page + 1}")
            if page.page + 1 < page.pages
            else None,
            press(_("Status"), "cohorts.status", number),
        ),
    )


# --- what everybody is told


def post_card(page: CallPage) -> View:
    """Tell the channel, without calling anybody."""
    return card(_title(page), _news(page), row(_choose(page)))


def mention_card(page: CallPage) -> View:
    """Call some people by name, as they chose to be called."""
    names = " ".join(f"<@{user_id}>" for user_id in page.mentions)
    return card(_title(page), names, _news(page), row(_choose(page)))


def letter_card(page: CallPage, *, can_get_record: bool) -> View:
    """Tell one person, with everything they may choose."""
    notice = page.kind in (CallKind.FIRST, CallKind.LAST)
    return card(
        _title(page),
        " ".join(f"<@{user_id}>" for user_id in page.mentions),
        _own_news(page) if notice else _news(page),
        "" if page.kind is CallKind.REOPENED else _record_words(can_get_record),
        row(*_choices(page, can_get_record)),
    )


def _own_news(page: CallPage) -> str:
    day = whole_day(page.stays_until) if page.stays_until else ""
    if page.kind is CallKind.FIRST:
        text = _(
            "You have not chosen what becomes of your record, and you need not: it stays here "
            "until **{day}**, then it is deleted for good. One more reminder comes before that."
        )
    else:
        text = _(
            "This is the last reminder. Your record stays here until **{day}**, then it is deleted "
            "for good. If that is fine with you, there is nothing to do."
        )
    return text.format(day=day)


def _title(page: CallPage) -> str:
    name = safe(page.cohort.name)
    titles = {
        CallKind.BEFORE: _("{name} ends soon"),
        CallKind.CLOSED: _("{name} is over"),
        CallKind.FIRST: _("Your record from {name}"),
        CallKind.LAST: _("Your record from {name}: the last days"),
        CallKind.REOPENED: _("{name} goes on"),
    }
    return titles[page.kind].format(name=name)


def _news(page: CallPage) -> str:
    day = whole_day(page.stays_until) if page.stays_until else ""
    last = whole_day(page.cohort.last_day) if page.cohort.last_day else ""
    texts = {
        CallKind.BEFORE: _(
            "The last day is **{last}**. Your record stays yours: take it with you whenever you "
            "like. Once the cohort is closed you choose whether it stays or goes, and there are "
            "at least 120 days for that."
        ),
        CallKind.CLOSED: _(
            "Thank you for being part of it. Check-ins and introductions stop. You choose what "
            "becomes of your record: get it, stay as alum and keep it here, or delete everything. "
            "Without a choice it stays until **{day}** and is deleted after that."
        ),
        CallKind.FIRST: _(
            "The cohort is closed. If you did not choose to stay as alum, your record stays here "
            "until **{day}**, then it is deleted for good."
        ),
        CallKind.LAST: _(
            "The last reminder. If you did not choose to stay as alum, your record stays here "
            "until **{day}**. Then it is deleted for good."
        ),
        CallKind.REOPENED: _(
            "It was closed, and is open again. Nothing of yours was deleted, and there is nothing "
            "to decide now."
        ),
    }
    return texts[page.kind].format(day=day, last=last)


def _choose(page: CallPage) -> Item | None:
    if page.kind is CallKind.REOPENED:
        return None
    label = _("My record") if page.kind is CallKind.BEFORE else _("What becomes of my record…")
    return press(label, "ending.own", page.cohort.cohort_id, style="primary")


def _choices(page: CallPage, can_get_record: bool) -> Sequence[Item | None]:
    if page.kind is CallKind.REOPENED:
        return ()
    record = press(_("Get my record"), "record.get", style="primary") if can_get_record else None
    return (
        record,
        press(_("Stay as alum"), "ending.stay", page.cohort.cohort_id),
        press(_("Delete everything…"), "privacy.delete", style="danger"),
    )


def _record_words(can_get_record: bool) -> str:
    if can_get_record:
        return ""
    return _("`/privacy export` gives you everything of yours as a file.")


# --- for members


def own_card(page: OwnPage) -> View:
    """Show a member what they may choose about their record, and what they chose."""
    number = page.cohort.cohort_id
    record = (
        press(_("Get my record"), "record.get", style="primary") if page.can_get_record else None
    )
    delete = press(_("Delete everything…"), "privacy.delete", style="danger")
    title = _("Your record from {name}").format(name=safe(page.cohort.name))
    if page.ending is None:
        return card(
            title,
            _("It stays while the cohort runs, and at least 120 days after it is closed. There is "
              "nothing to decide now."),
            _record_words(page.can_get_record),
            row(record, delete),
        )  # fmt: skip
    if page.choice.alum:
        return _alum_card(page, title, record, delete)
    day = whole_day(page.stays_until) if page.stays_until else ""
    return card(
        title,
        _(
            "- **Get it**: everything you did, to take with you.\n"
            "- **Stay as alum**: it stays here, and I write to you about nothing else.\n"
            "- **Delete everything**: at once, after you typed a word."
        ),
        _("Without a choice it stays until **{day}**, then it is deleted.").format(day=day),
        _record_words(page.can_get_record),
        _others(page),
        row(record, press(_("Stay as alum"), "ending.stay", number), delete),
    )


def _alum_card(page: OwnPage, title: str, record: Item | None, delete: Item) -> View:
    number = page.cohort.cohort_id
    asked = (
        _("Moderators of this server may ask you to mentor. Only they read that.")
        if page.choice.may_mentor
        else _("Nobody is told, and nobody asks you anything. One thing you could allow: that "
               "moderators of this server ask you to mentor one day.")
    )  # fmt: skip
    finished = page.ending is not None and page.ending.finished_at is not None
    return card(
        title,
        _("You stay as an alum. Your record stays here until you delete it."),
        asked,
        _others(page),
        row(
            record,
            press(_("Please don't ask me"), "ending.unasked", number)
            if page.choice.may_mentor
            else press(_("You may ask me to mentor"), "ending.asked", number),
            None if finished else press(_("Not an alum after all"), "ending.unstay", number),
            delete,
        ),
        tone=Tone.GOOD,
    )


def _others(page: OwnPage) -> str:
    if not page.others:
        return ""
    return ngettext(
        "-# *Delete everything* reaches your other cohort too. By itself only this one goes.",
        "-# *Delete everything* reaches your {n} other cohorts too. By itself only this one goes.",
        page.others,
    ).format(n=page.others)
