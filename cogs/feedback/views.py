"""How asking for feedback, giving it and reading it look."""

from bot.face.look import (
    Item,
    Option,
    Tone,
    View,
    card,
    clip,
    item,
    plain,
    quote,
    row,
    safe,
    stamp,
)
from bot.face.press import pick, pick_people, press
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Aspect
from bot.people.activity import Visibility
from bot.people.memberships import Member

from .model import (
    ABOUT,
    ASPECTS,
    PROMPT_ASPECTS,
    PROMPTS,
    ROLES,
    AskPage,
    AskState,
    Feedback,
    FeedbackPage,
    ListPage,
    Prompt,
    Reflection,
    Shelf,
    Source,
    parts_of,
    state_words,
)

PART_SHOWN = 380
PAGE_CHARS = 1500
HEARD_SHOWN = 8

READERS: tuple[tuple[Visibility, str], ...] = (
    (Visibility.ME, N_("Only me")),
    (Visibility.MENTOR, N_("My mentor and me")),
    (Visibility.COHORT, N_("My cohort, on my profile")),
)


def readers(visibility: Visibility, name: str) -> str:
    """Say who reads feedback for somebody."""
    words = {
        Visibility.ME: _("only {name}"),
        Visibility.MENTOR: _("{name} and their mentor"),
        Visibility.COHORT: _("{name}'s cohort"),
    }
    return words[visibility].format(name=name)


def form_title(visibility: Visibility, name: str) -> str:
    """Return the title of the form for feedback: who reads it stands first."""
    return _("Read by: {who}").format(who=readers(visibility, clip(plain(name), 16)))


def fixed_readers(visibility: Visibility, name: str) -> str:
    """Return what stands below the form's first question."""
    who = readers(visibility, clip(plain(name), 24))
    return _("Read by {who}. That cannot be changed later.").format(who=who)


# --- asking


def start_card(aspect: Aspect) -> View:
    """Ask whom somebody wants feedback from."""
    return card(
        _("Whom do you want to ask?"),
        _("About: {aspect}. You see everything before it is sent.").format(
            aspect=_(ASPECTS[aspect])
        ),
        row(pick_people(_("Somebody in this server"), "feedback.whom", aspect.value)),
        row(press(_("Somebody who is not on Discord"), "feedback.outward", aspect.value)),
    )


def preview_card(page: AskPage) -> View:
    """Show exactly what is sent, to whom, and who will read the answer."""
    ask = page.ask
    name = safe(page.asked.name)
    aspects = [
        Option(_(label), one.value, default=one is ask.aspect) for one, label in ASPECTS.items()
    ]
    return card(
        _("Send this to {name}?").format(name=name),
        request_words(page),
        _("The answer is read by **{who}**. That stays so once it is sent.").format(
            who=_reader_words(ask.visibility)
        ),
        row(pick(_("What it is about"), "feedback.aspect", ask.ask_id, aspects)),
        row(
            press(_("Send"), "feedback.send", ask.ask_id, style="success"),
            press(_("Change"), "feedback.change", ask.ask_id),
            press(_("Another question"), "feedback.other", ask.ask_id),
            press(_("Throw away"), "feedback.discard", ask.ask_id),
        ),
    )


def _reader_words(visibility: Visibility) -> str:
    words = {
        Visibility.ME: _("only you"),
        Visibility.MENTOR: _("you and your mentor"),
        Visibility.COHORT: _("your cohort, on your profile"),
    }
    return words[visibility]


def request_words(page: AskPage) -> str:
    """Return a request as the person asked will read it."""
    ask, name = page.ask, safe(page.asker.name)
    return "\n".join(
        [
            _("**{name}** asks you for feedback · {aspect}").format(
                name=name, aspect=_(ABOUT[ask.aspect])
            ),
            quote(ask.occasion, 300),
            quote(ask.question, 400),
        ]
    )


def discarded_card() -> View:
    """Confirm that a request was thrown away."""
    return card("", _("Thrown away. Nothing was sent."), tone=Tone.QUIET)


