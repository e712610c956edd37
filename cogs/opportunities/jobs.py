"""The messages about openings that go out by themselves."""

from bot.clockwork.clock import Clock
from bot.delivery.letters import Letter
from bot.face.look import Rendered, clip, plain

from . import staff_views, views
from .model import PostingState
from .queue import QueueService
from .readers import ReaderService
from .service import PostingService

LONGEST_NAME = 100


class Messages:
    """Render every letter about an opening."""

    def __init__(
        self,
        service: PostingService,
        queue: QueueService,
        readers: ReaderService,
        clock: Clock,
    ) -> None:
        self._service = service
        self._queue = queue
        self._readers = readers
        self._clock = clock

    async def post(self, letter: Letter) -> Rendered | None:
        """Post an opening that stands out, unless it closed meanwhile."""
        posting = await self._service.of_letter(int(letter.subject["posting_id"]))
        if posting is None or posting.state is not PostingState.OPEN:
            return None
        name = clip(plain(posting.name), LONGEST_NAME)
        return Rendered(
            views.posting_card(posting), thread_name=name, tags=tuple(posting.forum_tags())
        )

    async def renew(self, letter: Letter) -> Rendered | None:
        """Redraw an opening where it stands."""
        posting = await self._service.of_letter(int(letter.subject["posting_id"]))
        return Rendered(views.posting_card(posting)) if posting else None

    async def word(self, letter: Letter) -> Rendered | None:
        """Say that an opening closed, or is open again."""
        posting = await self._service.of_letter(int(letter.subject["posting_id"]))
        return Rendered(views.word_card(posting)) if posting else None

    async def batch(self, letter: Letter) -> Rendered | None:
        """Post several openings as one message."""
        page = await self._service.batch_of_letter(int(letter.subject["batch_id"]))
        if page is None or not page.posted:
            return None
        return Rendered(views.batch_card(page), thread_name=views.batch_title(page))

    async def undone(self, letter: Letter) -> Rendered | None:
        """Say where several openings stood that they were taken back."""
        page = await self._service.batch_of_letter(int(letter.subject["batch_id"]))
        return Rendered(views.batch_card(page)) if page else None

    async def answer(self, letter: Letter) -> Rendered | None:
        """Tell somebody what became of their suggestion."""
        posting_id = int(letter.subject["posting_id"])
        posting = await self._queue.answer_of(posting_id, letter.member_id or 0)
        return Rendered(views.answer_card(posting), silent=False) if posting else None

    async def deadline(self, letter: Letter) -> Rendered | None:
        """Remind somebody of a deadline they saved, if it still holds."""
        subject = letter.subject
        found = await self._readers.to_remind(
            int(subject["posting_id"]), letter.member_id or 0, str(subject["deadline_on"])
        )
        if found is None:
            return None
        posting, member = found
        return Rendered(views.deadline_card(posting, member, self._clock()), silent=False)

    async def waiting(self, letter: Letter) -> Rendered | None:
        """Tell the staff that a suggestion waits."""
        return Rendered(staff_views.waiting_card())

    async def hidden(self, letter: Letter) -> Rendered | None:
        """Ask the staff whether an opening is closed."""
        posting = await self._service.of_letter(int(letter.subject["posting_id"]))
        return Rendered(staff_views.hidden_card(posting)) if posting else None

    async def verify(self, letter: Letter) -> Rendered | None:
        """Ask the staff whether openings still stand."""
        return Rendered(staff_views.verify_card(int(letter.subject["count"])))

    async def unposted(self, letter: Letter) -> Rendered | None:
        """Tell the staff that something could not be posted."""
        cohort = await self._service.cohort_of_letter(letter.cohort_id or 0)
        if cohort is None:
            return None
        posting_id = int(letter.subject["posting_id"])
        posting = await self._service.of_letter(posting_id) if posting_id else None
        return Rendered(staff_views.unposted_card(posting, cohort, str(letter.subject["why"])))


KINDS = (
    "post",
    "renew",
    "word",
    "batch",
    "undone",
    "answer",
    "deadline",
    "waiting",
    "hidden",
    "verify",
    "unposted",
)
"""The kinds of letters, each rendered by the method of its name."""
