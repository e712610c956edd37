"""The contract check finds what Discord would refuse, and leaves good requests alone."""

from typing import NamedTuple

import pytest

from tests.wire import contract
from tests.wire.payloads import Payload

needs_document = pytest.mark.skipif(not contract.available(), reason=contract.MISSING)


class Request(NamedTuple):
    method: str
    path: str
    json: Payload


BUTTON = {"type": 2, "style": 1, "label": "Done", "custom_id": "goals.done:42"}


def card(*blocks: Payload) -> Payload:
    return {"flags": 1 << 15, "components": [{"type": 17, "components": list(blocks)}]}


def form(label: str) -> Payload:
    field = {"type": 18, "label": label, "component": {"type": 4, "custom_id": "title", "style": 1}}
    return {"type": 9, "data": {"custom_id": "goals.add", "title": "New", "components": [field]}}


@needs_document
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/channels/1/messages", {"content": "Hello", "nonce": "a" * 25}),
        ("POST", "https://discord.com/api/v10/channels/1/messages", {"content": "Hello"}),
        ("POST", "/channels/1/messages", card({"type": 1, "components": [BUTTON]})),
        ("PATCH", "/webhooks/1/token/messages/@original?wait=true", {"content": "Hello"}),
        ("POST", "/interactions/1/token/callback", form("Title")),
        ("POST", "/interactions/1/token/callback", {"type": 6}),
        ("POST", "/users/@me/channels", {"recipient_id": 5}),
        ("POST", "/channels/1/typing", None),
        ("PUT", "/applications/1/commands", [{"name": "me", "description": "You", "type": 1}]),
    ],
)
def test_good_requests_fit(method: str, path: str, body: object) -> None:
    assert contract.check(method, path, body) == []


@needs_document
@pytest.mark.parametrize(
    ("method", "path", "body", "objection"),
    [
        ("POST", "/channels/1/messages", {"nonce": "a" * 26}, "nonce"),
        ("POST", "/channels/1/messages", {"content": "a" * 4001}, "content"),
        ("POST", "/channels/1/messages", card(BUTTON), "type 2 is not allowed here"),
        ("POST", "/channels/1/messages", card({"type": 10}), "'content' is a required property"),
        ("POST", "/interactions/1/token/callback", form("a" * 46), "data.components[0].label"),
        ("POST", "/interactions/1/token/callback", {"type": 99}, "type 99 is not allowed here"),
        (
            "POST",
            "/users/@me/channels",
            {"recipient_id": "Ada"},
            "recipient_id: 'Ada' does not match",
        ),
        ("POST", "/channels/1/messages", None, "a body is missing"),
        ("POST", "/nowhere/1", {}, "no such path"),
        ("DELETE", "/gateway", None, "takes no DELETE"),
    ],
)
def test_what_discord_refuses_is_named(
    method: str, path: str, body: object, objection: str
) -> None:
    assert objection in "\n".join(contract.check(method, path, body))


@needs_document
def test_a_body_that_was_seen_before_is_judged_the_same_and_one_like_it_by_itself() -> None:
    good, wrong = ({"type": 6, "data": {"flags": value}} for value in (1, "1"))
    path = "/interactions/1/token/callback"

    first, second = ([contract.check("POST", path, one) for one in (good, wrong)] for _ in range(2))

    assert first == second
    assert [bool(told) for told in first] == [False, True]


def test_two_buttons_of_one_name_are_named_without_the_document_too() -> None:
    request = Request("POST", "/channels/1/messages", card({"type": 1, "components": [BUTTON] * 2}))
    (objection,) = [line for line in contract.misfits([request]) if "twice" in line]
    assert "goals.done:42" in objection


def test_a_command_is_counted_with_its_longest_translation() -> None:
    choice = {"name": "one", "value": "1"}
    option = {"name": "which", "description": "Which one", "choices": [choice]}
    command = {
        "name": "go",
        "description": "Go",
        "description_localizations": {"de": "Losgehen"},
        "options": [option],
    }

    assert contract.characters(command) == len("go" + "Losgehen" + "which" + "Which one" + "one1")
