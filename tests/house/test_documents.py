"""What the documents say can be tried as it stands."""

import re
from pathlib import Path

import pytest

from bot.config import ROOT
from bot.knowledge.packs import SHIPPED, Packs

DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
EXAMPLES = (
    "actions/our-first-week.yaml",
    "prompts/ours.yaml",
    "icebreakers/lasers.yaml",
    "questions/our-reviews.yaml",
    "agendas/land.yaml",
    "challenges/workshop.yaml",
    "reflections/lab.yaml",
    "competencies/lab.yaml",
    "openings/land.yaml",
    "digests/ours.yaml",
    "guides/badge-lost.md",
)


def test_the_examples_of_packs_are_packs(tmp_path: Path) -> None:
    written = (ROOT / "docs" / "packs.md").read_text("utf-8")
    blocks = re.findall(r"```\w+\n(.*?)```", written, re.DOTALL)
    for name, block in zip(EXAMPLES, blocks, strict=True):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(block, "utf-8")

    packs = Packs.load(SHIPPED, [tmp_path])

    assert not packs.problems
    assert packs.guides["badge-lost"].title == "If you lost your badge"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text("utf-8"))

    assert not [link for link in links if not (document.parent / link).exists()]


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        target
        for document in DOCUMENTS
        for target in re.findall(r"\bmake ([a-z]+)\b`", document.read_text("utf-8"))
    }

    assert named
    assert named <= targets
