"""Words of the trade are explained where a guide first uses them."""

import re

import pytest

from bot.knowledge.content import Guide
from bot.knowledge.packs import Packs

GUIDES = list(Packs.load().guides.values())

TERMS = {
    r"merged?\b": r"taken? into|took|goes in|went in",
    r"stand-ups?\b": r"short (daily )?meeting",
    r"one-to-ones?\b": r"talk|half an hour|meeting with your manager",
    r"blockers?\b": r"what (blocks|holds)|in the way|stuck|stops",
    r"hand-?overs?\b": r"page|document|goes on|go on|take over|next person|whoever",
    r"mock interviews?\b": r"rehears|practice|practise|with another|friend",
    r"branch(es)?\b": r"copy",
    r"pull requests?\b": r"change",
    r"HR\b": r"people",
    r"design documents?\b": r"plan|before building",
    r"retrospectives?\b": r"look(s|ing)? back",
    r"sprints?\b": r"weeks",
    r"NDAs?\b": r"secret|confidential|not to tell",
    r"KPIs?\b|OKRs?\b": r"number|measure",
    r"stakeholders?\b": r"people who",
    r"deliverables?\b": r"hand (in|over)|finished",
    r"referrals?\b": r"recommend|pass(es|ed)? (it|you) on",
    r"ATS\b": r"program|software|sort",
    r"onboarding\b": r"first (days|weeks)",
    r"STAR\b": r"situation",
    r"elevator pitch\b": r"minute",
    r"whiteboard interviews?\b": r"write|draw",
    r"repositor(y|ies)\b": r"code|folder",
    r"refactor\w*\b": r"tidy|clean|without changing",
    r"deploy\w*\b": r"put|bring|running",
}
"""What a newcomer may never have heard, and words of which one says what it is."""

AROUND = 140


def unexplained(guide: Guide) -> list[str]:
    """The terms that a guide uses without saying nearby, in its title or summary what they are."""
    text = " ".join(guide.body.split())
    lead = f"{guide.title} {guide.summary}"
    found: list[str] = []
    for term, explained in TERMS.items():
        used = re.search(rf"\b(?:{term})", text, 0 if term.isupper() else re.IGNORECASE)
        if used is None:
            continue
        near = text[max(0, used.start() - AROUND) : used.end() + AROUND]
        if not re.search(explained, f"{lead} {near}", re.IGNORECASE):
            found.append(f"{used.group()}: …{near}…")
    return found


@pytest.mark.parametrize("guide", GUIDES, ids=lambda one: one.id)
def test_a_guide_explains_the_words_of_the_trade(guide: Guide):
    assert unexplained(guide) == []


def test_a_term_without_a_word_about_it_is_noticed():
    guide = GUIDES[0].model_copy(
        update={"title": "T", "summary": "S", "body": "Go to the stand-up."}
    )
    better = guide.model_copy(update={"body": "Go to the stand-up, a short daily meeting."})

    assert unexplained(guide)
    assert not unexplained(better)
