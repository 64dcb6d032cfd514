"""A slow, literal reading of the fill rules, kept only to check a faster program against.

Every sentence of docs/fills.md has one small function here, and nothing is optimised: the walk over the
bars only decides where positions open and close; excursions and the equity curve are worked out
afterwards from the finished list of fills.  Standard library only.

Two entry points: `plain_backtest` turns signals into trades and an equity curve, and
`plain_ma_signals` makes the moving-average-cross signals by their textbook definitions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LONG = 1
LEAVE_LONG = 1
LEAVE_SHORT = 2


@dataclass(frozen=True)
class Rules:
    """The switches of the fill model."""

    entry: str = "next_open"  # or "close"
    stops_from: str = "fill"  # or "signal_close"
    check_entry_bar: bool = True
    gap: str = "open"  # or "trigger"
    both: str = "stop"  # or "target"
    open_first: bool = True
    reenter_on_exit_bar: bool | str = True  # or "after_signal"

    def __post_init__(self) -> None:
        _require("entry", self.entry, ("next_open", "close"))
        _require("stops_from", self.stops_from, ("fill", "signal_close"))
        _require("gap", self.gap, ("open", "trigger"))
        _require("both", self.both, ("stop", "target"))


@dataclass(frozen=True)
class PlainTrade:
    """One finished (or, with reason OPEN, unfinished) trade of one unit."""

    signal_index: int
    entry_index: int
    exit_index: int
    side: int
    entry_price: float
    exit_price: float
    stop: float
    target: float
    reason: str
    risk: float
    r: float
    ambiguous: bool
    mae: float
    mfe: float


@dataclass(frozen=True)
class _Market:
    """The bars, and what one pays to cross from a bar price to a dealing price."""

    open: Sequence[float]
    high: Sequence[float]
    low: Sequence[float]
    close: Sequence[float]
    ask_offset: float
    bid_offset: float

    def entry_view(self, side: int, price: float) -> float:
        """A long is opened by buying, a short by selling."""
        return price + (self.ask_offset if side == LONG else self.bid_offset)

    def exit_view(self, side: int, price: float) -> float:
        """A long is left by selling, a short by buying."""
        return price + (self.bid_offset if side == LONG else self.ask_offset)


@dataclass(frozen=True)
class _Signals:
    """What the strategy says at the close of each bar."""

    enter: Sequence[int]
    leave: Sequence[int]
    stop_distance: Sequence[float]
    target_distance: Sequence[float]


@dataclass(frozen=True)
class _Decision:
    """What was resolved at the close of bar `index`: leave what is held, then open `enter` (0: nothing)."""

    index: int
    leave: bool
    enter: int


@dataclass(frozen=True)
class _Position:
    """A position from the moment it was opened."""

    signal_index: int
    entry_index: int
    side: int
    entry_price: float
    stop: float
    target: float
    risk: float


@dataclass(frozen=True)
class _Exit:
    """Where, at what price and why a position ended."""

    index: int
    price: float
    reason: str
    ambiguous: bool = False


_Fill = tuple[_Position, _Exit]
_NO_DECISION = _Decision(index=-1, leave=False, enter=0)


def plain_backtest(
    open_: Sequence[float],
    high: Sequence[float],
    low: Sequence[float],
    close: Sequence[float],
    enter: Sequence[int],
    leave: Sequence[int],
    stop_distance: Sequence[float],
    target_distance: Sequence[float],
    rules: Rules,
    ask_offset: float,
    bid_offset: float,
) -> tuple[list[PlainTrade], list[float]]:
    """All trades in the order they were opened, and the equity at every bar's close."""
    columns = (open_, high, low, close, enter, leave, stop_distance, target_distance)
    if len({len(column) for column in columns}) != 1:
        raise ValueError("all columns must have the same length")
    market = _Market(open_, high, low, close, ask_offset, bid_offset)
    signals = _Signals(enter, leave, stop_distance, target_distance)
    fills = _walk(market, signals, rules)
    trades = [_record(market, rules, position, exit_) for position, exit_ in fills]
    return trades, _equity(market, trades)


