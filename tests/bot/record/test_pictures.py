"""Pages of a record as pictures; with STINT_PICTURES=1 they go into the documents."""

import os

from bot.config import ROOT
from bot.record.brag import composed
from bot.record.typesetting import drawn
from tests.bot.record.material import MADE_ON, record

SHOWN = {"first": 0, "work": 1, "said": 4, "lines": 5, "stories": 6}
BEGINS = b"\x89PNG"


def test_every_page_can_be_drawn():
    pages = drawn(composed(record()), MADE_ON)
    assert len(pages) > max(SHOWN.values())
    assert all(page.startswith(BEGINS) for page in pages)
    (empty,) = drawn(composed(record(())), MADE_ON)
    if os.environ.get("STINT_PICTURES") != "1":
        return
    for name, number in SHOWN.items():
        (ROOT / "docs" / "pictures" / f"record-{name}.png").write_bytes(pages[number])
    (ROOT / "docs" / "pictures" / "record-empty.png").write_bytes(empty)
