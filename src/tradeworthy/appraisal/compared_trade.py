"""One trade that both sides have: the backtest's and the desk's, and what separates their money at any moment.

The money of the desk follows from that of the backtest by one change after the other, so that what separates them adds up:
units, price of each entry deal, price of each exit deal, conversion, fees.
"""

from dataclasses import dataclass
from functools import cached_property

from tradeworthy.appraisal.attributed import Part
from tradeworthy.appraisal.desk_record import LiveDeal, LiveTrade
from tradeworthy.appraisal.market_then import MarketThen, Split
from tradeworthy.appraisal.reference_trades import ReferenceTrade, left_by
from tradeworthy.backtest.trades import ExitReason

_OWN = frozenset({ExitReason.STOP, ExitReason.TARGET, ExitReason.SIGNAL})
_NEVER = 2**62
_SAME = 1e-12
"""Prices that differ by less are one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment at which open trades are valued. price: the last close. rate: as the backtest has it; live_rate: as the desk."""

    moment_ns: int
    price: float
    rate: float
    live_rate: float


@dataclass(frozen=True, eq=False)
class ComparedTrade:
    """multiplier: of the contract. moves_levels: stop and target are measured from the fill."""

    live: LiveTrade
    reference: ReferenceTrade
    market: MarketThen
    multiplier: float
    moves_levels: bool

    def parts(self, mark: Mark) -> Split:
        """Account money that separates the desk from the backtest at that moment, by its parts."""
        ref, live = self.reference, self.live
        entries, exits = deals_by(live, mark.moment_ns)
        is_lost = bool(live.lost_ns) and live.lost_ns < mark.moment_ns
        if is_lost or not entries or not ref.entered(mark.moment_ns):
            missing = self.live_value(mark) - ref.value(mark.moment_ns, mark.price, mark.rate, self.multiplier)
            return {Part.INTERVENTION if is_lost else self._entry_cause: missing} if missing else {}
        closed = ref.closed(mark.moment_ns)
        out, rate = (ref.exit_price, ref.rate) if closed else (mark.price, mark.rate)
        each = self.multiplier * live.side
        units = sum(one.units for one in entries)
        found: Split = {Part.SIZE: (units - ref.units) * each * (out - ref.entry_price) * rate}
        for one in entries:
            _add(found, self._entry_split(one), -one.units * each * rate)
        for one in exits:
            _add(found, self._exit_split(one, out, closed=closed), one.units * each * rate)
        left = units - sum(one.units for one in exits)
        if left and mark.price != out:
            _add(found, self._whole(mark.price - out), left * each * rate)
        mean = _mean_price(entries)
        turned = sum(one.units * (one.price - mean) * (one.rate - rate) for one in exits)
        turned += left * (mark.price - mean) * (mark.live_rate - rate) if left else 0.0
        found[Part.CONVERSION] = each * turned
        fees = ref.fees if closed else ref.entry_fee
        found[Part.FEES] = fees - sum(one.fee for one in (*entries, *exits)) - (ref.swap if closed else 0.0)
        return found

    def live_value(self, mark: Mark) -> float:
        """Account money of the desk's side, by its deals."""
        return live_value(self.live, mark, self.multiplier)

    def _entry_split(self, one: LiveDeal) -> Split:
        ref = self.reference
        difference = one.price - ref.entry_price
        return self.market.split(difference, ref.side > 0, one, ref.entry_bar, decided_late=False)

    @cached_property
    def _entry_cause(self) -> Part:
        """The largest part of what separates the entries."""
        found: Split = {}
        for one in self.live.entries:
            _add(found, self._entry_split(one), one.units)
        return max(found, key=lambda part: abs(found[part]), default=Part.LATENCY)

    @cached_property
    def _entries_differ(self) -> bool:
        """In price, or in time: what one side was not yet in could not hit it."""
        ref = self.reference
        return any(one.time_ns != ref.entry_ns or abs(one.price - ref.entry_price) > _SAME for one in self.live.entries)

    def _exit_split(self, one: LiveDeal, out: float, *, closed: bool) -> Split:
        ref, difference = self.reference, one.price - out
        if not closed and one.time_ns >= int(self.market.bars.dealt.close_time[-1]):
            return {Part.PENDING: difference}
        if not closed or self.live.is_moved or self.live.reason not in {None, *_OWN}:
            return self._whole(difference)
        if one.leg and one.leg == ref.reason and one.time_ns == ref.exit_ns:
            return self._level_split(difference)
        if one.leg and one.leg == ref.reason and self._opened_beyond(one):
            return {Part.GAP: difference}
        if not one.leg and ref.reason == ExitReason.SIGNAL:
            late = ref.exit_bar > 0 and self.market.lacked(ref.exit_bar - 1)
            return self.market.split(difference, ref.side < 0, one, ref.exit_bar, decided_late=late)
        return self._whole(difference)

    def _opened_beyond(self, one: LiveDeal) -> bool:
        """Whether the desk was left at the open of the bar that the backtest left at its level, and the level was the same."""
        ref = self.reference
        at_open = int(self.market.bars.dealt.open_time[ref.exit_bar]) == one.time_ns
        return at_open and ref.at_level and not self._entries_differ

    def _level_split(self, difference: float) -> Split:
        """Both were left by one level in one bar: a level that moved with the fill carries what moved the fill, and the rest is
        slippage, or the gap to an open beyond the level where the backtest deals at the level even then."""
        ref, first = self.reference, self.live.entries[0]
        opened_beyond = ref.at_level and ref.exit_ns == int(self.market.bars.dealt.open_time[ref.exit_bar])
        rest = Part.GAP if opened_beyond else Part.SLIPPAGE
        shift = first.price - ref.entry_price
        if not (self.moves_levels and ref.at_level) or not shift:
            return {rest: difference}
        found = dict(self._entry_split(first))
        found[rest] = found.get(rest, 0.0) + difference - shift
        return found

    def _whole(self, difference: float) -> Split:
        """An exit that only one side has, or that each has at another time and for another reason."""
        cause = self._exit_cause
        return {} if cause is None or not difference else {cause: difference}

    @cached_property
    def _exit_cause(self) -> Part | None:
        live, ref = self.live, self.reference
        if live.is_moved or live.lost_ns or (live.reason is not None and live.reason not in _OWN):
            return Part.INTERVENTION
        if self.market.lacked(ref.exit_bar) or (ref.exit_bar > 0 and self.market.lacked(ref.exit_bar - 1)):
            return Part.GAP
        if self._entries_differ:
            return self._entry_cause
        if ref.reason == ExitReason.SIGNAL:
            return Part.LATENCY
        return None


