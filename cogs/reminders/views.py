"""How reminders look."""

from datetime import time

from bot.clockwork.recurrence import LAST, AnyRule, Daily, MonthDay, Weekdays
from bot.clockwork.when import Once, Repeating
from bot.clockwork.zones import zone_info
from bot.face.dates import WEEKDAYS, month_name, short_clock, short_day
from bot.face.look import Item, Tone, View, card, clip, item, quote, row, safe, stamp
from bot.face.press import press
from bot.face.words import N_, _, ngettext
from bot.people.memberships import Member

from .model import Reminder, ReminderList, ReminderPage, ReminderState, Way

SHOWN = 1000
SHOWN_OF_SEVERAL = 200
MOST_TOLD = 8
EVERY_DAY_OF_WORK = (0, 1, 2, 3, 4)
YEAR = 12

NTH = {
    1: N_("first {weekday}"),
    2: N_("second {weekday}"),
    3: N_("third {weekday}"),
    4: N_("fourth {weekday}"),
    5: N_("fifth {weekday}"),
    LAST: N_("last {weekday}"),
}
WAYS = {
    Way.DM: N_("I write it to you directly."),
    Way.ROOM: N_("I write it in your private thread, which this server's moderators can read."),
    Way.THREAD: N_(
        "I mention you in the week's thread, without these words: only you open them there."
    ),
    Way.PANEL: N_(
        "It will stand on `/me`, because you chose to get no messages. `/profile settings` "
        "changes that."
    ),
}


# --- when, in words


def rule_words(rule: AnyRule, zone: str) -> str:
    """Return a rule as one would say it: "every Monday at 9:00 in Berlin"."""
    place = zone.rpartition("/")[2].replace("_", " ")
    return _("{days} at {time} in {place}").format(
        days=_days(rule), time=_clock(rule.at), place=place
    )


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"


def _days(rule: AnyRule) -> str:
    if isinstance(rule, Daily):
        return ngettext("every day", "every {n} days", rule.every).format(n=rule.every)
    if isinstance(rule, Weekdays):
        return _week_words(rule)
    if isinstance(rule, MonthDay):
        return _month_day_words(rule)
    nth = _(NTH[rule.nth]).format(weekday=_(WEEKDAYS[rule.weekday]))
    return ngettext(
        "on the {nth} of every month", "on the {nth} of every {n} months", rule.every
    ).format(nth=nth, n=rule.every)


def _week_words(rule: Weekdays) -> str:
    if rule.every == 1 and rule.days == EVERY_DAY_OF_WORK:
        return _("Monday to Friday")
    names = ", ".join(_(WEEKDAYS[day]) for day in rule.days)
    return ngettext("every {names}", "every {n} weeks on {names}", rule.every).format(
        names=names, n=rule.every
    )


def _month_day_words(rule: MonthDay) -> str:
    if rule.every == YEAR:
        return _("every year on {day} {month}").format(
            day=rule.anchor.day, month=month_name(rule.anchor.month)
        )
    if rule.day == LAST:
        return ngettext(
            "on the last day of every month", "on the last day of every {n} months", rule.every
        ).format(n=rule.every)
    words = ngettext(
        "on day {day} of every month", "on day {day} of every {n} months", rule.every
    ).format(day=rule.day, n=rule.every)
    return words if rule.day <= 28 else words + _(" (the last day of shorter ones)")


def _when(reminder: Reminder, page: ReminderPage) -> str:
    """Return when something that was read back, or waits, will come."""
    meaning = reminder.meaning
    if isinstance(meaning, Once):
        at = reminder.wake_at or meaning.at
        return f"{stamp(at)} ({stamp(at, 'R')})"
    place = meaning.zone or reminder.zone
    at = reminder.wake_at or meaning.next(page.now, place)
    rule = rule_words(meaning.rule, place)
    return _("{rule}, next on {moment}").format(rule=rule, moment=stamp(at))


