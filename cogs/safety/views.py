"""How asking for help looks: first who reads it, then everything else."""

from bot.face.look import Item, Option, Tone, View, card, quote, row, safe, stamp
from bot.face.press import pick, pick_people, press
from bot.face.words import N_, _
from cogs.safety.model import Desk, Report, ReportState, Waiting, What

WANTS = {
    What.TALK: N_("Somebody would like to talk to you."),
    What.CONTENT: N_("Somebody asks you to look at something that was written."),
    What.STOP: N_("Somebody wants no contact with a person, and asks you to know."),
}


def people(user_ids: tuple[int, ...]) -> str:
    """Name users the way Discord shows them, without pinging anybody."""
    return ", ".join(f"<@{user_id}>" for user_id in user_ids)


def desk_card(page: Desk) -> View:
    """Show who would read it, before a word is written."""
    report = page.report
    number = report.report_id
    return card(
        _("Something is wrong?"),
        _readers(page),
        _("It is about <@{user}>. They will not know.").format(user=report.other_id)
        if report.other_id
        else "",
        _reader_pick(page),
        row(
            pick_people(
                _("Who is it about? It may stay empty"),
                "safety.about",
                number,
                least=0,
                chosen=[report.other_id] if report.other_id else [],
            )
        )
        if page.in_server
        else None,
        row(
            press(
                _("Talk to a coordinator…"),
                "safety.talk",
                number,
                style="primary",
                disabled=not report.readers,
            ),
            press(
                _("Report something written…"),
                "safety.content",
                number,
                disabled=not report.readers,
            ),
            press(_("No contact with them…"), "safety.stop", number, disabled=not report.other_id),
        ),
        _stopped(page),
        _("-# In danger? Call your local emergency number first. I am no emergency service."),
        tone=Tone.QUIET,
    )


def _readers(page: Desk) -> str:
    if page.report.readers:
        return _(
            "What you send goes to {people} and to nobody else: no other moderator, no mentor, no "
            "member. They see your name, so that they can answer you."
        ).format(people=people(page.report.readers))
    return _(
        "Nobody who could read it is named for {cohort}, so nothing can be sent from here. Write "
        "to a moderator you trust, or report a message to Discord itself: hold it, then *Report*. "
        "You can still stop contact with somebody; nobody has to know."
    ).format(cohort=safe(page.cohort_name))


def _reader_pick(page: Desk) -> Item | None:
    if len(page.contacts) < 2 or not page.in_server:
        return None
    return row(
        pick_people(
            _("Who may read it"),
            "safety.readers",
            page.report.report_id,
            least=0,
            most=len(page.contacts),
            chosen=page.report.readers,
        )
    )


def _stopped(page: Desk) -> Item | None:
    if not page.stopped:
        return None
    options = [Option(each.name, str(each.user_id)) for each in page.stopped]
    return row(
        pick(
            _("No contact with… (choose one to take it back)"),
            "safety.allow",
            page.report.report_id,
            options,
        )
    )


def sent_card(report: Report) -> View:
    """Confirm what was sent, and to whom."""
    return card(
        _("Sent"),
        _("To {people}, and nobody else. One of them will write to you.").format(
            people=people(report.readers)
        ),
        quote(report.text) if report.text else "",
        _("`/me` shows when somebody has read it."),
        tone=Tone.GOOD,
    )


def stop_card(page: Desk) -> View:
    """Ask once before contact is stopped."""
    number = page.report.report_id
    tell = press(
        _("Stop it, and tell the coordinators…"),
        "safety.stop_tell",
        number,
        disabled=not page.report.readers,
    )
    return card(
        _("No contact with them?"),
        _(
            "I will never again bring you and <@{user}> together, in any cohort. You will not "
            "meet, review or ask each other through me. They are not told. Nobody else is told "
            "either, unless you tell the coordinators."
        ).format(user=page.report.other_id),
        row(
            press(_("Stop contact"), "safety.stopped", number, style="danger"),
            tell,
            press(_("Back"), "safety.desk", number),
        ),
        tone=Tone.WARN,
    )


def stopped_card(page: Desk) -> View:
    """Confirm that contact is stopped."""
    number = page.report.report_id
    return card(
        _("Done"),
        _("I keep you and <@{user}> apart from now on. They are not told.").format(
            user=page.report.other_id
        ),
        _("What they can still do on Discord itself you end with *Block*, in their profile."),
        row(press(_("Back"), "safety.desk", number)),
        tone=Tone.GOOD,
    )


def arrived_card(report: Report) -> View:
    """Tell a contact that something waits, without what was written."""
    return card(
        _("You are asked for"),
        _(WANTS[report.what]),
        _("It stands behind *Read*, for you and the other contacts it was sent to."),
        row(press(_("Read"), "safety.read", report.report_id, style="primary")),
        tone=Tone.WARN,
    )


def called_card(report: Report, reader: int) -> View:
    """Call a contact in the staff channel; only they can open it."""
    return card(
        "",
        _(
            "<@{user}>, something waits for you as a named contact. My direct message did not "
            "reach you; only you and the other contacts it was sent to can open it."
        ).format(user=reader),
        row(press(_("Read"), "safety.read", report.report_id)),
        tone=Tone.WARN,
    )


def read_card(report: Report) -> View:
    """Show a report to one of its readers."""
    facts = [
        _("From {who}, {when}").format(
            who=_who(report, report.user_id), when=stamp(report.at, "f")
        ),
        _("About {who}").format(who=_who(report, report.other_id)) if report.other_id else "",
        _("From the card `{card}`").format(card=safe(report.subject)) if report.subject else "",
        _("Read by {people}").format(people=people(report.readers)),
        _("<@{user}> has it").format(user=report.taken_by) if report.taken_by else "",
    ]
    return card(
        _(WANTS[report.what]),
        "\n".join(fact for fact in facts if fact),
        quote(report.text, 3200) if report.text else _("They left the text empty."),
        row(*_next_steps(report)),
        _("-# Write to them yourself; I pass nothing on. What you read here is not for others."),
    )


def _who(report: Report, user_id: int) -> str:
    name = report.names.get(user_id)
    return f"{safe(name)} (<@{user_id}>)" if name else f"<@{user_id}>"


def _next_steps(report: Report) -> list[Item]:
    number = report.report_id
    if report.state is ReportState.SENT:
        return [press(_("I have it"), "safety.take", number, style="success")]
    if report.state is ReportState.TAKEN:
        return [press(_("It is dealt with"), "safety.close", number)]
    return []


def taken_card(report: Report) -> View:
    """Tell somebody that they have been heard, and by whom."""
    return card(
        _("You have been heard"),
        _("<@{user}> has read what you sent and will write to you.").format(user=report.taken_by),
    )


def waiting_card(page: Waiting) -> View:
    """List what waits for a contact."""
    buttons = [
        press(_("Read number {n}").format(n=report.report_id), "safety.read", report.report_id)
        for report in page.reports[:5]
    ]
    lines = "\n".join(
        f"{report.report_id}. {_(WANTS[report.what])} {stamp(report.at, 'R')}"
        for report in page.reports[:5]
    )
    nothing = _("Nothing waits for you. What others were chosen for, only they can read.")
    return card(safe(page.cohort_name), lines or nothing, row(*buttons))
