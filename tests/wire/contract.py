"""Does what the bot sends fit Discord's own description of its API?

`check(method, path, body)` takes any recorded request, from the wire server or from a simulated
Discord, and says in plain lines what does not fit; an empty list is good. The description is the
OpenAPI document named by the environment variable DISCORD_OPENAPI; without it nothing is checked
(`available()` is false) and tests that need it are skipped.

Discord's unions name their branch by an integer `type`, so the branch is chosen by it instead of
trying all of them: mistakes are then told about the right branch, and a big card takes a
millisecond or two. Ids may be numbers as well as texts: the document says texts only, Discord
takes both, and discord.py sends both.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators
from jsonschema.protocols import Validator

MISSING = "DISCORD_OPENAPI does not name Discord's OpenAPI document"
JSON, FORM = "application/json", "multipart/form-data"
MOST_CHARACTERS = 8000
A_DAY = re.compile(r"(?<!like )\b20\d{2}-\d{2}-\d{2}\b")
ANYTHING: dict[str, object] = {}

Json = Any


def available() -> bool:
    """Whether there is a document to check against."""
    return Path(os.environ.get("DISCORD_OPENAPI") or "missing").is_file()


def check(method: str, path: str, body: Json) -> list[str]:
    """What Discord would object to in this request; nothing when it fits."""
    if not available() or method.upper() == "GET":
        return []
    where = re.sub(r"^(https?://[^/]+)?(/api)?(/v\d+)?", "", path.split("?")[0])
    line = f"{method.upper()} {where}"
    template = _template(where)
    if template is None:
        return [f"{line}: Discord has no such path"]
    operation = _paths()[template].get(method.lower())
    if operation is None:
        return [f"{line}: Discord takes no {method} there"]
    validator = _validator(template, method.lower())
    if validator is None:
        return [f"{line}: Discord takes no body there"] if body else []
    if body is None:
        required = operation["requestBody"].get("required", False)
        return [f"{line}: a body is missing"] if required else []
    return [f"{line}: {told}" for told in _verdict(template, method.lower(), _written(body))]


def _written(body: Json) -> str:
    """The body as it goes over the wire."""
    return json.dumps(body, ensure_ascii=False)


@lru_cache(maxsize=1000)
def _verdict(template: str, method: str, written: str) -> list[str]:
    """What is wrong with a body; the same one, all commands above all, is sent again and again."""
    errors = _validator(template, method).iter_errors(_with_bits(json.loads(written)))
    return sorted(set(_told(errors)))


def _with_bits(body: Json) -> Json:
    """Permission bits may come as a decimal text, which is how Discord itself writes them."""
    if not isinstance(body, dict) or not {"allow", "deny"} & body.keys():
        return body
    return {
        key: int(value) if key in ("allow", "deny") and str(value).isdecimal() else value
        for key, value in body.items()
    }


def misfits(requests: Iterable[Any]) -> list[str]:
    """What Discord would object to in all these: anything with a method, a path and a json."""
    found: set[str] = set()
    for each in requests:
        found.update(check(each.method, each.path, each.json))
        found.update(f"{each.path}: {name} stands twice on one card" for name in doubled(each.json))
    return sorted(found)


def computer_dates(requests: Iterable[Any]) -> list[str]:
    """Days that a person reads as 2026-03-02, except where we say how to type one."""
    texts = (text for each in requests for text in _texts(each.json, "content"))
    return sorted({text for text in texts if A_DAY.search(text)})


def doubled(body: Json) -> list[str]:
    """The custom ids that two parts of one message share; Discord refuses it, its document not."""
    names = Counter(_texts(body, "custom_id"))
    return sorted(name for name, times in names.items() if times > 1)


def _texts(part: Json, name: str) -> Iterator[str]:
    """Every text of that name, however deep."""
    if isinstance(part, dict):
        for key, inner in part.items():
            if key == name and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner, name)
    elif isinstance(part, list):
        for inner in part:
            yield from _texts(inner, name)


def characters(command: Json) -> int:
    """A command's size as Discord counts it against its 8,000 characters."""
    texts = [_longest(command, "name"), _longest(command, "description")]
    size = sum(map(len, texts))
    for choice in command.get("choices") or []:
        size += len(_longest(choice, "name")) + len(str(choice["value"]))
    return size + sum(characters(option) for option in command.get("options") or [])