def live_value(live: LiveTrade, mark: Mark, multiplier: float) -> float:
    """Account money of a desk's trade at a moment, by its deals: what it left, and what is open at the mark."""
    entries, exits = deals_by(live, mark.moment_ns)
    if not entries:
        return 0.0
    mean, each = _mean_price(entries), multiplier * live.side
    money = sum(one.units * each * (one.price - mean) * one.rate for one in exits)
    left = sum(one.units for one in entries) - sum(one.units for one in exits)
    if left and not (live.lost_ns and live.lost_ns < mark.moment_ns):
        money += left * each * (mark.price - mean) * mark.live_rate
    return money - sum(one.fee for one in (*entries, *exits))


def deals_by(live: LiveTrade, moment_ns: int) -> tuple[list[LiveDeal], list[LiveDeal]]:
    """Deals of the entry and of the exits up to the end of a day. A part that is dealt at the open after it, and left in the same
    moment by a stop that belongs to this day, belongs to it too. What is dealt after it was written off is not the desk's."""
    until = live.lost_ns or _NEVER
    left = [one for one in live.exits if left_by(one.time_ns, moment_ns, is_leg=bool(one.leg))]
    exits = [one for one in left if one.time_ns < until]
    last = moment_ns if exits else moment_ns - 1
    return [one for one in live.entries if one.time_ns <= last], exits


def _mean_price(entries: list[LiveDeal]) -> float:
    first = entries[0].price
    if all(one.price == first for one in entries):
        return first
    return sum(one.units * one.price for one in entries) / sum(one.units for one in entries)


def _add(found: Split, more: Split, times: float) -> None:
    for part, difference in more.items():
        found[part] = found.get(part, 0.0) + times * difference
