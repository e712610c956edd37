"""How the people somebody met look."""

from bot.face.dates import whole_day
from bot.face.escape import one_line
from bot.face.look import Block, Item, Option, Tone, View, card, clip, item, row, safe, stamp
from bot.face.press import pick, press, turns
from bot.face.words import N_, _, ngettext
from bot.people.memberships import Delivery, Member, MemberState

from .model import People, Person, PersonPage, Shelf

AHEAD = {
    "in 2 weeks": N_("In two weeks"),
    "in 1 month": N_("In a month"),
    "in 3 months": N_("In three months"),
    "in 6 months": N_("In half a year"),
    "none": N_("On no day"),
}


def people_card(page: People) -> View:
    """Show whom a member met, those to say hello to first."""
    number = page.member.member_id
    here = page.member.state is not MemberState.LEFT
    add = (
        press(_("Add somebody"), "journal.meet", page.member.cohort_id, style="primary")
        if here
        else None
    )
    back = press(_("My journal"), "journal.list", Shelf(number).token)
    if not page.total:
        return card(
            _("People you met"),
            _(
                "Nobody yet. Who helped you, or told you something you did not know? A name and "
                "one line are enough. Only you read it."
            ),
            row(add, press(_("How to keep in touch"), "guides.read", "keeping-in-touch"), back),
        )
    n = page.total
    return card(
        ngettext("{n} person you met", "{n} people you met", n).format(n=n),
        *(_item(person, page) for person in page.people),
        row(*_paging(page)),
        row(add, back),
    )


def _item(person: Person, page: People) -> Block:
    parts = [one_line(person.met, 120)] if person.met else []
    parts += [_touch(person, page)] if person.touch_on else []
    small = f"\n-# {' · '.join(parts)}" if parts else ""
    text = f"**{one_line(person.name, 120)}**{small}"
    return item(text, press(_("Open"), "journal.person", person.person_id))


def _touch(person: Person, page: People | PersonPage) -> str:
    assert person.touch_on is not None
    if person.touch_on <= page.today:
        return _("a good day to say hello")
    return _("say hello on {day}").format(day=whole_day(person.touch_on))


def _paging(page: People) -> list[Item]:
    number = page.member.member_id
    return turns("journal.people", lambda at: f"{number}-{at}", page.page, page.pages)


def person_card(page: PersonPage) -> View:
    """Show somebody, and what can be done."""
    person = page.person
    number = person.person_id
    if person.deleted_at is not None:
        return deleted_person_card(page)
    lines = [
        _("Where: {text}").format(text=safe(clip(person.met, 300))) if person.met else "",
        _("About: {text}").format(text=safe(clip(person.about, 1000))) if person.about else "",
        _("Last met on {day}").format(day=whole_day(person.met_on)),
    ]
    options = [Option(_(label), phrase) for phrase, label in AHEAD.items()]
    return card(
        one_line(person.name, 150),
        "\n".join(line for line in lines if line),
        _when(page),
        row(
            press(_("Met again"), "journal.met_again", number, style="primary"),
            press(_("Edit"), "journal.change_person", number),
            press(_("In my entries"), "journal.seek_person", number),
            press(_("Delete"), "journal.delete_person", number),
        ),
        row(_notes(person, page.member)),
        row(pick(_("Say hello again…"), "journal.touch", number, options)),
        row(press(_("People I met"), "journal.people", page.member.member_id)),
    )


def _when(page: PersonPage) -> str:
    person = page.person
    if person.touch_on is None:
        return ""
    if person.touch_on <= page.today:
        return _(
            "You wanted to say hello about now. Two lines are enough: what you remember, and what "
            "you are up to."
        )
    day = whole_day(person.touch_on)
    if person.writes:
        return _("**Say hello on {day}.** I write to you that morning.").format(day=day)
    return _("**Say hello on {day}.** It stands on your `/me` then.").format(day=day)


def _notes(person: Person, member: Member) -> Item | None:
    if person.touch_on is None or member.delivery is not Delivery.DM:
        return None
    if person.writes:
        return press(_("Only on /me"), "journal.notes", f"{person.person_id}-0")
    return press(_("Write to me on that day too"), "journal.notes", f"{person.person_id}-1")


def deleted_person_card(page: PersonPage) -> View:
    """Say that somebody is deleted, and until when they can be brought back."""
    gone_at = page.person.gone_at()
    assert gone_at is not None
    return card(
        _("Deleted"),
        "> " + one_line(page.person.name, 150),
        _("You can bring it back until {when}. Then it is gone for good.").format(
            when=stamp(gone_at, "f")
        ),
        row(
            press(
                _("Bring it back"), "journal.restore_person", page.person.person_id, style="primary"
            ),
            press(_("People I met"), "journal.people", page.member.member_id),
        ),
        tone=Tone.QUIET,
    )


def touch_card(page: People) -> View:
    """Remind somebody, gently, whom they wanted to say hello to."""
    one = len(page.people) == 1
    return card(
        _("Somebody to say hello to") if one else _("Some people to say hello to"),
        _("You wanted to stay in touch. Two lines are enough; whenever it suits you."),
        *(_due(person) for person in page.people),
        row(press(_("How to keep in touch"), "guides.read", "keeping-in-touch")),
    )


def _due(person: Person) -> Block:
    about = f"\n-# {one_line(person.about, 200)}" if person.about else ""
    text = f"**{one_line(person.name, 120)}**{about}"
    return item(text, press(_("Open"), "journal.person", person.person_id))
