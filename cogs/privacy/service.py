"""What somebody may know, take and have deleted: everything."""

import asyncio
import json
from typing import Any

from bot.clockwork.clock import Clock
from bot.delivery import schedules
from bot.errors import Refusal
from bot.face.words import N_, _, ngettext
from bot.people import memberships, users
from bot.people.caller import Caller
from bot.people.contributions import Contributions, ExportPart, HelpLine
from bot.people.forgetting import forget
from bot.people.users import User
from bot.storage import drafts, whole
from bot.storage.database import Database, Tx
from cogs.privacy.model import WORD, Bundle, Kept, bundle
from cogs.privacy.store import TraceStore


class PrivacyService:
    """Say it, hand it out, or forget it."""

    help = (
        HelpLine("/privacy show", N_("What I keep about you, and who reads what.")),
        HelpLine("/privacy export", N_("Everything of yours as a file.")),
        HelpLine("/privacy delete", N_("Delete everything of yours, at once.")),
    )

    def __init__(self, db: Database, clock: Clock, store: TraceStore, hooks: Contributions) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._hooks = hooks

    async def show(self, caller: Caller) -> Kept:
        """Return what is kept about the caller and who reads it, in plain sentences."""
        async with self._db.read() as tx:
            user = await users.get(tx, caller.user_id)
            lines: list[str] = []
            for add in self._hooks.stored:
                lines += await add(tx, caller.user_id)
            own = await self._own_lines(tx, caller.user_id, user)
        return Kept(bool(own or lines), tuple(own + lines), _readers())

    async def _own_lines(self, tx: Tx, user_id: int, user: User | None) -> list[str]:
        lines: list[str] = []
        if user:
            lines.append(
                _(
                    "Your Discord number, the name you had when you joined, your time zone "
                    "({zone}), quiet hours and language. Moderators read the name."
                ).format(zone=user.zone)
            )
        waiting = len(await drafts.of_user(tx, user_id))
        if waiting:
            text = ngettext(
                "{n} form that is not saved yet, for a week at most. Nobody else reads it.",
                "{n} forms that are not saved yet, for a week at most. Nobody else reads them.",
                waiting,
            )
            lines.append(text.format(n=waiting))
        deeds, sent = await self._store.counts(tx, user_id)
        if deeds:
            text = ngettext(
                "{n} line of what you did here and when, without any text of yours.",
                "{n} lines of what you did here and when, without any text of yours.",
                deeds,
            )
            lines.append(text.format(n=deeds))
        if sent:
            text = ngettext(
                "{n} message I sent you or am going to send, for 90 days; its text for a week.",
                "{n} messages I sent you or am going to send, for 90 days; their text for a week.",
                sent,
            )
            lines.append(text.format(n=sent))
        return lines

    async def export(self, caller: Caller) -> Bundle:
        """Return everything of the caller's as a file. Raises Refusal when there is nothing."""
        async with self._db.read() as tx:
            parts = await self._own_parts(tx, caller.user_id)
            for add in self._hooks.export:
                parts += await add(tx, caller.user_id)
        if not any(part.rows for part in parts):
            raise Refusal(_("I keep nothing about you, so there is nothing to hand out."))
        return await asyncio.to_thread(bundle, parts, self._clock())

    async def _own_parts(self, tx: Tx, user_id: int) -> list[ExportPart]:
        user = await users.get(tx, user_id)
        about: list[dict[str, Any]] = []
        if user:
            about.append(
                {
                    "user": str(user.user_id),
                    "zone": user.zone,
                    "quiet from": user.quiet_from.strftime("%H:%M"),
                    "quiet until": user.quiet_to.strftime("%H:%M"),
                    "language": user.locale,
                    "direct messages allowed": _text(user.dm_consent_at),
                    "direct messages": user.inbox.value,
                    "known since": _text(user.created_at),
                }
            )
        forms = [
            {"form": one.form, "at": _text(one.at), "answers": _answers(one.answers)}
            for one in await drafts.of_user(tx, user_id)
        ]
        return [
            ExportPart("you", _("You"), about),
            ExportPart("drafts", _("Not saved yet"), forms),
            ExportPart("activity", _("What you did"), await self._store.deeds_of(tx, user_id)),
            ExportPart("messages", _("Messages to you"), await self._store.letters_to(tx, user_id)),
        ]

    async def delete(self, caller: Caller, typed: str) -> bool:
        """Forget the caller everywhere, at once; say whether anything was known of them.

        Raises Refusal unless the word was typed.
        """
        if typed.strip().casefold() not in {WORD.casefold(), _(WORD).casefold()}:
            raise Refusal(
                _("Nothing was deleted. To delete everything, type {word}.").format(word=_(WORD))
            )
        async with self._db.write() as tx:
            for member in await memberships.of_user(tx, caller.user_id):
                await schedules.touch(tx, member.cohort_id)
            known = await forget(tx, self._hooks, caller.user_id)
        await whole.fold_log(self._db)
        return known


def _readers() -> tuple[str, ...]:
    return (
        _("**You** read everything of yours."),
        _("**Your cohort** reads what you shared with a tap that named the readers, nothing else."),
        _(
            "**Moderators** see that you joined, answered or not, paused or left. Never what you "
            "wrote."
        ),
        _(
            "**Whoever hosts me** could open the database with its key. What you wrote is sealed "
            "in it, and copies of the database come without the key."
        ),
        _("**Discord** keeps the messages that stand in it, by its own rules."),
    )


def _answers(answers: str) -> list[str]:
    return [f"{field}: {value}" for field, value in json.loads(answers).items() if value]


def _text(value: Any) -> str:
    return value.isoformat() if value else ""
