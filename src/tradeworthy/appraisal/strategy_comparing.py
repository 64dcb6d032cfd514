"""One strategy of a desk against its backtest: the money of every trade at any moment, by its parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tradeworthy.appraisal.attributed import Money, Part, TradeAttribution, TradeSeen
from tradeworthy.appraisal.backtest_stages import stages_of
from tradeworthy.appraisal.compared_trade import ComparedTrade, Mark, live_value
from tradeworthy.appraisal.desk_record import LiveTrade, WatchedStrategy
from tradeworthy.appraisal.market_then import MarketThen
from tradeworthy.appraisal.one_sided import Cause, why_not_live, why_only_live
from tradeworthy.appraisal.reference_trades import Key, ReferenceTrade, left_by
from tradeworthy.market.bars import Bars

_DUST = 1e-9
_ALWAYS = 2**62
_NO_CAUSE = Cause(None)


@dataclass(frozen=True, slots=True)
class Day:
    """A trading day: its first and its last moment, and the end of the trading day before that is compared (0 for none)."""

    date: str
    begins_ns: int
    ends_ns: int
    before_ns: int


class StrategyComparison:
    """Raises NotEnoughData and InputError as `run_backtest` does."""

    def __init__(self, one: WatchedStrategy) -> None:
        self.one = one
        self.stages = stages_of(one)
        self._multiplier = float(one.stored.instrument.multiplier)
        self.live: Mapping[Key, LiveTrade] = {(trade.decided_ns, trade.side): trade for trade in one.trades}

    def trades_in(self, day: Day) -> Iterator[TradeAttribution]:
        """Every trade that moved money on either side in the day, oldest first."""
        for key, (first, last) in self._spans.items():
            if first >= day.ends_ns or last < day.before_ns:
                continue
            now, before = self._money(key, day.ends_ns), self._money(key, day.before_ns)
            money = _less(now, before)
            if self._begins_or_ends(key, day) or _moves(money):
                yield self._told(key, money)

    def pairs(self) -> Iterator[tuple[LiveTrade, ReferenceTrade | None]]:
        """Every closed trade of the desk with what the backtest under the book's costs made of it, oldest exit first."""
        closed = [one for one in self.one.trades if one.closed_ns is not None]
        for one in sorted(closed, key=lambda one: one.closed_ns or 0):
            yield one, self.stages.expected.get((one.decided_ns, one.side))

    @cached_property
    def _spans(self) -> dict[Key, tuple[int, int]]:
        """By trade, from which moment until which it may move money, on any side."""
        ends: dict[Key, int] = {}
        for _, trades in self.stages.steps:
            for key, ref in trades.items():
                ends[key] = max(ends.get(key, 0), _ALWAYS if ref.exit_ns is None else ref.exit_ns)
        for key, live in self.live.items():
            end = live.lost_ns or live.closed_ns
            ends[key] = max(ends.get(key, 0), _ALWAYS if end is None else end)
        return {key: (key[0], ends[key]) for key in sorted(ends)}

    def _money(self, key: Key, moment_ns: int) -> Money:
        """Of one trade from its beginning up to a moment."""
        if moment_ns <= key[0]:
            return Money()
        stored, dealt = self._mark(self.one.stored, moment_ns), self._mark(self.stages.bars.dealt, moment_ns)
        parts: dict[Part, float] = {}
        values = []
        mark = stored
        for part, trades in self.stages.steps:
            mark = dealt if part in {Part.DATA, Part.GAP} else stored
            ref = trades.get(key)
            values.append(0.0 if ref is None else ref.value(moment_ns, mark.price, mark.rate, self._multiplier))
            if part is not None:
                parts[part] = values[-1] - values[-2]
        expected = self.stages.expected.get(key)
        live = self._booked(key, dealt)
        for part, value in self._executed(key, dealt, values[-1], live).items():
            parts[part] = parts.get(part, 0.0) + value
        told = 0.0 if expected is None else expected.value(moment_ns, stored.price, stored.rate, self._multiplier)
        return Money(values[0], told, live, parts)

    def _executed(self, key: Key, mark: Mark, reference: float, booked: float) -> Mapping[Part, float]:
        """What separates the desk from the last backtest."""
        live, ref = self.live.get(key), self.stages.last.get(key)
        if live is not None and ref is not None:
            return self._compared(live, ref).parts(mark)
        part = self._causes.get(key, _NO_CAUSE).part
        if part is None:
            return {}
        value = -reference if live is None else self._revalued(live, mark)
        return {part: value} if value or booked else {}

    def _compared(self, live: LiveTrade, ref: ReferenceTrade) -> ComparedTrade:
        return ComparedTrade(live, ref, self._market, self._multiplier, self.one.fills.stops_from == "fill")

    def _revalued(self, live: LiveTrade, mark: Mark) -> float:
        return live_value(live, mark, self._multiplier)

    def _booked(self, key: Key, mark: Mark) -> float:
        """What the desk itself says that a trade made, once it is closed; what its deals are worth until then."""
        live = self.live.get(key)
        if live is None:
            return 0.0
        closed = live.pnl is not None and all(
            left_by(one.time_ns, mark.moment_ns, is_leg=bool(one.leg)) for one in live.exits
        )
        return live.pnl if closed and live.pnl is not None else self._revalued(live, mark)

    @cached_property
    def _market(self) -> MarketThen:
        return MarketThen(self.stages.bars, self.one.latency)

    @cached_property
    def _causes(self) -> dict[Key, Cause]:
        """Of trades that only one of the last backtest and the desk has."""
        last, live = self.stages.last, self.live
        mine = {key: why_not_live(self.one, ref, last) for key, ref in last.items() if key not in live}
        return mine | {key: why_only_live(self.one, one, self.stages) for key, one in live.items() if key not in last}

    def _mark(self, bars: Bars, moment_ns: int) -> Mark:
        known = int(np.searchsorted(bars.close_time, moment_ns, side="right"))
        price = float(bars.close[max(known, 1) - 1])
        return Mark(moment_ns, price, self._rate(price, moment_ns), self.one.rate_at(moment_ns))

    def _rate(self, price: float, moment_ns: int) -> float:
        """As the backtest converts: by the last close of the pair."""
        account, instrument = self.one.account, self.one.stored.instrument
        rates = account.rates
        if isinstance(rates, Bars):
            known = int(np.searchsorted(rates.close_time, moment_ns, side="right"))
            close = float(rates.close[max(known, 1) - 1])
            return close if rates.instrument.base == instrument.quote else 1.0 / close
        if rates is not None:
            return float(rates)
        return 1.0 if account.currency_for(self.one.stored) == instrument.quote else 1.0 / price

    def _begins_or_ends(self, key: Key, day: Day) -> bool:
        live, ref = self.live.get(key), self.stages.expected.get(key)
        moments = [one.time_ns for one in (*live.entries, *live.exits)] if live is not None else []
        moments += [] if ref is None else [ref.entry_ns, ref.exit_ns or ref.entry_ns]
        return any(max(day.before_ns, day.begins_ns) <= one < day.ends_ns for one in moments)

    def _told(self, key: Key, money: Money) -> TradeAttribution:
        live, ref = self.live.get(key), self.stages.expected.get(key)
        cause = self._causes.get(key, _NO_CAUSE)
        last = self.stages.last.get(key)
        why = _unlike(live, last) if live and last and not money.is_explained else cause.why
        return TradeAttribution(
            self.one.name, self.one.stored.instrument.symbol, "long" if key[1] > 0 else "short", key[0],
            None if live is None else _live_seen(live), None if ref is None else _reference_seen(ref), money, cause.check,
            cause.follows, why,
        )  # fmt: skip