def sent_card(page: AskPage) -> View:
    """Confirm that a request is on its way, and what happens next."""
    ask = page.ask
    assert ask.remind_at is not None
    assert ask.expires_at is not None
    return card(
        _("Asked"),
        _(
            "{name} finds it in a message or on their own `/me`. I remind them once, {remind}, and "
            "it runs out {over}. They may also pass without a reason."
        ).format(
            name=safe(page.asked.name),
            remind=stamp(ask.remind_at, "D"),
            over=stamp(ask.expires_at, "D"),
        ),
        row(
            press(_("Take it back"), "feedback.withdraw", ask.ask_id),
            press(_("My feedback"), "feedback.list", f"{Shelf.ASKED.value}-0"),
        ),
        tone=Tone.GOOD,
    )


def asked_card(page: AskPage) -> View:
    """Show a request to whoever made it; a declined one looks open until its time is over."""
    ask = page.ask
    until = ""
    if ask.waits and ask.expires_at:
        until = _("It runs out {when}.").format(when=stamp(ask.expires_at, "R"))
    take_back = press(_("Take it back"), "feedback.withdraw", ask.ask_id) if ask.waits else None
    return card(
        _("You asked {name}").format(name=safe(page.asked.name)),
        quote(ask.occasion, 300),
        quote(ask.question, 400),
        _("{aspect} · {state}. {until}").format(
            aspect=_(ASPECTS[ask.aspect]), state=state_words(ask), until=until
        ),
        row(take_back, press(_("Back"), "feedback.list", f"{Shelf.ASKED.value}-0")),
        row(_report(f"ask-{ask.ask_id}", page.asked)),
    )


def _report(subject: str, other: Member | None) -> Item:
    about = f"-u{other.user_id}" if other else ""
    return press(_("Report a problem"), "safety.report", f"feedback-{subject}{about}")


# --- being asked


def request_card(page: AskPage) -> View:
    """Show a request to the person who was asked, with three ways to answer it."""
    ask = page.ask
    if ask.state is AskState.ANSWERED:
        return card("", _("You have answered this one. Thank you."), tone=Tone.GOOD)
    if ask.ended_at is not None:
        return over_card(page)
    assert ask.expires_at is not None
    declined = ask.state is AskState.DECLINED
    note = _("You passed on this one; nobody was told. You can still answer.") if declined else ""
    return card(
        _("A request for feedback"),
        request_words(page),
        _("Read by {who}. No scores, only words. Open until {when}.").format(
            who=readers(ask.visibility, safe(page.asker.name)), when=stamp(ask.expires_at, "D")
        ),
        note,
        _ways(page),
        row(_report(f"ask-{ask.ask_id}", page.asker)),
    )


def _ways(page: AskPage) -> Item | None:
    number = page.ask.ask_id
    return row(
        press(_("Answer"), "feedback.answer", number, style="primary"),
        press(_("Not now"), "feedback.not_now", number),
        press(_("Decline quietly"), "feedback.decline", number),
    )


def reminder_card(page: AskPage) -> View:
    """Remind once, without pressing."""
    assert page.ask.expires_at is not None
    return card(
        _("Still open: a request for feedback"),
        request_words(page),
        _(
            "Two lines are plenty. It runs out by itself {when}; I will not remind you again."
        ).format(when=stamp(page.ask.expires_at, "D")),
        _ways(page),
    )


def later_card(page: AskPage) -> View:
    """Confirm that it may wait."""
    ask = page.ask
    if ask.ended_at is not None:
        return over_card(page)
    assert ask.remind_at is not None
    assert ask.expires_at is not None
    if ask.reminded_at is None:
        text = _("I remind you once, {when}. Nobody is told.").format(
            when=stamp(ask.remind_at, "D")
        )
    else:
        text = _("I will not remind you again. Nobody is told.")
    open_until = _("It stays on your `/me` until {when}.").format(when=stamp(ask.expires_at, "D"))
    return card(_("Later, then"), f"{text} {open_until}", _ways(page), tone=Tone.QUIET)


