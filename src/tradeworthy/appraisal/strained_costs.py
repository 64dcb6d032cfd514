"""Costs in strained markets: the same ones, with the spread so many times as wide."""

from dataclasses import replace

import numpy as np

from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.spreads import Blowout, Spread
from tradeworthy.core.bar import PriceSide
from tradeworthy.core.clock import SECOND_NS, to_datetime
from tradeworthy.market.bars import Bars


def widened(costs: Costs, before: Bars, after: Bars, factor: float) -> Costs:
    """For bars made from others: the spread `factor` times as wide at every hour; of quotes, relative to the price."""
    spread = costs.spread_of(before.instrument)
    if spread.quotes is not None:
        return replace(costs, spread_pips=Spread(quotes=_quotes(spread.quotes, before, after, factor)))
    hours = {hour: factor * pips for hour, pips in spread.by_hour.items()}
    return replace(costs, spread_pips=replace(spread, pips=factor * spread.pips, by_hour=hours))


def _quotes(quotes: tuple[Bars, Bars], before: Bars, after: Bars, factor: float) -> tuple[Bars, Bars]:
    bid, ask = quotes
    half = np.minimum(factor * (ask.close - bid.close) / (2.0 * before.close), 0.99)
    sides = ((PriceSide.BID, 1.0 - half), (PriceSide.ASK, 1.0 + half))
    made = [
        replace(
            after, open=after.open * x, high=after.high * x, low=after.low * x, close=after.close * x, price_side=side
        )
        for side, x in sides
    ]
    return made[0], made[1]


def blown_out(costs: Costs, bars: Bars, first: int, factor: float) -> Costs:
    """From bar `first` on `factor` times as wide. Quotes are what they were, and only cut to the bars."""
    spread = costs.spread_of(bars.instrument)
    if spread.quotes is not None:
        bid, ask = (one.slice(0, len(bars)) for one in spread.quotes)
        return replace(costs, spread_pips=Spread(quotes=(bid, ask)))
    start, end = to_datetime(int(bars.open_time[first])), to_datetime(int(bars.open_time[-1]) + SECOND_NS)
    return replace(costs, spread_pips=replace(spread, blowouts=(*spread.blowouts, Blowout(start, end, factor))))
