"""One call from a strategy or its trades, and bars, to what volatility does to it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.api.risk_markets import (
    Reading,
    bars_of,
    history_of,
    symbol_or_none,
)
from tradeworthy.api.risk_members import Trading, members_of_book
from tradeworthy.api.risk_strategies import Asked, asked_book
from tradeworthy.api.risk_trades import trades_given
from tradeworthy.appraisal.regime_record import VolatilityStudy
from tradeworthy.appraisal.regime_trades import DecidedTrades
from tradeworthy.appraisal.regime_words import study_dict
from tradeworthy.appraisal.volatility_study import EFFECT_R, StudyTerms, study_volatility
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import Instrument
from tradeworthy.market.bars import Bars
from tradeworthy.risk.observations import of_kind
from tradeworthy.risk.realised_ranges import WINDOW
from tradeworthy.risk.volatility_levels import LEVELS, QUANTILES
from tradeworthy.validation.trade_table import TradeTable
from tradeworthy.validation.trade_units import measured

_NO_BARS = "levels of volatility are those of the market: give its bars beside the trades"


class VolatilityImpactAnalyzer:
    """Five regimes of volatility, how they follow each other, and what a strategy earns and risks in each.

    window_bars: bars that volatility is taken over. estimator: "garman_klass" (the default), "parkinson", "close_to_close"
    (the default of bars with one price each). quantiles: four, where one regime ends and the next begins. effect_r: the
    mean R of a regime worth acting on. states: of the switching model, 2 or 3. fills, costs: a book's own, else
    `FillRules()` and an assumed spread, which is said. seed: of random entries and of blocks of bars.
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
        for name, one, kind in (("costs", costs, Costs), ("fills", fills, FillRules)):
            if one is not None:
                of_kind(one, kind, name, f"{kind.__name__}(...)")
        self._terms = StudyTerms(window_bars, estimator, quantiles, effect_r, states, fills, costs, seed)

    def analyze_volatility_impact(
        self,
        parameters: Any = None,
        bars: Any = None,
        *,
        trades: Any = None,
        before: Any = None,
        symbol: str | Instrument | None = None,
        timezone: str | None = None,
    ) -> dict[str, Any]:
        """A dict of volatility_regimes, atr_effectiveness, position_sizing_analysis, regime_performance, volatility_timing
        and recommendations; docs/regimes.md has every key. What could not be measured is None.

        parameters: as `MaxLossAnalyzer.analyze` takes them; of several strategies the one for these bars is taken. trades: a
        history of closed trades instead, a file or dataframe that says when they were opened; without bars nothing of the
        market can be told, and each part says so. bars, before: `Bars`, dicts, a dataframe, a path, or a source such as
        "ecb:EUR_USD"; thresholds are frozen on `before`, or else on the first third of the bars, which is then not judged.
        symbol, timezone: where bars name none. Raises NotEnoughData for too few bars, InputError for what makes no strategy.
        """
        if trades is not None and bars is None:
            trades_given(trades, None, timezone)  # what is wrong with it is said all the same
            return _nothing_of_the_market()
        return study_dict(self.study(parameters, bars, trades=trades, before=before, symbol=symbol, timezone=timezone))

    def study(
        self,
        parameters: Any = None,
        bars: Any = None,
        *,
        trades: Any = None,
        before: Any = None,
        symbol: str | Instrument | None = None,
        timezone: str | None = None,
    ) -> VolatilityStudy:
        """The same as a record; it takes bars."""
        if symbol is not None and not isinstance(symbol, str):
            symbol = of_kind(symbol, Instrument, "symbol", "a name or Instrument(...)").symbol
        reading = Reading(symbol, timezone=timezone)
        if trades is not None:
            if parameters is not None or bars is None:
                raise InputError("trades are looked at with the bars of their market, and without parameters")
            notes: list[str] = []
            read = bars_of(bars, reading, notes)
            decided, said = _decided(trades, read, timezone)
            return study_volatility(read, decided, _before(before, read, reading), self._terms, [*notes, *said])
        if parameters is None:
            raise InputError("name a strategy or its parameters, and bars; or trades= and bars")
        book = asked_book(parameters, history_of(bars))
        asked = replace(book, strategies=(_one(book.strategies, bars, reading),))
        given = members_of_book(asked, bars, reading, Trading(self._terms.fills, self._terms.costs))
        one = given.members[0]
        terms = replace(self._terms, fills=one.fills, costs=one.costs)
        return study_volatility(one.bars, one.strategy, _before(before, one.bars, reading), terms, given.notes)


def _before(given: Any, bars: Bars, reading: Reading) -> Bars | None:
    return None if given is None else bars_of(given, replace(reading, symbol=bars.instrument.symbol), [])


def _one(strategies: Sequence[Asked], bars: Any, reading: Reading) -> Asked:
    """The strategy for these bars, by its name where there are several."""
    if len(strategies) == 1:
        return strategies[0]
    if bars is None:
        raise InputError(f"there are {len(strategies)} strategies; name one, or bring the bars of one")
    read = bars_of(bars, reading, [])
    market = (read.instrument.symbol, read.timeframe)
    mine = [one for one in strategies if (one.symbol, one.timeframe) == market]
    if len(mine) != 1:
        raise InputError(
            f"there are {len(strategies)} strategies, and {len(mine) or 'none'} of them for {read.label}; give those of one"
        )
    return mine[0]


def _decided(trades: Any, bars: Bars, timezone: str | None) -> tuple[DecidedTrades, list[str]]:
    """Trades of the bars' instrument, wherever the history names instruments."""
    history = trades_given(trades, None, timezone)
    if history.table is None:
        raise InputError("levels of volatility take trades as a file or a dataframe, which say when each was opened")
    r, _ = measured(history.table)
    notes, kept = list(history.notes), _of_market(history.table, bars)
    if not kept.any():
        raise InputError(f"none of these trades is of {bars.label}; bring the bars of what was traded")
    if not kept.all():
        notes.append(f"{counted(int((~kept).sum()), 'trade')} of other instruments were left out")
    return DecidedTrades.of_history(history.table.rows(kept), r[kept], bars), notes


def _of_market(table: TradeTable, bars: Bars) -> npt.NDArray[np.bool_]:
    """(n,) Trades of the bars' instrument, and those that do not say what they are of."""
    mine = {
        str(name): not name or symbol_or_none(str(name)) == bars.instrument.symbol
        for name in np.unique(table.instrument)
    }
    return np.array([mine[str(name)] for name in table.instrument], bool)


def _nothing_of_the_market() -> dict[str, Any]:
    why = {"why_not": _NO_BARS}
    return {
        "volatility_regimes": {"current": None, "occupancy": {}, **why},
        "atr_effectiveness": {"regimes": {}, **why},
        "position_sizing_analysis": {"stability": None, "regime_adaptability_score": None, **why},
        "regime_performance": {str(level): None for level in LEVELS},
        "volatility_timing": {"clustering": None, "persistence": None, "transition_matrix": None, **why},
        "recommendations": [],
    }
