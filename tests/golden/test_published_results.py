"""Results that freqtrade published, found again from its own lists of trades.

What each file publishes, and to what digit it is found again:

- freqtrade_brightears (39, 39, 18 and 6 trades): win rate, profit factor, expectancy, expectancy ratio, CAGR, Sharpe,
  Sortino, streaks to 12 digits; SQN to its four decimals; largest drawdown in money and of the account, and Calmar, to
  10 digits (they are differences of balances near 10,000); when the drawdown was deepest, exactly; best and worst day
  in money to 10 digits.
- freqtrade_testdata/backtest-result (179 trades): profit factor, CAGR, drawdowns and their times, as above. It
  publishes no expectancy, SQN or ratio.
- freqtrade_testdata/backtest-result_multistrat (the same 179 trades, twice): drawdowns and their times.

Not found again: the drawdown's beginning in the file with 6 trades, where theirs is the first close and ours the start
of the account, from which both measure it; and "wins 48, draws 122" of the test data, whose trades hold 170 wins, as
its own table of strategies says.
"""

import gzip
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tradeworthy import validation
from tradeworthy.core.clock import DAY_NS
from tradeworthy.validation.curve_measures import Drawdowns
from tradeworthy.validation.trading_days import last_of_each

MILLISECOND_NS = 1_000_000
EARS, DATA = "freqtrade_brightears/backtest-result-2025-10-06_14-", "freqtrade_testdata/backtest-result"
EARS_FILES = [
    f"{EARS}{name}.json.gz"
    for name in ("16-29_SimpleRSI", "16-37_MomentumStrategy", "23-39_BollingerMeanReversionFixed", "23-48_SimpleRSI")
]
DATA_FILES = [f"{DATA}.json.gz", f"{DATA}_multistrat.json.gz"]
BOTH = pytest.mark.parametrize("name", EARS_FILES + DATA_FILES)


