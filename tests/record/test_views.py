"""What somebody reads beside their files."""

import pytest

from bot.record.model import Form, Made
from cogs.record.model import FILES_AT_ONCE, FORMS, HandOut
from cogs.record.views import more_card, record_card


def page(form=Form.PDF, files=1, entries=3):
    made = tuple(Made(f"stint-record-{n}.pdf", b"") for n in range(files))
    return HandOut(7, form, made, entries)


def words(view):
    return str(view.to_components())


@pytest.mark.parametrize("form", Form)
def test_every_other_form_is_one_press_away(form):
    shown = words(record_card(page(form)))
    labels = [label for each, label in FORMS.items() if each is not form]
    assert all(label in shown for label in labels)


def test_several_parts_are_told_and_go_out_ten_at_a_time():
    long = page(files=23)
    assert [len(files) for files in long.bundles] == [10, 10, 3]
    assert "comes in 23 parts" in words(record_card(long))
    assert len(list(more_card(long.bundles[1]).walk_children())) == FILES_AT_ONCE + 1


@pytest.mark.parametrize("form", [Form.PDF, Form.DOCX])
def test_a_file_that_cannot_be_made_offers_markdown_and_itself_again(form):
    shown = words(record_card(page(form, files=0)))
    assert "Markdown holds the same words" in shown
    assert FORMS[form] in shown


def test_where_markdown_cannot_be_made_either_nothing_is_promised():
    shown = words(record_card(page(Form.MARKDOWN, files=0)))
    assert "Nothing is lost" in shown
    assert "holds the same words" not in shown


def test_an_empty_record_says_how_it_begins():
    assert "Nothing stands in it yet" in words(record_card(page(entries=0)))
