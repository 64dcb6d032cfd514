"""What changed between two states of the parameters of a book."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Parameters = Mapping[str, Any]
_ABSENT = object()


class ChangeStatus(StrEnum):
    """What became of a strategy."""

    NEW_STRATEGY = "NEW_STRATEGY"
    UNCHANGED = "UNCHANGED"
    CHANGED = "CHANGED"
    REMOVED = "REMOVED"


class ChangeType(StrEnum):
    """What became of a parameter. CHANGED: of what is no number."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    INCREASED = "INCREASED"
    DECREASED = "DECREASED"
    CHANGED = "CHANGED"


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """One parameter, before and now; None where it was not there."""

    old: Any
    new: Any
    change_type: ChangeType


@dataclass(frozen=True, slots=True)
class StrategyChange:
    """One strategy, and its parameters that are not as they were."""

    status: ChangeStatus
    changes: Mapping[str, ParameterChange]


def strategy_changes(
    current: Mapping[str, Parameters], baseline: Mapping[str, Parameters]
) -> dict[str, StrategyChange]:
    """By strategy, the current ones first and then those that are gone. Of a new one every parameter is ADDED, of one
    that is gone REMOVED."""
    return {name: _compared(current.get(name), baseline.get(name)) for name in dict.fromkeys([*current, *baseline])}


def _compared(now: Parameters | None, before: Parameters | None) -> StrategyChange:
    new, old = now or {}, before or {}
    changes = {
        name: ParameterChange(old.get(name), new.get(name), kind)
        for name in dict.fromkeys([*new, *old])
        if (kind := _kind(old.get(name, _ABSENT), new.get(name, _ABSENT))) is not None
    }
    if before is None or now is None:
        return StrategyChange(ChangeStatus.NEW_STRATEGY if before is None else ChangeStatus.REMOVED, changes)
    return StrategyChange(ChangeStatus.CHANGED if changes else ChangeStatus.UNCHANGED, changes)


def _kind(old: Any, new: Any) -> ChangeType | None:
    if old is _ABSENT or new is _ABSENT:
        return ChangeType.ADDED if old is _ABSENT else ChangeType.REMOVED
    if _is_number(old) and _is_number(new):
        return None if old == new else ChangeType.INCREASED if new > old else ChangeType.DECREASED
    same = old == new and isinstance(old, bool) == isinstance(new, bool)  # True == 1 in Python, and is no number here
    return None if same else ChangeType.CHANGED


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
