"""One call from parameters and bars to what volatility does to a strategy."""

from collections.abc import Mapping
from typing import Any

from tradeworthy.adapters.files.rows import table_from_rows
from tradeworthy.appraisal.parameter_appraising import tradeable
from tradeworthy.appraisal.regime_record import VolatilityStudy
from tradeworthy.appraisal.regime_words import study_dict
from tradeworthy.appraisal.volatility_study import EFFECT_R, StudyTerms, study_volatility
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import Instrument
from tradeworthy.market.bars import Bars
from tradeworthy.risk.realised_ranges import WINDOW
from tradeworthy.risk.volatility_levels import QUANTILES
from tradeworthy.strategies.given_parameters import Parameters, plain_parameters
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.parameter_names import market_of, meant
from tradeworthy.wiring.sources import read_bars


class VolatilityImpactAnalyzer:
    """Five regimes of volatility, how they follow each other, and what a moving-average cross earns and risks in each.

    window_bars: bars that volatility is taken over. estimator: "garman_klass" (the default), "parkinson", "close_to_close"
    (the default of bars with one price each). quantiles: four, where one regime ends and the next begins. effect_r: the
    mean R of a regime worth acting on. states: of the switching model, 2 or 3. fills, costs: `FillRules()` and no costs by
    default. seed: of random entries and of blocks of bars.
    """

    def __init__(
        self,
        *,
        window_bars: int = WINDOW,
        estimator: str | None = None,
        quantiles: tuple[float, float, float, float] = QUANTILES,
        effect_r: float = EFFECT_R,
        states: int = 2,
        fills: FillRules | None = None,
        costs: Costs | None = None,
        seed: int = 0,
    ) -> None:
        self._terms = StudyTerms(window_bars, estimator, quantiles, effect_r, states, fills, costs, seed)

    def analyze_volatility_impact(
        self,
        parameters: Mapping[str, Any],
        bars: Any,
        *,
        before: Any = None,
        symbol: str | Instrument | None = None,
        timezone: str | None = None,
    ) -> dict[str, Any]:
        """A dict of volatility_regimes, atr_effectiveness, position_sizing_analysis, regime_performance, volatility_timing
        and recommendations; docs/regimes.md has every key. What could not be measured is None.

        parameters: those of one strategy, or {strategy: parameters} as `ParameterAnalyzer` extracts them, of which the one
        for these bars is taken. bars, before: `Bars`, dicts, a dataframe, a path, or a source such as "ecb:EUR_USD";
        thresholds are frozen on `before`, or else on the first third of the bars, which is then not judged. symbol,
        timezone: where bars name none.
        Raises NotEnoughData for too few bars, InputError for parameters that make no moving-average cross.
        """
        return study_dict(self.study(parameters, bars, before=before, symbol=symbol, timezone=timezone))

    def study(
        self,
        parameters: Mapping[str, Any],
        bars: Any,
        *,
        before: Any = None,
        symbol: str | Instrument | None = None,
        timezone: str | None = None,
    ) -> VolatilityStudy:
        """The same as a record."""
        read = _read(bars, symbol, timezone)
        earlier = None if before is None else _read(before, symbol, timezone)
        return study_volatility(read, _strategy(parameters, read), earlier, self._terms)


def _read(bars: Any, symbol: str | Instrument | None, timezone: str | None) -> Bars:
    if isinstance(bars, Bars):
        return bars
    table = table_from_rows(bars, {}) if isinstance(bars, list | tuple) else bars
    return read_bars(table, instrument=symbol, timezone=timezone)


def _strategy(parameters: Mapping[str, Any], bars: Bars) -> MaCrossover:
    name, known = _one(parameters, bars)
    rules = tradeable(known)
    if rules is None:
        raise InputError(
            f"{name} makes no moving-average cross: it needs fast and slow periods that differ, such as "
            '{"fast": 40, "slow": 140, "stop_atr": 2, "target_atr": 3}'
        )
    return rules


def _one(parameters: Any, bars: Bars) -> tuple[str, Parameters]:
    """The strategy for these bars, by its name."""
    nested = isinstance(parameters, Mapping) and any(isinstance(one, Mapping) for one in parameters.values())
    every = plain_parameters(parameters if nested else {"the strategy": parameters}, "parameters")
    if len(every) == 1:
        return next(iter(every.items()))
    market = (bars.instrument.symbol, bars.timeframe)
    mine = [name for name, one in every.items() if market_of(name, meant(one)) == market]
    if len(mine) != 1:
        raise InputError(
            f"parameters hold {len(every)} strategies, and {len(mine) or 'none'} of them for {bars.label}; give those of one"
        )
    return mine[0], every[mine[0]]
