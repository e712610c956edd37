"""How challenges look."""

from datetime import datetime

from bot.face.dates import short_day
from bot.face.look import Block, Item, Tone, View, card, item, link, row, safe, stamp
from bot.face.press import press
from bot.face.words import _

from .model import History, Kept, Page, State


def challenge_card(page: Page) -> View:
    """Show a week's challenge with what can be done with it."""
    kept = page.kept
    if page.stopped:
        return _stopped_card(page)
    if kept.state is State.SKIPPED:
        return card(
            _("Not this week"),
            _("That is fine. The next one comes on Monday."),
            row(
                press(_("Show it again"), "challenges.undo", kept.challenge_id),
                press(_("Another one"), "challenges.another", kept.challenge_id)
                if page.may_change
                else None,
            ),
            row(*_ways_on(page)),
            tone=Tone.QUIET,
        )
    done = kept.state is State.DONE
    return card(
        _("Done, and nobody had to ask you") if done else _("This week's challenge"),
        *_words(page),
        _notes(kept),
        row(*(_after(page) if done else _before(page))),
        row(*_spare(page)),
        row(*_ways_on(page)),
        tone=Tone.GOOD if done else Tone.PLAIN,
    )


def _stopped_card(page: Page) -> View:
    return card(
        _("No challenges"),
        _("You stopped them. What you did stays yours."),
        row(
            press(_("Start again"), "challenges.start", page.kept.member_id, style="primary"),
            _history(page),
        ),
        tone=Tone.QUIET,
    )


def _words(page: Page) -> list[str]:
    title = f"**{safe(page.kept.what)}**"
    if page.challenge is None or page.kept.state is State.DONE:
        return [title]
    minutes = _("About {n} minutes.").format(n=page.challenge.minutes)
    why, how = safe(page.challenge.why), safe(page.challenge.how)
    return [f"{title}\n{why}", f"{how}\n-# {minutes}"]


def _notes(kept: Kept) -> str:
    lines: list[str] = []
    if kept.state is State.DONE:
        lines.append(
            _("-# Shared with your cohort.") if kept.shared_at else _("-# Only you see this.")
        )
    if kept.goal:
        lines.append(_("-# It is one of your goals."))
    if kept.remind_at is not None and kept.state is State.OPEN:
        when = stamp(kept.remind_at, "f")
        lines.append(_("-# You wanted to be reminded: {when}").format(when=when))
    return "\n".join(lines)


def _before(page: Page) -> list[Item | None]:
    number = page.kept.challenge_id
    remind = press(_("Remind me"), "challenges.remind", number) if page.may_remind else None
    return [
        press(_("Done"), "challenges.done", number, style="success"),
        press(_("Make it a goal"), "challenges.goal", number) if page.may_goal else None,
        remind if page.is_now else None,
        press(_("Read about it"), "guides.read", page.guide) if page.guide else None,
    ]


def _after(page: Page) -> list[Item | None]:
    number = page.kept.challenge_id
    may_share = page.channel_id is not None and page.kept.shared_at is None
    return [
        press(_("Share…"), "challenges.preview", number) if may_share else None,
        press(_("Keep in journal"), "challenges.keep", number) if page.may_keep else None,
        press(_("Undo"), "challenges.undo", number),
    ]


def _spare(page: Page) -> list[Item | None]:
    number = page.kept.challenge_id
    if not page.may_change:
        return []
    return [
        press(_("Another one"), "challenges.another", number),
        press(_("Skip this week"), "challenges.skip", number),
        press(_("Stop these"), "challenges.stop", page.kept.member_id),
    ]


def _ways_on(page: Page) -> list[Item | None]:
    source = page.challenge.source if page.challenge else None
    open_now = page.kept.state is State.OPEN
    this_week = press(_("This week's"), "challenges.show", page.kept.member_id)
    return [
        _history(page),
        None if page.is_now else this_week,
        link(_("Source: {name}").format(name=source.name), source.url)
        if source and open_now
        else None,
    ]


def _history(page: Page) -> Item | None:
    if not page.done:
        return None
    return press(_("What I did"), "challenges.history", f"{page.kept.member_id}-0")


def offer_card(kept: Kept, moments: tuple[datetime, ...]) -> View:
    """Ask when to be reminded."""
    labels = _("Tomorrow"), _("In two days"), _("In four days")
    return card(
        _("When?"),
        safe(kept.what),
        "\n".join(f"{n}. {stamp(at, 'F')}" for n, at in enumerate(moments, 1)),
        row(
            *(
                press(label, "challenges.at", f"{kept.challenge_id}-{int(at.timestamp())}")
                for label, at in zip(labels, moments, strict=True)
            )
        ),
    )


def reminded_card(kept: Kept) -> View:
    """Confirm a reminder."""
    assert kept.remind_at is not None
    text = _("I will remind you {when}:\n{what}").format(
        when=stamp(kept.remind_at, "F"), what=safe(kept.what)
    )
    return card("", text, tone=Tone.GOOD)


def share_preview(page: Page) -> View:
    """Show the exact text and its readers before anything is posted."""
    number = page.kept.challenge_id
    return card(
        _("Share this?"),
        _(
            "I would post this in <#{channel}>. Everyone who can see that channel reads it, and it "
            "may stand in the cohort's weekly message."
        ).format(channel=page.channel_id),
        shared_text(page),
        row(
            press(_("Share it"), "challenges.share", number, style="success"),
            press(_("Keep it to myself"), "challenges.card", number),
        ),
    )


def shared_text(page: Page) -> str:
    """Return the words with which a challenge is shared."""
    return _("**{name}** took a step nobody asked for:\n> {what}").format(
        name=safe(page.member_name), what=safe(page.kept.what)
    )


def shared_card(page: Page) -> View:
    """Show it to the cohort."""
    about = f"challenge-{page.kept.challenge_id}"
    report = press(_("Report a problem"), "safety.report", about)
    return card("", shared_text(page), row(report), tone=Tone.GOOD)


def kept_card() -> View:
    """Confirm that it was kept in the journal."""
    return card("", _("It is in your journal."), tone=Tone.GOOD)


def history_card(found: History) -> View:
    """Show one page of what somebody did, each with the button that opens it."""
    back = press(_("This week's"), "challenges.show", found.member_id)
    if not found.rows:
        return card(
            _("What you did"),
            _("Nothing yet. Each of them takes an hour at most, and one is a good number."),
            row(back),
        )
    lines: list[Block] = [
        item(
            f"{safe(one.what)}\n-# {short_day(one.on)}"
            + (f" · {_('shared')}" if one.shared else ""),
            press(_("Open"), "challenges.card", one.challenge_id),
        )
        for one in found.rows
    ]
    return card(_("What you did"), *lines, row(*_turns(found), back))


def _turns(found: History) -> list[Item]:
    if found.pages == 1:
        return []
    before, after = found.page - 1, found.page + 1
    turn = "challenges.history"
    return [
        press(_("Newer"), turn, f"{found.member_id}-{before}", disabled=before < 0)
        if before >= 0
        else press(_("Newer"), turn, f"{found.member_id}-first", disabled=True),
        press(_("Older"), turn, f"{found.member_id}-{after}", disabled=after >= found.pages),
    ]