def declined_card(page: AskPage) -> View:
    """Confirm a quiet no."""
    return card(
        "",
        _("Passed. {name} is not told; for them it runs out by itself.").format(
            name=safe(page.asker.name)
        ),
        tone=Tone.QUIET,
    )


def over_card(page: AskPage) -> View:
    """Say kindly that a request ran out, and leave the door open."""
    return card(
        _("This request has run out"),
        _("{name} asked you about this. Nothing is left to do, and nothing is held against you.")
        .format(name=safe(page.asker.name)),
        quote(page.ask.occasion, 200),
        row(press(_("Tell them anyway"), "feedback.answer", page.ask.ask_id)),
        tone=Tone.QUIET,
    )  # fmt: skip


def ran_out_card(page: AskPage) -> View:
    """Tell whoever asked that no answer came, and what else could work."""
    return card(
        _("No answer this time"),
        _(
            "Your request to {name} has run out. That says nothing about you: people are busy. A "
            "smaller question to somebody else often works."
        ).format(name=safe(page.asked.name)),
        quote(page.ask.occasion, 200),
        row(
            press(_("Ask somebody else"), "feedback.start", page.ask.aspect.value, style="primary"),
            press(_("My feedback"), "feedback.list", f"{Shelf.ASKED.value}-0"),
        ),
        tone=Tone.QUIET,
    )


def unreachable_card(page: AskPage) -> View:
    """Tell whoever asked that the message did not arrive, with words to copy."""
    return card(
        _("My message did not reach them"),
        _("{name} may still find it on their `/me`. If you see them, here are the words:").format(
            name=safe(page.asked.name)
        ),
        copied(f"{page.ask.occasion}\n{page.ask.question}"),
    )


def copied(text: str) -> str:
    """Return a text to copy, from which nothing breaks out."""
    return "```\n" + clip(plain(text), 1000).replace("```", "'''") + "\n```"


# --- giving


def given_card(page: FeedbackPage) -> View:
    """Confirm that feedback is on its way, and who reads it."""
    assert page.receiver is not None
    name = safe(page.receiver.name)
    return card(
        _("Thank you. It is on its way"),
        _("Read by: {who}.").format(who=readers(page.feedback.visibility, name)),
        row(
            press(_("Read it again"), "feedback.read", page.feedback.feedback_id),
            press(_("What I gave"), "feedback.list", f"{Shelf.GAVE.value}-0"),
        ),
        tone=Tone.GOOD,
    )


def copy_card(name: str, text: str) -> View:
    """Hand the words back when they can only be copied."""
    return card(
        _("Words to copy"),
        _("{name} has not joined, so I send them nothing. Nothing was kept.").format(
            name=safe(name) or _("This person")
        ),
        copied(text) if len(text) <= 1000 else "```\n" + fenced(text) + "\n```",
    )


def fenced(text: str) -> str:
    """Return as much of a text as one card holds, without a way out of its block."""
    return clip(plain(text), 3500).replace("```", "'''")


def arrived_card(page: FeedbackPage) -> View:
    """Say that feedback came, without a word of it: reading is a tap of its own."""
    found = page.feedback
    name = safe(page.giver.name) if page.giver else _("somebody who left")
    asked = found.source is Source.ASKED
    text = _("{name} answered you.") if asked else _("{name} tells you something they saw.")
    return card(
        _("Feedback for you"),
        text.format(name=name),
        quote(found.occasion, 200) if found.occasion else "",
        row(press(_("Read"), "feedback.read", found.feedback_id, style="primary")),
    )


def feedback_card(page: FeedbackPage) -> View:
    """Show feedback to its receiver or its giver."""
    found = page.feedback
    parts = parts_of(found)
    long = any(len(text) > PART_SHOWN for _label, text in parts)
    number = found.feedback_id
    return card(
        _title(page),
        *(f"**{label}**\n{quote(text, PART_SHOWN)}" for label, text in parts),
        _foot(page),
        row(
            press(_("Read it all"), "feedback.whole", f"{number}-0") if long else None,
            press(_("Keep in my journal"), "feedback.keep", number) if page.may_keep else None,
            press(_("Make it a goal"), "feedback.goal", number) if page.may_make_goal else None,
            _thanks(page),
        ),
        row(
            press(_("My feedback"), "feedback.list", f"{_shelf(page).value}-0"),
            _report(str(number), page.giver if page.mine else page.receiver)
            if found.source is not Source.LOGGED
            else None,
        ),
        tone=Tone.GOOD if page.mine else Tone.PLAIN,
    )


