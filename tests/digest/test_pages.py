"""A digest fits Discord's limits whatever is in it, and loses nothing without saying so."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.face.look import MOST_COMPONENTS, MOST_TEXT
from bot.knowledge.content import Section
from bot.people.contributions import News
from cogs.digest.model import MOST_PAGES, NOTE_LIMIT, Page
from cogs.digest.pages import column, freeze, lay_out, note_column, thaw
from cogs.digest.views import page_card

WILD = st.text(st.characters(exclude_categories=("Cs",)), max_size=400)
SPACED = st.lists(WILD, max_size=8).map(" ".join)
NEWS = st.builds(News, st.just(Section.WINS), SPACED, st.integers(0, 99), st.integers(0, 9000))
COLUMNS = st.lists(
    st.builds(
        column,
        st.text(max_size=60),
        st.text(max_size=100),
        st.lists(NEWS, max_size=40),
        st.text(max_size=60),
    ),
    max_size=9,
)


def texts(view):
    return [part.content for part in view.walk_children() if hasattr(part, "content")]


def size(page):
    return sum(map(len, texts(page_card(page))))


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=130),
    st.text(max_size=200),
    COLUMNS,
    st.text(max_size=2000),
    st.text("x", max_size=120),
)
def test_every_message_is_within_the_limits(title, opening, columns, note, closing):
    columns = [note_column("From the moderators", note), *columns]
    pages = lay_out(title, opening, columns, closing)
    assert len(pages) <= MOST_PAGES
    for page in pages:
        view = page_card(page)
        shown = "".join(texts(view))
        assert len(shown) <= MOST_TEXT - 600, "the staff's card holds it whole, with its buttons"
        assert view.total_children_count + 2 <= MOST_COMPONENTS
        assert all(block in shown for block in page.blocks), "nothing is cut on the way"
    assert thaw(freeze(pages)) == pages


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=8), st.integers(1, 300))
def test_every_line_is_shown_or_counted(amounts, length):
    columns = [
        column(
            "Heading",
            "A lead.",
            [News(Section.WINS, "a" * length)] * min(n, 25)
            + ([News(Section.WINS, "b", more=n - 26)] if n > 25 else []),
            "<#1>",
        )
        for n in amounts
    ]
    pages = lay_out("Spring", "Hello.", columns, "Bye.")
    lines = [line for page in pages for block in page.blocks for line in block.splitlines()]
    shown = sum(line.startswith("- ") for line in lines)
    counted = sum(int(line.split()[2]) for line in lines if line.startswith("-# and "))
    assert shown + counted == sum(amounts)
    assert sum(line == "### Heading" for line in lines) == sum(n > 0 for n in amounts)


def test_a_heading_never_stands_alone_at_the_end_of_a_message():
    columns = [
        column(f"H{n}", "A lead.", [News(Section.WINS, "a " * 140)] * 9, "") for n in range(7)
    ]
    for page in lay_out("Spring", "Hello.", columns, ""):
        for block in page.blocks[1:]:
            assert not block.startswith("###") or "\n- " in block


def test_300_wins_take_a_few_lines_and_a_word_on_the_rest():
    wins = [News(Section.WINS, f"win {n}") for n in range(25)]
    wins[-1] = News(Section.WINS, "win 24", more=275)
    (page,) = lay_out("Spring", "Hello.", [column("Wins", "", wins, "<#7>")], "")
    assert page.blocks[-1].splitlines()[-1] == "-# and 288 more: <#7>"


def test_nothing_at_all_is_no_page():
    assert (
        lay_out(
            "Spring", "Hello.", [column("Wins", "A lead.", [], ""), note_column("N", " ")], "Bye."
        )
        == ()
    )


def test_a_note_loses_its_markup_and_keeps_its_lines():
    (page,) = lay_out("Spring", "", [note_column("Note", "# Big\n\n@everyone **now**\n> no")], "")
    assert page.blocks == ("### Note\n\\# Big\n@\u200beveryone \\*\\*now\\*\\*\n\\> no",)


def test_the_longest_note_fits_beside_everything_else():
    note = "\n".join(["*_~`|" * 20] * 10)[:NOTE_LIMIT]
    full = [column(f"H{n}", "lead", [News(Section.WINS, "w" * 300)] * 25, "<#1>") for n in range(8)]
    pages = lay_out("S" * 130, "o" * 200, [note_column("Note", note), *full], "c" * 120)
    assert len(pages) == MOST_PAGES
    assert all(size(page) <= MOST_TEXT - 600 for page in pages)


def test_only_the_first_message_has_the_way_on():
    first, later = page_card(Page("Spring", ("a",))), page_card(Page("", ("b",)))
    assert first.total_children_count == later.total_children_count + 3
