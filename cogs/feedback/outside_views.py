"""The words to copy for somebody who is not on Discord, and the ladder below them."""

from bot.face.look import Item, Tone, View, card, clip, plain, row, safe, stamp
from bot.face.press import press
from bot.face.words import N_, _

from .model import ROLES, Outside, OutsidePage, OutsideState, Role, Rung
from .views import copied

TITLES = {
    Rung.FIRST: N_("Words to copy"),
    Rung.SMALLER: N_("One smaller question"),
    Rung.TEAMMATE: N_("Ask a teammate instead"),
    Rung.SELF_REVIEW: N_("A review of your own, to be corrected"),
    Rung.EVALUATION: N_("How and when are you evaluated?"),
}
WHY = {
    Rung.FIRST: N_("Three ways to ask. Take the one that fits, and change what does not."),
    Rung.SMALLER: N_(
        "No answer is mostly no time. This one can be answered in a sentence, between two meetings."
    ),
    Rung.TEAMMATE: N_(
        "Somebody who sits closer saw more of it. Teammates often have the more useful answer."
    ),
    Rung.SELF_REVIEW: N_(
        "Correcting is easier than writing. Fill in the three lines, and ask for one correction."
    ),
    Rung.EVALUATION: N_(
        "This question is about how things work, not about you, and nearly everyone answers it."
    ),
}


def outside_card(page: OutsidePage) -> View:
    """Show the words for this step, or what became of the question."""
    outside = page.outside
    if outside.state is OutsideState.ANSWERED:
        return card("", _("They answered, and you kept it. `/feedback list` shows it."))
    if outside.state is OutsideState.REFUSED:
        return _refused(outside)
    if outside.state is OutsideState.LEFT:
        return _left(outside)
    chat, mail, spoken = texts(outside, page.member.name)
    return card(
        _(TITLES[outside.rung]),
        _("They have not joined, so I ask nothing of them; here are the words.")
        if page.not_joined
        else "",
        _(WHY[outside.rung]),
        _("**Chat**\n{text}").format(text=copied(chat)),
        _("**E-mail**\n{text}").format(text=copied(mail)),
        _("**Said in your 1:1**\n{text}").format(text=copied(spoken)),
        _after(outside),
        _answers(outside),
        row(press(_("Leave it"), "feedback.leave", outside.outside_id)),
    )


def _after(outside: Outside) -> str:
    if outside.next_at is None:
        return _("Have they answered?")
    return _("I ask you {when} whether they answered.").format(when=stamp(outside.next_at, "D"))


def _answers(outside: Outside) -> Item | None:
    number = outside.outside_id
    return row(
        press(_("They answered: log it"), "feedback.heard", number, style="success"),
        press(_("No answer yet"), "feedback.no_answer", f"{number}-{outside.rung.value}"),
        press(_("They said no"), "feedback.said_no", number),
    )


def due_card(page: OutsidePage) -> View:
    """Ask whether somebody outside has answered."""
    outside = page.outside
    return card(
        _("Have they answered?"),
        _("{who}, about: {occasion}").format(
            who=_(ROLES[_asked(outside)]), occasion=safe(clip(outside.occasion, 200))
        ),
        _answers(outside),
        row(press(_("Leave it"), "feedback.leave", outside.outside_id)),
    )


def _refused(outside: Outside) -> View:
    return card(
        _("A no is an answer"),
        _(
            "Thank them all the same; it was good to ask, and it is about their time, not your "
            "work. Somebody else saw it too."
        ),
        row(
            press(_("Ask a teammate instead"), "feedback.teammate", outside.outside_id),
            press(_("Leave it"), "feedback.leave", outside.outside_id),
        ),
        tone=Tone.QUIET,
    )


def _left(outside: Outside) -> View:
    done = outside.rung is Rung.EVALUATION
    text = (
        _(
            "You asked in every way there is, and that is noticed even where nobody answers. Take "
            "what you see yourself to your mentor or a coordinator; `/feedback log` keeps it."
        )
        if done
        else _("I ask no more about this one. It stays in your list.")
    )
    return card(
        _("That was all of it") if done else "",
        text,
        row(press(_("They answered after all"), "feedback.heard", outside.outside_id)),
        tone=Tone.QUIET,
    )


def _asked(outside: Outside) -> Role:
    return Role.TEAMMATE if outside.rung is Rung.TEAMMATE else outside.role


def texts(outside: Outside, name: str) -> tuple[str, str, str]:
    """Return a chat of two lines, an e-mail, and what to say, for this step of the ladder."""
    about = clip(plain(outside.occasion), 150)
    question = clip(plain(outside.question), 250)
    if outside.rung is Rung.SMALLER:
        return _three(about, clip(plain(outside.smaller), 250), name, _("One sentence is plenty."))
    if outside.rung is Rung.TEAMMATE:
        note = _("You saw some of it from close by, so I would like to hear it from you.")
        return _three(about, question, name, note)
    if outside.rung is Rung.SELF_REVIEW:
        return _self_review(about, name)
    if outside.rung is Rung.EVALUATION:
        return _evaluation(name)
    return _three(about, question, name, _("Two lines are plenty, and blunt is fine."))


def _three(about: str, question: str, name: str, note: str) -> tuple[str, str, str]:
    chat = _("Hi! One question about this: {about}\n{question} {note}")
    mail = _(
        "Subject: One question about my work\n\nHello,\n\nthis is about: {about}\n\n{question}\n\n"
        "{note} Thank you!\n{name}"
    )
    spoken = _(
        "May I ask you for feedback on one thing? It is about this: {about}. {question} "
        "(Then wait, write it down, and say thank you.)"
    )
    words = {"about": about, "question": question, "note": note, "name": plain(name)}
    return chat.format(**words), mail.format(**words), spoken.format(**words)


def _self_review(about: str, name: str) -> tuple[str, str, str]:
    lines = _("Went well: …\nI would do differently: …\nNext I work on: …")
    chat = _("Hi! My own short review, about: {about}\n{lines}\nWhich line would you correct?")
    mail = _(
        "Subject: A short review of my own\n\nHello,\n\nI reviewed my own work, about: {about}\n\n"
        "{lines}\n\nWhich line would you correct? One word is enough. Thank you!\n{name}"
    )
    spoken = _(
        "I wrote down how I see my work on this: {about}. May I read you three lines, and you tell "
        "me which one you would correct?"
    )
    words = {"about": about, "lines": lines, "name": plain(name)}
    return chat.format(**words), mail.format(**words), spoken.format(**words)


def _evaluation(name: str) -> tuple[str, str, str]:
    chat = _(
        "Hi! How and when will my work be evaluated, and by whom?\n"
        "I would like to prepare for it well."
    )
    mail = _(
        "Subject: How and when am I evaluated?\n\nHello,\n\nhow and when will my work be "
        "evaluated, and who takes part? Is there something I should bring?\n\nThank you!\n{name}"
    )
    spoken = _("How and when will I be evaluated here, and what will you look at?")
    return chat, mail.format(name=plain(name)), spoken
