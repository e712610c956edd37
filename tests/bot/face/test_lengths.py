"""What stands on buttons, in lists and in forms fits there in every language, uncut."""

import ast
from collections.abc import Iterator
from functools import cache
from string import Formatter

import pytest

from bot.config import ROOT
from bot.face import forms, look
from bot.face.words import _, languages, speaking

TYPED_PLACEHOLDER = 100
"""Discord's limit for what stands in an empty text field of a form."""
FIRST = {
    "press": look.LABEL_LIMIT,
    "link": look.LABEL_LIMIT,
    "Option": look.OPTION_LIMIT,
    "pick": look.PLACEHOLDER_LIMIT,
    "pick_channel": look.PLACEHOLDER_LIMIT,
    "pick_people": look.PLACEHOLDER_LIMIT,
    "pick_role": look.PLACEHOLDER_LIMIT,
    "asked": forms.LABEL_LIMIT,
    "Question": forms.LABEL_LIMIT,
}
NAMED = {
    ("asked", "description"): forms.DESCRIPTION_LIMIT,
    ("asked", "placeholder"): TYPED_PLACEHOLDER,
    ("asked", "choices"): look.OPTION_LIMIT,
    ("Question", "description"): forms.DESCRIPTION_LIMIT,
    ("Question", "placeholder"): TYPED_PLACEHOLDER,
    ("Option", "description"): look.OPTION_LIMIT,
    ("open_form", "title"): forms.TITLE_LIMIT,
}


def words_in(part: ast.expr, tables: dict[str, ast.expr]) -> Iterator[str]:
    """Every sentence for people in an expression, also in a table of its module that it names."""
    for node in ast.walk(part):
        if isinstance(node, ast.Call) and called(node) in ("_", "N_", "ngettext"):
            for each in node.args:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value
        if isinstance(node, ast.Name) and node.id in tables:
            yield from words_in(tables[node.id], {})


def called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


@cache
def limited() -> frozenset[tuple[str, int]]:
    return frozenset(found_limited())


def found_limited() -> Iterator[tuple[str, int]]:
    sources = {file: ast.parse(file.read_text()) for file in (ROOT / "cogs").rglob("*.py")}
    for file, tree in sources.items():
        known = [tree, *(sources[each] for each in [file.with_name("model.py")] if each in sources)]
        tables = {
            target.id: node.value
            for module in known
            for node in module.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and target.id.isupper()
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            parts = [(NAMED.get((called(node), k.arg or "")), k.value) for k in node.keywords]
            parts += [(FIRST.get(called(node)), part) for part in node.args[:1]]
            for limit, part in parts:
                if limit is not None:
                    yield from ((text, limit) for text in words_in(part, tables))


def length(text: str) -> int:
    return len("".join(plain for plain, *_blank in Formatter().parse(text)))


@pytest.mark.parametrize("locale", languages())
def test_nothing_has_to_be_cut(locale: str):
    found = limited()
    assert len(found) > 300
    with speaking(locale):
        too_long = {(text, _(text)) for text, most in found if length(_(text)) > most}
    assert too_long == set()
