"""The picture of many ways: nothing overlaps, nothing is lost, and words stand beside colours."""

import re
import xml.etree.ElementTree as ET
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.face.flows import HEAD, TALLEST, WIDTH, End, Flow, Way, _Drawing, flow
from bot.face.ink import png

STAGES = ("Applied", "Assessment", "Interview", "Offer")
ENDS = (End("accepted", "#2bb38a"), End("under way", "#56b4e9"), End("no reply", "#8a8f99"))

later = st.sets(st.sampled_from([1, 2, 3])).map(lambda found: (0, *sorted(found)))
ways = st.dictionaries(
    st.tuples(later, st.integers(0, len(ENDS) - 1)), st.integers(1, 300), min_size=1
).map(lambda found: [Way(stages, end, count) for (stages, end), count in found.items()])


def drawn(found):
    return Flow("Your applications", "and 4 saved", STAGES, ENDS, found, "Start here.")


def words(svg):
    return [e.text for e in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@given(ways)
@settings(max_examples=60, deadline=None)
def test_bands_never_lie_over_each_other_in_a_column_and_all_fit(found):
    drawing = _Drawing(drawn(found))
    for column in drawing._columns:
        for slots in (column.comes, column.leaves):
            assert len(slots) == len(found)
            tops = sorted(slots.values(), key=lambda slot: slot.top)
            for above, below in pairwise(tops):
                assert above.bottom <= below.top + 0.001
            assert tops[-1].bottom <= TALLEST + 1
    assert drawing._height < 700


@given(ways)
@settings(max_examples=40, deadline=None)
def test_every_end_and_stage_has_its_number_beside_it(found):
    shown = words(flow(drawn(found)))
    for number, end in enumerate(ENDS):
        count = sum(way.count for way in found if way.end == number)
        assert (end.label in shown) == bool(count)
        assert not count or str(count) in shown
    for number, stage in enumerate(STAGES):
        assert (stage in shown) == any(number in way.stages for way in found)


def test_bars_hold_their_bands_together():
    found = [Way((0,), 2, 9), Way((0, 2), 1, 3), Way((0, 1, 2), 0, 2), Way((0, 1), 2, 4)]
    drawing = _Drawing(drawn(found))
    for column in range(drawing._last):
        top, bottom = drawing._bar(column)
        through = [way for way in drawing._ways if column in way.stages]
        for slots in (drawing._columns[column].comes, drawing._columns[column].leaves):
            thick = sum(slots[way].thick for way in through)
            assert bottom - top == pytest.approx(thick)
            assert min(slots[way].top for way in through) == pytest.approx(top)


async def test_the_empty_picture_invites(tmp_path):
    svg = flow(drawn([]))
    assert "Start here." in words(svg)
    picture = Image.open(BytesIO(await png(svg)))
    assert picture.width == WIDTH
    assert picture.height > HEAD


async def test_it_becomes_a_picture(tmp_path):
    svg = flow(drawn([Way((0,), 2, 271), Way((0, 2), 1, 1)]))
    picture = Image.open(BytesIO(await png(svg)))
    assert picture.width == WIDTH


def test_names_cannot_break_out_of_the_drawing():
    svg = flow(Flow("<a&b>", "", ("<s>",), (End('"><script>', "#fff"),), [Way((0,), 0, 1)], ""))
    assert "<script>" not in svg
    assert re.search("&lt;s&gt;", svg)
    ET.fromstring(svg)
