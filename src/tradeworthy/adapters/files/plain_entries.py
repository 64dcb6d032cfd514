"""What people put into a log, as plain values of JSON; nothing that would not come back as it was."""

import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any, Final

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown

_DEEPEST: Final = 20
_INTEGERS: Final = 2**63


def plain_entry(given: Any, what: str) -> dict[str, Any]:
    """The mapping with plain values inside. Raises InputError, naming the place, for NaN, infinity, naive times, whole
    numbers of more than 64 bits, and anything that JSON has no form for."""
    if not isinstance(given, Mapping):
        raise InputError(
            f"{what} must be a dict such as {{'symbol': 'EUR_USD', 'pnl': 12.5}}, not {type(given).__name__}"
        )
    made: dict[str, Any] = _plain(given, what, 0)
    return made


def _plain(value: Any, where: str, depth: int) -> Any:
    if depth > _DEEPEST:
        raise InputError(f"{where} is nested more than {_DEEPEST} deep; write it flatter")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return _plain(value.value, where, depth + 1)
    if isinstance(value, Mapping):
        return {_key(key, where): _plain(one, f"{where}.{key}", depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, f"{where}[{place}]", depth + 1) for place, one in enumerate(value)]
    return _single(value, where)


def _single(value: Any, where: str) -> Any:
    number = value.item() if hasattr(value, "item") and not getattr(value, "ndim", 0) else value  # numpy's own
    if isinstance(number, float | Decimal):
        if not math.isfinite(number):
            raise InputError(f"{where} is {number}, which says nothing; leave it out, or write None")
        return str(number) if isinstance(number, Decimal) else float(number)
    if isinstance(number, int) and abs(number) < _INTEGERS:
        return int(number)
    if isinstance(number, datetime) and number.tzinfo is None:
        raise InputError(
            f"{where} ({number.isoformat()}) has no time zone and so names no moment; write datetime.now(UTC)"
        )
    if isinstance(number, date):
        return number.isoformat()
    if isinstance(number, timedelta):
        return number.total_seconds()
    if isinstance(number, str | PurePath):
        return str(number).encode("utf-8", "backslashreplace").decode()
    raise InputError(
        f"{where} is {shown(number)} ({type(number).__name__}), which no log can hold; write a number or a text"
    )


def _key(key: Any, where: str) -> str:
    if isinstance(key, str):
        return key.encode("utf-8", "backslashreplace").decode()
    if isinstance(key, int | float | Enum | date) and not isinstance(key, bool):
        return str(key)
    raise InputError(f"{where} has the key {shown(key)}; keys are texts")