class Published:
    """One published backtest: its figures, and its trades in the order in which they closed."""

    def __init__(self, figures: dict[str, Any], trades: list[dict[str, Any]]) -> None:
        trades = sorted(trades, key=lambda trade: int(trade["close_timestamp"]))
        self.figures, self.capital, self.days = figures, float(figures["starting_balance"]), figures["backtest_days"]
        self.pnl = np.array([trade["profit_abs"] for trade in trades])
        self.closed = np.array([int(trade["close_timestamp"]) for trade in trades]) * MILLISECOND_NS

    def curve(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """The balance at the start and at each moment at which trades closed, all of that moment together."""
        ends = last_of_each(self.closed)
        start = int(self.figures["backtest_start_ts"]) * MILLISECOND_NS
        balance = self.capital + np.cumsum(self.pnl)[ends]
        return np.append(self.capital, balance), np.append(start, self.closed[ends])

    def drawdowns(self) -> Drawdowns:
        """Of that curve."""
        found = validation.drawdowns(*self.curve())
        assert found is not None
        return found


def load(shared: Path, name: str) -> list[Published]:
    """Every backtest of a file. Some files have one strategy beside its trades, others hold several with theirs."""
    with gzip.open(shared / "data" / "oracles" / name) as file:
        content = json.load(file)
    if "metrics" in content:
        return [Published(content["metrics"], content["trades"])]
    return [Published(figures, figures["trades"]) for figures in content["strategy"].values()]


def known(number: float | None) -> float:
    """A number that there has to be."""
    assert number is not None
    return number


@pytest.mark.parametrize("name", EARS_FILES)
def test_measures_of_trades_are_the_published_ones(shared: Path, name: str) -> None:
    (result,) = load(shared, name)
    figures, pnl = result.figures, result.pnl
    assert len(pnl) == figures["total_trades"]
    assert validation.win_rate(pnl) == pytest.approx(figures["winrate"], rel=1e-12)
    for measure in ("profit_factor", "expectancy", "expectancy_ratio"):
        assert getattr(validation, measure)(pnl) == pytest.approx(figures[measure], rel=1e-12), measure
    assert validation.longest_winning_streak(pnl) == figures["max_consecutive_wins"]
    assert validation.longest_losing_streak(pnl) == figures["max_consecutive_losses"]
    assert round(known(validation.sqn(pnl / result.capital)), 4) == figures["sqn"]


def test_the_profit_factor_of_179_trades_is_the_published_one(shared: Path) -> None:
    (result,) = load(shared, DATA_FILES[0])
    assert validation.profit_factor(result.pnl) == pytest.approx(result.figures["profit_factor"], rel=1e-12)


@BOTH
def test_drawdowns_over_closed_trades_are_the_published_ones(shared: Path, name: str) -> None:
    for result in load(shared, name):
        found, figures = result.drawdowns(), result.figures
        assert found.money == pytest.approx(figures["max_drawdown_abs"], rel=1e-10)
        assert found.fraction == pytest.approx(figures["max_drawdown_account"], rel=1e-10)
        assert known(found.trough_ns) == int(figures["drawdown_end_ts"]) * MILLISECOND_NS
        if figures["max_drawdown_high"] > 0:
            assert known(found.peak_ns) == int(figures["drawdown_start_ts"]) * MILLISECOND_NS
        else:
            assert known(found.peak_ns) == int(figures["backtest_start_ts"]) * MILLISECOND_NS


@pytest.mark.parametrize("name", [*EARS_FILES, DATA_FILES[0]])
def test_growth_is_the_published_one_in_whole_days_and_years_of_365(shared: Path, name: str) -> None:
    (result,) = load(shared, name)
    balances = [result.capital, result.capital + result.pnl.sum()]
    growth = validation.cagr(balances, [0, result.days * DAY_NS], year_days=365)
    assert growth == pytest.approx(result.figures["cagr"], rel=1e-12)


@pytest.mark.parametrize("name", EARS_FILES)
def test_their_sharpe_is_that_of_a_trade_times_trades_a_day_as_if_each_were_a_day(shared: Path, name: str) -> None:
    (result,) = load(shared, name)
    a_day = len(result.pnl) / result.days
    of_a_trade = known(validation.sharpe_ratio(result.pnl / result.capital, periods=365, ddof=0))
    assert a_day * of_a_trade == pytest.approx(result.figures["sharpe"], rel=1e-12)


@pytest.mark.parametrize("name", EARS_FILES)
def test_their_sortino_divides_by_how_losses_differ_from_each_other(shared: Path, name: str) -> None:
    (result,) = load(shared, name)
    shares = result.pnl / result.capital
    spread = known(validation.annual_volatility(shares[shares < 0], periods=1, ddof=0))
    a_day = len(shares) / result.days * known(validation.expectancy(shares))
    assert a_day / spread * math.sqrt(365) == pytest.approx(result.figures["sortino"], rel=1e-12)


@pytest.mark.parametrize("name", EARS_FILES)
def test_their_calmar_is_percent_a_day_times_the_root_of_365_over_a_fraction(shared: Path, name: str) -> None:
    (result,) = load(shared, name)
    a_day = 100 * result.pnl.sum() / result.capital / result.days
    assert a_day * math.sqrt(365) / result.drawdowns().fraction == pytest.approx(result.figures["calmar"], rel=1e-10)


@pytest.mark.parametrize("name", EARS_FILES)
def test_the_best_and_worst_day_in_money_are_the_published_ones(shared: Path, name: str) -> None:
    (result,) = load(shared, name)
    daily = validation.daily_returns(result.capital + np.cumsum(result.pnl), result.closed, result.capital)
    assert daily is not None
    money = np.diff(daily.level)
    assert money.max() == pytest.approx(result.figures["backtest_best_day_abs"], rel=1e-10)
    assert money.min() == pytest.approx(result.figures["backtest_worst_day_abs"], rel=1e-10)


def test_the_test_data_hold_as_many_wins_as_their_table_says(shared: Path) -> None:
    (result,) = load(shared, DATA_FILES[0])
    with gzip.open(shared / "data" / "oracles" / DATA_FILES[0]) as file:
        row = json.load(file)["strategy_comparison"][0]
    assert known(validation.win_rate(result.pnl)) * len(result.pnl) == pytest.approx(row["wins"])
