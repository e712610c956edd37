"""A log line tells what happened, and nobody's secrets."""

import io
import json
import logging

import pytest

from bot import logs

TOKEN = "sesame-open-please"


@pytest.fixture(params=["text", "json"])
def lines(request):
    """Everything logged by this test, in both styles."""
    stream = io.StringIO()
    root, before = logging.getLogger(), logging.getLogger().level
    logs.configure(request.param, hide=[TOKEN], stream=stream)
    yield lambda: stream.getvalue()
    for ours in [one for one in root.handlers if isinstance(one, logs.Lines)]:
        root.removeHandler(ours)
    root.setLevel(before)
    logging.captureWarnings(False)


@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        "MTA5NjY2MDQ0ODIxNDg3ODI4OA.GxYz12.abcdefghijklmnopqrstuvwxyz0123456789ab",
        "123456789012345678",
        "kZ3nq1y8Qb9rX2v7c5t6w4u0s1a2d3f4g5h6j7k8l9M=",
    ],
)
def test_secrets_and_ids_never_stand_in_a_line(lines, secret: str) -> None:
    logging.getLogger("bot.test").warning("seen %s", secret, extra={"also": secret})
    try:
        raise ValueError(f"broken near {secret}")
    except ValueError as error:
        logs.incident("in /goal add", error)

    assert "seen" in lines()
    assert secret not in lines()


def test_a_number_given_as_a_figure_may_stay_unless_it_is_an_id(lines) -> None:
    logging.getLogger("bot.test").info("sent", extra={"letters": 12, "user": 123456789012345678})

    assert "12" in lines()
    assert "123456789012345678" not in lines()


def test_what_people_wrote_is_taken_out_of_a_database_error(lines) -> None:
    error = RuntimeError(
        "[SQL: INSERT INTO goal]\n[parameters: ('my secret goal', 7)]\n(Background)"
    )

    logs.incident("in /goal add", error)

    assert "my secret goal" not in lines()
    assert "INSERT INTO goal" in lines()


def test_names_of_people_are_taken_out_of_what_discord_objects_print(lines) -> None:
    logging.getLogger("bot.test").info("<User id=123456789012345678 name='ada' global_name='Ada'>")

    assert "ada" not in lines().lower().replace("<hidden>", "")


def test_an_interaction_token_is_taken_out_of_an_address(lines) -> None:
    address = "https://discord.com/api/v10/webhooks/123456789012345678/aW50ZXJhY3Rpb246MTIz"
    logging.getLogger("discord.http").warning("PATCH %s failed", address)

    assert "aW50ZXJhY3Rpb246MTIz" not in lines()


def test_an_incident_is_found_by_the_number_the_person_was_told(lines) -> None:
    try:
        raise KeyError("goal")
    except KeyError as error:
        number = logs.incident("in /goal add", error)

    assert number in lines()
    assert "in /goal add" in lines()
    assert "test_logs.py" in lines()


def test_json_is_one_object_a_line() -> None:
    stream = io.StringIO()
    logs.configure("json", stream=stream)
    try:
        logging.getLogger("bot.test").info("two\nlines", extra={"letters": 3})
    finally:
        logging.getLogger().handlers = [
            one for one in logging.getLogger().handlers if not isinstance(one, logs.Lines)
        ]
        logging.captureWarnings(False)

    event = json.loads(stream.getvalue())
    assert event["event"] == "two\nlines"
    assert event["letters"] == 3
    assert event["level"] == "info"
    assert event["timestamp"].endswith("Z")
