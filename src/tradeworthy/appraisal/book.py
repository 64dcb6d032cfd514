"""A book: the strategies that trade together, and how they are to be judged."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import plain_number, whole_number
from tradeworthy.core.instrument import instrument_named
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.outside_signals import OutsideSignals

MINIMUM_CANDLES = 200
MINIMUM_REWARD_RISK = 1.5


@dataclass(frozen=True, slots=True)
class BookStrategy:
    """One strategy on one instrument and timeframe.

    min_reward_risk: what its own rules ask for; a check of parameters and no filter of trades. min_candles: history
    without which it is not judged. trials: sets of parameters that were tried before this one was chosen, outside of
    the desk's ledger.
    """

    name: str
    instrument: str
    timeframe: Timeframe
    rules: MaCrossover | OutsideSignals
    min_reward_risk: float = MINIMUM_REWARD_RISK
    min_candles: int = MINIMUM_CANDLES
    trials: int = 0

    @property
    def cross(self) -> MaCrossover:
        """The rules, where they decide by bars. Raises InputError for a member whose signals come from outside."""
        if isinstance(self.rules, MaCrossover):
            return self.rules
        raise InputError(
            f"{self.name} takes its signals from outside, and bars alone do not tell what it would have done; ask about a book "
            "without it, or about its closed trades"
        )


@dataclass(frozen=True, slots=True)
class Study:
    """How a validation is made: window in calendar months, bootstrap paths, and the seed of everything random."""

    months: int = 3
    paths: int = 10_000
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least, most in (("months", 1, 120), ("paths", 1_000, 1_000_000), ("seed", 0, 2**31 - 1)):
            number = whole_number(getattr(self, name))
            if number is None or not least <= number <= most:
                raise InputError(f"validation: {name} must be {least:,} to {most:,}, not {getattr(self, name)!r}")
            object.__setattr__(self, name, number)


@dataclass(frozen=True, slots=True)
class Book:
    """Strategies by the order in which they are shown, the fill rules and costs they trade under, and the study."""

    name: str
    strategies: tuple[BookStrategy, ...]
    fills: FillRules = field(default_factory=FillRules)
    costs: Costs = field(default_factory=Costs)
    study: Study = field(default_factory=Study)
    assumptions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [one.name for one in self.strategies]
        if not names or not all(names):
            raise InputError(f"the book {self.name!r} needs at least one strategy, and each a name")
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise InputError(f"the book {self.name!r} has two strategies called {twice[0]!r}; names tell them apart")

    @property
    def sha256(self) -> str:
        """A hash of what it trades and on which terms; how it is judged is not in it."""
        strategies = [
            [one.name, one.instrument, str(one.timeframe), one.rules.name, dict(one.rules.parameters)]
            for one in self.strategies
        ]
        symbols = sorted({one.instrument for one in self.strategies})
        costs = {symbol: self.costs.told(instrument_named(symbol)) for symbol in symbols}
        told = {"strategies": strategies, "fills": asdict(self.fills), "costs": costs}
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=plain_number).encode()).hexdigest()
