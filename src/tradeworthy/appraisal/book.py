"""A book: the strategies that trade together, and how they are to be judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.strategies.ma_cross import MaCrossover

MINIMUM_CANDLES = 200
MINIMUM_REWARD_RISK = 1.5


@dataclass(frozen=True, slots=True)
class BookStrategy:
    """One strategy on one instrument and timeframe.

    min_reward_risk: what its own rules ask for; a check of parameters and no filter of trades. min_candles: history
    without which it is not judged.
    """

    name: str
    instrument: str
    timeframe: Timeframe
    rules: MaCrossover
    min_reward_risk: float = MINIMUM_REWARD_RISK
    min_candles: int = MINIMUM_CANDLES


@dataclass(frozen=True, slots=True)
class Study:
    """How a validation is made: window in calendar months, bootstrap paths, and the seed of everything random."""

    months: int = 3
    paths: int = 10_000
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least, most in (("months", 1, 120), ("paths", 1_000, 1_000_000), ("seed", 0, 2**31 - 1)):
            if not least <= getattr(self, name) <= most:
                raise InputError(f"validation: {name} must be {least:,} to {most:,}, not {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class Book:
    """Strategies by the order in which they are shown, the fill rules and costs they trade under, and the study."""

    name: str
    strategies: tuple[BookStrategy, ...]
    fills: FillRules = field(default_factory=FillRules)
    costs: Costs = field(default_factory=Costs)
    study: Study = field(default_factory=Study)
    assumptions: Mapping[str, str] = field(default_factory=dict)
