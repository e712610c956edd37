"""What a cohort's week tells of openings: the new ones, and those that close soon."""

from tests.conftest import words_of


async def test_the_week_names_what_opened_and_what_closes_within_seven_days(board):
    await board.post(deadline="in 30 days")
    await board.post(link="https://jobs.example.com/quill", company="Quill", deadline="in 3 days")
    await board.travel(minutes=5)

    preview = words_of(await board.moderator.slash(board.staff, "cohort digest preview"))

    opened, closes = preview.index("### New openings"), preview.index("### Closing soon")
    assert opened < preview.index("Robots Inc") < closes < preview.index("Quill")
