"""How the playbook looks."""

from bot.face.look import Block, Item, Tone, View, card, clip, row, safe, stamp
from bot.face.press import press
from bot.face.words import N_, _

from .model import Offer, Page, Thing, Why

TITLE = N_("Three things for this week")
SILENT = {
    Why.MUTED: N_("You wanted no cards, so none is sent. This page is always here."),
    Why.QUIET: N_(
        "The last three cards stayed without a press, so the next ones only stand here. Any press "
        "brings them back."
    ),
}


def page_card(page: Page, *, sent: bool = False) -> View:
    """Show what is worth doing, each with its buttons."""
    return card(
        safe(page.title) or _(TITLE),
        safe(page.opening),
        *(block for thing in page.things for block in _thing(thing, page)),
        _words(page.words),
        _silent(page),
        row(*_ways_on(page, sent=sent)),
    )


def _thing(thing: Thing, page: Page) -> list[Block | None]:
    did = f"~~{safe(thing.do)}~~" if thing.done else f"**{safe(thing.do)}**"
    lines = [_("{action} · done").format(action=did)] if thing.done else [did, safe(thing.why)]
    if thing.goal:
        lines.append(_("-# It is one of your goals."))
    if thing.remind_at is not None and not thing.done:
        when = stamp(thing.remind_at, "f")
        lines.append(_("-# You wanted to be reminded: {when}").format(when=when))
    return ["\n".join(lines), row(*_buttons(thing, page))]


def _buttons(thing: Thing, page: Page) -> list[Item]:
    guide = _("Read about it")
    read = [press(guide, "guides.read", thing.guide)] if thing.guide and _first(thing, page) else []
    if thing.done:
        return [press(_("Undo"), "playbook.undo", thing.ref), *read]
    buttons = [press(_("Done"), "playbook.done", thing.ref, style="success")]
    if page.may_goal and not thing.goal:
        buttons.append(press(_("Make it a goal"), "playbook.goal", thing.ref))
    if page.may_remind:
        buttons.append(press(_("Remind me"), "playbook.remind", thing.ref))
    return [*buttons, *read]


def _first(thing: Thing, page: Page) -> bool:
    """Say whether no thing above leads to the same guide; Discord takes each button only once."""
    return next(one for one in page.things if one.guide == thing.guide) is thing


def _words(words: str) -> str:
    if not words:
        return ""
    return _("**Words to copy**\n{words}").format(words=f"```\n{clip(words, 700)}\n```")


def _silent(page: Page) -> str:
    return f"-# {_(SILENT[page.silent])}" if page.silent else ""


def _ways_on(page: Page, *, sent: bool) -> list[Item | None]:
    think = _("Three questions to myself")
    reflect = press(think, "journal.reflect", page.member_id) if page.reflects else None
    back = press(_("Back"), "today.me", page.member_id)
    mine = press(_("What is on for me"), "today.me", page.member_id)
    return [mine if sent else back, reflect, _cards(page)]


def _cards(page: Page) -> Item | None:
    """Return the button that switches the cards on or off, on this week's page only."""
    if not page.is_week:
        return None
    if page.silent is not None:
        return press(_("Send me these cards again"), "playbook.start", page.member_id)
    return press(_("No more of these cards"), "playbook.stop", page.member_id)


def call_card(user_id: int, card_id: int) -> View:
    """Call somebody where others read too, without a word of what it is about."""
    return card(
        "",
        _("<@{user}>, there are a few things worth doing now.").format(user=user_id),
        row(press(_("Show me"), "playbook.card", card_id)),
    )


def offer_card(offer: Offer) -> View:
    """Ask when to be reminded."""
    return card(
        _("When?"),
        safe(offer.thing.do),
        "\n".join(f"{n}. {stamp(at, 'F')}" for n, at in enumerate(offer.moments, 1)),
        row(
            *(
                press(label, "playbook.at", f"{offer.thing.ref}.{int(at.timestamp())}")
                for label, at in zip(
                    (_("Tomorrow"), _("In three days"), _("In a week")),
                    offer.moments,
                    strict=True,
                )
            )
        ),
    )


def reminded_card(thing: Thing) -> View:
    """Confirm a reminder."""
    assert thing.remind_at is not None
    return card(
        "",
        _("I will remind you {when}:\n{action}").format(
            when=stamp(thing.remind_at, "F"), action=safe(thing.do)
        ),
        tone=Tone.GOOD,
    )
