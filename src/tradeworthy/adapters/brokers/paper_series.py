"""One series of bars as the paper broker deals on it: the backtest's prices, levels and charges, bar by bar."""

import numpy as np

from tradeworthy.adapters.brokers.paper_trade import Lot, PaperTrade
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.books import Books
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.dealing import Dealing
from tradeworthy.backtest.fills import FillRules
from tradeworthy.market.bars import Bars


class PaperSeries:
    """Prices and money by the very functions of the backtest's kernel (`fill_steps`, `account_steps`)."""

    def __init__(self, bars: Bars, costs: Costs, fills: FillRules, account: Account) -> None:
        from tradeworthy.backtest.account_steps import fee, night_earns
        from tradeworthy.backtest.fill_steps import AT_OPEN, STOP, dealt, level_exit, long_hit, short_hit, slips

        self.bars = bars
        dealing = Dealing.of(bars, costs.spread_of(bars.instrument))
        self._bid, self._ask = dealing.bid, dealing.ask
        self._books = Books.of(bars, costs, account)
        self._charges = self._books.charges
        self._no_least = (*self._charges[:2], 0.0, *self._charges[3:])
        self._rules = fills.switches[3:6]
        self._fee, self._night_earns = fee, night_earns
        self._dealt, self._level_exit, self._slips = dealt, level_exit, slips
        self._hits = {1: long_hit, -1: short_hit}
        self.at_open, self.stop_reason = AT_OPEN, STOP

    def price(self, sign: int, bar: int, *, at_open: bool) -> float:
        """What a market order deals at, slippage included: at the open, or, for one that missed it, at the worse of open and
        close."""
        price = self._dealt(sign > 0, True, bar, self._bid, self._ask)
        if not at_open:
            later = self._dealt(sign > 0, False, bar, self._bid, self._ask)
            price = max(price, later) if sign > 0 else min(price, later)
        return float(price + sign * self._books.slip[bar])

    def level(self, trade: PaperTrade, bar: int) -> tuple[int, float, bool]:
        """How the whole bar leaves a trade: reason (0: not at all), price with slippage, and whether at the open."""
        side = trade.side
        open_, high, low, _, added = self._bid if side > 0 else self._ask
        more = added[bar]
        stop, target = trade.levels_at(int(self.bars.open_time[bar])) if trade.moved else (trade.stop, trade.target)
        reason, price, how = self._level_exit(
            side, open_[bar] + more, high[bar] + more, low[bar] + more, stop, target, *self._rules
        )
        if reason and self._slips(reason):
            price -= side * self._books.slip[bar]
        return reason, float(price), how == self.at_open

    def touched_at(self, trade: PaperTrade, bar: int) -> int:
        """The first bar from this one on that holds a level of the trade or opens past one; the number of bars if none."""
        if trade.moved and trade.moves_after(int(self.bars.open_time[bar])):
            return bar
        levels = (trade.stop, trade.target)
        known, since, until = trade.touched
        if known == levels and since <= bar <= until:
            return until
        _, high, low, _, added = self._bid if trade.side > 0 else self._ask
        found = int(self._hits[trade.side](low, high, added, bar, len(self.bars) - 1, *levels))
        trade.touched = (levels, bar, found)
        return found

    def has_rate(self, bar: int) -> bool:
        """Whether the quote currency could be converted when the bar opened."""
        return bool(np.isfinite(self._books.rate[bar]))

    def rate(self, bar: int) -> float:
        """Account money for one unit of the quote currency, as it was known when the bar opened."""
        return float(self._books.rate[bar])

    def raw_fee(self, units: float, price: float, bar: int) -> float:
        """Of so many units (above zero), in account money, before the least fee of an order."""
        return float(self._fee(units, price, float(self._books.rate[bar]), self._no_least))

    def least_fee(self) -> float:
        """Of an order."""
        return float(self._charges[2])

    def earned(self, side: int, lot: Lot, price: float, bar: int, until_ns: int) -> tuple[float, float]:
        """What a lot leaves when it is closed at that price, less its fee at entry, and the swap in that; account money."""
        rate, units, multiplier = float(self._books.rate[bar]), float(lot.units), self._charges[7]
        nights = self._nights_by(until_ns) - self._nights_by(lot.since_ns)
        swap = units * nights * self._night_earns(side, lot.price, self._charges) * rate
        return units * multiplier * side * (price - lot.price) * rate + swap - lot.fee, swap

    def _nights_by(self, limit_ns: int) -> int:
        """How many nights had counted by then, that moment included."""
        return int(self._books.nights[np.searchsorted(self._books.night, limit_ns, side="right")])
