"""How somebody's words about themselves look, to nobody but them."""

from collections.abc import Iterator

from bot.face.ink import Chart
from bot.face.look import (
    CUSTOM_ID_LIMIT,
    Block,
    Item,
    Option,
    Tone,
    View,
    card,
    clip,
    item,
    picture,
    quote,
    row,
    safe,
)
from bot.face.press import pick, press, turns
from bot.face.words import N_, _, ngettext
from bot.knowledge.content import Competency

from .model import MOMENTS, CompetencyPage, Moment, Overview, Told
from .picture import path, words

PICTURE = "side-by-side.png"
LONGEST_WAY = CUSTOM_ID_LIMIT - len("guides.read:")
AT: dict[Moment, str] = {
    Moment.START: N_("At the start"),
    Moment.MIDDLE: N_("In the middle"),
    Moment.END: N_("At the end"),
}


def subject_of(member_id: int, moment: Moment, competency: str) -> str:
    """Return what a press on one competency at one moment carries."""
    return f"{member_id}.{moment.value}.{competency}"


def overview_card(page: Overview) -> View:
    """Show every competency with what was said at each moment, and where to go on."""
    return card(
        _("What you can do, in your own words"),
        _lead(page),
        *(_line(page, one, told) for one, told in page.rows),
        row(*_ways_on(page)),
        row(*_turns(page)),
    )


def _lead(page: Overview) -> str:
    if page.is_untouched and not page.said:
        return _(
            "Eight things that work asks of everybody. Say how each goes at the start, in the "
            "middle and at the end, and watch it change. No points, no marks, and nobody else "
            "reads it. Start with one; the rest can wait."
        )
    if page.next_id is None:
        return _("You have said something about all of them. Come back when things have moved.")
    so_far = ngettext(
        "You have said something about 1.", "You have said something about {n}.", page.said
    )
    if not page.said:
        now = _("{moment}, you can say anew how it goes with each of them.")
        return now.format(moment=_(AT[page.moment]))
    now = _("{moment}, you can say how it goes with {n} more.").format(
        moment=_(AT[page.moment]), n=page.all - page.said
    )
    return f"{so_far.format(n=page.said)} {now}"


def _line(page: Overview, one: Competency, told: Told) -> Block:
    said = path(told) if told else one.means
    subject = subject_of(page.member_id, page.moment, one.id)
    return item(
        f"**{safe(one.name)}**\n-# {safe(clip(said, 200))}",
        press(_("Open"), "competencies.open", subject),
    )


def _ways_on(page: Overview) -> Iterator[Item]:
    if page.next_id is not None:
        label = _("Go on") if page.said else _("Start")
        yield press(label, "competencies.next", page.member_id, style="primary")
    if not page.is_untouched:
        yield press(_("Side by side"), "competencies.picture", f"{page.member_id}.{page.page}")


def _turns(page: Overview) -> list[Item]:
    def of(number: int) -> str:
        return f"{page.member_id}.{number}"

    return turns("competencies.list", of, page.page, page.pages, (_("Back"), _("More")))


def picture_card(page: Overview, chart: Chart) -> View:
    """Show the three moments beside each other, as a picture and in words."""
    return card(
        "",
        picture(PICTURE, chart.alt),
        safe(words(page)),
        row(press(_("All of them"), "competencies.list", f"{page.member_id}.{page.page}")),
    )


def competency_card(page: CompetencyPage) -> View:
    """Show one competency: what it means, what was said before, what to say now."""
    one = page.competency
    return card(
        safe(one.name),
        f"{safe(one.means)}\n**{safe(one.ask)}**",
        _("-# {moment} it can look like this: {looks}").format(
            moment=_(AT[page.moment]), looks=safe(page.looks)
        ),
        *_told(page),
        _changed(page),
        _goal(page),
        row(_answers(page)),
        row(_moments(page)),
        row(*_buttons(page)),
        _("-# Only you read this."),
        tone=Tone.GOOD if page.is_new_goal else Tone.PLAIN,
    )


def _told(page: CompetencyPage) -> Iterator[str]:
    for moment in Moment:
        if moment in page.told:
            said = page.told[moment]
            heading = f"**{_(MOMENTS[moment])}**"
            lines = [f"{heading}: {safe(said.answer)}" if said.answer else heading]
            yield "\n".join([*lines, quote(said.words)] if said.words else lines)


def _changed(page: CompetencyPage) -> str:
    """Say what changed since the moment before, without calling it good or bad."""
    said = [page.told[moment] for moment in Moment if moment in page.told]
    answers = [one for one in said if one.answer]
    for before, after in zip(answers[::-1][1:], answers[::-1], strict=False):
        if before.answer != after.answer:
            return _("What changed: *{before}* became *{after}*.").format(
                before=safe(before.answer), after=safe(after.answer)
            )
        break
    return ""


def _goal(page: CompetencyPage) -> str:
    if page.is_new_goal:
        return _("It is a goal now. `/goal list` shows it; change its words as you like.")
    return _("You made it a goal. `/goal list` shows it.") if page.goal_id is not None else ""


def _answers(page: CompetencyPage) -> Item:
    said = page.told.get(page.moment)
    options = [
        Option(_(answer), str(n), default=said is not None and said.answer == answer)
        for n, answer in enumerate(page.answers)
    ]
    return pick(_("How does it go?"), "competencies.choose", _subject(page), options)


def _moments(page: CompetencyPage) -> Item:
    options = [
        Option(_(AT[moment]), moment.value, default=moment is page.moment) for moment in Moment
    ]
    subject = f"{page.member_id}.{page.competency.id}"
    return pick(_("Which moment?"), "competencies.moment", subject, options)


def _buttons(page: CompetencyPage) -> Iterator[Item]:
    subject = _subject(page)
    yield press(_("In my own words"), "competencies.write", subject, style="primary")
    if page.may_make_goal and page.goal_id is None:
        yield press(_("Make it a goal"), "competencies.goal", subject)
    if page.competency.guide is not None:
        yield press(_("Read about it"), "guides.read", _guide(page.competency.guide, page))
    if page.next_id is not None:
        on = subject_of(page.member_id, page.moment, page.next_id)
        yield press(_("Next"), "competencies.open", on)
    yield press(_("All of them"), "competencies.list", f"{page.member_id}")


def _guide(guide: str, page: CompetencyPage) -> str:
    """Return what a press on a guide carries, so that it leads back here or, if long, to all."""
    here = f"{guide}>competencies.open:{_subject(page)}"
    every = f"{guide}>competencies.list:{page.member_id}"
    return here if len(here) <= LONGEST_WAY else every


def _subject(page: CompetencyPage) -> str:
    return subject_of(page.member_id, page.moment, page.competency.id)
