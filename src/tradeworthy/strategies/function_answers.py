"""What a plain function answered, read strictly: a dict in a trader's words into a decision of ours."""

import math
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from tradeworthy.core.errors import InputError
from tradeworthy.strategies.protocol import LEAVE_LONG, LEAVE_SHORT, Decision

Where = Callable[[], str]

_ENTRIES = {"BUY": 1, "LONG": 1, "SELL": -1, "SHORT": -1}
_EXITS = frozenset({"CLOSE", "EXIT"})
_WORDS = ("BUY", "SELL", "LONG", "SHORT", "CLOSE", "EXIT", "HOLD")
_KEYS = ("symbol", "action", "stop_loss", "take_profit")
_NONE = math.nan


def decision_of(answer: Any, close: float, symbol: str, where: Where) -> Decision | None:
    """The decision that an answer means at a bar's close; None for HOLD.

    where: says which function and bar it was, for errors. Prices become distances from the close. Raises InputError with
    what was said and what would be right.
    """
    if not isinstance(answer, Mapping):
        raise InputError(
            f"{where()} gave {_short(answer)}; it must give None, or a dict such as {{'action': 'BUY', 'stop_loss': 1.05}}"
        )
    said = answer.get("action")
    word = said.strip().upper() if isinstance(said, str) else ""
    if word not in _WORDS:
        raise InputError(f"{where()} gave {_action(answer)}; it must be BUY, SELL, CLOSE or HOLD")
    if "symbol" in answer and _plain(answer["symbol"]) != _plain(symbol):
        raise InputError(f"{where()} spoke of symbol {_short(answer['symbol'])} when it was asked about {symbol!r}")
    _check_keys(answer, where)
    if word in _EXITS:
        return Decision(0, LEAVE_LONG | LEAVE_SHORT, _NONE, _NONE)
    if word == "HOLD":
        return None
    side = _ENTRIES[word]
    stop = _distance(answer, "stop_loss", -side, close, word, where)
    target = _distance(answer, "take_profit", side, close, word, where)
    return Decision(side, LEAVE_SHORT if side > 0 else LEAVE_LONG, stop, target)


def _action(answer: Mapping[Any, Any]) -> str:
    if "action" in answer:
        return f"action {_short(answer['action'])}"
    return f"a dict without 'action' (its keys are {', '.join(map(str, answer)) or 'none'})"


def _check_keys(answer: Mapping[Any, Any], where: Where) -> None:
    """A level under a misspelt name would be left out silently."""
    for key in answer:
        if key not in _KEYS:
            near = get_close_matches(str(key).lower(), _KEYS, 1, 0.75)
            if near and near[0] not in answer:
                raise InputError(f"{where()} gave {key!r}; did it mean {near[0]!r}?")


def _distance(answer: Mapping[Any, Any], key: str, above: int, close: float, word: str, where: Where) -> float:
    """How far a level lies from the close; `above` is +1 where it has to lie above, -1 below."""
    given = answer.get(key)
    if given is None:
        return _NONE
    price = _number(given)
    if price is not None and math.isnan(price):
        raise InputError(
            f"{where()} gave {word} with {key} NaN, which an indicator gives until it has enough bars; wait until there is "
            "a price, or give None for none"
        )
    if price is None or math.isinf(price):
        raise InputError(f"{where()} gave {key} {_short(given)}; it must be a price, or None for none")
    if price <= 0:
        raise InputError(
            f"{where()} gave {key} {price:g}; a price is above zero (give the price itself, not a distance)"
        )
    distance = above * (price - close)
    if not distance > 0:
        raise InputError(
            f"{where()} gave {word} with {key} {price:.10g} and the close is {close:.10g}; the {key} of a {word} must lie "
            f"{'above' if above > 0 else 'below'} the close"
        )
    return distance


def _number(given: Any) -> float | None:
    """A number of Python, numpy or decimal; a text is none, nor is a bool or an array of many."""
    if isinstance(given, bool | str | bytes) or getattr(given, "ndim", 0) != 0 or not hasattr(given, "__float__"):
        return None
    try:
        return float(given)
    except (TypeError, ValueError, OverflowError):
        return None


def _plain(symbol: Any) -> str:
    return re.sub(r"[^A-Z0-9]", "", str(symbol).upper())


def _short(value: Any) -> str:
    text = repr(value)
    return f"{text[:57]}..." if len(text) > 60 else text
