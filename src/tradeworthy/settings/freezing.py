"""Settings as a desk froze them when it started: to be journaled, compared, and named by a fingerprint."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from tradeworthy.adapters.files.redacting import redacted
from tradeworthy.settings.tree import Settings

_NAMED_BY_PEOPLE: Final = ("strategies", "groups", "costs")
"""Tables whose keys are names that somebody gave; none of them holds a secret, whatever it is called."""


def frozen_form(settings: Settings) -> dict[str, Any]:
    """Every setting, defaults too, as plain values for the journal, without secrets."""
    dump = settings.model_dump(mode="json", by_alias=True)
    dump["sizing"] = {
        "kind": settings.sizing.kind, "leverage": settings.sizing.leverage, **asdict(settings.sizing.made())
    }  # fmt: skip
    del dump["webhook"]["secret"]  # who may send signals is no rule of what is traded, and may change any day
    return {name: part if name in _NAMED_BY_PEOPLE else redacted(part) for name, part in dump.items()}


def fingerprint(settings: Settings) -> str:
    """SHA-256 of the frozen form, in hexadecimal: the same for settings that mean the same, however they are written."""
    return hashlib.sha256(_text(frozen_form(settings)).encode()).hexdigest()


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What changed from one frozen form to another, a line each, such as `strategies.EUR_USD_D.fast: 10 -> 12`.

    Empty where nothing did.
    """
    return list(_changed(old, new, ""))


def _changed(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[str]:
    for key in sorted(old.keys() | new.keys()):
        where = f"{path}{key}"
        before, after = old.get(key), new.get(key)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _changed(before, after, f"{where}.")
        elif key not in old or key not in new:
            yield f"{where}: {_shown(key, old)} -> {_shown(key, new)}"
        elif _text(before) != _text(after):
            yield f"{where}: {_text(before)} -> {_text(after)}"


def _shown(key: str, form: Mapping[str, Any]) -> str:
    if key not in form:
        return "not there"
    return "there" if isinstance(form[key], Mapping) else _text(form[key])


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
