"""A slow, literal reading of docs/money.md on top of docs/fills.md, kept only to check a faster program against.

`plain_account(setup)` walks over the bars once, in time order, and books every trade when it ends, because the
size of the next one depends on it.  Sizes, calibration and books have a file each.  Standard library only.

Decided here where the page says nothing:

- An exit that the bar's open decides is at the open, also where `gap="trigger"` gives it the level's price.
- An entry that `reenter_on_exit_bar=False` drops is dropped before anything of money is asked, and not counted.
- A decision is refused only when it would have been carried out: not on the last bar, not with a position held.
- A finer bar is inside a bar when it opens no earlier and closes no later; at a level counts as beyond it.
- A trade that is still open has its paper result in `pnl` and `balance`.
"""

from __future__ import annotations

import math

from support.plain_backtest import LONG, may_reenter
from support.plain_books import Exit, Market, Position, book, entry_at_open, equity_curve, exit_moment, nan_if_none
from support.plain_calibration import CalibrationState
from support.plain_setup import AccountTrade, Decision, Outcome, Setup
from support.plain_sizing import Moment, units_for

LEAVE_LONG = 1
LEAVE_SHORT = 2


def plain_account(setup: Setup) -> Outcome:
    """All trades in the order they were opened, equity at every close, and what was dropped."""
    desk = _Desk(setup)
    for bar in range(len(setup.candles)):
        if entry_at_open(setup):
            desk.carry_out(bar)
            desk.watch_levels(bar)
            desk.decide(bar)
        else:
            desk.watch_levels(bar)
            desk.decide(bar)
            desk.carry_out(bar)
    desk.mark_what_is_open()
    return Outcome(desk.trades, equity_curve(setup, desk.market, desk.trades), desk.dropped)


