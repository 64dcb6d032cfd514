"""Records whose years have more days than markets of weekdays have, or fewer."""

import re

import numpy as np
import pytest

from tradeworthy.api.risk_assessment import RiskAssessment
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars

CROSS = {"fast": 3, "slow": 8, "stop_atr": 2.0, "target_atr": 3.0}
DAYS = np.arange(18_000, 18_800)
WEEKDAYS = DAYS[(DAYS - 2) % 7 >= 2]


def bars_on(days: np.ndarray, symbol: str, seed: int = 1, frame: Timeframe = Timeframe.D) -> Bars:
    """One bar a day, of the days since 1970 that are named."""
    close = np.round(1.1 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.01, len(days)))), 5)
    open_ = np.append(close[:1], close[:-1])
    high, low = np.maximum(open_, close) * 1.002, np.minimum(open_, close) * 0.998
    opened = days * DAY_NS
    return Bars(instrument_named(symbol), frame, opened, opened + DAY_NS, open_, high, low, close)


@pytest.mark.parametrize(
    ("every", "horizon", "said"),
    [
        (1, 252, "This record has 365 days a year, so that 252 of them are 8.3 months."),
        (1, 20, "This record has 365 days a year, so that 20 of them are 0.7 months."),
        (2, 252, "This record has 183 days a year, so that 252 of them are 16.6 months."),
    ],
)
def test_a_year_of_other_than_trading_days_is_said_after_the_score(every: int, horizon: int, said: str) -> None:
    found = RiskAssessment(horizon=horizon, paths=2_000, scenarios=(), crises=()).run(
        CROSS, bars_on(DAYS[::every], "BTCUSDT")
    )
    assert re.match(rf"[\d.]+ of 100 futures fall .* within {horizon} trading days", found.executive_summary[0])
    assert found.executive_summary[1] == said


def test_weekdays_are_a_usual_year_and_a_record_without_a_score_has_no_year() -> None:
    usual, short = (
        RiskAssessment(paths=2_000, scenarios=(), crises=()).run(CROSS, bars_on(days, symbol))
        for days, symbol in ((WEEKDAYS, "EUR_USD"), (DAYS[:70], "BTCUSDT"))
    )
    assert usual.score is not None
    assert short.score is None
    assert "days a year" not in " ".join([*usual.executive_summary, *short.executive_summary])


def test_weekends_of_one_market_are_days_of_the_book_on_which_the_other_stands_still() -> None:
    both = {"BTC_USDT_D": CROSS, "EUR_USD_D": CROSS}
    found = RiskAssessment(paths=2_000, scenarios=(), crises=()).run(
        both, {"BTC_USDT_D": bars_on(DAYS, "BTC_USDT"), "EUR_USD_D": bars_on(WEEKDAYS, "EUR_USD", 2)}
    )
    assert "This record has 365 days a year" in found.executive_summary[1]
    first, last = (np.datetime64(day).astype(np.int64) for day in (found.record.first_day, found.record.last_day))
    assert found.record.days == last - first + 1
