"""How a shelf and a guide look."""

from bot.face.look import Item, Option, View, card, item, row, safe
from bot.face.press import pick, press
from bot.face.words import N_, _
from bot.knowledge.content import Guide, Subject

from .model import Reading, Shelf

TOPICS = {
    Subject.EXPERIENCE: N_("Making the internship count"),
    Subject.NETWORK: N_("Getting to know people"),
    Subject.SKILLS: N_("Skills"),
    Subject.CULTURE: N_("How things work at work"),
    Subject.DIRECTION: N_("Finding a direction"),
    Subject.STUDIES: N_("Studies"),
    Subject.PORTFOLIO: N_("Projects and portfolio"),
    Subject.RESUME: N_("Résumé and cover letter"),
    Subject.FINDING: N_("Finding openings"),
    Subject.INTERVIEWS: N_("Interviews"),
    Subject.GOALS: N_("Goals"),
    Subject.INITIATIVE: N_("Showing initiative"),
    Subject.FEEDBACK: N_("Feedback"),
    Subject.ACROSS_TEAMS: N_("People in other teams"),
    Subject.RECORD: N_("Keeping a record"),
    Subject.COMPETITION: N_("Many applicants, few places"),
    Subject.UNCERTAINTY: N_("Not knowing what comes"),
    Subject.LONG_TERM: N_("After the internship"),
    Subject.WEEKLY: N_("Week by week"),
}


def shelf_card(shelf: Shelf) -> View:
    """Show the guides on a topic, and the other topics."""
    if shelf.topic is None:
        title, lead = _("Guides"), _("Each takes two minutes to read. What is it about?")
    else:
        title, lead = _(TOPICS[shelf.topic]), ""
    return card(
        title,
        lead,
        *(
            item(
                f"**{safe(guide.title)}**\n-# {safe(guide.summary)}",
                press(_("Read"), "guides.read", guide.id),
            )
            for guide in shelf.guides
        ),
        row(*_turns(shelf)) if shelf.pages > 1 else "",
        row(_topics(shelf)),
    )


def _turns(shelf: Shelf) -> list[Item]:
    before, after = shelf.page - 1, shelf.page + 1
    where = _("Page {page} of {pages}").format(page=shelf.page + 1, pages=shelf.pages)
    return [
        press(_("Back"), "guides.turn", f"{shelf.topic}.{before}", disabled=before < 0),
        press(where, "guides.here", disabled=True),
        press(_("More"), "guides.turn", f"{shelf.topic}.{after}", disabled=after >= shelf.pages),
    ]


def _topics(shelf: Shelf) -> Item:
    options = [
        Option(_(TOPICS[topic]), topic.value, default=topic is shelf.topic)
        for topic in shelf.topics
    ]
    return pick(_("Choose a topic"), "guides.topic", "", options)


def guide_card(reading: Reading) -> View:
    """Show a guide to read in two minutes, with what it rests on."""
    return card(
        safe(reading.guide.title),
        reading.guide.body,
        "-# " + _("Sources: {sources}").format(sources=_sources(reading.guide)),
        row(
            press(_("Back"), *reading.back) if reading.back else None,
            press(_("More guides"), "guides.shelf", reading.topic or ""),
        ),
    )


def _sources(guide: Guide) -> str:
    return " · ".join(f"[{safe(one.name)}]({one.url})" for one in guide.sources)
