"""From a file and the environment to settings, or to every problem they have at once."""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tradeworthy.core.errors import Problem, SettingsError
from tradeworthy.settings.environment import overlay
from tradeworthy.settings.lines import key_lines, line_of
from tradeworthy.settings.shipped import TEMPLATES
from tradeworthy.settings.tree import Settings

_RANGES = {"minimum": "{} or more", "exclusiveMinimum": "above {}", "maximum": "{} or less"}
_NUMBERS = frozenset({"greater_than", "greater_than_equal", "less_than_equal", "finite_number"})


def load(path: Path, environment: Mapping[str, str]) -> Settings:
    """The settings in the file, with the environment's values over them. Raises SettingsError with all problems."""
    return from_text(_text(path), str(path), environment)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        message = (
            f"there is no such file; `tradeworthy init` writes one, and {' and '.join(TEMPLATES)} are books that ship"
        )
    except IsADirectoryError:
        message = "this is a folder; name the settings file in it"
    except UnicodeDecodeError:
        message = "the file is not UTF-8 text"
    except OSError as error:
        message = f"the file cannot be read ({error.strerror})"
    except ValueError:
        message = "no file can have this name"
    raise SettingsError((Problem(str(path), "", message),))


def from_text(text: str, where: str, environment: Mapping[str, str]) -> Settings:
    """The same from text already read; `where` is what problems call it."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError((Problem(where, "", f"not valid TOML: {error}"),)) from error
    except (ValueError, RecursionError):
        problem = Problem(
            where, "", "a number has thousands of digits, or brackets are nested too deeply; mend the file"
        )
        raise SettingsError((problem,)) from None
    merged, origin = overlay(tree, environment)
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        lines = key_lines(text)
        problems = tuple(_problem(dict(one), where, lines, origin) for one in error.errors(include_url=False))
        raise SettingsError(problems) from None


def _problem(
    error: dict[str, Any], where: str, lines: dict[tuple[str, ...], int], origin: dict[tuple[str, ...], str]
) -> Problem:
    path = tuple(str(part) for part in error["loc"])
    line = line_of(path, lines)
    place = where + (f", line {line}" if line else "")
    if variable := next((name for key, name in origin.items() if key == path[: len(key)]), None):
        place = f"environment variable {variable}"
    elif beside := [name for key, name in origin.items() if _concerns(key, path, error["type"])]:
        place = f"{place}, with environment variable {' and '.join(beside)}"
    near = get_close_matches(path[-1], _siblings(path), 1) if path else []
    return Problem(place, ".".join(path), _sentence(error, _allowed(path), near))


def _node(path: tuple[str, ...]) -> dict[str, Any]:
    """What the JSON Schema of `settings.tree` says of a key."""
    whole = Settings.model_json_schema()
    node: dict[str, Any] = whole
    for part in path:
        node = node.get("properties", {}).get(part) or node.get("additionalProperties") or {}
        node = node if isinstance(node, dict) else {}
        node = whole["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
    return node


def _allowed(path: tuple[str, ...]) -> str:
    """`; allowed is 1 or more and 120 or less` for a number."""
    node = _node(path)
    if "minimum" in node and node.get("minimum") == node.get("maximum"):
        return f"; allowed is {node['minimum']:g}"
    limits = [words.format(f"{node[key]:g}") for key, words in _RANGES.items() if key in node]
    return f"; allowed is {' and '.join(limits)}" if limits else ""


def _concerns(key: tuple[str, ...], path: tuple[str, ...], kind: str) -> bool:
    """Whether what the environment set has a part in a problem elsewhere: inside the key, or weighed against it."""
    return key[: len(path)] == path or (kind == "value_error" and key[:-1] == path[:-1])


def _siblings(path: tuple[str, ...]) -> list[str]:
    """The keys that could stand where the last one of `path` does."""
    return list(_node(path[:-1]).get("properties", {}))


def _sentence(error: dict[str, Any], allowed: str, near: list[str]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    given = repr(error.get("input"))
    given = given if len(given) <= 80 else given[:77] + "..."
    if kind == "extra_forbidden":
        return "unknown key; " + (f"did you mean {near[0]}?" if near else "remove it or mend its spelling")
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
        "dict_type": "a table",
        "model_type": "a table",
        "literal_error": f"one of {context.get('expected')}",
        "enum": f"one of {context.get('expected')}",
    }.get(kind)
    return f"{given} is not {wanted}{allowed}" if wanted else f"{given}: {error['msg']}"
