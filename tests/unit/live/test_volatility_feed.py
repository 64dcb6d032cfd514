"""Volatility kept bar by bar is that of the columns, to the last bit."""

import math

import msgspec
import numpy as np
import pytest

from support.markets import random_walk
from tradeworthy.backtest.chances import ATR_PERIOD as PERIOD_OF_BACKTEST
from tradeworthy.backtest.volatility_loops import deviation_at, range_share_loop
from tradeworthy.controls.volatility_levels import levels_at
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.errors import InputError
from tradeworthy.live.volatility_feed import ATR_PERIOD, VolatilityFeed


def test_every_bar_has_the_level_and_the_volatility_of_the_columns_up_to_it() -> None:
    bars, window = random_walk(700, 3), 40
    shares = np.empty(len(bars))
    range_share_loop(bars.high, bars.low, bars.close, ATR_PERIOD, shares)
    places = np.arange(len(bars))
    levels, deviations = levels_at(shares, places), np.empty(len(bars))
    deviation_at(bars.close, places, window, deviations)
    feed, compared = VolatilityFeed(window), 0
    for t in range(len(bars)):
        if t % 97 == 0:
            feed = VolatilityFeed.resumed(msgspec.msgpack.decode(msgspec.msgpack.encode(feed.saved())), window)
        before, feed = feed, feed.copy()
        was = before.saved()
        feed.update(bars.high[t], bars.low[t], bars.close[t], int(bars.close_time[t]))
        assert before.saved() == was
        assert feed.level == levels[t], t
        years = (bars.close_time[t] - bars.close_time[0]) / (365.25 * DAY_NS)
        if math.isnan(deviations[t]):
            assert math.isnan(feed.annual)
        else:
            assert feed.annual == deviations[t] * np.sqrt(t / years), t
            compared += 1
    assert compared > 600
    assert len(set(levels.tolist())) >= 4
    assert ATR_PERIOD == PERIOD_OF_BACKTEST


def test_a_damaged_or_other_volatility_is_not_taken_up() -> None:
    saved = VolatilityFeed(40).saved()
    with pytest.raises(InputError, match="other settings"):
        VolatilityFeed.resumed(saved, 60)
    with pytest.raises(InputError, match="damaged"):
        VolatilityFeed.resumed({**saved, "memory": None}, 40)