def short_when(meaning: Once | Repeating, home: str) -> str:
    """Return a meaning as short as a button: "Wed 20:00, 10 Jun"."""
    zone = meaning.zone or home
    if isinstance(meaning, Repeating):
        return rule_words(meaning.rule, zone)
    local = meaning.at.astimezone(zone_info(zone))
    words = f"{short_clock(local)}, {short_day(local.date())}"
    place = zone.rpartition("/")[2].replace("_", " ")
    return f"{words} · {place}" if meaning.zone else words


# --- making one


def page_card(page: ReminderPage) -> View:
    """Show a reminder as it stands: read back, saved, due, done or let go."""
    reminder = page.reminder
    if reminder.state is ReminderState.ASKED:
        return asked_card(page)
    if reminder.state is ReminderState.CANCELLED:
        return cancelled_card(page)
    if reminder.state is ReminderState.DONE or page.note or reminder.done_at is not None:
        return done_card(page)
    if reminder.is_said:
        return told_card([page], comes=False)
    return saved_card(page)


def asked_card(page: ReminderPage) -> View:
    """Read back what was understood, to be saved or changed; ask where it can mean two things."""
    reminder = page.reminder
    change = press(_("Change"), "reminders.change", reminder.reminder_id)
    words = quote(reminder.what, SHOWN)
    if page.trouble or not reminder.meanings:
        trouble = page.trouble or _("When should it come?")
        return card(
            _("When?"),
            trouble,
            words,
            _("Nothing is lost: *Change* opens it as you typed it."),
            row(change),
            tone=Tone.WARN,
        )
    if len(reminder.meanings) > 1:
        choices = [
            press(
                short_when(meaning, reminder.zone),
                "reminders.save",
                f"{reminder.reminder_id}-{number}",
                style="primary",
            )
            for number, meaning in enumerate(reminder.meanings)
        ]
        return card(
            _("Which one do you mean?"),
            _("*{said}* can be either. Press yours and it is saved.").format(
                said=safe(reminder.said)
            ),
            words,
            _(WAYS[page.way]),
            row(*choices),
            row(change),
        )
    return card(
        _("Is this right?"),
        f"**{_when(reminder, page)}**",
        words,
        _(WAYS[page.way]),
        row(
            press(_("Save"), "reminders.save", f"{reminder.reminder_id}-0", style="success"),
            change,
        ),
    )


def saved_card(page: ReminderPage) -> View:
    """Show a reminder that waits."""
    reminder = page.reminder
    number = reminder.reminder_id
    return card(
        _("I will remind you"),
        f"**{_when(reminder, page)}**",
        quote(reminder.what, SHOWN),
        _(WAYS[page.way]),
        row(
            press(_("Change"), "reminders.change", number),
            press(_("Cancel it"), "reminders.cancel", number),
            press(_("My reminders"), "reminders.list", 0),
        ),
        tone=Tone.GOOD,
    )


def cancelled_card(page: ReminderPage) -> View:
    """Confirm that a reminder will not come."""
    return card(
        _("Cancelled"),
        quote(page.reminder.what, SHOWN),
        _("It will not come any more."),
        row(
            press(_("Undo"), "reminders.undo", page.reminder.reminder_id),
            press(_("My reminders"), "reminders.list", 0),
        ),
        tone=Tone.QUIET,
    )


def done_card(page: ReminderPage) -> View:
    """Confirm that it is done, and when it comes next if it does."""
    reminder = page.reminder
    again = _when(reminder, page) if reminder.repeats and reminder.wake_at else ""
    return card(
        _("Done"),
        page.note,
        quote(reminder.what, SHOWN),
        _("It comes again: {when}.").format(when=again) if again else "",
        row(
            press(_("Snooze 1 hour"), "reminders.snooze", reminder.reminder_id),
            press(_("My reminders"), "reminders.list", 0),
        ),
        tone=Tone.GOOD,
    )


# --- when it comes


