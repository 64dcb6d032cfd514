"""Parameters that come as a mapping: checked, numbers made plain, nested ones under dotted names."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown
from tradeworthy.strategies.source_parameters import MOST_PARAMETERS, Value

_DEEPEST = 6
Parameters = dict[str, Value]


def plain_parameters(given: Any, where: str) -> dict[str, Parameters]:
    """{strategy: {parameter: value}} of plain values, the names as they are. Raises InputError for anything else, with
    the place of the first thing that is wrong."""
    if not isinstance(given, Mapping):
        raise InputError(f"{where}: parameters are a dict of strategies, {_EXAMPLE}, not {_kind(given)}")
    found: dict[str, Parameters] = {}
    for name, one in given.items():
        if not isinstance(name, str) or not name.strip():
            raise InputError(f"{where}: {name!r} is no name of a strategy; use words")
        if not isinstance(one, Mapping):
            raise InputError(f"{where}: {name} is {_kind(one)}; give each strategy a dict of its own, {_EXAMPLE}")
        found[name] = {}
        _put(found[name], "", one, f"{where}: {name}", 0)
    return found


_EXAMPLE = 'such as {"EUR_USD_H4": {"fast": 40, "slow": 140}}'


def _put(whole: Parameters, prefix: str, given: Mapping[Any, Any], where: str, depth: int) -> None:
    if depth > _DEEPEST:
        raise InputError(f"{where}: {prefix.rstrip('.')} is nested too deeply")
    for key, value in given.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            _put(whole, f"{path}.", value, where, depth + 1)
        elif isinstance(value, list | tuple) and any(isinstance(one, Mapping | list | tuple) for one in value):
            _put(whole, f"{path}.", dict(enumerate(value)), where, depth + 1)
        else:
            whole[path] = _plain(value, f"{where}: {path}")
        if len(whole) > MOST_PARAMETERS:
            raise InputError(f"{where} has more than {MOST_PARAMETERS} parameters")


def _plain(value: Any, where: str) -> Value:
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(one, where) for one in value]
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Decimal):
        value = float(value)
    plain = value.item() if hasattr(value, "item") and not hasattr(value, "__len__") else value
    if plain is not None and not isinstance(plain, bool | int | float | str):
        raise InputError(f"{where} is {_kind(plain)}; parameters are numbers, words, true or false, or lists of them")
    if isinstance(plain, int | float) and not abs(plain) < 2**63:
        raise InputError(f"{where} is {shown(plain)}, which is no number that a parameter has")
    return plain


def _kind(value: object) -> str:
    return f"of type {type(value).__name__}"