class _Desk:
    """What is held, what is pending, and what has happened."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.market = Market(setup)
        self.by_bar = {decision.bar: index for index, decision in enumerate(setup.decisions)}
        self.balance = setup.account.start if setup.account is not None else 0.0
        self.position: Position | None = None
        self.pending_leave = False
        self.pending_entry: int | None = None  # index of the decision
        self.trades: list[AccountTrade] = []
        self.dropped: list[tuple[int, str]] = []
        self.calibration: CalibrationState | None = None
        if setup.calibration is not None:
            self.calibration = CalibrationState(setup.calibration, self.balance)

    # --- the strategy decides -------------------------------------------------------------------------

    def decide(self, bar: int) -> None:
        """What the decision of this bar amounts to, given what is held after the bar's fills."""
        self.pending_leave, self.pending_entry = False, None
        index = self.by_bar.get(bar)
        if index is None:
            return
        decision = self.setup.decisions[index]
        wants_entry = decision.enter != 0 and _distances_are_usable(decision)
        if self.position is None:
            self.pending_entry = index if wants_entry else None
            return
        bit = LEAVE_LONG if self.position.side == LONG else LEAVE_SHORT
        if decision.leave & bit:
            self.pending_leave = True
            turns = wants_entry and decision.enter == -self.position.side
            self.pending_entry = index if turns else None

    # --- the orders of a decision ---------------------------------------------------------------------

    def carry_out(self, bar: int) -> None:
        """Leave, then enter, at this bar's open or at its close."""
        if self.pending_leave and self.position is not None:
            quotes = self.market.exit_side(self.position.side)
            bare = quotes.open[bar] if entry_at_open(self.setup) else quotes.close[bar]
            price = bare - self.position.side * self.market.slippage[bar]
            self._close(Exit(bar, price, "SIGNAL", at_open=entry_at_open(self.setup)))
        if self.pending_entry is not None and self.position is None:
            last = self.trades[-1] if self.trades else None
            if last is None or may_reenter(self.setup.rules, bar, last.exit_index, last.reason):
                self._enter(self.pending_entry, bar)
        self.pending_leave, self.pending_entry = False, None

    def _enter(self, index: int, bar: int) -> None:
        units, multiplier, refusal = self._size(index, bar)
        if refusal:
            self.dropped.append((index, refusal))
            return
        decision, rules = self.setup.decisions[index], self.setup.rules
        side = decision.enter
        quotes = self.market.entry_side(side)
        bare = quotes.open[bar] if entry_at_open(self.setup) else quotes.close[bar]
        fill = bare + side * self.market.slippage[bar]
        base = fill if rules.stops_from == "fill" else self.setup.candles.close[decision.bar]
        self.position = Position(
            signal_index=decision.bar,
            entry_index=bar,
            side=side,
            entry_price=fill,
            stop=base - side * decision.stop_distance,
            target=base + side * decision.target_distance,
            risk=decision.stop_distance,
            units=units,
            multiplier=multiplier,
        )
        if self.calibration is not None:
            self.calibration.opened(self._entry_moment(bar))

    def _size(self, index: int, bar: int) -> tuple[float, float, str]:
        """Units and multiplier, or the word for why not: filters, calibration, sizing, limits."""
        setup, decision = self.setup, self.setup.decisions[index]
        if setup.passes is not None and not setup.passes[index]:
            return 0.0, 0.0, "FILTERED"
        multiplier = 1.0
        if self.calibration is not None:
            multiplier, refusal = self.calibration.answer(index, self._entry_moment(bar))
            if refusal:
                return 0.0, 0.0, refusal
        if setup.account is None:
            return 1.0, 1.0, ""
        moment = Moment(
            balance=self.balance,
            multiplier=multiplier,
            stop_distance=decision.stop_distance,
            signal_close=setup.candles.close[decision.bar],
            rate=self.market.rate[bar],
            volatility=nan_if_none(setup.volatility, index),
            closed_r=[trade.r for trade in self.trades],
        )
        units, refusal = units_for(setup.account, moment)
        return units, multiplier, refusal

    def _entry_moment(self, bar: int) -> int:
        times = self.setup.candles.open_time if entry_at_open(self.setup) else self.setup.candles.close_time
        return times[bar]

    # --- stops and targets ----------------------------------------------------------------------------

    def watch_levels(self, bar: int) -> None:
        """Close the position if this bar reaches its stop or target."""
        position = self.position
        if position is None or (position.entry_index == bar and not self.setup.rules.check_entry_bar):
            return
        if self.setup.rules.open_first:
            exit_ = self._exit_at_open(bar, position) or self._exit_within(bar, position)
        else:
            exit_ = self._exit_level_by_level(bar, position)
        if exit_ is not None:
            self._close(exit_)

    def _exit_at_open(self, bar: int, position: Position) -> Exit | None:
        price = self.market.exit_side(position.side).open[bar]
        at_open_price = self.setup.rules.gap == "open"
        if _reaches_stop(position, price):
            bare = price if at_open_price else position.stop
            return Exit(bar, self._slipped(position, bare, bar), "STOP", at_open=True)
        if _reaches_target(position, price):
            return Exit(bar, price if at_open_price else position.target, "TARGET", at_open=True)
        return None

    def _exit_level_by_level(self, bar: int, position: Position) -> Exit | None:
        """The preferred level over the whole bar, its gap included; then the other."""
        quotes = self.market.exit_side(position.side)
        stopped, reached = _levels_held(position, quotes.high[bar], quotes.low[bar])
        at_open = self._exit_at_open(bar, position)
        wanted, other = ("STOP", "TARGET") if self.setup.rules.both == "stop" else ("TARGET", "STOP")
        first = wanted if {"STOP": stopped, "TARGET": reached}[wanted] else other
        gone = {
            "STOP": _reaches_stop(position, quotes.open[bar]),
            "TARGET": _reaches_target(position, quotes.open[bar]),
        }
        if at_open is not None and at_open.reason == first and gone[first]:
            return at_open
        if gone[first]:  # both are gone at the open, which takes equal or crossed levels
            price = quotes.open[bar] if self.setup.rules.gap == "open" else position.target
            return Exit(bar, price, "TARGET", at_open=True)
        if stopped and reached and any(gone.values()):
            price = self._slipped(position, position.stop, bar) if first == "STOP" else position.target
            seen = self._first_in_finer_bars(bar, position)
            return Exit(bar, price, first, ambiguous=True) if not seen else self._seen(bar, position, seen)
        return self._exit_within(bar, position)

    def _seen(self, bar: int, position: Position, word: str) -> Exit:
        price = self._slipped(position, position.stop, bar) if word == "STOP" else position.target
        return Exit(bar, price, word)

    def _exit_within(self, bar: int, position: Position) -> Exit | None:
        quotes = self.market.exit_side(position.side)
        hit_stop, hit_target = _levels_held(position, quotes.high[bar], quotes.low[bar])
        if not hit_stop and not hit_target:
            return None
        if hit_stop and hit_target:
            seen = self._first_in_finer_bars(bar, position)
            word, ambiguous = (seen, False) if seen else (self.setup.rules.both.upper(), True)
        else:
            word, ambiguous = ("STOP" if hit_stop else "TARGET"), False
        price = self._slipped(position, position.stop, bar) if word == "STOP" else position.target
        return Exit(bar, price, word, ambiguous=ambiguous)

    def _slipped(self, position: Position, price: float, bar: int) -> float:
        return price - position.side * self.market.slippage[bar]

    def _first_in_finer_bars(self, bar: int, position: Position) -> str:
        """ "STOP" or "TARGET" where the finer bars inside this one can tell, else ""."""
        finer, coarse = self.setup.finer, self.setup.candles
        if finer is None:
            return ""
        offset = self.market.exit_offset(position.side, bar)
        for small in range(len(finer)):
            starts_inside = finer.open_time[small] >= coarse.open_time[bar]
            ends_inside = finer.close_time[small] <= coarse.close_time[bar]
            if not (starts_inside and ends_inside):
                continue
            open_, high, low = (column[small] + offset for column in (finer.open, finer.high, finer.low))
            seen = _seen_in(position, open_, high, low)
            if seen:
                return "" if seen == "BOTH" else seen
        return ""

    # --- the end of a position ------------------------------------------------------------------------

    def _close(self, exit_: Exit) -> None:
        trade = self._record(exit_)
        self.balance = trade.balance
        if self.calibration is not None:
            self.calibration.closed(exit_moment(self.setup, exit_), trade.pnl)

    def mark_what_is_open(self) -> None:
        """A position that is held at the end is the last trade, marked at the last close."""
        if self.position is not None:
            last = len(self.setup.candles) - 1
            self._record(Exit(last, self.market.exit_side(self.position.side).close[last], "OPEN"))

    def _record(self, exit_: Exit) -> AccountTrade:
        if self.position is None:
            raise ValueError("nothing is held")
        trade = book(self.setup, self.market, self.position, exit_, self.balance)
        self.trades.append(trade)
        self.position = None
        return trade


