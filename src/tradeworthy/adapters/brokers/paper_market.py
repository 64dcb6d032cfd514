"""What happens on one series at a bar's open and at its close, in the order of docs/paper.md."""

from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from tradeworthy.adapters.brokers.paper_book import PaperBook, PaperOrder
from tradeworthy.adapters.brokers.paper_changes import Change, Closing, Dealt, Ended, Opening, Taken
from tradeworthy.adapters.brokers.paper_series import PaperSeries
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_trade import PaperTrade
from tradeworthy.core.deals import NOTHING, Leg, OrderStatus


class PaperMarket:
    """Deals for the orders and legs in `book`. Every change is taken into the book at once; the caller makes it durable before
    anybody is told."""

    def __init__(
        self, book: PaperBook, series: Mapping[int, PaperSeries], terms: PaperTerms, *, check_entry_bar: bool
    ) -> None:
        self._book = book
        self._series = series
        self._terms = terms
        self._check_entry_bar = check_entry_bar
        self._changes: list[Change] = []

    def touched_at(self, place: int, bar: int) -> int | None:
        """The first bar from this one on in which a leg may be dealt; None where there is none."""
        series = self._series[place]
        touched = [series.touched_at(trade, bar) for trade in self._book.open_trades[place].values() if trade.resting]
        first = min(touched, default=len(series.bars))
        return first if first < len(series.bars) else None

    def opened(self, place: int, bar: int) -> list[Change]:
        """Orders at market, exits first, then what opens beyond a level."""
        series, self._changes = self._series[place], []
        time_ns = int(series.bars.open_time[bar])
        for order, taken in self._in_turn(place):
            if taken.live_ns <= time_ns:
                self._attempt(order, taken, series, bar, at_open=True)
        for trade in [*self._book.open_trades[place].values()]:
            if trade.from_ns <= time_ns:
                self._levels(trade, series, bar, only_at_open=True)
        return self._changes

    def opened_again(self, place: int, bar: int) -> list[Change]:
        """Orders that came while the deals of this open were being told, such as an entry that waited for an exit."""
        series, self._changes = self._series[place], []
        time_ns = int(series.bars.open_time[bar])
        for order, taken in self._in_turn(place):
            if taken.live_ns <= time_ns and taken.price is None and order.left == taken.units:
                self._attempt(order, taken, series, bar, at_open=True)
        for trade in [*self._book.open_trades[place].values()] if self._changes else ():
            if trade.from_ns <= time_ns:
                self._levels(trade, series, bar, only_at_open=True)
        return self._changes

    def closed(self, place: int, bar: int) -> list[Change]:
        """Legs against the bar's range, then orders that were on their way when the bar opened."""
        series, self._changes = self._series[place], []
        open_ns, close_ns = int(series.bars.open_time[bar]), int(series.bars.close_time[bar])
        for trade in [*self._book.open_trades[place].values()]:
            if trade.from_ns <= open_ns:
                self._levels(trade, series, bar, only_at_open=False)
        for order, taken in self._in_turn(place):
            if taken.time_ns <= open_ns < taken.live_ns <= close_ns:
                self._attempt(order, taken, series, bar, at_open=False)
        return self._changes

    def _do(self, change: Change) -> None:
        self._book.apply(change)
        self._changes.append(change)

    def _in_turn(self, place: int) -> list[tuple[PaperOrder, Taken]]:
        waiting = [(order, order.taken) for order in self._book.waiting[place].values() if order.taken is not None]
        return sorted(waiting, key=lambda pair: not pair[1].reduce_only)

    def _attempt(self, order: PaperOrder, taken: Taken, series: PaperSeries, bar: int, *, at_open: bool) -> None:
        """Deal an order as far as its limit, its part and its trade allow."""
        if order.status.is_over:
            return  # the trade that it was to close, or went on opening, was closed a moment ago
        time_ns = int((series.bars.open_time if at_open else series.bars.close_time)[bar])
        held = sum((trade.units for trade in self._book.closable(taken)), NOTHING) if taken.reduce_only else NOTHING
        if taken.reduce_only and not held:
            self._end(order.client_id, OrderStatus.CANCELLED, "nothing is left to close", time_ns)
            return
        if not taken.reduce_only and not series.has_rate(bar):
            reason = f"no rate from {series.bars.instrument.quote} into the account's currency is known yet"
            self._end(order.client_id, OrderStatus.REJECTED, reason, time_ns)
            return
        price = series.price(taken.sign, bar, at_open=at_open)
        if taken.price is None or taken.sign * (price - taken.price) <= 0:
            is_first = order.left == taken.units
            units = self._terms.part(order.client_id, order.left, series.bars.instrument, is_first=is_first)
            if taken.reduce_only:
                self._close(order, taken, series, bar, (min(abs(units), held), price, time_ns, at_open))
            else:
                self._open(order, taken, series, bar, (units, price, time_ns, at_open))
        self._expire(order, taken, series, bar, time_ns)

    def _expire(self, order: PaperOrder, taken: Taken, series: PaperSeries, bar: int, time_ns: int) -> None:
        if order.status.is_over or self._terms.expiry is None:
            return
        first = int(np.searchsorted(series.bars.open_time, taken.time_ns))
        if bar - first + 1 >= self._terms.expiry:
            self._end(order.client_id, OrderStatus.EXPIRED, f"it waited for {self._terms.expiry} bars", time_ns)

    def _open(
        self, order: PaperOrder, taken: Taken, series: PaperSeries, bar: int, deal: tuple[Decimal, float, int, bool]
    ) -> None:
        units, price, time_ns, at_open = deal
        open_ns = int(series.bars.open_time[bar])
        counts = at_open and self._check_entry_bar
        stop = _level(price, -taken.sign, taken.stop_distance, taken.stop)
        target = _level(price, taken.sign, taken.target_distance, taken.target)
        opening = Opening(time_ns - (not at_open), open_ns if counts else open_ns + 1, stop, target)
        raw, fee = self._fee(order, series, float(abs(units)), price, bar)
        self._do(
            Dealt(
                time_ns=time_ns, client_id=order.client_id, fill_id=self._book.next_fill_id, units=units, price=price,
                fee=fee, raw_fee=raw, opening=opening, rate=series.rate(bar),
            )
        )  # fmt: skip

    def _close(
        self, order: PaperOrder, taken: Taken, series: PaperSeries, bar: int, deal: tuple[Decimal, float, int, bool]
    ) -> None:
        left, price, time_ns, at_open = deal
        closings = []
        for trade in self._book.closable(taken):
            units = min(left, trade.units)
            if units:
                closings.append((trade, units))
                left -= units
        total = sum((units for _, units in closings), NOTHING)
        raw, fee = self._fee(order, series, float(total), price, bar)
        self._book_exit(order.client_id, closings, series, bar, (price, time_ns, at_open, raw, fee))
        if not order.status.is_over and not any(trade.lots for trade in self._book.closable(taken)):
            self._end(order.client_id, OrderStatus.CANCELLED, "nothing is left to close", time_ns)

    def _levels(self, trade: PaperTrade, series: PaperSeries, bar: int, *, only_at_open: bool) -> None:
        """One look at the whole bar, as the backtest takes it; at the open only what that look says of the open is told."""
        if not trade.resting or not trade.lots:
            return
        reason, price, at_open = series.level(trade, bar)
        if not reason or (only_at_open and not at_open):
            return
        at_open = only_at_open  # what the open decided and was not told then: a leg was cancelled since
        time_ns = int((series.bars.open_time if at_open else series.bars.close_time)[bar])
        leg = Leg.STOP if reason == series.stop_reason else Leg.TARGET
        raw = series.raw_fee(float(trade.units), price, bar)
        costs = price, time_ns, at_open, raw, max(series.least_fee(), raw)
        self._book_exit(leg.of(trade.entry_id), [(trade, trade.units)], series, bar, costs)

    def _book_exit(
        self,
        client_id: str,
        closings: list[tuple[PaperTrade, Decimal]],
        series: PaperSeries,
        bar: int,
        deal: tuple[float, int, bool, float, float],
    ) -> None:
        price, time_ns, at_open, raw, fee = deal
        lots = [(trade.side, lot) for trade, units in closings for lot in trade.split(units)[0]]
        earned = [series.earned(side, lot, price, bar, time_ns - (not at_open)) for side, lot in lots]
        units = sum((-lot.units if side > 0 else lot.units for side, lot in lots), NOTHING)
        self._do(
            Dealt(
                time_ns=time_ns, client_id=client_id, fill_id=self._book.next_fill_id, units=units, price=price, fee=fee,
                raw_fee=raw, closings=tuple(Closing(trade.entry_id, units) for trade, units in closings),
                pnl=sum(left for left, _ in earned) - fee, swap=sum(swap for _, swap in earned), rate=series.rate(bar),
            )
        )  # fmt: skip
        for trade, _ in closings:
            if not trade.lots:
                self._wind_up(trade, time_ns)

    def _wind_up(self, trade: PaperTrade, time_ns: int) -> None:
        """A trade is closed: nothing rests for it any more, and nothing may open it again."""
        for leg in [*trade.resting]:
            self._end(leg.of(trade.entry_id), OrderStatus.CANCELLED, "the trade is closed", time_ns)
        for order, taken in self._in_turn(trade.place):
            if trade.entry_id in {order.client_id, taken.closes}:
                self._end(order.client_id, OrderStatus.CANCELLED, "the trade is closed", time_ns)

    def _end(self, client_id: str, status: OrderStatus, reason: str, time_ns: int) -> None:
        self._do(Ended(time_ns, client_id, status, reason, self._book.filled(client_id)))

    def _fee(self, order: PaperOrder, series: PaperSeries, units: float, price: float, bar: int) -> tuple[float, float]:
        """Before the least fee, and what is charged: an order pays the least fee once, however many deals it takes."""
        raw = series.raw_fee(units, price, bar)
        return raw, max(series.least_fee(), order.raw_fee + raw) - order.charged


def _level(base: float, sign: int, distance: float | None, given: float | None) -> float | None:
    return given if distance is None else base + sign * distance