def _longest(thing: Json, field: str) -> str:
    localized = (thing.get(f"{field}_localizations") or {}).values()
    return max([thing.get(field) or "", *localized], key=len)


# -- finding the schema ------------------------------------------------------------------------


@cache
def _document() -> Json:
    return json.loads(Path(os.environ["DISCORD_OPENAPI"]).read_text(encoding="utf-8"))


def _paths() -> dict[str, Json]:
    return _document()["paths"]


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    """Every path, those with the fewest placeholders first: `@original` is not a message id."""
    ordered = sorted(_paths(), key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path) for path in ordered]


@cache
def _template(path: str) -> str | None:
    return next((template for shape, template in _templates() if shape.match(path)), None)


@cache
def _validator(template: str, method: str) -> Validator | None:
    content = _paths()[template][method].get("requestBody", {}).get("content", {})
    media = content.get(JSON) or content.get(FORM)
    return _Discord(media["schema"]) if media else None


# -- a validator that knows Discord's habits ---------------------------------------------------


def _schema(reference: str) -> Json:
    return _document()["components"]["schemas"][reference.rsplit("/", 1)[-1]]


def _resolved(schema: Json) -> Json:
    return _schema(schema["$ref"]) if "$ref" in schema else schema


@cache
def _kinds(name: str) -> frozenset[Json]:
    told = _schema(name).get("properties", {}).get("type", {})
    told = _resolved(told)
    return frozenset(told["enum"] if "enum" in told else [told["const"]] if "const" in told else ())


def _follow(validator: Any, reference: str, instance: Json, _: Json) -> Iterator[ValidationError]:
    if reference.endswith("/SnowflakeType") and type(instance) is int and instance >= 0:
        return
    yield from validator.descend(instance, _schema(reference))


def _branch(
    validator: Any, branches: list[Json], instance: Json, schema: Json
) -> Iterator[ValidationError]:
    """oneOf and anyOf: by `type` where the branches tell themselves apart by it."""
    chosen = _chosen(branches, instance)
    if not chosen:
        told = f"type {instance['type']!r}" if isinstance(instance, dict) else repr(instance)
        yield ValidationError(f"{told} is not allowed here")
    elif chosen != [ANYTHING]:
        attempts = [list(validator.descend(instance, each)) for each in chosen]
        if all(attempts):
            yield from min(attempts, key=len)


def _chosen(branches: list[Json], instance: Json) -> list[Json]:
    """The branches worth a try; the cheap questions are answered here."""
    if instance is None:
        return [ANYTHING] if {"type": "null"} in branches else branches
    if all("const" in each for each in branches):
        return [ANYTHING] if any(each["const"] == instance for each in branches) else []
    chosen = [each for each in branches if each.get("type") != "null"]
    if isinstance(instance, dict) and "type" in instance:
        return [each for each in chosen if _may_be(each, instance["type"])]
    return chosen


def _may_be(branch: Json, kind: Json) -> bool:
    if "$ref" not in branch:
        return True
    kinds = _kinds(branch["$ref"].rsplit("/", 1)[-1])
    return not kinds or kind in kinds


_Discord: Any = validators.extend(
    Draft202012Validator, {"$ref": _follow, "oneOf": _branch, "anyOf": _branch}
)


def _told(errors: Iterator[ValidationError]) -> Iterator[str]:
    for error in errors:
        message = error.message if len(error.message) < 200 else error.message[:200] + "…"
        yield f"{error.json_path.removeprefix('$').lstrip('.') or 'body'}: {message}"