def _thanks(page: FeedbackPage) -> Item | None:
    if not page.mine or page.giver is None:
        return None
    return press(_("Say thank you"), "kudos.begin", page.giver.user_id)


def _shelf(page: FeedbackPage) -> Shelf:
    return Shelf.GOT if page.mine else Shelf.GAVE


def _title(page: FeedbackPage) -> str:
    found = page.feedback
    if found.role is not None:
        return _("{who} said").format(who=_(ROLES[found.role]))
    if page.mine:
        name = safe(page.giver.name) if page.giver else _("somebody who left")
        return _("Feedback from {name}").format(name=name)
    name = safe(page.receiver.name) if page.receiver else _("somebody who left")
    return _("You told {name}").format(name=name)


def _foot(page: FeedbackPage) -> str:
    found = page.feedback
    if found.source is Source.LOGGED:
        who = _("only you")
    elif page.mine:
        who = _reader_words(found.visibility)
    else:
        name = safe(page.receiver.name) if page.receiver else _("somebody who left")
        who = readers(found.visibility, name)
    about = ASPECTS if page.mine else ABOUT
    return _("-# {aspect} · {when} · read by {who}").format(
        aspect=_(about[found.aspect]), when=stamp(found.at, "D"), who=who
    )


def whole_card(page: FeedbackPage, number: int) -> View:
    """Show feedback in full, a page at a time."""
    pages = _pages(page.feedback)
    number = min(max(number, 0), len(pages) - 1)
    label, text = pages[number]
    found = page.feedback.feedback_id
    return card(
        label,
        safe(text),
        row(
            press(_("Earlier"), "feedback.whole", f"{found}-{number - 1}", disabled=number == 0)
            if number
            else None,
            press(_("Go on"), "feedback.whole", f"{found}-{number + 1}")
            if number + 1 < len(pages)
            else None,
            press(_("Back"), "feedback.read", found),
        ),
    )


def _pages(found: Feedback) -> list[tuple[str, str]]:
    return [
        (label, text[start : start + PAGE_CHARS])
        for label, text in parts_of(found)
        for start in range(0, len(text), PAGE_CHARS)
    ]


def kept_card(words: str) -> View:
    """Confirm that something was made of feedback."""
    return card("", words, tone=Tone.GOOD)


def journal_card(entry_id: int) -> View:
    """Confirm that feedback stands in the journal, and lead there."""
    return card(
        "",
        _("It is in your journal."),
        row(press(_("Open it"), "journal.open", entry_id)),
        tone=Tone.GOOD,
    )


# --- looking back

TABS = {
    Shelf.GOT: N_("Got ({n})"),
    Shelf.GAVE: N_("Gave ({n})"),
    Shelf.ASKED: N_("Asked ({n})"),
    Shelf.WAITING: N_("To answer ({n})"),
    Shelf.OUTSIDE: N_("Outside ({n})"),
}