def _distances_are_usable(decision: Decision) -> bool:
    distances = (decision.stop_distance, decision.target_distance)
    return all(math.isnan(distance) or 0 < distance < math.inf for distance in distances)


def _reaches_stop(position: Position, price: float) -> bool:
    """At the stop or past it? (Never for a NaN level.)"""
    return price <= position.stop if position.side == LONG else price >= position.stop


def _reaches_target(position: Position, price: float) -> bool:
    """At the target or past it? (Never for a NaN level.)"""
    return price >= position.target if position.side == LONG else price <= position.target


def _levels_held(position: Position, high: float, low: float) -> tuple[bool, bool]:
    """Does a range on the exit side hold the stop, and does it hold the target?"""
    worst, best = (low, high) if position.side == LONG else (high, low)
    return _reaches_stop(position, worst), _reaches_target(position, best)


def _seen_in(position: Position, open_: float, high: float, low: float) -> str:
    """What one finer bar decides: "STOP", "TARGET", "BOTH" when it cannot tell, "" when it reaches neither."""
    hit_stop, hit_target = _levels_held(position, high, low)
    if _reaches_stop(position, open_):
        return "STOP"
    if _reaches_target(position, open_):
        return "TARGET"
    if hit_stop and hit_target:
        return "BOTH"
    return "STOP" if hit_stop else "TARGET" if hit_target else ""