def _unlike(live: LiveTrade, ref: ReferenceTrade) -> str:
    """How the two ends of a trade differ that no part explains."""
    if live.reason is None and ref.exit_ns is not None:
        return f"the backtest left it by {ref.reason}, and the desk has heard of no exit"
    if live.reason is not None and ref.exit_ns is None:
        return f"the desk left it by {live.reason}, and the backtest still holds it"
    if live.reason != ref.reason:
        return f"the desk left it by {live.reason}, and the backtest by {ref.reason}"
    return "its deals do not make what was booked, or were made where the bars do not go"


def _live_seen(one: LiveTrade) -> TradeSeen:
    units = sum(deal.units for deal in one.entries)
    mean = sum(deal.units * deal.price for deal in one.entries) / units if units else 0.0
    out = sum(deal.units for deal in one.exits)
    left = sum(deal.units * deal.price for deal in one.exits) / out if out else None
    return TradeSeen(one.entries[0].time_ns, mean, one.closed_ns, left, units, one.reason)


def _reference_seen(one: ReferenceTrade) -> TradeSeen:
    out = None if one.exit_ns is None else one.exit_price
    return TradeSeen(
        one.entry_ns, one.entry_price, one.exit_ns, out, one.units, None if one.exit_ns is None else one.reason
    )


def _less(now: Money, before: Money) -> Money:
    parts = {part: value - before.parts.get(part, 0.0) for part, value in now.parts.items()}
    parts |= {part: -value for part, value in before.parts.items() if part not in parts}
    return Money(
        now.frictionless - before.frictionless, now.expected - before.expected, now.live - before.live,
        {part: value for part, value in parts.items() if value},
    )  # fmt: skip


def _moves(money: Money) -> bool:
    values = (money.frictionless, money.expected, money.live, *money.parts.values())
    return any(abs(one) > _DUST for one in values)