def list_card(page: ListPage) -> View:
    """Show one shelf of a member's feedback."""
    titles = {
        Shelf.GOT: _("Feedback you got"),
        Shelf.GAVE: _("Feedback you gave"),
        Shelf.ASKED: _("What you asked for"),
        Shelf.WAITING: _("What you are asked"),
        Shelf.OUTSIDE: _("People outside"),
    }
    empty = {
        Shelf.GOT: _("Nothing yet. One precise question to one person is the best beginning."),
        Shelf.GAVE: _("Nothing yet. `/feedback give` takes two minutes and is long remembered."),
        Shelf.ASKED: _("No request yet."),
        Shelf.WAITING: _("Nobody waits for an answer of yours."),
        Shelf.OUTSIDE: _("Your manager is not on Discord? `/feedback outside` has the words."),
    }
    rows = [
        item(
            f"**{safe(clip(one.title, 140))}**\n{one.detail}",
            press(_("Open"), one.action, one.subject),
        )
        for one in page.rows
    ]
    tabs = [
        press(
            _(label).format(n=page.counts[shelf]),
            "feedback.list",
            f"{shelf.value}-0",
            disabled=shelf is page.shelf,
        )
        for shelf, label in TABS.items()
    ]
    begin = press(
        _("Ask for feedback"), "feedback.start", Aspect.DELIVERABLE.value, style="primary"
    )
    return card(
        titles[page.shelf],
        "" if rows else empty[page.shelf],
        *rows,
        row(*tabs),
        row(begin, *_paging(page)),
    )


def _paging(page: ListPage) -> list[Item]:
    if page.pages == 1:
        return []
    shelf, last = page.shelf.value, page.pages - 1
    return [
        press(_("Earlier"), "feedback.page", f"{shelf}-{page.page - 1}", disabled=page.page == 0),
        press(_("Later"), "feedback.page", f"{shelf}-{page.page + 1}", disabled=page.page == last),
    ]


def reflect_card(page: Reflection) -> View:
    """Collect what somebody heard about one aspect, oldest first."""
    tabs = [
        press(
            f"{_(label)} ({page.counts[one]})",
            "feedback.reflect",
            one.value,
            disabled=one is page.aspect,
        )
        for one, label in ASPECTS.items()
    ]
    if not page.heard:
        return card(
            _("Nothing here yet"),
            _(
                "What people tell you about this comes together here over the weeks: what to keep, "
                "what to focus on. `/feedback log` adds what you hear outside Discord."
            ),
            row(*tabs),
        )
    n = len(page.heard)
    first, last = page.heard[0].feedback.at, page.heard[-1].feedback.at
    heard = ngettext("Heard {n} time, {first}.", "Heard {n} times, from {first} to {last}.", n)
    if n > 1 and f"{first:%F}" == f"{last:%F}":
        heard = _("Heard {n} times, {first}.")
    return card(
        _("What you hear: {aspect}").format(aspect=_(ASPECTS[page.aspect])),
        heard.format(n=n, first=stamp(first, "D"), last=stamp(last, "D")),
        _lines(_("Keep doing"), page, "keep"),
        _lines(_("Focus on"), page, "focus"),
        _lines(_("What they saw"), page, "saw"),
        _("**Ask yourself:** what came more than once, from people who do not know each other?"),
        row(*tabs),
        _goal_button(page),
    )


def _lines(title: str, page: Reflection, field: str) -> str:
    found = [(one, str(getattr(one.feedback, field))) for one in page.heard]
    said = [(one, text) for one, text in found if text][-HEARD_SHOWN:]
    lines = [
        f"- {stamp(one.feedback.at, 'd')} {safe(clip(' '.join(text.split()), 110))} ({_who(one)})"
        for one, text in said
    ]
    return "\n".join([f"**{title}**", *lines]) if lines else ""


def _who(page: FeedbackPage) -> str:
    if page.feedback.role is not None:
        return _(ROLES[page.feedback.role])
    return safe(page.giver.name) if page.giver else _("somebody who left")


def _goal_button(page: Reflection) -> Item | None:
    latest = [one for one in page.heard if one.feedback.focus]
    if not latest or not page.may_make_goal:
        return None
    number = latest[-1].feedback.feedback_id
    return row(press(_("Make the latest focus a goal"), "feedback.goal", number, style="primary"))


def prompt_card(prompt: Prompt) -> View:
    """Nudge somebody to ask for feedback while there is time to use it."""
    aspect = PROMPT_ASPECTS.get(prompt, Aspect.DELIVERABLE)
    return card(
        _("A good week to ask"),
        _(PROMPTS[prompt]),
        row(
            press(_("Ask somebody"), "feedback.start", aspect.value, style="primary"),
            press(_("Words for my manager"), "feedback.outward", aspect.value),
        ),
    )