def _require(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {allowed}, not {value!r}")


# --- the walk over the bars -----------------------------------------------------------------------


def _walk(market: _Market, signals: _Signals, rules: Rules) -> list[_Fill]:
    """Go through the bars once, in time order, and collect every position with its exit."""
    fills: list[_Fill] = []
    position: _Position | None = None
    decision = _NO_DECISION
    for bar in range(len(market.close)):
        if rules.entry == "next_open":
            position = _carry_out(decision, bar, market.open[bar], position, fills, market, signals, rules)
        position = _stops_and_targets(bar, position, fills, market, rules)
        decision = _decide(bar, position, signals)
        if rules.entry == "close":
            position = _carry_out(decision, bar, market.close[bar], position, fills, market, signals, rules)
    if position is not None:
        last = len(market.close) - 1
        price = market.exit_view(position.side, market.close[last])
        fills.append((position, _Exit(last, price, "OPEN")))
    return fills


def _decide(bar: int, position: _Position | None, signals: _Signals) -> _Decision:
    """What the signals of this bar amount to, given what is held after the bar's fills."""
    enter = signals.enter[bar] if _enter_is_usable(bar, signals) else 0
    if position is None:
        return _Decision(bar, leave=False, enter=enter)
    bit = LEAVE_LONG if position.side == LONG else LEAVE_SHORT
    if not signals.leave[bar] & bit:
        return _Decision(bar, leave=False, enter=0)
    reversal = enter == -position.side
    return _Decision(bar, leave=True, enter=enter if reversal else 0)


def _enter_is_usable(bar: int, signals: _Signals) -> bool:
    distances = (signals.stop_distance[bar], signals.target_distance[bar])
    return all(math.isnan(d) or (d > 0 and not math.isinf(d)) for d in distances)


def _carry_out(
    decision: _Decision,
    bar: int,
    price: float,
    position: _Position | None,
    fills: list[_Fill],
    market: _Market,
    signals: _Signals,
    rules: Rules,
) -> _Position | None:
    """Execute a decision at one bar price (an open or a close); returns what is held afterwards."""
    if decision.leave and position is not None:
        fills.append((position, _Exit(bar, market.exit_view(position.side, price), "SIGNAL")))
        position = None
    if decision.enter == 0 or position is not None:
        return position
    if fills and not may_reenter(rules, bar, fills[-1][1].index, fills[-1][1].reason):
        return None
    return _open_position(decision, bar, price, market, signals, rules)


def may_reenter(rules: Rules, bar: int, last_exit: int, reason: str) -> bool:
    """May a position be opened on this bar after the last one was closed there for that reason?"""
    if last_exit != bar or rules.reenter_on_exit_bar is True:
        return True
    return rules.reenter_on_exit_bar == "after_signal" and reason == "SIGNAL"


def _open_position(
    decision: _Decision, bar: int, price: float, market: _Market, signals: _Signals, rules: Rules
) -> _Position:
    side = decision.enter
    fill = market.entry_view(side, price)
    base = fill if rules.stops_from == "fill" else market.close[decision.index]
    stop_distance = signals.stop_distance[decision.index]
    target_distance = signals.target_distance[decision.index]
    return _Position(
        signal_index=decision.index,
        entry_index=bar,
        side=side,
        entry_price=fill,
        stop=base - side * stop_distance,
        target=base + side * target_distance,
        risk=stop_distance,
    )


# --- stops and targets ----------------------------------------------------------------------------


def _stops_and_targets(
    bar: int, position: _Position | None, fills: list[_Fill], market: _Market, rules: Rules
) -> _Position | None:
    """Close the position if this bar reaches its stop or target; returns what is held afterwards."""
    if position is None or (position.entry_index == bar and not rules.check_entry_bar):
        return position
    if rules.open_first:
        exit_ = _exit_at_open(bar, position, market, rules) or _exit_within(bar, position, market, rules)
    else:
        exit_ = _exit_level_by_level(bar, position, market, rules)
    if exit_ is None:
        return position
    fills.append((position, exit_))
    return None


def _exit_at_open(bar: int, position: _Position, market: _Market, rules: Rules) -> _Exit | None:
    """The open already lies at or beyond the stop or the target."""
    price = market.exit_view(position.side, market.open[bar])
    if _at_or_against(position, price, position.stop):
        return _Exit(bar, price if rules.gap == "open" else position.stop, "STOP")
    if _at_or_in_favour(position, price, position.target):
        return _Exit(bar, price if rules.gap == "open" else position.target, "TARGET")
    return None


def _exit_within(bar: int, position: _Position, market: _Market, rules: Rules) -> _Exit | None:
    """The range of the bar reaches the stop, the target, or both."""
    high = market.exit_view(position.side, market.high[bar])
    low = market.exit_view(position.side, market.low[bar])
    worst, best = (low, high) if position.side == LONG else (high, low)
    hit_stop = _at_or_against(position, worst, position.stop)
    hit_target = _at_or_in_favour(position, best, position.target)
    ambiguous = hit_stop and hit_target
    if hit_stop and (rules.both == "stop" or not hit_target):
        return _Exit(bar, position.stop, "STOP", ambiguous)
    if hit_target:
        return _Exit(bar, position.target, "TARGET", ambiguous)
    return None


def _exit_level_by_level(bar: int, position: _Position, market: _Market, rules: Rules) -> _Exit | None:
    """The preferred level over the whole bar, its gap included; then the other."""
    open_, high, low = (
        market.exit_view(position.side, column[bar]) for column in (market.open, market.high, market.low)
    )
    worst, best = (low, high) if position.side == LONG else (high, low)
    gone = {
        "STOP": _at_or_against(position, open_, position.stop),
        "TARGET": _at_or_in_favour(position, open_, position.target),
    }
    held = {
        "STOP": _at_or_against(position, worst, position.stop),
        "TARGET": _at_or_in_favour(position, best, position.target),
    }
    level = {"STOP": position.stop, "TARGET": position.target}
    for word in ("STOP", "TARGET") if rules.both == "stop" else ("TARGET", "STOP"):
        if held[word]:
            price = open_ if gone[word] and rules.gap == "open" else level[word]
            return _Exit(bar, price, word, not gone[word] and all(held.values()))
    return None


def _at_or_against(position: _Position, price: float, level: float) -> bool:
    """Has the price moved to the level or past it, in the losing direction? (Never for a NaN level.)"""
    return price <= level if position.side == LONG else price >= level


def _at_or_in_favour(position: _Position, price: float, level: float) -> bool:
    """Has the price moved to the level or past it, in the winning direction? (Never for a NaN level.)"""
    return price >= level if position.side == LONG else price <= level


# --- afterwards: trade records and equity ---------------------------------------------------------


def _record(market: _Market, rules: Rules, position: _Position, exit_: _Exit) -> PlainTrade:
    mae, mfe = _excursions(market, rules, position, exit_)
    return PlainTrade(
        signal_index=position.signal_index,
        entry_index=position.entry_index,
        exit_index=exit_.index,
        side=position.side,
        entry_price=position.entry_price,
        exit_price=exit_.price,
        stop=position.stop,
        target=position.target,
        reason=exit_.reason,
        risk=position.risk,
        r=position.side * (exit_.price - position.entry_price) / position.risk,
        ambiguous=exit_.ambiguous,
        mae=mae,
        mfe=mfe,
    )


def _excursions(market: _Market, rules: Rules, position: _Position, exit_: _Exit) -> tuple[float, float]:
    """How far the price went against and in favour of the position, both at least zero."""
    side = position.side
    bars = _bars_lived_through(rules, position, exit_)
    lowest = min([exit_.price] + [market.exit_view(side, market.low[bar]) for bar in bars])
    highest = max([exit_.price] + [market.exit_view(side, market.high[bar]) for bar in bars])
    below = max(0.0, position.entry_price - lowest)
    above = max(0.0, highest - position.entry_price)
    return (below, above) if side == LONG else (above, below)


def _bars_lived_through(rules: Rules, position: _Position, exit_: _Exit) -> range:
    """The bars whose whole range the position was held for."""
    at_close = rules.entry == "close"
    first = position.entry_index + 1 if at_close else position.entry_index
    left_at_close = exit_.reason == "OPEN" or (exit_.reason == "SIGNAL" and at_close)
    return range(first, exit_.index + 1 if left_at_close else exit_.index)


def _equity(market: _Market, trades: list[PlainTrade]) -> list[float]:
    """Realised profit so far plus the paper profit of whatever is open at each close."""
    bars = len(market.close)
    realised = [0.0] * bars
    paper = [0.0] * bars
    for trade in trades:
        held_until = bars if trade.reason == "OPEN" else trade.exit_index
        for bar in range(trade.entry_index, held_until):
            price = market.exit_view(trade.side, market.close[bar])
            paper[bar] += trade.side * (price - trade.entry_price)
        if trade.reason != "OPEN":
            realised[trade.exit_index] += trade.side * (trade.exit_price - trade.entry_price)
    equity: list[float] = []
    total = 0.0
    for bar in range(bars):
        total += realised[bar]
        equity.append(total + paper[bar])
    return equity


# --- moving-average-cross signals -----------------------------------------------------------------


def plain_ma_signals(
    high: Sequence[float],
    low: Sequence[float],
    close: Sequence[float],
    fast: int,
    slow: int,
    atr_period: int,
    stop_atr: float,
    target_atr: float,
    min_atr: float,
    exit_on_opposite_cross: bool,
) -> tuple[list[int], list[int], list[float], list[float]]:
    """enter, leave, stop_distance and target_distance of the moving-average cross."""
    bars = len(close)
    enter, leave = [0] * bars, [0] * bars
    stop_distance, target_distance = [math.nan] * bars, [math.nan] * bars
    states = [_state(_sma(close, bar, fast), _sma(close, bar, slow)) for bar in range(bars)]
    ranges = _atr(high, low, close, atr_period)
    for bar in range(1, bars):
        cross = _cross(states[bar - 1], states[bar])
        atr = ranges[bar]
        if cross == 0 or atr is None:
            continue
        if exit_on_opposite_cross:
            leave[bar] = LEAVE_SHORT if cross > 0 else LEAVE_LONG
        if atr >= min_atr and atr > 0:
            enter[bar] = cross
            stop_distance[bar] = stop_atr * atr
            target_distance[bar] = target_atr * atr
    return enter, leave, stop_distance, target_distance


def _sma(close: Sequence[float], bar: int, length: int) -> float | None:
    """Mean of the last `length` closes up to and including `bar`; None before there are that many."""
    if bar + 1 < length:
        return None
    return math.fsum(close[bar + 1 - length : bar + 1]) / length


def _state(fast: float | None, slow: float | None) -> int | None:
    """Sign of the difference of the averages, rounding noise taken as zero; None while undefined."""
    if fast is None or slow is None:
        return None
    difference = fast - slow
    if abs(difference) <= 1e-12 * abs(slow):
        return 0
    return 1 if difference > 0 else -1


def _cross(before: int | None, now: int | None) -> int:
    """+1 for a cross up, -1 for a cross down, 0 for neither."""
    if before is None or now is None:
        return 0
    if now == 1 and before <= 0:
        return 1
    if now == -1 and before >= 0:
        return -1
    return 0


def _true_range(high: Sequence[float], low: Sequence[float], close: Sequence[float], bar: int) -> float:
    if bar == 0:
        return high[0] - low[0]
    previous = close[bar - 1]
    return max(high[bar] - low[bar], abs(high[bar] - previous), abs(low[bar] - previous))


def _atr(high: Sequence[float], low: Sequence[float], close: Sequence[float], period: int) -> list[float | None]:
    """Wilder's average true range; None before `period` bars are there."""
    ranges = [_true_range(high, low, close, bar) for bar in range(len(close))]
    result: list[float | None] = []
    previous: float | None = None
    for bar, true_range in enumerate(ranges):
        if bar == period - 1:
            previous = math.fsum(ranges[:period]) / period
        elif previous is not None:
            previous = (previous * (period - 1) + true_range) / period
        result.append(previous)
    return result
