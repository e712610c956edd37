"""Who may do what with a posting: a moderator of its server, a member of one of its cohorts."""

from bot.errors import NotFound, Refusal
from bot.face.words import _
from bot.people import cohorts, memberships
from bot.people.caller import Caller
from bot.people.cohorts import Cohort
from bot.people.memberships import Member, MemberState
from bot.storage.database import Tx

from .model import Posting
from .store import PostingStore

HERE = (MemberState.JOINED, MemberState.PAUSED)


def gone() -> NotFound:
    """Return what is said of a posting that is not there, or in another server."""
    return NotFound(_("That opening is not here any more. `/opportunity list` shows what is."))


async def moderating(tx: Tx, caller: Caller, posting: Posting | None = None) -> Cohort:
    """Return the cohort for which a moderator acts, preferably the posting's own.

    Raises NotAllowed for everybody else, whatever they press.
    """
    here = await cohorts.of_guild(tx, caller.guild_id) if caller.guild_id else []
    mine = [cohort for cohort in here if cohort.moderated_by(caller)]
    if not mine or caller.cohort:
        return await cohorts.managed_by(tx, caller)
    own = [c for c in mine if posting is not None and c.cohort_id == posting.cohort_id]
    return next(iter([*own, *(c for c in mine if c.runs), *mine]))


async def moderated(
    tx: Tx, store: PostingStore, caller: Caller, posting_id: int
) -> tuple[Posting, Cohort]:
    """Return a posting of the server this person moderates."""
    posting = await store.get(tx, posting_id)
    cohort = await moderating(tx, caller, posting)
    if posting is None or posting.guild_id != cohort.guild_id:
        raise gone()
    return posting, cohort


async def taking_part(tx: Tx, caller: Caller, posting: Posting) -> Member:
    """Return the membership with which somebody presses on a posting of their server.

    Raises Refusal for those who have not joined there.
    """
    mine = [
        member
        for member in await memberships.of_user(tx, caller.user_id)
        if member.guild_id == posting.guild_id and member.state in HERE
    ]
    if not mine:
        raise Refusal(
            _("You have not joined a cohort here yet. Press *Join* on the card in your server.")
        )
    own = [member for member in mine if member.cohort_id == posting.cohort_id]
    return (own or mine)[0]