def told_card(pages: list[ReminderPage], mention: int | None = None, *, comes: bool = True) -> View:
    """Say what is due: one reminder with what can be done about it, or several in one message.

    Only what comes just now can come late; what is opened later says when it was due.
    """
    called = f"<@{mention}>" if mention else ""
    if len(pages) > 1:
        return _several(pages, called)
    page = pages[0]
    reminder = page.reminder
    return card(
        _("You asked me to remind you"),
        called,
        quote(reminder.what, SHOWN),
        _late(page) if comes else _due_line(page),
        row(*_answers(reminder.reminder_id)),
    )


def _answers(number: int) -> list[Item]:
    return [
        press(_("Done"), "reminders.done", number, style="success"),
        press(_("Snooze 1 hour"), "reminders.snooze", number),
        press(_("Tomorrow 9:00"), "reminders.tomorrow", number),
        press(_("Choose…"), "reminders.choose", number),
    ]


def _late(page: ReminderPage) -> str:
    if not page.is_late or page.reminder.told_at is None:
        return ""
    return _("This was due {moment}. I could not come in time.").format(
        moment=stamp(page.reminder.told_at)
    )


def _several(pages: list[ReminderPage], called: str) -> View:
    rows = [
        item(
            f"{safe(clip(page.reminder.what, SHOWN_OF_SEVERAL))}\n{_due_line(page)}".strip(),
            press(_("Open"), "reminders.show", page.reminder.reminder_id),
        )
        for page in pages[:MOST_TOLD]
    ]
    left = len(pages) - len(rows)
    more = ngettext("{n} more stands in the list.", "{n} more stand in the list.", left)
    return card(
        _("You asked me to remind you of {n} things").format(n=len(pages)),
        called,
        *rows,
        more.format(n=left) if left else "",
        row(press(_("My reminders"), "reminders.list", 0)),
    )


def _due_line(page: ReminderPage) -> str:
    told = page.reminder.told_at
    if told is None or not page.is_late:
        return ""
    return _("This was due {moment}.").format(moment=stamp(told))


def call_card(member: Member, ids: list[int]) -> View:
    """Call somebody where others read too, without a word of what it is about."""
    subject = f"{member.member_id}-{ids[0]}" if len(ids) == 1 else f"{member.member_id}-"
    return card(
        "",
        _("<@{user}>, something you asked me to remind you of is due.").format(user=member.user_id),
        row(press(_("Read it"), "reminders.read", subject)),
    )


def hello_card() -> View:
    """Say first who reads this thread."""
    return card(
        "",
        _("Read by: you and this server's moderators."),
        _("What is only for you comes here, because you agreed to a private thread."),
    )


# --- the list


def list_card(page: ReminderList) -> View:
    """Show one page of what is due and what waits."""
    if not page.total:
        return card(
            _("Your reminders"),
            _(
                "None yet. `/remind me` takes your own words: *tomorrow 9am*, *in 2 weeks*, "
                "*first friday of the month 10:00*."
            ),
            row(press(_("Make one"), "reminders.new", style="primary")),
        )
    rows = [
        item(
            f"{safe(clip(one.what, 200))}\n{_list_line(one)}",
            press(_("Open"), "reminders.show", one.reminder_id),
        )
        for one in page.reminders
    ]
    return card(
        _("Your reminders"),
        _(WAYS[page.way]),
        *rows,
        row(
            press(_("Back"), "reminders.list", page.page - 1) if page.page else None,
            press(_("More"), "reminders.list", page.page + 1)
            if page.page + 1 < page.pages
            else None,
            press(_("Make one"), "reminders.new"),
        ),
    )


def _list_line(one: Reminder) -> str:
    if one.wake_at is None:
        return _("Waits for your *Done*.")
    words = stamp(one.wake_at)
    if isinstance(one.meaning, Repeating):
        return f"{rule_words(one.meaning.rule, one.zone)} · {words}"
    return words


def choice_words(page: ReminderPage) -> str:
    """Return a reminder as a line to choose from while typing."""
    one = page.reminder
    at = one.wake_at or one.told_at
    when = "" if at is None else short_clock(at.astimezone(zone_info(page.zone)))
    return clip(f"{when} · {' '.join(one.what.split())}" if when else one.what, 100)
