"""Finding and following, put together; and the one letter that comes of it."""

from typing import TYPE_CHECKING

from bot.delivery.outbox import Letter
from bot.face.look import Rendered

from . import finding_views as views
from .finding import FindingService
from .finding_store import FindingStore
from .follows import KIND, FollowService

if TYPE_CHECKING:
    from bot.client import Stint

    from .store import PostingStore
    from .telling import Telling


class FollowMessages:
    """Render what followers hear."""

    def __init__(self, follows: FollowService) -> None:
        self._follows = follows

    async def news(self, letter: Letter) -> Rendered | None:
        """Tell somebody what is new, unless all of it closed meanwhile."""
        ids = [int(each) for each in letter.subject["postings"]]
        more = int(letter.subject["more"])
        found = await self._follows.for_letter(letter.member_id or 0, ids, more)
        return Rendered(views.news_card(found)) if found else None


async def add_finding(bot: "Stint", postings: "PostingStore", telling: "Telling") -> None:
    """Build finding and following from the bottom up, and hear of every posting from now on."""
    from .cog import Opportunities
    from .suggestions import SuggestionService

    store = FindingStore()
    postings.watchers.append(store.note)
    finding = FindingService(bot.db, bot.clock, store, postings)
    follows = FollowService(bot.db, bot.clock, store, postings)
    suggestions = SuggestionService(bot.db, bot.clock, postings, telling)
    bot.delivery.renderer(KIND, FollowMessages(follows).news)
    bot.delivery.on_undelivered(KIND, follows.undelivered)
    bot.sweeps.append(follows.sweep)
    bot.appointments.append(follows.next_at)
    give = bot.contributions
    give.reasons["follow"] = follows.reason
    give.today += [finding.today, follows.today]
    give.left.append(follows.stop_all)
    give.export.append(finding.export)
    give.stored.append(finding.stored)
    give.help.extend([*finding.help, *follows.help])
    await bot.add_cog(Opportunities(finding, follows, suggestions))
