"""What comes from outside and cannot be journaled: numbers that are none. The desk is told so in an event that can be."""

import math
from typing import Final

from tradeworthy.core.messages import BarCame
from tradeworthy.live.bar_arrival import moment_of
from tradeworthy.live.broker_errors import ActionKind
from tradeworthy.live.desk_events import BookCame, CallFailed, CallKind, DeskEvent, Trouble
from tradeworthy.live.holding_back import BARS

_TIMES_BELOW: Final = 2**63
"""Nanoseconds that a journal's integers hold."""


def sound(event: DeskEvent) -> DeskEvent:
    """The event itself; for one that no journal holds, what is to be known of it.

    A bar with a price or a time that is no number locks its instrument until bars are whole again. A book with a balance
    that is none counts as a call that failed.
    """
    if type(event) is BarCame:
        return event if _is_whole(event) else _no_bar(event)
    if type(event) is BookCame and not (math.isfinite(event.book.balance) and math.isfinite(event.book.financing)):
        reason = f"the broker's balance is no number ({event.book.balance}, financing {event.book.financing})"
        return CallFailed(event.time_ns, event.ticket, CallKind.BOOK, "", ActionKind.PAUSE, reason, 0, False, True)
    return event


def _is_whole(event: BarCame) -> bool:
    bar = event.bar
    if 0 <= bar.open_ns <= bar.close_ns <= event.time_ns < _TIMES_BELOW and math.isfinite(
        bar.open + bar.high + bar.low + bar.close  # a sum is finite where all of it is
    ):
        return True
    prices = math.isfinite(bar.open) and math.isfinite(bar.high) and math.isfinite(bar.low) and math.isfinite(bar.close)
    return prices and _fits(bar.open_ns, bar.close_ns, event.time_ns)


def _fits(*times: int) -> bool:
    return min(times) >= -_TIMES_BELOW and max(times) < _TIMES_BELOW


def _no_bar(event: BarCame) -> Trouble:
    name = f"{event.symbol} {event.timeframe}, bar of {moment_of(event.bar.open_ns)}"
    reason = f"{name}: a price is missing or not finite, or a time is none; the bar is left out"
    time_ns = event.time_ns if _fits(event.time_ns) else 0
    return Trouble(time_ns, f"{BARS} {event.timeframe}", reason, instrument=event.symbol)
