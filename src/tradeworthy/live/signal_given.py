"""A signal as somebody outside gives it, checked before anything of it is written down."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import positive, shown, whole_number
from tradeworthy.core.instrument import instrument_named
from tradeworthy.core.moments import moment_ns
from tradeworthy.live.desk_events import SignalAction, SignalCame
from tradeworthy.live.desk_plan import DeskPlan
from tradeworthy.live.desk_state import DeskState
from tradeworthy.strategies.outside_signals import OutsideSignals

_KEYS: Final = ("strategy", "symbol", "action", "stop_loss", "take_profit", "id", "time")
_ACTIONS: Final = {
    "buy": SignalAction.BUY, "long": SignalAction.BUY, "sell": SignalAction.SELL, "short": SignalAction.SELL,
    "close": SignalAction.CLOSE, "exit": SignalAction.CLOSE, "flat": SignalAction.CLOSE,
}  # fmt: skip
LONGEST_ID: Final = 128
_HIGHEST: Final = 1e15
_SECONDS_END: Final = 10**11
_MILLISECONDS_END: Final = 10**16
"""Whole numbers are seconds until the year 5138, and nanoseconds from April 1970 on."""
_LATEST_NS: Final = 2**63 - 1
"""A journal writes no larger number."""


def signal_in(given: object, plan: DeskPlan) -> SignalCame:
    """The event, without its time. Raises InputError in one sentence for what is no signal of this desk.

    given: {strategy or symbol, action, stop_loss, take_profit, id, time}. A key that is not known is refused: a stop that is
    misspelt would be an entry without one.
    """
    if not isinstance(given, Mapping):
        raise InputError(f"a signal is a dict such as {{'symbol': 'EUR_USD', 'action': 'BUY'}}, not {shown(given)}")
    for key in given:
        if key not in _KEYS:
            near = get_close_matches(str(key), _KEYS, 1, 0.6)
            hint = f"did you mean {near[0]}?" if near else f"it takes {', '.join(_KEYS)}"
            raise InputError(f"a signal has no {shown(key)}; {hint}")
    action = _action(given.get("action"))
    stop, target = _price(given, "stop_loss"), _price(given, "take_profit")
    if action is SignalAction.CLOSE and (stop is not None or target is not None):
        raise InputError("a signal to CLOSE takes no stop_loss and no take_profit; leave them out")
    sign = -1 if action is SignalAction.SELL else 1
    if stop is not None and target is not None and (target - stop) * sign <= 0:
        raise InputError(f"stop_loss {stop:g} and take_profit {target:g} lie the wrong way round for {action}")
    return SignalCame(0, _id(given), _strategy(given, plan), action, stop, target, _time(given))


def check_sides(signal: SignalCame, state: DeskState) -> None:
    """Raises InputError where stop or target lie on the wrong side of the last price."""
    member = state.plan.members[state.plan.member_at[signal.strategy]]
    last = state.histories[state.plan.series_at[member.key]].last
    if last is None:
        return
    sign = -1 if signal.action is SignalAction.SELL else 1
    for name, price, side in (("stop_loss", signal.stop, -1), ("take_profit", signal.target, 1)):
        if price is not None and (price - last.close) * sign * side <= 0:
            where = "below" if sign * side < 0 else "above"
            symbol = member.instrument.symbol
            raise InputError(
                f"{name} {price:g} must lie {where} the last price of {symbol}, {last.close:g}, to {signal.action}"
            )


def _action(value: object) -> SignalAction:
    found = _ACTIONS.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        said = "has no action" if value is None else f"has the action {shown(value)}"
        raise InputError(f"the signal {said}; it is BUY, SELL or CLOSE")
    return found


def _strategy(given: Mapping[Any, Any], plan: DeskPlan) -> str:
    takers = {one.name: one for one in plan.members if isinstance(one.strategy, OutsideSignals)}
    if not takers:
        raise InputError('no strategy of this book takes signals from outside; give one `rules = "signals"`')
    name, symbol = given.get("strategy"), given.get("symbol")
    if name is None and symbol is None:
        raise InputError(f"the signal names neither strategy nor symbol; signals are taken by {', '.join(takers)}")
    wanted = None if symbol is None else _symbol(symbol)
    if name is None:
        found = [one.name for one in takers.values() if one.instrument.symbol == wanted]
        if len(found) != 1:
            why = (
                f"{' and '.join(found)} take signals of {wanted}: name the strategy"
                if found
                else (f"nobody takes signals of {wanted}; signals are taken by {', '.join(takers)}")
            )
            raise InputError(why)
        return found[0]
    if not isinstance(name, str) or name not in takers:
        decides = isinstance(name, str) and name in plan.member_at
        why = "decides by itself" if decides else "is no strategy of this book"
        raise InputError(f"{shown(name)} {why}; signals are taken by {', '.join(takers)}")
    if wanted is not None and takers[name].instrument.symbol != wanted:
        raise InputError(f"{name} trades {takers[name].instrument.symbol} and not {wanted}; leave one of them out")
    return name


def _symbol(value: object) -> str:
    if not isinstance(value, str):
        raise InputError(f"symbol must be text such as EUR_USD, not {shown(value)}")
    return instrument_named(value).symbol


def _price(given: Mapping[Any, Any], name: str) -> float | None:
    value = given.get(name)
    if value is None:
        return None
    price = positive(value, name)
    if price > _HIGHEST:
        raise InputError(f"{name} {price:g} is no price of anything")
    return price


def _id(given: Mapping[Any, Any]) -> str:
    value = given.get("id")
    if value is None:
        return f"unnamed-{secrets.token_hex(12)}"
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value.strip()) <= LONGEST_ID:
        raise InputError(f"id must be text of 1 to {LONGEST_ID} characters, not {shown(value)}")
    return value.strip()


def _time(given: Mapping[Any, Any]) -> int | None:
    value = given.get("time")
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise InputError(
                f"time must be a moment such as 2026-03-04T14:30:00Z, not {shown(given['time'])}"
            ) from None
    whole = whole_number(value)
    if whole is not None and 0 <= whole < _SECONDS_END:  # JavaScript writes 1763764000.0 without its point
        value = float(whole)
    elif whole is not None and whole < _MILLISECONDS_END:
        raise InputError(
            f"time {whole} counts milliseconds, it seems; send seconds since 1970, or 2026-03-04T14:30:00Z"
        )
    try:
        sent_ns = None if value is None else moment_ns(value, "time")
    except OverflowError:
        sent_ns = -1
    if sent_ns is not None and not 0 <= sent_ns <= _LATEST_NS:
        raise InputError(f"time {shown(given['time'])} lies before 1970 or after 2262; send when the signal was made")
    return sent_ns
