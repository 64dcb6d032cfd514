"""What is wrong with a text of settings, from what pydantic found: place, key, range, and the nearest key."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from tradeworthy.core.errors import Problem
from tradeworthy.settings.lines import key_lines, line_of
from tradeworthy.settings.tree import KINDS

_RANGES = {
    "minimum": "{} or more",
    "exclusiveMinimum": "above {}",
    "maximum": "{} or less",
    "exclusiveMaximum": "below {}",
}
_NUMBERS = frozenset({"greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number"})


def problems_of(
    error: ValidationError, model: type[BaseModel], text: str, where: str, origin: Mapping[tuple[str, ...], str]
) -> tuple[Problem, ...]:
    """Every problem of a text that was to be a `model`, by line, those without one last.

    where: what the text is called. origin: the environment's variables, by the key that each of them set.
    """
    lines = key_lines(text)
    last = len(text) + 1
    found = sorted(map(dict, error.errors(include_url=False)), key=lambda one: line_of(_path(one), lines) or last)
    return tuple(_problem(one, model, where, lines, dict(origin)) for one in found)


def _problem(
    error: dict[str, Any],
    model: type[BaseModel],
    where: str,
    lines: dict[tuple[str, ...], int],
    origin: dict[tuple[str, ...], str],
) -> Problem:
    path = _path(error)
    line = line_of(path, lines)
    place = where + (f", line {line}" if line else "")
    if variable := next((name for key, name in origin.items() if key == path[: len(key)]), None):
        place = f"environment variable {variable}"
    elif beside := [name for key, name in origin.items() if _concerns(key, path, error["type"])]:
        place = f"{place}, with environment variable {' and '.join(beside)}"
    near = get_close_matches(path[-1], _siblings(model, path), 1) if path else []
    return Problem(place, ".".join(path), _sentence(error, _allowed(model, path), near))


def _path(error: Mapping[str, Any]) -> tuple[str, ...]:
    """The key; of a table that is wrong as a whole, the one that its rule blames. Of which kind a strategy is, is no key."""
    blamed = getattr(error.get("ctx", {}).get("error"), "key", "")
    where = [str(part) for part in error["loc"]]
    if where[:1] == ["strategies"] and len(where) > 2 and where[2] in KINDS:
        del where[2]
    return (*where, *([blamed] if blamed else []))


def _node(model: type[BaseModel], path: tuple[str, ...]) -> dict[str, Any]:
    """What the model's JSON Schema says of a key; of one that may be left out, what it says of one that is not."""
    whole = model.model_json_schema()
    node: dict[str, Any] = whole
    for part in path:
        node = node.get("properties", {}).get(part) or node.get("additionalProperties") or {}
        node = node if isinstance(node, dict) else {}
        node = next((one for one in node.get("anyOf", []) if one.get("type") != "null"), node)
        node = next(iter(node.get("oneOf", [])), node)
        node = whole["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
    return node


def _allowed(model: type[BaseModel], path: tuple[str, ...]) -> str:
    """`; allowed is 1 or more and 120 or less` for a number."""
    node = _node(model, path)
    if "minimum" in node and node.get("minimum") == node.get("maximum"):
        return f"; allowed is {node['minimum']:g}"
    limits = [words.format(f"{node[key]:g}") for key, words in _RANGES.items() if key in node]
    return f"; allowed is {' and '.join(limits)}" if limits else ""


def _concerns(key: tuple[str, ...], path: tuple[str, ...], kind: str) -> bool:
    """Whether what the environment set has a part in a problem elsewhere: inside the key, or weighed against it."""
    return key[: len(path)] == path or (kind == "value_error" and key[:-1] == path[:-1])


def _siblings(model: type[BaseModel], path: tuple[str, ...]) -> list[str]:
    """The keys that could stand where the last one of `path` does."""
    return list(_node(model, path[:-1]).get("properties", {}))


def _unknown(key: str, near: list[str]) -> str:
    if key in near:
        return "is no key of a table of this kind; remove it"
    return "unknown key; " + (f"did you mean {near[0]}?" if near else "remove it or mend its spelling")


def _sentence(error: dict[str, Any], allowed: str, near: list[str]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    given = repr(error.get("input"))
    given = given if len(given) <= 80 else given[:77] + "..."
    if kind == "extra_forbidden":
        return _unknown(str(error["loc"][-1]), near)
    if kind == "missing":
        return "is missing and has no default"
    if kind == "too_short":
        return "needs at least one entry"
    if kind == "value_error":
        return str(context["error"])
    if kind in _NUMBERS:
        return f"{given} is out of range{allowed}"
    wanted = {
        "int_type": "a whole number",
        "float_type": "a number",
        "bool_type": "true or false",
        "string_type": "text in quotes",
        "datetime_type": "a date or a moment such as 2020-02-01T00:00:00Z",
        "dict_type": "a table",
        "list_type": "a list in square brackets",
        "tuple_type": "a list in square brackets",
        "model_type": "a table",
        "literal_error": f"one of {context.get('expected')}",
        "enum": f"one of {context.get('expected')}",
    }.get(kind)
    return f"{given} is not {wanted}{allowed}" if wanted else f"{given}: {error['msg']}"
