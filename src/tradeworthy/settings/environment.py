"""Settings from environment variables: TRADEWORTHY_VALIDATION__MONTHS=6 is validation.months.

Two underscores separate levels; case does not matter. Our own few lines because names of strategies are case-sensitive
keys, which pydantic-settings lowers, and because a bad value has to be traced to the variable that brought it.
"""

import tomllib
from collections.abc import Mapping
from typing import Any

PREFIX = "TRADEWORTHY_"

Path = tuple[str, ...]


def _value(text: str) -> Any:
    """As TOML where it is TOML (`6`, `true`, `[1, 2]`), otherwise the text itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):  # not TOML, or a number or nesting beyond what Python reads
        return text


def overlay(tree: Mapping[str, Any], environment: Mapping[str, str]) -> tuple[dict[str, Any], dict[Path, str]]:
    """The tree with the environment's values put in, and which variable each of those came from."""
    merged = _copied(tree)
    origin: dict[Path, str] = {}
    for name in sorted(environment):
        if not name.upper().startswith(PREFIX) or len(name) == len(PREFIX):
            continue
        place: dict[str, Any] = merged
        path: list[str] = []
        *parents, last = name[len(PREFIX) :].split("__")
        for parent in parents:
            key = _matching(parent, place)
            path.append(key)
            inner = place.get(key)
            place[key] = inner if isinstance(inner, dict) else {}
            place = place[key]
        key = _matching(last, place)
        place[key] = _value(environment[name])
        origin[(*path, key)] = name
    return merged, origin


def _matching(name: str, place: Mapping[str, Any]) -> str:
    """The key that is there already, whatever its case; a new one is lower case."""
    return next((key for key in place if key.upper() == name.upper()), name.lower())


def _copied(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _copied(value) if isinstance(value, Mapping) else value for key, value in tree.items()}
