"""What a system can lose, in one object: simulated futures, ratios, and checks of its sizes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.api.risk_markets import Reading, seen_as
from tradeworthy.api.risk_members import Trading, members_given
from tradeworthy.api.risk_trades import trades_given
from tradeworthy.appraisal.days_of_book import BookDays, least_trades
from tradeworthy.appraisal.loss_potential import DrawdownPotential, drawdown_potential
from tradeworthy.appraisal.open_exposure import BookExposure, book_exposure
from tradeworthy.appraisal.risk_assessing import one_risk
from tradeworthy.appraisal.risk_days import days_at_risk, traded_at_risk
from tradeworthy.appraisal.sizing_rules import RISK_PER_TRADE, risk_of, sizes_of, sizing_verdict
from tradeworthy.appraisal.stop_costs import StopLosses, stops_of_book
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.result import Result
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, positive, shown, whole_number
from tradeworthy.risk.drawdown_scoring import TRADES_NEEDED, drawdown_score
from tradeworthy.risk.observations import count, of_kind, share
from tradeworthy.risk.paths_kept import wealth_paths
from tradeworthy.risk.score_parting import score_parts
from tradeworthy.risk.score_record import DrawdownScore, ScoreParts
from tradeworthy.risk.simulation import LONGEST_HORIZON, MOST_PATHS, monte_carlo
from tradeworthy.strategies.given_parameters import plain_parameters
from tradeworthy.strategies.python_function import History
from tradeworthy.validation.measures import calmar_ratio, max_drawdown, sharpe_ratio, sortino_ratio

PERIODS = 252.0
FEWEST_PATHS = 100
"""Of which one lies beyond a 99% quantile."""
ALONE = "the strategy"
_NO_BARS = (
    "falls while trades are open: a history of closed trades shows none of them",
    "losses through gaps, leverage and what is open at once: they take bars",
)
_NO_DATES = ("anything that takes dates: horizons count trades, and there is no yearly figure",)


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    """Days to draw from, the backtests behind them (none for trades alone), the risk per trade where it is one for all,
    whether days are dates, and sentences: what was assumed, and what could not be computed."""

    days: BookDays
    results: Mapping[str, Result]
    risk: float | None
    dated: bool
    assumptions: tuple[str, ...]
    not_computed: tuple[str, ...]


class RiskCalculator:
    """Losses and falls that a system's own past makes possible: `RiskCalculator().calculate_max_drawdown_potential(parameters,
    bars)`.

    parameters, bars: as `MaxLossAnalyzer.analyze` takes them; a stop that is not named is 2 ATR, a risk per trade
    (max_risk_per_trade) 2%. trades=: instead of bars a history of closed trades: a file or dataframe as docs/trades.md has
    it, the `trades` of `BacktestingEngine`, or a list of R's.

    risk_free_rate: a year. n_simulations: paths. horizon: trading days. fills, costs: a book's own, else `FillRules()` and
    an assumed spread. leverage: as in `Account`. timezone: of times that name none. history: what a function sees
    ("bars", "rows", "pandas" or "polars"), by what the bars are unless given. Days are drawn in blocks with
    replacement and compound (docs/montecarlo.md); the same seed gives the same numbers, on any number of threads. After a
    call `assumptions` and `not_computed` say in sentences what was assumed and what the input did not allow.
    """

    def __init__(
        self,
        risk_free_rate: float = 0.02,
        *,
        n_simulations: int = 1_000,
        horizon: int = 252,
        seed: int = 0,
        fills: FillRules | None = None,
        costs: Costs | None = None,
        leverage: float = 30.0,
        timezone: str | None = None,
        history: History | None = None,
    ) -> None:
        self._free = finite_number(risk_free_rate, "risk_free_rate")
        if not -1.0 < self._free < 1.0:
            raise InputError(
                f"risk_free_rate is a fraction a year between -1 and 1 (0.02 is 2%), not {shown(risk_free_rate)}"
            )
        self._paths = count(n_simulations, "n_simulations", 1, MOST_PATHS)
        number = whole_number(seed)
        if number is None:
            raise InputError(f"seed must be a whole number, not {shown(seed)}")
        self._horizon, self._seed = count(horizon, "horizon", 1, LONGEST_HORIZON), number
        self._trading = Trading(
            None if fills is None else of_kind(fills, FillRules, "fills", "FillRules(...)"),
            None if costs is None else of_kind(costs, Costs, "costs", "Costs(...)"),
            history=None if history is None else seen_as(history),
        )
        self._reading, self._leverage = Reading(timezone=timezone), positive(leverage, "leverage")
        self._assumptions: tuple[str, ...] = ()
        self._not_computed: tuple[str, ...] = ()

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the last call took for granted."""
        return self._assumptions

    @property
    def not_computed(self) -> tuple[str, ...]:
        """What the last call's input did not allow."""
        return self._not_computed

    def calculate_max_drawdown_potential(
        self, parameters: Any, bars: Any = None, *, trades: Any = None
    ) -> dict[str, Any]:
        """{value_at_risk_95, value_at_risk_99, conditional_var_95, conditional_var_99, worst_case_drawdown_95,
        max_simulated_drawdown, drawdown_distribution: {mean, std, percentiles: {50, 75, 90, 95, 99}}}: fractions, losses and
        falls above zero, over the horizon.

        Raises InputError for parameters, bars or trades that cannot be used, NotEnoughData for fewer than 30 closed trades.
        """
        return self.drawdown_potential(parameters, bars, trades=trades).to_dict()

    def drawdown_potential(self, parameters: Any, bars: Any = None, *, trades: Any = None) -> DrawdownPotential:
        """The same as a typed record."""
        if self._paths < FEWEST_PATHS:
            raise InputError(
                f"{self._paths} simulations have no 99% quantile: it takes at least {FEWEST_PATHS} of them; raise n_simulations"
            )
        days = least_trades(self._book(parameters, bars, trades).days, TRADES_NEEDED)
        return drawdown_potential(monte_carlo(days.book, self._paths, self._horizon, seed=self._seed))

    def run_monte_carlo_simulation(
        self, parameters: Any, bars: Any = None, n_simulations: int = 1_000, *, trades: Any = None
    ) -> dict[str, npt.NDArray[np.float64]]:
        """{final_returns: (n,) total returns as fractions, paths: (n, horizon + 1) equity from 1 on}, path by path the same.

        Raises InputError for more numbers than 400 MB hold, NotEnoughData for fewer than 30 closed trades.
        """
        days = least_trades(self._book(parameters, bars, trades).days, TRADES_NEEDED)
        paths = wealth_paths(days.book, n_simulations, self._horizon, seed=self._seed)
        return {"final_returns": paths[:, -1] - 1.0, "paths": paths}

    def validate_position_sizing(self, parameters: Any) -> dict[str, Any]:
        """{position_sizing_safety, leverage_risk, correlation_exposure, recommendations}: ACCEPTABLE, HIGH_RISK, LOW_RETURN or
        NOT RUN, by the parameters alone.

        A stop above 3 or under 1 ATR is HIGH_RISK, a risk per trade above 5% too, under 0.5% LOW_RETURN; safety is the worse
        of the two. Several strategies are judged together: more than 5% of equity on one currency is HIGH_RISK.
        """
        return sizing_verdict([sizes_of(name, one) for name, one in named_parameters(parameters).items()]).to_dict()

    def calculate_risk_ratios(
        self, parameters: Any, bars: Any = None, *, trades: Any = None
    ) -> dict[str, float | None]:
        """{sharpe_ratio, sortino_ratio, calmar_ratio} of the daily returns, a year, above the risk-free rate; None where the
        data do not define one."""
        book = self._book(parameters, bars, trades)
        if not book.dated or book.days.periods is None:
            return {"sharpe_ratio": None, "sortino_ratio": None, "calmar_ratio": None}
        returns, periods = book.days.book, book.days.periods
        return {
            "sharpe_ratio": self.sharpe_ratio(returns, periods),
            "sortino_ratio": self.sortino_ratio(returns, periods),
            "calmar_ratio": self.calmar_ratio(returns, periods),
        }

    def sharpe_ratio(self, returns: npt.ArrayLike, periods: float = PERIODS) -> float | None:
        """Of (n,) returns per period, `periods` of them a year; the risk-free rate is taken off in equal parts."""
        return sharpe_ratio(returns, self._free / positive(periods, "periods"), periods)

    def sortino_ratio(self, returns: npt.ArrayLike, periods: float = PERIODS) -> float | None:
        """The same over the downside risk below the risk-free rate; None without a period below it."""
        return sortino_ratio(returns, self._free / positive(periods, "periods"), periods)

    def calmar_ratio(self, returns: npt.ArrayLike, periods: float = PERIODS) -> float | None:
        """Compound growth a year less the risk-free rate, over the largest fall; with a rate of 0 it is Young's (1991)."""
        growth, fall = calmar_ratio(returns, positive(periods, "periods")), max_drawdown(returns)
        return growth + self._free / fall if growth is not None and fall else None

    def drawdown_score(
        self,
        parameters: Any,
        bars: Any = None,
        *,
        limit: float = 0.20,
        trades: Any = None,
        risk_per_trade: float | None = None,
        drift: float = 1.0,
    ) -> DrawdownScore:
        """100 x the chance of a fall by `limit` within the horizon, with its intervals (docs/risk-score.md).

        risk_per_trade: instead of the parameters' own, for all strategies, which are traded again with it. drift: share of the
        record's mean that is believed to go on.
        """
        risk = None if risk_per_trade is None else share(risk_per_trade, "risk_per_trade")
        book = self._book(parameters, bars, trades, risk)
        found = drawdown_score(
            book.days.shares, limit, self._horizon, drift=drift, trades=book.days.trades, paths=max(10_000, self._paths),
            seed=self._seed,
        )  # fmt: skip
        return replace(found, risk_per_trade=risk)

    def score_parts(self, parameters: Any, bars: Any = None, *, limit: float = 0.20, trades: Any = None) -> ScoreParts:
        """Where the points of that score come from."""
        days = self._book(parameters, bars, trades).days
        return score_parts(
            days.shares, limit, self._horizon, names=days.names, paths=max(10_000, self._paths), seed=self._seed
        )

    def stop_losses(self, parameters: Any, bars: Any) -> dict[str, StopLosses]:
        """By strategy, what stops really cost against what was meant to be lost."""
        return stops_of_book(self._book(parameters, bars, None).results)

    def exposure(self, parameters: Any, bars: Any) -> BookExposure:
        """Leverage, margin and net exposure per currency of all that is open at once."""
        return book_exposure(self._book(parameters, bars, None).results)

    def _book(self, parameters: Any, bars: Any, trades: Any, risk: float | None = None) -> _Ready:
        if (bars is not None) and trades is not None:
            raise InputError(
                "give bars to trade the parameters on, or trades=, a history of closed trades: one of the two"
            )
        ready = (
            self._of_members(parameters, bars, risk) if trades is None else self._of_trades(parameters, trades, risk)
        )
        self._assumptions, self._not_computed = ready.assumptions, ready.not_computed
        return ready

    def _of_members(self, parameters: Any, bars: Any, risk: float | None) -> _Ready:
        given = members_given(parameters, bars, self._reading, self._trading).at_risk(risk)
        results = traded_at_risk(given.members, RISK_PER_TRADE, self._leverage)
        days = days_at_risk(given.members, results)
        said = (
            *given.notes,
            "sizes follow equity, and each strategy's profits count in its own quote currency",
            *days.notes,
        )
        return _Ready(days, results, one_risk(given.members, RISK_PER_TRADE), True, said, ())

    def _of_trades(self, parameters: Any, trades: Any, named: float | None) -> _Ready:
        history = trades_given(trades, None, self._reading.timezone)
        told = {} if parameters is None else named_parameters(parameters)
        risk = named or _only([risk_of(name, one) for name, one in told.items()] or [RISK_PER_TRADE])
        if risk is None:
            raise InputError("strategies of one history of trades have one risk per trade here; leave the others out")
        days = history.days(risk)
        said = (
            *history.notes,
            f"every trade risks {100 * risk:g}% of equity: R x {risk:g} on the day it closed",
            *days.notes,
        )
        lacking = (*_NO_BARS, *_NO_DATES) if history.undated else _NO_BARS
        return _Ready(days, {}, risk, not history.undated, said, lacking)


def _only(risks: Iterable[float]) -> float | None:
    """The one risk of all, None for several."""
    every = set(risks)
    return every.pop() if len(every) == 1 else None


def named_parameters(parameters: Any) -> dict[str, dict[str, Any]]:
    """{strategy: {parameter: value}} of one strategy's parameters or several's."""
    if not isinstance(parameters, Mapping):
        raise InputError(
            f"parameters are a dict, {{'fast': 40, 'slow': 140}} or one such for each strategy, not {type(parameters).__name__}"
        )
    several = bool(parameters) and all(isinstance(one, Mapping) for one in parameters.values())
    return dict(plain_parameters(parameters if several else {ALONE: parameters}, "the parameters"))
