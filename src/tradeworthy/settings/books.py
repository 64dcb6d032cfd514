"""From settings to a book."""

from tradeworthy.appraisal.book import Book, BookStrategy, Study
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.settings.tree import Settings, SignalSettings, StrategySettings
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.outside_signals import OutsideSignals


def _strategy(name: str, one: StrategySettings | SignalSettings) -> BookStrategy:
    if isinstance(one, SignalSettings):
        return BookStrategy(name, one.instrument, one.timeframe, OutsideSignals())
    rules = MaCrossover(
        one.fast, one.slow, one.atr_period, one.stop_atr, one.target_atr, one.min_atr, one.exit_on_opposite_cross
    )
    return BookStrategy(name, one.instrument, one.timeframe, rules, one.min_reward_risk, one.min_candles, one.trials)


def book_from(settings: Settings) -> Book:
    """The book that the settings describe."""
    study = settings.validation
    return Book(
        settings.desk.name,
        tuple(_strategy(name, one) for name, one in settings.strategies.items()),
        FillRules(**settings.fills.model_dump()),
        Costs(dict(settings.costs.spread_pips)),
        Study(study.months, study.paths, study.seed),
        {
            "costs": "spreads are those of the settings, the same at every hour; no commission, slippage or swap is taken off"
        },
    )
