"""A paper account and the replay that it deals on, moment by moment: whatever changes is durable before it is told."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from tradeworthy.adapters.brokers.paper_book import PaperBook
from tradeworthy.adapters.brokers.paper_changes import Begun, Change, Ended, Moved, Rejected, message_of
from tradeworthy.adapters.brokers.paper_checks import checked, refusal, taken_from
from tradeworthy.adapters.brokers.paper_market import PaperMarket
from tradeworthy.adapters.brokers.paper_series import PaperSeries
from tradeworthy.adapters.brokers.paper_store import Kept, Moment, PaperStore
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.replay_order import CLOSES, CLOSES_AT_ONCE, OPENS, ReplayOrder, Row
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.deals import Leg, OrderStatus
from tradeworthy.core.errors import InputError, JournalError, RefuseError
from tradeworthy.core.messages import ArrivingBar, BarCame, Message
from tradeworthy.core.order import Order
from tradeworthy.market.bar_stretch import BarStretch
from tradeworthy.market.bars import Bars


class PaperReplay:
    """The part of a paper broker that needs no event loop. Arguments as of `PaperVenue`."""

    def __init__(
        self,
        series: Sequence[Bars],
        watched: Mapping[str, int],
        costs: Costs,
        fills: FillRules,
        terms: PaperTerms,
        store: PaperStore,
        begins_ns: int = 0,
        told: Mapping[tuple[str, Timeframe], int] = MappingProxyType({}),
    ) -> None:
        checked(series, watched, fills)
        self.series, self._watched, self._terms, self._store = tuple(series), dict(watched), terms, store
        self.currency = terms.currency.upper() or series[0].instrument.quote
        self.book = PaperBook(self._watched, len(series))
        dealing = {place: self._dealing_on(series[place], costs, fills) for place in set(self._watched.values())}
        self._market = PaperMarket(self.book, dealing, terms, check_entry_bar=fills.check_entry_bar)
        self._order = ReplayOrder(series)
        self._labels = tuple((bars.instrument.symbol, bars.timeframe) for bars in series)
        self._start = self._order.first_at(begins_ns)
        self._rows: Sequence[Row] = ()
        self._rows_from = 0
        self._closes: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._moment: Moment | None = None
        self._row: Row | None = None
        self._is_broken = False
        self._is_told = False
        self._again: list[Change] = []
        self.now_ns = self._order.time_at(self._start)
        self._begin(store.read())
        self._go_on_after(told)

    def rows(self) -> Iterator[Row]:
        """The moments that are still to come, but for those that are passed over meanwhile."""
        while self._start < len(self._order):
            place = self._start - self._rows_from
            if not 0 <= place < len(self._rows):
                self._rows, self._rows_from, place = self._order.rows(self._start), self._start, 0
            self._start += 1
            yield self._rows[place]

    def ahead(self, most: int) -> BarStretch | None:
        """At most so many of the next bars, as long as nothing happens to the account before they close; None where something
        may at once."""
        if any(self.book.waiting):
            return None
        end = min(self._start + 2 * most, len(self._order))
        for place, trades in enumerate(self.book.open_trades):
            if trades:
                bar = self._market.touched_at(place, self._order.bar_at(place, self._start))
                if bar is not None:
                    end = min(end, self._order.next_of(place, bar, self._start))
        numbers = self._order.closes(self._start, end)[:most]
        self._closes = numbers
        return self._order.stretch(numbers, self._labels) if len(numbers) else None

    def took(self, count: int) -> None:
        """So many of the bars that lay ahead have been taken."""
        if count:
            number = int(self._closes[count - 1])
            self._start, self._row, self._is_told = number + 1, self._order.row(number), False
            self.now_ns = self._order.time_at(number)

    def told_again(self) -> list[Message]:
        """The messages of the moment at which the store stands; none for a new account."""
        if self._is_told:
            return []
        return [*_messages(self._again), *([] if self._row is None else self._bar(self._row))]

    def at(self, row: Row) -> list[Message]:
        """Carry out one moment and give what is to be told of it. Raises JournalError where it cannot be kept."""
        self._row, self.now_ns, self._is_told = row, row[0], False
        place = row[2]
        if not (self.book.waiting[place] or self.book.open_trades[place]):
            return self._bar(row)
        if not self.book.waiting[place] and self._market.touched_at(place, row[3]) != row[3]:
            return self._bar(row)
        changes = (self._market.opened if row[1] == OPENS else self._market.closed)(place, row[3])
        return [*self._kept(changes), *self._bar(row)]

    def at_again(self) -> list[Message]:
        """What comes of orders that were sent while the deals of an open were being told; empty when there are no more."""
        row = self._row
        if row is None or row[1] != OPENS or not self.book.waiting[row[2]]:
            return []
        return self._kept(self._market.opened_again(row[2], row[3]))

    def _kept(self, changes: Sequence[Change]) -> list[Message]:
        if changes:
            self._is_broken = True  # until it is kept: the book has it already
            self._store.keep(self._here(), changes, self.now_ns)
            self._is_broken = False
        return _messages(changes)

    def told_until(self, place: int) -> int:
        """How many bars of a series have been told: those of the moments before the one at which it stands."""
        bars = self.series[place]
        if self._row is None:
            return int(np.searchsorted(bars.close_time, self.now_ns, side="left"))
        time_ns, what, at, bar, *_ = self._row
        if at == place:
            return bar + self._is_told
        told = int(np.searchsorted(bars.close_time, time_ns, side="left"))
        while told < len(bars) and bars.close_time[told] == time_ns:
            kind = CLOSES_AT_ONCE if bars.open_time[told] == time_ns else CLOSES
            if (kind, place) > (what, at):
                break
            told += 1
        return told

    def place(self, order: Order) -> str:
        """Take an order, once; the broker's id of it. Raises RefuseError where it is not taken."""
        self.usable()
        known = self.book.orders.get(order.client_id)
        if known is None:
            reason = refusal(order, self.book, self._watched, self.series, self._terms)
            broker_id = self.book.next_broker_id
            live_ns = self.now_ns + self._terms.latency_ns
            self._change(
                Rejected(self.now_ns, order.client_id, broker_id, reason)
                if reason
                else taken_from(order, broker_id, self.now_ns, live_ns)
            )
            known = self.book.orders[order.client_id]
        if known.taken is None:
            raise RefuseError(f"order {order.client_id}: {known.reason}")
        return known.broker_id

    def cancel(self, client_id: str) -> list[Message]:
        """Take back an order or a leg and give the news of it. Raises RefuseError where it is over or not known."""
        self.usable()
        if not self.book.is_working(client_id):
            state = "is over" if self.book.knows(client_id) else "is not known"
            raise RefuseError(f"order {client_id} {state}: it cannot be cancelled")
        filled = self.book.filled(client_id)
        ended = Ended(self.now_ns, client_id, OrderStatus.CANCELLED, "it was asked for", filled)
        self._change(ended)
        return _messages([ended])

    def replace(self, client_id: str, price: float) -> None:
        """Move a leg. Raises RefuseError where it does not rest, or would be dealt at once."""
        self.usable()
        found = self.book.leg(client_id)
        if found is None:
            raise RefuseError(f"order {client_id} is no leg that rests: it cannot be moved")
        trade, leg = found
        if trade.resting[leg] == price:
            return
        market = self._price_on(trade.place)
        side = trade.side if leg is Leg.TARGET else -trade.side
        if market is not None and (price - market) * side <= 0:
            raise RefuseError(f"order {client_id} cannot be moved to {price}: the market is there already")
        self._change(Moved(self.now_ns, client_id, price))

    def _price_on(self, place: int) -> float | None:
        """The newest price of a series; None before its first bar."""
        row = self._row
        if row is not None and row[2] == place:
            return row[5] if row[1] == OPENS else row[8]
        told = self.told_until(place)
        return float(self.series[place].close[told - 1]) if told else None

    def usable(self) -> None:
        """Raises JournalError after a moment that could not be kept."""
        if self._is_broken:
            raise JournalError(
                "paper: its store could not be written, so nobody knows what it holds; make the venue again"
            )

    def _dealing_on(self, bars: Bars, costs: Costs, fills: FillRules) -> PaperSeries:
        rates = self._terms.rates.get(bars.instrument.quote)
        account = Account(balance=self._terms.balance, currency=self.currency, rates=rates)
        return PaperSeries(bars, costs, fills, account)

    def _begin(self, kept: Sequence[Kept]) -> None:
        """A new account, or the one that the store holds."""
        if not kept:
            self._change(Begun(self.now_ns, float(self._terms.balance), self.currency))
            return
        for one in kept:
            for change in one.changes:
                self.book.apply(change)
        held, asked = (self.book.balance_at_first, self.book.currency), (float(self._terms.balance), self.currency)
        if held != asked:
            raise InputError(
                f"paper: the store holds an account that began with {held[0]:,.2f} {held[1]}, and the settings say "
                f"{asked[0]:,.2f} {asked[1]}; set them back, or move the store away to begin a new account"
            )
        self._stand_at(kept[-1].moment)
        self._again = [change for one in kept if one.moment == kept[-1].moment for change in one.changes]

    def _stand_at(self, last: Moment | None) -> None:
        """Go on after that moment; None is before the first."""
        if last is None:
            return
        labels = [bars.label for bars in self.series]
        place = labels.index(last.series) if last.series in labels else -1
        found = self._order.find(last.time_ns, last.what, place)
        if found is None:
            raise InputError(
                f"paper: the store stands at a moment of {last.series} that these bars do not have; bring the bars that it was "
                "made over, or move the store away to begin a new account"
            )
        self._row = self._order.row(found)
        self._start, self.now_ns = found + 1, last.time_ns

    def _go_on_after(self, told: Mapping[tuple[str, Timeframe], int]) -> None:
        """Whoever is served has bars that came after the last change here: in between, nothing happened."""
        found = [
            self._order.find(told[label], what, place)
            for place, label in enumerate(self._labels)
            if label in told
            for what in (CLOSES, CLOSES_AT_ONCE)
        ]
        last = max((index for index in found if index is not None), default=-1)
        if last >= self._start:
            self._start, self._row, self._again = last + 1, self._order.row(last), []
            self.now_ns, self._is_told = self._row[0], True

    def _here(self) -> Moment | None:
        row = self._row
        return None if row is None else Moment(row[0], row[1], self.series[row[2]].label)

    def _bar(self, row: Row) -> list[Message]:
        time_ns, what, place, _, open_ns, open_, high, low, close = row
        if what == OPENS:
            return []
        symbol, timeframe = self._labels[place]
        return [BarCame(time_ns, symbol, timeframe, ArrivingBar(open_ns, time_ns, open_, high, low, close))]

    def _change(self, change: Change) -> None:
        self._store.keep(self._here(), [change], self.now_ns)
        self.book.apply(change)


def _messages(changes: Sequence[Change]) -> list[Message]:
    return [message for change in changes if (message := message_of(change)) is not None]
