"""Several openings at once: pasted, looked at, posted as one silent message, taken back."""

from tests.conftest import words_of

ROWS = "\n".join(
    [
        "https://a.example/1\tRobots\tIntern\tToronto\t1 Apr",
        "https://a.example/2\tPlanes\tDesign Intern\tRemote",
        "http://127.0.0.1/3\tShips\tIntern",
    ]
)


async def test_pasted_rows_are_shown_with_an_error_for_each_wrong_one(board):
    preview = await board.paste(ROWS)
    words = words_of(preview)
    assert "2 rows can be posted" in words
    assert "Robots – Intern" in words
    assert "Row 3: " in words
    assert "network address" in words
    assert "Nothing is posted yet" in words
    assert await board.posting() is None


async def test_all_of_them_are_one_silent_post_with_a_way_to_each(board):
    preview = await board.paste(ROWS)
    posted = await board.moderator.click(preview.response, label="Post all 2 silently")
    await board.tick()
    assert "2 openings posted" in words_of(posted)
    assert "Row 3" in words_of(posted)
    (post,) = board.posts()
    (message,) = post.history()
    assert post.name == "2 new openings"
    assert message.flags.suppress_notifications
    assert "Planes – Design Intern" in words_of(message)
    await board.member(board.ada)
    chosen = await board.ada.select(message, ["2"])
    assert "Design Intern" in words_of(chosen)
    saved = await board.ada.click(chosen.response, label="Save")
    assert "Saved" in words_of(saved)


async def test_they_are_taken_back_within_ten_minutes_after_a_restart_too(board):
    preview = await board.paste(ROWS)
    posted = await board.moderator.click(preview.response, label="Post all 2 silently")
    await board.tick()
    await board.restart()
    undone = await board.moderator.click(posted.response, label="Undo")
    await board.tick()
    assert "Taken back" in words_of(undone)
    assert await board.posting() is None
    (post,) = board.posts()
    assert "Taken back" in words_of(post.history()[0])


async def test_after_ten_minutes_they_stay(board):
    preview = await board.paste(ROWS)
    posted = await board.moderator.click(preview.response, label="Post all 2 silently")
    await board.travel(minutes=10)
    refused = await board.moderator.click(posted.response, label="Undo")
    assert "Ten minutes are over" in words_of(refused)
    assert (await board.posting()).active
    board.env.errors.clear()


async def test_rows_can_be_changed_before_they_are_posted(board):
    preview = await board.paste(ROWS)
    asked = await board.moderator.click(preview.response, label="Change the rows")
    assert "http://127.0.0.1/3" in str(asked.modal)
    changed = await board.moderator.submit_modal(
        asked, {"rows": ROWS.replace("http://127.0.0.1/3", "https://a.example/3")}
    )
    assert "3 rows can be posted" in words_of(changed)


async def test_rows_that_are_here_or_look_like_something_here_say_so(board):
    await board.post(link="https://a.example/1", company="Robots", title="Intern")
    preview = await board.paste(ROWS + "\nhttps://a.example/9\tRobots Inc\tInternship")
    words = words_of(preview)
    assert "is posted already" in words
    assert "looks like Robots – Intern" in words
    assert "2 rows can be posted" in words
