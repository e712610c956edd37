"""How questions to oneself look, and the answers that come back."""

from bot.face.dates import whole_day
from bot.face.look import Item, Option, Tone, View, card, item, quote, row, safe, stamp
from bot.face.press import pick, press, turns
from bot.face.words import _
from bot.knowledge.content import Moment, Reflection

from .model import UNDO_FOR, Answer, Answers, Shelf, Sitting

BACK_SHOWN = 350


def sitting_card(sitting: Sitting, abouts: dict[str, str]) -> View:
    """Ask three questions, with what was answered before."""
    number = sitting.member.member_id
    done = any(answer.on == sitting.today for answer in sitting.given.values())
    return card(
        _("Three questions, for you alone"),
        *(_question(sitting, question) for question in sitting.questions),
        row(
            press(
                _("Change my answers") if done else _("Answer"),
                "journal.answer",
                sitting.token,
                style="primary",
            ),
            press(_("Earlier answers"), "journal.answers", number),
        ),
        row(_about(sitting, abouts)),
    )


def _question(sitting: Sitting, question: Reflection) -> str:
    lines = [f"**{safe(question.label)}**", safe(question.ask)]
    earlier, given = sitting.earlier.get(question.id), sitting.given.get(question.id)
    if earlier and question.recall:
        lines += [f"-# {safe(question.recall)}", quote(earlier.text, BACK_SHOWN)]
    if given and given.on == sitting.today:
        lines += [_("-# Your answer of today:"), quote(given.text, BACK_SHOWN)]
    elif given:
        when = _("-# On {day} you wrote:").format(day=whole_day(given.on))
        lines += [when, quote(given.text, BACK_SHOWN)]
    return "\n".join(lines)


def _about(sitting: Sitting, abouts: dict[str, str]) -> Item:
    shown = {Moment.WEEK: "week", Moment.MONTH: "month"}.get(sitting.moment, "direction")
    options = [Option(_(label), name, default=name == shown) for name, label in abouts.items()]
    return pick(_("Think about"), "journal.about", sitting.member.member_id, options)


def answered_card(sitting: Sitting) -> View:
    """Confirm the answers, and say when they come back."""
    later = {
        Moment.BEFORE: _("They come back when you are in the middle of it."),
        Moment.DURING: _("They come back at the end."),
    }
    given = [
        f"**{safe(q.label)}**\n{quote(sitting.given[q.id].text, 600)}"
        for q in sitting.questions
        if q.id in sitting.given and sitting.given[q.id].on == sitting.today
    ]
    return card(
        _("Kept, for you alone"),
        *given,
        later.get(sitting.moment, _("They come back when the same question does.")),
        row(
            press(_("Change my answers"), "journal.answer", sitting.token),
            press(_("Earlier answers"), "journal.answers", sitting.member.member_id),
        ),
        tone=Tone.GOOD,
    )


def answers_card(page: Answers) -> View:
    """List earlier answers, newest first."""
    number = page.member.member_id
    ways = row(
        press(_("Three questions"), "journal.reflect", number, style="primary"),
        press(_("My journal"), "journal.list", Shelf(number).token),
    )
    if not page.answers:
        return card(
            _("What you thought"),
            _(
                "Nothing yet. Three questions before, in the middle and after; each time you see "
                "what you wrote the time before."
            ),
            ways,
        )
    return card(
        _("What you thought"),
        *(
            item(
                f"-# {whole_day(answer.on)} · {safe(answer.asked)}\n{quote(answer.text, 300)}",
                press(_("Open"), "journal.show_answer", answer.answer_id),
            )
            for answer in page.answers
        ),
        row(*_paging(page)),
        ways,
    )


def _paging(page: Answers) -> list[Item]:
    number, words = page.member.member_id, (_("Newer"), _("Older"))
    return turns("journal.answers", lambda at: f"{number}-{at}", page.page, page.pages, words)


def answer_card(answer: Answer) -> View:
    """Show one answer, or how to bring it back."""
    number = answer.answer_id
    back = press(_("Earlier answers"), "journal.answers", answer.member_id)
    if answer.deleted_at is not None:
        until = stamp(answer.deleted_at + UNDO_FOR, "f")
        return card(
            _("Deleted"),
            _("You can bring it back until {when}. Then it is gone for good.").format(when=until),
            row(press(_("Bring it back"), "journal.restore_answer", number, style="primary"), back),
            tone=Tone.QUIET,
        )
    return card(
        "",
        f"**{safe(answer.asked)}**",
        quote(answer.text, 2000),
        f"-# {whole_day(answer.on)}",
        row(
            press(_("Make it an entry"), "journal.keep_answer", number),
            press(_("Delete"), "journal.delete_answer", number),
            back,
        ),
    )
