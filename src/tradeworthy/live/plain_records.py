"""Records of the desk's state as plain dicts for the journal, and back: every field checked, nothing guessed."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, TypeVar

import msgspec

from tradeworthy.core.errors import InputError

T = TypeVar("T")

STATE_SCHEMA: Final = 1
"""Of the desk's state in the journal; a later version migrates it forward."""


def to_plain(record: Any) -> dict[str, Any]:
    """The record's fields as plain types, with the version of their schema."""
    return {"schema": STATE_SCHEMA, **msgspec.to_builtins(record)}


def from_plain(data: object, kind: type[T], what: str) -> T:
    """The record that `to_plain` wrote. Raises InputError, naming `what`, for anything else: a state is never half read."""
    given = dict(data) if isinstance(data, Mapping) else {}
    schema = given.pop("schema", None)
    if schema != STATE_SCHEMA:
        raise InputError(
            f"{what} has schema {schema}, this version reads {STATE_SCHEMA}; use the version that wrote it"
        )
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # every kind of state is a dataclass
    if given.keys() != names:
        raise InputError(f"{what} is damaged: {', '.join(sorted(map(str, given.keys() ^ names)))} missing or unknown")
    try:
        return msgspec.convert(given, type=kind)
    except msgspec.ValidationError as error:
        raise InputError(f"{what} is damaged: {error}") from error
