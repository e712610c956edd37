"""What there is to read; the packs hold it."""

from bot.errors import NotFound
from bot.face.words import _
from bot.knowledge.content import Subject
from bot.knowledge.packs import Packs

from .model import A_PAGE, Reading, Shelf


class GuideService:
    """Find guides; keep nothing about who reads what."""

    def __init__(self, packs: Packs) -> None:
        self._packs = packs

    def shelf(self, topic: Subject | None, page: int = 0) -> Shelf:
        """Return one page of the guides on a topic, by title."""
        every = self._packs.guides.values()
        topics = tuple(one for one in Subject if any(one in guide.subjects for guide in every))
        if topic is None:
            return Shelf(topics)
        about = sorted(
            (guide for guide in every if topic in guide.subjects), key=lambda guide: guide.title
        )
        pages = max(1, -(-len(about) // A_PAGE))
        page = min(max(page, 0), pages - 1)
        return Shelf(topics, topic, tuple(about[page * A_PAGE :][:A_PAGE]), page, pages)

    def read(self, subject: str) -> Reading:
        """Return a guide by its id, after which the press may stand that leads back: `id>a.b:7`.

        Raises NotFound when the packs have it no more.
        """
        guide_id, _arrow, origin = subject.partition(">")
        action, colon, about = origin.partition(":")
        back = (action, about) if colon else None
        guide = self._packs.guides.get(guide_id)
        if guide is None:
            raise NotFound(_("That guide is gone. `/help` leads to those there are."))
        return Reading(guide, next(iter(guide.subjects), None), back)
