"""What a desk does about an exception of a broker: decided by its type alone, never by words in its message."""

import math
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from tradeworthy.core.errors import (
    AskError,
    BrokerError,
    HaltError,
    InputError,
    PauseError,
    ReconfigureError,
    RefreshError,
    RefuseError,
    RetryError,
    SettingsError,
    TradeworthyError,
)


class ActionKind(StrEnum):
    """What to do. In the order in which one goes before another where several errors come at once."""

    RETRY = "retry"
    REFUSE = "refuse"
    REFRESH = "refresh"
    PAUSE = "pause"
    HALT = "halt"

    @property
    def strictness(self) -> int:
        """0 for retry to 4 for halt."""
        return tuple(ActionKind).index(self)


@dataclass(frozen=True, slots=True)
class Action:
    """What to do about a failure, why, and how long to wait first, in seconds.

    asks_first: what became of an order is not known, and the broker is to be asked by client id before anything is sent.
    """

    kind: ActionKind
    reason: str
    wait_seconds: float = 0.0
    asks_first: bool = False

    @property
    def stops_entries(self) -> bool:
        """Until it is settled. A refused order says nothing about the next one, and a retry is still the same one."""
        return self.kind in {ActionKind.REFRESH, ActionKind.PAUSE, ActionKind.HALT}

    @property
    def counts_as_failure(self) -> bool:
        """For the breaker: the broker did not answer. A refusal is an answer."""
        return self.kind in {ActionKind.RETRY, ActionKind.PAUSE}

    def to_dict(self) -> dict[str, Any]:
        """{action, reason, wait_seconds}."""
        return {"action": self.kind.value, "reason": self.reason, "wait_seconds": self.wait_seconds}


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds to wait where the broker named none. Raises InputError for less than zero."""

    retry_seconds: float = 1.0
    pause_seconds: float = 30.0

    def __post_init__(self) -> None:
        if not (0.0 <= self.retry_seconds < math.inf and 0.0 <= self.pause_seconds < math.inf):
            raise InputError("waits must be zero or more seconds")


USUAL_WAITS = Waits()

_UNKNOWN_OUTCOME = "it is not known whether the order was taken; ask by client id before sending anything"

_KNOWN: Final = MappingProxyType(
    {
        RetryError: (ActionKind.RETRY, "nothing has been done, so it is asked again"),
        AskError: (ActionKind.PAUSE, _UNKNOWN_OUTCOME),
        PauseError: (ActionKind.PAUSE, "the broker takes nothing for a while"),
        RefreshError: (ActionKind.REFRESH, "the session has ended, so it is renewed"),
        RefuseError: (ActionKind.REFUSE, "the broker refused this order, and it is not sent again"),
        ReconfigureError: (ActionKind.HALT, "nothing will pass until the settings are mended"),
        HaltError: (ActionKind.HALT, "a person has to look at it"),
        BrokerError: (ActionKind.PAUSE, "the broker failed in a way that says nothing about what to do"),
        SettingsError: (ActionKind.HALT, "nothing will pass until the settings are mended"),
        InputError: (ActionKind.REFUSE, "the order cannot be sent as it is"),
        ConnectionRefusedError: (ActionKind.RETRY, "no connection came about, so nothing has been done"),
        ConnectionError: (ActionKind.PAUSE, _UNKNOWN_OUTCOME),
        TimeoutError: (ActionKind.PAUSE, _UNKNOWN_OUTCOME),
    }
)
_OUTCOME_UNKNOWN = frozenset({AskError, ConnectionError, TimeoutError})


def action_for(error: Exception, *, sending: bool = True, waits: Waits = USUAL_WAITS) -> Action:
    """What to do about it. An unknown type stops entries and says so.

    sending: an order may have been under way. Where only something was being read (False), a lost connection is retried.
    Several errors in one group count as the strictest, with the longest wait.
    """
    if isinstance(error, ExceptionGroup):
        return _together([action_for(one, sending=sending, waits=waits) for one in error.exceptions])
    known = next((kind for kind in type(error).__mro__ if kind in _KNOWN), None)
    if known is None:
        why = f"{type(error).__name__} is no failure that the desk knows, so entries stop until somebody has looked"
        return Action(ActionKind.PAUSE, _reason(why, error), waits.pause_seconds, asks_first=sending)
    action, why = _KNOWN[known]
    if not sending and known in _OUTCOME_UNKNOWN and not issubclass(known, TradeworthyError):
        action, why = ActionKind.RETRY, "no answer came to a question that changes nothing, so it is asked again"
    asks = known in _OUTCOME_UNKNOWN and action is ActionKind.PAUSE
    return Action(action, _reason(why, error), _wait(action, error, waits), asks)


def _reason(why: str, error: Exception) -> str:
    said = " ".join(str(error).split())
    return f"{why} ({type(error).__name__}: {said})" if said else f"{why} ({type(error).__name__})"


def _wait(action: ActionKind, error: Exception, waits: Waits) -> float:
    named = error.wait_seconds if isinstance(error, BrokerError) else None
    usual = {ActionKind.RETRY: waits.retry_seconds, ActionKind.PAUSE: waits.pause_seconds}
    if action not in usual:
        return 0.0
    return named if named is not None and 0.0 <= named < math.inf else usual[action]


def _together(actions: list[Action]) -> Action:
    worst = max(actions, key=lambda one: (one.kind.strictness, one.wait_seconds))
    reason = "; ".join(dict.fromkeys(one.reason for one in actions))
    wait = max(one.wait_seconds for one in actions)
    return Action(worst.kind, reason, wait, any(one.asks_first for one in actions))
