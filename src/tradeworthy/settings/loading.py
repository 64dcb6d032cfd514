"""From a file and the environment to settings, or to every problem they have at once."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tradeworthy.core.errors import Problem, SettingsError
from tradeworthy.settings.environment import overlay
from tradeworthy.settings.lines import key_lines, line_of
from tradeworthy.settings.tree import Settings

_RANGES = {"ge": "{} or more", "gt": "above {}", "le": "{} or less", "lt": "below {}"}


def load(path: Path, environment: Mapping[str, str]) -> Settings:
    """The settings in the file, with the environment's values over them. Raises SettingsError with all problems."""
    return from_text(_text(path), str(path), environment)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        message = "there is no such file; run `tradeworthy init` in an empty folder to write one"
    except IsADirectoryError:
        message = "this is a folder; name the settings file in it"
    except UnicodeDecodeError:
        message = "the file is not UTF-8 text"
    except OSError as error:
        message = f"the file cannot be read ({error.strerror})"
    raise SettingsError((Problem(str(path), "", message),))


def from_text(text: str, where: str, environment: Mapping[str, str]) -> Settings:
    """The same from text already read; `where` is what problems call it."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError((Problem(where, "", f"not valid TOML: {error}"),)) from error
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
    variable = next((name for key, name in origin.items() if key == path[: len(key)]), None)
    line = line_of(path, lines)
    place = f"environment variable {variable}" if variable else where + (f", line {line}" if line else "")
    return Problem(place, ".".join(path), _sentence(error))


def _sentence(error: dict[str, Any]) -> str:
    kind, context, given = error["type"], error.get("ctx", {}), error.get("input")
    if kind == "extra_forbidden":
        return "unknown key; remove it or mend its spelling"
    if kind == "missing":
        return "is missing and has no default"
    if kind == "too_short":
        return "needs at least one entry"
    if kind == "value_error":
        return str(context["error"])
    limits = [words.format(f"{context[key]:g}") for key, words in _RANGES.items() if key in context]
    if limits:
        return f"{given!r} is out of range; allowed is {' and '.join(limits)}"
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
    return f"{given!r} is not {wanted}" if wanted else f"{given!r}: {error['msg']}"
